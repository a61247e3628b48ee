//! Dynamic parts of a view with their types erased. Leptos compiles its code once more for each type
//! of closure it is given, one or two kilobytes each, and views hold hundreds.

use leptos::prelude::*;

/// A part of a view that is rendered again whenever a signal that `build` reads changes.
pub fn live<V: IntoView + 'static>(build: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    let build: Box<dyn Fn() -> AnyView + Send + Sync> = Box::new(move || build().into_any());
    build.into_any()
}
