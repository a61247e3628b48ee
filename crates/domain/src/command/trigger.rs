//! Commands about triggers.

use super::CommandError;
use super::action::{Action, ensure_changed};
use crate::board::Board;
use crate::change::{Edited, Payload, TriggerJudged};
use crate::record::{EvidenceId, TriggerEdit, TriggerId, Verdict};
use crate::trigger_review::TriggersToReview;

/// Adds a trigger.
pub(super) fn add(
    board: &Board,
    trigger: TriggerEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let crux = trigger.crux.ok_or(CommandError::Gone("crux"))?;
    board.crux(crux).ok_or(CommandError::Gone("crux"))?;
    if trigger.rule.flatten().is_none() {
        // Gaps are only advice, but triggers without any text could not be told apart.
        let texts = [&trigger.observable, &trigger.threshold, &trigger.action];
        let is_silent =
            |text: &&Option<String>| text.as_deref().unwrap_or_default().trim().is_empty();
        if texts.iter().all(is_silent) {
            return Err(CommandError::Empty("observable"));
        }
    }
    action.say(Payload::TriggerAdded(Box::new(trigger)));
    Ok(())
}

/// Edits a trigger. Changing the terms of an armed one takes a reason.
pub(super) fn edit(
    board: &Board,
    edited: Edited<TriggerId, TriggerEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let trigger = board
        .trigger(edited.of)
        .ok_or(CommandError::Gone("trigger"))?;
    ensure_changed(edited.set.is_empty())?;
    let moves_goalposts = !trigger.goalposts_moved_by(&edited.set).is_empty();
    // Disarming the trigger first does not avoid the reason.
    if trigger.ever_armed() && moves_goalposts && edited.reason.trim().is_empty() {
        return Err(CommandError::GoalpostNeedsReason);
    }
    action.say(Payload::TriggerEdited(Box::new(edited)));
    Ok(())
}

/// Notes that triggers were reviewed and stay armed, by the date of their next review.
pub(super) fn review(
    board: &Board,
    triggers: &TriggersToReview,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    put_off(board, triggers, action)?;
    ensure_changed(action.changes.is_empty())
}

/// Sets the next review date of triggers that stay armed. A trigger with a later date keeps it.
pub(super) fn put_off(
    board: &Board,
    TriggersToReview { triggers, next }: &TriggersToReview,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    if *next <= action.issuer.now.today() {
        return Err(CommandError::PastReview);
    }
    for id in triggers {
        let trigger = board.trigger(*id).ok_or(CommandError::Gone("trigger"))?;
        if trigger.review_on.is_none_or(|day| day < *next) {
            let set = TriggerEdit {
                review_on: Some(Some(*next)),
                ..TriggerEdit::default()
            };
            action.say(Payload::TriggerEdited(Box::new(Edited {
                of: *id,
                set,
                reason: String::new(),
            })));
        }
    }
    Ok(())
}

/// Records the outcome of a trigger.
pub(super) fn judge(
    board: &Board,
    trigger: TriggerId,
    verdict: Verdict,
    reason: String,
    evidence: Vec<EvidenceId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let judged = board
        .trigger(trigger)
        .ok_or(CommandError::Gone("trigger"))?;
    if !judged.armed {
        return Err(CommandError::DraftJudged);
    }
    if judged.rule.is_some() && !matches!(verdict, Verdict::Void | Verdict::Open) {
        return Err(CommandError::Computed);
    }
    if action.issuer.by.is_none() {
        return Err(CommandError::JudgementNeedsPerson);
    }
    if reason.trim().is_empty() {
        return Err(CommandError::JudgementNeedsReason);
    }
    let settles = match judged.dispute() {
        Some(_) => judged.standing().into_iter().map(|one| one.id).collect(),
        None => Vec::new(),
    };
    let judged = TriggerJudged {
        trigger,
        verdict,
        reason,
        evidence,
        settles,
    };
    action.say(Payload::TriggerJudged(Box::new(judged)));
    Ok(())
}
