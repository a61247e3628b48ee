//! Commands about people.

use super::CommandError;
use super::action::{Action, ensure_changed, filled, taken_name};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{PersonEdit, PersonId};

/// Adds a person.
pub(super) fn add(
    board: &Board,
    person: PersonEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    check_name(board, person.name.as_deref().unwrap_or_default(), None)?;
    action.say(Payload::PersonAdded(Box::new(person)));
    Ok(())
}

/// Edits a person.
pub(super) fn edit(
    board: &Board,
    edited: Edited<PersonId, PersonEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .person(edited.of)
        .ok_or(CommandError::Gone("person"))?;
    ensure_changed(edited.set.is_empty())?;
    if let Some(name) = &edited.set.name {
        check_name(board, name, Some(edited.of))?;
    }
    action.say(Payload::PersonEdited(Box::new(edited)));
    Ok(())
}

/// Refuses an empty name, and the name of another person.
fn check_name(board: &Board, name: &str, of: Option<PersonId>) -> Result<(), CommandError> {
    let name = filled(name, "name")?;
    let own = of.and_then(|of| board.person(of));
    let own = own.map(|own| own.name.as_str());
    let others = board.people().filter(|person| Some(person.id) != of);
    match taken_name(&name, own, others.map(|other| other.name.as_str())) {
        Some(other) => Err(CommandError::NameTaken(other)),
        None => Ok(()),
    }
}
