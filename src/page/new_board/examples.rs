//! The examples of the chosen starting point on the last step: each can be used, and then edited.

use cruxboard_domain::decide::{ExampleCrux, StartingPoint};
use cruxboard_domain::record::Mark;
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use leptos::prelude::*;

use super::draft::{Draft, WrittenCrux, WrittenCruxes};
use crate::component::{MarkGlyph, live};

/// The cruxes made from examples, as fields, and the examples that are not used yet.
#[component]
pub(super) fn Examples(draft: Draft) -> impl IntoView {
    let count = Memo::new(move |_| draft.cruxes.with(|cruxes| cruxes.0.len()));
    let written = move || {
        let fields = (0..count.get()).map(|place| view! { <WrittenFields draft place /> });
        fields.collect_view()
    };
    let unused = Memo::new(move |_| {
        let examples = draft
            .starting_point()
            .into_iter()
            .flat_map(|point| point.cruxes);
        let is_unused = |example: &&ExampleCrux| {
            draft
                .cruxes
                .with(|cruxes| cruxes.0.iter().all(|crux| crux.example != example.claim))
        };
        examples.filter(is_unused).collect::<Vec<_>>()
    });
    let examples = move || {
        let examples = unused.get();
        let heading = draft
            .starting_point()
            .map(heading_of)
            .filter(|_| !examples.is_empty());
        let items = examples
            .into_iter()
            .map(|example| view_example(draft, example));
        view! {
            {heading.map(|heading| view! { <h2>{heading}</h2> })}
            <ul class="begin-examples">{items.collect_view()}</ul>
        }
    };
    view! {
        {live(written)}
        {live(examples)}
    }
}

fn heading_of(point: &StartingPoint) -> &'static str {
    match point.key {
        "product" => t!("Examples: product"),
        "grants" => t!("Examples: grant programme"),
        "pivot" => t!("Examples: pivot"),
        "policy" => t!("Examples: policy"),
        "event" => t!("Examples: event"),
        _ => t!("Examples"),
    }
}

fn view_example(draft: Draft, example: &'static ExampleCrux) -> AnyView {
    let take = move |_| {
        draft
            .cruxes
            .update(|cruxes| cruxes.0.push(WrittenCrux::of(example)));
    };
    view! {
        <li class="panel">
            <p class="claim">{translated(example.claim)}</p>
            {view_trigger(Mark::Stop, t!("before a sentence" => "Stop if"), translated(example.stop))}
            {view_trigger(Mark::Continue, t!("before a sentence" => "Go on if"), translated(example.go_on))}
            <p class="actions">
                <button type="button" aria-label=t!("Use this example: {claim}", claim = translated(example.claim)) on:click=take>{t!("Use this example")}</button>
            </p>
        </li>
    }
    .into_any()
}

fn view_trigger(mark: Mark, when: &'static str, observable: &'static str) -> AnyView {
    view! {
        <p class="begin-trigger"><MarkGlyph mark /><span><b>{when}</b>" " {observable}</span></p>
    }
    .into_any()
}

/// A crux made from an example: its claim and its triggers.
#[component]
fn WrittenFields(draft: Draft, place: usize) -> impl IntoView {
    let remove = move |_| {
        draft.cruxes.update(|cruxes| {
            if place < cruxes.0.len() {
                cruxes.0.remove(place);
            }
        });
    };
    let text =
        move |key: &'static str, label: &'static str, part: fn(&mut WrittenCrux) -> &mut String| {
            let id = format!("new-crux-{place}-{key}");
            let shown = move || {
                draft.cruxes.with(|WrittenCruxes(cruxes)| {
                    let mut crux = cruxes.get(place).cloned().unwrap_or_default();
                    std::mem::take(part(&mut crux))
                })
            };
            let write = move |text: String| {
                draft.refusal.set(None);
                draft.cruxes.update(|cruxes| {
                    if let Some(crux) = cruxes.0.get_mut(place) {
                        *part(crux) = text;
                    }
                });
            };
            view! {
                <div class="field wide">
                    <label for=id.clone()>{label}</label>
                    <textarea
                        id=id
                        rows="2"
                        class:claim=key == "claim"
                        prop:value=shown
                        on:input:target=move |event| write(event.target().value())
                    ></textarea>
                </div>
            }
        };
    view! {
        <fieldset class="panel stack">
            <legend class="visually-hidden">{t!("Crux {number}", number = place + 1)}</legend>
            {text("claim", t!("Claim"), |crux| &mut crux.claim)}
            {text("stop-if", t!("Stop if"), |crux| &mut crux.stop)}
            {text("go-on-if", t!("Go on if"), |crux| &mut crux.go_on)}
            <p class="actions"><button type="button" class="quiet" on:click=remove>{t!("Remove")}</button></p>
        </fieldset>
    }
}
