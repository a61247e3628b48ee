//! Timing: back-off with jitter after failures, `Retry-After`, and timeouts.
//!
//! No clock is read and no random number drawn here: `chance`, from 0 to 1, is passed in.

/// Upper bound of the first pause after a failure, in milliseconds. The pause is at least half of it, and
/// never below a second.
const FIRST_MILLIS: u64 = 2_000;
const LONGEST_MILLIS: u64 = 3_600_000;
/// Least pause after a failure, in milliseconds.
const LEAST_MILLIS: u64 = 1_000;
/// Least pause after a failure while edits shorten long pauses, in milliseconds.
const LEAST_WHILE_EDITING_MILLIS: u64 = 30_000;
/// Longest accepted `Retry-After`, in milliseconds. A longer one is treated as a mistake.
const LONGEST_RETRY_AFTER_MILLIS: u64 = 86_400_000;
/// First pause after a conflict with another writer, in milliseconds: short, since the next try may well
/// succeed.
const FIRST_CONFLICT_MILLIS: u64 = 400;
const LONGEST_CONFLICT_MILLIS: u64 = 10_000;
const LONGEST_LISTEN_PAUSE_MILLIS: u64 = 15_000;
/// Timeout of the response to a small request, in milliseconds.
const PATIENCE_MILLIS: u64 = 60_000;
/// Least upload rate that is waited for, in bytes per millisecond (8 kB/s).
const SLOWEST_BYTES_PER_MILLI: u64 = 8;

/// A pause before the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Least duration in milliseconds. Only a person may end the pause earlier.
    pub least_millis: u64,
    /// Full duration in milliseconds, unless an edit ends it.
    pub millis: u64,
}

impl Pause {
    /// Creates a pause that an edit may shorten.
    pub(super) fn of(millis: u64) -> Self {
        let least = (millis / 8).clamp(LEAST_MILLIS, LEAST_WHILE_EDITING_MILLIS);
        Self {
            least_millis: least.min(millis),
            millis,
        }
    }

    /// Creates a pause that only a person may shorten.
    pub(super) fn whole(millis: u64) -> Self {
        Self {
            least_millis: millis,
            millis,
        }
    }
}

/// Returns the exponential back-off after this number of consecutive failures (at least one): 1 to 2 seconds
/// at first, at most an hour.
pub(super) fn after_failures(failures: u32, chance: f64) -> u64 {
    let doublings = failures.saturating_sub(1).min(16);
    jittered((FIRST_MILLIS << doublings).min(LONGEST_MILLIS), chance)
}

/// Returns the back-off after this number of consecutive conflicts (at least one). It is short, since
/// somebody else's write succeeded.
pub(super) fn after_conflicts(conflicts: u32, chance: f64) -> u64 {
    let doublings = conflicts.saturating_sub(1).min(16);
    let longest = (FIRST_CONFLICT_MILLIS << doublings).min(LONGEST_CONFLICT_MILLIS);
    jittered(longest, chance)
}

/// Returns the pause for a `Retry-After`: at least a second, and spread so that many clients do not return at
/// the same moment.
pub(super) fn after_retry_after(millis: u64, chance: f64) -> u64 {
    let millis = millis.clamp(LEAST_MILLIS, LONGEST_RETRY_AFTER_MILLIS);
    let jitter = (millis / 10).max(LEAST_MILLIS) as f64 * chance.clamp(0.0, 1.0);
    millis + jitter as u64
}

/// Returns the pause before the next long-polling request, after `early` consecutive responses (at least one)
/// that came too early and had nothing new. A server that stops ends all waits early, so the first pause is
/// short.
#[must_use]
pub fn listen_pause_millis(early: u32, chance: f64) -> u64 {
    let doublings = early.saturating_sub(1).min(16);
    let longest = (FIRST_MILLIS << doublings).min(LONGEST_LISTEN_PAUSE_MILLIS);
    jittered(longest, chance)
}

/// Returns the timeout of a request with this number of bytes, in milliseconds: the time to send them over a
/// slow line, and a minute.
#[must_use]
pub fn patience_millis(bytes: usize) -> u64 {
    PATIENCE_MILLIS + bytes as u64 / SLOWEST_BYTES_PER_MILLI
}

/// Equal jitter: returns a time from half of `longest` to all of it.
fn jittered(longest: u64, chance: f64) -> u64 {
    let half = longest as f64 / 2.0;
    (half + half * chance.clamp(0.0, 1.0)) as u64
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
            assert_eq!(after_failures(failures, 0.0), least, "{failures}");
            assert_eq!(after_failures(failures, 1.0), most, "{failures}");
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
            assert_eq!(after_retry_after(wanted, 0.0), least, "{wanted}");
            assert_eq!(after_retry_after(wanted, 1.0), most, "{wanted}");
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
            assert_eq!(Pause::of(millis).least_millis, least, "{millis}");
        }
    }

    #[test]
    fn patience_follows_the_size() {
        assert_eq!(patience_millis(0), 60_000);
        // 4.2 MB take 84 seconds at 50 kB/s.
        assert!(patience_millis(4_200_000) > 5 * 84_000);
        assert_eq!(patience_millis(256 << 10), 92_768);
    }
}
