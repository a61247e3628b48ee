//! Stores boards, tokens and snapshots in an SQLite file, or in a PostgreSQL database for several servers.
//!
//! [`Store`] is the handle to an open database. `backend` is the interface of both databases, `sqlite` and
//! `postgres` implement it. `append` and `rewind` hold the rules, so that both decide the same.
//! `subscriptions` notifies the clients that follow a board. `commands` and `tokens` are for the command
//! line.
//!
//! Every change of a board has a **sequence number**; the **cursor** of the board is the highest of them. A
//! change whose content is erased gets a new number, so that followers receive the erasure.

mod append;
mod backend;
mod boards;
mod commands;
mod database_url;
mod document;
mod error;
mod limits;
mod maintenance;
mod postgres;
mod rewind;
mod snapshots;
mod sqlite;
mod subscriptions;
mod tokens;
mod versions;

use std::{sync::Arc, time::Duration};

use axum::body::Bytes;
use cruxboard_domain::BoardId;
use tokio::sync::{broadcast, watch};

use self::{append::AppendRequest, backend::Backend, postgres::Database, sqlite::BoardFile};
pub use self::{
    append::{AppendError, AppendOutcome, Counts, Precondition},
    backend::{Opened, Page, Readiness},
    boards::{BoardError, BoardState, BoardSummary},
    commands::{back_up, boards, check, delete_board, restore, restore_board, rewind, versions},
    database_url::{DatabaseUrl, DatabaseUrlError, PostgresUrl},
    error::{OpenError, PostgresError, StoreError, WriteError},
    limits::StoreLimits,
    maintenance::{CheckReport, MaintenanceError, RestoreReport},
    snapshots::{NewSnapshot, Snapshot, SnapshotScope},
    subscriptions::Tip,
    tokens::{NewToken, TokenStore},
    versions::{RewindError, RewindOptions, RewindReport, Version},
};
use crate::{
    changes_body::ChangesBody,
    metrics::Metrics,
    token::{Rights, Secret, SecretHash, Token, random_id, unix_now},
};

/// A position in the log of a board: a sequence number.
pub type Cursor = i64;

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store(Arc<dyn Backend>);

impl Store {
    /// Opens the database, or creates it. Only one server can have a file open.
    ///
    /// # Errors
    /// [`OpenError`] when it cannot be opened.
    pub async fn open(
        database: &DatabaseUrl,
        limits: StoreLimits,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let store = Self(match database {
            DatabaseUrl::File(file) => Arc::new(BoardFile::open(file, limits, metrics)?),
            DatabaseUrl::Postgres(url) => Arc::new(Database::open(url, limits, metrics).await?),
        });
        tokio::spawn(collect_garbage(store.when_open()));
        Ok(store)
    }

    /// Returns the state of the database when it was opened.
    pub fn opened(&self) -> Opened {
        self.0.opened()
    }

    /// Writes pending jobs and closes the database.
    ///
    /// An SQLite file is checkpointed, so that it is complete by itself, unless another program has it open
    /// for longer than a few seconds.
    pub async fn close(&self) {
        self.0.close().await;
    }

    /// Returns a weak handle, which gives the store while another handle exists.
    pub(crate) fn when_open(&self) -> impl Fn() -> Option<Self> + Send + use<> {
        let backend = Arc::downgrade(&self.0);
        move || backend.upgrade().map(Self)
    }

    /// Returns the rosters that other servers send; `None` for a file, or without NOTIFY.
    pub(crate) fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        self.0.rosters()
    }

    /// Sends a roster to the other servers.
    ///
    /// # Errors
    /// [`StoreError`] when it may not have been sent.
    pub(crate) async fn send_roster(&self, roster: &str) -> Result<(), StoreError> {
        self.0.send_roster(roster).await
    }

    /// Returns a random id of the store, part of ETags. It changes when a backup is restored.
    pub fn nonce(&self) -> Arc<str> {
        self.0.nonce()
    }

    /// Appends the new changes of `body` to its board, atomically. Returns once they are durable.
    ///
    /// Idempotent: changes that are stored already are skipped.
    ///
    /// # Errors
    /// [`StoreError`] when the write failed or its result is unknown; retrying is safe. The inner
    /// [`AppendError`] when the rules refuse the changes.
    pub async fn append(
        &self,
        body: ChangesBody,
        condition: Precondition,
        may_create: bool,
        by: &str,
    ) -> Result<Result<AppendOutcome, AppendError>, StoreError> {
        let by = by.to_owned();
        let request = AppendRequest {
            body,
            precondition: condition,
            may_create,
            by,
        };
        self.0.append(request).await
    }

    /// Returns the cursor of a board; `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn cursor(&self, board: BoardId) -> Result<Option<Cursor>, StoreError> {
        self.0.cursor(board).await
    }

    /// Deletes a board, and returns its previous state. It can be restored for a while.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be deleted.
    pub async fn delete_board(&self, board: BoardId) -> Result<BoardState, StoreError> {
        self.0.delete_board(board).await
    }

    /// Restores a deleted board, and returns its previous state.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be deleted.
    pub async fn restore_board(&self, board: BoardId) -> Result<BoardState, StoreError> {
        self.0.restore_board(board).await
    }

    /// Returns the state of a board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn board_state(&self, board: BoardId) -> Result<BoardState, StoreError> {
        self.0.board_state(board).await
    }

    /// Subscribes to the tip of a board's log; `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn follow(&self, board: BoardId) -> Result<Option<watch::Receiver<Tip>>, StoreError> {
        self.0.follow(board).await
    }

    /// Returns the changes after a cursor, or all changes if the cursor is not one of this store.
    /// `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn after(&self, board: BoardId, after: Cursor) -> Result<Option<Page>, StoreError> {
        self.0.after(board, after).await
    }

    /// Returns the token with this hash of its secret, even if it is no longer valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        self.0.token(hash).await
    }

    /// Returns the token with this id, even if it is no longer valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        self.0.token_by_id(id).await
    }

    /// Returns the tokens for just this board, only those made with the token `made_by` if given.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tokens_of(
        &self,
        board: BoardId,
        made_by: Option<&str>,
    ) -> Result<Vec<Token>, StoreError> {
        let mut tokens = self.0.tokens().await?;
        tokens.retain(|token| token.board == Some(board));
        tokens.retain(|token| made_by.is_none_or(|maker| token.made_by.as_deref() == Some(maker)));
        Ok(tokens)
    }

    /// Creates a token, and returns it with its secret, which is not stored.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be stored.
    pub async fn make_token(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        self.0.make_token(token.clone(), secret.hash()).await?;
        Ok((token, secret))
    }

    /// Creates an admin token if there is no token at all. Of several servers that start at once, one does.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be stored.
    pub async fn make_first_token(&self) -> Result<Option<Secret>, StoreError> {
        let first = NewToken {
            rights: Rights::Admin,
            board: None,
            note: "made at the first start".to_owned(),
            made_by: None,
            expires_at: None,
        };
        let (token, secret) = first.with_secret()?;
        let is_made = self.0.make_first_token(token, secret.hash()).await?;
        Ok(is_made.then_some(secret))
    }

    /// Revokes a token and all tokens made with it, and deletes their snapshots. False when there is no such
    /// token.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        self.0.revoke_token(id).await
    }

    /// Stores an encrypted snapshot. `None` when the quota is used up, which all tokens share that descend
    /// from the same first token.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be stored.
    pub async fn store_snapshot(
        &self,
        new: NewSnapshot,
        content: Bytes,
    ) -> Result<Option<Snapshot>, StoreError> {
        let snapshot = Snapshot {
            id: random_id()?,
            made_by: new.made_by,
            board: new.board,
            made_at: unix_now(),
            expires_at: new.expires_at,
            outlives_token: new.outlives_token,
            bytes: content.len(),
        };
        let is_kept = self.0.store_snapshot(snapshot.clone(), content).await?;
        Ok(is_kept.then_some(snapshot))
    }

    /// Deletes a snapshot, if it is in the scope. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be deleted.
    pub async fn remove_snapshot(&self, id: String, of: SnapshotScope) -> Result<bool, StoreError> {
        self.0.remove_snapshot(id, of).await
    }

    /// Returns the ciphertext of a snapshot that has not ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.snapshot(id).await
    }

    /// Returns the snapshots in the scope that have not ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        self.0.snapshots(of).await
    }

    /// Tests whether the database accepts writes.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        self.0.try_write().await
    }

    /// Returns whether the database can be read and its disk has room. [`Store::try_write`] tests writes.
    pub async fn readiness(&self) -> Readiness {
        self.0.readiness().await
    }
}

/// Collects garbage every hour: archived texts, old versions, deleted boards and snapshots past their time.
async fn collect_garbage(store: impl Fn() -> Option<Store>) {
    const PAUSE: Duration = Duration::from_secs(3600);
    while let Some(store) = store() {
        if let Err(error) = store.0.collect_garbage().await
            && !matches!(error, StoreError::Write(_))
        {
            tracing::warn!(%error, "could not remove expired data");
        }
        drop(store);
        tokio::time::sleep(PAUSE).await;
    }
}
