//! Commands about reviews.

use std::collections::BTreeSet;

use super::CommandError;
use super::action::{Action, ensure_changed};
use super::trigger::put_off;
use crate::ChangeId;
use crate::board::{Board, REVIEWS_APART};
use crate::change::{Change, Edited, Payload, ReviewHeld, ReviewNoted};
use crate::record::{Record, Review, ReviewEdit, ReviewId, Trigger};
use crate::trigger_review::TriggersToReview;
use crate::trigger_state::check;

/// Records a review that was held without an agenda.
pub(super) fn record(
    board: &Board,
    review: ReviewHeld,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let review = action.say(Payload::ReviewHeld(Box::new(review)));
    let is_counted = |trigger: &Trigger| is_counted_apart(board, trigger, review);
    check_triggers(board, review, is_counted, action);
    Ok(())
}

/// Starts a review.
pub(super) fn start(review: ReviewEdit, action: &mut Action<'_, '_>) -> Result<(), CommandError> {
    action.say(Payload::ReviewStarted(Box::new(review)));
    Ok(())
}

/// Edits a review. Once it is closed, only the readership of its note can be changed.
pub(super) fn edit(
    board: &Board,
    mut edited: Edited<ReviewId, ReviewEdit>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    ensure_changed(edited.set.is_empty())?;
    let review = board
        .review(edited.of)
        .ok_or(CommandError::Gone("review"))?;
    let is_mark_alone = edited.set
        == ReviewEdit {
            note_is_public: edited.set.note_is_public,
            ..ReviewEdit::default()
        };
    // The readers of a note are often chosen only when the minutes are shared.
    if !is_mark_alone {
        open_review(board, edited.of)?;
    }
    // The text is stored together with the mark. Otherwise the mark could end up on another text that
    // somebody wrote at the same time.
    if is_mark_alone {
        edited.set.note = Some(review.note.clone());
    } else if edited.set.note.is_some() {
        edited.set.note_is_public.get_or_insert(false);
    }
    action.say(Payload::ReviewEdited(Box::new(edited)));
    Ok(())
}

/// Stores a note on a crux of a review.
pub(super) fn note(
    board: &Board,
    noted: ReviewNoted,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let review = board
        .review(noted.review)
        .ok_or(CommandError::Gone("review"))?;
    let there = review.notes.get(&noted.crux);
    if there.is_none_or(|note| note.text != noted.text) {
        open_review(board, noted.review)?;
    }
    ensure_changed(
        there.is_some_and(|note| note.text == noted.text && note.is_public == noted.is_public),
    )?;
    action.say(Payload::ReviewNoted(Box::new(noted)));
    Ok(())
}

/// Closes a review, and records its result for each computed trigger.
pub(super) fn close(
    board: &Board,
    review: ReviewId,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let agenda = &open_review(board, review)?.agenda;
    let review = action.say(Payload::ReviewClosed(review));
    let is_counted = |trigger: &Trigger| {
        let is_on_agenda = agenda.iter().any(|item| item.crux == trigger.crux);
        is_on_agenda && is_counted_apart(board, trigger, review)
    };
    check_triggers(board, review, is_counted, action);
    Ok(())
}

/// Closes a review, and sets the next review date of armed triggers that it went through.
pub(super) fn close_of_triggers(
    board: &Board,
    review: ReviewId,
    triggers: &TriggersToReview,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    close(board, review, action)?;
    put_off(board, triggers, action)
}

/// Retracts every closing of a review, also those of other devices, with the recorded results for computed
/// triggers. Closing the review again computes them anew.
pub(super) fn reopen(
    board: &Board,
    review: ReviewId,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let review = board.review(review).ok_or(CommandError::Gone("review"))?;
    ensure_changed(review.closings.is_empty())?;
    let closings = review.closings.iter();
    let closings = closings.filter_map(|id| board.log().change(*id));
    let closings: BTreeSet<ChangeId> = closings.map(Change::action).collect();
    let recorded = board.log().changes().filter(|change| {
        let is_closing = matches!(&change.payload, Payload::ReviewClosed(of) if *of == review.id);
        let is_check = matches!(change.payload, Payload::TriggerChecked(_));
        (is_closing || is_check) && closings.contains(&change.action())
    });
    action.say(Payload::Retracted(
        recorded.map(|change| change.id).collect(),
    ));
    Ok(())
}

/// Returns whether a trigger counts a review separately from the one before. Reviews within a day count as
/// one, with the first result.
fn is_counted_apart(board: &Board, trigger: &Trigger, review: ChangeId) -> bool {
    let after = trigger.counts_from.unwrap_or_default();
    let last = board.reviews_on(trigger.crux, after).pop();
    last.is_none_or(|last| last.millis() + REVIEWS_APART <= review.millis())
}

fn open_review(board: &Board, id: ReviewId) -> Result<&Record<ReviewId, Review>, CommandError> {
    let review = board.review(id).ok_or(CommandError::Gone("review"))?;
    match review.closed() {
        Some(_) => Err(CommandError::ReviewClosed),
        None => Ok(review),
    }
}

/// Records the state of the computed triggers of these cruxes at a review.
fn check_triggers(
    board: &Board,
    review: ChangeId,
    is_reviewed: impl Fn(&Trigger) -> bool,
    action: &mut Action<'_, '_>,
) {
    for trigger in board.triggers().filter(|one| is_reviewed(one)) {
        let checked = check(board, trigger, action.issuer.now, review);
        if let Some(checked) = checked {
            action.say(Payload::TriggerChecked(Box::new(checked)));
        }
    }
}
