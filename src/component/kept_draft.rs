use leptos::prelude::*;

/// Says that a form holds what was written in it before, and offers to discard that.
#[component]
pub fn KeptDraft(
    /// Whether anything was written before.
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
