//! Commands about people.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{PersonEdit, PersonId};

/// Adds a person.
pub(super) fn add(person: PersonEdit, action: &mut Action<'_, '_>) -> Result<(), CommandError> {
    filled(person.name.as_deref().unwrap_or_default(), "name")?;
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
    action.say(Payload::PersonEdited(Box::new(edited)));
    Ok(())
}
