//! The keyboard in a form that saves a record.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{is_command, key_of};

/// Moves the keyboard to the first text field of a form.
pub fn focus_first_text(form: &Element) {
    let first = form
        .query_selector("textarea, input[type=text]")
        .ok()
        .flatten();
    if let Some(first) = first.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
        drop(first.focus());
    }
}

/// Returns whether a form was submitted by the button with this value.
#[must_use]
pub fn is_sent_by(event: &ev::SubmitEvent, value: &str) -> bool {
    let button = event.submitter();
    button.is_some_and(|button| button.get_attribute("value").as_deref() == Some(value))
}

/// Handles a key within a form: Ctrl or ⌘ + Enter saves from anywhere. Enter alone saves only on a button, so
/// that a half-written record is not saved from a field of one line.
pub fn press_key_in_form(event: ev::KeyboardEvent) {
    if key_of(&event) != "Enter" {
        return;
    }
    let form = event
        .current_target()
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    if is_command(&event) {
        event.prevent_default();
        // A field commits its text when it is left.
        let field = document().active_element();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            drop(field.blur());
        }
        if let Some(form) = form {
            drop(form.request_submit());
        }
    } else if event
        .target()
        .is_some_and(|target| target.dyn_ref::<HtmlInputElement>().is_some())
    {
        event.prevent_default();
    }
}
