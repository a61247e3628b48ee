//! Dynamic parts of a view with their types erased. Leptos compiles its code once more for each type
//! of closure it is given, one or two kilobytes each, and views hold hundreds.

use cruxboard_domain::ChangeId;
use leptos::prelude::*;

/// A part of a view that is rendered again whenever a signal that `build` reads changes.
pub fn live<V: IntoView + 'static>(build: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    let build: Box<dyn Fn() -> AnyView + Send + Sync> = Box::new(move || build().into_any());
    build.into_any()
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
    #[prop(into)] ids: Signal<Vec<ChangeId>>,
    #[prop(into)] view: Callback<ChangeId, AnyView>,
) -> impl IntoView {
    view! { <For each=move || ids.get() key=|id| *id let(id)>{view.run(id)}</For> }
}
