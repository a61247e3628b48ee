//! The choice of another board of this browser.

use cruxboard_domain::t;
use cruxboard_session::{BoardLocation, Session};
use leptos::prelude::*;

use crate::component::Choice;

/// The choice of one of the other boards.
#[component]
pub(super) fn OtherBoardChoice(
    session: Session,
    label: &'static str,
    /// The key of the chosen board; empty for none.
    value: RwSignal<String>,
    on_commit: Callback<String>,
) -> impl IntoView {
    let boards = Signal::derive(move || other_boards(session));
    view! { <Choice label options=boards value none=t!("Choose a board") on_commit /> }
}

/// Returns the other boards in use or in the archive: key and question.
pub(super) fn other_boards(session: Session) -> Vec<(String, String)> {
    let open = session.open.get();
    let boards = session.board_list.boards.get().unwrap_or_default();
    let others = boards.into_iter().filter(|listing| {
        Some(listing.id) != open
            && listing.place() != BoardLocation::Trash
            && !listing.title.is_empty()
    });
    others
        .map(|listing| (listing.id.to_string(), listing.title))
        .collect()
}
