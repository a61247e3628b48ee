//! Moments to the minute: snapshots tell no more of a time.

use crate::Millis;

const MINUTE_MILLIS: u64 = 60_000;

/// Rounds a moment down to the minute.
pub(super) const fn to_minute(at: Millis) -> Millis {
    Millis(at.0 - at.0 % MINUTE_MILLIS)
}

/// Returns the whole minutes from 1970 to a moment.
pub(super) const fn minutes(at: Millis) -> u64 {
    at.0 / MINUTE_MILLIS
}

/// Returns the moment that is so many minutes after 1970.
pub(super) fn from_minutes(minutes: u64) -> Option<Millis> {
    minutes.checked_mul(MINUTE_MILLIS).map(Millis)
}
