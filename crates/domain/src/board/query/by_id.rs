//! Queries for a record by its id, also in the trash.

use crate::ChangeId;
use crate::board::Board;
use crate::change::Payload;
use crate::record::{
    BoardOption, BriefRead, BriefReadId, Crux, CruxId, Decision, DecisionId, Evidence, EvidenceId,
    FollowUp, FollowUpId, Message, MessageId, OptionId, Person, PersonId, Position, PositionId,
    Record, Review, ReviewId, Round, RoundId, Statement, StatementId, Term, TermId, Trigger,
    TriggerId,
};

impl Board {
    /// Returns a decision, also one in the trash.
    #[must_use]
    pub fn decision(&self, id: DecisionId) -> Option<&Record<DecisionId, Decision>> {
        self.tables.decisions.get(&id).map(Box::as_ref)
    }

    /// Returns a review held in the app, also one in the trash.
    #[must_use]
    pub fn review(&self, id: ReviewId) -> Option<&Record<ReviewId, Review>> {
        self.tables.reviews.get(&id).map(Box::as_ref)
    }

    /// Returns a blind round, also one in the trash.
    #[must_use]
    pub fn round(&self, id: RoundId) -> Option<&Record<RoundId, Round>> {
        self.tables.rounds.get(&id).map(Box::as_ref)
    }

    /// Returns an option, also one in the trash.
    #[must_use]
    pub fn option(&self, id: OptionId) -> Option<&Record<OptionId, BoardOption>> {
        self.tables.options.get(&id).map(Box::as_ref)
    }

    /// Returns a person, also one in the trash.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Record<PersonId, Person>> {
        self.tables.people.get(&id).map(Box::as_ref)
    }

    /// Returns a crux, also one in the trash.
    #[must_use]
    pub fn crux(&self, id: CruxId) -> Option<&Record<CruxId, Crux>> {
        self.tables.cruxes.get(&id).map(Box::as_ref)
    }

    /// Returns a trigger, also one in the trash.
    #[must_use]
    pub fn trigger(&self, id: TriggerId) -> Option<&Record<TriggerId, Trigger>> {
        self.tables.triggers.get(&id).map(Box::as_ref)
    }

    /// Returns an item of evidence, also one in the trash.
    #[must_use]
    pub fn evidence(&self, id: EvidenceId) -> Option<&Record<EvidenceId, Evidence>> {
        self.tables.evidence.get(&id).map(Box::as_ref)
    }

    /// Returns a statement.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> Option<&Record<StatementId, Statement>> {
        self.tables.statements.get(&id).map(Box::as_ref)
    }

    /// Returns a position, also one in the trash.
    #[must_use]
    pub fn position(&self, id: PositionId) -> Option<&Record<PositionId, Position>> {
        self.tables.positions.get(&id).map(Box::as_ref)
    }

    /// Returns a follow-up, also one in the trash.
    #[must_use]
    pub fn follow_up(&self, id: FollowUpId) -> Option<&Record<FollowUpId, FollowUp>> {
        self.tables.follow_ups.get(&id).map(Box::as_ref)
    }

    /// Returns a term, also one in the trash.
    #[must_use]
    pub fn term(&self, id: TermId) -> Option<&Record<TermId, Term>> {
        self.tables.terms.get(&id).map(Box::as_ref)
    }

    /// Returns a message of the reading list, also one in the trash.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Record<MessageId, Message>> {
        self.tables.messages.get(&id).map(Box::as_ref)
    }

    /// Returns a record of who has read the brief, also one in the trash.
    #[must_use]
    pub fn brief_read(&self, id: BriefReadId) -> Option<&Record<BriefReadId, BriefRead>> {
        self.tables.brief_reads.get(&id).map(Box::as_ref)
    }

    /// Returns whether a change adds a record of this board that can be put in the trash.
    #[must_use]
    pub fn is_record(&self, id: ChangeId) -> bool {
        self.log.counts(id)
            && self.log.change(id).is_some_and(|change| {
                change.payload.record(id) == Some(id)
                    && !matches!(change.payload, Payload::BoardDescribed(_))
            })
    }

    /// Returns whether the record is in the trash.
    #[must_use]
    pub fn is_trashed(&self, id: ChangeId) -> bool {
        self.trash().iter().any(|(trashed, ..)| *trashed == id)
    }
}
