//! A table to import, as rows of texts.

use crate::t;
use crate::translation::translated;
use std::collections::BTreeSet;

use super::format::Format;

/// Maximum number of rows in one import.
pub const MOST_ROWS: usize = 100_000;
/// Maximum number of columns of a table.
pub const MOST_COLUMNS: usize = 200;
/// Maximum size of a table, in bytes.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// A table to import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The headings of the columns; "Column 1" and so on if the table has none.
    pub head: Vec<String>,
    /// Whether the table itself has headings.
    pub has_headings: bool,
    /// The rows, each as wide as the head.
    pub rows: Vec<Vec<String>>,
    /// The number of each row, as a spreadsheet counts them.
    pub numbers: Vec<usize>,
    /// Indices of rows that had more cells than the head.
    pub overlong: BTreeSet<usize>,
    /// The recognized format and the parts that were not read, as sentences.
    pub remarks: Vec<String>,
    /// The format, if the headings identify one.
    pub format: Option<Format>,
}

/// The reason why a text cannot be read as a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The text has no rows below a heading.
    #[error("{}", t!(
        "There is no table in this: it takes a first row with the names of the columns, and rows below it."
    ))]
    Empty,
    /// The table has more rows than one import allows.
    #[error("{}", t!(
        "This table has more than 100,000 rows. Please take it in in parts."
    ))]
    TooLong,
    /// The table has too many columns.
    #[error("{}", t!(
        "This table has {number} columns, and 200 is the most. Please leave some of them out, or bring it in in parts.",
        number = .0
    ))]
    TooWide(usize),
    /// The table has too many bytes.
    #[error("{}", t!(
        "This table has more than 20 MB. Please take it in in parts."
    ))]
    TooLarge,
    /// A quotation mark is not closed.
    #[error("{}", t!(
        "This table was cut off, or is none: a quotation mark in row {number} is never closed.",
        number = .0
    ))]
    Unclosed(usize),
    /// The file is one part of an export, and useless without the others.
    #[error("{}", translated(.0))]
    Part(&'static str),
    /// The end of the file is missing.
    #[error("{}", t!(
        "This file is cut off, and nothing of it was read. Please export or download it again."
    ))]
    CutOff,
    /// The archive cannot be read.
    #[error("{}", translated(.0))]
    Archive(&'static str),
    /// The content is of another known kind.
    #[error("{}", t!("This is {kind}, not a table. {advice}", kind = .0, advice = .1))]
    Other(&'static str, &'static str),
}

/// The rows of a text, each with its number.
pub(super) type NumberedRows = Vec<(usize, Vec<String>)>;

impl Sheet {
    /// Returns the heading of a column, with its number if another column has the same heading.
    #[must_use]
    pub fn column_label(&self, place: usize) -> String {
        let name = self.head.get(place).map_or("", |name| name.trim());
        let others = self.head.iter().filter(|other| other.trim() == name);
        if others.count() > 1 {
            format!("{name} (column {})", place + 1)
        } else {
            name.to_owned()
        }
    }
}
