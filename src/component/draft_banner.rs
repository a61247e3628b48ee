//! The banner above a form that holds a draft of an earlier visit, and the way back after it is discarded.

use cruxboard_domain::t;
use leptos::prelude::*;

/// Discards drafts so that they can be restored. Provided by the composition root, since components do not
/// know where drafts are kept.
#[derive(Clone, Copy)]
pub struct Discarding {
    /// Runs the first callback, which empties a form, and offers to restore the drafts that it emptied. The
    /// second one runs after they are restored.
    pub drafts: Callback<(Callback<()>, Callback<()>)>,
    /// Says that a draft is discarded, and offers this as the way to restore it.
    pub offer: Callback<Callback<()>>,
}

/// Says that the form holds an unsaved draft, and offers to discard it. A notice then offers to restore it.
#[component]
pub fn DraftBanner(
    /// Whether the form had a draft when it was opened.
    is_kept: bool,
    on_discard: Callback<()>,
    /// Returns the way to restore what the form holds now. For a form whose content is no draft of the
    /// session.
    #[prop(optional)]
    way_back: Option<Callback<(), Callback<()>>>,
) -> impl IntoView {
    let is_there = RwSignal::new(is_kept);
    // The notice may outlive the form.
    let restored = Callback::new(move |()| {
        is_there.try_set(true);
    });
    let discarding = use_context::<Discarding>();
    let discard = move |_| {
        match (discarding, way_back) {
            (None, _) => on_discard.run(()),
            (Some(discarding), None) => discarding.drafts.run((on_discard, restored)),
            (Some(discarding), Some(way_back)) => {
                let restore = way_back.run(());
                on_discard.run(());
                discarding.offer.run(Callback::new(move |()| {
                    if restore.try_run(()).is_some() {
                        restored.run(());
                    }
                }));
            }
        }
        is_there.set(false);
    };
    view! {
        <Show when=move || is_there.get()>
            <p class="kept-draft" role="status">
                {t!("You have an unsaved draft.")} " "
                <button type="button" on:click=discard>{t!("Discard draft")}</button>
            </p>
        </Show>
    }
}
