//! A link to share: as text, with a button to copy it, and as a QR code.

use super::Qr;
use super::field::next_id;
use cruxboard_domain::t;
use leptos::prelude::*;

/// Shows a link with a button to copy it and a QR code.
#[component]
pub fn ShareLink(
    /// The kind of link.
    label: &'static str,
    link: String,
    on_copy: Callback<String>,
) -> impl IntoView {
    let id = next_id();
    let copied = link.clone();
    view! {
        <div class="link-out">
            <div class="field">
                <label for=id.clone()>{label}</label>
                <textarea id=id readonly rows="3" spellcheck="false" prop:value=link.clone()></textarea>
                <p class="actions">
                    <button class="primary" on:click=move |_| on_copy.run(copied.clone())>{t!("Copy the link")}</button>
                </p>
            </div>
            <Qr text=link label=t!("The same link as a QR code") />
        </div>
    }
}
