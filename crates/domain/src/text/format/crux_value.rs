//! Describes values of information and discrimination.

use crate::board::Board;
use crate::crux_value::{CruxValue, Side};
use crate::date::spelled;
use crate::record::{CruxId, OptionId, PersonId};
use crate::text::plural;
use crate::waterfall::Cause;

use super::{person_name, short};

/// Bound of rounding errors.
const NOTHING: f64 = 1e-9;

/// Formats a difference in percentage points, to a tenth: "1.5 points", "−2 points", "less than 0.1 points".
#[must_use]
pub fn tenth_points(points: f64) -> String {
    match rounded(points, 1) {
        one if one == "1" => "1 point".to_owned(),
        number => number + " points",
    }
}

/// Formats an amount of information, to a thousandth: "0.003 bits", "1 bit".
#[must_use]
pub fn bits_words(bits: f64) -> String {
    match rounded(bits, 3) {
        one if one == "1" => "1 bit".to_owned(),
        number => number + " bits",
    }
}

/// Formats a share from 0 to 1 as a percentage, to a tenth: "0.7%".
#[must_use]
pub fn share_words(share: f64) -> String {
    rounded(100.0 * share, 1) + "%"
}

/// Formats a number with at most this number of decimal places. A number other than 0 is never shown as 0.
fn rounded(number: f64, places: u8) -> String {
    let step = 10_f64.powi(places.into());
    let near = (number.abs() * step).round() / step;
    let sign = if number < 0.0 { "−" } else { "" };
    if number.abs() < NOTHING {
        "0".to_owned()
    } else if near == 0.0 {
        let least = if sign.is_empty() {
            "less than "
        } else {
            "less than −"
        };
        format!("{least}{}", 1.0 / step)
    } else {
        format!("{sign}{near}")
    }
}

/// Describes which crux is worth finding out first, and why. `values` are sorted by information; `None` if no
/// crux has a figure or all figures are 0.
#[must_use]
pub fn first_words(board: &Board, option: OptionId, values: &[CruxValue]) -> Option<String> {
    let first = values.first()?;
    let level = first.level.filter(|level| *level > NOTHING)?;
    let compared = values.iter().filter(|value| value.level.is_some()).count();
    let most = if compared > 1 {
        format!(", the most of {compared} cruxes")
    } else {
        String::new()
    };
    let by_date = first.by_date.map(|day| {
        let day = spelled(day);
        format!(" The first of its triggers is to be judged by {day}.")
    });
    let mut people = first.views.keys();
    let (whose, median) = match (people.next(), people.len()) {
        (Some(one), 0) => (
            format!("{}’s view", person_name(board, *one)),
            String::new(),
        ),
        (_, others) => (
            "people’s views".to_owned(),
            format!(" (the lower median of {} people)", others + 1),
        ),
    };
    Some(format!(
        "“{}”: knowing whether it is true would move {whose} of “{}” by {} on average{median}{most}.{}",
        crux_name(board, first.crux),
        option_name(board, option),
        tenth_points(level),
        by_date.unwrap_or_default(),
    ))
}

/// Describes how knowing a crux would change the disagreement of two sides; `None` if that is unknown.
#[must_use]
pub fn discrimination_words(
    board: &Board,
    value: &CruxValue,
    one: &Side,
    other: &Side,
) -> Option<String> {
    let (level, _) = value.discrimination(one, other);
    let level = level?;
    let names = format!("{} and {}", one.name, other.name);
    let crux = crux_name(board, value.crux);
    Some(if level > NOTHING {
        let less = tenth_points(level);
        format!("Knowing “{crux}” would bring {names} {less} closer on average.")
    } else if level < -NOTHING {
        let more = tenth_points(-level);
        format!("Knowing “{crux}” would drive {names} apart, by {more} on average.")
    } else {
        format!("Knowing “{crux}” would leave {names} as far apart as they are.")
    })
}

/// Describes the cause of a change: an item of evidence, a reason, a person who joined.
#[must_use]
pub fn cause_words(board: &Board, cause: Cause) -> String {
    match cause {
        Cause::Evidence(id) => board.evidence(id).map_or_else(
            || "Deleted evidence".to_owned(),
            |evidence| short(evidence.headline(), 90).into_owned(),
        ),
        Cause::Reason(id) => board.statement(id).map_or_else(
            || "Deleted reason".to_owned(),
            |said| {
                let who = person_name(board, said.person);
                format!("{who}: {}", short(&said.reason, 90))
            },
        ),
        Cause::Joined(person, credence) => format!(
            "{} joined with {}",
            person_name(board, person),
            credence.shown()
        ),
        Cause::Departure => "People left the group".to_owned(),
        Cause::Unexplained => "No reason given".to_owned(),
    }
}

/// Describes whose three credences contradict each other; `None` if nobody's do.
#[must_use]
pub fn contradictory_words(board: &Board, people: &[PersonId]) -> Option<String> {
    let (last, rest) = people.split_last()?;
    let mut names: Vec<String> = rest.iter().map(|one| person_name(board, *one)).collect();
    let verb = plural(people.len(), "is", "are");
    let last = person_name(board, *last);
    if !names.is_empty() {
        names = vec![names.join(", "), last];
    } else {
        names.push(last);
    }
    Some(format!(
        "{} {verb} not counted: their credences contradict each other since one of them was changed.",
        names.join(" and ")
    ))
}

fn crux_name(board: &Board, crux: CruxId) -> String {
    board
        .crux(crux)
        .map_or_else(|| "a deleted crux".into(), |crux| crux.name().into_owned())
}

fn option_name(board: &Board, option: OptionId) -> String {
    board
        .option(option)
        .map_or_else(|| "a deleted option".into(), |option| option.name.clone())
}
