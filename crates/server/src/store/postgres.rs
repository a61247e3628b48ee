//! The PostgreSQL backend, for any number of servers at one database.
//!
//! Servers are stateless but for subscriptions: every response comes from the database, so any server can
//! handle any request. `writer` appends changes in transactions that lock the board's row, `notifications`
//! receives the writes of other servers (LISTEN/NOTIFY), `pool` holds the connections.

pub(super) mod boards;
pub(super) mod maintenance;
mod notifications;
mod pool;
mod schema;
pub(super) mod versions;
mod writer;

use std::{
    fmt,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, PoisonError, RwLock},
};

use cruxboard_domain::ChangeId;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_postgres::{
    Config, Row,
    config::{Host, SslMode},
    error::SqlState,
    types::Type,
};

use self::pool::{Parameter, Pool};
use super::{
    AppendError, AppendOutcome, BoardState, Cursor, DatabaseUrlError, OpenError, Opened, Page,
    Readiness, Snapshot, SnapshotScope, StoreError, StoreLimits, WriteError,
    append::AppendRequest,
    document,
    subscriptions::{Subscriptions, Tip},
    versions::{MIN_VERSIONS, RetentionCutoffs},
};
use crate::{
    metrics::Metrics,
    token::{Rights, SecretHash, Token, unix_now},
};

/// Capacity of the channel for rosters of other servers. Missed rosters are repeated.
const ROSTER_BUFFER: usize = 256;
/// Number of writer tasks. All changes of a board go to the same one, so that they are batched (group commit).
const WRITERS: usize = 4;

/// SQL condition: the snapshot has not ended at time `$1`. It also holds in a restored backup, where the
/// maker's token was revoked after the backup.
const NOT_ENDED: &str = "expires_at > $1 AND (outlives_token != 0 OR NOT EXISTS (
        SELECT 1 FROM cruxboard.tokens
        WHERE tokens.id = snapshots.made_by AND revoked_at IS NOT NULL
    ))";

/// The connection parameters of a database, from its URL.
#[derive(Clone)]
pub struct Address(Config);

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        // Without `sslmode`, only connections within this machine are unencrypted.
        let mut parameters = text.split(['?', '&']).skip(1);
        let mode = parameters.find_map(|parameter| parameter.strip_prefix("sslmode="));
        if let Some(mode @ ("allow" | "prefer")) = mode {
            return Err(DatabaseUrlError::SslMode(mode.to_owned()));
        }
        let mut config: Config = text.parse().map_err(DatabaseUrlError::Address)?;
        if mode.is_none() {
            let is_here = config.get_hosts().iter().all(is_this_machine);
            config.ssl_mode(if is_here {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        Ok(Self(config))
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// For messages, without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.get_dbname().or(self.0.get_user());
        write!(f, "PostgreSQL database {} at ", name.unwrap_or_default())?;
        for (at, host) in self.0.get_hosts().iter().enumerate() {
            let ports = self.0.get_ports();
            let port = ports.get(at).or(ports.first()).unwrap_or(&5432);
            let comma = if at > 0 { ", " } else { "" };
            match host {
                Host::Tcp(host) => write!(f, "{comma}{host}:{port}")?,
                #[cfg(unix)]
                Host::Unix(folder) => write!(f, "{comma}{}", folder.display())?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Why a PostgreSQL operation failed.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    #[error(transparent)]
    Driver(#[from] tokio_postgres::Error),
    #[error("the database did not answer in time")]
    TimedOut,
    #[error("this machine has no trusted certificates; name a file with them in SSL_CERT_FILE")]
    NoCertificates,
    #[error(
        "the database acknowledges writes before they are on disk; set `ALTER DATABASE … SET synchronous_commit = on`"
    )]
    AsynchronousCommit,
    #[error("the database was written by a newer Cruxboard; update this server")]
    TooNew,
    #[error("the connection pool has no runtime")]
    NoRuntime,
    #[error("the {0} in the database cannot be read")]
    Unreadable(&'static str),
}

impl From<&PostgresError> for WriteError {
    fn from(error: &PostgresError) -> Self {
        let code = match error {
            PostgresError::Driver(error) => error.code(),
            _ => None,
        };
        if code == Some(&SqlState::DISK_FULL) {
            Self::DiskFull
        } else if code == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
            Self::ReadOnly
        } else {
            Self::Failed
        }
    }
}

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
    writers: Vec<mpsc::Sender<AppendRequest>>,
    /// Rosters from other servers, if the database supports NOTIFY.
    rosters: Option<broadcast::Sender<Arc<str>>>,
}

impl Database {
    pub(super) async fn open(
        address: &Address,
        limits: StoreLimits,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OpenError> {
        let opened = Self::open_with(address, limits, Some(metrics)).await;
        opened.map_err(|source| failed(address, source))
    }

    /// Opens the database for a command, without writers and subscriptions.
    pub(super) async fn open_for_command(address: &Address) -> Result<Self, OpenError> {
        let opened = Self::open_with(address, StoreLimits::default(), None).await;
        opened.map_err(|source| failed(address, source))
    }

    async fn open_with(
        address: &Address,
        limits: StoreLimits,
        metrics: Option<Arc<Metrics>>,
    ) -> Result<Self, PostgresError> {
        let pool = Pool::new(address.0.clone())?;
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
            let writer = writer::Writer {
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

    /// Returns a weak handle.
    pub(super) fn downgrade(&self) -> impl Fn() -> Option<Self> + Send + use<> {
        let shared = Arc::downgrade(&self.shared);
        move || {
            let shared = shared.upgrade()?;
            Some(Self { shared })
        }
    }

    pub(super) fn rosters(&self) -> Option<broadcast::Receiver<Arc<str>>> {
        self.shared
            .rosters
            .as_ref()
            .map(broadcast::Sender::subscribe)
    }

    pub(super) async fn send_roster(&self, roster: &str) -> Result<(), StoreError> {
        let notice = format!("{}{roster}", notifications::ROSTER);
        let parameters: [Parameter<'_>; 2] =
            [(&notifications::CHANNEL, Type::TEXT), (&notice, Type::TEXT)];
        let query = "SELECT pg_notify($1, $2)";
        self.shared.pool.read(query, &parameters).await?;
        Ok(())
    }

    /// Removes expired data.
    pub(super) async fn collect_garbage(&self) -> Result<(), StoreError> {
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
        self.remove_ended_snapshots().await?;
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

    pub(super) fn nonce(&self) -> Arc<str> {
        self.shared.nonce()
    }

    pub(super) fn opened(&self) -> Opened {
        self.shared.opened
    }

    pub(super) async fn append(
        &self,
        request: AppendRequest,
        answer: oneshot::Receiver<Result<Result<AppendOutcome, AppendError>, WriteError>>,
    ) -> Result<Result<AppendOutcome, AppendError>, StoreError> {
        let mut hasher = DefaultHasher::new();
        request.body.board.hash(&mut hasher);
        let writer = hasher.finish() as usize % self.shared.writers.len().max(1);
        let writer = self
            .shared
            .writers
            .get(writer)
            .ok_or(StoreError::WriterStopped)?;
        writer
            .send(request)
            .await
            .or(Err(StoreError::WriterStopped))?;
        Ok(answer.await.or(Err(StoreError::WriterStopped))??)
    }

    pub(super) async fn cursor(&self, board: ChangeId) -> Result<Option<Cursor>, StoreError> {
        let query = "SELECT cursor FROM cruxboard.boards WHERE id = $1 AND deleted_at IS NULL";
        let row = self.row(query, &[(&board.to_string(), Type::TEXT)]).await?;
        Ok(row.map(|row| row.get(0)))
    }

    /// Deletes a board, and says how it stood before.
    pub(super) async fn delete_board(&self, board: ChangeId) -> Result<BoardState, StoreError> {
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
            self.remove_ended_snapshots().await?;
        }
        Ok(BoardState::Present)
    }

    /// Restores a deleted board, and returns its previous state.
    pub(super) async fn restore_board(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        let pool = &self.shared.pool;
        let id = board.to_string();
        if pool.write(boards::RESTORE, &[(&id, Type::TEXT)]).await? == 0 {
            return self.board_state(board).await;
        }
        let mark: [Parameter<'_>; 1] = [(&schema::HAD_BOARDS, Type::TEXT)];
        pool.write(schema::NOTE_BOARDS, &mark).await?;
        Ok(BoardState::Deleted)
    }

    pub(super) async fn board_state(&self, board: ChangeId) -> Result<BoardState, StoreError> {
        let id = board.to_string();
        let row = self.row(boards::STATE, &[(&id, Type::TEXT)]).await?;
        Ok(BoardState::of(row.map(|row| row.get(0))))
    }

    pub(super) async fn follow(
        &self,
        board: ChangeId,
    ) -> Result<Option<watch::Receiver<Tip>>, StoreError> {
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

    pub(super) async fn after(
        &self,
        board: ChangeId,
        after: Cursor,
    ) -> Result<Option<Page>, StoreError> {
        Ok(self.shared.after(board, after).await?)
    }

    pub(super) async fn token(&self, hash: &SecretHash) -> Result<Option<Token>, StoreError> {
        let query = format!("SELECT {TOKEN} FROM cruxboard.tokens WHERE hash = $1");
        let row = self.row(&query, &[(&hash.as_slice(), Type::BYTEA)]).await?;
        Ok(row.as_ref().map(token).transpose()?)
    }

    pub(super) async fn token_by_id(&self, id: &str) -> Result<Option<Token>, StoreError> {
        let query = format!("SELECT {TOKEN} FROM cruxboard.tokens WHERE id = $1");
        let row = self.row(&query, &[(&id, Type::TEXT)]).await?;
        Ok(row.as_ref().map(token).transpose()?)
    }

    pub(super) async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let query = format!("SELECT {TOKEN} FROM cruxboard.tokens ORDER BY made_at, id");
        let rows = self.shared.pool.read(&query, &[]).await?;
        Ok(rows.iter().map(token).collect::<Result<_, _>>()?)
    }

    pub(super) async fn make_token(
        &self,
        token: &Token,
        hash: &SecretHash,
    ) -> Result<(), StoreError> {
        self.insert_token(token, hash, "").await?;
        Ok(())
    }

    pub(super) async fn make_first_token(
        &self,
        token: &Token,
        hash: &SecretHash,
    ) -> Result<bool, StoreError> {
        // One statement, so that it succeeds for one server only: the others find the mark.
        let only_once = "WITH mark AS (
                INSERT INTO cruxboard.store (name, value)
                SELECT 'first token', $2 WHERE NOT EXISTS (SELECT 1 FROM cruxboard.tokens)
                ON CONFLICT (name) DO NOTHING RETURNING name
            )";
        Ok(self.insert_token(token, hash, only_once).await? > 0)
    }

    async fn insert_token(
        &self,
        token: &Token,
        hash: &SecretHash,
        mark: &str,
    ) -> Result<u64, StoreError> {
        let board = token.board.map(|board| board.to_string());
        let from = if mark.is_empty() { "" } else { "FROM mark" };
        let query = format!(
            "{mark} INSERT INTO cruxboard.tokens (hash, {TOKEN})
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 {from}"
        );
        let (hash, rights) = (hash.as_slice(), token.rights.name());
        // PostgreSQL's TEXT cannot hold NUL.
        let note = token.note.replace('\0', "");
        let parameters: [Parameter<'_>; 9] = [
            (&hash, Type::BYTEA),
            (&token.id, Type::TEXT),
            (&rights, Type::TEXT),
            (&board, Type::TEXT),
            (&note, Type::TEXT),
            (&token.made_by, Type::TEXT),
            (&token.made_at, Type::INT8),
            (&token.expires_at, Type::INT8),
            (&token.revoked_at, Type::INT8),
        ];
        Ok(self.shared.pool.write(&query, &parameters).await?)
    }

    pub(super) async fn revoke_token(&self, id: &str) -> Result<bool, StoreError> {
        const DESCENDANTS: &str = "WITH RECURSIVE line (id) AS (
                SELECT $1
                UNION SELECT tokens.id FROM cruxboard.tokens JOIN line ON tokens.made_by = line.id
            )";
        let pool = &self.shared.pool;
        let end = format!(
            "{DESCENDANTS} UPDATE cruxboard.tokens SET revoked_at = coalesce(revoked_at, $2)
            WHERE id IN (SELECT id FROM line)"
        );
        let parameters: [Parameter<'_>; 2] = [(&id, Type::TEXT), (&unix_now(), Type::INT8)];
        let tokens = pool.write(&end, &parameters).await?;
        // A snapshot that is stored in between, or left after an error, has ended and is deleted later.
        let remove = format!(
            "{DESCENDANTS} DELETE FROM cruxboard.snapshots
            WHERE made_by IN (SELECT id FROM line) AND outlives_token = 0"
        );
        let snapshots = pool.write(&remove, &[(&id, Type::TEXT)]).await?;
        Ok(tokens + snapshots > 0)
    }

    pub(super) async fn store_snapshot(
        &self,
        snapshot: &Snapshot,
        content: &[u8],
    ) -> Result<bool, StoreError> {
        self.remove_ended_snapshots().await?;
        // The first ancestor of the maker's token pays. A user named by a proxy has no stored token. Two
        // concurrent requests may both fit; for a limit against filling the disk that is good enough.
        let query = "
            WITH RECURSIVE line (id, made_by) AS (
                SELECT id, made_by FROM cruxboard.tokens WHERE id = $2
                UNION SELECT tokens.id, tokens.made_by
                FROM cruxboard.tokens JOIN line ON tokens.id = line.made_by
            ), bill (paid_by) AS (
                SELECT coalesce((
                    SELECT coalesce(made_by, id) FROM line
                    WHERE made_by IS NULL OR made_by NOT IN (SELECT id FROM cruxboard.tokens)
                ), $2)
            )
            INSERT INTO cruxboard.snapshots
                (id, made_by, made_at, expires_at, content, board, outlives_token, billed_to)
            SELECT $1, $2, $3, $4, $5, $7, $8, paid_by FROM bill
            WHERE $6 >= octet_length($5) + (
                SELECT coalesce(sum(octet_length(content)), 0)
                FROM cruxboard.snapshots WHERE billed_to = paid_by
            )";
        let board = snapshot.board.map(|board| board.to_string());
        let outlives_token = i64::from(snapshot.outlives_token);
        let parameters: [Parameter<'_>; 8] = [
            (&snapshot.id, Type::TEXT),
            (&snapshot.made_by, Type::TEXT),
            (&snapshot.made_at, Type::INT8),
            (&snapshot.expires_at, Type::INT8),
            (&content, Type::BYTEA),
            (&self.shared.limits.snapshot_bytes, Type::INT8),
            (&board, Type::TEXT),
            (&outlives_token, Type::INT8),
        ];
        Ok(self.shared.pool.write(query, &parameters).await? > 0)
    }

    async fn remove_ended_snapshots(&self) -> Result<(), StoreError> {
        let query = format!("DELETE FROM cruxboard.snapshots WHERE NOT ({NOT_ENDED})");
        let pool = &self.shared.pool;
        pool.write(&query, &[(&unix_now(), Type::INT8)]).await?;
        Ok(())
    }

    pub(super) async fn remove_snapshot(
        &self,
        id: &str,
        of: &SnapshotScope,
    ) -> Result<bool, StoreError> {
        let (made_by, board) = of.columns();
        let query = "DELETE FROM cruxboard.snapshots
            WHERE id = $1 AND ($2 IS NULL OR made_by = $2) AND ($3 IS NULL OR board = $3)";
        let parameters: [Parameter<'_>; 3] = [
            (&id, Type::TEXT),
            (&made_by, Type::TEXT),
            (&board, Type::TEXT),
        ];
        Ok(self.shared.pool.write(query, &parameters).await? > 0)
    }

    pub(super) async fn snapshot(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let query =
            format!("SELECT content FROM cruxboard.snapshots WHERE id = $2 AND {NOT_ENDED}");
        // PostgreSQL's TEXT cannot hold NUL, and no id has one.
        let id = id.replace('\0', "?");
        let parameters: [Parameter<'_>; 2] = [(&unix_now(), Type::INT8), (&id, Type::TEXT)];
        Ok(self.row(&query, &parameters).await?.map(|row| row.get(0)))
    }

    pub(super) async fn snapshots(&self, of: &SnapshotScope) -> Result<Vec<Snapshot>, StoreError> {
        let (made_by, board) = of.columns();
        let query = format!(
            "SELECT id, made_by, board, made_at, expires_at, outlives_token,
                octet_length(content)::bigint
            FROM cruxboard.snapshots
            WHERE {NOT_ENDED} AND ($2 IS NULL OR made_by = $2) AND ($3 IS NULL OR board = $3)
            ORDER BY made_at, id"
        );
        let parameters: [Parameter<'_>; 3] = [
            (&unix_now(), Type::INT8),
            (&made_by, Type::TEXT),
            (&board, Type::TEXT),
        ];
        let rows = self.shared.pool.read(&query, &parameters).await?;
        let snapshots = rows.iter().map(|row| Snapshot {
            id: row.get(0),
            made_by: row.get(1),
            board: row
                .get::<_, Option<&str>>(2)
                .and_then(|board| board.parse().ok()),
            made_at: row.get(3),
            expires_at: row.get(4),
            outlives_token: row.get::<_, i64>(5) != 0,
            bytes: row.get::<_, i64>(6).unsigned_abs() as usize,
        });
        Ok(snapshots.collect())
    }

    pub(super) async fn try_write(&self) -> Result<(), StoreError> {
        let query = "INSERT INTO cruxboard.store VALUES ('probe', $1)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let now = unix_now().to_string();
        let parameters: [Parameter<'_>; 1] = [(&now, Type::TEXT)];
        self.shared.pool.write(query, &parameters).await?;
        Ok(())
    }

    pub(super) async fn readiness(&self) -> Readiness {
        match self.shared.pool.read("SELECT 1", &[]).await {
            Ok(_) => Readiness::Ready,
            Err(_) => Readiness::Unavailable,
        }
    }

    async fn row(
        &self,
        query: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Option<Row>, PostgresError> {
        let rows = self.shared.pool.read(query, parameters).await?;
        Ok(rows.into_iter().next())
    }
}

impl Shared {
    fn nonce(&self) -> Arc<str> {
        let nonce = self.nonce.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&nonce)
    }

    async fn after(&self, board: ChangeId, after: Cursor) -> Result<Option<Page>, PostgresError> {
        // One statement, so that the cursor and the rows are consistent. A board without a later change still
        // returns a row.
        let query = "
            SELECT boards.cursor, $2 BETWEEN greatest(known_from, 1) AND boards.cursor,
                changes.id, changes.seq, changes.json
            FROM cruxboard.boards LEFT JOIN cruxboard.changes ON changes.board = boards.number
                AND changes.seq > CASE
                    WHEN $2 BETWEEN known_from AND boards.cursor THEN $2 ELSE 0 END
            WHERE boards.id = $1 AND deleted_at IS NULL";
        let parameters: [Parameter<'_>; 2] =
            [(&board.to_string(), Type::TEXT), (&after, Type::INT8)];
        let rows = self.pool.read(query, &parameters).await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let (cursor, is_known): (Cursor, bool) = (first.get(0), first.get(1));
        let mut changes: Vec<_> = rows
            .iter()
            .filter_map(|row| {
                let id: Option<&str> = row.get(2);
                Some((id?, row.get::<_, Cursor>(3), row.get::<_, &str>(4)))
            })
            .collect();
        // Whole documents are ordered by id, so that equal logs give equal documents.
        if is_known {
            changes.sort_unstable_by_key(|(_, seq, _)| *seq);
        } else {
            changes.sort_unstable_by_key(|(id, _, _)| *id);
        }
        Ok(Some(Page {
            cursor,
            changes: changes.len(),
            document: document(board, changes.iter().map(|(_, _, json)| json)),
        }))
    }
}

const TOKEN: &str = "id, rights, board, note, made_by, made_at, expires_at, revoked_at";

fn token(row: &Row) -> Result<Token, PostgresError> {
    let rights: &str = row.get(1);
    let board: Option<&str> = row.get(2);
    let board = board.map(|board| board.parse().or(Err(PostgresError::Unreadable("token"))));
    Ok(Token {
        id: row.get(0),
        // A token with unknown rights must not be accepted.
        rights: Rights::from_name(rights).ok_or(PostgresError::Unreadable("token"))?,
        board: board.transpose()?,
        note: row.get(3),
        made_by: row.get(4),
        made_at: row.get(5),
        expires_at: row.get(6),
        revoked_at: row.get(7),
    })
}

/// Adds the name of the database to an error.
fn failed(address: &Address, source: PostgresError) -> OpenError {
    OpenError::Postgres {
        database: address.to_string(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_to_other_machines_are_encrypted_unless_disabled() {
        for (url, expected) in [
            ("postgres://db.example.org/boards", SslMode::Require),
            (
                "postgres://localhost,db.example.org/boards",
                SslMode::Require,
            ),
            ("postgres://localhost/boards", SslMode::Disable),
            ("postgres://127.0.0.1:5433/boards", SslMode::Disable),
            ("postgres:///boards?host=/run/postgresql", SslMode::Disable),
            (
                "postgres://localhost/boards?sslmode=require",
                SslMode::Require,
            ),
            (
                "postgres://db.example.org/boards?sslmode=disable",
                SslMode::Disable,
            ),
        ] {
            let found = Address::parse(url).unwrap().0.get_ssl_mode();
            assert_eq!(found, expected, "{url}");
        }
    }
}
