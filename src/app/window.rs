//! The window: the screen named by its address, its title and its icon.

use std::time::Duration;

use crate::page::Services;
use crate::route::{HostedLink, Invitation, Route, Screen};
use cruxboard_domain::BoardId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::t;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::{address, clock};
use cruxboard_session::Session;
use cruxboard_session::{EndpointDraft, Linked};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Opens the board of the address, and scrolls each new screen to its top.
pub(super) fn follow_route(
    session: Session,
    persistence: Persistence,
    route: RwSignal<Route>,
    unopened: RwSignal<Option<(BoardId, String)>>,
) {
    let services = Services::from_context();
    Effect::new(move |before: Option<Option<BoardId>>| {
        let open = session.open.get();
        let closed = before.flatten().filter(|_| open.is_none());
        if let Some(closed) = closed
            && route.with_untracked(Route::board) == Some(closed)
        {
            unopened.set(Some((
                closed,
                t!("This board was deleted from this browser.").into(),
            )));
        }
        open
    });
    // An action of the first screen can change the route before the effect first runs.
    let first = route.get_untracked();
    Effect::new(move |before: Option<Route>| {
        let now = route.get();
        let before = before.unwrap_or_else(|| first.clone());
        if let Some(board) = now.board()
            && session.open.get_untracked() != Some(board)
        {
            unopened.set(None);
            let opening = persistence.open_board(board);
            spawn_local(async move {
                match opening.await {
                    Ok(()) => session.notices.succeeded("open-board"),
                    Err(problem) if session.open.get_untracked() == Some(board) => {
                        session.notices.failed("open-board", problem.to_string());
                    }
                    Err(problem) => unopened.set(Some((board, problem.to_string()))),
                }
            });
        }
        let is_filtering = before.unfiltered() == now.unfiltered();
        if !is_filtering {
            services.navigation.begin_anew.run(());
        }
        now
    });
}

/// Describes the author of the newest change whose text contains `part`.
pub(super) fn author_of(session: Session, part: &str) -> String {
    let me = session.me.get_untracked();
    session.read_untracked(|board| {
        let author = board.author_of(part);
        match author.and_then(|author| board.person(author)) {
            Some(author) if Some(author.id) == me => t!("in another window").to_owned(),
            Some(author) => t!("by {name}", name = author.name),
            None => t!("elsewhere").to_owned(),
        }
    })
}

/// Time that the board must stay unchanged before the title shows the number of due items.
pub(super) const TITLE_PAUSE: Duration = Duration::from_millis(400);

/// Counts the met or overdue items of the board, in two words: "1 met", "2 overdue".
pub(super) fn waiting_words(session: Session) -> Option<String> {
    session.find_untracked(|_, found| found.count().pressing_words())
}

/// Keeps the window title and icon in step with the screen.
pub(super) fn set_window_title(session: Session, route: RwSignal<Route>) {
    // The first count reads the whole board, so it waits until there are no changes for a moment.
    let alert = RwSignal::new(None::<String>);
    let pause = StoredValue::new_local(None);
    Effect::new(move |_| {
        session.track_all();
        session.now.track();
        // Dropping the previous timer cancels it.
        pause.set_value(Some(clock::after(TITLE_PAUSE, move || {
            alert.try_set(waiting_words(session));
        })));
    });
    Effect::new(move |_| {
        let question = session.read(RecordRef::Board, |board| board.info().question.clone());
        let screen = session.screen_name.get();
        let name = route.with(|route| match route {
            Route::Board(..) => Some(match screen.as_str() {
                "" => question,
                _ => format!("{screen} · {question}"),
            }),
            Route::Snapshot(_) | Route::Hosted(_) if screen.is_empty() => {
                Some(t!("Snapshot").into())
            }
            Route::Snapshot(_) | Route::Hosted(_) => Some(screen),
            Route::NewBoard(_) => Some(t!("New board").into()),
            Route::Backups => Some(t!("Backups").into()),
            Route::Save(_) => Some(t!("Save evidence").into()),
            Route::Unknown => Some(t!("No such page").into()),
            Route::Start | Route::Join(_) => None,
        });
        let name = name.filter(|name| !name.is_empty());
        let name = name.map_or("Cruxboard".into(), |name| format!("{name} · Cruxboard"));
        let alert = match route.with(|route| matches!(route, Route::Board(..))) {
            true => alert.get(),
            false => None,
        };
        address::set_icon(alert.is_some());
        address::set_title(&alert.map_or(name.clone(), |alert| format!("({alert}) {name}")));
    });
}

pub(super) fn show(route: RwSignal<Route>, board: BoardId) {
    go_to_board(route, board, false);
}

/// Shows a board, and replaces the address in the tab's history, which may contain a snapshot or a
/// credential.
pub(super) fn show_in_place(route: RwSignal<Route>, board: BoardId) {
    go_to_board(route, board, true);
}

pub(super) fn go_to_board(route: RwSignal<Route>, board: BoardId, replaces: bool) {
    let to = Route::Board(board, Screen::Cruxes(Filter::default(), Sort::Own));
    address::go(&to.href(), replaces);
    route.set(to);
}

/// Returns the full address of a route, to share it.
pub(super) fn link_of(linked: Linked) -> String {
    let to = match linked {
        Linked::Invitation {
            endpoint:
                EndpointDraft {
                    address,
                    header,
                    value,
                },
            guest,
        } => Route::Join(Invitation {
            address,
            header,
            value,
            guest,
        }),
        Linked::Snapshot { at, id, key } => Route::Hosted(HostedLink { at, id, key }),
    };
    format!("{}{}", address::without_fragment(), to.href())
}
