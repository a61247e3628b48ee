//! Queries of a board: lists without what is in the trash.

mod by_crux;
mod by_id;
mod history;
mod statements;

use super::Board;
use crate::ChangeId;
use crate::change::ReviewHeld;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, BriefReadId, Crux, CruxId, Decision, DecisionId, Evidence,
    EvidenceId, FollowUp, FollowUpId, Message, MessageId, OptionId, Person, PersonId, Record,
    Review, ReviewId, Round, RoundId, Term, TermId, Trigger, TriggerId,
};

pub(crate) use self::history::DAY_MILLIS;
pub use self::statements::{CurrentView, WithBasis};

/// Leaves out the records in the trash.
pub(super) fn present<'a, Id: 'a, T: 'a>(
    records: impl Iterator<Item = &'a Record<Id, T>>,
) -> impl Iterator<Item = &'a Record<Id, T>> {
    records.filter(|record| record.trashed.is_none())
}

impl Board {
    /// What is said of it as a whole.
    #[must_use]
    pub fn info(&self) -> &BoardInfo {
        &self.tables.info
    }

    /// Its options, in the order in which they were added.
    pub fn options(&self) -> impl Iterator<Item = &Record<OptionId, BoardOption>> {
        present(self.tables.options.values().map(Box::as_ref))
    }

    /// Its people, in the order in which they were added.
    pub fn people(&self) -> impl Iterator<Item = &Record<PersonId, Person>> {
        present(self.tables.people.values().map(Box::as_ref))
    }

    /// Its people, also those in the trash, in the order in which they were added.
    pub(crate) fn people_and_trashed(&self) -> impl Iterator<Item = &Record<PersonId, Person>> {
        self.tables.people.values().map(Box::as_ref)
    }

    /// The people that were ever added, also those in the trash.
    pub(crate) fn people_ever(&self) -> impl Iterator<Item = ChangeId> {
        self.tables.people.keys().map(|id| id.0)
    }

    /// The reviews that were ever held, also those in the trash.
    pub(crate) fn reviews_ever(&self) -> impl Iterator<Item = ChangeId> {
        let reviews = self.tables.reviews.keys().map(|id| id.0);
        self.tables.recorded_reviews.keys().copied().chain(reviews)
    }

    /// Its cruxes, in the board's own order.
    #[must_use]
    pub fn cruxes(&self) -> Vec<&Record<CruxId, Crux>> {
        let mut cruxes: Vec<_> = present(self.tables.cruxes.values().map(Box::as_ref)).collect();
        // By id they are in order already, and stay so where the ranks are equal.
        cruxes.sort_by(|a, b| a.rank.cmp(&b.rank));
        cruxes
    }

    /// All its triggers, of cruxes that are not in the trash.
    pub fn triggers(&self) -> impl Iterator<Item = &Record<TriggerId, Trigger>> {
        present(self.tables.triggers.values().map(Box::as_ref)).filter(|trigger| {
            self.crux(trigger.crux)
                .is_some_and(|crux| crux.trashed.is_none())
        })
    }

    /// All its evidence, oldest first.
    pub fn all_evidence(&self) -> impl DoubleEndedIterator<Item = &Record<EvidenceId, Evidence>> {
        self.tables
            .evidence
            .values()
            .map(Box::as_ref)
            .filter(|evidence| evidence.trashed.is_none())
    }

    /// Everything owed or awaited, oldest first.
    pub fn follow_ups(&self) -> impl Iterator<Item = &Record<FollowUpId, FollowUp>> {
        present(self.tables.follow_ups.values().map(Box::as_ref))
    }

    /// Its terms, in the order in which they were defined.
    pub fn terms(&self) -> impl Iterator<Item = &Record<TermId, Term>> {
        present(self.tables.terms.values().map(Box::as_ref))
    }

    /// Its reading list, in the order in which it was brought in.
    pub fn messages(&self) -> impl Iterator<Item = &Record<MessageId, Message>> {
        present(self.tables.messages.values().map(Box::as_ref))
    }

    /// The messages that were brought in and lie in the trash.
    pub fn trashed_messages(&self) -> impl Iterator<Item = &Record<MessageId, Message>> {
        let all = self.tables.messages.values().map(Box::as_ref);
        all.filter(|message| message.trashed.is_some())
    }

    /// Who has seen the brief, as it was noted.
    pub fn brief_reads(&self) -> impl DoubleEndedIterator<Item = &Record<BriefReadId, BriefRead>> {
        let all = self.tables.brief_reads.values().map(Box::as_ref);
        all.filter(|brief_read| brief_read.trashed.is_none())
    }

    /// The reviews held, oldest first.
    pub fn recorded_reviews(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Record<ChangeId, ReviewHeld>> {
        self.tables
            .recorded_reviews
            .values()
            .map(Box::as_ref)
            .filter(|review| review.trashed.is_none())
    }

    /// The decisions, oldest first.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Record<DecisionId, Decision>> {
        self.tables
            .decisions
            .values()
            .map(Box::as_ref)
            .filter(|decision| decision.trashed.is_none())
    }

    /// The decision that stands: the latest.
    #[must_use]
    pub fn standing_decision(&self) -> Option<&Record<DecisionId, Decision>> {
        self.decisions().next_back()
    }

    /// The reviews that were started here, oldest first.
    pub fn reviews(&self) -> impl DoubleEndedIterator<Item = &Record<ReviewId, Review>> {
        self.tables
            .reviews
            .values()
            .map(Box::as_ref)
            .filter(|review| review.trashed.is_none())
    }

    /// The blind rounds, oldest first.
    pub fn rounds(&self) -> impl DoubleEndedIterator<Item = &Record<RoundId, Round>> {
        self.tables
            .rounds
            .values()
            .map(Box::as_ref)
            .filter(|round| round.trashed.is_none())
    }
}
