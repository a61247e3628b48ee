//! Credences over time: a line small enough for a row, and a chart with its table.

use cruxboard_domain::Credence;
use cruxboard_domain::date::spelled;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::text::counted;

use super::live;
use super::{plain, signed};
use leptos::prelude::*;

/// One statement in the history of a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// When, in Unix milliseconds.
    pub at: u64,
    /// On which day, as the reader's calendar has it.
    pub day: chrono::NaiveDate,
    /// Whose line it is on: two people may have one name.
    pub person: PersonId,
    /// Who.
    pub name: String,
    /// Their letters.
    pub initials: String,
    /// What they said, in percent.
    pub percent: f64,
    /// What they had said before, in percent.
    pub previous: Option<f64>,
    /// The group's aggregate since.
    pub aggregate: Credence,
    /// Why.
    pub reason: String,
    /// On what.
    pub evidence: String,
    /// Whether it says again what stood before.
    pub reaffirms: bool,
}

/// Horizontal place of a moment, to scale: 0 at the first point, 1 at the last.
fn place(points: &[Point], at: u64) -> f64 {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return 0.0;
    };
    let span = last.at.saturating_sub(first.at).max(1) as f64;
    (at.saturating_sub(first.at) as f64 / span).min(1.0)
}

/// Horizontal place of each point, 0 to 1.
fn places(points: &[Point]) -> Vec<f64> {
    points.iter().map(|point| place(points, point.at)).collect()
}

/// The points of each person with their places, by name. Two people may have one name.
fn ways(points: &[Point]) -> Vec<Vec<(f64, &Point)>> {
    let mut ways: Vec<Vec<(f64, &Point)>> = Vec::new();
    for (place, point) in places(points).into_iter().zip(points) {
        let known = ways.iter_mut().find(|way| way[0].1.person == point.person);
        match known {
            Some(way) => way.push((place, point)),
            None => ways.push(vec![(place, point)]),
        }
    }
    ways.sort_by(|one, other| one[0].1.name.cmp(&other[0].1.name));
    ways
}

/// The aggregate's way, 0% to 100% upwards.
#[component]
pub fn Sparkline(#[prop(into)] points: Signal<Vec<Point>>) -> impl IntoView {
    let line = move || {
        points.with(|points| {
            let path = places(points).into_iter().zip(points).map(|(x, point)| {
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

/// Everybody's way as a line each, the aggregate's as a thick one, and all of it as a table.
#[component]
pub fn HistoryChart(
    #[prop(into)] points: Signal<Vec<Point>>,
    /// Vertical marks: when, what class, what they say.
    #[prop(into)]
    marks: Signal<Vec<(u64, &'static str, String)>>,
) -> impl IntoView {
    let has_points = move || points.with(|points| points.len() > 1);
    view! {
        <Show
            when=has_points
            fallback=|| view! { <p class="soft">"The chart appears after a second update."</p> }
        >
            <figure class="history">
                {live(move || chart(&points.get(), &marks.get()))}
                <details>
                    <summary>"As a table"</summary>
                    {live(move || table(points.get()))}
                </details>
            </figure>
        </Show>
    }
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 36.0;
/// The least distance between two labels, in units of the drawing.
const LABEL_GAP: f64 = 12.0;

/// Heights for labels that belong at `heights`: moved so that any two are at least `gap` apart and none is
/// below `lowest`.
fn spaced(heights: &[f64], gap: f64, lowest: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|one, other| heights[*one].total_cmp(&heights[*other]));
    let mut placed = heights.to_vec();
    let mut next = f64::NEG_INFINITY;
    for index in &order {
        placed[*index] = placed[*index].max(next);
        next = placed[*index] + gap;
    }
    let mut most = lowest;
    for index in order.iter().rev() {
        placed[*index] = placed[*index].min(most);
        most = placed[*index] - gap;
    }
    placed
}

fn chart(points: &[Point], marks: &[(u64, &'static str, String)]) -> AnyView {
    let places = places(points);
    let x = |place: f64| LEFT + place * (WIDTH - LEFT - 28.0);
    let y = |percent: f64| HEIGHT - 24.0 - percent * (HEIGHT - 36.0) / 100.0;
    let ways = ways(points);
    let grid = [0.0, 25.0, 50.0, 75.0, 100.0].map(|percent| {
        view! {
            <line class="grid" x1=LEFT x2=WIDTH y1=y(percent) y2=y(percent) />
            <text class="tick" x=LEFT - 6.0 y=y(percent) dy="0.35em">{plain(percent)}</text>
        }
    });
    let ends: Vec<f64> = ways
        .iter()
        .filter_map(|way| way.last().map(|(_, point)| y(point.percent)))
        .collect();
    let labels = spaced(&ends, LABEL_GAP, y(0.0));
    let lines = ways.into_iter().zip(labels).map(|(way, label)| {
        // A credence holds until the next one: steps, not slopes.
        let mut path = String::new();
        for (place, point) in &way {
            let (x, y) = (x(*place), y(point.percent));
            path += &if path.is_empty() { format!("M{} {}", plain(x), plain(y)) } else { format!("H{}V{}", plain(x), plain(y)) };
        }
        path += &format!("H{}", plain(x(1.0)));
        let initials = way.last().map(|(_, point)| point.initials.clone());
        let dots = way.iter().map(|(place, point)| {
            view! { <circle class:again=point.reaffirms cx=x(*place) cy=y(point.percent) r="4" /> }
        });
        view! {
            <g class="way">
                <path d=path />
                {dots.collect_view()}
                {initials.map(|initials| view! { <text x=x(1.0) + 6.0 y=label dy="0.35em">{initials}</text> })}
            </g>
        }
    });
    let mut aggregate = String::new();
    for (place, point) in places.iter().zip(points) {
        let (x, y) = (x(*place), y(point.aggregate.percent()));
        aggregate += &if aggregate.is_empty() {
            format!("M{} {}", plain(x), plain(y))
        } else {
            format!("H{}V{}", plain(x), plain(y))
        };
    }
    let place_of = |at: u64| x(place(points, at));
    let marks = marks.iter().map(|(at, class, text)| {
        let x = place_of(*at);
        view! {
            <g class=format!("event {class}")>
                <line x1=x x2=x y1=y(100.0) y2=y(0.0) />
                <title>{text.clone()}</title>
            </g>
        }
    });
    let day = |point: Option<&Point>| point.map(|point| spelled(point.day));
    view! {
        <svg viewBox=format!("0 0 {} {}", plain(WIDTH), plain(HEIGHT)) role="img" aria-label="Credences over time; the table below holds the same">
            {grid.collect_view()}
            {marks.collect_view()}
            {lines.collect_view()}
            <path class="aggregate" d=aggregate />
            <text class="day" x=LEFT y=HEIGHT - 6.0>{day(points.first())}</text>
            <text class="day end" x=WIDTH - 28.0 y=HEIGHT - 6.0>{day(points.last())}</text>
        </svg>
    }
    .into_any()
}

fn table(points: Vec<Point>) -> AnyView {
    let rows = points.into_iter().rev().map(|point| {
        let moved = match point.previous {
            _ if point.reaffirms => "confirmed".to_owned(),
            Some(previous) => signed(point.percent - previous),
            None => "first".to_owned(),
        };
        view! {
            <tr>
                <td>{spelled(point.day)}</td>
                <th scope="row">{point.name}</th>
                <td class="number" translate="no">{point.previous.map(|previous| format!("{}%", plain(previous)))}</td>
                <td class="number" translate="no">{format!("{}%", plain(point.percent))}</td>
                <td class="number" translate="no">{moved}</td>
                <td class="number" translate="no">{point.aggregate.rounded(&[])}</td>
                <td>{point.reason} {(!point.evidence.is_empty()).then(|| format!(" [{}]", point.evidence))}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="History as a table">
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">"Date"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col" class="number">"Before"</th>
                        <th scope="col" class="number">"After"</th>
                        <th scope="col" class="number">"Moved"</th>
                        <th scope="col" class="number">"Aggregate"</th>
                        <th scope="col">"Reason [evidence]"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use cruxboard_domain::ChangeId;
    use cruxboard_domain::id::Replica;

    use super::*;

    fn point(at: u64, person: u64) -> Point {
        Point {
            at,
            day: chrono::NaiveDate::default(),
            person: PersonId(ChangeId::new(person, 0, Replica::default())),
            name: "Ann".into(),
            initials: "A".into(),
            percent: 50.0,
            previous: None,
            aggregate: Credence::HALF,
            reason: String::new(),
            evidence: String::new(),
            reaffirms: false,
        }
    }

    #[test]
    fn the_time_axis_is_to_scale() {
        let points = [(0, 1), (1, 2), (25, 1), (100, 1)].map(|(day, person)| point(day, person));
        assert_eq!(places(&points), [0.0, 0.01, 0.25, 1.0]);
        // A mark may lie before or after all points.
        for (at, expected) in [(50, 0.5), (0, 0.0), (500, 1.0)] {
            assert_eq!(place(&points, at), expected);
        }
        assert_eq!(places(&points[..1]), [0.0]);
        assert_eq!(place(&[], 5), 0.0);
    }

    #[test]
    fn two_people_of_one_name_have_a_line_each() {
        let points = [(0, 1), (10, 2), (20, 1), (30, 2)].map(|(day, person)| point(day, person));
        let lines = ways(&points);
        let days: Vec<Vec<u64>> = lines
            .iter()
            .map(|line| line.iter().map(|(_, point)| point.at).collect())
            .collect();
        assert_eq!(days, [[0, 20], [10, 30]]);
    }

    #[test]
    fn labels_of_lines_that_end_close_together_do_not_lie_over_each_other() {
        for (heights, placed) in [
            (vec![100.0, 20.0], vec![100.0, 20.0]),
            (vec![50.0, 50.0, 55.0], vec![50.0, 62.0, 74.0]),
            (vec![174.0, 176.0], vec![164.0, 176.0]),
            (vec![], vec![]),
        ] {
            assert_eq!(spaced(&heights, 12.0, 176.0), placed, "{heights:?}");
        }
    }
}
