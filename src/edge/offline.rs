//! Opening the app without a network: what the browser has to keep for that, and what asks it to.

use js_sys::Reflect;
use leptos::prelude::window;
use leptos::task::spawn_local;

/// What keeps the files of the app, beside the page.
const WORKER: &str = "./worker.js";

/// Asks the browser to keep the whole app, so that it opens where there is no network. Where that
/// cannot be, the app goes on as it does, and opens again when the network is back.
pub fn keep_app() {
    let navigator = window().navigator();
    // Without a secure connection there is none, and asking for it would throw.
    let is_there = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    // A development build changes under the developer's hands.
    if cfg!(debug_assertions) || !is_there {
        return;
    }
    let registered = navigator.service_worker().register(WORKER);
    spawn_local(async move {
        // Private windows of some browsers refuse.
        drop(registered.await);
    });
}
