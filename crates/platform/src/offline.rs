//! The app without a network: registers the service worker and reports updates.

use std::time::Duration;

use js_sys::{Array, Object, Reflect};
use leptos::leptos_dom::helpers::set_interval;
use leptos::prelude::{Set as _, document, window};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlLinkElement, MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration};

use cruxboard_session::Session;

/// The service worker's file, beside the page.
const WORKER: &str = "./worker.js";
/// Interval at which an open tab checks for an update. Browsers also check on each navigation.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3600);

/// Asks the browser to store the whole app, so that it opens without a network. Sets
/// [`Session::update_is_ready`] when a newer build is stored. Without service workers nothing
/// happens, and the app opens only with a network.
pub fn keep_app(session: Session) {
    let Some(workers) = service_workers() else {
        return;
    };
    spawn_local(async move {
        // Private windows of some browsers refuse to register.
        let Ok(registered) = workers.register(WORKER).await else {
            return;
        };
        watch(session, &workers, &registered.unchecked_into());
    });
}

/// Activates the waiting build and reloads the page.
pub fn reload_into_update() {
    let Some(workers) = service_workers() else {
        return;
    };
    spawn_local(async move {
        let found = workers.get_registration().await.ok();
        let registration =
            found.and_then(|found| found.dyn_into::<ServiceWorkerRegistration>().ok());
        let waiting = registration.and_then(|registration| registration.waiting());
        match waiting {
            Some(waiting) => {
                // Not `controllerchange`: a page loaded before the worker existed has no
                // controller.
                let reload = Closure::<dyn Fn()>::new(reload);
                waiting.set_onstatechange(Some(reload.as_ref().unchecked_ref()));
                reload.forget();
                waiting
                    .post_message(&message("takeOver", &JsValue::TRUE))
                    .ok();
            }
            None => reload(),
        }
    });
}

fn reload() {
    window().location().reload().ok();
}

fn service_workers() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    // Insecure pages have no service workers, and reading them would throw.
    let is_there = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    // A development build has no list of files to store.
    (is_there && !cfg!(debug_assertions)).then(|| navigator.service_worker())
}

/// Asks each newly stored worker whether it is newer than this page. Setting handlers again replaces
/// them, so calling this twice is harmless.
fn watch(
    session: Session,
    workers: &ServiceWorkerContainer,
    registration: &ServiceWorkerRegistration,
) {
    let told = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some("update") {
            session.update_is_ready.set(true);
        }
    });
    workers.set_onmessage(Some(told.as_ref().unchecked_ref()));
    told.forget();

    let of = registration.clone();
    let found = Closure::<dyn Fn()>::new(move || {
        let Some(installing) = of.installing() else {
            return;
        };
        let of = of.clone();
        let changed = Closure::<dyn Fn()>::new(move || ask_waiting(&of));
        installing.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    });
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
    ask_waiting(registration);

    let of = registration.clone();
    set_interval(
        move || {
            // The update fails without a network; it is tried again at the next check.
            of.update().ok();
        },
        BETWEEN_LOOKS,
    );
}

/// Tells the waiting worker the build of this page. A worker of the same build activates at once; a
/// newer one answers "update".
fn ask_waiting(registration: &ServiceWorkerRegistration) {
    let script = document()
        .query_selector("link[rel=modulepreload]")
        .ok()
        .flatten();
    let script = script.and_then(|link| link.dyn_into::<HtmlLinkElement>().ok());
    if let (Some(waiting), Some(script)) = (registration.waiting(), script) {
        waiting
            .post_message(&message("script", &script.href().into()))
            .ok();
    }
}

fn message(name: &str, value: &JsValue) -> JsValue {
    let entries = Array::of1(&Array::of2(&name.into(), value));
    Object::from_entries(&entries).map_or(JsValue::NULL, Into::into)
}
