//! The credence triggers whose state a change of the board's rules alters.

use std::collections::BTreeMap;

use super::trigger_state::{TriggerState, trigger_state};
use crate::board::Board;
use crate::date::Viewpoint;
use crate::record::TriggerId;

/// Returns the state of each credence trigger.
#[must_use]
pub fn credence_trigger_states(
    board: &Board,
    viewpoint: impl Into<Viewpoint>,
) -> BTreeMap<TriggerId, TriggerState> {
    let viewpoint = viewpoint.into();
    let triggers = board.triggers().filter(|trigger| trigger.rule.is_some());
    triggers
        .map(|trigger| (trigger.id, trigger_state(board, trigger, viewpoint)))
        .collect()
}
