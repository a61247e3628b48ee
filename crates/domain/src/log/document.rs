//! The document: a board's log as one readable JSON text, in a file or on the wire.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::ChangeId;
use crate::file_kind::{FileKind, text_kind};
use crate::log::{Entry, Log};
use crate::sync::is_too_far_ahead;
use crate::text::counted;

/// What every document calls itself.
pub const FORMAT: &str = "cruxboard";
/// The version written here; a reader of an older one cannot know what a newer one means.
pub const VERSION: u32 = 1;

/// How much of a document's text is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// All of it.
    Whole,
    /// Its end is missing.
    CutOff,
    /// Something in it was altered.
    Damaged,
}

/// A document, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The board's id: the id of its first change.
    pub board: ChangeId,
    /// Its changes.
    pub entries: Vec<Entry>,
    /// Rows that no version could have written, as they came.
    pub damaged: Vec<String>,
    /// Whether the text was whole.
    pub integrity: Integrity,
}

/// Why a text is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is something else.
    #[error("This is {}, not a board. {}", .0.name, .0.advice)]
    Other(FileKind),
    /// It begins as a board, and ends before its first change.
    #[error("This file is cut off: its end is missing, and nothing before that can be read.")]
    CutOff,
    /// It is of a newer format.
    #[error(
        "This file was written by a newer version of Cruxboard (file format {0}; this version reads {VERSION}). Reload the page to get the newest version, and open it again."
    )]
    Newer(u32),
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
    /// [`DocumentError`] says why it is none.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        Self::from_json_within(text, usize::MAX)
    }

    /// The same, for a text that may hold so many changes and no more: they are counted before any is
    /// read.
    ///
    /// # Errors
    /// [`DocumentError`] says why it is none.
    pub fn from_json_within(text: &str, most: usize) -> Result<Self, DocumentError> {
        let text = text.trim_start_matches('\u{feff}');
        let heading = serde_json::from_str::<Heading>(text);
        let broken = match heading {
            Ok(heading) => {
                let mut document = Self::empty(&heading, text)?;
                let body: Body<'_> = serde_json::from_str(text)
                    .or(Err(DocumentError::Damaged("it holds no list of changes")))?;
                if body.changes.len() > most {
                    return Err(DocumentError::TooMany(most));
                }
                for row in body.changes {
                    document.read_row(row.get());
                }
                return Ok(document);
            }
            Err(error) if error.is_data() => return Err(Self::named(text)),
            Err(error) => error,
        };
        if !Self::is_one(text) {
            return Err(Self::named(text));
        }
        if text.lines().nth(most).is_some() {
            return Err(DocumentError::TooMany(most));
        }
        // Where a disk was full, zeros stand in place of the end.
        let is_cut = broken.is_eof() || text.ends_with('\0');
        let (integrity, none) = if is_cut {
            (Integrity::CutOff, DocumentError::CutOff)
        } else {
            let none = DocumentError::Damaged("none of its changes can be read");
            (Integrity::Damaged, none)
        };
        Self::line_by_line(text.trim_end_matches('\0'), integrity)?.ok_or(none)
    }

    /// Says by name what a text is that does not say it is a board.
    fn named(text: &str) -> DocumentError {
        let start: String = text.chars().take(20_000).collect();
        // Rows of ours may stand where the heading should.
        if start.contains("\"fact\":{\"") && start.contains("\"id\":\"") {
            DocumentError::Damaged("its beginning is missing or was altered")
        } else {
            DocumentError::Other(text_kind(text))
        }
    }

    /// Whether a text says that it is a board, be it a whole one or not.
    fn is_one(text: &str) -> bool {
        let start: String = text.chars().take(200).filter(|c| *c != ' ').collect();
        start.contains(&format!("\"format\":\"{FORMAT}\""))
    }

    /// A document with this heading, and nothing else.
    fn empty(heading: &Heading, text: &str) -> Result<Self, DocumentError> {
        if heading.format != FORMAT {
            return Err(DocumentError::Other(text_kind(text)));
        }
        if heading.version > VERSION {
            return Err(DocumentError::Newer(heading.version));
        }
        let board = heading
            .board
            .parse()
            .or(Err(DocumentError::Damaged("the board has no id")))?;
        Ok(Self {
            board,
            entries: Vec::new(),
            damaged: Vec::new(),
            integrity: Integrity::Whole,
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
    fn line_by_line(text: &str, integrity: Integrity) -> Result<Option<Self>, DocumentError> {
        const CHANGES: &str = "\"changes\":[";
        let Some((heading, rows)) = text.split_once(CHANGES) else {
            return Ok(None);
        };
        let Ok(heading) = serde_json::from_str(&format!("{heading}{CHANGES}]}}")) else {
            return Ok(None);
        };
        let mut document = Self::empty(&heading, text)?;
        document.integrity = integrity;
        let rows = rows.strip_suffix("]}").unwrap_or(rows);
        for row in rows.lines().filter(|row| !row.trim().is_empty()) {
            document.read_row(row.strip_suffix(',').unwrap_or(row));
        }
        Ok((!document.entries.is_empty()).then_some(document))
    }

    /// Whether there is anything in it that this version understands. Nothing else makes a board.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.entries.iter().any(|entry| entry.known().is_some())
    }

    /// Faults of the file, in sentences. A person is asked before a part of it is taken in.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let damaged = match self.integrity {
            Integrity::Whole => self.damaged.len(),
            Integrity::CutOff => {
                faults.push("This file is cut off: its end is missing.".to_owned());
                // The last row is the one that was cut.
                self.damaged.len().saturating_sub(1)
            }
            Integrity::Damaged => {
                faults.push("This file is damaged: something in it was altered.".to_owned());
                self.damaged.len()
            }
        };
        if damaged > 0 {
            let changes = counted(
                damaged,
                "change in it is damaged",
                "changes in it are damaged",
            );
            faults.push(format!("{changes} and cannot be read."));
        }
        let twice = self.twice();
        if twice > 0 {
            let changes = counted(twice, "change stands", "changes stand");
            faults.push(format!("{changes} in it twice, with different content."));
        }
        faults
    }

    /// How many ids stand in it more than once with contents of which neither is an erasure.
    fn twice(&self) -> usize {
        let mut seen: BTreeMap<ChangeId, &Entry> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for entry in &self.entries {
            let first = *seen.entry(entry.id()).or_insert(entry);
            if first.clashes_with(entry) {
                twice.insert(entry.id());
            }
        }
        twice.len()
    }

    /// Takes out the rows that a log has with other content, which is another thing than erased. Returns
    /// how many there were.
    pub fn leave_out_clashes(&mut self, log: &Log) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| {
            let ours = log.entry(entry.id());
            ours.is_none_or(|ours| !ours.clashes_with(entry))
        });
        before - self.entries.len()
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
    pub fn to_json(board: ChangeId, log: &Log) -> String {
        Self::of(board, log.entries())
    }

    /// Writes some entries, in the order in which they come.
    #[must_use]
    pub fn of<'a>(board: ChangeId, entries: impl Iterator<Item = &'a Entry>) -> String {
        // Every row is valid JSON already and goes in as it is: a change of a newer version must come
        // out byte for byte as it came. One line per change is easy to read and to compare.
        let rows: Vec<String> = entries.map(Entry::to_json).collect();
        let rows = rows.join(",\n");
        format!(
            r#"{{"format":"{FORMAT}","version":{VERSION},"board":"{board}","changes":[{rows}]}}"#
        )
    }
}
