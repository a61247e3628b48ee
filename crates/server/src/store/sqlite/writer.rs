//! The writer thread: runs jobs with group commit.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use cruxboard_domain::ChangeId;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::{
    FileLock, boards,
    disk::Disk,
    schema::{self, BUSY_TIMEOUT},
    snapshots, tokens, versions,
};
use crate::{
    error_chain::with_causes,
    metrics::Metrics,
    store::{
        AppendError, AppendOutcome, BoardState, Counts, Cursor, Snapshot, SnapshotScope,
        StoreLimits, WriteError,
        append::{self, AppendRequest, BoardRows, LogExtent},
        document,
        subscriptions::{Subscriptions, Tip},
    },
    token::{SecretHash, Token, unix_now},
};

type Reply<T> = oneshot::Sender<Result<T, WriteError>>;

/// A job for the writer, with the channel for its answer.
pub(super) enum Job {
    Append(AppendRequest),
    MakeToken {
        token: Token,
        hash: SecretHash,
        reply: Reply<()>,
    },
    RevokeToken {
        id: String,
        reply: Reply<bool>,
    },
    StoreSnapshot {
        snapshot: Snapshot,
        content: Bytes,
        reply: Reply<bool>,
    },
    RemoveSnapshot {
        id: String,
        of: SnapshotScope,
        reply: Reply<bool>,
    },
    /// Deletes a board, and answers its previous state.
    DeleteBoard {
        board: ChangeId,
        reply: Reply<BoardState>,
    },
    /// Restores a deleted board, and answers its previous state.
    RestoreBoard {
        board: ChangeId,
        reply: Reply<BoardState>,
    },
    CollectGarbage {
        reply: Reply<bool>,
    },
    /// Tests whether writes succeed.
    Probe {
        reply: Reply<()>,
    },
    /// Closes the connection after this batch.
    Close {
        reply: Reply<()>,
    },
}

/// A board's row in the database.
#[derive(Clone, Copy, Debug)]
struct Board {
    number: i64,
    extent: LogExtent,
}

impl Board {
    const COLUMNS: &str = "id, number, cursor, changes, bytes, kept";

    /// Reads a board from a row that begins with [`Self::COLUMNS`].
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(1)?,
            extent: LogExtent {
                cursor: row.get(2)?,
                counts: Counts {
                    changes: row.get(3)?,
                    bytes: row.get(4)?,
                },
                kept: row.get(5)?,
            },
        })
    }
}

/// The state of the writer thread.
pub(super) struct Writer {
    connection: Connection,
    /// Held until the connection is closed.
    lock: FileLock,
    noted_boards: usize,
    disk: Disk,
    limits: StoreLimits,
    boards: HashMap<ChangeId, Board>,
    /// Boards that were deleted and can still be restored.
    deleted: HashSet<ChangeId>,
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

/// The answer to a job, sent once it is durable.
enum Answer {
    Added(Result<AppendOutcome, AppendError>),
    StateBefore(BoardState),
    Made,
    Done(bool),
}

impl Job {
    /// Sends the answer. The receiver may be gone.
    fn answer(self, answer: Answer) {
        match (self, answer) {
            (Self::Append(request), Answer::Added(outcome)) => {
                request.reply.send(Ok(outcome)).ok();
            }
            (
                Self::DeleteBoard { reply, .. } | Self::RestoreBoard { reply, .. },
                Answer::StateBefore(before),
            ) => {
                reply.send(Ok(before)).ok();
            }
            (Self::MakeToken { reply, .. } | Self::Probe { reply }, Answer::Made) => {
                reply.send(Ok(())).ok();
            }
            (
                Self::RevokeToken { reply, .. }
                | Self::StoreSnapshot { reply, .. }
                | Self::RemoveSnapshot { reply, .. }
                | Self::CollectGarbage { reply },
                Answer::Done(done),
            ) => {
                reply.send(Ok(done)).ok();
            }
            // The receiver of a dropped reply gets an error.
            _ => {}
        }
    }

    /// Answers with an error.
    fn fail(self, cause: WriteError) {
        match self {
            Self::Append(request) => {
                request.reply.send(Err(cause)).ok();
            }
            Self::MakeToken { reply, .. } | Self::Probe { reply } | Self::Close { reply } => {
                reply.send(Err(cause)).ok();
            }
            Self::DeleteBoard { reply, .. } | Self::RestoreBoard { reply, .. } => {
                reply.send(Err(cause)).ok();
            }
            Self::RevokeToken { reply, .. }
            | Self::StoreSnapshot { reply, .. }
            | Self::RemoveSnapshot { reply, .. }
            | Self::CollectGarbage { reply } => {
                reply.send(Err(cause)).ok();
            }
        }
    }
}

/// The changes of a transaction, applied to the cache when it commits.
#[derive(Default)]
struct Written {
    boards: BTreeMap<ChangeId, Board>,
    rows: Vec<WrittenRow>,
    deleted: BTreeSet<ChangeId>,
    /// Boards that were restored.
    restored: BTreeSet<ChangeId>,
    /// Boards that were removed for good.
    purged: Vec<ChangeId>,
    added: usize,
    conflicts: usize,
    erased: bool,
}

struct WrittenRow {
    board: ChangeId,
    id: ChangeId,
    json: String,
}

/// A running transaction.
struct Batch<'a> {
    connection: &'a Connection,
    boards: &'a HashMap<ChangeId, Board>,
    deleted: &'a HashSet<ChangeId>,
    limits: StoreLimits,
    is_disk_low: bool,
    written: Written,
}

impl Batch<'_> {
    /// Runs one job within the transaction.
    fn run(&mut self, job: &Job) -> rusqlite::Result<Answer> {
        Ok(match job {
            Job::Append(request) => Answer::Added(self.append(request)?),
            Job::MakeToken { token, hash, .. } => {
                tokens::insert(self.connection, token, hash)?;
                Answer::Made
            }
            Job::RevokeToken { id, .. } => {
                let revoked = tokens::revoke(self.connection, id)?;
                self.written.erased |= revoked.snapshots > 0;
                Answer::Done(revoked.is_any())
            }
            Job::StoreSnapshot {
                snapshot, content, ..
            } => Answer::Done(snapshots::insert(
                self.connection,
                snapshot,
                content,
                self.limits,
            )?),
            Job::RemoveSnapshot { id, of, .. } => {
                let removed = snapshots::remove(self.connection, id, of)?;
                // Truncates the write-ahead log too.
                self.written.erased |= removed;
                Answer::Done(removed)
            }
            Job::Probe { .. } => {
                probe(self.connection)?;
                Answer::Made
            }
            // Removed from the batch before.
            Job::Close { .. } => Answer::Made,
            Job::DeleteBoard { board, .. } => Answer::StateBefore(self.delete(*board)?),
            Job::RestoreBoard { board, .. } => Answer::StateBefore(self.restore(*board)?),
            Job::CollectGarbage { .. } => {
                let mut forgotten = versions::collect_garbage(self.connection, self.limits)?;
                if forgotten {
                    self.recount_kept()?;
                }
                forgotten |= self.purge()?;
                let ended = snapshots::remove_ended(self.connection, unix_now())?;
                self.written.erased |= forgotten || ended;
                Answer::Done(forgotten)
            }
        })
    }

    fn is_deleted(&self, id: ChangeId) -> bool {
        let was_before = self.deleted.contains(&id) && !self.written.restored.contains(&id);
        was_before || self.written.deleted.contains(&id)
    }

    /// Deletes a board, and returns its previous state.
    fn delete(&mut self, id: ChangeId) -> rusqlite::Result<BoardState> {
        if self.is_deleted(id) {
            return Ok(BoardState::Deleted);
        }
        if self.board(id).is_none() {
            return Ok(BoardState::Absent);
        }
        // The row must hold the current cursor before it becomes a tombstone.
        self.store_boards()?;
        boards::delete(self.connection, id)?;
        self.written.restored.remove(&id);
        self.written.deleted.insert(id);
        if self.limits.keep_erased.is_zero() {
            self.purge()?;
            snapshots::remove_ended(self.connection, unix_now())?;
            self.written.erased = true;
        }
        Ok(BoardState::Present)
    }

    /// Restores a deleted board, and returns its previous state.
    fn restore(&mut self, id: ChangeId) -> rusqlite::Result<BoardState> {
        let before = boards::state(self.connection, id)?;
        if before == BoardState::Deleted {
            boards::restore(self.connection, id)?;
            let query = format!("SELECT {} FROM boards WHERE id = ?1", Board::COLUMNS);
            let mut select = self.connection.prepare_cached(&query)?;
            let board = select.query_row([id.to_string()], Board::read)?;
            self.written.boards.insert(id, board);
            self.written.deleted.remove(&id);
            self.written.restored.insert(id);
        }
        Ok(before)
    }

    /// Removes the boards whose time for a restore has passed.
    fn purge(&mut self) -> rusqlite::Result<bool> {
        let purged = boards::purge(self.connection, self.limits)?;
        let is_any = !purged.is_empty();
        self.written.purged.extend(purged);
        Ok(is_any)
    }

    fn board(&self, id: ChangeId) -> Option<Board> {
        if self.is_deleted(id) {
            return None;
        }
        let changed = self.written.boards.get(&id);
        changed.or_else(|| self.boards.get(&id)).copied()
    }

    /// Recomputes the archive size of each board.
    fn recount_kept(&mut self) -> rusqlite::Result<()> {
        let query = "SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE board = ?1";
        let mut select = self.connection.prepare_cached(query)?;
        let ids: Vec<ChangeId> = self.boards.keys().copied().collect();
        for id in ids {
            let Some(mut board) = self.board(id).filter(|board| board.extent.kept > 0) else {
                continue;
            };
            board.extent.kept = select.query_row([board.number], |row| row.get(0))?;
            self.written.boards.insert(id, board);
        }
        boards::recount_kept_of_deleted(self.connection)
    }

    fn append(
        &mut self,
        request: &AppendRequest,
    ) -> rusqlite::Result<Result<AppendOutcome, AppendError>> {
        let id = request.body.board;
        if self.is_deleted(id) {
            return Ok(Err(AppendError::Deleted));
        }
        let present = self.board(id);
        let mut rows = SqliteRows {
            id,
            number: present.map_or(0, |board| board.number),
            connection: self.connection,
            keep_erased: self.limits.keep_erased,
            written: &mut self.written,
        };
        let extent = present.map(|board| board.extent);
        let added = append::append(&mut rows, extent, request, self.limits, self.is_disk_low)?;
        let number = rows.number;
        if let Ok((outcome, after)) = &added
            && extent != Some(*after)
        {
            versions::note(self.connection, number, outcome, &request.by)?;
        }
        Ok(added.map(|(outcome, after)| {
            if extent != Some(after) {
                let board = Board {
                    number,
                    extent: after,
                };
                self.written.boards.insert(id, board);
            }
            self.written.added += outcome.added;
            self.written.conflicts += outcome.conflicts.len();
            outcome
        }))
    }

    fn store_boards(&self) -> rusqlite::Result<()> {
        let query = "UPDATE boards SET cursor = ?2, changes = ?3, bytes = ?4, kept = ?5
            WHERE number = ?1";
        let mut update = self.connection.prepare_cached(query)?;
        for board in self.written.boards.values() {
            let LogExtent {
                cursor,
                counts,
                kept,
            } = board.extent;
            let (changes, bytes) = (counts.changes, counts.bytes);
            update.execute(params![board.number, cursor, changes, bytes, kept])?;
        }
        Ok(())
    }
}

/// Inserts and deletes a few pages. With `secure_delete` they are overwritten, so they reach the disk.
fn probe(connection: &Connection) -> rusqlite::Result<()> {
    const INSERT: &str = "INSERT INTO store (name, value) VALUES ('probe', hex(zeroblob(8192)))";
    connection.prepare_cached(INSERT)?.execute([])?;
    const DELETE: &str = "DELETE FROM store WHERE name = 'probe'";
    connection.prepare_cached(DELETE)?.execute([])?;
    Ok(())
}

/// The rows of one board in an SQLite transaction.
struct SqliteRows<'a> {
    id: ChangeId,
    number: i64,
    connection: &'a Connection,
    keep_erased: Duration,
    written: &'a mut Written,
}

impl BoardRows for SqliteRows<'_> {
    type Error = rusqlite::Error;

    fn create(&mut self) -> rusqlite::Result<Cursor> {
        let id = self.id.to_string();
        let query = "DELETE FROM tombstones WHERE id = ?1 RETURNING cursor + 1";
        let mut delete = self.connection.prepare_cached(query)?;
        let begin = delete.query_row([&id], |row| row.get(0)).optional()?;
        let begin: Cursor = begin.unwrap_or(0);
        let query = "INSERT INTO boards (id, cursor, known_from, changes, bytes)
            VALUES (?1, ?2, ?2, 0, 0)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![id, begin])?;
        self.number = self.connection.last_insert_rowid();
        Ok(begin)
    }

    fn stored(&self, id: ChangeId) -> rusqlite::Result<Option<String>> {
        let query = "SELECT json FROM changes WHERE board = ?1 AND id = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        let found = select.query_row(params![self.number, id.to_string()], |row| row.get(0));
        found.optional()
    }

    fn is_to_be_erased(&self, id: ChangeId) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM erasures WHERE board = ?1 AND target = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        select.exists(params![self.number, id.to_string()])
    }

    fn is_refused(&self, id: ChangeId) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM refused WHERE board = ?1 AND id = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        select.exists(params![self.number, id.to_string()])
    }

    fn insert(&mut self, id: ChangeId, seq: Cursor, json: String) -> rusqlite::Result<()> {
        let query = "INSERT INTO changes (board, id, seq, json) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![self.number, id.to_string(), seq, json])?;
        self.note(id, json);
        Ok(())
    }

    fn rewrite(&mut self, id: ChangeId, seq: Cursor, json: String) -> rusqlite::Result<i64> {
        let mut kept = 0;
        if !self.keep_erased.is_zero() {
            kept = versions::archive(self.connection, self.number, id, seq)?;
        }
        let query = "UPDATE changes SET seq = ?3, json = ?4 WHERE board = ?1 AND id = ?2";
        let mut update = self.connection.prepare_cached(query)?;
        update.execute(params![self.number, id.to_string(), seq, json])?;
        self.written.erased = true;
        // Followers must not receive content that was added and erased in the same batch.
        let board = self.id;
        self.written
            .rows
            .retain(|row| row.board != board || row.id != id);
        self.note(id, json);
        Ok(kept)
    }

    fn note_erasure(&mut self, target: ChangeId) -> rusqlite::Result<()> {
        let query = "INSERT OR IGNORE INTO erasures (board, target) VALUES (?1, ?2)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![self.number, target.to_string()])?;
        Ok(())
    }
}

impl SqliteRows<'_> {
    fn note(&mut self, id: ChangeId, json: String) {
        self.written.rows.push(WrittenRow {
            board: self.id,
            id,
            json,
        });
    }
}
