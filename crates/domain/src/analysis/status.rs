//! The state of a board in a few words, for every possible state.

use crate::Credence;
use crate::board::Board;
use crate::date::{Viewpoint, spelled};
use crate::format::{decision_sentence, person_name, short};
use crate::record::OptionId;
use crate::summary::Summary;
use crate::text::{counted, joined};
use crate::trigger_state::TriggerState;

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
        Some(format!(
            "The decision was to be looked at again on {}: decide again.",
            spelled(until)
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
        return if has_cruxes { "No triggers yet." } else { "" }.to_owned();
    }
    let waiting = triggers.of(TriggerState::Met) - summary.answered - summary.acting;
    let disputed = triggers.of(TriggerState::Disputed);
    let overdue = triggers.of(TriggerState::Undecided);
    let mut parts = Vec::new();
    if waiting > 0 {
        let calls = if waiting == 1 {
            "and calls"
        } else {
            "and call"
        };
        let met = counted(waiting, "trigger is met", "triggers are met");
        parts.push(format!("{met} {calls} for a decision."));
    }
    if summary.acting > 0 {
        let met = counted(summary.acting, "trigger is", "triggers are");
        let asks = if summary.acting == 1 { "asks" } else { "ask" };
        parts.push(format!("{met} met and {asks} for an action."));
    }
    if summary.answered > 0 {
        let met = counted(summary.answered, "met trigger is", "met triggers are");
        parts.push(format!("{met} answered by a decision."));
    }
    if parts.is_empty() {
        parts.push("No trigger met.".to_owned());
    }
    if disputed > 0 {
        let are = counted(disputed, "trigger is", "triggers are");
        parts.push(format!("{are} disputed."));
    }
    if overdue > 0 {
        let are = counted(overdue, "trigger is", "triggers are");
        parts.push(format!("{are} overdue."));
    }
    parts.join(" ")
}

fn crux_words(board: &Board, summary: &Summary, with_stale: bool) -> String {
    let pointing = &summary.pointing;
    let total = pointing.total();
    if summary.cruxes == 0 {
        return "No cruxes yet.".to_owned();
    }
    if total == 0 {
        return "No open cruxes: all are retired.".to_owned();
    }
    if pointing.unstated == total {
        return match summary.stale {
            0 => "Nobody has stated a credence yet.",
            _ => "All credences are outdated and hidden.",
        }
        .to_owned();
    }
    let ranked = pointing.ranked();
    let of_all = |count: usize| match (count == total, total) {
        (true, 1) => "The only crux".to_owned(),
        (true, _) => format!("All {total} cruxes"),
        (false, _) => format!("{count} of {total} cruxes"),
    };
    let verb = |count: usize| if count == 1 { "points" } else { "point" };
    let mut others = Vec::new();
    let lead = match ranked.split_first() {
        Some((first, rest)) => {
            let named = rest.iter().map(|one| {
                let name = option_name(board, Some(one.option));
                format!("{} to {name}", one.total())
            });
            others.extend(named);
            let (count, name) = (first.total(), option_name(board, Some(first.option)));
            format!("{} {} to {name}", of_all(count), verb(count))
        }
        None => match total {
            1 => "The only crux points to no option".to_owned(),
            _ => format!("None of {total} cruxes points to an option"),
        },
    };
    let is_or_are = |count: usize, words: &str| match count {
        0 => String::new(),
        1 => format!("1 is {words}"),
        count => format!("{count} are {words}"),
    };
    others.push(is_or_are(pointing.either, Credence::IN_BETWEEN));
    let without = match with_stale {
        true => "without credences",
        false => "without current credences",
    };
    others.push(is_or_are(pointing.unstated, without));
    if pointing.nowhere > 0 && !ranked.is_empty() {
        others.push(format!("{} to no option", pointing.nowhere));
    }
    let settled = match summary.settled {
        0 => String::new(),
        count => format!(" ({count} settled)"),
    };
    let others = joined(&others, ", ");
    let between = match (others.is_empty(), ranked.is_empty()) {
        (true, _) => "",
        (false, true) => ": ",
        (false, false) => ", ",
    };
    let whole = format!("{lead}{between}{others}{settled}.");
    match summary.only_person {
        Some(person) => format!(
            "{whole} Only {} has stated credences.",
            person_name(board, person)
        ),
        None => whole,
    }
}

fn option_name(board: &Board, option: Option<OptionId>) -> String {
    let option = option.and_then(|option| board.option(option));
    option.map_or_else(|| "Deleted option".to_owned(), |o| o.name.clone())
}
