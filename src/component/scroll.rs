//! Scrolls lists that are larger than their space.

use leptos::prelude::{document, window};
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

/// The property of the style sheet with the height that notices cover at the lower edge of the page.
const COVERED: &str = "--covered";

/// Space between a notice and what stands above it, in pixels.
const GAP: f64 = 8.0;

/// Reserves room below the page while `over` stands above its lower edge, so that the end of the page can be
/// scrolled out from under it. Room that is in view afterwards goes only as it is scrolled out of view, since the
/// page would move otherwise.
pub fn reserve_room(over: &HtmlElement) {
    let root = document().document_element();
    let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let reserved = root.style().get_property_value(COVERED).unwrap_or_default();
    let reserved: f64 = reserved.trim_end_matches("px").parse().unwrap_or_default();
    let is_empty = over.child_element_count() == 0;
    if is_empty && reserved <= 0.0 {
        return;
    }
    let height = f64::from(root.client_height());
    let scrolled = window().scroll_y().unwrap_or_default();
    let below = f64::from(root.scroll_height()) - height - scrolled;
    let in_view = if scrolled > 0.0 {
        reserved - below
    } else {
        0.0
    };
    let covered = match is_empty {
        true => 0.0,
        false => height - over.get_bounding_client_rect().top() + GAP,
    };
    let room = covered.max(in_view).max(0.0).round();
    // Without the room a notice covers something, which can be read once it is gone.
    drop(root.style().set_property(COVERED, &format!("{room}px")));
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
