//! The versions that a board has had, and going back to one: what to do about a hostile write.
//!
//! A version is where the log ended after a write. Each change has the sequence number of the write that
//! gave it its present content; what it held before, and what was taken out of the log, is kept aside for a
//! week with the numbers between which it stood there. So the log of any version can be put together, and
//! any version can be gone back to, as often as one likes: [`RewindPlan`] says what that takes.
//!
//! Later changes are retracted by a new change, so that every device hears of it, and with
//! [`RewindOptions::drops`] they also leave the log. Later erasures leave the log, since an erasure wins in
//! every copy that has it, and their targets get their content back. Changes that left the log are refused
//! from then on: devices that have them send them again, hear that, and undo the erasures too.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::{
    Stamp,
    change::{Change, Fact},
    log::Entry,
    stamp::{Clock, Replica},
};

use super::{
    Cursor, DatabaseUrl, OpenError, StoreError, StoreLimits, append::erased, postgres, sqlite,
};
use crate::token::{RandomnessError, random_name, unix_now};

/// So many versions are remembered however old they are; younger ones all are.
pub(super) const MIN_VERSIONS: i64 = 50;
const YOUNG_SECS: i64 = 90 * 86_400;
/// Changes that one change takes back, so that it stays far smaller than one may be.
const AT_ONCE: usize = 4_000;

/// A write that has changed a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Where the log ended after it.
    pub cursor: Cursor,
    /// Unix seconds.
    pub made_at: i64,
    /// The token with which it came.
    pub token: String,
    pub added: i64,
    pub erased: i64,
}

/// What going back has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewindReport {
    /// Changes that were taken back by a new one.
    pub retracted: usize,
    /// Changes that are out of the log, besides erasures.
    pub dropped: usize,
    /// Changes that are in the log again, or erased again.
    pub brought_back: usize,
    /// Changes that have their content again.
    pub put_back: usize,
    /// Erasures that are out of the log.
    pub taken_out: usize,
    /// Changes that were erased since and of whose content nothing is kept any more.
    pub lost: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum RewindError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no board {0} here")]
    NoBoard(Stamp),
    #[error("the board has not come as far as {0}; `cruxboard versions` shows its versions")]
    NoSuchVersion(Cursor),
}

/// Which of the later changes to undo, and how.
#[derive(Clone, Debug, Default)]
pub struct RewindOptions {
    /// Whether added changes leave the log, and are not only retracted.
    pub drops: bool,
    /// Undoes only changes that came with these tokens; `None`: all.
    pub only_by: Option<BTreeSet<String>>,
}

/// The versions that are remembered, latest first; `None` when there is no such board.
///
/// # Errors
/// When the place cannot be read.
pub async fn versions(
    database: &DatabaseUrl,
    board: Stamp,
) -> Result<Option<Vec<Version>>, RewindError> {
    match database {
        DatabaseUrl::File(file) => sqlite::versions::list(file, board),
        DatabaseUrl::Postgres(address) => postgres::versions::list(address, board).await,
    }
}

/// Makes a board say again what it said at a version. A server must not have the file open; those of a
/// database may run.
///
/// # Errors
/// [`RewindError`]; then everything is as it was.
pub async fn rewind(
    database: &DatabaseUrl,
    board: Stamp,
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

/// The moments before which things are forgotten.
pub(super) struct RetentionCutoffs {
    pub(super) erased: i64,
    pub(super) written: i64,
}

impl RetentionCutoffs {
    pub(super) fn now(limits: StoreLimits) -> Self {
        let kept = i64::try_from(limits.keep_erased.as_secs()).unwrap_or(i64::MAX);
        Self {
            erased: unix_now().saturating_sub(kept),
            written: unix_now() - YOUNG_SECS,
        }
    }
}

/// A change in the log.
pub(super) struct Present {
    pub(super) id: Stamp,
    pub(super) seq: Cursor,
    pub(super) json: String,
}

/// The content of a change before it was rewritten or taken out.
pub(super) struct Kept {
    pub(super) id: Stamp,
    pub(super) seq: Cursor,
    pub(super) json: String,
    pub(super) erased_in: Cursor,
}

/// Stands among the kept contents for the time in which a change was out of the log.
pub(super) const ABSENT: &str = "";

/// Everything that is known of a board.
pub(super) struct History {
    pub(super) log: Vec<Present>,
    pub(super) kept: Vec<Kept>,
    /// The changes that are erased, or are to be when they come.
    pub(super) erasures: BTreeSet<Stamp>,
    /// Where the log ended after each write, and the token with which that came.
    pub(super) versions: BTreeMap<Cursor, String>,
}

/// How to go back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RewindPlan {
    /// Changes as they are to stand in the log again.
    pub(super) rows: BTreeMap<Stamp, (Cursor, String)>,
    /// Those of them that are out of the log, and since when.
    pub(super) absent_since: BTreeMap<Stamp, Cursor>,
    pub(super) taken_out: BTreeSet<Stamp>,
    /// Changes that are refused from now on: those taken out, and blank copies of those that have their
    /// content again.
    pub(super) refused: BTreeSet<Stamp>,
    pub(super) no_longer_refused: BTreeSet<Stamp>,
    pub(super) erased: BTreeSet<Stamp>,
    /// What no erasure that stays names any more.
    pub(super) no_longer_erased: BTreeSet<Stamp>,
    pub(super) new: Vec<(Stamp, String)>,
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
        let now: BTreeMap<Stamp, &Present> = history.log.iter().map(|row| (row.id, row)).collect();
        let then = history.log_at(to, options);
        let named_then: BTreeSet<Stamp> = then
            .values()
            .flat_map(|(_, json)| erased_by(json))
            .collect();
        let named_now: BTreeSet<Stamp> =
            now.values().flat_map(|row| erased_by(&row.json)).collect();
        // Erasures from after a backup was made are kept when it is restored, without the changes that ask for them.
        let mut stay_erased: BTreeSet<Stamp> =
            history.erasures.difference(&named_now).copied().collect();
        stay_erased.extend(&named_then);
        plan.erased = named_then.difference(&history.erasures).copied().collect();
        plan.no_longer_erased = named_now.difference(&stay_erased).copied().collect();

        let mut last_ends: BTreeMap<Stamp, Cursor> = BTreeMap::new();
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
                // An erasure that has come to name more names less again.
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
            let fact = entry
                .as_ref()
                .and_then(Entry::known)
                .map(|change| &change.fact);
            // The answers of a blind round have been seen; retracting would hide that.
            let is_for_good = fact.is_some_and(Fact::is_for_good);
            let is_blank = matches!(fact, Some(Fact::Blank));
            if matches!(fact, Some(Fact::Redacted(_))) {
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
                // Erased since, and nothing is kept of it: or it came like that.
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
        for ids in to_retract.chunks(AT_ONCE) {
            let id = clock.tick(now_millis);
            let change = Change {
                id,
                by: None,
                part_of: None,
                fact: Fact::Retracted(ids.to_vec()),
            };
            plan.new.push((id, change.to_json()));
        }
        plan.rewound.retracted = to_retract.len();
        plan
    }
}

impl History {
    /// Returns the log as it was at a version, with its sequence numbers then. With
    /// [`RewindOptions::only_by`], returns the present log without the changes of those tokens.
    fn log_at(&self, to: Cursor, options: &RewindOptions) -> BTreeMap<Stamp, (Cursor, &str)> {
        // The contents of each change, by the write that replaced them.
        let mut contents: BTreeMap<Stamp, BTreeMap<Cursor, (Cursor, &str)>> = BTreeMap::new();
        for Kept {
            id,
            seq,
            json,
            erased_in,
        } in &self.kept
        {
            let of_it = contents.entry(*id).or_default();
            of_it.insert(*erased_in, (*seq, json.as_str()));
        }
        for Present { id, seq, json } in &self.log {
            let of_it = contents.entry(*id).or_default();
            of_it.insert(Cursor::MAX, (*seq, json.as_str()));
        }
        let is_theirs = |seq: Cursor, tokens: &BTreeSet<String>| {
            let version = self.versions.range(seq..).next();
            seq > to && version.is_some_and(|(_, token)| tokens.contains(token))
        };
        let found = contents.iter().filter_map(|(id, of_it)| {
            let row = match &options.only_by {
                // A content that was put back has its old number, so the earliest end decides.
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

/// What a change erases.
fn erased_by(json: &str) -> Vec<Stamp> {
    match Entry::from_json(json) {
        Ok(Entry::Known(Change {
            fact: Fact::Redacted(targets),
            ..
        })) => targets,
        _ => Vec::new(),
    }
}

/// A clock that no device has.
pub(super) fn clock() -> Result<Clock, RandomnessError> {
    let device = u32::from_str_radix(&random_name::<4>()?, 16).unwrap_or_default();
    Ok(Clock::new(Replica::new(device, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> Stamp {
        Stamp::new(1_795_429_733_409 + n, 0, Replica::new(7, 1))
    }

    fn option(n: u64) -> String {
        let id = id(n);
        format!(r#"{{"id":"{id}","fact":{{"option-added":{{"name":"{n}"}}}}}}"#)
    }

    fn blank(n: u64) -> String {
        format!(r#"{{"id":"{}","fact":"blank"}}"#, id(n))
    }

    fn present(n: u64, seq: Cursor, json: String) -> Present {
        Present {
            id: id(n),
            seq,
            json,
        }
    }

    fn kept(n: u64, seq: Cursor, erased_in: Cursor, json: &str) -> Kept {
        Kept {
            id: id(n),
            seq,
            json: json.to_owned(),
            erased_in,
        }
    }

    fn at(log: Vec<Present>, kept: Vec<Kept>, to: Cursor) -> Option<String> {
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
    fn what_a_change_held_at_a_version_is_found_though_it_was_erased_dropped_and_put_back() {
        // Added by write 4, erased by 12, put back by 20, dropped by 30, brought back by 40.
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
        // Once what is kept is forgotten, it is as if it had stood there all the time.
        for forgotten in 1..=4 {
            for to in [4, 11, 40] {
                let found = at(log(), kept(forgotten), to);
                assert_eq!(found, Some(option(1)), "{to} without {forgotten}");
            }
            assert_eq!(at(log(), kept(forgotten), 3), None);
        }
    }
}
