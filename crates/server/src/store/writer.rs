//! The one thread that writes, and what it makes of what it is given.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use cruxboard_domain::{
    Stamp,
    change::{Change, Fact},
    log::{Entry, Log},
};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::schema::BUSY_TIMEOUT;
use super::{Boards, Cursor, Limits, Snapshot, Tip, document, snapshots, tokens};
use crate::{
    metrics::Metrics,
    offer::{Offer, Row},
    token::{SecretHash, Token},
};

/// Something to be written.
pub(super) enum Job {
    Add(Add),
    MakeToken {
        token: Token,
        hash: SecretHash,
        reply: oneshot::Sender<()>,
    },
    RevokeToken {
        id: String,
        reply: oneshot::Sender<bool>,
    },
    KeepSnapshot {
        snapshot: Snapshot,
        content: Bytes,
        reply: oneshot::Sender<bool>,
    },
    RemoveSnapshot {
        id: String,
        made_by: Option<String>,
        reply: oneshot::Sender<bool>,
    },
}

pub(super) struct Add {
    pub(super) offer: Offer,
    pub(super) condition: Condition,
    pub(super) may_create: bool,
    pub(super) reply: oneshot::Sender<Result<Outcome, Refusal>>,
}

/// What must be so for an offer to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Any,
    /// There is no such board yet.
    Absent,
    /// There is one.
    Present,
    /// Its log ends at one of these.
    At(Vec<Cursor>),
}

/// What became of an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Where the log ends now.
    pub cursor: Cursor,
    /// Changes that were not there before.
    pub added: usize,
    /// Ids that were there with other content, which has stayed.
    pub conflicts: Vec<Stamp>,
    /// Whether the board was not there before.
    pub created: bool,
    /// Whether the board now holds exactly what was offered.
    pub is_whole: bool,
}

/// Why an offer was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The condition is not met; this is where the log ends, if there is one.
    Stale(Option<Cursor>),
    /// There is no such board, and whoever offers may not make it.
    MayNotCreate,
    /// The board would become larger than one may be.
    Full,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub changes: i64,
    pub bytes: i64,
}

/// A board's row in the database.
#[derive(Clone, Copy, Debug)]
struct Board {
    number: i64,
    cursor: Cursor,
    counts: Counts,
}

pub(super) struct Writer {
    connection: Connection,
    limits: Limits,
    boards: HashMap<Stamp, Board>,
    published: Arc<Boards>,
    metrics: Arc<Metrics>,
    /// Whether erased content may still be in the write-ahead log.
    to_scrub: bool,
}

impl Writer {
    pub(super) fn new(
        connection: Connection,
        limits: Limits,
        published: Arc<Boards>,
        metrics: Arc<Metrics>,
    ) -> rusqlite::Result<Self> {
        let mut boards = HashMap::new();
        let mut select =
            connection.prepare("SELECT id, number, cursor, changes, bytes FROM boards")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let Ok(id) = id.parse() else {
                tracing::error!(%id, "a board's id cannot be read; `cruxboard check` tells more");
                continue;
            };
            let board = Board {
                number: row.get(1)?,
                cursor: row.get(2)?,
                counts: Counts {
                    changes: row.get(3)?,
                    bytes: row.get(4)?,
                },
            };
            let tip = Tip {
                cursor: board.cursor,
                latest: None,
            };
            published.publish(id, tip);
            boards.insert(id, board);
        }
        drop(rows);
        drop(select);
        Ok(Self {
            connection,
            limits,
            boards,
            published,
            metrics,
            // A server that was killed may have left it so.
            to_scrub: true,
        })
    }

    /// Works until nobody can send another job.
    pub(super) fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        self.scrub(Duration::from_secs(1));
        while let Some(first) = waiting.blocking_recv() {
            let mut jobs = vec![first];
            while jobs.len() < self.limits.batch
                && let Ok(job) = waiting.try_recv()
            {
                jobs.push(job);
            }
            if let Err(jobs) = self.write(jobs) {
                // One job may be what the whole batch failed for; the others must not suffer for it.
                for job in jobs {
                    if self.write(vec![job]).is_err() {
                        self.metrics.failed_writes.add(1);
                    }
                }
            }
        }
    }

    /// Does the jobs in one transaction and answers them. When that fails, nothing has happened, and
    /// the jobs come back.
    fn write(&mut self, jobs: Vec<Job>) -> Result<(), Vec<Job>> {
        let begun = Instant::now();
        match self.commit(&jobs) {
            Ok((answers, written)) => {
                self.metrics.batches.add(1);
                self.metrics.batched_jobs.add(jobs.len() as u64);
                self.metrics
                    .write_micros
                    .add(begun.elapsed().as_micros() as u64);
                // Before the answer, so that who is told that something is erased can rely on it. A check
                // or a backup may read for longer than others should wait.
                if written.erased {
                    self.to_scrub = true;
                    self.scrub(Duration::from_secs(1));
                } else if self.to_scrub {
                    self.scrub(Duration::ZERO);
                }
                self.publish(written);
                for (job, answer) in jobs.into_iter().zip(answers) {
                    job.answer(answer);
                }
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, jobs = jobs.len(), "could not write");
                Err(jobs)
            }
        }
    }

    fn commit(&mut self, jobs: &[Job]) -> rusqlite::Result<(Vec<Answer>, Written)> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch {
            connection: &transaction,
            boards: &self.boards,
            limits: self.limits,
            written: Written::default(),
        };
        let answers = jobs.iter().map(|job| batch.take(job));
        let answers = answers.collect::<rusqlite::Result<_>>()?;
        batch.store_boards()?;
        let written = batch.written;
        transaction.commit()?;
        Ok((answers, written))
    }

    /// Takes over what was written, and tells those who follow.
    fn publish(&mut self, written: Written) {
        for (id, board) in written.boards {
            let before = self
                .boards
                .insert(id, board)
                .map_or(0, |board| board.cursor);
            let latest = self.published.has_followers(id).then(|| {
                let rows = written.rows.iter().filter(|row| row.board == id);
                let document = document(id, rows.map(|row| row.json.as_str()));
                (before, document.into())
            });
            let tip = Tip {
                cursor: board.cursor,
                latest,
            };
            self.published.publish(id, tip);
        }
        self.metrics.added_changes.add(written.added as u64);
        self.metrics.conflicts.add(written.conflicts as u64);
    }

    /// Empties the write-ahead log, where erased content could still be read. Somebody who is reading
    /// can be in the way; then it is tried again after the next batch.
    fn scrub(&mut self, patience: Duration) {
        if let Err(error) = self.connection.busy_timeout(patience) {
            tracing::warn!(%error, "could not set how long to wait");
        }
        let busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        match busy {
            Ok(0) => self.to_scrub = false,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "could not empty the write-ahead log"),
        }
        if let Err(error) = self.connection.busy_timeout(BUSY_TIMEOUT) {
            tracing::warn!(%error, "could not set how long to wait");
        }
    }
}

/// What a job is to be told once it is on the disk.
enum Answer {
    Added(Result<Outcome, Refusal>),
    Made,
    Done(bool),
}

impl Job {
    /// Nobody may be waiting any more; then the answer is for nobody.
    fn answer(self, answer: Answer) {
        match (self, answer) {
            (Self::Add(add), Answer::Added(outcome)) => {
                add.reply.send(outcome).ok();
            }
            (Self::MakeToken { reply, .. }, Answer::Made) => {
                reply.send(()).ok();
            }
            (
                Self::RevokeToken { reply, .. }
                | Self::KeepSnapshot { reply, .. }
                | Self::RemoveSnapshot { reply, .. },
                Answer::Done(done),
            ) => {
                reply.send(done).ok();
            }
            // A reply that is dropped tells its receiver that there is none.
            _ => {}
        }
    }
}

/// What a transaction has changed, to be forgotten when it fails.
#[derive(Default)]
struct Written {
    boards: BTreeMap<Stamp, Board>,
    rows: Vec<WrittenRow>,
    added: usize,
    conflicts: usize,
    erased: bool,
}

struct WrittenRow {
    board: Stamp,
    id: Stamp,
    json: String,
}

/// A transaction under way.
struct Batch<'a> {
    connection: &'a Connection,
    boards: &'a HashMap<Stamp, Board>,
    limits: Limits,
    written: Written,
}

impl Batch<'_> {
    fn take(&mut self, job: &Job) -> rusqlite::Result<Answer> {
        Ok(match job {
            Job::Add(add) => Answer::Added(self.add(add)?),
            Job::MakeToken { token, hash, .. } => {
                tokens::insert(self.connection, token, hash)?;
                Answer::Made
            }
            Job::RevokeToken { id, .. } => Answer::Done(tokens::revoke(self.connection, id)?),
            Job::KeepSnapshot {
                snapshot, content, ..
            } => Answer::Done(snapshots::insert(
                self.connection,
                snapshot,
                content,
                self.limits,
            )?),
            Job::RemoveSnapshot { id, made_by, .. } => {
                let removed = snapshots::remove(self.connection, id, made_by.as_deref())?;
                // It is to be gone from the files too.
                self.written.erased |= removed;
                Answer::Done(removed)
            }
        })
    }

    fn board(&self, id: Stamp) -> Option<Board> {
        let changed = self.written.boards.get(&id);
        changed.or_else(|| self.boards.get(&id)).copied()
    }

    fn add(&mut self, add: &Add) -> rusqlite::Result<Result<Outcome, Refusal>> {
        let id = add.offer.board;
        let present = self.board(id);
        let cursor = present.map(|board| board.cursor);
        let is_met = match &add.condition {
            Condition::Any => true,
            Condition::Absent => cursor.is_none(),
            Condition::Present => cursor.is_some(),
            Condition::At(cursors) => cursor.is_some_and(|cursor| cursors.contains(&cursor)),
        };
        if !is_met {
            return Ok(Err(Refusal::Stale(cursor)));
        }
        if present.is_none() && !add.may_create {
            return Ok(Err(Refusal::MayNotCreate));
        }
        let held = present.map_or(0, |board| board.counts.bytes);
        if held.saturating_add(self.new_bytes(present, &add.offer)?) > self.limits.board_bytes {
            return Ok(Err(Refusal::Full));
        }

        let board = match present {
            Some(board) => board,
            None => self.create(id)?,
        };
        let mut adding = Adding {
            id,
            board,
            connection: self.connection,
            written: &mut self.written,
            differs: false,
            outcome: Outcome {
                created: present.is_none(),
                ..Outcome::default()
            },
        };
        for row in &add.offer.rows {
            adding.add(row)?;
        }
        let Adding {
            board,
            mut outcome,
            differs,
            ..
        } = adding;
        outcome.cursor = board.cursor;
        outcome.is_whole = outcome.conflicts.is_empty()
            && !differs
            && board.counts.changes == add.offer.rows.len() as i64;
        if outcome.created || cursor != Some(board.cursor) {
            self.written.boards.insert(id, board);
        }
        self.written.added += outcome.added;
        self.written.conflicts += outcome.conflicts.len();
        Ok(Ok(outcome))
    }

    /// How many bytes the offer would add, when it could be too many. Looking is dear and mostly needless.
    fn new_bytes(&self, present: Option<Board>, offer: &Offer) -> rusqlite::Result<i64> {
        let offered: usize = offer.rows.iter().map(|row| row.json.len()).sum();
        let offered = i64::try_from(offered).unwrap_or(i64::MAX);
        let Some(board) = present else {
            return Ok(offered);
        };
        if board.counts.bytes.saturating_add(offered) <= self.limits.board_bytes {
            return Ok(offered);
        }
        let mut new = 0;
        for row in &offer.rows {
            if stored(self.connection, board, row.entry.id())?.is_none() {
                new += row.json.len() as i64;
            }
        }
        Ok(new)
    }

    fn create(&mut self, id: Stamp) -> rusqlite::Result<Board> {
        let query = "INSERT INTO boards (id, cursor, known_from, changes, bytes)
            VALUES (?1, 0, 0, 0, 0)";
        self.connection
            .prepare_cached(query)?
            .execute([id.to_string()])?;
        Ok(Board {
            number: self.connection.last_insert_rowid(),
            cursor: 0,
            counts: Counts::default(),
        })
    }

    fn store_boards(&self) -> rusqlite::Result<()> {
        let query = "UPDATE boards SET cursor = ?2, changes = ?3, bytes = ?4 WHERE number = ?1";
        let mut update = self.connection.prepare_cached(query)?;
        for board in self.written.boards.values() {
            let Counts { changes, bytes } = board.counts;
            update.execute(params![board.number, board.cursor, changes, bytes])?;
        }
        Ok(())
    }
}

/// One offer being added to one board.
struct Adding<'a> {
    id: Stamp,
    board: Board,
    connection: &'a Connection,
    written: &'a mut Written,
    /// Whether something is stored otherwise than it was offered.
    differs: bool,
    outcome: Outcome,
}

impl Adding<'_> {
    fn add(&mut self, row: &Row) -> rusqlite::Result<()> {
        let id = row.entry.id();
        match stored(self.connection, self.board, id)? {
            None if self.is_to_be_erased(id)? => {
                self.differs = true;
                self.insert(id, erased(row.entry.clone()).to_json())?;
            }
            None => self.insert(id, row.json.clone())?,
            Some(json) if json == row.json => {}
            Some(json) => match meet(&json, &row.entry) {
                Meeting::Same => self.differs = true,
                Meeting::Erased(erased) => self.rewrite(id, &json, erased)?,
                Meeting::Conflict => {
                    self.outcome.conflicts.push(id);
                    // What did not get in must not erase anything either.
                    return Ok(());
                }
            },
        }
        for target in row.erases() {
            self.erase(*target)?;
        }
        Ok(())
    }

    fn insert(&mut self, id: Stamp, json: String) -> rusqlite::Result<()> {
        self.board.cursor += 1;
        self.board.counts.changes += 1;
        self.board.counts.bytes += json.len() as i64;
        self.outcome.added += 1;
        let query = "INSERT INTO changes (board, id, seq, json) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![
            self.board.number,
            id.to_string(),
            self.board.cursor,
            json
        ])?;
        self.note(id, json);
        Ok(())
    }

    /// Puts other content in the place of a change, as a new row for those who follow.
    fn rewrite(&mut self, id: Stamp, before: &str, json: String) -> rusqlite::Result<()> {
        self.differs = true;
        self.board.cursor += 1;
        self.board.counts.bytes += json.len() as i64 - before.len() as i64;
        let query = "UPDATE changes SET seq = ?3, json = ?4 WHERE board = ?1 AND id = ?2";
        let mut update = self.connection.prepare_cached(query)?;
        update.execute(params![
            self.board.number,
            id.to_string(),
            self.board.cursor,
            json
        ])?;
        self.written.erased = true;
        // A batch may have brought what it erases; its followers are not to see that.
        let board = self.id;
        self.written
            .rows
            .retain(|row| row.board != board || row.id != id);
        self.note(id, json);
        Ok(())
    }

    fn note(&mut self, id: Stamp, json: String) {
        self.written.rows.push(WrittenRow {
            board: self.id,
            id,
            json,
        });
    }

    /// Takes the content of a change away, now or when it comes.
    fn erase(&mut self, target: Stamp) -> rusqlite::Result<()> {
        let query = "INSERT OR IGNORE INTO erasures (board, target) VALUES (?1, ?2)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![self.board.number, target.to_string()])?;
        if let Some(before) = stored(self.connection, self.board, target)?
            && let Ok(entry) = Entry::from_json(&before)
        {
            let after = erased(entry).to_json();
            if after != before {
                self.rewrite(target, &before, after)?;
            }
        }
        Ok(())
    }

    fn is_to_be_erased(&self, id: Stamp) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM erasures WHERE board = ?1 AND target = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        select.exists(params![self.board.number, id.to_string()])
    }
}

fn stored(connection: &Connection, board: Board, id: Stamp) -> rusqlite::Result<Option<String>> {
    let query = "SELECT json FROM changes WHERE board = ?1 AND id = ?2";
    let mut select = connection.prepare_cached(query)?;
    let found = select.query_row(params![board.number, id.to_string()], |row| row.get(0));
    found.optional()
}

/// What comes of two texts with one id.
enum Meeting {
    Same,
    Erased(String),
    Conflict,
}

/// The first one stays, except for what either of them erases; that the domain decides.
fn meet(stored: &str, offered: &Entry) -> Meeting {
    let Ok(present) = Entry::from_json(stored) else {
        return Meeting::Conflict;
    };
    if present == *offered {
        return Meeting::Same;
    }
    let kind = |entry: &Entry| match entry.known().map(|change| &change.fact) {
        Some(Fact::Blank) => (true, false),
        Some(Fact::Redacted(_)) => (false, true),
        _ => (false, false),
    };
    let erases = match (kind(&present), kind(offered)) {
        ((true, _), _) | (_, (true, _)) => true,
        ((_, present), (_, offered)) => present && offered,
    };
    if !erases {
        return Meeting::Conflict;
    }
    let id = present.id();
    let mut log = Log::default();
    log.add(present);
    log.add(offered.clone());
    match log.entry(id).map(Entry::to_json) {
        Some(json) if json != stored => Meeting::Erased(json),
        _ => Meeting::Same,
    }
}

/// The change without its content.
pub(super) fn erased(entry: Entry) -> Entry {
    let id = entry.id();
    let by_another = if id == Stamp::MAX {
        Stamp::MIN
    } else {
        Stamp::MAX
    };
    let mut log = Log::default();
    log.add(Entry::Known(Change {
        id: by_another,
        by: None,
        part_of: None,
        fact: Fact::Redacted(vec![id]),
    }));
    log.add(entry.clone());
    log.entry(id).cloned().unwrap_or(entry)
}
