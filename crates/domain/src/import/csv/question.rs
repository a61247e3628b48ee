//! The cells of a row that are about its question: option, resolution, notes, tags, comments.

use crate::translation::in_sentence;
use crate::{t, tn};
use std::borrow::Cow;

use chrono::NaiveDate;

use super::cell::{cell, quoted, word_of};
use super::dates::{self, MomentError};
use super::planning::folded;
use super::rows::Rows;
use super::{Format, Meaning};
use crate::VagueDate;
use crate::change::{Edited, Payload};
use crate::date::spelled;
use crate::format::short;
use crate::record::{CruxEdit, CruxId, Importance, MessageEdit, Mitigation, Origin, Stage};

/// Maximum length of a claim that needs no title, in characters.
const TITLELESS_CHARS: usize = 60;

/// Returns the title and the claim of a row. An answer option becomes a claim of its own: "Which city hosts?
/// Oslo".
pub(super) fn name<'a>(
    title: &'a str,
    claim: &'a str,
    option: &'a str,
) -> (Cow<'a, str>, Cow<'a, str>) {
    let question = if title.is_empty() { claim } else { title };
    if option.is_empty() || question.is_empty() {
        return (title.into(), claim.into());
    }
    let mark = if question.ends_with(char::is_alphanumeric) {
        ":"
    } else {
        ""
    };
    let whole = format!("{question}{mark} {option}");
    let title = if whole.chars().count() > TITLELESS_CHARS {
        format!("{}: {option}", short(question, TITLELESS_CHARS / 2))
    } else {
        String::new()
    };
    (title.into(), whole.into())
}

/// Maximum number of characters of a question in the name of the page that lists its comments.
const PAGE_CHARS: usize = 200;

/// The resolution of a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolution {
    stage: Stage,
    reason: String,
    day: Option<NaiveDate>,
}

/// Returns the stage for a resolution's word.
fn stage_of(word: &str) -> Option<Stage> {
    match folded(word).as_str() {
        "yes" | "y" | "true" | "ja" | "j" | "wahr" | "richtig" | "eingetreten" => {
            Some(Stage::SettledTrue)
        }
        "no" | "n" | "false" | "nein" | "falsch" | "unwahr" | "nicht eingetreten" => {
            Some(Stage::SettledFalse)
        }
        "ambiguous" | "annulled" | "cancel" | "cancelled" | "canceled" | "void" | "mkt" | "n/a"
        | "unklar" | "mehrdeutig" | "uneindeutig" | "annulliert" | "abgesagt" | "abgebrochen"
        | "storniert" | "ungültig" | "hinfällig" | "entfällt" | "k. a." | "k.a." => {
            Some(Stage::Retired)
        }
        _ => None,
    }
}

/// The parsed cells of a row that are about its question.
#[derive(Default)]
pub(super) struct Question {
    /// The fields of a new crux.
    pub(super) edit: CruxEdit,
    resolution: Option<Resolution>,
    /// The parts that cannot be imported, described in words.
    pub(super) without: Vec<String>,
    /// Whether the crux is already settled or retired in another way.
    pub(super) contradicts: bool,
}

/// The dates of a row's question, and the cells that are not dates.
pub(super) struct Days {
    resolve_by: Option<NaiveDate>,
    resolved_at: Option<NaiveDate>,
    without: Vec<String>,
}

/// A cell that is not a date that can be stored.
#[derive(Debug, thiserror::Error)]
#[error("{}", dates::why_not(&quoted(.cell), *.trouble))]
pub(super) struct DateCellError {
    cell: String,
    trouble: MomentError,
}

impl Rows<'_> {
    /// Parses the dates of a row's question.
    ///
    /// # Errors
    /// [`DateCellError`] if a cell is ambiguous between two days. The row is then held back.
    pub(super) fn question_days(&mut self, row: &[String]) -> Result<Days, DateCellError> {
        let mut without = Vec::new();
        let mut day = |meaning: Meaning| {
            let text = cell(self.columns, row, meaning);
            if text.is_empty() {
                return Ok(None);
            }
            match dates::day(text, self.day_order) {
                Ok(day) => Ok(Some(day)),
                Err(trouble @ MomentError::TwoWays(..)) => {
                    self.planning.plan.asks_day_order = true;
                    let cell = text.to_owned();
                    Err(DateCellError { cell, trouble })
                }
                Err(_) => {
                    let name = in_sentence(meaning.label());
                    let text = quoted(text);
                    without.push(t!("without “{name}” {text}, which is no date", name, text));
                    Ok(None)
                }
            }
        };
        Ok(Days {
            resolve_by: day(Meaning::ResolveBy)?,
            resolved_at: day(Meaning::ResolvedAt)?,
            without,
        })
    }

    /// Parses the cells that are about the question.
    pub(super) fn question(&mut self, row: &[String], days: Days) -> Question {
        let cell = |meaning| cell(self.columns, row, meaning);
        let Days {
            resolve_by,
            resolved_at,
            mut without,
        } = days;
        let word = cell(Meaning::Resolution);
        let stage = stage_of(word);
        if stage.is_none() && !word.is_empty() {
            let word = quoted(word);
            without.push(t!(
                "without its resolution {word}, which is not yes or no",
                word
            ));
        }
        let resolution = stage.map(|stage| Resolution {
            stage,
            reason: self.resolution_words(word, resolved_at),
            day: resolved_at.filter(|_| stage != Stage::Retired),
        });
        let mut edit = CruxEdit {
            tags: some(self.tags(cell(Meaning::Tags))),
            review_on: resolve_by.filter(|_| resolution.is_none()).map(Some),
            ..CruxEdit::default()
        };
        let author = cell(Meaning::Author);
        if !author.is_empty() {
            edit.origin = Some(Some(Origin::Sourced));
            edit.sourced_from = Some(author.to_owned());
        }
        let mitigations = cell(Meaning::Mitigation).lines().map(str::trim);
        let mitigations = mitigations.filter(|line| !line.is_empty());
        edit.mitigations = some(
            mitigations
                .map(|what| Mitigation {
                    what: what.to_owned(),
                    cost: String::new(),
                })
                .collect(),
        );
        let mut notes = Vec::new();
        let background = cell(Meaning::Background);
        let is_claim = [Meaning::Question, Meaning::Claim]
            .map(cell)
            .contains(&background);
        if !background.is_empty() && !is_claim {
            notes.push(background.to_owned());
        }
        let importance = cell(Meaning::Importance);
        match word_of(Importance::ALL, Importance::CHOICES, importance) {
            Some(importance) => edit.importance = Some(Some(importance)),
            None => notes.extend(self.kept(Meaning::Importance, importance)),
        }
        let owner = cell(Meaning::Owner);
        match self.planning.people.get(&folded(owner)) {
            Some(owner) => edit.owner = Some(Some(*owner)),
            // Not added as a person: one without credences would only count in quorums.
            None => notes.extend(self.kept(Meaning::Owner, owner)),
        }
        edit.note = (!notes.is_empty()).then(|| notes.join("\n\n"));
        Question {
            edit,
            resolution,
            without,
            contradicts: false,
        }
    }

    /// Returns a cell that fits no field as a line of the notes: "Impact: 4".
    fn kept(&self, meaning: Meaning, text: &str) -> Option<String> {
        let place = self.columns.get(&meaning)?;
        let heading = self.head.get(*place).map_or("", |heading| heading.trim());
        (!text.is_empty()).then(|| format!("{heading}: {text}"))
    }

    fn tags(&self, text: &str) -> Vec<String> {
        let mark = match self.format {
            None if !text.contains(';') => ',',
            _ => ';',
        };
        let tags = text.split(mark).map(str::trim);
        let mut tags: Vec<String> = tags
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect();
        tags.dedup();
        tags
    }

    /// Describes a resolution: "Resolved YES on 2 Oct 2026, says Fatebook."
    fn resolution_words(&self, word: &str, day: Option<NaiveDate>) -> String {
        let on = day
            .map(|day| format!(" on {}", spelled(day)))
            .unwrap_or_default();
        let source = self.format.map_or("the table", Format::english_label);
        format!("Resolved {word}{on}, says {source}.")
    }

    /// Settles a crux that is open, and describes that. A crux that is already settled stays as it is.
    pub(super) fn settle(&mut self, crux: CruxId, question: &mut Question) -> Option<String> {
        let resolution = question.resolution.take()?;
        let stage = self.planning.stages.entry(crux).or_insert(Stage::Open);
        if *stage != Stage::Open {
            if *stage != resolution.stage {
                question.contradicts = true;
                let why =
                    t!("without its resolution, since the crux is settled or retired otherwise");
                question.without.push(why.into());
            }
            return None;
        }
        *stage = resolution.stage;
        let words = match resolution.stage {
            Stage::SettledTrue => t!("settled as true"),
            Stage::SettledFalse => t!("settled as false"),
            _ => t!("retired, since it was resolved as neither true nor false"),
        };
        let set = CruxEdit {
            stage: Some(Some(resolution.stage)),
            stage_reason: Some(resolution.reason),
            scored_until: resolution.day.map(Some),
            ..CruxEdit::default()
        };
        self.planning.add(Payload::CruxEdited(Box::new(Edited {
            of: crux,
            set,
            reason: String::new(),
        })));
        Some(words.into())
    }

    /// Adds the comments of a row to the reading list, and describes how many are new.
    pub(super) fn list_comments(&mut self, row: &[String]) -> Option<String> {
        let text = cell(self.columns, row, Meaning::Comments);
        if text.is_empty() {
            return None;
        }
        let format = self.format.map_or("Table", Format::english_label);
        let question = [Meaning::Question, Meaning::Claim]
            .map(|meaning| cell(self.columns, row, meaning))
            .into_iter()
            .find(|text| !text.is_empty())?;
        let page = format!("{format}: {}", short(question, PAGE_CHARS));
        let day = dates::day(cell(self.columns, row, Meaning::Date), self.day_order).ok();
        let comments = match &self.authors {
            Some(authors) => authors.comments(text),
            None => vec![(cell(self.columns, row, Meaning::Person), text.into())],
        };
        let is_dated = self.authors.is_none();
        let mut count = 0;
        for (author, text) in comments {
            if !self.comments.insert((folded(author), folded(&text))) {
                continue;
            }
            count += 1;
            let date = day.filter(|_| is_dated).map(VagueDate::Day);
            self.planning
                .add(Payload::MessageListed(Box::new(MessageEdit {
                    page: Some(page.clone()),
                    author: (!author.is_empty()).then(|| author.to_owned()),
                    date,
                    text: Some(text.into_owned()),
                    ..MessageEdit::default()
                })));
        }
        self.planning.plan.messages += count;
        (count > 0).then(|| {
            tn!(
                count,
                "{count} comment for the reading list",
                "{count} comments for the reading list"
            )
        })
    }
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_becomes_a_claim_of_its_own() {
        for (question, option, title, claim) in [
            ("Which city hosts?", "Oslo", "", "Which city hosts? Oslo"),
            ("Host city", "Oslo", "", "Host city: Oslo"),
            (
                "Which of the five cities that applied will host the summer school of 2027?",
                "Oslo",
                "Which of the five cities that…: Oslo",
                "Which of the five cities that applied will host the summer school of 2027? Oslo",
            ),
            ("Will it rain?", "", "Will it rain?", ""),
        ] {
            let (title_found, claim_found) = name(question, "", option);
            assert_eq!((&*title_found, &*claim_found), (title, claim));
        }
    }
}
