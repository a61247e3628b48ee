//! The log: a set of changes, with the effects of its retractions and redactions.
//!
//! Adding is a set union, so the same changes give an equal log in any order and with any repetition.

mod arrivals;
pub mod backup;
pub mod change;
mod digests;
pub mod document;
mod entry;
pub mod undo;

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet, btree_map};
use std::ops::Bound;

use self::digests::Digests;
use crate::ChangeId;
use crate::change::{Change, Payload};

pub(crate) use self::arrivals::Arrivals;
pub use self::digests::DigestKey;
pub use self::entry::{ChangeError, Entry};

/// The effect of adding one or more entries to the log.
#[derive(Debug, Default)]
pub struct Added {
    /// Whether the log has changed.
    pub is_new: bool,
    /// Whether an entry has other content than the stored one with its id.
    pub clashes: bool,
    /// Changes that now count, or no longer count, or show other content.
    pub turned: Vec<ChangeId>,
    /// Changes whose stored text has changed: redacted ones, and the result of a clash.
    pub rewritten: Vec<ChangeId>,
}

/// A set of changes by id.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: BTreeMap<ChangeId, Entry>,
    /// Changes retracted by a change that counts.
    dead: HashSet<ChangeId>,
    /// Pairs of a retracted change and the later change that retracts it, whether or not either exists or
    /// counts.
    retractions: BTreeSet<(ChangeId, ChangeId)>,
    /// Changes that a redaction names, whether or not they exist.
    redacted: BTreeSet<ChangeId>,
    /// Blind rounds in which somebody has answered, whether or not their openings exist.
    answered_rounds: BTreeSet<ChangeId>,
    arrivals: Arrivals,
    /// Digests by which differences to another log in memory are found quickly; only on request.
    digests: Option<Digests>,
}

impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        // Digests depend on the entries and the key only, and the order of arrival does not matter.
        self.entries == other.entries
            && self.dead == other.dead
            && self.retractions == other.retractions
            && self.redacted == other.redacted
    }
}

impl Log {
    /// Creates an empty log that keeps digests, for quick comparison with other logs that use the same key. A
    /// log read from text needs none, since reading takes far longer than comparing.
    #[must_use]
    pub fn with_digests(key: DigestKey) -> Self {
        Self {
            digests: Some(Digests::new(key)),
            ..Self::default()
        }
    }

    /// Returns the entries of another log that are missing here or differ, oldest first.
    #[must_use]
    pub fn lacks_of<'a>(&self, other: &'a Self) -> Vec<&'a Entry> {
        let mut lacking = Vec::new();
        let ours = &self.entries;
        let mut compare = |first, end| {
            let range = (Bound::Included(first), end);
            let mut here = ours.range(range).peekable();
            for (id, entry) in other.entries.range(range) {
                while here.next_if(|(present, _)| *present < id).is_some() {}
                if here.peek() != Some(&(id, entry)) {
                    lacking.push(entry);
                }
            }
        };
        match (&self.digests, &other.digests) {
            (Some(ours), Some(theirs)) if ours.are_comparable(theirs) => {
                ours.for_each_difference(theirs, compare);
            }
            _ => compare(ChangeId::MIN, Bound::Unbounded),
        }
        lacking
    }

    /// Adds the entries of another log. Only those that are missing here or differ are copied.
    pub fn merge(&mut self, other: &Self) -> Added {
        let mut added = Added::default();
        for entry in self.lacks_of(other) {
            self.take_in(entry.clone(), &mut added);
        }
        added
    }

    /// Returns all entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.values()
    }

    /// Returns the entries later than `moment`, oldest first.
    pub fn after(&self, moment: ChangeId) -> impl Iterator<Item = &Entry> {
        let later = (Bound::Excluded(moment), Bound::Unbounded);
        self.entries.range(later).map(|(_, entry)| entry)
    }

    /// Returns all changes that this version understands, oldest first.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        self.entries.values().filter_map(Entry::known)
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the entry with this id.
    #[must_use]
    pub fn entry(&self, id: ChangeId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// Returns the change with this id, if this version understands it.
    #[must_use]
    pub fn change(&self, id: ChangeId) -> Option<&Change> {
        self.entries.get(&id).and_then(Entry::known)
    }

    /// Returns the order in which entries arrived or were replaced.
    #[must_use]
    pub(crate) fn arrivals(&self) -> &Arrivals {
        &self.arrivals
    }

    /// Returns the latest id in the log that a clock follows.
    #[must_use]
    pub fn last(&self) -> ChangeId {
        let mut followed = self.entries.range(..=ChangeId::LAST_FOLLOWED);
        followed.next_back().map(|(id, _)| *id).unwrap_or_default()
    }

    /// Returns whether the change exists and is not retracted.
    #[must_use]
    pub fn counts(&self, id: ChangeId) -> bool {
        !self.is_retracted(id) && self.entries.contains_key(&id)
    }

    /// Returns whether an existing change is retracted by a change that counts.
    pub(crate) fn is_retracted(&self, id: ChangeId) -> bool {
        self.dead.contains(&id)
    }

    /// Returns the number of entries from a newer version.
    #[must_use]
    pub fn foreign_count(&self) -> usize {
        self.entries
            .values()
            .filter(|entry| entry.known().is_none())
            .count()
    }

    /// Adds an entry. Cannot fail: an entry that makes no sense is kept and has no effect.
    pub fn add(&mut self, entry: Entry) -> Added {
        let mut added = Added::default();
        self.take_in(entry, &mut added);
        added
    }

    fn take_in(&mut self, entry: Entry, added: &mut Added) {
        let id = entry.id();
        let entry = if self.redacted.contains(&id) {
            entry.erased()
        } else {
            entry
        };
        if let Some(Payload::Redacted(targets)) = entry.known().map(|change| &change.payload) {
            for target in targets {
                self.erase(*target, added);
            }
        }
        let Some(entry) = self.insert(entry, added) else {
            return;
        };
        let present = self.entries.get(&id);
        let Some(present) = present.filter(|present| **present != entry) else {
            return;
        };
        added.clashes |= entry.clashes_with(present);
        let joined = present.clone().joined(entry);
        if joined != *present {
            self.replace(joined, added);
        }
    }

    /// Inserts an entry. Returns it if there is already one with its id.
    fn insert(&mut self, entry: Entry, added: &mut Added) -> Option<Entry> {
        let id = entry.id();
        let place = match self.entries.entry(id) {
            btree_map::Entry::Vacant(place) => place,
            btree_map::Entry::Occupied(_) => return Some(entry),
        };
        let retracts = match entry.known().map(|change| &change.payload) {
            Some(Payload::Retracted(targets)) => targets.clone(),
            _ => Vec::new(),
        };
        let mut changed = retracts.clone();
        // A seal that can still be blanked must not have an effect that it would lose then.
        let seal = entry.known().filter(|change| change.payload.is_for_good());
        if let Some(Payload::RoundSealed(sealed)) = seal.map(|change| &change.payload) {
            self.answered_rounds.insert(sealed.round.0);
            changed.push(sealed.round.0);
        }
        let digest = self.digests.as_ref().map(|digests| digests.digest(&entry));
        place.insert(entry);
        if let (Some(digests), Some(digest)) = (&mut self.digests, digest) {
            digests.add(id, digest, &self.entries);
        }
        self.arrivals.push(id);
        added.is_new = true;
        added.turned.push(id);
        if self.has_retraction(id) {
            self.dead.insert(id);
        }
        self.retractions.extend(
            retracts
                .iter()
                .filter(|t| **t < id)
                .map(|target| (*target, id)),
        );
        self.settle(changed, &mut added.turned);
        None
    }

    /// Replaces the entry with the same id, and recomputes everything. Between honest copies of the app, this
    /// happens only if a redacted change arrives before its redaction.
    fn replace(&mut self, entry: Entry, added: &mut Added) {
        let id = entry.id();
        let redacted = std::mem::take(&mut self.redacted);
        let digests = self.digests.take();
        let mut arrivals = std::mem::take(&mut self.arrivals);
        let mut entries = std::mem::take(self).entries;
        self.redacted = redacted;
        self.digests = digests.map(Digests::emptied);
        entries.insert(id, entry);
        for entry in entries.into_values() {
            self.insert(entry, added);
        }
        arrivals.push(id);
        self.arrivals = arrivals;
        added.rewritten.push(id);
    }

    fn erase(&mut self, target: ChangeId, added: &mut Added) {
        self.redacted.insert(target);
        if let Some(present) = self.entries.get_mut(&target) {
            let erased = present.clone().erased();
            if *present != erased {
                if let Some(digests) = &mut self.digests {
                    digests.exchange(present, &erased);
                }
                *present = erased;
                self.arrivals.push(target);
                added.is_new = true;
                added.turned.push(target);
                added.rewritten.push(target);
            }
        }
    }

    /// Returns whether a change can be neither retracted nor blanked, since it keeps a blind round closed
    /// whose answers may have been seen, or contains these answers.
    #[must_use]
    pub fn is_permanent(&self, id: ChangeId) -> bool {
        self.change(id).is_some_and(|change| match &change.payload {
            Payload::RoundOpened(_) => self.answered_rounds.contains(&id),
            payload => payload.is_for_good(),
        })
    }

    /// Returns whether a change that counts retracts this one. Only a later change can, so no two changes can
    /// retract each other.
    fn has_retraction(&self, id: ChangeId) -> bool {
        if self.is_permanent(id) {
            return false;
        }
        self.retractions
            .range((id, ChangeId::MIN)..=(id, ChangeId::MAX))
            .any(|(_, by)| self.counts(*by))
    }

    /// Recomputes whether these changes count, with all consequences. The latest goes first, since a change's
    /// effect depends only on later ones.
    fn settle(&mut self, changed: Vec<ChangeId>, turned: &mut Vec<ChangeId>) {
        let mut waiting: BinaryHeap<ChangeId> = changed.into();
        while let Some(id) = waiting.pop() {
            let is_dead = self.has_retraction(id);
            if !self.entries.contains_key(&id) || is_dead == self.dead.contains(&id) {
                continue;
            }
            if is_dead {
                self.dead.insert(id);
            } else {
                self.dead.remove(&id);
            }
            turned.push(id);
            if let Some(Change {
                payload: Payload::Retracted(targets),
                ..
            }) = self.change(id)
            {
                waiting.extend(targets.iter().copied().filter(|target| *target < id));
            }
        }
    }
}
