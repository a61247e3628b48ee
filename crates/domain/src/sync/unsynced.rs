//! What an endpoint was not seen to have: kept up as changes and answers come, since going along the whole
//! log costs a large board a millisecond each time, and every change is followed by half a dozen looks.

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::log::{Entry, Log};

#[derive(Clone, Debug, Default)]
pub(super) struct Unsynced {
    /// What the endpoint was seen to have, and whether it has it erased.
    seen: BTreeMap<ChangeId, bool>,
    /// What of the log it was not seen to have, as far as was looked.
    unsynced: BTreeSet<ChangeId>,
    /// How many of the log's arrivals were looked at; 0: the whole log is to be looked at.
    looked_at: usize,
    /// What was seen since.
    just_seen: Vec<ChangeId>,
}

impl Unsynced {
    /// The endpoint was seen to have it, perhaps erased.
    pub(super) fn saw(&mut self, id: ChangeId, is_erased: bool) {
        self.seen.insert(id, is_erased);
        self.just_seen.push(id);
    }

    /// The endpoint was seen to have nothing, or what it has is about to be said anew.
    pub(super) fn saw_nothing(&mut self) {
        *self = Self::default();
    }

    /// Whether the endpoint was seen to have anything.
    pub(super) fn has_seen(&self) -> bool {
        !self.seen.is_empty()
    }

    /// Looks at the whole log next time, whatever was seen of it.
    pub(super) fn look_at_all(&mut self) {
        self.looked_at = 0;
    }

    /// What it was not seen to have, oldest first.
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

/// Whether an endpoint lacks it that has it as `seen`, if at all: erased, or not. What was erased here must
/// not stay there in full.
fn is_lacking(entry: &Entry, seen: Option<&bool>) -> bool {
    seen.is_none_or(|is_erased| entry.is_erased() && !is_erased)
}

/// What is lacking of a whole log. Goes along both in order, which costs a tenth of looking each change up.
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
    use crate::change::{Change, Payload};
    use crate::id::Replica;

    fn stamp(n: u64) -> ChangeId {
        ChangeId::new(1_795_424_400_000 + n, 0, Replica::new(1, 1))
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
        /// A change with this number comes to the log.
        Comes(u64),
        /// … is erased by the one with the second number.
        Erased(u64, u64),
        /// … is seen at the endpoint, erased or not.
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
