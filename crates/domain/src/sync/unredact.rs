//! Erasures that were undone at the endpoint.
//!
//! A redaction wins in every order, so no change that comes can bring back what it took. Only whoever
//! runs the endpoint can, with what was kept there aside: from then on it has the content, and refuses
//! the erasure by name. A device that has the erasure takes it out of its own log then; whatever else
//! it has stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::ChangeId;
use crate::change::Payload;
use crate::log::{Entry, Log};

/// What to do to a log so that it has again what the endpoint has.
#[derive(Clone, Debug, PartialEq)]
pub struct Unredaction {
    /// The redactions to take out.
    pub undone: Vec<ChangeId>,
    /// What has its content again.
    pub restored: Vec<Entry>,
}

impl Unredaction {
    /// What a log comes to: its entries without the erasures that were undone.
    #[must_use]
    pub fn applied_to(&self, log: &Log) -> Vec<Entry> {
        let restored: BTreeSet<ChangeId> = self.restored.iter().map(Entry::id).collect();
        log.entries()
            .filter(|entry| !self.undone.contains(&entry.id()) && !restored.contains(&entry.id()))
            .chain(&self.restored)
            .cloned()
            .collect()
    }
}

/// What follows from all that an endpoint has, `theirs`, when it has refused these; `None`: nothing.
pub(super) fn unredact(
    log: &Log,
    theirs: &[Entry],
    refused: &BTreeSet<ChangeId>,
) -> Option<Unredaction> {
    if refused.is_empty() {
        return None;
    }
    let there: BTreeMap<ChangeId, &Entry> =
        theirs.iter().map(|entry| (entry.id(), entry)).collect();
    let mut undone = Vec::new();
    let mut pardoned = refused.clone();
    let mut erased: BTreeSet<ChangeId> = BTreeSet::new();
    for change in log.changes() {
        let Payload::Redacted(targets) = &change.payload else {
            continue;
        };
        if refused.contains(&change.id) && !there.contains_key(&change.id) {
            undone.push(change.id);
            pardoned.extend(targets);
        } else {
            // What another erasure names stays erased.
            erased.extend(targets);
        }
    }
    let restored: Vec<Entry> = pardoned
        .difference(&erased)
        .filter(|id| log.entry(**id).is_some_and(Entry::is_erased))
        .filter_map(|id| there.get(id).copied())
        .filter(|entry| !entry.is_erased())
        .cloned()
        .collect();
    (!undone.is_empty() || !restored.is_empty()).then_some(Unredaction { undone, restored })
}

/// What an endpoint says in its answer to a write that it did not take, of all that it was sent.
pub(super) fn conflicts_in(body: &str) -> Vec<ChangeId> {
    #[derive(Deserialize)]
    struct Outcome {
        #[serde(default)]
        conflicts: Vec<ChangeId>,
    }
    serde_json::from_str(body).map_or_else(|_| Vec::new(), |Outcome { conflicts }| conflicts)
}
