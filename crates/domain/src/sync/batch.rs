//! The size of batches, for endpoints that accept single changes.

use crate::ChangeId;
use crate::log::Entry;

/// Approximate maximum size of the changes in one request, in bytes: five seconds at 50 kB/s.
const MOST_BYTES: usize = 256 << 10;
/// Maximum number of changes in one request.
const MOST_CHANGES: usize = 2_000;
/// Bytes between two changes: a comma and a line break.
const SEPARATOR_BYTES: usize = 2;
/// Number of consecutive accepted batches after which the size is doubled again.
const TAKEN_BEFORE_GROWING: u32 = 4;

/// The size of batches: halved when one is too large or does not arrive, doubled again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Batches {
    bytes: usize,
    /// A size in bytes that the endpoint has refused as too large. No batch grows to it again.
    refused_bytes: usize,
    taken: u32,
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            bytes: MOST_BYTES,
            refused_bytes: usize::MAX,
            taken: 0,
        }
    }
}

impl Batches {
    /// Returns the first of these entries that form a batch. `first` precedes them if it is among them. A
    /// change that is larger than a batch forms one by itself.
    pub(super) fn next<'log>(
        &self,
        unsynced: &[&'log Entry],
        first: Option<ChangeId>,
    ) -> Vec<&'log Entry> {
        let first = first.and_then(|id| unsynced.iter().find(|entry| entry.id() == id));
        let others = unsynced
            .iter()
            .filter(|entry| first.is_none_or(|first| first.id() != entry.id()));
        let mut bytes = 0;
        let mut batch = Vec::new();
        for entry in first.into_iter().chain(others) {
            bytes += entry.to_json().len() + SEPARATOR_BYTES;
            if !batch.is_empty() && (bytes > self.bytes || batch.len() == MOST_CHANGES) {
                break;
            }
            batch.push(*entry);
        }
        batch
    }

    /// Notes that a batch was accepted.
    pub(super) fn was_taken(&mut self) {
        self.taken += 1;
        let doubled = self.bytes * 2;
        if self.taken >= TAKEN_BEFORE_GROWING && doubled < self.refused_bytes {
            self.bytes = doubled.min(MOST_BYTES);
            self.taken = 0;
        }
    }

    /// Notes that a batch of `sent` bytes was not stored. `is_refused`: the endpoint reported that it is too
    /// large.
    pub(super) fn halve(&mut self, sent: usize, is_refused: bool) {
        self.bytes = (sent.min(self.bytes) / 2).max(1);
        self.taken = 0;
        if is_refused {
            self.refused_bytes = self.refused_bytes.min(sent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(lengths: &[usize]) -> Vec<Entry> {
        let entry = |(at, length): (usize, &usize)| {
            let json = format!("{{\"id\":\"01M83T4CM0000000000000{at:04}\",\"x\":\"\"}}");
            let text = "x".repeat(length - json.len());
            Entry::from_json(&json.replace("\"x\":\"", &format!("\"x\":\"{text}")))
        };
        let entries = lengths.iter().enumerate().map(entry);
        entries.collect::<Result<_, _>>().unwrap()
    }

    fn counts(batches: Batches, lengths: &[usize]) -> Vec<usize> {
        let entries = entries(lengths);
        let mut unsynced: Vec<&Entry> = entries.iter().collect();
        let mut counts = Vec::new();
        while !unsynced.is_empty() {
            let count = batches.next(&unsynced, None).len();
            counts.push(count);
            unsynced.drain(..count);
        }
        counts
    }

    #[test]
    fn batches_go_by_bytes_and_count_and_a_long_change_is_one_by_itself() {
        let k = 1 << 10;
        for (lengths, expected) in [
            (vec![100; 5], vec![5]),
            (vec![100 * k; 5], vec![2, 2, 1]),
            (vec![300 * k, 300 * k, k], vec![1, 1, 1]),
            (vec![k, 300 * k, k], vec![1, 1, 1]),
            (vec![100; 4_500], vec![2_000, 2_000, 500]),
        ] {
            assert_eq!(counts(Batches::default(), &lengths), expected);
        }
    }

    #[test]
    fn the_change_that_founds_a_board_goes_first() {
        let entries = entries(&[200_000; 4]);
        let unsynced: Vec<&Entry> = entries.iter().collect();
        let batch = Batches::default().next(&unsynced, Some(entries[3].id()));
        assert_eq!(batch, [&entries[3]]);
    }

    #[test]
    fn halving_ends_at_one_change_and_what_was_refused_is_not_tried_again() {
        let lengths = vec![1_000; 500];
        let mut batches = Batches::default();
        let mut sent = Vec::new();
        for _ in 0..20 {
            let count = counts(batches, &lengths)[0];
            sent.push(count);
            batches.halve(count * 1_000, true);
        }
        assert_eq!(sent[..9], [261, 130, 64, 31, 15, 7, 3, 1, 1]);
        assert_eq!(sent[19], 1);
        let mut batches = Batches::default();
        batches.halve(200_000, true);
        for _ in 0..100 {
            batches.was_taken();
        }
        assert_eq!(counts(batches, &lengths)[0], 99);
        // A batch that was lost on the way may succeed later.
        let mut batches = Batches::default();
        batches.halve(200_000, false);
        for _ in 0..8 {
            batches.was_taken();
        }
        assert_eq!(counts(batches, &lengths)[0], 261);
    }
}
