//! Tokens in a PostgreSQL database.

use tokio_postgres::{Row, types::Type};

use super::{
    PostgresError,
    pool::{Parameter, Pool},
};
use crate::token::{Rights, SecretHash, Token, unix_now};

const COLUMNS: &str = "id, rights, board, note, made_by, made_at, expires_at, revoked_at";

/// Returns the token with this hash of its secret.
pub(super) async fn by_hash(
    pool: &Pool,
    hash: &SecretHash,
) -> Result<Option<Token>, PostgresError> {
    let query = format!("SELECT {COLUMNS} FROM cruxboard.tokens WHERE hash = $1");
    let rows = pool
        .read(&query, &[(&hash.as_slice(), Type::BYTEA)])
        .await?;
    rows.first().map(read).transpose()
}

/// Returns the token with this id.
pub(super) async fn by_id(pool: &Pool, id: &str) -> Result<Option<Token>, PostgresError> {
    let query = format!("SELECT {COLUMNS} FROM cruxboard.tokens WHERE id = $1");
    let rows = pool.read(&query, &[(&id, Type::TEXT)]).await?;
    rows.first().map(read).transpose()
}

/// Returns all tokens, oldest first.
pub(super) async fn all(pool: &Pool) -> Result<Vec<Token>, PostgresError> {
    let query = format!("SELECT {COLUMNS} FROM cruxboard.tokens ORDER BY made_at, id");
    let rows = pool.read(&query, &[]).await?;
    rows.iter().map(read).collect()
}

/// Inserts a token.
pub(super) async fn insert(
    pool: &Pool,
    token: &Token,
    hash: &SecretHash,
) -> Result<(), PostgresError> {
    insert_with(pool, token, hash, "").await?;
    Ok(())
}

/// Inserts a token if there is none at all. False when there is one.
pub(super) async fn insert_first(
    pool: &Pool,
    token: &Token,
    hash: &SecretHash,
) -> Result<bool, PostgresError> {
    // One statement, so that it succeeds for one server only: the others find the mark.
    let only_once = "WITH mark AS (
            INSERT INTO cruxboard.store (name, value)
            SELECT 'first token', $2 WHERE NOT EXISTS (SELECT 1 FROM cruxboard.tokens)
            ON CONFLICT (name) DO NOTHING RETURNING name
        )";
    Ok(insert_with(pool, token, hash, only_once).await? > 0)
}

async fn insert_with(
    pool: &Pool,
    token: &Token,
    hash: &SecretHash,
    mark: &str,
) -> Result<u64, PostgresError> {
    let board = token.board.map(|board| board.to_string());
    let from = if mark.is_empty() { "" } else { "FROM mark" };
    let query = format!(
        "{mark} INSERT INTO cruxboard.tokens (hash, {COLUMNS})
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 {from}"
    );
    let (hash, rights) = (hash.as_slice(), token.rights.name());
    // PostgreSQL's TEXT cannot hold NUL.
    let note = token.note.replace('\0', "");
    let parameters: [Parameter<'_>; 9] = [
        (&hash, Type::BYTEA),
        (&token.id, Type::TEXT),
        (&rights, Type::TEXT),
        (&board, Type::TEXT),
        (&note, Type::TEXT),
        (&token.made_by, Type::TEXT),
        (&token.made_at, Type::INT8),
        (&token.expires_at, Type::INT8),
        (&token.revoked_at, Type::INT8),
    ];
    pool.write(&query, &parameters).await
}

/// Revokes a token and all tokens made with it, and deletes their snapshots. False when there is none.
pub(super) async fn revoke(pool: &Pool, id: &str) -> Result<bool, PostgresError> {
    const DESCENDANTS: &str = "WITH RECURSIVE line (id) AS (
            SELECT $1
            UNION SELECT tokens.id FROM cruxboard.tokens JOIN line ON tokens.made_by = line.id
        )";
    let end = format!(
        "{DESCENDANTS} UPDATE cruxboard.tokens SET revoked_at = coalesce(revoked_at, $2)
        WHERE id IN (SELECT id FROM line)"
    );
    let parameters: [Parameter<'_>; 2] = [(&id, Type::TEXT), (&unix_now(), Type::INT8)];
    let tokens = pool.write(&end, &parameters).await?;
    // A snapshot that is stored in between, or left after an error, has ended and is deleted later.
    let remove = format!(
        "{DESCENDANTS} DELETE FROM cruxboard.snapshots
        WHERE made_by IN (SELECT id FROM line) AND outlives_token = 0"
    );
    let snapshots = pool.write(&remove, &[(&id, Type::TEXT)]).await?;
    Ok(tokens + snapshots > 0)
}

fn read(row: &Row) -> Result<Token, PostgresError> {
    let rights: &str = row.get(1);
    let board: Option<&str> = row.get(2);
    let board = board.map(|board| board.parse().or(Err(PostgresError::Unreadable("token"))));
    Ok(Token {
        id: row.get(0),
        // A token with unknown rights must not be accepted.
        rights: Rights::from_name(rights).ok_or(PostgresError::Unreadable("token"))?,
        board: board.transpose()?,
        note: row.get(3),
        made_by: row.get(4),
        made_at: row.get(5),
        expires_at: row.get(6),
        revoked_at: row.get(7),
    })
}
