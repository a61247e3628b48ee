//! The cruxes ranked by their value of information.

use cruxboard_domain::board::Board;
use cruxboard_domain::crux_value::{CruxValue, Side, descending, earliest};
use cruxboard_domain::date::spelled;
use cruxboard_domain::format::{
    bits_words, contradictory_words, discrimination_words, share_words,
};
use cruxboard_domain::percent::points;
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::limit::{Limit, more_cruxes};
use super::sides::Sides;
use super::{Analysed, crux_name};
use crate::component::{Choice, live};
use crate::page::{href, kept_choice};
use crate::route::Screen;

/// Maximum number of sentences of one kind about single cruxes.
const MOST_SENTENCES: usize = 20;
const INFORMATION: &str = "information";
const DISCRIMINATION: &str = "discrimination";
const DISAGREEMENT: &str = "disagreement";
const BY_DATE: &str = "by-date";

/// The table of cruxes with all figures, and sentences about the two sides.
#[component]
pub(super) fn Ranking(analysed: Analysed) -> impl IntoView {
    let session = analysed.session;
    let order = kept_choice(session, "ranking-order", INFORMATION.to_owned());
    let sides = Sides::new(analysed);
    let limit = Limit::new();
    let sorted = Memo::new(move |_| {
        let mut values = analysed.values.get();
        sort(&mut values, &order.get(), sides.get().as_ref());
        values
    });
    let has_cost = Memo::new(move |_| {
        let values = analysed.values.get();
        session.read_untracked(|board| values.iter().any(|value| cost(board, value).is_some()))
    });
    let rows = move || {
        let more = More {
            sides: sides.get(),
            has_groups: sides.has_group(),
            has_cost: has_cost.get(),
        };
        sorted.with(|values| {
            let rows = values.iter().take(limit.get());
            rows.map(|value| row(analysed, value, &more)).collect_view()
        })
    };
    let apart = move || apart(analysed, sorted, sides);
    let contradictory = move || contradictory(analysed);
    let orders = [
        (INFORMATION, t!("Value of information")),
        (DISCRIMINATION, t!("Value of discrimination")),
        (DISAGREEMENT, t!("Disagreement")),
        (BY_DATE, t!("By-date")),
    ];
    let orders = orders.map(|(key, label)| (key.to_owned(), label.to_owned()));
    view! {
        <section class="panel" aria-labelledby="ranking-title">
            <h2 id="ranking-title">{t!("What each crux would tell")}</h2>
            <div class="fields">
                <Choice label=t!("Order") options=Signal::stored(orders.to_vec()) value=order on_commit=Callback::new(move |key| order.set(key)) none="" />
                {sides.choice(0, t!("Compare"))}
                {sides.choice(1, t!("comparison" => "With"))}
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label=t!("What each crux would tell")>
                <table class="data ranking">
                    <thead>
                        <tr>
                            <th scope="col">{t!("Crux")}</th>
                            <th scope="col" class="number">{t!("Value of information")}</th>
                            <th scope="col" class="number">{t!("In bits")}</th>
                            <th scope="col" class="number">{t!("Share of what is open")}</th>
                            <th scope="col" class="number">{t!("The two come closer by")}</th>
                            {live(move || group_heads(sides))}
                            <th scope="col" class="number">{t!("Spread")}</th>
                            <th scope="col">{t!("By-date")}</th>
                            {live(move || has_cost.get().then(|| view! { <th scope="col" class="cost">{t!("Cost of finding out")}</th> }))}
                            <th scope="col" class="number">{t!("People")}</th>
                        </tr>
                    </thead>
                    <tbody>{live(rows)}</tbody>
                </table>
            </div>
            {limit.more(move || sorted.with(Vec::len), more_cruxes)}
            {live(apart)}
            {live(contradictory)}
            <Explanation />
        </section>
    }
}

/// Lists the cruxes that would drive the two sides apart.
fn apart(analysed: Analysed, sorted: Memo<Vec<CruxValue>>, sides: Sides) -> Option<AnyView> {
    let (one, other) = sides.get()?;
    let words = |value: &CruxValue| {
        let (level, _) = value.discrimination(&one, &other);
        level.filter(|level| *level < 0.0)?;
        let session = analysed.session;
        session.read_untracked(|board| discrimination_words(board, value, &one, &other))
    };
    let sentences = sorted.with(|values| values.iter().filter_map(words).collect());
    sentence_list(sentences, "")
}

/// Lists the cruxes on which somebody's credences contradict each other.
fn contradictory(analysed: Analysed) -> Option<AnyView> {
    let words = |value: &CruxValue| {
        analysed.session.read_untracked(|board| {
            let words = contradictory_words(board, &value.contradictory)?;
            let name = crux_name(board, value.crux);
            Some(t!("“{name}”: {words}", name, words))
        })
    };
    let sentences = analysed.values;
    let sentences = sentences.with(|values| values.iter().filter_map(words).collect());
    sentence_list(sentences, "late")
}

/// Renders sentences as a list, the first of them if there are many.
fn sentence_list(mut sentences: Vec<String>, class: &'static str) -> Option<AnyView> {
    let rest = sentences.len().saturating_sub(MOST_SENTENCES);
    sentences.truncate(MOST_SENTENCES);
    let lines = sentences.into_iter();
    let lines: Vec<_> = lines
        .map(|words| view! { <li class=class>{words}</li> })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <ul class="plain-list">{lines}</ul>
            {(rest > 0).then(|| view! { <p class="soft">{tn!(rest, "The same holds of {count} further crux.", "The same holds of {count} further cruxes.")}</p> })}
        }
        .into_any()
    })
}

fn sort(values: &mut [CruxValue], order: &str, sides: Option<&(Side, Side)>) {
    match order {
        DISCRIMINATION => {
            let level = |value: &CruxValue| {
                sides.and_then(|(one, other)| value.discrimination(one, other).0)
            };
            values.sort_by(|one, other| descending(level(one), level(other)));
        }
        DISAGREEMENT => values.sort_by(|one, other| descending(one.spread, other.spread)),
        BY_DATE => values.sort_by(|one, other| earliest(one.by_date, other.by_date)),
        // The values are already sorted by information.
        _ => {}
    }
}

/// The parts of the table that are shown only sometimes.
struct More {
    sides: Option<(Side, Side)>,
    has_groups: bool,
    has_cost: bool,
}

/// Returns the headings of the two sides' own values of information, where one of them is a group.
fn group_heads(sides: Sides) -> Option<AnyView> {
    let (one, other) = sides.get().filter(|_| sides.has_group())?;
    let heads = [one, other].map(|side| {
        view! { <th scope="col" class="number">{t!("For {side}", side = side.name)}</th> }
    });
    Some(heads.into_iter().collect_view().into_any())
}

fn row(analysed: Analysed, value: &CruxValue, more: &More) -> AnyView {
    let session = analysed.session;
    let (name, cost) =
        session.read_untracked(|board| (crux_name(board, value.crux), cost(board, value)));
    let figure = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let sides = more.sides.as_ref();
    let (closer, bits) = sides
        .map(|(one, other)| value.discrimination(one, other))
        .unwrap_or_default();
    let of_groups = sides.filter(|_| more.has_groups).map(|(one, other)| {
        [one, other]
            .map(|side| view! { <td class="number" translate="no">{figure(value.level_of(side).map(in_points))}</td> })
            .into_iter()
            .collect_view()
    });
    let is_apart = closer.is_some_and(|closer| closer < 0.0);
    let bits = bits.map(bits_words);
    view! {
        <tr>
            <th scope="row"><a href=href(session, Screen::Crux(value.crux))>{name}</a></th>
            <td class="number" translate="no"><b>{figure(value.level.map(in_points))}</b></td>
            <td class="number" translate="no">{figure(value.bits.map(bits_words))}</td>
            <td class="number" translate="no">{figure(value.share.map(share_words))}</td>
            <td class="number" class:late=is_apart translate="no">
                {figure(closer.map(in_points))} {is_apart.then(|| view! { " " {t!("(apart)")} })}
                <small class="soft">{bits}</small>
            </td>
            {of_groups}
            <td class="number" translate="no">{figure(value.spread.map(in_points))}</td>
            <td class="date">{figure(value.by_date.map(spelled))}</td>
            {more.has_cost.then(|| view! { <td>{figure(cost)}</td> })}
            <td class="number" translate="no">{value.views.len()}</td>
        </tr>
    }
    .into_any()
}

fn in_points(difference: f64) -> String {
    points(difference, &[])
}

fn cost(board: &Board, value: &CruxValue) -> Option<String> {
    let crux = board.crux(value.crux)?;
    (!crux.test_cost.is_empty()).then(|| crux.test_cost.clone())
}

/// The units, definitions, source and assumptions.
#[component]
fn Explanation() -> impl IntoView {
    view! {
        <details>
            <summary>{t!("How this is computed")}</summary>
            <dl class="definitions">
                <dt>{t!("Value of information")}</dt>
                <dd>{t!("How far the credence in the option would move on average once the crux is known, in percentage points: P(C)·|P(U|C) − P(U)| + (1 − P(C))·|P(U|¬C) − P(U)|. C is “the crux is true”, U is “the option is right”.")}</dd>
                <dt>{t!("In bits")}</dt>
                <dd>{t!("The expected Kullback–Leibler divergence of the later credence from the present one. The source states it to base 10; one bit is 0.301 of its unit.")}</dd>
                <dt>{t!("Share of what is open")}</dt>
                <dd>{t!("The bits as a share of the entropy of U: 100% if the crux settled the question.")}</dd>
                <dt>{t!("The two come closer by")}</dt>
                <dd>{t!("Value of discrimination: how much the gap between the two people or groups would shrink on average, in percentage points, with the mean of their two credences in the crux. Below zero, knowing would drive them apart. The bits below are the same in the logarithmic form: the symmetric divergence of the two, with the geometric mean of the odds.")}</dd>
                <dt>{t!("If the crux is false")}</dt>
                <dd>{t!("P(U|¬C) is not asked for: it follows as (P(U) − P(C)·P(U|C)) / (1 − P(C)).")}</dd>
                <dt>{t!("The group")}</dt>
                <dd>{t!("Each of its figures is the lower median of its members’ figures, so it is always that of one of them. “People” counts the members with all three credences. With few people, one of them decides.")}</dd>
                <dt>{t!("Two groups")}</dt>
                <dd>{t!("To compare two groups, each of the four probabilities of a group is the median of its members’, as the source composes its camps. Its value of information is the lower median of its members’.")}</dd>
                <dt>{t!("Assumptions")}</dt>
                <dd>{t!("Everybody’s latest credences hold, and the crux is learned for certain. Spread is the distance between the highest and the lowest credence in the crux.")}</dd>
                <dt>{t!("Source")}</dt>
                <dd>{t!("Forecasting Research Institute, “Roots of Disagreement on AI Risk” (2024), and its R package voivod.")}</dd>
            </dl>
        </details>
    }
}
