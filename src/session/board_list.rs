use std::collections::BTreeMap;

use cruxboard_domain::ChangeId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The facts about a board that are known without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardListing {
    /// The board.
    pub id: ChangeId,
    /// Its question; empty when the listing was lost and the board not opened since.
    pub title: String,
    /// When it was made here or came here, in Unix milliseconds.
    pub made_at: u64,
    /// When it was last opened here, in Unix milliseconds.
    pub opened_at: u64,
    /// When it was put in the trash, in Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed_at: Option<u64>,
    /// When it was put in the archive, in Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<u64>,
    /// The key of the board that a snapshot was taken of, for a board made of that snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_of: Option<u32>,
}

/// In which section of the board list a board is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the boards in use.
    AtHand,
    /// In the archive.
    Archive,
    /// In the trash.
    Trash,
}

impl BoardListing {
    /// Returns a listing for a board whose listing was lost. Opening the board restores it.
    #[must_use]
    pub fn unknown(id: ChangeId) -> Self {
        Self {
            id,
            title: String::new(),
            made_at: id.millis(),
            opened_at: id.millis(),
            trashed_at: None,
            archived_at: None,
            made_of: None,
        }
    }

    /// Returns the section that the board is in.
    #[must_use]
    pub fn place(&self) -> Place {
        match (self.trashed_at, self.archived_at) {
            (Some(_), _) => Place::Trash,
            (None, Some(_)) => Place::Archive,
            (None, None) => Place::AtHand,
        }
    }

    /// Moves the board to another section. A board restored from the trash goes back to where it was.
    pub fn put(&mut self, place: Place, now_millis: u64) {
        match place {
            Place::AtHand if self.trashed_at.is_some() => self.trashed_at = None,
            Place::AtHand => self.archived_at = None,
            Place::Archive => self.archived_at = Some(now_millis),
            Place::Trash => self.trashed_at = Some(now_millis),
        }
    }
}

/// The space that a board takes in the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardSize {
    /// The number of changes.
    pub changes: usize,
    /// The bytes of their rows: keys and texts, in UTF-8.
    pub bytes: usize,
}

/// The boards in this browser, as far as they were read from storage.
#[derive(Clone, Copy)]
pub struct BoardList {
    /// All boards, also those in the trash, last opened first. `None` until storage has answered.
    pub boards: RwSignal<Option<Vec<BoardListing>>>,
    /// The size of each board that was measured.
    pub sizes: RwSignal<BTreeMap<ChangeId, BoardSize>>,
    /// The number of damaged rows that were set aside and are offered for download.
    pub set_aside: RwSignal<usize>,
}

impl BoardList {
    pub(super) fn new() -> Self {
        Self {
            boards: RwSignal::new(None),
            sizes: RwSignal::new(BTreeMap::new()),
            set_aside: RwSignal::new(0),
        }
    }
}
