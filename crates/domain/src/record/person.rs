use chrono::NaiveDate;

use super::record;
use crate::Millis;

record! {
    /// A person who states credences on the board.
    Person,
    /// An edit of a person.
    PersonEdit,
    {
        /// A name or an alias.
        name: String { label: "Name", input: Line,
            search: no, snapshot: Always Name, since: "every-fact" }
        /// The initials; empty to derive them from the name.
        initials: String { label: "Initials", input: Line,
            search: no, snapshot: WithNames Text, since: "every-fact" }
        /// The role, such as "Area lead" or "advises on policy".
        role: String { label: "Role", input: Line,
            search: no, snapshot: WithNames Text, since: "every-fact" }
        /// Whether the person is on the red team, which looks for the case against.
        red_team: bool { label: "Red team: looks for the case against", input: Yes,
            search: no, snapshot: Always Flag, since: "every-fact" }
        /// The first day, in UTC, on which the person no longer belongs to the group. Earlier figures stay
        /// the same.
        left_on: Option<NaiveDate> { label: "Left on", input: Day,
            hint: "From this day on, their credences no longer count. What was counted before stays.",
            search: no, snapshot: Always Day, since: "judging" }
    }
}

impl Person {
    /// Returns whether the person has left the group by a moment.
    #[must_use]
    pub fn has_left(&self, at: Millis) -> bool {
        self.left_on.is_some_and(|left| left <= at.day())
    }

    /// Returns whether a character separates the words of a name.
    pub(crate) fn is_between_words(letter: char) -> bool {
        letter.is_whitespace() || letter == '-'
    }

    /// Returns the person's own initials: one or two letters. Other people may have the same; use
    /// [`crate::board::Board::initials`] to tell people apart.
    #[must_use]
    pub fn initials(&self) -> String {
        if !self.initials.is_empty() {
            return self.initials.chars().take(2).collect();
        }
        initials_of(&self.name)
    }
}

/// Derives initials from a name: one or two letters.
#[must_use]
pub fn initials_of(name: &str) -> String {
    let letters = name
        .split(Person::is_between_words)
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2);
    let letters: String = letters.flat_map(char::to_uppercase).collect();
    if letters.is_empty() {
        "?".into()
    } else {
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_name_unless_chosen() {
        for (name, chosen, initials) in [
            ("Red-teamer", "", "RT"),
            ("Area lead", "", "AL"),
            ("Researcher", "", "R"),
            ("Researcher", "Re", "Re"),
            ("élodie", "", "É"),
            ("🙂", "", "?"),
            ("", "", "?"),
        ] {
            let person = Person {
                name: name.into(),
                initials: chosen.into(),
                ..Person::default()
            };
            assert_eq!(person.initials(), initials, "{name:?}");
        }
    }
}
