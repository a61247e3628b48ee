//! Dates in words.

use chrono::{Datelike, NaiveDate};

use crate::text::translation::translated;
use crate::{t, tn, translatable};

/// Describes how far `day` is from `today`: "today", "in 7 months", "3 days ago". A distance of more than 200
/// years is not counted, since such a date is usually a slip.
#[must_use]
pub fn relative(day: NaiveDate, today: NaiveDate) -> String {
    let days = (day - today).num_days();
    let is_past = days < 0;
    let count = days.unsigned_abs() as usize;
    match (days, count) {
        (..=-73_050, _) => t!("more than 200 years ago").to_owned(),
        (73_050.., _) => t!("in more than 200 years").to_owned(),
        (0, _) => t!("today").to_owned(),
        (1, _) => t!("tomorrow").to_owned(),
        (-1, _) => t!("yesterday").to_owned(),
        (_, 0..14) if is_past => tn!(count, "{count} day ago", "{count} days ago"),
        (_, 0..14) => tn!(count, "in {count} day", "in {count} days"),
        (_, 14..60) if is_past => tn!((count + 3) / 7, "{count} week ago", "{count} weeks ago"),
        (_, 14..60) => tn!((count + 3) / 7, "in {count} week", "in {count} weeks"),
        (_, 60..700) => {
            let months = (count * 10 + 152) / 304;
            if is_past {
                tn!(months, "{count} month ago", "{count} months ago")
            } else {
                tn!(months, "in {count} month", "in {count} months")
            }
        }
        _ => {
            let years = (count * 100 + 18_262) / 36_525;
            if is_past {
                tn!(years, "{count} year ago", "{count} years ago")
            } else {
                tn!(years, "in {count} year", "in {count} years")
            }
        }
    }
}

const MONTHS: [&str; 12] = [
    translatable!("Jan"),
    translatable!("Feb"),
    translatable!("Mar"),
    translatable!("Apr"),
    translatable!("May"),
    translatable!("Jun"),
    translatable!("Jul"),
    translatable!("Aug"),
    translatable!("Sep"),
    translatable!("Oct"),
    translatable!("Nov"),
    translatable!("Dec"),
];

/// Formats a date: "30 Jun 2027".
#[must_use]
pub fn spelled(day: NaiveDate) -> String {
    t!(
        "{day} {month} {year}",
        day = day.day(),
        month = month(day),
        year = day.year()
    )
}

/// Formats a month: "Jun 2027".
pub(super) fn month_and_year(day: NaiveDate) -> String {
    t!("{month} {year}", month = month(day), year = day.year())
}

/// Returns the name of a month for an axis: "Apr", or the year for January, "2027".
#[must_use]
pub fn month_or_year(day: NaiveDate) -> String {
    match day.month0() {
        0 => day.year().to_string(),
        _ => month(day).to_owned(),
    }
}

/// Returns the short name of a day's month.
fn month(day: NaiveDate) -> &'static str {
    translated(MONTHS[day.month0() as usize])
}
