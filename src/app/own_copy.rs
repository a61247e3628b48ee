//! The user's own copy of the board from which a snapshot was taken.

use super::lazy_chunks::LazyChunks;
use super::window::show_in_place;
use crate::page::Comparison;
use crate::route::Route;
use cruxboard_domain::BoardId;
use cruxboard_domain::decide::Command;
use cruxboard_domain::snapshot::{Snapshot, board_key};
use cruxboard_domain::t;
use cruxboard_platform::persistence::Persistence;
use cruxboard_session::ports::PortError;
use cruxboard_session::{BoardListing, BoardLocation, Session};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Creates a board from a snapshot.
pub(super) fn adopt(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    snapshot: &Snapshot,
) {
    let changes = session.adopt(&snapshot.changes);
    if let Some(board) = persistence.create_board_of(changes, Some(snapshot.board_key)) {
        show_in_place(route, board);
        session
            .notices
            .acted(t!("A board of your own was made of the snapshot").into());
    }
}

pub(super) fn is_of(board: BoardId, key: u32) -> bool {
    board_key(board) == key
}

/// Returns the board from which a snapshot with this key was taken, or else the last opened board
/// made from such a snapshot. Each snapshot with aliases has a key of its own.
pub(super) fn find_own(boards: &[BoardListing], key: u32) -> Option<&BoardListing> {
    let made_of_it = || {
        let made = boards.iter().filter(|own| own.made_of == Some(key));
        made.max_by_key(|own| (own.place() != BoardLocation::Trash, own.opened_at))
    };
    let origin = boards.iter().find(|own| is_of(own.id, key));
    origin.or_else(made_of_it)
}

/// Finds the user's copy of a snapshot's board: the board itself, or else the last opened one of those
/// created from such a snapshot.
///
/// # Errors
/// A message that says why there is no copy to compare or merge with.
pub(super) fn own_copy(boards: &[BoardListing], snapshot: &Snapshot) -> Result<BoardId, PortError> {
    // The keys of snapshots with aliases do not identify boards.
    let own = match snapshot.aliases {
        true => boards.iter().find(|own| is_of(own.id, snapshot.board_key)),
        false => find_own(boards, snapshot.board_key),
    };
    match own {
        None => Err(t!("You have no copy of this board.").into()),
        Some(own) if own.place() == BoardLocation::Trash => Err(
            t!("Your copy of this board is in the trash. Restore it on the first screen to compare the two.")
                .into(),
        ),
        Some(own) => Ok(own.id),
    }
}

/// Compares a snapshot with the user's copy of its board: the changes since, and those to merge.
pub(super) fn compare(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    snapshot: Snapshot,
    comparison: RwSignal<Option<Comparison>>,
) {
    Effect::new(move |was_found: Option<bool>| {
        let Some(boards) = session.board_list.boards.get() else {
            return false;
        };
        if was_found == Some(true) {
            return true;
        }
        let own = match own_copy(&boards, &snapshot) {
            Ok(own) => own,
            Err(problem) => {
                comparison.set(Some(Err(problem)));
                return true;
            }
        };
        let snapshot = snapshot.clone();
        spawn_local(async move {
            let opened = persistence.open_board(own).await;
            let found = match opened {
                Ok(()) => chunks.sharing.get().await.map_err(PortError::from),
                Err(problem) => Err(problem.to_string().into()),
            };
            let now = session.now.get_untracked();
            let found = found.map(|sharing| {
                session.read_untracked(|board| (sharing.compare)(&snapshot, board, own, now))
            });
            comparison.set(Some(found));
        });
        true
    });
}

/// Merges a snapshot into the user's copy of its board, and shows the board.
pub(super) fn merge(
    session: Session,
    persistence: Persistence,
    chunks: LazyChunks,
    route: RwSignal<Route>,
    snapshot: Snapshot,
    with_latest: bool,
) {
    let boards = session
        .board_list
        .boards
        .get_untracked()
        .unwrap_or_default();
    let report = move |problem: String| session.notices.failed("merge", problem);
    let own = match own_copy(&boards, &snapshot) {
        Ok(own) => own,
        Err(problem) => return report(problem.to_string()),
    };
    spawn_local(async move {
        if let Err(problem) = persistence.open_board(own).await {
            return report(problem.to_string());
        }
        let sharing = match chunks.sharing.get().await {
            Ok(sharing) => sharing,
            Err(problem) => return report(problem.to_string()),
        };
        session.notices.succeeded("merge");
        let changes =
            session.read_untracked(|board| (sharing.missing)(&snapshot, board, with_latest));
        if session.dispatch(Command::TakeIn(changes)) {
            show_in_place(route, own);
        }
    });
}
