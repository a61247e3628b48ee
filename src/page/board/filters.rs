use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::Now;
use cruxboard_domain::order::sort_by;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::view::{Facet, Filter, Sort, facet_label, facets};
use leptos::html;

use crate::component::{Check, Choice};
use crate::component::{Show, live};
use crate::page::{Outside, href, word_choices};
use crate::prelude::*;
use crate::route::{Route, Screen};
use crate::session::Session;

/// New evidence, new crux, search, filters, sort. What is chosen stands in the address.
#[component]
pub(super) fn Toolbar(
    session: Session,
    view: Signal<(Filter, Sort)>,
    shown: Signal<Vec<CruxId>>,
) -> impl IntoView {
    let outside = Outside::from_context();
    let go = Callback::new(move |(filter, sort): (Filter, Sort)| {
        if let Some(board) = session.open.get_untracked() {
            outside
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
    let sorts = Signal::stored(word_choices!(Sort));
    let with_stale = Callback::new(move |is_on: bool| session.with_stale.set(!is_on));
    view! {
        <div class="toolbar">
            <a class="button primary" href=href(session, Screen::NewEvidence(None))>"+ Evidence"</a>
            <a class="button" href=href(session, Screen::NewCrux)>"+ Crux"</a>
            <input
                id="search"
                type="search"
                placeholder="Search  /"
                aria-label="Search cruxes"
                prop:value=move || view.with(|(filter, _)| filter.search.clone())
                on:input:target=move |event| search(event.target().value())
            />
            <Filters session view go />
            <Choice label="Sort" options=sorts value=sort_key on_commit=on_sort none="" />
            <Check
                label="Leave stale out"
                value=Signal::derive(move || !session.with_stale.get())
                on_commit=with_stale
            />
            <span class="soft count" role="status">{live(move || count(shown.with(Vec::len)))}</span>
        </div>
        <Chosen session view go />
    }
}

fn count(cruxes: usize) -> String {
    if cruxes == 1 {
        "1 crux".into()
    } else {
        format!("{cruxes} cruxes")
    }
}

/// What is chosen, each with a way to take it back.
#[component]
fn Chosen(
    session: Session,
    view: Signal<(Filter, Sort)>,
    go: Callback<(Filter, Sort)>,
) -> impl IntoView {
    let chips = move || {
        // People and options are called by name once the board is there.
        session.follow(RecordRef::Board);
        let (filter, sort) = view.get();
        let chosen = filter.chosen.iter().flat_map(|(facet, values)| {
            values
                .iter()
                .map(|value| (*facet, value.clone()))
                .collect::<Vec<_>>()
        });
        let chips = chosen.map(|(facet, value)| {
            let label = session.with(|board| facet_label(board, facet, &value));
            let mut without = filter.clone();
            without.toggle(facet, &value);
            view! {
                <li>
                    <button class="chip" on:click=move |_| go.run((without.clone(), sort))>
                        {facet.label()} ": " {label} <span aria-hidden="true">" ×"</span>
                        <span class="visually-hidden">", take back"</span>
                    </button>
                </li>
            }
        });
        chips.collect_view()
    };
    view! {
        <Show when=move || view.with(|(filter, _)| !filter.chosen.is_empty())>
            <ul class="chosen" aria-label="Filters chosen">
                {live(chips)}
                <li>
                    <button class="quiet" on:click=move |_| {
                        let (filter, sort) = view.get_untracked();
                        go.run((Filter { search: filter.search, ..Filter::default() }, sort));
                    }>"Clear filters"</button>
                </li>
            </ul>
        </Show>
    }
}

/// Every facet with the values that occur on this board, and how many cruxes have each.
#[component]
fn Filters(
    session: Session,
    view: Signal<(Filter, Sort)>,
    go: Callback<(Filter, Sort)>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let panel = NodeRef::<html::Details>::new();
    let content = move || {
        if !is_open.get() {
            return Vec::new();
        }
        session.follow_all();
        let now = session.now.get();
        let counted = session.with(|board| count_values(board, now));
        let groups = counted.into_iter().map(|(facet, values)| {
            let values = values.into_iter().map(|(value, label, count)| {
                let own = value.clone();
                let is_chosen = Signal::derive(move || {
                    view.with(|(filter, _)| {
                        filter.chosen.get(&facet).is_some_and(|values| values.contains(&own))
                    })
                });
                let toggle = Callback::new(move |_: bool| {
                    let (mut filter, sort) = view.get_untracked();
                    filter.toggle(facet, &value);
                    go.run((filter, sort));
                });
                view! { <Check label=format!("{label} ({count})") value=is_chosen on_commit=toggle /> }
            });
            view! {
                <fieldset>
                    <legend>{facet.label()}</legend>
                    {values.collect_view()}
                </fieldset>
            }
        });
        groups.collect()
    };
    view! {
        <details
            class="filters"
            node_ref=panel
            on:toggle:target=move |event| is_open.set(event.target().open())
            on:keydown=move |event| {
                if event.key() == "Escape"
                    && let Some(panel) = panel.get_untracked() {
                        panel.set_open(false);
                    }
            }
        >
            <summary class="button">"Filter"</summary>
            <div class="panel">{live(content)}</div>
        </details>
    }
}

type Counted = Vec<(Facet, Vec<(String, String, usize)>)>;

fn count_values(board: &Board, now: Now) -> Counted {
    let mut values: Vec<(Facet, String)> = Vec::new();
    for crux in board.cruxes() {
        values.extend(facets(board, crux, now));
    }
    sort_by(&mut values, Ord::cmp);
    let mut groups: Counted = Vec::new();
    for same in values.chunk_by(|one, other| one == other) {
        let (facet, value) = &same[0];
        let counted = (value.clone(), facet_label(board, *facet, value), same.len());
        match groups.last_mut().filter(|(last, _)| last == facet) {
            Some((_, group)) => group.push(counted),
            None => groups.push((*facet, vec![counted])),
        }
    }
    groups
}
