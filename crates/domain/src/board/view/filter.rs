//! The filter: words to search for, and the chosen values of facets.

use std::collections::{BTreeMap, BTreeSet};

use super::Facet;
use crate::text::folded;

/// A search and chosen values of facets. A record must match one of the chosen values of each facet with a
/// choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Words that must all occur in a record.
    pub search: String,
    /// The chosen values of each facet.
    pub chosen: BTreeMap<Facet, BTreeSet<String>>,
}

impl Filter {
    /// Returns whether everything matches the filter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.search.trim().is_empty() && self.chosen.values().all(BTreeSet::is_empty)
    }

    /// Chooses a value, or removes it from the choice.
    pub fn toggle(&mut self, facet: Facet, value: &str) {
        let values = self.chosen.entry(facet).or_default();
        if !values.remove(value) {
            values.insert(value.to_owned());
        }
        if values.is_empty() {
            self.chosen.remove(&facet);
        }
    }

    /// Returns whether all words of the search occur in a text.
    pub(super) fn finds(&self, text: impl FnOnce() -> String) -> bool {
        let wanted = folded(&self.search);
        let mut words = wanted.split_whitespace().peekable();
        words.peek().is_none() || {
            let text = folded(&text());
            words.all(|word| text.contains(word))
        }
    }

    /// Returns whether a record with these values matches the choices.
    pub(super) fn agrees(&self, values: impl FnOnce() -> Vec<(Facet, String)>) -> bool {
        self.chosen.is_empty() || {
            let values = values();
            self.chosen.iter().all(|(facet, wanted)| {
                wanted.is_empty()
                    || wanted
                        .iter()
                        .any(|value| values.contains(&(*facet, value.clone())))
            })
        }
    }
}
