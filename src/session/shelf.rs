use crate::prelude::*;
use cruxboard_domain::Stamp;
use serde::{Deserialize, Serialize};

/// What is known of a board without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardListing {
    /// The board.
    pub id: Stamp,
    /// Its question; empty when the listing was lost and the board not opened since.
    pub title: String,
    /// When it was made here or came here, in Unix milliseconds.
    pub made_at: u64,
    /// When it was last opened here, in Unix milliseconds.
    pub opened_at: u64,
    /// When it was put in the trash, in Unix milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trashed_at: Option<u64>,
}

impl BoardListing {
    /// For a board whose listing was lost; it is known again once the board was opened.
    #[must_use]
    pub fn unknown(id: Stamp) -> Self {
        Self {
            id,
            title: String::new(),
            made_at: id.millis(),
            opened_at: id.millis(),
            trashed_at: None,
        }
    }
}

/// The boards kept in this browser, as far as storage has told.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// Last opened first, also those in the trash; `None` until storage has answered.
    pub boards: RwSignal<Option<Vec<BoardListing>>>,
    /// How many damaged rows were set aside, to be offered for download.
    pub set_aside: RwSignal<usize>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        Self {
            boards: RwSignal::new(None),
            set_aside: RwSignal::new(0),
        }
    }
}
