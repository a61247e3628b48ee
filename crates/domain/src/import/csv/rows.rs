//! Rows of a table: what each of them would do.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::{DayOrder, Moment, MomentError, Undated};
use super::format::Format;
use super::scale::{Figure, Scale};
use super::{Columns, DAY, Found, Meaning, Planning, RowOutcome, dates, folded, question};
use crate::Credence;
use crate::board::Board;
use crate::change::{CredenceStated, Payload};
use crate::date::Now;
use crate::format::short;
use crate::limits::{excess, limit_of};
use crate::record::{CruxId, PersonId};

/// The comments that are on the reading list or in its trash: who wrote them, and what they say.
pub(super) fn known_comments(board: &Board) -> BTreeSet<(String, String)> {
    let all = board.messages().chain(board.trashed_messages());
    all.map(|message| (folded(&message.author), folded(&message.text)))
        .collect()
}

/// When which credences were stated: by crux, person and credence.
pub(super) type Known = BTreeMap<(CruxId, PersonId, Credence), BTreeSet<u64>>;

pub(super) fn known_statements(board: &Board) -> Known {
    let mut known = Known::new();
    for crux in board.cruxes() {
        for (held, (statement, _)) in board.timeline(crux.id) {
            let key = (crux.id, statement.person, statement.credence);
            known.entry(key).or_default().insert(held);
        }
    }
    known
}

/// State shared by the planning of all rows.
pub(super) struct Rows<'a> {
    /// Of the board, and of the rows so far.
    pub(super) known: Known,
    /// `None` while it is open.
    pub(super) scale: Option<Scale>,
    /// The scale of each question, where each has a column of its own.
    pub(super) scales: BTreeMap<String, Scale>,
    pub(super) day_order: Option<DayOrder>,
    pub(super) undated: Undated,
    /// Whose a number is that has no name beside it.
    pub(super) me: Option<PersonId>,
    pub(super) now: Now,
    pub(super) columns: &'a Columns,
    pub(super) head: &'a [String],
    pub(super) format: Option<Format>,
    /// The names that tell comments apart, where a cell holds several.
    pub(super) authors: Option<question::Authors>,
    /// On the reading list, and of the rows so far.
    pub(super) comments: BTreeSet<(String, String)>,
    pub(super) planning: Planning,
}

pub(super) const SEVERAL: &str = "two cruxes have this title, and no claim tells which is meant";
pub(super) const KNOWN: &str = "this credence is there already";

impl Rows<'_> {
    pub(super) fn row(&mut self, row: &[String]) -> RowOutcome {
        let cell = |meaning| cell(self.columns, row, meaning);
        let (title, claim) = question::name(
            cell(Meaning::Question),
            cell(Meaning::Claim),
            cell(Meaning::Option),
        );
        if title.is_empty() && claim.is_empty() {
            return RowOutcome::Skipped("it has no title");
        }
        let chance = cell(Meaning::Chance);
        let figure = Figure::read(chance);
        let scale = self.scales.get(&*title).copied().or(self.scale);
        let credence = figure.and_then(|figure| figure.credence(scale?));
        let date = cell(Meaning::Date);
        let moment = self.moment(date, credence.is_some());
        if let Err(trouble) = moment
            && self.undated == Undated::HeldBack
        {
            return RowOutcome::Held(dates::why_not(&quoted(date), trouble));
        }
        let days = match self.question_days(row) {
            Ok(days) => days,
            Err(error) => return RowOutcome::Held(error.to_string()),
        };
        if matches!(self.planning.cruxes.find(&title, &claim), Found::Several) {
            return RowOutcome::Held(SEVERAL.into());
        }
        // Before the crux, whose owner they may be.
        let name = cell(Meaning::Person);
        let mut newcomer = Vec::new();
        let person = match name {
            "" => self.me,
            name => self
                .planning
                .person(name, credence.is_some(), &mut newcomer),
        };
        let mut question = self.question(row, days);
        let edit = std::mem::take(&mut question.edit);
        let mut said = Vec::new();
        let Some(crux) = self.planning.crux(&title, &claim, edit, &mut said) else {
            return RowOutcome::Held(SEVERAL.into());
        };
        said.append(&mut newcomer);
        let settled = self.settle(crux, &mut question);
        said.extend(self.list_comments(row));
        let left = match (credence, person) {
            (Some(credence), Some(person)) => {
                let at = moment.ok().flatten();
                if self.is_known(crux, person, credence, at) {
                    Some(KNOWN)
                } else {
                    let range = figure
                        .is_some_and(|figure| figure.is_range)
                        .then_some(chance);
                    let reason = cell(Meaning::Note);
                    said.push(match (range, moment) {
                        (Some(range), Ok(_)) => format!("{credence}%, the middle of {range}"),
                        (None, Ok(_)) => format!("{credence}%"),
                        (_, Err(trouble)) => {
                            let why = dates::why_not(&quoted(date), trouble);
                            format!("{credence}% as of now, since {why}")
                        }
                    });
                    self.state(crux, person, credence, at, with_range(reason, range));
                    None
                }
            }
            (None, _) if !chance.is_empty() => Some(match (figure, scale) {
                (None, _) => "its probability is no number",
                (Some(_), Some(Scale::Percent) | None) => {
                    "its probability is no number from 0 to 100"
                }
                (Some(_), Some(_)) => "its probability is not on the scale",
            }),
            (Some(_), None) => Some("it does not say whose credence this is"),
            _ => Some("it is on the board already"),
        };
        let is_change = said.is_empty() && settled.is_some();
        said.extend(settled);
        if said.is_empty() {
            if question.contradicts {
                return RowOutcome::Held("its crux is settled or retired otherwise".into());
            }
            return RowOutcome::Skipped(left.unwrap_or("it is on the board already"));
        }
        said.append(&mut question.without);
        let mut words = said.join(", ");
        // Its crux or person is new all the same, but the number must not be thought to have come too.
        if let Some(why) = left
            && why != KNOWN
            && !chance.is_empty()
        {
            words = format!("{words}, without {}: {why}", quoted(chance));
        }
        if is_change {
            RowOutcome::Changed(words)
        } else {
            RowOutcome::Added(words)
        }
    }

    /// When a row was written; nothing where it does not say. Rows without a credence have no need of it.
    pub(super) fn moment(
        &mut self,
        date: &str,
        is_needed: bool,
    ) -> Result<Option<Moment>, MomentError> {
        if date.is_empty() || !is_needed {
            return Ok(None);
        }
        let moment = dates::moment(date, self.day_order, self.now);
        let plan = &mut self.planning.plan;
        match moment {
            Err(MomentError::TwoWays(..)) => plan.asks_day_order = true,
            Err(_) => plan.bad_dates += 1,
            Ok(_) => {}
        }
        moment.map(Some)
    }

    pub(super) fn is_known(
        &self,
        crux: CruxId,
        person: PersonId,
        credence: Credence,
        at: Option<Moment>,
    ) -> bool {
        let Some(known) = self.known.get(&(crux, person, credence)) else {
            return false;
        };
        let Some(moment) = at else {
            return true;
        };
        // A day may begin up to a day earlier or later than in UTC.
        let near = moment.at.saturating_sub(2 * DAY)..=moment.at.saturating_add(2 * DAY);
        known
            .range(near)
            .any(|known| dates::is_same(*known, moment, self.now))
    }

    pub(super) fn state(
        &mut self,
        crux: CruxId,
        person: PersonId,
        credence: Credence,
        at: Option<Moment>,
        reason: String,
    ) {
        let at = at.map_or(self.now.millis, |moment| moment.at);
        let key = (crux, person, credence);
        self.known.entry(key).or_default().insert(at);
        self.planning.plan.credences += 1;
        self.planning
            .add(Payload::CredenceStated(Box::new(CredenceStated {
                crux,
                reason_salt: String::new(),
                person,
                credence,
                reason,
                evidence: Vec::new(),
                reaffirms: false,
                at: Some(at),
                wall_clock: None,
            })));
    }
}

/// A reason that keeps the range whose middle is stated.
pub(super) fn with_range(reason: &str, range: Option<&str>) -> String {
    match range {
        None => reason.to_owned(),
        Some(range) if reason.is_empty() => format!("Range: {range}"),
        Some(range) => format!("{reason} (range: {range})"),
    }
}

/// Holds a row back one of whose texts is longer than its field takes.
pub(super) fn over_limit(columns: &Columns, row: &[String]) -> Option<RowOutcome> {
    // A title alone becomes the claim.
    let title = match cell(columns, row, Meaning::Claim) {
        "" => "claim",
        _ => "title",
    };
    [
        (Meaning::Question, title, "question or title"),
        (Meaning::Claim, "claim", "claim"),
        (Meaning::Person, "name", "name of the person"),
        (Meaning::Note, "reason", "reason or note"),
        (Meaning::Text, "text", "evidence"),
        (Meaning::Quote, "quote", "quote"),
        (Meaning::Link, "url", "link"),
        (Meaning::Source, "source", "source"),
        (Meaning::Message, "message", "message"),
        (Meaning::Tags, "text", "tags"),
        (Meaning::Option, "title", "answer option"),
        (Meaning::Author, "name", "author"),
        (Meaning::Owner, "name", "owner"),
        (Meaning::Resolution, "title", "resolution"),
        (Meaning::Mitigation, "what", "mitigation"),
        (Meaning::Background, "note", "notes on the question"),
        (Meaning::Comments, "text", "comments"),
    ]
    .into_iter()
    .find_map(|(meaning, field, words)| {
        let excess = excess(cell(columns, row, meaning), limit_of(field))?;
        Some(RowOutcome::Held(format!(
            "its {words} is too long: {excess}"
        )))
    })
}

/// The text of a cell, or its beginning.
pub(super) fn quoted(cell: &str) -> String {
    format!("“{}”", short(cell, 24))
}

/// The cell of a row in the column of this meaning.
pub(super) fn cell<'a>(columns: &Columns, row: &'a [String], meaning: Meaning) -> &'a str {
    let cell = columns.get(&meaning).and_then(|place| row.get(*place));
    cell.map(|cell| cell.trim()).unwrap_or_default()
}
