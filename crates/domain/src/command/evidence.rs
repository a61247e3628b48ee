//! Commands about evidence.

use super::action::{Action, ensure_changed, filled};
use super::credence::check_move;
use super::{CommandError, Move};
use crate::board::Board;
use crate::change::{Edited, EvidenceWeighed, Payload};
use crate::record::{BearsOn, CruxId, EvidenceEdit, EvidenceId};
use crate::web_address::complete_address;

/// Saves an item of evidence with its weights, and states the credences that it moves.
pub(super) fn file(
    board: &Board,
    mut evidence: EvidenceEdit,
    bears_on: Vec<(CruxId, BearsOn)>,
    moves: Vec<Move>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let text = evidence.text.as_deref().unwrap_or_default();
    let quote = evidence.quote.as_deref().unwrap_or_default();
    let url = evidence.url.as_deref().unwrap_or_default();
    let said = [text, quote, url]
        .into_iter()
        .find(|said| !said.trim().is_empty());
    filled(said.unwrap_or_default(), "text, quote or link")?;
    complete_address(&mut evidence.url)?;
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
    mut edited: Edited<EvidenceId, EvidenceEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .evidence(edited.of)
        .ok_or(CommandError::Gone("item of evidence"))?;
    ensure_changed(edited.set.is_empty())?;
    complete_address(&mut edited.set.url)?;
    action.say(Payload::EvidenceEdited(Box::new(edited)));
    Ok(())
}

/// Sets the weight of an item on a crux.
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
