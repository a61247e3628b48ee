//! A proposed agenda for a review: the most pressing cruxes first, with the reasons for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::board::Board;
use crate::date::Viewpoint;
use crate::diff::Since;
use crate::due::{DueKind, due};
use crate::estimate::estimate;
use crate::record::{CruxId, Stage, keyed_enum};

keyed_enum! {
    /// The reason why a crux is proposed.
    Reason {
        /// A trigger of the crux is met, and no decision has answered it.
        Met = "met", "a trigger is met";
        /// A trigger of the crux is overdue or disputed.
        Unjudged = "unjudged", "a trigger is overdue or disputed";
        /// A trigger of the crux is near.
        Near = "near", "a trigger is near";
        /// Credences in the crux moved since the last review.
        Moved = "moved", "credences moved";
        /// The spread of the credences is wide.
        Apart = "apart", "wide disagreement";
        /// A date of the crux has come.
        Due = "due", "it is due";
        /// Somebody's credence in the crux is outdated.
        Stale = "stale", "a credence is outdated";
    }
}

/// A proposed crux, with the reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// The crux.
    pub crux: CruxId,
    /// The reasons, most pressing first.
    pub reasons: BTreeSet<Reason>,
}

/// The sort key of a proposal: the first reason, the narrowness of the spread, the position on the board.
type ProposalOrder = (Option<Reason>, u64, usize);

/// Spread, in percentage points, from which a disagreement counts as wide. Below it, the least move that
/// counts.
const APART_POINTS: f64 = 20.0;
const MOVED_POINTS: f64 = 5.0;

/// Returns the open cruxes that have a reason to be discussed, most pressing first. Equally pressing ones are
/// sorted by spread, then in the board's own order. `since` is the last review.
#[must_use]
pub fn suggest_agenda(
    board: &Board,
    since: ChangeId,
    viewpoint: impl Into<Viewpoint>,
) -> Vec<Proposed> {
    let viewpoint = viewpoint.into();
    let now = viewpoint.now;
    let mut reasons: BTreeMap<CruxId, BTreeSet<Reason>> = BTreeMap::new();
    let today = now.today();
    for item in due(board, viewpoint) {
        let reason = match item.kind {
            DueKind::Met | DueKind::MetAction => Reason::Met,
            DueKind::Undecided | DueKind::Disputed => Reason::Unjudged,
            DueKind::Near => Reason::Near,
            DueKind::Stale => Reason::Stale,
            DueKind::CruxReview | DueKind::TriggerReview if item.is_due(today) => Reason::Due,
            _ => continue,
        };
        if let Some(crux) = item.crux {
            reasons.entry(crux).or_default().insert(reason);
        }
    }
    for group in Since::between(board, since, ChangeId::MAX, viewpoint).groups {
        if let Some(crux) = group.crux.filter(|_| group.widest() >= MOVED_POINTS) {
            reasons.entry(crux).or_default().insert(Reason::Moved);
        }
    }
    let mut found: Vec<(ProposalOrder, Proposed)> = Vec::new();
    for (place, crux) in board.cruxes().into_iter().enumerate() {
        let mut reasons = reasons.remove(&crux.id).unwrap_or_default();
        let views = board.current_views(crux.id, now.millis);
        let spread = estimate(board, &views, viewpoint.with_stale).and_then(|e| e.spread());
        let spread = spread.unwrap_or_default();
        if spread >= APART_POINTS {
            reasons.insert(Reason::Apart);
        }
        if crux.stage() == Stage::Open && !reasons.is_empty() {
            let narrow = 10_000 - (spread * 100.0).round() as u64;
            let key = (reasons.first().copied(), narrow, place);
            let crux = crux.id;
            found.push((key, Proposed { crux, reasons }));
        }
    }
    found.sort_by_key(|(key, _)| *key);
    found.into_iter().map(|(_, proposed)| proposed).collect()
}
