//! The effect of importing one row of a table.

use super::cell::{cell, quoted};
use super::dates::{self, Moment, MomentError, Undated};
use super::figure::Figure;
use super::headings::is_in_option;
use super::planning::Found;
use super::rows::Rows;
use super::scale::Scale;
use super::{Meaning, RowOutcome, question};
use crate::Credence;
use crate::record::{CruxId, PersonId};
use crate::translation::{percent, translated};
use crate::{t, translatable};

const SEVERAL: &str =
    translatable!("two cruxes have this title, and no claim tells which is meant");
const IN_OPTION: &str = translatable!(
    "it is a credence in an option, which is not imported from tables; the file of the whole board has it"
);
const KNOWN: &str = translatable!("this credence is there already");

/// The number of a row, with its interpretation.
struct Number<'row> {
    /// The text of the number's cell.
    cell: &'row str,
    figure: Option<Figure>,
    /// The scale; `None` while it is undecided.
    scale: Option<Scale>,
    credence: Option<Credence>,
    /// The text of the date's cell.
    date: &'row str,
    moment: Result<Option<Moment>, MomentError>,
}

impl<'row> Number<'row> {
    /// Returns the text of the cell if it is a range.
    fn range(&self) -> Option<&'row str> {
        self.figure
            .is_some_and(|figure| figure.is_range)
            .then_some(self.cell)
    }

    /// Formats the credence: "35%", with the cell's text if that differs.
    fn words(&self, credence: Credence) -> String {
        let credence = percent(credence);
        match (self.range(), self.moment) {
            (Some(range), Ok(_)) => t!("{credence}, the middle of {range}", credence, range),
            (None, Ok(_)) => credence,
            (_, Err(trouble)) => {
                let why = dates::why_not(&quoted(self.date), trouble);
                t!("{credence} as of now, since {why}", credence, why)
            }
        }
    }

    /// Returns why the cell's text is not a credence.
    fn why_not(&self) -> &'static str {
        match (self.figure, self.scale) {
            (None, _) => t!("its probability is no number"),
            (Some(_), Some(Scale::Percent) | None) => {
                t!("its probability is no number from 0 to 100")
            }
            (Some(_), Some(_)) => t!("its probability is not on the scale"),
        }
    }
}

impl Rows<'_> {
    pub(super) fn row(&mut self, row: &[String]) -> RowOutcome {
        if is_in_option(self.head, row) {
            return RowOutcome::Skipped(translated(IN_OPTION));
        }
        let cell = |meaning| cell(self.columns, row, meaning);
        let (title, claim) = question::name(
            cell(Meaning::Question),
            cell(Meaning::Claim),
            cell(Meaning::Option),
        );
        if title.is_empty() && claim.is_empty() {
            return RowOutcome::Skipped(t!("it has no title"));
        }
        let number = self.number(row, &title);
        if let Err(trouble) = number.moment
            && self.undated == Undated::HeldBack
        {
            return RowOutcome::Held(dates::why_not(&quoted(number.date), trouble));
        }
        let days = match self.question_days(row) {
            Ok(days) => days,
            Err(error) => return RowOutcome::Held(error.to_string()),
        };
        if matches!(self.planning.cruxes.find(&title, &claim), Found::Several) {
            return RowOutcome::Held(translated(SEVERAL).into());
        }
        // The person comes before the crux, since they may be its owner.
        let name = cell(Meaning::Person);
        let mut newcomer = Vec::new();
        let person = match name {
            "" => self.me,
            name => self
                .planning
                .person(name, number.credence.is_some(), &mut newcomer),
        };
        let mut question = self.question(row, days);
        let edit = std::mem::take(&mut question.edit);
        let mut said = Vec::new();
        let Some(crux) = self.planning.crux(&title, &claim, edit, &mut said) else {
            return RowOutcome::Held(translated(SEVERAL).into());
        };
        said.append(&mut newcomer);
        let settled = self.settle(crux, &mut question);
        said.extend(self.list_comments(row));
        let left = self.take_number(crux, person, &number, cell(Meaning::Note), &mut said);
        let is_change = said.is_empty() && settled.is_some();
        said.extend(settled);
        if said.is_empty() {
            if question.contradicts {
                return RowOutcome::Held(t!("its crux is settled or retired otherwise").into());
            }
            return RowOutcome::Skipped(left.unwrap_or(t!("it is on the board already")));
        }
        said.append(&mut question.without);
        let mut words = said.join(", ");
        // The crux or the person is new all the same, but the message must not suggest that the number was
        // imported too.
        if let Some(why) = left
            && why != translated(KNOWN)
            && !number.cell.is_empty()
        {
            words = t!(
                "{words}, without {cell}: {why}",
                words,
                cell = quoted(number.cell),
                why
            );
        }
        if is_change {
            RowOutcome::Changed(words)
        } else {
            RowOutcome::Added(words)
        }
    }

    /// Reads the number of a row on the scale of its column, with its time.
    fn number<'row>(&mut self, row: &'row [String], title: &str) -> Number<'row> {
        let number = cell(self.columns, row, Meaning::Chance);
        let figure = Figure::read(number);
        let scale = self.scales.get(title).copied().or(self.scale);
        let credence = figure.and_then(|figure| figure.credence(scale?));
        let date = cell(self.columns, row, Meaning::Date);
        Number {
            cell: number,
            figure,
            scale,
            credence,
            date,
            moment: self.moment(date, credence.is_some()),
        }
    }

    /// States the credence of a row and adds a description to `said`. Returns the reason if nothing was
    /// stated.
    fn take_number(
        &mut self,
        crux: CruxId,
        person: Option<PersonId>,
        number: &Number<'_>,
        reason: &str,
        said: &mut Vec<String>,
    ) -> Option<&'static str> {
        match (number.credence, person) {
            (Some(credence), Some(person)) => {
                let at = number.moment.ok().flatten();
                if self.is_known(crux, person, credence, at) {
                    return Some(translated(KNOWN));
                }
                said.push(number.words(credence));
                self.state(
                    crux,
                    person,
                    credence,
                    at,
                    with_range(reason, number.range()),
                );
                None
            }
            (None, _) if !number.cell.is_empty() => Some(number.why_not()),
            (Some(_), None) => Some(t!("it does not say whose credence this is")),
            (None, _) => Some(t!("it is on the board already")),
        }
    }
}

/// Returns a reason that preserves the range, of which only the middle is stated.
fn with_range(reason: &str, range: Option<&str>) -> String {
    match range {
        None => reason.to_owned(),
        Some(range) if reason.is_empty() => format!("Range: {range}"),
        Some(range) => format!("{reason} (range: {range})"),
    }
}
