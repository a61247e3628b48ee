//! A link that is to be handed to somebody: to read, to copy, and to point a camera at.

use super::Qr;
use super::field::next_id;
use leptos::prelude::*;

/// A link with everything to hand it over.
#[component]
pub fn HandOver(
    /// What it is.
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
                    <button class="primary" on:click=move |_| on_copy.run(copied.clone())>"Copy the link"</button>
                </p>
            </div>
            <Qr text=link label="The same link as a QR code" />
        </div>
    }
}
