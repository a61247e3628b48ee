//! Mounts the app in the page, and nothing else.

use leptos::{prelude::document, wasm_bindgen::JsCast, web_sys::HtmlElement};

fn main() {
    cruxboard_platform::crash::report_panics();
    cruxboard_platform::language::load_texts();
    let place = document()
        .get_element_by_id("app")
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(place) = place {
        leptos::mount::mount_to(place, cruxboard::app::App).forget();
    }
}
