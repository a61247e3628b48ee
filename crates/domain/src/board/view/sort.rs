//! The order of the cruxes of a board, and the dates by which they sort.

use chrono::{Datelike, NaiveDate};

use super::Filter;
use crate::board::Board;
use crate::crux_state::CruxState;
use crate::date::{Now, Viewpoint};
use crate::due::{DueKind, of_crux};
use crate::estimate::estimate;
use crate::record::{Crux, CruxId, Record, Statement, StatementId, keyed_enum};
use crate::t;

keyed_enum! {
    /// The order of the cruxes.
    Sort {
        /// The manual order.
        Own = "own", "Manual order";
        /// By importance, critical first.
        Importance = "importance", "Importance";
        /// By spread, widest first.
        Disagreement = "disagreement", "Disagreement";
        /// By the latest update, latest first.
        Moved = "moved", "Recently updated";
        /// By the next date, earliest first.
        Due = "due", "Due";
    }
}

/// Returns the cruxes that match the filter, sorted. `with_stale`: whether outdated credences count for the
/// spread.
#[must_use]
pub fn shown(
    board: &Board,
    filter: &Filter,
    sort: Sort,
    now: Now,
    with_stale: bool,
) -> Vec<CruxId> {
    let viewpoint = Viewpoint { now, with_stale };
    let mut cruxes = board.cruxes();
    if !filter.is_empty() {
        cruxes.retain(|crux| filter.lets_through(board, crux, viewpoint));
    }
    // Ties keep the board's own order.
    let mut places: Vec<(u128, usize)> = cruxes
        .iter()
        .enumerate()
        .map(|(place, crux)| (sort_key(board, crux, sort, viewpoint), place))
        .collect();
    places.sort();
    places
        .into_iter()
        .map(|(_, place)| cruxes[place].id)
        .collect()
}

/// Returns a number by which a crux sorts, smallest first.
pub(super) fn sort_key(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    sort: Sort,
    viewpoint: Viewpoint,
) -> u128 {
    let Viewpoint { now, with_stale } = viewpoint;
    match sort {
        Sort::Own => 0,
        Sort::Importance => crux
            .importance
            .map_or(u128::MAX, |importance| importance as u128),
        Sort::Disagreement => {
            let views = board.current_views(crux.id, now.millis);
            let spread = estimate(board, &views, with_stale).and_then(|e| e.spread());
            spread.map_or(u128::MAX, |points| {
                ((100.0 - points) * 100.0).round() as u128
            })
        }
        Sort::Moved => {
            // After a clock was set back, many updates share one millisecond; the counter orders them.
            last_move(board, crux.id).map_or(u128::MAX, |last| {
                u128::MAX - 1 - (u128::from(last.at.0) << 32 | u128::from(last.id.0.counter()))
            })
        }
        Sort::Due => next_date(board, crux, viewpoint).map_or(u128::MAX, |(day, _)| {
            day.num_days_from_ce().unsigned_abs().into()
        }),
    }
}

/// Returns the latest update of a crux, or the latest first estimate.
fn last_move(board: &Board, crux: CruxId) -> Option<&Record<StatementId, Statement>> {
    let mut statements = board.statements_on(crux);
    while let Some(last) = statements.pop() {
        let before = statements.iter().rfind(|said| said.person == last.person);
        if before.is_none_or(|before| before.credence != last.credence) {
            return Some(last);
        }
    }
    None
}

/// Returns the earliest date at which something about the crux is due, and its kind: "review", "trigger
/// review", "by-date", "to judge". The dates are those of the due items, so that a past one counts as overdue
/// ([`DueCount::overdue`](crate::due::DueCount)).
#[must_use]
pub fn next_date(
    board: &Board,
    crux: &Record<CruxId, Crux>,
    viewpoint: impl Into<Viewpoint>,
) -> Option<(NaiveDate, &'static str)> {
    let state = CruxState::at(board, crux, viewpoint.into());
    let dated = of_crux(&state).into_iter().filter_map(|item| {
        let what = match item.kind {
            DueKind::CruxReview => t!("review"),
            DueKind::TriggerReview => t!("trigger review"),
            DueKind::ByDate | DueKind::Undecided | DueKind::Disputed => t!("by-date"),
            DueKind::ClaimByDate => t!("to judge"),
            _ => return None,
        };
        Some((item.date?, what))
    });
    dated.min()
}
