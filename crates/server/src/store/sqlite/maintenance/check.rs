//! Checks the logs of an SQLite file.

use std::path::Path;

use cruxboard_domain::{ChangeId, log::Entry};
use rusqlite::Connection;

use crate::store::{
    Counts, Cursor, OpenError,
    append::{LogExtent, erased},
    maintenance::{CheckReport, MaintenanceError},
    sqlite::{schema, tokens},
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
