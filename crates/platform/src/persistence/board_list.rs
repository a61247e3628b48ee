//! The list of boards in this browser.

use super::Persistence;
use crate::clock;
use crate::mirror;
use crate::tabs::Tabs;
use crate::{drafts, settings};
use cruxboard_domain::BoardId;
use cruxboard_session::BoardListing;
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Persistence {
    /// Lists the open board as opened now.
    pub(super) fn list(self, listing: BoardListing) {
        let listing = BoardListing {
            title: self
                .session
                .read_untracked(|board| board.info().question.clone()),
            opened_at: clock::now_millis(),
            ..listing
        };
        self.state.update_value(|state| {
            state.listing = Some(listing);
            state.is_listed = false;
        });
    }

    /// Lists the open board, which was just created or imported.
    pub(super) fn list_new(self, board: BoardId) {
        self.list(BoardListing {
            made_at: clock::now_millis(),
            ..BoardListing::unknown(board)
        });
    }

    /// Stores in the journal that the board was opened now.
    pub(super) async fn list_opened(self, board: BoardId) {
        let listed = self.journal().boards().await.unwrap_or_default();
        let listing = listed.into_iter().find(|listing| listing.id == board);
        if self.session.open.get_untracked() == Some(board) {
            self.list(listing.unwrap_or_else(|| BoardListing::unknown(board)));
            self.store_listing().await;
        }
    }

    /// Reports, here and in the other tabs, that the list of boards has changed.
    pub(super) fn tell_board_list_changed(self) {
        self.session.backup.times_stored.update(|times| *times += 1);
        self.with_tabs(Tabs::tell_board_list_changed);
        spawn_local(self.refresh_board_list());
    }

    /// Reads the list of boards from the journal.
    pub(super) async fn refresh_board_list(self) {
        let boards = self.journal().boards().await;
        // If storage fails, the next write reports it, and the known list stays.
        let known = || {
            self.session
                .board_list
                .boards
                .get_untracked()
                .unwrap_or_default()
        };
        let mut boards = boards.unwrap_or_else(|_| known());
        // The mirror may outlive the journal.
        for board in mirror::boards() {
            if boards.iter().all(|listing| listing.id != board) {
                boards.push(BoardListing::unknown(board));
            }
        }
        self.session.board_list.boards.set(Some(boards));
        self.count_set_aside().await;
    }

    /// Removes everything of a deleted board from this tab.
    pub(super) fn forget_here(self, board: BoardId) {
        mirror::erase(board);
        settings::me(board).clear();
        settings::endpoint(board).clear();
        settings::hosted(board).clear();
        settings::forget_sealed(board);
        drafts::forget(board);
        if settings::last_board().get() == Some(board) {
            settings::last_board().clear();
        }
        self.session.outbox.forget(board);
        if self.session.open.get_untracked() == Some(board) {
            self.session.close_board();
            self.state.update_value(|state| state.listing = None);
        }
    }
}
