//! Describes sets of changes.

use crate::change::{CHECKED, Change, REVIEW_CLOSED, TRIGGER_EDITED, WEIGHED};
use crate::translation::{filled, translated};

/// Describes a set of changes: "Credence updated", "Evidence saved; 2 credences updated".
#[must_use]
pub fn describe<'a>(changes: impl IntoIterator<Item = &'a Change>) -> String {
    let mut counts: Vec<(u8, &'static str, &'static str, usize)> = Vec::new();
    for change in changes {
        let (order, one, many) = change.payload.words();
        match counts.iter_mut().find(|counted| counted.0 == order) {
            Some((.., count)) => *count += 1,
            None => counts.push((order, one, many, 1)),
        }
    }
    counts.sort_by_key(|(order, ..)| *order);
    if counts.len() > 1 {
        let closes = counts.iter().any(|(order, ..)| *order == REVIEW_CLOSED);
        counts.retain(|(order, ..)| match *order {
            WEIGHED | CHECKED => false,
            TRIGGER_EDITED => !closes,
            _ => true,
        });
    }
    let said = counts.iter().map(|(_, one, many, count)| match count {
        1 => translated(one).to_owned(),
        count => filled(translated(many), &[("number", count)]),
    });
    let text = said.collect::<Vec<_>>().join("; ");
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
