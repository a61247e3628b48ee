//! Takes in changes of other tabs, and stores again what storage lacks.

use std::time::Duration;

use cruxboard_domain::log::Entry;
use cruxboard_domain::t;
use cruxboard_domain::{BoardId, ChangeId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Persistence, words};
use crate::clock;
use crate::journal::StorageProblem;
use crate::tabs::News;

/// Delay before looking at lost storage, since its clearing may still be under way.
const LOST_DELAY: Duration = Duration::from_millis(500);

impl Persistence {
    pub(super) fn on_news(self, news: News) {
        match news {
            News::Changed(board, entries) => {
                if self.session.open.get_untracked() == Some(board) {
                    self.session.receive(entries);
                } else {
                    // The requested board may have been read from storage before these changes were
                    // stored.
                    self.state.update_value(|state| {
                        if state.wanted == Some(board) {
                            state.early.extend(entries);
                        }
                    });
                }
            }
            News::BoardListChanged => spawn_local(self.refresh_board_list()),
            News::Forgotten(board) => self.forgotten_elsewhere(board),
            News::LookAgain => spawn_local(async move {
                // If storage fails, the next write reports it.
                drop(self.look_again().await);
                self.refresh_board_list().await;
            }),
        }
    }

    /// Called when the storage was cleared or a newer version upgrades it.
    pub(super) fn on_storage_lost(self) {
        std::mem::forget(clock::after(LOST_DELAY, move || {
            spawn_local(async move {
                if let Err(problem) = self.look_again().await {
                    self.session.outbox.refused(words::state_of(&problem));
                }
            });
        }));
    }

    /// Compares the open board with the journal: takes in the changes that the session missed, and
    /// stores those that storage lacks.
    async fn look_again(self) -> Result<(), StorageProblem> {
        let Some(board) = self.session.open.get_untracked() else {
            return Ok(());
        };
        let was_saved = untrack(|| self.session.outbox.is_empty());
        let Some(stored) = self.journal().ids(board).await? else {
            self.forgotten_elsewhere(board);
            return Ok(());
        };
        let is_missed = |id: &ChangeId| {
            self.session
                .read_untracked(|board| board.log().entry(*id).is_none())
        };
        if stored.iter().any(is_missed) {
            let mut loaded = self.journal().load(board).await?;
            loaded.entries.retain(|entry| is_missed(&entry.id()));
            if self.session.open.get_untracked() == Some(board) {
                self.session.receive(loaded.entries);
            }
        }
        let is_cleared = stored.is_empty() && was_saved;
        let has_put = self.put_what_is_lacking(board, &stored);
        if is_cleared && has_put {
            self.session.notices.problem(t!(
                "The browser's storage was cleared. The board that is open here is being saved again; other boards may be gone."
            ));
        }
        Ok(())
    }

    /// Puts the open board's entries that the journal lacks in the outbox. `stored` holds the ids
    /// in the journal, sorted. Returns whether any was lacking.
    pub(super) fn put_what_is_lacking(self, board: BoardId, stored: &[ChangeId]) -> bool {
        if self.session.open.get_untracked() != Some(board) {
            return false;
        }
        let lacking: Vec<Entry> = self.session.read_untracked(|board| {
            let entries = board.log().entries();
            entries
                .filter(|entry| stored.binary_search(&entry.id()).is_err())
                .cloned()
                .collect()
        });
        let is_lacking = !lacking.is_empty();
        if is_lacking {
            self.state.update_value(|state| state.is_listed = false);
            self.session.outbox.put(board, lacking);
        }
        is_lacking
    }

    fn forgotten_elsewhere(self, board: BoardId) {
        let was_open = self.session.open.get_untracked() == Some(board);
        self.forget_here(board);
        if was_open {
            self.session
                .notices
                .problem(t!("This board was deleted in another tab."));
        }
        spawn_local(self.refresh_board_list());
    }
}
