//! The records that a snapshot withholds.

use crate::component::live;
use cruxboard_domain::snapshot::{RedactionReason, Taken};
use cruxboard_domain::t;
use leptos::prelude::*;

/// The records that are withheld.
#[component]
pub(super) fn Withholds(taken: Signal<Taken>) -> impl IntoView {
    let list = move || {
        taken.with(|taken| {
            if taken.withheld.is_empty() {
                return view! { <p class="soft">{t!("Nothing is withheld.")}</p> }.into_any();
            }
            let kinds = taken.withheld.chunk_by(|a, b| a.0 == b.0).map(|same| {
                let title = same[0].0.counted(same.len());
                // Details are only counted, since a list of them helps nobody.
                let names =
                    if matches!(same[0].0, RedactionReason::Detail | RedactionReason::Inside) {
                        counted(same)
                    } else {
                        same.iter().map(|(_, name)| name.clone()).collect()
                    };
                let names = names
                    .into_iter()
                    .map(|name| view! { <li>{name}</li> }.into_any());
                view! {
                    <details>
                        <summary>{title}</summary>
                        <ul>{names.collect_view()}</ul>
                    </details>
                }
                .into_any()
            });
            kinds.collect_view().into_any()
        })
    };
    view! {
        <section class="panel withheld" aria-labelledby="withheld-title">
            <h2 id="withheld-title">{t!("Withheld")}</h2>
            {live(list)}
            <p class="soft">{t!("Never included: history and earlier wordings, the trash, erased texts, which device made a change, notes of reviews.")}</p>
        </section>
    }
}

/// Returns repeated names once each, with their number.
fn counted(same: &[(RedactionReason, String)]) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for (_, name) in same {
        *counts.entry(name).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(name, count)| format!("{name}: {count}"))
        .collect()
}
