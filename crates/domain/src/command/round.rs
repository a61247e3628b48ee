//! Commands about blind rounds.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::board::Board;
use crate::change::{CredenceStated, Payload, RoundClosed, RoundRevealed, RoundSaid, RoundSealed};
use crate::record::{PersonId, Record, Round, RoundEdit, RoundId};
use crate::round::{SealedAnswers, is_published, standing, waiting_for};

/// Opens a blind round.
pub(super) fn open(
    board: &Board,
    round: RoundEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let cruxes = round.cruxes.as_deref().unwrap_or_default();
    ensure_changed(cruxes.is_empty())?;
    for crux in cruxes {
        board.crux(*crux).ok_or(CommandError::Gone("crux"))?;
    }
    action.say(Payload::RoundOpened(Box::new(round)));
    Ok(())
}

/// Adds a question or remark to an open round.
pub(super) fn say(
    board: &Board,
    said: RoundSaid,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    open_round(board, said.round)?;
    filled(&said.text, "question")?;
    action.say(Payload::RoundSaid(Box::new(said)));
    Ok(())
}

/// Stores the seal of a person's answers.
pub(super) fn seal(
    board: &Board,
    sealed: RoundSealed,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    open_round(board, sealed.round)?;
    board
        .person(sealed.person)
        .ok_or(CommandError::Gone("person"))?;
    action.say(Payload::RoundSealed(Box::new(sealed)));
    Ok(())
}

/// Closes a round, and lists the seals known here.
pub(super) fn close(
    board: &Board,
    round: RoundId,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let open = open_round(board, round)?;
    let seals = open.everybody().into_iter();
    let seals = seals.filter_map(|person| Some(open.seal_of(person)?.0.id));
    action.say(Payload::RoundClosed(Box::new(RoundClosed {
        round,
        without: waiting_for(board, open),
        seals: Some(seals.collect()),
    })));
    Ok(())
}

/// Reveals answers, and states them as credences held when they were sealed.
pub(super) fn reveal(
    board: &Board,
    (round, person): (RoundId, PersonId),
    sealed: SealedAnswers,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let round = board.round(round).ok_or(CommandError::Gone("round"))?;
    round.closing().ok_or(CommandError::RoundOpen)?;
    if is_published(&standing(round, person)) {
        return Err(CommandError::NothingToDo);
    }
    let (own, _) = round
        .seal_of(person)
        .ok_or(CommandError::NotWhatWasSealed)?;
    if own.seal != sealed.seal(round.id, person) {
        return Err(CommandError::NotWhatWasSealed);
    }
    action.say(Payload::RoundRevealed(Box::new(RoundRevealed {
        round: round.id,
        person,
        salt: sealed.salt.clone(),
        answers: sealed.published(),
    })));
    for answer in &sealed.answers {
        if board.crux(answer.crux).is_some() {
            action.say(Payload::CredenceStated(Box::new(CredenceStated {
                crux: answer.crux,
                person,
                credence: answer.credence,
                reason: answer.reason.clone(),
                reason_salt: sealed.reason_salt(answer),
                evidence: Vec::new(),
                reaffirms: false,
                at: Some(own.id.millis()),
                wall_clock: None,
            })));
        }
    }
    Ok(())
}

fn open_round(board: &Board, id: RoundId) -> Result<&Record<RoundId, Round>, CommandError> {
    let round = board.round(id).ok_or(CommandError::Gone("round"))?;
    match round.closing() {
        Some(_) => Err(CommandError::RoundClosed),
        None => Ok(round),
    }
}
