//! The composition root: builds the session and the edges, and lays out the pages.

mod keys;
mod outside;
mod parts;

use crate::prelude::*;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Change;
use cruxboard_domain::snapshot::{Snapshot, board_key};
use cruxboard_domain::view::Sort;

use crate::component::{Show, live};
use leptos::task::spawn_local;

use self::outside::{outside, source, unseal};
use self::parts::Parts;
use crate::component::Later;
use crate::edge::persistence::{self, Persistence};
use crate::edge::sync::Syncing;
use crate::edge::{address, clock, offline, sealed, settings};
use crate::page::{
    Asking, BoardPage, Differences, Frame, JoinPage, KeysHelp, NoticeBar, Outside, SnapshotPage,
    StartPage, Tour,
};
use crate::route::{Route, Screen};
use crate::session::Session;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::new(persistence::replica(), clock::now_millis);
    clock::every_minute(move || session.tick());
    let route = RwSignal::new(Route::parse(&address::fragment()));
    address::on_change(move || {
        let next = Route::parse(&address::fragment());
        if route.get_untracked() != next {
            address::leave_field();
            route.set(next);
        }
    });
    address::on_leave(address::leave_field);
    provide_context(Later(|millis, run| {
        // Dropping the handle would stop the timer.
        std::mem::forget(clock::after(u64::from(millis), run));
    }));
    title_window(session, route);
    // Whoever only reads a snapshot is a guest: storage is not even opened for them.
    let is_guest = RwSignal::new(route.with_untracked(is_snapshot));
    let adopted = StoredValue::new(None::<Vec<Change>>);
    let differences = RwSignal::new(None);
    // Whoever compares has boards here, and so is a guest no more.
    let compares = RwSignal::new(false);
    Effect::new(move |_| {
        if is_guest.get() && !route.with(is_snapshot) {
            is_guest.set(false);
        }
    });
    let content = move || {
        if is_guest.get() {
            let on_adopt = Callback::new(move |changes| {
                adopted.set_value(Some(changes));
                is_guest.set(false);
            });
            let on_compare = Callback::new(move |_| {
                compares.set(true);
                is_guest.set(false);
            });
            let reader = Reader {
                on_adopt,
                on_compare,
                compares,
                differences,
            };
            live(move || view_snapshot(session, route, reader)).into_any()
        } else {
            resident(session, route, adopted, compares, differences)
        }
    };
    view! {
        <a class="skip" href="#main" on:click=|event| { event.prevent_default(); address::focus("main"); }>"To the content"</a>
        {live(content)}
        <NoticeBar session />
    }
}

fn is_snapshot(route: &Route) -> bool {
    matches!(route, Route::Snapshot(_))
}

/// The app for somebody with boards of their own, or who is about to have one.
fn resident(
    session: Session,
    route: RwSignal<Route>,
    adopted: StoredValue<Option<Vec<Change>>>,
    compares: RwSignal<bool>,
    differences: RwSignal<Option<Differences>>,
) -> AnyView {
    let persistence = Persistence::start(session);
    let syncing = Syncing::start(session);
    remember_stale_switch(session);
    provide_context(outside(session, persistence, syncing, route));
    sealed::reveal_when_closed(session, persistence);
    let asks_for_keys = RwSignal::new(false);
    keys::listen(session, persistence, route, asks_for_keys);
    follow_route(session, persistence, route);
    let adopt = move |changes: Vec<Change>| {
        if let Some(board) = persistence.create_board(session.adopt(&changes)) {
            let to = Route::Board(board, Screen::Cruxes(Default::default(), Sort::Own));
            // The payload leaves the address bar and the history of this tab.
            address::go(&to.href(), true);
            route.set(to);
            session
                .notices
                .acted("A board of your own was made of the snapshot".into());
        }
    };
    if let Some(changes) = adopted.try_update_value(Option::take).flatten() {
        adopt(changes);
    }
    let reader = Reader {
        on_adopt: Callback::new(adopt),
        on_compare: Callback::new(move |snapshot| {
            compare(session, persistence, snapshot, differences);
        }),
        compares,
        differences,
    };
    view! {
        {page(session, route, reader)}
        <KeysHelp is_open=asks_for_keys />
    }
    .into_any()
}

/// What changed on one's own copy of a snapshot's board since it was taken.
fn compare(
    session: Session,
    persistence: Persistence,
    snapshot: Snapshot,
    differences: RwSignal<Option<Differences>>,
) {
    Effect::new(move |was_found: Option<bool>| {
        let Some(boards) = session.shelf.boards.get() else {
            return false;
        };
        if was_found == Some(true) {
            return true;
        }
        let own = boards
            .iter()
            .find(|own| board_key(own.id) == snapshot.board_key);
        let Some(own) = own.map(|own| own.id) else {
            differences.set(Some(Err(
                "This browser has no board that this snapshot was taken of.".into(),
            )));
            return true;
        };
        let snapshot = snapshot.clone();
        spawn_local(async move {
            let opened = persistence.open_board(own).await;
            let found = opened.map_err(|problem| problem.to_string()).map(|()| {
                let now = session.now.get_untracked();
                session.with(|board| snapshot.since(board, own, now))
            });
            differences.set(Some(found));
        });
        true
    });
}

/// What the reader of a snapshot can ask for.
#[derive(Clone, Copy)]
struct Reader {
    on_adopt: Callback<Vec<Change>>,
    on_compare: Callback<Snapshot>,
    /// Whether to compare as soon as it is shown.
    compares: RwSignal<bool>,
    differences: RwSignal<Option<Differences>>,
}

fn view_snapshot(session: Session, route: RwSignal<Route>, reader: Reader) -> AnyView {
    match route.get() {
        Route::Snapshot(payload) => {
            let now = session.now.get_untracked();
            let source = source(payload);
            let Reader {
                on_adopt,
                on_compare,
                compares,
                differences,
            } = reader;
            let ask = Asking {
                on_adopt,
                on_compare,
                differences: differences.into(),
                compares: compares.get_untracked(),
            };
            view! { <SnapshotPage source now ask unseal /> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// The screen that the address names. Built anew when another screen or record is asked for, not
/// when filters change.
fn page(session: Session, route: RwSignal<Route>, reader: Reader) -> AnyView {
    let parts = Parts::new();
    // Whoever says who they are has come to work, and the rest of the app shall be here before the
    // network may be gone. Whoever only looks gets what they look at.
    Effect::new(move |_| {
        if session.me.get().is_some() {
            clock::on_idle(move || {
                parts.fetch();
                offline::keep_app();
            });
        }
    });
    let which = Memo::new(move |_| match route.get() {
        Route::Board(board, Screen::Cruxes(..)) => {
            Route::Board(board, Screen::Cruxes(Default::default(), Sort::Own))
        }
        other => other,
    });
    let is_board = Memo::new(move |_| which.with(|which| matches!(which, Route::Board(..))));
    let is_read = Memo::new(move |_| which.with(is_snapshot));
    let screen = move || match which.get() {
        Route::Board(_, Screen::Cruxes(..)) => {
            view! { <BoardPage session route=route.into() /> }.into_any()
        }
        Route::Board(_, screen) => parts.view(session, screen),
        _ => ().into_any(),
    };
    let elsewhere = move || {
        if is_read.get() {
            return live(move || view_snapshot(session, route, reader)).into_any();
        }
        view! {
            <main id="main" tabindex="-1">
                <Show when=move || which.with(|which| *which == Route::Unknown)>
                    <p class="board-notice" role="alert">"Nothing has that address. It may have been cut off where it was copied from."</p>
                </Show>
                {live(move || match which.get() {
                    Route::Join(invitation) => view! { <JoinPage invitation /> }.into_any(),
                    _ => view! { <StartPage session /> }.into_any(),
                })}
            </main>
        }
        .into_any()
    };
    view! {
        <Show when=move || is_board.get() fallback=move || live(elsewhere)>
            <Frame session route=route.into()>
                <Tour />
                {screen}
            </Frame>
        </Show>
    }
    .into_any()
}

/// Opens the board that the address names, and shows each new screen from its top.
fn follow_route(session: Session, persistence: Persistence, route: RwSignal<Route>) {
    let outside = Outside::from_context();
    Effect::new(move |before: Option<Route>| {
        let now = route.get();
        if let Some(board) = now.board()
            && session.open.get_untracked() != Some(board)
        {
            let opening = persistence.open_board(board);
            spawn_local(async move {
                if let Err(problem) = opening.await {
                    session.notices.problem(problem.to_string());
                    if session.open.get_untracked() != Some(board) {
                        outside.go.run((Route::Start, true));
                    }
                }
            });
        }
        let is_filtering = matches!(
            (&before, &now),
            (Some(Route::Board(a, Screen::Cruxes(..))), Route::Board(b, Screen::Cruxes(..))) if a == b
        );
        if before.is_some_and(|before| before != now) && !is_filtering {
            address::scroll_to_top();
            address::focus("main");
        }
        now
    });
}

fn title_window(session: Session, route: RwSignal<Route>) {
    Effect::new(move |_| {
        session.follow(RecordRef::Board);
        let question = session.with(|board| board.info().question.clone());
        let name = route.with(|route| match route {
            Route::Board(_, Screen::Crux(id)) => {
                session.follow(RecordRef::Crux(*id));
                session.with(|board| board.crux(*id).map(|crux| crux.name().to_owned()))
            }
            Route::Board(..) => Some(question),
            Route::Snapshot(_) => Some("Snapshot".into()),
            Route::Start | Route::Join(_) | Route::Unknown => None,
        });
        let name = name.filter(|name| !name.is_empty());
        address::set_title(&name.map_or("Cruxboard".into(), |name| format!("{name} · Cruxboard")));
    });
}

fn remember_stale_switch(session: Session) {
    let setting = settings::with_stale();
    session.with_stale.set(setting.get().unwrap_or(true));
    Effect::new(move |_| setting.set(&session.with_stale.get()));
}
