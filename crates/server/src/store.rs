//! Boards in one SQLite file.
//!
//! One thread writes ([`writer`]): it takes whatever jobs are waiting into one transaction, and
//! answers them when that is on the disk. Readers have connections of their own, which never wait for
//! it. What followers wait for is told by one watch channel per board.
//!
//! Every change of a board has a **sequence number**; the board's **cursor** is the highest of them.
//! A change whose content is erased gets a new number, so that whoever follows hears of it.

mod care;
mod schema;
mod snapshots;
mod tokens;
mod writer;

use std::{
    collections::HashMap,
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use axum::body::Bytes;
use cruxboard_domain::{
    Stamp,
    document::{FORMAT, VERSION},
};
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::{mpsc, oneshot, watch};

pub use self::care::{CareError, Restored, Verdict, back_up, check, restore};
pub use self::snapshots::Snapshot;
pub use self::tokens::{NewToken, TokenFile};
pub use self::writer::{Condition, Counts, Outcome, Refusal};

use self::writer::{Add, Job, Writer};
use crate::{
    metrics::Metrics,
    offer::Offer,
    token::{NoRandomness, Secret, SecretHash, Token},
};

/// A place in a board's log.
pub type Cursor = i64;

/// A handle to the store; clones are the same store.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    file: PathBuf,
    nonce: String,
    jobs: mpsc::Sender<Job>,
    readers: Mutex<Vec<Connection>>,
    boards: Arc<Boards>,
    /// Held as long as the store is open.
    _lock: File,
}

/// Where each board's log ends, for those who wait for more.
#[derive(Default)]
struct Boards(RwLock<HashMap<Stamp, watch::Sender<Tip>>>);

/// The end of a board's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    pub cursor: Cursor,
    /// What came last, as a document, with the cursor after which it came. With many followers it
    /// saves each of them a look into the database.
    pub latest: Option<(Cursor, Arc<str>)>,
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
    #[error("cannot open the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    #[error("cannot start the thread that writes: {0}")]
    Thread(io::Error),
}

/// The store could not do it this time: the disk is full or failing, or the server is stopping.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the thread that writes has ended, or gave up on this job")]
    NoAnswer,
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Store {
    /// Opens the file, or makes it. Only one server can have it open.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way.
    pub fn open(file: &Path, limits: Limits, metrics: Arc<Metrics>) -> Result<Self, OpenError> {
        let lock = lock(file)?;
        let connection = schema::open_or_create(file)?;
        let nonce = schema::nonce(&connection)?;
        let (jobs, waiting) = mpsc::channel(limits.waiting_jobs);
        let boards = Arc::new(Boards::default());
        let writer = Writer::new(connection, limits, Arc::clone(&boards), metrics)?;
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(waiting))
            .map_err(OpenError::Thread)?;
        Ok(Self {
            shared: Arc::new(Shared {
                file: file.to_owned(),
                nonce,
                jobs,
                readers: Mutex::default(),
                boards,
                _lock: lock,
            }),
        })
    }

    /// Told apart from every other store, and from this one before it was restored from a backup.
    pub fn nonce(&self) -> &str {
        &self.shared.nonce
    }

    /// Adds what is new of `offer`, all of it or nothing. The answer comes when it is on the disk.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be there; asking again is safe.
    pub async fn add(
        &self,
        offer: Offer,
        condition: Condition,
        may_create: bool,
    ) -> Result<Result<Outcome, Refusal>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let add = Add {
            offer,
            condition,
            may_create,
            reply,
        };
        self.submit(Job::Add(add), answer).await
    }

    async fn submit<T>(&self, job: Job, answer: oneshot::Receiver<T>) -> Result<T, StoreError> {
        let sent = self.shared.jobs.send(job).await;
        sent.or(Err(StoreError::NoAnswer))?;
        answer.await.or(Err(StoreError::NoAnswer))
    }

    /// Where the board's log ends; `None` when there is no such board.
    pub fn cursor(&self, board: Stamp) -> Option<Cursor> {
        let boards = self.shared.boards.read();
        boards.get(&board).map(|tip| tip.borrow().cursor)
    }

    /// Tells of every later end of the board's log; `None` when there is no such board.
    pub fn follow(&self, board: Stamp) -> Option<watch::Receiver<Tip>> {
        let boards = self.shared.boards.read();
        boards.get(&board).map(watch::Sender::subscribe)
    }

    /// The changes that came after a cursor; all of them after one that this store never gave.
    /// `None` when there is no such board.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn after(&self, board: Stamp, after: Cursor) -> Result<Option<Page>, StoreError> {
        let store = self.clone();
        // Threads of their own, because a large board takes a while and others must not wait for it.
        let reading = tokio::task::spawn_blocking(move || {
            store.with_reader(|reader| read_page(reader, board, after))
        });
        reading.await.or(Err(StoreError::NoAnswer))?
    }

    /// The token with this secret, whether or not it is still valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_hash(reader, hash))
    }

    /// The token with this name, whether or not it is still valid.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_id(reader, id))
    }

    /// All tokens for just this board that `made_by` made; with `None`, whoever made them.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn tokens_of(&self, board: Stamp, made_by: Option<&str>) -> Result<Vec<Token>, StoreError> {
        let mut tokens = self.with_reader(tokens::all)?;
        tokens.retain(|token| token.board == Some(board));
        tokens.retain(|token| made_by.is_none_or(|maker| token.made_by.as_deref() == Some(maker)));
        Ok(tokens)
    }

    /// Makes a token, and tells its secret this once.
    ///
    /// # Errors
    /// [`StoreError`] when it may not be there.
    pub async fn make_token(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        let (reply, answer) = oneshot::channel();
        let job = Job::MakeToken {
            token: token.clone(),
            hash: secret.hash(),
            reply,
        };
        self.submit(job, answer).await?;
        Ok((token, secret))
    }

    /// Ends a token and all that were made with it. False when there is none with this name.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Job::RevokeToken { id, reply }, answer).await
    }

    /// Keeps sealed bytes until a time; `None` when their maker has too much here already.
    ///
    /// # Errors
    /// [`StoreError`] when they may not be there.
    pub async fn keep_snapshot(
        &self,
        made_by: String,
        expires_at: i64,
        content: Bytes,
    ) -> Result<Option<Snapshot>, StoreError> {
        let snapshot = Snapshot::new(made_by, expires_at, &content)?;
        let (reply, answer) = oneshot::channel();
        let job = Job::KeepSnapshot {
            snapshot: snapshot.clone(),
            content,
            reply,
        };
        let kept = self.submit(job, answer).await?;
        Ok(kept.then_some(snapshot))
    }

    /// Removes a snapshot; only one of this maker, when one is named. False when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be there.
    pub async fn remove_snapshot(
        &self,
        id: String,
        made_by: Option<String>,
    ) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::RemoveSnapshot { id, made_by, reply };
        self.submit(job, answer).await
    }

    /// The sealed bytes of a snapshot that has not expired.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with_reader(|reader| snapshots::content(reader, id))
    }

    /// The snapshots that still open; only those of this maker, when one is named.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn snapshots(&self, made_by: Option<&str>) -> Result<Vec<Snapshot>, StoreError> {
        self.with_reader(|reader| snapshots::list(reader, made_by))
    }

    /// Whether there is any token at all; without one, nobody could make the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn has_tokens(&self) -> Result<bool, StoreError> {
        Ok(!self.with_reader(tokens::all)?.is_empty())
    }

    /// Whether it can be read and the thread that writes is alive.
    pub fn is_ready(&self) -> bool {
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

/// What the store puts up with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one board's changes.
    pub board_bytes: i64,
    /// Bytes of the snapshots that one token has made.
    pub snapshot_bytes: i64,
    /// Jobs in one transaction.
    pub batch: usize,
    /// Jobs that wait for the writer; later ones wait to get in line.
    pub waiting_jobs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            board_bytes: 64 << 20,
            snapshot_bytes: 32 << 20,
            batch: 256,
            waiting_jobs: 1024,
        }
    }
}

impl Boards {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<Stamp, watch::Sender<Tip>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, board: Stamp, tip: Tip) {
        if let Some(known) = self.read().get(&board) {
            known.send_replace(tip);
            return;
        }
        let mut boards = self.0.write().unwrap_or_else(PoisonError::into_inner);
        boards.insert(board, watch::Sender::new(tip));
    }

    fn has_followers(&self, board: Stamp) -> bool {
        let boards = self.read();
        boards
            .get(&board)
            .is_some_and(|tip| tip.receiver_count() > 0)
    }
}

/// A document of rows that are valid JSON already: one line each, as the app writes them.
fn document(board: Stamp, rows: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut text =
        format!(r#"{{"format":"{FORMAT}","version":{VERSION},"board":"{board}","changes":["#);
    for (at, row) in rows.enumerate() {
        if at > 0 {
            text.push_str(",\n");
        }
        text.push_str(row.as_ref());
    }
    text.push_str("]}");
    text
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
