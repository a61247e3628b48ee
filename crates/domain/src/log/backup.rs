//! Backups: all boards in one text.
//!
//! A backup contains the document of each board as in a file of its own, so that the same code reads both,
//! and says which boards were in the archive or the trash. It has no date: the same boards give the same
//! text. The file of a single board is read as a backup of that board.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::BoardId;
use crate::board::Board;
use crate::document::{Document, DocumentError, Integrity};
use crate::file_kind::format_name;
use crate::{Millis, t, tn};

/// The format name in every backup.
pub const FORMAT: &str = format_name::BACKUP;
/// The format version written here.
pub const VERSION: u32 = 1;
/// The beginning of each board in a backup, on a line of its own.
const BOARD: &str = "\n{\"format\":\"cruxboard\",";

/// A parsed backup.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Its boards.
    pub boards: Vec<Document>,
    /// The boards that were in the archive.
    pub archived: BTreeSet<BoardId>,
    /// The boards that were in the trash.
    pub trashed: BTreeSet<BoardId>,
    /// Number of boards that could not be read at all.
    pub unread: usize,
    /// Whether the text was complete.
    pub integrity: Integrity,
    /// Whether the text is the file of a single board.
    pub is_single_board: bool,
}

#[derive(Deserialize)]
struct Whole<'a> {
    #[serde(default)]
    version: u32,
    #[serde(default)]
    archived: Vec<BoardId>,
    #[serde(default)]
    trashed: Vec<BoardId>,
    #[serde(borrow)]
    boards: Vec<&'a RawValue>,
}

impl Backup {
    /// Returns whether a text claims to be a backup, complete or not.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let start: String = text.chars().take(100).collect();
        start.contains(FORMAT)
    }

    /// Parses a backup, or the file of a single board. A board that cannot be read does not affect the others,
    /// even if the text is truncated.
    ///
    /// # Errors
    /// [`DocumentError`] if the text is neither.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        let mut backup = Self {
            boards: Vec::new(),
            archived: BTreeSet::new(),
            trashed: BTreeSet::new(),
            unread: 0,
            integrity: Integrity::Whole,
            is_single_board: false,
        };
        if !Self::is_one(text) {
            let board = Document::from_json(text)?;
            if !board.is_readable() {
                return Err(DocumentError::Damaged(t!(
                    "none of its changes can be read"
                )));
            }
            backup.is_single_board = true;
            backup.boards.push(board);
            return Ok(backup);
        }
        let text = text.trim_start_matches('\u{feff}');
        let documents: Vec<Result<Document, DocumentError>> = match serde_json::from_str(text) {
            Ok(Whole { version, .. }) if version > VERSION => {
                return Err(DocumentError::Newer(version));
            }
            Ok(Whole {
                archived,
                trashed,
                boards,
                ..
            }) => {
                backup.archived.extend(archived);
                backup.trashed.extend(trashed);
                let rows = boards.iter();
                rows.map(|row| Document::from_json(row.get())).collect()
            }
            Err(error) => {
                let is_cut = error.is_eof() || text.ends_with('\0');
                backup.integrity = if is_cut {
                    Integrity::CutOff
                } else {
                    Integrity::Damaged
                };
                let parts = text.trim_end_matches('\0').split(BOARD).skip(1);
                parts
                    .map(|part| {
                        let part = part.trim_end().trim_end_matches(',');
                        // In a complete text, the end of the list follows the last board.
                        let part = part.strip_suffix("\n]}").unwrap_or(part);
                        Document::from_json(&format!("{}{part}", BOARD.trim_start()))
                    })
                    .collect()
            }
        };
        let mut newer = None;
        for document in documents {
            match document {
                Ok(document) if document.is_readable() => backup.boards.push(document),
                Err(DocumentError::Newer(version)) => {
                    newer = Some(DocumentError::Newer(version));
                    backup.unread += 1;
                }
                Ok(_) | Err(_) => backup.unread += 1,
            }
        }
        if !backup.boards.is_empty() || backup.unread == 0 && backup.integrity == Integrity::Whole {
            return Ok(backup);
        }
        Err(match backup.integrity {
            Integrity::CutOff => DocumentError::CutOff,
            _ => newer.unwrap_or(DocumentError::Damaged(t!("none of its boards can be read"))),
        })
    }

    /// Describes the faults of the file, in sentences. The person is asked before a part of it is imported.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        if self.is_single_board {
            return self.boards.iter().flat_map(Document::faults).collect();
        }
        let mut faults = Vec::new();
        match self.integrity {
            Integrity::Whole => {}
            Integrity::CutOff => faults.push(
                t!("This file is cut off: its end is missing, and perhaps more boards with it.")
                    .to_owned(),
            ),
            Integrity::Damaged => {
                faults.push(t!("This file is damaged: something in it was altered.").to_owned());
            }
        }
        if self.unread > 0 {
            faults.push(tn!(
                self.unread,
                "{count} board in it cannot be read.",
                "{count} boards in it cannot be read."
            ));
        }
        let is_partial = |board: &&Document| !board.faults().is_empty();
        let partial = self.boards.iter().filter(is_partial).count();
        if partial > 0 {
            faults.push(tn!(
                partial,
                "{count} board in it can be read in part only.",
                "{count} boards in it can be read in part only."
            ));
        }
        faults
    }

    /// Removes changes that are dated too far ahead of this device's clock, as [`Document::set_aside_ahead`]
    /// does, and boards that have no other changes. Returns the number of removed changes.
    pub fn set_aside_ahead(&mut self, now: Millis) -> usize {
        let mut count = 0;
        self.boards.retain_mut(|board| {
            let ahead = board.set_aside_ahead(now);
            count += ahead;
            ahead == 0 || !board.entries.is_empty()
        });
        count
    }

    /// Formats boards as a backup, sorted by id.
    #[must_use]
    pub fn to_json(
        boards: &BTreeMap<BoardId, Board>,
        archived: &BTreeSet<BoardId>,
        trashed: &BTreeSet<BoardId>,
    ) -> String {
        let list = |ids: &BTreeSet<BoardId>| {
            let ids = ids.iter().filter(|id| boards.contains_key(id));
            let ids: Vec<String> = ids.map(|id| format!("\"{id}\"")).collect();
            ids.join(",")
        };
        let documents: Vec<String> = boards
            .iter()
            .map(|(id, board)| Document::to_json(*id, board.log()))
            .collect();
        format!(
            "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"archived\":[{}],\"trashed\":[{}],\"boards\":[\n{}\n]}}\n",
            list(archived),
            list(trashed),
            documents.join(",\n")
        )
    }
}
