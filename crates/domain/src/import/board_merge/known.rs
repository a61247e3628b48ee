//! Records of one's own board by a key, each of which is matched at most once.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use crate::ChangeId;

/// Maximum number of records with one key that a record is compared with.
pub(super) const MOST_ALIKE: usize = 32;

/// Records by key.
pub(super) struct Known<K>(HashMap<K, Vec<ChangeId>>);

impl<K: Eq + Hash> Known<K> {
    pub(super) fn of(records: impl Iterator<Item = (K, ChangeId)>) -> Self {
        let mut known: HashMap<K, Vec<ChangeId>> = HashMap::new();
        for (key, id) in records {
            known.entry(key).or_default().push(id);
        }
        Self(known)
    }

    /// Returns the records with this key.
    pub(super) fn all(&self, key: &K) -> &[ChangeId] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// Takes the first record with this key that is neither taken nor to be kept apart from `theirs`.
    pub(super) fn take(
        &self,
        key: &K,
        theirs: ChangeId,
        taken: &mut BTreeSet<ChangeId>,
        apart: &BTreeSet<(ChangeId, ChangeId)>,
    ) -> Option<ChangeId> {
        let mut free = self.all(key).iter().copied();
        let found = free.find(|own| !taken.contains(own) && !apart.contains(&(theirs, *own)))?;
        taken.insert(found);
        Some(found)
    }
}

/// Collects keys.
pub(super) fn keys<K: Eq + Hash>(keys: impl Iterator<Item = K>) -> HashSet<K> {
    keys.collect()
}
