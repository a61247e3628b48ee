//! The extension of links: parts that were added after version 1 was fixed, which are the standing decision
//! and the follow-ups that carry it out. Versions that do not know the extension ignore it, and count the
//! decision among the withheld records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Gap, RedactionReason, Snapshot};
use crate::change::{Change, Payload};
use crate::record::{DecisionId, FollowUpId};

/// Maximum number of decisions in an extension.
const MOST_DECISIONS: usize = 100;

#[derive(Default, Serialize, Deserialize)]
struct Extension {
    /// Decisions, as changes. Other changes are ignored: a later version may add some.
    #[serde(default)]
    changes: Vec<Value>,
    /// The decision of each follow-up that carries one out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    actions: BTreeMap<FollowUpId, DecisionId>,
}

/// Returns the parts that version 1 of links cannot store, as JSON; `None` if there are none.
pub(super) fn extension_of(snapshot: &Snapshot) -> Option<String> {
    let mut extension = Extension::default();
    for change in &snapshot.changes {
        match &change.payload {
            Payload::DecisionRecorded(_) => {
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
    if extension.changes.is_empty() {
        return None;
    }
    serde_json::to_string(&extension).ok()
}

/// Returns the snapshot as version 1 of links stores it, with the decision counted among the withheld
/// records.
pub(super) fn base_of(snapshot: &Snapshot) -> Snapshot {
    let mut base = snapshot.clone();
    base.changes.retain(|change| !is_decision(change));
    let count = snapshot.changes.len() - base.changes.len();
    set_withheld(&mut base.withheld, |withheld| withheld + count);
    base
}

/// Adds an extension to a snapshot that was reduced by [`base_of`]. `None` if the extension is invalid.
pub(super) fn extend(snapshot: &mut Snapshot, json: &str) -> Option<()> {
    let Extension { changes, actions } = serde_json::from_str(json).ok()?;
    let changes = changes.into_iter();
    let changes = changes.filter_map(|change| serde_json::from_value(change).ok());
    let decisions: Vec<Change> = changes.filter(is_decision).take(MOST_DECISIONS).collect();
    set_withheld(&mut snapshot.withheld, |withheld| {
        withheld.saturating_sub(decisions.len())
    });
    for change in &mut snapshot.changes {
        if let Payload::FollowUpAdded(added) = &mut change.payload
            && let Some(decision) = actions.get(&FollowUpId(change.id))
        {
            added.decision = Some(Some(*decision));
        }
    }
    snapshot.changes.extend(decisions);
    Some(())
}

fn is_decision(change: &Change) -> bool {
    matches!(change.payload, Payload::DecisionRecorded(_))
}

/// Sets the number of withheld decisions, in the order of all reasons.
fn set_withheld(gaps: &mut Vec<Gap>, set: impl FnOnce(usize) -> usize) {
    const DECISION: RedactionReason = RedactionReason::Decision;
    let before = gaps.iter().find(|gap| gap.what == DECISION);
    let count = set(before.map_or(0, |gap| gap.count));
    gaps.retain(|gap| gap.what != DECISION);
    if count > 0 {
        let place = |what: RedactionReason| RedactionReason::ALL.iter().position(|it| *it == what);
        let later = gaps
            .iter()
            .position(|gap| place(gap.what) > place(DECISION));
        let gap = Gap {
            what: DECISION,
            count,
        };
        gaps.insert(later.unwrap_or(gaps.len()), gap);
    }
}
