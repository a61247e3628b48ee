//! Commands about the readers of the brief.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{BriefReadEdit, BriefReadId};

/// Records that somebody has read the brief, up to the latest change.
pub(super) fn note(
    board: &Board,
    brief_read: BriefReadEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    filled(brief_read.who.as_deref().unwrap_or_default(), "name")?;
    action.say(Payload::BriefSeen(Box::new(BriefReadEdit {
        through: Some(Some(board.log().last())),
        ..brief_read
    })));
    Ok(())
}

/// Edits a record of who has read the brief.
pub(super) fn edit(
    board: &Board,
    edited: Edited<BriefReadId, BriefReadEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .brief_read(edited.of)
        .ok_or(CommandError::Gone("note"))?;
    ensure_changed(edited.set.is_empty())?;
    action.say(Payload::BriefSeenEdited(Box::new(edited)));
    Ok(())
}
