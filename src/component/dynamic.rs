//! What changes within a view, with its type erased before it reaches Leptos: each kind of closure
//! that Leptos gets to see costs the browser one or two kilobytes of code, and there are hundreds.

use cruxboard_domain::Stamp;

use crate::markup::View;
use crate::prelude::*;

/// A part of a view that is built anew whenever what it reads changes.
pub fn live<V: IntoView + 'static>(build: impl Fn() -> V + Send + Sync + 'static) -> View {
    View::live(build)
}

/// Shows its children while `when` holds, and `fallback` otherwise; both are kept until it turns.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| when.get());
    live(move || {
        if is_shown.get() {
            children()
        } else {
            fallback.run()
        }
    })
}

/// A view for each id, in their order; what stays is not built anew.
#[component]
pub fn Each(
    #[prop(into)] ids: Signal<Vec<Stamp>>,
    #[prop(into)] view: Callback<Stamp, AnyView>,
) -> impl IntoView {
    view! { <For each=move || ids.get() key=|id| *id let(id)>{view.run(id)}</For> }
}
