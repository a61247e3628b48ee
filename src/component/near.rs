//! Tells which elements of a long list are near the window, so that the others need not be built whole.

use std::collections::HashMap;

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::web_sys::Element;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// The distance from the window within which an element is near: about two screens.
const MARGIN: &str = "1500px 0px";

/// The elements of a list, by their ids. An element that has come near stays near for as long as it exists.
#[derive(Clone, Copy)]
pub struct Near {
    elements: StoredValue<HashMap<String, RwSignal<bool>>>,
}

impl Near {
    /// Watches the children of `list`, anew whenever `changes` does. All are near on paper, and in a browser
    /// that cannot tell.
    pub fn new<T: Send + Sync + 'static>(list: NodeRef<Div>, changes: Memo<T>) -> Self {
        let near = Self {
            elements: StoredValue::new(HashMap::new()),
        };
        let observer = StoredValue::new_local(Observer::new(near));
        Effect::new(move |_| {
            changes.track();
            let Some(list) = list.get() else { return };
            let watched = observer.try_with_value(|observer| match observer {
                Some(observer) => observer.watch(&list),
                None => near.show_all(),
            });
            // Without a list there is nothing to watch.
            watched.unwrap_or_default();
        });
        let printing = window_event_listener(ev::beforeprint, move |_| near.show_all());
        on_cleanup(move || printing.remove());
        near
    }

    /// Returns whether the element with this id is near, or has been.
    pub fn follow(self, id: String, is_near: bool) -> RwSignal<bool> {
        let signal = RwSignal::new(is_near);
        if !is_near {
            self.elements.update_value(|elements| {
                elements.insert(id.clone(), signal);
            });
            on_cleanup(move || {
                self.elements
                    .try_update_value(|elements| elements.remove(&id));
            });
        }
        signal
    }

    /// Treats an element as near, for example because it is about to be focused.
    pub fn show(self, id: &str) {
        let signal = self
            .elements
            .with_value(|elements| elements.get(id).copied());
        if let Some(signal) = signal {
            signal.try_set(true);
        }
    }

    fn show_all(self) {
        let all = self
            .elements
            .try_with_value(|elements| elements.values().copied().collect::<Vec<_>>());
        for signal in all.unwrap_or_default() {
            signal.try_set(true);
        }
    }
}

/// The browser's observer, with the function that it calls.
struct Observer {
    observer: IntersectionObserver,
    _called: Closure<dyn Fn(js_sys::Array, IntersectionObserver)>,
}

impl Observer {
    /// Returns `None` if the browser refuses the options.
    fn new(near: Near) -> Option<Self> {
        let called = move |entries: js_sys::Array, observer: IntersectionObserver| {
            let entries = entries.iter().map(JsValue::unchecked_into);
            for entry in entries.filter(IntersectionObserverEntry::is_intersecting) {
                observer.unobserve(&entry.target());
                near.show(&entry.target().id());
            }
        };
        let called = Closure::<dyn Fn(js_sys::Array, IntersectionObserver)>::new(called);
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let function = called.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(function, &options).ok()?;
        Some(Self {
            observer,
            _called: called,
        })
    }

    /// Watches the children of a list that are not near yet. One that is watched already is not watched twice.
    fn watch(&self, list: &Element) {
        let far = list.get_elements_by_class_name("far");
        for element in (0..far.length()).filter_map(|at| far.item(at)) {
            self.observer.observe(&element);
        }
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
