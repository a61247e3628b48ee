//! The scale named in the heading of a column.

use super::column_names::words;
use super::scale::Scale;

/// The result of looking for a scale in a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Scale(Scale),
    /// The heading names an unknown scale.
    Other,
    Nothing,
}

/// Parses the scale in a heading: "in percent", "(scale = 0-1)", "1–5", "out of 10", "1 bis 5", "von 10".
pub(super) fn told_by(heading: &str) -> Told {
    let words = words(heading);
    let mut told = Told::Nothing;
    for (place, word) in words.iter().enumerate() {
        let number = |at: usize| words.get(at)?.parse::<u32>().ok();
        let next_is = |name: &str| words.get(place + 1).is_some_and(|word| word == name);
        let range = match number(place) {
            Some(low) => match number(place + 1) {
                Some(high) => Some((low, high)),
                None if next_is("to") || next_is("bis") => {
                    number(place + 2).map(|high| (low, high))
                }
                None => None,
            },
            None if word == "of" && place > 0 && words[place - 1] == "out" => {
                number(place + 1).map(|high| (0, high))
            }
            // "von 1 bis 5" is found at its numbers, and "von 3 Personen" is no scale.
            None if word == "von" && words.get(place + 2).is_none_or(|word| word != "bis") => {
                let most = number(place + 1).filter(|most| matches!(most, 5 | 10 | 100));
                most.map(|high| (0, high))
            }
            None => None,
        };
        let is_of_scale = words.iter().any(|word| word == "scale" || word == "skala");
        match range {
            Some((0, 1)) => return Told::Scale(Scale::Fraction),
            Some((0 | 1, 100)) => return Told::Scale(Scale::Percent),
            Some((0 | 1, 10)) => return Told::Scale(Scale::Ten),
            // Five steps from 1 stand for the middles of fifths: 5 of 5 is no certainty.
            Some((1, 5)) => return Told::Scale(Scale::FiveMiddles),
            Some((0, 5)) if word == "of" || word == "von" => {
                return Told::Scale(Scale::FiveMiddles);
            }
            Some((low, high)) if low < high && (low <= 1 || is_of_scale) && high < 100 => {
                told = Told::Other;
            }
            _ => {}
        }
    }
    let compact: String = heading.split_whitespace().collect();
    let is_out_of = |most: &str| {
        compact.split_once(most).is_some_and(|(before, after)| {
            !before.ends_with(|c: char| c.is_ascii_digit())
                && !after.starts_with(|c: char| c.is_ascii_digit() || c == '/')
        })
    };
    for (most, scale) in [
        ("/100", Scale::Percent),
        ("/10", Scale::Ten),
        ("/5", Scale::FiveMiddles),
        ("/1", Scale::Fraction),
    ] {
        if is_out_of(most) {
            return Told::Scale(scale);
        }
    }
    let is_percent =
        |word: &String| matches!(word.as_str(), "percent" | "percentage" | "pct" | "prozent");
    let per_cent = words.windows(2).any(|pair| pair == ["per", "cent"]);
    if told == Told::Nothing && (per_cent || words.iter().any(is_percent)) {
        return Told::Scale(Scale::Percent);
    }
    told
}
