//! Guesses the meaning of each column, and whether a table holds evidence.

use super::dates::is_date;
use super::evidence_headings::guess_evidence;
use super::figure::is_figure;
use super::headings::guess_by_words;
use super::{Columns, Meaning, Sheet, known_formats};

/// Guesses the columns of a table of credences or questions.
#[must_use]
pub fn guess(sheet: &Sheet) -> Columns {
    if !sheet.has_headings {
        return by_content(sheet);
    }
    known_formats::columns(sheet).unwrap_or_else(|| guess_by_words(sheet))
}

/// Returns whether a table looks like evidence, rather than credences or questions.
#[must_use]
pub fn holds_evidence(sheet: &Sheet) -> bool {
    let columns = guess_evidence(sheet);
    let is_there = |meaning| columns.contains_key(&meaning);
    (is_there(Meaning::Text) || is_there(Meaning::Quote))
        && !guess(sheet).contains_key(&Meaning::Chance)
}

/// Guesses the columns by their content, if there are no headings.
fn by_content(sheet: &Sheet) -> Columns {
    let mut columns = Columns::new();
    let mut texts = Vec::new();
    for place in 0..sheet.head.len() {
        let cells = || {
            let cells = sheet.rows.iter().take(1_000);
            cells
                .map(|row| row[place].trim())
                .filter(|cell| !cell.is_empty())
        };
        let count = cells().count();
        if count == 0 {
            continue;
        }
        if cells().all(is_date) {
            columns.entry(Meaning::Date).or_insert(place);
        } else if cells().all(is_figure) {
            columns.entry(Meaning::Chance).or_insert(place);
        } else {
            let length: usize = cells().map(|cell| cell.chars().count()).sum();
            let different: std::collections::BTreeSet<&str> = cells().collect();
            texts.push((place, length / count, different.len() < count));
        }
    }
    // The longest texts are claims; a short text that repeats is a name.
    let question = texts
        .iter()
        .max_by_key(|(place, length, _)| (*length, usize::MAX - place));
    if let Some((question, ..)) = question.copied() {
        columns.insert(Meaning::Question, question);
        let person = texts
            .iter()
            .find(|(place, length, repeats)| *place != question && *length <= 30 && *repeats);
        if let Some((person, ..)) = person {
            columns.insert(Meaning::Person, *person);
        }
    }
    columns
}
