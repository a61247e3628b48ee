//! The SQLite backend: all boards in one file.
//!
//! One thread writes (`writer`), with group commit: it runs all waiting jobs in one transaction, and answers
//! them once that is durable. Readers have connections of their own and never wait for the writer (WAL).

pub(super) mod boards;
mod disk;
pub(super) mod maintenance;
pub(super) mod schema;
mod snapshots;
mod tokens;
pub(super) mod versions;
mod writer;

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::body::Bytes;
use cruxboard_domain::ChangeId;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::{mpsc, oneshot, watch};

pub(super) use self::tokens::TokenFile;
use self::{
    disk::Disk,
    writer::{Job, Writer},
};
use super::{
    AppendError, AppendOutcome, BoardState, Cursor, DocumentText, OpenError, Opened, Page,
    Readiness, Snapshot, SnapshotScope, StoreError, StoreLimits, WriteError,
    append::AppendRequest,
    subscriptions::{Subscriptions, Tip},
};
use crate::{
    metrics::Metrics,
    token::{SecretHash, Token},
};

/// A handle to the open file; clones share it.
#[derive(Clone)]
pub(super) struct BoardFile {
    shared: Arc<Shared>,
}

struct Shared {
    file: PathBuf,
    disk: Disk,
    nonce: Arc<str>,
    jobs: mpsc::Sender<Job>,
    readers: Mutex<Vec<Connection>>,
    boards: Arc<Subscriptions>,
    opened: Opened,
    /// Set while the file is being closed; connections for reading are then closed after use.
    is_closing: AtomicBool,
}

impl BoardFile {
    /// Opens the file, or creates it. Only one server can have it open.
    pub(super) fn open(
        file: &Path,
        limits: StoreLimits,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let mut lock = FileLock::take(file)?;
        let is_new = std::fs::metadata(file).map_or(true, |file| file.len() == 0);
        let had_boards = lock.boards() > 0;
        let connection = schema::open_for_server(file)?;
        if let Some(pages) = limits.file_pages {
            connection.pragma_update(None, "max_page_count", pages)?;
        }
        let nonce = schema::nonce(&connection)?;
        let (jobs, waiting) = mpsc::channel(limits.waiting_jobs);
        let boards = Arc::new(Subscriptions::default());
        let disk = Disk::of(file, limits.keep_free);
        let writer = Writer::new(
            connection,
            lock,
            disk.clone(),
            limits,
            Arc::clone(&boards),
            metrics,
        )?;
        let opened = Opened {
            is_new,
            has_boards: writer.has_boards(),
            had_boards,
        };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(waiting))
            .map_err(OpenError::Thread)?;
        Ok(Self {
            shared: Arc::new(Shared {
                file: file.to_owned(),
                disk,
                nonce: nonce.into(),
                jobs,
                readers: Mutex::default(),
                boards,
                opened,
                is_closing: AtomicBool::new(false),
            }),
        })
    }

    pub(super) fn opened(&self) -> Opened {
        self.shared.opened
    }

    /// Runs the waiting jobs, checkpoints the WAL and closes the file.
    pub(super) async fn close(&self) {
        self.shared.is_closing.store(true, Ordering::SeqCst);
        self.readers().clear();
        let (reply, answer) = oneshot::channel();
        // An error means that the writer has stopped already.
        self.submit(Job::Close { reply }, answer).await.ok();
    }

    /// See [`Store::nonce`](super::Store::nonce).
    pub(super) fn nonce(&self) -> Arc<str> {
        Arc::clone(&self.shared.nonce)
    }

    pub(super) async fn append(
        &self,
        request: AppendRequest,
        answer: oneshot::Receiver<Result<Result<AppendOutcome, AppendError>, WriteError>>,
    ) -> Result<Result<AppendOutcome, AppendError>, StoreError> {
        self.submit(Job::Append(request), answer).await
    }

    /// Sends a job to the writer, and waits for its answer.
    async fn submit<T>(
        &self,
        job: Job,
        answer: oneshot::Receiver<Result<T, WriteError>>,
    ) -> Result<T, StoreError> {
        let sent = self.shared.jobs.send(job).await;
        sent.or(Err(StoreError::WriterStopped))?;
        Ok(answer.await.or(Err(StoreError::WriterStopped))??)
    }

    /// Returns a weak handle.
    pub(super) fn downgrade(&self) -> impl Fn() -> Option<Self> + Send + use<> {
        let shared = Arc::downgrade(&self.shared);
        move || {
            let shared = shared.upgrade()?;
            Some(Self { shared })
        }
    }

    /// Removes expired data.
    pub(super) async fn collect_garbage(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::CollectGarbage { reply }, answer).await?;
        Ok(())
    }

    /// Deletes a board, and returns its previous state.
    pub(super) async fn delete_board(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::DeleteBoard { board, reply }, answer).await
    }

    /// Restores a deleted board, and returns its previous state.
    pub(super) async fn restore_board(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::RestoreBoard { board, reply }, answer)
            .await
    }

    pub(super) fn board_state(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        self.with_reader(|reader| boards::state(reader, board))
    }

    /// Returns the cursor of a board; `None` when there is no such board.
    pub(super) fn cursor(&self, board: ChangeId) -> Option<Cursor> {
        self.shared.boards.cursor(board)
    }

    /// Subscribes to the tip of a board's log; `None` when there is no such board.
    pub(super) fn follow(&self, board: ChangeId) -> Option<watch::Receiver<Tip>> {
        self.shared.boards.follow(board)
    }

    /// Returns the changes after a cursor; see [`Store::after`](super::Store::after).
    pub(super) async fn after(
        &self,
        board: ChangeId,
        after: Cursor,
    ) -> Result<Option<Page>, StoreError> {
        let store = self.clone();
        // On the blocking pool: reading a large board takes a while.
        let reading = tokio::task::spawn_blocking(move || {
            store.with_reader(|reader| read_page(reader, board, after))
        });
        reading.await.or(Err(StoreError::WriterStopped))?
    }

    /// Returns the token with this hash, even if it is no longer valid.
    pub(super) fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_hash(reader, hash))
    }

    /// Returns the token with this id, even if it is no longer valid.
    pub(super) fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_id(reader, id))
    }

    /// Returns all tokens, also those revoked or expired.
    pub(super) fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.with_reader(tokens::all)
    }

    pub(super) async fn make_token(
        &self,
        token: Token,
        hash: SecretHash,
    ) -> Result<(), StoreError> {
        self.ensure_free_disk()?;
        let (reply, answer) = oneshot::channel();
        self.submit(Job::MakeToken { token, hash, reply }, answer)
            .await
    }

    /// Revokes a token and all tokens made with it. False when there is none with this id.
    pub(super) async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::RevokeToken { id, reply }, answer).await
    }

    /// Stores an encrypted snapshot. False when the quota is used up.
    pub(super) async fn store_snapshot(
        &self,
        snapshot: Snapshot,
        content: Bytes,
    ) -> Result<bool, StoreError> {
        self.ensure_free_disk()?;
        let (reply, answer) = oneshot::channel();
        let job = Job::StoreSnapshot {
            snapshot,
            content,
            reply,
        };
        self.submit(job, answer).await
    }

    /// Deletes a snapshot, if it is in the scope.
    pub(super) async fn remove_snapshot(
        &self,
        id: String,
        of: SnapshotScope,
    ) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::RemoveSnapshot { id, of, reply };
        self.submit(job, answer).await
    }

    /// Returns the ciphertext of a snapshot that has not ended.
    pub(super) fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with_reader(|reader| snapshots::content(reader, id))
    }

    /// Returns the snapshots in the scope that have not ended.
    pub(super) fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        self.with_reader(|reader| snapshots::list(reader, of))
    }

    pub(super) async fn try_write(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::Probe { reply }, answer).await
    }

    pub(super) fn readiness(&self) -> Readiness {
        let readable = self.with_reader(|reader| reader.query_row("SELECT 1", [], |_| Ok(())));
        if readable.is_err() || self.shared.jobs.is_closed() {
            Readiness::Unavailable
        } else if self.shared.disk.is_low() {
            Readiness::DiskLow
        } else {
            Readiness::Ready
        }
    }

    fn ensure_free_disk(&self) -> Result<(), StoreError> {
        if self.shared.disk.is_low() {
            return Err(StoreError::DiskLow);
        }
        Ok(())
    }

    /// Runs a query on a pooled connection for reading; opens one when all are in use.
    fn with_reader<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        /// Largest number of idle connections.
        const MAX_IDLE: usize = 8;
        if self.shared.is_closing.load(Ordering::SeqCst) {
            return Err(StoreError::WriterStopped);
        }
        let idle = self.readers().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => schema::open_reader(&self.shared.file)?,
        };
        let result = read(&reader)?;
        // After an error the connection is closed instead, since its state is unknown.
        let mut readers = self.readers();
        if readers.len() < MAX_IDLE && !self.shared.is_closing.load(Ordering::SeqCst) {
            readers.push(reader);
        }
        Ok(result)
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        let readers = self.shared.readers.lock();
        readers.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the changes of a board after a cursor, as a document.
fn read_page(
    reader: &Connection,
    board: ChangeId,
    after: Cursor,
) -> rusqlite::Result<Option<Page>> {
    // One transaction, so that the cursor and the rows are consistent.
    let reading = reader.unchecked_transaction()?;
    let mut find = reading.prepare_cached(
        "SELECT number, cursor, known_from, changes, bytes FROM boards
        WHERE id = ?1 AND deleted_at IS NULL",
    )?;
    let found = find.query_row([board.to_string()], |row| {
        let bytes = row.get::<_, i64>(4)? + 2 * row.get::<_, i64>(3)?;
        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, bytes))
    });
    let Some((number, cursor, known_from, bytes)) = found.optional()? else {
        return Ok(None);
    };
    let is_known = (known_from..=cursor).contains(&after);
    // Whole documents are ordered by id, so that equal logs give equal documents.
    let (query, after) = if is_known && after > 0 {
        (
            "SELECT json FROM changes WHERE board = ?1 AND seq > ?2 ORDER BY seq",
            after,
        )
    } else {
        (
            "SELECT json FROM changes WHERE board = ?1 AND seq > ?2 ORDER BY id",
            0,
        )
    };
    let mut select = reading.prepare_cached(query)?;
    let mut rows = select.query(params![number, after])?;
    // Streams rows into the document, so that a large board is in memory only once.
    let room = if after == 0 { bytes } else { 0 };
    let mut document = DocumentText::of(board, usize::try_from(room).unwrap_or(0));
    while let Some(row) = rows.next()? {
        document.push(row.get_ref(0)?.as_str()?);
    }
    Ok(Some(Page {
        cursor,
        changes: document.changes,
        document: document.end(),
    }))
}

/// An exclusive lock of the database, for a server or a command that needs it alone. The operating system
/// releases it when the process ends.
///
/// It locks a file beside the database (`.lock`), since locks on the database itself would interfere with
/// those of SQLite. That file holds the number of boards, so that a server notices when they are gone.
struct FileLock(File);

impl FileLock {
    fn take(file: &Path) -> Result<Self, OpenError> {
        /// How long to wait for a server that is stopping.
        const TIMEOUT: Duration = Duration::from_secs(2);
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder {
                folder: folder.to_owned(),
                source,
            })?;
        }
        let mut path = file.as_os_str().to_owned();
        path.push(".lock");
        let failed = |source| OpenError::Lock {
            file: file.to_owned(),
            source,
        };
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path);
        let lock = lock.map_err(failed)?;
        let begun = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self(lock)),
                Err(TryLockError::WouldBlock) if begun.elapsed() < TIMEOUT => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::InUse {
                        file: file.to_owned(),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
    }

    /// Reads the noted number of boards; 0 when there is none.
    fn boards(&mut self) -> usize {
        let mut text = String::new();
        let read = self
            .0
            .rewind()
            .and_then(|()| self.0.read_to_string(&mut text));
        read.map_or(0, |_| text.trim().parse().unwrap_or(0))
    }

    /// Notes the number of boards.
    fn note_boards(&mut self, boards: usize) {
        let text = format!("{boards}\n");
        let noted = self
            .0
            .set_len(0)
            .and_then(|()| self.0.rewind())
            .and_then(|()| self.0.write_all(text.as_bytes()));
        if let Err(error) = noted {
            // Only a warning at a later start depends on it.
            tracing::warn!(%error, "could not note the number of boards");
        }
    }
}
