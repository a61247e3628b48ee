use std::collections::BTreeMap;

use cruxboard_domain::Stamp;
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

/// Changes that are not in storage yet, in their stored form. They leave it only when the
/// transaction that stores them is complete.
#[derive(Clone, Copy)]
pub struct Outbox {
    waiting: RwSignal<BTreeMap<Stamp, String>>,
    state: RwSignal<SaveState>,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self { waiting: RwSignal::new(BTreeMap::new()), state: RwSignal::new(SaveState::Saved) }
    }

    /// Puts entries in. Also for what storage turns out to lack.
    pub fn put(&self, entries: impl IntoIterator<Item = Entry>) {
        let mut entries = entries.into_iter().peekable();
        if entries.peek().is_none() {
            return;
        }
        self.waiting.update(|waiting| {
            waiting.extend(entries.map(|entry| (entry.id(), entry.to_json())));
        });
        if self.state.with_untracked(|state| *state == SaveState::Saved) {
            self.state.set(SaveState::Saving);
        }
    }

    /// What waits, oldest first. Followed by the effect that stores it.
    #[must_use]
    pub fn waiting(&self) -> Vec<(Stamp, String)> {
        self.waiting.with(|waiting| waiting.iter().map(|(id, row)| (*id, row.clone())).collect())
    }

    /// How many changes wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.with(BTreeMap::len)
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// These rows are in storage. One that was put again meanwhile, with other content, still waits.
    pub fn stored(&self, rows: &[(Stamp, String)]) {
        self.waiting.update(|waiting| {
            for (id, row) in rows {
                if waiting.get(id) == Some(row) {
                    waiting.remove(id);
                }
            }
        });
        let is_empty = self.waiting.with_untracked(BTreeMap::is_empty);
        self.state.set(if is_empty { SaveState::Saved } else { SaveState::Saving });
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
