//! Looking after whole boards: listing them, deleting them, bringing them back.
//!
//! A deleted board is hidden and refused at its address, and all that belongs to it stays for as long as
//! erased texts do. Then it is taken out, with its tokens and their snapshots. Only the end of its log is
//! remembered, as a tombstone: a board that begins anew under its id gives no cursor a second time.

use cruxboard_domain::{Stamp, board::Board, log::Entry};

use super::{DatabaseUrl, OpenError, StoreError, postgres, sqlite};

/// How a board stands at its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardState {
    Present,
    /// It was deleted, and can be brought back.
    Deleted,
    /// There is none, or it is gone for good.
    Absent,
}

impl BoardState {
    /// Reads whether the row that was found says that the board is deleted.
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
    /// Its question.
    pub title: String,
    pub changes: i64,
    /// Bytes of its changes.
    pub bytes: i64,
    /// When a write last changed it, in Unix seconds, as far as that is remembered.
    pub written_at: Option<i64>,
    /// When it was deleted, in Unix seconds.
    pub deleted_at: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum BoardError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lists all boards, deleted ones too. The server may be running.
///
/// # Errors
/// When the place cannot be read.
pub async fn boards(database: &DatabaseUrl) -> Result<Vec<BoardSummary>, BoardError> {
    match database {
        DatabaseUrl::File(file) => sqlite::boards::list(file),
        DatabaseUrl::Postgres(address) => postgres::boards::list(address).await,
    }
}

/// Deletes a board, and returns how it stood before. A server must not have the file open; those of a
/// database may run.
///
/// # Errors
/// When it may still be there.
pub async fn delete_board(database: &DatabaseUrl, board: Stamp) -> Result<BoardState, BoardError> {
    match database {
        DatabaseUrl::File(file) => sqlite::boards::set_deleted(file, board, true),
        DatabaseUrl::Postgres(address) => postgres::boards::set_deleted(address, board, true).await,
    }
}

/// Brings a deleted board back, and returns how it stood before. A server must not have the file open;
/// those of a database may run.
///
/// # Errors
/// When it may still be deleted.
pub async fn restore_board(database: &DatabaseUrl, board: Stamp) -> Result<BoardState, BoardError> {
    match database {
        DatabaseUrl::File(file) => sqlite::boards::set_deleted(file, board, false),
        DatabaseUrl::Postgres(address) => {
            postgres::boards::set_deleted(address, board, false).await
        }
    }
}

/// Returns the question of the board with these changes.
pub(super) fn title(changes: &[String]) -> String {
    let entries = changes
        .iter()
        .filter_map(|json| Entry::from_json(json).ok());
    let board: Board = entries.collect();
    board.info().question.clone()
}
