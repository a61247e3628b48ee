//! All boards in one text: what a backup is.
//!
//! It holds the document of each board as it would stand in a file of its own, so that whatever
//! reads those reads these, and says which boards lay in the archive or the trash. Nothing in it
//! tells when it was made: the same boards give the same text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::ChangeId;
use crate::board::Board;
use crate::document::{Document, DocumentError, Integrity};
use crate::file_kind::text_kind;
use crate::text::counted;

/// What every backup calls itself.
pub const FORMAT: &str = "cruxboard-boards";
/// The version written here.
pub const VERSION: u32 = 1;
/// How each board in it begins, on a line of its own.
const BOARD: &str = "\n{\"format\":\"cruxboard\",";

/// A backup, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// Its boards.
    pub boards: Vec<Document>,
    /// Those of them that lay in the archive.
    pub archived: BTreeSet<ChangeId>,
    /// Those of them that lay in the trash.
    pub trashed: BTreeSet<ChangeId>,
    /// Boards that could not be read at all.
    pub unread: usize,
    /// Whether the text was whole.
    pub integrity: Integrity,
}

#[derive(Deserialize)]
struct Whole<'a> {
    #[serde(default)]
    version: u32,
    #[serde(default)]
    archived: Vec<ChangeId>,
    #[serde(default)]
    trashed: Vec<ChangeId>,
    #[serde(borrow)]
    boards: Vec<&'a RawValue>,
}

impl Backup {
    /// Whether a text says that it is a backup, be it a whole one or not.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let start: String = text.chars().take(100).collect();
        start.contains(FORMAT)
    }

    /// Reads a backup. A board that cannot be read does not spoil the others, even where the text
    /// was cut off.
    ///
    /// # Errors
    /// [`DocumentError`] says why it is none.
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        if !Self::is_one(text) {
            return Err(DocumentError::Other(text_kind(text)));
        }
        let text = text.trim_start_matches('\u{feff}');
        let mut backup = Self {
            boards: Vec::new(),
            archived: BTreeSet::new(),
            trashed: BTreeSet::new(),
            unread: 0,
            integrity: Integrity::Whole,
        };
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
                        // The last board of a whole text is followed by the end of the list.
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
            _ => newer.unwrap_or(DocumentError::Damaged("none of its boards can be read")),
        })
    }

    /// Faults of the file, in sentences. A person is asked before a part of it is taken in.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match self.integrity {
            Integrity::Whole => {}
            Integrity::CutOff => faults.push(
                "This file is cut off: its end is missing, and perhaps more boards with it."
                    .to_owned(),
            ),
            Integrity::Damaged => {
                faults.push("This file is damaged: something in it was altered.".to_owned());
            }
        }
        let mut say = |count: usize, one: &str, many: &str| {
            if count > 0 {
                faults.push(counted(count, one, many));
            }
        };
        say(
            self.unread,
            "board in it cannot be read.",
            "boards in it cannot be read.",
        );
        let is_partial = |board: &&Document| !board.faults().is_empty();
        say(
            self.boards.iter().filter(is_partial).count(),
            "board in it can be read in part only.",
            "boards in it can be read in part only.",
        );
        faults
    }

    /// Leaves out what is dated too far ahead of the clock here, as [`Document::set_aside_ahead`] does,
    /// and boards of which nothing else is there. Gives the count of changes left out.
    pub fn set_aside_ahead(&mut self, now_millis: u64) -> usize {
        let mut count = 0;
        self.boards.retain_mut(|board| {
            let ahead = board.set_aside_ahead(now_millis);
            count += ahead;
            ahead == 0 || !board.entries.is_empty()
        });
        count
    }

    /// Writes boards, in the order of their ids.
    #[must_use]
    pub fn to_json(
        boards: &BTreeMap<ChangeId, Board>,
        archived: &BTreeSet<ChangeId>,
        trashed: &BTreeSet<ChangeId>,
    ) -> String {
        let list = |ids: &BTreeSet<ChangeId>| {
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
