//! Aliases: the names of people that are replaced in a snapshot, and their replacements.
//!
//! Names are collected from people, positions and fields that contain a name. A source can also be a
//! description ("The triggers of …"). A description is never taken apart: only whole names are replaced, in
//! the same letter case and between word boundaries.

mod names;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use self::names::{Found, Role, collect, lower_case_words, parts_of, standing};
use crate::board::Board;

/// A name that occurs in the snapshot, with its replacement.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// The name on the board.
    pub name: String,
    /// The replacement.
    pub alias: String,
    /// Whether the name is replaced.
    pub is_on: bool,
    /// Number of its occurrences in the snapshot.
    pub count: usize,
}

/// A name that may be replaced.
struct Candidate {
    name: String,
    alias: String,
    is_on: bool,
    /// Whether it is also replaced in running text, or only in fields that contain a name.
    in_text: bool,
    count: Cell<usize>,
}

/// The names of a board that may be replaced.
#[derive(Default)]
pub(super) struct Aliases {
    /// The names, longest first.
    candidates: Vec<Candidate>,
    /// The names that are no part of others, in the order of their aliases.
    whole: Vec<String>,
}

/// Returns a hash of texts, for an order that tells nothing of them.
pub(super) fn hash(texts: &[&str]) -> Vec<u8> {
    Sha256::digest(texts.join("\0").as_bytes()).to_vec()
}

impl Aliases {
    /// Collects the names of a board, each with a choice. `switched` has the choices of the person who
    /// shares, by name. The aliases are numbered in an order that depends on `salt` only, so that they tell
    /// nothing of the people.
    pub(super) fn of(board: &Board, salt: &str, switched: &BTreeMap<String, bool>) -> Self {
        let mut found = Found::default();
        for person in board.people_and_trashed() {
            found.note(&person.name, Role::Person);
        }
        collect(board, &mut found);
        let words = lower_case_words(board);
        found
            .names
            .sort_by_cached_key(|(name, _)| hash(&[salt, name]));
        let mut candidates = Vec::new();
        let mut parts = Vec::new();
        for (name, role) in &found.names {
            let alias = name.clone();
            let (is_on, in_text) = standing(name, *role, &words);
            if *role == Role::Person {
                parts.extend(parts_of(name).map(|part| (part.to_owned(), alias.clone())));
            }
            candidates.push((name.clone(), alias, is_on, in_text));
        }
        // A part of a name may also be a common word, so its replacement is only offered.
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
        let whole = found.names.into_iter().map(|(name, _)| name).collect();
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.name.len()));
        let mut aliases = Self { candidates, whole };
        aliases.number(|_| true);
        aliases
    }

    /// Numbers the aliases again, those first that replace a name that occurred, so that the numbers in the
    /// snapshot have no gaps. Forgets the occurrences.
    pub(super) fn number_occurring(&mut self) {
        let occurs = |candidate: &&Candidate| candidate.is_on && candidate.count.get() > 0;
        let occurring = self.candidates.iter().filter(occurs);
        let occurring: BTreeSet<String> = occurring.map(|one| one.alias.clone()).collect();
        self.number(|alias| occurring.contains(alias));
        for candidate in &self.candidates {
            candidate.count.set(0);
        }
    }

    /// Gives each whole name a number, in the order of [`Self::whole`]; those whose present alias is
    /// `first` before the others.
    fn number(&mut self, first: impl Fn(&str) -> bool) {
        let mut number = 0;
        let mut numbered: BTreeMap<String, String> = BTreeMap::new();
        let alias_of = |name: &String| {
            let candidate = self.candidates.iter().find(|one| one.name == *name);
            candidate.map(|one| one.alias.clone()).unwrap_or_default()
        };
        for is_first in [true, false] {
            for alias in self.whole.iter().map(alias_of) {
                if first(&alias) == is_first {
                    // A person may have the alias as their real name.
                    let new = loop {
                        number += 1;
                        let new = format!("Person {number}");
                        if !self.whole.contains(&new) {
                            break new;
                        }
                    };
                    numbered.insert(alias, new);
                }
            }
        }
        for candidate in &mut self.candidates {
            if let Some(new) = numbered.get(&candidate.alias) {
                candidate.alias.clone_from(new);
            }
        }
    }

    /// Replaces the names in a running text, and removes bytes that links use as marks.
    pub(super) fn in_text(&self, text: &str) -> String {
        self.replaced(text, false)
    }

    /// Replaces the names in a field that contains a name.
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
            // A name that is not replaced may contain one that is.
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

    /// Returns the longest name with which a text begins, up to a word boundary. A name that is replaced
    /// takes precedence over a longer one that is not.
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

    /// Returns the names that occurred, in the order of their aliases.
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
        Aliases {
            candidates,
            whole: Vec::new(),
        }
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
}
