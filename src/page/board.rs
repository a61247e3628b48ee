//! The board: every crux as a row, and above them how it all stands.

mod filters;
mod met;
mod overview;
mod own_credence;
mod row;

use cruxboard_domain::record::CruxId;
use cruxboard_domain::view::{Filter, Sort, shown};
use leptos::prelude::*;

use crate::component::live;

use self::filters::Toolbar;
use self::met::MetTriggers;
use self::overview::Overview;
use self::own_credence::OwnCredences;
use self::row::CruxRow;
use super::decisions::Standing;
use super::{Services, href};
use crate::component::Later;
use crate::route::{Route, Screen};
use crate::session::Session;

/// How many rows are built at once; the rest follow while the browser is idle, so that a long board
/// can be read and used at once.
const BATCH: usize = 40;

/// All cruxes of the open board.
#[component]
pub fn BoardPage(session: Session, route: Signal<Route>) -> impl IntoView {
    let view = Memo::new(move |_| match route.get() {
        Route::Board(_, Screen::Cruxes(filter, sort)) => (filter, sort),
        _ => (Filter::default(), Sort::Own),
    });
    let ids = Memo::new(move |_| {
        session.follow_all();
        let (now, with_stale) = (session.now.get(), session.with_stale.get());
        view.with(|(filter, sort)| {
            session.with(|board| shown(board, filter, *sort, now, with_stale))
        })
    });
    let limit = RwSignal::new(BATCH);
    let later = Later::from_context();
    Effect::new(move |_| {
        if limit.get() < ids.with(Vec::len) {
            later.run(0, move || {
                // The page may be gone by then.
                if let Some(limit_now) = limit.try_get_untracked() {
                    limit.set(limit_now + BATCH);
                }
            });
        }
    });
    let built = Memo::new(move |_| {
        ids.with(|ids| {
            ids.iter()
                .take(limit.get())
                .map(|id| id.0)
                .collect::<Vec<_>>()
        })
    });
    let is_own_order = Memo::new(move |_| view.with(|(_, sort)| *sort == Sort::Own));
    let own = OwnCredences::new(session, ids.into());
    let dragged = RwSignal::new(None::<CruxId>);
    view! {
        <h1 class="visually-hidden">"Cruxes"</h1>
        <MetTriggers session />
        <Standing session />
        <Overview session />
        <Toolbar session view=view.into() shown=ids.into() own />
        <div class="board" role="table" aria-label="Cruxes" aria-rowcount=move || ids.with(Vec::len)>
            <HeadRow />
            <For each=move || built.get() key=|id| *id let(id)><CruxRow session id=CruxId(id) order=ids.into() is_own_order=is_own_order.into() dragged own /></For>
        </div>
        <Empty session view=view.into() count=Signal::derive(move || ids.with(Vec::len)) />
    }
}

#[component]
fn HeadRow() -> impl IntoView {
    view! {
        <div class="crux-row head" role="row">
            <span role="columnheader" class="order"><span class="visually-hidden">"Order"</span></span>
            <span role="columnheader">"Claim"</span>
            <span role="columnheader" class="axis-head">
                <span class="visually-hidden">"Credences, in percent: "</span>
                <span>"0"</span>
                <span>"25"</span>
                <span>"50"</span>
                <span>"75"</span>
                <span>"100"</span>
            </span>
            <span role="columnheader">"Group"</span>
            <span role="columnheader">"Trend"</span>
            <span role="columnheader">"Triggers"</span>
            <span role="columnheader">"Evidence"</span>
            <span role="columnheader">"Next"</span>
        </div>
    }
}

#[component]
fn Empty(session: Session, view: Signal<(Filter, Sort)>, count: Signal<usize>) -> impl IntoView {
    let services = Services::from_context();
    let content = move || {
        if count.get() > 0 {
            return None;
        }
        let is_filtered = view.with(|(filter, _)| !filter.is_empty());
        let sort = view.with(|(_, sort)| *sort);
        Some(if is_filtered {
            let clear = move |_| {
                if let Some(board) = session.open.get_untracked() {
                    let screen = Screen::Cruxes(Filter::default(), sort);
                    services.go.run((Route::Board(board, screen), true));
                }
            };
            view! {
                <div class="empty">
                    <p>"No crux matches the filters."</p>
                    <button on:click=clear>"Show all cruxes"</button>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="empty">
                    <p>"A crux is a claim on which the decision hinges: if it turned out true, you would choose another option."</p>
                    <a class="button primary" href=href(session, Screen::NewCrux)>"Write the first crux"</a>
                </div>
            }
            .into_any()
        })
    };
    view! { {live(content)} }
}
