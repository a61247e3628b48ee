//! Actions on whole boards from the first screen. Loaded with the backup chunk.

use cruxboard_domain::BoardId;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::BoardInfoEdit;
use cruxboard_domain::t;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chunks::SharingChunk;
use super::disk_backup::DiskBackup;
use super::lazy_chunk::LazyChunk;
use super::window::show;
use crate::route::Route;
use cruxboard_platform::persistence::{NotActed, Persistence};
use cruxboard_session::{BoardListing, BoardLocation, Session};

/// The name of all actions on whole boards, for notices.
const ADMIN: &str = "board-admin";

/// Backups, and actions on whole boards.
#[derive(Clone, Copy)]
pub(super) struct BackupChunk {
    /// Starts to keep the backup file up to date, if one was chosen.
    pub(super) start: fn(Session, Persistence) -> DiskBackup,
    /// Renders the screen for backups.
    pub(super) page: fn(Session, Persistence, DiskBackup) -> AnyView,
    /// Carries out an action on a whole board.
    pub(super) carry_out: fn(BoardAdmin, BoardAction),
}

/// An action on a whole board.
#[derive(Clone)]
pub(super) enum BoardAction {
    /// Moves a board to the archive, to the trash, or back.
    Move(BoardId, BoardLocation),
    /// Deletes a board in the trash for good.
    Delete(BoardId),
    /// Changes the question of a board.
    Rename(BoardId, String),
    /// Creates a board with the same content, without credences.
    Duplicate(BoardId),
    /// Measures the size of each board.
    Measure,
}

/// Carries out actions on whole boards, once their chunk is loaded. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct BoardAdmin {
    pub(super) session: Session,
    pub(super) persistence: Persistence,
    pub(super) chunk: LazyChunk<BackupChunk>,
    pub(super) sharing: LazyChunk<SharingChunk>,
    pub(super) route: RwSignal<Route>,
}

impl BoardAdmin {
    /// Carries out an action once its chunk is loaded.
    pub(super) fn ask(self, what: BoardAction) {
        spawn_local(async move {
            match (self.chunk.get().await, what) {
                (Ok(chunk), what) => (chunk.carry_out)(self, what),
                // The user has not asked for this one.
                (Err(_), BoardAction::Measure) => {}
                (Err(problem), _) => self.session.notices.failed(ADMIN, problem),
            }
        });
    }
}

/// Carries out an action. Called only from the chunk.
pub(super) fn carry_out(board_admin: BoardAdmin, what: BoardAction) {
    let BoardAdmin {
        session,
        persistence,
        ..
    } = board_admin;
    match what {
        BoardAction::Move(board, place) => move_board(session, persistence, board, place),
        BoardAction::Delete(board) => spawn_local(async move {
            match persistence.delete_board(board).await {
                Ok(()) => done(session, t!("The board was deleted for good.")),
                Err(problem) => session.notices.failed(ADMIN, problem.to_string()),
            }
        }),
        BoardAction::Rename(board, question) => rename(session, persistence, board, question),
        BoardAction::Duplicate(board) => spawn_local(duplicate(board_admin, board)),
        BoardAction::Measure => spawn_local(persistence.measure_boards()),
    }
}

/// Reports an action on a whole board that cannot be undone.
fn done(session: Session, what: &'static str) {
    session.notices.succeeded(ADMIN);
    session.notices.told(what);
}

fn rename(session: Session, persistence: Persistence, board: BoardId, question: String) {
    let command = Command::Describe(BoardInfoEdit {
        question: Some(question),
        ..BoardInfoEdit::default()
    });
    spawn_local(async move {
        match persistence.act_on(board, command).await {
            Ok(changes) => {
                session.notices.succeeded(ADMIN);
                session
                    .notices
                    .acted_with(t!("The board was renamed"), move || {
                        let ids = changes.iter().map(|change| change.id).collect();
                        spawn_local(async move {
                            let undone = persistence.act_on(board, Command::Retract(ids)).await;
                            match undone {
                                Ok(_) => done(session, t!("Undone: rename the board")),
                                Err(problem) => {
                                    session.notices.failed(ADMIN, problem.to_string());
                                }
                            }
                        });
                    });
            }
            Err(NotActed::Refused(refusal)) => session.notices.refuse(&refusal),
            Err(problem) => session.notices.failed(ADMIN, problem.to_string()),
        }
    });
}

async fn duplicate(board_admin: BoardAdmin, board: BoardId) {
    let BoardAdmin {
        session,
        persistence,
        sharing,
        route,
        ..
    } = board_admin;
    let like = persistence.read_board(board).await;
    let like = like.map_err(|problem| problem.to_string());
    let sharing = sharing.get().await.map_err(str::to_owned);
    match (like, sharing) {
        (Ok(like), Ok(sharing)) => {
            let changes = (sharing.template)(&like, session.now.get_untracked().millis);
            if let Some(board) = persistence.create_board_of(session.adopt(&changes), None) {
                show(route, board);
                session.notices.succeeded(ADMIN);
                session
                    .notices
                    .acted(t!("A board like the other one was made").into());
            }
        }
        (Err(problem), _) | (_, Err(problem)) => session.notices.failed(ADMIN, problem),
    }
}

/// Moves a board to the archive, to the trash, or back, and offers to undo that.
fn move_board(session: Session, persistence: Persistence, board: BoardId, place: BoardLocation) {
    let listed = session
        .board_list
        .boards
        .get_untracked()
        .unwrap_or_default();
    let listed = listed.into_iter().find(|listing| listing.id == board);
    let before = listed
        .as_ref()
        .map_or(BoardLocation::AtHand, BoardListing::place);
    spawn_local(async move {
        let moved = persistence.move_board(board, place).await;
        if session.notices.report(ADMIN, moved).is_none() {
            return;
        }
        let said = match (before, place) {
            (_, BoardLocation::Trash) => t!("The board is in the trash"),
            (_, BoardLocation::Archive) => t!("The board is in the archive"),
            (BoardLocation::Trash, BoardLocation::AtHand) => t!("The board is back from the trash"),
            (_, BoardLocation::AtHand) => t!("The board is back from the archive"),
        };
        session.notices.acted_with(said, move || {
            spawn_local(async move {
                let moved = persistence.move_board(board, before).await;
                session.notices.report(ADMIN, moved);
            });
        });
    });
}
