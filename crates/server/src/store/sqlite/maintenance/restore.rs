//! Replaces an SQLite file by a backup.

use std::{fs, path::Path};

use cruxboard_domain::log::Entry;
use rusqlite::{Connection, params};

use super::{
    check::check,
    files::{TemporaryFile, checkpoint, copy_privately, remove, rename, sync, with_ending},
};
use crate::{
    store::{
        OpenError,
        append::erased,
        maintenance::{CheckReport, MaintenanceError, RestoreReport},
        sqlite::{file_lock::FileLock, schema, tokens},
    },
    token::{Token, now_millis, random_name, unix_now},
};

/// Replaces the database by a backup. It must not be in use, and is kept under another name.
///
/// Texts erased and tokens revoked since the backup stay so.
///
/// # Errors
/// [`MaintenanceError`]; then nothing has changed.
pub(in crate::store) fn restore(
    file: &Path,
    copy: &Path,
    without_wal: bool,
) -> Result<RestoreReport, MaintenanceError> {
    let lock = FileLock::take(file)?;
    let partial = TemporaryFile::new(with_ending(file, "partial"));
    let before = file.is_file().then(|| file.to_owned());
    let report = prepare(copy, &partial, before.as_deref(), without_wal)?;

    let moved_to = match before {
        Some(before) => {
            // A database that lacks its `-wal` stays recognizable as such.
            if !schema::has_lost_wal(&before)? {
                checkpoint(&before)?;
            }
            let kept = with_ending(file, &format!("before-{}", random_name::<4>()?));
            // A hard link, so that the database exists under its name at every moment.
            if fs::hard_link(&before, &kept).is_err() {
                copy_privately(&before, &kept)?;
                sync(&kept)?;
            }
            Some(kept)
        }
        None => None,
    };
    rename(&partial, file)?;
    drop(lock);
    Ok(RestoreReport { report, moved_to })
}

/// Copies a backup to `partial` and prepares it to replace the database `before`.
pub(in crate::store) fn prepare(
    copy: &Path,
    partial: &Path,
    before: Option<&Path>,
    without_wal: bool,
) -> Result<CheckReport, MaintenanceError> {
    if !copy.is_file() {
        return Err(OpenError::Missing {
            file: copy.to_owned(),
        }
        .into());
    }
    let has_lost_wal = schema::has_lost_wal(copy)?;
    if has_lost_wal && !without_wal {
        return Err(OpenError::WithoutWal {
            file: copy.to_owned(),
        }
        .into());
    }
    copy_privately(copy, partial)?;
    let (wal, partial_wal) = (schema::wal_of(copy), schema::wal_of(partial));
    remove(&partial_wal)?;
    if wal.is_file() {
        copy_privately(&wal, &partial_wal)?;
    }
    if has_lost_wal {
        schema::leave_wal(&schema::open_even_without_wal(partial)?)?;
    }
    let mut report = check(partial)?;
    if !report.faults.is_empty() {
        return Err(MaintenanceError::Faulty {
            file: copy.to_owned(),
            faults: report.to_string(),
        });
    }
    report.deleted = reset_cursors(partial, before)?;
    checkpoint(partial)?;
    sync(partial)?;
    Ok(report)
}

/// Invalidates the cursors and ETags of the replaced database, which may stand for other changes.
///
/// Then applies its revocations, erasures and deletions. Returns the number of deleted boards.
fn reset_cursors(file: &Path, before: Option<&Path>) -> Result<i64, MaintenanceError> {
    let mut connection = schema::open_present(file)?;
    let before = match before {
        Some(before) => Some(schema::open_even_without_wal(before)?),
        None => None,
    };
    let restoring = connection.transaction()?;
    restoring.execute(
        "UPDATE store SET value = ?1 WHERE name = 'nonce'",
        [random_name::<6>()?],
    )?;
    // Cursors continue from the time in milliseconds: no board gets a change every millisecond.
    let floor = i64::try_from(now_millis().0).unwrap_or(i64::MAX);
    restoring.execute(
        "UPDATE boards SET cursor = max(cursor, ?1), known_from = max(cursor, ?1)",
        [floor],
    )?;
    // The time to restore a deleted board starts now.
    restoring.execute(
        "UPDATE boards SET deleted_at = ?1 WHERE deleted_at IS NOT NULL",
        [unix_now()],
    )?;
    if let Some(before) = before {
        for token in tokens::all(&before)?
            .iter()
            .filter(|t| t.revoked_at.is_some())
        {
            copy_revocation(&restoring, token)?;
        }
        copy_erasures(&restoring, &before)?;
        copy_deletions(&restoring, &before)?;
    }
    restoring.execute("UPDATE tombstones SET cursor = max(cursor, ?1)", [floor])?;
    let query = "SELECT count(*) FROM boards WHERE deleted_at IS NOT NULL";
    let deleted = restoring.query_row(query, [], |row| row.get(0))?;
    restoring.commit()?;
    Ok(deleted)
}

/// Applies the deletions and restores of boards of the previous database.
fn copy_deletions(connection: &Connection, before: &Connection) -> rusqlite::Result<()> {
    let query = "SELECT id, deleted_at IS NOT NULL FROM boards
        UNION ALL SELECT id, TRUE FROM tombstones";
    let mut select = before.prepare(query)?;
    let boards = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for board in boards {
        let (id, is_deleted): (String, bool) = board?;
        let deleted_at = is_deleted.then(unix_now);
        let update = "UPDATE boards SET deleted_at = ?2 WHERE id = ?1";
        if connection.execute(update, params![id, deleted_at])? == 0 && is_deleted {
            let insert = "INSERT OR IGNORE INTO tombstones (id, cursor) VALUES (?1, 0)";
            connection.execute(insert, [id])?;
        }
    }
    Ok(())
}

/// Applies a revocation of the previous database.
fn copy_revocation(connection: &Connection, token: &Token) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1",
        params![token.id, token.revoked_at],
    )?;
    Ok(())
}

/// Applies the erasures of the previous database.
fn copy_erasures(connection: &Connection, before: &Connection) -> rusqlite::Result<()> {
    let mut erasures = before.prepare(
        "SELECT boards.id, target FROM erasures JOIN boards ON boards.number = erasures.board",
    )?;
    let erasures = erasures.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for erasure in erasures {
        let (board, target): (String, String) = erasure?;
        connection.execute(
            "INSERT OR IGNORE INTO erasures (board, target)
             SELECT number, ?2 FROM boards WHERE id = ?1",
            params![board, target],
        )?;
        let mut select = connection.prepare_cached(
            "SELECT changes.board, json FROM changes JOIN boards ON boards.number = changes.board
             WHERE boards.id = ?1 AND changes.id = ?2",
        )?;
        let rows = select.query_map(params![board, target], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
            let (number, json) = row;
            let Ok(entry) = Entry::from_json(&json) else {
                continue;
            };
            let after = erased(entry).to_json();
            connection.execute(
                "UPDATE changes SET json = ?3 WHERE board = ?1 AND id = ?2",
                params![number, target, after],
            )?;
            connection.execute(
                "UPDATE boards SET bytes = bytes + ?2 WHERE number = ?1",
                params![number, after.len() as i64 - json.len() as i64],
            )?;
        }
    }
    Ok(())
}
