//! A list of tabs that may be wider than the screen.

use leptos::web_sys::HtmlElement;
use wasm_bindgen::JsCast as _;

/// Scrolls a list of tabs sideways until the current one is in its middle.
pub fn show_current(list: &HtmlElement) {
    let current = list.query_selector("[aria-current]").ok().flatten();
    let Some(current) = current.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let room = list.client_width() - current.offset_width();
    list.set_scroll_left(current.offset_left() - list.offset_left() - room / 2);
}
