//! Stores boards, tokens and snapshots in an SQLite file, or in a PostgreSQL database for several servers.
//!
//! [`Store`] is the interface to both backends, `sqlite` and `postgres`. `append` holds the rules for appending
//! changes, so that both accept the same. `subscriptions` notifies the clients that follow a board.
//!
//! Every change of a board has a **sequence number**; the **cursor** of the board is the highest of them. A
//! change whose content is erased gets a new number, so that followers receive the erasure.

mod append;
mod boards;
mod database_url;
mod maintenance;
mod postgres;
mod sqlite;
mod subscriptions;
mod versions;

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use axum::body::Bytes;
use cruxboard_domain::{
    ChangeId,
    document::{FORMAT, VERSION},
};
use tokio::sync::{broadcast, oneshot, watch};

pub use self::append::{AppendError, AppendOutcome, Counts, Precondition};
pub use self::boards::{BoardError, BoardState, BoardSummary, boards, delete_board, restore_board};
pub use self::database_url::{DatabaseUrl, DatabaseUrlError};
pub use self::maintenance::{
    CheckReport, MaintenanceError, RestoreReport, back_up, check, restore,
};
pub use self::postgres::PostgresError;
pub use self::subscriptions::Tip;
pub use self::versions::{RewindError, RewindOptions, RewindReport, Version, rewind, versions};

use self::{
    append::AppendRequest,
    postgres::Database,
    sqlite::{BoardFile, TokenFile},
};
use crate::{
    changes_body::ChangesBody,
    metrics::Metrics,
    token::{RandomnessError, Rights, Secret, SecretHash, Token, random_id, random_name, unix_now},
};

/// A position in the log of a board: a sequence number.
pub type Cursor = i64;

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store(Backend);

#[derive(Clone)]
enum Backend {
    File(BoardFile),
    Postgres(Database),
}

/// The state of the database when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Whether the database was created just now.
    pub is_new: bool,
    pub has_boards: bool,
    /// Whether it had boards when a server last had it open, as far as known.
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

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot create the folder {}: {source}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error(
        "{} is in use by another Cruxboard server; stop that server, or name another file with --database",
        file.display()
    )]
    InUse { file: PathBuf },
    #[error("cannot create {}: {source}", file.display())]
    Create { file: PathBuf, source: io::Error },
    #[error("cannot lock {}: {source}", file.display())]
    Lock { file: PathBuf, source: io::Error },
    #[error("{} is not a Cruxboard database", file.display())]
    NotOurs { file: PathBuf },
    #[error("{} was written by a newer Cruxboard; update this server", file.display())]
    TooNew { file: PathBuf },
    #[error("there is no database at {}", file.display())]
    Missing { file: PathBuf },
    #[error("cannot read {}: {source}", file.display())]
    Read { file: PathBuf, source: io::Error },
    #[error(
        "{at} was in use when it was copied, and may lack the changes in {at}-wal: copy both files, or use `cruxboard backup`. \
         If there is no other copy, `cruxboard restore --without-wal {at}` restores this one",
        at = file.display()
    )]
    WithoutWal { file: PathBuf },
    #[error(
        "{at}-wal exists, but {at} is missing or empty: put both files back, or move {at}-wal away",
        at = file.display()
    )]
    OnlyWal { file: PathBuf },
    #[error("cannot open the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{database}: {source}")]
    Postgres {
        database: String,
        source: PostgresError,
    },
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
    #[error("cannot start the writer thread: {0}")]
    Thread(io::Error),
}

/// Why an operation of the store failed: a full or failing disk, an unreachable database, or a stopping server.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database failed: {0}")]
    Postgres(#[from] PostgresError),
    /// The store logged the cause where it occurred.
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the writer has stopped")]
    WriterStopped,
    #[error("the disk is nearly full")]
    DiskLow,
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
}

/// Why the database did not accept a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the disk is full")]
    DiskFull,
    #[error("the database is read-only")]
    ReadOnly,
    /// Any other cause, such as a failing disk or an unreachable database.
    #[error("the database does not accept writes")]
    Failed,
}

impl From<&rusqlite::Error> for WriteError {
    fn from(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::ReadOnly) => Self::ReadOnly,
            _ => Self::Failed,
        }
    }
}

impl StoreError {
    /// Returns the cause of a failed write; `None` for other errors.
    pub(crate) fn write_error(&self) -> Option<WriteError> {
        match self {
            Self::Sqlite(error) => Some(error.into()),
            Self::Postgres(error) => Some(error.into()),
            Self::Write(error) => Some(*error),
            Self::WriterStopped | Self::DiskLow | Self::RandomnessError(_) => None,
        }
    }
}

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
            DatabaseUrl::File(file) => Backend::File(BoardFile::open(file, limits, metrics)?),
            DatabaseUrl::Postgres(address) => {
                Backend::Postgres(Database::open(address, limits, metrics).await?)
            }
        });
        tokio::spawn(collect_garbage(store.when_open()));
        Ok(store)
    }

    /// Returns the state of the database when it was opened.
    pub fn opened(&self) -> Opened {
        match &self.0 {
            Backend::File(file) => file.opened(),
            Backend::Postgres(database) => database.opened(),
        }
    }

    /// Writes pending jobs and closes the database.
    ///
    /// An SQLite file is checkpointed, so that it is complete by itself, unless another program has it open for
    /// longer than a few seconds.
    pub async fn close(&self) {
        match &self.0 {
            Backend::File(file) => file.close().await,
            // Each transaction is complete by itself.
            Backend::Postgres(_) => {}
        }
    }

    /// Returns a weak handle, which gives the store while another handle exists.
    pub(crate) fn when_open(&self) -> impl Fn() -> Option<Self> + Send + use<> {
        let (file, database) = match &self.0 {
            Backend::File(file) => (Some(file.downgrade()), None),
            Backend::Postgres(database) => (None, Some(database.downgrade())),
        };
        move || {
            let file = file.as_ref().and_then(|file| file()).map(Backend::File);
            let database = database.as_ref().and_then(|database| database());
            file.or(database.map(Backend::Postgres)).map(Self)
        }
    }

    /// Returns the rosters that other servers send; `None` for a file, or without NOTIFY.
    pub(crate) fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        match &self.0 {
            Backend::File(_) => None,
            Backend::Postgres(database) => database.rosters(),
        }
    }

    /// Sends a roster to the other servers.
    ///
    /// # Errors
    /// [`StoreError`] when it may not have been sent.
    pub(crate) async fn send_roster(&self, roster: &str) -> Result<(), StoreError> {
        match &self.0 {
            Backend::File(_) => Ok(()),
            Backend::Postgres(database) => database.send_roster(roster).await,
        }
    }

    /// Returns a random id of the store, part of ETags. It changes when a backup is restored.
    pub fn nonce(&self) -> Arc<str> {
        match &self.0 {
            Backend::File(file) => file.nonce(),
            Backend::Postgres(database) => database.nonce(),
        }
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
        let (reply, answer) = oneshot::channel();
        let request = AppendRequest {
            body,
            precondition: condition,
            may_create,
            by: by.to_owned(),
            reply,
        };
        match &self.0 {
            Backend::File(file) => file.append(request, answer).await,
            Backend::Postgres(database) => database.append(request, answer).await,
        }
    }

    /// Returns the cursor of a board; `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn cursor(&self, board: ChangeId) -> Result<Option<Cursor>, StoreError> {
        match &self.0 {
            Backend::File(file) => Ok(file.cursor(board)),
            Backend::Postgres(database) => database.cursor(board).await,
        }
    }

    /// Deletes a board, and returns its previous state. It can be restored for a while.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be deleted.
    pub async fn delete_board(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        match &self.0 {
            Backend::File(file) => file.delete_board(board).await,
            Backend::Postgres(database) => database.delete_board(board).await,
        }
    }

    /// Restores a deleted board, and returns its previous state.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be deleted.
    pub async fn restore_board(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        match &self.0 {
            Backend::File(file) => file.restore_board(board).await,
            Backend::Postgres(database) => database.restore_board(board).await,
        }
    }

    /// Returns the state of a board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn board_state(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        match &self.0 {
            Backend::File(file) => file.board_state(board),
            Backend::Postgres(database) => database.board_state(board).await,
        }
    }

    /// Subscribes to the tip of a board's log; `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn follow(
        &self,
        board: ChangeId,
    ) -> Result<Option<watch::Receiver<Tip>>, StoreError> {
        match &self.0 {
            Backend::File(file) => Ok(file.follow(board)),
            Backend::Postgres(database) => database.follow(board).await,
        }
    }

    /// Returns the changes after a cursor, or all changes if the cursor is not one of this store.
    /// `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn after(&self, board: ChangeId, after: Cursor) -> Result<Option<Page>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.after(board, after).await,
            Backend::Postgres(database) => database.after(board, after).await,
        }
    }

    /// Returns the token with this hash of its secret, even if it is no longer valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.token(hash),
            Backend::Postgres(database) => database.token(hash).await,
        }
    }

    /// Returns the token with this id, even if it is no longer valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.token_by_id(id),
            Backend::Postgres(database) => database.token_by_id(id).await,
        }
    }

    /// Returns the tokens for just this board, only those made with the token `made_by` if given.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tokens_of(
        &self,
        board: ChangeId,
        made_by: Option<&str>,
    ) -> Result<Vec<Token>, StoreError> {
        let mut tokens = self.tokens().await?;
        tokens.retain(|token| token.board == Some(board));
        tokens.retain(|token| made_by.is_none_or(|maker| token.made_by.as_deref() == Some(maker)));
        Ok(tokens)
    }

    async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.tokens(),
            Backend::Postgres(database) => database.tokens().await,
        }
    }

    /// Creates a token, and returns it with its secret, which is not stored.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be stored.
    pub async fn make_token(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        match &self.0 {
            Backend::File(file) => file.make_token(token.clone(), secret.hash()).await?,
            Backend::Postgres(database) => database.make_token(&token, &secret.hash()).await?,
        }
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
        let is_made = match &self.0 {
            Backend::File(file) => {
                let is_first = file.tokens()?.is_empty();
                if is_first {
                    file.make_token(token, secret.hash()).await?;
                }
                is_first
            }
            Backend::Postgres(database) => {
                database.make_first_token(&token, &secret.hash()).await?
            }
        };
        Ok(is_made.then_some(secret))
    }

    /// Revokes a token and all tokens made with it, and deletes their snapshots. False when there is no such
    /// token.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        match &self.0 {
            Backend::File(file) => file.revoke_token(id).await,
            Backend::Postgres(database) => database.revoke_token(&id).await,
        }
    }

    /// Stores an encrypted snapshot. `None` when the quota is used up, which all tokens share that descend from
    /// the same first token.
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
        let is_kept = match &self.0 {
            Backend::File(file) => file.store_snapshot(snapshot.clone(), content).await?,
            Backend::Postgres(database) => database.store_snapshot(&snapshot, &content).await?,
        };
        Ok(is_kept.then_some(snapshot))
    }

    /// Deletes a snapshot, if it is in the scope. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be deleted.
    pub async fn remove_snapshot(&self, id: String, of: SnapshotScope) -> Result<bool, StoreError> {
        match &self.0 {
            Backend::File(file) => file.remove_snapshot(id, of).await,
            Backend::Postgres(database) => database.remove_snapshot(&id, &of).await,
        }
    }

    /// Returns the ciphertext of a snapshot that has not ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.snapshot(id),
            Backend::Postgres(database) => database.snapshot(id).await,
        }
    }

    /// Returns the snapshots in the scope that have not ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.snapshots(of),
            Backend::Postgres(database) => database.snapshots(of).await,
        }
    }

    /// Tests whether the database accepts writes.
    ///
    /// # Errors
    /// [`StoreError`] when it does not.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        match &self.0 {
            Backend::File(file) => file.try_write().await,
            Backend::Postgres(database) => database.try_write().await,
        }
    }

    /// Returns whether the database can be read and its disk has room. [`Store::try_write`] tests writes.
    pub async fn readiness(&self) -> Readiness {
        match &self.0 {
            Backend::File(file) => file.readiness(),
            Backend::Postgres(database) => database.readiness().await,
        }
    }
}

/// Whether a store can answer requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// It cannot be read, or its writer has stopped.
    Unavailable,
    /// It can be read, and accepts only erasures.
    DiskLow,
}

/// Collects garbage every hour: archived texts, old versions, deleted boards and snapshots past their time.
async fn collect_garbage(store: impl Fn() -> Option<Store>) {
    const PAUSE: Duration = Duration::from_secs(3600);
    while let Some(store) = store() {
        let collected = match &store.0 {
            Backend::File(file) => file.collect_garbage().await,
            Backend::Postgres(database) => database.collect_garbage().await,
        };
        if let Err(error) = collected
            && !matches!(error, StoreError::Write(_))
        {
            tracing::warn!(%error, "could not remove expired data");
        }
        drop(store);
        tokio::time::sleep(PAUSE).await;
    }
}

/// The tokens of a database, for the command line. A server may have the database open.
pub struct TokenStore(TokenBackend);

enum TokenBackend {
    File(TokenFile),
    Postgres(Database),
}

impl TokenStore {
    /// Opens an existing database.
    ///
    /// # Errors
    /// [`OpenError`] when there is no usable database.
    pub async fn open(database: &DatabaseUrl) -> Result<Self, OpenError> {
        Ok(Self(match database {
            DatabaseUrl::File(file) => TokenBackend::File(TokenFile::open(file)?),
            DatabaseUrl::Postgres(address) => {
                TokenBackend::Postgres(Database::open_for_command(address).await?)
            }
        }))
    }

    /// Creates a token, and returns it with its secret, which is not stored.
    ///
    /// # Errors
    /// [`StoreError`] when it is not stored.
    pub async fn make(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        match &self.0 {
            TokenBackend::File(file) => file.make(&token, &secret.hash())?,
            TokenBackend::Postgres(database) => database.make_token(&token, &secret.hash()).await?,
        }
        Ok((token, secret))
    }

    /// Returns all tokens, also those revoked or expired.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn all(&self) -> Result<Vec<Token>, StoreError> {
        match &self.0 {
            TokenBackend::File(file) => file.all(),
            TokenBackend::Postgres(database) => database.tokens().await,
        }
    }

    /// Revokes a token and all tokens made with it, and deletes their snapshots. `id` can be that of a user
    /// named by a proxy. False when there is no such token.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub async fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        match &self.0 {
            TokenBackend::File(file) => file.revoke(id),
            TokenBackend::Postgres(database) => database.revoke_token(id).await,
        }
    }
}

/// A token to be created.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub rights: Rights,
    pub board: Option<ChangeId>,
    pub note: String,
    pub made_by: Option<String>,
    pub expires_at: Option<i64>,
}

impl NewToken {
    fn with_secret(self) -> Result<(Token, Secret), RandomnessError> {
        let token = Token {
            id: random_name::<5>()?,
            rights: self.rights,
            board: self.board,
            note: self.note,
            made_by: self.made_by,
            made_at: unix_now(),
            expires_at: self.expires_at,
            revoked_at: None,
        };
        Ok((token, Secret::random()?))
    }
}

/// A snapshot to be stored.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// The id of the token that it is made with.
    pub made_by: String,
    /// The board of that token, if it is for one board.
    pub board: Option<ChangeId>,
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
    pub board: Option<ChangeId>,
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
    /// Those made with tokens for just this board.
    Board(ChangeId),
    /// Those made with this token.
    MadeBy(String),
}

impl SnapshotScope {
    /// Returns the maker and the board that a snapshot must have.
    fn columns(&self) -> (Option<&str>, Option<String>) {
        match self {
            Self::All => (None, None),
            Self::Board(board) => (None, Some(board.to_string())),
            Self::MadeBy(maker) => (Some(maker), None),
        }
    }
}

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
    /// How long erased texts are archived for a rewind. With zero, nothing of an erased text is left in the
    /// files when the erasure is acknowledged.
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

/// Builds a document from rows of valid JSON, one line each, as the app writes it.
struct DocumentText {
    text: String,
    changes: usize,
}

impl DocumentText {
    /// Creates a builder with capacity for so many bytes of changes.
    fn of(board: ChangeId, bytes: usize) -> Self {
        let heading =
            format!(r#"{{"format":"{FORMAT}","version":{VERSION},"board":"{board}","changes":["#);
        let mut text = String::with_capacity(heading.len() + bytes + 2);
        text.push_str(&heading);
        Self { text, changes: 0 }
    }

    fn push(&mut self, row: &str) {
        if self.changes > 0 {
            self.text.push_str(",\n");
        }
        self.text.push_str(row);
        self.changes += 1;
    }

    fn end(mut self) -> String {
        self.text.push_str("]}");
        self.text
    }
}

fn document(board: ChangeId, rows: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut document = DocumentText::of(board, 0);
    for row in rows {
        document.push(row.as_ref());
    }
    document.end()
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
