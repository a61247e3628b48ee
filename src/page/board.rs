//! The board: its state, and every crux as a row.

mod cells;
mod filters;
mod met;
mod overview;
mod own_credence;
mod pointing;
mod row;
mod row_list;
mod timeline;

use std::collections::HashMap;

use cruxboard_domain::record::CruxId;
use cruxboard_domain::t;
use cruxboard_domain::view::{Filter, Sort};
use leptos::html::Div;
use leptos::prelude::*;

use crate::component::{Near, live};

use self::filters::Toolbar;
use self::met::MetTriggers;
use self::overview::Overview;
use self::own_credence::{OwnCredences, PassBar};
use self::row::{CruxRow, Rows};
use self::row_list::build_rows;
use super::decisions::Standing;
use super::{Services, holder, href};
use crate::route::{Route, Screen};
use cruxboard_session::Session;

/// The board screen: all cruxes of the open board.
#[component]
pub fn BoardPage(session: Session, route: Signal<Route>) -> impl IntoView {
    let view = Memo::new(move |_| match route.get() {
        Route::Board(_, Screen::Cruxes(filter, sort)) => (filter, sort),
        _ => (Filter::default(), Sort::Own),
    });
    // Most changes leave the list as it is, and then nothing below runs again.
    let listed = Memo::new(move |_| view.with(|(filter, sort)| session.listed(filter, *sort)));
    let ids = Memo::new(move |_| listed.with(|listed| listed.to_vec()));
    let places = Memo::new(move |_| {
        let numbered = ids.with(|ids| ids.iter().copied().enumerate().collect::<Vec<_>>());
        let places = numbered.into_iter().map(|(place, id)| (id, place));
        places.collect::<HashMap<_, _>>()
    });
    let is_filtered = Memo::new(move |_| view.with(|(filter, _)| !filter.is_empty()));
    let built = build_rows(session, ids, is_filtered);
    let list = NodeRef::<Div>::new();
    let near = Near::new(list, built);
    let own = OwnCredences::new(session, ids.into(), near);
    let rows = Rows {
        session,
        order: ids,
        places,
        is_own_order: Memo::new(move |_| view.with(|(_, sort)| *sort == Sort::Own)),
        dragged: RwSignal::new(None),
        own,
        near,
        today: Memo::new(move |_| session.now.get().today()),
    };
    view! {
        <h1 class="visually-hidden">{t!("Cruxes")}</h1>
        <MetTriggers session />
        <Standing session />
        <Overview session />
        <Toolbar session view=view.into() shown=ids.into() own />
        <div node_ref=list class="board" role="table" aria-label=t!("Cruxes") aria-rowcount=move || ids.with(Vec::len)>
            <HeadRow session />
            <For each=move || built.get() key=|id| *id let(id)><CruxRow rows id /></For>
        </div>
        <PassBar own />
        <Empty session view=view.into() count=Signal::derive(move || ids.with(Vec::len)) />
    }
}

fn row_id(crux: CruxId) -> String {
    format!("row-{crux}")
}

#[component]
fn HeadRow(session: Session) -> impl IntoView {
    let aggregate = move || match holder(session).is_one_person() {
        true => t!("Credence"),
        false => t!("Group"),
    };
    view! {
        <div class="crux-row head" role="row">
            <span role="columnheader" class="order"><span class="visually-hidden">{t!("Order")}</span></span>
            <span role="columnheader">{t!("Claim")}</span>
            <span role="columnheader" class="axis-head">
                <span class="visually-hidden">{t!("Credences, in percent:")} " "</span>
                <span>"0"</span>
                <span>"25"</span>
                <span>"50"</span>
                <span>"75"</span>
                <span>"100"</span>
            </span>
            <span role="columnheader">{aggregate}</span>
            <span role="columnheader">{t!("Trend")}</span>
            <span role="columnheader">{t!("Triggers")}</span>
            <span role="columnheader">{t!("Evidence")}</span>
            <span role="columnheader">{t!("Next")}</span>
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
                    services
                        .navigation
                        .go
                        .run((Route::Board(board, screen), true));
                }
            };
            view! {
                <div class="empty">
                    <p>{t!("No crux matches the filters.")}</p>
                    <button on:click=clear>{t!("Show all cruxes")}</button>
                </div>
            }
            .into_any()
        } else {
            view! {
                <div class="empty">
                    <p>{t!("A crux is a claim on which the decision hinges: if it turned out true, you would choose another option.")}</p>
                    <a class="button primary" href=href(session, Screen::NewCrux)>{t!("Write the first crux")}</a>
                </div>
            }
            .into_any()
        })
    };
    view! { {live(content)} }
}
