//! Dynamic parts of a view with erased types. Leptos compiles its code again for each type of
//! closure, one or two kilobytes each, and views contain hundreds.

use leptos::prelude::*;

/// Renders a part of a view, again whenever a signal that `build` reads changes.
pub fn live<V: IntoView + 'static>(build: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    let build: Box<dyn Fn() -> AnyView + Send + Sync> = Box::new(move || build().into_any());
    build.into_any()
}
