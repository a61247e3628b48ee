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
mod question;
mod read;
mod scale;
mod wide;

use std::collections::{BTreeMap, BTreeSet};

use crate::board::Board;
use crate::change::{Change, CredenceStated, Payload};
use crate::date::{Now, day_of};
use crate::export::csv::written;
use crate::format::short;
use crate::id::Replica;
use crate::limits::{excess, limit_of};
use crate::record::{CruxEdit, CruxId, PersonEdit, PersonId, Stage, keyed_enum};
use crate::text;
use crate::view::rank_between;
use crate::{ChangeId, Credence};

use self::dates::{Moment, MomentError};
use self::scale::{Figure, column_scale};

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
    /// What a table of credences or questions can hold.
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
    /// What a table of evidence can hold.
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
    /// What becomes of rows without a usable date.
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

/// What would become of one row.
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

/// What taking a table in would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What becomes of each row.
    pub row_outcomes: Vec<RowOutcome>,
    /// What each row is about.
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

/// The comments that are on the reading list or in its trash: who wrote them, and what they say.
fn known_comments(board: &Board) -> BTreeSet<(String, String)> {
    let all = board.messages().chain(board.trashed_messages());
    all.map(|message| (folded(&message.author), folded(&message.text)))
        .collect()
}

/// When which credences were stated: by crux, person and credence.
type Known = BTreeMap<(CruxId, PersonId, Credence), BTreeSet<u64>>;

fn known_statements(board: &Board) -> Known {
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
struct Rows<'a> {
    /// Of the board, and of the rows so far.
    known: Known,
    /// `None` while it is open.
    scale: Option<Scale>,
    /// The scale of each question, where each has a column of its own.
    scales: BTreeMap<String, Scale>,
    day_order: Option<DayOrder>,
    undated: Undated,
    /// Whose a number is that has no name beside it.
    me: Option<PersonId>,
    now: Now,
    columns: &'a Columns,
    head: &'a [String],
    format: Option<Format>,
    /// The names that tell comments apart, where a cell holds several.
    authors: Option<question::Authors>,
    /// On the reading list, and of the rows so far.
    comments: BTreeSet<(String, String)>,
    planning: Planning,
}

const SEVERAL: &str = "two cruxes have this title, and no claim tells which is meant";
const KNOWN: &str = "this credence is there already";

impl Rows<'_> {
    fn row(&mut self, row: &[String]) -> RowOutcome {
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
    fn moment(&mut self, date: &str, is_needed: bool) -> Result<Option<Moment>, MomentError> {
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

    fn is_known(
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

    fn state(
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
fn with_range(reason: &str, range: Option<&str>) -> String {
    match range {
        None => reason.to_owned(),
        Some(range) if reason.is_empty() => format!("Range: {range}"),
        Some(range) => format!("{reason} (range: {range})"),
    }
}

/// Holds a row back one of whose texts is longer than its field takes.
fn over_limit(columns: &Columns, row: &[String]) -> Option<RowOutcome> {
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

/// What stands in a cell, or its beginning.
fn quoted(cell: &str) -> String {
    format!("“{}”", short(cell, 24))
}

/// What a row says in the column of this meaning.
fn cell<'a>(columns: &Columns, row: &'a [String], meaning: Meaning) -> &'a str {
    let cell = columns.get(&meaning).and_then(|place| row.get(*place));
    cell.map(|cell| cell.trim()).unwrap_or_default()
}

const DAY: u64 = 86_400_000;

struct Planning {
    plan: Plan,
    cruxes: Cruxes,
    people: BTreeMap<String, PersonId>,
    /// Of the cruxes of the board, and of new ones that are not open.
    stages: BTreeMap<CruxId, Stage>,
    /// Sorts behind the cruxes of the board; the ranks of new ones begin with it.
    rank: String,
}

/// Cruxes by folded texts.
#[derive(Default)]
struct Cruxes {
    /// By title and claim.
    exactly: BTreeMap<(String, String), CruxId>,
    /// By title or claim alone; `None` where several are called so.
    by_name: BTreeMap<String, Option<CruxId>>,
    /// Those of the board by claim.
    by_claim: BTreeMap<String, CruxId>,
}

impl Cruxes {
    fn insert(&mut self, title: &str, claim: &str, crux: CruxId) {
        let title = if title.is_empty() { claim } else { title };
        let key = (folded(title), folded(claim));
        self.exactly.entry(key).or_insert(crux);
        self.name(title, crux);
        self.name(claim, crux);
    }

    fn name(&mut self, name: &str, crux: CruxId) {
        let known = self.by_name.entry(folded(name)).or_insert(Some(crux));
        if *known != Some(crux) {
            *known = None;
        }
    }

    /// The crux that a row means: the same title with another claim is another crux.
    fn find(&self, title: &str, claim: &str) -> Found {
        let (title, claim) = (folded(title), folded(claim));
        let by_name = |name: &String| match self.by_name.get(name) {
            Some(Some(crux)) => Found::One(*crux),
            Some(None) => Found::Several,
            None => Found::None,
        };
        if claim.is_empty() {
            return by_name(&title);
        }
        if title.is_empty() {
            let exact = self.exactly.get(&(claim.clone(), claim.clone()));
            return exact.map_or_else(|| by_name(&claim), |crux| Found::One(*crux));
        }
        let exact = self.exactly.get(&(title, claim.clone()));
        let crux = exact.or_else(|| self.by_claim.get(&claim));
        crux.map_or(Found::None, |crux| Found::One(*crux))
    }
}

enum Found {
    One(CruxId),
    Several,
    None,
}

impl Planning {
    fn on(board: &Board) -> Self {
        let mut planning = Self {
            plan: Plan::default(),
            cruxes: Cruxes::default(),
            people: BTreeMap::new(),
            stages: BTreeMap::new(),
            rank: String::new(),
        };
        for crux in board.cruxes() {
            planning.rank.clone_from(&crux.rank);
            planning.stages.insert(crux.id, crux.stage());
            planning.cruxes.insert(&crux.title, &crux.claim, crux.id);
            planning.cruxes.name(&crux.name(), crux.id);
            let claim = folded(&crux.claim);
            planning.cruxes.by_claim.entry(claim).or_insert(crux.id);
        }
        planning.rank = rank_between(&planning.rank, "");
        for person in board.people() {
            planning.people.insert(folded(&person.name), person.id);
        }
        planning
    }

    fn add(&mut self, payload: Payload) -> ChangeId {
        let id = ChangeId::new(1, self.plan.changes.len() as u32, Replica::default());
        self.plan.changes.push(Change {
            id,
            by: None,
            part_of: None,
            payload,
        });
        id
    }

    /// The crux of a title and a claim, added when there is none; nothing when several may be meant.
    /// `edit`: what a new one begins with besides.
    fn crux(
        &mut self,
        title: &str,
        claim: &str,
        edit: CruxEdit,
        said: &mut Vec<String>,
    ) -> Option<CruxId> {
        match self.cruxes.find(title, claim) {
            Found::One(crux) => return Some(crux),
            Found::Several => return None,
            Found::None => {}
        }
        let claim = if claim.is_empty() { title } else { claim };
        let crux = CruxId(self.add(Payload::CruxAdded(Box::new(CruxEdit {
            title: (!title.is_empty() && title != claim).then(|| title.to_owned()),
            claim: Some(claim.to_owned()),
            rank: Some(self.next_rank()),
            ..edit
        }))));
        self.plan.cruxes += 1;
        said.push("new crux".into());
        self.cruxes.insert(title, claim, crux);
        Some(crux)
    }

    /// Behind those of the new cruxes so far. All are equally long: each behind the last one by
    /// [`rank_between`] would be a letter longer every few cruxes.
    fn next_rank(&self) -> String {
        let mut rest = self.plan.cruxes;
        let mut digits = [b'b'; 4];
        for digit in digits.iter_mut().rev() {
            *digit += (rest % 25) as u8;
            rest /= 25;
        }
        self.rank.chars().chain(digits.map(char::from)).collect()
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
        let person = PersonId(self.add(Payload::PersonAdded(Box::new(edit))));
        self.plan.people += 1;
        said.push(format!("new person {name}"));
        self.people.insert(folded(name), person);
        Some(person)
    }
}

/// As names are compared: whatever their case and their blanks.
fn folded(text: &str) -> String {
    text::folded(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_iso_8601_has_them() {
        assert_eq!(moment(90_123_000), "1970-01-02T01:02:03Z");
    }
}
