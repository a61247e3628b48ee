//! The names of a board, and which of their texts look like names.

use std::collections::BTreeSet;

use crate::board::Board;
use crate::text::folded;

/// The role of a name on the board, most certain first.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// A person, in the trash or not, or the holder of a position.
    Person,
    /// A person in charge: a judge, an owner, somebody asked.
    Charge,
    /// A source, which may be anything.
    Source,
}

/// The names in the order in which they were found, each once, in its most certain role.
#[derive(Default)]
pub(super) struct Found {
    pub(super) names: Vec<(String, Role)>,
}

impl Found {
    pub(super) fn note(&mut self, name: &str, role: Role) {
        let name = name.trim();
        if !name.is_empty() && !self.names.iter().any(|(other, _)| other == name) {
            self.names.push((name.to_owned(), role));
        }
    }

    fn note_all(&mut self, names: &[String], role: Role) {
        names.iter().for_each(|name| self.note(name, role));
    }
}

/// Collects the fields that contain a name, of all records of a board: a text in the snapshot may name a
/// person whose own record is left out.
pub(super) fn collect(board: &Board, found: &mut Found) {
    let cruxes = board.cruxes();
    for crux in &cruxes {
        for position in board.positions_on(crux.id) {
            let is_group = is_group(&position.holder);
            let role = if is_group { Role::Source } else { Role::Person };
            found.note(&position.holder, role);
        }
    }
    for evidence in board.all_evidence() {
        found.note_all(&evidence.passed_on_by, Role::Charge);
        found.note_all(&evidence.seen_by, Role::Charge);
    }
    for follow_up in board.follow_ups() {
        found.note(&follow_up.owner, Role::Charge);
        found.note(&follow_up.whom, Role::Charge);
    }
    for trigger in board.triggers() {
        found.note(&trigger.judge, Role::Charge);
    }
    for crux in &cruxes {
        found.note(&crux.sourced_from, Role::Source);
    }
    for evidence in board.all_evidence() {
        found.note(&evidence.source, Role::Source);
    }
    for term in board.terms() {
        found.note(&term.source, Role::Source);
    }
}

/// Returns whether a name is replaced by default, and whether also in running text.
pub(super) fn standing(name: &str, role: Role, words: &BTreeSet<String>) -> (bool, bool) {
    let looks_like_name = looks_like_name(name);
    match role {
        Role::Person => (true, true),
        // "director" identifies a person, but is also a common word.
        Role::Charge if !looks_like_name => (is_title(name), false),
        // "Survey" is no name if the word is also used in lower case.
        _ => {
            let is_word = !name.contains(' ') && words.contains(&folded(name));
            (looks_like_name && !is_word, looks_like_name)
        }
    }
}

/// Returns whether a text names a number of people and nobody of them, as "2 blinded raters" and "Drei
/// Gutachter" do.
fn is_group(name: &str) -> bool {
    const COUNTS: [&str; 18] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "some",
        "many", "most", "all", "both", "a", "an", "various",
    ];
    let first = name.split_whitespace().next().unwrap_or_default();
    let is_number = first.bytes().all(|byte| byte.is_ascii_digit());
    let is_counted = is_number || COUNTS.contains(&folded(first).as_str());
    (name.contains(' ') && is_counted) || is_german_group(name)
}

/// Returns whether a text names a number of people in German, where all nouns have a capital as names do.
fn is_german_group(name: &str) -> bool {
    const COUNTS: [&str; 19] = [
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "mehrere",
        "einige",
        "viele",
        "manche",
        "alle",
        "beide",
        "ein",
        "eine",
        "verschiedene",
        "zahlreiche",
    ];
    let first = name.split_whitespace().next().unwrap_or_default();
    name.contains(' ') && COUNTS.contains(&folded(first).as_str())
}

/// Returns whether a text looks like a name: a few words that begin with capitals, as in "Ann de Vries" and
/// "Commenter A".
fn looks_like_name(name: &str) -> bool {
    const PARTICLES: [&str; 14] = [
        "de", "del", "della", "der", "den", "di", "da", "du", "van", "von", "bin", "ibn", "al", "y",
    ];
    const ARTICLES: [&str; 14] = [
        "A", "An", "The", "Our", "My", "Der", "Die", "Das", "Ein", "Eine", "Unser", "Unsere",
        "Mein", "Meine",
    ];
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_word = |word: &&str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let letters = word
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.'));
        letters
            && (is_number
                || PARTICLES.contains(word)
                || word
                    .chars()
                    .next()
                    .is_some_and(|c| !c.is_lowercase() && !c.is_ascii_digit()))
    };
    let begins = words.first().is_some_and(|first| {
        first
            .chars()
            .next()
            .is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
            && !ARTICLES.contains(first)
    });
    begins && words.len() <= 5 && words.iter().all(is_word) && !is_german_group(name)
}

/// Returns whether a text looks like a title instead of a name: one to three words without a number.
fn is_title(name: &str) -> bool {
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || c == '-');
    name.split_whitespace().count() <= 3 && name.split_whitespace().all(is_word)
}

/// Returns the words of a name of several words that could stand for the whole name.
pub(super) fn parts_of(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split_whitespace();
    let is_name = looks_like_name(name) && name.contains(' ');
    words.filter(move |word| {
        is_name
            && word.chars().count() > 2
            && word.chars().all(char::is_alphabetic)
            && word.starts_with(char::is_uppercase)
    })
}

/// Returns the words that occur in lower case in the texts of cruxes, triggers and evidence.
pub(super) fn lower_case_words(board: &Board) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut note = |text: &str| {
        let found = text.split(|c: char| !c.is_alphanumeric());
        let lower = found.filter(|word| word.starts_with(char::is_lowercase));
        words.extend(lower.map(str::to_owned));
    };
    note(&board.info().question);
    note(&board.info().about);
    for crux in board.cruxes() {
        note(&crux.title);
        note(&crux.claim);
        for statement in board.statements_on(crux.id) {
            note(&statement.reason);
        }
    }
    for trigger in board.triggers() {
        note(&trigger.observable);
        note(&trigger.threshold);
    }
    for evidence in board.all_evidence() {
        note(&evidence.text);
        note(&evidence.quote);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_people_is_a_group() {
        for (name, group) in [
            ("2 blinded raters", true),
            ("Several reviewers", true),
            ("Ann Lee", false),
            ("Two", false),
            ("Colleague 1", false),
            ("", false),
        ] {
            assert_eq!(is_group(name), group, "{name:?}");
        }
    }

    #[test]
    fn a_name_is_a_few_words_with_capitals_and_a_description_is_none() {
        for (text, is_name) in [
            ("Ann", true),
            ("Ann de Vries", true),
            ("J. O’Neil-Smith", true),
            ("Commenter A", true),
            ("Colleague 3", true),
            ("李明", true),
            ("The triggers of “Coercive by default”", false),
            ("The Guardian", false),
            ("Unnamed, through Commenter A", false),
            ("Notes of the meeting", false),
            ("research lead", false),
            ("2 blinded raters", false),
            ("Anna von Berg", true),
            ("Drei Gutachter", false),
            ("Die Zeit", false),
            ("Das Protokoll der Sitzung", false),
            ("Unsere Umfrage", false),
            ("https://example.org/a", false),
            ("", false),
        ] {
            assert_eq!(looks_like_name(text), is_name, "{text}");
        }
    }
}
