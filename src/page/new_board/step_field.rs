//! The fields that the steps of beginning a board share.

use cruxboard_domain::t;
use leptos::prelude::*;

use super::draft::{Draft, id_of};
use crate::component::{Choice, live};
use crate::page::Services;
use crate::route::NewBoardStep;

/// The line of text that a step asks for, with the example of the starting point.
#[component]
pub(super) fn StepField(
    draft: Draft,
    step: NewBoardStep,
    field: RwSignal<String>,
    /// The text of the chosen starting point.
    example: Signal<Option<String>>,
    label: &'static str,
    /// The placeholder without a starting point.
    placeholder: &'static str,
    hint: &'static str,
) -> impl IntoView {
    let id = id_of(step);
    let refusal = move || draft.refusal_at(step);
    let shown_placeholder = move || example.get().unwrap_or_else(|| placeholder.to_owned());
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    view! {
        <div class="field wide">
            <label for=id>{label}</label>
            <input
                id=id
                type="text"
                autocomplete="off"
                placeholder=shown_placeholder
                aria-invalid=move || refusal().is_some().then_some("true")
                aria-describedby=format!("{hint_id} {problem_id}")
                prop:value=field
                on:input:target=move |event| draft.write(field, event.target().value())
            />
            <p id=hint_id class="hint">{hint}</p>
            <p id=problem_id class="hint problem" role="alert">{live(refusal)}</p>
            <UseExample draft field example id />
        </div>
    }
}

/// The choice of the person who writes, among the names of the draft.
#[component]
pub(super) fn MeChoice(draft: Draft, label: &'static str, none: &'static str) -> impl IntoView {
    let names = Signal::derive(move || {
        let names = draft.names().into_iter();
        names.map(|name| (name.clone(), name)).collect::<Vec<_>>()
    });
    let me = Signal::derive(move || draft.chosen_me().unwrap_or_default());
    let choose = Callback::new(move |name| draft.write(draft.me, name));
    view! { <Choice label options=names value=me none on_commit=choose /> }
}

/// A button that writes the example of the starting point into the field while that is empty.
#[component]
fn UseExample(
    draft: Draft,
    field: RwSignal<String>,
    example: Signal<Option<String>>,
    /// The id of the field.
    id: &'static str,
) -> impl IntoView {
    let services = Services::from_context();
    let is_offered = move || example.with(Option::is_some) && field.with(String::is_empty);
    let take = move |_| {
        draft.write(field, example.get_untracked().unwrap_or_default());
        services.navigation.focus.run(id.to_owned());
    };
    view! {
        <Show when=is_offered>
            <p class="actions">
                // A narrow field has no room for the whole example.
                <span class="begin-example soft">{live(move || example.get())}</span>
                <button type="button" on:click=take>{t!("Use this example")}</button>
            </p>
        </Show>
    }
}
