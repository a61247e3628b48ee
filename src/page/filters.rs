//! Filters of a list: the facets with their values, and the chosen ones.

use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::t;
use cruxboard_domain::text::in_order;
use cruxboard_domain::view::{Facet, Filter, facet_label};
use leptos::html;

use crate::component::{Check, key_of, live};
use cruxboard_session::Session;
use leptos::prelude::*;

/// The chosen values, each with a button to remove it.
#[component]
pub(super) fn Chosen(
    session: Session,
    filter: Signal<Filter>,
    on_filter: Callback<Filter>,
) -> impl IntoView {
    let chips = move || {
        // The names of people and options are known only once the board is loaded.
        let filter = filter.get();
        let chosen = filter.chosen.iter().flat_map(|(facet, values)| {
            values
                .iter()
                .map(|value| (*facet, value.clone()))
                .collect::<Vec<_>>()
        });
        let chips = chosen.map(|(facet, value)| {
            let label = session.read(RecordRef::Board, |board| facet_label(board, facet, &value));
            let mut without = filter.clone();
            without.toggle(facet, &value);
            view! {
                <li>
                    <button class="chip" on:click=move |_| on_filter.run(without.clone())>
                        {facet.label()} ": " {label} <span aria-hidden="true">" ×"</span>
                        <span class="visually-hidden">{t!(", remove")}</span>
                    </button>
                </li>
            }
        });
        chips.collect_view()
    };
    view! {
        <Show when=move || filter.with(|filter| !filter.chosen.is_empty())>
            <ul class="chosen" aria-label=t!("Filters chosen")>
                {live(chips)}
                <li>
                    <button class="quiet" on:click=move |_| {
                        let search = filter.with_untracked(|filter| filter.search.clone());
                        on_filter.run(Filter { search, ..Filter::default() });
                    }>{t!("Clear filters")}</button>
                </li>
            </ul>
        </Show>
    }
}

/// Every facet with the values that occur on this board, and the number of listed records with each.
#[component]
pub(super) fn Filters(
    session: Session,
    filter: Signal<Filter>,
    on_filter: Callback<Filter>,
    /// The values of all listed records.
    values: Callback<(), Vec<(Facet, String)>>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let panel = NodeRef::<html::Details>::new();
    let content = move || {
        if !is_open.get() {
            return Vec::new();
        }
        let values = values.run(());
        let counted = session.read_all(|board| count_values(board, values));
        let groups = counted.into_iter().map(|(facet, values)| {
            let values = values.into_iter().map(|(value, label, count)| {
                let own = value.clone();
                let is_chosen = Signal::derive(move || {
                    filter.with(|filter| {
                        filter.chosen.get(&facet).is_some_and(|values| values.contains(&own))
                    })
                });
                let toggle = Callback::new(move |_: bool| {
                    let mut filter = filter.get_untracked();
                    filter.toggle(facet, &value);
                    on_filter.run(filter);
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
                if key_of(&event) == "Escape"
                    && let Some(panel) = panel.get_untracked() {
                        panel.set_open(false);
                    }
            }
        >
            <summary class="button">{t!("Filter")}</summary>
            <div class="panel"><div class="facets">{live(content)}</div></div>
        </details>
    }
}

type Counted = Vec<(Facet, Vec<(String, String, usize)>)>;

fn count_values(board: &Board, mut values: Vec<(Facet, String)>) -> Counted {
    values.sort();
    let mut groups: Counted = Vec::new();
    for same in values.chunk_by(|one, other| one == other) {
        let (facet, value) = &same[0];
        let counted = (value.clone(), facet_label(board, *facet, value), same.len());
        match groups.last_mut().filter(|(last, _)| last == facet) {
            Some((_, group)) => group.push(counted),
            None => groups.push((*facet, vec![counted])),
        }
    }
    for (_, group) in &mut groups {
        group.sort_by(|(_, one, _), (_, other, _)| in_order(one, other));
    }
    groups
}
