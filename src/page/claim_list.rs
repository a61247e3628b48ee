//! A field for several claims, one per line, with a preview of the cruxes that they become.

use cruxboard_domain::import::claims::{ClaimList, MOST_CLAIMS};
use cruxboard_domain::{t, tn};
use leptos::ev;
use leptos::prelude::*;

use super::short;
use crate::component::live;

/// A field for claims, one per line. Below it are the cruxes that the lines become, and the lines that become
/// none.
#[component]
pub(super) fn ClaimListField(
    text: RwSignal<String>,
    /// The text, parsed.
    listed: Memo<ClaimList>,
    /// The reason why the list is refused, if it is.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    #[prop(optional)] placeholder: &'static str,
    /// Called with each key that is pressed in the field.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
) -> impl IntoView {
    let preview = move || {
        let lines = listed.with(|list| list.claims.clone()).into_iter().map(|read| {
            let tags = read.tags.into_iter().map(|tag| view! { " " <span class="badge">{tag}</span> });
            view! {
                <li>
                    {read.claim}
                    {read.credence.map(|credence| view! { " " <b translate="no">{credence.shown()}</b> })}
                    {tags.collect_view()}
                </li>
            }
        });
        view! { <ol class="claims">{lines.collect_view()}</ol> }
    };
    let left_out = move || listed.with(left_out_words);
    view! {
        <div class="field wide">
            <label for="claims">{t!("Claims, one per line")}</label>
            <textarea
                id="claims"
                rows="4"
                placeholder=placeholder
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby="claims-hint claims-problem"
                prop:value=text
                on:input:target=move |event| text.set(event.target().value())
                on:keydown=move |event| {
                    if let Some(on_key) = on_key {
                        on_key.run(event);
                    }
                }
            ></textarea>
            <p id="claims-hint" class="hint">{t!("A percentage is your credence, #words are tags: Users come back within a week 70% #retention")}</p>
            <p id="claims-problem" class="hint problem" role="alert">{live(move || problem.get())}</p>
        </div>
        <div class="wide">{live(preview)}</div>
        <p class="soft wide" role="status">{live(left_out)}</p>
    }
}

/// Returns whether a claim of the list has a percentage. Reactive.
pub(super) fn has_percentages(listed: Memo<ClaimList>) -> bool {
    listed.with(|list| list.claims.iter().any(|read| read.credence.is_some()))
}

/// Describes the lines of a list that become no crux, with the reasons.
fn left_out_words(list: &ClaimList) -> Option<String> {
    let named = |claims: &[String]| {
        let first = claims.iter().take(3);
        let first: Vec<String> = first
            .map(|claim| t!("“{text}”", text = short(claim, 80)))
            .collect();
        let more = claims.len() - first.len();
        let first = first.join(", ");
        let named = match more {
            0 => first,
            _ => t!("{claims} and {count} more", claims = first, count = more),
        };
        (!claims.is_empty()).then_some(named)
    };
    let repeated = named(&list.repeated)
        .map(|claims| t!("In the list twice, and added once: {claims}.", claims));
    let on_board = named(&list.on_board)
        .map(|claims| t!("On the board already, and not added: {claims}.", claims));
    let surplus = (list.surplus > 0).then(|| {
        tn!(
            list.surplus,
            "{count} line more than the {most} that are added at once.",
            "{count} lines more than the {most} that are added at once.",
            most = MOST_CLAIMS
        )
    });
    let words: Vec<String> = repeated
        .into_iter()
        .chain(on_board)
        .chain(surplus)
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}
