//! The address bar: what stands in its fragment, and when that changes.

use super::clock;
use leptos::prelude::*;

/// The fragment, with its `#`.
#[must_use]
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Whether this is the first screen and nothing in this browser points to boards: `boot.js` finds out,
/// so that what is needed otherwise is on its way before the app runs.
#[must_use]
pub fn is_first_visit() -> bool {
    let page = document().document_element();
    page.is_some_and(|page| page.get_attribute("data-visit").as_deref() == Some("first"))
}

/// Where the page comes from: scheme, host and port.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// The address of the page, without its fragment, and without a name and password.
#[must_use]
pub fn without_fragment() -> String {
    let address = window().location().href().unwrap_or_default();
    let Ok(plain) = web_sys::Url::new(&address) else {
        return address;
    };
    for clear in [
        web_sys::Url::set_hash,
        web_sys::Url::set_username,
        web_sys::Url::set_password,
    ] {
        clear(&plain, "");
    }
    plain.href()
}

/// Goes to a fragment. `replaces`: whether it takes the place of the one before it in the history.
pub fn go(fragment: &str, replaces: bool) {
    let history = window().history();
    let gone = history.and_then(|history| {
        let state = wasm_bindgen::JsValue::NULL;
        if replaces {
            history.replace_state_with_url(&state, "", Some(fragment))
        } else {
            history.push_state_with_url(&state, "", Some(fragment))
        }
    });
    // A page opened from a disk may not rewrite its history; it may still follow a link.
    if gone.is_err() {
        drop(window().location().set_hash(fragment));
    }
}

/// Calls back whenever the person follows a link, goes back or forward, or edits the address.
pub fn on_change(callback: impl Fn() + 'static) {
    let forward = std::rc::Rc::new(callback);
    let back = forward.clone();
    // Moving through entries made by `go` fires one of the two, depending on the browser.
    window_event_listener(leptos::ev::hashchange, move |_| forward());
    window_event_listener(leptos::ev::popstate, move |_| back());
}

/// What the window or tab is called.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Moves the keyboard to an element, so that a new screen is read from its beginning.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Where the page is scrolled to is for `scroll_to_top` to say.
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(element.focus_with_options(&options));
    }
}

/// Whether the page has an element of that id.
#[must_use]
pub fn is_there(id: &str) -> bool {
    document().get_element_by_id(id).is_some()
}

/// Shows a new screen from its top, with the keyboard at its beginning.
pub fn begin_anew() {
    scroll_to_top();
    focus("main");
    // It may have been that of the screen before.
    clock::soon(|| focus_if_lost("main"));
}

/// Moves the keyboard to an element, or to the screen's beginning where that is not there either, if
/// what had the keyboard is gone.
pub fn focus_if_lost(id: &str) {
    let document = document();
    if document
        .active_element()
        .is_none_or(|at| at.tag_name() == "BODY")
    {
        match document.get_element_by_id(id) {
            Some(_) => focus(id),
            None => focus("main"),
        }
    }
}

/// Takes what is typed in a field for finished, as when the person leaves the field. Browsers do not
/// when the field goes away under it.
pub fn leave_field() {
    use wasm_bindgen::JsCast;
    let element = document().active_element();
    let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    drop(element.blur());
    // Chromium leaves the keyboard on the button for the calendar, which is a part of a date field.
    if document().active_element().as_ref() == Some(element.as_ref()) {
        focus("main");
    }
}

/// Calls back when the page is left for good: closed, reloaded, or for another site.
pub fn on_leave(callback: impl Fn() + 'static) {
    window_event_listener(leptos::ev::pagehide, move |_| callback());
}

/// Presses the link or button with this id, if it is there.
pub fn press(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        element.click();
    }
}

/// Shows the page from its top.
fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}
