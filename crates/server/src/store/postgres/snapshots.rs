//! Encrypted snapshots in a PostgreSQL database.

use tokio_postgres::{Row, types::Type};

use super::{
    PostgresError,
    pool::{Parameter, Pool},
};
use crate::{
    store::{Snapshot, SnapshotScope},
    token::unix_now,
};

/// SQL condition: the snapshot has not ended at time `$1`. It also holds in a restored backup, where the
/// maker's token was revoked after the backup.
const NOT_ENDED: &str = "expires_at > $1 AND (outlives_token != 0 OR NOT EXISTS (
        SELECT 1 FROM cruxboard.tokens
        WHERE tokens.id = snapshots.made_by AND revoked_at IS NOT NULL
    ))";

/// Stores a snapshot. False when the quota of `quota` bytes is used up.
pub(super) async fn insert(
    pool: &Pool,
    snapshot: &Snapshot,
    content: &[u8],
    quota: i64,
) -> Result<bool, PostgresError> {
    remove_ended(pool).await?;
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
        (&quota, Type::INT8),
        (&board, Type::TEXT),
        (&outlives_token, Type::INT8),
    ];
    Ok(pool.write(query, &parameters).await? > 0)
}

/// Deletes the snapshots that have ended.
pub(super) async fn remove_ended(pool: &Pool) -> Result<(), PostgresError> {
    let query = format!("DELETE FROM cruxboard.snapshots WHERE NOT ({NOT_ENDED})");
    pool.write(&query, &[(&unix_now(), Type::INT8)]).await?;
    Ok(())
}

/// Deletes a snapshot, if it is in the scope. False when there is none.
pub(super) async fn remove(
    pool: &Pool,
    id: &str,
    of: &SnapshotScope,
) -> Result<bool, PostgresError> {
    let (made_by, board) = of.columns();
    let query = "DELETE FROM cruxboard.snapshots
        WHERE id = $1 AND ($2 IS NULL OR made_by = $2) AND ($3 IS NULL OR board = $3)";
    let parameters: [Parameter<'_>; 3] = [
        (&id, Type::TEXT),
        (&made_by, Type::TEXT),
        (&board, Type::TEXT),
    ];
    Ok(pool.write(query, &parameters).await? > 0)
}

/// Returns the ciphertext of a snapshot that has not ended.
pub(super) async fn content(pool: &Pool, id: &str) -> Result<Option<Vec<u8>>, PostgresError> {
    let query = format!("SELECT content FROM cruxboard.snapshots WHERE id = $2 AND {NOT_ENDED}");
    // PostgreSQL's TEXT cannot hold NUL, and no id has one.
    let id = id.replace('\0', "?");
    let parameters: [Parameter<'_>; 2] = [(&unix_now(), Type::INT8), (&id, Type::TEXT)];
    let rows = pool.read(&query, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// Returns the snapshots in the scope that have not ended, oldest first.
pub(super) async fn list(pool: &Pool, of: &SnapshotScope) -> Result<Vec<Snapshot>, PostgresError> {
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
    let rows = pool.read(&query, &parameters).await?;
    Ok(rows.iter().map(read).collect())
}

fn read(row: &Row) -> Snapshot {
    let board: Option<&str> = row.get(2);
    Snapshot {
        id: row.get(0),
        made_by: row.get(1),
        board: board.and_then(|board| board.parse().ok()),
        made_at: row.get(3),
        expires_at: row.get(4),
        outlives_token: row.get::<_, i64>(5) != 0,
        bytes: row.get::<_, i64>(6).unsigned_abs() as usize,
    }
}
