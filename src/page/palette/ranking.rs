//! Ranks the entries of the palette by how well they match the typed text.

use cruxboard_domain::text::folded;

/// The quality of a match. Lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// The label begins with the typed text.
    Beginning,
    /// Each typed word begins a word of the label.
    Words,
    /// The label contains each typed word.
    Label,
    /// Label and detail together contain each typed word.
    Detail,
}

/// The texts of an entry, folded for comparison.
#[derive(Clone, Debug)]
pub(super) struct Searchable {
    label: String,
    all: String,
}

impl Searchable {
    pub(super) fn new(label: &str, detail: &str) -> Self {
        let label = folded(label);
        Self {
            all: format!("{label} {}", folded(detail)),
            label,
        }
    }

    /// Returns how well the entry matches `wanted`, which is folded; `None` if it does not.
    ///
    /// Everything matches an empty text.
    pub(super) fn rank(&self, wanted: &str) -> Option<Match> {
        let wanted = wanted.trim();
        if self.label.starts_with(wanted) {
            return Some(Match::Beginning);
        }
        let is_in = |text: &str| wanted.split_whitespace().all(|word| text.contains(word));
        let begins_words = || {
            wanted.split_whitespace().all(|word| {
                let mut words = self.label.split(|letter: char| !letter.is_alphanumeric());
                words.any(|begun| begun.starts_with(word))
            })
        };
        if begins_words() {
            Some(Match::Words)
        } else if is_in(&self.label) {
            Some(Match::Label)
        } else {
            is_in(&self.all).then_some(Match::Detail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_matches_the_better_the_earlier_the_typed_words_stand_in_it() {
        let entry = Searchable::new("Save evidence", "New item, E");
        for (wanted, rank) in [
            ("", Some(Match::Beginning)),
            ("save e", Some(Match::Beginning)),
            ("evidence", Some(Match::Words)),
            ("evi sa", Some(Match::Words)),
            ("ave", Some(Match::Label)),
            ("dence ave", Some(Match::Label)),
            ("new", Some(Match::Detail)),
            ("save item", Some(Match::Detail)),
            ("save nothing", None),
            ("x", None),
        ] {
            assert_eq!(entry.rank(&folded(wanted)), rank, "{wanted}");
        }
    }
}
