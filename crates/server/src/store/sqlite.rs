//! Boards in one SQLite file.
//!
//! One thread writes (`writer`): it takes whatever jobs are waiting into one transaction, and
//! answers them when that is on the disk. Readers have connections of their own, which never wait for
//! it. What followers wait for is told by one watch channel per board.

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
use cruxboard_domain::Stamp;
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

/// A handle to the file; clones are the same.
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
    /// Set when the file is being closed: connections for reading are then not kept.
    is_closing: AtomicBool,
}

impl BoardFile {
    /// Opens the file, or makes it. Only one server can have it open.
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

    /// Does the jobs that wait, and brings everything into the one file.
    pub(super) async fn close(&self) {
        self.shared.is_closing.store(true, Ordering::SeqCst);
        self.readers().clear();
        let (reply, answer) = oneshot::channel();
        // An error means that it is closed already.
        self.submit(Job::Close { reply }, answer).await.ok();
    }

    /// Told apart from every other store, and from this one before it was restored from a backup.
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

    async fn submit<T>(
        &self,
        job: Job,
        answer: oneshot::Receiver<Result<T, WriteError>>,
    ) -> Result<T, StoreError> {
        let sent = self.shared.jobs.send(job).await;
        sent.or(Err(StoreError::WriterStopped))?;
        Ok(answer.await.or(Err(StoreError::WriterStopped))??)
    }

    /// The file, as long as somebody else has it open.
    pub(super) fn downgrade(&self) -> impl Fn() -> Option<Self> + Send + use<> {
        let shared = Arc::downgrade(&self.shared);
        move || {
            let shared = shared.upgrade()?;
            Some(Self { shared })
        }
    }

    /// Forgets what was kept for long enough.
    pub(super) async fn collect_garbage(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::CollectGarbage { reply }, answer).await?;
        Ok(())
    }

    /// Deletes a board, and says how it stood before.
    pub(super) async fn delete_board(&self, board: Stamp) -> Result<BoardState, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::DeleteBoard { board, reply }, answer).await
    }

    /// Brings a deleted board back, and says how it stood before.
    pub(super) async fn restore_board(&self, board: Stamp) -> Result<BoardState, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::RestoreBoard { board, reply }, answer)
            .await
    }

    pub(super) fn board_state(&self, board: Stamp) -> Result<BoardState, StoreError> {
        self.with_reader(|reader| boards::state(reader, board))
    }

    /// Where the board's log ends; `None` when there is no such board.
    pub(super) fn cursor(&self, board: Stamp) -> Option<Cursor> {
        self.shared.boards.cursor(board)
    }

    /// Tells of every later end of the board's log; `None` when there is no such board.
    pub(super) fn follow(&self, board: Stamp) -> Option<watch::Receiver<Tip>> {
        self.shared.boards.follow(board)
    }

    /// The changes that came after a cursor; all of them after one that this store never gave.
    /// `None` when there is no such board.
    pub(super) async fn after(
        &self,
        board: Stamp,
        after: Cursor,
    ) -> Result<Option<Page>, StoreError> {
        let store = self.clone();
        // Threads of their own, because a large board takes a while and others must not wait for it.
        let reading = tokio::task::spawn_blocking(move || {
            store.with_reader(|reader| read_page(reader, board, after))
        });
        reading.await.or(Err(StoreError::WriterStopped))?
    }

    /// The token with this secret, whether or not it is still valid.
    pub(super) fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_hash(reader, hash))
    }

    /// The token with this name, whether or not it is still valid.
    pub(super) fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_id(reader, id))
    }

    /// All tokens that were ever made.
    pub(super) fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.with_reader(tokens::all)
    }

    pub(super) async fn make_token(
        &self,
        token: Token,
        hash: SecretHash,
    ) -> Result<(), StoreError> {
        self.refuse_low_disk()?;
        let (reply, answer) = oneshot::channel();
        self.submit(Job::MakeToken { token, hash, reply }, answer)
            .await
    }

    /// Ends a token and all that were made with it. False when there is none with this name.
    pub(super) async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::RevokeToken { id, reply }, answer).await
    }

    /// Keeps sealed bytes, unless their maker has too much here already.
    pub(super) async fn keep_snapshot(
        &self,
        snapshot: Snapshot,
        content: Bytes,
    ) -> Result<bool, StoreError> {
        self.refuse_low_disk()?;
        let (reply, answer) = oneshot::channel();
        let job = Job::KeepSnapshot {
            snapshot,
            content,
            reply,
        };
        self.submit(job, answer).await
    }

    /// Removes a snapshot, if it is one of these.
    pub(super) async fn remove_snapshot(
        &self,
        id: String,
        of: SnapshotScope,
    ) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::RemoveSnapshot { id, of, reply };
        self.submit(job, answer).await
    }

    /// The sealed bytes of a snapshot that still opens.
    pub(super) fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with_reader(|reader| snapshots::content(reader, id))
    }

    /// Those of these snapshots that still open.
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
            Readiness::Away
        } else if self.shared.disk.is_low() {
            Readiness::DiskLow
        } else {
            Readiness::Ready
        }
    }

    fn refuse_low_disk(&self) -> Result<(), StoreError> {
        if self.shared.disk.is_low() {
            return Err(StoreError::DiskLow);
        }
        Ok(())
    }

    /// Lends a connection for reading; makes one when all are in use.
    fn with_reader<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        const KEPT: usize = 8;
        if self.shared.is_closing.load(Ordering::SeqCst) {
            return Err(StoreError::WriterStopped);
        }
        let idle = self.readers().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => schema::open_reader(&self.shared.file)?,
        };
        let result = read(&reader)?;
        // After a failure the connection is closed instead, in whatever state it may be.
        let mut readers = self.readers();
        if readers.len() < KEPT && !self.shared.is_closing.load(Ordering::SeqCst) {
            readers.push(reader);
        }
        Ok(result)
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        let readers = self.shared.readers.lock();
        readers.unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_page(reader: &Connection, board: Stamp, after: Cursor) -> rusqlite::Result<Option<Page>> {
    // One transaction, so that the cursor belongs to the rows.
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
    // In the order of the ids, so that equal logs give equal documents.
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
    // Written as it is read: a large board is not to be in memory twice.
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

/// Keeps other servers from the file, and commands that need it to themselves. The system lets go of it
/// when the process ends, however it ends.
///
/// The lock is a file beside the database, because SQLite's own locks on that would get in each other's
/// way. It holds the number of boards, so that a server can tell when they are gone.
struct FileLock(File);

impl FileLock {
    fn take(file: &Path) -> Result<Self, OpenError> {
        /// A server that is just stopping needs a moment.
        const PATIENCE: Duration = Duration::from_secs(2);
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
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
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

    /// How many boards there were when that was last noted; 0 when it never was.
    fn boards(&mut self) -> usize {
        let mut text = String::new();
        let read = self
            .0
            .rewind()
            .and_then(|()| self.0.read_to_string(&mut text));
        read.map_or(0, |_| text.trim().parse().unwrap_or(0))
    }

    /// Notes how many boards there are.
    fn note_boards(&mut self, boards: usize) {
        let text = format!("{boards}\n");
        let noted = self
            .0
            .set_len(0)
            .and_then(|()| self.0.rewind())
            .and_then(|()| self.0.write_all(text.as_bytes()));
        if let Err(error) = noted {
            // Only a warning at some later start depends on it.
            tracing::warn!(%error, "could not note how many boards there are");
        }
    }
}
