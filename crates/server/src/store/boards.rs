//! Boards in lists, and their deletion.
//!
//! Deletion is soft: the board is hidden, and kept for as long as erased texts are. Then garbage collection
//! removes it, with its tokens and their snapshots. A tombstone keeps its last cursor, so that a new board
//! with the same id never reuses a cursor.

use cruxboard_domain::{board::Board, log::Entry};

use super::{OpenError, StoreError};

/// The state of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardState {
    Present,
    /// The board was deleted, and can be restored.
    Deleted,
    /// The board does not exist, or was removed for good.
    Absent,
}

impl BoardState {
    /// Converts the column `deleted_at IS NOT NULL` of a board's row, if there is one.
    pub(super) fn of(is_deleted: Option<bool>) -> Self {
        match is_deleted {
            Some(false) => Self::Present,
            Some(true) => Self::Deleted,
            None => Self::Absent,
        }
    }
}

/// A board in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardSummary {
    pub id: String,
    /// The board's question.
    pub title: String,
    pub changes: i64,
    /// Bytes of its changes.
    pub bytes: i64,
    /// Time of the last write in Unix seconds, if known.
    pub written_at: Option<i64>,
    /// Time of the deletion in Unix seconds.
    pub deleted_at: Option<i64>,
}

/// The reason why a command on boards failed.
#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Returns the question of the board with these changes.
pub(super) fn title(changes: &[String]) -> String {
    let entries = changes
        .iter()
        .filter_map(|json| Entry::from_json(json).ok());
    let board: Board = entries.collect();
    board.info().question.clone()
}
