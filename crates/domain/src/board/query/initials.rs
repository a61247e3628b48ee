//! Initials by which the people of a board are told apart.

use std::collections::BTreeMap;

use crate::board::Board;
use crate::record::{Person, PersonId};

impl Board {
    /// Returns a person's initials, different from those of all other people of the board: one to three
    /// characters, or with a number. Empty if the person is not on the board.
    ///
    /// People with equal initials get more letters of their names: "Ann Lee" and "Al Lund" are "ALe" and "ALu".
    /// Where that does not tell them apart, they are numbered in the order in which they were added.
    #[must_use]
    pub fn initials(&self, person: PersonId) -> String {
        let Some(own) = self.person(person) else {
            return String::new();
        };
        let initials = own.initials();
        let others = self.people().filter(|other| other.id != person);
        if others.into_iter().all(|other| other.initials() != initials) {
            return initials;
        }
        let mut all = self.all_initials();
        all.remove(&person).unwrap_or(initials)
    }

    /// Returns the initials of all people of the board, each different from the others.
    #[must_use]
    pub fn all_initials(&self) -> BTreeMap<PersonId, String> {
        let people: Vec<(PersonId, &str, String)> = self
            .people()
            .map(|person| (person.id, person.name.as_str(), person.initials()))
            .collect();
        let mut groups: BTreeMap<&str, Vec<(PersonId, &str)>> = BTreeMap::new();
        for (id, name, initials) in &people {
            groups.entry(initials).or_default().push((*id, *name));
        }
        let mut taken: Vec<String> = groups
            .keys()
            .map(|initials| (*initials).to_owned())
            .collect();
        let mut all = BTreeMap::new();
        for (initials, group) in groups {
            let distinct = match group.as_slice() {
                [_] => vec![initials.to_owned()],
                group => distinct(initials, group, &taken),
            };
            taken.extend(distinct.iter().cloned());
            all.extend(group.iter().map(|(id, _)| *id).zip(distinct));
        }
        all
    }
}

/// Returns initials for people whose own are equal, none of them in `taken`.
fn distinct(initials: &str, group: &[(PersonId, &str)], taken: &[String]) -> Vec<String> {
    for longer in [last_longer, first_longer] {
        let tried: Vec<String> = group.iter().map(|(_, name)| longer(name)).collect();
        let is_new = |place: usize, one: &String| {
            !one.is_empty() && !taken.contains(one) && !tried[..place].contains(one)
        };
        if tried
            .iter()
            .enumerate()
            .all(|(place, one)| is_new(place, one))
        {
            return tried;
        }
    }
    let numbers = (1..).map(|number| format!("{initials}{number}"));
    let free = numbers.filter(|one| !taken.contains(one));
    free.take(group.len()).collect()
}

/// Returns the initial of the first word and two letters of the last one; of a single word its first two.
fn last_longer(name: &str) -> String {
    match words(name).as_slice() {
        [] => String::new(),
        [word] => start(word, 2),
        [first, .., last] => start(first, 1) + &start(last, 2),
    }
}

/// Returns two letters of the first word and the initial of the last one; of a single word its first three.
fn first_longer(name: &str) -> String {
    match words(name).as_slice() {
        [] => String::new(),
        [word] => start(word, 3),
        [first, .., last] => start(first, 2) + &start(last, 1),
    }
}

fn words(name: &str) -> Vec<&str> {
    let words = name.split(Person::is_between_words);
    words
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect()
}

/// Returns the first letters of a word, the first in upper case.
fn start(word: &str, count: usize) -> String {
    let mut letters = word
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .take(count);
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let rest = letters.flat_map(char::to_lowercase);
    first.collect::<String>() + &rest.collect::<String>()
}
