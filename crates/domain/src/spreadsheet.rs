//! Tables for spreadsheets: credences and evidence out, and tables of any make in.
//!
//! RFC 4180, UTF-8, dates as ISO 8601. A cell that a spreadsheet would run as a formula gets an
//! apostrophe before it, which spreadsheets do not show and which is taken off again here.

mod evidence;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::board::Board;
use crate::change::{Change, CredenceStated, Fact};
use crate::date::day_of;
use crate::record::{CruxEdit, CruxId, PersonEdit, PersonId, words};
use crate::stamp::Replica;
use crate::telling::short;
use crate::view::rank_between;
use crate::{Credence, Stamp};

pub use self::evidence::{evidence_csv, guess_evidence, holds_evidence, plan_evidence};

/// The most rows that are taken in at once.
pub const MOST_ROWS: usize = 10_000;

/// Everybody's statements, one a row, crux by crux and earliest first.
#[must_use]
pub fn credences_csv(board: &Board) -> String {
    let mut rows = vec![vec![
        "Question".into(),
        "Claim".into(),
        "Person".into(),
        "Credence in percent".into(),
        "Date".into(),
        "Reason".into(),
    ]];
    for crux in board.cruxes() {
        for (statement, basis) in board.statements_with_basis(crux.id) {
            let person = board.person(statement.person);
            rows.push(vec![
                crux.title.clone(),
                crux.claim.clone(),
                person.map(|person| person.name.clone()).unwrap_or_default(),
                statement.credence.to_string(),
                moment(statement.at),
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

fn written(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            let cell = if runs(cell) {
                format!("'{cell}")
            } else {
                cell.clone()
            };
            if cell.contains(['"', ',', ';', '\n', '\r', '\t']) {
                text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                text.push_str(&cell);
            }
        }
        text.push_str("\r\n");
    }
    text
}

/// Whether a spreadsheet would take the cell for a formula. Text that begins with an apostrophe gets
/// one more, so that none is lost on the way back.
fn runs(cell: &str) -> bool {
    let is_number = cell.parse::<f64>().is_ok();
    cell.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\'', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) && !is_number
}

/// A table that was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What its columns are called.
    pub head: Vec<String>,
    /// Its rows, each as wide as the head.
    pub rows: Vec<Vec<String>>,
}

/// Why a text is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotASheet {
    /// There is at most a heading.
    #[error(
        "There is no table in this: it takes a first row with the names of the columns, and rows below it."
    )]
    Empty,
    /// It is larger than is taken in at once.
    #[error("This table has more than {MOST_ROWS} rows. Please take it in in parts.")]
    TooLong,
    /// A quotation mark is open at the end.
    #[error("This table was cut off, or is none: a quotation mark in row {0} is never closed.")]
    Unclosed(usize),
}

impl Sheet {
    /// Reads a table with commas, semicolons or tabs between its cells, whichever its first row has
    /// most of.
    ///
    /// # Errors
    /// [`NotASheet`] says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, NotASheet> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let count = |mark: &char| first.matches(*mark).count();
        let mark = [',', '\t', ';']
            .into_iter()
            .rev()
            .max_by_key(count)
            .unwrap_or(',');
        let mut rows = cells(text, mark)?.into_iter();
        let head = rows.next().ok_or(NotASheet::Empty)?;
        let rows: Vec<Vec<String>> = rows
            .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
            .map(|mut row| {
                row.resize(head.len(), String::new());
                row
            })
            .collect();
        if rows.is_empty() {
            return Err(NotASheet::Empty);
        }
        if rows.len() > MOST_ROWS {
            return Err(NotASheet::TooLong);
        }
        Ok(Self { head, rows })
    }
}

fn cells(text: &str, mark: char) -> Result<Vec<Vec<String>>, NotASheet> {
    let mut rows = vec![Vec::new()];
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    let finish = |cell: &mut String, rows: &mut Vec<Vec<String>>| {
        let cell = std::mem::take(cell);
        let plain = cell
            .strip_prefix('\'')
            .filter(|rest| runs(rest))
            .map(str::to_owned);
        if let Some(row) = rows.last_mut() {
            row.push(plain.unwrap_or(cell));
        }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.is_empty() => is_quoted = true,
            letter if is_quoted => cell.push(letter),
            letter if letter == mark => finish(&mut cell, &mut rows),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                finish(&mut cell, &mut rows);
                rows.push(Vec::new());
            }
            letter => cell.push(letter),
        }
    }
    if is_quoted {
        return Err(NotASheet::Unclosed(rows.len()));
    }
    finish(&mut cell, &mut rows);
    // What stands behind the last line break is no row.
    if rows
        .last()
        .is_some_and(|row| row.iter().all(String::is_empty))
    {
        rows.pop();
    }
    Ok(rows)
}

words! {
    /// What a column of a table means.
    Meaning {
        /// What a crux is called.
        Question = "question", "Question or title";
        /// The claim, if it is another text than the title.
        Claim = "claim", "Claim";
        /// Who thinks so.
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
        /// What sort of thing it is.
        Kind = "kind", "Kind";
        /// The person or alias it comes from.
        Source = "source", "Source";
        /// Which message, page or document of theirs.
        Message = "message", "Message";
        /// When what it speaks of happened.
        EventDate = "event-date", "Event date";
        /// When its source said so.
        SourceDate = "source-date", "Source date";
        /// Who may see it.
        Visibility = "visibility", "Visibility";
        /// How far its source can be trusted.
        Reliability = "reliability", "Reliability";
        /// Free words.
        Tags = "tags", "Tags";
        /// Cruxes, each with direction and strength.
        BearsOn = "bears-on", "Bears on";
        /// The id it has on its board.
        Id = "id", "Id";
    }
}

impl Meaning {
    /// What a table of credences or questions can hold.
    pub const OF_CREDENCES: &'static [Self] = Self::ALL.split_at(6).0;
    /// What a table of evidence can hold.
    pub const OF_EVIDENCE: &'static [Self] = Self::ALL.split_at(6).1;
}

/// Which column means what, by its place.
pub type Columns = BTreeMap<Meaning, usize>;

/// Guesses from the names of the columns, as our own tables, Fatebook and people call them.
#[must_use]
pub fn guess(sheet: &Sheet) -> Columns {
    named(
        sheet,
        &[
            (
                Meaning::Question,
                &["question title", "question", "title", "crux", "name"][..],
            ),
            (Meaning::Claim, &["claim", "statement"]),
            (
                Meaning::Person,
                &[
                    "forecast created by",
                    "forecaster",
                    "person",
                    "user",
                    "who",
                    "created by",
                ],
            ),
            (
                Meaning::Chance,
                &[
                    "forecast (scale = 0-1)",
                    "credence in percent",
                    "forecast",
                    "probability",
                    "credence",
                    "chance",
                    "prediction",
                    "likelihood",
                ],
            ),
            (
                Meaning::Date,
                &[
                    "forecast created at",
                    "date",
                    "created at",
                    "created",
                    "when",
                    "time",
                ],
            ),
            (
                Meaning::Note,
                &[
                    "reason",
                    "note",
                    "notes",
                    "comment",
                    "comments",
                    "rationale",
                    "why",
                ],
            ),
        ],
    )
}

/// Finds the column of each meaning by the names it goes by: one that is so called, or else one that
/// has such a name in its own.
fn named(sheet: &Sheet, names: &[(Meaning, &[&str])]) -> Columns {
    let mut columns = Columns::new();
    for (meaning, names) in names {
        let head = || sheet.head.iter().map(|name| name.trim().to_lowercase());
        let exact = names
            .iter()
            .find_map(|name| head().position(|column| column == *name));
        let near = || {
            names
                .iter()
                .find_map(|name| head().position(|column| column.contains(name)))
        };
        let is_free = |place: &usize| !columns.values().any(|taken| taken == place);
        if let Some(place) = exact.or_else(near).filter(is_free) {
            columns.insert(*meaning, place);
        }
    }
    columns
}

/// What would become of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It adds something: what, in words.
    Added(String),
    /// It changes something: what, in words.
    Changed(String),
    /// Nothing: why.
    Skipped(&'static str),
}

/// What taking a table in would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What becomes of each row.
    pub fates: Vec<Fate>,
    /// How many cruxes are new.
    pub cruxes: usize,
    /// How many people are new.
    pub people: usize,
    /// How many credences are new.
    pub credences: usize,
    /// How many items of evidence are new.
    pub evidence: usize,
    /// The changes, under ids that only hold them together: see [`crate::decide::Command::TakeIn`].
    pub changes: Vec<Change>,
}

/// Works out what taking a table in would do. What is on the board already is passed over, so that
/// taking a table in twice does no more than once. `me`: whose credences they are where no column
/// says so; `now`: Unix milliseconds, for rows without a date.
#[must_use]
pub fn plan(
    board: &Board,
    sheet: &Sheet,
    columns: &Columns,
    me: Option<PersonId>,
    now: u64,
) -> Plan {
    let cell = |row: &[String], meaning: Meaning| cell(columns, row, meaning);
    let chances: Vec<String> = sheet
        .rows
        .iter()
        .map(|row| cell(row, Meaning::Chance))
        .collect();
    // "1" is certain where every number lies from 0 to 1, and one percent elsewhere.
    let are_chances = chances
        .iter()
        .all(|text| text.parse::<f64>().is_ok_and(|n| (0.0..=1.0).contains(&n)) || text.is_empty())
        && chances.iter().any(|text| text.contains(['.', ',']));
    let mut planning = Planning::on(board);
    for (row, chance) in sheet.rows.iter().zip(&chances) {
        let (title, claim) = (cell(row, Meaning::Question), cell(row, Meaning::Claim));
        if title.is_empty() && claim.is_empty() {
            planning.plan.fates.push(Fate::Skipped("it has no title"));
            continue;
        }
        let mut said = Vec::new();
        let crux = planning.crux(&title, &claim, &mut said);
        let credence = if are_chances {
            chance
                .replace(',', ".")
                .parse()
                .ok()
                .and_then(|n: f64| Credence::from_percent(n * 100.0))
        } else {
            chance.parse().ok()
        };
        let name = cell(row, Meaning::Person);
        let person = if name.is_empty() {
            me
        } else {
            Some(planning.person(&name, credence.is_some(), &mut said)).flatten()
        };
        let fate = match (credence, person) {
            (Some(credence), Some(person)) => {
                let day = cell(row, Meaning::Date);
                let (at, is_dated) = match date(&day) {
                    Some(at) => (at, true),
                    None => (now, false),
                };
                let note = cell(row, Meaning::Note);
                let is_known = board.statements_on(crux).iter().any(|known| {
                    known.person == person
                        && known.credence == credence
                        && (!is_dated
                            || known.at / 1000 == at / 1000
                            || (at.is_multiple_of(DAY) && known.at / DAY == at / DAY))
                });
                if is_known {
                    Some("this credence is on the board already")
                } else {
                    planning.plan.credences += 1;
                    said.push(if is_dated || day.is_empty() {
                        format!("{credence} %")
                    } else {
                        let day = quoted(&day);
                        format!("{credence} % as of now, since its date {day} is not written like 2026-03-14")
                    });
                    planning.add(Fact::CredenceStated(Box::new(CredenceStated {
                        crux,
                        reason_salt: String::new(),
                        person,
                        credence,
                        reason: note,
                        evidence: Vec::new(),
                        reaffirms: false,
                        at: Some(at),
                    })));
                    None
                }
            }
            (None, _) if !chance.is_empty() => Some("its probability is no number from 0 to 100"),
            (Some(_), None) => Some("it does not say whose credence this is"),
            _ => Some("it is on the board already"),
        };
        planning.plan.fates.push(match fate {
            Some(why) if said.is_empty() => Fate::Skipped(why),
            // Its crux or person is new all the same, but the number must not be thought to have come too.
            Some(why) if !chance.is_empty() => Fate::Added(format!(
                "{}, without {}: {why}",
                said.join(", "),
                quoted(chance)
            )),
            _ => Fate::Added(said.join(", ")),
        });
    }
    planning.plan
}

/// What stands in a cell, or its beginning.
fn quoted(cell: &str) -> String {
    format!("“{}”", short(cell, 24))
}

/// What a row says in the column of this meaning.
fn cell(columns: &Columns, row: &[String], meaning: Meaning) -> String {
    let cell = columns.get(&meaning).and_then(|place| row.get(*place));
    cell.map(|cell| cell.trim().to_owned()).unwrap_or_default()
}

const DAY: u64 = 86_400_000;

struct Planning {
    plan: Plan,
    cruxes: BTreeMap<String, CruxId>,
    people: BTreeMap<String, PersonId>,
    /// Of the last crux.
    rank: String,
}

impl Planning {
    fn on(board: &Board) -> Self {
        let mut planning = Self {
            plan: Plan::default(),
            cruxes: BTreeMap::new(),
            people: BTreeMap::new(),
            rank: String::new(),
        };
        for crux in board.cruxes() {
            planning.rank.clone_from(&crux.rank);
            for name in [&*crux.name(), &crux.claim] {
                planning.cruxes.entry(folded(name)).or_insert(crux.id);
            }
        }
        for person in board.people() {
            planning.people.insert(folded(&person.name), person.id);
        }
        planning
    }

    fn add(&mut self, fact: Fact) -> Stamp {
        let id = Stamp::new(1, self.plan.changes.len() as u32, Replica::default());
        self.plan.changes.push(Change {
            id,
            by: None,
            part_of: None,
            fact,
        });
        id
    }

    fn crux(&mut self, title: &str, claim: &str, said: &mut Vec<String>) -> CruxId {
        for name in [title, claim] {
            if let Some(known) = self.cruxes.get(&folded(name)).filter(|_| !name.is_empty()) {
                return *known;
            }
        }
        self.rank = rank_between(&self.rank, "");
        let claim = if claim.is_empty() { title } else { claim };
        let crux = CruxId(self.add(Fact::CruxAdded(Box::new(CruxEdit {
            title: (!title.is_empty() && title != claim).then(|| title.to_owned()),
            claim: Some(claim.to_owned()),
            rank: Some(self.rank.clone()),
            ..CruxEdit::default()
        }))));
        self.plan.cruxes += 1;
        said.push("new crux".into());
        for name in [title, claim] {
            self.cruxes.insert(folded(name), crux);
        }
        crux
    }

    /// The person of this name, added when there is something to say of them.
    fn person(&mut self, name: &str, is_needed: bool, said: &mut Vec<String>) -> Option<PersonId> {
        if let Some(known) = self.people.get(&folded(name)) {
            return Some(*known);
        }
        if !is_needed {
            return None;
        }
        let edit = PersonEdit {
            name: Some(name.to_owned()),
            ..PersonEdit::default()
        };
        let person = PersonId(self.add(Fact::PersonAdded(Box::new(edit))));
        self.plan.people += 1;
        said.push(format!("new person {name}"));
        self.people.insert(folded(name), person);
        Some(person)
    }
}

/// As names are compared: whatever their case and their blanks.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// A day or a moment as ISO 8601 has it, in Unix milliseconds; without an offset it is in UTC.
fn date(text: &str) -> Option<u64> {
    let day: NaiveDate = text.get(..10)?.parse().ok()?;
    let days = u64::try_from((day - NaiveDate::default()).num_days()).ok()?;
    let time = text.get(11..).unwrap_or_default().trim_end_matches('Z');
    let (time, offset) = match time.rfind(['+', '-']) {
        Some(at) => (
            time.get(..at)?,
            seconds(time.get(at + 1..)?)? * if time[at..].starts_with('-') { -1 } else { 1 },
        ),
        None => (time, 0),
    };
    let at = days as i64 * 86_400 + seconds(time)? - offset;
    u64::try_from(at).ok().map(|at| at * 1000)
}

/// Hours, minutes and seconds, as far as they are there; "12:30:00.5" and "0200" too.
fn seconds(text: &str) -> Option<i64> {
    let digits: String = text
        .split('.')
        .next()?
        .chars()
        .filter(char::is_ascii_digit)
        .take(6)
        .collect();
    let part = |at: usize| {
        digits
            .get(at..at + 2)
            .map_or(Some(0), |part| part.parse::<i64>().ok())
    };
    Some(part(0)? * 3600 + part(2)? * 60 + part(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_read_as_iso_8601_has_them() {
        for (text, millis) in [
            ("1970-01-01", Some(0)),
            ("1970-01-02T01:02:03Z", Some(90_123_000)),
            ("1970-01-02 01:02", Some(90_120_000)),
            ("1970-01-02T03:02:03.456+02:00", Some(90_123_000)),
            ("1970-01-01T23:02:03-0200", Some(90_123_000)),
            ("1969-12-31", None),
            ("yesterday", None),
            ("2026-13-01", None),
            ("", None),
        ] {
            assert_eq!(date(text), millis, "{text}");
        }
        assert_eq!(moment(90_123_000), "1970-01-02T01:02:03Z");
    }
}
