use cruxboard_domain::record::CruxId;
use cruxboard_domain::view::{Filter, Sort, facets};
use cruxboard_domain::{t, tn};

use super::own_credence::{FILL_IN, OwnCredences};
use crate::component::{Check, Choice, live};
use crate::page::filters::{Chosen, Filters};
use crate::page::{Services, href, word_choices};
use crate::route::{Route, Screen};
use cruxboard_session::Session;
use leptos::prelude::*;

/// The toolbar: new evidence, new crux, search, filters, sort. The choices are in the address.
#[component]
pub(super) fn Toolbar(
    session: Session,
    view: Signal<(Filter, Sort)>,
    shown: Signal<Vec<CruxId>>,
    own: OwnCredences,
) -> impl IntoView {
    let services = Services::from_context();
    let go = Callback::new(move |(filter, sort): (Filter, Sort)| {
        if let Some(board) = session.open.get_untracked() {
            services
                .navigation
                .go
                .run((Route::Board(board, Screen::Cruxes(filter, sort)), true));
        }
    });
    let sort_key = Signal::derive(move || view.with(|(_, sort)| sort.key().to_owned()));
    let on_sort = Callback::new(move |key: String| {
        let (filter, sort) = view.get_untracked();
        go.run((filter, Sort::from_key(&key).unwrap_or(sort)));
    });
    let search = move |text: String| {
        let (filter, sort) = view.get_untracked();
        go.run((
            Filter {
                search: text,
                ..filter
            },
            sort,
        ));
    };
    let filter = Signal::derive(move || view.with(|(filter, _)| filter.clone()));
    let on_filter = Callback::new(move |filter: Filter| {
        go.run((filter, view.with_untracked(|(_, sort)| *sort)));
    });
    let values = Callback::new(move |()| {
        let viewpoint = session.viewpoint();
        session.read_untracked(|board| {
            let cruxes = board.cruxes().into_iter();
            cruxes
                .flat_map(|crux| facets(board, crux, viewpoint))
                .collect()
        })
    });
    let sorts = Signal::stored(word_choices!(Sort));
    // Without outdated credences there is nothing to hide.
    let has_stale = Memo::new(move |_| session.find(|_, found| found.has_stale()));
    let with_stale = Callback::new(move |is_on: bool| session.with_stale.set(!is_on));
    view! {
        <div class="toolbar">
            <a class="button primary" href=href(session, Screen::NewEvidence(None))>{t!("+ Evidence")}</a>
            <a class="button" href=href(session, Screen::NewCrux)>{t!("+ Crux")}</a>
            <button id=FILL_IN aria-pressed=move || own.is_filling.get().to_string() on:click=move |_| own.toggle_pass()>
                {t!("Fill in my credences")}
            </button>
            <input
                id="search"
                type="search"
                placeholder=t!("Search  /")
                aria-label=t!("Search cruxes")
                prop:value=move || view.with(|(filter, _)| filter.search.clone())
                on:input:target=move |event| search(event.target().value())
            />
            <Filters session filter on_filter values />
            <Choice label=t!("Sort") options=sorts value=sort_key on_commit=on_sort none="" />
            {live(move || (has_stale.get() || !session.with_stale.get()).then(|| view! {
                <Check
                    label=t!("Hide outdated credences")
                    value=Signal::derive(move || !session.with_stale.get())
                    on_commit=with_stale
                />
            }))}
            <span class="soft count" role="status">{live(move || tn!(shown.with(Vec::len), "{count} crux", "{count} cruxes"))}</span>
        </div>
        <Chosen session filter on_filter />
    }
}
