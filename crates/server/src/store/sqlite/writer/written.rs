//! The results of a transaction.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::{BoardId, ChangeId};
use rusqlite::Row;

use crate::store::{Counts, append::LogExtent};

/// A board's row in the database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Board {
    pub(super) number: i64,
    pub(super) extent: LogExtent,
}

impl Board {
    pub(super) const COLUMNS: &str = "id, number, cursor, changes, bytes, kept";

    /// Reads a board from a row that begins with [`Self::COLUMNS`].
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(1)?,
            extent: LogExtent {
                cursor: row.get(2)?,
                counts: Counts {
                    changes: row.get(3)?,
                    bytes: row.get(4)?,
                },
                kept: row.get(5)?,
            },
        })
    }
}

/// The changes of a transaction, applied to the cache when it commits.
#[derive(Default)]
pub(super) struct Written {
    pub(super) boards: BTreeMap<BoardId, Board>,
    pub(super) rows: Vec<WrittenRow>,
    pub(super) deleted: BTreeSet<BoardId>,
    /// Boards that were restored.
    pub(super) restored: BTreeSet<BoardId>,
    /// Boards that were removed for good.
    pub(super) purged: Vec<BoardId>,
    pub(super) added: usize,
    pub(super) conflicts: usize,
    pub(super) erased: bool,
}

pub(super) struct WrittenRow {
    pub(super) board: BoardId,
    pub(super) id: ChangeId,
    pub(super) json: String,
}
