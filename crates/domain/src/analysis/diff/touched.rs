//! The records that the changes after a moment can have altered.

use std::collections::BTreeSet;

use crate::ChangeId;
use crate::board::Board;
use crate::change::{Payload, RecordKind};
use crate::log::Entry;
use crate::record::CruxId;

/// The records that changes after a moment can have altered.
pub(super) struct Touched {
    pub(super) records: BTreeSet<ChangeId>,
    /// Cruxes with new statements, whose earlier statements are unchanged.
    pub(super) spoken_on: BTreeSet<CruxId>,
    /// Cruxes of which an earlier statement was retracted, explained or restored.
    pub(super) reworded_on: BTreeSet<CruxId>,
    /// Whether a person or a review may have changed, on which all credences and triggers depend.
    pub(super) everything: bool,
}

impl Touched {
    pub(super) fn of(after: &Board, from: ChangeId, with_stale: bool) -> Self {
        let mut touched = Self {
            records: BTreeSet::new(),
            spoken_on: BTreeSet::new(),
            reworded_on: BTreeSet::new(),
            everything: false,
        };
        let log = after.log();
        let mut seen: BTreeSet<ChangeId> = BTreeSet::new();
        let mut waiting: Vec<ChangeId> = log.after(from).map(Entry::id).collect();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(change) = log.change(id) else {
                continue;
            };
            if let Payload::Retracted(targets) = &change.payload {
                waiting.extend(targets);
            }
            let Some(record) = change.payload.record(id) else {
                continue;
            };
            if let Some(Payload::CredenceStated(stated)) =
                log.change(record).map(|first| &first.payload)
            {
                // Statements are many, and a later one cannot be in the earlier board, so it is not looked
                // up.
                if id == record && id > from {
                    touched.spoken_on.insert(stated.crux);
                } else {
                    touched.records.insert(record);
                    touched.reworded_on.insert(stated.crux);
                }
                continue;
            }
            touched.records.insert(record);
            // The number of days after which a credence is outdated may have changed.
            touched.everything |= record == ChangeId::MIN && !with_stale;
            // The rule of pooling decides about every credence trigger.
            touched.everything |= matches!(
                &change.payload,
                Payload::BoardDescribed(set)
                    if set.pooling.is_some()
                        || set.weighting.is_some()
                        || set.extremising.is_some()
            );
            // A review counts from its closing on; its other changes have no effect.
            let ends = match &change.payload {
                Payload::ReviewClosed(_) | Payload::Trashed(_) | Payload::Restored(_) => true,
                Payload::ReviewStarted(_) => id <= from,
                _ => false,
            };
            let first = log.change(record);
            let kind = first.and_then(|first| first.payload.adds());
            touched.everything |= kind.is_some_and(|kind| match kind {
                RecordKind::Person | RecordKind::RecordedReview => true,
                RecordKind::Review => ends,
                RecordKind::Option
                | RecordKind::Crux
                | RecordKind::Trigger
                | RecordKind::Evidence
                | RecordKind::Statement
                | RecordKind::OptionCredence
                | RecordKind::JointCredence
                | RecordKind::Position
                | RecordKind::FollowUp
                | RecordKind::Term
                | RecordKind::Decision
                | RecordKind::Round
                | RecordKind::Message
                | RecordKind::BriefRead => false,
            });
        }
        touched
    }

    /// Returns the board at the earlier moment, limited to the records that matter.
    pub(super) fn before(&self, after: &Board, at: ChangeId) -> Board {
        if self.everything {
            return after.at(at);
        }
        let mut needed = self.records.clone();
        needed.insert(ChangeId::MIN);
        needed.extend(after.people_ever());
        needed.extend(after.reviews_ever());
        for crux in &self.reworded_on {
            needed.extend(after.statements_ever(*crux));
            needed.extend(after.triggers_of(*crux).map(|trigger| trigger.id.0));
        }
        // The state of a trigger depends on the statements on its crux, so the crux of that time is included
        // too.
        for (change, _) in self.records.iter().flat_map(|id| after.history(*id)) {
            let crux = match &change.payload {
                Payload::TriggerAdded(trigger) => trigger.crux,
                Payload::TriggerEdited(edited) => edited.set.crux,
                _ => None,
            };
            needed.extend(
                crux.into_iter()
                    .flat_map(|crux| after.statements_ever(crux)),
            );
        }
        after.part(&needed, at)
    }
}
