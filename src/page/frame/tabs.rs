//! The navigation of a board.

use crate::component::show_current;
use crate::page::href;
use crate::route::{AnalysisPart, Route, Screen};
use cruxboard_domain::t;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_session::Session;
use leptos::ev;
use leptos::html::Ul;
use leptos::prelude::*;

#[component]
pub(super) fn Tabs(session: Session, route: Signal<Route>) -> impl IntoView {
    let tab_to =
        move |name: &'static str, address: Signal<String>, is_here: fn(&Screen) -> bool| {
            let current = move || {
                route.with(|route| match route {
                    Route::Board(_, screen) => is_here(screen).then_some("page"),
                    _ => None,
                })
            };
            view! {
                <li><a href=address aria-current=current>{name}</a></li>
            }
        };
    let tab = move |name: &'static str, screen: fn() -> Screen, is_here: fn(&Screen) -> bool| {
        let address = Signal::derive(move || {
            session.open.track();
            href(session, screen())
        });
        tab_to(name, address, is_here)
    };
    let cruxes = cruxes_as_left(session, route);
    // On a phone the list is wider than the screen.
    let list = NodeRef::<Ul>::new();
    // Turning the phone changes the width too.
    let width = RwSignal::new(());
    let resized = window_event_listener(ev::resize, move |_| width.set(()));
    on_cleanup(move || resized.remove());
    Effect::new(move |_| {
        route.track();
        width.track();
        if let Some(list) = list.get() {
            show_current(&list);
        }
    });
    view! {
        <nav class="tabs" aria-label=t!("Board")>
            <ul node_ref=list>
                {tab_to(
                    t!("Cruxes"),
                    cruxes,
                    |screen| matches!(screen, Screen::Cruxes(..) | Screen::Crux(_) | Screen::NewCrux),
                )}
                {tab(
                    t!("Evidence"),
                    || Screen::Evidence(Filter::default()),
                    |screen| matches!(screen, Screen::Evidence(_) | Screen::EvidenceItem(_) | Screen::NewEvidence(_) | Screen::NewEvidenceOn(..) | Screen::NewEvidenceFrom(..) | Screen::Reading),
                )}
                {tab(t!("Due"), || Screen::Due, |screen| matches!(screen, Screen::Due | Screen::Since(..)))}
                {tab(
                    t!("Reviews"),
                    || Screen::Reviews,
                    |screen| matches!(
                        screen,
                        Screen::Reviews | Screen::Scores
                    ),
                )}
                {tab(
                    t!("Decisions"),
                    || Screen::Decisions,
                    |screen| matches!(screen, Screen::Decisions | Screen::Decide(_)),
                )}
                {tab(t!("Analysis"), || Screen::Analysis(AnalysisPart::Overview), |screen| matches!(screen, Screen::Analysis(_)))}
                {tab(t!("Follow-ups"), || Screen::FollowUps(Filter::default()), |screen| matches!(screen, Screen::FollowUps(_)))}
                {tab(t!("Share"), || Screen::Share(None), |screen| matches!(screen, Screen::Share(_) | Screen::Tables))}
                {tab(t!("History"), || Screen::History, |screen| matches!(screen, Screen::History))}
                {tab(t!("Setup"), || Screen::Setup, |screen| matches!(screen, Screen::Setup))}
            </ul>
        </nav>
    }
}

/// Returns the address of the list of cruxes, sorted and filtered as it was left. On the list itself it is that
/// of all cruxes.
fn cruxes_as_left(session: Session, route: Signal<Route>) -> Signal<String> {
    let left = RwSignal::new(None::<Route>);
    Effect::new(move |_| {
        route.with(|route| {
            if let Route::Board(_, Screen::Cruxes(..)) = route {
                left.set(Some(route.clone()));
            }
        });
    });
    Signal::derive(move || {
        let open = session.open.get();
        let is_there = route.with(|route| matches!(route, Route::Board(_, Screen::Cruxes(..))));
        let left = left.get().filter(|left| !is_there && left.board() == open);
        left.map_or_else(
            || href(session, Screen::Cruxes(Filter::default(), Sort::Own)),
            |left| left.href(),
        )
    })
}
