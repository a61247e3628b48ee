//! Tables for spreadsheets: export of credences and evidence, and import of tables of any kind.
//!
//! - `sheet`: a table as rows of texts, a [`Sheet`]. `read`: parses a text to a sheet, with `records`,
//!   `separator` and `markdown_table`. `json`, `archive` and `metaculus`: files of other programs.
//! - `guess`: the meaning of each column, by its heading (`column_names`, `headings`, `evidence_headings`,
//!   `known_formats`) or its content. `layout` and `wide`: tables with a column for each person or question.
//! - `figure`: numbers in cells. `column_scale`, `told_scale` and `dates`: the scale of numbers, and the order
//!   of day and month. Both are decided once for a column; if the column does not determine them, [`Plan`]
//!   asks.
//! - [`plan`](fn@plan) and [`plan_evidence`]: compute the effect of an import. `row`: of one row, with
//!   `question` and `authors` for options, resolutions, notes and comments.
//! - `write`: RFC 4180, UTF-8 with a byte-order mark, dates as ISO 8601. A cell that a spreadsheet would run
//!   as a formula gets an apostrophe, which the import removes.

mod archive;
mod authors;
mod cell;
mod column_names;
mod column_scale;
mod dates;
mod evidence;
mod evidence_headings;
mod figure;
mod format;
mod guess;
mod headings;
mod json;
mod known_formats;
mod layout;
mod markdown_table;
mod meaning;
mod metaculus;
mod planning;
mod question;
mod read;
mod records;
mod row;
mod rows;
mod scale;
mod separator;
mod sheet;
mod told_scale;
mod wide;

use crate::translation::translated;
use crate::{Millis, t, translatable};
use std::collections::{BTreeMap, BTreeSet};

use self::authors::Authors;
use self::cell::cell;
use self::column_scale::column_scale;
use self::planning::Planning;
use self::rows::{Rows, known_comments, known_statements, over_limit};
use crate::board::Board;
use crate::change::Change;
use crate::date::Now;
use crate::export::csv::written;
use crate::format::short;
use crate::record::PersonId;

pub use self::archive::table_in_archive;
pub use self::column_scale::ColumnScale;
pub use self::dates::{DayOrder, Undated};
pub use self::evidence::{evidence_csv, plan_evidence};
pub use self::evidence_headings::guess_evidence;
pub use self::format::Format;
pub use self::guess::{guess, holds_evidence};
pub use self::layout::Layout;
pub use self::meaning::Meaning;
pub use self::scale::Scale;
pub use self::sheet::{MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Sheet, SheetError};
pub use self::wide::{guess_layout, may_be_wide};

/// Exports everybody's statements, one per row, by crux and earliest first; then their credences in options, as
/// things stand and if a crux is true.
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
                String::new(),
                String::new(),
            ]);
        }
    }
    for option in board.options() {
        let all = board.option_credences();
        for said in all.filter(|said| said.option == option.id) {
            let crux = said.if_true.and_then(|id| board.crux(id));
            if crux.is_some_and(|crux| crux.trashed.is_some()) {
                continue;
            }
            let person = board.person(said.person);
            rows.push(vec![
                String::new(),
                String::new(),
                person.map(|person| person.name.clone()).unwrap_or_default(),
                said.credence.to_string(),
                moment(said.at),
                said.reason.clone(),
                option.name.clone(),
                crux.map(|crux| crux.name().into_owned())
                    .unwrap_or_default(),
            ]);
        }
    }
    written(&rows)
}

/// Formats a moment as ISO 8601, in UTC. Without chrono's formatting, which is larger than the rest of this
/// module.
fn moment(at: Millis) -> String {
    let second = at.0 / 1000 % 86_400;
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{}T{hour:02}:{minute:02}:{:02}Z", at.day(), second % 60)
}

/// The column of each meaning, by its index.
pub type Columns = BTreeMap<Meaning, usize>;

/// The way in which a table is read, guessed or chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The column of each meaning.
    pub columns: Columns,
    /// The layout of the numbers.
    pub layout: Layout,
    /// The chosen scale; `None` if the column determines it.
    pub scale: Option<Scale>,
    /// The chosen order of day and month; `None` if the column determines it.
    pub day_order: Option<DayOrder>,
    /// The treatment of rows without a usable date.
    pub undated: Undated,
}

impl Reading {
    /// Guesses the reading of a table of credences or questions.
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
    /// The row adds something, described in words.
    Added(String),
    /// The row changes something, described in words.
    Changed(String),
    /// The row has no effect, for this reason.
    Skipped(&'static str),
    /// The row is held back until something is chosen or corrected, for this reason.
    Held(String),
}

/// The effect of importing a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The outcome of each row.
    pub row_outcomes: Vec<RowOutcome>,
    /// The name of each row.
    pub about: Vec<RowName>,
    /// The scale of the probabilities, or that it has to be chosen; `None` if there are no probabilities.
    pub scale: Option<ColumnScale>,
    /// Whether a date is ambiguous between two days, or an order was chosen for such dates.
    pub asks_day_order: bool,
    /// Number of dates that cannot be parsed or lie in the future.
    pub bad_dates: usize,
    /// Number of new cruxes.
    pub cruxes: usize,
    /// Number of new people.
    pub people: usize,
    /// Number of new credences.
    pub credences: usize,
    /// Number of new items of evidence.
    pub evidence: usize,
    /// Number of new comments on the reading list.
    pub messages: usize,
    /// The changes, under temporary ids: see [`crate::command::Command::TakeIn`].
    pub changes: Vec<Change>,
}

/// The name of a row, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowName {
    /// The row's number, as a spreadsheet counts rows.
    pub number: usize,
    /// The beginning of the row's title or text; in a wide table also the heading of the column.
    pub about: String,
}

/// The reason why a row is held back that has more cells than the head, so that cells may be under wrong
/// headings.
const OVERLONG: &str = translatable!(
    "it has more cells than there are headings: a text with a separator in it needs quotation marks around it"
);

/// Number of characters of a row's text that name it.
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
        .map(|text| t!("“{text}”", text = short(text, NAMED_CHARS)))
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

/// Computes the effect of importing a table. Content that is on the board already is skipped, so importing a
/// table twice adds nothing more. `me` is the person whose credences they are if no column says so. `now` is
/// for rows without a date, and to recognize future dates.
///
/// While the scale of the probabilities is undecided, nothing is imported.
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
        Layout::QuestionColumns => column_scale::scales_by_heading(
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
        authors: is_fatebook.then(|| Authors::of(sheet, columns)),
        comments: match columns.contains_key(&Meaning::Comments) {
            true => known_comments(board),
            false => BTreeSet::new(),
        },
        planning: Planning::on(board),
    };
    for (place, row) in sheet.rows.iter().enumerate() {
        let row_outcome = if sheet.overlong.contains(&place) {
            RowOutcome::Held(translated(OVERLONG).into())
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
                    t!("the scale of the probabilities is still to be chosen").into()
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
        assert_eq!(moment(Millis(90_123_000)), "1970-01-02T01:02:03Z");
    }
}
