//! Encrypted snapshots in an SQLite file.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::{
    store::{Snapshot, SnapshotScope, StoreLimits},
    token::unix_now,
};

/// SQL condition: the snapshot has not ended at time `?1`. It also holds in a restored backup, where the
/// maker's token was revoked after the backup.
const NOT_ENDED: &str = "expires_at > ?1 AND (outlives_token OR NOT EXISTS (
        SELECT 1 FROM tokens WHERE tokens.id = snapshots.made_by AND revoked_at IS NOT NULL
    ))";

/// Stores a snapshot. False when the quota is used up. Deletes ended snapshots first.
pub(super) fn insert(
    connection: &Connection,
    snapshot: &Snapshot,
    content: &[u8],
    limits: StoreLimits,
) -> rusqlite::Result<bool> {
    remove_ended(connection, snapshot.made_at)?;
    // The first ancestor of the maker's token. A user named by a proxy has no stored token.
    let billed_to: Option<String> = connection
        .query_row(
            "WITH RECURSIVE line (id, made_by) AS (
                SELECT id, made_by FROM tokens WHERE id = ?1
                UNION SELECT tokens.id, tokens.made_by FROM tokens JOIN line ON tokens.id = line.made_by
            )
            SELECT coalesce(made_by, id) FROM line
            WHERE made_by IS NULL OR made_by NOT IN (SELECT id FROM tokens)",
            [&snapshot.made_by],
            |row| row.get(0),
        )
        .optional()?;
    let billed_to = billed_to.as_ref().unwrap_or(&snapshot.made_by);
    let held: i64 = connection.query_row(
        "SELECT coalesce(sum(length(content)), 0) FROM snapshots WHERE billed_to = ?1",
        [billed_to],
        |row| row.get(0),
    )?;
    if held.saturating_add(content.len() as i64) > limits.snapshot_bytes {
        return Ok(false);
    }
    connection.execute(
        "INSERT INTO snapshots
            (id, made_by, board, billed_to, made_at, expires_at, outlives_token, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            snapshot.id,
            snapshot.made_by,
            snapshot.board.map(|board| board.to_string()),
            billed_to,
            snapshot.made_at,
            snapshot.expires_at,
            snapshot.outlives_token,
            content
        ],
    )?;
    Ok(true)
}

/// Deletes ended snapshots. Returns whether there were any.
pub(super) fn remove_ended(connection: &Connection, now: i64) -> rusqlite::Result<bool> {
    let query = format!("DELETE FROM snapshots WHERE NOT ({NOT_ENDED})");
    Ok(connection.execute(&query, [now])? > 0)
}

/// Deletes a snapshot, if it is in the scope.
pub(super) fn remove(
    connection: &Connection,
    id: &str,
    of: &SnapshotScope,
) -> rusqlite::Result<bool> {
    let (made_by, board) = of.columns();
    let query = "DELETE FROM snapshots WHERE id = ?1
        AND (?2 IS NULL OR made_by = ?2) AND (?3 IS NULL OR board = ?3)";
    Ok(connection.execute(query, params![id, made_by, board])? > 0)
}

/// Returns the ciphertext of a snapshot that has not ended.
pub(super) fn content(connection: &Connection, id: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let query = format!("SELECT content FROM snapshots WHERE id = ?2 AND {NOT_ENDED}");
    let mut select = connection.prepare_cached(&query)?;
    let found = select.query_row(params![unix_now(), id], |row| row.get(0));
    found.optional()
}

/// Returns the snapshots in the scope that have not ended.
pub(super) fn list(connection: &Connection, of: &SnapshotScope) -> rusqlite::Result<Vec<Snapshot>> {
    let (made_by, board) = of.columns();
    let query = format!(
        "SELECT id, made_by, board, made_at, expires_at, outlives_token, length(content)
        FROM snapshots
        WHERE {NOT_ENDED} AND (?2 IS NULL OR made_by = ?2) AND (?3 IS NULL OR board = ?3)
        ORDER BY made_at, id"
    );
    let mut select = connection.prepare_cached(&query)?;
    select
        .query_map(params![unix_now(), made_by, board], read)?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Snapshot> {
    let board: Option<String> = row.get(2)?;
    Ok(Snapshot {
        id: row.get(0)?,
        made_by: row.get(1)?,
        board: board.and_then(|board| board.parse().ok()),
        made_at: row.get(3)?,
        expires_at: row.get(4)?,
        outlives_token: row.get(5)?,
        bytes: row.get::<_, i64>(6)?.unsigned_abs() as usize,
    })
}
