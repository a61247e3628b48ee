//! The states of a crux's triggers in one line.

use super::CruxReading;
use crate::format::short;
use crate::trigger_state::TriggerState;
use crate::{t, tn};

impl CruxReading {
    /// Describes the triggers in one line, those that are met with their conditions: "4 triggers, none met".
    /// Empty if there is none.
    #[must_use]
    pub fn triggers_in_words(&self) -> String {
        let count = self.triggers.len();
        let of = |state: TriggerState| {
            let same = self.triggers.iter();
            same.filter(move |trigger| trigger.state == state)
        };
        let met = of(TriggerState::Met).map(|trigger| {
            let headline = short(&trigger.headline, 100);
            format!("{}: {headline}", trigger.toward)
        });
        let met: Vec<String> = met.collect();
        let mut words = match (count, met.len()) {
            (0, _) => return String::new(),
            (_, 0) => tn!(
                count,
                "{count} trigger, not met",
                "{count} triggers, none met"
            ),
            (1, _) => t!("The trigger is met: {trigger}", trigger = met.join("; ")),
            (_, number) => t!(
                "{number} of {count} triggers met: {triggers}",
                number,
                count,
                triggers = met.join("; ")
            ),
        };
        for state in [
            TriggerState::Near,
            TriggerState::Disputed,
            TriggerState::Undecided,
        ] {
            let number = of(state).count();
            if number > 0 {
                words = format!("{words}, {number} {}", state.label());
            }
        }
        words
    }
}
