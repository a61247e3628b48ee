use std::collections::BTreeMap;

use cruxboard_domain::ChangeId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is known of a board without opening it.
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

/// Where on the shelf a board stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among those at hand.
    AtHand,
    /// Among those that are not needed now.
    Archive,
    /// Among those to be deleted.
    Trash,
}

impl BoardListing {
    /// For a board whose listing was lost; it is known again once the board was opened.
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

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        match (self.trashed_at, self.archived_at) {
            (Some(_), _) => Place::Trash,
            (None, Some(_)) => Place::Archive,
            (None, None) => Place::AtHand,
        }
    }

    /// Puts it elsewhere. Out of the trash, it goes back to where it came from.
    pub fn put(&mut self, place: Place, now_millis: u64) {
        match place {
            Place::AtHand if self.trashed_at.is_some() => self.trashed_at = None,
            Place::AtHand => self.archived_at = None,
            Place::Archive => self.archived_at = Some(now_millis),
            Place::Trash => self.trashed_at = Some(now_millis),
        }
    }
}

/// What a board takes in the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoardSize {
    /// How many changes.
    pub changes: usize,
    /// Bytes of their rows: keys and texts, in UTF-8.
    pub bytes: usize,
}

/// The boards kept in this browser, as far as storage has told.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// Last opened first, also those in the trash; `None` until storage has answered.
    pub boards: RwSignal<Option<Vec<BoardListing>>>,
    /// How much room each takes, as far as it was measured.
    pub sizes: RwSignal<BTreeMap<ChangeId, BoardSize>>,
    /// How many damaged rows were set aside, to be offered for download.
    pub set_aside: RwSignal<usize>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        Self {
            boards: RwSignal::new(None),
            sizes: RwSignal::new(BTreeMap::new()),
            set_aside: RwSignal::new(0),
        }
    }
}
