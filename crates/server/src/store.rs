//! Boards, tokens and snapshots: in one SQLite file, or in a PostgreSQL database for several servers.
//!
//! [`Store`] has the verbs, the same for both; `append` holds the rules by which changes are taken, so
//! that both take the same. `sqlite` and `postgres` keep what comes of it, and tell who follows.
//!
//! Every change of a board has a **sequence number**; the board's **cursor** is the highest of them.
//! A change whose content is erased gets a new number, so that whoever follows hears of it.

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
    Stamp,
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

/// A place in a board's log.
pub type Cursor = i64;

/// A handle to the store; clones are the same store.
#[derive(Clone)]
pub struct Store(Backend);

#[derive(Clone)]
enum Backend {
    File(BoardFile),
    Postgres(Database),
}

/// The state in which a store was found when it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Whether the database was made just now.
    pub is_new: bool,
    pub has_boards: bool,
    /// Whether it had boards when a server last had it open, as far as that left a trace.
    pub had_boards: bool,
}

/// Changes of a board as a document.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Where the log ended when this was read.
    pub cursor: Cursor,
    pub document: String,
    /// How many changes the document holds.
    pub changes: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot make the folder {}: {source}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error(
        "{} is in use by another Cruxboard server; stop that one, or name another file with --database",
        file.display()
    )]
    InUse { file: PathBuf },
    #[error("cannot make {}: {source}", file.display())]
    Create { file: PathBuf, source: io::Error },
    #[error("cannot lock {}: {source}", file.display())]
    Lock { file: PathBuf, source: io::Error },
    #[error("{} holds something else than boards", file.display())]
    NotOurs { file: PathBuf },
    #[error("{} was written by a newer Cruxboard; update this one", file.display())]
    TooNew { file: PathBuf },
    #[error("there is no database at {}", file.display())]
    Missing { file: PathBuf },
    #[error("cannot read {}: {source}", file.display())]
    Read { file: PathBuf, source: io::Error },
    #[error(
        "{at} was in use when it was copied, and may lack what was in {at}-wal: copy both files, or let `cruxboard backup` copy them. \
         If this is all there is, `cruxboard restore --without-wal {at}` goes on with it",
        at = file.display()
    )]
    WithoutWal { file: PathBuf },
    #[error(
        "there is {at}-wal, and {at} is missing or empty: put both back together, or move the first away",
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
    #[error("cannot start the thread that writes: {0}")]
    Thread(io::Error),
}

/// The store could not do it this time: the disk is full or failing, the database is away, or the server is stopping.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database failed: {0}")]
    Postgres(#[from] PostgresError),
    /// The store logged the cause where it occurred.
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("what writes has ended, or gave up on this job")]
    WriterStopped,
    #[error("the disk is nearly full")]
    DiskLow,
    #[error(transparent)]
    RandomnessError(#[from] RandomnessError),
}

/// Why a database did not take a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the disk is full")]
    DiskFull,
    #[error("the database is read-only")]
    ReadOnly,
    /// Anything else: a failing disk, or a database that is away.
    #[error("the database takes no writes")]
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
    /// Returns what kept a database from taking a write, `None` for other errors.
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
    /// Opens the place, or makes what is missing there. Only one server can have a file open.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way.
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

    /// Returns the state in which it was found when it was opened.
    pub fn opened(&self) -> Opened {
        match &self.0 {
            Backend::File(file) => file.opened(),
            Backend::Postgres(database) => database.opened(),
        }
    }

    /// Finishes what waits to be written and closes the database: a file is then complete by itself,
    /// unless another program has it open for longer than a few seconds.
    pub async fn close(&self) {
        match &self.0 {
            Backend::File(file) => file.close().await,
            // Each transaction is complete by itself.
            Backend::Postgres(_) => {}
        }
    }

    /// The store, as long as somebody else has it open.
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

    /// What the servers at this database tell each other of who is there; `None` where there can be no
    /// others, or the database passes nothing on.
    pub(crate) fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        match &self.0 {
            Backend::File(_) => None,
            Backend::Postgres(database) => database.rosters(),
        }
    }

    /// Tells the other servers.
    ///
    /// # Errors
    /// [`StoreError`] when they may not have heard it.
    pub(crate) async fn tell_roster(&self, roster: &str) -> Result<(), StoreError> {
        match &self.0 {
            Backend::File(_) => Ok(()),
            Backend::Postgres(database) => database.tell_roster(roster).await,
        }
    }

    /// Told apart from every other store, and from this one before it was restored from a backup.
    pub fn nonce(&self) -> Arc<str> {
        match &self.0 {
            Backend::File(file) => file.nonce(),
            Backend::Postgres(database) => database.nonce(),
        }
    }

    /// Adds what is new of `offer`, all of it or nothing. The answer comes when it is on the disk.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be there; asking again is safe.
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
            condition,
            may_create,
            by: by.to_owned(),
            reply,
        };
        match &self.0 {
            Backend::File(file) => file.append(request, answer).await,
            Backend::Postgres(database) => database.append(request, answer).await,
        }
    }

    /// Where the board's log ends; `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn cursor(&self, board: Stamp) -> Result<Option<Cursor>, StoreError> {
        match &self.0 {
            Backend::File(file) => Ok(file.cursor(board)),
            Backend::Postgres(database) => database.cursor(board).await,
        }
    }

    /// Deletes a board, which can be brought back for a while, and says how it stood before.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be there.
    pub async fn delete_board(&self, board: Stamp) -> Result<BoardState, StoreError> {
        match &self.0 {
            Backend::File(file) => file.delete_board(board).await,
            Backend::Postgres(database) => database.delete_board(board).await,
        }
    }

    /// Brings a deleted board back, and says how it stood before.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be deleted.
    pub async fn restore_board(&self, board: Stamp) -> Result<BoardState, StoreError> {
        match &self.0 {
            Backend::File(file) => file.restore_board(board).await,
            Backend::Postgres(database) => database.restore_board(board).await,
        }
    }

    /// How a board stands.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn board_state(&self, board: Stamp) -> Result<BoardState, StoreError> {
        match &self.0 {
            Backend::File(file) => file.board_state(board),
            Backend::Postgres(database) => database.board_state(board).await,
        }
    }

    /// Tells of every later end of the board's log; `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn follow(&self, board: Stamp) -> Result<Option<watch::Receiver<Tip>>, StoreError> {
        match &self.0 {
            Backend::File(file) => Ok(file.follow(board)),
            Backend::Postgres(database) => database.follow(board).await,
        }
    }

    /// The changes that came after a cursor; all of them after one that this store never gave.
    /// `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn after(&self, board: Stamp, after: Cursor) -> Result<Option<Page>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.after(board, after).await,
            Backend::Postgres(database) => database.after(board, after).await,
        }
    }

    /// The token with this secret, whether or not it is still valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.token(hash),
            Backend::Postgres(database) => database.token(hash).await,
        }
    }

    /// The token with this name, whether or not it is still valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.token_by_id(id),
            Backend::Postgres(database) => database.token_by_id(id).await,
        }
    }

    /// All tokens for just this board that `made_by` made; with `None`, whoever made them.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tokens_of(
        &self,
        board: Stamp,
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

    /// Makes a token, and tells its secret this once.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be there.
    pub async fn make_token(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        match &self.0 {
            Backend::File(file) => file.make_token(token.clone(), secret.hash()).await?,
            Backend::Postgres(database) => database.make_token(&token, &secret.hash()).await?,
        }
        Ok((token, secret))
    }

    /// Makes an admin token when there is no token at all, since nobody could make one otherwise. Of
    /// several servers that start at once, one does.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be there.
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

    /// Ends a token and all that were made with it, with the snapshots made with them. False when there is
    /// none with this name.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        match &self.0 {
            Backend::File(file) => file.revoke_token(id).await,
            Backend::Postgres(database) => database.revoke_token(&id).await,
        }
    }

    /// Keeps sealed bytes until a time; `None` when there is too much already of the token at the root of
    /// the line that ends in their maker.
    ///
    /// # Errors
    /// [`StoreError`] when they may not be there.
    pub async fn keep_snapshot(
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
            Backend::File(file) => file.keep_snapshot(snapshot.clone(), content).await?,
            Backend::Postgres(database) => database.keep_snapshot(&snapshot, &content).await?,
        };
        Ok(is_kept.then_some(snapshot))
    }

    /// Removes a snapshot, if it is one of these. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be there.
    pub async fn remove_snapshot(&self, id: String, of: SnapshotScope) -> Result<bool, StoreError> {
        match &self.0 {
            Backend::File(file) => file.remove_snapshot(id, of).await,
            Backend::Postgres(database) => database.remove_snapshot(&id, &of).await,
        }
    }

    /// The sealed bytes of a snapshot that still opens.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.snapshot(id),
            Backend::Postgres(database) => database.snapshot(id).await,
        }
    }

    /// Those of these snapshots that still open.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        match &self.0 {
            Backend::File(file) => file.snapshots(of),
            Backend::Postgres(database) => database.snapshots(of).await,
        }
    }

    /// Writes something and takes it back, to see whether a change could be stored.
    ///
    /// # Errors
    /// [`StoreError`] says why it could not.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        match &self.0 {
            Backend::File(file) => file.try_write().await,
            Backend::Postgres(database) => database.try_write().await,
        }
    }

    /// Whether it can be read just now, and has room. [`Store::try_write`] tells the rest.
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
    /// It cannot be read, or nothing can be written to it.
    Away,
    /// It can be read, and takes only erasures.
    DiskLow,
}

/// Forgets every now and then what was kept for long enough.
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
            tracing::warn!(%error, "could not forget what was kept for long enough");
        }
        drop(store);
        tokio::time::sleep(PAUSE).await;
    }
}

/// The tokens of a place, whether or not a server has it open.
pub struct TokenStore(TokenBackend);

enum TokenBackend {
    File(TokenFile),
    Postgres(Database),
}

impl TokenStore {
    /// # Errors
    /// [`OpenError`] when there is no usable database.
    pub async fn open(database: &DatabaseUrl) -> Result<Self, OpenError> {
        Ok(Self(match database {
            DatabaseUrl::File(file) => TokenBackend::File(TokenFile::open(file)?),
            DatabaseUrl::Postgres(address) => {
                TokenBackend::Postgres(Database::open_beside(address).await?)
            }
        }))
    }

    /// Makes a token, and tells its secret this once.
    ///
    /// # Errors
    /// [`StoreError`] when it is not there.
    pub async fn make(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        match &self.0 {
            TokenBackend::File(file) => file.make(&token, &secret.hash())?,
            TokenBackend::Postgres(database) => database.make_token(&token, &secret.hash()).await?,
        }
        Ok((token, secret))
    }

    /// All that were ever made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn all(&self) -> Result<Vec<Token>, StoreError> {
        match &self.0 {
            TokenBackend::File(file) => file.all(),
            TokenBackend::Postgres(database) => database.tokens().await,
        }
    }

    /// Ends a token and all that were made with it, with the snapshots made with them. The name can be that
    /// by which a proxy knows somebody. False when nothing was made with it.
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

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub rights: Rights,
    pub board: Option<Stamp>,
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

/// A snapshot to be kept.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// The token with which it is made.
    pub made_by: String,
    /// The one board that this token is for.
    pub board: Option<Stamp>,
    pub expires_at: i64,
    /// Whether it stays until then even if the token ends before.
    pub outlives_token: bool,
}

/// A snapshot without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Cannot be guessed: whoever has it can fetch the content, and still lacks the key to read it.
    pub id: String,
    /// The token with which it was made.
    pub made_by: String,
    /// The one board that this token is for.
    pub board: Option<Stamp>,
    /// Unix seconds, as is the following.
    pub made_at: i64,
    pub expires_at: i64,
    /// Whether it stays until then even if the token ends before.
    pub outlives_token: bool,
    pub bytes: usize,
}

/// Which snapshots somebody may see and remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotScope {
    All,
    /// Those made with tokens that are for just this board.
    Board(Stamp),
    /// Those made with this token.
    MadeBy(String),
}

impl SnapshotScope {
    /// The maker and the board that a snapshot must have.
    fn columns(&self) -> (Option<&str>, Option<String>) {
        match self {
            Self::All => (None, None),
            Self::Board(board) => (None, Some(board.to_string())),
            Self::MadeBy(maker) => (Some(maker), None),
        }
    }
}

/// Well below what the app takes of a board (64 MiB and 200,000 changes), even when every change of a full
/// board is erased by a change of its own.
const BOARD_BYTES: i64 = 32 << 20;
const BOARD_CHANGES: i64 = 80_000;

/// What the store puts up with.
#[derive(Clone, Copy, Debug)]
pub struct StoreLimits {
    /// Bytes of one board's document, and of what is kept of it after erasures.
    pub board_bytes: i64,
    /// Changes of one board.
    pub board_changes: i64,
    /// Bytes of the snapshots of one token and of all that were made with it.
    pub snapshot_bytes: i64,
    /// Bytes that are left free on the disk of a file: with less, only erasures are taken.
    pub keep_free: u64,
    /// Pages of 4 KiB that a file may have; with more the disk counts as full. `None`: any number.
    pub file_pages: Option<u32>,
    /// How long the content of what was erased can be put back. Zero: not at all, and nothing of it is
    /// left in the files when the erasure is acknowledged.
    pub keep_erased: Duration,
    /// Jobs in one transaction.
    pub batch: usize,
    /// Jobs that wait for the writer; later ones wait to get in line.
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

/// A document of rows that are valid JSON already: one line each, as the app writes them.
struct DocumentText {
    text: String,
    changes: usize,
}

impl DocumentText {
    /// With room for so many bytes of changes, so that a large one need not be moved while it grows.
    fn of(board: Stamp, bytes: usize) -> Self {
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

fn document(board: Stamp, rows: impl Iterator<Item = impl AsRef<str>>) -> String {
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
