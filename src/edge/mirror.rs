//! The mirror: a copy of the open board in local storage.
//!
//! It can be read before the first paint, which the journal cannot, and it outlives the journal
//! when the browser clears only that. It is never newer than what the journal was told.

use cruxboard_domain::ChangeId;
use cruxboard_domain::checksum;
use cruxboard_domain::document::Document;
use web_sys::Storage;

use super::settings::local_storage;

/// Two keys in turn, so that one whole copy is there while the other is written.
const KEYS: [&str; 2] = ["cruxboard/mirror/0", "cruxboard/mirror/1"];
/// Local storage holds five times as much; writing this much takes about a frame.
pub const MAX_LENGTH: usize = 1_000_000;

/// This tab's hold on the mirror.
#[derive(Debug, Default)]
pub struct Mirror {
    /// When the last copy was written, as far as this tab knows; `None` before it has looked.
    last_millis: Option<u64>,
    /// Which copy is written next.
    next: usize,
}

#[derive(Debug, PartialEq)]
struct Copy {
    board: ChangeId,
    written_at: u64,
    json: String,
}

/// The latest whole copy of a board, if there is one.
#[must_use]
pub fn read(board: ChangeId) -> Option<Document> {
    let storage = local_storage()?;
    let copies = KEYS.iter().filter_map(|key| copy(&storage, key));
    let latest = copies
        .filter(|copy| copy.board == board)
        .max_by_key(|copy| copy.written_at)?;
    Document::from_json(&latest.json).ok()
}

/// The boards of which there is a copy.
#[must_use]
pub fn boards() -> Vec<ChangeId> {
    let storage = local_storage();
    let copies = storage
        .iter()
        .flat_map(|storage| KEYS.iter().filter_map(|key| copy(storage, key)));
    copies.map(|copy| copy.board).collect()
}

/// Removes every copy of a board.
pub fn erase(board: ChangeId) {
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
    /// Writes a copy over the older of the two. Where local storage does not take it, the copies
    /// that are there stay.
    pub fn write(&mut self, board: ChangeId, document: &str, now_millis: u64) {
        let Some(storage) = local_storage() else {
            return;
        };
        let last = self.last_millis.unwrap_or_else(|| {
            let [first, second] =
                KEYS.map(|key| copy(&storage, key).map_or(0, |copy| copy.written_at));
            self.next = usize::from(second < first);
            first.max(second)
        });
        // Later than the last one even when the clock runs backwards.
        let written_at = now_millis.max(last + 1);
        let sealed = seal(board, written_at, document);
        if storage.set_item(KEYS[self.next], &sealed).is_ok() {
            self.last_millis = Some(written_at);
            self.next = 1 - self.next;
        }
    }
}

fn copy(storage: &Storage, key: &str) -> Option<Copy> {
    unseal(&storage.get_item(key).ok()??)
}

fn seal(board: ChangeId, written_at: u64, document: &str) -> String {
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
        let board = ChangeId::new(
            1_795_429_733_409,
            0,
            cruxboard_domain::id::Replica::new(7, 1),
        );
        let sealed = seal(board, 12, "{\"format\":\"cruxboard\"}");
        let copy = unseal(&sealed).unwrap();
        assert_eq!((copy.board, copy.written_at), (board, 12));
        assert_eq!(copy.json, "{\"format\":\"cruxboard\"}");
        for end in 0..sealed.len() {
            assert_eq!(unseal(&sealed[..end]), None, "{end}");
        }
    }
}
