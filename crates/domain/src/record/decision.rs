use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{OptionId, PersonId, ReviewId, TriggerId, record};

/// What one person said to a decision.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// Who.
    pub person: PersonId,
    /// Whether they agreed.
    pub agrees: bool,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

record! {
    /// An option chosen at a time. The latest one stands; none reverts or carries on by itself.
    Decision,
    /// What one change sets of a decision.
    DecisionEdit,
    {
        /// What was chosen.
        option: Option<OptionId>,
        /// Why.
        why: String,
        /// When to decide again.
        until: Option<NaiveDate>,
        /// Who agreed and who did not.
        voices: Vec<Voice>,
        /// The met triggers it answers, also by going on in spite of them.
        answers: Vec<TriggerId>,
        /// Triggers that would reverse it.
        reversed_by: Vec<TriggerId>,
        /// What else would reverse it.
        reversal: String,
        /// The review at which it was taken.
        held_at: Option<ReviewId>,
        /// How many changes were at hand: some made earlier may have arrived since.
        known: u32,
    }
}
