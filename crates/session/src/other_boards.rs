//! Changes of boards that are not open.

use super::Session;
use cruxboard_domain::BoardId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::decide::{Command, CommandError, Issuer, NewBoard, decide};
use cruxboard_domain::record::PersonId;
use leptos::prelude::*;

impl Session {
    /// Returns the first changes of a new board, with freshly minted ids.
    ///
    /// # Errors
    /// [`CommandError`] if the question is empty, a text too long, or a name given twice.
    pub fn found_board(&self, new: &NewBoard) -> Result<Vec<Change>, CommandError> {
        let founded = self.state.try_update_value(|state| {
            let now = (state.read_clock)();
            let mut issuer = Issuer {
                by: None,
                now,
                clock: &mut state.founding,
            };
            cruxboard_domain::decide::found_board(new, &mut issuer)
        });
        founded.unwrap_or(Ok(Vec::new()))
    }

    /// Returns a snapshot's facts as the first changes of a new board, with freshly minted ids.
    #[must_use]
    pub fn adopt(&self, changes: &[Change]) -> Vec<Change> {
        let adopted = self.state.try_update_value(|state| {
            let now = (state.read_clock)();
            let mut issuer = Issuer {
                by: None,
                now,
                clock: &mut state.founding,
            };
            cruxboard_domain::snapshot::adopted(changes, &mut issuer)
        });
        adopted.unwrap_or_default()
    }

    /// Returns the changes that carry out a command of `by` on the board `id`, which is not open.
    ///
    /// # Errors
    /// [`CommandError`] if the command is refused.
    pub fn decide_on(
        &self,
        id: BoardId,
        board: &Board,
        command: Command,
        by: Option<PersonId>,
    ) -> Result<Vec<Change>, CommandError> {
        let decided = self.state.try_update_value(|state| {
            state.mint_for(id, board, by, |issuer| decide(board, command, issuer))
        });
        decided.unwrap_or(Ok(Vec::new()))
    }
}
