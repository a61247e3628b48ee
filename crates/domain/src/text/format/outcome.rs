//! Describes outcomes of claims.

use super::short;
use super::trigger::verdict_words;
use crate::board::Board;
use crate::date::spelled;
use crate::outcome::{OutcomeError, ShownBy, outcome};
use crate::record::{Crux, CruxId, Record, TriggerId};
use crate::t;
use crate::text::listed;

/// Describes the outcome of a claim and how it became clear, or why it is unclear; `None` while nothing was
/// settled or judged.
#[must_use]
pub fn outcome_words(board: &Board, crux: &Record<CruxId, Crux>) -> Option<String> {
    let quoted = |id: TriggerId| {
        let headline = board.trigger(id).map(|trigger| trigger.headline());
        t!("“{text}”", text = short(&headline.unwrap_or_default(), 120))
    };
    Some(match outcome(board, crux) {
        Ok(outcome) => {
            let truth = match outcome.came_true {
                true => t!("true"),
                false => t!("false"),
            };
            let day = spelled(outcome.at.day());
            let mut sentences = Vec::new();
            match outcome.shown_by {
                ShownBy::Settling => {
                    sentences.push(t!("It is settled as {truth}, since {day}.", truth, day));
                }
                ShownBy::Trigger {
                    id,
                    verdict,
                    was_said_afterwards,
                } => {
                    sentences.push(t!(
                        "It counts as {truth}, since {day}: the trigger {trigger} was judged {verdict}, and its terms say what that shows.",
                        truth,
                        day,
                        trigger = quoted(id),
                        verdict = verdict_words(verdict)
                    ));
                    if was_said_afterwards {
                        sentences.push(
                            t!("The terms came to say so only after it was judged.").to_owned(),
                        );
                    }
                }
            }
            sentences.push(t!(
                "Credences up to {day} are scored.",
                day = spelled(outcome.scored_until)
            ));
            sentences.join(" ")
        }
        Err(OutcomeError::Open) => return None,
        Err(OutcomeError::NotSaid(triggers)) => t!(
            "Judged, but nobody is scored by it: the terms of {triggers} do not say what the verdict shows of the claim.",
            triggers = quoted_all(&triggers, quoted)
        ),
        Err(OutcomeError::Contradiction(triggers)) => t!(
            "Nobody is scored by it: {triggers} were judged, and they show opposite things. Settling the crux decides.",
            triggers = quoted_all(&triggers, quoted)
        ),
    })
}

fn quoted_all(triggers: &[TriggerId], quoted: impl Fn(TriggerId) -> String) -> String {
    let quoted = triggers.iter().map(|id| quoted(*id));
    listed(&quoted.collect::<Vec<_>>())
}
