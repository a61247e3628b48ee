//! What happens when the app itself fails: the person is told, and nothing more is stored.

use leptos::prelude::document;
use wasm_bindgen::JsValue;

/// From now on a panic is written to the console and said on the page. The app cannot go on after
/// one; what was saved is safe, and a reload brings it back.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&JsValue::from_str(&panic.to_string()));
        tell();
    }));
}

fn tell() {
    let page = document();
    let (Some(body), Ok(notice)) = (page.body(), page.create_element("p")) else {
        return;
    };
    notice.set_class_name("crashed");
    notice.set_text_content(Some(
        "Something in Cruxboard broke, and this tab has stopped. What was saved is safe: reload the page to go on.",
    ));
    drop(notice.set_attribute("role", "alert"));
    drop(body.prepend_with_node_1(&notice));
}
