//! The text of a cell.

use super::{Columns, Meaning};
use crate::format::short;
use crate::record::Words;
use crate::t;
use crate::text::folded;

/// Returns the text of a cell, or its beginning.
pub(super) fn quoted(cell: &str) -> String {
    t!("“{text}”", text = short(cell, 24))
}

/// Returns the cell of a row in the column with this meaning.
pub(super) fn cell<'a>(columns: &Columns, row: &'a [String], meaning: Meaning) -> &'a str {
    let cell = columns.get(&meaning).and_then(|place| row.get(*place));
    cell.map(|cell| cell.trim()).unwrap_or_default()
}

/// Returns the word of a vocabulary that a cell names: by its key, or by its label in English or in the
/// language of the reader.
pub(super) fn word_of<T: Copy>(all: &[T], choices: Words, cell: &str) -> Option<T> {
    let cell = folded(cell.trim());
    let is_it = |name: &str| folded(name) == cell;
    let place = choices.iter().position(|word| {
        is_it(word.key) || is_it(word.label.english()) || is_it(word.label.text())
    })?;
    all.get(place).copied()
}
