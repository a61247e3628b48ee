//! Commands about options.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{BoardOptionEdit, OptionId};

/// Adds an option.
pub(super) fn add(
    option: BoardOptionEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    filled(
        option.name.as_deref().unwrap_or_default(),
        "name of the option",
    )?;
    action.say(Payload::OptionAdded(Box::new(option)));
    Ok(())
}

/// Edits an option.
pub(super) fn edit(
    board: &Board,
    edited: Edited<OptionId, BoardOptionEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .option(edited.of)
        .ok_or(CommandError::Gone("option"))?;
    ensure_changed(edited.set.is_empty())?;
    action.say(Payload::OptionEdited(Box::new(edited)));
    Ok(())
}
