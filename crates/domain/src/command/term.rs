//! Commands about terms.

use super::CommandError;
use super::action::{Action, ensure_changed, filled, taken_name};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{TermEdit, TermId};

/// Defines a term.
pub(super) fn define(
    board: &Board,
    term: TermEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    check_term(board, term.term.as_deref().unwrap_or_default(), None)?;
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
    if let Some(term) = &edited.set.term {
        check_term(board, term, Some(edited.of))?;
    }
    action.say(Payload::TermEdited(Box::new(edited)));
    Ok(())
}

/// Refuses an empty term, and one that is already defined.
fn check_term(board: &Board, term: &str, of: Option<TermId>) -> Result<(), CommandError> {
    let term = filled(term, "term")?;
    let own = of.and_then(|of| board.term(of));
    let own = own.map(|own| own.term.as_str());
    let others = board.terms().filter(|other| Some(other.id) != of);
    match taken_name(&term, own, others.map(|other| other.term.as_str())) {
        Some(other) => Err(CommandError::TermTaken(other)),
        None => Ok(()),
    }
}
