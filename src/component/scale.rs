//! The one scale on which all credences stand: 0% to 100%, the same width and ticks everywhere.

use cruxboard_domain::Credence;
use cruxboard_domain::estimate::Estimate;
use cruxboard_domain::record::{CredenceRule, Mark};

use super::live;
use super::plain;
use super::{MarkGlyph, mark_class};
use leptos::prelude::*;

/// One person on the scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// One or two letters.
    pub initials: String,
    /// Who it is.
    pub name: String,
    /// In percent.
    pub percent: f64,
    /// Where they stood before, in percent.
    pub previous: Option<f64>,
    /// Drawn hollow.
    pub is_stale: bool,
    /// Drawn in the reader's own colour.
    pub is_me: bool,
    /// The day of the statement, spelled; empty where it is not known.
    pub day: String,
}

/// Everybody on one line, with the aggregate as a tall mark and the spread as a thin band.
#[component]
pub fn Scale(
    #[prop(into)] dots: Signal<Vec<Dot>>,
    #[prop(into)] estimate: Signal<Option<Estimate>>,
    /// Which option each end favours: at 0%, at 100%.
    #[prop(into)]
    ends: Signal<(Option<Mark>, Option<Mark>)>,
    /// What credence triggers compare the estimate with: it is told apart from their values.
    #[prop(into, optional)]
    rules: Signal<Vec<CredenceRule>>,
    /// Numbers under the ticks, names of the ends.
    #[prop(optional)]
    is_large: bool,
    /// Where the reader's own handle stands, in percent: their dot is not drawn, and the others make
    /// room for the handle, which is the child.
    #[prop(into, optional)]
    handle: Signal<Option<f64>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let drawn = move || {
        let mut dots = dots.get();
        dots.retain(|dot| !dot.is_me || handle.get().is_none());
        dots
    };
    // The handle takes the place of the dot, and not of where it stood before.
    let own_ghost = move || {
        handle.get()?;
        let own = dots.get().into_iter().find(|dot| dot.is_me)?;
        ghost(&own)
    };
    let sentence = move || rules.with(|rules| describe(&dots.get(), estimate.get(), rules));
    view! {
        <div class="scale" class:large=is_large>
            <span class="end low">{live(move || ends.get().0.map(end_label))}</span>
            <div class="axis-box">
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
            <span class="end high">{live(move || ends.get().1.map(end_label))}</span>
        </div>
    }
}

fn end_label(mark: Mark) -> impl IntoView {
    view! {
        <span class=mark_class(mark)>
            <MarkGlyph mark />
            <span class="name">{mark.label()}</span>
        </span>
    }
}

fn pct(percent: f64) -> String {
    format!("{}%", plain(percent))
}

/// Dots that would cover each other, or the handle in the middle, are set one above the other.
fn people(mut dots: Vec<Dot>, handle: Option<f64>, is_large: bool) -> Vec<AnyView> {
    // A dot is 20 pixels wide; a small scale is about 250, a large one twice that.
    let width = if is_large { 4.0 } else { 8.0 };
    dots.sort_by(|a, b| a.percent.total_cmp(&b.percent));
    let mut lanes: [f64; 3] = [f64::NEG_INFINITY; 3];
    dots.into_iter()
        .map(|dot| {
            let is_under_handle = handle.is_some_and(|at| (dot.percent - at).abs() < width);
            let lane = (usize::from(is_under_handle)..3)
                .find(|lane| dot.percent - lanes[*lane] >= width)
                .unwrap_or(2);
            lanes[lane] = dot.percent;
            let y = ["50%", "24%", "76%"][lane];
            let class = format!(
                "dot{}{}",
                if dot.is_stale { " stale" } else { "" },
                if dot.is_me { " me" } else { "" }
            );
            let ghost = ghost(&dot);
            view! {
                {ghost.map(|previous| view! {
                    <circle class="ghost" cx=pct(previous) cy=y r="4" />
                })}
                <g class=class>
                    <title>{told(&dot)}</title>
                    <circle cx=pct(dot.percent) cy=y r="10" />
                    <text x=pct(dot.percent) y=y dy="0.35em">{dot.initials}</text>
                </g>
            }
            .into_any()
        })
        .collect()
}

/// Where somebody stood before, in percent, unless that is where they stand.
fn ghost(dot: &Dot) -> Option<f64> {
    dot.previous
        .filter(|previous| (previous - dot.percent).abs() > 0.5)
}

/// "Area lead: 35%, 3 Nov 2026".
fn told(dot: &Dot) -> String {
    let stale = if dot.is_stale { ", outdated" } else { "" };
    let day = match dot.day.as_str() {
        "" => String::new(),
        day => format!(", {day}"),
    };
    format!("{}: {}%{day}{stale}", dot.name, plain(dot.percent))
}

fn describe(dots: &[Dot], estimate: Option<Estimate>, rules: &[CredenceRule]) -> String {
    let Some(estimate) = estimate else {
        return "Nobody has stated a credence yet".into();
    };
    let people = dots.iter().map(|dot| {
        format!(
            "{} {}%{}",
            dot.name,
            plain(dot.percent),
            if dot.is_stale { " (outdated)" } else { "" }
        )
    });
    let all = estimate.figures(rules);
    format!(
        "{}. Aggregate {}, median {}, spread {}.",
        people.collect::<Vec<_>>().join(", "),
        all.aggregate,
        all.median,
        all.spread
    )
}
