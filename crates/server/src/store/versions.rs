//! The versions that a board has had, and going back to one: what to do about a hostile write.
//!
//! A version is where the log ended after a write. What was added since is taken back as a person would
//! take it back, by a change that retracts it, so that every device hears of it. What was erased since
//! gets its content back; the erasures themselves go out of the log, for while one is there, its targets
//! stay erased in every copy. They are refused from then on, since devices that took them in send them on; those hear it, and undo them too.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::{
    Stamp,
    change::{Change, Fact},
    log::Entry,
    stamp::{Clock, Replica},
};

use super::{Cursor, Limits, OpenError, Place, StoreError, postgres, sqlite};
use crate::token::{NoRandomness, random_name, unix_now};

/// So many versions are remembered however old they are; younger ones all are.
pub(super) const LEAST: i64 = 50;
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
pub struct Rewound {
    /// Changes that were taken back by a new one.
    pub retracted: usize,
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
    NotYet(Cursor),
    #[error(
        "the place of {0} was given before a backup was restored, and means nothing any more; `cruxboard versions` shows what can be gone back to"
    )]
    TooOld(Cursor),
}

/// The versions that are remembered, latest first; `None` when there is no such board.
///
/// # Errors
/// When the place cannot be read.
pub async fn versions(place: &Place, board: Stamp) -> Result<Option<Vec<Version>>, RewindError> {
    match place {
        Place::File(file) => sqlite::versions::list(file, board),
        Place::Postgres(address) => postgres::versions::list(address, board).await,
    }
}

/// Makes a board say again what it said at a version. A server must not have the file open; those of a
/// database may run.
///
/// # Errors
/// [`RewindError`]; then everything is as it was.
pub async fn rewind(place: &Place, board: Stamp, to: Cursor) -> Result<Rewound, RewindError> {
    match place {
        Place::File(file) => sqlite::versions::rewind(file, board, to),
        Place::Postgres(address) => postgres::versions::rewind(address, board, to).await,
    }
}

impl From<NoRandomness> for RewindError {
    fn from(error: NoRandomness) -> Self {
        Self::Store(error.into())
    }
}

/// The moments before which things are forgotten.
pub(super) struct Moments {
    pub(super) erased: i64,
    pub(super) written: i64,
}

impl Moments {
    pub(super) fn now(limits: Limits) -> Self {
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

/// What a change held before it was erased.
pub(super) struct Kept {
    pub(super) id: Stamp,
    pub(super) seq: Cursor,
    pub(super) json: String,
    pub(super) erased_in: Cursor,
}

/// How to go back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Changes with the content that they are to have again.
    pub(super) put_back: BTreeMap<Stamp, String>,
    pub(super) taken_out: BTreeSet<Stamp>,
    /// What no erasure that stays names any more.
    pub(super) no_longer_erased: BTreeSet<Stamp>,
    pub(super) new: Vec<(Stamp, String)>,
    pub(super) rewound: Rewound,
}

impl Plan {
    pub(super) fn of(
        log: &[Present],
        kept: &[Kept],
        to: Cursor,
        clock: &mut Clock,
        now_millis: u64,
    ) -> Self {
        let mut plan = Self::default();
        // Of several contents that a change has had since, the first is the one from then.
        let mut at_that_time: BTreeMap<Stamp, &Kept> = BTreeMap::new();
        for kept in kept.iter().filter(|k| k.seq <= to && k.erased_in > to) {
            let first = at_that_time.entry(kept.id).or_insert(kept);
            if kept.erased_in < first.erased_in {
                *first = kept;
            }
        }
        let mut still_named = BTreeSet::new();
        let mut named_since = BTreeSet::new();
        let mut to_retract = Vec::new();
        for present in log {
            let entry = Entry::from_json(&present.json).ok();
            let change = entry.as_ref().and_then(Entry::known);
            let targets = match change.map(|change| &change.fact) {
                Some(Fact::Redacted(targets)) => Some(targets),
                _ => None,
            };
            if let Some(was) = at_that_time.get(&present.id) {
                plan.put_back.insert(present.id, was.json.clone());
                // An erasure that has come to name more is put back as well, and names less again.
                named_since.extend(targets.into_iter().flatten().copied());
                still_named.extend(erased_by(&was.json));
                continue;
            }
            match (present.seq > to, targets) {
                (true, Some(targets)) => {
                    plan.taken_out.insert(present.id);
                    named_since.extend(targets.iter().copied());
                }
                (false, Some(targets)) => still_named.extend(targets.iter().copied()),
                (true, None) => match change.map(|change| &change.fact) {
                    // Erased since, and nothing is kept of it: or it came like that.
                    Some(Fact::Blank) => plan.rewound.lost += 1,
                    // What a blind round has shown has been seen.
                    Some(fact) if fact.is_for_good() => {}
                    _ => to_retract.push(present.id),
                },
                (false, None) => {}
            }
        }
        plan.no_longer_erased = named_since.difference(&still_named).copied().collect();
        plan.put_back.retain(|id, _| !still_named.contains(id));

        for present in log {
            clock.observe(present.id);
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
        plan.rewound.put_back = plan.put_back.len();
        plan.rewound.taken_out = plan.taken_out.len();
        plan
    }
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
pub(super) fn clock() -> Result<Clock, NoRandomness> {
    let device = u32::from_str_radix(&random_name::<4>()?, 16).unwrap_or_default();
    Ok(Clock::new(Replica::new(device, 0)))
}
