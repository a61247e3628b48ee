//! Saves a chart as a picture, as for cards.

use cruxboard_domain::date::spelled;
use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::t;
use cruxboard_session::Session;
use cruxboard_session::ports::{Drawing, FileSort};
use leptos::prelude::*;

use super::{Services, export_name_of};

/// Buttons that save a chart as PNG or SVG.
#[component]
pub(super) fn SaveChart(
    session: Session,
    kind: ExportKind,
    /// Returns the chart as SVG, at the moment at which a button is pressed.
    chart: Callback<(), Option<String>>,
) -> impl IntoView {
    let drawing = Drawing::from_context();
    let services = Services::from_context();
    let save_png = move |_| {
        if let Some(svg) = chart.run(()) {
            drawing
                .picture
                .run((export_name_of(session, kind), svg, false));
        }
    };
    let save_svg = move |_| {
        if let Some(svg) = chart.run(()) {
            let picture = (export_name_of(session, kind), FileSort::Svg, svg);
            services.files.save.run(picture);
        }
    };
    view! {
        <p class="actions">
            <button class="quiet" on:click=save_png>{t!("Save as PNG")}</button>
            <button class="quiet" on:click=save_svg>{t!("Save as SVG")}</button>
        </p>
    }
}

/// Returns the foot of a saved chart: the board's question and the day.
pub(super) fn chart_source(session: Session) -> String {
    let day = spelled(session.now.get_untracked().today());
    let question = session.read_untracked(|board| board.info().question.clone());
    match question.as_str() {
        "" => format!("Cruxboard, {day}"),
        question => format!("{question} · Cruxboard, {day}"),
    }
}
