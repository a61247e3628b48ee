//! Commands about blind rounds.

use super::CommandError;
use super::action::{Action, ensure_changed, filled};
use crate::Millis;
use crate::board::Board;
use crate::change::{
    CredenceStated, OptionCredenceStated, Payload, RoundClosed, RoundRevealed, RoundSaid,
    RoundSealed,
};
use crate::record::{Answer, OptionQuestion, PersonId, Record, Round, RoundEdit, RoundId, Topic};
use crate::round::{SealedAnswers, is_published, standing, waiting_for};

/// Opens a blind round.
pub(super) fn open(
    board: &Board,
    round: RoundEdit,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let cruxes = round.cruxes.as_deref().unwrap_or_default();
    let in_options = round.in_options.as_deref().unwrap_or_default();
    ensure_changed(cruxes.is_empty() && in_options.is_empty())?;
    let conditions = in_options.iter().filter_map(|question| question.if_true);
    for crux in cruxes.iter().copied().chain(conditions) {
        board.crux(crux).ok_or(CommandError::Gone("crux"))?;
    }
    for question in in_options {
        let option = board.option(question.option);
        let option = option.ok_or(CommandError::Gone("option"))?;
        if option.trashed.is_some() {
            return Err(CommandError::OptionRetired);
        }
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
    let sealed_at = own.id.millis();
    for answer in &sealed.answers {
        if is_there(board, answer.topic) {
            action.say(stated(
                person,
                answer,
                sealed.reason_salt(answer),
                sealed_at,
            ));
        }
    }
    Ok(())
}

/// Returns whether the records that a question is about are on the board.
fn is_there(board: &Board, topic: Topic) -> bool {
    match topic {
        Topic::Crux(crux) => board.crux(crux).is_some(),
        Topic::Option(OptionQuestion { option, if_true }) => {
            board.option(option).is_some() && if_true.is_none_or(|crux| board.crux(crux).is_some())
        }
    }
}

/// Returns the credence of an answer, held since it was sealed. A conditional credence that contradicts the
/// person's others is not refused, since it was sealed: it counts in no figure, as any other does.
fn stated(person: PersonId, answer: &Answer, reason_salt: String, sealed_at: Millis) -> Payload {
    let (credence, reason) = (answer.credence, answer.reason.clone());
    match answer.topic {
        Topic::Crux(crux) => Payload::CredenceStated(Box::new(CredenceStated {
            crux,
            person,
            credence,
            reason,
            reason_salt,
            evidence: Vec::new(),
            reaffirms: false,
            at: Some(sealed_at),
            wall_clock: None,
        })),
        Topic::Option(OptionQuestion { option, if_true }) => {
            Payload::OptionCredenceStated(Box::new(OptionCredenceStated {
                option,
                if_true,
                person,
                credence,
                reason,
                reason_salt,
                evidence: Vec::new(),
                wall_clock: Some(sealed_at),
            }))
        }
    }
}

fn open_round(board: &Board, id: RoundId) -> Result<&Record<RoundId, Round>, CommandError> {
    let round = board.round(id).ok_or(CommandError::Gone("round"))?;
    match round.closing() {
        Some(_) => Err(CommandError::RoundClosed),
        None => Ok(round),
    }
}
