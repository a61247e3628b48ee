//! Drafts of forms, in local storage, so that a reload or a killed browser costs none of them.

use cruxboard_domain::ChangeId;

use super::settings::{self, local_storage};
use crate::session::{ChangedDraft, Session};
use leptos::prelude::*;

/// The longest draft that is kept, in bytes. The copies of boards need the room more.
const LONGEST: usize = 500_000;

/// Where the form for a new board is kept, since it has no board yet.
const NEW_BOARD: &str = "new/";

fn address(key: &str) -> String {
    format!("cruxboard/draft/{key}")
}

/// Stores drafts as they change, for as long as the page is there.
pub fn keep(session: Session) {
    session.drafts.read_with(read);
    Effect::new(move |_| {
        for draft in session.drafts.changed() {
            let is_safe = store(&draft);
            session.drafts.note_stored(&draft.key, draft.text, is_safe);
        }
    });
}

/// Forgets the drafts of a board.
pub fn forget(board: ChangeId) {
    settings::forget(&address(&format!("{board}/")));
}

/// The draft of one field of the form for a new board.
#[must_use]
pub fn of_new_board(field: &str) -> String {
    read(&format!("{NEW_BOARD}{field}")).unwrap_or_default()
}

/// Keeps what stands in a field of the form for a new board.
pub fn keep_new_board(field: &str, text: &str) {
    let address = address(&format!("{NEW_BOARD}{field}"));
    if let Some(storage) = local_storage() {
        drop(match text {
            "" => storage.remove_item(&address),
            text => storage.set_item(&address, text),
        });
    }
}

/// Forgets what was written in the form for a new board.
pub fn forget_new_board() {
    settings::forget(&address(NEW_BOARD));
}

fn read(key: &str) -> Option<String> {
    local_storage()?.get_item(&address(key)).ok()?
}

/// Stores a draft, or removes an empty one. Says whether local storage has it now.
fn store(draft: &ChangedDraft) -> bool {
    let Some(storage) = local_storage() else {
        return false;
    };
    let address = address(&draft.key);
    match &draft.text {
        Some(text) if text.len() <= LONGEST && storage.set_item(&address, text).is_ok() => true,
        // What was stored before is not what was written last.
        Some(_) => {
            drop(storage.remove_item(&address));
            false
        }
        // Another window may have a draft of the same form.
        None if read(&draft.key) != draft.stored => true,
        None => storage.remove_item(&address).is_ok(),
    }
}
