//! Tables for spreadsheets: credences and evidence out, and tables of any make in.
//!
//! - `read`: from a text to a [`Sheet`]. `headings`: which column means what. `wide`: tables with a
//!   column for each person or question.
//! - `format`: what other programs export. `json`, `archive` and `metaculus`: from their files to a
//!   [`Sheet`]. `question`: options, resolutions, notes and comments.
//! - `scale` and `dates`: on which scale numbers are, and in which order days and months. Both are
//!   decided once for a column; where a column does not tell, [`Plan`] asks.
//! - [`plan`](fn@plan) and [`plan_evidence`]: what taking a table in would do.
//! - `write`: RFC 4180, UTF-8 with a byte-order mark, dates as ISO 8601. A cell that a spreadsheet
//!   would run as a formula gets an apostrophe, which is taken off again on the way in.

mod archive;
mod dates;
mod evidence;
mod format;
mod headings;
mod json;
mod metaculus;
mod planning;
mod question;
mod read;
mod rows;
mod scale;
mod wide;

use std::collections::{BTreeMap, BTreeSet};

use self::planning::{DAY, Found, Planning, folded};
use self::rows::{Rows, cell, known_comments, known_statements, over_limit, quoted};
use self::scale::column_scale;
use crate::board::Board;
use crate::change::Change;
use crate::date::{Now, day_of};
use crate::export::csv::written;
use crate::format::short;
use crate::record::{PersonId, keyed_enum};

pub use self::archive::table_in_archive;
pub use self::dates::{DayOrder, Undated};
pub use self::evidence::{evidence_csv, guess_evidence, holds_evidence, plan_evidence};
pub use self::format::Format;
pub use self::headings::guess;
pub use self::read::{MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Sheet, SheetError};
pub use self::scale::{ColumnScale, Scale};
pub use self::wide::{Layout, guess_layout, may_be_wide};

/// Everybody's statements, one a row, crux by crux and earliest first.
#[must_use]
pub fn credences_csv(board: &Board) -> String {
    let mut rows = vec![headings::OURS.map(str::to_owned).to_vec()];
    for crux in board.cruxes() {
        for (held, (statement, basis)) in board.timeline(crux.id) {
            let person = board.person(statement.person);
            rows.push(vec![
                crux.title.clone(),
                crux.claim.clone(),
                person.map(|person| person.name.clone()).unwrap_or_default(),
                statement.credence.to_string(),
                moment(held),
                basis.reason.clone(),
            ]);
        }
    }
    written(&rows)
}

/// ISO 8601, in UTC. Spelled here: chrono's own formats weigh more than the rest of this.
fn moment(millis: u64) -> String {
    let second = millis / 1000 % 86_400;
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!(
        "{}T{hour:02}:{minute:02}:{:02}Z",
        day_of(millis),
        second % 60
    )
}

keyed_enum! {
    /// The meaning of a column.
    Meaning {
        /// The title of a crux.
        Question = "question", "Question or title";
        /// The claim, if it is another text than the title.
        Claim = "claim", "Claim";
        /// The person.
        Person = "person", "Person";
        /// How likely.
        Chance = "chance", "Probability";
        /// When.
        Date = "date", "Date";
        /// Why.
        Note = "note", "Reason or note";
        /// An item of evidence in our words.
        Text = "text", "Evidence";
        /// In the words of its source.
        Quote = "quote", "Quote";
        /// Where it is to be read.
        Link = "link", "Link";
        /// The kind.
        Kind = "kind", "Kind";
        /// The person or alias it comes from.
        Source = "source", "Source";
        /// Which message, page or document of theirs.
        Message = "message", "Message";
        /// When what it speaks of happened.
        EventDate = "event-date", "Event date";
        /// When its source said so.
        SourceDate = "source-date", "Source date";
        /// The visibility.
        Visibility = "visibility", "Visibility";
        /// How far its source can be trusted.
        Reliability = "reliability", "Reliability";
        /// Free words.
        Tags = "tags", "Tags";
        /// Cruxes, each with direction and strength.
        BearsOn = "bears-on", "Bears on";
        /// The id it has on its board.
        Id = "id", "Id";
        /// One answer of a question that has several.
        Option = "option", "Answer option";
        /// The author of the question.
        Author = "author", "Author of the question";
        /// The person who looks after it.
        Owner = "owner", "Owner";
        /// Notes on the question itself.
        Background = "background", "Notes on the question";
        /// Comments on it.
        Comments = "comments", "Comments";
        /// The day by which it is to be resolved.
        ResolveBy = "resolve-by", "Resolve by";
        /// Its resolution: yes, no or neither.
        Resolution = "resolution", "Resolution";
        /// The day on which it was resolved.
        ResolvedAt = "resolved-at", "Resolved on";
        /// Its importance.
        Importance = "importance", "Importance";
        /// Ways to make it less damaging, one a line.
        Mitigation = "mitigation", "Mitigation";
    }
}

impl Meaning {
    /// The columns of a table of credences or questions.
    pub const OF_CREDENCES: &'static [Self] = &[
        Self::Question,
        Self::Claim,
        Self::Person,
        Self::Chance,
        Self::Date,
        Self::Note,
        Self::Option,
        Self::Resolution,
        Self::ResolvedAt,
        Self::ResolveBy,
        Self::Background,
        Self::Comments,
        Self::Tags,
        Self::Author,
        Self::Owner,
        Self::Importance,
        Self::Mitigation,
    ];
    /// The columns of a table of evidence.
    pub const OF_EVIDENCE: &'static [Self] = Self::ALL.split_at(6).1.split_at(13).0;
}

/// Which column means what, by its place.
pub type Columns = BTreeMap<Meaning, usize>;

/// How a table is read, as it was guessed or chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Which column means what.
    pub columns: Columns,
    /// Where the numbers stand.
    pub layout: Layout,
    /// The scale that was chosen; `None`: what the column tells.
    pub scale: Option<Scale>,
    /// The order of dates that was chosen; `None`: what the column tells.
    pub day_order: Option<DayOrder>,
    /// The treatment of rows without a usable date.
    pub undated: Undated,
}

impl Reading {
    /// Guesses how a table of credences or questions is to be read.
    #[must_use]
    pub fn guessed(board: &Board, sheet: &Sheet) -> Self {
        let columns = guess(sheet);
        Self {
            layout: guess_layout(board, sheet, &columns),
            columns,
            ..Self::default()
        }
    }
}

/// The outcome of importing one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// It adds something: what, in words.
    Added(String),
    /// It changes something: what, in words.
    Changed(String),
    /// Nothing: why.
    Skipped(&'static str),
    /// Nothing until something is chosen or corrected: why.
    Held(String),
}

/// The effect of importing a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The outcome of each row.
    pub row_outcomes: Vec<RowOutcome>,
    /// The name of each row.
    pub about: Vec<RowName>,
    /// On which scale the probabilities are, or that it has to be chosen.
    pub scale: Option<ColumnScale>,
    /// Whether a date may be one of two days, or an order was chosen for such dates.
    pub asks_day_order: bool,
    /// How many dates cannot be read or have not come yet.
    pub bad_dates: usize,
    /// How many cruxes are new.
    pub cruxes: usize,
    /// How many people are new.
    pub people: usize,
    /// How many credences are new.
    pub credences: usize,
    /// How many items of evidence are new.
    pub evidence: usize,
    /// How many comments are new on the reading list.
    pub messages: usize,
    /// The changes, under ids that only hold them together: see [`crate::command::Command::TakeIn`].
    pub changes: Vec<Change>,
}

/// Which row of a table, and what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowName {
    /// As a spreadsheet counts rows.
    pub number: usize,
    /// The beginning of its title or text, and in a wide table the heading of the column.
    pub about: String,
}

/// Why a row is held back whose cells may stand under wrong headings.
const OVERLONG: &str = "it has more cells than there are headings: a text with a separator in it needs quotation marks around it";

/// How much of the text of a row names it.
const NAMED_CHARS: usize = 80;

fn row_name(sheet: &Sheet, place: usize, columns: &Columns, is_wide: bool) -> RowName {
    let row = &sheet.rows[place];
    let first = [
        Meaning::Question,
        Meaning::Claim,
        Meaning::Text,
        Meaning::Quote,
    ];
    let text = first
        .into_iter()
        .map(|meaning| cell(columns, row, meaning))
        .find(|text| !text.is_empty());
    let mut about = text
        .map(|text| format!("“{}”", short(text, NAMED_CHARS)))
        .unwrap_or_default();
    let person = cell(columns, row, Meaning::Person);
    if is_wide && !person.is_empty() {
        about = format!("{about} {}", short(person, NAMED_CHARS));
    }
    RowName {
        number: sheet.numbers[place],
        about,
    }
}

/// Works out what taking a table in would do. What is on the board already is passed over, so that
/// taking a table in twice does no more than once. `me`: whose credences they are where no column
/// says so; `now`: for rows without a date, and to find dates that have not come yet.
///
/// While the scale of its probabilities is open, nothing is taken in.
#[must_use]
pub fn plan(
    board: &Board,
    sheet: &Sheet,
    reading: &Reading,
    me: Option<PersonId>,
    now: Now,
) -> Plan {
    let is_wide = reading.layout != Layout::Rows;
    if !is_wide {
        return plan_rows(board, sheet, &reading.columns, reading, me, now);
    }
    match wide::long(sheet, &reading.columns, reading.layout) {
        Ok((sheet, columns)) => plan_rows(board, &sheet, &columns, reading, me, now),
        Err(problem) => Plan {
            about: vec![RowName::default()],
            row_outcomes: vec![RowOutcome::Held(problem.to_string())],
            ..Plan::default()
        },
    }
}

fn plan_rows(
    board: &Board,
    sheet: &Sheet,
    columns: &Columns,
    reading: &Reading,
    me: Option<PersonId>,
    now: Now,
) -> Plan {
    let cells = |meaning| {
        let rows = sheet.rows.iter();
        rows.map(move |row| cell(columns, row, meaning))
    };
    let heading = columns
        .get(&Meaning::Chance)
        .map(|place| &sheet.head[*place]);
    let heading = heading.map(String::as_str).unwrap_or_default();
    let (scale, scales) = match reading.layout {
        Layout::QuestionColumns => scale::scales_by_heading(
            cells(Meaning::Question),
            cells(Meaning::Chance),
            reading.scale,
        ),
        _ => {
            let scale = column_scale(heading, cells(Meaning::Chance), reading.scale);
            (scale, BTreeMap::new())
        }
    };
    let days = cells(Meaning::Date)
        .chain(cells(Meaning::ResolveBy))
        .chain(cells(Meaning::ResolvedAt));
    let day_order = reading.day_order.or_else(|| dates::shown_order(days));
    let is_wide = reading.layout != Layout::Rows;
    let is_named =
        columns.contains_key(&Meaning::Person) || sheet.format.is_some_and(Format::names_everybody);
    let is_fatebook = sheet.format == Some(Format::Fatebook);
    let mut rows = Rows {
        known: known_statements(board),
        scale: scale
            .as_ref()
            .map_or(Some(Scale::Percent), |found| found.scale),
        scales,
        day_order,
        undated: reading.undated,
        me: me.filter(|_| !is_named),
        now,
        columns,
        head: &sheet.head,
        format: sheet.format,
        authors: is_fatebook.then(|| question::Authors::of(sheet, columns)),
        comments: match columns.contains_key(&Meaning::Comments) {
            true => known_comments(board),
            false => BTreeSet::new(),
        },
        planning: Planning::on(board),
    };
    for (place, row) in sheet.rows.iter().enumerate() {
        let row_outcome = if sheet.overlong.contains(&place) {
            RowOutcome::Held(OVERLONG.into())
        } else if let Some(row_outcome) = over_limit(columns, row) {
            row_outcome
        } else {
            rows.row(row)
        };
        let plan = &mut rows.planning.plan;
        plan.row_outcomes.push(row_outcome);
        plan.about.push(row_name(sheet, place, columns, is_wide));
    }
    let mut plan = rows.planning.plan;
    plan.asks_day_order |= reading.day_order.is_some();
    if scale.as_ref().is_some_and(|scale| scale.scale.is_none()) {
        plan = Plan {
            row_outcomes: vec![
                RowOutcome::Held(
                    "the scale of the probabilities is still to be chosen".into()
                );
                plan.row_outcomes.len()
            ],
            about: plan.about,
            asks_day_order: plan.asks_day_order,
            bad_dates: plan.bad_dates,
            ..Plan::default()
        };
    }
    plan.scale = scale;
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_iso_8601_has_them() {
        assert_eq!(moment(90_123_000), "1970-01-02T01:02:03Z");
    }
}
