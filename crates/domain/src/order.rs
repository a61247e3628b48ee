//! Sorting with one piece of code for everything.
//!
//! The standard library's sorts are copied for each type of item and key, five kilobytes each in
//! the browser, and what is sorted here is short or nearly in order already.

use std::cmp::Ordering;

/// Puts items in the order of their keys; equals stay in the order they had.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Puts items in the order that `compare` tells; equals stay in the order they had.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &|one, other| {
        compare(&items[one], &items[other])
    });
    arrange(order, &mut |one, other| items.swap(one, other));
}

/// Which item belongs in each place.
#[inline(never)]
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

/// Goes round every ring of items that take each other's places.
#[inline(never)]
fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for first in 0..order.len() {
        let mut place = first;
        loop {
            let from = std::mem::replace(&mut order[place], place);
            if from == first {
                break;
            }
            swap(place, from);
            place = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_come_as_the_standard_library_sorts_them(
            items in proptest::collection::vec((0_u8..20, any::<u16>()), 0..200)
        ) {
            let mut sorted = items.clone();
            sort_by_key(&mut sorted, |item| item.0);
            let mut expected = items;
            expected.sort_by_key(|item| item.0);
            prop_assert_eq!(sorted, expected);
        }
    }
}
