//! A text as a QR code.

use qrcodegen::{QrCode, QrCodeEcc};

use leptos::prelude::*;

/// Lighter squares that must surround a code.
const MARGIN: i32 = 4;

/// A text as a QR code, dark on light whatever the page's colours: readers look for that. The text
/// itself must stand beside it for whoever cannot point a camera at it.
#[component]
pub fn Qr(
    text: String,
    /// What it leads to.
    label: &'static str,
) -> impl IntoView {
    let drawn = QrCode::encode_text(&text, QrCodeEcc::Low).ok().map(|code| {
        let side = code.size() + 2 * MARGIN;
        view! {
            <svg class="qr" viewBox=format!("{m} {m} {side} {side}", m = -MARGIN) role="img" aria-label=label>
                <path class="qr-paper" d=format!("M{m} {m}h{side}v{side}h-{side}z", m = -MARGIN) />
                <path class="qr-ink" d=outline(&code) />
            </svg>
        }
        .into_any()
    });
    drawn.unwrap_or_else(|| {
        view! { <p class="soft">"The link is too long for a QR code."</p> }.into_any()
    })
}

/// Each run of dark squares as a bar.
fn outline(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let dark = (x..code.size()).take_while(|x| code.get_module(*x, y));
            let length = dark.count() as i32;
            if length > 0 {
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            x += length + 1;
        }
    }
    path
}
