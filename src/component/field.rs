//! Form fields that save themselves: a change is handed on when the field is left or a choice is
//! made, never by a button.

use chrono::{Datelike as _, NaiveDate};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, HtmlElement, HtmlInputElement};

use super::edit::{Edit, Theirs};
use super::field_errors::{Refused, reveal_and_focus};
use super::{is_command, key_of, live};

use cruxboard_domain::VagueDate;
use cruxboard_domain::date::{USUAL_DUE_YEARS, USUAL_YEARS};
use cruxboard_domain::limits::{TEXT_LIMIT, excess};

/// Counts fields, so that each label can name its own.
pub(super) fn next_id() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("field-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Why a text is not taken by a field for so many characters, if it is not.
fn too_long(text: &str, most: usize) -> Option<String> {
    let excess = excess(text, most)?;
    let first = excess.to_string();
    let (first, rest) = first.split_at_checked(1)?;
    Some(format!(
        "{}{rest}. Nothing was stored; keep the start, or link to the whole text.",
        first.to_uppercase()
    ))
}

/// Says while a text is typed that it is too long, and no more once it is not.
fn note_length(text: &str, most: usize, problem: RwSignal<Option<String>>) {
    let wrong = too_long(text, most);
    if wrong.is_some() || problem.with_untracked(Option::is_some) {
        problem.set(wrong);
    }
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
    /// By what the form calls it that says what is wrong: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
    /// How many characters it takes.
    #[prop(default = TEXT_LIMIT)]
    most: usize,
    /// Texts offered while typing.
    #[prop(into, optional)]
    offers: Vec<String>,
    /// Says what is wrong with a text, if anything is.
    #[prop(optional_no_strip)]
    check: Option<fn(&str) -> Option<String>>,
    /// Asks about a text that is probably a slip. It is stored once that is answered.
    #[prop(optional_no_strip)]
    doubt: Option<fn(&str) -> Option<String>>,
    /// How a change spells a text of this field: see `Author`.
    #[prop(optional_no_strip)]
    spelled: Option<Callback<String, String>>,
) -> impl IntoView {
    let id = next_id();
    let list_id = (!offers.is_empty()).then(|| format!("{id}-offers"));
    let edit = Edit::new(value, on_commit);
    let problem = RwSignal::new(None::<String>);
    let refused = Refused::of(name, id.clone());
    let shown_problem = Signal::derive(move || problem.get().or_else(|| refused.why()));
    let is_refused = move || problem.with(Option::is_none) && refused.why().is_some();
    let asked = RwSignal::new(None::<String>);
    let is_date = kind == "date";
    let commit = move |input: HtmlInputElement| {
        let text = input.value();
        let wrong = match check.and_then(|check| check(text.trim())) {
            // The value of a date that is typed in part is empty, as is that of one that was cleared.
            None if is_date && !input.check_validity() => Some(INCOMPLETE_DATE.to_owned()),
            wrong => wrong,
        };
        let wrong = too_long(&text, most).or(wrong);
        let is_wrong = wrong.is_some();
        problem.set(wrong);
        let doubted = doubt.filter(|_| !is_wrong && edit.is_new(&text));
        let question = doubted.and_then(|doubt| doubt(text.trim()));
        let is_doubted = question.is_some();
        // A new question would take its button from under the pointer.
        if asked.try_with_untracked(|asked| *asked != question) == Some(true) {
            asked.set(question);
        }
        if is_wrong || is_doubted {
            edit.refuse(text);
        } else {
            edit.commit(&text);
        }
    };
    let leave_date = move |input: HtmlInputElement| {
        if edit.is_edited() || !input.check_validity() {
            commit(input);
        }
    };
    let confirm = move |_| {
        asked.set(None);
        edit.commit_kept();
    };
    let datalist = list_id.clone().map(|list| {
        let offers = offers
            .into_iter()
            .map(|offer| view! { <option value=offer /> });
        view! { <datalist id=list>{offers.collect_view()}</datalist> }
    });
    let is_invalid = move || shown_problem.with(Option::is_some) || asked.get().is_some();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                type=kind
                max=is_date.then_some("9999-12-31")
                list=list_id
                placeholder=placeholder
                prop:value=edit.shown
                aria-invalid=move || is_invalid().then_some("true")
                data-refused=move || is_refused().then_some("true")
                aria-describedby=format!("{id}-hint")
                on:input:target=move |event| {
                    let text = event.target().value();
                    note_length(&text, most, problem);
                    refused.clear();
                    edit.keep(text);
                }
                on:change:target=move |event| {
                    // Browsers send this with each digit that makes a date.
                    if !is_date {
                        commit(event.target());
                    }
                }
                on:blur:target=move |event| {
                    if is_date {
                        leave_date(event.target());
                    }
                }
                on:keydown:target=move |event| match key_of(&event).as_str() {
                    "Escape" => {
                        edit.let_go();
                        problem.set(None);
                        asked.set(None);
                    }
                    "Enter" if is_date => leave_date(event.target()),
                    _ => {}
                }
            />
            {datalist}
            <Hint id=format!("{id}-hint") hint problem=shown_problem />
            {live(move || asked.get().map(|question| view! {
                <p class="hint problem asked" role="alert">
                    {question} " "
                    <button type="button" on:click=confirm>"Keep it"</button>
                </p>
            }))}
            <Theirs edit spelled />
        </div>
    }
}

const INCOMPLETE_DATE: &str = "The date is incomplete. Nothing was stored.";

/// Text of several lines; it grows with what it holds.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_commit: Callback<String>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(default = 2)] rows: u32,
    /// By what the form calls it that says what is wrong: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
    /// How many characters it takes.
    #[prop(default = TEXT_LIMIT)]
    most: usize,
    /// Set in the serif of claims and quotes.
    #[prop(optional)]
    is_claim: bool,
    /// How a change spells a text of this field: see `Author`.
    #[prop(optional_no_strip)]
    spelled: Option<Callback<String, String>>,
) -> impl IntoView {
    let id = next_id();
    let edit = Edit::new(value, on_commit);
    let problem = RwSignal::new(None::<String>);
    let refused = Refused::of(name, id.clone());
    let shown_problem = Signal::derive(move || problem.get().or_else(|| refused.why()));
    let is_refused = move || problem.with(Option::is_none) && refused.why().is_some();
    let commit = move |text: String| {
        let wrong = too_long(&text, most);
        let is_wrong = wrong.is_some();
        problem.set(wrong);
        if is_wrong {
            edit.refuse(text);
        } else {
            edit.commit(&text);
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
                prop:value=edit.shown
                aria-invalid=move || shown_problem.with(Option::is_some).then_some("true")
                data-refused=move || is_refused().then_some("true")
                aria-describedby=format!("{id}-hint")
                on:input:target=move |event| {
                    let text = event.target().value();
                    note_length(&text, most, problem);
                    refused.clear();
                    edit.keep(text);
                }
                on:change:target=move |event| commit(event.target().value())
                on:keydown:target=move |event| match key_of(&event).as_str() {
                    "Escape" => {
                        edit.let_go();
                        problem.set(None);
                    }
                    "Enter" if is_command(&event) => commit(event.target().value()),
                    _ => {}
                }
            ></textarea>
            <Hint id=format!("{id}-hint") hint problem=shown_problem />
            <Theirs edit spelled />
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
    /// By what the form calls it that says what is wrong: see `FieldErrors`.
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

/// A day, or none.
#[component]
pub fn DateField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<Option<NaiveDate>>,
    on_commit: Callback<Option<NaiveDate>>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] name: String,
) -> impl IntoView {
    let text = Signal::derive(move || value.get().map(|day| day.to_string()).unwrap_or_default());
    let on_commit = Callback::new(move |text: String| on_commit.run(text.parse().ok()));
    let (check, doubt) = (Some(no_day as Says), Some(unusual_day as Says));
    view! { <TextField label kind="date" value=text on_commit hint name check doubt /> }
}

/// What there is to say of a text that was typed, if anything is.
pub(super) type Says = fn(&str) -> Option<String>;

/// Says so when a text is no day, nor empty.
pub(super) fn no_day(text: &str) -> Option<String> {
    let is_one = text.is_empty() || text.parse::<NaiveDate>().is_ok();
    (!is_one).then(|| INCOMPLETE_DATE.to_owned())
}

/// Asks about a day to come whose year was probably not meant.
pub(super) fn unusual_day(text: &str) -> Option<String> {
    let year = text.parse::<NaiveDate>().ok()?.year();
    (!USUAL_DUE_YEARS.contains(&year)).then(|| ask_about(year))
}

/// Asks about a date of evidence whose year was probably not meant.
pub(super) fn unusual_date(text: &str) -> Option<String> {
    let year = text.parse::<VagueDate>().ok()?.earliest()?.year();
    (!USUAL_YEARS.contains(&year)).then(|| ask_about(year))
}

fn ask_about(year: i32) -> String {
    format!("Is the year {year} meant? It is not stored yet.")
}

/// Moves the keyboard to the first field of a form that holds something which cannot be stored.
/// Says whether there is one: the form is not to be handed in then.
#[must_use]
pub fn focus_invalid(event: &ev::Event) -> bool {
    let within = |selector| {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let form = target
            .closest("form, fieldset, details, section, .page")
            .ok()??;
        form.query_selector(selector).ok()?
    };
    // A value that the form refused may be valid by now; if not, it is refused again.
    let Some(field) = within("[aria-invalid=true]:not([data-refused])") else {
        return false;
    };
    reveal_and_focus(field);
    true
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
fn Hint(id: String, hint: String, problem: Signal<Option<String>>) -> impl IntoView {
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
    let element = event.target()?.dyn_into::<HtmlElement>().ok()?;
    match element.tag_name().as_str() {
        "INPUT" => Some(element.unchecked_ref::<HtmlInputElement>().type_()),
        "SELECT" => Some("select-one".into()),
        "TEXTAREA" => Some("textarea".into()),
        _ => element.is_content_editable().then(String::new),
    }
}
