//! The tour: how the app works, in three steps.

use cruxboard_domain::t;
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
            <aside class="tour" aria-label=t!("Tour")>
                <h2>{t!("How it works")}</h2>
                <ol>
                    <li><b>{t!("New evidence comes in.")}</b> " " {t!("Add it once with “+ Evidence”, select the cruxes it bears on, and update your credence there.")}</li>
                    <li><b>{t!("You meet.")}</b> " " {t!("“Due” lists what is waiting. Start a review under “Reviews”: go through the cruxes, record outcomes of triggers, answer blind, record a decision.")}</li>
                    <li><b>{t!("You share.")}</b> " " {t!("“Share” makes a dated copy without private content, as a link, a file or a page; “Download” saves the whole board.")}</li>
                </ol>
                <p>{t!("First choose your name at the top. Everything is saved at once and can be undone. Press ? for keyboard shortcuts.")}</p>
                <p class="actions"><button class="primary" on:click=dismiss>{t!("Got it")}</button></p>
            </aside>
        </Show>
    }
}
