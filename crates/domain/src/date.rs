//! Dates that may be vague.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ChangeId;
use crate::text::counted;

/// When something happened, as exactly as one knows it: a day, a month, a year, or not at all.
///
/// Written `2026-11-23`, `2026-11`, `2026` or `unknown`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum VagueDate {
    /// Nobody has said.
    #[default]
    Unknown,
    /// Some time in this year.
    Year(i32),
    /// Some time in this month: its first day.
    Month(NaiveDate),
    /// On this day.
    Day(NaiveDate),
}

impl VagueDate {
    /// The first day it can mean; `None` when it is unknown.
    #[must_use]
    pub fn earliest(self) -> Option<NaiveDate> {
        match self {
            Self::Unknown => None,
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
            Self::Month(day) | Self::Day(day) => Some(day),
        }
    }
}

/// The text is no date of the forms that [`VagueDate`] takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Write a date as 2026-11-23, 2026-11 or 2026, or leave it empty when it is unknown.")]
pub struct DateError;

impl FromStr for VagueDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case("unknown") {
            return Ok(Self::Unknown);
        }
        let mut parts = text.split('-').map(|part| match part.len() {
            1..=4 if part.bytes().all(|b| b.is_ascii_digit()) => part.parse::<u32>().ok(),
            _ => None,
        });
        let year = parts
            .next()
            .flatten()
            .filter(|_| text.len() >= 4)
            .ok_or(DateError)? as i32;
        if !(1000..=9999).contains(&year) {
            return Err(DateError);
        }
        let date = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Some(Self::Year(year)),
            (Some(month), None, _) => month
                .and_then(|m| NaiveDate::from_ymd_opt(year, m, 1))
                .map(Self::Month),
            (Some(month), Some(day), None) => month
                .zip(day)
                .and_then(|(m, d)| NaiveDate::from_ymd_opt(year, m, d))
                .map(Self::Day),
            _ => None,
        };
        date.ok_or(DateError)
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
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Years in which the dates of evidence usually lie. A form asks before it stores another one.
pub const USUAL_YEARS: RangeInclusive<i32> = 1900..=2200;

/// Years in which days to come usually lie. A form asks before it stores another one.
pub const USUAL_DUE_YEARS: RangeInclusive<i32> = 2000..=2200;

/// Unix milliseconds as a day in UTC; far-out readings give the last day chrono knows.
#[must_use]
pub fn day_of(millis: u64) -> NaiveDate {
    i64::try_from(millis)
        .ok()
        .and_then(DateTime::from_timestamp_millis)
        .map_or(NaiveDate::MAX, |moment| moment.date_naive())
}

/// A moment as somebody's clock shows it. What is due, late or past is so by the day of whoever
/// reads: it begins nine hours earlier in Tokyo than in UTC, and eight hours later in California.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// Unix milliseconds.
    pub millis: u64,
    /// How far the clock is ahead of UTC, in minutes: 540 in Tokyo, -480 in California in winter.
    pub offset_minutes: i32,
    /// How far it is ahead at other moments. Without it the clock is never changed.
    pub offset_at: OffsetAt,
}

/// How far a clock is ahead of UTC, in minutes, at a moment in Unix milliseconds. `None`: always as far as
/// now. A time zone is not told from another.
#[derive(Clone, Copy, Default)]
pub struct OffsetAt(pub Option<fn(u64) -> i32>);

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
    /// As a clock in UTC shows it.
    #[must_use]
    pub const fn utc(millis: u64) -> Self {
        Self {
            millis,
            offset_minutes: 0,
            offset_at: OffsetAt(None),
        }
    }

    /// The day that the clock shows.
    #[must_use]
    pub fn today(self) -> NaiveDate {
        self.day_of(self.millis)
    }

    /// The day of another moment, by the offset that holds then.
    #[must_use]
    pub fn day_of(self, millis: u64) -> NaiveDate {
        let minutes = match self.offset_at.0 {
            Some(offset_at) if millis != self.millis => offset_at(millis),
            _ => self.offset_minutes,
        };
        day_of(millis.saturating_add_signed(i64::from(minutes) * 60_000))
    }
}

/// How somebody looks at a board: at which moment, and whether stale credences count for them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Viewpoint {
    /// The moment, with the offset of the reader's clock.
    pub now: Now,
    /// Whether stale credences count in the aggregate and the spread.
    pub with_stale: bool,
}

impl From<Now> for Viewpoint {
    /// Stale credences count, as they do unless somebody leaves them out.
    fn from(now: Now) -> Self {
        Self {
            now,
            with_stale: true,
        }
    }
}

impl From<NaiveDate> for Viewpoint {
    /// The beginning of that day in UTC.
    fn from(day: NaiveDate) -> Self {
        let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
        Now::utc(u64::try_from(midnight).unwrap_or_default()).into()
    }
}

impl ChangeId {
    /// Returns the day of the id, in UTC.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        day_of(self.millis())
    }
}

/// How far `day` lies from `today`, in words: "today", "in 7 months", "3 days ago". Beyond 200 years
/// it is not counted, since such a day is a slip more often than not.
#[must_use]
pub fn relative(day: NaiveDate, today: NaiveDate) -> String {
    let days = (day - today).num_days();
    match days {
        ..=-73_050 => return "more than 200 years ago".into(),
        73_050.. => return "in more than 200 years".into(),
        _ => {}
    }
    match days {
        0 => return "today".into(),
        1 => return "tomorrow".into(),
        -1 => return "yesterday".into(),
        _ => {}
    }
    let (count, one, many) = match days.unsigned_abs() {
        n @ 1..14 => (n, "day", "days"),
        n @ 14..60 => ((n + 3) / 7, "week", "weeks"),
        n @ 60..700 => ((n * 10 + 152) / 304, "month", "months"),
        n => ((n * 100 + 18_262) / 36_525, "year", "years"),
    };
    let span = counted(count as usize, one, many);
    if days > 0 {
        format!("in {span}")
    } else {
        format!("{span} ago")
    }
}

/// A day as people write it: "30 Jun 2027".
#[must_use]
pub fn spelled(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    format!(
        "{} {} {}",
        day.day(),
        MONTHS[day.month0() as usize],
        day.year()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Berlin: an hour ahead in winter, two in summer. The clock was changed at 1:00 UTC on 25 October 2026
    /// and is on 28 March 2027.
    fn berlin(millis: u64) -> i32 {
        match millis {
            1_792_890_000_000..1_806_195_600_000 => 60,
            _ => 120,
        }
    }

    #[test]
    fn a_moment_is_on_the_day_that_the_clock_showed_then_whatever_it_shows_now() {
        const HALF_HOUR: u64 = 1_800_000;
        let midnight = |text: &str| {
            let day = day(text).and_time(NaiveTime::MIN).and_utc();
            day.timestamp_millis() as u64
        };
        for (utc_day, half_hours_before, shown) in [
            // Summer time: the day ends at 22:00 UTC.
            ("2026-10-25", 5, "2026-10-24"),
            ("2026-10-25", 4, "2026-10-25"),
            ("2026-10-25", 3, "2026-10-25"),
            // Winter time: it ends at 23:00 UTC.
            ("2026-10-26", 3, "2026-10-25"),
            ("2026-10-26", 2, "2026-10-26"),
            ("2027-03-28", 3, "2027-03-27"),
            ("2027-03-28", 2, "2027-03-28"),
            ("2027-03-29", 5, "2027-03-28"),
            ("2027-03-29", 4, "2027-03-29"),
        ] {
            let moment = midnight(utc_day) - half_hours_before * HALF_HOUR;
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
