//! A writer task: appends changes with group commit.
//!
//! Like the SQLite writer, it runs all waiting requests in one transaction. But other servers write too, so it
//! locks the rows of the boards first. It then reads all rows that the rules may need in one round trip, and
//! writes all results in one. A transaction takes four round trips, however many changes it has.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use cruxboard_domain::ChangeId;
use futures_util::future::{try_join, try_join_all, try_join3, try_join4};
use tokio::{sync::mpsc, time};
use tokio_postgres::{Client, Row, error::SqlState, types::Type};

use super::{
    PostgresError, notifications,
    pool::{Parameter, Pool, is_lost},
    schema::{HAD_BOARDS, NOTE_BOARDS},
};
use crate::{
    error_chain::with_causes,
    metrics::Metrics,
    store::{
        AppendError, AppendOutcome, Counts, Cursor, StoreLimits, WriteError,
        append::{self, AppendRequest, BoardRows, LogExtent},
        document,
        subscriptions::{Subscriptions, Tip},
        versions::ArchivedRow,
    },
    token::unix_now,
};

/// Timeout of a transaction.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(15);
/// Largest number of attempts after conflicts with other transactions.
const MAX_ATTEMPTS: u32 = 8;
/// Begins a transaction. The timeouts keep a crashed server from locking a board for ever.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL idle_in_transaction_session_timeout = '20s'; SET LOCAL lock_timeout = '10s'";

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
    boards: BTreeMap<ChangeId, BoardChanges>,
}

/// Why a transaction failed.
enum TransactionError {
    /// It conflicted with another transaction, and can be retried.
    Conflict,
    Database(PostgresError),
}

impl From<tokio_postgres::Error> for TransactionError {
    fn from(error: tokio_postgres::Error) -> Self {
        let again = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ];
        if error.code().is_some_and(|code| again.contains(code)) {
            return Self::Conflict;
        }
        Self::Database(error.into())
    }
}

impl Writer {
    /// Runs requests until all senders are dropped.
    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<AppendRequest>) {
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
    async fn write(&mut self, jobs: Vec<AppendRequest>) {
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
    async fn commit(&mut self, jobs: &[AppendRequest]) -> Result<Committed, PostgresError> {
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
    async fn transact(
        &self,
        client: &Client,
        jobs: &[AppendRequest],
    ) -> Result<Committed, TransactionError> {
        let ids_of_boards: BTreeSet<_> = jobs.iter().map(|job| job.body.board).collect();
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
        let mut boards: BTreeMap<ChangeId, BoardChanges> = ids_of_boards
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
        let reading = boards
            .iter_mut()
            .map(|(id, board)| board.read(client, jobs.iter().filter(|j| j.body.board == *id)));
        try_join_all(reading).await?;

        let mut answers = Vec::with_capacity(jobs.len());
        for job in jobs {
            let Some(board) = boards.get_mut(&job.body.board) else {
                continue;
            };
            if board.is_deleted {
                answers.push(Err(AppendError::Deleted));
                continue;
            }
            let present = board.after;
            board.keeps_erased = !self.limits.keep_erased.is_zero();
            // The disk is that of the database, which reports itself when it is full.
            let Ok(added) = append::append(board, present, job, self.limits, false);
            answers.push(added.map(|(outcome, after)| {
                if present != Some(after) {
                    board.versions.push((outcome.clone(), job.by.clone()));
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
    fn publish(&self, boards: BTreeMap<ChangeId, BoardChanges>) {
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

/// A board in a transaction: the rows read, and those to write.
#[derive(Default)]
struct BoardChanges {
    number: Option<i64>,
    is_deleted: bool,
    /// First cursor of a new board.
    begin: Cursor,
    before: Option<LogExtent>,
    after: Option<LogExtent>,
    stored: HashMap<ChangeId, (Cursor, String)>,
    to_be_erased: HashSet<ChangeId>,
    refused: HashSet<ChangeId>,
    written: BTreeMap<ChangeId, WrittenRow>,
    kept: Vec<ArchivedRow>,
    erasures: BTreeSet<ChangeId>,
    versions: Vec<(AppendOutcome, String)>,
    keeps_erased: bool,
}

struct WrittenRow {
    seq: Cursor,
    json: String,
    /// Whether the change is new.
    is_new: bool,
}

impl BoardChanges {
    /// Reads all rows that the rules may need.
    async fn read(
        &mut self,
        client: &Client,
        jobs: impl Iterator<Item = &AppendRequest>,
    ) -> Result<(), tokio_postgres::Error> {
        let Some(number) = self.number else {
            return Ok(());
        };
        let mut ids = BTreeSet::new();
        for row in jobs.flat_map(|job| &job.body.rows) {
            ids.insert(row.entry.id());
            ids.extend(row.erased_ids());
        }
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let parameters: [Parameter<'_>; 2] = [(&number, Type::INT8), (&ids, Type::TEXT_ARRAY)];
        let (stored, erasures, refused) = try_join3(
            client.query_typed(
                "SELECT id, seq, json FROM cruxboard.changes WHERE board = $1 AND id = ANY($2)",
                &parameters,
            ),
            client.query_typed(
                "SELECT target FROM cruxboard.erasures WHERE board = $1 AND target = ANY($2)",
                &parameters,
            ),
            client.query_typed(
                "SELECT id FROM cruxboard.refused WHERE board = $1 AND id = ANY($2)",
                &parameters,
            ),
        )
        .await?;
        self.stored = stored
            .iter()
            .filter_map(|row| {
                let id = row.get::<_, &str>(0).parse().ok()?;
                Some((id, (row.get(1), row.get(2))))
            })
            .collect();
        let ids = |rows: &[Row]| {
            let ids = rows.iter();
            ids.filter_map(|row| row.get::<_, &str>(0).parse().ok())
                .collect()
        };
        self.to_be_erased = ids(&erasures);
        self.refused = ids(&refused);
        Ok(())
    }

    /// Writes the results of the rules.
    async fn write(
        &mut self,
        client: &Client,
        id: ChangeId,
        notifies: bool,
    ) -> Result<(), TransactionError> {
        let Some(after) = self.after.filter(|_| self.before != self.after) else {
            return Ok(());
        };
        let number = match self.number {
            Some(number) => number,
            None => {
                let query = "INSERT INTO cruxboard.boards (id, cursor, known_from, changes, bytes)
                    VALUES ($1, $2, $2, 0, 0) ON CONFLICT (id) DO NOTHING RETURNING number";
                let name = id.to_string();
                let parameters: [Parameter<'_>; 2] =
                    [(&name, Type::TEXT), (&self.begin, Type::INT8)];
                let made = client.query_typed_opt(query, &parameters).await?;
                let noted = [(&HAD_BOARDS as _, Type::TEXT)];
                client.execute_typed(NOTE_BOARDS, &noted).await?;
                // Another server has created the board since the query, so the results may be wrong.
                let number = made.ok_or(TransactionError::Conflict)?.get(0);
                if self.begin > 0 {
                    let query = "DELETE FROM cruxboard.tombstones WHERE id = $1";
                    client.execute_typed(query, &[(&name, Type::TEXT)]).await?;
                }
                number
            }
        };
        let columns = |is_new: bool| {
            let rows = self.written.iter().filter(|(_, row)| row.is_new == is_new);
            let rows = rows.map(|(id, row)| (id.to_string(), (row.seq, row.json.as_str())));
            let (ids, rows): (Vec<String>, Vec<(Cursor, &str)>) = rows.unzip();
            let (seqs, texts): (Vec<Cursor>, Vec<&str>) = rows.into_iter().unzip();
            (ids, seqs, texts)
        };
        let (new, rewritten) = (columns(true), columns(false));
        let ids: Vec<_> = self.kept.iter().map(|kept| kept.id.to_string()).collect();
        let seqs: Vec<_> = self.kept.iter().map(|kept| kept.seq).collect();
        let texts: Vec<_> = self.kept.iter().map(|kept| kept.json.as_str()).collect();
        let erased_in: Vec<_> = self.kept.iter().map(|kept| kept.erased_in).collect();
        let targets: Vec<_> = self.erasures.iter().map(ToString::to_string).collect();
        let versions = self.versions.iter().map(|(outcome, by)| {
            let counts = (outcome.added as i64, outcome.erased as i64);
            (outcome.cursor, (by.as_str(), counts))
        });
        let (cursors, versions): (Vec<_>, Vec<_>) = versions.unzip();
        let (tokens, counts): (Vec<_>, Vec<_>) = versions.into_iter().unzip();
        let (added, erased): (Vec<_>, Vec<_>) = counts.into_iter().unzip();
        let now = unix_now();
        let notice = format!("{id} {}", after.cursor);

        // Pipelined: the database runs the statements in this order.
        let changes = [
            (
                "INSERT INTO cruxboard.changes (board, id, seq, json)
                SELECT $1, * FROM unnest($2, $3, $4)",
                &new,
            ),
            (
                "UPDATE cruxboard.changes SET seq = new.seq, json = new.json
                FROM unnest($2, $3, $4) AS new (id, seq, json)
                WHERE changes.board = $1 AND changes.id = new.id",
                &rewritten,
            ),
        ];
        let changes = changes.iter().map(async |(query, (ids, seqs, texts))| {
            if ids.is_empty() {
                return Ok(());
            }
            let parameters: [Parameter<'_>; 4] = [
                (&number, Type::INT8),
                (ids, Type::TEXT_ARRAY),
                (seqs, Type::INT8_ARRAY),
                (texts, Type::TEXT_ARRAY),
            ];
            client.execute_typed(query, &parameters).await.map(drop)
        });
        let keep = async {
            if ids.is_empty() {
                return Ok(());
            }
            let query = "INSERT INTO cruxboard.kept (board, erased_at, id, seq, json, erased_in)
                SELECT $1, $2, * FROM unnest($3, $4, $5, $6) ON CONFLICT DO NOTHING";
            let parameters: [Parameter<'_>; 6] = [
                (&number, Type::INT8),
                (&now, Type::INT8),
                (&ids, Type::TEXT_ARRAY),
                (&seqs, Type::INT8_ARRAY),
                (&texts, Type::TEXT_ARRAY),
                (&erased_in, Type::INT8_ARRAY),
            ];
            client.execute_typed(query, &parameters).await.map(drop)
        };
        let erase = async {
            if targets.is_empty() {
                return Ok(());
            }
            let query = "INSERT INTO cruxboard.erasures (board, target)
                SELECT $1, * FROM unnest($2) ON CONFLICT (board, target) DO NOTHING";
            let parameters: [Parameter<'_>; 2] =
                [(&number, Type::INT8), (&targets, Type::TEXT_ARRAY)];
            client.execute_typed(query, &parameters).await.map(drop)
        };
        let note = async {
            let query =
                "INSERT INTO cruxboard.versions (board, made_at, cursor, token, added, erased)
                SELECT $1, $2, * FROM unnest($3, $4, $5, $6)";
            let parameters: [Parameter<'_>; 6] = [
                (&number, Type::INT8),
                (&now, Type::INT8),
                (&cursors, Type::INT8_ARRAY),
                (&tokens, Type::TEXT_ARRAY),
                (&added, Type::INT8_ARRAY),
                (&erased, Type::INT8_ARRAY),
            ];
            client.execute_typed(query, &parameters).await.map(drop)
        };
        let update = async {
            let query =
                "UPDATE cruxboard.boards SET cursor = $2, changes = $3, bytes = $4, kept = $5
                WHERE number = $1";
            let parameters: [Parameter<'_>; 5] = [
                (&number, Type::INT8),
                (&after.cursor, Type::INT8),
                (&after.counts.changes, Type::INT8),
                (&after.counts.bytes, Type::INT8),
                (&after.kept, Type::INT8),
            ];
            client.execute_typed(query, &parameters).await.map(drop)
        };
        let notify = async {
            if !notifies {
                return Ok(());
            }
            let parameters: [Parameter<'_>; 2] =
                [(&notifications::CHANNEL, Type::TEXT), (&notice, Type::TEXT)];
            let query = "SELECT pg_notify($1, $2)";
            client.query_typed(query, &parameters).await.map(drop)
        };
        let bookkeeping = try_join4(keep, erase, note, notify);
        try_join3(try_join_all(changes), bookkeeping, update).await?;
        Ok(())
    }
}

impl BoardRows for BoardChanges {
    type Error = Infallible;

    fn create(&mut self) -> Result<Cursor, Infallible> {
        // The row is inserted by `write`.
        Ok(self.begin)
    }

    fn stored(&self, id: ChangeId) -> Result<Option<String>, Infallible> {
        let written = self.written.get(&id).map(|row| &row.json);
        let stored = || self.stored.get(&id).map(|(_, json)| json);
        Ok(written.or_else(stored).cloned())
    }

    fn is_refused(&self, id: ChangeId) -> Result<bool, Infallible> {
        Ok(self.refused.contains(&id))
    }

    fn is_to_be_erased(&self, id: ChangeId) -> Result<bool, Infallible> {
        Ok(self.erasures.contains(&id) || self.to_be_erased.contains(&id))
    }

    fn insert(&mut self, id: ChangeId, seq: Cursor, json: String) -> Result<(), Infallible> {
        let is_new = true;
        self.written.insert(id, WrittenRow { seq, json, is_new });
        Ok(())
    }

    fn rewrite(
        &mut self,
        id: ChangeId,
        erased_in: Cursor,
        after: String,
    ) -> Result<i64, Infallible> {
        let written = self.written.get(&id).map(|row| (row.seq, &row.json));
        let stored = || self.stored.get(&id).map(|(seq, json)| (*seq, json));
        let mut bytes = 0;
        if let Some((seq, json)) = written.or_else(stored)
            && self.keeps_erased
        {
            bytes = json.len() as i64;
            let json = json.clone();
            self.kept.push(ArchivedRow {
                id,
                seq,
                json,
                erased_in,
            });
        }
        let row = WrittenRow {
            seq: erased_in,
            json: after,
            is_new: !self.stored.contains_key(&id),
        };
        self.written.insert(id, row);
        Ok(bytes)
    }

    fn note_erasure(&mut self, target: ChangeId) -> Result<(), Infallible> {
        self.erasures.insert(target);
        Ok(())
    }
}
