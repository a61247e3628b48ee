//! The address bar: reads, sets and follows the fragment.

use super::{clock, place};
use leptos::prelude::*;

/// Returns the fragment, with its `#`.
#[must_use]
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Returns whether this is the first screen and nothing in this browser points to boards. `boot.js`
/// decides it, so that everything that a later visit needs is being loaded before the app runs.
#[must_use]
pub fn is_first_visit() -> bool {
    let page = document().document_element();
    page.is_some_and(|page| page.get_attribute("data-visit").as_deref() == Some("first"))
}

/// Returns the page's origin: scheme, host and port.
#[must_use]
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Returns the page's address without its fragment, user name and password.
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

/// Navigates to a fragment. With `replaces`, it replaces the current entry of the browser's
/// history.
pub fn go(fragment: &str, replaces: bool) {
    let history = window().history();
    let gone = history.and_then(|history| {
        let state = place::state_of_next(replaces);
        if replaces {
            history.replace_state_with_url(&state, "", Some(fragment))
        } else {
            history.push_state_with_url(&state, "", Some(fragment))
        }
    });
    // A page opened from a disk may not rewrite its history, but it may follow a link.
    if gone.is_err() {
        drop(window().location().set_hash(fragment));
    }
}

/// Calls back whenever the person follows a link, goes back or forward, or edits the address.
pub fn on_change(callback: impl Fn() + 'static) {
    let forward = std::rc::Rc::new(callback);
    let back = forward.clone();
    // Depending on the browser, one of the two events fires for history entries made by `go`.
    window_event_listener(leptos::ev::hashchange, move |_| forward());
    window_event_listener(leptos::ev::popstate, move |_| back());
}

/// Sets the title of the window or tab.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Sets the icon of the window or tab. A dot marks a trigger that is met or an item that is
/// overdue.
pub fn set_icon(has_dot: bool) {
    let icon = document().query_selector("link[rel=icon]").ok().flatten();
    let file = if has_dot {
        "favicon-due.svg"
    } else {
        "favicon.svg"
    };
    if let Some(icon) = icon.filter(|icon| icon.get_attribute("href").as_deref() != Some(file)) {
        drop(icon.set_attribute("href", file));
    }
}

/// Moves the keyboard to an element, so that a new screen is read from its beginning. Of a form, which takes no
/// keyboard itself, it moves to the first field, and brings it into sight.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let takes_keyboard = element.tab_index() >= 0 || element.has_attribute("tabindex");
        if !takes_keyboard
            && let Ok(Some(field)) = element.query_selector("input, select, textarea")
        {
            if let Some(field) = field.dyn_ref::<web_sys::HtmlElement>() {
                drop(field.focus());
            }
            return;
        }
        // `scroll_to_top` sets the scroll position.
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(element.focus_with_options(&options));
    }
}

/// The class of the rows that the keyboard moves through.
const ROW: &str = "is-row";

/// Moves the keyboard to the link of the row `step` rows further down, or up if `step` is negative.
/// If no row has the keyboard, it moves to the first row.
pub fn focus_row(step: i32) {
    use wasm_bindgen::JsCast;
    let rows = document().get_elements_by_class_name(ROW);
    let active = document().active_element();
    let current = (0..rows.length()).find(|at| {
        let row = rows.item(*at);
        row.is_some_and(|row| row.contains(active.as_deref()))
    });
    let next = match current {
        Some(at) => at.checked_add_signed(step),
        None => Some(0),
    };
    let row = next.and_then(|at| rows.item(at));
    let link = row.and_then(|row| row.query_selector("a").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(link.focus());
    }
}

/// Returns whether the page has an element with that id.
#[must_use]
pub fn is_there(id: &str) -> bool {
    document().get_element_by_id(id).is_some()
}

/// Shows a new screen from its top, with the keyboard at its beginning; or, after going back or forward, the
/// place in which the person was.
pub fn begin_anew() {
    scroll_to_top();
    place::restore();
    focus("main");
    // Only now, since the element may still be the one of the previous screen.
    clock::soon(|| focus_if_lost("main"));
}

/// Moves the keyboard to the element `id` if the focused element was removed. Without such an
/// element it moves to the beginning of the screen.
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

/// Commits what is typed in the focused field, as when the person leaves the field. Browsers do not
/// commit the field's value when the field is removed.
pub fn leave_field() {
    use wasm_bindgen::JsCast;
    let element = document().active_element();
    let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    drop(element.blur());
    // In a date field, Chromium leaves the keyboard on the calendar button, which is a part of the
    // field.
    if document().active_element().as_ref() == Some(element.as_ref()) {
        focus("main");
    }
}

/// Commits the focused field, as [`leave_field`] does, when the page is closed. A credence field is
/// skipped, unless it writes a draft: it could store half a number as somebody's credence.
pub fn leave_finished_field() {
    let element = document().active_element();
    let is_credence = element.is_some_and(|element| {
        element.get_attribute("inputmode").as_deref() == Some("decimal")
            && !element.has_attribute("data-draft")
    });
    if !is_credence {
        leave_field();
    }
}

/// Calls back when the page is unloaded: closed, reloaded, or left for another site.
pub fn on_leave(callback: impl Fn() + 'static) {
    window_event_listener(leptos::ev::pagehide, move |_| callback());
}

/// Clicks the link or button with this id, if there is one.
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
