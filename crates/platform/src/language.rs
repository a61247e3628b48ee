//! The language of this device. `boot.js` loads its texts, before the app is there.

use std::collections::HashMap;

use cruxboard_domain::translation::{self, Catalogue};
use cruxboard_session::ports::Language;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};

use super::settings;

/// The property of the window in which `boot.js` leaves the file of the language.
const TEXTS: &str = "cruxboardTexts";

/// Sets the texts that `boot.js` has loaded. Without them, texts stay English.
pub fn load_texts() {
    if let Some(file) = property(&window(), TEXTS) {
        translation::set(read(&file));
    }
}

/// Returns the language of the page, which `boot.js` has set: English where the file of the chosen one did not
/// load.
#[must_use]
pub fn of_page() -> Language {
    let page = document().document_element();
    let code = page.and_then(|page| page.get_attribute("lang"));
    let language = Language::ALL
        .into_iter()
        .find(|it| code.as_deref() == Some(it.key()));
    language.unwrap_or(Language::English)
}

/// Returns the chosen language.
#[must_use]
pub fn chosen() -> Language {
    settings::language().get().unwrap_or_default()
}

/// Stores a language, and loads the page anew in it.
pub fn choose(language: Language) {
    match language {
        Language::System => settings::language().clear(),
        _ => settings::language().set(&language),
    }
    // It fails in a page that is being closed.
    drop(window().location().reload());
}

fn read(file: &JsValue) -> Catalogue {
    let (mut texts, mut singulars) = (HashMap::new(), HashMap::new());
    let entries = property(file, "texts").and_then(|texts| texts.dyn_into::<Object>().ok());
    let entries = entries.map(|texts| Object::entries(&texts));
    for entry in entries.unwrap_or_default() {
        let text = |index| Reflect::get_u32(&entry, index).ok();
        let (Some(key), Some(value)) = (text(0).and_then(|key| key.as_string()), text(1)) else {
            continue;
        };
        let form = |name| property(&value, name).and_then(|form| form.as_string());
        if let Some(one) = form("one") {
            singulars.insert(key.clone(), one);
        }
        if let Some(text) = value.as_string().or_else(|| form("other")) {
            texts.insert(key, text);
        }
    }
    let separator = property(file, "decimalSeparator").and_then(|it| it.as_string());
    Catalogue {
        texts,
        singulars,
        decimal_separator: separator.and_then(|it| it.chars().next()),
    }
}

/// Returns a property that is there.
fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &name.into()).ok()?;
    (!value.is_undefined()).then_some(value)
}
