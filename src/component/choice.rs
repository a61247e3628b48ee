//! Fields with a value that is chosen instead of typed.

use super::field::{Hint, next_id};
use super::field_errors::Refused;
use super::live;
use leptos::prelude::*;

/// A list of options, of which one or none is chosen.
#[component]
pub fn Choice(
    #[prop(into)] label: String,
    /// Key and label of each option.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The chosen key; empty for none.
    #[prop(into)]
    value: Signal<String>,
    on_commit: Callback<String>,
    /// The label for no choice; empty if an option must be chosen.
    #[prop(into, default = "—".to_owned())]
    none: String,
    #[prop(into, optional)] hint: String,
    /// The form's name of this field, for its errors: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
) -> impl IntoView {
    let id = next_id();
    let refused = Refused::of(name, id.clone());
    let problem = Signal::derive(move || refused.why());
    let choices = move || {
        let chosen = value.get();
        let none = (!none.is_empty()).then(|| (String::new(), none.clone()));
        let all = none.into_iter().chain(options.get());
        all.map(|(key, label)| {
            let is_chosen = key == chosen;
            view! { <option value=key selected=is_chosen>{label}</option> }
        })
        .collect_view()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id.clone()
                prop:value=value
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                data-refused=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=format!("{id}-hint")
                on:change:target=move |event| {
                    refused.clear();
                    on_commit.run(event.target().value());
                }
            >
                {live(choices)}
            </select>
            <Hint id=format!("{id}-hint") hint problem />
        </div>
    }
}

/// A checkbox.
#[component]
pub fn Check(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<bool>,
    on_commit: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=value
                on:change:target=move |event| on_commit.run(event.target().checked())
            />
            <span>{label}</span>
        </label>
    }
}

/// A list of options, of which any number is chosen.
#[component]
pub fn Pick(
    #[prop(into)] label: String,
    /// Key and label of each option.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<Vec<String>>,
    on_commit: Callback<Vec<String>>,
) -> impl IntoView {
    let toggle = move |key: &str, is_chosen: bool| {
        let mut chosen = value.try_get_untracked().unwrap_or_default();
        chosen.retain(|other| other != key);
        if is_chosen {
            chosen.push(key.to_owned());
        }
        on_commit.run(chosen);
    };
    let checks = move || {
        let items = options.get().into_iter().map(|(key, label)| {
            let own = key.clone();
            let is_chosen = Signal::derive(move || value.with(|chosen| chosen.contains(&own)));
            let on_commit = Callback::new(move |is_chosen| toggle(&key, is_chosen));
            view! { <Check label value=is_chosen on_commit /> }
        });
        items.collect_view()
    };
    view! {
        <fieldset class="field pick">
            <legend>{label}</legend>
            {live(checks)}
        </fieldset>
    }
}
