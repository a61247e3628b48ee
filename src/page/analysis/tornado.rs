//! A tornado chart with its table: how far each crux alone would move an option.

use cruxboard_domain::Credence;
use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::format::Holder;
use cruxboard_domain::snapshot::chart::{self, BarAxis, BarChart, Caption, Part};
use cruxboard_domain::t;
use cruxboard_domain::translation::percent;
use cruxboard_domain::what_if::Assumed;
use leptos::prelude::*;

use super::{Analysed, crux_name};
use crate::component::{live, plain};
use crate::page::holder;
use crate::page::save_chart::{SaveChart, chart_source};

/// Maximum number of bars.
const MOST: usize = 12;

/// The distance, in percentage points, from which an end counts as beyond the present figure.
const TOLERANCE: f64 = 0.5;

/// The range of an option's figure over one crux alone.
#[derive(Clone, PartialEq)]
struct Bar {
    name: String,
    if_false: Credence,
    if_true: Credence,
}

/// The bars of the selected option, widest first.
#[component]
pub(super) fn Tornado(analysed: Analysed) -> impl IntoView {
    let session = analysed.session;
    let figures = Memo::new(move |_| {
        let option = analysed.option.get()?;
        analysed.models.with(|models| {
            let model = models.iter().find(|model| model.option == option)?;
            let now = model.of_group(&Assumed::new())?;
            let mut bars: Vec<Bar> = session.read_untracked(|board| {
                let bars = model.cruxes().filter_map(|crux| {
                    let (if_false, if_true) = model.swing(crux)?;
                    Some(Bar {
                        name: crux_name(board, crux),
                        if_false,
                        if_true,
                    })
                });
                bars.collect()
            });
            let width = |bar: &Bar| bar.if_false.distance(bar.if_true);
            bars.sort_by(|one, other| width(other).total_cmp(&width(one)));
            bars.truncate(MOST);
            Some((now, bars))
        })
    });
    let chart = move || {
        figures
            .get()
            .filter(|(_, bars)| !bars.is_empty())
            .map(|(now, bars)| chart(&analysed.option_name(), &holder(session), now, &bars))
    };
    let has_bars = move || figures.with(|it| it.as_ref().is_some_and(|(_, bars)| !bars.is_empty()));
    let picture = Callback::new(move |()| {
        let (now, bars) = figures.get_untracked()?;
        let (option, holder) = (analysed.option_name(), untrack(|| holder(session)));
        let chart = picture(&option, &holder, now, &bars, chart_source(session));
        Some(chart.to_svg())
    });
    view! {
        <section class="panel" aria-labelledby="tornado-title">
            <h2 id="tornado-title">{live(move || t!("How far each crux alone would move “{option}”", option = analysed.option_name()))}</h2>
            {live(chart)}
            <Show when=has_bars><SaveChart session kind=ExportKind::Tornado chart=picture /></Show>
        </section>
    }
}

fn chart(option: &str, holder: &Holder, now: Credence, bars: &[Bar]) -> AnyView {
    let ends = bars.iter().flat_map(|bar| [bar.if_false, bar.if_true]);
    let highest = ends.map(Credence::percent).fold(now.percent(), f64::max);
    // The axis ends at the next multiple of ten.
    let most = ((highest / 10.0).ceil() * 10.0).clamp(10.0, 100.0);
    let rows = bars.iter().map(|bar| row(bar, now, most)).collect_view();
    let summary = bars.first().map(|bar| {
        t!(
            "{who} now finds it {now} likely that “{option}” is right. This figure would move most with “{crux}”: to {if_true} if it is true, to {if_false} if it is false.",
            who = holder.first(),
            now = now.rounded(&[]),
            option,
            crux = bar.name,
            if_true = bar.if_true.rounded(&[]),
            if_false = bar.if_false.rounded(&[]),
        )
    });
    // Each figure is pooled by itself, so the three of one crux need not fit together.
    let misfits = bars.iter().filter(|bar| {
        let [now, one, other] = [now, bar.if_false, bar.if_true].map(Credence::percent);
        now + TOLERANCE < one.min(other) || one.max(other) < now - TOLERANCE
    });
    let misfits: Vec<String> = misfits.map(|bar| t!("“{name}”", name = bar.name)).collect();
    let misfit = (!misfits.is_empty()).then(|| {
        let names = misfits.join(", ");
        view! { <p class="late">{t!("Both ends lie on one side of the present figure for {names}: the group’s three figures are pooled one by one, and here they do not fit together.", names)}</p> }
    });
    view! {
        <p>{summary}</p>
        {misfit}
        <figure class="tornado">
            <ul aria-label=t!("Bars; the table below holds the same")>{rows}</ul>
            <p class="axis soft" aria-hidden="true" translate="no">
                <span>{percent(0)}</span>
                <span>{percent(plain(most))}</span>
            </p>
            <p class="soft key"><span><span class="swatch is-true"></span> " " {t!("if true")}</span> <span><span class="swatch"></span> " " {t!("if false")}</span> <span><span class="swatch is-now"></span> " " {t!("now {figure}", figure = now.rounded(&[]))}</span></p>
            <details>
                <summary>{t!("As a table")}</summary>
                {table(bars)}
            </details>
        </figure>
    }
    .into_any()
}

/// Returns the chart as a picture: filled if true, outlined if false.
fn picture(option: &str, holder: &Holder, now: Credence, bars: &[Bar], source: String) -> BarChart {
    let part = |end: Credence, is_filled| Part {
        from: now.percent(),
        to: end.percent(),
        is_filled,
    };
    let bars = bars.iter().map(|bar| chart::Bar {
        name: bar.name.clone(),
        figures: format!(
            "{} / {}",
            bar.if_false.rounded(&[]),
            bar.if_true.rounded(&[])
        ),
        parts: vec![part(bar.if_false, false), part(bar.if_true, true)],
    });
    BarChart {
        caption: Caption {
            title: t!("How far each crux alone would move “{option}”", option),
            note: t!(
                "{who} finds it {now} likely that it is right (line). Filled: if the crux is true; outlined: if it is false.",
                who = holder.first(),
                now = now.rounded(&[])
            ),
            source,
        },
        axis: BarAxis {
            name: t!("How likely it is that “{option}” is right", option),
            unit: "%",
            is_signed: false,
        },
        figures: t!("if false / if true"),
        mark: Some((now.percent(), t!("now {figure}", figure = now.rounded(&[])))),
        bars: bars.collect(),
    }
}

fn row(bar: &Bar, now: Credence, most: f64) -> AnyView {
    let x = |credence: Credence| plain(100.0 * credence.percent() / most);
    let part = |end: Credence, class: &'static str| {
        let (low, high) = (end.min(now), end.max(now));
        let width = plain(100.0 * low.distance(high) / most);
        view! { <rect class=class x=x(low) y="1" width=width height="10" /> }
    };
    let (if_false, if_true) = (bar.if_false.rounded(&[]), bar.if_true.rounded(&[]));
    let label = t!(
        "“{crux}”: {if_true} if true, {if_false} if false",
        crux = bar.name,
        if_true,
        if_false
    );
    view! {
        <li>
            <span aria-hidden="true">{bar.name.clone()}</span>
            <span class="soft" aria-hidden="true">{t!("false {if_false} · true {if_true}", if_false, if_true)}</span>
            <svg viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label=label>
                {part(bar.if_false, "is-false")}
                {part(bar.if_true, "is-true")}
                <line x1=x(now) x2=x(now) y1="0" y2="12" />
            </svg>
        </li>
    }
    .into_any()
}

fn table(bars: &[Bar]) -> AnyView {
    let rows = bars.iter().map(|bar| {
        view! {
            <tr>
                <th scope="row">{bar.name.clone()}</th>
                <td class="number" translate="no">{bar.if_false.rounded(&[])}</td>
                <td class="number" translate="no">{bar.if_true.rounded(&[])}</td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!("How far each crux alone would move the option")>
            <table class="data">
                <thead>
                    <tr>
                        <th scope="col">{t!("Crux")}</th>
                        <th scope="col" class="number">{t!("If false")}</th>
                        <th scope="col" class="number">{t!("If true")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
