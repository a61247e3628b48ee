//! Commands about options.

use super::CommandError;
use super::action::{Action, ensure_changed, filled, taken_name};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{BoardOptionEdit, OptionId};

/// Adds an option.
pub(super) fn add(
    board: &Board,
    option: BoardOptionEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    check_name(board, option.name.as_deref().unwrap_or_default(), None)?;
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
    if let Some(name) = &edited.set.name {
        check_name(board, name, Some(edited.of))?;
    }
    action.say(Payload::OptionEdited(Box::new(edited)));
    Ok(())
}

/// Refuses an empty name, and the name of another option.
fn check_name(board: &Board, name: &str, of: Option<OptionId>) -> Result<(), CommandError> {
    let name = filled(name, "name of the option")?;
    let own = of.and_then(|of| board.option(of));
    let own = own.map(|own| own.name.as_str());
    let others = board.options().filter(|other| Some(other.id) != of);
    match taken_name(&name, own, others.map(|other| other.name.as_str())) {
        Some(other) => Err(CommandError::OptionTaken(other)),
        None => Ok(()),
    }
}
