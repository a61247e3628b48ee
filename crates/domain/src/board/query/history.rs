//! The past of a board: earlier states, the trash, changes of a record, reviews held.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::ChangeId;
use crate::board::Board;
use crate::change::{Change, Payload, ReviewHeld};
use crate::format::short;
use crate::log::Entry;
use crate::record::{
    BoardOption, BriefRead, Crux, CruxId, Decision, Evidence, FollowUp, Message, Person, PersonId,
    Position, Record, Review, ReviewId, Round, RoundId, Statement, Term, Trigger,
};

/// Reviews that were only recorded less than this apart are one.
pub(crate) const DAY_MILLIS: u64 = 86_400_000;

impl Board {
    /// The person who made the newest change that holds `part` as it is stored, such as
    /// `"title":"Reach"`. Linear in the log.
    #[must_use]
    pub fn author_of(&self, part: &str) -> Option<PersonId> {
        let changes = self.log.entries().rev().filter_map(Entry::known);
        let mut holding = changes.filter(|change| {
            let text = serde_json::to_string(change);
            text.is_ok_and(|text| text.contains(part))
        });
        holding.next()?.by
    }

    /// The board as it was at `moment`: what its changes up to then add up to.
    #[must_use]
    pub fn at(&self, moment: ChangeId) -> Self {
        let entries = self.log.entries().take_while(|entry| entry.id() <= moment);
        entries.cloned().collect()
    }

    /// As [`Self::at`], but with these records only.
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

    /// When the board was gone through, oldest first: reviews that were closed, and those that were
    /// only recorded. Of two within a day, one of which was only recorded, the first counts.
    #[must_use]
    pub fn review_moments(&self) -> Vec<ChangeId> {
        self.distinct_reviews(ChangeId::MIN, |_| true)
    }

    /// When a crux was gone through after a moment, oldest first, as [`Self::review_moments`]: a
    /// review that was closed had it on its agenda, one that was only recorded is about all cruxes.
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
                    && moment.millis().saturating_sub(last.millis()) < DAY_MILLIS
            });
            if !is_same {
                distinct.push((moment, is_recorded));
            }
        }
        distinct.into_iter().map(|(moment, _)| moment).collect()
    }

    /// The records in the trash with their names, latest first.
    #[must_use]
    pub fn trash(&self) -> Vec<(ChangeId, &'static str, String)> {
        let tables = &self.tables;
        let mut found: Vec<(ChangeId, ChangeId, &'static str, String)> = Vec::new();
        macro_rules! collect {
            ($table:ident, $kind:literal, $name:expr) => {
                for record in tables.$table.values().map(Box::as_ref) {
                    if let Some(when) = record.trashed {
                        found.push((when, record.id.into(), $kind, $name(record).to_string()));
                    }
                }
            };
        }
        collect!(options, "Option", |r: &Record<_, BoardOption>| r
            .name
            .clone());
        collect!(people, "Person", |r: &Record<_, Person>| r.name.clone());
        collect!(cruxes, "Crux", |r: &Record<_, Crux>| r.name().into_owned());
        collect!(triggers, "Trigger", |r: &Record<_, Trigger>| r.headline());
        collect!(evidence, "Evidence", |r: &Record<_, Evidence>| r
            .headline()
            .to_owned());
        collect!(statements, "Credence", |r: &Record<_, Statement>| r
            .credence
            .shown());
        collect!(positions, "Position", |r: &Record<_, Position>| r
            .holder
            .clone());
        collect!(follow_ups, "Follow-up", |r: &Record<_, FollowUp>| r
            .what
            .clone());
        collect!(terms, "Term", |r: &Record<_, Term>| r.term.clone());
        collect!(recorded_reviews, "Review", |r: &Record<
            ChangeId,
            ReviewHeld,
        >| r
            .id
            .day()
            .to_string());
        collect!(decisions, "Decision", |r: &Record<_, Decision>| r
            .why
            .clone());
        collect!(reviews, "Review", |r: &Record<ReviewId, Review>| r
            .id
            .0
            .day()
            .to_string());
        collect!(rounds, "Blind round", |r: &Record<RoundId, Round>| r
            .id
            .0
            .day()
            .to_string());
        collect!(messages, "Message", |r: &Record<_, Message>| {
            format!("{}: {}", r.author, short(&r.text, 120))
        });
        collect!(brief_reads, "Reader of the brief", |r: &Record<
            _,
            BriefRead,
        >| r.who.clone());
        found.sort_by_key(|(when, ..)| Reverse(*when));
        found
            .into_iter()
            .map(|(_, id, kind, name)| (id, kind, name))
            .collect()
    }

    /// How many changes came after a moment that say something of the board, and not of what there
    /// is to read or who has read.
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

    /// Every change about a record that this version understands, oldest first, with whether it
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
