//! What one can ask of a board. Lists leave out what lies in the trash.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Board, Linked};
use crate::ChangeId;
use crate::change::{Change, Payload, ReviewHeld};
use crate::format::short;
use crate::log::Entry;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, BriefReadId, CredenceRule, Crux, CruxId, Decision,
    DecisionId, Direction, Evidence, EvidenceId, FollowUp, FollowUpId, Message, MessageId,
    OptionId, Person, PersonId, Position, PositionId, Record, Review, ReviewId, Round, RoundId,
    Statement, StatementId, Term, TermId, Trigger, TriggerId,
};

/// A statement, and the one whose reason and evidence hold for it.
pub type WithBasis<'a> = (
    &'a Record<StatementId, Statement>,
    &'a Record<StatementId, Statement>,
);

/// Reviews that were only recorded less than this apart are one.
pub(crate) const DAY_MILLIS: u64 = 86_400_000;

/// One person's latest word on a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentView {
    /// The statement itself.
    pub id: StatementId,
    /// What it says. A confirmation has the reason and evidence of the statement it confirms.
    pub statement: Statement,
    /// The credence before it, if there was one.
    pub previous: Option<crate::Credence>,
    /// Whether it is older than the board wants statements to be.
    pub is_stale: bool,
}

/// Drops each confirmation whose person had stated another credence before it, as the log has it,
/// while it repeats an earlier one: it was made on a device that had not heard of the move.
///
/// Takes the statements earliest first. A confirmation whose own basis is gone stays.
fn drop_overtaken(statements: &mut Vec<&Record<StatementId, Statement>>) {
    let mut kept: Vec<&Record<StatementId, Statement>> = Vec::with_capacity(statements.len());
    for said in statements.drain(..) {
        let is_overtaken = said.reaffirms && {
            let mut earlier = kept
                .iter()
                .rev()
                .filter(|other| other.person == said.person && other.id < said.id);
            let latest = earlier.next();
            latest.is_some_and(|latest| latest.credence != said.credence)
                && earlier.any(|other| other.credence == said.credence)
        };
        if !is_overtaken {
            kept.push(said);
        }
    }
    *statements = kept;
}

fn present<'a, Id: 'a, T: 'a>(
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

    /// The statements on a crux, also those in the trash.
    pub fn statements_ever(&self, crux: CruxId) -> impl Iterator<Item = ChangeId> {
        let linked = self.linked(crux).into_iter();
        linked.flat_map(|linked| linked.statements.iter().map(|id| id.0))
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

    /// A decision, also one in the trash.
    #[must_use]
    pub fn decision(&self, id: DecisionId) -> Option<&Record<DecisionId, Decision>> {
        self.tables.decisions.get(&id).map(Box::as_ref)
    }

    /// A review that was started here, also one in the trash.
    #[must_use]
    pub fn review(&self, id: ReviewId) -> Option<&Record<ReviewId, Review>> {
        self.tables.reviews.get(&id).map(Box::as_ref)
    }

    /// A blind round, also one in the trash.
    #[must_use]
    pub fn round(&self, id: RoundId) -> Option<&Record<RoundId, Round>> {
        self.tables.rounds.get(&id).map(Box::as_ref)
    }

    /// An option, also one in the trash.
    #[must_use]
    pub fn option(&self, id: OptionId) -> Option<&Record<OptionId, BoardOption>> {
        self.tables.options.get(&id).map(Box::as_ref)
    }

    /// A person, also one in the trash.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Record<PersonId, Person>> {
        self.tables.people.get(&id).map(Box::as_ref)
    }

    /// A crux, also one in the trash.
    #[must_use]
    pub fn crux(&self, id: CruxId) -> Option<&Record<CruxId, Crux>> {
        self.tables.cruxes.get(&id).map(Box::as_ref)
    }

    /// A trigger, also one in the trash.
    #[must_use]
    pub fn trigger(&self, id: TriggerId) -> Option<&Record<TriggerId, Trigger>> {
        self.tables.triggers.get(&id).map(Box::as_ref)
    }

    /// An item of evidence, also one in the trash.
    #[must_use]
    pub fn evidence(&self, id: EvidenceId) -> Option<&Record<EvidenceId, Evidence>> {
        self.tables.evidence.get(&id).map(Box::as_ref)
    }

    /// A statement.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> Option<&Record<StatementId, Statement>> {
        self.tables.statements.get(&id).map(Box::as_ref)
    }

    /// A position, also one in the trash.
    #[must_use]
    pub fn position(&self, id: PositionId) -> Option<&Record<PositionId, Position>> {
        self.tables.positions.get(&id).map(Box::as_ref)
    }

    /// A follow-up, also one in the trash.
    #[must_use]
    pub fn follow_up(&self, id: FollowUpId) -> Option<&Record<FollowUpId, FollowUp>> {
        self.tables.follow_ups.get(&id).map(Box::as_ref)
    }

    /// A term, also one in the trash.
    #[must_use]
    pub fn term(&self, id: TermId) -> Option<&Record<TermId, Term>> {
        self.tables.terms.get(&id).map(Box::as_ref)
    }

    /// A message to read, also one in the trash.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Record<MessageId, Message>> {
        self.tables.messages.get(&id).map(Box::as_ref)
    }

    /// Somebody who has seen the brief, also one in the trash.
    #[must_use]
    pub fn brief_read(&self, id: BriefReadId) -> Option<&Record<BriefReadId, BriefRead>> {
        self.tables.brief_reads.get(&id).map(Box::as_ref)
    }

    fn linked(&self, crux: CruxId) -> Option<&Linked> {
        self.tables.by_crux.get(&crux)
    }

    /// The cruxes that were split from this one.
    pub fn parts_of(&self, crux: CruxId) -> impl Iterator<Item = &Record<CruxId, Crux>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.parts);
        present(ids.filter_map(|id| self.crux(*id)))
    }

    /// A crux's triggers, in the order in which they were added.
    pub fn triggers_of(&self, crux: CruxId) -> impl Iterator<Item = &Record<TriggerId, Trigger>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.triggers);
        present(ids.filter_map(|id| self.trigger(*id)))
    }

    /// When the credence triggers of a crux are met, in the order in which they were added.
    #[must_use]
    pub fn credence_rules(&self, crux: CruxId) -> Vec<CredenceRule> {
        self.triggers_of(crux)
            .filter_map(|trigger| trigger.rule)
            .collect()
    }

    /// What bears on a crux, oldest first.
    pub fn evidence_on(&self, crux: CruxId) -> impl Iterator<Item = &Record<EvidenceId, Evidence>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.evidence);
        present(ids.filter_map(|id| self.evidence(*id)))
    }

    /// How many items speak for a crux, and how many against it.
    #[must_use]
    pub fn evidence_balance(&self, crux: CruxId) -> (usize, usize) {
        self.evidence_on(crux)
            .filter_map(|evidence| evidence.bears_on.get(&crux))
            .fold((0, 0), |(pro, con), bears_on| match bears_on.direction {
                Direction::For => (pro + 1, con),
                Direction::Against => (pro, con + 1),
                Direction::Neutral => (pro, con),
            })
    }

    /// How many items on a crux have their origin in common with another one on it: each of two says so,
    /// or both name the same third.
    #[must_use]
    pub fn of_one_origin(&self, crux: CruxId) -> usize {
        let items: Vec<_> = self.evidence_on(crux).collect();
        let shares = |one: &&&Record<EvidenceId, Evidence>| {
            let others = items.iter().filter(|other| other.id != one.id);
            others.into_iter().any(|other| {
                other.same_origin_as.contains(&one.id)
                    || one.same_origin_as.contains(&other.id)
                    || one
                        .same_origin_as
                        .iter()
                        .any(|third| other.same_origin_as.contains(third))
            })
        };
        items.iter().filter(shares).count()
    }

    /// The items of evidence that share an origin with another one, whichever of the two says so.
    #[must_use]
    pub fn sharing_origin(&self) -> BTreeSet<EvidenceId> {
        let mut sharing = BTreeSet::new();
        for one in self.all_evidence() {
            for other in &one.same_origin_as {
                let other = self.evidence(*other);
                if let Some(other) = other.filter(|other| other.trashed.is_none()) {
                    sharing.extend([one.id, other.id]);
                }
            }
        }
        sharing
    }

    /// What people outside the board hold of a crux, in the order in which it was recorded.
    pub fn positions_on(
        &self,
        crux: CruxId,
    ) -> impl Iterator<Item = &Record<PositionId, Position>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.positions);
        present(ids.filter_map(|id| self.position(*id)))
    }

    /// What is owed or awaited on a crux.
    pub fn follow_ups_on(
        &self,
        crux: CruxId,
    ) -> impl Iterator<Item = &Record<FollowUpId, FollowUp>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.follow_ups);
        present(ids.filter_map(|id| self.follow_up(*id)))
    }

    /// All statements on a crux by people who are not in the trash, earliest first. Without the
    /// confirmations of a view that its person had moved meanwhile on another device: the move wins.
    #[must_use]
    pub fn statements_on(&self, crux: CruxId) -> Vec<&Record<StatementId, Statement>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.statements);
        let mut statements: Vec<_> = present(ids.filter_map(|id| self.statement(*id)))
            .filter(|s| {
                self.person(s.person)
                    .is_some_and(|person| person.trashed.is_none())
            })
            .collect();
        statements.sort_by_key(|statement| (statement.order, statement.id));
        drop_overtaken(&mut statements);
        statements
    }

    /// The same, each with the statement whose reason and evidence hold for it: the one it confirms
    /// if it is a confirmation without any of its own, otherwise itself.
    #[must_use]
    pub fn statements_with_basis(&self, crux: CruxId) -> Vec<WithBasis<'_>> {
        let mut latest: Vec<&Record<StatementId, Statement>> = Vec::new();
        let statements = self.statements_on(crux).into_iter();
        let with_basis = statements.map(|said| {
            let is_bare = said.reaffirms && said.reason.is_empty() && said.evidence.is_empty();
            match latest.iter_mut().find(|basis| basis.person == said.person) {
                Some(basis) if is_bare => (said, *basis),
                Some(basis) => {
                    *basis = said;
                    (said, said)
                }
                None => {
                    latest.push(said);
                    (said, said)
                }
            }
        });
        with_basis.collect()
    }

    /// The same by the wall clock, each with the time since when it was held. Somebody's statements
    /// stay in their order: one that they replaced was held no later than the one that replaced it,
    /// whatever the clock of its device showed.
    #[must_use]
    pub fn timeline(&self, crux: CruxId) -> Vec<(u64, WithBasis<'_>)> {
        let with_basis = self.statements_with_basis(crux).into_iter();
        let mut timed: Vec<_> = with_basis.map(|pair| (pair.0.at, pair)).collect();
        let mut next: BTreeMap<PersonId, u64> = BTreeMap::new();
        for (held, (said, _)) in timed.iter_mut().rev() {
            let next = next.entry(said.person).or_insert(u64::MAX);
            *held = (*held).min(*next);
            *next = *held;
        }
        timed.sort_by_key(|(held, (said, _))| (*held, said.order, said.id));
        timed
    }

    /// The statement whose reason and evidence hold for this one: see
    /// [`Self::statements_with_basis`].
    #[must_use]
    pub fn basis_of(&self, id: StatementId) -> Option<&Record<StatementId, Statement>> {
        let said = self.statement(id)?;
        let statements = self.statements_with_basis(said.crux).into_iter();
        let mut found = statements.filter(|(said, _)| said.id == id);
        Some(found.next().map_or(said, |(_, basis)| basis))
    }

    /// Everybody's latest word on a crux, in the order of the board's people. `now`: Unix
    /// milliseconds, which decides what is stale.
    #[must_use]
    pub fn current_views(&self, crux: CruxId, now: u64) -> Vec<CurrentView> {
        self.current_views_until(crux, now, ChangeId::MAX)
    }

    /// As [`Self::current_views`], with what was written down up to `moment` only.
    pub(crate) fn current_views_until(
        &self,
        crux: CruxId,
        now: u64,
        moment: ChangeId,
    ) -> Vec<CurrentView> {
        let stale_before = now.saturating_sub(u64::from(self.info().stale_days()) * 86_400_000);
        let mut views: Vec<CurrentView> = Vec::new();
        let statements = self.statements_with_basis(crux).into_iter();
        for (statement, basis) in statements.filter(|(statement, _)| statement.id.0 <= moment) {
            let before = views
                .iter()
                .position(|view| view.statement.person == statement.person)
                .map(|place| views.swap_remove(place));
            let previous = match before {
                // "Confirm unchanged" says nothing new: the move before it stays in sight.
                Some(view) if statement.reaffirms => view.previous,
                Some(view) => Some(view.statement.credence),
                None => None,
            };
            let view = CurrentView {
                id: statement.id,
                statement: Statement {
                    reason: basis.reason.clone(),
                    evidence: basis.evidence.clone(),
                    ..statement.value.clone()
                },
                previous,
                is_stale: statement.at < stale_before,
            };
            views.push(view);
        }
        views.sort_by_key(|view| view.statement.person);
        views
    }

    /// What lies in the trash: the record and what it is called, latest first.
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

    /// Whether a change adds a record of this board that can be put in the trash.
    #[must_use]
    pub fn is_record(&self, id: ChangeId) -> bool {
        self.log.counts(id)
            && self.log.change(id).is_some_and(|change| {
                change.payload.record(id) == Some(id)
                    && !matches!(change.payload, Payload::BoardDescribed(_))
            })
    }

    /// Whether the record lies in the trash.
    #[must_use]
    pub fn is_trashed(&self, id: ChangeId) -> bool {
        self.trash().iter().any(|(trashed, ..)| *trashed == id)
    }
}
