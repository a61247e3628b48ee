//! The causes of a credence's moves, as a waterfall in log-odds from the first statement to the latest.

use cruxboard_domain::t;
use cruxboard_domain::translation::number;
use std::collections::BTreeMap;

use cruxboard_domain::board::Board;
use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::format::{bits_words, cause_words, person_name};
use cruxboard_domain::movement::movements;
use cruxboard_domain::record::{CruxId, PersonId};
use cruxboard_domain::snapshot::chart::{Bar, BarAxis, BarChart, Caption, Part};
use cruxboard_domain::text::joined as joined_text;
use cruxboard_domain::waterfall::{Cause, Waterfall, waterfall};
use leptos::prelude::*;

use super::crux_name;
use crate::component::{Choice, live, plain};
use crate::page::save_chart::{SaveChart, chart_source};
use crate::page::{holder, kept_choice, people_choices};
use cruxboard_session::Session;

/// The waterfall of one crux, for the group or one person.
#[component]
pub(super) fn WhatMoved(session: Session) -> impl IntoView {
    let chosen = kept_choice(session, "moved-crux", String::new());
    let whose = kept_choice(session, "moved-whose", String::new());
    let cruxes = Signal::derive(move || {
        session.read_all(|board| {
            let cruxes = board.cruxes().into_iter();
            cruxes
                .map(|crux| (crux.id.to_string(), crux.name().into_owned()))
                .collect::<Vec<_>>()
        })
    });
    let crux = Memo::new(move |_| {
        let chosen = chosen.get().parse::<CruxId>().ok();
        session.read_all(|board| chosen.or_else(|| most_moved(board)))
    });
    let people = Signal::derive(move || session.read_all(people_choices));
    let value = Signal::derive(move || crux.get().map(|id| id.to_string()).unwrap_or_default());
    let told = move || {
        let person = whose.get().parse::<PersonId>().ok();
        let crux = crux.get()?;
        Some(session.read_all(|board| {
            match waterfall(board, crux, person) {
                Some(found) => view_waterfall(board, &found),
                None => view! { <p class="soft">{t!("No credence has been stated here yet.")}</p> }
                    .into_any(),
            }
        }))
    };
    let picture = Callback::new(move |()| {
        let person = whose.get_untracked().parse::<PersonId>().ok();
        let crux = crux.get_untracked()?;
        let source = chart_source(session);
        session.read_untracked(|board| {
            let found = waterfall(board, crux, person)?;
            let name = crux_name(board, crux);
            let title = match person {
                Some(person) => t!(
                    "“{name}” for {person}",
                    name,
                    person = person_name(board, person)
                ),
                None => t!("“{name}”", name),
            };
            Some(picture(board, &title, &found, source).to_svg())
        })
    });
    view! {
        <section class="panel" aria-labelledby="moved-title">
            <h2 id="moved-title">{t!("What moved us")}</h2>
            <div class="fields">
                <Choice label=t!("Crux") options=cruxes value on_commit=Callback::new(move |key| chosen.set(key)) none="" />
                <Choice label=t!("Whose credence") options=people value=whose on_commit=Callback::new(move |key| whose.set(key)) none=t!("{whose}’s", whose = untrack(|| holder(session)).first()) />
            </div>
            {live(told)}
            <SaveChart session kind=ExportKind::Waterfall chart=picture />
        </section>
    }
}

/// Returns the crux on which people moved most, in percentage points; in a tie, the first. First estimates are
/// no moves.
fn most_moved(board: &Board) -> Option<CruxId> {
    let mut moved: BTreeMap<CruxId, f64> = BTreeMap::new();
    for update in movements(board).updates {
        *moved.entry(update.crux).or_default() += update.points();
    }
    let cruxes = board.cruxes().into_iter();
    let cruxes = cruxes.map(|crux| (moved.get(&crux.id).copied().unwrap_or_default(), crux.id));
    let most = cruxes.reduce(|best, next| if next.0 > best.0 { next } else { best });
    most.map(|(_, crux)| crux)
}

/// Returns the waterfall as a picture: filled bars go up, outlined ones down.
fn picture(board: &Board, moved: &str, found: &Waterfall, source: String) -> BarChart {
    let mut at = 0.0;
    let bars = found.parts.iter().map(|part| {
        let from = at;
        at += part.bits;
        let part_of = Part {
            from,
            to: at,
            is_filled: part.bits > 0.0,
        };
        Bar {
            name: cause_words(board, part.cause),
            figures: bits_words(part.bits),
            parts: vec![part_of],
        }
    });
    let bars = bars.collect();
    let (first, last) = (found.first.rounded(&[]), found.last.rounded(&[]));
    BarChart {
        caption: Caption {
            title: t!(
                "What moved {moved} from {first} to {last}",
                moved,
                first,
                last
            ),
            note: t!("Log-odds in bits: one bit doubles the odds. Filled: up; outlined: down.")
                .to_owned(),
            source,
        },
        axis: BarAxis {
            name: t!(
                "Log-odds, in bits from the first estimate of {first}",
                first
            ),
            unit: "",
            is_signed: true,
        },
        figures: "",
        mark: None,
        bars,
    }
}

/// Describes the whole move, and how much of it came with people who joined.
fn summary(found: &Waterfall) -> String {
    let whole = bits_words(found.bits());
    let joined: f64 = found
        .parts
        .iter()
        .filter(|part| matches!(part.cause, Cause::Joined(..)))
        .map(|part| part.bits)
        .sum();
    let has_moved = found.parts.iter().any(|part| part.cause.is_move());
    let note = match (has_moved, joined != 0.0) {
        (false, _) => t!("Nobody has moved since their first estimate.").to_owned(),
        (true, true) => t!(
            "{bits} of it came with people who joined.",
            bits = bits_words(joined)
        ),
        (true, false) => String::new(),
    };
    let (first, last) = (found.first.rounded(&[]), found.last.rounded(&[]));
    let sentences = [
        t!(
            "From {first} to {last}: {whole} of log-odds in all.",
            first,
            last,
            whole
        ),
        note,
        t!("One bit doubles the odds, and bits add up where percentages do not.").to_owned(),
    ];
    joined_text(&sentences, " ")
}

fn view_waterfall(board: &Board, found: &Waterfall) -> AnyView {
    if found.parts.is_empty() {
        let first = found.first.rounded(&[]);
        return view! { <p>{t!("Still at the first estimate, {first}.", first)}</p> }.into_any();
    }
    // The start and end of each bar, from the first statement on.
    let mut at = 0.0;
    let ends: Vec<(f64, f64)> = found
        .parts
        .iter()
        .map(|part| {
            let begun = at;
            at += part.bits;
            (begun, at)
        })
        .collect();
    let all = ends.iter().flat_map(|(begun, ended)| [*begun, *ended]);
    let (low, high) = all.fold((0.0_f64, 0.0_f64), |(low, high), end| {
        (low.min(end), high.max(end))
    });
    let span = (high - low).max(0.001);
    let rows = found.parts.iter().zip(ends).map(|(part, (begun, ended))| {
        let words = cause_words(board, part.cause);
        let x = plain(100.0 * (begun.min(ended) - low) / span);
        let width = plain((100.0 * (ended - begun).abs() / span).max(0.5));
        let class = if part.bits > 0.0 {
            "is-true"
        } else {
            "is-false"
        };
        let moved = bits_words(part.bits);
        let times = number(plain(part.bits.exp2()));
        view! {
            <tr>
                <th scope="row">{words}</th>
                <td class="number" translate="no">{moved}</td>
                <td class="number" translate="no">"× " {times}</td>
                <td class="bar">
                    <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                        <rect class=class x=x y="1" width=width height="10" />
                    </svg>
                </td>
            </tr>
        }
    });
    view! {
        <p>{summary(found)}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=t!("What moved the credence")>
            <table class="data waterfall tornado">
                <thead>
                    <tr>
                        <th scope="col">{t!("cause" => "By")}</th>
                        <th scope="col" class="number">{t!("noun" => "Change")}</th>
                        <th scope="col" class="number">{t!("The odds")}</th>
                        <th scope="col"><span class="visually-hidden">{t!("From the first statement (left or right) to the latest")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="soft">{t!("A move that cites several items of evidence is shared among them in equal parts. One that cites none counts for its reason. 0% and 100% count as 0.1% and 99.9%.")}</p>
    }
    .into_any()
}
