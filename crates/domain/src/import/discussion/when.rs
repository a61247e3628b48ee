//! Dates as discussions write them: in full, without a year, as a time of today, as a while ago.

use chrono::{Datelike, Days, NaiveDate};

use crate::VagueDate;
use crate::text::folded;

/// A date in a line: where it stands, and what it says. A time alone is a date unknown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) date: VagueDate,
    /// Whether it is no more than a time of day.
    pub(super) is_time_only: bool,
}

/// How a page writes days in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum DayOrder {
    /// Nothing on the page tells.
    #[default]
    Unknown,
    DayFirst,
    MonthFirst,
}

/// Whether a text is a moment as ISO 8601 has it, as markup tells them.
pub(super) fn is_moment(text: &str) -> bool {
    iso(text.trim()).is_some()
}

/// The day of an ISO 8601 moment.
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

/// Discussions are held in these years; other numbers are something else.
fn is_likely(day: &NaiveDate) -> bool {
    (1970..2100).contains(&day.year())
}

/// A word of a line with where it stands, without the marks around it.
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
        // No line that names an author is longer.
        if found.len() > 60 {
            break;
        }
    }
    found
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of a month by its English name or the beginning of it, in small letters.
pub(crate) fn month(word: &str) -> Option<u32> {
    let word = if word == "sept" { "sep" } else { word };
    let place = MONTHS
        .iter()
        .position(|name| word.len() >= 3 && name.starts_with(word));
    place.map(|place| place as u32 + 1)
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word))
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

/// "10:32", "10:32:05", "9:05pm".
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

/// "3mo", "12h", "1y": a number and a unit in one.
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

/// A while before today, as exactly as it was told.
fn ago(count: u32, unit: &str, today: NaiveDate) -> Option<VagueDate> {
    let days = |n: u64| today.checked_sub_days(Days::new(n)).map(VagueDate::Day);
    let count = u64::from(count);
    match unit.trim_end_matches('s') {
        "" | "m" | "min" | "minute" | "sec" | "second" => days(0),
        // Some hours ago may have been yesterday; the day that most of them fall on.
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

/// Days in numbers, "23/11/2026" or "11.23.26": the two first numbers and the year.
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

/// Which order the numbers of a page's days have, if one of them tells.
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

/// The first date in a line, with the time beside it.
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

/// Takes in the weekday before a date and the time behind it.
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
            "am" | "pm" | "a.m" | "p.m" | "utc" | "gmt" | "est" | "pst" | "cet" | "ago" => true,
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

/// A date that begins with the first of these words: how many it takes.
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
            // It is the one or the other; the year is sure.
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
        if let Some(month) = word(at).and_then(month).filter(|_| is_capital(at)) {
            let year = word(at + 1).and_then(year_number);
            let date = day_of_month(year, month, number, today)?;
            return Some((at + 1 + usize::from(year.is_some()), date));
        }
    }
    if let Some(month) = month(first).filter(|_| is_capital(0)) {
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
        "yesterday" => return Some((1, days(1)?)),
        "today" => return Some((1, days(0)?)),
        "just" if word(1) == Some("now") => return Some((2, days(0)?)),
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

/// A day without a year is the latest one that is not to come.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_as_discussions_write_them() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (line, expected, text) in [
            ("Ann 2026-11-01", "2026-11-01", "2026-11-01"),
            (
                "Ann 1 November 2026 at 10:32",
                "2026-11-01",
                "1 November 2026 at 10:32",
            ),
            (
                "Ann · Nov 1, 2026, 9:05 PM",
                "2026-11-01",
                "Nov 1, 2026, 9:05 PM",
            ),
            ("23rd Nov 2025", "2025-11-23", "23rd Nov 2025"),
            ("Nov 30", "2025-11-30", "Nov 30"),
            ("May 2025", "2025-05", "May 2025"),
            ("Ann 3mo", "2026-08", "3mo"),
            ("Ann 3 months ago", "2026-08", "3 months ago"),
            ("2y", "2024", "2y"),
            ("5d ago", "2026-11-18", "5d ago"),
            ("an hour ago", "2026-11-23", "an hour ago"),
            (
                "Yesterday at 10:32 AM",
                "2026-11-22",
                "Yesterday at 10:32 AM",
            ),
            ("23/11/2026, 10:32", "2026-11-23", "23/11/2026, 10:32"),
            ("11/23/26", "2026-11-23", "11/23/26"),
            ("04/05/2026", "2026", "04/05/2026"),
            (
                "Tue, 3 Nov 2026 10:00:00 +0100",
                "2026-11-03",
                "Tue, 3 Nov 2026 10:00:00 +0100",
            ),
            ("[10:32] Ann", "unknown", "10:32"),
        ] {
            let found = find(line, today, DayOrder::Unknown).expect(line);
            assert_eq!(found.date.to_string(), expected, "{line}");
            assert_eq!(&line[found.start..found.end], text, "{line}");
        }
        for line in [
            "may I say so",
            "in march we did",
            "version 2.0.1",
            "2019 was long ago",
            "1/2",
            "",
            "we ate 3 dogs",
            "2026-13-45",
            "in 40 m2",
        ] {
            assert_eq!(find(line, today, DayOrder::Unknown), None, "{line}");
        }
    }

    #[test]
    fn one_day_that_tells_gives_the_order_of_all() {
        assert_eq!(
            day_order(["04/05/2026", "[13/05/2026]"].into_iter()),
            DayOrder::DayFirst
        );
        assert_eq!(day_order(["04/13/2026"].into_iter()), DayOrder::MonthFirst);
        assert_eq!(day_order(["04/05/2026"].into_iter()), DayOrder::Unknown);
        assert_eq!(day_order(["04.05.2026"].into_iter()), DayOrder::DayFirst);
    }
}
