//! Erasures that were undone at a board's endpoint.

use cruxboard_domain::ChangeId;
use cruxboard_domain::sync::Unredaction;
use cruxboard_domain::text::counted;
use leptos::prelude::{GetUntracked as _, Set as _};
use leptos::task::spawn_local;

use super::Persistence;
use crate::edge::mirror;

impl Persistence {
    /// Undoes them here too: in this tab, and in storage.
    pub fn pardon(self, board: ChangeId, pardon: Unredaction) {
        self.show_pardoned(board, &pardon);
        self.session.outbox.put(board, pardon.restored);
        spawn_local(async move {
            // What is still stored then is refused by the endpoint again, and taken out the next time.
            drop(self.journal().take_out(board, &pardon.undone).await);
        });
    }

    /// Undoes them in this tab. No change can say so, so the board is put together anew.
    pub fn show_pardoned(self, board: ChangeId, pardon: &Unredaction) {
        if self.session.open.get_untracked() != Some(board) {
            return;
        }
        let entries = self.session.with(|board| pardon.applied_to(board.log()));
        let me = self.session.me.get_untracked();
        self.session.open_board(board, entries);
        self.session.me.set(me);
        mirror::erase(board);
        self.mirror_soon();
        let count = pardon.restored.len();
        self.session.notices.told(format!(
            "An erasure was undone at the endpoint: {} again here too.",
            counted(count, "change is", "changes are")
        ));
    }
}
