//! The available storage, and whether the browser may clear it.

use js_sys::Reflect;
use leptos::prelude::window;

/// The storage used by this page's site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Bytes in use.
    pub used: f64,
    /// Bytes that may be used.
    pub allowed: f64,
}

/// Asks the browser not to clear this page's storage when space runs short. Returns whether it
/// agreed.
pub async fn persist() -> bool {
    let Some(storage) = storage_manager() else {
        return false;
    };
    let Ok(promise) = storage.persist() else {
        return false;
    };
    promise.await.is_ok_and(|answer| answer.is_truthy())
}

/// Returns the used and allowed storage, if the browser reports it.
pub async fn estimate() -> Option<Usage> {
    let estimate = storage_manager()?.estimate().ok()?.await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some(Usage {
        used: number("usage")?,
        allowed: number("quota")?,
    })
}

/// `None` if the page did not come over a secure connection.
fn storage_manager() -> Option<web_sys::StorageManager> {
    let navigator = window().navigator();
    let is_there = Reflect::has(&navigator, &"storage".into()).unwrap_or(false);
    is_there.then(|| navigator.storage())
}
