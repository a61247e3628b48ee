//! Tokens in an SQLite file.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{OpenError, StoreError, schema};
use crate::token::{Rights, SecretHash, Token, unix_now};

/// The tokens of a file, for the command line. A server may have the file open, since it looks up a token for
/// each request.
pub(in crate::store) struct TokenFile(Connection);

impl TokenFile {
    pub(in crate::store) fn open(file: &Path) -> Result<Self, OpenError> {
        Ok(Self(schema::open_present(file)?))
    }

    pub(in crate::store) fn make(
        &self,
        token: &Token,
        hash: &SecretHash,
    ) -> Result<(), StoreError> {
        Ok(insert(&self.0, token, hash)?)
    }

    pub(in crate::store) fn all(&self) -> Result<Vec<Token>, StoreError> {
        Ok(all(&self.0)?)
    }

    pub(in crate::store) fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        let revoking = self.0.unchecked_transaction()?;
        let revoked = revoke(&revoking, id)?;
        revoking.commit()?;
        if revoked.snapshots > 0 {
            // Removes the deleted snapshots from the write-ahead log too.
            self.0
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(revoked.is_any())
    }
}

const COLUMNS: &str = "id, rights, board, note, made_by, made_at, expires_at, revoked_at";

pub(super) fn by_hash(
    connection: &Connection,
    hash: &SecretHash,
) -> rusqlite::Result<Option<Token>> {
    let query = format!("SELECT {COLUMNS} FROM tokens WHERE hash = ?1");
    let mut select = connection.prepare_cached(&query)?;
    select.query_row([hash.as_slice()], read).optional()
}

pub(super) fn by_id(connection: &Connection, id: &str) -> rusqlite::Result<Option<Token>> {
    let query = format!("SELECT {COLUMNS} FROM tokens WHERE id = ?1");
    let mut select = connection.prepare_cached(&query)?;
    select.query_row([id], read).optional()
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Token>> {
    let query = format!("SELECT {COLUMNS} FROM tokens ORDER BY made_at, id");
    let mut select = connection.prepare_cached(&query)?;
    select.query_map([], read)?.collect()
}

pub(super) fn insert(
    connection: &Connection,
    token: &Token,
    hash: &SecretHash,
) -> rusqlite::Result<()> {
    let query =
        format!("INSERT INTO tokens (hash, {COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    connection.execute(
        &query,
        params![
            hash.as_slice(),
            token.id,
            token.rights.name(),
            token.board.map(|board| board.to_string()),
            token.note,
            token.made_by,
            token.made_at,
            token.expires_at,
            token.revoked_at,
        ],
    )?;
    Ok(())
}

/// Number of tokens and snapshots that a revocation ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Revoked {
    pub(super) tokens: usize,
    pub(super) snapshots: usize,
}

impl Revoked {
    pub(super) fn is_any(self) -> bool {
        self.tokens + self.snapshots > 0
    }
}

/// Revokes a token and all its descendants, and deletes the snapshots made with them.
///
/// `id` can be that of a user named by a proxy, who has no stored token.
pub(super) fn revoke(connection: &Connection, id: &str) -> rusqlite::Result<Revoked> {
    const DESCENDANTS: &str = "WITH RECURSIVE line (id) AS (
            SELECT ?1
            UNION SELECT tokens.id FROM tokens JOIN line ON tokens.made_by = line.id
        )";
    let end = format!(
        "{DESCENDANTS} UPDATE tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE id IN line"
    );
    let remove =
        format!("{DESCENDANTS} DELETE FROM snapshots WHERE made_by IN line AND NOT outlives_token");
    Ok(Revoked {
        tokens: connection.execute(&end, params![id, unix_now()])?,
        snapshots: connection.execute(&remove, [id])?,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    let rights: String = row.get(1)?;
    let board: Option<String> = row.get(2)?;
    let wrong = |column| {
        rusqlite::Error::InvalidColumnType(column, "token".to_owned(), rusqlite::types::Type::Text)
    };
    let board = board.map(|board| board.parse().or(Err(wrong(2))));
    Ok(Token {
        id: row.get(0)?,
        // A token with unknown rights must not be accepted.
        rights: Rights::from_name(&rights).ok_or_else(|| wrong(1))?,
        board: board.transpose()?,
        note: row.get(3)?,
        made_by: row.get(4)?,
        made_at: row.get(5)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
    })
}
