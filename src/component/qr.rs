//! QR codes.

use cruxboard_domain::t;
use qrcodegen::{QrCode, QrCodeEcc};

use leptos::prelude::*;

/// Width of the light margin around a code, in squares.
const MARGIN: i32 = 4;

/// Maximum width of a code, in squares. A denser one cannot be read from a screen: it is drawn about 200 pixels
/// wide, and cameras need more than two pixels for a square.
const MOST_SQUARES: i32 = 77;

/// A text as a QR code, dark on light independent of the page's colours, as readers expect. The
/// text must be shown beside it, for people who cannot use a camera.
#[component]
pub fn Qr(
    text: String,
    /// The description of the link, for screen readers.
    label: &'static str,
) -> impl IntoView {
    let code = QrCode::encode_text(&text, QrCodeEcc::Low).ok();
    let code = code.filter(|code| code.size() <= MOST_SQUARES);
    let drawn = code.map(|code| {
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
        view! { <p class="soft no-qr">{t!("The link is too long for a QR code.")}</p> }.into_any()
    })
}

/// Returns the path of the dark squares, one bar for each run.
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
