//! Boards in one SQLite file.
//!
//! One thread writes (`writer`): it takes whatever jobs are waiting into one transaction, and
//! answers them when that is on the disk. Readers have connections of their own, which never wait for
//! it. What followers wait for is told by one watch channel per board.

pub(super) mod care;
pub(super) mod schema;
mod snapshots;
mod tokens;
pub(super) mod versions;
mod writer;

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::body::Bytes;
use cruxboard_domain::Stamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::{mpsc, oneshot, watch};

pub(super) use self::tokens::TokenFile;
use self::writer::{Job, Writer};
use super::{
    Cursor, Limits, OpenError, Outcome, Page, Refusal, Snapshot, StoreError,
    adding::Add,
    document,
    followed::{Followed, Tip},
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
    nonce: Arc<str>,
    jobs: mpsc::Sender<Job>,
    readers: Mutex<Vec<Connection>>,
    boards: Arc<Followed>,
    /// Held as long as the store is open.
    _lock: File,
}

impl BoardFile {
    /// Opens the file, or makes it. Only one server can have it open.
    pub(super) fn open(
        file: &Path,
        limits: Limits,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let lock = lock(file)?;
        let connection = schema::open_or_create(file)?;
        let nonce = schema::nonce(&connection)?;
        let (jobs, waiting) = mpsc::channel(limits.waiting_jobs);
        let boards = Arc::new(Followed::default());
        let writer = Writer::new(connection, limits, Arc::clone(&boards), metrics)?;
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(waiting))
            .map_err(OpenError::Thread)?;
        Ok(Self {
            shared: Arc::new(Shared {
                file: file.to_owned(),
                nonce: nonce.into(),
                jobs,
                readers: Mutex::default(),
                boards,
                _lock: lock,
            }),
        })
    }

    /// Told apart from every other store, and from this one before it was restored from a backup.
    pub(super) fn nonce(&self) -> Arc<str> {
        Arc::clone(&self.shared.nonce)
    }

    pub(super) async fn add(
        &self,
        add: Add,
        answer: oneshot::Receiver<Result<Outcome, Refusal>>,
    ) -> Result<Result<Outcome, Refusal>, StoreError> {
        self.submit(Job::Add(add), answer).await
    }

    async fn submit<T>(&self, job: Job, answer: oneshot::Receiver<T>) -> Result<T, StoreError> {
        let sent = self.shared.jobs.send(job).await;
        sent.or(Err(StoreError::NoAnswer))?;
        answer.await.or(Err(StoreError::NoAnswer))
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
    pub(super) async fn tidy_up(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::TidyUp { reply }, answer).await?;
        Ok(())
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
        reading.await.or(Err(StoreError::NoAnswer))?
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
        let (reply, answer) = oneshot::channel();
        let job = Job::KeepSnapshot {
            snapshot,
            content,
            reply,
        };
        self.submit(job, answer).await
    }

    /// Removes a snapshot; only one of this maker, when one is named. False when there is none.
    pub(super) async fn remove_snapshot(
        &self,
        id: String,
        made_by: Option<String>,
    ) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::RemoveSnapshot { id, made_by, reply };
        self.submit(job, answer).await
    }

    /// The sealed bytes of a snapshot that has not expired.
    pub(super) fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with_reader(|reader| snapshots::content(reader, id))
    }

    /// The snapshots that still open; only those of this maker, when one is named.
    pub(super) fn snapshots(&self, made_by: Option<&str>) -> Result<Vec<Snapshot>, StoreError> {
        self.with_reader(|reader| snapshots::list(reader, made_by))
    }

    /// Whether it can be read and the thread that writes is alive.
    pub(super) fn is_ready(&self) -> bool {
        let readable = self.with_reader(|reader| reader.query_row("SELECT 1", [], |_| Ok(())));
        readable.is_ok() && !self.shared.jobs.is_closed()
    }

    /// Lends a connection for reading; makes one when all are in use.
    fn with_reader<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        const KEPT: usize = 8;
        let readers = || {
            let readers = self.shared.readers.lock();
            readers.unwrap_or_else(PoisonError::into_inner)
        };
        let idle = readers().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => schema::open_reader(&self.shared.file)?,
        };
        let result = read(&reader)?;
        // After a failure the connection is closed instead, in whatever state it may be.
        let mut readers = readers();
        if readers.len() < KEPT {
            readers.push(reader);
        }
        Ok(result)
    }
}

fn read_page(reader: &Connection, board: Stamp, after: Cursor) -> rusqlite::Result<Option<Page>> {
    // One transaction, so that the cursor belongs to the rows.
    let reading = reader.unchecked_transaction()?;
    let mut find =
        reading.prepare_cached("SELECT number, cursor, known_from FROM boards WHERE id = ?1")?;
    let found = find.query_row([board.to_string()], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?))
    });
    let Some((number, cursor, known_from)) = found.optional()? else {
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
    let rows = select.query_map(params![number, after], |row| row.get::<_, String>(0))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Some(Page {
        cursor,
        changes: rows.len(),
        document: document(board, rows.iter()),
    }))
}

/// Takes the file for this process. The system lets go of it when the process ends, however it ends.
fn lock(file: &Path) -> Result<File, OpenError> {
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
    // A file beside the database, because SQLite's own locks on that would get in each other's way.
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    let lock = lock.map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            file: file.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
