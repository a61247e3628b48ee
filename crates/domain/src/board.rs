//! The board: the fold of the changes of a log.

mod materialize;
mod query;
mod refresh;
mod tables;
mod touched;
pub mod view;

use std::collections::BTreeSet;

use self::refresh::is_edit;
use self::tables::Tables;
use crate::ChangeId;
use crate::change::Change;
use crate::log::{DigestKey, Entry, Log};

pub(crate) use self::query::REVIEWS_APART;
pub use self::query::{CurrentJointCredences, CurrentOptionCredences, CurrentView, WithBasis};
pub use self::touched::{RecordRef, Touched};

/// A decision question with everything about it, folded from its log.
///
/// Each record is the fold, oldest first, of its changes that count. Boards with the same set of changes are
/// therefore equal, in whatever order and however often the changes arrived.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    log: Log,
    /// Pairs of a record and a change that edits it, whether or not the record exists or the change counts.
    edits: BTreeSet<(ChangeId, ChangeId)>,
    tables: Tables,
}

impl FromIterator<Entry> for Board {
    fn from_iter<T: IntoIterator<Item = Entry>>(entries: T) -> Self {
        let mut board = Self::default();
        board.receive(entries);
        board
    }
}

impl Board {
    /// Creates an empty board whose log keeps digests, so that boards in memory merge quickly.
    #[must_use]
    pub fn with_digests(key: DigestKey) -> Self {
        Self {
            log: Log::with_digests(key),
            ..Self::default()
        }
    }

    /// Returns the board's log.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Applies one change. Commutative, associative and idempotent; cannot fail.
    pub fn apply(&mut self, change: Change) -> Touched {
        self.apply_entry(Entry::Known(change))
    }

    /// Applies many entries. They are sorted first, since oldest first is fastest.
    pub fn receive(&mut self, entries: impl IntoIterator<Item = Entry>) -> Touched {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_by_key(Entry::id);
        let mut touched = Touched::default();
        for entry in entries {
            self.take_in(entry, &mut touched);
        }
        touched
    }

    /// Adds the entries of another log. Only entries that are missing here are copied and applied.
    pub fn merge(&mut self, other: &Log) -> Touched {
        let lacking: Vec<Entry> = self.log.lacks_of(other).into_iter().cloned().collect();
        self.receive(lacking)
    }

    /// Applies one entry, of this version or a newer one.
    pub fn apply_entry(&mut self, entry: Entry) -> Touched {
        let mut touched = Touched::default();
        self.take_in(entry, &mut touched);
        touched
    }

    fn take_in(&mut self, entry: Entry, touched: &mut Touched) {
        let id = entry.id();
        let added = self.log.add(entry);
        touched.is_new |= added.is_new;
        touched.clashes |= added.clashes;
        if !added.is_new {
            return;
        }
        if !added.rewritten.is_empty() {
            // A redacted change no longer tells which record it was about. Redactions are rare, so the whole
            // log is folded again.
            touched.rewritten.extend(added.rewritten);
            touched.everything = true;
            self.refold_everything();
            return;
        }
        for turned in added.turned {
            // Read from the log rather than from the arriving entry, which may have been redacted on arrival.
            let Some(change) = self.log.change(turned) else {
                continue;
            };
            let Some(record) = change.payload.record(turned) else {
                continue;
            };
            if turned == id && is_edit(change) {
                self.edits.insert((record, id));
            }
            let is_latest = turned == id
                && !self.log.is_retracted(id)
                && self
                    .edits
                    .range((record, id)..=(record, ChangeId::MAX))
                    .all(|(_, edit)| *edit == id);
            self.refresh(record, is_latest.then_some(id), touched);
        }
    }
}
