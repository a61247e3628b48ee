//! Lists, deletes and restores boards in a PostgreSQL database.

use cruxboard_domain::BoardId;
use tokio_postgres::{Client, types::Type};

use super::{PostgresError, PostgresUrl, pool::Pool, schema, versions::open};
use crate::{
    store::{
        BoardError, BoardState, StoreError,
        boards::{BoardSummary, title},
    },
    token::unix_now,
};

/// Marks a board as deleted at time `$2`.
pub(super) const DELETE: &str =
    "UPDATE cruxboard.boards SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
/// Unmarks a deleted board.
pub(super) const RESTORE: &str =
    "UPDATE cruxboard.boards SET deleted_at = NULL WHERE id = $1 AND deleted_at IS NOT NULL";
/// Deletes the mark that there were boards, once none is left, so that no server warns about it.
pub(super) const FORGET_BOARDS: &str = "DELETE FROM cruxboard.store WHERE name = $1
    AND NOT EXISTS (SELECT 1 FROM cruxboard.boards WHERE deleted_at IS NULL)";
/// Selects whether a board is deleted.
pub(super) const STATE: &str = "SELECT deleted_at IS NOT NULL FROM cruxboard.boards WHERE id = $1";

/// Removes the boards that were deleted until a time, and revokes their tokens.
pub(super) async fn purge(pool: &Pool, until: i64) -> Result<(), PostgresError> {
    let query = "SELECT 1 FROM cruxboard.boards WHERE deleted_at <= $1 LIMIT 1";
    if pool.read(query, &[(&until, Type::INT8)]).await?.is_empty() {
        return Ok(());
    }
    // On its own connection: when it is dropped early, the transaction is rolled back.
    let client = pool.connect(None).await?;
    client.batch_execute("BEGIN").await?;
    let query = "SELECT number, id FROM cruxboard.boards
        WHERE deleted_at <= $1 ORDER BY id FOR UPDATE";
    let rows = client.query_typed(query, &[(&until, Type::INT8)]).await?;
    let numbers: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row.get(1)).collect();
    let of_them = [(&numbers as _, Type::INT8_ARRAY)];
    // The tombstone keeps the cursor, so that no cursor and no ETag is used twice.
    let remember = "INSERT INTO cruxboard.tombstones (id, cursor)
        SELECT id, cursor FROM cruxboard.boards WHERE number = ANY($1)
        ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor";
    client.execute_typed(remember, &of_them).await?;
    for table in ["changes", "erasures", "versions", "kept", "refused"] {
        let query = format!("DELETE FROM cruxboard.{table} WHERE board = ANY($1)");
        client.execute_typed(&query, &of_them).await?;
    }
    let query = "DELETE FROM cruxboard.boards WHERE number = ANY($1)";
    client.execute_typed(query, &of_them).await?;
    let end = "UPDATE cruxboard.tokens SET revoked_at = coalesce(revoked_at, $2)
        WHERE board = ANY($1)";
    let parameters = [
        (&ids as _, Type::TEXT_ARRAY),
        (&unix_now() as _, Type::INT8),
    ];
    client.execute_typed(end, &parameters).await?;
    client.batch_execute("COMMIT").await?;
    Ok(())
}

pub(in crate::store) async fn list(url: &PostgresUrl) -> Result<Vec<BoardSummary>, BoardError> {
    let client = open(url).await?;
    Ok(read(&client).await.map_err(StoreError::from)?)
}

async fn read(client: &Client) -> Result<Vec<BoardSummary>, PostgresError> {
    client
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let query = "SELECT number, id, changes, bytes, deleted_at,
            (SELECT max(made_at) FROM cruxboard.versions WHERE board = number)
        FROM cruxboard.boards ORDER BY id";
    let rows = client.query_typed(query, &[]).await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let query = "SELECT json FROM cruxboard.changes WHERE board = $1";
        let number: i64 = row.get(0);
        let texts = client.query_typed(query, &[(&number, Type::INT8)]).await?;
        let texts: Vec<String> = texts.iter().map(|row| row.get(0)).collect();
        listed.push(BoardSummary {
            title: title(&texts),
            id: row.get(1),
            changes: row.get(2),
            bytes: row.get(3),
            deleted_at: row.get(4),
            written_at: row.get(5),
        });
    }
    Ok(listed)
}

/// Deletes or restores a board, and returns its previous state.
pub(in crate::store) async fn set_deleted(
    url: &PostgresUrl,
    board: BoardId,
    deletes: bool,
) -> Result<BoardState, BoardError> {
    let client = open(url).await?;
    let board = board.to_string();
    let setting = set(&client, &board, deletes).await;
    Ok(setting.map_err(StoreError::from)?)
}

async fn set(client: &Client, board: &str, deletes: bool) -> Result<BoardState, PostgresError> {
    client.batch_execute("BEGIN").await?;
    let of_it = [(&board as _, Type::TEXT)];
    let query = format!("{STATE} FOR UPDATE");
    let row = client.query_typed_opt(&query, &of_it).await?;
    let before = BoardState::of(row.map(|row| row.get(0)));
    let mark = [(&schema::HAD_BOARDS as _, Type::TEXT)];
    if deletes {
        let parameters = [(&board as _, Type::TEXT), (&unix_now() as _, Type::INT8)];
        client.execute_typed(DELETE, &parameters).await?;
        client.execute_typed(FORGET_BOARDS, &mark).await?;
    } else if before == BoardState::Deleted {
        client.execute_typed(RESTORE, &of_it).await?;
        client.execute_typed(schema::NOTE_BOARDS, &mark).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(before)
}
