//! Queries of a board's past: earlier states, the trash, changes of a record, reviews held.

use core::time::Duration;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::ChangeId;
use crate::board::Board;
use crate::change::{Change, Payload, ReviewHeld};
use crate::date::DAY;
use crate::format::short;
use crate::log::Entry;
use crate::record::{
    BoardOption, BriefRead, Crux, CruxId, Decision, Evidence, FollowUp, JointCredence, Message,
    OptionCredence, Person, PersonId, Position, Record, Review, ReviewId, Round, RoundId,
    Statement, Term, Trigger,
};
use crate::t;

/// Recorded reviews less than this apart count as one.
pub(crate) const REVIEWS_APART: Duration = DAY;

impl Board {
    /// Returns the author of the newest change whose stored form contains `part`, such as `"title":"Reach"`.
    /// Linear in the log.
    #[must_use]
    pub fn author_of(&self, part: &str) -> Option<PersonId> {
        let changes = self.log.entries().rev().filter_map(Entry::known);
        let mut holding = changes.filter(|change| {
            let text = serde_json::to_string(change);
            text.is_ok_and(|text| text.contains(part))
        });
        holding.next()?.by
    }

    /// Returns the board as it was at `moment`: the fold of its changes up to then.
    #[must_use]
    pub fn at(&self, moment: ChangeId) -> Self {
        let entries = self.log.entries().take_while(|entry| entry.id() <= moment);
        entries.cloned().collect()
    }

    /// Returns the board as it was at `moment`, limited to these records.
    pub(crate) fn part(&self, records: &BTreeSet<ChangeId>, moment: ChangeId) -> Self {
        let about_records = records
            .iter()
            .flat_map(|record| self.history(*record))
            .map(|(change, _)| change);
        let about_changes = self.log.changes().filter(|c| c.payload.is_about_changes());
        about_records
            .chain(about_changes)
            .filter(|change| change.id <= moment)
            .cloned()
            .map(Entry::Known)
            .collect()
    }

    /// Returns when the board was reviewed, oldest first: closed reviews, and reviews that were only
    /// recorded. If one of two reviews within a day was only recorded, the earlier one counts.
    #[must_use]
    pub fn review_moments(&self) -> Vec<ChangeId> {
        self.distinct_reviews(ChangeId::MIN, |_| true)
    }

    /// Returns when a crux was reviewed after a moment, oldest first, as [`Self::review_moments`]. A closed
    /// review must have had the crux on its agenda; a recorded one is about all cruxes.
    #[must_use]
    pub fn reviews_on(&self, crux: CruxId, after: ChangeId) -> Vec<ChangeId> {
        self.distinct_reviews(after, |review| review.closed_agenda.contains(&crux))
    }

    fn distinct_reviews(
        &self,
        after: ChangeId,
        is_wanted: impl Fn(&Review) -> bool,
    ) -> Vec<ChangeId> {
        let reviews = self.reviews().filter(|review| is_wanted(review));
        let closed = reviews.filter_map(|review| Some((review.closed()?, false)));
        let recorded = self.recorded_reviews().map(|review| (review.id, true));
        let mut all: Vec<(ChangeId, bool)> = closed.chain(recorded).collect();
        all.retain(|(moment, _)| *moment > after);
        all.sort();
        let mut distinct: Vec<(ChangeId, bool)> = Vec::new();
        for (moment, is_recorded) in all {
            let is_same = distinct.last().is_some_and(|(last, was_recorded)| {
                (is_recorded || *was_recorded)
                    && moment.millis().since(last.millis()) < REVIEWS_APART
            });
            if !is_same {
                distinct.push((moment, is_recorded));
            }
        }
        distinct.into_iter().map(|(moment, _)| moment).collect()
    }

    /// Returns the records in the trash with their names, latest first.
    #[must_use]
    pub fn trash(&self) -> Vec<(ChangeId, &'static str, String)> {
        let tables = &self.tables;
        let mut found: Vec<(ChangeId, ChangeId, &'static str, String)> = Vec::new();
        macro_rules! collect {
            ($table:ident, $kind:expr, $name:expr) => {
                for record in tables.$table.values().map(Box::as_ref) {
                    if let Some(when) = record.trashed {
                        found.push((when, record.id.into(), $kind, $name(record).to_string()));
                    }
                }
            };
        }
        collect!(options, t!("Option"), |r: &Record<_, BoardOption>| r
            .name
            .clone());
        collect!(people, t!("Person"), |r: &Record<_, Person>| r.name.clone());
        collect!(cruxes, t!("Crux"), |r: &Record<_, Crux>| r
            .name()
            .into_owned());
        collect!(triggers, t!("Trigger"), |r: &Record<_, Trigger>| r
            .headline());
        collect!(evidence, t!("Evidence"), |r: &Record<_, Evidence>| r
            .headline()
            .to_owned());
        collect!(statements, t!("Credence"), |r: &Record<_, Statement>| r
            .credence
            .shown());
        collect!(
            option_credences,
            t!("Credence in an option"),
            |r: &Record<_, OptionCredence>| r.credence.shown()
        );
        collect!(joint_credences, t!("Joint effect"), |r: &Record<
            _,
            JointCredence,
        >| r
            .credence
            .shown());
        collect!(positions, t!("Position"), |r: &Record<_, Position>| r
            .holder
            .clone());
        collect!(follow_ups, t!("Follow-up"), |r: &Record<_, FollowUp>| r
            .what
            .clone());
        collect!(terms, t!("Term"), |r: &Record<_, Term>| r.term.clone());
        collect!(recorded_reviews, t!("Review"), |r: &Record<
            ChangeId,
            ReviewHeld,
        >| r
            .id
            .day()
            .to_string());
        collect!(decisions, t!("Decision"), |r: &Record<_, Decision>| r
            .why
            .clone());
        collect!(reviews, t!("Review"), |r: &Record<ReviewId, Review>| r
            .id
            .0
            .day()
            .to_string());
        collect!(rounds, t!("Blind round"), |r: &Record<RoundId, Round>| r
            .id
            .0
            .day()
            .to_string());
        collect!(messages, t!("Message"), |r: &Record<_, Message>| {
            format!("{}: {}", r.author, short(&r.text, 120))
        });
        collect!(brief_reads, t!("Reader of the brief"), |r: &Record<
            _,
            BriefRead,
        >| r
            .who
            .clone());
        found.sort_by_key(|(when, ..)| Reverse(*when));
        found
            .into_iter()
            .map(|(_, id, kind, name)| (id, kind, name))
            .collect()
    }

    /// Returns the number of changes after a moment, without those of the reading list and of the readers of
    /// the brief.
    #[must_use]
    pub fn changes_after(&self, moment: ChangeId) -> usize {
        let later = self.log.changes().rev();
        let later = later.take_while(|change| change.id > moment);
        let says = |change: &&Change| {
            !matches!(
                change.payload,
                Payload::MessageListed(_)
                    | Payload::MessageEdited(_)
                    | Payload::BriefSeen(_)
                    | Payload::BriefSeenEdited(_)
            ) && self.log.counts(change.id)
        };
        later.filter(says).count()
    }

    /// Returns every change about a record that this version understands, oldest first, with whether it
    /// counts. [`ChangeId::MIN`] stands for the board itself.
    pub fn history(&self, record: ChangeId) -> impl Iterator<Item = (&Change, bool)> {
        let is_board = record == ChangeId::MIN;
        let first = self.log.change(record).filter(|_| !is_board).into_iter();
        let edits = self
            .edits
            .range((record, ChangeId::MIN)..=(record, ChangeId::MAX));
        first
            .chain(edits.filter_map(|(_, id)| self.log.change(*id)))
            .map(|change| (change, self.log.counts(change.id)))
    }
}
