//! Locks that one page of this browser profile holds at a time. The browser releases the lock of a
//! page that is closed or crashes.

use std::time::Duration;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, AbortSignal};

use super::clock;

/// A lock that is held until this value is dropped.
#[must_use = "it is let go when it is dropped"]
pub struct WebLock {
    let_go: Option<Function>,
}

impl Drop for WebLock {
    fn drop(&mut self) {
        if let Some(let_go) = &self.let_go {
            drop(let_go.call0(&JsValue::NULL));
        }
    }
}

/// Waits until this page has the lock of this name. With `steals`, takes the lock from its holder.
/// `on_end` is called when the lock is released or stolen.
///
/// Without locks, which only secure connections have, every page gets the lock at once.
pub async fn lock(name: &str, steals: bool, on_end: impl FnOnce() + 'static) -> WebLock {
    ask(name, steals, None, on_end).await
}

/// Waits for the lock of this name; `None` if other pages held it for all of `patience`.
pub async fn lock_within(name: &str, patience: Duration) -> Option<WebLock> {
    let Ok(abort) = AbortController::new() else {
        return Some(lock(name, false, || ()).await);
    };
    let signal = abort.signal();
    let timer = clock::after(patience, move || abort.abort());
    let got = ask(name, false, Some(&signal), || ()).await;
    drop(timer);
    // An aborted request holds no lock.
    (!signal.aborted()).then_some(got)
}

/// Returns the names of the locks that pages of this browser profile hold; `None` if there are no
/// locks.
pub async fn held() -> Option<Vec<String>> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let query: Function = Reflect::get(&locks, &"query".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let asked: Promise = query.call0(&locks).ok()?.dyn_into().ok()?;
    let held = Reflect::get(&asked.await.ok()?, &"held".into()).ok()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Some(Array::from(&held).iter().filter_map(name).collect())
}

async fn ask(
    name: &str,
    steals: bool,
    signal: Option<&AbortSignal>,
    on_end: impl FnOnce() + 'static,
) -> WebLock {
    let mut let_go = None;
    let held = Promise::new(&mut |resolve, _| let_go = Some(resolve));
    let mut on_end = Some(on_end);
    let granted = Promise::new(&mut |granted, _| {
        match request(name, steals, signal, &held, &granted) {
            Some(asked) => {
                let (granted, on_end) = (granted.clone(), on_end.take());
                spawn_local(async move {
                    // The request ends with the lock, or at once if the page is refused one.
                    drop(asked.await);
                    drop(granted.call0(&JsValue::NULL));
                    if let Some(on_end) = on_end {
                        on_end();
                    }
                });
            }
            None => drop(granted.call0(&JsValue::NULL)),
        }
    });
    // The promise is never rejected.
    drop(granted.await);
    WebLock { let_go }
}

fn request(
    name: &str,
    steals: bool,
    signal: Option<&AbortSignal>,
    held: &Promise,
    granted: &Function,
) -> Option<Promise> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into()).ok()?;
    let request: Function = request.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"steal".into(), &steals.into()).ok()?;
    if let Some(signal) = signal {
        Reflect::set(&options, &"signal".into(), signal).ok()?;
    }
    let (held, granted) = (held.clone(), granted.clone());
    let on_granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        drop(granted.call0(&JsValue::NULL));
        held.into()
    });
    let asked = request.call3(&locks, &name.into(), &options, &on_granted);
    asked.ok()?.dyn_into().ok()
}
