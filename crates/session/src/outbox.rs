use std::collections::VecDeque;

use cruxboard_domain::log::Entry;
use cruxboard_domain::{BoardId, ChangeId};
use leptos::prelude::*;

/// The progress of storing the changes made in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// All changes are stored.
    Saved,
    /// Some changes are being stored.
    Saving,
    /// Storing failed for this reason. The changes are kept in memory and storing is retried.
    Failed(String),
    /// There is no storage, for this reason. The changes are kept in memory only.
    MemoryOnly(String),
}

/// A change in its stored form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The board that the change belongs to.
    pub board: BoardId,
    /// The change's id.
    pub id: ChangeId,
    /// The change's JSON text.
    pub json: String,
    /// Whether the change was just made in this tab, rather than imported, synced or stored again.
    pub is_own: bool,
}

impl Row {
    fn key(&self) -> (BoardId, ChangeId) {
        (self.board, self.id)
    }
}

/// Changes that are not stored yet, in their stored form. A change leaves the outbox only when the
/// transaction that stores it is complete, even if another board is open by then.
#[derive(Clone, Copy)]
pub struct Outbox {
    /// The changes, sorted by board and id; each id occurs once. A queue, since a long file is stored
    /// in many batches from the front.
    waiting: RwSignal<VecDeque<Row>>,
    state: RwSignal<SaveState>,
    /// Counter of calls that replaced the stored content of entries ([`Self::put_again`]).
    put_again: RwSignal<u32>,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self {
            waiting: RwSignal::new(VecDeque::new()),
            state: RwSignal::new(SaveState::Saved),
            put_again: RwSignal::new(0),
        }
    }

    /// Adds entries that were just made in this tab.
    pub fn put_own(&self, board: BoardId, entries: impl IntoIterator<Item = Entry>) {
        self.put_rows(board, entries, true);
    }

    /// Adds entries that came from elsewhere, or that storage turned out to lack.
    pub fn put(&self, board: BoardId, entries: impl IntoIterator<Item = Entry>) {
        self.put_rows(board, entries, false);
    }

    fn put_rows(&self, board: BoardId, entries: impl IntoIterator<Item = Entry>, is_own: bool) {
        let mut entries = entries.into_iter().peekable();
        if entries.peek().is_none() {
            return;
        }
        self.waiting.update(|waiting| {
            for entry in entries {
                let (id, json) = (entry.id(), entry.to_json());
                let mut row = Row {
                    board,
                    id,
                    json,
                    is_own,
                };
                // The position is nearly always the last.
                match waiting.binary_search_by_key(&row.key(), Row::key) {
                    Ok(at) => {
                        row.is_own |= waiting[at].is_own;
                        waiting[at] = row;
                    }
                    Err(at) => waiting.insert(at, row),
                }
            }
        });
        if self
            .state
            .with_untracked(|state| *state == SaveState::Saved)
        {
            self.state.set(SaveState::Saving);
        }
    }

    /// Adds entries that were redacted after they were stored, so that the redacted form overwrites
    /// the full one.
    pub fn put_again(&self, board: BoardId, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.put(board, entries);
            self.put_again.update(|count| *count += 1);
        }
    }

    /// Returns how often [`Self::put_again`] was called. Followed by everything that keeps copies
    /// of changes.
    #[must_use]
    pub fn times_put_again(&self) -> u32 {
        self.put_again.get()
    }

    /// Returns the waiting changes, sorted by board and id.
    #[must_use]
    pub fn waiting(&self) -> Vec<Row> {
        self.waiting
            .with(|waiting| waiting.iter().cloned().collect())
    }

    /// Returns the first waiting changes: at most `limit`, oldest first, all of one board.
    #[must_use]
    pub fn batch(&self, limit: usize) -> Vec<Row> {
        self.waiting.with_untracked(|waiting| {
            let board = waiting.front().map(|row| row.board);
            let rows = waiting.iter().take(limit);
            rows.take_while(|row| Some(row.board) == board)
                .cloned()
                .collect()
        })
    }

    /// Returns the number of waiting changes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.with(VecDeque::len)
    }

    /// Returns whether no change is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes rows that are stored; `rows` is sorted. A row whose content changed meanwhile stays.
    pub fn stored(&self, rows: &[Row]) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return;
        };
        self.waiting.update(|waiting| {
            // Only the part that may hold the rows is looked at, since many others may wait.
            let begin = waiting.partition_point(|waits| waits.key() < first.key());
            let end = waiting.partition_point(|waits| waits.key() <= last.key());
            let mut stay: Vec<Row> = waiting.drain(begin..end).collect();
            stay.retain(|waits| {
                let same = rows.binary_search_by_key(&waits.key(), Row::key);
                same.map_or(true, |at| rows[at].json != waits.json)
            });
            for row in stay.into_iter().rev() {
                waiting.insert(begin, row);
            }
        });
        let is_empty = self.waiting.with_untracked(VecDeque::is_empty);
        self.state.set(if is_empty {
            SaveState::Saved
        } else {
            SaveState::Saving
        });
    }

    /// Drops the changes of a deleted board, so that none of them is stored any more.
    pub fn forget(&self, board: BoardId) {
        self.waiting
            .update(|waiting| waiting.retain(|row| row.board != board));
        if self.waiting.with_untracked(VecDeque::is_empty) {
            self.state.set(SaveState::Saved);
        }
    }

    /// Notes that storing failed.
    pub fn refused(&self, why: SaveState) {
        self.state.set(why);
    }

    /// Returns the progress of storing.
    #[must_use]
    pub fn state(&self) -> SaveState {
        self.state.get()
    }
}
