//! The text of a cell.

use super::{Columns, Meaning};
use crate::format::short;
use crate::t;

/// Returns the text of a cell, or its beginning.
pub(super) fn quoted(cell: &str) -> String {
    t!("“{text}”", text = short(cell, 24))
}

/// Returns the cell of a row in the column with this meaning.
pub(super) fn cell<'a>(columns: &Columns, row: &'a [String], meaning: Meaning) -> &'a str {
    let cell = columns.get(&meaning).and_then(|place| row.get(*place));
    cell.map(|cell| cell.trim()).unwrap_or_default()
}
