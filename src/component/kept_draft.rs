use super::Show;
use crate::prelude::*;

/// Says that a form holds what was written in it before, and offers to begin anew.
#[component]
pub fn KeptDraft(on_begin: Callback<()>) -> impl IntoView {
    let is_there = RwSignal::new(true);
    let begin = move |_| {
        on_begin.run(());
        is_there.set(false);
    };
    view! {
        <Show when=move || is_there.get()>
            <p class="kept-draft" role="status">
                "You began this earlier, and it is as you left it. "
                <button type="button" on:click=begin>"Begin anew"</button>
            </p>
        </Show>
    }
}
