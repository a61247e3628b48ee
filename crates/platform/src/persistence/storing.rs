//! Writes the outbox into the journal, batch by batch, until it is empty.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Persistence, words};
use crate::journal::{StorageProblem, persist};
use crate::{clock, settings};
use cruxboard_session::{BoardListing, Row, SaveState};

/// Maximum number of rows per transaction. Handing over a row takes about 20 µs; a larger batch
/// would delay the next frame.
const MAX_BATCH: usize = 500;
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(30);

impl Persistence {
    pub(super) fn store_what_waits(self) {
        Effect::new(move |_| {
            // The effect runs with every edit, so that an edit after a failure is also a retry.
            if !self.session.outbox.is_empty() {
                self.store();
            }
        });
    }

    fn store(self) {
        let is_free = self.state.try_update_value(|state| {
            state.retry_timer = None;
            !std::mem::replace(&mut state.is_storing, true)
        });
        if is_free != Some(true) {
            return;
        }
        spawn_local(async move {
            let result = self.store_until_empty().await;
            self.state.update_value(|state| state.is_storing = false);
            if let Err(problem) = result {
                self.retry_later(&problem);
            }
        });
    }

    async fn store_until_empty(self) -> Result<(), StorageProblem> {
        loop {
            let batch = self.session.outbox.batch(MAX_BATCH);
            let Some(first) = batch.first() else {
                return Ok(());
            };
            let board = first.board;
            let listing = self.unlisted(board);
            self.journal().append(&batch, listing.as_ref()).await?;
            self.session.outbox.stored(&batch);
            self.with_tabs(|tabs| {
                tabs.tell_changes(board, batch.iter().map(|row| row.json.as_str()));
            });
            if let Some(listing) = listing {
                self.listed(&listing);
                self.tell_board_list_changed();
            }
            self.after_storing(batch);
        }
    }

    fn after_storing(self, batch: Vec<Row>) {
        let length: usize = batch.iter().map(|row| row.json.len()).sum();
        self.note_for_backups(&batch);
        let times_put_again = untrack(|| self.session.outbox.times_put_again());
        let open = self.session.open.get_untracked();
        let (is_first, is_erased) = self
            .state
            .try_update_value(|state| {
                state.retries = 0;
                state.told.clear();
                if batch.first().map(|row| row.board) == open {
                    state.length += length;
                }
                let is_erased = state.times_put_again != times_put_again;
                state.times_put_again = times_put_again;
                (
                    !std::mem::replace(&mut state.has_asked_to_persist, true),
                    is_erased,
                )
            })
            .unwrap_or_default();
        self.mirror_soon();
        if is_erased {
            let journal = self.journal();
            // This fails only if the next batch fails too, which is reported.
            spawn_local(async move { drop(journal.erase_set_aside(&batch).await) });
        }
        if is_first {
            // In the background, since some browsers ask the person, which may take a while.
            spawn_local(async {
                persist().await;
            });
        }
    }

    /// Counts the changes that were made in this tab, unless the board has an endpoint, which
    /// stores them too.
    fn note_for_backups(self, batch: &[Row]) {
        self.session.backup.times_stored.update(|times| *times += 1);
        let count = batch.iter().filter(|row| row.is_own).count() as u64;
        let is_elsewhere = |row: &Row| settings::endpoint(row.board).get().is_some();
        if count > 0 && !batch.first().is_some_and(is_elsewhere) {
            self.note_backup(|record| record.note_changes(count, clock::now_millis()));
        }
    }

    fn retry_later(self, problem: &StorageProblem) {
        let state = words::state_of(problem);
        if matches!(state, SaveState::MemoryOnly(_)) {
            self.tell_unstored();
        }
        self.session.outbox.refused(state);
        self.mirror_soon();
        let retries = self.state.with_value(|state| state.retries);
        let wait = (FIRST_RETRY * (1 << retries.min(5))).min(LAST_RETRY);
        let timer = clock::after(wait, move || {
            // Only retries by the timer count, so that retries by further edits do not lengthen the
            // wait.
            self.state.update_value(|state| state.retries += 1);
            self.store();
        });
        self.state
            .update_value(|state| state.retry_timer = Some(timer));
    }

    /// Tells the other tabs of unstored changes, so that each tab holds them in memory.
    fn tell_unstored(self) {
        let mut waiting = untrack(|| self.session.outbox.waiting());
        self.state.update_value(|state| {
            waiting.retain(|row| state.told.insert((row.board, row.id)));
        });
        for rows in waiting.chunk_by(|a, b| a.board == b.board) {
            let jsons = rows.iter().map(|row| row.json.as_str());
            self.with_tabs(|tabs| tabs.tell_changes(rows[0].board, jsons));
        }
    }

    /// Returns the listing of the open board if it is `board` and the journal lacks the listing's
    /// present form.
    fn unlisted(self, board: cruxboard_domain::BoardId) -> Option<BoardListing> {
        if self.session.open.get_untracked() != Some(board) {
            return None;
        }
        let title = self
            .session
            .read_untracked(|board| board.info().question.clone());
        self.state.try_update_value(|state| {
            let listing = state.listing.as_mut()?;
            if listing.title != title {
                listing.title = title;
                state.is_listed = false;
            }
            (!state.is_listed).then(|| listing.clone())
        })?
    }

    fn listed(self, listing: &BoardListing) {
        self.state.update_value(|state| {
            state.is_listed = state.listing.as_ref() == Some(listing);
        });
    }

    /// Stores the listing of the open board without waiting for a change.
    pub(super) async fn store_listing(self) {
        let Some(board) = self.session.open.get_untracked() else {
            return;
        };
        let Some(listing) = self.unlisted(board) else {
            return;
        };
        // If this fails, the listing is stored with the next change.
        if self.journal().remember_board(&listing).await.is_ok() {
            self.listed(&listing);
            self.tell_board_list_changed();
        }
    }
}
