//! The history of the aggregate as a small line for a row.

use cruxboard_domain::text::counted;
use leptos::prelude::*;

use super::history_chart::{Axis, Point};
use super::plain;

/// Draws the aggregate over time, from 0% at the bottom to 100% at the top.
#[component]
pub fn Sparkline(#[prop(into)] points: Signal<Vec<Point>>) -> impl IntoView {
    let line = move || {
        points.with(|points| {
            let axis = Axis::of_points(points);
            let path = points.iter().map(|point| {
                let x = axis.place(point.at);
                format!(
                    "{},{}",
                    plain(2.0 + x * 60.0),
                    plain(22.0 - point.aggregate.percent() * 0.2)
                )
            });
            path.collect::<Vec<_>>().join(" ")
        })
    };
    let label = move || {
        points.with(|points| match (points.first(), points.last()) {
            (Some(first), Some(last)) if points.len() > 1 => format!(
                "Aggregate from {} to {} over {}",
                first.aggregate.rounded(&[]),
                last.aggregate.rounded(&[]),
                counted(points.len(), "statement", "statements")
            ),
            _ => "No history yet".to_owned(),
        })
    };
    view! {
        <svg class="sparkline" viewBox="0 0 64 24" role="img" aria-label=label>
            <line class="middle" x1="2" x2="62" y1="12" y2="12" />
            <polyline points=line />
        </svg>
    }
}
