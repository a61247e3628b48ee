//! Commands about credences in options.

use super::action::Action;
use super::{CommandError, OptionMove};
use crate::Credence;
use crate::board::Board;
use crate::change::{OptionCredenceStated, Payload};
use crate::record::{CruxId, EvidenceId, OptionId, PersonId};
use crate::value_of_information::ConditionalView;

/// States a credence in an option.
///
/// A credence that is conditional on a crux must agree with the person's credences in the option and in the
/// crux. A change of these two is never refused: see decision 20.
pub(super) fn state(
    board: &Board,
    moved: OptionMove,
    evidence: Vec<EvidenceId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let OptionMove {
        option,
        if_true,
        person,
        credence,
        reason,
    } = moved;
    let found = board.option(option).ok_or(CommandError::Gone("option"))?;
    if found.trashed.is_some() {
        return Err(CommandError::OptionRetired);
    }
    board.person(person).ok_or(CommandError::Gone("person"))?;
    if let Some(crux) = if_true {
        board.crux(crux).ok_or(CommandError::Gone("crux"))?;
        if let Some((of_option, of_crux)) = held(board, option, crux, person) {
            ConditionalView::new(of_option, of_crux, credence)?;
        }
    }
    action.say(Payload::OptionCredenceStated(Box::new(
        OptionCredenceStated {
            option,
            if_true,
            person,
            credence,
            reason,
            reason_salt: String::new(),
            evidence,
            wall_clock: None,
        },
    )));
    Ok(())
}

/// Returns a person's credences in an option and in a crux, if they have stated both.
fn held(
    board: &Board,
    option: OptionId,
    crux: CruxId,
    person: PersonId,
) -> Option<(Credence, Credence)> {
    let of_option = board.current_option_credences(option);
    let of_option = of_option.get(&(person, None))?.credence;
    let statements = board.statements_on(crux);
    let mut latest = statements.iter().rev();
    let of_crux = latest.find(|said| said.person == person)?.credence;
    Some((of_option, of_crux))
}
