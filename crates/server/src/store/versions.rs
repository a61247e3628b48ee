//! Versions of a board.
//!
//! A version is the cursor after a write. Each change has the sequence number of the write that gave it its
//! present content. Earlier contents and removed changes are archived for a week, with the range of cursors
//! in which they were current. So the log of any version can be reconstructed, any number of times.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::{BoardId, ChangeId};

use super::{Cursor, OpenError, StoreError, StoreLimits};
use crate::token::{RandomnessError, unix_now};

/// Number of versions that are kept regardless of age.
pub(super) const MIN_VERSIONS: i64 = 50;
/// All versions younger than this are kept, in seconds.
const VERSION_RETENTION_SECS: i64 = 90 * 86_400;
/// A write that changed a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The cursor of the board after it.
    pub cursor: Cursor,
    /// Unix seconds.
    pub made_at: i64,
    /// The id of the token that it was sent with.
    pub token: String,
    pub added: i64,
    pub erased: i64,
}

/// The result of a rewind, in numbers of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewindReport {
    /// Changes that were retracted by a new change.
    pub retracted: usize,
    /// Changes that were removed from the log, without erasures.
    pub dropped: usize,
    /// Changes that are in the log again, or erased again, after an earlier rewind.
    pub brought_back: usize,
    /// Changes whose content was restored.
    pub put_back: usize,
    /// Erasures that were removed from the log.
    pub taken_out: usize,
    /// Changes whose content was erased since and is no longer archived.
    pub lost: usize,
}

/// The reason why a rewind failed.
#[derive(Debug, thiserror::Error)]
pub enum RewindError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no board {0} here")]
    NoBoard(BoardId),
    #[error("the board has no version {0} yet; `cruxboard versions` lists its versions")]
    NoSuchVersion(Cursor),
}

/// Options of a rewind.
#[derive(Clone, Debug, Default)]
pub struct RewindOptions {
    /// Whether later changes are removed from the log, instead of only retracted.
    pub drops: bool,
    /// Undoes only changes sent with these tokens; `None` means all.
    pub only_by: Option<BTreeSet<String>>,
}

impl From<RandomnessError> for RewindError {
    fn from(error: RandomnessError) -> Self {
        Self::Store(error.into())
    }
}

/// The times, in Unix seconds, before which archived texts and old versions are removed.
pub(super) struct RetentionCutoffs {
    pub(super) erased: i64,
    pub(super) written: i64,
}

impl RetentionCutoffs {
    pub(super) fn now(limits: StoreLimits) -> Self {
        let kept = i64::try_from(limits.keep_erased.as_secs()).unwrap_or(i64::MAX);
        Self {
            erased: unix_now().saturating_sub(kept),
            written: unix_now() - VERSION_RETENTION_SECS,
        }
    }
}

/// A change in the log.
pub(super) struct LogRow {
    pub(super) id: ChangeId,
    pub(super) seq: Cursor,
    pub(super) json: String,
}

/// An archived content: of a change before it was rewritten or removed.
pub(super) struct ArchivedRow {
    pub(super) id: ChangeId,
    pub(super) seq: Cursor,
    pub(super) json: String,
    pub(super) erased_in: Cursor,
}

/// The archived "content" for the time in which a change was not in the log.
pub(super) const ABSENT: &str = "";

/// The log of a board, with its archive.
pub(super) struct History {
    pub(super) log: Vec<LogRow>,
    pub(super) kept: Vec<ArchivedRow>,
    /// The changes that are erased, even if they have not arrived yet.
    pub(super) erasures: BTreeSet<ChangeId>,
    /// The token of each write, by the cursor after it.
    pub(super) versions: BTreeMap<Cursor, String>,
}

impl History {
    /// Returns the log at a version, with the sequence numbers of then. With [`RewindOptions::only_by`],
    /// returns the present log without the changes of those tokens.
    pub(super) fn log_at(
        &self,
        to: Cursor,
        options: &RewindOptions,
    ) -> BTreeMap<ChangeId, (Cursor, &str)> {
        // The contents of each change, by the write that replaced them.
        let mut contents: BTreeMap<ChangeId, BTreeMap<Cursor, (Cursor, &str)>> = BTreeMap::new();
        for ArchivedRow {
            id,
            seq,
            json,
            erased_in,
        } in &self.kept
        {
            let of_it = contents.entry(*id).or_default();
            of_it.insert(*erased_in, (*seq, json.as_str()));
        }
        for LogRow { id, seq, json } in &self.log {
            let of_it = contents.entry(*id).or_default();
            of_it.insert(Cursor::MAX, (*seq, json.as_str()));
        }
        let is_theirs = |seq: Cursor, tokens: &BTreeSet<String>| {
            let version = self.versions.range(seq..).next();
            seq > to && version.is_some_and(|(_, token)| tokens.contains(token))
        };
        let found = contents.iter().filter_map(|(id, of_it)| {
            let row = match &options.only_by {
                // Restored content has its old number, so the earliest end decides.
                None => of_it
                    .range(to.saturating_add(1)..)
                    .map(|(_, row)| row)
                    .find(|(seq, _)| *seq <= to),
                Some(_) if !of_it.contains_key(&Cursor::MAX) => None,
                Some(tokens) => of_it
                    .values()
                    .rev()
                    .find(|(seq, _)| !is_theirs(*seq, tokens)),
            };
            Some((*id, *row?))
        });
        found.filter(|(_, (_, json))| *json != ABSENT).collect()
    }
}

#[cfg(test)]
mod tests {
    use cruxboard_domain::Millis;
    use cruxboard_domain::id::Replica;

    use super::*;

    fn id(n: u64) -> ChangeId {
        ChangeId::new(Millis(1_795_429_733_409 + n), 0, Replica::new(7, 1))
    }

    fn option(n: u64) -> String {
        let id = id(n);
        format!(r#"{{"id":"{id}","fact":{{"option-added":{{"name":"{n}"}}}}}}"#)
    }

    fn blank(n: u64) -> String {
        format!(r#"{{"id":"{}","fact":"blank"}}"#, id(n))
    }

    fn present(n: u64, seq: Cursor, json: String) -> LogRow {
        LogRow {
            id: id(n),
            seq,
            json,
        }
    }

    fn kept(n: u64, seq: Cursor, erased_in: Cursor, json: &str) -> ArchivedRow {
        ArchivedRow {
            id: id(n),
            seq,
            json: json.to_owned(),
            erased_in,
        }
    }

    fn at(log: Vec<LogRow>, kept: Vec<ArchivedRow>, to: Cursor) -> Option<String> {
        let history = History {
            log,
            kept,
            erasures: BTreeSet::new(),
            versions: BTreeMap::new(),
        };
        let then = history.log_at(to, &RewindOptions::default());
        then.get(&id(1)).map(|(_, json)| (*json).to_owned())
    }

    #[test]
    fn the_content_at_a_version_is_found_after_erasing_dropping_and_restoring() {
        // Added by write 4, erased by 12, restored by 20, dropped by 30, restored by 40.
        let log = || vec![present(1, 4, option(1))];
        let kept = |forgotten| {
            let periods = [
                kept(1, 4, 12, &option(1)),
                kept(1, 12, 20, &blank(1)),
                kept(1, 4, 30, &option(1)),
                kept(1, 30, 40, ABSENT),
            ];
            periods.into_iter().skip(forgotten).collect::<Vec<_>>()
        };
        for (to, expected) in [
            (3, None),
            (4, Some(option(1))),
            (11, Some(option(1))),
            (12, Some(blank(1))),
            (19, Some(blank(1))),
            (20, Some(option(1))),
            (29, Some(option(1))),
            (30, None),
            (39, None),
            (40, Some(option(1))),
            (Cursor::MAX, Some(option(1))),
        ] {
            assert_eq!(at(log(), kept(0), to), expected, "{to}");
        }
        // Without the archive, the present content counts for all earlier versions.
        for forgotten in 1..=4 {
            for to in [4, 11, 40] {
                let found = at(log(), kept(forgotten), to);
                assert_eq!(found, Some(option(1)), "{to} without {forgotten}");
            }
            assert_eq!(at(log(), kept(forgotten), 3), None);
        }
    }
}
