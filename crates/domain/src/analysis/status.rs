//! The state of a board in a few words, for every possible state.

use crate::board::Board;
use crate::date::{Viewpoint, spelled};
use crate::format::{decision_sentence, person_name, short};
use crate::pointing::PointingCount;
use crate::record::OptionId;
use crate::summary::Summary;
use crate::text::joined;
use crate::trigger_state::TriggerState;
use crate::{t, tn};

/// The longest reason of a decision that is quoted, in characters.
const LONGEST_REASON: usize = 160;

/// The standing decision: "Continue, because it pays · to be looked at again on 31 Mar 2027"; `None` before
/// the first decision.
#[must_use]
pub fn decision_words(board: &Board) -> Option<String> {
    let decision = board.standing_decision()?;
    let why = short(decision.why.trim(), LONGEST_REASON);
    Some(decision_sentence(board, decision, &why))
}

/// Describes the state of the board: whether it is time to decide again, its triggers, and where its cruxes
/// point. For example "No trigger met. 8 of 9 cruxes point to Continue, 1 to Wind down."
#[must_use]
pub fn status_words(board: &Board, summary: &Summary, viewpoint: impl Into<Viewpoint>) -> String {
    let viewpoint = viewpoint.into();
    let today = viewpoint.now.today();
    let run_out = board.standing_decision().and_then(|decision| {
        let until = decision.until.filter(|until| *until <= today)?;
        Some(t!(
            "The decision was to be looked at again on {day}: decide again.",
            day = spelled(until)
        ))
    });
    let parts = [
        run_out.unwrap_or_default(),
        trigger_words(summary),
        crux_words(board, summary, viewpoint.with_stale),
    ];
    joined(&parts, " ")
}

fn trigger_words(summary: &Summary) -> String {
    let triggers = &summary.triggers;
    if triggers.total() == 0 {
        // Without cruxes there cannot be triggers, so their absence is not mentioned.
        let has_cruxes = summary.pointing.total() > 0;
        return if has_cruxes {
            t!("No triggers yet.")
        } else {
            ""
        }
        .to_owned();
    }
    let waiting = triggers.of(TriggerState::Met) - summary.answered - summary.acting;
    let disputed = triggers.of(TriggerState::Disputed);
    let overdue = triggers.of(TriggerState::Undecided);
    let mut parts = Vec::new();
    if waiting > 0 {
        parts.push(tn!(
            waiting,
            "{count} trigger is met and calls for a decision.",
            "{count} triggers are met and call for a decision."
        ));
    }
    if summary.acting > 0 {
        parts.push(tn!(
            summary.acting,
            "{count} trigger is met and asks for an action.",
            "{count} triggers are met and ask for an action."
        ));
    }
    if summary.answered > 0 {
        parts.push(tn!(
            summary.answered,
            "{count} met trigger is answered by a decision.",
            "{count} met triggers are answered by a decision."
        ));
    }
    if parts.is_empty() {
        parts.push(t!("No trigger met.").to_owned());
    }
    if disputed > 0 {
        parts.push(tn!(
            disputed,
            "{count} trigger is disputed.",
            "{count} triggers are disputed."
        ));
    }
    if overdue > 0 {
        parts.push(tn!(
            overdue,
            "{count} trigger is overdue.",
            "{count} triggers are overdue."
        ));
    }
    parts.join(" ")
}

fn crux_words(board: &Board, summary: &Summary, with_stale: bool) -> String {
    let pointing = &summary.pointing;
    let total = pointing.total();
    if summary.cruxes == 0 {
        return t!("No cruxes yet.").to_owned();
    }
    if total == 0 {
        return t!("No open cruxes: all are retired.").to_owned();
    }
    if pointing.unstated == total {
        return match summary.stale {
            0 => t!("Nobody has stated a credence yet."),
            _ => t!("All credences are outdated and hidden."),
        }
        .to_owned();
    }
    let ranked = pointing.ranked();
    let mut others = Vec::new();
    let lead = match ranked.split_first() {
        Some((first, rest)) => {
            let named = rest.iter().map(|one| {
                let name = option_name(board, Some(one.option));
                t!("{count} to {option}", count = one.total(), option = name)
            });
            others.extend(named);
            let option = option_name(board, Some(first.option));
            match (first.total(), total) {
                (1, 1) => t!("The only crux points to {option}", option),
                (count, _) if count == total => {
                    t!("All {total} cruxes point to {option}", total, option)
                }
                (count, _) => tn!(
                    count,
                    "{count} of {total} cruxes points to {option}",
                    "{count} of {total} cruxes point to {option}",
                    total,
                    option
                ),
            }
        }
        None => match total {
            1 => t!("The only crux points to no option").to_owned(),
            _ => t!("None of {total} cruxes points to an option", total),
        },
    };
    others.push(match pointing.either {
        0 => String::new(),
        count => tn!(count, "{count} is in between", "{count} are in between"),
    });
    others.push(match (pointing.unstated, with_stale) {
        (0, _) => String::new(),
        (count, true) => tn!(
            count,
            "{count} is without credences",
            "{count} are without credences"
        ),
        (count, false) => tn!(
            count,
            "{count} is without current credences",
            "{count} are without current credences"
        ),
    });
    others.push(nowhere_words(pointing, ranked.is_empty()));
    let others = joined(&others, ", ");
    let between = match (others.is_empty(), ranked.is_empty()) {
        (true, _) => "",
        (false, true) => ": ",
        (false, false) => ", ",
    };
    let pointing = format!("{lead}{between}{others}");
    let mut sentences = vec![match summary.settled {
        0 => format!("{pointing}."),
        count => t!("{pointing} ({count} settled).", pointing, count),
    }];
    if let Some(person) = summary.only_person {
        let name = person_name(board, person);
        sentences.push(t!("Only {name} has stated credences.", name));
    }
    sentences.join(" ")
}

/// Describes the cruxes at an end without an option. If there are no others, the sentence says it already.
fn nowhere_words(pointing: &PointingCount, is_led_by_none: bool) -> String {
    let count = pointing.nowhere;
    if count == 0 || count == pointing.total() {
        return String::new();
    }
    if is_led_by_none {
        return tn!(
            count,
            "{count} has no option at its end",
            "{count} have no option at their end"
        );
    }
    t!("{count} to no option", count)
}

fn option_name(board: &Board, option: Option<OptionId>) -> String {
    let option = option.and_then(|option| board.option(option));
    option.map_or_else(|| t!("Deleted option").to_owned(), |o| o.name.clone())
}
