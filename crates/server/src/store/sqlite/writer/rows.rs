//! The rows of one board, for the rules of appending.

use std::time::Duration;

use cruxboard_domain::{BoardId, ChangeId};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::written::{Written, WrittenRow};
use crate::store::{Cursor, append::BoardRows, sqlite::versions};

/// The rows of one board in an SQLite transaction.
pub(super) struct SqliteRows<'a> {
    pub(super) id: BoardId,
    pub(super) number: i64,
    pub(super) connection: &'a Connection,
    pub(super) keep_erased: Duration,
    pub(super) written: &'a mut Written,
}

impl BoardRows for SqliteRows<'_> {
    type Error = rusqlite::Error;

    fn create(&mut self) -> rusqlite::Result<Cursor> {
        let id = self.id.to_string();
        let query = "DELETE FROM tombstones WHERE id = ?1 RETURNING cursor + 1";
        let mut delete = self.connection.prepare_cached(query)?;
        let begin = delete.query_row([&id], |row| row.get(0)).optional()?;
        let begin: Cursor = begin.unwrap_or(0);
        let query = "INSERT INTO boards (id, cursor, known_from, changes, bytes)
            VALUES (?1, ?2, ?2, 0, 0)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![id, begin])?;
        self.number = self.connection.last_insert_rowid();
        Ok(begin)
    }

    fn stored(&self, id: ChangeId) -> rusqlite::Result<Option<String>> {
        let query = "SELECT json FROM changes WHERE board = ?1 AND id = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        let found = select.query_row(params![self.number, id.to_string()], |row| row.get(0));
        found.optional()
    }

    fn is_to_be_erased(&self, id: ChangeId) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM erasures WHERE board = ?1 AND target = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        select.exists(params![self.number, id.to_string()])
    }

    fn is_refused(&self, id: ChangeId) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM refused WHERE board = ?1 AND id = ?2";
        let mut select = self.connection.prepare_cached(query)?;
        select.exists(params![self.number, id.to_string()])
    }

    fn insert(&mut self, id: ChangeId, seq: Cursor, json: String) -> rusqlite::Result<()> {
        let query = "INSERT INTO changes (board, id, seq, json) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![self.number, id.to_string(), seq, json])?;
        self.note(id, json);
        Ok(())
    }

    fn rewrite(&mut self, id: ChangeId, seq: Cursor, json: String) -> rusqlite::Result<i64> {
        let mut kept = 0;
        if !self.keep_erased.is_zero() {
            kept = versions::archive(self.connection, self.number, id, seq)?;
        }
        let query = "UPDATE changes SET seq = ?3, json = ?4 WHERE board = ?1 AND id = ?2";
        let mut update = self.connection.prepare_cached(query)?;
        update.execute(params![self.number, id.to_string(), seq, json])?;
        self.written.erased = true;
        // Followers must not receive content that was added and erased in the same batch.
        let board = self.id;
        self.written
            .rows
            .retain(|row| row.board != board || row.id != id);
        self.note(id, json);
        Ok(kept)
    }

    fn note_erasure(&mut self, target: ChangeId) -> rusqlite::Result<()> {
        let query = "INSERT OR IGNORE INTO erasures (board, target) VALUES (?1, ?2)";
        let mut insert = self.connection.prepare_cached(query)?;
        insert.execute(params![self.number, target.to_string()])?;
        Ok(())
    }
}

impl SqliteRows<'_> {
    fn note(&mut self, id: ChangeId, json: String) {
        self.written.rows.push(WrittenRow {
            board: self.id,
            id,
            json,
        });
    }
}
