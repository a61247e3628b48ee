use super::record;

record! {
    /// Somebody who states credences on the board.
    Person,
    /// What one change sets of a person.
    PersonEdit,
    {
        /// A name or an alias.
        name: String,
        /// Two letters for their dot; empty: taken from the name.
        initials: String,
        /// "Area lead", "advises on policy".
        role: String,
        /// Whether it is their task to look for the case against.
        red_team: bool,
    }
}

impl Person {
    /// One or two letters for their dot.
    #[must_use]
    pub fn initials(&self) -> String {
        if !self.initials.is_empty() {
            return self.initials.chars().take(2).collect();
        }
        let letters = self
            .name
            .split(|c: char| c.is_whitespace() || c == '-')
            .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
            .take(2);
        let letters: String = letters.flat_map(char::to_uppercase).collect();
        if letters.is_empty() {
            "?".into()
        } else {
            letters
        }
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
