//! Panics: the person is told, and nothing more is stored.

use cruxboard_domain::t;
use leptos::prelude::document;
use wasm_bindgen::JsValue;

/// Installs a panic hook that writes the panic to the console and shows a message on the page. The
/// app cannot go on after a panic. Stored changes are safe, and a reload opens them again.
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
        t!("Something in Cruxboard broke, and this tab has stopped. What was saved is safe: reload the page to go on."),
    ));
    drop(notice.set_attribute("role", "alert"));
    drop(body.prepend_with_node_1(&notice));
}
