//! The changes on which the entries of the calendar file depend.

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::board::Board;
use crate::change::{Change, Payload, RecordKind};

/// The changes about each record, also those that no longer count, and the changes that retracted them.
pub(super) struct Touches<'a> {
    /// The changes by record, oldest first.
    by_record: BTreeMap<ChangeId, Vec<&'a Change>>,
    /// The latest redaction, or retraction of a change that was redacted since. It may be about any record.
    unknown: ChangeId,
    /// The latest change of any item of evidence, since an item that becomes private hides others that refer
    /// to it.
    evidence: ChangeId,
}

impl<'a> Touches<'a> {
    pub(super) fn of(board: &'a Board) -> Self {
        let log = board.log();
        let mut by_record: BTreeMap<ChangeId, Vec<&Change>> = BTreeMap::new();
        // The records that each retraction is about.
        let mut taken_back: BTreeMap<ChangeId, BTreeSet<ChangeId>> = BTreeMap::new();
        let mut unknown = ChangeId::MIN;
        for change in log.changes() {
            match &change.payload {
                Payload::Redacted(_) => unknown = change.id,
                Payload::Retracted(targets) => {
                    let mut records = BTreeSet::new();
                    for target in targets {
                        match (taken_back.get(target), log.change(*target)) {
                            (Some(of), _) => records.extend(of),
                            (None, Some(target)) if target.payload == Payload::Blank => {
                                unknown = change.id;
                            }
                            (None, target) => {
                                records.extend(target.and_then(|one| one.payload.record(one.id)));
                            }
                        }
                    }
                    for record in &records {
                        by_record.entry(*record).or_default().push(change);
                    }
                    taken_back.insert(change.id, records);
                }
                payload => {
                    if let Some(record) = payload.record(change.id) {
                        by_record.entry(record).or_default().push(change);
                    }
                }
            }
        }
        let is_evidence =
            |changes: &&Vec<&Change>| matches!(changes[0].payload, Payload::EvidenceFiled(_));
        let evidence = by_record.values().filter(is_evidence);
        let evidence = evidence.filter_map(|changes| Some(changes.last()?.id));
        let evidence = evidence.max().unwrap_or_default();
        Self {
            by_record,
            unknown,
            evidence,
        }
    }

    /// Returns the records that can have entries, sorted by id.
    pub(super) fn dated(&self) -> impl Iterator<Item = ChangeId> {
        let is_dated = |changes: &Vec<&Change>| match changes[0].payload.adds() {
            Some(kind) => has_dates(kind),
            None => matches!(changes[0].payload, Payload::BoardDescribed(_)),
        };
        let records = self.by_record.iter();
        records.filter_map(move |(record, changes)| is_dated(changes).then_some(*record))
    }

    /// Returns the latest change on which the entries of a record depend.
    pub(super) fn latest(&self, record: ChangeId) -> ChangeId {
        let mut latest = self.unknown;
        for part in self.parts(record) {
            latest = latest.max(
                self.own(part)
                    .last()
                    .map_or(ChangeId::MIN, |change| change.id),
            );
        }
        let names_evidence = |change: &&Change| match &change.payload {
            Payload::FollowUpAdded(set) => set.evidence.flatten().is_some(),
            Payload::FollowUpEdited(edited) => edited.set.evidence.flatten().is_some(),
            _ => false,
        };
        if self.own(record).iter().any(names_evidence) {
            latest = latest.max(self.evidence);
        }
        latest
    }

    /// Returns all changes on which the entries of a record depend, oldest first.
    pub(super) fn changes(&self, record: ChangeId) -> Vec<&'a Change> {
        let parts = self.parts(record).into_iter();
        let mut changes: Vec<&Change> = parts.flat_map(|part| self.own(part)).copied().collect();
        changes.sort_by_key(|change| change.id);
        changes.dedup_by_key(|change| change.id);
        changes
    }

    fn own(&self, record: ChangeId) -> &[&'a Change] {
        self.by_record.get(&record).map_or(&[], Vec::as_slice)
    }

    /// Returns the record itself, and the records on which its entries depend or ever did: its crux, the
    /// option that it names, and for a decision all other decisions, since the latest one stands.
    fn parts(&self, record: ChangeId) -> BTreeSet<ChangeId> {
        let mut parts = BTreeSet::from([record]);
        for change in self.own(record) {
            let crux = match &change.payload {
                Payload::TriggerAdded(set) => set.crux,
                Payload::TriggerEdited(edited) => edited.set.crux,
                Payload::FollowUpAdded(set) => set.crux.flatten(),
                Payload::FollowUpEdited(edited) => edited.set.crux.flatten(),
                _ => None,
            };
            parts.extend(crux.map(|crux| crux.0));
            let option = match &change.payload {
                Payload::DecisionRecorded(set) => set.option.flatten(),
                Payload::DecisionEdited(edited) => edited.set.option.flatten(),
                _ => None,
            };
            parts.extend(option.map(|option| option.0));
        }
        let is_decision = |changes: &[&Change]| {
            matches!(
                changes.first().map(|c| &c.payload),
                Some(Payload::DecisionRecorded(_))
            )
        };
        if is_decision(self.own(record)) {
            let decisions = self.by_record.iter();
            let decisions = decisions.filter(|(_, changes)| is_decision(changes));
            parts.extend(decisions.map(|(id, _)| *id));
        }
        parts
    }
}

/// Returns whether records of a kind can have entries in the calendar.
fn has_dates(kind: RecordKind) -> bool {
    match kind {
        RecordKind::Crux | RecordKind::Trigger | RecordKind::FollowUp | RecordKind::Decision => {
            true
        }
        RecordKind::Option
        | RecordKind::Person
        | RecordKind::Evidence
        | RecordKind::Statement
        | RecordKind::OptionCredence
        | RecordKind::JointCredence
        | RecordKind::Position
        | RecordKind::Term
        | RecordKind::RecordedReview
        | RecordKind::Review
        | RecordKind::Round
        | RecordKind::Message
        | RecordKind::BriefRead => false,
    }
}
