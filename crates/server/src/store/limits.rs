//! Limits of the store.

use std::time::Duration;

/// Default limits of a board. They are well below those of the app (64 MiB and 200,000 changes), even when
/// every change of a full board is erased by a change of its own.
const BOARD_BYTES: i64 = 32 << 20;
const BOARD_CHANGES: i64 = 80_000;

/// Limits of the store.
#[derive(Clone, Copy, Debug)]
pub struct StoreLimits {
    /// Largest size of a board's document plus its archived texts, in bytes.
    pub board_bytes: i64,
    /// Largest number of changes of a board.
    pub board_changes: i64,
    /// Quota for snapshots of a first token and all its descendants, in bytes.
    pub snapshot_bytes: i64,
    /// Bytes to leave free on the disk of a file. With less, only erasures are accepted.
    pub keep_free: u64,
    /// Largest size of a file in pages of 4 KiB; beyond it the disk counts as full. For tests.
    pub file_pages: Option<u32>,
    /// Time for which erased texts are archived for a rewind. With zero, nothing of an erased text is left in
    /// the files when the erasure is acknowledged.
    pub keep_erased: Duration,
    /// Largest number of jobs in one transaction (group commit).
    pub batch: usize,
    /// Capacity of the writer's queue; further requests wait (back-pressure).
    pub waiting_jobs: usize,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self {
            board_bytes: BOARD_BYTES,
            board_changes: BOARD_CHANGES,
            snapshot_bytes: 32 << 20,
            keep_free: 64 << 20,
            file_pages: None,
            keep_erased: Duration::from_secs(7 * 86_400),
            batch: 256,
            waiting_jobs: 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use cruxboard_domain::sync::{MOST_BYTES, MOST_CHANGES};

    use super::*;

    /// Bytes of the largest erasure of one change that a full board takes, with what is between two changes.
    const LARGEST_ERASURE: i64 = 256 + 32 + 2;

    #[test]
    fn a_full_board_whose_changes_are_all_erased_one_by_one_is_not_too_large_for_the_app() {
        let StoreLimits {
            board_changes,
            board_bytes,
            ..
        } = StoreLimits::default();
        let (most_changes, most_bytes) = (MOST_CHANGES as i64, MOST_BYTES as i64);
        assert!(2 * board_changes <= most_changes * 4 / 5);
        assert!(board_bytes <= most_bytes / 2);
        // An erased change is never larger than the shortest that there can be, by more than its mark.
        let marks = board_changes * r#","fact":"blank""#.len() as i64;
        assert!(board_bytes + board_changes * LARGEST_ERASURE + marks < most_bytes);
    }
}
