//! Boards that are not open: reading them and carrying out commands on them.

use cruxboard_domain::BoardId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::log::Entry;
use cruxboard_domain::t;
use leptos::prelude::{GetUntracked as _, Update as _, WithUntracked as _};

use super::{NotOpened, Persistence};
use crate::journal::StorageProblem;
use crate::settings;
use crate::tabs::News;
use cruxboard_session::{BoardListing, Row};

/// Maximum number of rows written at once.
const MAX_BATCH: usize = 500;

/// The reason why a command had no effect on a board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotActed {
    /// The command was refused.
    #[error(transparent)]
    Refused(#[from] CommandError),
    /// The board could not be read.
    #[error(transparent)]
    Unread(#[from] NotOpened),
    /// The changes could not be stored.
    #[error("{}", t!("Nothing was changed: {problem}.", problem = .0))]
    Unstored(#[from] StorageProblem),
}

impl Persistence {
    /// Reads a board, open or not.
    ///
    /// # Errors
    /// [`NotOpened`] if there is no such board or storage fails.
    pub async fn read_board(self, board: BoardId) -> Result<Board, NotOpened> {
        if self.session.open.get_untracked() == Some(board) {
            let entries = self
                .session
                .read_untracked(|board| -> Vec<Entry> { board.log().entries().cloned().collect() });
            return Ok(entries.into_iter().collect());
        }
        let loaded = self.journal().load(board).await?;
        if loaded.is_forgotten || loaded.entries.is_empty() {
            return Err(NotOpened::Unknown);
        }
        Ok(loaded.entries.into_iter().collect())
    }

    /// Carries out a command on a board, open or not.
    ///
    /// # Errors
    /// [`NotActed`] if the command had no effect.
    pub async fn act_on(self, board: BoardId, command: Command) -> Result<Vec<Change>, NotActed> {
        if self.session.open.get_untracked() == Some(board) {
            return Ok(self.session.try_dispatch(command)?);
        }
        let mut shown = self.read_board(board).await?;
        let me = settings::me(board).get();
        let changes = self.session.decide_on(board, &shown, command, me)?;
        let entries: Vec<Entry> = changes.iter().cloned().map(Entry::Known).collect();
        for change in &changes {
            shown.apply(change.clone());
        }
        let listed = self.journal().boards().await?;
        let listing = listed.into_iter().find(|listing| listing.id == board);
        let listing = listing.unwrap_or_else(|| BoardListing::unknown(board));
        self.store_elsewhere(listing, &shown, &entries).await?;
        self.tell_board_list_changed();
        Ok(changes)
    }

    /// Stores entries of a board without the session, and tells the other tabs. `shown` is the
    /// board with these entries.
    pub(super) async fn store_elsewhere(
        self,
        listing: BoardListing,
        shown: &Board,
        entries: &[Entry],
    ) -> Result<(), StorageProblem> {
        let board = listing.id;
        let listing = BoardListing {
            title: shown.info().question.clone(),
            ..listing
        };
        let rows: Vec<Row> = entries
            .iter()
            .map(|entry| Row {
                board,
                id: entry.id(),
                json: entry.to_json(),
                is_own: true,
            })
            .collect();
        self.journal().remember_board(&listing).await?;
        for batch in rows.chunks(MAX_BATCH) {
            self.journal().append(batch, None).await?;
            self.with_tabs(|tabs| {
                tabs.tell_changes(board, batch.iter().map(|row| row.json.as_str()));
            });
        }
        // The board may have been opened meanwhile in this tab, from storage without these entries.
        self.on_news(News::Changed(board, entries.to_vec()));
        Ok(())
    }

    /// Measures the size of each board, one after the other.
    pub async fn measure_boards(self) {
        let sizes = self.session.board_list.sizes;
        for listing in self
            .session
            .board_list
            .boards
            .get_untracked()
            .unwrap_or_default()
        {
            let before = sizes.with_untracked(|sizes| sizes.get(&listing.id).copied());
            // If storage fails, the next write reports it, and no size is shown.
            if let Ok(size) = self.journal().size(listing.id, before).await
                && before != Some(size)
            {
                sizes.update(|sizes| {
                    sizes.insert(listing.id, size);
                });
            }
        }
    }
}
