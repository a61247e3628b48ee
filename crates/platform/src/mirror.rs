//! The mirror: a copy of the open board in local storage.
//!
//! It can be read before the first paint, which the journal cannot. It also survives if the browser
//! clears only the journal. It is never newer than the journal and the outbox.

use std::time::Duration;

use cruxboard_domain::checksum;
use cruxboard_domain::document::Document;
use cruxboard_domain::{BoardId, Millis};
use web_sys::Storage;

use super::settings::local_storage;

/// Two keys, written in turn, so that one complete copy exists while the other is written.
const KEYS: [&str; 2] = ["cruxboard/mirror/0", "cruxboard/mirror/1"];
/// The longest copy, in characters. Local storage holds five times as much; writing this much takes
/// about a frame.
pub const MAX_LENGTH: usize = 1_000_000;

/// This tab's state of the mirror.
#[derive(Debug, Default)]
pub struct Mirror {
    /// Time of the last copy, as far as this tab knows; `None` before it has looked.
    last: Option<Millis>,
    /// The index of the key that is written next.
    next: usize,
}

#[derive(Debug, PartialEq)]
struct Copy {
    board: BoardId,
    written_at: Millis,
    json: String,
}

/// Returns the latest complete copy of a board, if there is one.
#[must_use]
pub fn read(board: BoardId) -> Option<Document> {
    let storage = local_storage()?;
    let copies = KEYS.iter().filter_map(|key| copy(&storage, key));
    let latest = copies
        .filter(|copy| copy.board == board)
        .max_by_key(|copy| copy.written_at)?;
    Document::from_json(&latest.json).ok()
}

/// Returns the boards of which there is a copy.
#[must_use]
pub fn boards() -> Vec<BoardId> {
    let storage = local_storage();
    let copies = storage
        .iter()
        .flat_map(|storage| KEYS.iter().filter_map(|key| copy(storage, key)));
    copies.map(|copy| copy.board).collect()
}

/// Removes every copy of a board.
pub fn erase(board: BoardId) {
    let Some(storage) = local_storage() else {
        return;
    };
    for key in KEYS {
        if copy(&storage, key).is_some_and(|copy| copy.board == board) {
            drop(storage.remove_item(key));
        }
    }
}

impl Mirror {
    /// Overwrites the older of the two copies. If local storage refuses, the existing copies stay.
    pub fn write(&mut self, board: BoardId, document: &str, now: Millis) {
        let Some(storage) = local_storage() else {
            return;
        };
        let last = self.last.unwrap_or_else(|| {
            let [first, second] =
                KEYS.map(|key| copy(&storage, key).map_or(Millis(0), |copy| copy.written_at));
            self.next = usize::from(second < first);
            first.max(second)
        });
        // The time must be later than the last one, even if the clock was set back.
        let written_at = now.max(last + Duration::from_millis(1));
        let sealed = seal(board, written_at, document);
        if storage.set_item(KEYS[self.next], &sealed).is_ok() {
            self.last = Some(written_at);
            self.next = 1 - self.next;
        }
    }
}

fn copy(storage: &Storage, key: &str) -> Option<Copy> {
    unseal(&storage.get_item(key).ok()??)
}

fn seal(board: BoardId, written_at: Millis, document: &str) -> String {
    checksum::seal(&format!("{board}{written_at:016}{document}"))
}

fn unseal(sealed: &str) -> Option<Copy> {
    let (board, rest) = checksum::unseal(sealed)?.split_at_checked(26)?;
    let (written_at, json) = rest.split_at_checked(16)?;
    Some(Copy {
        board: board.parse().ok()?,
        written_at: written_at.parse().ok()?,
        json: json.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_comes_back_whole_or_not_at_all() {
        let board = BoardId(cruxboard_domain::ChangeId::new(
            Millis(1_795_429_733_409),
            0,
            cruxboard_domain::id::Replica::new(7, 1),
        ));
        let sealed = seal(board, Millis(12), "{\"format\":\"cruxboard\"}");
        let copy = unseal(&sealed).unwrap();
        assert_eq!((copy.board, copy.written_at), (board, Millis(12)));
        assert_eq!(copy.json, "{\"format\":\"cruxboard\"}");
        for end in 0..sealed.len() {
            assert_eq!(unseal(&sealed[..end]), None, "{end}");
        }
    }
}
