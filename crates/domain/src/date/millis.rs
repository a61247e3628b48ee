//! Moments in milliseconds since 1970.

use core::time::Duration;
use std::fmt;
use std::num::ParseIntError;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One day.
pub const DAY: Duration = Duration::from_secs(86_400);

/// A moment: milliseconds since 1970-01-01T00:00Z. Stored as the bare number.
///
/// Sums and differences saturate: stored moments may be any number, and none of them may panic.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// The latest moment. Stands for "never".
    pub const MAX: Self = Self(u64::MAX);

    /// Returns a moment read from JSON; `None` if the value is no whole number from 0.
    pub(crate) fn in_json(value: &Value) -> Option<Self> {
        value.as_u64().map(Self)
    }

    /// Returns the beginning of a day in UTC; `None` before 1970.
    #[must_use]
    pub fn beginning_of(day: NaiveDate) -> Option<Self> {
        let midnight = day.and_time(NaiveTime::MIN).and_utc();
        u64::try_from(midnight.timestamp_millis()).ok().map(Self)
    }

    /// Returns the day in UTC. Moments beyond chrono's range give the last day it knows.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        i64::try_from(self.0)
            .ok()
            .and_then(DateTime::from_timestamp_millis)
            .map_or(NaiveDate::MAX, |moment| moment.date_naive())
    }

    /// Returns the milliseconds that have passed since an `earlier` moment; zero if that is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the time that has passed since an `earlier` moment; zero if that is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.millis_since(earlier))
    }
}

impl FromStr for Millis {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// The bare number, as it is stored.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Add<Duration> for Millis {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(whole_millis(duration)))
    }
}

impl AddAssign<Duration> for Millis {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Millis {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(whole_millis(duration)))
    }
}

impl SubAssign<Duration> for Millis {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

/// Returns the whole milliseconds of a duration, at most `u64::MAX`. `Duration::as_millis` returns 128 bits.
pub(crate) fn whole_millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_differences_end_at_the_first_and_last_moment() {
        let milli = Duration::from_millis(1);
        assert_eq!(Millis(5) + 2 * milli, Millis(7));
        assert_eq!(Millis(5) - 2 * milli, Millis(3));
        assert_eq!(Millis::MAX + milli, Millis::MAX);
        assert_eq!(Millis(0) + Duration::MAX, Millis::MAX);
        assert_eq!(Millis(5) - DAY, Millis(0));
        assert_eq!(Millis(5).since(Millis(2)), 3 * milli);
        assert_eq!(Millis(2).since(Millis(5)), Duration::ZERO);
    }

    #[test]
    fn a_moment_is_stored_as_the_bare_number() {
        let text = serde_json::to_string(&Some(Millis(1_795_429_733_409))).unwrap();
        assert_eq!(text, "1795429733409");
        assert_eq!(
            serde_json::from_str(&text).ok(),
            Some(Millis(1_795_429_733_409))
        );
        assert!(serde_json::from_str::<Millis>("-1").is_err());
        assert!(serde_json::from_str::<Millis>("1.5").is_err());
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let midnight = Millis::beginning_of(day).unwrap();
        assert_eq!(midnight.day(), day);
        assert_eq!(
            (midnight - Duration::from_millis(1)).day(),
            day.pred_opt().unwrap()
        );
        assert_eq!(Millis::beginning_of(NaiveDate::MIN), None);
        assert_eq!(Millis::MAX.day(), NaiveDate::MAX);
    }
}
