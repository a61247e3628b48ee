//! Dates in a column: ISO 8601, and the forms of people and spreadsheets. The order of day and month is
//! decided once for the column.

#[cfg(test)]
mod tests;

use crate::Millis;
use crate::t;
use chrono::{Datelike as _, NaiveDate};

use crate::date::{Now, is_weekday, month_number, spelled};

use crate::record::keyed_enum;

keyed_enum! {
    /// The order of day and month in dates like 3/4/2026.
    DayOrder {
        /// 3 April.
        DayFirst = "day-first", "Day first: 3/4/2026 is 3 Apr 2026";
        /// 4 March.
        MonthFirst = "month-first", "Month first: 3/4/2026 is 4 Mar 2026";
    }
}

keyed_enum! {
    /// The treatment of rows whose date cannot be parsed or lies in the future.
    #[derive(Default)]
    Undated {
        /// The rows are held back.
        #[default]
        HeldBack = "held-back", "Hold them back";
        /// The rows are imported with the present time.
        AsOfNow = "as-of-now", "Take them in as of now";
    }
}

/// The time at which a row was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// The time; the beginning of the day in UTC if only a day is given.
    pub(super) at: Millis,
    /// The day, if only a day is given.
    pub(super) day: Option<NaiveDate>,
}

/// The reason why a date cannot be stored as a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MomentError {
    /// The date may be either of two days.
    TwoWays(NaiveDate, NaiveDate),
    /// The date is in the future.
    Future,
    /// The date cannot be parsed.
    Unreadable,
}

/// Returns whether a cell contains a date.
pub(super) fn is_date(cell: &str) -> bool {
    !matches!(read(cell, None), Err(MomentError::Unreadable))
}

/// Returns the day of an unambiguous date.
pub(super) fn only_day(text: &str) -> Option<NaiveDate> {
    read(text, None).ok()?.day
}

/// Parses a date and refuses a future one.
pub(super) fn moment(text: &str, order: Option<DayOrder>, now: Now) -> Result<Moment, MomentError> {
    let moment = read(text, order)?;
    match moment.day {
        Some(day) if day > now.today() => Err(MomentError::Future),
        // The day has begun in the reader's time zone, and not yet in UTC.
        Some(_) => Ok(Moment {
            at: moment.at.min(now.millis),
            ..moment
        }),
        None if moment.at > now.millis => Err(MomentError::Future),
        None => Ok(moment),
    }
}

/// Parses the day of a date that may be in the future, up to the year 2200.
pub(super) fn day(text: &str, order: Option<DayOrder>) -> Result<NaiveDate, MomentError> {
    let moment = read(text, order)?;
    let day = moment.day.unwrap_or_else(|| moment.at.day());
    if day.year() > 2200 {
        return Err(MomentError::Unreadable);
    }
    Ok(day)
}

/// Returns the order of day and month that a column shows by a number above 12. `None` if no date shows it,
/// or if two dates show different ones.
pub(super) fn shown_order<'a>(cells: impl Iterator<Item = &'a str>) -> Option<DayOrder> {
    let mut shown = None;
    for cell in cells {
        let Some((first, second, _, mark)) = numbers(cell.trim()).map(|(numbers, _)| numbers)
        else {
            continue;
        };
        let order = match (first, second) {
            _ if mark == '.' => continue,
            (13.., _) => DayOrder::DayFirst,
            (_, 13..) => DayOrder::MonthFirst,
            _ => continue,
        };
        if shown.is_some_and(|shown| shown != order) {
            return None;
        }
        shown = Some(order);
    }
    shown
}

fn read(text: &str, order: Option<DayOrder>) -> Result<Moment, MomentError> {
    let text = text.trim();
    let (day, time) = day_and_time(text, order)?;
    let time = time
        .trim_start_matches([',', ' ', '\u{a0}', 'T', 't'])
        .trim();
    let days = (day - NaiveDate::default()).num_days();
    let unreadable = MomentError::Unreadable;
    let seconds = if time.is_empty() {
        0
    } else {
        seconds(time).ok_or(unreadable)?
    };
    let at = u64::try_from(days * 86_400 + seconds)
        .ok()
        .ok_or(unreadable)?;
    Ok(Moment {
        at: Millis(at * 1000),
        day: time.is_empty().then_some(day),
    })
}

/// Parses the day at the beginning of a text, and returns it with the rest.
fn day_and_time(text: &str, order: Option<DayOrder>) -> Result<(NaiveDate, &str), MomentError> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let known = |found: Option<NaiveDate>, rest| match found {
        Some(day) => Ok((day, rest)),
        None => Err(MomentError::Unreadable),
    };
    if let Some((year, month, number, rest)) = year_first(text) {
        return known(day(year, month, number), rest);
    }
    if let Some(((first, second, year, mark), rest)) = numbers(text) {
        let (by_day, by_month) = (day(year, second, first), day(year, first, second));
        return match (by_day, by_month) {
            _ if mark == '.' => known(by_day, rest),
            (Some(by_day), Some(by_month)) if by_day != by_month => match order {
                Some(DayOrder::DayFirst) => Ok((by_day, rest)),
                Some(DayOrder::MonthFirst) => Ok((by_month, rest)),
                None => Err(MomentError::TwoWays(by_day, by_month)),
            },
            (by_day, by_month) => known(by_day.or(by_month), rest),
        };
    }
    known_words(text).ok_or(MomentError::Unreadable)
}

/// Parses "2026-09-02", "2026/9/2", "2026.9.2", "20260902".
fn year_first(text: &str) -> Option<(i32, u32, u32, &str)> {
    let (year, rest) = digits(text)?;
    let mut rest = rest;
    let (year, month, day) = if year.len() == 8 {
        (&year[..4], &year[4..6], &year[6..])
    } else {
        let mark = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (month, after) = digits(&rest[1..])?;
        let (day, after) = digits(after.strip_prefix(mark)?)?;
        rest = after;
        (year, month, day)
    };
    let fits = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
    let year = year.parse().ok().filter(|year| *year >= 1970);
    let found = (year?, month.parse().ok()?, day.parse().ok()?, rest);
    (fits && is_end(rest)).then_some(found)
}

/// The parts of "2/9/2026", "2.9.26", "2-9-2026": the first two numbers, the year, the separator, and the
/// rest.
type Numbers<'a> = ((u32, u32, i32, char), &'a str);

fn numbers(text: &str) -> Option<Numbers<'_>> {
    let (first, rest) = digits(text)?;
    let mark = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = digits(&rest[1..])?;
    let (year, rest) = digits(rest.strip_prefix(mark)?)?;
    let fits = first.len() <= 2 && second.len() <= 2 && matches!(year.len(), 2 | 4);
    let year: i32 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    let found = (first.parse().ok()?, second.parse().ok()?, year, mark);
    (fits && year >= 1970 && is_end(rest)).then_some((found, rest))
}

/// Parses "2 Sep 2026", "2nd September 2026", "Sep 2, 2026", "Wed, 2 Sep 2026", "2. März 2026", "Mi., 2. Sep.
/// 2026".
fn known_words(text: &str) -> Option<(NaiveDate, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    while words.len() < 3 {
        rest = rest.trim_start_matches([' ', '\u{a0}', ',', '-', '.']);
        let end = rest
            .find([' ', '\u{a0}', ',', '-', '.'])
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        if word.is_empty() {
            return None;
        }
        rest = after;
        let word = word.to_lowercase();
        let is_weekday = words.is_empty() && is_weekday(&word);
        if !is_weekday {
            words.push(word);
        }
    }
    let number = |word: &str| {
        let (digits, ending) = digits(word)?;
        let fits = matches!(ending, "" | "st" | "nd" | "rd" | "th") && digits.len() <= 2;
        digits.parse::<u32>().ok().filter(|_| fits)
    };
    let year = words[2].parse::<i32>().ok();
    let year = year.filter(|year| words[2].len() == 4 && *year >= 1970)?;
    let (month, day) = match (month_number(&words[0]), month_number(&words[1])) {
        (None, Some(month)) => (month, number(&words[0])?),
        (Some(month), None) => (month, number(&words[1])?),
        _ => return None,
    };
    Some((NaiveDate::from_ymd_opt(year, month, day)?, rest))
}

/// Splits off the digits at the beginning of a text.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    (end > 0).then(|| text.split_at(end))
}

/// Returns whether a date may end here.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\u{a0}', ',', 'T', 't'])
}

/// Parses a time of day to seconds of UTC: "12:30", "9:05:7 PM", "03:02:03.456+02:00", "12:30 UTC", "12:30
/// Uhr". A time without an offset is in UTC.
fn seconds(text: &str) -> Option<i64> {
    let text = text.to_ascii_lowercase();
    let text = text.trim();
    let text = ["at ", "um "]
        .into_iter()
        .find_map(|before| text.strip_prefix(before))
        .unwrap_or(text);
    let (time, offset) = match text.find(['+', '-']) {
        Some(at) => {
            let sign = if text[at..].starts_with('-') { -1 } else { 1 };
            (&text[..at], sign * offset_seconds(&text[at + 1..])?)
        }
        None => (text, 0),
    };
    let time = ["utc", "gmt", "z"]
        .into_iter()
        .find_map(|zone| time.trim_end().strip_suffix(zone))
        .unwrap_or(time)
        .trim();
    let (time, noon) = match time.strip_suffix("am").map(|time| (time, 0)) {
        Some((time, noon)) => (time, Some(noon)),
        None => match time.strip_suffix("pm") {
            Some(time) => (time, Some(12)),
            None => (time, None),
        },
    };
    let (time, is_hour) = match time.strip_suffix("uhr") {
        Some(time) => (time, true),
        None => (time, noon.is_some()),
    };
    let mut parts = time.trim().split(':');
    let mut part = |most: i64| match parts.next() {
        None => Some(None),
        Some(part) => {
            let whole = part.split('.').next().unwrap_or_default();
            let fits = (1..=2).contains(&whole.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.');
            let number = whole.parse::<i64>().ok();
            number.filter(|number| fits && *number <= most).map(Some)
        }
    };
    let (hour, minute, second) = (part(24)??, part(59)?, part(60)?.unwrap_or(0));
    // "9 am" and "9 Uhr" are times; "9" alone is not.
    let minute = match minute {
        Some(minute) => minute,
        None if is_hour => 0,
        None => return None,
    };
    let hour = match noon {
        Some(noon) if (1..=12).contains(&hour) => hour % 12 + noon,
        Some(_) => return None,
        None => hour,
    };
    parts
        .next()
        .is_none()
        .then_some(hour * 3600 + minute * 60 + second - offset)
}

/// Parses an offset from UTC to seconds: "02:00", "0200", "2".
fn offset_seconds(text: &str) -> Option<i64> {
    let (hours, minutes) = match text.split_once(':') {
        Some(parts) => parts,
        None if text.len() == 4 => text.split_at_checked(2)?,
        None => (text, "0"),
    };
    let number = |text: &str, most: i64| {
        let number = text.trim().parse::<i64>().ok()?;
        (0..=most).contains(&number).then_some(number)
    };
    Some(number(hours, 14)? * 3600 + number(minutes, 59)? * 60)
}

/// Describes why a row's date cannot be used.
pub(super) fn why_not(cell: &str, trouble: MomentError) -> String {
    match trouble {
        MomentError::TwoWays(by_day, by_month) => t!(
            "its date {cell} may be {by_day} or {by_month}",
            cell,
            by_day = spelled(by_day),
            by_month = spelled(by_month)
        ),
        MomentError::Future => t!("its date {cell} has not come yet", cell),
        MomentError::Unreadable => t!("its date {cell} cannot be read", cell),
    }
}

/// Returns whether a stored time is the one given in a row.
pub(super) fn is_same(known: Millis, told: Moment, now: Now) -> bool {
    match told.day {
        Some(day) => known.day() == told.at.day() || now.day_of(known) == day,
        None => known.0 / 1000 == told.at.0 / 1000,
    }
}
