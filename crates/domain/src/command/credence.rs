//! Commands about credences.

use super::action::{Action, ensure_changed};
use super::{CommandError, Move};
use crate::board::Board;
use crate::change::{CredenceStated, Payload, StatementExplained};
use crate::record::{CruxId, EvidenceId, PersonId, StatementId};
use crate::{ChangeId, Millis};

/// States a credence.
pub(super) fn state(
    board: &Board,
    moved: Move,
    evidence: Vec<EvidenceId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    check_move(board, &moved)?;
    action.state(moved, evidence, false);
    Ok(())
}

/// Confirms a person's latest credence.
pub(super) fn reaffirm(
    board: &Board,
    crux: CruxId,
    person: PersonId,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let statements = board.statements_on(crux);
    let latest = statements
        .iter()
        .rev()
        .find(|statement| statement.person == person);
    let credence = latest.ok_or(CommandError::NothingToReaffirm)?.credence;
    let moved = Move {
        crux,
        person,
        credence,
        reason: String::new(),
    };
    check_move(board, &moved)?;
    action.state(moved, Vec::new(), true);
    Ok(())
}

/// Sets the reason and the evidence of a statement, on a crux or in an option.
pub(super) fn explain(
    board: &Board,
    statement: StatementId,
    reason: String,
    evidence: Vec<EvidenceId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let explained = board
        .basis_stated(statement.0)
        .ok_or(CommandError::Gone("credence"))?;
    ensure_changed(explained == (reason.as_str(), evidence.as_slice()))?;
    let explained = StatementExplained {
        statement,
        reason,
        evidence,
    };
    action.say(Payload::StatementExplained(Box::new(explained)));
    Ok(())
}

pub(super) fn check_move(board: &Board, moved: &Move) -> Result<(), CommandError> {
    board.crux(moved.crux).ok_or(CommandError::Gone("crux"))?;
    board
        .person(moved.person)
        .ok_or(CommandError::Gone("person"))?;
    Ok(())
}

/// Makes a statement be held no earlier than the one it replaces. That one may come from a device whose clock
/// is right while the clock of this device is behind.
pub(super) fn follow_replaced(board: &Board, id: ChangeId, stated: &mut CredenceStated) {
    let Some(clock) = stated.wall_clock else {
        return;
    };
    let statements = board.statements_on(stated.crux).into_iter().rev();
    let mut of_person = statements.filter(|said| said.person == stated.person);
    let replaced = of_person.next().map_or(Millis(0), |said| said.at);
    stated.wall_clock = Some(clock.max(replaced)).filter(|clock| *clock < id.millis());
}
