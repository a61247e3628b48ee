//! Clock skew: messages about changes dated too far ahead, and about the device's clock.

use core::time::Duration;

use super::limits::MOST_AHEAD;
use crate::ChangeId;
use crate::board::Board;
use crate::date::DAY;
use crate::{Millis, t, tn};

/// Returns whether a change is dated further ahead of a clock than is accepted.
#[must_use]
pub fn is_too_far_ahead(change: ChangeId, now: Millis) -> bool {
    change.millis() > now + MOST_AHEAD
}

/// Describes how many changes of a file were left out; `None` for 0.
#[must_use]
pub fn set_aside_in_words(count: usize) -> Option<String> {
    (count > 0).then(|| {
        tn!(
            count,
            "{count} change in this file is dated more than 30 days ahead of this device’s clock. It was left out, and stays in the file. If the clock here is wrong, set it right and open the file again.",
            "{count} changes in this file are dated more than 30 days ahead of this device’s clock. They were left out, and stay in the file. If the clock here is wrong, set it right and open the file again."
        )
    })
}

/// Describes the problem with a change that is dated too far ahead, for a person on the device `here`.
#[must_use]
pub fn ahead_in_words(board: &Board, change: ChangeId, here: u32, now: Millis) -> String {
    let days = change.millis().since(now).as_secs() / DAY.as_secs();
    let how_far = match days {
        // By this device's clock it is not, so this clock is ahead too.
        0..=29 => t!("too far ahead of the server’s clock").to_owned(),
        days => t!("{days} days ahead", days),
    };
    let by = board.log().change(change).and_then(|change| change.by);
    let by = by.and_then(|by| board.person(by));
    let name = by
        .map(|person| person.name.as_str())
        .filter(|name| !name.is_empty());
    let is_own = change.replica().device() == here;
    let found = match (is_own, name) {
        (true, _) => t!("A change made on this device is dated {how_far}.", how_far),
        (false, Some(name)) => t!(
            "A change made by {name} on another device is dated {how_far}.",
            name,
            how_far
        ),
        (false, None) => t!(
            "A change made on another device is dated {how_far}.",
            how_far
        ),
    };
    let advice = match is_own {
        true => t!("Set this device’s clock right first."),
        false => t!("Set that device’s clock right first."),
    };
    [
        found.as_str(),
        t!("It is not sent, and neither is what is dated later; everything else is."),
        advice,
        t!(
            "Dates of changes stay as they are: to go on, download this board to look things up in, delete it here, join it again from the server, and say again what has not arrived there. Until then it stays on this device."
        ),
    ]
    .join(" ")
}

/// Largest skew without a warning. Credences, ages and due dates depend on the clock.
const TOLERATED: Duration = Duration::from_secs(5 * 60);

/// Describes the skew of this device's clock. `skew_millis` is how far the endpoint's clock is ahead of it.
/// `None` if the clock is accurate enough.
#[must_use]
pub fn clock_skew_in_words(skew_millis: i64) -> Option<String> {
    let off = Duration::from_millis(skew_millis.unsigned_abs());
    if off <= TOLERATED {
        return None;
    }
    let minutes = off.as_secs() / 60;
    let (hours, days) = (minutes / 60, minutes / 1_440);
    let how_far = match (days, hours) {
        (0, 0) => tn!(minutes as usize, "{count} minute", "{count} minutes"),
        (0, hours) => tn!(hours as usize, "{count} hour", "{count} hours"),
        (730.., _) => {
            let years = days as usize / 365;
            tn!(years, "{count} year", "{count} years")
        }
        (days, _) => tn!(days as usize, "{count} day", "{count} days"),
    };
    Some(if skew_millis > 0 {
        t!(
            "This device’s clock is {how_far} behind the server’s. Set it right: what you say here is dated by it.",
            how_far
        )
    } else {
        t!(
            "This device’s clock is {how_far} ahead of the server’s. Set it right: what you say here is dated by it.",
            how_far
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_said_with_its_side_and_in_the_largest_whole_unit() {
        const HOUR: i64 = 3_600_000;
        for (skew, expected) in [
            (0, None),
            (300_000, None),
            (-300_000, None),
            (360_000, Some("6 minutes behind the server’s")),
            (-HOUR, Some("1 hour ahead of the server’s")),
            (3 * HOUR + 1, Some("3 hours behind")),
            (-25 * HOUR, Some("1 day ahead")),
            (400 * 24 * HOUR, Some("400 days behind")),
            (-900 * 24 * HOUR, Some("2 years ahead")),
            (i64::MIN, Some("years ahead")),
        ] {
            let said = clock_skew_in_words(skew);
            assert_eq!(said.is_some(), expected.is_some(), "{skew}: {said:?}");
            let said = said.unwrap_or_default();
            assert!(said.contains(expected.unwrap_or_default()), "{said}");
        }
    }
}
