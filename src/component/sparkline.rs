//! The history of the aggregate as a small line for a row.

use cruxboard_domain::{t, tn};
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
                // A first estimate is a start: no line leads up to it, and it is a dot until somebody moves.
                let (step, dot) = match point.previous {
                    None => ("M", "h0"),
                    Some(_) => ("L", ""),
                };
                format!(
                    "{step}{} {}{dot}",
                    plain(2.0 + axis.place(point.at) * 60.0),
                    plain(22.0 - point.aggregate.percent() * 0.2)
                )
            });
            path.collect::<String>()
        })
    };
    let label = move || points.with(|points| trend_words(points));
    view! {
        <svg class="sparkline" viewBox="0 0 64 24" role="img" aria-label=label>
            <line class="middle" x1="2" x2="62" y1="12" y2="12" />
            <path class="way" d=line />
        </svg>
    }
}

/// Describes the trend: "Aggregate from 40% to 22%: 3 first estimates, 2 updates".
fn trend_words(points: &[Point]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return t!("No history yet").to_owned();
    };
    let [from, to] = [first, last].map(|point| point.aggregate.rounded(&[]));
    let firsts = points.iter().filter(|point| point.previous.is_none());
    let updates = points.iter().filter(|point| {
        let previous = point.previous;
        previous.is_some_and(|previous| previous != point.percent)
    });
    let firsts = tn!(
        firsts.count(),
        "{count} first estimate",
        "{count} first estimates"
    );
    match updates.count() {
        0 => t!("Aggregate {to} from {firsts}, no update yet", to, firsts),
        updates => tn!(
            updates,
            "Aggregate from {from} to {to}: {firsts}, {count} update",
            "Aggregate from {from} to {to}: {firsts}, {count} updates",
            from,
            to,
            firsts
        ),
    }
}
