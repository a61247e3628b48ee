//! The log: a set of changes, with what follows from its retractions and redactions.
//!
//! Adding is a set union, so any order and any repetition of the same changes gives an equal log.

pub mod backup;
pub mod change;
mod digests;
pub mod document;
pub mod undo;

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashSet, VecDeque, btree_map};

pub use self::digests::DigestKey;
use self::digests::Digests;

use std::ops::Bound;

use crate::ChangeId;
use crate::change::{Change, Payload};

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Entry {
    /// A change this version understands.
    Known(Change),
    /// A change of a newer version: kept and passed on as it came.
    Foreign {
        /// Its id, the one thing that must be readable.
        id: ChangeId,
        /// Its JSON text.
        json: Box<str>,
    },
}

/// A row that is neither a change nor one of a newer version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// It is no JSON, or nested too deep.
    #[error("it is not readable as JSON")]
    NotJson,
    /// It is JSON, but has no id.
    #[error("it has no id of 26 letters and digits")]
    NoId,
}

impl Entry {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> ChangeId {
        match self {
            Self::Known(change) => change.id,
            Self::Foreign { id, .. } => *id,
        }
    }

    /// The change, when this version understands it.
    #[must_use]
    pub fn known(&self) -> Option<&Change> {
        match self {
            Self::Known(change) => Some(change),
            Self::Foreign { .. } => None,
        }
    }

    /// Its JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Known(change) => change.to_json(),
            Self::Foreign { json, .. } => json.to_string(),
        }
    }

    /// Reads one row.
    ///
    /// # Errors
    /// [`ChangeError`] when no version could have written it.
    pub fn from_json(json: &str) -> Result<Self, ChangeError> {
        if let Ok(change) = serde_json::from_str(json) {
            return Ok(Self::Known(change));
        }
        let value: serde_json::Value = serde_json::from_str(json).or(Err(ChangeError::NotJson))?;
        let id = value
            .get("id")
            .and_then(|id| id.as_str())
            .and_then(|id| id.parse().ok());
        let id = id.ok_or(ChangeError::NoId)?;
        Ok(Self::Foreign {
            id,
            json: json.trim().into(),
        })
    }

    /// Returns its content after an erasure. What is about changes stays, since an erased retraction
    /// would bring back what it took away, and so does what keeps a blind round closed.
    fn erased(self) -> Self {
        match self {
            Self::Known(change) => Self::Known(Change {
                payload: change.payload.erased(),
                ..change
            }),
            Self::Foreign { id, .. } => Self::Known(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Blank,
            }),
        }
    }

    /// Whether an erasure would take nothing of it.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.known()
            .is_some_and(|change| change.payload.is_erased())
    }

    /// Whether one of the two is what is left of the other after an erasure.
    #[must_use]
    pub fn differs_by_erasure(&self, other: &Self) -> bool {
        self.is_blank()
            || other.is_blank()
            || self.clone().erased() == *other
            || other.clone().erased() == *self
    }

    /// Whether the other one has another content under the same id, and neither is an erasure: one of the
    /// two is damaged or was altered.
    #[must_use]
    pub fn clashes_with(&self, other: &Self) -> bool {
        self != other && !self.differs_by_erasure(other)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.known()
            .is_some_and(|change| change.payload == Payload::Blank)
    }

    /// What every copy of the app keeps of two contents with one id, whichever it saw first. Only the
    /// erased and the unerased content of a change meet so in honest logs.
    ///
    /// Any choice will do as long as neither order nor grouping matters, and erasing before choosing
    /// comes to the same as erasing after it.
    fn joined(self, other: Self) -> Self {
        let (this, that) = (self.precedence(), other.precedence());
        let (lesser, greater) = if this <= that {
            (self, other)
        } else {
            (other, self)
        };
        match (lesser, greater) {
            // What either erases is erased.
            (
                Self::Known(Change {
                    id,
                    by,
                    part_of,
                    payload: Payload::Redacted(targets),
                }),
                Self::Known(Change {
                    payload: Payload::Redacted(more),
                    ..
                }),
            ) => {
                let mut targets = [targets, more].concat();
                targets.sort();
                targets.dedup();
                let payload = Payload::Redacted(targets);
                Self::Known(Change {
                    id,
                    by,
                    part_of,
                    payload,
                })
            }
            (lesser, greater) if lesser.is_blank() => {
                let greater = greater.erased();
                if lesser.to_json() <= greater.to_json() {
                    lesser
                } else {
                    greater
                }
            }
            (lesser, _) => lesser,
        }
    }

    /// The least one is kept. What an erasure does not blank comes before a blank: an older version
    /// may have blanked it, which would reopen a blind round. Erased comes before unerased.
    fn precedence(&self) -> (u8, String, bool, String) {
        let erased = self.clone().erased();
        let rank = match self.known().map(|change| &change.payload) {
            Some(Payload::Redacted(_)) => 0,
            Some(Payload::Retracted(_)) => 1,
            Some(Payload::Blank) => 3,
            _ if erased.is_blank() => 4,
            _ => 2,
        };
        (rank, erased.to_json(), !self.is_erased(), self.to_json())
    }
}

impl From<Change> for Entry {
    fn from(change: Change) -> Self {
        Self::Known(change)
    }
}

/// What adding an entry, or several, did to the log.
#[derive(Debug, Default)]
pub struct Added {
    /// Whether the log is another one than before.
    pub is_new: bool,
    /// Whether other content was there already under the id of an entry.
    pub clashes: bool,
    /// Changes that count, or show, otherwise than before.
    pub turned: Vec<ChangeId>,
    /// Changes whose stored text is another one than before: erased ones, and the winner of a
    /// clash.
    pub rewritten: Vec<ChangeId>,
}

/// The ids of what came to a log last, in the order in which it came, and again when what is stored
/// under them turned into something else: so whoever follows a log need not go along all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals {
    count: usize,
    latest: VecDeque<ChangeId>,
}

impl Arrivals {
    /// Whoever lags behind by more goes along the log.
    const MOST: usize = 4_096;

    fn push(&mut self, id: ChangeId) {
        if self.latest.len() == Self::MOST {
            self.latest.pop_front();
        }
        self.latest.push_back(id);
        self.count += 1;
    }

    /// How many there were ever.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// What came after there were so many; `None` when that is too long ago, or never was.
    pub(crate) fn since(&self, count: usize) -> Option<impl Iterator<Item = ChangeId>> {
        let new = self.count.checked_sub(count)?;
        let known = self.latest.len().checked_sub(new)?;
        Some(self.latest.iter().skip(known).copied())
    }
}

/// A set of changes by id.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: BTreeMap<ChangeId, Entry>,
    /// Changes that are retracted by a change that counts.
    dead: HashSet<ChangeId>,
    /// (retracted, by which later change), whether or not either is there or counts.
    retractions: BTreeSet<(ChangeId, ChangeId)>,
    /// What is to be erased, whether or not it is there.
    redacted: BTreeSet<ChangeId>,
    /// The blind rounds in which somebody has answered, whether or not their openings are there.
    answered_rounds: BTreeSet<ChangeId>,
    arrivals: Arrivals,
    /// What tells quickly where another log in memory has something else; only where that was asked for.
    digests: Option<Digests>,
}

impl PartialEq for Log {
    fn eq(&self, other: &Self) -> bool {
        // Digests are of the same, with one key or another, and the same may come in any order.
        self.entries == other.entries
            && self.dead == other.dead
            && self.retractions == other.retractions
            && self.redacted == other.redacted
    }
}

impl Log {
    /// An empty log that keeps digests, so that it can be compared quickly with others that keep them
    /// with the same key. What arrives as text needs none: reading it takes far longer than comparing.
    #[must_use]
    pub fn with_digests(key: DigestKey) -> Self {
        Self {
            digests: Some(Digests::new(key)),
            ..Self::default()
        }
    }

    /// The entries of another log that are not here as they are there, oldest first.
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

    /// Takes in what another log has. Only what is not here as it is there is copied and added.
    pub fn merge(&mut self, other: &Self) -> Added {
        let mut added = Added::default();
        for entry in self.lacks_of(other) {
            self.take_in(entry.clone(), &mut added);
        }
        added
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.values()
    }

    /// The entries later than `moment`, oldest first.
    pub fn after(&self, moment: ChangeId) -> impl Iterator<Item = &Entry> {
        let later = (Bound::Excluded(moment), Bound::Unbounded);
        self.entries.range(later).map(|(_, entry)| entry)
    }

    /// All changes that this version understands, oldest first.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        self.entries.values().filter_map(Entry::known)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry with this id.
    #[must_use]
    pub fn entry(&self, id: ChangeId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// The change with this id, when this version understands it.
    #[must_use]
    pub fn change(&self, id: ChangeId) -> Option<&Change> {
        self.entries.get(&id).and_then(Entry::known)
    }

    /// What came to this log, and what was replaced in it, in which order.
    #[must_use]
    pub(crate) fn arrivals(&self) -> &Arrivals {
        &self.arrivals
    }

    /// Returns the latest id in it that a clock follows.
    #[must_use]
    pub fn last(&self) -> ChangeId {
        let mut followed = self.entries.range(..=ChangeId::LAST_FOLLOWED);
        followed.next_back().map(|(id, _)| *id).unwrap_or_default()
    }

    /// Whether the change is there and not retracted.
    #[must_use]
    pub fn counts(&self, id: ChangeId) -> bool {
        !self.is_retracted(id) && self.entries.contains_key(&id)
    }

    /// Whether a change that counts retracts this one, which is there.
    pub(crate) fn is_retracted(&self, id: ChangeId) -> bool {
        self.dead.contains(&id)
    }

    /// How many entries come from a newer version.
    #[must_use]
    pub fn foreign_count(&self) -> usize {
        self.entries
            .values()
            .filter(|entry| entry.known().is_none())
            .count()
    }

    /// Adds an entry. Cannot fail: what makes no sense is kept and has no effect.
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

    /// Gives the entry back if there is one with its id.
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
        // A seal that can be blanked must not decide what it would no longer decide then.
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

    /// Puts `entry` in place of the one with its id, and works everything out anew. Between honest
    /// copies of the app this happens only when an erased change comes before its redaction.
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

    /// Whether a change can be neither retracted nor blanked: it keeps a blind round closed whose
    /// answers may have been seen, or holds the answers that were given in it.
    #[must_use]
    pub fn is_permanent(&self, id: ChangeId) -> bool {
        self.change(id).is_some_and(|change| match &change.payload {
            Payload::RoundOpened(_) => self.answered_rounds.contains(&id),
            payload => payload.is_for_good(),
        })
    }

    /// Works out whether a change that counts retracts this one. Only a later change can, so that no
    /// two can retract each other.
    fn has_retraction(&self, id: ChangeId) -> bool {
        if self.is_permanent(id) {
            return false;
        }
        self.retractions
            .range((id, ChangeId::MIN)..=(id, ChangeId::MAX))
            .any(|(_, by)| self.counts(*by))
    }

    /// Works out anew whether these count, and whatever follows from it. The latest goes first:
    /// what a change does depends on later ones only.
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
