//! Looking after the file: verifying it, copying it, putting a copy in its place.

use std::{
    fs, io,
    ops::Deref,
    path::{Path, PathBuf},
};

use cruxboard_domain::{Stamp, log::Entry};
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

/// Reads every log, and says what is wrong with it. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when it cannot be read at all.
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
    // One transaction, so that a running server does not change it meanwhile.
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
        let fault = "There are changes that belong to no board.".to_owned();
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
    let mut say = |fault: String| report.faults.push(format!("Board {id}: {fault}"));
    if id.parse::<Stamp>().is_err() {
        say("this is not the id of a board.".to_owned());
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
            say(format!(
                "change {change} has number {seq}, past its cursor {cursor}."
            ));
        }
        match Entry::from_json(&json) {
            Err(error) => say(format!("change {change} cannot be read: {error}.")),
            Ok(entry) if entry.id().to_string() != change => {
                say(format!("change {change} calls itself {}.", entry.id()));
            }
            Ok(entry) if is_erased && erased(entry.clone()) != entry => {
                say(format!("change {change} should have no content any more."));
            }
            Ok(_) => {}
        }
    }
    if found != counts {
        say(format!(
            "{} changes of {} bytes are counted, {} of {} are there.",
            counts.changes, counts.bytes, found.changes, found.bytes
        ));
    }
    let query = "SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE board = ?1";
    let found: i64 = connection.query_row(query, [number], |row| row.get(0))?;
    if found != kept {
        say(format!(
            "{kept} bytes are counted that are kept aside, {found} are there."
        ));
    }
    Ok(())
}

/// Copies the database, as it stands at one moment, into a new file. The server may be running.
///
/// # Errors
/// [`MaintenanceError`] when there is no whole copy afterwards.
pub(in crate::store) fn back_up(file: &Path, copy: &Path) -> Result<CheckReport, MaintenanceError> {
    let partial = begin_copy(copy)?;
    let connection = schema::open_present(file)?;
    let name = partial.to_string_lossy().into_owned();
    connection.execute("VACUUM INTO ?1", [name])?;
    drop(connection);
    end_copy(partial, copy)
}

/// A database file that is deleted when this is dropped, whether all went well or not. It holds every
/// board in plain text.
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
                tracing::warn!(%error, "a copy of the database is left behind");
            }
        }
    }
}

/// An empty file under another name, so that a backup that is there is a whole one.
pub(in crate::store) fn begin_copy(copy: &Path) -> Result<TemporaryFile, MaintenanceError> {
    absent(copy)?;
    let partial = TemporaryFile::new(beside(copy, "partial"));
    remove(&partial)?;
    schema::make_private(&partial)?;
    Ok(partial)
}

/// Reads what was written under the other name, and gives it its own.
pub(in crate::store) fn end_copy(
    partial: TemporaryFile,
    copy: &Path,
) -> Result<CheckReport, MaintenanceError> {
    let report = check(&partial)?;
    settle(&partial)?;
    sync(&partial)?;
    rename(&partial, copy)?;
    Ok(report)
}

/// Puts a backup in the place of the database, which must not be in use and is kept under another name.
///
/// What was erased, and which tokens were revoked, since the backup was made stays so.
///
/// # Errors
/// [`MaintenanceError`]; then everything is as it was.
pub(in crate::store) fn restore(
    file: &Path,
    copy: &Path,
    without_wal: bool,
) -> Result<RestoreReport, MaintenanceError> {
    let lock = FileLock::take(file)?;
    let partial = TemporaryFile::new(beside(file, "partial"));
    let before = file.is_file().then(|| file.to_owned());
    let report = prepare(copy, &partial, before.as_deref(), without_wal)?;

    let moved_to = match before {
        Some(before) => {
            // One that lacks its `-wal` keeps the look of it.
            if !schema::has_lost_wal(&before)? {
                settle(&before)?;
            }
            let kept = beside(file, &format!("before-{}", random_name::<4>()?));
            // A second name for it, so that at no moment there is no database under its own.
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

/// Copies a backup to where it can be put in the place of what is there, which is `before`.
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
    report.deleted = start_anew(partial, before)?;
    settle(partial)?;
    sync(partial)?;
    Ok(report)
}

/// Not `fs::copy`, which would give the copy the rights of the original, whoever may read that.
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

/// Makes cursors and tags that the replaced database gave out mean nothing here: they may name changes
/// that this one never saw, or others. Returns how many boards are deleted.
fn start_anew(file: &Path, before: Option<&Path>) -> Result<i64, MaintenanceError> {
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
    // No board takes a change every millisecond, so no cursor has come as far as the clock.
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
    // Each can be brought back for a whole while from now on.
    restoring.execute(
        "UPDATE boards SET deleted_at = ?1 WHERE deleted_at IS NOT NULL",
        [unix_now()],
    )?;
    if let Some(before) = before {
        for token in tokens::all(&before)?
            .iter()
            .filter(|t| t.revoked_at.is_some())
        {
            revoke_again(&restoring, token)?;
        }
        erase_again(&restoring, &before)?;
        delete_again(&restoring, &before)?;
    }
    restoring.execute("UPDATE tombstones SET cursor = max(cursor, ?1)", [floor])?;
    let query = "SELECT count(*) FROM boards WHERE deleted_at IS NOT NULL";
    let deleted = restoring.query_row(query, [], |row| row.get(0))?;
    restoring.commit()?;
    Ok(deleted)
}

/// Makes a board deleted or present as it was in the database before, where that knew it.
fn delete_again(connection: &Connection, before: &Connection) -> rusqlite::Result<()> {
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

fn revoke_again(connection: &Connection, token: &Token) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1",
        params![token.id, token.revoked_at],
    )?;
    Ok(())
}

fn erase_again(connection: &Connection, before: &Connection) -> rusqlite::Result<()> {
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

/// Checkpoints the write-ahead log, so that the file is complete by itself.
fn settle(file: &Path) -> Result<(), MaintenanceError> {
    schema::leave_wal(&schema::open_present(file)?)?;
    Ok(())
}

fn absent(file: &Path) -> Result<(), MaintenanceError> {
    if file.exists() {
        return Err(MaintenanceError::Exists {
            file: file.to_owned(),
        });
    }
    Ok(())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

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

/// Renames, and makes sure that a power cut does not take that back.
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
