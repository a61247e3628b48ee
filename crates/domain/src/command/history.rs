//! Commands about changes: trash, undo, redaction, import.

use super::CommandError;
use super::action::{Action, ensure_changed};
use crate::ChangeId;
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::snapshot::Moments;

/// Maximum number of changes in one retraction, which then has about 120 kB. Some endpoints refuse much
/// longer changes. Undoing a large import makes several retractions in one action.
const MOST_RETRACTED: usize = 4_000;

/// Adds changes from elsewhere, under ids of this board.
pub(super) fn take_in(
    changes: Vec<Change>,
    moments: Moments,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    ensure_changed(changes.is_empty())?;
    let taken = crate::snapshot::adopted_with(&changes, moments, action.issuer);
    action.changes.extend(taken);
    Ok(())
}

/// Puts a record in the trash.
pub(super) fn trash(
    board: &Board,
    record: ChangeId,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    ensure_changed(!board.is_record(record))?;
    takes_back(board, &[record])?;
    action.say(Payload::Trashed(record));
    Ok(())
}

/// Takes a record out of the trash.
pub(super) fn restore(
    board: &Board,
    record: ChangeId,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    ensure_changed(!board.is_record(record))?;
    action.say(Payload::Restored(record));
    Ok(())
}

/// Retracts changes: undo, or redo if they are retractions.
pub(super) fn retract(
    board: &Board,
    changes: Vec<ChangeId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    takes_back(board, &changes)?;
    for part in changes.chunks(MOST_RETRACTED) {
        action.say(Payload::Retracted(part.to_vec()));
    }
    Ok(())
}

/// Redacts changes.
pub(super) fn redact(
    board: &Board,
    changes: Vec<ChangeId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    ensure_changed(changes.is_empty())?;
    let is_bare = |id: &ChangeId| {
        let change = board.log().change(*id);
        change.is_some_and(|change| {
            let is_opening = matches!(change.payload, Payload::RoundOpened(_));
            change.payload.is_erased() && (is_opening || change.payload.is_for_good())
        })
    };
    if changes.iter().any(is_bare) {
        return Err(CommandError::RoundStays);
    }
    action.say(Payload::Redacted(changes));
    Ok(())
}

/// Refuses to retract the changes that keep a blind round closed.
fn takes_back(board: &Board, changes: &[ChangeId]) -> Result<(), CommandError> {
    ensure_changed(changes.is_empty())?;
    if changes.iter().any(|id| board.log().is_permanent(*id)) {
        return Err(CommandError::RoundStays);
    }
    Ok(())
}
