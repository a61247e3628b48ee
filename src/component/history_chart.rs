//! A chart and a table of credences over time.

mod axis;
mod cursor;
mod plot;

use cruxboard_domain::date::{Now, spelled};
use cruxboard_domain::percent::signed_points;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::t;
use cruxboard_domain::translation::percent;
use cruxboard_domain::{Credence, Millis};

pub(super) use self::axis::Axis;
use self::plot::Plot;
use super::live;
use super::plain;
use super::scale::person_class;
use leptos::prelude::*;

/// One credence in the history of a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Time of the statement.
    pub at: Millis,
    /// Day of the statement, in the reader's time zone.
    pub day: chrono::NaiveDate,
    /// The person, who identifies the line: two people may have the same name.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// The person's initials.
    pub initials: String,
    /// The credence, in percent.
    pub percent: f64,
    /// The person's previous credence, in percent.
    pub previous: Option<f64>,
    /// The number of the person's colour.
    pub colour: usize,
    /// The aggregate from this statement on.
    pub aggregate: Credence,
    /// The lowest of everybody's latest credences from this statement on.
    pub low: Credence,
    /// The highest of everybody's latest credences from this statement on.
    pub high: Credence,
    /// Whether more than half of the board's people have stated a credence by then.
    pub has_majority: bool,
    /// The reason; may be empty.
    pub reason: String,
    /// The evidence it is based on, as text; may be empty.
    pub evidence: String,
    /// Whether it is a confirmation of the previous credence.
    pub reaffirms: bool,
}

/// The kind of an event that is marked by a pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinKind {
    /// Evidence was saved.
    Evidence,
    /// The outcome of a trigger was recorded.
    Trigger,
    /// A review was held.
    Review,
    /// A decision was recorded.
    Decision,
}

/// An event on the axis that is not a credence.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// Time of the event.
    pub at: Millis,
    /// The kind of the event.
    pub kind: PinKind,
    /// Date and description of the event.
    pub text: String,
    /// The address of the event's screen.
    pub href: String,
}

/// Draws everybody's credences as steps in their colour, the spread as a band, the aggregate as a
/// thick line and other events as pins. A table lists all credences.
#[component]
pub fn HistoryChart(
    #[prop(into)] points: Signal<Vec<Point>>,
    #[prop(into)] pins: Signal<Vec<Pin>>,
    /// The time at which the axis ends.
    #[prop(into)]
    now: Signal<Now>,
) -> impl IntoView {
    let has_points = move || points.with(|points| points.len() > 1);
    view! {
        <Show
            when=has_points
            fallback=|| view! { <p class="soft">{t!("The chart appears after a second update.")}</p> }
        >
            <figure class="history">
                {live(move || view! { <Plot points=points.get() pins=pins.get() now=now.get() /> })}
                <details>
                    <summary>{t!("As a table")}</summary>
                    {live(move || table(points.get()))}
                </details>
            </figure>
        </Show>
    }
}

fn table(points: Vec<Point>) -> AnyView {
    let rows = points.into_iter().rev().map(|point| {
        let moved = match point.previous {
            _ if point.reaffirms => t!("confirmed").to_owned(),
            Some(previous) => signed_points(point.percent - previous),
            None => t!("first").to_owned(),
        };
        view! {
            <tr>
                <td>{spelled(point.day)}</td>
                <th scope="row"><i class=format!("swatch {}", person_class(point.colour))></i> {point.name}</th>
                <td class="number" translate="no">{point.previous.map(|previous| percent(plain(previous)))}</td>
                <td class="number" translate="no">{percent(plain(point.percent))}</td>
                <td class="number" translate="no">{moved}</td>
                <td class="number" translate="no">{point.aggregate.rounded(&[])}</td>
                <td>{point.reason} {(!point.evidence.is_empty()).then(|| format!(" [{}]", point.evidence))}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!("History as a table")>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{t!("Date")}</th>
                        <th scope="col">{t!("Who")}</th>
                        <th scope="col" class="number">{t!("Before")}</th>
                        <th scope="col" class="number">{t!("After")}</th>
                        <th scope="col" class="number">{t!("Moved")}</th>
                        <th scope="col" class="number">{t!("Aggregate")}</th>
                        <th scope="col">{t!("Reason [evidence]")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
