//! The scale for credences: 0% to 100%, with the same width and ticks on every screen.

use cruxboard_domain::Credence;
use cruxboard_domain::estimate::Estimate;
use cruxboard_domain::fan_out::fan_out;
use cruxboard_domain::pointing::{ScaleEnd, ScaleEnds};
use cruxboard_domain::record::CredenceRule;
use cruxboard_domain::t;
use cruxboard_domain::translation;

use super::live;
use super::plain;
use super::{MarkGlyph, mark_class};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::Element;

/// One person on the scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The initials: one or two letters.
    pub initials: String,
    /// The person's name.
    pub name: String,
    /// The credence, in percent.
    pub percent: f64,
    /// The previous credence, in percent.
    pub previous: Option<f64>,
    /// The number of the person's colour.
    pub colour: usize,
    /// Whether the credence is outdated; drawn hollow.
    pub is_stale: bool,
    /// Whether it is the reader's own; drawn with a ring.
    pub is_me: bool,
    /// Whether the person is outside the board; drawn as a square, and not in the estimate.
    pub is_outside: bool,
    /// The date of the credence as text; empty if unknown.
    pub day: String,
}

/// Number of colours for people. With more people the colours repeat, and initials tell them apart.
const COLOURS: usize = 8;

/// Returns the class for a person's colour.
pub(super) fn person_class(colour: usize) -> String {
    format!("person-{}", colour % COLOURS)
}

/// Shows everybody on one line, with the aggregate as a tall mark and the spread as a thin band.
#[component]
pub fn Scale(
    #[prop(into)] dots: Signal<Vec<Dot>>,
    #[prop(into)] estimate: Signal<Option<Estimate>>,
    /// The options that the ends support: at 0%, at 100%.
    #[prop(into)]
    ends: Signal<ScaleEnds>,
    /// The rules of credence triggers. The description for screen readers compares the estimate
    /// with them.
    #[prop(into, optional)]
    rules: Signal<Vec<CredenceRule>>,
    /// Whether to show numbers under the ticks and the names of the ends.
    #[prop(optional)]
    is_large: bool,
    /// Whether to show numbers at the ends and in the middle of a small scale.
    #[prop(optional)]
    is_numbered: bool,
    /// The position of the reader's own handle (the child), in percent. Their dot is then not
    /// drawn, and the other dots make room for the handle.
    #[prop(into, optional)]
    handle: Signal<Option<f64>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let drawn = move || {
        let mut dots = dots.get();
        dots.retain(|dot| !dot.is_me || handle.get().is_none());
        dots
    };
    // The handle replaces the dot, but not the mark of the previous credence.
    let own_ghost = move || {
        handle.get()?;
        let own = dots.get().into_iter().find(|dot| dot.is_me)?;
        ghost(&own)
    };
    // The handle has the colour of the reader's dot.
    let own_class = move || {
        dots.with(|dots| match dots.iter().find(|dot| dot.is_me) {
            Some(own) if own.is_stale => format!("axis-box stale {}", person_class(own.colour)),
            Some(own) => format!("axis-box {}", person_class(own.colour)),
            None => "axis-box".to_owned(),
        })
    };
    let number = move |text: String| {
        is_numbered.then(|| view! { <span class="tick" aria-hidden="true">{text}</span> })
    };
    let sentence = move || rules.with(|rules| describe(&dots.get(), estimate.get(), rules));
    view! {
        <div class="scale" class:large=is_large class:numbered=is_numbered>
            <span class="end low">{number(format!("{} ", translation::percent(0)))} {live(move || ends.get().0.map(end_label))}</span>
            {number(translation::percent(50))}
            <div class=own_class on:pointerdown=move |event| tell(&event)>
            <svg class="axis" role="img" aria-label=sentence>
                <g class="ticks">
                    {[0, 25, 50, 75, 100]
                        .map(|at| {
                            let x = pct(f64::from(at));
                            let number = is_large.then(|| view! { <text x=x.clone() y="10">{at}</text> });
                            view! { <line x1=x.clone() x2=x y1=if is_large { "16" } else { "4" } y2="100%" /> {number} }
                        })
                        .collect_view()}
                </g>
                {live(move || {
                    let estimate = estimate.get();
                    let at = |read: fn(&Estimate) -> Credence| {
                        estimate.as_ref().map(|estimate| pct(read(estimate).percent()))
                    };
                    view! {
                        <line class="spread" x1=at(|e| e.low) x2=at(|e| e.high) y1="50%" y2="50%" />
                        <rect class="aggregate" x=at(|e| e.aggregate) y="0" width="3" height="100%" visibility=estimate.is_none().then_some("hidden") />
                        {own_ghost().map(|previous| view! { <circle class="ghost" cx=pct(previous) cy="50%" r="4" /> })}
                        {people(drawn(), handle.get(), is_large)}
                    }
                })}
            </svg>
            {children.map(|children| children())}
            </div>
            <span class="end high">{live(move || ends.get().1.map(end_label))} {number(format!(" {}", translation::percent(100)))}</span>
        </div>
    }
}

/// Shows the words about the pressed dot, until another place of the scale is pressed. A finger cannot hover.
fn tell(event: &ev::PointerEvent) {
    let pressed = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let dot = pressed.and_then(|it| it.closest(".dot").ok().flatten());
    let scale = event
        .current_target()
        .and_then(|it| it.dyn_into::<Element>().ok());
    let told = scale.and_then(|it| it.query_selector(".told").ok().flatten());
    for (dot, is_told) in [(told, false), (dot, true)] {
        if let Some(dot) = dot {
            // The names of the classes are valid, so that nothing can fail.
            drop(dot.class_list().toggle_with_force("told", is_told));
        }
    }
}

fn end_label(end: ScaleEnd) -> impl IntoView {
    let ScaleEnd { mark, name } = end;
    let title = name.clone();
    view! {
        <span class=mark_class(mark) title=title>
            <MarkGlyph mark />
            <span class="name">{name}</span>
        </span>
    }
}

fn pct(percent: f64) -> String {
    format!("{}%", plain(percent))
}

/// Width of a dot, in pixels.
const DOT: f64 = 20.0;

/// Draws the dots, fanned out where they meet.
fn people(mut dots: Vec<Dot>, handle: Option<f64>, is_large: bool) -> Vec<AnyView> {
    // The narrowest axes on any screen have 184 pixels on the board and 238 on a crux. On wider ones dots stand a
    // little further apart than they need to.
    let length = if is_large { 11.5 } else { 9.0 };
    dots.sort_by(|a, b| a.percent.total_cmp(&b.percent));
    let percents: Vec<f64> = dots.iter().map(|dot| dot.percent).collect();
    let places = fan_out(&percents, length, handle);
    dots.into_iter()
        .zip(places)
        .map(|(dot, place)| {
            let moved = place.along - dot.percent / 100.0 * length;
            let [along, across] = [moved, place.across].map(|by| plain(by * DOT));
            let moved = format!("translate({along} {across})");
            let lifted = format!("translate(0 {across})");
            let class = format!(
                "dot {}{}{}{}",
                person_class(dot.colour),
                if dot.is_outside { " other" } else { "" },
                if dot.is_stale { " stale" } else { "" },
                if dot.is_me { " me" } else { "" }
            );
            let ghost = ghost(&dot);
            // The text about a dot near an end of the scale stays within it.
            let anchor = match dot.percent {
                ..30.0 => "start",
                70.0.. => "end",
                _ => "middle",
            };
            view! {
                {ghost.map(|previous| view! {
                    <circle class="ghost" cx=pct(previous) cy="50%" r="4" transform=lifted />
                })}
                <g class=class transform=moved>
                    {if dot.is_outside {
                        view! { <rect x=pct(dot.percent) y="50%" width="18" height="18" rx="2" /> }.into_any()
                    } else {
                        view! { <circle cx=pct(dot.percent) cy="50%" r="10" /> }.into_any()
                    }}
                    <text class="tip" x=pct(dot.percent) y="50%" dy="-14" text-anchor=anchor>{told(&dot)}</text>
                    <text class="initials" x=pct(dot.percent) y="50%" dy="0.35em">{dot.initials}</text>
                </g>
            }
            .into_any()
        })
        .collect()
}

/// Returns the previous credence in percent, unless it is the same as the present one.
fn ghost(dot: &Dot) -> Option<f64> {
    dot.previous
        .filter(|previous| (previous - dot.percent).abs() > 0.5)
}

/// Describes a dot: "Area lead: 35%, 3 Nov 2026".
fn told(dot: &Dot) -> String {
    let stale = if dot.is_stale { t!(", outdated") } else { "" };
    let day = match dot.day.as_str() {
        "" => String::new(),
        day => format!(", {day}"),
    };
    let outside = outside_mark(dot);
    format!(
        "{}: {}{day}{stale}{outside}",
        dot.name,
        translation::percent(plain(dot.percent))
    )
}

fn outside_mark(dot: &Dot) -> &'static str {
    if dot.is_outside {
        t!(", outside the board")
    } else {
        ""
    }
}

fn describe(dots: &[Dot], estimate: Option<Estimate>, rules: &[CredenceRule]) -> String {
    let people = dots.iter().map(|dot| {
        format!(
            "{} {}{}{}",
            dot.name,
            translation::percent(plain(dot.percent)),
            if dot.is_stale { t!(" (outdated)") } else { "" },
            outside_mark(dot),
        )
    });
    let people = people.collect::<Vec<_>>().join(", ");
    let Some(estimate) = estimate else {
        return match people.as_str() {
            "" => t!("Nobody has stated a credence yet").into(),
            _ => people,
        };
    };
    let all = estimate.figures(rules);
    t!(
        "{people}. Aggregate {aggregate}, median {median}, spread {spread}.",
        people,
        aggregate = all.aggregate,
        median = all.median,
        spread = all.spread
    )
}
