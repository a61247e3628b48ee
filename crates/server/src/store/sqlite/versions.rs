//! Versions in the file.

use std::path::Path;

use cruxboard_domain::Stamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{lock, schema};
use crate::{
    store::{
        Cursor, Limits, Outcome, StoreError,
        versions::{
            Kept, LEAST, Moments, Plan, Present, RewindError, Rewound, Version, clock, now_millis,
        },
    },
    token::unix_now,
};

/// Notes a write that has changed the board.
pub(super) fn note(
    connection: &Connection,
    board: i64,
    outcome: &Outcome,
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

/// Keeps what a change holds that is about to be erased.
pub(super) fn keep(
    connection: &Connection,
    board: i64,
    id: Stamp,
    erased_in: Cursor,
) -> rusqlite::Result<()> {
    let query = "INSERT OR IGNORE INTO kept (board, id, seq, json, erased_in, erased_at)
        SELECT board, id, seq, json, ?3, ?4 FROM changes WHERE board = ?1 AND id = ?2";
    let mut insert = connection.prepare_cached(query)?;
    insert.execute(params![board, id.to_string(), erased_in, unix_now()])?;
    Ok(())
}

/// Forgets what was kept for long enough. Says whether there was any text among it.
pub(super) fn tidy_up(connection: &Connection, limits: Limits) -> rusqlite::Result<bool> {
    let Moments { erased, written } = Moments::now(limits);
    let forgotten = connection.execute("DELETE FROM kept WHERE erased_at <= ?1", [erased])?;
    connection.execute(
        "DELETE FROM versions WHERE made_at < ?1 AND cursor < (
            SELECT min(cursor) FROM (
                SELECT cursor FROM versions AS later
                WHERE later.board = versions.board ORDER BY cursor DESC LIMIT ?2
            )
        )",
        params![written, LEAST],
    )?;
    Ok(forgotten > 0)
}

pub(in crate::store) fn list(
    file: &Path,
    board: Stamp,
) -> Result<Option<Vec<Version>>, RewindError> {
    let connection = schema::open_present(file)?;
    let listing = || {
        let Some((number, ..)) = find(&connection, board)? else {
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

/// The board's number, its cursor, and since when cursors mean something.
fn find(connection: &Connection, board: Stamp) -> rusqlite::Result<Option<(i64, Cursor, Cursor)>> {
    let query = "SELECT number, cursor, known_from FROM boards WHERE id = ?1";
    let found = connection.query_row(query, [board.to_string()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    });
    found.optional()
}

pub(in crate::store) fn rewind(
    file: &Path,
    board: Stamp,
    to: Cursor,
) -> Result<Rewound, RewindError> {
    // A server keeps in its memory how far each board has come.
    let _lock = lock(file)?;
    let mut connection = schema::open_present(file)?;
    let going = connection.transaction().map_err(StoreError::from)?;
    let found = find(&going, board).map_err(StoreError::from)?;
    let (number, cursor, known_from) = found.ok_or(RewindError::NoBoard(board))?;
    if to > cursor {
        return Err(RewindError::NotYet(to));
    }
    if to < known_from {
        return Err(RewindError::TooOld(to));
    }
    let (log, kept) = read(&going, number).map_err(StoreError::from)?;
    let plan = Plan::of(&log, &kept, to, &mut clock()?, now_millis());
    follow(&going, number, cursor, &plan).map_err(StoreError::from)?;
    going.commit().map_err(StoreError::from)?;
    Ok(plan.rewound)
}

fn read(connection: &Connection, board: i64) -> rusqlite::Result<(Vec<Present>, Vec<Kept>)> {
    let wrong = || rusqlite::Error::InvalidQuery;
    let id = |row: &rusqlite::Row<'_>| row.get::<_, String>(0)?.parse().or(Err(wrong()));
    let mut select = connection.prepare("SELECT id, seq, json FROM changes WHERE board = ?1")?;
    let log = select.query_map([board], |row| {
        Ok(Present {
            id: id(row)?,
            seq: row.get(1)?,
            json: row.get(2)?,
        })
    })?;
    let log = log.collect::<rusqlite::Result<_>>()?;
    let query = "SELECT id, seq, json, erased_in FROM kept WHERE board = ?1";
    let mut select = connection.prepare(query)?;
    let kept = select.query_map([board], |row| {
        Ok(Kept {
            id: id(row)?,
            seq: row.get(1)?,
            json: row.get(2)?,
            erased_in: row.get(3)?,
        })
    })?;
    Ok((log, kept.collect::<rusqlite::Result<_>>()?))
}

fn follow(
    going: &Transaction<'_>,
    board: i64,
    mut cursor: Cursor,
    plan: &Plan,
) -> rusqlite::Result<()> {
    for (id, json) in &plan.put_back {
        cursor += 1;
        let id = id.to_string();
        going.execute(
            "UPDATE changes SET seq = ?3, json = ?4 WHERE board = ?1 AND id = ?2",
            params![board, id, cursor, json],
        )?;
        let refuse = "INSERT OR IGNORE INTO refused (board, id) VALUES (?1, ?2)";
        going.execute(refuse, params![board, id])?;
        let forget = "DELETE FROM kept WHERE board = ?1 AND id = ?2";
        going.execute(forget, params![board, id])?;
    }
    for id in &plan.taken_out {
        let id = id.to_string();
        let take_out = "DELETE FROM changes WHERE board = ?1 AND id = ?2";
        going.execute(take_out, params![board, id])?;
        let refuse = "INSERT OR IGNORE INTO refused (board, id) VALUES (?1, ?2)";
        going.execute(refuse, params![board, id])?;
    }
    for id in &plan.no_longer_erased {
        let forget = "DELETE FROM erasures WHERE board = ?1 AND target = ?2";
        going.execute(forget, params![board, id.to_string()])?;
    }
    for (id, json) in &plan.new {
        cursor += 1;
        let add = "INSERT INTO changes (board, id, seq, json) VALUES (?1, ?2, ?3, ?4)";
        going.execute(add, params![board, id.to_string(), cursor, json])?;
    }
    // Whoever follows is to read everything: of what was taken out no change could tell them.
    cursor += 1;
    going.execute(
        "UPDATE boards SET cursor = ?2, known_from = ?2,
            changes = (SELECT count(*) FROM changes WHERE board = ?1),
            bytes = (SELECT coalesce(sum(octet_length(json)), 0) FROM changes WHERE board = ?1)
        WHERE number = ?1",
        params![board, cursor],
    )?;
    going.execute(
        "INSERT INTO versions (board, cursor, made_at, token, added, erased)
        VALUES (?1, ?2, ?3, 'rewind', ?4, 0)",
        params![board, cursor, unix_now(), plan.new.len() as i64],
    )?;
    Ok(())
}
