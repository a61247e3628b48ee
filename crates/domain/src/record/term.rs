use super::record;
use crate::text::folded;

record! {
    /// A term with the sense it has on this board.
    Term,
    /// What one change sets of a term.
    TermEdit,
    {
        /// The word or phrase.
        term: String,
        /// What it means here.
        meaning: String,
        /// Who defined it so.
        source: String,
    }
}

impl Term {
    /// Whether `text` uses the term, as a whole word and whatever its case; an ending may follow
    /// ("coercive" is found by "coerc" only if the term says so).
    #[must_use]
    pub fn occurs_in(&self, text: &str) -> bool {
        let term = folded(self.term.trim());
        let text = folded(text);
        !term.is_empty()
            && text.match_indices(&term).any(|(at, found)| {
                let before = text[..at].chars().next_back();
                let after = text[at + found.len()..].chars().next();
                !before.is_some_and(char::is_alphanumeric)
                    && !after.is_some_and(char::is_alphanumeric)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_found_as_a_whole_word() {
        let term = Term {
            term: "Coercion".into(),
            ..Term::default()
        };
        assert!(term.occurs_in("Is it coercion?"));
        assert!(!term.occurs_in("coercions"));
        assert!(!Term::default().occurs_in("anything"));
    }
}
