//! Commands about the board as a whole.

use super::action::{Action, check_texts, ensure_changed, filled};
use super::{CommandError, Issuer};
use crate::change::{Change, Payload};
use crate::record::{BoardInfoEdit, BoardOptionEdit, Mark, PersonEdit};
use crate::text::folded_name;

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

/// The first changes of a new board: its question, the four usual options, and its people.
///
/// # Errors
/// [`CommandError`] when the question is empty, a text too long or a name there twice.
pub fn found_board(
    question: &str,
    people: &[String],
    issuer: &mut Issuer<'_>,
) -> Result<Vec<Change>, CommandError> {
    let question = filled(question, "decision question")?;
    for (index, name) in people.iter().enumerate() {
        let mut before = people[..index].iter();
        if before.any(|other| folded_name(other) == folded_name(name)) {
            return Err(CommandError::NameTaken(name.clone()));
        }
    }
    let mut action = Action {
        issuer,
        changes: Vec::new(),
    };
    action.say(Payload::BoardDescribed(Box::new(BoardInfoEdit {
        question: Some(question),
        ..BoardInfoEdit::default()
    })));
    for (name, mark) in [
        ("Continue", Mark::Continue),
        ("Change direction", Mark::Change),
        ("Wind down", Mark::Stop),
        ("Double down", Mark::DoubleDown),
    ] {
        action.say(Payload::OptionAdded(Box::new(BoardOptionEdit {
            name: Some(name.into()),
            mark: Some(Some(mark)),
            means: None,
        })));
    }
    for name in people
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
    {
        action.say(Payload::PersonAdded(Box::new(PersonEdit {
            name: Some(name.into()),
            ..PersonEdit::default()
        })));
    }
    for change in &action.changes {
        check_texts(change)?;
    }
    Ok(action.changes)
}
