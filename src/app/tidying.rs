//! What is done to whole boards from the first screen. It comes with the part for backups.

use cruxboard_domain::ChangeId;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::BoardInfoEdit;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::outside::show;
use super::parts::Parts;
use crate::edge::persistence::{NotActed, Persistence};
use crate::route::Route;
use crate::session::{BoardListing, Place, Session};

/// What is to be done.
#[derive(Clone)]
pub(super) enum Tidying {
    /// To put a board elsewhere on the shelf.
    Shelve(ChangeId, Place),
    /// To delete a board in the trash for good.
    Delete(ChangeId),
    /// To give a board another question.
    Rename(ChangeId, String),
    /// To make a board like this one, without anybody's numbers.
    Duplicate(ChangeId),
    /// To find out how much room each board takes.
    Measure,
}

/// The way to what does it, whether that has come or not. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Tidy {
    pub(super) session: Session,
    pub(super) persistence: Persistence,
    pub(super) parts: Parts,
    pub(super) route: RwSignal<Route>,
}

impl Tidy {
    /// Does it as soon as what it takes is here.
    pub(super) fn ask(self, what: Tidying) {
        spawn_local(async move {
            match (self.parts.keeping.get().await, what) {
                (Ok(part), what) => (part.tidy)(self, what),
                // Nobody asked for it.
                (Err(_), Tidying::Measure) => {}
                (Err(problem), _) => self.session.notices.problem(problem),
            }
        });
    }
}

/// Does it. Only the part calls it.
pub(super) fn tidy(tidy: Tidy, what: Tidying) {
    let Tidy {
        session,
        persistence,
        ..
    } = tidy;
    match what {
        Tidying::Shelve(board, place) => shelve(session, persistence, board, place),
        Tidying::Delete(board) => spawn_local(async move {
            match persistence.delete_board(board).await {
                Ok(()) => session.notices.told("The board was deleted for good."),
                Err(problem) => session.notices.problem(problem.to_string()),
            }
        }),
        Tidying::Rename(board, question) => rename(session, persistence, board, question),
        Tidying::Duplicate(board) => spawn_local(duplicate(tidy, board)),
        Tidying::Measure => spawn_local(persistence.measure_boards()),
    }
}

fn rename(session: Session, persistence: Persistence, board: ChangeId, question: String) {
    let command = Command::Describe(BoardInfoEdit {
        question: Some(question),
        ..BoardInfoEdit::default()
    });
    spawn_local(async move {
        match persistence.act_on(board, command).await {
            Ok(changes) => session
                .notices
                .acted_with("The board was renamed", move || {
                    let ids = changes.iter().map(|change| change.id).collect();
                    spawn_local(async move {
                        let undone = persistence.act_on(board, Command::Retract(ids)).await;
                        match undone {
                            Ok(_) => session.notices.told("Undone: rename the board"),
                            Err(problem) => session.notices.problem(problem.to_string()),
                        }
                    });
                }),
            Err(NotActed::Refused(refusal)) => session.notices.refuse(&refusal),
            Err(problem) => session.notices.problem(problem.to_string()),
        }
    });
}

async fn duplicate(tidy: Tidy, board: ChangeId) {
    let Tidy {
        session,
        persistence,
        parts,
        route,
    } = tidy;
    let like = persistence.read_board(board).await;
    let like = like.map_err(|problem| problem.to_string());
    let sharing = parts.sharing.get().await.map_err(str::to_owned);
    match (like, sharing) {
        (Ok(like), Ok(sharing)) => {
            let changes = (sharing.template)(&like, session.now.get_untracked().millis);
            if let Some(board) = persistence.create_board_of(session.adopt(&changes), None) {
                show(route, board);
                session
                    .notices
                    .acted("A board like the other one was made".into());
            }
        }
        (Err(problem), _) | (_, Err(problem)) => session.notices.problem(problem),
    }
}

/// Puts a board elsewhere on the shelf, says so, and offers to take that back.
fn shelve(session: Session, persistence: Persistence, board: ChangeId, place: Place) {
    let listed = session.shelf.boards.get_untracked().unwrap_or_default();
    let listed = listed.into_iter().find(|listing| listing.id == board);
    let before = listed.as_ref().map_or(Place::AtHand, BoardListing::place);
    spawn_local(async move {
        if let Err(problem) = persistence.put_on_shelf(board, place).await {
            return session.notices.problem(problem.to_string());
        }
        let said = match (before, place) {
            (_, Place::Trash) => "The board is in the trash",
            (_, Place::Archive) => "The board is in the archive",
            (Place::Trash, Place::AtHand) => "The board is back from the trash",
            (_, Place::AtHand) => "The board is back from the archive",
        };
        session.notices.acted_with(said, move || {
            spawn_local(async move {
                if let Err(problem) = persistence.put_on_shelf(board, before).await {
                    session.notices.problem(problem.to_string());
                }
            });
        });
    });
}
