//! The evidence matrix: items × cruxes, which items discriminate, and which evidence supports too much.

use cruxboard_domain::{t, tn};
use std::collections::BTreeSet;

use cruxboard_domain::board::Board;
use cruxboard_domain::evidence_matrix::{EvidenceRow, evidence_matrix, weakly_supported};
use cruxboard_domain::format::short;
use cruxboard_domain::record::{BearsOn, CruxId, Direction, EvidenceId, Strength};
use leptos::prelude::*;

use super::crux_name;
use crate::component::live;
use crate::page::href;
use crate::route::Screen;
use cruxboard_session::Session;

/// Maximum number of columns (cruxes) and of rows (items).
const MOST_COLUMNS: usize = 30;
const MOST_ROWS: usize = 40;

/// The evidence matrix, with its findings in sentences.
#[component]
pub(super) fn EvidenceAtAGlance(session: Session) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let mut rows = session.read_all(evidence_matrix);
        rows.sort_by_key(|row| std::cmp::Reverse(row.diagnosticity));
        rows
    });
    let is_empty = move || rows.with(Vec::is_empty);
    let told = move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| session.read_untracked(|board| matrix(session, board, &rows)))
    };
    view! {
        <section class="panel" aria-labelledby="evidence-title">
            <h2 id="evidence-title">{t!("Evidence at a glance")}</h2>
            <Show when=is_empty><p class="soft">{t!("No evidence has been saved yet.")}</p></Show>
            {live(told)}
        </section>
    }
}

fn matrix(session: Session, board: &Board, rows: &[EvidenceRow]) -> AnyView {
    let borne_on: BTreeSet<CruxId> = rows
        .iter()
        .flat_map(|row| row.bears_on.keys().copied())
        .collect();
    let mut cruxes: Vec<CruxId> = board.cruxes().iter().map(|crux| crux.id).collect();
    cruxes.retain(|crux| borne_on.contains(crux));
    let hidden = cruxes.len().saturating_sub(MOST_COLUMNS) + rows.len().saturating_sub(MOST_ROWS);
    cruxes.truncate(MOST_COLUMNS);
    let heads = cruxes.iter().map(|crux| {
        view! {
            <th scope="col" class="crux">
                <a href=href(session, Screen::Crux(*crux))>{short(&crux_name(board, *crux), 32).into_owned()}</a>
            </th>
        }
    });
    let bearing = rows.iter().filter(|row| !row.bears_on.is_empty());
    let lines = bearing.take(MOST_ROWS).map(|row| {
        let cells = cruxes
            .iter()
            .map(|crux| cell(row.bears_on.get(crux).copied()));
        view! {
            <tr>
                <th scope="row">{items(session, board, &row.items)}</th>
                <td class="number" translate="no">{row.diagnosticity}</td>
                {cells.collect_view()}
            </tr>
        }
    });
    let idle: Vec<_> = rows.iter().filter(|row| row.bears_on.is_empty()).collect();
    let weak = weakly_supported(board);
    let hidden_idle = idle.len().saturating_sub(MOST_ROWS);
    let hidden_weak = weak.len().saturating_sub(MOST_ROWS);
    let idle = idle.into_iter().take(MOST_ROWS);
    let idle: Vec<_> = idle
        .map(|row| view! { <li>{items(session, board, &row.items)}</li> })
        .collect();
    let weak = weak.into_iter().take(MOST_ROWS);
    let weak: Vec<_> = weak
        .map(|crux| view! { <li><a href=href(session, Screen::Crux(crux))>{crux_name(board, crux)}</a></li> })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t!("Evidence by crux")>
            <table class="data matrix">
                <thead>
                    <tr>
                        <th scope="col">{t!("Evidence")}</th>
                        <th scope="col" class="number">{t!("Tells apart")}</th>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        </div>
        {(hidden > 0).then(|| view! { <p class="soft">{tn!(hidden, "{count} row or column is not shown.", "{count} rows and columns are not shown.")}</p> })}
        <p class="soft">{t!("+ for, − against, ○ neutral; one sign is slight, two moderate, three strong. Items of one origin are one row and count once. “Tells apart” is the distance between an item’s highest and lowest bearing, 0 to 6: an item that bears on all cruxes alike helps with none (Heuer, Psychology of Intelligence Analysis, 1999).")}</p>
        {(!idle.is_empty()).then(|| view! { <h3>{t!("Bears on no crux")}</h3> <ul>{idle} {rest(hidden_idle)}</ul> })}
        {(!weak.is_empty()).then(|| view! { <h3>{t!("Only private or passed-on evidence")}</h3> <ul>{weak} {rest(hidden_weak)}</ul> })}
    }
    .into_any()
}

/// Renders the number of lines that are not shown.
fn rest(hidden: usize) -> Option<AnyView> {
    (hidden > 0)
        .then(|| view! { <li class="soft">{t!("And {hidden} more.", hidden)}</li> }.into_any())
}

/// Renders the items of a row, each as a link.
fn items(session: Session, board: &Board, items: &[EvidenceId]) -> AnyView {
    let links = items.iter().map(|id| {
        let headline = board.evidence(*id).map(|item| short(item.headline(), 70).into_owned());
        view! { <a href=href(session, Screen::EvidenceItem(*id))>{headline.unwrap_or_default()}</a> }
    });
    let links: Vec<_> = links.collect();
    let same = (links.len() > 1).then(|| view! { <span class="soft">{t!("one origin")}</span> });
    view! { {links} {same} }.into_any()
}

fn cell(bears_on: Option<BearsOn>) -> AnyView {
    let Some(bears_on) = bears_on else {
        return view! { <td></td> }.into_any();
    };
    let sign = match bears_on.direction {
        Direction::For => "+",
        Direction::Against => "−",
        Direction::Neutral => "○",
    };
    let count = match (bears_on.direction, bears_on.strength) {
        (Direction::Neutral, _) | (_, Strength::Slight) => 1,
        (_, Strength::Moderate) => 2,
        (_, Strength::Strong) => 3,
    };
    let strength = match bears_on.strength {
        Strength::Slight => t!("slight"),
        Strength::Moderate => t!("moderate"),
        Strength::Strong => t!("strong"),
    };
    let words = format!("{}, {strength}", bears_on.direction.label());
    let title = words.clone();
    view! {
        <td class="sign" title=title>
            <span aria-hidden="true" translate="no">{sign.repeat(count)}</span>
            <span class="visually-hidden">{words}</span>
        </td>
    }
    .into_any()
}
