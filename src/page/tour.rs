//! The tour: how the app works, in three steps.

use leptos::prelude::*;

use super::Services;

/// A short tour. Once dismissed, it never comes back on this device.
#[component]
pub fn Tour() -> impl IntoView {
    let services = Services::from_context();
    let is_open = RwSignal::new(!services.device.remembered.run("tour-seen").unwrap_or(false));
    let dismiss = move |_| {
        is_open.set(false);
        services.device.remember.run(("tour-seen", true));
    };
    view! {
        <Show when=move || is_open.get()>
            <aside class="tour" aria-label="Tour">
                <h2>"How it works"</h2>
                <ol>
                    <li><b>"New evidence comes in."</b> " Add it once with “+ Evidence”, select the cruxes it bears on, and update your credence there."</li>
                    <li><b>"You meet."</b> " “Due” lists what is waiting. Start a review under “Reviews”: go through the cruxes, record outcomes of triggers, answer blind, record a decision."</li>
                    <li><b>"You share."</b> " “Share” makes a dated copy without private content, as a link, a file or a page; “Download” saves the whole board."</li>
                </ol>
                <p>"First choose your name at the top. Everything is saved at once and can be undone. Press ? for keyboard shortcuts."</p>
                <p class="actions"><button class="primary" on:click=dismiss>"Got it"</button></p>
            </aside>
        </Show>
    }
}
