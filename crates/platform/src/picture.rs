//! Pictures: converts SVG to PNG, for files and for the clipboard.

use js_sys::{Function, Object, Promise, Reflect, encode_uri_component};
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, ClipboardItem, HtmlCanvasElement, HtmlImageElement};

use super::files::{FileProblem, download_blob, has_clipboard};

/// Scale of the PNG relative to the SVG's size, so that it stays sharp on a projector.
const SCALE: f64 = 1.5;

/// Returns an address (a `data:` URL) under which the page can show an SVG text.
#[must_use]
pub fn address_of(svg: &str) -> String {
    let text = encode_uri_component(svg).as_string().unwrap_or_default();
    format!("data:image/svg+xml;charset=utf-8,{text}")
}

/// Downloads a picture as PNG.
///
/// # Errors
/// [`FileProblem::NotSaved`] if the picture could not be drawn or saved.
pub async fn save(name: &str, svg: &str) -> Result<(), FileProblem> {
    let drawn = drawn(svg.to_owned()).await;
    let saved = drawn.and_then(|blob| download_blob(name, &blob));
    saved.or(Err(FileProblem::NotSaved))
}

/// Copies a picture to the clipboard as PNG.
///
/// # Errors
/// [`FileProblem::NoPictureClipboard`] if the browser has none or refuses.
pub async fn copy(svg: &str) -> Result<(), FileProblem> {
    // Passed as a promise, since a page may copy only right after a click, and drawing takes
    // longer.
    let blob = Promise::new(&mut |resolve: Function, reject: Function| {
        let svg = svg.to_owned();
        spawn_local(async move {
            let told = match drawn(svg).await {
                Ok(blob) => resolve.call1(&JsValue::NULL, &blob),
                Err(problem) => reject.call1(&JsValue::NULL, &problem),
            };
            // Settling a promise cannot fail.
            drop(told);
        });
    });
    match write(&blob) {
        Ok(done) => done
            .await
            .map(drop)
            .or(Err(FileProblem::NoPictureClipboard)),
        Err(_) => Err(FileProblem::NoPictureClipboard),
    }
}

fn write(blob: &Promise) -> Result<Promise, JsValue> {
    let navigator = window().navigator();
    if !has_clipboard() {
        return Err(JsValue::NULL);
    }
    let record = Object::new();
    Reflect::set(&record, &"image/png".into(), blob)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&record)?;
    Ok(navigator.clipboard().write(&js_sys::Array::of1(&item)))
}

async fn drawn(svg: String) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(&address_of(&svg));
    image.decode().await?;
    let (width, height) = (
        f64::from(image.natural_width()) * SCALE,
        f64::from(image.natural_height()) * SCALE,
    );
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let blob = Promise::new(&mut |resolve: Function, _| {
        let taken = Closure::once_into_js(move |blob: JsValue| {
            drop(resolve.call1(&JsValue::NULL, &blob));
        });
        drop(canvas.to_blob(taken.unchecked_ref()));
    });
    let blob = blob.await?;
    blob.dyn_into()
}
