//! Scrolls lists that are larger than their space.

use leptos::prelude::document;
use leptos::web_sys::HtmlElement;
use wasm_bindgen::JsCast as _;

/// Scrolls a list of tabs sideways until the current tab is in the middle.
pub fn show_current(list: &HtmlElement) {
    let Some(current) = first(list, "[aria-current]") else {
        return;
    };
    let room = list.client_width() - current.offset_width();
    list.set_scroll_left(current.offset_left() - list.offset_left() - room / 2);
}

/// Scrolls a list of options as little as needed to show the selected one. The list must be
/// positioned.
pub fn show_selected(list: &HtmlElement) {
    let Some(selected) = first(list, "[aria-selected=true]") else {
        return;
    };
    let top = selected.offset_top();
    let lowest = top + selected.offset_height() - list.client_height();
    // `clamp` would panic if the list is lower than the option.
    list.set_scroll_top(list.scroll_top().max(lowest).min(top));
}

/// Scrolls the focused element out from under `over`, which covers the lower edge of the page. The page
/// reserves space for it (`scroll-padding`).
pub fn uncover_focused(over: &HtmlElement) {
    let focused = document().active_element();
    let Some(focused) = focused.filter(|element| element.tag_name() != "BODY") else {
        return;
    };
    if focused.get_bounding_client_rect().bottom() > over.get_bounding_client_rect().top() {
        focused.scroll_into_view_with_bool(false);
    }
}

fn first(list: &HtmlElement, selector: &str) -> Option<HtmlElement> {
    let found = list.query_selector(selector).ok().flatten();
    found.and_then(|element| element.dyn_into::<HtmlElement>().ok())
}
