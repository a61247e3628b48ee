//! The writer thread: runs jobs with group commit.

mod batch;
mod job;
mod rows;
mod written;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use cruxboard_domain::BoardId;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;

pub(super) use self::job::{Job, Reply};
use self::{
    batch::Batch,
    job::Answer,
    written::{Board, Written},
};
use super::{
    disk::Disk,
    file_lock::FileLock,
    schema::{self, BUSY_TIMEOUT},
};
use crate::{
    error_chain::with_causes,
    metrics::Metrics,
    store::{
        StoreLimits, WriteError,
        document::document,
        subscriptions::{Subscriptions, Tip},
    },
};

/// The state of the writer thread.
pub(super) struct Writer {
    connection: Connection,
    /// Held until the connection is closed.
    lock: FileLock,
    noted_boards: usize,
    disk: Disk,
    limits: StoreLimits,
    boards: HashMap<BoardId, Board>,
    /// Boards that were deleted and can still be restored.
    deleted: HashSet<BoardId>,
    subscriptions: Arc<Subscriptions>,
    metrics: Arc<Metrics>,
    /// Whether erased content may still be in the write-ahead log.
    wal_holds_erased: bool,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        lock: FileLock,
        disk: Disk,
        limits: StoreLimits,
        subscriptions: Arc<Subscriptions>,
        metrics: Arc<Metrics>,
    ) -> rusqlite::Result<Self> {
        let (mut boards, mut deleted) = (HashMap::new(), HashSet::new());
        let columns = Board::COLUMNS;
        let query = format!("SELECT {columns}, deleted_at IS NOT NULL FROM boards");
        let mut select = connection.prepare(&query)?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let Ok(id) = id.parse() else {
                tracing::error!(%id, "the id of a board cannot be read; run `cruxboard check`");
                continue;
            };
            if row.get(6)? {
                deleted.insert(id);
                continue;
            }
            let board = Board::read(row)?;
            let tip = Tip {
                cursor: board.extent.cursor,
                latest: None,
            };
            subscriptions.publish(id, tip);
            boards.insert(id, board);
        }
        drop(rows);
        drop(select);
        Ok(Self {
            connection,
            lock,
            // No valid number, so that the first call notes it.
            noted_boards: usize::MAX,
            disk,
            limits,
            boards,
            deleted,
            subscriptions,
            metrics,
            // A killed server may have left erased content there.
            wal_holds_erased: true,
        })
    }

    pub(super) fn has_boards(&self) -> bool {
        !self.boards.is_empty()
    }

    /// Runs jobs until one closes the file, or all senders are dropped.
    pub(super) fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        self.truncate_wal(Duration::from_secs(1));
        self.note_boards();
        let mut closing = None;
        while closing.is_none()
            && let Some(first) = waiting.blocking_recv()
        {
            let mut jobs = vec![first];
            while jobs.len() < self.limits.batch
                && let Ok(job) = waiting.try_recv()
            {
                jobs.push(job);
            }
            for job in jobs.extract_if(.., |job| matches!(job, Job::Close { .. })) {
                if let Job::Close { reply } = job {
                    closing = Some(reply);
                }
            }
            if jobs.is_empty() {
                continue;
            }
            if let Err((jobs, error)) = self.write(jobs) {
                self.write_one_by_one(jobs, error);
            }
        }
        // Jobs that are still queued get `WriterStopped`.
        drop(waiting);
        self.close();
        if let Some(reply) = closing {
            reply.send(Ok(())).ok();
        }
    }

    /// Checkpoints the write-ahead log and leaves WAL mode, so that the file is complete by itself. Retries
    /// while another connection reads.
    fn close(self) {
        const TIMEOUT: Duration = Duration::from_secs(8);
        const PAUSE: Duration = Duration::from_millis(50);
        let begun = Instant::now();
        self.connection.flush_prepared_statement_cache();
        if let Err(error) = self.connection.busy_timeout(PAUSE) {
            tracing::warn!(%error, "could not set the busy timeout");
        }
        while let Err(error) = schema::leave_wal(&self.connection) {
            if begun.elapsed() >= TIMEOUT {
                tracing::warn!(
                    %error,
                    "another program has the database open, so its -wal file stays; copy both files, or use `cruxboard backup`"
                );
                break;
            }
            std::thread::sleep(PAUSE);
        }
        drop(self.connection);
        drop(self.lock);
    }

    /// Notes the number of boards in the lock file.
    fn note_boards(&mut self) {
        if self.noted_boards != self.boards.len() {
            self.noted_boards = self.boards.len();
            self.lock.note_boards(self.noted_boards);
        }
    }

    /// Runs each job in a transaction of its own, after the batch failed: one job may be the cause. Logs and
    /// answers those that fail again.
    fn write_one_by_one(&mut self, jobs: Vec<Job>, error: rusqlite::Error) {
        let mut failed = Vec::new();
        let mut last = error;
        if jobs.len() == 1 {
            failed = jobs;
        } else {
            for job in jobs {
                if let Err((job, error)) = self.write(vec![job]) {
                    failed.extend(job);
                    last = error;
                }
            }
        }
        if failed.is_empty() {
            return;
        }
        let cause = WriteError::from(&last);
        tracing::error!(
            jobs = failed.len(),
            "a write failed: {cause} ({})",
            with_causes(&last)
        );
        self.metrics.failed_writes.increment(failed.len() as u64);
        for job in failed {
            job.fail(cause);
        }
    }

    /// Runs the jobs in one transaction and answers them.
    ///
    /// # Errors
    /// Returns the jobs when the transaction failed; then nothing has changed.
    fn write(&mut self, jobs: Vec<Job>) -> Result<(), (Vec<Job>, rusqlite::Error)> {
        let begun = Instant::now();
        match self.commit(&jobs) {
            Ok((answers, written)) => {
                self.metrics.batches.increment(1);
                self.metrics.batched_jobs.increment(jobs.len() as u64);
                self.metrics.write_seconds.record(begun.elapsed());
                // Before the answer, which promises that the content is erased. With a limit: a check or a
                // backup may read for a long time, which blocks the truncation.
                if written.erased {
                    self.wal_holds_erased = true;
                    self.truncate_wal(Duration::from_secs(1));
                } else if self.wal_holds_erased {
                    self.truncate_wal(Duration::ZERO);
                }
                self.publish(written);
                for (job, answer) in jobs.into_iter().zip(answers) {
                    job.answer(answer);
                }
                Ok(())
            }
            Err(error) => Err((jobs, error)),
        }
    }

    fn commit(&mut self, jobs: &[Job]) -> rusqlite::Result<(Vec<Answer>, Written)> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch {
            connection: &transaction,
            boards: &self.boards,
            deleted: &self.deleted,
            limits: self.limits,
            is_disk_low: self.disk.is_low(),
            written: Written::default(),
        };
        let answers = jobs.iter().map(|job| batch.run(job));
        let answers = answers.collect::<rusqlite::Result<_>>()?;
        batch.store_boards()?;
        let written = batch.written;
        transaction.commit()?;
        Ok((answers, written))
    }

    /// Updates the cache after a commit, and notifies followers.
    fn publish(&mut self, written: Written) {
        for (id, board) in written.boards {
            let before = self
                .boards
                .insert(id, board)
                .map_or(0, |board| board.extent.cursor);
            let latest = self.subscriptions.has_followers(id).then(|| {
                let rows = written.rows.iter().filter(|row| row.board == id);
                let document = document(id, rows.map(|row| row.json.as_str()));
                (before, document.into())
            });
            let tip = Tip {
                cursor: board.extent.cursor,
                latest,
            };
            self.subscriptions.publish(id, tip);
        }
        for id in written.deleted {
            self.boards.remove(&id);
            self.subscriptions.remove(id);
            self.deleted.insert(id);
        }
        for id in written.restored {
            self.deleted.remove(&id);
        }
        for id in written.purged {
            self.deleted.remove(&id);
        }
        self.note_boards();
        self.metrics.added_changes.increment(written.added as u64);
        self.metrics.conflicts.increment(written.conflicts as u64);
    }

    /// Truncates the write-ahead log, where erased content could still be read. A reader can block that; then
    /// it is retried after the next batch.
    fn truncate_wal(&mut self, patience: Duration) {
        if let Err(error) = self.connection.busy_timeout(patience) {
            tracing::warn!(%error, "could not set the busy timeout");
        }
        let busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        match busy {
            Ok(0) => self.wal_holds_erased = false,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "could not truncate the write-ahead log"),
        }
        if let Err(error) = self.connection.busy_timeout(BUSY_TIMEOUT) {
            tracing::warn!(%error, "could not set the busy timeout");
        }
    }
}
