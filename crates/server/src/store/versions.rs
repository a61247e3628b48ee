//! Versions of a board, and rewinding to one, as after a hostile write.
//!
//! A version is the cursor after a write. Each change has the sequence number of the write that gave it its
//! present content. Earlier contents and removed changes are archived for a week, with the range of cursors
//! in which they were current. So the log of any version can be reconstructed, any number of times.
//!
//! [`RewindPlan`] computes a rewind. Later changes are retracted by a new change, which reaches every device;
//! with [`RewindOptions::drops`] they also leave the log. Later erasures leave the log, since an erasure wins
//! in every copy that has it, and their targets get their content back. Changes that left the log are refused
//! from then on. Devices that send them again learn so, and undo the erasures too.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::{
    ChangeId,
    change::{Change, Payload},
    id::{Clock, Replica},
    log::Entry,
};

use super::{
    Cursor, DatabaseUrl, OpenError, StoreError, StoreLimits, append::erased, postgres, sqlite,
};
use crate::token::{RandomnessError, random_name, unix_now};

/// Number of versions that are kept regardless of age.
pub(super) const MIN_VERSIONS: i64 = 50;
/// All versions younger than this are kept, in seconds.
const VERSION_RETENTION_SECS: i64 = 90 * 86_400;
/// Largest number of changes that one retraction names; it keeps the retraction far below its size limit.
const RETRACTION_CHUNK: usize = 4_000;

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

/// Why a rewind failed.
#[derive(Debug, thiserror::Error)]
pub enum RewindError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no board {0} here")]
    NoBoard(ChangeId),
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

/// Returns the versions of a board, latest first; `None` when there is no such board.
///
/// # Errors
/// When the database cannot be read.
pub async fn versions(
    database: &DatabaseUrl,
    board: ChangeId,
) -> Result<Option<Vec<Version>>, RewindError> {
    match database {
        DatabaseUrl::File(file) => sqlite::versions::list(file, board),
        DatabaseUrl::Postgres(address) => postgres::versions::list(address, board).await,
    }
}

/// Rewinds a board to a version. A server must not have the file open; servers of a PostgreSQL database may
/// run.
///
/// # Errors
/// [`RewindError`]; then nothing has changed.
pub async fn rewind(
    database: &DatabaseUrl,
    board: ChangeId,
    to: Cursor,
    options: &RewindOptions,
) -> Result<RewindReport, RewindError> {
    match database {
        DatabaseUrl::File(file) => sqlite::versions::rewind(file, board, to, options),
        DatabaseUrl::Postgres(address) => {
            postgres::versions::rewind(address, board, to, options).await
        }
    }
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

/// The database updates that a rewind takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RewindPlan {
    /// Changes to insert or replace in the log, with their sequence numbers.
    pub(super) rows: BTreeMap<ChangeId, (Cursor, String)>,
    /// Those of `rows` that are not in the log, with the cursor since when.
    pub(super) absent_since: BTreeMap<ChangeId, Cursor>,
    /// Changes to delete from the log.
    pub(super) taken_out: BTreeSet<ChangeId>,
    /// Changes that are refused from now on: the removed ones, and blank copies of those with restored content.
    pub(super) refused: BTreeSet<ChangeId>,
    pub(super) no_longer_refused: BTreeSet<ChangeId>,
    pub(super) erased: BTreeSet<ChangeId>,
    /// Changes that no remaining erasure names.
    pub(super) no_longer_erased: BTreeSet<ChangeId>,
    /// Retractions to append.
    pub(super) new: Vec<(ChangeId, String)>,
    pub(super) rewound: RewindReport,
}

impl RewindPlan {
    pub(super) fn of(
        history: &History,
        to: Cursor,
        options: &RewindOptions,
        clock: &mut Clock,
        now_millis: u64,
    ) -> Self {
        let mut plan = Self::default();
        let now: BTreeMap<ChangeId, &LogRow> =
            history.log.iter().map(|row| (row.id, row)).collect();
        let then = history.log_at(to, options);
        let named_then: BTreeSet<ChangeId> = then
            .values()
            .flat_map(|(_, json)| erased_by(json))
            .collect();
        let named_now: BTreeSet<ChangeId> =
            now.values().flat_map(|row| erased_by(&row.json)).collect();
        // After a restored backup, erasures may be noted whose changes are not in the log. They stay.
        let mut stay_erased: BTreeSet<ChangeId> =
            history.erasures.difference(&named_now).copied().collect();
        stay_erased.extend(&named_then);
        plan.erased = named_then.difference(&history.erasures).copied().collect();
        plan.no_longer_erased = named_now.difference(&stay_erased).copied().collect();

        let mut last_ends: BTreeMap<ChangeId, Cursor> = BTreeMap::new();
        for kept in &history.kept {
            let end = last_ends.entry(kept.id).or_default();
            *end = kept.erased_in.max(*end);
        }
        for (id, (seq, json)) in &then {
            let json = if stay_erased.contains(id) {
                without_content(json)
            } else {
                (*json).to_owned()
            };
            match now.get(id) {
                Some(row) if row.json == json => continue,
                // An erasure that was merged with a larger one gets its own targets back.
                Some(_) if without_content(&json) != json || !erased_by(&json).is_empty() => {
                    plan.rewound.put_back += 1;
                    plan.refused.insert(*id);
                }
                _ => {
                    plan.rewound.brought_back += 1;
                    plan.no_longer_refused.insert(*id);
                }
            }
            if !now.contains_key(id) {
                let since = last_ends.get(id);
                plan.absent_since.extend(since.map(|since| (*id, *since)));
            }
            plan.rows.insert(*id, (*seq, json));
        }

        let mut to_retract = Vec::new();
        for (id, row) in now.iter().filter(|(id, _)| !then.contains_key(id)) {
            let entry = Entry::from_json(&row.json).ok();
            let payload = entry
                .as_ref()
                .and_then(Entry::known)
                .map(|change| &change.payload);
            // The answers of a blind round have been revealed; a retraction would hide that.
            let is_for_good = payload.is_some_and(Payload::is_for_good);
            let is_blank = matches!(payload, Some(Payload::Blank));
            if matches!(payload, Some(Payload::Redacted(_))) {
                plan.taken_out.insert(*id);
                plan.rewound.taken_out += 1;
                continue;
            }
            if !is_for_good && !is_blank {
                to_retract.push(*id);
            }
            if options.drops {
                plan.taken_out.insert(*id);
                plan.rewound.dropped += 1;
            } else if is_blank {
                // It was erased since and is no longer archived, or it arrived without content.
                plan.rewound.lost += 1;
            } else if named_then.contains(id) {
                plan.rows.insert(*id, (row.seq, without_content(&row.json)));
            }
        }
        plan.refused.extend(&plan.taken_out);

        for present in &history.log {
            clock.observe(present.id);
        }
        for kept in &history.kept {
            clock.observe(kept.id);
        }
        for ids in to_retract.chunks(RETRACTION_CHUNK) {
            let id = clock.tick(now_millis);
            let change = Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Retracted(ids.to_vec()),
            };
            plan.new.push((id, change.to_json()));
        }
        plan.rewound.retracted = to_retract.len();
        plan
    }
}

impl History {
    /// Returns the log at a version, with the sequence numbers of then. With [`RewindOptions::only_by`],
    /// returns the present log without the changes of those tokens.
    fn log_at(&self, to: Cursor, options: &RewindOptions) -> BTreeMap<ChangeId, (Cursor, &str)> {
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

fn without_content(json: &str) -> String {
    Entry::from_json(json).map_or_else(|_| json.to_owned(), |entry| erased(entry).to_json())
}

/// Returns the ids that a change erases.
fn erased_by(json: &str) -> Vec<ChangeId> {
    match Entry::from_json(json) {
        Ok(Entry::Known(Change {
            payload: Payload::Redacted(targets),
            ..
        })) => targets,
        _ => Vec::new(),
    }
}

/// Returns a clock with a random replica id.
pub(super) fn clock() -> Result<Clock, RandomnessError> {
    let device = u32::from_str_radix(&random_name::<4>()?, 16).unwrap_or_default();
    Ok(Clock::new(Replica::new(device, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> ChangeId {
        ChangeId::new(1_795_429_733_409 + n, 0, Replica::new(7, 1))
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
