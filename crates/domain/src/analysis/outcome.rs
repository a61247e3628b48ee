//! What came of a claim: whether it proved true, how that became clear, and when.
//!
//! Two things can tell. A crux is settled by people, with their reason. Or an event trigger is judged
//! met or not met, and its terms had said what that would show: that the claim is true, or that it is
//! false. A verdict whose terms say nothing shows nothing: that an event did not happen by its date
//! seldom makes a claim false. Nothing is guessed here, and a trigger computed from credences never
//! tells, since credences would then be measured by themselves.

use chrono::NaiveDate;

use crate::ChangeId;
use crate::board::Board;
use crate::change::Payload;
use crate::record::{Crux, CruxId, Record, Shows, Stage, Trigger, TriggerId, Verdict};

/// How it became clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownBy {
    /// People settled the crux.
    Settling,
    /// This trigger was judged.
    Trigger {
        /// The trigger.
        id: TriggerId,
        /// The verdict.
        verdict: Verdict,
        /// Whether its terms came to say what that shows only after it was judged.
        was_said_afterwards: bool,
    },
}

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it proved true.
    pub came_true: bool,
    /// Since when that was clear: what is said of it later is no forecast any more.
    pub at: ChangeId,
    /// The last day, in UTC, whose credences count: the crux's own, or the one on which it became
    /// clear.
    pub scored_until: NaiveDate,
    /// How it became clear.
    pub shown_by: ShownBy,
}

/// Why nothing came of a claim yet, although there is something to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutcomeError {
    /// Nothing was settled or judged.
    Open,
    /// These triggers were judged, and their terms do not say what that shows.
    NotSaid(Vec<TriggerId>),
    /// Judged triggers show opposite things. People have to settle it.
    Contradiction(Vec<TriggerId>),
}

/// What came of the claim of a crux. People's word goes before what triggers show; of triggers that
/// show the same, the one judged first counts.
///
/// # Errors
/// Why that is not clear.
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
        // Where a trigger had shown the same before, it was clear before.
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

/// Whether an event trigger stands as met or not met, and since when: a verdict given again is as old
/// as the first time.
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

/// When the terms of a trigger came to say what this verdict shows.
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

/// Since when a crux has its stage: settling it again the same way is no later.
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

/// The latest change to a record that counts and does this.
fn latest(board: &Board, record: ChangeId, does: impl Fn(&Payload) -> bool) -> ChangeId {
    let history = board.history(record);
    let found = history.filter(|(change, counts)| *counts && does(&change.payload));
    found.last().map_or(record, |(change, _)| change.id)
}
