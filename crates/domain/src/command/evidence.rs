//! Commands about evidence.

use super::action::{Action, ensure_changed, filled};
use super::credence::check_move;
use super::{CommandError, Move};
use crate::board::Board;
use crate::change::{Edited, EvidenceWeighed, Payload};
use crate::record::{BearsOn, CruxId, EvidenceEdit, EvidenceId};
use crate::web_address::check_address;

/// Files an item of evidence, how it bears on cruxes, and the credences that it moves.
pub(super) fn file(
    board: &Board,
    evidence: EvidenceEdit,
    bears_on: Vec<(CruxId, BearsOn)>,
    moves: Vec<Move>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let text = evidence.text.as_deref().unwrap_or_default();
    let quote = evidence.quote.as_deref().unwrap_or_default();
    filled(
        if text.trim().is_empty() { quote } else { text },
        "text or quote",
    )?;
    check_address(evidence.url.as_deref().unwrap_or_default())?;
    let id = EvidenceId(action.say(Payload::EvidenceFiled(Box::new(evidence))));
    for (crux, bears_on) in bears_on {
        board.crux(crux).ok_or(CommandError::Gone("crux"))?;
        let bears_on = Some(bears_on);
        action.say(Payload::EvidenceWeighed(EvidenceWeighed {
            evidence: id,
            crux,
            bears_on,
        }));
    }
    for moved in moves {
        check_move(board, &moved)?;
        action.state(moved, vec![id], false);
    }
    Ok(())
}

/// Edits an item of evidence.
pub(super) fn edit(
    board: &Board,
    edited: Edited<EvidenceId, EvidenceEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .evidence(edited.of)
        .ok_or(CommandError::Gone("item of evidence"))?;
    ensure_changed(edited.set.is_empty())?;
    check_address(edited.set.url.as_deref().unwrap_or_default())?;
    action.say(Payload::EvidenceEdited(Box::new(edited)));
    Ok(())
}

/// Sets how an item bears on a crux.
pub(super) fn weigh(
    board: &Board,
    evidence: EvidenceId,
    crux: CruxId,
    bears_on: Option<BearsOn>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let item = board
        .evidence(evidence)
        .ok_or(CommandError::Gone("item of evidence"))?;
    board.crux(crux).ok_or(CommandError::Gone("crux"))?;
    ensure_changed(item.bears_on.get(&crux) == bears_on.as_ref())?;
    action.say(Payload::EvidenceWeighed(EvidenceWeighed {
        evidence,
        crux,
        bears_on,
    }));
    Ok(())
}
