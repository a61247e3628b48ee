//! The interface of the two databases.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use cruxboard_domain::BoardId;
use tokio::sync::{broadcast, watch};

use super::{
    AppendError, AppendOutcome, BoardState, Cursor, Snapshot, SnapshotScope, StoreError, Tip,
    append::AppendRequest,
};
use crate::token::{SecretHash, Token};

/// A database: SQLite or PostgreSQL. [`Store`](super::Store) describes what each method does.
#[async_trait]
pub(super) trait Backend: Send + Sync {
    fn opened(&self) -> Opened;

    /// Writes pending jobs and closes the database.
    async fn close(&self);

    fn nonce(&self) -> Arc<str>;

    /// Returns the rosters that other servers send; `None` where no other server shares the database.
    fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>>;

    async fn send_roster(&self, roster: &str) -> Result<(), StoreError>;

    /// Runs a request, and returns once its changes are durable.
    async fn append(
        &self,
        request: AppendRequest,
    ) -> Result<Result<AppendOutcome, AppendError>, StoreError>;

    async fn cursor(&self, board: BoardId) -> Result<Option<Cursor>, StoreError>;

    async fn delete_board(&self, board: BoardId) -> Result<BoardState, StoreError>;

    async fn restore_board(&self, board: BoardId) -> Result<BoardState, StoreError>;

    async fn board_state(&self, board: BoardId) -> Result<BoardState, StoreError>;

    async fn follow(&self, board: BoardId) -> Result<Option<watch::Receiver<Tip>>, StoreError>;

    async fn after(&self, board: BoardId, after: Cursor) -> Result<Option<Page>, StoreError>;

    async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError>;

    async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError>;

    /// Returns all tokens, also those revoked or expired.
    async fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    async fn make_token(&self, token: Token, hash: SecretHash) -> Result<(), StoreError>;

    /// Creates the token if there is none at all. False when there is one.
    async fn make_first_token(&self, token: Token, hash: SecretHash) -> Result<bool, StoreError>;

    async fn revoke_token(&self, id: String) -> Result<bool, StoreError>;

    /// Stores an encrypted snapshot. False when the quota is used up.
    async fn store_snapshot(&self, snapshot: Snapshot, content: Bytes) -> Result<bool, StoreError>;

    async fn remove_snapshot(&self, id: String, of: SnapshotScope) -> Result<bool, StoreError>;

    async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError>;

    async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError>;

    async fn try_write(&self) -> Result<(), StoreError>;

    async fn readiness(&self) -> Readiness;

    /// Removes archived texts, old versions, deleted boards and snapshots past their time.
    async fn collect_garbage(&self) -> Result<(), StoreError>;
}

/// The state of the database when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Whether the database was created just now.
    pub is_new: bool,
    pub has_boards: bool,
    /// Whether the database had boards when a server last had it open, as far as known.
    pub had_boards: bool,
}

/// Changes of a board, as a document.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// The cursor of the board when this was read.
    pub cursor: Cursor,
    pub document: String,
    /// Number of changes in the document.
    pub changes: usize,
}

/// Whether a store can answer requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// The store cannot be read, or its writer has stopped.
    Unavailable,
    /// The store can be read, and accepts only erasures.
    DiskLow,
}
