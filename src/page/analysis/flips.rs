//! The cruxes that would put another option in the lead.

use cruxboard_domain::board::Board;
use cruxboard_domain::what_if::{Assumed, Flip, OptionModel, flips};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::{Analysed, crux_name, option_name};
use crate::component::{Later, live};
use crate::page::holder;

/// Maximum number of pairs of cruxes that are listed.
const MOST_PAIRS: usize = 8;

/// The cruxes that would put another option in the lead.
#[component]
pub(super) fn Flips(analysed: Analysed) -> impl IntoView {
    let session = analysed.session;
    // Searched after the screen is shown, since there may be thousands of pairs.
    let is_shown = RwSignal::new(false);
    Later::from_context().run(0, move || {
        is_shown.try_set(true);
    });
    let found = Memo::new(move |_| {
        let is_shown = is_shown.get();
        is_shown.then(|| analysed.models.with(|models| flips(models)))
    });
    let list = move |flips: Vec<Flip>| {
        let lines = flips.into_iter().map(|flip| {
            let words = session.read_untracked(|board| flip_words(board, &flip));
            view! { <li>{words}</li> }
        });
        view! { <ul class="plain-list">{lines.collect_view()}</ul> }
    };
    let told = move || {
        let Some((alone, pairs)) = found.get() else {
            return view! { <p class="soft">{t!("Searching…")}</p> }.into_any();
        };
        let rest = pairs.len().saturating_sub(MOST_PAIRS);
        let is_nothing = alone.is_empty() && pairs.is_empty();
        let shown = pairs.into_iter().take(MOST_PAIRS).collect();
        view! {
            {list(alone)}
            {list(shown)}
            {(rest > 0).then(|| view! { <p class="soft">{tn!(rest, "And {count} more pair.", "And {count} more pairs.")}</p> })}
            {is_nothing.then(|| {
                let words = match analysed.models.with(|models| are_comparable(models)) {
                    true => t!("No crux alone, and no pair of cruxes, would."),
                    false => t!("There is nothing to compare yet."),
                };
                view! { <p>{words}</p> }
            })}
        }
        .into_any()
    };
    view! {
        <h3>{live(move || t!("What would put another option in the lead for {whom}", whom = holder(session).name()))}</h3>
        {live(told)}
    }
}

fn flip_words(board: &Board, flip: &Flip) -> String {
    let told = flip.assumed.iter().map(|(crux, is_true)| {
        let crux = crux_name(board, *crux);
        match *is_true {
            true => t!("“{crux}” true", crux),
            false => t!("“{crux}” false", crux),
        }
    });
    let told: Vec<String> = told.collect();
    let option = option_name(board, flip.leader);
    match told.as_slice() {
        [first @ .., last] if !first.is_empty() => {
            let first = first.join(", ");
            t!(
                "{first} and {last}: “{option}” would lead.",
                first,
                last,
                option
            )
        }
        only => t!(
            "{assumed} alone: “{option}” would lead.",
            assumed = only.concat(),
            option
        ),
    }
}

/// Returns whether the group has a figure for more than one option.
pub(super) fn are_comparable(models: &[OptionModel]) -> bool {
    let stated = models
        .iter()
        .filter(|model| model.of_group(&Assumed::new()).is_some());
    stated.count() > 1
}
