//! Commands about people.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{PersonEdit, PersonId};
use crate::text::folded_name;

/// Adds a person.
pub(super) fn add(
    board: &Board,
    person: PersonEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let name = filled(person.name.as_deref().unwrap_or_default(), "name")?;
    check_name(board, &name, None)?;
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

/// Refuses the name of another person. One that a person has already may stay, since two devices can add one
/// name at the same time.
fn check_name(board: &Board, name: &str, of: Option<PersonId>) -> Result<(), CommandError> {
    let wanted = folded_name(name);
    let own = of.and_then(|of| board.person(of));
    let is_own = own.is_some_and(|own| folded_name(&own.name) == wanted);
    let mut others = board.people().filter(|person| Some(person.id) != of);
    match others.find(|other| !is_own && folded_name(&other.name) == wanted) {
        Some(other) => Err(CommandError::NameTaken(other.name.clone())),
        None => Ok(()),
    }
}
