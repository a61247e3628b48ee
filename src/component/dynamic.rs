//! What changes within a view, with its type erased before it reaches Leptos: each kind of closure
//! that Leptos gets to see costs the browser one or two kilobytes of code, and there are hundreds.

use std::sync::Arc;

use cruxboard_domain::Stamp;
use leptos::prelude::*;

type Build = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// A part of a view that is built anew whenever what it reads changes.
pub fn live<V: IntoAny>(build: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    live_dyn(Arc::new(move || build().into_any()))
}

fn live_dyn(build: Build) -> AnyView {
    (move || build()).into_any()
}

/// Shows its children while `when` holds, and `fallback` otherwise; both are kept until it turns.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| when.get());
    live_dyn(Arc::new(move || {
        if is_shown.get() {
            children()
        } else {
            fallback.run()
        }
    }))
}

/// A view for each id, in their order; what stays is not built anew.
#[component]
pub fn Each(
    #[prop(into)] ids: Signal<Vec<Stamp>>,
    #[prop(into)] view: Callback<Stamp, AnyView>,
) -> impl IntoView {
    view! { <For each=move || ids.get() key=|id| *id let(id)>{view.run(id)}</For> }
}
