//! Reads the document of a board.

use cruxboard_domain::BoardId;
use tokio_postgres::types::Type;

use super::{
    PostgresError,
    pool::{Parameter, Pool},
};
use crate::store::{Cursor, Page, document::document};

/// Returns the changes after a cursor, or all changes if the cursor is not one of this store.
pub(super) async fn read(
    pool: &Pool,
    board: BoardId,
    after: Cursor,
) -> Result<Option<Page>, PostgresError> {
    // One statement, so that the cursor and the rows are consistent. A board without a later change still
    // returns a row.
    let query = "
        SELECT boards.cursor, $2 BETWEEN greatest(known_from, 1) AND boards.cursor,
            changes.id, changes.seq, changes.json
        FROM cruxboard.boards LEFT JOIN cruxboard.changes ON changes.board = boards.number
            AND changes.seq > CASE
                WHEN $2 BETWEEN known_from AND boards.cursor THEN $2 ELSE 0 END
        WHERE boards.id = $1 AND deleted_at IS NULL";
    let parameters: [Parameter<'_>; 2] = [(&board.to_string(), Type::TEXT), (&after, Type::INT8)];
    let rows = pool.read(query, &parameters).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let (cursor, is_known): (Cursor, bool) = (first.get(0), first.get(1));
    let mut changes: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let id: Option<&str> = row.get(2);
            Some((id?, row.get::<_, Cursor>(3), row.get::<_, &str>(4)))
        })
        .collect();
    // Whole documents are ordered by id, so that equal logs give equal documents.
    if is_known {
        changes.sort_unstable_by_key(|(_, seq, _)| *seq);
    } else {
        changes.sort_unstable_by_key(|(id, _, _)| *id);
    }
    Ok(Some(Page {
        cursor,
        changes: changes.len(),
        document: document(board, changes.iter().map(|(_, _, json)| json)),
    }))
}
