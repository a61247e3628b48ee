//! A transaction of the writer: runs the jobs of a batch.

use std::collections::{HashMap, HashSet};

use cruxboard_domain::BoardId;
use rusqlite::{Connection, params};

use super::{
    job::{Answer, Job},
    rows::SqliteRows,
    written::{Board, Written},
};
use crate::{
    store::{
        AppendError, AppendOutcome, BoardState, StoreLimits,
        append::{self, AppendRequest, LogExtent},
        sqlite::{boards, snapshots, tokens, versions},
    },
    token::unix_now,
};

/// A running transaction.
pub(super) struct Batch<'a> {
    pub(super) connection: &'a Connection,
    pub(super) boards: &'a HashMap<BoardId, Board>,
    pub(super) deleted: &'a HashSet<BoardId>,
    pub(super) limits: StoreLimits,
    pub(super) is_disk_low: bool,
    pub(super) written: Written,
}

impl Batch<'_> {
    /// Runs one job within the transaction.
    pub(super) fn run(&mut self, job: &Job) -> rusqlite::Result<Answer> {
        Ok(match job {
            Job::Append { request, .. } => Answer::Added(self.append(request)?),
            Job::MakeToken { token, hash, .. } => {
                tokens::insert(self.connection, token, hash)?;
                Answer::Made
            }
            Job::RevokeToken { id, .. } => {
                let revoked = tokens::revoke(self.connection, id)?;
                self.written.erased |= revoked.snapshots > 0;
                Answer::Done(revoked.is_any())
            }
            Job::StoreSnapshot {
                snapshot, content, ..
            } => Answer::Done(snapshots::insert(
                self.connection,
                snapshot,
                content,
                self.limits,
            )?),
            Job::RemoveSnapshot { id, of, .. } => {
                let removed = snapshots::remove(self.connection, id, of)?;
                // Truncates the write-ahead log too.
                self.written.erased |= removed;
                Answer::Done(removed)
            }
            Job::Probe { .. } => {
                probe(self.connection)?;
                Answer::Made
            }
            // Removed from the batch before.
            Job::Close { .. } => Answer::Made,
            Job::DeleteBoard { board, .. } => Answer::StateBefore(self.delete(*board)?),
            Job::RestoreBoard { board, .. } => Answer::StateBefore(self.restore(*board)?),
            Job::CollectGarbage { .. } => {
                let mut forgotten = versions::collect_garbage(self.connection, self.limits)?;
                if forgotten {
                    self.recount_kept()?;
                }
                forgotten |= self.purge()?;
                let ended = snapshots::remove_ended(self.connection, unix_now())?;
                self.written.erased |= forgotten || ended;
                Answer::Done(forgotten)
            }
        })
    }

    fn is_deleted(&self, id: BoardId) -> bool {
        let was_before = self.deleted.contains(&id) && !self.written.restored.contains(&id);
        was_before || self.written.deleted.contains(&id)
    }

    /// Deletes a board, and returns its previous state.
    fn delete(&mut self, id: BoardId) -> rusqlite::Result<BoardState> {
        if self.is_deleted(id) {
            return Ok(BoardState::Deleted);
        }
        if self.board(id).is_none() {
            return Ok(BoardState::Absent);
        }
        // The row must hold the current cursor before it becomes a tombstone.
        self.store_boards()?;
        boards::delete(self.connection, id)?;
        self.written.restored.remove(&id);
        self.written.deleted.insert(id);
        if self.limits.keep_erased.is_zero() {
            self.purge()?;
            snapshots::remove_ended(self.connection, unix_now())?;
            self.written.erased = true;
        }
        Ok(BoardState::Present)
    }

    /// Restores a deleted board, and returns its previous state.
    fn restore(&mut self, id: BoardId) -> rusqlite::Result<BoardState> {
        let before = boards::state(self.connection, id)?;
        if before == BoardState::Deleted {
            boards::restore(self.connection, id)?;
            let query = format!("SELECT {} FROM boards WHERE id = ?1", Board::COLUMNS);
            let mut select = self.connection.prepare_cached(&query)?;
            let board = select.query_row([id.to_string()], Board::read)?;
            self.written.boards.insert(id, board);
            self.written.deleted.remove(&id);
            self.written.restored.insert(id);
        }
        Ok(before)
    }

    /// Removes the boards whose time for a restore has passed.
    fn purge(&mut self) -> rusqlite::Result<bool> {
        let purged = boards::purge(self.connection, self.limits)?;
        let is_any = !purged.is_empty();
        self.written.purged.extend(purged);
        Ok(is_any)
    }

    fn board(&self, id: BoardId) -> Option<Board> {
        if self.is_deleted(id) {
            return None;
        }
        let changed = self.written.boards.get(&id);
        changed.or_else(|| self.boards.get(&id)).copied()
    }

    /// Recomputes the archive size of each board.
    fn recount_kept(&mut self) -> rusqlite::Result<()> {
        let query = "SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE board = ?1";
        let mut select = self.connection.prepare_cached(query)?;
        let ids: Vec<BoardId> = self.boards.keys().copied().collect();
        for id in ids {
            let Some(mut board) = self.board(id).filter(|board| board.extent.kept > 0) else {
                continue;
            };
            board.extent.kept = select.query_row([board.number], |row| row.get(0))?;
            self.written.boards.insert(id, board);
        }
        boards::recount_kept_of_deleted(self.connection)
    }

    fn append(
        &mut self,
        request: &AppendRequest,
    ) -> rusqlite::Result<Result<AppendOutcome, AppendError>> {
        let id = request.body.board;
        if self.is_deleted(id) {
            return Ok(Err(AppendError::Deleted));
        }
        let present = self.board(id);
        let mut rows = SqliteRows {
            id,
            number: present.map_or(0, |board| board.number),
            connection: self.connection,
            keep_erased: self.limits.keep_erased,
            written: &mut self.written,
        };
        let extent = present.map(|board| board.extent);
        let added = append::append(&mut rows, extent, request, self.limits, self.is_disk_low)?;
        let number = rows.number;
        if let Ok((outcome, after)) = &added
            && extent != Some(*after)
        {
            versions::note(self.connection, number, outcome, &request.by)?;
        }
        Ok(added.map(|(outcome, after)| {
            if extent != Some(after) {
                let board = Board {
                    number,
                    extent: after,
                };
                self.written.boards.insert(id, board);
            }
            self.written.added += outcome.added;
            self.written.conflicts += outcome.conflicts.len();
            outcome
        }))
    }

    pub(super) fn store_boards(&self) -> rusqlite::Result<()> {
        let query = "UPDATE boards SET cursor = ?2, changes = ?3, bytes = ?4, kept = ?5
            WHERE number = ?1";
        let mut update = self.connection.prepare_cached(query)?;
        for board in self.written.boards.values() {
            let LogExtent {
                cursor,
                counts,
                kept,
            } = board.extent;
            let (changes, bytes) = (counts.changes, counts.bytes);
            update.execute(params![board.number, cursor, changes, bytes, kept])?;
        }
        Ok(())
    }
}

/// Inserts and deletes a few pages. With `secure_delete` they are overwritten, so they reach the disk.
fn probe(connection: &Connection) -> rusqlite::Result<()> {
    const INSERT: &str = "INSERT INTO store (name, value) VALUES ('probe', hex(zeroblob(8192)))";
    connection.prepare_cached(INSERT)?.execute([])?;
    const DELETE: &str = "DELETE FROM store WHERE name = 'probe'";
    connection.prepare_cached(DELETE)?.execute([])?;
    Ok(())
}
