//! Commands about the board as a whole.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::change::Payload;
use crate::record::BoardInfoEdit;

/// Sets fields of the board.
pub(super) fn describe(
    set: BoardInfoEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    ensure_changed(set.is_empty())?;
    if let Some(question) = &set.question {
        filled(question, "decision question")?;
    }
    action.say(Payload::BoardDescribed(Box::new(set)));
    Ok(())
}
