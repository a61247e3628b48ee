//! How each noun is folded from the changes about it.

use std::collections::BTreeSet;

use super::{Linked, RecordRef, Shelf, Shelves};
use crate::Stamp;
use crate::change::{Change, Fact, ReviewHeld};
use crate::record::{
    BoardOption, Closing, Crux, CruxId, Decision, DecisionId, Evidence, EvidenceId, FollowUp,
    FollowUpId, GoalpostMove, Judgement, Meeting, MeetingId, Message, MessageId, Note, OptionId,
    Person, PersonId, Position, PositionId, Revealed, Round, RoundId, RuleMove, Said, Sealed,
    Statement, StatementId, Term, TermId, Trigger, TriggerId, Viewing, ViewingId,
};

pub(super) trait Noun: Sized {
    type Id: Copy + Ord;

    fn id(stamp: Stamp) -> Self::Id;
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Self::Id, Self>;
    /// What the change that adds it makes of it.
    fn begin(change: &Change) -> Option<Self>;
    /// Takes over a later change; one of another noun is passed over.
    fn take(&mut self, change: &Change);
    /// What shows it besides the cruxes it belongs to.
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

macro_rules! plain_noun {
    ($noun:ident, $id:ident, $shelf:ident, $added:ident, $edited:ident, $touches:expr $(, $extra:item)*) => {
        impl Noun for $noun {
            type Id = $id;

            fn id(stamp: Stamp) -> $id {
                $id(stamp)
            }
            fn shelf(shelves: &mut Shelves) -> &mut Shelf<$id, Self> {
                &mut shelves.$shelf
            }
            fn begin(change: &Change) -> Option<Self> {
                let Fact::$added(first) = &change.fact else { return None };
                let mut noun = Self::default();
                noun.overlay(first);
                Some(noun)
            }
            fn take(&mut self, change: &Change) {
                match &change.fact {
                    Fact::$edited(edited) => self.overlay(&edited.set),
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

plain_noun!(
    BoardOption,
    OptionId,
    options,
    OptionAdded,
    OptionEdited,
    |_| Some(RecordRef::Board)
);
plain_noun!(Person, PersonId, people, PersonAdded, PersonEdited, |_| {
    Some(RecordRef::Board)
});
plain_noun!(
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
plain_noun!(Term, TermId, terms, TermDefined, TermEdited, |_| Some(
    RecordRef::Board
));
plain_noun!(
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
plain_noun!(
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

plain_noun!(
    Decision,
    DecisionId,
    decisions,
    DecisionRecorded,
    DecisionEdited,
    |_| Some(RecordRef::Board)
);

plain_noun!(
    Message,
    MessageId,
    messages,
    MessageListed,
    MessageEdited,
    |_| Some(RecordRef::Reading)
);
plain_noun!(
    Viewing,
    ViewingId,
    viewings,
    BriefSeen,
    BriefSeenEdited,
    |_| Some(RecordRef::Board)
);

impl Noun for Meeting {
    type Id = MeetingId;

    fn id(stamp: Stamp) -> MeetingId {
        MeetingId(stamp)
    }
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<MeetingId, Self> {
        &mut shelves.meetings
    }
    fn begin(change: &Change) -> Option<Self> {
        let Fact::MeetingStarted(first) = &change.fact else {
            return None;
        };
        let mut meeting = Self::default();
        meeting.overlay(first);
        Some(meeting)
    }
    fn take(&mut self, change: &Change) {
        match &change.fact {
            Fact::MeetingEdited(edited) => self.overlay(&edited.set),
            Fact::MeetingNoted(noted) => {
                let note = Note {
                    text: noted.text.clone(),
                    is_public: noted.is_public,
                };
                self.notes.insert(noted.crux, note);
            }
            Fact::MeetingClosed(_) => {
                if self.closings.is_empty() {
                    self.closed_agenda = self.agenda.iter().map(|item| item.crux).collect();
                }
                self.closings.push(change.id);
            }
            _ => {}
        }
    }
    fn touches(_: MeetingId) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}

impl Noun for Round {
    type Id = RoundId;

    fn id(stamp: Stamp) -> RoundId {
        RoundId(stamp)
    }
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<RoundId, Self> {
        &mut shelves.rounds
    }
    fn begin(change: &Change) -> Option<Self> {
        let Fact::RoundOpened(first) = &change.fact else {
            return None;
        };
        let mut round = Self::default();
        round.overlay(first);
        Some(round)
    }
    fn take(&mut self, change: &Change) {
        let id = change.id;
        match &change.fact {
            Fact::RoundSaid(said) => self.said.push(Said {
                id,
                by: change.by,
                text: said.text.clone(),
            }),
            Fact::RoundSealed(sealed) => self.sealed.push(Sealed {
                id,
                person: sealed.person,
                seal: sealed.seal.clone(),
            }),
            Fact::RoundClosed(closed) => self.closings.push(Closing {
                id,
                by: change.by,
                without: closed.without.clone(),
                seals: closed.seals.clone(),
            }),
            Fact::RoundRevealed(revealed) => self.revealed.push(Revealed {
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

impl Noun for Trigger {
    type Id = TriggerId;

    fn id(stamp: Stamp) -> TriggerId {
        TriggerId(stamp)
    }
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<TriggerId, Self> {
        &mut shelves.triggers
    }
    fn begin(change: &Change) -> Option<Self> {
        let Fact::TriggerAdded(first) = &change.fact else {
            return None;
        };
        let mut trigger = Self::default();
        trigger.overlay(first);
        trigger.counts_from = trigger.armed.then_some(change.id);
        Some(trigger)
    }
    fn take(&mut self, change: &Change) {
        match &change.fact {
            Fact::TriggerEdited(edited) => {
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
            Fact::TriggerJudged(judged) => self.judgements.push(Judgement {
                id: change.id,
                by: change.by,
                verdict: judged.verdict,
                reason: judged.reason.clone(),
                evidence: judged.evidence.clone(),
                settles: judged.settles.clone(),
                of_draft: !self.armed,
            }),
            Fact::TriggerChecked(checked) => self.checks.push(checked.as_ref().clone()),
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

impl Noun for Evidence {
    type Id = EvidenceId;

    fn id(stamp: Stamp) -> EvidenceId {
        EvidenceId(stamp)
    }
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<EvidenceId, Self> {
        &mut shelves.evidence
    }
    fn begin(change: &Change) -> Option<Self> {
        let Fact::EvidenceFiled(first) = &change.fact else {
            return None;
        };
        let mut evidence = Self::default();
        evidence.overlay(first);
        Some(evidence)
    }
    fn take(&mut self, change: &Change) {
        match &change.fact {
            Fact::EvidenceEdited(edited) => self.overlay(&edited.set),
            Fact::EvidenceWeighed(weighed) => {
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

impl Noun for Statement {
    type Id = StatementId;

    fn id(stamp: Stamp) -> StatementId {
        StatementId(stamp)
    }
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<StatementId, Self> {
        &mut shelves.statements
    }
    fn begin(change: &Change) -> Option<Self> {
        let Fact::CredenceStated(stated) = &change.fact else {
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
        if let Fact::StatementExplained(explained) = &change.fact {
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

impl Noun for ReviewHeld {
    type Id = Stamp;

    fn id(stamp: Stamp) -> Stamp {
        stamp
    }
    fn shelf(shelves: &mut Shelves) -> &mut Shelf<Stamp, Self> {
        &mut shelves.reviews
    }
    fn begin(change: &Change) -> Option<Self> {
        match &change.fact {
            Fact::ReviewHeld(review) => Some(review.as_ref().clone()),
            _ => None,
        }
    }
    fn take(&mut self, _: &Change) {}
    fn touches(_: Stamp) -> Option<RecordRef> {
        Some(RecordRef::Board)
    }
}
