use cruxboard_domain::ChangeId;
use cruxboard_domain::log::Entry;
use leptos::prelude::*;

/// Where what was written here has got to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// All of it is in storage.
    Saved,
    /// Some of it is on its way.
    Saving,
    /// Storage refused; it is kept in memory and tried again.
    Failed(String),
    /// There is no storage: it is kept in memory only.
    MemoryOnly(String),
}

/// A change in its stored form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The board it belongs to.
    pub board: ChangeId,
    /// Its id.
    pub id: ChangeId,
    /// Its JSON text.
    pub json: String,
    /// Whether it was just made here: not brought in, taken over or stored again.
    pub is_own: bool,
}

impl Row {
    fn key(&self) -> (ChangeId, ChangeId) {
        (self.board, self.id)
    }
}

/// Changes that are not in storage yet, in their stored form. They leave it only when the
/// transaction that stores them is complete, even if another board is open by then.
#[derive(Clone, Copy)]
pub struct Outbox {
    /// Board by board and oldest first, each id once.
    waiting: RwSignal<Vec<Row>>,
    state: RwSignal<SaveState>,
    /// Counts how often something was put in that was written before with other content.
    put_again: RwSignal<u32>,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self {
            waiting: RwSignal::new(Vec::new()),
            state: RwSignal::new(SaveState::Saved),
            put_again: RwSignal::new(0),
        }
    }

    /// Puts entries in that were just made here.
    pub fn put_own(&self, board: ChangeId, entries: impl IntoIterator<Item = Entry>) {
        self.put_rows(board, entries, true);
    }

    /// Puts entries in that came from elsewhere, or that storage turns out to lack.
    pub fn put(&self, board: ChangeId, entries: impl IntoIterator<Item = Entry>) {
        self.put_rows(board, entries, false);
    }

    fn put_rows(&self, board: ChangeId, entries: impl IntoIterator<Item = Entry>, is_own: bool) {
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
                // Nearly always the last place.
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

    /// Puts entries in whose content was erased since they were stored, so that no copy of it may stay.
    pub fn put_again(&self, board: ChangeId, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.put(board, entries);
            self.put_again.update(|count| *count += 1);
        }
    }

    /// How often entries were put in again. Followed by whoever keeps copies.
    #[must_use]
    pub fn times_put_again(&self) -> u32 {
        self.put_again.get()
    }

    /// What waits, board by board and oldest first.
    #[must_use]
    pub fn waiting(&self) -> Vec<Row> {
        self.waiting.get()
    }

    /// The first of what waits, oldest first and of one board only; at most `limit` rows.
    #[must_use]
    pub fn batch(&self, limit: usize) -> Vec<Row> {
        self.waiting.with_untracked(|waiting| {
            let board = waiting.first().map(|row| row.board);
            let rows = waiting.iter().take(limit);
            rows.take_while(|row| Some(row.board) == board)
                .cloned()
                .collect()
        })
    }

    /// How many changes wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.with(Vec::len)
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// These rows, in order, are in storage. One that was put again meanwhile, with other content, still waits.
    pub fn stored(&self, rows: &[Row]) {
        self.waiting.update(|waiting| {
            waiting.retain(|waits| {
                let same = rows.binary_search_by_key(&waits.key(), Row::key);
                same.map_or(true, |at| rows[at].json != waits.json)
            });
        });
        let is_empty = self.waiting.with_untracked(Vec::is_empty);
        self.state.set(if is_empty {
            SaveState::Saved
        } else {
            SaveState::Saving
        });
    }

    /// The board was deleted: nothing of it is to be stored any more.
    pub fn forget(&self, board: ChangeId) {
        self.waiting
            .update(|waiting| waiting.retain(|row| row.board != board));
        if self.waiting.with_untracked(Vec::is_empty) {
            self.state.set(SaveState::Saved);
        }
    }

    /// Storage refused.
    pub fn refused(&self, why: SaveState) {
        self.state.set(why);
    }

    /// Where what was written here has got to.
    #[must_use]
    pub fn state(&self) -> SaveState {
        self.state.get()
    }
}
