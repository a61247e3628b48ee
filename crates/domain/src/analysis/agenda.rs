//! What to go through at a review: a proposal, most pressing first, with the reason for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::board::Board;
use crate::date::Viewpoint;
use crate::diff::Since;
use crate::due::{DueKind, due};
use crate::estimate::estimate;
use crate::record::{CruxId, Stage, keyed_enum};

keyed_enum! {
    /// Why a crux is proposed.
    Reason {
        /// One of its triggers calls a decision.
        Met = "met", "a trigger is met";
        /// One of its triggers waits for its judge.
        Unjudged = "unjudged", "a trigger is overdue or disputed";
        /// One of its triggers may be met soon.
        Near = "near", "a trigger is near";
        /// Credences on it moved since the last review.
        Moved = "moved", "credences moved";
        /// People are far apart.
        Apart = "apart", "wide disagreement";
        /// Its day has come.
        Due = "due", "it is due";
        /// Somebody has not spoken on it for long.
        Stale = "stale", "a credence is outdated";
    }
}

/// A crux that is proposed, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// The crux.
    pub crux: CruxId,
    /// Why, most pressing first.
    pub reasons: BTreeSet<Reason>,
}

/// By what the proposals are sorted: the first reason, how narrow the spread is, the board's order.
type Place = (Option<Reason>, u64, usize);

/// From how many points on people count as far apart, and a move as one.
const APART_POINTS: f64 = 20.0;
const MOVED_POINTS: f64 = 5.0;

/// The open cruxes that have something to talk about, most pressing first; equals by how far people
/// are apart, then in the board's own order. `since`: the last review.
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
            DueKind::Met => Reason::Met,
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
    let mut found: Vec<(Place, Proposed)> = Vec::new();
    for (place, crux) in board.cruxes().into_iter().enumerate() {
        let mut reasons = reasons.remove(&crux.id).unwrap_or_default();
        let views = board.current_views(crux.id, now.millis);
        let spread = estimate(&views, viewpoint.with_stale).and_then(|e| e.spread());
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
