//! Timing: back-off with jitter after failures, `Retry-After`, and timeouts.
//!
//! No clock is read and no random number drawn here: `chance`, from 0 to 1, is passed in.

use core::time::Duration;

use crate::date::{DAY, whole_millis};

/// Upper bound of the first pause after a failure. The pause is at least half of it, and never below a second.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(3_600);
/// Least pause after a failure.
const LEAST: Duration = Duration::from_secs(1);
/// Least pause after a failure while edits shorten long pauses.
const LEAST_WHILE_EDITING: Duration = Duration::from_secs(30);
/// Longest accepted `Retry-After`. A longer one is treated as a mistake.
const LONGEST_RETRY_AFTER: Duration = DAY;
/// First pause after a conflict with another writer: short, since the next try may well succeed.
const FIRST_CONFLICT: Duration = Duration::from_millis(400);
const LONGEST_CONFLICT: Duration = Duration::from_secs(10);
const LONGEST_LISTEN_PAUSE: Duration = Duration::from_secs(15);
/// Timeout of the response to a small request.
const PATIENCE: Duration = Duration::from_secs(60);
/// Least upload rate that is waited for, in bytes per millisecond (8 kB/s).
const SLOWEST_BYTES_PER_MILLI: u64 = 8;

/// A pause before the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Least duration. Only a person may end the pause earlier.
    pub least: Duration,
    /// Full duration, unless an edit ends it.
    pub full: Duration,
}

impl Pause {
    /// Creates a pause that an edit may shorten.
    pub(super) fn of(full: Duration) -> Self {
        let least = (full / 8).clamp(LEAST, LEAST_WHILE_EDITING);
        Self {
            least: least.min(full),
            full,
        }
    }

    /// Creates a pause that only a person may shorten.
    pub(super) fn whole(full: Duration) -> Self {
        Self { least: full, full }
    }
}

/// Returns the exponential back-off after this number of consecutive failures (at least one): 1 to 2 seconds
/// at first, at most an hour.
pub(super) fn after_failures(failures: u32, chance: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    jittered((FIRST * (1 << doublings)).min(LONGEST), chance)
}

/// Returns the back-off after this number of consecutive conflicts (at least one). It is short, since
/// somebody else's write succeeded.
pub(super) fn after_conflicts(conflicts: u32, chance: f64) -> Duration {
    let doublings = conflicts.saturating_sub(1).min(16);
    let longest = (FIRST_CONFLICT * (1 << doublings)).min(LONGEST_CONFLICT);
    jittered(longest, chance)
}

/// Returns the pause for a `Retry-After`: at least a second, and spread so that many clients do not return at
/// the same moment.
pub(super) fn after_retry_after(wanted: Duration, chance: f64) -> Duration {
    let wanted = wanted.clamp(LEAST, LONGEST_RETRY_AFTER);
    wanted + part((wanted / 10).max(LEAST), chance)
}

/// Returns the pause before the next long-polling request, after `early` consecutive responses (at least one)
/// that came too early and had nothing new. A server that stops ends all waits early, so the first pause is
/// short.
#[must_use]
pub fn listen_pause(early: u32, chance: f64) -> Duration {
    let doublings = early.saturating_sub(1).min(16);
    let longest = (FIRST * (1 << doublings)).min(LONGEST_LISTEN_PAUSE);
    jittered(longest, chance)
}

/// Returns the timeout of a request with this number of bytes: the time to send them over a slow line, and a
/// minute.
#[must_use]
pub fn patience(bytes: usize) -> Duration {
    PATIENCE + Duration::from_millis(bytes as u64 / SLOWEST_BYTES_PER_MILLI)
}

/// Equal jitter: returns a time from half of `longest` to all of it.
fn jittered(longest: Duration, chance: f64) -> Duration {
    longest / 2 + part(longest / 2, chance)
}

/// Returns this part of a duration, in whole milliseconds. `chance`: 0 to 1.
fn part(whole: Duration, chance: f64) -> Duration {
    Duration::from_millis((whole_millis(whole) as f64 * chance.clamp(0.0, 1.0)) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_spread_by_half() {
        for (failures, least, most) in [
            (1, 1_000, 2_000),
            (2, 2_000, 4_000),
            (3, 4_000, 8_000),
            (8, 128_000, 256_000),
            (12, 1_800_000, 3_600_000),
            (1_000_000, 1_800_000, 3_600_000),
        ] {
            let after = |chance| whole_millis(after_failures(failures, chance));
            assert_eq!((after(0.0), after(1.0)), (least, most), "{failures}");
        }
    }

    #[test]
    fn retry_after_is_kept_to_from_a_second_to_a_day() {
        for (wanted, least, most) in [
            (0, 1_000, 2_000),
            (3_000, 3_000, 4_000),
            (600_000, 600_000, 660_000),
            (u64::MAX, 86_400_000, 95_040_000),
        ] {
            let millis = Duration::from_millis(wanted);
            let after = |chance| whole_millis(after_retry_after(millis, chance));
            assert_eq!((after(0.0), after(1.0)), (least, most), "{wanted}");
        }
    }

    #[test]
    fn an_edit_shortens_a_long_pause_to_half_a_minute_and_none_to_below_a_second() {
        for (millis, least) in [
            (400, 400),
            (1_000, 1_000),
            (2_000, 1_000),
            (80_000, 10_000),
            (3_600_000, 30_000),
        ] {
            let pause = Pause::of(Duration::from_millis(millis));
            assert_eq!(whole_millis(pause.least), least, "{millis}");
        }
    }

    #[test]
    fn patience_follows_the_size() {
        assert_eq!(patience(0), Duration::from_secs(60));
        // 4.2 MB take 84 seconds at 50 kB/s.
        assert!(patience(4_200_000) > 5 * Duration::from_secs(84));
        assert_eq!(patience(256 << 10), Duration::from_millis(92_768));
    }
}
