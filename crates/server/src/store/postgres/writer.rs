//! A writer task: appends changes with group commit.
//!
//! Like the SQLite writer, it runs all waiting requests in one transaction. But other servers write too, so
//! it locks the rows of the boards first. It then reads all rows that the rules may need in one round trip,
//! and writes all results in one. A transaction takes four round trips, however many changes it has.

mod board_changes;
mod transaction_error;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use cruxboard_domain::BoardId;
use futures_util::future::{try_join, try_join_all};
use tokio::{sync::mpsc, time};
use tokio_postgres::{Client, types::Type};

use self::{board_changes::BoardChanges, transaction_error::TransactionError};
use super::{
    PostgresError,
    pool::{Parameter, Pool, is_lost},
};
use crate::{
    error_chain::with_causes,
    metrics::Metrics,
    store::{
        AppendError, AppendOutcome, Counts, Cursor, StoreLimits, WriteError,
        append::{self, AppendReply, AppendRequest, LogExtent},
        document::document,
        subscriptions::{Subscriptions, Tip},
    },
};

/// Timeout of a transaction.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(15);
/// Largest number of attempts after conflicts with other transactions.
const MAX_ATTEMPTS: u32 = 8;
/// Begins a transaction. The timeouts keep a crashed server from locking a board for ever.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL idle_in_transaction_session_timeout = '20s'; SET LOCAL lock_timeout = '10s'";

/// A request, with the channel for its answer.
pub(super) struct Job {
    pub(super) request: AppendRequest,
    pub(super) reply: AppendReply,
}

/// The state of a writer task.
pub(super) struct Writer {
    pub(super) pool: Pool,
    pub(super) client: Option<Client>,
    pub(super) limits: StoreLimits,
    pub(super) notifies: bool,
    pub(super) subscriptions: Arc<Subscriptions>,
    pub(super) metrics: Arc<Metrics>,
}

/// The answers and the changed boards of a transaction.
struct Committed {
    answers: Vec<Result<AppendOutcome, AppendError>>,
    boards: BTreeMap<BoardId, BoardChanges>,
}

impl Writer {
    /// Runs requests until all senders are dropped.
    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        while let Some(first) = waiting.recv().await {
            let mut jobs = vec![first];
            while jobs.len() < self.limits.batch
                && let Ok(job) = waiting.try_recv()
            {
                jobs.push(job);
            }
            self.write(jobs).await;
        }
    }

    /// Runs the requests in one transaction and answers them. After an error the result may be unknown;
    /// retrying is safe.
    async fn write(&mut self, jobs: Vec<Job>) {
        let begun = Instant::now();
        let done = match time::timeout(TRANSACTION_TIMEOUT, self.commit(&jobs)).await {
            Ok(done) => done,
            Err(_) => Err(PostgresError::TimedOut),
        };
        match done {
            Ok(done) => {
                self.metrics.batches.increment(1);
                self.metrics.batched_jobs.increment(jobs.len() as u64);
                self.metrics.write_seconds.record(begun.elapsed());
                self.publish(done.boards);
                for (job, answer) in jobs.into_iter().zip(done.answers) {
                    if let Ok(outcome) = &answer {
                        self.metrics.added_changes.increment(outcome.added as u64);
                        self.metrics
                            .conflicts
                            .increment(outcome.conflicts.len() as u64);
                    }
                    // The receiver may be gone.
                    job.reply.send(Ok(answer)).ok();
                }
            }
            Err(error) => {
                let (failed, cause) = (jobs.len(), WriteError::from(&error));
                tracing::error!(
                    jobs = failed,
                    "a write failed: {cause} ({})",
                    with_causes(&error)
                );
                self.metrics.failed_writes.increment(failed as u64);
                for job in jobs {
                    job.reply.send(Err(cause)).ok();
                }
                // Closing the connection rolls back its transaction, whatever its state.
                self.client = None;
            }
        }
    }

    /// Runs the transaction and commits it; retries after conflicts, with exponential back-off.
    async fn commit(&mut self, jobs: &[Job]) -> Result<Committed, PostgresError> {
        for tried in 0..MAX_ATTEMPTS {
            let client = match self.client.take().filter(|client| !client.is_closed()) {
                Some(client) => client,
                None => self.pool.connect(None).await?,
            };
            // Only errors before `COMMIT` are retried; after that the result is unknown.
            let done = match self.transact(&client, jobs).await {
                Ok(done) => {
                    client.batch_execute("COMMIT").await?;
                    Ok(done)
                }
                Err(failed) => Err(failed),
            };
            match done {
                Ok(done) => {
                    self.client = Some(client);
                    return Ok(done);
                }
                // The database was restarted since the last transaction.
                Err(TransactionError::Database(PostgresError::Driver(error)))
                    if tried == 0 && is_lost(&error) => {}
                Err(TransactionError::Database(error)) => return Err(error),
                Err(TransactionError::Conflict) => {
                    client.batch_execute("ROLLBACK").await?;
                    self.client = Some(client);
                    let pause = 5 << tried;
                    time::sleep(Duration::from_millis(pause)).await;
                }
            }
        }
        Err(PostgresError::TimedOut)
    }

    /// Runs the statements of the transaction.
    async fn transact(&self, client: &Client, jobs: &[Job]) -> Result<Committed, TransactionError> {
        let mut boards = lock_boards(client, jobs).await?;
        let requests = || jobs.iter().map(|job| &job.request);
        let reading = boards.iter_mut().map(|(id, board)| {
            let requests = requests().filter(|request| request.body.board == *id);
            board.read(client, requests)
        });
        try_join_all(reading).await?;

        let mut answers = Vec::with_capacity(jobs.len());
        for request in requests() {
            let Some(board) = boards.get_mut(&request.body.board) else {
                continue;
            };
            if board.is_deleted {
                answers.push(Err(AppendError::Deleted));
                continue;
            }
            let present = board.after;
            board.keeps_erased = !self.limits.keep_erased.is_zero();
            // The disk is that of the database, which reports itself when it is full.
            let Ok(added) = append::append(board, present, request, self.limits, false);
            answers.push(added.map(|(outcome, after)| {
                if present != Some(after) {
                    board.versions.push((outcome.clone(), request.by.clone()));
                }
                board.after = Some(after);
                outcome
            }));
        }

        for (id, board) in &mut boards {
            board.write(client, *id, self.notifies).await?;
        }
        Ok(Committed { answers, boards })
    }

    /// Notifies followers at this server. NOTIFY reaches those at other servers.
    fn publish(&self, boards: BTreeMap<BoardId, BoardChanges>) {
        for (id, board) in boards {
            let Some(after) = board.after.filter(|_| board.before != board.after) else {
                continue;
            };
            let latest = self.subscriptions.has_followers(id).then(|| {
                let rows = board.written.into_values();
                let rows: BTreeMap<Cursor, String> = rows.map(|row| (row.seq, row.json)).collect();
                let before = board.before.map_or(0, |extent| extent.cursor);
                (before, document(id, rows.values()).into())
            });
            let tip = Tip {
                cursor: after.cursor,
                latest,
            };
            self.subscriptions.publish_if_later(id, tip);
        }
    }
}

/// Begins the transaction, and locks the rows of the boards that the jobs are about.
async fn lock_boards(
    client: &Client,
    jobs: &[Job],
) -> Result<BTreeMap<BoardId, BoardChanges>, TransactionError> {
    let ids_of_boards: BTreeSet<_> = jobs.iter().map(|job| job.request.body.board).collect();
    let ids: Vec<_> = ids_of_boards.iter().map(ToString::to_string).collect();
    // Locks in the order of ids, to avoid deadlocks between servers.
    let query = "SELECT id, number, cursor, changes, bytes, kept, deleted_at IS NOT NULL
        FROM cruxboard.boards
        WHERE id = ANY($1) ORDER BY id FOR UPDATE";
    let parameters: [Parameter<'_>; 1] = [(&ids, Type::TEXT_ARRAY)];
    let (_, found) = try_join(
        client.batch_execute(BEGIN),
        client.query_typed(query, &parameters),
    )
    .await?;
    let mut boards: BTreeMap<BoardId, BoardChanges> = ids_of_boards
        .into_iter()
        .map(|id| (id, BoardChanges::default()))
        .collect();
    for row in &found {
        let id: &str = row.get(0);
        let board = id.parse().ok().and_then(|id| boards.get_mut(&id));
        let Some(board) = board else { continue };
        board.is_deleted = row.get(6);
        board.number = Some(row.get(1));
        board.before = Some(LogExtent {
            cursor: row.get(2),
            counts: Counts {
                changes: row.get(3),
                bytes: row.get(4),
            },
            kept: row.get(5),
        });
        board.after = board.before;
    }
    let absent = boards.iter().filter(|(_, board)| board.number.is_none());
    let absent: Vec<_> = absent.map(|(id, _)| id.to_string()).collect();
    if !absent.is_empty() {
        let query = "SELECT id, cursor + 1 FROM cruxboard.tombstones WHERE id = ANY($1)";
        let parameters: [Parameter<'_>; 1] = [(&absent, Type::TEXT_ARRAY)];
        for row in client.query_typed(query, &parameters).await? {
            let id = row.get::<_, &str>(0).parse().ok();
            if let Some(board) = id.and_then(|id| boards.get_mut(&id)) {
                board.begin = row.get(1);
            }
        }
    }
    Ok(boards)
}
