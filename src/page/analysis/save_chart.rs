//! Saves a chart as a picture, as for cards.

use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::snapshot::chart::BarChart;
use cruxboard_session::Session;
use cruxboard_session::ports::FileSort;
use leptos::prelude::*;

use crate::page::{Services, export_name_of};

/// A button that saves a chart as SVG.
#[component]
pub(super) fn SaveChart(
    session: Session,
    kind: ExportKind,
    /// Returns the chart at the moment at which the button is pressed.
    chart: Callback<(), Option<BarChart>>,
) -> impl IntoView {
    let services = Services::from_context();
    let save_svg = move |_| {
        if let Some(chart) = chart.run(()) {
            let picture = (export_name_of(session, kind), FileSort::Svg, chart.to_svg());
            services.files.save.run(picture);
        }
    };
    view! {
        <p class="actions">
            <button class="quiet" on:click=save_svg>"Save as SVG"</button>
        </p>
    }
}
