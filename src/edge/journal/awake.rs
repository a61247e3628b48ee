//! Keeps the browser from freezing the page.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::edge::clock;

/// Until it is dropped, a page that is left is thrown away and not kept for the back button.
#[must_use = "it ends when it is dropped"]
pub(super) struct Awake {
    let_go: Option<Function>,
}

impl Drop for Awake {
    fn drop(&mut self) {
        if let Some(let_go) = &self.let_go {
            drop(let_go.call0(&JsValue::NULL));
        }
    }
}

/// Chromium keeps a page that is left while it makes the database, with the database half made, and
/// whoever opens it next waits for ever. It does not keep one that holds a lock, so one is held that
/// nobody else asks for.
pub(super) async fn stay_awake() -> Awake {
    let mut let_go = None;
    let held = Promise::new(&mut |resolve, _| let_go = Some(resolve));
    let granted = Promise::new(&mut |granted, _| {
        if request(&held, &granted).is_none() {
            // Without locks, which only safe connections have, the page takes its chances.
            drop(granted.call0(&JsValue::NULL));
        }
    });
    // It is only ever resolved.
    drop(granted.await);
    Awake { let_go }
}

fn request(held: &Promise, granted: &Function) -> Option<()> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let name = format!("cruxboard/awake/{}", clock::random_u32());
    let (held, is_granted) = (held.clone(), granted.clone());
    let on_granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        drop(is_granted.call0(&JsValue::NULL));
        held.into()
    });
    let asked: Promise = request
        .call2(&locks, &name.into(), &on_granted)
        .ok()?
        .dyn_into()
        .ok()?;
    let granted = granted.clone();
    spawn_local(async move {
        // It ends with the lock, or at once where the page is refused one.
        drop(asked.await);
        drop(granted.call0(&JsValue::NULL));
    });
    Some(())
}
