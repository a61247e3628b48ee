//! Describes values of information and discrimination.

use crate::board::Board;
use crate::crux_value::{CruxValue, Side};
use crate::date::spelled;
use crate::percent::points;
use crate::record::{OptionId, PersonId};
use crate::text::listed;
use crate::translation::{number as number_words, percent};
use crate::waterfall::Cause;
use crate::{t, tn};

use super::{crux_name, person_name, short};

/// Bound of rounding errors.
const NOTHING: f64 = 1e-9;

/// Formats an amount of information, to a thousandth: "0.003 bits", "1 bit".
#[must_use]
pub fn bits_words(bits: f64) -> String {
    match rounded(bits, 3) {
        one if one == "1" => t!("1 bit").to_owned(),
        bits => t!("{bits} bits", bits),
    }
}

/// Formats a share from 0 to 1 as a percentage, to a tenth: "0.7%".
#[must_use]
pub fn share_words(share: f64) -> String {
    percent(rounded(100.0 * share, 1))
}

/// Formats a number with at most this number of decimal places. A number other than 0 is never shown as 0.
fn rounded(number: f64, places: u8) -> String {
    let step = 10_f64.powi(places.into());
    let near = (number.abs() * step).round() / step;
    let sign = if number < 0.0 { "−" } else { "" };
    if number.abs() < NOTHING {
        "0".to_owned()
    } else if near == 0.0 {
        t!(
            "less than {number}",
            number = format!("{sign}{}", number_words(1.0 / step))
        )
    } else {
        format!("{sign}{}", number_words(near))
    }
}

/// Describes which crux is worth finding out first, and why. `values` are sorted by information; `None` if no
/// crux has a figure or all figures are 0.
#[must_use]
pub fn first_words(board: &Board, option: OptionId, values: &[CruxValue]) -> Option<String> {
    let first = values.first()?;
    let level = first.level.filter(|level| *level > NOTHING)?;
    let compared = values.iter().filter(|value| value.level.is_some()).count();
    let (crux, option) = (crux_name(board, first.crux), option_name(board, option));
    let points = points(level, &[]);
    let mut people = first.views.keys();
    let words = match (people.next(), people.len()) {
        (Some(one), 0) => {
            let name = person_name(board, *one);
            if compared > 1 {
                t!(
                    "“{crux}”: knowing whether it is true would move {name}’s view of “{option}” by {points} on average, the most of {compared} cruxes.",
                    crux,
                    name,
                    option,
                    points,
                    compared
                )
            } else {
                t!(
                    "“{crux}”: knowing whether it is true would move {name}’s view of “{option}” by {points} on average.",
                    crux,
                    name,
                    option,
                    points
                )
            }
        }
        (_, others) => {
            let people = others + 1;
            if compared > 1 {
                t!(
                    "“{crux}”: knowing whether it is true would move people’s views of “{option}” by {points} on average (the lower median of {people} people), the most of {compared} cruxes.",
                    crux,
                    option,
                    points,
                    people,
                    compared
                )
            } else {
                t!(
                    "“{crux}”: knowing whether it is true would move people’s views of “{option}” by {points} on average (the lower median of {people} people).",
                    crux,
                    option,
                    points,
                    people
                )
            }
        }
    };
    Some(match first.by_date {
        None => words,
        Some(day) => {
            let day = spelled(day);
            let by_date = t!("The first of its triggers is to be judged by {day}.", day);
            format!("{words} {by_date}")
        }
    })
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
    let (one, other) = (&one.name, &other.name);
    let crux = crux_name(board, value.crux);
    Some(if level > NOTHING {
        let points = points(level, &[]);
        t!(
            "Knowing “{crux}” would bring {one} and {other} {points} closer on average.",
            crux,
            one,
            other,
            points
        )
    } else if level < -NOTHING {
        let points = points(-level, &[]);
        t!(
            "Knowing “{crux}” would drive {one} and {other} apart, by {points} on average.",
            crux,
            one,
            other,
            points
        )
    } else {
        t!(
            "Knowing “{crux}” would leave {one} and {other} as far apart as they are.",
            crux,
            one,
            other
        )
    })
}

/// Describes the cause of a change: an item of evidence, a reason, a person who joined.
#[must_use]
pub fn cause_words(board: &Board, cause: Cause) -> String {
    match cause {
        Cause::Evidence(id) => board.evidence(id).map_or_else(
            || t!("Deleted evidence").to_owned(),
            |evidence| short(evidence.headline(), 90).into_owned(),
        ),
        Cause::Reason(id) => board.statement(id).map_or_else(
            || t!("Deleted reason").to_owned(),
            |said| {
                let who = person_name(board, said.person);
                format!("{who}: {}", short(&said.reason, 90))
            },
        ),
        Cause::Joined(person, credence) => t!(
            "{name} joined with {credence}",
            name = person_name(board, person),
            credence = credence.shown()
        ),
        Cause::Departure => t!("People left the group").to_owned(),
        Cause::Unexplained => t!("No reason given").to_owned(),
    }
}

/// Describes whose three credences contradict each other; `None` if nobody's do.
#[must_use]
pub fn contradictory_words(board: &Board, people: &[PersonId]) -> Option<String> {
    let names: Vec<String> = people.iter().map(|one| person_name(board, *one)).collect();
    let names = listed(&names);
    (!people.is_empty()).then(|| {
        tn!(
            people.len(),
            "{names} is not counted: their credences contradict each other since one of them was changed.",
            "{names} are not counted: their credences contradict each other since one of them was changed.",
            names
        )
    })
}

fn option_name(board: &Board, option: OptionId) -> String {
    board.option(option).map_or_else(
        || t!("a deleted option").into(),
        |option| option.name.clone(),
    )
}
