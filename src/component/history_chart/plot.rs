//! The drawing of the chart. Positions are fractions of the whole, so that it fits the width of its
//! column while its texts keep their size.

use chrono::NaiveDate;
use cruxboard_domain::Millis;
use cruxboard_domain::date::{Now, month_or_year, spelled};
use cruxboard_domain::snapshot::chart::spaced;
use cruxboard_domain::t;
use cruxboard_domain::timeline::ticks;
use leptos::prelude::*;

use super::super::scale::person_class;
use super::super::{live, plain};
use super::axis::{Axis, percent};
use super::cursor::{Cursor, moment_words};
use super::{Pin, PinKind, Point};

/// The height of the plot in pixels, as in the style sheet.
const HEIGHT: f64 = 200.0;
/// The least distance between two labels at the ends of lines, in pixels.
const LABEL_GAP: f64 = 14.0;
/// The least distance between two pins, as a fraction of the axis.
const PIN_GAP: f64 = 0.07;
/// Maximum number of events that one pin lists separately.
const MOST_TOLD: usize = 5;
/// Groups the points by person, sorted by name. Two people may have the same name.
fn ways(points: &[Point]) -> Vec<Vec<&Point>> {
    let mut ways: Vec<Vec<&Point>> = Vec::new();
    for point in points {
        let known = ways.iter_mut().find(|way| way[0].person == point.person);
        match known {
            Some(way) => way.push(point),
            None => ways.push(vec![point]),
        }
    }
    ways.sort_by(|one, other| one[0].name.cmp(&other[0].name));
    ways
}

/// Returns the path of a step line, which holds each value until the next one. Takes positions from
/// 0 to 1 and percents; returns thousandths of the width and percent of the height. The line ends
/// at the right edge.
fn steps(values: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (place, percent) in values {
        let (x, y) = (plain(place * 1000.0), plain(100.0 - percent));
        path += &if path.is_empty() {
            format!("M{x} {y}")
        } else {
            format!("H{x}V{y}")
        };
    }
    if !path.is_empty() {
        path += "H1000";
    }
    path
}

/// Returns the path of the area between the lowest and the highest credence, in the units of
/// [`steps`].
fn band(points: &[Point], axis: Axis) -> String {
    let mut path = String::new();
    for (number, point) in points.iter().enumerate() {
        let next = points.get(number + 1);
        let (from, to) = (
            axis.place(point.at),
            next.map_or(1.0, |next| axis.place(next.at)),
        );
        let (low, high) = (point.low.percent(), point.high.percent());
        if from < to && low < high {
            let (x, width) = (plain(from * 1000.0), plain((to - from) * 1000.0));
            let (y, height) = (plain(100.0 - high), plain(high - low));
            path += &format!("M{x} {y}h{width}v{height}h-{width}z");
        }
    }
    path
}

/// The plot with its axes, pins and the moment being read.
#[component]
pub(super) fn Plot(points: Vec<Point>, pins: Vec<Pin>, now: Now) -> impl IntoView {
    let axis = Axis::until(&points, &pins, now.millis);
    let (first, last) = (now.day_of(axis.from), now.day_of(axis.to));
    let (lines, dots) = (lines(&points, axis), dots(&points, axis));
    let points = StoredValue::new(points);
    let at = RwSignal::new(None::<usize>);
    // Describes the latest statement while the chart is not being read.
    let words = Signal::derive(move || {
        points.with_value(|points| {
            moment_words(points, at.get().unwrap_or(points.len().saturating_sub(1)))
        })
    });
    view! {
        <div class="chart">
            <ul class="pins" aria-label=t!("What happened meanwhile")>{view_pins(pins, axis)}</ul>
            <div class="plot">
                {lines}
                {dots}
                <Cursor points axis at words />
            </div>
            {days(first, last, axis)}
            <p class="readout" translate="no" aria-hidden="true">{live(move || words.get())}</p>
        </div>
    }
}

/// Draws the parts that are stretched to the width: grid, band, steps and the aggregate's line.
fn lines(points: &[Point], axis: Axis) -> AnyView {
    let grid = [0, 25, 50, 75, 100].map(|at| {
        view! { <line class="grid" x1="0" x2="1000" y1=at y2=at /> }
    });
    let ways = ways(points).into_iter().map(|way| {
        let values = way
            .iter()
            .map(|point| (axis.place(point.at), point.percent));
        let class = format!("way {}", person_class(way[0].colour));
        view! { <path class=class d=steps(values) /> }
    });
    let group = points.iter().skip_while(|point| !point.has_majority);
    let group = group.map(|point| (axis.place(point.at), point.aggregate.percent()));
    view! {
        <svg class="lines" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
            {grid.collect_view()}
            <path class="band" d=band(points, axis) />
            {ways.collect_view()}
            <path class="group" d=steps(group) />
        </svg>
    }
    .into_any()
}

/// Draws the parts that keep their shape: numbers at the left, dots, and initials at the ends of
/// lines.
fn dots(points: &[Point], axis: Axis) -> AnyView {
    let numbers = [0, 25, 50, 75, 100].map(|at| {
        view! { <text class="tick" x="-8" y=format!("{}%", 100 - at) dy="0.35em">{at}</text> }
    });
    let dots = points.iter().map(|point| {
        let again = if point.reaffirms { " again" } else { "" };
        let class = format!("{}{again}", person_class(point.colour));
        let (x, y) = (
            percent(axis.place(point.at)),
            percent(1.0 - point.percent / 100.0),
        );
        view! { <circle class=class cx=x cy=y r="4" /> }
    });
    let ways = ways(points);
    let ends: Vec<&Point> = ways.iter().filter_map(|way| way.last().copied()).collect();
    let heights: Vec<f64> = ends
        .iter()
        .map(|point| HEIGHT * (1.0 - point.percent / 100.0))
        .collect();
    let labels = ends.iter().zip(spaced(&heights, LABEL_GAP, HEIGHT));
    let labels = labels.map(|(point, height)| {
        let class = format!("initials {}", person_class(point.colour));
        view! { <text class=class x="100%" dx="10" y=plain(height) dy="0.35em">{point.initials.clone()}</text> }
    });
    view! {
        <svg class="dots" role="img" aria-label=t!("Credences over time; the table below holds the same")>
            {numbers.collect_view()}
            {dots.collect_view()}
            {labels.collect_view()}
        </svg>
    }
    .into_any()
}

/// Draws the dates under the axis.
fn days(first: NaiveDate, last: NaiveDate, axis: Axis) -> AnyView {
    let start = |day: NaiveDate| axis.place(Millis::beginning_of(day).unwrap_or_default());
    // The first and the last date are at the ends of the axis.
    let between = ticks(first, last).into_iter().filter_map(|day| {
        let place = start(day);
        (0.2..0.8).contains(&place).then(|| {
            view! { <span class="tick" style:left=percent(place)>{month_or_year(day)}</span> }
        })
    });
    view! {
        <div class="days">
            <span class="first">{spelled(first)}</span>
            {between.collect_view()}
            <span class="last">{spelled(last)}</span>
        </div>
    }
    .into_any()
}

/// Draws the pins from left to right; pins that would overlap are merged.
fn view_pins(mut pins: Vec<Pin>, axis: Axis) -> AnyView {
    pins.sort_by_key(|pin| pin.at);
    let mut groups: Vec<(f64, Vec<Pin>)> = Vec::new();
    for pin in pins {
        let place = axis.place(pin.at);
        match groups
            .last_mut()
            .filter(|(first, _)| place - first < PIN_GAP)
        {
            Some((_, group)) => group.push(pin),
            None => groups.push((place, vec![pin])),
        }
    }
    let items = groups.into_iter().map(|(place, group)| {
        let face = match &group[..] {
            [only] => letter(only.kind).to_owned(),
            several => several.len().to_string(),
        };
        let href = group.first().map(|pin| pin.href.clone());
        let more = group.len().saturating_sub(MOST_TOLD);
        let lines = group.into_iter().take(MOST_TOLD);
        let lines = lines.map(|pin| view! { <span class="line">{pin.text}</span> });
        view! {
            <li style:left=percent(place)>
                <a href=href>
                    <span class="face" aria-hidden="true">{face}</span>
                    <span class="tip" style:transform=format!("translateX(-{})", percent(place))>
                        {lines.collect_view()}
                        {(more > 0).then(|| view! { <span class="line">{t!("and {count} more", count = more)}</span> })}
                    </span>
                </a>
            </li>
        }
    });
    items.collect_view().into_any()
}

fn letter(kind: PinKind) -> &'static str {
    match kind {
        PinKind::Evidence => t!("evidence" => "E"),
        PinKind::Trigger => t!("trigger" => "T"),
        PinKind::Review => t!("review" => "R"),
        PinKind::Decision => t!("decision" => "D"),
    }
}

#[cfg(test)]
mod tests {
    use cruxboard_domain::id::Replica;
    use cruxboard_domain::record::PersonId;
    use cruxboard_domain::{ChangeId, Credence};

    use super::*;

    fn point(at: u64, person: u64) -> Point {
        Point {
            at: Millis(at),
            day: NaiveDate::default(),
            person: PersonId(ChangeId::new(Millis(person), 0, Replica::default())),
            name: "Ann".into(),
            initials: "A".into(),
            percent: 50.0,
            previous: None,
            colour: 0,
            aggregate: Credence::HALF,
            low: Credence::HALF,
            high: Credence::HALF,
            has_majority: true,
            reason: String::new(),
            evidence: String::new(),
            reaffirms: false,
        }
    }

    #[test]
    fn the_time_axis_is_to_scale_and_ends_today() {
        let points =
            [(100, 1), (101, 2), (125, 1), (200, 1)].map(|(day, person)| point(day, person));
        let axis = Axis::of_points(&points);
        assert_eq!(
            [100, 101, 125, 200, 500, 0].map(|at| axis.place(Millis(at))),
            [0.0, 0.01, 0.25, 1.0, 1.0, 0.0]
        );
        assert_eq!(Axis::of_points(&[]).place(Millis(5)), 1.0);
        let pin = Pin {
            at: Millis(60),
            kind: PinKind::Evidence,
            text: String::new(),
            href: String::new(),
        };
        let axis = Axis::until(&points, &[pin], Millis(460));
        assert_eq!(
            [60, 100, 460].map(|at| axis.place(Millis(at))),
            [0.0, 0.1, 1.0]
        );
    }

    #[test]
    fn two_people_of_one_name_have_a_line_each() {
        let points = [(0, 1), (10, 2), (20, 1), (30, 2)].map(|(day, person)| point(day, person));
        let lines = ways(&points);
        let days: Vec<Vec<u64>> = lines
            .iter()
            .map(|line| line.iter().map(|point| point.at.0).collect())
            .collect();
        assert_eq!(days, [[0, 20], [10, 30]]);
    }

    #[test]
    fn a_line_holds_each_value_until_the_next_and_to_the_end() {
        let values = [(0.0, 20.0), (0.25, 35.0)];
        assert_eq!(steps(values.into_iter()), "M0 80H250V65H1000");
        assert_eq!(steps([].into_iter()), "");
    }
}
