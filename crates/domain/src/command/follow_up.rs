//! Commands about follow-ups.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{Edited, Payload};
use crate::record::{FollowUpEdit, FollowUpId};
use crate::web_address::check_address;

/// Adds a follow-up.
pub(super) fn add(
    follow_up: FollowUpEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    filled(follow_up.what.as_deref().unwrap_or_default(), "description")?;
    check_address(follow_up.url.as_deref().unwrap_or_default())?;
    action.say(Payload::FollowUpAdded(Box::new(follow_up)));
    Ok(())
}

/// Edits a follow-up.
pub(super) fn edit(
    board: &Board,
    edited: Edited<FollowUpId, FollowUpEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board
        .follow_up(edited.of)
        .ok_or(CommandError::Gone("follow-up"))?;
    ensure_changed(edited.set.is_empty())?;
    check_address(edited.set.url.as_deref().unwrap_or_default())?;
    action.say(Payload::FollowUpEdited(Box::new(edited)));
    Ok(())
}
