//! Commands about terms.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{TermEdit, TermId};

/// Defines a term.
pub(super) fn define(term: TermEdit, action: &mut Action<'_, '_>) -> Result<(), CommandError> {
    filled(term.term.as_deref().unwrap_or_default(), "term")?;
    action.say(Payload::TermDefined(Box::new(term)));
    Ok(())
}

/// Edits a term.
pub(super) fn edit(
    board: &Board,
    edited: Edited<TermId, TermEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board.term(edited.of).ok_or(CommandError::Gone("term"))?;
    ensure_changed(edited.set.is_empty())?;
    action.say(Payload::TermEdited(Box::new(edited)));
    Ok(())
}
