//! A file on disk that the page may write repeatedly, in browsers that support it.
//!
//! The functions are called by name, since web-sys offers them only behind a compiler flag for the
//! whole build.

use cruxboard_domain::t;
use cruxboard_session::ports::PortError;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// The name of the dialog's function, in browsers that have it.
const PICKER: &str = "showSaveFilePicker";

/// A file that the person chose. Its handle outlives the page in IndexedDB; the permission may not.
#[derive(Clone, Debug)]
pub struct DiskFile(JsValue);

/// Returns whether this browser lets a page write to a file on disk.
#[must_use]
pub fn is_possible() -> bool {
    Reflect::get(&window(), &PICKER.into()).is_ok_and(|picker| picker.is_function())
}

/// Opens a dialog to choose a file. Must be called directly from a click or key press. `None` if
/// the person cancels.
///
/// # Errors
/// [`PortError`] with the browser's message.
pub async fn choose(suggested: &str) -> Result<Option<DiskFile>, PortError> {
    let picker: Function = Reflect::get(&window(), &PICKER.into())
        .and_then(JsCast::dyn_into)
        .map_err(|error| said(&error))?;
    let accept = object(&[("application/json", Array::of1(&".json".into()).into())]);
    let kind = object(&[("description", t!("Boards").into()), ("accept", accept)]);
    let options = object(&[
        ("suggestedName", suggested.into()),
        ("types", Array::of1(&kind).into()),
    ]);
    let chosen = match picker.call1(&window(), &options) {
        Ok(promise) => promise.unchecked_into::<Promise>().await,
        Err(error) => Err(error),
    };
    match chosen {
        Ok(handle) => Ok(Some(DiskFile(handle))),
        Err(error) if name_of(&error) == "AbortError" => Ok(None),
        Err(error) => Err(said(&error)),
    }
}

impl DiskFile {
    /// Restores a file from the handle kept in IndexedDB.
    #[must_use]
    pub fn from_kept(kept: JsValue) -> Option<Self> {
        kept.is_object().then_some(Self(kept))
    }

    /// Returns the handle to keep in IndexedDB.
    #[must_use]
    pub fn to_keep(&self) -> &JsValue {
        &self.0
    }

    /// Returns the file's name, without its folder.
    #[must_use]
    pub fn name(&self) -> String {
        let name = Reflect::get(&self.0, &"name".into()).ok();
        name.and_then(|name| name.as_string()).unwrap_or_default()
    }

    /// Returns whether the file may be written. With `asks`, the browser may ask the person, which
    /// it does only after a click or key press.
    pub async fn is_allowed(&self, asks: bool) -> bool {
        let ask = if asks {
            "requestPermission"
        } else {
            "queryPermission"
        };
        // Browsers without permissions for files ask when the file is written, or never.
        if !Reflect::get(&self.0, &ask.into()).is_ok_and(|ask| ask.is_function()) {
            return true;
        }
        let answer = call(&self.0, ask, &object(&[("mode", "readwrite".into())])).await;
        answer.is_ok_and(|answer| answer == "granted")
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// [`PortError`] with the browser's message.
    pub async fn read(&self) -> Result<String, PortError> {
        let read = async {
            let file = call(&self.0, "getFile", &JsValue::UNDEFINED).await?;
            call(&file, "text", &JsValue::UNDEFINED).await
        };
        let text = read.await.map_err(|error| said(&error))?;
        Ok(text.as_string().unwrap_or_default())
    }

    /// Replaces the file's text. The browser writes to a temporary file first, so that the old text
    /// stays until the new one is complete.
    ///
    /// # Errors
    /// [`PortError`] with the browser's message.
    pub async fn write(&self, text: &str) -> Result<(), PortError> {
        let written = async {
            let stream = call(&self.0, "createWritable", &JsValue::UNDEFINED).await?;
            call(&stream, "write", &text.into()).await?;
            call(&stream, "close", &JsValue::UNDEFINED).await
        };
        written.await.map(drop).map_err(|error| said(&error))
    }
}

/// Calls a method that returns a promise, and awaits it.
async fn call(of: &JsValue, method: &str, with: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(of, &method.into())?.dyn_into()?;
    let promise = method.call1(of, with)?;
    promise.dyn_into::<Promise>()?.await
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field fails only on frozen objects.
        drop(Reflect::set(&object, &(*name).into(), value));
    }
    object.into()
}

fn name_of(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

fn said(error: &JsValue) -> PortError {
    let message = Reflect::get(error, &"message".into()).ok();
    let message = message.and_then(|message| message.as_string());
    message
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| name_of(error))
        .into()
}
