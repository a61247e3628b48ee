//! Versions and rewinds in an SQLite file.

use std::{collections::BTreeSet, path::Path};

use cruxboard_domain::{BoardId, ChangeId};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::{file_lock::FileLock, schema};
use crate::{
    store::{
        AppendOutcome, Cursor, StoreError, StoreLimits,
        rewind::{RewindPlan, clock},
        versions::{
            ABSENT, ArchivedRow, History, LogRow, MIN_VERSIONS, RetentionCutoffs, RewindError,
            RewindOptions, RewindReport, Version,
        },
    },
    token::{now_millis, unix_now},
};

/// Records a version: a write that changed the board.
pub(super) fn note(
    connection: &Connection,
    board: i64,
    outcome: &AppendOutcome,
    by: &str,
) -> rusqlite::Result<()> {
    let query = "INSERT INTO versions (board, cursor, made_at, token, added, erased)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let (added, erased) = (outcome.added as i64, outcome.erased as i64);
    connection.prepare_cached(query)?.execute(params![
        board,
        outcome.cursor,
        unix_now(),
        by,
        added,
        erased
    ])?;
    Ok(())
}

/// Archives the content of a change that is about to be erased or removed. Returns its bytes.
pub(super) fn archive(
    connection: &Connection,
    board: i64,
    id: ChangeId,
    erased_in: Cursor,
) -> rusqlite::Result<i64> {
    let query = "INSERT OR IGNORE INTO kept (board, id, seq, json, erased_in, erased_at)
        SELECT board, id, seq, json, ?3, ?4 FROM changes WHERE board = ?1 AND id = ?2
        RETURNING octet_length(json)";
    let mut insert = connection.prepare_cached(query)?;
    let kept = insert.query_row(
        params![board, id.to_string(), erased_in, unix_now()],
        |row| row.get(0),
    );
    Ok(kept.optional()?.unwrap_or(0))
}

/// Removes expired archived texts and versions. Returns whether any text was removed.
pub(super) fn collect_garbage(
    connection: &Connection,
    limits: StoreLimits,
) -> rusqlite::Result<bool> {
    let RetentionCutoffs { erased, written } = RetentionCutoffs::now(limits);
    let forgotten = connection.execute("DELETE FROM kept WHERE erased_at <= ?1", [erased])?;
    connection.execute(
        "DELETE FROM versions WHERE made_at < ?1 AND cursor < (
            SELECT min(cursor) FROM (
                SELECT cursor FROM versions AS later
                WHERE later.board = versions.board ORDER BY cursor DESC LIMIT ?2
            )
        )",
        params![written, MIN_VERSIONS],
    )?;
    Ok(forgotten > 0)
}

pub(in crate::store) fn list(
    file: &Path,
    board: BoardId,
) -> Result<Option<Vec<Version>>, RewindError> {
    let connection = schema::open_present(file)?;
    let listing = || {
        let Some((number, _)) = find(&connection, board)? else {
            return Ok(None);
        };
        let mut select = connection.prepare(
            "SELECT cursor, made_at, token, added, erased FROM versions
            WHERE board = ?1 ORDER BY cursor DESC",
        )?;
        let rows = select.query_map([number], |row| {
            Ok(Version {
                cursor: row.get(0)?,
                made_at: row.get(1)?,
                token: row.get(2)?,
                added: row.get(3)?,
                erased: row.get(4)?,
            })
        })?;
        rows.collect::<rusqlite::Result<_>>().map(Some)
    };
    Ok(listing().map_err(StoreError::from)?)
}

/// Returns the row number and the cursor of a board.
fn find(connection: &Connection, board: BoardId) -> rusqlite::Result<Option<(i64, Cursor)>> {
    let query = "SELECT number, cursor FROM boards WHERE id = ?1 AND deleted_at IS NULL";
    let found = connection.query_row(query, [board.to_string()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    found.optional()
}

pub(in crate::store) fn rewind(
    file: &Path,
    board: BoardId,
    to: Cursor,
    options: &RewindOptions,
) -> Result<RewindReport, RewindError> {
    // A running server caches the cursor of each board.
    let _lock = FileLock::take(file)?;
    let mut connection = schema::open_present(file)?;
    let transaction = connection.transaction().map_err(StoreError::from)?;
    let found = find(&transaction, board).map_err(StoreError::from)?;
    let (number, cursor) = found.ok_or(RewindError::NoBoard(board))?;
    if to > cursor {
        return Err(RewindError::NoSuchVersion(to));
    }
    let history = read(&transaction, number).map_err(StoreError::from)?;
    let plan = RewindPlan::of(&history, to, options, &mut clock()?, now_millis());
    apply(&transaction, number, cursor, &plan).map_err(StoreError::from)?;
    transaction.commit().map_err(StoreError::from)?;
    Ok(plan.rewound)
}

fn read(connection: &Connection, board: i64) -> rusqlite::Result<History> {
    let id = |row: &Row<'_>| {
        let id = row.get::<_, String>(0)?.parse();
        id.or(Err(rusqlite::Error::InvalidQuery))
    };
    let log = "SELECT id, seq, json FROM changes WHERE board = ?1";
    let kept = "SELECT id, seq, json, erased_in FROM kept WHERE board = ?1";
    let erasures = "SELECT target FROM erasures WHERE board = ?1";
    let versions = "SELECT cursor, token FROM versions WHERE board = ?1";
    Ok(History {
        log: rows(connection, log, board, |row| {
            Ok(LogRow {
                id: id(row)?,
                seq: row.get(1)?,
                json: row.get(2)?,
            })
        })?,
        kept: rows(connection, kept, board, |row| {
            Ok(ArchivedRow {
                id: id(row)?,
                seq: row.get(1)?,
                json: row.get(2)?,
                erased_in: row.get(3)?,
            })
        })?,
        erasures: rows(connection, erasures, board, id)?,
        versions: rows(connection, versions, board, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?,
    })
}

fn rows<T, C: FromIterator<T>>(
    connection: &Connection,
    query: &str,
    board: i64,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<C> {
    connection
        .prepare(query)?
        .query_map([board], read)?
        .collect()
}

/// Writes a rewind plan to the file.
fn apply(
    transaction: &Transaction<'_>,
    board: i64,
    cursor: Cursor,
    plan: &RewindPlan,
) -> rusqlite::Result<()> {
    // Raises `known_from`, so that followers read the whole board: rows were removed, which no change says.
    let end = cursor + plan.new.len() as Cursor + 1;
    let each = |query: &str, ids: &BTreeSet<ChangeId>| -> rusqlite::Result<()> {
        let mut statement = transaction.prepare_cached(query)?;
        for id in ids {
            statement.execute(params![board, id.to_string()])?;
        }
        Ok(())
    };
    for id in plan.rows.keys().chain(&plan.taken_out) {
        archive(transaction, board, *id, end)?;
    }
    let note = "INSERT OR IGNORE INTO kept (board, id, seq, json, erased_in, erased_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut note = transaction.prepare_cached(note)?;
    for (id, since) in &plan.absent_since {
        let id = id.to_string();
        note.execute(params![board, id, since, ABSENT, end, unix_now()])?;
    }
    each(
        "DELETE FROM changes WHERE board = ?1 AND id = ?2",
        &plan.taken_out,
    )?;
    let put = "INSERT INTO changes (board, id, seq, json) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (board, id) DO UPDATE SET seq = excluded.seq, json = excluded.json";
    let mut put = transaction.prepare_cached(put)?;
    for (id, (seq, json)) in &plan.rows {
        put.execute(params![board, id.to_string(), seq, json])?;
    }
    for (at, (id, json)) in plan.new.iter().enumerate() {
        let seq = cursor + 1 + at as Cursor;
        put.execute(params![board, id.to_string(), seq, json])?;
    }
    each(
        "DELETE FROM refused WHERE board = ?1 AND id = ?2",
        &plan.no_longer_refused,
    )?;
    each(
        "INSERT OR IGNORE INTO refused (board, id) VALUES (?1, ?2)",
        &plan.refused,
    )?;
    each(
        "DELETE FROM erasures WHERE board = ?1 AND target = ?2",
        &plan.no_longer_erased,
    )?;
    each(
        "INSERT OR IGNORE INTO erasures (board, target) VALUES (?1, ?2)",
        &plan.erased,
    )?;
    transaction.execute(
        "UPDATE boards SET cursor = ?2, known_from = ?2,
            changes = (SELECT count(*) FROM changes WHERE board = ?1),
            bytes = (SELECT coalesce(sum(octet_length(json)), 0) FROM changes WHERE board = ?1),
            kept = (SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE board = ?1)
        WHERE number = ?1",
        params![board, end],
    )?;
    transaction.execute(
        "INSERT INTO versions (board, cursor, made_at, token, added, erased)
        VALUES (?1, ?2, ?3, 'rewind', ?4, 0)",
        params![board, end, unix_now(), plan.new.len() as i64],
    )?;
    Ok(())
}
