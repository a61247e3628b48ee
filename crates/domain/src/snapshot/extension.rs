//! The extension of links: parts that were added after version 1 was fixed, which are the standing decision,
//! the follow-ups that carry it out, the credences in options, and the marks of credences that were stated on
//! other words. Versions that do not know the extension or a part of it ignore that, and count its records
//! among the withheld ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Gap, RedactionReason, Snapshot};
use crate::change::{Change, Payload};
use crate::record::{DecisionId, FollowUpId, StatementId};

/// Maximum number of records of each kind in an extension.
const MOST_RECORDS: usize = 20_000;
/// The reasons why links of version 1 leave out the records of an extension.
const EXTENDED: [RedactionReason; 2] = [RedactionReason::Decision, RedactionReason::OptionCredence];

#[derive(Default, Serialize, Deserialize)]
struct Extension {
    /// Decisions and credences in options, as changes. Other changes are ignored: a later version may add some.
    #[serde(default)]
    changes: Vec<Value>,
    /// The decision of each follow-up that carries one out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    actions: BTreeMap<FollowUpId, DecisionId>,
    /// The credences that were stated on other words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    other_words: Vec<StatementId>,
}

/// Returns the parts that version 1 of links cannot store, as JSON; `None` if there are none.
pub(super) fn extension_of(snapshot: &Snapshot) -> Option<String> {
    let mut extension = Extension {
        other_words: snapshot.other_words.clone(),
        ..Extension::default()
    };
    for change in &snapshot.changes {
        match &change.payload {
            Payload::DecisionRecorded(_) | Payload::OptionCredenceStated(_) => {
                let json = serde_json::from_str(&change.to_json()).ok()?;
                extension.changes.push(json);
            }
            Payload::FollowUpAdded(added) => {
                if let Some(decision) = added.decision.flatten() {
                    extension.actions.insert(FollowUpId(change.id), decision);
                }
            }
            _ => {}
        }
    }
    if extension.changes.is_empty() && extension.other_words.is_empty() {
        return None;
    }
    serde_json::to_string(&extension).ok()
}

/// Returns the snapshot as version 1 of links stores it, with the records of the extension counted among the
/// withheld ones.
pub(super) fn base_of(snapshot: &Snapshot) -> Snapshot {
    let mut base = snapshot.clone();
    base.changes.retain(|change| left_out_as(change).is_none());
    base.other_words.clear();
    for what in EXTENDED {
        let extended = snapshot.changes.iter();
        let count = extended
            .filter(|change| left_out_as(change) == Some(what))
            .count();
        set_withheld(&mut base.withheld, what, |withheld| withheld + count);
    }
    base
}

/// Adds an extension to a snapshot that was reduced by [`base_of`]. `None` if the extension is invalid.
pub(super) fn extend(snapshot: &mut Snapshot, json: &str) -> Option<()> {
    let Extension {
        changes,
        actions,
        other_words,
    } = serde_json::from_str(json).ok()?;
    let changes = changes.into_iter().take(MOST_RECORDS);
    let changes = changes.filter_map(|change| serde_json::from_value(change).ok());
    let extended: Vec<Change> = changes
        .filter(|change| left_out_as(change).is_some())
        .collect();
    for what in EXTENDED {
        let of_kind = extended.iter();
        let count = of_kind
            .filter(|change| left_out_as(change) == Some(what))
            .count();
        set_withheld(&mut snapshot.withheld, what, |withheld| {
            withheld.saturating_sub(count)
        });
    }
    snapshot.other_words = other_words;
    for change in &mut snapshot.changes {
        if let Payload::FollowUpAdded(added) = &mut change.payload
            && let Some(decision) = actions.get(&FollowUpId(change.id))
        {
            added.decision = Some(Some(*decision));
        }
    }
    snapshot.changes.extend(extended);
    Some(())
}

/// Returns as what links of version 1 count a record of the extension; `None` for any other record.
fn left_out_as(change: &Change) -> Option<RedactionReason> {
    match change.payload {
        Payload::DecisionRecorded(_) => Some(RedactionReason::Decision),
        Payload::OptionCredenceStated(_) => Some(RedactionReason::OptionCredence),
        _ => None,
    }
}

/// Sets the number of records that are withheld for a reason, in the order of all reasons.
fn set_withheld(gaps: &mut Vec<Gap>, what: RedactionReason, set: impl FnOnce(usize) -> usize) {
    let before = gaps.iter().find(|gap| gap.what == what);
    let count = set(before.map_or(0, |gap| gap.count));
    gaps.retain(|gap| gap.what != what);
    if count > 0 {
        let place = |what: RedactionReason| RedactionReason::ALL.iter().position(|it| *it == what);
        let later = gaps.iter().position(|gap| place(gap.what) > place(what));
        let gap = Gap { what, count };
        gaps.insert(later.unwrap_or(gaps.len()), gap);
    }
}
