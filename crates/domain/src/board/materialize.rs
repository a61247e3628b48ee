//! Folds each entity from the changes about it.

use std::collections::BTreeSet;

use super::{Linked, RecordRef, Table, Tables};
use crate::ChangeId;
use crate::change::{Change, Payload, ReviewHeld};
use crate::record::{
    BoardOption, BriefRead, BriefReadId, Closing, Crux, CruxId, Decision, DecisionId, Evidence,
    EvidenceId, FollowUp, FollowUpId, GoalpostMove, Judgement, Message, MessageId, Note, OptionId,
    Person, PersonId, Position, PositionId, Revealed, Review, ReviewId, Round, RoundId, RuleMove,
    Said, Sealed, Statement, StatementId, Term, TermId, Trigger, TriggerId,
};

pub(super) trait Entity: Sized {
    type Id: Copy + Ord;

    fn id(id: ChangeId) -> Self::Id;
    fn table(tables: &mut Tables) -> &mut Table<Self::Id, Self>;
    /// Returns the entity as the change that adds it describes it, or `None` for any other change.
    fn begin(change: &Change) -> Option<Self>;
    /// Applies a later change. A change about another entity does nothing.
    fn take(&mut self, change: &Change);
    /// Returns the record that shows it, besides the cruxes it belongs to.
    fn touches(_: Self::Id) -> Option<RecordRef> {
        None
    }
    /// The cruxes it belongs to, each once.
    fn cruxes(&self) -> Vec<CruxId> {
        Vec::new()
    }
    /// Where a crux lists what belongs to it.
    fn linked(_: &mut Linked) -> Option<&mut BTreeSet<Self::Id>> {
        None
    }
}

macro_rules! plain_entity {
    ($entity:ident, $id:ident, $table:ident, $added:ident, $edited:ident, $touches:expr $(, $extra:item)*) => {
        impl Entity for $entity {
            type Id = $id;

            fn id(id: ChangeId) -> $id {
                $id(id)
            }
            fn table(tables: &mut Tables) -> &mut Table<$id, Self> {
                &mut tables.$table
            }
            fn begin(change: &Change) -> Option<Self> {
                let Payload::$added(first) = &change.payload else { return None };
                let mut entity = Self::default();
                entity.overlay(first);
                Some(entity)
            }
            fn take(&mut self, change: &Change) {
                match &change.payload {
                    Payload::$edited(edited) => self.overlay(&edited.set),
                    _ => {}
                }
            }
            fn touches(id: $id) -> Option<RecordRef> {
                $touches(id)
            }
            $($extra)*
        }
    };
}

plain_entity!(
    BoardOption,
    OptionId,
    options,
    OptionAdded,
    OptionEdited,
    |_| Some(RecordRef::Board)
);
plain_entity!(Person, PersonId, people, PersonAdded, PersonEdited, |_| {
    Some(RecordRef::Board)
});
plain_entity!(
    Crux,
    CruxId,
    cruxes,
    CruxAdded,
    CruxEdited,
    |id| Some(RecordRef::Crux(id)),
    fn cruxes(&self) -> Vec<CruxId> {
        self.split_from.into_iter().collect()
    },
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<CruxId>> {
        Some(&mut linked.parts)
    }
);
plain_entity!(Term, TermId, terms, TermDefined, TermEdited, |_| Some(
    RecordRef::Board
));
plain_entity!(
    Position,
    PositionId,
    positions,
    PositionRecorded,
    PositionEdited,
    |_| None,
    fn cruxes(&self) -> Vec<CruxId> {
        vec![self.crux]
    },
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<PositionId>> {
        Some(&mut linked.positions)
    }
);
plain_entity!(
    FollowUp,
    FollowUpId,
    follow_ups,
    FollowUpAdded,
    FollowUpEdited,
    |id| Some(RecordRef::FollowUp(id)),
    fn cruxes(&self) -> Vec<CruxId> {
        self.crux.into_iter().collect()
    },
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<FollowUpId>> {
        Some(&mut linked.follow_ups)
    }
);

plain_entity!(
    Decision,
    DecisionId,
    decisions,
    DecisionRecorded,
    DecisionEdited,
    |_| Some(RecordRef::Board)
);

plain_entity!(
    Message,
    MessageId,
    messages,
    MessageListed,
    MessageEdited,
    |_| Some(RecordRef::Reading)
);
plain_entity!(
    BriefRead,
    BriefReadId,
    brief_reads,
    BriefSeen,
    BriefSeenEdited,
    |_| Some(RecordRef::Board)
);

impl Entity for Review {
    type Id = ReviewId;

    fn id(id: ChangeId) -> ReviewId {
        ReviewId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<ReviewId, Self> {
        &mut tables.reviews
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::ReviewStarted(first) = &change.payload else {
            return None;
        };
        let mut review = Self::default();
        review.overlay(first);
        Some(review)
    }
    fn take(&mut self, change: &Change) {
        match &change.payload {
            Payload::ReviewEdited(edited) => self.overlay(&edited.set),
            Payload::ReviewNoted(noted) => {
                let note = Note {
                    text: noted.text.clone(),
                    is_public: noted.is_public,
                };
                self.notes.insert(noted.crux, note);
            }
            Payload::ReviewClosed(_) => {
                if self.closings.is_empty() {
                    self.closed_agenda = self.agenda.iter().map(|item| item.crux).collect();
                }
                self.closings.push(change.id);
            }
            _ => {}
        }
    }
    fn touches(_: ReviewId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}

impl Entity for Round {
    type Id = RoundId;

    fn id(id: ChangeId) -> RoundId {
        RoundId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<RoundId, Self> {
        &mut tables.rounds
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::RoundOpened(first) = &change.payload else {
            return None;
        };
        let mut round = Self::default();
        round.overlay(first);
        Some(round)
    }
    fn take(&mut self, change: &Change) {
        let id = change.id;
        match &change.payload {
            Payload::RoundSaid(said) => self.said.push(Said {
                id,
                by: change.by,
                text: said.text.clone(),
            }),
            Payload::RoundSealed(sealed) => self.sealed.push(Sealed {
                id,
                person: sealed.person,
                seal: sealed.seal.clone(),
            }),
            Payload::RoundClosed(closed) => self.closings.push(Closing {
                id,
                by: change.by,
                without: closed.without.clone(),
                seals: closed.seals.clone(),
            }),
            Payload::RoundRevealed(revealed) => self.revealed.push(Revealed {
                id,
                person: revealed.person,
                salt: revealed.salt.clone(),
                answers: revealed.answers.clone(),
            }),
            _ => {}
        }
    }
    fn touches(_: RoundId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}

impl Entity for Trigger {
    type Id = TriggerId;

    fn id(id: ChangeId) -> TriggerId {
        TriggerId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<TriggerId, Self> {
        &mut tables.triggers
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::TriggerAdded(first) = &change.payload else {
            return None;
        };
        let mut trigger = Self::default();
        trigger.overlay(first);
        trigger.counts_from = trigger.armed.then_some(change.id);
        Some(trigger)
    }
    fn take(&mut self, change: &Change) {
        match &change.payload {
            Payload::TriggerEdited(edited) => {
                let fields = self.goalposts_moved_by(&edited.set);
                let was_armed = self.ever_armed();
                if was_armed && !fields.is_empty() {
                    self.goalposts.push(GoalpostMove {
                        id: change.id,
                        by: change.by,
                        reason: edited.reason.clone(),
                        fields,
                    });
                }
                let counted = (self.crux, self.rule, self.quorum);
                self.overlay(&edited.set);
                let is_counted_anew = counted != (self.crux, self.rule, self.quorum);
                if let (true, (crux, Some(rule), quorum), Some(counts_from)) =
                    (is_counted_anew, counted, self.counts_from)
                {
                    self.rule_moves.push(RuleMove {
                        id: change.id,
                        crux,
                        rule,
                        quorum,
                        counts_from,
                    });
                }
                if (was_armed && is_counted_anew) || (!was_armed && self.armed) {
                    self.counts_from = Some(change.id);
                }
            }
            Payload::TriggerJudged(judged) => self.judgements.push(Judgement {
                id: change.id,
                by: change.by,
                verdict: judged.verdict,
                reason: judged.reason.clone(),
                evidence: judged.evidence.clone(),
                settles: judged.settles.clone(),
                of_draft: !self.armed,
            }),
            Payload::TriggerChecked(checked) => self.checks.push(checked.as_ref().clone()),
            _ => {}
        }
    }
    fn cruxes(&self) -> Vec<CruxId> {
        vec![self.crux]
    }
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<TriggerId>> {
        Some(&mut linked.triggers)
    }
}

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
    fn take(&mut self, change: &Change) {
        match &change.payload {
            Payload::EvidenceEdited(edited) => self.overlay(&edited.set),
            Payload::EvidenceWeighed(weighed) => {
                match weighed.bears_on {
                    Some(bears_on) => self.bears_on.insert(weighed.crux, bears_on),
                    None => self.bears_on.remove(&weighed.crux),
                };
            }
            _ => {}
        }
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

impl Entity for Statement {
    type Id = StatementId;

    fn id(id: ChangeId) -> StatementId {
        StatementId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<StatementId, Self> {
        &mut tables.statements
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::CredenceStated(stated) = &change.payload else {
            return None;
        };
        Some(Self {
            crux: stated.crux,
            person: stated.person,
            credence: stated.credence,
            reason: stated.reason.clone(),
            evidence: stated.evidence.clone(),
            reaffirms: stated.reaffirms,
            at: stated.held_at(change.id),
            filed: stated.filed_at(change.id),
            order: stated.at.unwrap_or(change.id.millis()),
        })
    }
    fn take(&mut self, change: &Change) {
        if let Payload::StatementExplained(explained) = &change.payload {
            self.reason.clone_from(&explained.reason);
            self.evidence.clone_from(&explained.evidence);
        }
    }
    fn cruxes(&self) -> Vec<CruxId> {
        vec![self.crux]
    }
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<StatementId>> {
        Some(&mut linked.statements)
    }
}

impl Entity for ReviewHeld {
    type Id = ChangeId;

    fn id(id: ChangeId) -> ChangeId {
        id
    }
    fn table(tables: &mut Tables) -> &mut Table<ChangeId, Self> {
        &mut tables.recorded_reviews
    }
    fn begin(change: &Change) -> Option<Self> {
        match &change.payload {
            Payload::ReviewHeld(review) => Some(review.as_ref().clone()),
            _ => None,
        }
    }
    fn take(&mut self, _: &Change) {}
    fn touches(_: ChangeId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}
