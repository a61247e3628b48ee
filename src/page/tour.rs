//! The three things one does here, said once.

use crate::prelude::*;

use crate::component::Show;

use super::Outside;

/// A short tour. Once dismissed, it never comes back on this device.
#[component]
pub fn Tour() -> impl IntoView {
    let outside = Outside::from_context();
    let is_open = RwSignal::new(!outside.remembered.run("tour-seen").unwrap_or(false));
    let dismiss = move |_| {
        is_open.set(false);
        outside.remember.run(("tour-seen", true));
    };
    view! {
        <Show when=move || is_open.get()>
            <aside class="tour" aria-label="Tour">
                <h2>"Three things one does here"</h2>
                <ol>
                    <li><b>"New evidence comes in."</b> " File it once with “+ Evidence”, tick the cruxes it bears on, and move your credence right there."</li>
                    <li><b>"You meet."</b> " “Due” says what waits. Start a review under “Reviews”: go through the cruxes, judge triggers, answer blind, record a decision."</li>
                    <li><b>"You share."</b> " “Share” makes a dated copy without what is private, as a link, a file or a page; “Download” hands out the whole board."</li>
                </ol>
                <p>"First say who you are, at the top. Everything saves itself, and everything can be undone. Press ? for the keys."</p>
                <p class="actions"><button class="primary" on:click=dismiss>"Got it"</button></p>
            </aside>
        </Show>
    }
}
