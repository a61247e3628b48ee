//! Evidence and its weights.

use std::collections::BTreeSet;

use super::Entity;
use crate::ChangeId;
use crate::board::RecordRef;
use crate::board::tables::{Linked, Table, Tables};
use crate::change::{Change, EvidenceWeighed, Payload};
use crate::record::{CruxId, Evidence, EvidenceId};

impl Entity for Evidence {
    type Id = EvidenceId;

    fn id(id: ChangeId) -> EvidenceId {
        EvidenceId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<EvidenceId, Self> {
        &mut tables.evidence
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::EvidenceFiled(first) = &change.payload else {
            return None;
        };
        let mut evidence = Self::default();
        evidence.overlay(first);
        Some(evidence)
    }
    fn touches(id: EvidenceId) -> Option<RecordRef> {
        Some(RecordRef::Evidence(id))
    }
    fn cruxes(&self) -> Vec<CruxId> {
        self.bears_on.keys().copied().collect()
    }
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<EvidenceId>> {
        Some(&mut linked.evidence)
    }
}

impl Evidence {
    pub(super) fn weigh(&mut self, weighed: &EvidenceWeighed) {
        match weighed.bears_on {
            Some(bears_on) => self.bears_on.insert(weighed.crux, bears_on),
            None => self.bears_on.remove(&weighed.crux),
        };
    }
}
