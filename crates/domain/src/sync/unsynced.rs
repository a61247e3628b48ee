//! The entries the endpoint has not yet acknowledged. They are updated as changes and responses arrive:
//! scanning the log of a large board takes a millisecond, and each change is followed by half a dozen
//! queries.

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::log::{Entry, Log};

#[derive(Clone, Debug, Default)]
pub(super) struct Unsynced {
    /// The entries that were seen at the endpoint, and whether they were erased there.
    seen: BTreeMap<ChangeId, bool>,
    /// The entries of the log that were not seen at the endpoint, as far as the log was scanned.
    unsynced: BTreeSet<ChangeId>,
    /// Number of the log's arrivals that were processed; 0 to scan the whole log.
    looked_at: usize,
    /// The entries seen since the last scan.
    just_seen: Vec<ChangeId>,
}

impl Unsynced {
    /// Notes that an entry was seen at the endpoint, perhaps erased.
    pub(super) fn saw(&mut self, id: ChangeId, is_erased: bool) {
        self.seen.insert(id, is_erased);
        self.just_seen.push(id);
    }

    /// Notes that the endpoint has nothing, or that all of its content will be reported anew.
    pub(super) fn saw_nothing(&mut self) {
        *self = Self::default();
    }

    /// Returns whether any entry was seen at the endpoint.
    pub(super) fn has_seen(&self) -> bool {
        !self.seen.is_empty()
    }

    /// Makes the next query scan the whole log.
    pub(super) fn look_at_all(&mut self) {
        self.looked_at = 0;
    }

    /// Returns the entries that were not seen at the endpoint, oldest first.
    pub(super) fn of<'log>(&mut self, log: &'log Log) -> Vec<&'log Entry> {
        let arrivals = log.arrivals();
        let new = arrivals.since(self.looked_at);
        match new.filter(|_| self.looked_at > 0) {
            Some(new) => {
                let seen = std::mem::take(&mut self.just_seen);
                for id in seen.into_iter().chain(new) {
                    let is_lacking = log
                        .entry(id)
                        .is_some_and(|entry| is_lacking(entry, self.seen.get(&id)));
                    if is_lacking {
                        self.unsynced.insert(id);
                    } else {
                        self.unsynced.remove(&id);
                    }
                }
            }
            None => {
                self.unsynced = along(&self.seen, log).collect();
                self.just_seen.clear();
            }
        }
        self.looked_at = arrivals.count();
        let entries = self.unsynced.iter();
        entries.filter_map(|id| log.entry(*id)).collect()
    }
}

/// Returns whether the endpoint lacks an entry. `seen` says whether it has the entry, and if so whether
/// erased. An entry that is erased here must not stay there in full.
fn is_lacking(entry: &Entry, seen: Option<&bool>) -> bool {
    seen.is_none_or(|is_erased| entry.is_erased() && !is_erased)
}

/// Returns the entries of a whole log that the endpoint lacks. Walks along both in order, which takes a tenth
/// of the time of looking up each entry.
fn along(seen: &BTreeMap<ChangeId, bool>, log: &Log) -> impl Iterator<Item = ChangeId> {
    let mut seen = seen.iter().peekable();
    let unsynced = log.entries().filter(move |entry| {
        while seen.next_if(|(id, _)| **id < entry.id()).is_some() {}
        let same = seen.peek().filter(|(id, _)| **id == entry.id());
        is_lacking(entry, same.map(|(_, is_erased)| *is_erased))
    });
    unsynced.map(Entry::id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Millis;
    use crate::change::{Change, Payload};
    use crate::id::Replica;

    fn stamp(n: u64) -> ChangeId {
        ChangeId::new(Millis(1_795_424_400_000 + n), 0, Replica::new(1, 1))
    }

    fn add(log: &mut Log, n: u64, payload: Payload) {
        log.add(Entry::Known(Change {
            id: stamp(n),
            by: None,
            part_of: None,
            payload,
        }));
    }

    #[derive(Clone, Debug)]
    enum Step {
        /// A change with this number arrives in the log.
        Comes(u64),
        /// The first change is erased by the second.
        Erased(u64, u64),
        /// The change is seen at the endpoint, erased or not.
        Seen(u64, bool),
        NothingSeen,
        LookAtAll,
        Look,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let n = || 0..30_u64;
        let step = prop_oneof![
            6 => n().prop_map(Step::Comes),
            2 => (n(), 30..40_u64).prop_map(|(target, by)| Step::Erased(target, by)),
            6 => (n(), any::<bool>()).prop_map(|(id, is_erased)| Step::Seen(id, is_erased)),
            1 => Just(Step::NothingSeen),
            1 => Just(Step::LookAtAll),
            5 => Just(Step::Look),
        ];
        prop::collection::vec(step, 0..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_kept_up_is_what_going_along_the_whole_log_finds(steps in steps()) {
            let (mut log, mut unsynced) = (Log::default(), Unsynced::default());
            for step in steps {
                match step {
                    Step::Comes(n) => add(&mut log, n, Payload::ReviewHeld(Box::default())),
                    Step::Erased(n, by) => add(&mut log, by, Payload::Redacted(vec![stamp(n)])),
                    Step::Seen(n, is_erased) => unsynced.saw(stamp(n), is_erased),
                    Step::NothingSeen => unsynced.saw_nothing(),
                    Step::LookAtAll => unsynced.look_at_all(),
                    Step::Look => {
                        let kept: Vec<ChangeId> = unsynced.of(&log).into_iter().map(Entry::id).collect();
                        let found: Vec<ChangeId> = along(&unsynced.seen, &log).collect();
                        prop_assert_eq!(kept, found);
                    }
                }
            }
        }
    }

    #[test]
    fn a_log_that_lost_some_or_got_more_than_it_remembers_is_looked_at_whole() {
        for (before, after) in [(1, 0), (2, 1), (30, 29), (30, 0), (1, 5_000), (5_000, 1)] {
            let mut unsynced = Unsynced::default();
            unsynced.saw(stamp(0), false);
            for length in [before, after] {
                let mut log = Log::default();
                (0..length).for_each(|n| add(&mut log, n, Payload::ReviewHeld(Box::default())));
                let found: Vec<ChangeId> = along(&unsynced.seen, &log).collect();
                let kept: Vec<ChangeId> = unsynced.of(&log).into_iter().map(Entry::id).collect();
                assert_eq!(kept, found, "{length} changes after {before}");
            }
        }
    }
}
