//! Creates a board from a snapshot.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Depth, SnapshotRequest, take};
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::command::Issuer;
use crate::{BoardId, ChangeId, Millis};

/// The moments that imported records keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moments {
    /// Credences keep the day since which they were held. They were written down here only now.
    Held,
    /// Credences keep that day and the moment of their recording, and decisions the day that they state: they come
    /// from a board of one's own.
    HeldAndFiled,
}

/// Returns the facts of a snapshot as changes of the issuer, with new ids, in one action. Statements keep
/// their dates.
#[must_use]
pub fn adopted(changes: &[Change], issuer: &mut Issuer<'_>) -> Vec<Change> {
    adopted_with(changes, Moments::Held, issuer)
}

/// Returns facts as [`adopted`] does, with these moments.
pub(crate) fn adopted_with(
    changes: &[Change],
    moments: Moments,
    issuer: &mut Issuer<'_>,
) -> Vec<Change> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut action = None;
    let mut stamped = Vec::new();
    // A review of another board was not held on this one, and would be dated now.
    let kept = changes
        .iter()
        .filter(|change| !matches!(change.payload, Payload::ReviewHeld(_)));
    for change in kept {
        let id = issuer.clock.tick(issuer.now.millis);
        ids.insert(change.id.to_string(), id.to_string());
        let change_id = change.id;
        let mut change = change.clone();
        if let Payload::CredenceStated(stated) = &mut change.payload
            && moments == Moments::Held
        {
            stated.at = Some(stated.held_at(change.id));
            stated.wall_clock = None;
        }
        if let Payload::OptionCredenceStated(stated) = &mut change.payload
            && moments == Moments::Held
        {
            stated.wall_clock = Some(stated.stated_at(change.id));
        }
        if let Payload::DecisionRecorded(decision) = &mut change.payload
            && moments == Moments::Held
        {
            // The date of the decision is kept, whenever it is imported.
            decision.taken_on = Some(Some(change_id.day()));
        }
        change.by = change.by.or(issuer.by);
        change.part_of = action;
        action = action.or(Some(change.id));
        stamped.push(change);
    }
    let renamed = stamped.iter().filter_map(|change| {
        let mut json = serde_json::from_str(&change.to_json()).ok()?;
        rename(&mut json, &ids);
        serde_json::from_str(&json.to_string()).ok()
    });
    renamed.collect()
}

/// Returns the first changes of a new board like this one: question, options, people, terms, cruxes and
/// triggers, without credences, evidence and follow-ups.
#[must_use]
pub fn template(board: &Board, now: Millis) -> Vec<Change> {
    let everything = SnapshotRequest {
        depth: Depth::Everything,
        ..SnapshotRequest::default()
    };
    let mut changes = take(board, BoardId(ChangeId::MAX), &everything, now)
        .snapshot
        .changes;
    changes.retain(|change| {
        matches!(
            change.payload,
            Payload::BoardDescribed(_)
                | Payload::OptionAdded(_)
                | Payload::PersonAdded(_)
                | Payload::CruxAdded(_)
                | Payload::TriggerAdded(_)
                | Payload::TermDefined(_)
        )
    });
    changes
}

/// Replaces every text that is an id by the new id. In stored values, an id is always a whole text.
fn rename(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = ids.get(text) {
                text.clone_from(id);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, ids)),
        _ => {}
    }
}
