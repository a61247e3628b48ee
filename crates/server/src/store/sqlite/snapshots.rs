//! Snapshots in the database: sealed by the browser, so that only bytes are kept here.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::{
    store::{Limits, Snapshot},
    token::unix_now,
};

/// Keeps a snapshot, unless its maker has too much here already. Expired ones go first.
pub(super) fn insert(
    connection: &Connection,
    snapshot: &Snapshot,
    content: &[u8],
    limits: Limits,
) -> rusqlite::Result<bool> {
    connection.execute(
        "DELETE FROM snapshots WHERE expires_at <= ?1",
        [snapshot.made_at],
    )?;
    let held: i64 = connection.query_row(
        "SELECT coalesce(sum(length(content)), 0) FROM snapshots WHERE made_by = ?1",
        [&snapshot.made_by],
        |row| row.get(0),
    )?;
    if held.saturating_add(content.len() as i64) > limits.snapshot_bytes {
        return Ok(false);
    }
    connection.execute(
        "INSERT INTO snapshots (id, made_by, made_at, expires_at, content)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            snapshot.id,
            snapshot.made_by,
            snapshot.made_at,
            snapshot.expires_at,
            content
        ],
    )?;
    Ok(true)
}

/// Removes one; only that of a maker, when one is named.
pub(super) fn remove(
    connection: &Connection,
    id: &str,
    made_by: Option<&str>,
) -> rusqlite::Result<bool> {
    let query = "DELETE FROM snapshots WHERE id = ?1 AND (?2 IS NULL OR made_by = ?2)";
    Ok(connection.execute(query, params![id, made_by])? > 0)
}

pub(super) fn content(connection: &Connection, id: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    let query = "SELECT content FROM snapshots WHERE id = ?1 AND expires_at > ?2";
    let mut select = connection.prepare_cached(query)?;
    let found = select.query_row(params![id, unix_now()], |row| row.get(0));
    found.optional()
}

/// Those that still open; only those of a maker, when one is named.
pub(super) fn list(
    connection: &Connection,
    made_by: Option<&str>,
) -> rusqlite::Result<Vec<Snapshot>> {
    let query = "SELECT id, made_by, made_at, expires_at, length(content) FROM snapshots
        WHERE expires_at > ?1 AND (?2 IS NULL OR made_by = ?2) ORDER BY made_at, id";
    let mut select = connection.prepare_cached(query)?;
    let rows = select.query_map(params![unix_now(), made_by], |row| {
        Ok(Snapshot {
            id: row.get(0)?,
            made_by: row.get(1)?,
            made_at: row.get(2)?,
            expires_at: row.get(3)?,
            bytes: row.get::<_, i64>(4)?.unsigned_abs() as usize,
        })
    })?;
    rows.collect()
}
