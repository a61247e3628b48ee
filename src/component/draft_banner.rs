//! The banner above a form that holds a draft of an earlier visit.

use leptos::prelude::*;

/// Says that the form holds an unsaved draft, and offers to discard it.
#[component]
pub fn DraftBanner(
    /// Whether the form had a draft when it was opened.
    is_kept: bool,
    on_discard: Callback<()>,
) -> impl IntoView {
    let is_there = RwSignal::new(is_kept);
    let discard = move |_| {
        on_discard.run(());
        is_there.set(false);
    };
    view! {
        <Show when=move || is_there.get()>
            <p class="kept-draft" role="status">
                "You have an unsaved draft. "
                <button type="button" on:click=discard>"Discard draft"</button>
            </p>
        </Show>
    }
}
