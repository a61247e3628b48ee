//! Commands about decisions.

use super::action::{Action, ensure_changed, filled};
use super::{CommandError, follow_up};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::date::Now;
use crate::record::{DecisionEdit, DecisionId, FollowUpEdit};

/// Records a decision, with the number of changes known at the time, and a follow-up for each of its
/// actions.
pub(super) fn record(
    board: &Board,
    decision: DecisionEdit,
    actions: Vec<FollowUpEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    check_decision(board, &decision, action.issuer.now)?;
    let option = decision.option.flatten();
    option.ok_or(CommandError::Empty("choice of an option"))?;
    filled(decision.why.as_deref().unwrap_or_default(), "reason")?;
    let known = u32::try_from(board.log().len()).unwrap_or(u32::MAX);
    let id = action.say(Payload::DecisionRecorded(Box::new(DecisionEdit {
        known: Some(known),
        ..decision
    })));
    for follow_up in actions {
        let decision = Some(Some(DecisionId(id)));
        let follow_up = FollowUpEdit {
            decision,
            ..follow_up
        };
        follow_up::add(follow_up, action)?;
    }
    Ok(())
}

/// Edits a decision.
pub(super) fn edit(
    board: &Board,
    edited: Edited<DecisionId, DecisionEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .decision(edited.of)
        .ok_or(CommandError::Gone("decision"))?;
    ensure_changed(edited.set.is_empty())?;
    check_decision(board, &edited.set, action.issuer.now)?;
    action.say(Payload::DecisionEdited(Box::new(edited)));
    Ok(())
}

/// Refuses a date in the past, an option in the trash, and dissent without a reason, which cannot be guessed
/// later.
fn check_decision(board: &Board, set: &DecisionEdit, now: Now) -> Result<(), CommandError> {
    if let Some(option) = set.option.flatten() {
        let option = board.option(option).ok_or(CommandError::Gone("option"))?;
        if option.trashed.is_some() {
            return Err(CommandError::OptionRetired);
        }
    }
    let silent = |voice: &crate::record::Voice| !voice.agrees && voice.reason.trim().is_empty();
    if set.voices.iter().flatten().any(silent) {
        return Err(CommandError::DissentNeedsReason);
    }
    match set.until.flatten() {
        Some(until) if until < now.today() => Err(CommandError::PastDay),
        _ => Ok(()),
    }
}
