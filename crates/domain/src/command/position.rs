//! Commands about positions.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{PositionEdit, PositionId};

/// Records a position of somebody outside the board.
pub(super) fn record(
    position: PositionEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    filled(
        position.holder.as_deref().unwrap_or_default(),
        "name of who holds it",
    )?;
    action.say(Payload::PositionRecorded(Box::new(position)));
    Ok(())
}

/// Edits a position.
pub(super) fn edit(
    board: &Board,
    edited: Edited<PositionId, PositionEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .position(edited.of)
        .ok_or(CommandError::Gone("position"))?;
    ensure_changed(edited.set.is_empty())?;
    action.say(Payload::PositionEdited(Box::new(edited)));
    Ok(())
}
