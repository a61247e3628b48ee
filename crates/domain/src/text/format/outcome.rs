//! Describes outcomes of claims.

use super::short;
use crate::board::Board;
use crate::date::spelled;
use crate::outcome::{OutcomeError, ShownBy, outcome};
use crate::record::{Crux, CruxId, Record, TriggerId};

/// Describes the outcome of a claim and how it became clear, or why it is unclear; `None` while nothing was
/// settled or judged.
#[must_use]
pub fn outcome_words(board: &Board, crux: &Record<CruxId, Crux>) -> Option<String> {
    let quoted = |id: TriggerId| {
        let headline = board.trigger(id).map(|trigger| trigger.headline());
        format!("“{}”", short(&headline.unwrap_or_default(), 120))
    };
    Some(match outcome(board, crux) {
        Ok(outcome) => {
            let until = format!(
                " Credences up to {} are scored.",
                spelled(outcome.scored_until)
            );
            let truth = if outcome.came_true { "true" } else { "false" };
            let day = spelled(outcome.at.day());
            match outcome.shown_by {
                ShownBy::Settling => format!("It is settled as {truth}, since {day}.{until}"),
                ShownBy::Trigger {
                    id,
                    verdict,
                    was_said_afterwards,
                } => {
                    let later = if was_said_afterwards {
                        " The terms came to say so only after it was judged."
                    } else {
                        ""
                    };
                    let verdict = verdict.label().to_lowercase();
                    format!(
                        "It counts as {truth}, since {day}: the trigger {} was judged {verdict}, and its terms say what that shows.{later}{until}",
                        quoted(id)
                    )
                }
            }
        }
        Err(OutcomeError::Open) => return None,
        Err(OutcomeError::NotSaid(triggers)) => format!(
            "Judged, but nobody is scored by it: the terms of {} do not say what the verdict shows of the claim.",
            quoted_all(&triggers, quoted)
        ),
        Err(OutcomeError::Contradiction(triggers)) => format!(
            "Nobody is scored by it: {} were judged, and they show opposite things. Settling the crux decides.",
            quoted_all(&triggers, quoted)
        ),
    })
}

fn quoted_all(triggers: &[TriggerId], quoted: impl Fn(TriggerId) -> String) -> String {
    let quoted = triggers.iter().map(|id| quoted(*id));
    quoted.collect::<Vec<_>>().join(" and ")
}
