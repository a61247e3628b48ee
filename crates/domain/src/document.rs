//! The document: a board's log as one readable JSON text, in a file or on the wire.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Stamp;
use crate::log::{Entry, Log};
use crate::sync::is_too_far_ahead;

/// What every document calls itself.
pub const FORMAT: &str = "cruxboard";
/// The version written here; a reader of an older one cannot know what a newer one means.
pub const VERSION: u32 = 1;

/// A document, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The board's id: the stamp of its first change.
    pub board: Stamp,
    /// The version it was written in.
    pub version: u32,
    /// Its changes.
    pub entries: Vec<Entry>,
    /// Rows that no version could have written, as they came.
    pub damaged: Vec<String>,
    /// Whether the text was whole: if not, it was cut off or garbled, and there may have been more.
    pub is_whole: bool,
}

/// Why a text is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADocument {
    /// It is no JSON at all.
    #[error("This is not a Cruxboard file: it is not JSON ({0}).")]
    NotJson(String),
    /// It is JSON of something else.
    #[error("This is not a Cruxboard file: it is JSON, but does not say it is a board.")]
    NotOurs,
    /// It says it is a board, but has no usable id or changes.
    #[error("This Cruxboard file is damaged: {0}.")]
    Damaged(&'static str),
    /// It holds more changes than whoever reads it wants to take.
    #[error("This Cruxboard file holds more than {0} changes.")]
    TooMany(usize),
}

#[derive(Deserialize)]
struct Heading {
    format: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    board: String,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    changes: Vec<&'a RawValue>,
}

impl Document {
    /// Reads a document. A row that cannot be read does not spoil the rest, even if it makes the
    /// whole text something else than JSON.
    ///
    /// # Errors
    /// [`NotADocument`] says why it is none.
    pub fn from_json(text: &str) -> Result<Self, NotADocument> {
        Self::from_json_within(text, usize::MAX)
    }

    /// The same, for a text that may hold so many changes and no more: they are counted before any is
    /// read.
    ///
    /// # Errors
    /// [`NotADocument`] says why it is none.
    pub fn from_json_within(text: &str, most: usize) -> Result<Self, NotADocument> {
        let text = text.trim_start_matches('\u{feff}');
        match Self::empty(text) {
            Ok(mut document) => {
                let body: Body<'_> = serde_json::from_str(text)
                    .or(Err(NotADocument::Damaged("it holds no list of changes")))?;
                if body.changes.len() > most {
                    return Err(NotADocument::TooMany(most));
                }
                for row in body.changes {
                    document.read_row(row.get());
                }
                Ok(document)
            }
            Err(NotADocument::NotJson(_)) if text.lines().nth(most).is_some() => {
                Err(NotADocument::TooMany(most))
            }
            Err(NotADocument::NotJson(why)) => {
                Self::line_by_line(text).ok_or(NotADocument::NotJson(why))
            }
            Err(other) => Err(other),
        }
    }

    /// A document with the heading of `text`, and nothing else of it.
    fn empty(text: &str) -> Result<Self, NotADocument> {
        let heading: Heading = serde_json::from_str(text).map_err(|error| {
            if error.is_data() {
                NotADocument::NotOurs
            } else {
                NotADocument::NotJson(error.to_string())
            }
        })?;
        if heading.format != FORMAT {
            return Err(NotADocument::NotOurs);
        }
        let board = heading
            .board
            .parse()
            .or(Err(NotADocument::Damaged("the board has no id")))?;
        Ok(Self {
            board,
            version: heading.version,
            entries: Vec::new(),
            damaged: Vec::new(),
            is_whole: true,
        })
    }

    fn read_row(&mut self, row: &str) {
        match Entry::from_json(row) {
            Ok(entry) => self.entries.push(entry),
            Err(_) => self.damaged.push(row.to_owned()),
        }
    }

    /// What can be saved of a text that was cut off or garbled: every change has a line to itself
    /// where it was written by us. `None` when no change can.
    fn line_by_line(text: &str) -> Option<Self> {
        const CHANGES: &str = "\"changes\":[";
        let (heading, rows) = text.split_once(CHANGES)?;
        let mut document = Self::empty(&format!("{heading}{CHANGES}]}}")).ok()?;
        document.is_whole = false;
        let rows = rows.strip_suffix("]}").unwrap_or(rows);
        for row in rows.lines().filter(|row| !row.trim().is_empty()) {
            document.read_row(row.strip_suffix(',').unwrap_or(row));
        }
        (!document.entries.is_empty()).then_some(document)
    }

    /// Leaves out what is dated too far ahead of the clock here, and gives its count. A file and a backup
    /// are held to what sync is held to: the clock of the board would follow such a date, and so would
    /// everything that is done on it later.
    pub fn set_aside_ahead(&mut self, now_millis: u64) -> usize {
        let before = self.entries.len();
        self.entries
            .retain(|entry| !is_too_far_ahead(entry.id(), now_millis));
        before - self.entries.len()
    }

    /// Writes a log, oldest change first: equal logs give equal texts.
    #[must_use]
    pub fn to_json(board: Stamp, log: &Log) -> String {
        Self::of(board, log.entries())
    }

    /// Writes some entries, in the order in which they come.
    #[must_use]
    pub fn of<'a>(board: Stamp, entries: impl Iterator<Item = &'a Entry>) -> String {
        // Every row is valid JSON already and goes in as it is: a change of a newer version must come
        // out byte for byte as it came. One line per change is easy to read and to compare.
        let rows: Vec<String> = entries.map(Entry::to_json).collect();
        let rows = rows.join(",\n");
        format!(
            r#"{{"format":"{FORMAT}","version":{VERSION},"board":"{board}","changes":[{rows}]}}"#
        )
    }
}
