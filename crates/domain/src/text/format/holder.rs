//! Names those whose credences are pooled: the group, or its only person.

use crate::Millis;
use crate::board::Board;
use crate::t;

/// Those who hold an aggregate, in words. A group of one person is called by the person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder(Option<String>);

impl Holder {
    /// Returns the holder of a board's aggregates at a moment.
    #[must_use]
    pub fn of(board: &Board, at: Millis) -> Self {
        let mut people = board.people_at(at);
        match (people.next(), people.next()) {
            (Some(only), None) => Self(Some(only.name.clone())),
            _ => Self(None),
        }
    }

    /// Returns whether there is only one person.
    #[must_use]
    pub fn is_one_person(&self) -> bool {
        self.0.is_some()
    }

    /// Returns the name within a sentence: "the group", or "Ann".
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.as_deref().unwrap_or_else(|| t!("the group"))
    }

    /// Returns the name at the beginning of a sentence: "The group", or "Ann".
    #[must_use]
    pub fn first(&self) -> &str {
        self.0.as_deref().unwrap_or_else(|| t!("The group"))
    }
}
