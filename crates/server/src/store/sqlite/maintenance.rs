//! Checks, backs up and restores an SQLite file.

use std::{
    fs, io,
    ops::Deref,
    path::{Path, PathBuf},
};

use cruxboard_domain::{ChangeId, log::Entry};
use rusqlite::{Connection, params};

use super::{FileLock, schema, tokens};
use crate::{
    store::{
        Counts, Cursor, OpenError,
        append::{LogExtent, erased},
        maintenance::{CheckReport, MaintenanceError, RestoreReport},
    },
    token::{Token, random_name, unix_now},
};

/// Checks every log for faults. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when the file cannot be read at all.
pub(in crate::store) fn check(file: &Path) -> Result<CheckReport, MaintenanceError> {
    if !file.is_file() {
        return Err(OpenError::Missing {
            file: file.to_owned(),
        }
        .into());
    }
    let mut report = CheckReport::default();
    if schema::has_lost_wal(file)? {
        let fault = OpenError::WithoutWal {
            file: file.to_owned(),
        };
        report.faults.push(format!("The database file: {fault}."));
    }
    let connection = schema::open_even_without_wal(file)?;
    // One transaction, for a consistent view beside a running server.
    let reading = connection.unchecked_transaction()?;
    let mut pages = reading.prepare("PRAGMA integrity_check(20)")?;
    for line in pages.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            report.faults.push(format!("The database file: {line}."));
        }
    }
    let mut keys = reading.prepare("PRAGMA foreign_key_check")?;
    if keys.exists([])? {
        let fault = "There are rows that belong to no board.".to_owned();
        report.faults.push(fault);
    }

    let mut boards = reading
        .prepare("SELECT number, id, cursor, changes, bytes, kept, deleted_at IS NOT NULL FROM boards ORDER BY id")?;
    let boards = boards.query_map([], |row| {
        let counts = Counts {
            changes: row.get(3)?,
            bytes: row.get(4)?,
        };
        let extent = LogExtent {
            cursor: row.get(2)?,
            counts,
            kept: row.get(5)?,
        };
        Ok((row.get(0)?, row.get(1)?, extent, row.get(6)?))
    })?;
    for board in boards {
        let (number, id, extent, is_deleted): (i64, String, LogExtent, bool) = board?;
        let counts = extent.counts;
        check_board(&reading, number, &id, extent, &mut report)?;
        if is_deleted {
            report.deleted += 1;
            continue;
        }
        report.boards += 1;
        report.counts.changes += counts.changes;
        report.counts.bytes += counts.bytes;
    }
    if let Err(error) = tokens::all(&reading) {
        report
            .faults
            .push(format!("A token cannot be read: {error}."));
    }
    Ok(report)
}

fn check_board(
    connection: &Connection,
    number: i64,
    id: &str,
    extent: LogExtent,
    report: &mut CheckReport,
) -> rusqlite::Result<()> {
    let LogExtent {
        cursor,
        counts,
        kept,
    } = extent;
    let mut add_fault = |fault: String| report.faults.push(format!("Board {id}: {fault}"));
    if id.parse::<ChangeId>().is_err() {
        add_fault("this is not a valid id.".to_owned());
    }
    let mut found = Counts::default();
    let mut rows = connection.prepare_cached(
        "SELECT id, seq, json, EXISTS (SELECT 1 FROM erasures
             WHERE erasures.board = changes.board AND target = changes.id)
         FROM changes WHERE board = ?1 ORDER BY id",
    )?;
    let mut rows = rows.query([number])?;
    while let Some(row) = rows.next()? {
        let (change, seq, json, is_erased): (String, Cursor, String, bool) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        found.changes += 1;
        found.bytes += json.len() as i64;
        if !(1..=cursor).contains(&seq) {
            add_fault(format!(
                "change {change} has number {seq}, but the cursor is {cursor}."
            ));
        }
        match Entry::from_json(&json) {
            Err(error) => add_fault(format!("change {change} cannot be read: {error}.")),
            Ok(entry) if entry.id().to_string() != change => {
                add_fault(format!("change {change} holds the id {}.", entry.id()));
            }
            Ok(entry) if is_erased && erased(entry.clone()) != entry => {
                add_fault(format!("change {change} is erased but still has content."));
            }
            Ok(_) => {}
        }
    }
    if found != counts {
        add_fault(format!(
            "the row says {} changes of {} bytes, but there are {} of {} bytes.",
            counts.changes, counts.bytes, found.changes, found.bytes
        ));
    }
    let query = "SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE board = ?1";
    let found: i64 = connection.query_row(query, [number], |row| row.get(0))?;
    if found != kept {
        add_fault(format!(
            "the row says {kept} archived bytes, but there are {found}."
        ));
    }
    Ok(())
}

/// Copies a consistent state of the database into a new file. The server may be running.
///
/// # Errors
/// [`MaintenanceError`]; then there is no copy.
pub(in crate::store) fn back_up(file: &Path, copy: &Path) -> Result<CheckReport, MaintenanceError> {
    let partial = begin_copy(copy)?;
    let connection = schema::open_present(file)?;
    let name = partial.to_string_lossy().into_owned();
    connection.execute("VACUUM INTO ?1", [name])?;
    drop(connection);
    end_copy(partial, copy)
}

/// A temporary database file, deleted on drop also after errors, since it holds every board in plain text.
pub(in crate::store) struct TemporaryFile(PathBuf);

impl TemporaryFile {
    pub(in crate::store) fn new(file: PathBuf) -> Self {
        Self(file)
    }
}

impl Deref for TemporaryFile {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        for file in [&self.0, &schema::wal_of(&self.0)] {
            if let Err(error) = remove(file) {
                tracing::warn!(%error, "could not delete a temporary copy of the database");
            }
        }
    }
}

/// Creates an empty file under a temporary name, so that a file with the final name is always complete.
pub(in crate::store) fn begin_copy(copy: &Path) -> Result<TemporaryFile, MaintenanceError> {
    ensure_absent(copy)?;
    let partial = TemporaryFile::new(with_ending(copy, "partial"));
    remove(&partial)?;
    schema::make_private(&partial)?;
    Ok(partial)
}

/// Checks the temporary file, and renames it to its final name.
pub(in crate::store) fn end_copy(
    partial: TemporaryFile,
    copy: &Path,
) -> Result<CheckReport, MaintenanceError> {
    let report = check(&partial)?;
    checkpoint(&partial)?;
    sync(&partial)?;
    rename(&partial, copy)?;
    Ok(report)
}

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

/// Copies a file with mode 0600. `fs::copy` would keep the mode of the original.
fn copy_privately(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    remove(to)?;
    schema::make_private(to)?;
    let copied = fs::File::open(from).and_then(|mut from| {
        let mut to = fs::OpenOptions::new().write(true).open(to)?;
        io::copy(&mut from, &mut to)
    });
    copied.map(drop).map_err(|source| MaintenanceError::File {
        file: from.to_owned(),
        source,
    })
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
    let floor = i64::try_from(
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis(),
    )
    .unwrap_or(i64::MAX);
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

/// Checkpoints the WAL, so that the database file is complete by itself.
fn checkpoint(file: &Path) -> Result<(), MaintenanceError> {
    schema::leave_wal(&schema::open_present(file)?)?;
    Ok(())
}

/// Fails if the file exists.
fn ensure_absent(file: &Path) -> Result<(), MaintenanceError> {
    if file.exists() {
        return Err(MaintenanceError::Exists {
            file: file.to_owned(),
        });
    }
    Ok(())
}

/// Returns the path with another ending appended.
fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Deletes a file, if it exists.
pub(in crate::store) fn remove(file: &Path) -> Result<(), MaintenanceError> {
    match fs::remove_file(file) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(MaintenanceError::File {
            file: file.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

fn sync(file: &Path) -> Result<(), MaintenanceError> {
    let synced = fs::File::open(file).and_then(|open| open.sync_all());
    synced.map_err(|source| MaintenanceError::File {
        file: file.to_owned(),
        source,
    })
}

/// Renames a file durably: syncs the folder too.
fn rename(from: &Path, to: &Path) -> Result<(), MaintenanceError> {
    let failed = |source| MaintenanceError::File {
        file: to.to_owned(),
        source,
    };
    fs::rename(from, to).map_err(failed)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    #[cfg(unix)]
    fs::File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
