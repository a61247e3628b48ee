//! The navigation of a board.

use crate::component::show_current;
use crate::page::href;
use crate::route::{AnalysisPart, Route, Screen};
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_session::Session;
use leptos::ev;
use leptos::html::Ul;
use leptos::prelude::*;

#[component]
pub(super) fn Tabs(session: Session, route: Signal<Route>) -> impl IntoView {
    let tab = move |name: &'static str, screen: fn() -> Screen, is_here: fn(&Screen) -> bool| {
        let current = move || {
            route.with(|route| match route {
                Route::Board(_, screen) => is_here(screen).then_some("page"),
                _ => None,
            })
        };
        view! {
            <li><a href=move || { session.open.track(); href(session, screen()) } aria-current=current>{name}</a></li>
        }
    };
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
        <nav class="tabs" aria-label="Board">
            <ul node_ref=list>
                {tab(
                    "Cruxes",
                    || Screen::Cruxes(Filter::default(), Sort::Own),
                    |screen| matches!(screen, Screen::Cruxes(..) | Screen::Crux(_) | Screen::NewCrux),
                )}
                {tab(
                    "Evidence",
                    || Screen::Evidence(Filter::default()),
                    |screen| matches!(screen, Screen::Evidence(_) | Screen::EvidenceItem(_) | Screen::NewEvidence(_) | Screen::NewEvidenceOn(..) | Screen::NewEvidenceFrom(..) | Screen::Reading),
                )}
                {tab("Due", || Screen::Due, |screen| matches!(screen, Screen::Due | Screen::Since(..)))}
                {tab(
                    "Reviews",
                    || Screen::Reviews,
                    |screen| matches!(
                        screen,
                        Screen::Reviews | Screen::Scores
                    ),
                )}
                {tab(
                    "Decisions",
                    || Screen::Decisions,
                    |screen| matches!(screen, Screen::Decisions | Screen::Decide(_)),
                )}
                {tab("Analysis", || Screen::Analysis(AnalysisPart::Overview), |screen| matches!(screen, Screen::Analysis(_)))}
                {tab("Follow-ups", || Screen::FollowUps(Filter::default()), |screen| matches!(screen, Screen::FollowUps(_)))}
                {tab("Share", || Screen::Share(None), |screen| matches!(screen, Screen::Share(_) | Screen::Tables))}
                {tab("History", || Screen::History, |screen| matches!(screen, Screen::History))}
                {tab("Setup", || Screen::Setup, |screen| matches!(screen, Screen::Setup))}
            </ul>
        </nav>
    }
}
