//! The arguments: holes that a red team would ask about, and the ledger.

use cruxboard_domain::board::Board;
use cruxboard_domain::format::short;
use cruxboard_domain::holes::{Hole, HoleKind, holes};
use cruxboard_domain::ledger::{Argument, ledger};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::crux_name;
use super::limit::Limit;
use crate::component::live;
use crate::page::href;
use crate::route::{AnalysisPart, Screen};
use cruxboard_session::Session;

/// Maximum number of holes of one kind.
const MOST: usize = 50;

/// The screen with the holes and the ledger of arguments.
#[component]
pub fn ArgumentsPage(session: Session) -> impl IntoView {
    let found = Memo::new(move |_| session.read_all(holes));
    let arguments = Memo::new(move |_| session.read_all(ledger));
    let groups = move || {
        let found = found.get();
        let groups = HoleKind::ALL.iter().map(|kind| {
            let own: Vec<_> = found.iter().filter(|hole| hole.kind == *kind).collect();
            session.read_untracked(|board| view_holes(session, board, *kind, &own))
        });
        groups.collect_view()
    };
    let is_whole = move || found.with(Vec::is_empty);
    let has_cruxes = Memo::new(move |_| session.read_all(|board| !board.cruxes().is_empty()));
    let limit = Limit::new();
    let rows = move || {
        arguments.with(|arguments| {
            let rows = arguments.iter().take(limit.get()).cloned();
            session.read_untracked(|board| {
                rows.map(|argument| view_argument(session, board, argument))
                    .collect_view()
            })
        })
    };
    view! {
        <div class="page analysis">
            <h1>{t!("Arguments")}</h1>
            <p><a href=href(session, Screen::Analysis(AnalysisPart::Overview))>{t!("Back to the analysis")}</a></p>
            <section class="panel" aria-labelledby="holes-title">
                <h2 id="holes-title">{t!("Holes")}</h2>
                <p class="soft">{t!("The first questions of a critic.")}</p>
                <Show when=is_whole>
                    <p>{live(move || if has_cruxes.get() { t!("No holes were found.") } else { t!("There is no crux to question yet.") })}</p>
                </Show>
                {live(groups)}
            </section>
            <section class="panel" aria-labelledby="ledger-title">
                <h2 id="ledger-title">{t!("Ledger")}</h2>
                <div class="scroll" tabindex="0" role="region" aria-label=t!("Arguments")>
                    <table class="data ledger">
                        <thead>
                            <tr>
                                <th scope="col">{t!("Argument")}</th>
                                <th scope="col">{t!("Source")}</th>
                                <th scope="col">{t!("Bearing")}</th>
                                <th scope="col">{t!("Scope")}</th>
                                <th scope="col">{t!("Basis")}</th>
                                <th scope="col">{t!("Sense")}</th>
                                <th scope="col">{t!("Positions outside")}</th>
                                <th scope="col">{t!("Restated")}</th>
                                <th scope="col">{t!("Owed or awaited")}</th>
                                <th scope="col">{t!("Evidence")}</th>
                            </tr>
                        </thead>
                        <tbody>{live(rows)}</tbody>
                    </table>
                </div>
                {limit.more(move || arguments.with(Vec::len), more_arguments)}
            </section>
        </div>
    }
}

fn more_arguments(count: usize) -> String {
    tn!(
        count,
        "Show more: {count} argument below",
        "Show more: {count} arguments below"
    )
}

fn view_holes(session: Session, board: &Board, kind: HoleKind, own: &[&Hole]) -> Option<AnyView> {
    if own.is_empty() {
        return None;
    }
    let lines = own.iter().take(MOST).map(|hole| {
        let crux = hole.crux.map(|crux| {
            view! { <a href=href(session, Screen::Crux(crux))>{crux_name(board, crux)}</a> }
        });
        let item = hole.evidence.map(|id| {
            let headline = board.evidence(id).map(|item| short(item.headline(), 120).into_owned());
            view! { <a href=href(session, Screen::EvidenceItem(id))>{headline}</a> }
        });
        let text = (!hole.text.is_empty()).then(|| short(&hole.text, 160).into_owned());
        let is_source = kind == HoleKind::NoReply;
        view! {
            <li>
                {is_source.then(|| text.clone().map(|text| view! { <b>{text}</b> ": " }))}
                {crux} {item}
                {(!is_source).then(|| text.map(|text| view! { <span class="soft">": " {text}</span> }))}
            </li>
        }
    });
    let lines = lines.collect_view();
    let hidden = own.len().saturating_sub(MOST);
    Some(
        view! {
            <h3>{kind.label()} <span class="soft">" " {own.len()}</span></h3>
            <ul class="holes">{lines}</ul>
            {(hidden > 0).then(|| view! { <p class="soft">{t!("And {hidden} more.", hidden)}</p> })}
        }
        .into_any(),
    )
}

fn view_argument(session: Session, board: &Board, argument: Argument) -> AnyView {
    let cells = [
        argument.source,
        argument.bearing,
        argument.scope,
        argument.basis,
        argument.sense,
        argument.positions,
        argument.restated,
        argument.owed,
        argument.read,
    ];
    let cells = cells.into_iter().map(|words| view! { <td>{words}</td> });
    view! {
        <tr>
            <th scope="row">
                <a href=href(session, Screen::Crux(argument.crux))>{crux_name(board, argument.crux)}</a>
            </th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}
