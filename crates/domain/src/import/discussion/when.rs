//! Dates in discussions: in full, without a year, as a time of today, or relative.

#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate};

use crate::VagueDate;
use crate::date::{is_weekday, month_number};

use crate::text::folded;

/// A date in a line: its position and value. For a time alone the date is unknown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) date: VagueDate,
    /// Whether it is only a time of day.
    pub(super) is_time_only: bool,
}

/// The order of the numbers in a page's dates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum DayOrder {
    /// No date on the page shows the order.
    #[default]
    Unknown,
    DayFirst,
    MonthFirst,
}

/// Returns whether a text is a time in ISO 8601, as in markup.
pub(super) fn is_moment(text: &str) -> bool {
    iso(text.trim()).is_some()
}

/// Returns the day of an ISO 8601 time.
pub(super) fn iso(text: &str) -> Option<NaiveDate> {
    let day = text.get(..10)?;
    let bytes = day.as_bytes();
    let is_spelled = bytes[4] == b'-' && bytes[7] == b'-';
    let after = text[10..].chars().next();
    let ends = after.is_none_or(|c| c == 'T' || c == ' ' || c == ',');
    if !is_spelled || !ends {
        return None;
    }
    day.parse().ok().filter(is_likely)
}

/// Returns whether the day is in the years of online discussions; other numbers are not dates.
fn is_likely(day: &NaiveDate) -> bool {
    (1970..2100).contains(&day.year())
}

/// A word of a line with its position, without the punctuation around it.
struct Word<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    lower: String,
}

fn words(line: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    let is_edge = |c: char| matches!(c, ',' | '(' | ')' | '[' | ']' | '|' | '•' | '·' | ';' | '"');
    let bounds = line
        .char_indices()
        .chain(std::iter::once((line.len(), ' ')));
    for (at, letter) in bounds {
        if letter.is_whitespace() || is_edge(letter) {
            if let Some(start) = start.take() {
                let text = &line[start..at];
                let text = text.trim_end_matches(['.', ':']);
                found.push(Word {
                    start,
                    end: start + text.len(),
                    text,
                    lower: folded(text),
                });
            }
        } else if start.is_none() {
            start = Some(at);
        }
        // A line that names an author is not longer.
        if found.len() > 60 {
            break;
        }
    }
    found
}

fn day_number(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let ending = &word[digits.len()..];
    if !matches!(ending, "" | "st" | "nd" | "rd" | "th") {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year_number(word: &str) -> Option<i32> {
    let word = word.trim_start_matches(['\'', '’']);
    let year: i32 = word.parse().ok()?;
    match word.len() {
        4 => Some(year).filter(|year| (1970..2100).contains(year)),
        _ => None,
    }
}

/// Returns whether a word is a time: "10:32", "10:32:05", "9:05pm".
fn is_time(word: &str) -> bool {
    let word = word
        .trim_end_matches("am")
        .trim_end_matches("pm")
        .trim_end_matches('z');
    let mut parts = word.split(':');
    let mut count = 0;
    let fits = parts.all(|part| {
        count += 1;
        let part = part.split('.').next().unwrap_or_default();
        (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    });
    fits && (2..=3).contains(&count)
}

/// Parses a number and a unit in one word: "3mo", "12h", "1y".
fn short_while(word: &str) -> Option<(u32, &str)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = word.split_at_checked(digits)?;
    let count = count.parse().ok().filter(|_| digits <= 3)?;
    matches!(
        unit,
        "s" | "m" | "min" | "mins" | "h" | "hr" | "hrs" | "d" | "w" | "wk" | "mo" | "y" | "yr"
    )
    .then_some((count, unit))
}

/// Returns the English abbreviation of a German unit of time: "h" for "Stunden" and "Std".
fn german_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "sek" | "sekunde" | "sekunden" => "sec",
        "min" | "minute" | "minuten" => "min",
        "std" | "stunde" | "stunden" => "h",
        "tag" | "tage" | "tagen" => "d",
        "wo" | "woche" | "wochen" => "w",
        "mon" | "monat" | "monate" | "monaten" => "mo",
        "jahr" | "jahre" | "jahren" => "y",
        _ => return None,
    })
}

/// Returns the date a while before today, as exact as it was given.
fn ago(count: u32, unit: &str, today: NaiveDate) -> Option<VagueDate> {
    let days = |n: u64| today.checked_sub_days(Days::new(n)).map(VagueDate::Day);
    let count = u64::from(count);
    match unit.trim_end_matches('s') {
        "" | "m" | "min" | "minute" | "sec" | "second" => days(0),
        // Rounded down to whole days, although some hours ago may have been yesterday.
        "h" | "hr" | "hour" => days(count / 24),
        "d" | "day" => days(count),
        "w" | "wk" | "week" => {
            let day = today.checked_sub_days(Days::new(count * 7))?;
            NaiveDate::from_ymd_opt(day.year(), day.month(), 1).map(VagueDate::Month)
        }
        "mo" | "month" => {
            let months = i64::from(today.year()) * 12 + i64::from(today.month0()) - count as i64;
            let year = i32::try_from(months.div_euclid(12)).ok()?;
            let month = months.rem_euclid(12) as u32 + 1;
            NaiveDate::from_ymd_opt(year, month, 1).map(VagueDate::Month)
        }
        "y" | "yr" | "year" => Some(VagueDate::Year(today.year() - i32::try_from(count).ok()?)),
        _ => None,
    }
    .filter(|date| date.earliest().is_some_and(|day| is_likely(&day)))
}

/// Parses a date in numbers, "23/11/2026" or "11.23.26": the first two numbers and the year.
fn in_numbers(word: &str) -> Option<(u32, u32, i32, char)> {
    let mark = word.chars().find(|c| matches!(c, '/' | '.'))?;
    let mut parts = word.split(mark);
    let mut part = |longest: usize| {
        let part = parts.next()?;
        let fits = (1..=longest).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (first, second, year) = (part(2)?, part(2)?, part(4)?);
    let year = if year < 100 { 2000 + year } else { year } as i32;
    let fits = parts.next().is_none() && (1..=31).contains(&first) && (1..=31).contains(&second);
    (fits && (1970..2100).contains(&year)).then_some((first, second, year, mark))
}

/// Returns the order of the numbers in a page's dates, if one of them shows it.
pub(super) fn day_order<'a>(lines: impl Iterator<Item = &'a str>) -> DayOrder {
    for line in lines.filter(|line| line.len() < 200) {
        for word in line.split([' ', ',', '[', ']', '(', ')']) {
            match in_numbers(word) {
                Some((first, second, ..)) if first > 12 && second <= 12 => {
                    return DayOrder::DayFirst;
                }
                Some((first, second, ..)) if second > 12 && first <= 12 => {
                    return DayOrder::MonthFirst;
                }
                Some((.., '.')) => return DayOrder::DayFirst,
                _ => {}
            }
        }
    }
    DayOrder::Unknown
}

/// Finds the first date in a line, with the time beside it.
pub(super) fn find(line: &str, today: NaiveDate, order: DayOrder) -> Option<Found> {
    let words = words(line);
    let mut time_only = None;
    for place in 0..words.len() {
        if let Some((takes, date)) = date_at(&words[place..], today, order) {
            return Some(widened(&words, place, takes, date, false));
        }
        if time_only.is_none() && is_time(&words[place].lower) {
            time_only = Some(place);
        }
    }
    let place = time_only?;
    Some(widened(&words, place, 1, VagueDate::Unknown, true))
}

/// Includes the weekday before a date and the time after it.
fn widened(
    words: &[Word<'_>],
    place: usize,
    takes: usize,
    date: VagueDate,
    is_time_only: bool,
) -> Found {
    let mut first = place;
    while first > 0 {
        let before = &words[first - 1].lower;
        if is_weekday(before) || is_time(before) || matches!(before.as_str(), "am" | "pm" | "at") {
            first -= 1;
        } else {
            break;
        }
    }
    let mut last = place + takes - 1;
    while let Some(next) = words.get(last + 1) {
        let follows = match next.lower.as_str() {
            "at" | "um" => words
                .get(last + 2)
                .is_some_and(|after| is_time(&after.lower) || day_number(&after.lower).is_some()),
            "am" | "pm" | "a.m" | "p.m" | "utc" | "gmt" | "est" | "pst" | "cet" | "ago" | "uhr" => {
                true
            }
            word => is_time(word) || word.starts_with('+') && word[1..].parse::<u16>().is_ok(),
        };
        if !follows {
            break;
        }
        last += 1;
    }
    Found {
        start: words[first].start,
        end: words[last].end,
        date,
        is_time_only,
    }
}

/// Parses a date that begins with the first of these words. Returns its number of words and the date.
fn date_at(words: &[Word<'_>], today: NaiveDate, order: DayOrder) -> Option<(usize, VagueDate)> {
    let word = |at: usize| words.get(at).map(|word| word.lower.as_str());
    let first = word(0)?;
    if let Some(day) = iso(words[0].text) {
        return Some((1, VagueDate::Day(day)));
    }
    if let Some((a, b, year, _)) = in_numbers(first) {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let date = match order {
            _ if a == b => day(a, b),
            _ if a > 12 => day(b, a),
            _ if b > 12 => day(a, b),
            DayOrder::DayFirst => day(b, a),
            DayOrder::MonthFirst => day(a, b),
            // Either order is possible; only the year is certain.
            DayOrder::Unknown => return Some((1, VagueDate::Year(year))),
        };
        return date.map(|day| (1, VagueDate::Day(day)));
    }
    // "23 Nov 2026", "23rd of November", "Nov 23, 2026", "Nov 2026".
    let is_capital = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| word.text.starts_with(char::is_uppercase))
    };
    if let Some(number) = day_number(first) {
        let at = if word(1) == Some("of") { 2 } else { 1 };
        if let Some(month) = word(at).and_then(month_number).filter(|_| is_capital(at)) {
            let year = word(at + 1).and_then(year_number);
            let date = day_of_month(year, month, number, today)?;
            return Some((at + 1 + usize::from(year.is_some()), date));
        }
    }
    if let Some(month) = month_number(first).filter(|_| is_capital(0)) {
        if let Some(number) = word(1).and_then(day_number) {
            let year = word(2).and_then(year_number);
            let date = day_of_month(year, month, number, today)?;
            return Some((2 + usize::from(year.is_some()), date));
        }
        if let Some(year) = word(1).and_then(year_number) {
            let day = NaiveDate::from_ymd_opt(year, month, 1)?;
            return Some((2, VagueDate::Month(day)));
        }
    }
    let days = |n| today.checked_sub_days(Days::new(n)).map(VagueDate::Day);
    match first {
        "yesterday" | "gestern" => return Some((1, days(1)?)),
        "today" | "heute" => return Some((1, days(0)?)),
        "vorgestern" => return Some((1, days(2)?)),
        "just" if word(1) == Some("now") => return Some((2, days(0)?)),
        "gerade" if word(1) == Some("eben") => return Some((2, days(0)?)),
        "vor" => {
            let count = match word(1)? {
                "einem" | "einer" => Some(1),
                count => count.parse().ok().filter(|count| *count < 1_000),
            };
            return Some((3, ago(count?, german_unit(word(2)?)?, today)?));
        }
        _ => {}
    }
    if let Some((count, unit)) = short_while(first) {
        let takes = if word(1) == Some("ago") { 2 } else { 1 };
        return Some((takes, ago(count, unit, today)?));
    }
    if word(2) == Some("ago") {
        let count = match first {
            "a" | "an" | "one" => Some(1),
            _ => first.parse().ok().filter(|count| *count < 1_000),
        };
        return Some((3, ago(count?, word(1)?, today)?));
    }
    None
}

/// Returns a day. Without a year, it is the latest such day that is not in the future.
fn day_of_month(year: Option<i32>, month: u32, day: u32, today: NaiveDate) -> Option<VagueDate> {
    let in_year = |year| NaiveDate::from_ymd_opt(year, month, day);
    let found = match year {
        Some(year) => in_year(year),
        None => in_year(today.year())
            .filter(|day| *day <= today)
            .or_else(|| in_year(today.year() - 1)),
    };
    found.map(VagueDate::Day)
}
