//! Reads the credences at a moment from the chart, under the pointer or with the arrow keys.

use cruxboard_domain::date::spelled;
use cruxboard_domain::t;
use cruxboard_domain::translation;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::super::{key_of, live, plain};
use super::Point;
use super::axis::{Axis, percent};

/// Returns everybody's latest credence up to the point with this index, sorted by name.
fn latest(points: &[Point], number: usize) -> Vec<&Point> {
    let mut found: Vec<&Point> = Vec::new();
    for point in points.iter().take(number + 1) {
        match found.iter_mut().find(|known| known.person == point.person) {
            Some(known) => *known = point,
            None => found.push(point),
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// Describes a moment: "3 Nov 2026: Area lead 15%, Researcher 20%; group 17%".
pub(super) fn moment_words(points: &[Point], number: usize) -> String {
    let Some(at) = points.get(number) else {
        return String::new();
    };
    let people = latest(points, number);
    let is_alone = people.len() < 2;
    let people = people.into_iter();
    let people = people.map(|point| {
        format!(
            "{} {}",
            point.name,
            translation::percent(plain(point.percent))
        )
    });
    let people = people.collect::<Vec<_>>().join(", ");
    let day = spelled(at.day);
    match at.has_majority && !is_alone {
        true => t!(
            "{day}: {people}; group {group}",
            day,
            people,
            group = at.aggregate.rounded(&[])
        ),
        false => format!("{day}: {people}"),
    }
}

/// A transparent area over the plot that follows pointer and keyboard.
#[component]
pub(super) fn Cursor(
    points: StoredValue<Vec<Point>>,
    axis: Axis,
    /// The index of the point that is shown; `None` while the chart is not being read.
    at: RwSignal<Option<usize>>,
    words: Signal<String>,
) -> impl IntoView {
    let last = points.with_value(Vec::len).saturating_sub(1);
    let area = NodeRef::<html::Div>::new();
    let follow = move |event: ev::PointerEvent| {
        let Some(area) = area.get_untracked() else {
            return;
        };
        let rect = area.get_bounding_client_rect();
        let place = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
        // The last statement at or before the pointer.
        let number = points.with_value(|points| {
            let before = points.iter().filter(|point| axis.place(point.at) <= place);
            before.count().saturating_sub(1)
        });
        if at.get_untracked() != Some(number) {
            at.set(Some(number));
        }
    };
    let step = move |event: ev::KeyboardEvent| {
        let now = at.get_untracked().unwrap_or(last);
        let next = match key_of(&event).as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (now + 1).min(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let line = move || {
        let number = at.get()?;
        let place =
            points.with_value(|points| points.get(number).map(|point| axis.place(point.at)))?;
        Some(view! { <i class="cursor" style:left=percent(place)></i> })
    };
    view! {
        <div
            class="reader"
            node_ref=area
            role="slider"
            tabindex="0"
            aria-label=t!("Moment in the history")
            aria-valuemin="0"
            aria-valuemax=last
            aria-valuenow=move || at.get().unwrap_or(last)
            aria-valuetext=move || words.get()
            on:pointermove=follow
            on:pointerdown=follow
            on:pointerleave=move |_| at.set(None)
            on:focus=move |_| at.set(Some(last))
            on:blur=move |_| at.set(None)
            on:keydown=step
        >
            {live(line)}
        </div>
    }
}
