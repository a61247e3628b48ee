//! Encrypted snapshots as values.

use cruxboard_domain::BoardId;

/// A snapshot to be stored.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// The id of the token that it is made with.
    pub made_by: String,
    /// The board of that token, if it is for one board.
    pub board: Option<BoardId>,
    pub expires_at: i64,
    /// Whether it stays until `expires_at` even if the token ends before.
    pub outlives_token: bool,
}

/// A snapshot without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// An unguessable id, which gives access to the ciphertext.
    pub id: String,
    /// The id of the token that it was made with.
    pub made_by: String,
    /// The board of that token, if it is for one board.
    pub board: Option<BoardId>,
    /// Unix seconds, like `expires_at`.
    pub made_at: i64,
    pub expires_at: i64,
    /// Whether it stays until `expires_at` even if the token ends before.
    pub outlives_token: bool,
    pub bytes: usize,
}

/// The snapshots that a token may list and delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotScope {
    All,
    /// The snapshots made with tokens for just this board.
    Board(BoardId),
    /// The snapshots made with this token.
    MadeBy(String),
}

impl SnapshotScope {
    /// Returns the maker and the board that a snapshot must have.
    pub(super) fn columns(&self) -> (Option<&str>, Option<String>) {
        match self {
            Self::All => (None, None),
            Self::Board(board) => (None, Some(board.to_string())),
            Self::MadeBy(maker) => (Some(maker), None),
        }
    }
}
