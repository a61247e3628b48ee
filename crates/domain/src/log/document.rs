//! Documents: a board's log as a readable JSON text, in a file or on the wire.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::file_kind::{FileKind, format_name, text_kind};
use crate::log::{Entry, Log};
use crate::sync::is_too_far_ahead;
use crate::{BoardId, ChangeId, Millis, t, tn};

/// The format name in every document.
pub const FORMAT: &str = format_name::BOARD;
/// The format version written here. A reader of an older version cannot interpret a newer one.
pub const VERSION: u32 = 1;

/// The integrity of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// The text is complete.
    Whole,
    /// The end of the text is missing.
    CutOff,
    /// A part of the text was altered.
    Damaged,
}

/// A parsed document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The board's id: the id of its first change.
    pub board: BoardId,
    /// Its changes.
    pub entries: Vec<Entry>,
    /// Rows that no version could have written, in their original form.
    pub damaged: Vec<String>,
    /// Whether the text was complete.
    pub integrity: Integrity,
}

/// The reason why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The text is of another kind.
    #[error("{}", t!("This is {kind}, not a board. {advice}", kind = .0.name, advice = .0.advice))]
    Other(FileKind),
    /// The text begins as a board, and ends before its first change.
    #[error("{}", t!("This file is cut off: its end is missing, and nothing before that can be read."))]
    CutOff,
    /// The text has a newer format.
    #[error("{}", t!(
        "This file was written by a newer version of Cruxboard (file format {newer}; this version reads {own}). Reload the page to get the newest version, and open it again.",
        newer = .0,
        own = VERSION
    ))]
    Newer(u32),
    /// The text claims to be a board, but has no usable id or changes.
    #[error("{}", t!("This Cruxboard file is damaged: {why}.", why = .0))]
    Damaged(&'static str),
    /// The text contains more changes than the reader accepts.
    #[error("{}", t!("This Cruxboard file holds more than {most} changes.", most = .0))]
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
    /// Parses a document. A row that cannot be read does not affect the others, even if the whole text is
    /// then not JSON.
    ///
    /// # Errors
    /// [`DocumentError`] if the text is not a document.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        Self::from_json_within(text, usize::MAX)
    }

    /// Parses a document with at most `most` changes, which are counted before any is read.
    ///
    /// # Errors
    /// [`DocumentError`] if the text is not a document.
    pub fn from_json_within(text: &str, most: usize) -> Result<Self, DocumentError> {
        let text = text.trim_start_matches('\u{feff}');
        let heading = serde_json::from_str::<Heading>(text);
        let broken = match heading {
            Ok(heading) => {
                let mut document = Self::empty(&heading, text)?;
                let body: Body<'_> = serde_json::from_str(text).or(Err(DocumentError::Damaged(
                    t!("it holds no list of changes"),
                )))?;
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
        // If a disk was full, zeros may replace the end.
        let is_cut = broken.is_eof() || text.ends_with('\0');
        let (integrity, none) = if is_cut {
            (Integrity::CutOff, DocumentError::CutOff)
        } else {
            let none = DocumentError::Damaged(t!("none of its changes can be read"));
            (Integrity::Damaged, none)
        };
        Self::line_by_line(text.trim_end_matches('\0'), integrity)?.ok_or(none)
    }

    /// Returns an error that names the kind of a text that does not claim to be a board.
    fn named(text: &str) -> DocumentError {
        let start: String = text.chars().take(20_000).collect();
        // The text may consist of rows of a board without the heading.
        if start.contains("\"fact\":{\"") && start.contains("\"id\":\"") {
            DocumentError::Damaged(t!("its beginning is missing or was altered"))
        } else {
            DocumentError::Other(text_kind(text))
        }
    }

    /// Returns whether a text claims to be a board, complete or not.
    fn is_one(text: &str) -> bool {
        let start: String = text.chars().take(200).filter(|c| *c != ' ').collect();
        start.contains(&format!("\"format\":\"{FORMAT}\""))
    }

    /// Returns a document with this heading and no changes.
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
            .or(Err(DocumentError::Damaged(t!("the board has no id"))))?;
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

    /// Recovers the changes of a truncated or damaged text: in texts written by the app, every change is on a
    /// line of its own. `None` if no change can be recovered.
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

    /// Returns whether the document has a change that this version understands. Without one it is not a
    /// board.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.entries.iter().any(|entry| entry.known().is_some())
    }

    /// Describes the faults of the file, in sentences. The person is asked before a part of it is imported.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let damaged = match self.integrity {
            Integrity::Whole => self.damaged.len(),
            Integrity::CutOff => {
                faults.push(t!("This file is cut off: its end is missing.").to_owned());
                // The last row is the truncated one.
                self.damaged.len().saturating_sub(1)
            }
            Integrity::Damaged => {
                faults.push(t!("This file is damaged: something in it was altered.").to_owned());
                self.damaged.len()
            }
        };
        if damaged > 0 {
            faults.push(tn!(
                damaged,
                "{count} change in it is damaged and cannot be read.",
                "{count} changes in it are damaged and cannot be read."
            ));
        }
        let twice = self.twice();
        if twice > 0 {
            faults.push(tn!(
                twice,
                "{count} change stands in it twice, with different content.",
                "{count} changes stand in it twice, with different content."
            ));
        }
        faults
    }

    /// Returns the number of ids that occur with several contents of which neither is an erasure.
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

    /// Removes the rows whose content differs from that in a log, other than by an erasure. Returns their
    /// number.
    pub fn leave_out_clashes(&mut self, log: &Log) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| {
            let ours = log.entry(entry.id());
            ours.is_none_or(|ours| !ours.clashes_with(entry))
        });
        before - self.entries.len()
    }

    /// Removes changes that are dated too far ahead of this device's clock, and returns their number. Files
    /// and backups must meet the same rule as sync: the clock of the board would follow such a date, and with
    /// it all later changes.
    pub fn set_aside_ahead(&mut self, now: Millis) -> usize {
        let before = self.entries.len();
        self.entries
            .retain(|entry| !is_too_far_ahead(entry.id(), now));
        before - self.entries.len()
    }

    /// Formats a log, oldest change first. Equal logs give equal texts.
    #[must_use]
    pub fn to_json(board: BoardId, log: &Log) -> String {
        Self::of(board, log.entries())
    }

    /// Formats these entries, in the order given.
    #[must_use]
    pub fn of<'a>(board: BoardId, entries: impl Iterator<Item = &'a Entry>) -> String {
        // Every row is valid JSON already and is written as it is: a change of a newer version must stay the
        // same byte for byte. One line per change is easy to read and to compare.
        let rows: Vec<String> = entries.map(Entry::to_json).collect();
        let rows = rows.join(",\n");
        format!(
            r#"{{"format":"{FORMAT}","version":{VERSION},"board":"{board}","changes":[{rows}]}}"#
        )
    }
}
