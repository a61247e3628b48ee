//! Turns: one page of this browser at a time.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// A page's turn at something; over when it is dropped.
#[must_use = "it is over when it is dropped"]
pub struct Turn {
    let_go: Option<Function>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(let_go) = &self.let_go {
            drop(let_go.call0(&JsValue::NULL));
        }
    }
}

/// Waits for this page's turn at what `lock` names.
///
/// Opening the database needs one: Chromium keeps a page that is left while it makes the database, frozen and with the database half
/// made, for the back button, and whoever opens the database next waits for ever. A frozen page
/// that holds a lock is thrown away as soon as somebody else asks for that lock, and what it had
/// begun with it.
pub async fn turn(lock: &str) -> Turn {
    let mut let_go = None;
    let held = Promise::new(&mut |resolve, _| let_go = Some(resolve));
    let granted = Promise::new(&mut |granted, _| {
        if request(lock, &held, &granted).is_none() {
            // Without locks, which only safe connections have, the page takes its chances.
            drop(granted.call0(&JsValue::NULL));
        }
    });
    // It is only ever resolved.
    drop(granted.await);
    Turn { let_go }
}

fn request(lock: &str, held: &Promise, granted: &Function) -> Option<()> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let (held, is_granted) = (held.clone(), granted.clone());
    let on_granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        drop(is_granted.call0(&JsValue::NULL));
        held.into()
    });
    let asked: Promise = request
        .call2(&locks, &lock.into(), &on_granted)
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
