//! The PostgreSQL backend, for any number of servers at one database.
//!
//! Servers are stateless but for subscriptions: every response comes from the database, so any server can
//! handle any request. `writer` appends changes in transactions that lock the board's row, `notifications`
//! receives the writes of other servers (LISTEN/NOTIFY), `pool` holds the connections.

pub(super) mod boards;
pub(super) mod maintenance;
mod notifications;
mod page;
mod pool;
mod schema;
mod snapshots;
mod tokens;
pub(super) mod versions;
mod writer;

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use axum::body::Bytes;
use cruxboard_domain::BoardId;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_postgres::types::Type;

use self::{
    pool::{Parameter, Pool},
    writer::{Job, Writer},
};
use super::{
    AppendError, AppendOutcome, BoardState, Cursor, OpenError, Opened, Page, PostgresError,
    PostgresUrl, Readiness, Snapshot, SnapshotScope, StoreError, StoreLimits, Tip,
    append::AppendRequest,
    backend::Backend,
    subscriptions::Subscriptions,
    versions::{MIN_VERSIONS, RetentionCutoffs},
};
use crate::{
    metrics::Metrics,
    token::{SecretHash, Token, unix_now},
};

/// Capacity of the channel for rosters of other servers. Missed rosters are repeated.
const ROSTER_BUFFER: usize = 256;
/// Number of writer tasks. All changes of a board go to the same one, so that they are batched (group
/// commit).
const WRITERS: usize = 4;

/// A handle to the database; clones share it.
#[derive(Clone)]
pub(super) struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    pool: Pool,
    limits: StoreLimits,
    nonce: RwLock<Arc<str>>,
    opened: Opened,
    subscriptions: Arc<Subscriptions>,
    writers: Vec<mpsc::Sender<Job>>,
    /// Rosters from other servers, if the database supports NOTIFY.
    rosters: Option<broadcast::Sender<Arc<str>>>,
}

impl Database {
    pub(super) async fn open(
        url: &PostgresUrl,
        limits: StoreLimits,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let opened = Self::open_with(url, limits, Some(metrics)).await;
        opened.map_err(|source| failed(url, source))
    }

    /// Opens the database for a command, without writers and subscriptions.
    pub(super) async fn open_for_command(url: &PostgresUrl) -> Result<Self, OpenError> {
        let opened = Self::open_with(url, StoreLimits::default(), None).await;
        opened.map_err(|source| failed(url, source))
    }

    async fn open_with(
        url: &PostgresUrl,
        limits: StoreLimits,
        metrics: Option<Arc<Metrics>>,
    ) -> Result<Self, PostgresError> {
        let pool = Pool::new(url.config())?;
        let client = pool.connect(None).await?;
        let is_new = schema::migrate(&client).await?;
        schema::require_synchronous_commit(&client).await?;
        let nonce = schema::nonce(&client).await?;
        let notifies = schema::notifies(&client).await;
        let (has_boards, had_boards) = schema::boards(&client).await?;
        let opened = Opened {
            is_new,
            has_boards,
            had_boards,
        };
        let subscriptions = Arc::new(Subscriptions::default());
        let mut writers = Vec::new();
        for _ in 0..if metrics.is_some() { WRITERS } else { 0 } {
            let (writer, waiting) = mpsc::channel(limits.waiting_jobs);
            writers.push(writer);
            let Some(metrics) = metrics.clone() else {
                continue;
            };
            let writer = Writer {
                pool: pool.clone(),
                client: None,
                limits,
                notifies,
                subscriptions: Arc::clone(&subscriptions),
                metrics,
            };
            tokio::spawn(writer.run(waiting));
        }
        let shared = Arc::new(Shared {
            pool,
            limits,
            nonce: RwLock::new(nonce.into()),
            opened,
            subscriptions,
            writers,
            rosters: notifies.then(|| broadcast::channel(ROSTER_BUFFER).0),
        });
        if metrics.is_some() {
            tokio::spawn(notifications::listen(Arc::downgrade(&shared)));
        }
        Ok(Self { shared })
    }

    async fn read(&self, query: &str, parameters: &[Parameter<'_>]) -> Result<(), StoreError> {
        self.shared.pool.read(query, parameters).await?;
        Ok(())
    }
}

#[async_trait]
impl Backend for Database {
    fn opened(&self) -> Opened {
        self.shared.opened
    }

    /// Each transaction is complete by itself.
    async fn close(&self) {}

    fn nonce(&self) -> Arc<str> {
        self.shared.nonce()
    }

    fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        let rosters = self.shared.rosters.as_ref();
        rosters.map(broadcast::Sender::subscribe)
    }

    async fn send_roster(&self, roster: &str) -> Result<(), StoreError> {
        let notice = format!("{}{roster}", notifications::ROSTER);
        let parameters: [Parameter<'_>; 2] =
            [(&notifications::CHANNEL, Type::TEXT), (&notice, Type::TEXT)];
        self.read("SELECT pg_notify($1, $2)", &parameters).await
    }

    async fn append(
        &self,
        request: AppendRequest,
    ) -> Result<Result<AppendOutcome, AppendError>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let mut hasher = DefaultHasher::new();
        request.body.board.hash(&mut hasher);
        let writer = hasher.finish() as usize % self.shared.writers.len().max(1);
        let writer = self
            .shared
            .writers
            .get(writer)
            .ok_or(StoreError::WriterStopped)?;
        writer
            .send(Job { request, reply })
            .await
            .or(Err(StoreError::WriterStopped))?;
        Ok(answer.await.or(Err(StoreError::WriterStopped))??)
    }

    async fn cursor(&self, board: BoardId) -> Result<Option<Cursor>, StoreError> {
        let query = "SELECT cursor FROM cruxboard.boards WHERE id = $1 AND deleted_at IS NULL";
        let id = board.to_string();
        let rows = self.shared.pool.read(query, &[(&id, Type::TEXT)]).await?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    /// Deletes a board, and returns its previous state.
    async fn delete_board(&self, board: BoardId) -> Result<BoardState, StoreError> {
        let pool = &self.shared.pool;
        let (id, now) = (board.to_string(), unix_now());
        let parameters: [Parameter<'_>; 2] = [(&id, Type::TEXT), (&now, Type::INT8)];
        if pool.write(boards::DELETE, &parameters).await? == 0 {
            return self.board_state(board).await;
        }
        self.shared.subscriptions.remove(board);
        let mark: [Parameter<'_>; 1] = [(&schema::HAD_BOARDS, Type::TEXT)];
        pool.write(boards::FORGET_BOARDS, &mark).await?;
        if self.shared.limits.keep_erased.is_zero() {
            boards::purge(pool, now).await?;
            snapshots::remove_ended(pool).await?;
        }
        Ok(BoardState::Present)
    }

    /// Restores a deleted board, and returns its previous state.
    async fn restore_board(&self, board: BoardId) -> Result<BoardState, StoreError> {
        let pool = &self.shared.pool;
        let id = board.to_string();
        if pool.write(boards::RESTORE, &[(&id, Type::TEXT)]).await? == 0 {
            return self.board_state(board).await;
        }
        let mark: [Parameter<'_>; 1] = [(&schema::HAD_BOARDS, Type::TEXT)];
        pool.write(schema::NOTE_BOARDS, &mark).await?;
        Ok(BoardState::Deleted)
    }

    async fn board_state(&self, board: BoardId) -> Result<BoardState, StoreError> {
        let id = board.to_string();
        let pool = &self.shared.pool;
        let rows = pool.read(boards::STATE, &[(&id, Type::TEXT)]).await?;
        Ok(BoardState::of(rows.first().map(|row| row.get(0))))
    }

    async fn follow(&self, board: BoardId) -> Result<Option<watch::Receiver<Tip>>, StoreError> {
        // Subscribes before the query, so that no change is missed.
        let tips = self.shared.subscriptions.follow_or_create(board);
        let Some(cursor) = self.cursor(board).await? else {
            return Ok(None);
        };
        let tip = Tip {
            cursor,
            latest: None,
        };
        self.shared.subscriptions.publish_if_later(board, tip);
        Ok(Some(tips))
    }

    async fn after(&self, board: BoardId, after: Cursor) -> Result<Option<Page>, StoreError> {
        Ok(page::read(&self.shared.pool, board, after).await?)
    }

    async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        Ok(tokens::by_hash(&self.shared.pool, hash).await?)
    }

    async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        Ok(tokens::by_id(&self.shared.pool, id).await?)
    }

    async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        Ok(tokens::all(&self.shared.pool).await?)
    }

    async fn make_token(&self, token: Token, hash: SecretHash) -> Result<(), StoreError> {
        Ok(tokens::insert(&self.shared.pool, &token, &hash).await?)
    }

    async fn make_first_token(&self, token: Token, hash: SecretHash) -> Result<bool, StoreError> {
        Ok(tokens::insert_first(&self.shared.pool, &token, &hash).await?)
    }

    async fn revoke_token(&self, id: String) -> Result<bool, StoreError> {
        Ok(tokens::revoke(&self.shared.pool, &id).await?)
    }

    async fn store_snapshot(&self, snapshot: Snapshot, content: Bytes) -> Result<bool, StoreError> {
        let (pool, quota) = (&self.shared.pool, self.shared.limits.snapshot_bytes);
        Ok(snapshots::insert(pool, &snapshot, &content, quota).await?)
    }

    async fn remove_snapshot(&self, id: String, of: SnapshotScope) -> Result<bool, StoreError> {
        Ok(snapshots::remove(&self.shared.pool, &id, &of).await?)
    }

    async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(snapshots::content(&self.shared.pool, id).await?)
    }

    async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        Ok(snapshots::list(&self.shared.pool, of).await?)
    }

    async fn try_write(&self) -> Result<(), StoreError> {
        let query = "INSERT INTO cruxboard.store VALUES ('probe', $1)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let now = unix_now().to_string();
        let parameters: [Parameter<'_>; 1] = [(&now, Type::TEXT)];
        self.shared.pool.write(query, &parameters).await?;
        Ok(())
    }

    async fn readiness(&self) -> Readiness {
        match self.shared.pool.read("SELECT 1", &[]).await {
            Ok(_) => Readiness::Ready,
            Err(_) => Readiness::Unavailable,
        }
    }

    async fn collect_garbage(&self) -> Result<(), StoreError> {
        let RetentionCutoffs { erased, written } = RetentionCutoffs::now(self.shared.limits);
        let pool = &self.shared.pool;
        // Locks the rows of boards first, as a writer does. The sum excludes the deleted rows by their date,
        // since all parts of a statement see the state before it.
        let query = "WITH locked AS (
                SELECT number FROM cruxboard.boards
                WHERE EXISTS (SELECT 1 FROM cruxboard.kept WHERE kept.board = boards.number)
                ORDER BY id FOR UPDATE
            ), gone AS (
                DELETE FROM cruxboard.kept USING locked
                WHERE kept.board = locked.number AND erased_at <= $1
            )
            UPDATE cruxboard.boards SET kept = (
                SELECT coalesce(sum(octet_length(json)), 0) FROM cruxboard.kept
                WHERE kept.board = boards.number AND erased_at > $1
            )
            WHERE number IN (SELECT number FROM locked)";
        pool.write(query, &[(&erased, Type::INT8)]).await?;
        boards::purge(pool, erased).await?;
        snapshots::remove_ended(pool).await?;
        let query = "DELETE FROM cruxboard.versions WHERE made_at < $1 AND cursor < (
                SELECT min(cursor) FROM (
                    SELECT cursor FROM cruxboard.versions AS later
                    WHERE later.board = versions.board ORDER BY cursor DESC LIMIT $2
                ) AS latest
            )";
        let parameters: [Parameter<'_>; 2] = [(&written, Type::INT8), (&MIN_VERSIONS, Type::INT8)];
        pool.write(query, &parameters).await?;
        Ok(())
    }
}

impl Shared {
    fn nonce(&self) -> Arc<str> {
        let nonce = self.nonce.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&nonce)
    }
}

/// Adds the name of the database to an error.
fn failed(url: &PostgresUrl, source: PostgresError) -> OpenError {
    OpenError::Postgres {
        database: url.to_string(),
        source,
    }
}
