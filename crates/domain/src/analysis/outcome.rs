//! The outcome of a claim: whether it proved true, how that became clear, and when.
//!
//! There are two ways. People settle a crux, with a reason. Or an event trigger is judged met or not met, and
//! its terms state what that shows: that the claim is true, or that it is false. If the terms state nothing,
//! the verdict shows nothing, since an event that did not happen by its date seldom makes a claim false. A
//! trigger computed from credences never shows an outcome, since credences would then be scored by
//! themselves. Nothing is inferred beyond that.

use chrono::NaiveDate;

use crate::ChangeId;
use crate::board::Board;
use crate::change::Payload;
use crate::record::{Crux, CruxId, Record, Shows, Stage, Trigger, TriggerId, Verdict};

/// The way in which an outcome became clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownBy {
    /// People settled the crux.
    Settling,
    /// This trigger was judged met or not met.
    Trigger {
        /// The trigger.
        id: TriggerId,
        /// The verdict.
        verdict: Verdict,
        /// Whether its terms stated what the verdict shows only after it was judged.
        was_said_afterwards: bool,
    },
}

/// The outcome of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it proved true.
    pub came_true: bool,
    /// The change by which the outcome was clear. Later credences are not forecasts.
    pub at: ChangeId,
    /// The last day, in UTC, whose credences count: the crux's own, or the day on which the outcome became
    /// clear.
    pub scored_until: NaiveDate,
    /// The way in which the outcome became clear.
    pub shown_by: ShownBy,
}

/// The reason why a claim has no outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutcomeError {
    /// The crux is not settled, and no trigger is judged.
    Open,
    /// These triggers were judged, but their terms do not state what that shows.
    NotSaid(Vec<TriggerId>),
    /// These judged triggers show opposite outcomes. People have to settle the crux.
    Contradiction(Vec<TriggerId>),
}

/// Returns the outcome of a crux's claim. Settling takes precedence over triggers. Among triggers that show
/// the same, the one judged first counts.
///
/// # Errors
/// [`OutcomeError`] if the outcome is not clear.
pub fn outcome(board: &Board, crux: &Record<CruxId, Crux>) -> Result<Outcome, OutcomeError> {
    let mut shown: Vec<Outcome> = Vec::new();
    let mut silent = Vec::new();
    let scored_until = |at: ChangeId| crux.scored_until.unwrap_or(at.day()).min(at.day());
    for trigger in board.triggers_of(crux.id).filter(|trigger| trigger.armed) {
        let Some((verdict, judged)) = verdict(trigger) else {
            continue;
        };
        match trigger.shows(verdict) {
            Some(shows) => shown.push(Outcome {
                came_true: shows == Shows::ClaimTrue,
                at: judged,
                scored_until: scored_until(judged),
                shown_by: ShownBy::Trigger {
                    id: trigger.id,
                    verdict,
                    was_said_afterwards: said_at(board, trigger.id, verdict) > judged,
                },
            }),
            None => silent.push(trigger.id),
        }
    }
    let first = |came_true: bool| {
        let same = shown.iter().filter(|one| one.came_true == came_true);
        same.min_by_key(|one| one.at).copied()
    };
    let settled = match crux.stage() {
        Stage::SettledTrue => Some(true),
        Stage::SettledFalse => Some(false),
        Stage::Open => None,
        Stage::Retired => return Err(OutcomeError::Open),
    };
    if let Some(came_true) = settled {
        let at = settled_at(board, crux.id);
        // If a trigger had shown the same before, the outcome was clear before.
        let at = first(came_true).map_or(at, |shown| shown.at.min(at));
        return Ok(Outcome {
            came_true,
            at,
            scored_until: scored_until(at),
            shown_by: ShownBy::Settling,
        });
    }
    match (first(true), first(false)) {
        (Some(_), Some(_)) => {
            let triggers = shown.iter().filter_map(|one| match one.shown_by {
                ShownBy::Trigger { id, .. } => Some(id),
                ShownBy::Settling => None,
            });
            Err(OutcomeError::Contradiction(triggers.collect()))
        }
        (Some(outcome), None) | (None, Some(outcome)) => Ok(outcome),
        (None, None) if silent.is_empty() => Err(OutcomeError::Open),
        (None, None) => Err(OutcomeError::NotSaid(silent)),
    }
}

/// Returns whether an event trigger is met or not met, and since when. A repeated verdict dates from the
/// first one.
fn verdict(trigger: &Trigger) -> Option<(Verdict, ChangeId)> {
    let latest = trigger.verdict().filter(|verdict| verdict.is_final())?;
    if trigger.rule.is_some() {
        return None;
    }
    let again = trigger.judgements.iter().rev();
    let first = again
        .filter(|judged| !judged.of_draft)
        .take_while(|judged| judged.verdict == latest)
        .last()
        .map(|judged| judged.id)?;
    Some((latest, first))
}

/// Returns when the terms of a trigger came to state what this verdict shows.
fn said_at(board: &Board, trigger: TriggerId, verdict: Verdict) -> ChangeId {
    let says = |payload: &Payload| {
        let edit = match payload {
            Payload::TriggerAdded(edit) => &**edit,
            Payload::TriggerEdited(edited) => &edited.set,
            _ => return false,
        };
        match verdict {
            Verdict::Met => edit.if_met.is_some(),
            _ => edit.if_not_met.is_some(),
        }
    };
    latest(board, trigger.0, says)
}

/// Returns since when a crux has its stage. Settling it again in the same way changes nothing.
fn settled_at(board: &Board, crux: CruxId) -> ChangeId {
    let (mut since, mut stage) = (crux.0, Stage::Open);
    for (change, _) in board.history(crux.0).filter(|(_, counts)| *counts) {
        let set = match &change.payload {
            Payload::CruxAdded(edit) => edit.stage,
            Payload::CruxEdited(edited) => edited.set.stage,
            _ => None,
        };
        let set = set.map(|set| set.unwrap_or(Stage::Open));
        if let Some(set) = set.filter(|set| *set != stage) {
            (since, stage) = (change.id, set);
        }
    }
    since
}

/// Returns the latest change to a record that counts and satisfies `does`.
fn latest(board: &Board, record: ChangeId, does: impl Fn(&Payload) -> bool) -> ChangeId {
    let history = board.history(record);
    let found = history.filter(|(change, counts)| *counts && does(&change.payload));
    found.last().map_or(record, |(change, _)| change.id)
}
