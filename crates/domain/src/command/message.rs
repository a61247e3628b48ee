//! Commands about the reading list.

use super::CommandError;
use super::action::{Action, ensure_changed};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{MessageEdit, MessageId};

/// Edits a message of the reading list.
pub(super) fn edit(
    board: &Board,
    edited: Edited<MessageId, MessageEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .message(edited.of)
        .ok_or(CommandError::Gone("message"))?;
    ensure_changed(edited.set.is_empty())?;
    action.say(Payload::MessageEdited(Box::new(edited)));
    Ok(())
}
