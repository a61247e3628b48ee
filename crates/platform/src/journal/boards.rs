//! The listing of each board in the journal.

use super::Journal;
use super::request::{Access, answer, completion};
use super::{
    BOARDS, CHANGES, META, SET_ASIDE, StorageProblem, first_key_from, from_json, is_there, key,
    put, set_aside, to_json,
};
use cruxboard_domain::{BoardId, Millis};
use cruxboard_session::BoardListing;
use js_sys::Array;
use wasm_bindgen::JsCast;

impl Journal {
    /// Returns the listings of all boards, last opened first. A board whose listing was lost comes
    /// last, without a title.
    ///
    /// # Errors
    /// [`StorageProblem`] if the listings could not be read.
    pub async fn boards(&self) -> Result<Vec<BoardListing>, StorageProblem> {
        let transaction = self
            .connection
            .begin(&[CHANGES, BOARDS, META], Access::Read)
            .await?;
        let listings: Array = answer(transaction.object_store(BOARDS)?.get_all()?)
            .await?
            .unchecked_into();
        let mut boards: Vec<BoardListing> = Vec::new();
        for listing in listings.iter() {
            let Some(listing) = from_json::<BoardListing>(&listing) else {
                continue;
            };
            let later = boards.partition_point(|other| other.opened_at > listing.opened_at);
            boards.insert(later, listing);
        }
        let changes = transaction.object_store(CHANGES)?;
        let meta = transaction.object_store(META)?;
        let mut from = String::new();
        // Skips from the first row of one board to the first row of the next, without reading the
        // rows between.
        while let Some(key) = first_key_from(&changes, &from).await? {
            let board = key.split('/').next().unwrap_or_default();
            from = format!("{board}0");
            let Ok(id) = board.parse() else { continue };
            let is_listed = boards.iter().any(|listing| listing.id == id);
            // A tab may have stored a last change while another tab deleted the board.
            if !is_listed && !is_there(&meta, &key::forgotten(id)).await? {
                boards.push(BoardListing::unknown(id));
            }
        }
        Ok(boards)
    }

    /// Stores a board's listing.
    ///
    /// # Errors
    /// [`StorageProblem`] if the listing was not stored.
    pub async fn remember_board(&self, listing: &BoardListing) -> Result<(), StorageProblem> {
        self.append(&[], Some(listing)).await
    }

    /// Deletes a board for good: its rows, its listing and its rows that were set aside.
    ///
    /// # Errors
    /// [`StorageProblem`] if nothing was deleted.
    pub async fn forget_board(&self, board: BoardId, now: Millis) -> Result<(), StorageProblem> {
        let stores = [CHANGES, BOARDS, SET_ASIDE, META];
        let transaction = self.connection.begin(&stores, Access::Write).await?;
        let complete = completion(&transaction);
        transaction
            .object_store(CHANGES)?
            .delete(&key::rows_of(board)?.into())?;
        transaction
            .object_store(BOARDS)?
            .delete(&board.to_string().into())?;
        transaction
            .object_store(META)?
            .delete(&key::all_sealed(board)?.into())?;
        put(
            &transaction.object_store(META)?,
            &key::forgotten(board),
            &to_json(&now),
        )?;
        set_aside::erase(&transaction, |key| key.starts_with(&key::start(board))).await?;
        complete.await
    }

    /// Clears the mark of a deleted board, since the person imports the board again.
    ///
    /// # Errors
    /// [`StorageProblem`] if the mark is still there.
    pub async fn recall_board(&self, board: BoardId) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Write).await?;
        let complete = completion(&transaction);
        transaction
            .object_store(META)?
            .delete(&key::forgotten(board).into())?;
        complete.await
    }
}
