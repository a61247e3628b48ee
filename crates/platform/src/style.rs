//! The stylesheet of boards, which the first screen does not need.

use leptos::prelude::document;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlLinkElement;

/// Adds the stylesheet to the page, unless it is there, and waits until it is loaded. A development
/// build has it from the start.
///
/// # Errors
/// [`JsValue`] with the browser's error if the file cannot be loaded.
pub async fn load_style_of_boards() -> Result<(), JsValue> {
    let named = document().query_selector("meta[name=board-style]")?;
    let Some(named) = named else {
        return Ok(());
    };
    let link: HtmlLinkElement = document().create_element("link")?.unchecked_into();
    link.set_rel("stylesheet");
    link.set_href(&named.get_attribute("content").unwrap_or_default());
    let loaded = js_sys::Promise::new(&mut |resolve, reject| {
        link.set_onload(Some(&resolve));
        link.set_onerror(Some(&reject));
    });
    // The link goes after the first stylesheet, whose rules it refines.
    named.after_with_node_1(&link)?;
    loaded.await?;
    named.remove();
    Ok(())
}
