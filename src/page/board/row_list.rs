//! The rows that the board holds: built in batches, and hidden instead of removed while a filter leaves them
//! out, so that emptying a search builds nothing again.

use std::collections::{HashMap, HashSet};

use cruxboard_domain::BoardId;
use cruxboard_domain::record::CruxId;
use leptos::prelude::*;

use crate::component::Later;
use cruxboard_session::Session;

/// Number of rows added in one task. The rest follow in tasks of their own, so that the page can be used
/// meanwhile.
const BATCH: usize = 100;

/// The rows of one board.
#[derive(Clone, Default, PartialEq)]
struct Built {
    board: Option<BoardId>,
    rows: Vec<CruxId>,
}

/// Returns the cruxes that have rows, in the order of the rows. They grow by a batch in each task, until all
/// of `shown` have rows. While `is_filtered`, other cruxes keep the rows that they have.
pub(super) fn build_rows(
    session: Session,
    shown: Memo<Vec<CruxId>>,
    is_filtered: Memo<bool>,
) -> Memo<Vec<CruxId>> {
    let next_batch = Trigger::new();
    let built = Memo::new(move |before: Option<&Built>| {
        next_batch.track();
        let board = session.open.get();
        let before = before.filter(|before| before.board == board);
        let before = before.map_or(&[][..], |before| &before.rows);
        let batch = shown.with(|shown| with_next_batch(before, shown));
        let rows = match is_filtered.get() {
            true => with_hidden(before, &batch),
            false => batch,
        };
        Built { board, rows }
    });
    let later = Later::from_context();
    Effect::new(move |_| {
        let lacks_rows = built.with(|built| {
            let have: HashSet<_> = built.rows.iter().collect();
            shown.with(|shown| shown.iter().any(|id| !have.contains(id)))
        });
        if lacks_rows {
            later.run(0, move || next_batch.notify());
        }
    });
    Memo::new(move |_| built.with(|built| built.rows.clone()))
}

/// Returns the first of the cruxes: those that have rows already, and a batch of others.
fn with_next_batch(before: &[CruxId], shown: &[CruxId]) -> Vec<CruxId> {
    let have_rows: HashSet<_> = before.iter().collect();
    let mut room = BATCH;
    let has_room = |id: &&CruxId| {
        let is_new = !have_rows.contains(id);
        let fits = !is_new || room > 0;
        room = room.saturating_sub(usize::from(is_new));
        fits
    };
    shown.iter().take_while(has_room).copied().collect()
}

/// Returns `shown` with the other rows of `before` in their places. If the rows have another order now, they
/// are left out.
fn with_hidden(before: &[CruxId], shown: &[CruxId]) -> Vec<CruxId> {
    let places: HashMap<_, _> = before.iter().zip(0..).collect();
    let mut rows = Vec::with_capacity(before.len().max(shown.len()));
    let mut next = 0;
    for id in shown {
        match places.get(id) {
            Some(&place) if place < next => return shown.to_vec(),
            Some(&place) => {
                rows.extend_from_slice(&before[next..=place]);
                next = place + 1;
            }
            None => rows.push(*id),
        }
    }
    rows.extend_from_slice(&before[next..]);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cruxes(numbers: &[u128]) -> Vec<CruxId> {
        let ids = numbers.iter().map(|number| format!("{number:026}"));
        ids.map(|id| id.parse().expect("an id")).collect()
    }

    #[test]
    fn rows_that_a_filter_leaves_out_keep_their_places() {
        for (before, shown, rows) in [
            (&[][..], &[1, 2][..], &[1, 2][..]),
            (&[1, 2, 3, 4], &[2, 4], &[1, 2, 3, 4]),
            (&[1, 2, 3, 4], &[], &[1, 2, 3, 4]),
            // A new crux comes after the one before it.
            (&[1, 2, 3], &[1, 9, 3], &[1, 9, 2, 3]),
            // In another order, only what is shown has rows.
            (&[1, 2, 3, 4], &[4, 2], &[4, 2]),
        ] {
            assert_eq!(
                with_hidden(&cruxes(before), &cruxes(shown)),
                cruxes(rows),
                "{before:?}, {shown:?}"
            );
        }
    }

    #[test]
    fn a_task_adds_a_batch_of_rows_to_those_that_are_there() {
        let all = cruxes(&(0..250).collect::<Vec<_>>());
        let first = with_next_batch(&[], &all);
        assert_eq!(first, all[..BATCH]);
        assert_eq!(with_next_batch(&first, &all), all[..2 * BATCH]);
        assert_eq!(with_next_batch(&all, &all), all);
    }
}
