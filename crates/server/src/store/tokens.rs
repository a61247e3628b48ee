//! Tokens in the database.

use std::path::Path;

use cruxboard_domain::Stamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{OpenError, StoreError, schema};
use crate::token::{NoRandomness, Rights, Secret, SecretHash, Token, random_name, unix_now};

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub rights: Rights,
    pub board: Option<Stamp>,
    pub note: String,
    pub made_by: Option<String>,
    pub expires_at: Option<i64>,
}

impl NewToken {
    pub(super) fn with_secret(self) -> Result<(Token, Secret), NoRandomness> {
        let token = Token {
            id: random_name::<5>()?,
            rights: self.rights,
            board: self.board,
            note: self.note,
            made_by: self.made_by,
            made_at: unix_now(),
            expires_at: self.expires_at,
            revoked_at: None,
        };
        Ok((token, Secret::random()?))
    }
}

/// The tokens of a database, whether or not a server has it open: SQLite keeps the two apart, and the
/// server looks a token up each time it is shown.
pub struct TokenFile(Connection);

impl TokenFile {
    /// # Errors
    /// [`OpenError`] when there is no usable database.
    pub fn open(file: &Path) -> Result<Self, OpenError> {
        Ok(Self(schema::open_present(file)?))
    }

    /// Makes a token, and tells its secret this once.
    ///
    /// # Errors
    /// [`StoreError`] when it is not there.
    pub fn make(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        insert(&self.0, &token, &secret.hash())?;
        Ok((token, secret))
    }

    /// All that were ever made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub fn all(&self) -> Result<Vec<Token>, StoreError> {
        Ok(all(&self.0)?)
    }

    /// Ends a token and all that were made with it. False when there is none with this name.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        Ok(revoke(&self.0, id)?)
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

/// Ends a token and all that were made with it, and with those: who was let in by somebody who is no
/// longer trusted goes with them.
pub(super) fn revoke(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    let query = "
        WITH RECURSIVE line (id) AS (
            SELECT id FROM tokens WHERE id = ?1
            UNION SELECT tokens.id FROM tokens JOIN line ON tokens.made_by = line.id
        )
        UPDATE tokens SET revoked_at = coalesce(revoked_at, ?2) WHERE id IN line";
    Ok(connection.execute(query, params![id, unix_now()])? > 0)
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
        // Never guessed: a token that cannot be read must open nothing.
        rights: Rights::named(&rights).ok_or_else(|| wrong(1))?,
        board: board.transpose()?,
        note: row.get(3)?,
        made_by: row.get(4)?,
        made_at: row.get(5)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
    })
}
