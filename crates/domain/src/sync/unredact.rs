//! Unredactions: redactions that were undone at the endpoint.
//!
//! A redaction wins in every order of arrival, so no change can restore what it erased. Only the operator of
//! the endpoint can, from its archive. The endpoint then has the content again, and refuses the redaction by
//! name. A device that has the redaction then removes it from its own log; the rest of its log stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::ChangeId;
use crate::change::Payload;
use crate::log::{Entry, Log};

/// The steps by which a log gets the endpoint's content back.
#[derive(Clone, Debug, PartialEq)]
pub struct Unredaction {
    /// The redactions to remove.
    pub undone: Vec<ChangeId>,
    /// The changes whose content is restored.
    pub restored: Vec<Entry>,
}

impl Unredaction {
    /// Returns the entries of a log after the unredaction.
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

/// Returns the unredaction that follows from `theirs`, all entries of an endpoint, given the changes it has
/// refused; `None` if there is none.
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
            // Targets of another redaction stay erased.
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

/// Returns the changes that the endpoint reports as refused in its response to a write.
pub(super) fn conflicts_in(body: &str) -> Vec<ChangeId> {
    #[derive(Deserialize)]
    struct Outcome {
        #[serde(default)]
        conflicts: Vec<ChangeId>,
    }
    serde_json::from_str(body).map_or_else(|_| Vec::new(), |Outcome { conflicts }| conflicts)
}
