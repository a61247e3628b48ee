//! Aliases: which names of people are replaced in a snapshot, and by what.
//!
//! Names come from people, positions and fields that hold the name of somebody. A source can also be a
//! description ("The triggers of …"), and a description is never taken apart: only whole names are
//! replaced, in their own case and between word borders.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::board::Board;
use crate::text::folded;

/// A name that occurs in what goes, and what becomes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// The name as it stands on the board.
    pub name: String,
    /// The replacement.
    pub alias: String,
    /// Whether it is replaced.
    pub is_on: bool,
    /// How often it occurs in what goes.
    pub count: usize,
}

/// A name that may be replaced.
struct Candidate {
    name: String,
    alias: String,
    is_on: bool,
    /// Whether it is replaced in running text too, or only in fields that hold a name.
    in_text: bool,
    count: Cell<usize>,
}

/// What a name stands for on the board, the surest first.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// A person, in the trash or not, or the holder of a position.
    Person,
    /// Somebody in charge: a judge, an owner, somebody asked.
    Charge,
    /// Where something comes from, which may be anything.
    Source,
}

/// The names of a board that are replaced.
#[derive(Default)]
pub(super) struct Aliases {
    /// The longest name first.
    candidates: Vec<Candidate>,
}

impl Aliases {
    /// The names of a board, with a choice for each. `made_by` comes first; `switched` are the choices
    /// of whoever shares, by name.
    pub(super) fn of(board: &Board, made_by: &str, switched: &BTreeMap<String, bool>) -> Self {
        let mut found = Found::default();
        found.note(made_by, Role::Person);
        for person in board.people_and_trashed() {
            found.note(&person.name, Role::Person);
        }
        collect(board, &mut found);
        let words = lower_case_words(board);
        let taken: BTreeSet<&str> = found.names.iter().map(|(name, _)| name.as_str()).collect();
        let mut number = 0;
        let mut candidates = Vec::new();
        let mut parts = Vec::new();
        for (name, role) in &found.names {
            // A person may really be called so.
            let alias = loop {
                number += 1;
                let alias = format!("Person {number}");
                if !taken.contains(alias.as_str()) {
                    break alias;
                }
            };
            let (is_on, in_text) = standing(name, *role, &words);
            if *role == Role::Person {
                parts.extend(parts_of(name).map(|part| (part.to_owned(), alias.clone())));
            }
            candidates.push((name.clone(), alias, is_on, in_text));
        }
        // A part of a name may be a word like any other, so it is only offered.
        for (part, alias) in parts {
            if !candidates.iter().any(|(name, ..)| *name == part) {
                candidates.push((part, alias, false, true));
            }
        }
        let mut candidates: Vec<Candidate> = candidates
            .into_iter()
            .map(|(name, alias, is_on, in_text)| Candidate {
                is_on: switched.get(&name).copied().unwrap_or(is_on),
                name,
                alias,
                in_text,
                count: Cell::new(0),
            })
            .collect();
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.name.len()));
        Self { candidates }
    }

    /// A running text with its names replaced, and without bytes that links use as marks.
    pub(super) fn in_text(&self, text: &str) -> String {
        self.replaced(text, false)
    }

    /// The same for a field that holds the name of somebody.
    pub(super) fn in_name(&self, text: &str) -> String {
        self.replaced(text, true)
    }

    fn replaced(&self, text: &str, is_name: bool) -> String {
        let text = text.replace('\0', " ");
        if self.candidates.is_empty() {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut is_start = true;
        while let Some(first) = rest.chars().next() {
            let found = if is_start {
                self.at(rest, is_name)
            } else {
                None
            };
            if let Some(candidate) = found {
                candidate.count.set(candidate.count.get() + 1);
            }
            // What stays may hold a name that does not.
            if let Some(candidate) = found.filter(|candidate| candidate.is_on) {
                out.push_str(&candidate.alias);
                rest = &rest[candidate.name.len()..];
                is_start = false;
            } else {
                out.push(first);
                is_start = !first.is_alphanumeric();
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }

    /// The longest name that a text begins with, up to a word border. One that is replaced goes before
    /// a longer one that is not.
    fn at(&self, text: &str, is_name: bool) -> Option<&Candidate> {
        let fits = |candidate: &&Candidate| {
            (is_name || candidate.in_text)
                && text
                    .strip_prefix(candidate.name.as_str())
                    .is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        };
        let on = |candidate: &&Candidate| candidate.is_on && fits(candidate);
        let all = self.candidates.iter();
        all.clone().find(on).or_else(|| all.clone().find(fits))
    }

    /// The names that were met, in the order of their aliases.
    pub(super) fn met(&self) -> Vec<Alias> {
        let met = self.candidates.iter().filter(|c| c.count.get() > 0);
        let mut met: Vec<Alias> = met
            .map(|candidate| Alias {
                name: candidate.name.clone(),
                alias: candidate.alias.clone(),
                is_on: candidate.is_on,
                count: candidate.count.get(),
            })
            .collect();
        met.sort_by_key(|alias| (alias.alias.len(), alias.alias.clone(), alias.name.clone()));
        met
    }
}

/// Names in the order in which they were found, each once, in its surest role.
#[derive(Default)]
struct Found {
    names: Vec<(String, Role)>,
}

impl Found {
    fn note(&mut self, name: &str, role: Role) {
        let name = name.trim();
        if !name.is_empty() && !self.names.iter().any(|(other, _)| other == name) {
            self.names.push((name.to_owned(), role));
        }
    }

    fn note_all(&mut self, names: &[String], role: Role) {
        names.iter().for_each(|name| self.note(name, role));
    }
}

/// The fields that hold the name of somebody, of all records of a board: a text that goes may name
/// somebody whose own record does not.
fn collect(board: &Board, found: &mut Found) {
    let cruxes = board.cruxes();
    for crux in &cruxes {
        for position in board.positions_on(crux.id) {
            found.note(&position.holder, Role::Person);
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

/// Whether a name is replaced unless somebody says otherwise, and whether in running text too.
fn standing(name: &str, role: Role, words: &BTreeSet<String>) -> (bool, bool) {
    let looks_like_name = looks_like_name(name);
    match role {
        Role::Person => (true, true),
        // "director" leads to somebody, and is a word all the same.
        Role::Charge if !looks_like_name => (is_title(name), false),
        // "Survey" is no name where somebody writes of a survey.
        _ => {
            let is_word = !name.contains(' ') && words.contains(&folded(name));
            (looks_like_name && !is_word, looks_like_name)
        }
    }
}

/// A few words that begin with capitals, as in "Ann de Vries" and "Commenter A".
fn looks_like_name(name: &str) -> bool {
    const PARTICLES: [&str; 14] = [
        "de", "del", "della", "der", "den", "di", "da", "du", "van", "von", "bin", "ibn", "al", "y",
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
            && !["A", "An", "The", "Our", "My"].contains(first)
    });
    begins && words.len() <= 5 && words.iter().all(is_word)
}

/// What somebody in charge is called who is not called by name: one to three words, and no number.
fn is_title(name: &str) -> bool {
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || c == '-');
    name.split_whitespace().count() <= 3 && name.split_whitespace().all(is_word)
}

/// The words of a name of several that could stand for all of it.
fn parts_of(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split_whitespace();
    let is_name = looks_like_name(name) && name.contains(' ');
    words.filter(move |word| {
        is_name
            && word.chars().count() > 2
            && word.chars().all(char::is_alphabetic)
            && word.starts_with(char::is_uppercase)
    })
}

/// The words that occur with a small letter in the texts of cruxes, triggers and evidence.
fn lower_case_words(board: &Board) -> BTreeSet<String> {
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

    fn aliases(names: &[(&str, bool)]) -> Aliases {
        let mut candidates: Vec<Candidate> = names
            .iter()
            .enumerate()
            .map(|(place, (name, in_text))| Candidate {
                name: (*name).into(),
                alias: format!("P{}", place + 1),
                is_on: true,
                in_text: *in_text,
                count: Cell::new(0),
            })
            .collect();
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.name.len()));
        Aliases { candidates }
    }

    #[test]
    fn names_are_replaced_whole_in_their_case_and_between_word_borders() {
        let aliases = aliases(&[("Ann", true), ("Ann Lee", true), ("director", false)]);
        for (text, expected) in [
            ("Ann said so", "P1 said so"),
            ("as Ann, Ann's and “Ann”", "as P1, P1's and “P1”"),
            ("ANN, ann, Annual, Joann", "ANN, ann, Annual, Joann"),
            ("Ann Lee and Ann Leeds", "P2 and P1 Leeds"),
            ("éAnn Ann\u{e9} Ann", "éAnn Ann\u{e9} P1"),
            ("the director of Ann", "the director of P1"),
            ("", ""),
        ] {
            assert_eq!(aliases.in_text(text), expected);
        }
        assert_eq!(aliases.in_name("director + 1 reader"), "P3 + 1 reader");
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
            ("https://example.org/a", false),
            ("", false),
        ] {
            assert_eq!(looks_like_name(text), is_name, "{text}");
        }
    }
}
