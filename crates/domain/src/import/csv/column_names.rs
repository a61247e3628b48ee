//! Finds the columns of a table by names in their headings: whole headings first, then whole words in them.

use super::{Columns, Meaning, Sheet};

/// The headings of columns with one meaning.
pub(super) struct Names {
    pub(super) meaning: Meaning,
    /// Headings, likeliest first. Each also counts as a part of a longer heading.
    pub(super) names: &'static [&'static str],
    /// Headings that count only as a whole.
    pub(super) alone: &'static [&'static str],
    /// Words that give a longer heading another meaning.
    pub(super) never: &'static [&'static str],
}

/// Words with which a longer heading names something else: "Author ID" is no author, "Number of users" no
/// user, "Question URL" no question.
const NEVER: &[&str] = &[
    "id", "ids", "uuid", "number", "no", "nr", "count", "total", "index", "rank", "length", "size",
];

/// The names of a column of tags.
pub(super) const TAG_NAMES: &[&str] = &[
    "tags",
    "labels",
    "keywords",
    "schlagworte",
    "schlagwörter",
    "stichworte",
    "stichwörter",
];

/// Maximum number of words of a heading in which single words are recognized. A longer heading is a sentence.
const LONGEST: usize = 8;

/// Returns the column of each meaning, by a heading that is one of its names, or else by one that contains a
/// name as whole words. No column has two meanings.
pub(super) fn named(sheet: &Sheet, all: &[Names]) -> Columns {
    let head: Vec<Vec<String>> = sheet.head.iter().map(|heading| words(heading)).collect();
    let mut columns = Columns::new();
    for names in all {
        let mut known = names.names.iter().chain(names.alone);
        let place = known.find_map(|name| {
            let name = words(name);
            free(&head, &columns, |heading| *heading == name)
        });
        if let Some(place) = place {
            columns.insert(names.meaning, place);
        }
    }
    for names in all {
        if columns.contains_key(&names.meaning) {
            continue;
        }
        let place = names.names.iter().find_map(|name| {
            let name = words(name);
            free(&head, &columns, |heading| {
                let is_other = heading.len() > LONGEST
                    || heading.iter().any(|word| {
                        !name.contains(word)
                            && (NEVER.contains(&word.as_str())
                                || names.never.contains(&word.as_str()))
                    });
                !is_other && heading.windows(name.len()).any(|part| *part == name)
            })
        });
        if let Some(place) = place {
            columns.insert(names.meaning, place);
        }
    }
    columns
}

/// Returns the first matching column that has no meaning yet.
fn free(
    head: &[Vec<String>],
    columns: &Columns,
    fits: impl Fn(&Vec<String>) -> bool,
) -> Option<usize> {
    let is_free = |place: &usize| !columns.values().any(|taken| taken == place);
    let fitting = head.iter().enumerate().filter(|(_, heading)| fits(heading));
    fitting.map(|(place, _)| place).find(is_free)
}

/// Splits a heading into words in lower case: "createdAt", "created_at" and "Created at" are the same.
pub(super) fn words(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in heading.chars() {
        let starts = was_small && letter.is_uppercase();
        was_small = letter.is_lowercase();
        if (starts || !letter.is_alphanumeric()) && words.last().is_some_and(|w| !w.is_empty()) {
            words.push(String::new());
        }
        let Some(word) = words.last_mut() else { break };
        if letter == '%' {
            word.push_str("percent");
            words.push(String::new());
        } else if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
