//! The SQLite backend: all boards in one file.
//!
//! One thread writes (`writer`), with group commit: it runs all waiting jobs in one transaction, and answers
//! them once that is durable. Readers have connections of their own and never wait for the writer (WAL).

pub(super) mod boards;
mod disk;
mod file_lock;
pub(super) mod maintenance;
mod migrations;
mod page;
pub(super) mod schema;
mod snapshots;
mod tokens;
pub(super) mod versions;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use axum::body::Bytes;
use cruxboard_domain::BoardId;
use rusqlite::Connection;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

pub(super) use self::tokens::TokenFile;
use self::{
    disk::Disk,
    file_lock::FileLock,
    writer::{Job, Reply, Writer},
};
use super::{
    AppendError, AppendOutcome, BoardState, Cursor, OpenError, Opened, Page, Readiness, Snapshot,
    SnapshotScope, StoreError, StoreLimits, Tip, append::AppendRequest, backend::Backend,
    subscriptions::Subscriptions,
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

    /// Sends a job to the writer, and waits for its answer.
    async fn submit<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.shared.jobs.send(job(reply)).await;
        sent.or(Err(StoreError::WriterStopped))?;
        Ok(answer.await.or(Err(StoreError::WriterStopped))??)
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

#[async_trait]
impl Backend for BoardFile {
    fn opened(&self) -> Opened {
        self.shared.opened
    }

    /// Runs the waiting jobs, checkpoints the WAL and closes the file.
    async fn close(&self) {
        self.shared.is_closing.store(true, Ordering::SeqCst);
        self.readers().clear();
        // An error means that the writer has stopped already.
        self.submit(|reply| Job::Close { reply }).await.ok();
    }

    fn nonce(&self) -> Arc<str> {
        Arc::clone(&self.shared.nonce)
    }

    fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        None
    }

    async fn send_roster(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn append(
        &self,
        request: AppendRequest,
    ) -> Result<Result<AppendOutcome, AppendError>, StoreError> {
        self.submit(|reply| Job::Append { request, reply }).await
    }

    async fn cursor(&self, board: BoardId) -> Result<Option<Cursor>, StoreError> {
        Ok(self.shared.boards.cursor(board))
    }

    async fn delete_board(&self, board: BoardId) -> Result<BoardState, StoreError> {
        self.submit(|reply| Job::DeleteBoard { board, reply }).await
    }

    async fn restore_board(&self, board: BoardId) -> Result<BoardState, StoreError> {
        self.submit(|reply| Job::RestoreBoard { board, reply })
            .await
    }

    async fn board_state(&self, board: BoardId) -> Result<BoardState, StoreError> {
        self.with_reader(|reader| boards::state(reader, board))
    }

    async fn follow(&self, board: BoardId) -> Result<Option<watch::Receiver<Tip>>, StoreError> {
        Ok(self.shared.boards.follow(board))
    }

    async fn after(&self, board: BoardId, after: Cursor) -> Result<Option<Page>, StoreError> {
        let store = self.clone();
        // On the blocking pool: reading a large board takes a while.
        let reading = tokio::task::spawn_blocking(move || {
            store.with_reader(|reader| page::read(reader, board, after))
        });
        reading.await.or(Err(StoreError::WriterStopped))?
    }

    async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_hash(reader, hash))
    }

    async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        self.with_reader(|reader| tokens::by_id(reader, id))
    }

    async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.with_reader(tokens::all)
    }

    async fn make_token(&self, token: Token, hash: SecretHash) -> Result<(), StoreError> {
        self.ensure_free_disk()?;
        self.submit(|reply| Job::MakeToken { token, hash, reply })
            .await
    }

    async fn make_first_token(&self, token: Token, hash: SecretHash) -> Result<bool, StoreError> {
        let is_first = self.tokens().await?.is_empty();
        if is_first {
            self.make_token(token, hash).await?;
        }
        Ok(is_first)
    }

    async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        self.submit(|reply| Job::RevokeToken { id, reply }).await
    }

    async fn store_snapshot(&self, snapshot: Snapshot, content: Bytes) -> Result<bool, StoreError> {
        self.ensure_free_disk()?;
        self.submit(|reply| Job::StoreSnapshot {
            snapshot,
            content,
            reply,
        })
        .await
    }

    async fn remove_snapshot(&self, id: String, of: SnapshotScope) -> Result<bool, StoreError> {
        self.submit(|reply| Job::RemoveSnapshot { id, of, reply })
            .await
    }

    async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with_reader(|reader| snapshots::content(reader, id))
    }

    async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        self.with_reader(|reader| snapshots::list(reader, of))
    }

    async fn try_write(&self) -> Result<(), StoreError> {
        self.submit(|reply| Job::Probe { reply }).await
    }

    async fn readiness(&self) -> Readiness {
        let readable = self.with_reader(|reader| reader.query_row("SELECT 1", [], |_| Ok(())));
        if readable.is_err() || self.shared.jobs.is_closed() {
            Readiness::Unavailable
        } else if self.shared.disk.is_low() {
            Readiness::DiskLow
        } else {
            Readiness::Ready
        }
    }

    async fn collect_garbage(&self) -> Result<(), StoreError> {
        self.submit(|reply| Job::CollectGarbage { reply }).await?;
        Ok(())
    }
}
