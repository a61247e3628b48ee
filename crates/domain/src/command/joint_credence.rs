//! Commands about the joint effect of two cruxes.

use super::action::Action;
use super::{CommandError, JointMove};
use crate::board::Board;
use crate::change::{JointCredenceStated, Payload};
use crate::joint_effect::{IncoherentJointError, joint_range};
use crate::record::EvidenceId;

/// States a credence in an option if two cruxes turn out in a certain way.
///
/// It must agree with the person's credences in the option and in both cruxes, and with the joint effects of
/// these cruxes that they have stated. A change of those is never refused: see decision 20.
pub(super) fn state(
    board: &Board,
    moved: JointMove,
    evidence: Vec<EvidenceId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let JointMove {
        option,
        mut given,
        person,
        credence,
        reason,
    } = moved;
    let found = board.option(option).ok_or(CommandError::Gone("option"))?;
    if found.trashed.is_some() {
        return Err(CommandError::OptionRetired);
    }
    board.person(person).ok_or(CommandError::Gone("person"))?;
    for one in &given {
        board.crux(one.crux).ok_or(CommandError::Gone("crux"))?;
    }
    given.sort();
    if given[0].crux == given[1].crux {
        return Err(CommandError::SameCrux);
    }
    let range = joint_range(board, option, person, given).map(|found| found.range);
    if let Some(range) = range.filter(|range| !range.contains(&credence)) {
        let (lowest, highest) = range.into_inner();
        return Err(IncoherentJointError { lowest, highest }.into());
    }
    action.say(Payload::JointCredenceStated(Box::new(
        JointCredenceStated {
            option,
            given,
            person,
            credence,
            reason,
            evidence,
            wall_clock: None,
        },
    )));
    Ok(())
}
