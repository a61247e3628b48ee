//! Dates, exact or vague, and time zones.

mod millis;
mod typed;
mod words;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ChangeId;
use crate::t;

pub(crate) use self::millis::whole_millis;
pub use self::millis::{DAY, Millis};
pub(crate) use self::typed::{is_weekday, month_number};
pub use self::words::{month_or_year, relative, spelled};

/// A date, as exact as it is known: a day, a month, a year, or unknown.
///
/// Written `2026-11-23`, `2026-11`, `2026` or `unknown`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum VagueDate {
    /// The date is unknown.
    #[default]
    Unknown,
    /// A year.
    Year(i32),
    /// A month, by its first day.
    Month(NaiveDate),
    /// A day.
    Day(NaiveDate),
}

impl VagueDate {
    /// Returns the first day that the date may be; `None` if it is unknown.
    #[must_use]
    pub fn earliest(self) -> Option<NaiveDate> {
        match self {
            Self::Unknown => None,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
            Self::Month(day) | Self::Day(day) => Some(day),
        }
    }

    /// Formats the date for people: "23 Nov 2026", "Nov 2026", "2026", "unknown".
    #[must_use]
    pub fn spelled(self) -> String {
        match self {
            Self::Unknown => t!("date" => "unknown").to_owned(),
            Self::Year(year) => year.to_string(),
            Self::Month(day) => words::month_and_year(day),
            Self::Day(day) => spelled(day),
        }
    }
}

/// The text is not a date in one of the forms of [`VagueDate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("Write a date as 2026-11-23, 2026-11 or 2026, or leave it empty when it is unknown."))]
pub struct DateError;

impl FromStr for VagueDate {
    type Err = DateError;

    /// Parses the stored form, and the forms that people type.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let date = Self::from_stored(text).or_else(|| typed::typed(text));
        date.ok_or(DateError)
    }
}

impl VagueDate {
    /// Parses the stored form.
    pub(crate) fn from_stored(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case("unknown") {
            return Some(Self::Unknown);
        }
        let mut parts = text.split('-').map(|part| match part.len() {
            1..=4 if part.bytes().all(|b| b.is_ascii_digit()) => part.parse::<u32>().ok(),
            _ => None,
        });
        let year = parts.next().flatten().filter(|_| text.len() >= 4)? as i32;
        if !(1000..=9999).contains(&year) {
            return None;
        }
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Some(Self::Year(year)),
            (Some(month), None, _) => month
                .and_then(|m| NaiveDate::from_ymd_opt(year, m, 1))
                .map(Self::Month),
            (Some(month), Some(day), None) => month
                .zip(day)
                .and_then(|(m, d)| NaiveDate::from_ymd_opt(year, m, d))
                .map(Self::Day),
            _ => None,
        }
    }
}

impl fmt::Display for VagueDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(day) => write!(f, "{:04}-{:02}", day.year(), day.month()),
            Self::Day(day) => {
                write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
            }
        }
    }
}

impl Serialize for VagueDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VagueDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_stored(&text).ok_or_else(|| de::Error::custom(DateError))
    }
}

/// The usual years of evidence. A form asks before it stores another year.
pub const USUAL_YEARS: RangeInclusive<i32> = 1900..=2200;

/// The usual years of due dates. A form asks before it stores another year.
pub const USUAL_DUE_YEARS: RangeInclusive<i32> = 2000..=2200;

/// A moment in a reader's time zone. Dates are due or overdue by the reader's day, which begins nine hours
/// earlier in Tokyo than in UTC, and eight hours later in California.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// The moment.
    pub millis: Millis,
    /// The offset from UTC, in minutes: 540 in Tokyo, -480 in California in winter.
    pub offset_minutes: i32,
    /// The offset at other moments. Without it the offset never changes.
    pub offset_at: OffsetAt,
}

/// The offset from UTC in minutes, as a function of the moment; `None` if the offset is constant. All values
/// compare as equal.
#[derive(Clone, Copy, Default)]
pub struct OffsetAt(pub Option<fn(Millis) -> i32>);

impl PartialEq for OffsetAt {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for OffsetAt {}

impl fmt::Debug for OffsetAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OffsetAt")
    }
}

impl Now {
    /// Creates the moment for a clock in UTC.
    #[must_use]
    pub const fn utc(millis: Millis) -> Self {
        Self {
            millis,
            offset_minutes: 0,
            offset_at: OffsetAt(None),
        }
    }

    /// Returns the day in the reader's time zone.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        self.day_of(self.millis)
    }

    /// Returns the day of another moment, by the offset at that moment.
    #[must_use]
    pub fn day_of(self, millis: Millis) -> NaiveDate {
        self.local(millis).day()
    }

    /// Returns the time of day of another moment: "14:05".
    #[must_use]
    pub fn clock_of(self, millis: Millis) -> String {
        clock(self.local(millis))
    }

    /// Returns a moment as the reader's clock showed it.
    fn local(self, millis: Millis) -> Millis {
        let minutes = match self.offset_at.0 {
            Some(offset_at) if millis != self.millis => offset_at(millis),
            _ => self.offset_minutes,
        };
        Millis(millis.0.saturating_add_signed(i64::from(minutes) * 60_000))
    }
}

/// Formats the time of day: "14:05".
fn clock(millis: Millis) -> String {
    let minutes = millis.0 / 60_000 % 1_440;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The viewpoint of a reader: the moment, and whether outdated credences count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Viewpoint {
    /// The moment, with the offset of the reader's clock.
    pub now: Now,
    /// Whether outdated credences count in the aggregate and the spread.
    pub with_stale: bool,
}

impl From<Now> for Viewpoint {
    /// Outdated credences count by default.
    fn from(now: Now) -> Self {
        Self {
            now,
            with_stale: true,
        }
    }
}

impl From<NaiveDate> for Viewpoint {
    /// Returns the beginning of that day in UTC.
    fn from(day: NaiveDate) -> Self {
        Now::utc(Millis::beginning_of(day).unwrap_or_default()).into()
    }
}

impl ChangeId {
    /// Returns the day of the id, in UTC.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        self.millis().day()
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The offset in Berlin: one hour in winter, two in summer. The clock changes at 1:00 UTC on 25 October
    /// 2026 and 28 March 2027.
    fn berlin(millis: Millis) -> i32 {
        match millis.0 {
            1_792_890_000_000..1_806_195_600_000 => 60,
            _ => 120,
        }
    }

    #[test]
    fn a_moment_is_on_the_day_that_the_clock_showed_then_whatever_it_shows_now() {
        const HALF_HOUR: Duration = Duration::from_secs(30 * 60);
        let midnight = |text: &str| Millis::beginning_of(day(text)).unwrap();
        for (utc_day, half_hours_before, shown) in [
            // In summer time the day ends at 22:00 UTC.
            ("2026-10-25", 5, "2026-10-24"),
            ("2026-10-25", 4, "2026-10-25"),
            ("2026-10-25", 3, "2026-10-25"),
            // In winter time the day ends at 23:00 UTC.
            ("2026-10-26", 3, "2026-10-25"),
            ("2026-10-26", 2, "2026-10-26"),
            ("2027-03-28", 3, "2027-03-27"),
            ("2027-03-28", 2, "2027-03-28"),
            ("2027-03-29", 5, "2027-03-28"),
            ("2027-03-29", 4, "2027-03-29"),
        ] {
            let moment = midnight(utc_day) - HALF_HOUR * half_hours_before;
            for today in ["2026-07-01", "2027-01-01", "2027-07-01"] {
                let millis = midnight(today);
                let now = Now {
                    millis,
                    offset_minutes: berlin(millis),
                    offset_at: OffsetAt(Some(berlin)),
                };
                let says = now.day_of(moment).to_string();
                assert_eq!(
                    says, shown,
                    "{utc_day} − {half_hours_before}, seen on {today}"
                );
            }
        }
    }

    #[test]
    fn dates_of_every_precision_come_back_as_written() {
        for text in ["2026-11-23", "2026-11", "2026", "unknown"] {
            assert_eq!(text.parse::<VagueDate>().unwrap().to_string(), text);
        }
        assert_eq!("".parse(), Ok(VagueDate::Unknown));
        for wrong in [
            "2026-13",
            "2026-02-30",
            "26",
            "yesterday",
            "2026-1-1-1",
            "-2026",
            "2026-+1",
        ] {
            assert_eq!(wrong.parse::<VagueDate>(), Err(DateError), "{wrong}");
        }
    }

    #[test]
    fn distances_are_said_in_the_unit_one_would_use() {
        let today = day("2026-11-23");
        for (other, words) in [
            ("2026-11-23", "today"),
            ("2026-11-24", "tomorrow"),
            ("2026-11-20", "3 days ago"),
            ("2026-12-23", "in 4 weeks"),
            ("2027-06-30", "in 7 months"),
            ("2028-11-23", "in 2 years"),
            ("2016-11-23", "10 years ago"),
            ("1914-07-28", "112 years ago"),
            ("0002-12-31", "more than 200 years ago"),
            ("9999-12-31", "in more than 200 years"),
        ] {
            assert_eq!(relative(day(other), today), words, "{other}");
        }
    }
}
