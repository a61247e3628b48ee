//! Ports for whole boards.

use cruxboard_domain::BoardId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::decide::{CommandError, NewBoard};
use cruxboard_domain::log::Entry;
use leptos::prelude::*;

use super::Done;
use crate::BoardLocation;

/// Changes to whole boards, and creating new ones.
#[derive(Clone, Copy)]
pub struct BoardPort {
    /// Moves a board to another section of the board list (in use, archive, trash).
    pub move_to: Callback<(BoardId, BoardLocation)>,
    /// Deletes a board in the trash for good.
    pub delete: Callback<BoardId>,
    /// Changes a board's decision question, which is its name.
    pub rename: Callback<(BoardId, String)>,
    /// Copies a board without anybody's credences, and opens the copy.
    pub duplicate: Callback<BoardId>,
    /// Copies cruxes to another board, and opens that board.
    pub copy_cruxes: Callback<CopyAsk>,
    /// Reads another board without opening it.
    pub read: Callback<BoardReading>,
    /// Adds the changes of another copy of the open board.
    pub join_log: Callback<Vec<Entry>>,
    /// Measures the size of each board.
    pub measure: Callback<()>,
    /// Creates a new board and opens it, or says why not.
    pub found: Callback<NewBoard, Result<(), CommandError>>,
    /// Creates a board from these changes, under newly minted ids.
    pub adopt: Callback<Vec<Change>>,
}

/// Returns the changes that add a copy to a board, under temporary ids.
pub type CopyOnto = Box<dyn FnOnce(&Board) -> Vec<Change>>;

/// A request to copy something to another board.
pub struct CopyAsk {
    /// The other board.
    pub to: BoardId,
    /// The copy.
    pub changes: CopyOnto,
}

/// A board to read without opening it.
pub struct BoardReading {
    /// The board.
    pub board: BoardId,
    /// Receives the board.
    pub done: Done<Board>,
}
