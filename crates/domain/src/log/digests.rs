//! Digests of a log's pages, by which differences between two logs in memory are found without comparing each
//! change.
//!
//! A page begins at each id that [`begins_page`] picks, about one in 64, the same ones in every log. Its
//! digest is the XOR of keyed hashes of its entries with their content. It can therefore be updated without
//! reading the rest of the page. The key is random and stays in memory, so nobody who writes changes knows
//! it. Two different pages therefore have equal digests with a probability of 2^-64, whatever somebody
//! writes. An id that arrives again with other content is still found.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Bound;
use std::sync::Arc;

use super::Entry;
use crate::ChangeId;

/// The key of digests. Only logs with the same key can be compared by digests. The caller draws it, since
/// nothing here is random.
#[derive(Clone, Debug)]
pub struct DigestKey(Arc<RandomState>);

impl From<RandomState> for DigestKey {
    fn from(drawn: RandomState) -> Self {
        Self(Arc::new(drawn))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Digests {
    key: DigestKey,
    /// The digests, by the id at which a page begins; the first page begins before all ids. A vector, since
    /// the most frequent operation is to scan all of it.
    pages: Vec<(ChangeId, u64)>,
}

impl Digests {
    pub(super) fn new(key: DigestKey) -> Self {
        let pages = vec![(ChangeId::MIN, 0)];
        Self { key, pages }
    }

    pub(super) fn emptied(self) -> Self {
        Self::new(self.key)
    }

    pub(super) fn are_comparable(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.key.0, &other.key.0)
    }

    pub(super) fn digest(&self, entry: &Entry) -> u64 {
        self.key.0.hash_one(entry)
    }

    /// Adds the digest of an entry that arrived among the `present` ones.
    pub(super) fn add(&mut self, id: ChangeId, digest: u64, present: &BTreeMap<ChangeId, Entry>) {
        if !begins_page(id) {
            self.turn(id, digest);
            return;
        }
        let at = self.page_of(id);
        // The rest of the page before now belongs to this one.
        let end = self.pages.get(at + 1);
        let end = end.map_or(Bound::Unbounded, |(next, _)| Bound::Excluded(*next));
        let rest = present.range((Bound::Excluded(id), end));
        let rest = rest.fold(0, |sum, (_, entry)| sum ^ self.digest(entry));
        self.turn(id, rest);
        self.pages.insert(at + 1, (id, rest ^ digest));
    }

    /// Returns the index of the page that an entry is on.
    fn page_of(&self, id: ChangeId) -> usize {
        let after = self.pages.partition_point(|(first, _)| *first <= id);
        after.saturating_sub(1)
    }

    /// Updates the digest for an entry whose content was replaced.
    pub(super) fn exchange(&mut self, before: &Entry, after: &Entry) {
        let digests = self.digest(before) ^ self.digest(after);
        self.turn(before.id(), digests);
    }

    fn turn(&mut self, id: ChangeId, digest: u64) {
        let at = self.page_of(id);
        if let Some((_, page)) = self.pages.get_mut(at) {
            *page ^= digest;
        }
    }

    /// Calls back with the beginning and the end of each page of `other` that differs here, oldest first.
    pub(super) fn for_each_difference(
        &self,
        other: &Self,
        mut found: impl FnMut(ChangeId, Bound<ChangeId>),
    ) {
        let mut here = self.pages.iter().peekable();
        let mut there = other.pages.iter().peekable();
        while let Some(page) = there.next() {
            while here.next_if(|present| present.0 < page.0).is_some() {}
            if here.peek() != Some(&page) {
                let end = there.peek();
                let end = end.map_or(Bound::Unbounded, |next| Bound::Excluded(next.0));
                found(page.0, end);
            }
        }
    }
}

/// Returns whether a page begins at this id: about one id in 64, for ids that are consecutive in time or in
/// number.
fn begins_page(id: ChangeId) -> bool {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    const PAGES_IN: u32 = 6;
    id.folded().wrapping_mul(GOLDEN) >> (u64::BITS - PAGES_IN) == 0
}
