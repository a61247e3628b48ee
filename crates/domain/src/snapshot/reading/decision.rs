//! The standing decision of a snapshot, in words.

use super::{dated, mark, owed, present};
use crate::board::Board;
use crate::date::{Now, spelled};
use crate::format::person_name;
use crate::record::{Mark, TriggerId};
use crate::t;
use crate::text::joined;

/// The standing decision, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionReading {
    /// The kind of the chosen option, which decides its shape.
    pub mark: Mark,
    /// The headline: "Decided on 3 Nov 2026: Wind down".
    pub headline: String,
    /// The reason; may be empty.
    pub why: String,
    /// The revisit date, the answered triggers, the reversal conditions, and the agreement, each with its
    /// label.
    pub payloads: Vec<(&'static str, String)>,
    /// The actions.
    pub actions: Vec<String>,
}

impl DecisionReading {
    pub(super) fn of(board: &Board) -> Option<Self> {
        let decision = board.standing_decision()?;
        let option = decision.option.and_then(|id| board.option(id));
        let name = option.map_or(t!("Deleted option"), |option| &option.name);
        let triggers = |ids: &[TriggerId]| {
            let triggers = ids.iter().filter_map(|id| board.trigger(*id));
            let triggers = triggers.map(|trigger| match board.crux(trigger.crux) {
                Some(crux) => format!("{} ({})", trigger.headline(), crux.name()),
                None => trigger.headline(),
            });
            triggers.collect::<Vec<_>>().join("; ")
        };
        let voices = |agrees: bool| {
            let voices = decision.voices.iter().filter(|it| it.agrees == agrees);
            let voices = voices.map(|voice| {
                joined(
                    &[person_name(board, voice.person), voice.reason.clone()],
                    ": ",
                )
            });
            voices.collect::<Vec<_>>().join("; ")
        };
        Some(Self {
            mark: mark(board, decision.option),
            headline: t!(
                "Decided on {day}: {name}",
                day = spelled(decision.day(Now::utc(decision.id.0.millis()))),
                name
            ),
            why: decision.why.clone(),
            payloads: present([
                (t!("To be looked at again"), dated(decision.until)),
                (t!("decision" => "Answers"), triggers(&decision.answers)),
                (t!("Reversed by"), triggers(&decision.reversed_by)),
                (t!("Reversed if"), decision.reversal.clone()),
                (t!("Agreed"), voices(true)),
                (t!("Did not agree"), voices(false)),
            ]),
            actions: board.actions_of(decision.id).map(|it| owed(it)).collect(),
        })
    }
}
