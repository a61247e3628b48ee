use std::collections::BTreeMap;

use cruxboard_domain::{BoardId, Millis};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The facts about a board that are known without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardListing {
    /// The board.
    pub id: BoardId,
    /// The board's question; empty if the listing was lost and the board not opened since.
    pub title: String,
    /// Time at which the board was created or imported in this browser.
    pub made_at: Millis,
    /// Time at which the board was last opened in this browser.
    pub opened_at: Millis,
    /// Time at which the board was moved to the trash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed_at: Option<Millis>,
    /// Time at which the board was archived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Millis>,
    /// For a board made from a snapshot: the key of the board from which the snapshot was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_of: Option<u32>,
}

/// The section of the board list that a board is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardLocation {
    /// The boards in use.
    AtHand,
    /// The archive.
    Archive,
    /// The trash.
    Trash,
}

impl BoardListing {
    /// Returns a listing for a board whose listing was lost. Opening the board restores it.
    #[must_use]
    pub fn unknown(id: BoardId) -> Self {
        Self {
            id,
            title: String::new(),
            made_at: id.0.millis(),
            opened_at: id.0.millis(),
            trashed_at: None,
            archived_at: None,
            made_of: None,
        }
    }

    /// Returns the section that the board is in.
    #[must_use]
    pub fn place(&self) -> BoardLocation {
        match (self.trashed_at, self.archived_at) {
            (Some(_), _) => BoardLocation::Trash,
            (None, Some(_)) => BoardLocation::Archive,
            (None, None) => BoardLocation::AtHand,
        }
    }

    /// Moves the board to another section. A board restored from the trash goes back to the section
    /// it was in.
    pub fn put(&mut self, place: BoardLocation, now: Millis) {
        match place {
            BoardLocation::AtHand if self.trashed_at.is_some() => self.trashed_at = None,
            BoardLocation::AtHand => self.archived_at = None,
            BoardLocation::Archive => self.archived_at = Some(now),
            BoardLocation::Trash => self.trashed_at = Some(now),
        }
    }
}

/// The space that a board takes in the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardSize {
    /// The number of changes.
    pub changes: usize,
    /// Total size of its rows (keys and texts) in bytes of UTF-8.
    pub bytes: usize,
}

/// The boards in this browser, as far as they have been read from storage.
#[derive(Clone, Copy)]
pub struct BoardList {
    /// All boards, also those in the trash, last opened first. `None` until storage has answered.
    pub boards: RwSignal<Option<Vec<BoardListing>>>,
    /// The size of each board that was measured.
    pub sizes: RwSignal<BTreeMap<BoardId, BoardSize>>,
    /// Number of damaged rows that were set aside and are offered for download.
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
