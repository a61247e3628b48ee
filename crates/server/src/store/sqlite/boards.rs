//! Lists, deletes and restores boards in an SQLite file.

use std::path::Path;

use cruxboard_domain::BoardId;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{file_lock::FileLock, schema};
use crate::{
    store::{
        BoardError, BoardState, StoreError, StoreLimits,
        boards::{BoardSummary, title},
        versions::RetentionCutoffs,
    },
    token::unix_now,
};

/// Marks a board as deleted.
pub(super) fn delete(connection: &Connection, board: BoardId) -> rusqlite::Result<()> {
    let query = "UPDATE boards SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL";
    connection.execute(query, params![board.to_string(), unix_now()])?;
    Ok(())
}

/// Unmarks a deleted board.
pub(super) fn restore(connection: &Connection, board: BoardId) -> rusqlite::Result<()> {
    let query = "UPDATE boards SET deleted_at = NULL WHERE id = ?1";
    connection.execute(query, [board.to_string()])?;
    Ok(())
}

/// Removes the boards whose time for a restore has passed, revokes their tokens, and returns their ids.
pub(super) fn purge(
    connection: &Connection,
    limits: StoreLimits,
) -> rusqlite::Result<Vec<BoardId>> {
    let RetentionCutoffs { erased, .. } = RetentionCutoffs::now(limits);
    let mut select =
        connection.prepare_cached("SELECT number, id FROM boards WHERE deleted_at <= ?1")?;
    let found = select.query_map([erased], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, String)> = found.collect::<rusqlite::Result<_>>()?;
    for (number, id) in &found {
        // The tombstone keeps the cursor, so that no cursor and no ETag is used twice.
        let remember = "INSERT OR REPLACE INTO tombstones (id, cursor)
            SELECT id, cursor FROM boards WHERE number = ?1";
        connection.execute(remember, [number])?;
        for table in ["changes", "erasures", "versions", "kept", "refused"] {
            connection.execute(&format!("DELETE FROM {table} WHERE board = ?1"), [number])?;
        }
        connection.execute("DELETE FROM boards WHERE number = ?1", [number])?;
        let end = "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE board = ?1";
        connection.execute(end, params![id, unix_now()])?;
    }
    Ok(found.iter().filter_map(|(_, id)| id.parse().ok()).collect())
}

/// Recomputes the archive size of each deleted board.
pub(super) fn recount_kept_of_deleted(connection: &Connection) -> rusqlite::Result<()> {
    let query = "UPDATE boards SET kept = (
            SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE kept.board = boards.number
        ) WHERE deleted_at IS NOT NULL AND kept > 0";
    connection.execute(query, [])?;
    Ok(())
}

/// Returns the state of a board.
pub(super) fn state(connection: &Connection, board: BoardId) -> rusqlite::Result<BoardState> {
    let query = "SELECT deleted_at IS NOT NULL FROM boards WHERE id = ?1";
    let mut select = connection.prepare_cached(query)?;
    let found = select.query_row([board.to_string()], |row| row.get(0));
    Ok(BoardState::of(found.optional()?))
}

pub(in crate::store) fn list(file: &Path) -> Result<Vec<BoardSummary>, BoardError> {
    let connection = schema::open_present(file)?;
    let listing = || {
        // One transaction, for a consistent view beside a running server.
        let reading = connection.unchecked_transaction()?;
        let mut select = reading.prepare(
            "SELECT number, id, changes, bytes, deleted_at,
                (SELECT max(made_at) FROM versions WHERE board = number)
            FROM boards ORDER BY id",
        )?;
        let mut changes = reading.prepare("SELECT json FROM changes WHERE board = ?1")?;
        let rows = select.query_map([], |row| {
            let texts =
                changes.query_map([row.get::<_, i64>(0)?], |row| row.get::<_, String>(0))?;
            let texts: Vec<String> = texts.collect::<rusqlite::Result<_>>()?;
            Ok(BoardSummary {
                title: title(&texts),
                id: row.get(1)?,
                changes: row.get(2)?,
                bytes: row.get(3)?,
                deleted_at: row.get(4)?,
                written_at: row.get(5)?,
            })
        })?;
        rows.collect::<rusqlite::Result<_>>()
    };
    Ok(listing().map_err(StoreError::from)?)
}

/// Deletes or restores a board, and returns its previous state. A server must not have the file open, since
/// it caches the list of boards.
pub(in crate::store) fn set_deleted(
    file: &Path,
    board: BoardId,
    deletes: bool,
) -> Result<BoardState, BoardError> {
    let mut lock = FileLock::take(file)?;
    let connection = schema::open_present(file)?;
    let setting = || {
        let before = state(&connection, board)?;
        if deletes {
            delete(&connection, board)?;
        } else {
            restore(&connection, board)?;
        }
        let query = "SELECT count(*) FROM boards WHERE deleted_at IS NULL";
        let left: i64 = connection.query_row(query, [], |row| row.get(0))?;
        Ok((before, left))
    };
    let set: rusqlite::Result<_> = setting();
    let (before, left) = set.map_err(StoreError::from)?;
    // Noted so that the next server does not warn about the missing board.
    lock.note_boards(usize::try_from(left).unwrap_or(0));
    Ok(before)
}
