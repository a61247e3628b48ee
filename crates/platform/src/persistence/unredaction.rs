//! Redactions that were undone at a board's endpoint.

use cruxboard_domain::BoardId;
use cruxboard_domain::sync::Unredaction;
use cruxboard_domain::tn;
use leptos::prelude::{GetUntracked as _, Set as _};
use leptos::task::spawn_local;

use super::Persistence;
use crate::mirror;

impl Persistence {
    /// Undoes redactions in this tab and in storage.
    pub fn unredact(self, board: BoardId, unredaction: Unredaction) {
        self.show_unredacted(board, &unredaction);
        self.session.outbox.put(board, unredaction.restored);
        spawn_local(async move {
            // If this fails, the endpoint refuses the stored redactions again, and the next try
            // removes them.
            drop(self.journal().take_out(board, &unredaction.undone).await);
        });
    }

    /// Undoes redactions in this tab. Opens the board again, because no change can express an
    /// unredaction.
    pub fn show_unredacted(self, board: BoardId, unredaction: &Unredaction) {
        if self.session.open.get_untracked() != Some(board) {
            return;
        }
        let entries = self
            .session
            .read_untracked(|board| unredaction.applied_to(board.log()));
        let me = self.session.me.get_untracked();
        self.session.open_board(board, entries);
        self.session.me.set(me);
        mirror::erase(board);
        self.mirror_soon();
        let count = unredaction.restored.len();
        self.session.notices.told(tn!(
            count,
            "An erasure was undone at the endpoint: {count} change is again here too.",
            "An erasure was undone at the endpoint: {count} changes are again here too."
        ));
    }
}
