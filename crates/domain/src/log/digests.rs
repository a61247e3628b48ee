//! Digests of a log's pages, which tell where two logs in memory differ without a look at each change.
//!
//! A page begins at each id that [`begins_page`] picks, about one in 64, the same ones in every log.
//! Its digest is the exclusive or of keyed hashes of its entries, content and all, so that it is kept up
//! without a look at the rest of the page. Nobody who writes changes knows the key, which is drawn at
//! random and never leaves the memory; so two pages that differ have equal digests once in 2^64, whatever
//! somebody writes, and an id that comes again with other content is still found.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Bound;
use std::sync::Arc;

use super::Entry;
use crate::ChangeId;

/// The key with which digests are made. Only logs that keep theirs with the same one can be compared by
/// them. Who asks for it draws it, since nothing here does anything at random.
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
    /// By the id at which a page begins; the first begins before all of them. In one piece, since what
    /// is asked of it most is to go along all of it.
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

    /// Takes note of an entry with this digest that has come to those that are there.
    pub(super) fn add(&mut self, id: ChangeId, digest: u64, present: &BTreeMap<ChangeId, Entry>) {
        if !begins_page(id) {
            self.turn(id, digest);
            return;
        }
        let at = self.page_of(id);
        // What was the rest of the page before is of this one now.
        let end = self.pages.get(at + 1);
        let end = end.map_or(Bound::Unbounded, |(next, _)| Bound::Excluded(*next));
        let rest = present.range((Bound::Excluded(id), end));
        let rest = rest.fold(0, |sum, (_, entry)| sum ^ self.digest(entry));
        self.turn(id, rest);
        self.pages.insert(at + 1, (id, rest ^ digest));
    }

    /// Where the page stands that an entry is on.
    fn page_of(&self, id: ChangeId) -> usize {
        let after = self.pages.partition_point(|(first, _)| *first <= id);
        after.saturating_sub(1)
    }

    /// Takes note of other content in the place of an entry.
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

    /// Goes through the pages of `other`, oldest first, that are not here as they are there: where each
    /// begins and ends.
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

/// Whether a page begins here: about one id in 64, whether they follow in time or in number.
fn begins_page(id: ChangeId) -> bool {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    const PAGES_IN: u32 = 6;
    id.folded().wrapping_mul(GOLDEN) >> (u64::BITS - PAGES_IN) == 0
}
