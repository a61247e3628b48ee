//! Pictures and snippets of a snapshot for slides and other pages.

use cruxboard_domain::export::file_name::{ExportKind, export_name};
use cruxboard_domain::snapshot::Taken;
use cruxboard_domain::snapshot::link::{MOST_CHARS, Parcel};
use cruxboard_domain::t;
use cruxboard_session::ports::{Drawing, FileSort};
use leptos::prelude::*;

use crate::page::Services;
use crate::route::Route;

/// The card for slides, and the snippet for pages.
#[component]
pub(super) fn Pictures(taken: Signal<Taken>) -> impl IntoView {
    let drawing = Drawing::from_context();
    let services = Services::from_context();
    let card = Memo::new(move |_| taken.with(|taken| taken.snapshot.to_card()));
    let is_one = Memo::new(move |_| {
        taken.with(|taken| {
            let board = taken.snapshot.board();
            board.cruxes().len() == 1
        })
    });
    let snippet = Memo::new(move |_| {
        if is_one.get() {
            taken.with(|taken| taken.snapshot.to_snippet(&link(services, taken)))
        } else {
            String::new()
        }
    });
    let name = move |kind: ExportKind| {
        taken.with_untracked(|taken| {
            let reading = taken.snapshot.reading();
            let one = reading.cruxes.first().filter(|_| reading.cruxes.len() == 1);
            let name = one.map_or(&reading.name, |crux| &crux.name);
            export_name(name, kind, reading.day)
        })
    };
    let save_svg = move |_| {
        let text = card.get_untracked();
        services
            .files
            .save
            .run((name(ExportKind::Card), FileSort::Svg, text));
    };
    let save_page = move |_| {
        let page = taken.with_untracked(|taken| taken.snapshot.to_embed(&link(services, taken)));
        services
            .files
            .save
            .run((name(ExportKind::Embedded), FileSort::Html, page));
    };
    view! {
        <section class="panel forms" aria-labelledby="pictures-title">
            <h2 id="pictures-title">{t!("Images and embedding")}</h2>
            <p class="soft">{t!("A card for slides with the cruxes selected above: one, or all in a table. Withheld content is in no card.")}</p>
            <img
                class="card-preview"
                alt=t!("Preview of the card")
                width="1280"
                height="720"
                src=move || card.with(|card| (drawing.address)(card))
            />
            <p class="actions">
                <button on:click=move |_| drawing.picture.run((name(ExportKind::Card), card.get_untracked(), false))>{t!("Save as PNG")}</button>
                <button on:click=move |_| drawing.picture.run((name(ExportKind::Card), card.get_untracked(), true))>{t!("Copy as picture")}</button>
                <button on:click=save_svg>{t!("Save as SVG")}</button>
            </p>
            <Show
                when=move || is_one.get()
                fallback=move || view! { <p class="soft">{t!("Select one crux above to embed it in a page of yours.")}</p> }
            >
                <div class="field wide">
                    <label for="snippet">{t!("HTML to embed this crux")}</label>
                    <textarea id="snippet" readonly rows="3" spellcheck="false" prop:value=move || snippet.get()></textarea>
                </div>
                <p class="actions">
                    <button on:click=move |_| services.files.copy.run(snippet.get_untracked())>{t!("Copy HTML")}</button>
                    <button on:click=save_page>{t!("Save as a page to embed")}</button>
                </p>
                <p class="soft">{t!("At least 480 × 320 pixels. It names its source, loads nothing, runs no script and does not track readers.")}</p>
            </Show>
        </section>
    }
}

/// Returns the link to the whole snapshot; empty if it is too long for a link.
fn link(services: Services, taken: &Taken) -> String {
    let payload = Parcel::open(&taken.snapshot).to_text();
    let link = format!(
        "{}{}",
        (services.device.app_address)(),
        Route::Snapshot(payload).href()
    );
    if link.len() > MOST_CHARS {
        String::new()
    } else {
        link
    }
}
