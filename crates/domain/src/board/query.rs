//! Queries of a board: lists of records without those in the trash.

mod by_crux;
mod by_id;
mod history;
mod initials;
mod option_credences;
mod statements;

use super::Board;
use crate::change::ReviewHeld;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, BriefReadId, Crux, CruxId, Decision, DecisionId, Evidence,
    EvidenceId, FollowUp, FollowUpId, Message, MessageId, OptionId, Person, PersonId, Record,
    Review, ReviewId, Round, RoundId, Term, TermId, Trigger, TriggerId,
};
use crate::text::folded_name;
use crate::{ChangeId, Millis};

pub(crate) use self::history::REVIEWS_APART;
pub use self::option_credences::{CurrentJointCredences, CurrentOptionCredences};
pub use self::statements::{CurrentView, WithBasis};

/// Leaves out the records in the trash.
pub(super) fn present<'a, Id: 'a, T: 'a>(
    records: impl Iterator<Item = &'a Record<Id, T>>,
) -> impl Iterator<Item = &'a Record<Id, T>> {
    records.filter(|record| record.trashed.is_none())
}

impl Board {
    /// Returns the description of the board.
    #[must_use]
    pub fn info(&self) -> &BoardInfo {
        &self.tables.info
    }

    /// Returns the options, in the order in which they were added.
    pub fn options(&self) -> impl Iterator<Item = &Record<OptionId, BoardOption>> {
        present(self.tables.options.values().map(Box::as_ref))
    }

    /// Returns the people, in the order in which they were added.
    pub fn people(&self) -> impl Iterator<Item = &Record<PersonId, Person>> {
        present(self.tables.people.values().map(Box::as_ref))
    }

    /// Returns the person with a name, ignoring case and character width.
    #[must_use]
    pub fn person_named(&self, name: &str) -> Option<PersonId> {
        let wanted = folded_name(name);
        let mut people = self.people();
        let person = people.find(|person| folded_name(&person.name) == wanted)?;
        Some(person.id)
    }

    /// Returns the people who belong to the group at a moment: those who have not left.
    pub fn people_at(&self, at: Millis) -> impl Iterator<Item = &Record<PersonId, Person>> {
        self.people().filter(move |person| !person.has_left(at))
    }

    /// Returns whether somebody has left the group by a moment.
    #[must_use]
    pub fn has_left(&self, id: PersonId, at: Millis) -> bool {
        self.person(id).is_some_and(|person| person.has_left(at))
    }

    /// Returns the people, also those in the trash, in the order in which they were added.
    pub(crate) fn people_and_trashed(&self) -> impl Iterator<Item = &Record<PersonId, Person>> {
        self.tables.people.values().map(Box::as_ref)
    }

    /// Returns how many people were added before this one, also those in the trash. The person's colour
    /// depends on it, and so stays the same.
    #[must_use]
    pub fn person_place(&self, id: PersonId) -> usize {
        let people = self.tables.people.keys();
        people.take_while(|other| **other != id).count()
    }

    /// Returns all people ever added, also those in the trash.
    pub(crate) fn people_ever(&self) -> impl Iterator<Item = ChangeId> {
        self.tables.people.keys().map(|id| id.0)
    }

    /// Returns all reviews ever held, also those in the trash.
    pub(crate) fn reviews_ever(&self) -> impl Iterator<Item = ChangeId> {
        let reviews = self.tables.reviews.keys().map(|id| id.0);
        self.tables.recorded_reviews.keys().copied().chain(reviews)
    }

    /// Returns the cruxes, in the board's own order.
    #[must_use]
    pub fn cruxes(&self) -> Vec<&Record<CruxId, Crux>> {
        let mut cruxes: Vec<_> = present(self.tables.cruxes.values().map(Box::as_ref)).collect();
        // The list is sorted by id already, and a stable sort keeps that order for equal ranks.
        cruxes.sort_by(|a, b| a.rank.cmp(&b.rank));
        cruxes
    }

    /// Returns all triggers of cruxes that are not in the trash.
    pub fn triggers(&self) -> impl Iterator<Item = &Record<TriggerId, Trigger>> {
        present(self.tables.triggers.values().map(Box::as_ref)).filter(|trigger| {
            self.crux(trigger.crux)
                .is_some_and(|crux| crux.trashed.is_none())
        })
    }

    /// Returns all evidence, oldest first.
    pub fn all_evidence(&self) -> impl DoubleEndedIterator<Item = &Record<EvidenceId, Evidence>> {
        self.tables
            .evidence
            .values()
            .map(Box::as_ref)
            .filter(|evidence| evidence.trashed.is_none())
    }

    /// Returns all follow-ups, oldest first.
    pub fn follow_ups(&self) -> impl Iterator<Item = &Record<FollowUpId, FollowUp>> {
        present(self.tables.follow_ups.values().map(Box::as_ref))
    }

    /// Returns the terms, in the order in which they were defined.
    pub fn terms(&self) -> impl Iterator<Item = &Record<TermId, Term>> {
        present(self.tables.terms.values().map(Box::as_ref))
    }

    /// Returns the messages of the reading list, in the order in which they were imported.
    pub fn messages(&self) -> impl Iterator<Item = &Record<MessageId, Message>> {
        present(self.tables.messages.values().map(Box::as_ref))
    }

    /// Returns the messages of the reading list that are in the trash.
    pub fn trashed_messages(&self) -> impl Iterator<Item = &Record<MessageId, Message>> {
        let all = self.tables.messages.values().map(Box::as_ref);
        all.filter(|message| message.trashed.is_some())
    }

    /// Returns the records of who has read the brief.
    pub fn brief_reads(&self) -> impl DoubleEndedIterator<Item = &Record<BriefReadId, BriefRead>> {
        let all = self.tables.brief_reads.values().map(Box::as_ref);
        all.filter(|brief_read| brief_read.trashed.is_none())
    }

    /// Returns the recorded reviews, oldest first.
    pub fn recorded_reviews(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Record<ChangeId, ReviewHeld>> {
        self.tables
            .recorded_reviews
            .values()
            .map(Box::as_ref)
            .filter(|review| review.trashed.is_none())
    }

    /// Returns the decisions, oldest first.
    pub fn decisions(&self) -> impl DoubleEndedIterator<Item = &Record<DecisionId, Decision>> {
        self.tables
            .decisions
            .values()
            .map(Box::as_ref)
            .filter(|decision| decision.trashed.is_none())
    }

    /// Returns the standing decision: the latest.
    #[must_use]
    pub fn standing_decision(&self) -> Option<&Record<DecisionId, Decision>> {
        self.decisions().next_back()
    }

    /// Returns the actions of a decision, in the order in which they were added.
    pub fn actions_of(
        &self,
        decision: DecisionId,
    ) -> impl Iterator<Item = &Record<FollowUpId, FollowUp>> {
        self.follow_ups()
            .filter(move |follow_up| follow_up.decision == Some(decision))
    }

    /// Returns the reviews held in the app, oldest first.
    pub fn reviews(&self) -> impl DoubleEndedIterator<Item = &Record<ReviewId, Review>> {
        self.tables
            .reviews
            .values()
            .map(Box::as_ref)
            .filter(|review| review.trashed.is_none())
    }

    /// Returns the blind rounds, oldest first.
    pub fn rounds(&self) -> impl DoubleEndedIterator<Item = &Record<RoundId, Round>> {
        self.tables
            .rounds
            .values()
            .map(Box::as_ref)
            .filter(|round| round.trashed.is_none())
    }
}
