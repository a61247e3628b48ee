//! The cruxes that would put another option in the lead.

use cruxboard_domain::board::Board;
use cruxboard_domain::text::counted;
use cruxboard_domain::what_if::{Assumed, Flip, OptionModel, flips};
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
            return view! { <p class="soft">"Searching…"</p> }.into_any();
        };
        let rest = pairs.len().saturating_sub(MOST_PAIRS);
        let is_nothing = alone.is_empty() && pairs.is_empty();
        let shown = pairs.into_iter().take(MOST_PAIRS).collect();
        view! {
            {list(alone)}
            {list(shown)}
            {(rest > 0).then(|| view! { <p class="soft">"And " {counted(rest, "more pair", "more pairs")} "."</p> })}
            {is_nothing.then(|| {
                let words = match analysed.models.with(|models| are_comparable(models)) {
                    true => "No crux alone, and no pair of cruxes, would.",
                    false => "There is nothing to compare yet.",
                };
                view! { <p>{words}</p> }
            })}
        }
        .into_any()
    };
    view! {
        <h3>"What would put another option in the lead for " {live(move || holder(session).name().to_owned())}</h3>
        {live(told)}
    }
}

fn flip_words(board: &Board, flip: &Flip) -> String {
    let told = flip.assumed.iter().map(|(crux, is_true)| {
        let truth = if *is_true { "true" } else { "false" };
        format!("“{}” {truth}", crux_name(board, *crux))
    });
    let told: Vec<String> = told.collect();
    let alone = if told.len() == 1 { " alone" } else { "" };
    format!(
        "{}{alone}: “{}” would lead.",
        told.join(" and "),
        option_name(board, flip.leader)
    )
}

/// Returns whether the group has a figure for more than one option.
pub(super) fn are_comparable(models: &[OptionModel]) -> bool {
    let stated = models
        .iter()
        .filter(|model| model.of_group(&Assumed::new()).is_some());
    stated.count() > 1
}
