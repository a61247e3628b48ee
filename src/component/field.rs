//! Form fields that save by themselves: a change is committed when the field is left or a choice is
//! made.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{self, Element, HtmlElement, HtmlInputElement};

use super::edit::{Edit, Theirs};
use super::field_errors::{Refused, reveal_and_focus};
use super::passed_day::view_passed;
use super::{is_command, key_of, live};

use cruxboard_domain::limits::{TEXT_LIMIT, excess};
use cruxboard_domain::t;

/// Returns a new id for a field, to which its label refers.
pub(super) fn next_id() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("field-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Returns a message if a text is longer than `most` characters.
fn too_long(text: &str, most: usize) -> Option<String> {
    let excess = excess(text, most)?;
    let excess = excess.to_string();
    let mut rest = excess.chars();
    let first = rest.next()?.to_uppercase();
    Some(t!(
        "{excess}. Nothing was stored; keep the start, or link to the whole text.",
        excess = format!("{first}{}", rest.as_str())
    ))
}

/// Shows while a text is typed that it is too long, and clears the message when it is not.
fn note_length(text: &str, most: usize, problem: RwSignal<Option<String>>) {
    let wrong = too_long(text, most);
    if wrong.is_some() || problem.with_untracked(Option::is_some) {
        problem.set(wrong);
    }
}

/// A field for one line of text.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_commit: Callback<String>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(default = "text")] kind: &'static str,
    /// The form's name of this field, for its errors: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
    /// Maximum number of characters.
    #[prop(default = TEXT_LIMIT)]
    most: usize,
    /// Texts suggested while typing.
    #[prop(into, optional)]
    offers: Vec<String>,
    /// Returns what is wrong with a text, if anything.
    #[prop(optional_no_strip)]
    check: Option<fn(&str) -> Option<String>>,
    /// Asks about a text that is probably a slip. The text is stored once the question is answered.
    #[prop(optional_no_strip)]
    doubt: Option<fn(&str) -> Option<String>>,
    /// Returns a typed text in the form in which the field shows it once it is stored.
    #[prop(optional_no_strip)]
    rewrite: Option<fn(&str) -> String>,
    /// Returns a text of this field as it is written in a change: see `Author`.
    #[prop(optional_no_strip)]
    spelled: Option<Callback<String, String>>,
    /// Whether the text is a day on which something is to be done. The field then says if it has passed.
    #[prop(optional)]
    is_due: bool,
) -> impl IntoView {
    let id = next_id();
    let list_id = (!offers.is_empty()).then(|| format!("{id}-offers"));
    let edit = Edit::new(value, on_commit);
    let [problem, asked] = [(); 2].map(|()| RwSignal::new(None::<String>));
    let refused = Refused::of(name, id.clone());
    let shown_problem = Signal::derive(move || problem.get().or_else(|| refused.why()));
    let is_refused = move || problem.with(Option::is_none) && refused.why().is_some();
    let is_date = kind == "date";
    let commit = move |input: HtmlInputElement| {
        let text = rewrite.map_or_else(|| input.value(), |it| it(&input.value()));
        let wrong = too_long(&text, most)
            .or_else(|| check?(text.trim()))
            .or_else(|| incomplete_date(&input))
            .or_else(|| no_number(&input));
        let doubted = doubt.filter(|_| wrong.is_none() && edit.is_new(&text));
        let question = doubted.and_then(|doubt| doubt(text.trim()));
        let is_taken = wrong.is_none() && question.is_none();
        problem.set(wrong);
        // Set only if different: rendering the question again would remove its button under the
        // pointer.
        if asked.try_with_untracked(|asked| *asked != question) == Some(true) {
            asked.set(question);
        }
        match is_taken {
            true => edit.commit(&text),
            false => edit.refuse(text),
        }
        mark_invalid(&input, shown_problem, Some(asked));
    };
    let leave_date = move |input: HtmlInputElement| {
        if edit.is_edited() || incomplete_date(&input).is_some() {
            commit(input);
        }
    };
    let list = list_id.clone().map(|list| datalist(list, offers));
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
                    // For a date, browsers fire this event with each digit.
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
            {list}
            <Hint id=format!("{id}-hint") hint problem=shown_problem />
            {is_due.then(|| view_passed(value))}
            {live(move || asked.get().map(|question| view_doubt(question, asked, edit)))}
            <Theirs edit spelled />
        </div>
    }
}

/// Marks a field at once as valid or not. The view does so only after the event, and a key that saves the form
/// sends it before that: see [`focus_invalid`].
pub(super) fn mark_invalid(
    field: &Element,
    problem: Signal<Option<String>>,
    asked: Option<RwSignal<Option<String>>>,
) {
    let is_asked = asked.and_then(|asked| asked.try_get_untracked()).flatten();
    let is_wrong = problem.try_get_untracked().flatten().or(is_asked).is_some();
    let marked = if is_wrong {
        field.set_attribute("aria-invalid", "true")
    } else {
        field.remove_attribute("aria-invalid")
    };
    drop(marked);
}

/// Returns the list of texts that a field suggests while typing.
fn datalist(id: String, offers: Vec<String>) -> AnyView {
    let offers = offers
        .into_iter()
        .map(|offer| view! { <option value=offer /> });
    view! { <datalist id=id>{offers.collect_view()}</datalist> }.into_any()
}

fn view_doubt(question: String, asked: RwSignal<Option<String>>, edit: Edit) -> AnyView {
    let confirm = move |_| {
        asked.set(None);
        edit.commit_kept();
    };
    view! {
        <p class="hint problem asked" role="alert">
            {question} " "
            <button type="button" on:click=confirm>{t!("Keep it")}</button>
        </p>
    }
    .into_any()
}

/// A field for several lines of text, which grows with its content.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    on_commit: Callback<String>,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(default = 2)] rows: u32,
    /// The form's name of this field, for its errors: see `FieldErrors`.
    #[prop(into, optional)]
    name: String,
    /// Maximum number of characters.
    #[prop(default = TEXT_LIMIT)]
    most: usize,
    /// Whether to use the serif font of claims and quotes.
    #[prop(optional)]
    is_claim: bool,
    /// Returns a text of this field as it is written in a change: see `Author`.
    #[prop(optional_no_strip)]
    spelled: Option<Callback<String, String>>,
) -> impl IntoView {
    let id = next_id();
    let edit = Edit::new(value, on_commit);
    let problem = RwSignal::new(None::<String>);
    let refused = Refused::of(name, id.clone());
    let shown_problem = Signal::derive(move || problem.get().or_else(|| refused.why()));
    let is_refused = move || problem.with(Option::is_none) && refused.why().is_some();
    let commit = move |area: Element, text: String| {
        let wrong = too_long(&text, most);
        let is_wrong = wrong.is_some();
        problem.set(wrong);
        if is_wrong {
            edit.refuse(text);
        } else {
            edit.commit(&text);
        }
        mark_invalid(&area, shown_problem, None);
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
                on:change:target=move |event| commit(event.target().into(), event.target().value())
                on:keydown:target=move |event| match key_of(&event).as_str() {
                    "Escape" => {
                        edit.let_go();
                        problem.set(None);
                    }
                    "Enter" if is_command(&event) => commit(event.target().into(), event.target().value()),
                    _ => {}
                }
            ></textarea>
            <Hint id=format!("{id}-hint") hint problem=shown_problem />
            <Theirs edit spelled />
        </div>
    }
}

/// Moves the keyboard to the first field of a form whose text cannot be stored. Returns whether
/// there is one; the form must then not be submitted.
#[must_use]
pub fn focus_invalid(event: &ev::Event) -> bool {
    let within = |selector| {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let form = target
            .closest("form, fieldset, details, section, .page")
            .ok()??;
        form.query_selector(selector).ok()?
    };
    // A value that the form refused may be valid by now; otherwise the form refuses it again.
    let Some(field) = within("[aria-invalid=true]:not([data-refused])") else {
        return false;
    };
    reveal_and_focus(field);
    true
}

#[component]
pub(super) fn Hint(id: String, hint: String, problem: Signal<Option<String>>) -> impl IntoView {
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

/// Returns whether a key event belongs to a text field. Sliders, checkboxes and lists contain no
/// text, so undo applies to the board.
#[must_use]
pub fn is_typing(event: &web_sys::Event) -> bool {
    field_type(event).is_some_and(|kind| {
        !matches!(
            kind.as_str(),
            "range" | "checkbox" | "radio" | "button" | "submit" | "file" | "select-one"
        )
    })
}

/// Returns whether an event comes from a form field of any kind.
#[must_use]
pub fn is_on_field(event: &web_sys::Event) -> bool {
    field_type(event).is_some()
}

/// Returns whether an event comes from a button of a group, such as the outcomes of a trigger.
#[must_use]
pub fn is_in_group(event: &web_sys::Event) -> bool {
    let element = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let group = element.and_then(|it| it.closest("[role=group], [role=radiogroup]").ok()?);
    group.is_some()
}

/// Returns the field of decimal numbers in which Enter was pressed.
#[must_use]
pub fn entered_number(event: &web_sys::KeyboardEvent) -> Option<Element> {
    let number = event.target()?.dyn_into::<Element>().ok()?;
    let is_number = number.get_attribute("inputmode").as_deref() == Some("decimal");
    (is_number && key_of(event) == "Enter").then_some(number)
}

/// Returns the browser's name for the type of the field that an event comes from, if it is a field.
fn field_type(event: &web_sys::Event) -> Option<String> {
    let element = event.target()?.dyn_into::<HtmlElement>().ok()?;
    match element.tag_name().as_str() {
        "INPUT" => Some(element.unchecked_ref::<HtmlInputElement>().type_()),
        "SELECT" => Some("select-one".into()),
        "TEXTAREA" => Some("textarea".into()),
        _ => element.is_content_editable().then(String::new),
    }
}

/// Returns a message if the text of a number field is no number. Its value is then empty, as if it had been
/// cleared.
fn no_number(input: &HtmlInputElement) -> Option<String> {
    let is_number = input.type_() == "number";
    let is_none = is_number && input.value().is_empty() && !input.check_validity();
    is_none.then(|| t!("Not taken: this is no number.").to_owned())
}

/// Returns a message if a date is only partly typed. The field's value is then empty, as if it had been
/// cleared.
fn incomplete_date(input: &HtmlInputElement) -> Option<String> {
    let is_incomplete = input.type_() == "date" && !input.check_validity();
    is_incomplete.then(date_is_incomplete)
}

pub(super) fn date_is_incomplete() -> String {
    t!("The date is incomplete. Nothing was stored.").to_owned()
}
