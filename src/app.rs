//! The composition root: builds the session and the edges, and lays out the pages.

mod keys;
mod outside;

use cruxboard_domain::board::RecordRef;
use leptos::prelude::*;

use crate::component::{Show, live};
use leptos::task::spawn_local;

use self::outside::outside;
use crate::component::Later;
use crate::edge::persistence::{self, Persistence};
use crate::edge::{address, clock, sealed, settings};
use crate::page::{
    BoardPage, CruxPage, DecidePage, DecisionsPage, DuePage, EvidenceItemPage, EvidencePage,
    FollowUpsPage, Frame, HistoryPage, MinutesPage, NewCruxPage, NewEvidencePage, NoticeBar,
    Outside, ReviewPage, ReviewsPage, RoundPage, ScoresPage, SetupPage, SincePage, StartPage, Tour,
    WalkPage,
};
use crate::route::{Route, Screen};
use crate::session::Session;

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::new(persistence::replica(), clock::now_millis);
    let persistence = Persistence::start(session);
    clock::every_minute(move || session.tick());
    remember_stale_switch(session);

    let route = RwSignal::new(Route::parse(&address::fragment()));
    address::on_change(move || {
        let next = Route::parse(&address::fragment());
        if route.get_untracked() != next {
            route.set(next);
        }
    });
    provide_context(outside(session, persistence, route));
    provide_context(Later(|millis, run| {
        // Dropping the handle would stop the timer.
        std::mem::forget(clock::after(u64::from(millis), run));
    }));
    sealed::reveal_when_closed(session);
    keys::listen(session, persistence, route);
    follow_route(session, persistence, route);
    title_window(session, route);

    view! {
        <a class="skip" href="#main" on:click=|event| { event.prevent_default(); address::focus("main"); }>"To the content"</a>
        {live(move || page(session, route))}
        <NoticeBar session />
    }
}

/// The screen that the address names. Built anew when another screen or record is asked for, not
/// when filters change.
fn page(session: Session, route: RwSignal<Route>) -> AnyView {
    let which = Memo::new(move |_| match route.get() {
        Route::Board(board, Screen::Cruxes(..)) => Route::Board(
            board,
            Screen::Cruxes(Default::default(), cruxboard_domain::view::Sort::Own),
        ),
        other => other,
    });
    let is_start = Memo::new(move |_| which.with(|which| !matches!(which, Route::Board(..))));
    let screen = move || match which.get() {
        Route::Board(_, screen) => view_screen(session, screen, route),
        Route::Start | Route::Unknown => ().into_any(),
    };
    view! {
        <Show when=move || is_start.get() fallback=move || view! {
            <Frame session route=route.into()>
                <Tour />
                {screen}
            </Frame>
        }>
            <main id="main" tabindex="-1">
                <Show when=move || which.with(|which| *which == Route::Unknown)>
                    <p class="board-notice" role="alert">"Nothing has that address. It may have been cut off where it was copied from."</p>
                </Show>
                <StartPage session />
            </main>
        </Show>
    }
    .into_any()
}

fn view_screen(session: Session, screen: Screen, route: RwSignal<Route>) -> AnyView {
    match screen {
        Screen::Cruxes(..) => view! { <BoardPage session route=route.into() /> }.into_any(),
        Screen::Crux(id) => view! { <CruxPage session id /> }.into_any(),
        Screen::NewCrux => view! { <NewCruxPage session /> }.into_any(),
        Screen::Evidence => view! { <EvidencePage session /> }.into_any(),
        Screen::NewEvidence(crux) => view! { <NewEvidencePage session crux /> }.into_any(),
        Screen::EvidenceItem(id) => view! { <EvidenceItemPage session id /> }.into_any(),
        Screen::FollowUps => view! { <FollowUpsPage session /> }.into_any(),
        Screen::Due => view! { <DuePage session /> }.into_any(),
        Screen::Since(from, to) => view! { <SincePage session from to /> }.into_any(),
        Screen::Decisions => view! { <DecisionsPage session /> }.into_any(),
        Screen::Decide(trigger) => view! { <DecidePage session trigger /> }.into_any(),
        Screen::Reviews => view! { <ReviewsPage session /> }.into_any(),
        Screen::Review(id) => view! { <ReviewPage session id /> }.into_any(),
        Screen::Walk(id, crux) => view! { <WalkPage session id crux /> }.into_any(),
        Screen::Minutes(id) => view! { <MinutesPage session id /> }.into_any(),
        Screen::Scores => view! { <ScoresPage session /> }.into_any(),
        Screen::Round(id) => view! { <RoundPage session id /> }.into_any(),
        Screen::Setup => view! { <SetupPage session /> }.into_any(),
        Screen::History => view! { <HistoryPage session /> }.into_any(),
    }
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
            Route::Start | Route::Unknown => None,
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
