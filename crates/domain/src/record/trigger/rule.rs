//! The rules of credence triggers in words.

use super::{Comparison, CredenceRule, Measure};
use crate::translation::number;
use crate::{t, tn};

impl std::fmt::Display for CredenceRule {
    /// Formats the rule: "aggregate at or above 70% at 2 reviews running".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = match self.measure {
            Measure::Aggregate => self.value.shown(),
            Measure::Spread => format!("{} {}", number(self.value), self.value.points_noun()),
        };
        let rule = match (self.measure, self.comparison) {
            (Measure::Aggregate, Comparison::AtLeast) => t!("aggregate at or above {value}", value),
            (Measure::Aggregate, Comparison::AtMost) => t!("aggregate at or below {value}", value),
            (Measure::Spread, Comparison::AtLeast) => t!("spread at or above {value}", value),
            (Measure::Spread, Comparison::AtMost) => t!("spread at or below {value}", value),
        };
        f.write_str(&match self.reviews {
            0 => rule,
            reviews => tn!(
                usize::from(reviews),
                "{rule} at a review",
                "{rule} at {count} reviews running",
                rule
            ),
        })
    }
}
