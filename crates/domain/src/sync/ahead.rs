//! A change that an endpoint does not take because its date is too far ahead: whose clock is meant, and
//! what can be done.

use crate::Stamp;
use crate::board::Board;

/// What to tell a person on the device `here`.
#[must_use]
pub fn ahead_in_words(board: &Board, change: Stamp, here: u32, now_millis: u64) -> String {
    const DAY: u64 = 86_400_000;
    let days = change.millis().saturating_sub(now_millis) / DAY;
    let how_far = match days {
        // By the clock here it is not: so this one is ahead as well.
        0..=29 => "too far ahead of the server’s clock".to_owned(),
        days => format!("{days} days ahead"),
    };
    let by = board.log().change(change).and_then(|change| change.by);
    let by = by.and_then(|by| board.person(by));
    let name = by
        .map(|person| person.name.as_str())
        .filter(|name| !name.is_empty());
    let (who, clock) = match (change.replica().device() == here, name) {
        (true, _) => (
            "made on this device".to_owned(),
            "this device’s clock".to_owned(),
        ),
        (false, Some(name)) => (
            format!("made by {name} on another device"),
            "that device’s clock".to_owned(),
        ),
        (false, None) => (
            "made on another device".to_owned(),
            "that device’s clock".to_owned(),
        ),
    };
    format!(
        "The server takes nothing more from here, since a change {who} is dated {how_far}. Set {clock} right first. Dates of changes stay as they are: to go on, download this board to look things up in, delete it here, join it again from the server, and say again what has not arrived there. Until then everything stays on this device."
    )
}
