//! Undo and redo of the changes made on this device.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::decide::Command;
use cruxboard_domain::t;
use cruxboard_domain::translation::in_sentence;
use cruxboard_domain::undo::describe;
use leptos::prelude::*;

use super::Session;

impl Session {
    /// Undoes the latest action of this device, or says why it cannot be undone.
    pub fn undo(&self) {
        if let Some(why) = self.why_not_undone() {
            self.notices.refused(why);
            return;
        }
        let changes = self
            .state
            .with_value(|state| state.undo.next_undo().map(<[ChangeId]>::to_vec));
        // The creation of the board itself is not retracted, which would leave an empty board.
        if changes
            .as_deref()
            .is_some_and(|changes| self.made_it(changes))
        {
            self.unmade.set(self.open.get_untracked());
            return;
        }
        let label = in_sentence(self.undo_label().unwrap_or_default());
        if self.retract(changes) {
            // Redo reverses it, so the notice offers no undo.
            self.notices.told(t!("Undone: {label}", label));
        }
    }

    /// Returns whether these changes created the open board, whose id is the id of its first
    /// change.
    fn made_it(&self, changes: &[ChangeId]) -> bool {
        let open = self.open.get_untracked();
        open.is_some_and(|open| changes.contains(&open.0))
    }

    /// Redoes the last undone changes.
    pub fn redo(&self) {
        let retraction = self
            .state
            .with_value(|state| state.undo.next_redo().map(|(by, _)| by));
        let label = in_sentence(self.redo_label().unwrap_or_default());
        if self.retract(retraction) {
            self.notices.acted(t!("Redone: {label}", label));
        }
    }

    /// Retracts changes. Returns `false` if there are none or the board refused.
    fn retract(&self, changes: Option<Vec<ChangeId>>) -> bool {
        changes.is_some_and(|changes| self.dispatch(Command::Retract(changes)))
    }

    /// Returns why the latest action of this device cannot be undone, as a sentence.
    #[must_use]
    pub fn why_not_undone(&self) -> Option<String> {
        self.state
            .with_value(|state| state.undo.why_not(state.board.log()))
    }

    /// Describes the changes that the next undo retracts. Follows every change.
    #[must_use]
    pub fn undo_label(&self) -> Option<String> {
        self.track_all();
        self.state.with_value(|state| {
            state.undo.next_undo().map(|ids| {
                if self.made_it(ids) {
                    t!("Board created").to_owned()
                } else {
                    label(&state.board, ids)
                }
            })
        })
    }

    /// Describes the changes that the next redo restores. Follows every change.
    #[must_use]
    pub fn redo_label(&self) -> Option<String> {
        self.track_all();
        self.state.with_value(|state| {
            state
                .undo
                .next_redo()
                .map(|(_, ids)| label(&state.board, ids))
        })
    }
}

fn label(board: &Board, ids: &[ChangeId]) -> String {
    describe(ids.iter().filter_map(|id| board.log().change(*id)))
}
