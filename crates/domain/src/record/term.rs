use super::record;
use crate::text::folded;

record! {
    /// A term with its meaning on this board.
    Term,
    /// An edit of a term.
    TermEdit,
    {
        /// The word or phrase.
        term: String { label: "Term", input: Line,
            search: no, snapshot: Always Text, since: "every-fact" }
        /// The meaning on this board.
        meaning: String { label: "Meaning", input: Area,
            search: no, snapshot: Always Text, since: "every-fact" }
        /// The source of the definition.
        source: String { label: "Defined by", input: Line,
            search: no, snapshot: WithDetails Name, since: "every-fact" }
    }
}

impl Term {
    /// Returns whether `text` uses the term as a whole word, in any case. An ending may follow ("coercive" is
    /// found by "coerc" only if the term says so).
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
