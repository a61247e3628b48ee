//! Form fields that save themselves: a change is handed on when the field is left or a choice is
//! made, never by a button.

use crate::prelude::*;
use chrono::NaiveDate;
use leptos::ev;

use super::{is_command, key_of, live};

use cruxboard_domain::decide::TEXT_LIMIT;

/// Counts fields, so that each label can name its own.
pub(super) fn next_id() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("field-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Why a text is not taken, if it is not.
fn too_long(text: &str) -> Option<String> {
    let length = if text.len() > TEXT_LIMIT {
        text.chars().count()
    } else {
        0
    };
    (length > TEXT_LIMIT).then(|| {
        format!(
            "{length} characters are too many: {TEXT_LIMIT} is the most. Nothing was stored; keep the start, or link to the whole text."
        )
    })
}

/// One line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_commit: Callback<String>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(default = "text")] kind: &'static str,
    /// Texts offered while typing.
    #[prop(into, optional)]
    offers: Vec<String>,
    /// Says what is wrong with a text, if anything is.
    #[prop(optional_no_strip)]
    check: Option<fn(&str) -> Option<String>>,
) -> impl IntoView {
    let id = next_id();
    let list_id = (!offers.is_empty()).then(|| format!("{id}-offers"));
    let problem = RwSignal::new(None::<String>);
    let commit = move |text: String| {
        problem.set(too_long(&text).or_else(|| check.and_then(|check| check(text.trim()))));
        if problem.try_with_untracked(Option::is_none) == Some(true)
            && value
                .try_get_untracked()
                .is_some_and(|value| value != text.trim())
        {
            on_commit.run(text.trim().to_owned());
        }
    };
    let datalist = list_id.clone().map(|list| {
        let offers = offers
            .into_iter()
            .map(|offer| view! { <option value=offer /> });
        view! { <datalist id=list>{offers.collect_view()}</datalist> }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                type=kind
                list=list_id
                placeholder=placeholder
                prop:value=value
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=format!("{id}-hint")
                on:change:target=move |event| commit(event.target().value())
                on:keydown:target=move |event| {
                    if key_of(&event) == "Escape" {
                        event.target().set_value(&value.try_get_untracked().unwrap_or_default());
                        problem.set(None);
                    }
                }
            />
            {datalist}
            <Hint id=format!("{id}-hint") hint problem />
        </div>
    }
}

/// Text of several lines; it grows with what it holds.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_commit: Callback<String>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(default = 2)] rows: u32,
    /// Set in the serif of claims and quotes.
    #[prop(optional)]
    is_claim: bool,
) -> impl IntoView {
    let id = next_id();
    let problem = RwSignal::new(None::<String>);
    let commit = move |text: String| {
        problem.set(too_long(&text));
        if problem.try_with_untracked(Option::is_none) == Some(true)
            && value
                .try_get_untracked()
                .is_some_and(|value| value != text.trim())
        {
            on_commit.run(text.trim().to_owned());
        }
    };
    view! {
        <div class="field wide">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id.clone()
                class:claim=is_claim
                rows=rows
                placeholder=placeholder
                prop:value=value
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=format!("{id}-hint")
                on:change:target=move |event| commit(event.target().value())
                on:keydown:target=move |event| match key_of(&event).as_str() {
                    "Escape" => {
                        event.target().set_value(&value.try_get_untracked().unwrap_or_default());
                        problem.set(None);
                    }
                    "Enter" if is_command(&event) => commit(event.target().value()),
                    _ => {}
                }
            ></textarea>
            <Hint id=format!("{id}-hint") hint problem />
        </div>
    }
}

/// One of a few words, or none.
#[component]
pub fn Choice(
    #[prop(into)] label: String,
    /// Key and label of each.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The key chosen; empty: none.
    #[prop(into)]
    value: Signal<String>,
    on_commit: Callback<String>,
    /// What choosing none is called; empty: something must be chosen.
    #[prop(into, default = "—".to_owned())]
    none: String,
    #[prop(into, optional)] hint: String,
) -> impl IntoView {
    let id = next_id();
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
                aria-describedby=format!("{id}-hint")
                on:change:target=move |event| on_commit.run(event.target().value())
            >
                {live(choices)}
            </select>
            <Hint id=format!("{id}-hint") hint problem=RwSignal::new(None) />
        </div>
    }
}

/// A day, or none.
#[component]
pub fn DateField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<Option<NaiveDate>>,
    on_commit: Callback<Option<NaiveDate>>,
    #[prop(into, optional)] hint: String,
) -> impl IntoView {
    let text = Signal::derive(move || value.get().map(|day| day.to_string()).unwrap_or_default());
    let on_commit = Callback::new(move |text: String| on_commit.run(text.parse().ok()));
    view! { <TextField label kind="date" value=text on_commit hint /> }
}

/// Yes or no.
#[component]
pub fn Check(
    #[prop(into)] label: String,
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

/// Any number of things from a list.
#[component]
pub fn Pick(
    #[prop(into)] label: String,
    /// Key and label of each.
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

#[component]
fn Hint(id: String, hint: String, problem: RwSignal<Option<String>>) -> impl IntoView {
    let text = {
        let hint = hint.clone();
        move || problem.get().unwrap_or_else(|| hint.clone())
    };
    let is_empty = move || hint.is_empty() && problem.get().is_none();
    view! {
        <p id=id class="hint" class:problem=move || problem.get().is_some() hidden=is_empty role="status">
            {live(text)}
        </p>
    }
}

/// Whether a key event belongs to a text being typed. A slider, a box to tick and a list to choose from
/// have no text: what is done with them is undone by the keys that undo everything else.
#[must_use]
pub fn is_typing(event: &ev::KeyboardEvent) -> bool {
    field_type(event).is_some_and(|kind| {
        !matches!(
            kind.as_str(),
            "range" | "checkbox" | "radio" | "button" | "submit" | "file" | "select-one"
        )
    })
}

/// Whether a key event belongs to a field of any kind.
#[must_use]
pub fn is_on_field(event: &ev::KeyboardEvent) -> bool {
    field_type(event).is_some()
}

/// What the browser calls the type of the field that a key event comes from, if it is one.
fn field_type(event: &ev::KeyboardEvent) -> Option<String> {
    use leptos::wasm_bindgen::JsCast;
    use leptos::web_sys::{HtmlElement, HtmlInputElement};
    let element = event.target()?.dyn_into::<HtmlElement>().ok()?;
    match element.tag_name().as_str() {
        "INPUT" => Some(element.unchecked_ref::<HtmlInputElement>().type_()),
        "SELECT" => Some("select-one".into()),
        "TEXTAREA" => Some("textarea".into()),
        _ => element.is_content_editable().then(String::new),
    }
}
