//! The number of rows of a long list that are rendered. Rendering a thousand takes longer than reading them.

use cruxboard_domain::tn;
use leptos::prelude::*;

use crate::component::live;

/// Number of rows at first, and of those that each press adds.
const STEP: usize = 40;

/// Returns the words of the button where the rows are cruxes.
pub(super) fn more_cruxes(count: usize) -> String {
    tn!(
        count,
        "Show more: {count} crux below",
        "Show more: {count} cruxes below"
    )
}

/// The number of rows shown. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Limit(RwSignal<usize>);

impl Limit {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(STEP))
    }

    /// Returns the number of rows to show. Tracks it.
    pub(super) fn get(self) -> usize {
        self.0.get()
    }

    /// Returns the button that shows more of `total` rows, with its words for the number of those below;
    /// nothing while all are shown.
    pub(super) fn more(
        self,
        total: impl Fn() -> usize + Copy + Send + Sync + 'static,
        words: fn(usize) -> String,
    ) -> AnyView {
        let rest = Memo::new(move |_| total().saturating_sub(self.0.get()));
        let show = move |_| self.0.update(|shown| *shown += STEP.max(*shown));
        let words = move || words(rest.get());
        view! {
            <Show when=move || { rest.get() > 0 }>
                <p class="actions"><button on:click=show>{live(words)}</button></p>
            </Show>
        }
        .into_any()
    }
}
