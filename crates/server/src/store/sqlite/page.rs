//! Reads the document of a board.

use cruxboard_domain::BoardId;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::{Cursor, Page, document::DocumentText};

/// Reads the changes of a board after a cursor, as a document.
pub(super) fn read(
    reader: &Connection,
    board: BoardId,
    after: Cursor,
) -> rusqlite::Result<Option<Page>> {
    // One transaction, so that the cursor and the rows are consistent.
    let reading = reader.unchecked_transaction()?;
    let mut find = reading.prepare_cached(
        "SELECT number, cursor, known_from, changes, bytes FROM boards
        WHERE id = ?1 AND deleted_at IS NULL",
    )?;
    let found = find.query_row([board.to_string()], |row| {
        let bytes = row.get::<_, i64>(4)? + 2 * row.get::<_, i64>(3)?;
        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, bytes))
    });
    let Some((number, cursor, known_from, bytes)) = found.optional()? else {
        return Ok(None);
    };
    let is_known = (known_from..=cursor).contains(&after);
    // Whole documents are ordered by id, so that equal logs give equal documents.
    let (query, after) = if is_known && after > 0 {
        (
            "SELECT json FROM changes WHERE board = ?1 AND seq > ?2 ORDER BY seq",
            after,
        )
    } else {
        (
            "SELECT json FROM changes WHERE board = ?1 AND seq > ?2 ORDER BY id",
            0,
        )
    };
    let mut select = reading.prepare_cached(query)?;
    let mut rows = select.query(params![number, after])?;
    // Streams rows into the document, so that a large board is in memory only once.
    let room = if after == 0 { bytes } else { 0 };
    let mut document = DocumentText::of(board, usize::try_from(room).unwrap_or(0));
    while let Some(row) = rows.next()? {
        document.push(row.get_ref(0)?.as_str()?);
    }
    Ok(Some(Page {
        cursor,
        changes: document.changes,
        document: document.end(),
    }))
}
