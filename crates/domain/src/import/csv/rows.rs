//! The state that is shared by all rows of an import.

use crate::t;
use std::collections::{BTreeMap, BTreeSet};

use super::authors::Authors;
use super::cell::cell;
use super::dates::{DayOrder, Moment, MomentError, Undated};
use super::format::Format;
use super::planning::{Planning, folded};
use super::scale::Scale;
use super::{Columns, Meaning, RowOutcome, dates};
use crate::board::Board;
use crate::change::{CredenceStated, Payload};
use crate::date::{DAY, Now};
use crate::limits::{excess, limit_of};
use crate::record::{CruxId, PersonId};
use crate::{Credence, Millis};

/// Returns the comments on the reading list and in its trash: author and text.
pub(super) fn known_comments(board: &Board) -> BTreeSet<(String, String)> {
    let all = board.messages().chain(board.trashed_messages());
    all.map(|message| (folded(&message.author), folded(&message.text)))
        .collect()
}

/// The times of known credences, by crux, person and credence.
pub(super) type Known = BTreeMap<(CruxId, PersonId, Credence), BTreeSet<Millis>>;

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

/// The state shared by the planning of all rows.
pub(super) struct Rows<'a> {
    /// The known credences: those of the board, and of the rows so far.
    pub(super) known: Known,
    /// The scale of the numbers; `None` while it is undecided.
    pub(super) scale: Option<Scale>,
    /// The scale of each question, if each has a column of its own.
    pub(super) scales: BTreeMap<String, Scale>,
    pub(super) day_order: Option<DayOrder>,
    pub(super) undated: Undated,
    /// The person for a number without a name beside it.
    pub(super) me: Option<PersonId>,
    pub(super) now: Now,
    pub(super) columns: &'a Columns,
    pub(super) head: &'a [String],
    pub(super) format: Option<Format>,
    /// The names that separate several comments in one cell.
    pub(super) authors: Option<Authors>,
    /// The known comments: those of the reading list, and of the rows so far.
    pub(super) comments: BTreeSet<(String, String)>,
    pub(super) planning: Planning,
}

impl Rows<'_> {
    /// Returns the time at which a row was written; `None` if it gives none. Rows without a credence need no
    /// time.
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
        let near = (moment.at - 2 * DAY)..=(moment.at + 2 * DAY);
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

/// Holds a row back if one of its texts exceeds the limit of its field.
pub(super) fn over_limit(columns: &Columns, row: &[String]) -> Option<RowOutcome> {
    // A title alone becomes the claim.
    let title = match cell(columns, row, Meaning::Claim) {
        "" => "claim",
        _ => "title",
    };
    [
        (Meaning::Question, title, t!("question or title")),
        (Meaning::Claim, "claim", t!("claim")),
        (Meaning::Person, "name", t!("name of the person")),
        (Meaning::Note, "reason", t!("reason or note")),
        (Meaning::Text, "text", t!("evidence")),
        (Meaning::Quote, "quote", t!("quote")),
        (Meaning::Link, "url", t!("link")),
        (Meaning::Source, "source", t!("source")),
        (Meaning::Message, "message", t!("message")),
        (Meaning::Tags, "text", t!("tags")),
        (Meaning::Option, "title", t!("answer option")),
        (Meaning::Author, "name", t!("author")),
        (Meaning::Owner, "name", t!("owner")),
        (Meaning::Resolution, "title", t!("resolution")),
        (Meaning::Mitigation, "what", t!("mitigation")),
        (Meaning::Background, "note", t!("notes on the question")),
        (Meaning::Comments, "text", t!("comments")),
    ]
    .into_iter()
    .find_map(|(meaning, field, words)| {
        let excess = excess(cell(columns, row, meaning), limit_of(field))?;
        Some(RowOutcome::Held(t!(
            "its {column} is too long: {excess}",
            column = words,
            excess
        )))
    })
}
