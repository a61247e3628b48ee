//! Commands about follow-ups.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{FollowUpEdit, FollowUpId};
use crate::web_address::complete_address;

/// Adds a follow-up.
pub(super) fn add(
    mut follow_up: FollowUpEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    filled(follow_up.what.as_deref().unwrap_or_default(), "description")?;
    complete_address(&mut follow_up.url)?;
    action.say(Payload::FollowUpAdded(Box::new(follow_up)));
    Ok(())
}

/// Edits a follow-up.
pub(super) fn edit(
    board: &Board,
    mut edited: Edited<FollowUpId, FollowUpEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .follow_up(edited.of)
        .ok_or(CommandError::Gone("follow-up"))?;
    ensure_changed(edited.set.is_empty())?;
    complete_address(&mut edited.set.url)?;
    action.say(Payload::FollowUpEdited(Box::new(edited)));
    Ok(())
}
