//! Answers of blind rounds that are not revealed yet. They stay on the device on which they were
//! given.
//!
//! The journal stores them before the log gets their seal, since a seal whose answer is lost could
//! never be opened. Local storage has a copy that every tab can read at once. If a killed browser
//! loses this copy, it is restored from the journal when the board is opened. Once the revealed
//! answer is stored, both copies are deleted, so that a later redaction leaves no copy behind.

use std::time::Duration;

use cruxboard_domain::BoardId;
use cruxboard_domain::change::{Change, RoundSealed};
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::record::{Answer, PersonId, RoundId};
use cruxboard_domain::round::{SealedAnswers, is_published, is_to_reveal, standing};
use cruxboard_domain::t;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::persistence::Persistence;
use super::{clock, settings};
use cruxboard_session::Session;

/// The name of sealing, for notices.
const SEAL: &str = "seal-answers";

/// Time that another tab has to finish revealing answers that it has claimed.
const CLAIM: Duration = Duration::from_secs(10);

/// Stores a person's answers on this device, and then adds their seal to the log. Tells `done`
/// whether that worked.
pub fn seal_answers(
    session: Session,
    persistence: Persistence,
    (round, person): (RoundId, PersonId),
    answers: Vec<Answer>,
    done: Callback<bool>,
) {
    let board = session.open.get_untracked();
    let random = (clock::random_salt(), clock::random_salt());
    let ((Some(salt), Some(reason_secret)), Some(board)) = (random, board) else {
        session.notices.failed(
            SEAL,
            t!("This browser gives no random numbers, so an answer could not be kept secret. Nothing was stored."),
        );
        done.run(false);
        return;
    };
    let kept = SealedAnswers {
        salt,
        reason_secret,
        answers,
    };
    let seal = kept.seal(round, person);
    spawn_local(async move {
        // Serializing plain data with text keys cannot fail.
        let text = serde_json::to_string(&kept).unwrap_or_default();
        let journal = persistence.journal();
        let stored = journal.keep_sealed(board, round, person, &text).await;
        let is_sealed = match stored {
            Err(problem) => {
                let why = t!(
                    "The answers could not be stored on this device, so they were not sealed. {problem}",
                    problem
                );
                session.notices.failed(SEAL, why);
                false
            }
            // The person may have opened another board meanwhile.
            Ok(()) if session.open.get_untracked() != Some(board) => false,
            Ok(()) => {
                session.notices.succeeded(SEAL);
                put_copies(board, round, person, vec![kept]);
                session.dispatch(Command::SealAnswers(RoundSealed {
                    round,
                    person,
                    seal,
                }))
            }
        };
        done.try_run(is_sealed);
    });
}

/// Returns a person's latest answers that are stored on this device and not yet revealed.
#[must_use]
pub fn kept_answers(session: Session, round: RoundId, person: PersonId) -> Vec<Answer> {
    let board = session.open.get_untracked();
    let mut copies = board.map_or_else(Vec::new, |board| copies(board, round, person));
    copies.pop().map(|kept| kept.answers).unwrap_or_default()
}

/// Returns all stored answers of a person in a round, the latest last. The seals in the log decide
/// which of them is revealed.
fn copies(board: BoardId, round: RoundId, person: PersonId) -> Vec<SealedAnswers> {
    let text = settings::sealed(board, round, person).get();
    let read = text.and_then(|text| serde_json::from_str(&text).ok());
    read.unwrap_or_default()
}

fn put_copies(board: BoardId, round: RoundId, person: PersonId, new: Vec<SealedAnswers>) {
    let before = copies(board, round, person);
    let mut all = before.clone();
    all.extend(new.into_iter().filter(|kept| !before.contains(kept)));
    if all != before {
        let text = serde_json::to_string(&all).unwrap_or_default();
        settings::sealed(board, round, person).set(&text);
    }
}

/// Reveals the answers stored on this device as soon as their round is closed, on whichever device.
pub fn reveal_when_closed(session: Session, persistence: Persistence) {
    let looked_up = RwSignal::new(None::<BoardId>);
    Effect::new(move |_| {
        let Some(board) = session.open.get() else {
            return;
        };
        spawn_local(async move {
            bring_back(session, persistence, board).await;
            looked_up.set(Some(board));
        });
    });
    Effect::new(move |_| {
        session.track_all();
        looked_up.track();
        let Some(board) = session.open.get() else {
            return;
        };
        let revealed = to_reveal(session).into_iter();
        let changes: Vec<Change> = revealed
            .flat_map(|(round, person)| reveal(session, board, round, person))
            .collect();
        // One notice for all, since each notice would replace the one before.
        if !changes.is_empty() {
            session.tell_done(&changes);
        }
    });
    Effect::new(move |_| {
        session.track_all();
        looked_up.track();
        // Until the revealed answer is stored, only the sealed copy outlives this tab.
        let is_stored = session.outbox.is_empty();
        let Some(board) = session.open.get().filter(|_| is_stored) else {
            return;
        };
        for (round, person) in published_here(session, board) {
            spawn_local(let_go(persistence, board, round, person));
        }
    });
}

/// Reveals the stored answers of one person. Returns the changes made.
fn reveal(session: Session, board: BoardId, round: RoundId, person: PersonId) -> Vec<Change> {
    let kept = copies(board, round, person);
    if kept.is_empty() {
        return Vec::new();
    }
    let (claim, now) = (settings::revealing(round, person), clock::now_millis());
    if claim.get().is_some_and(|then| now < then + CLAIM) {
        return Vec::new();
    }
    claim.set(&now);
    for sealed in kept.into_iter().rev() {
        let command = Command::RevealAnswers {
            round,
            person,
            sealed,
        };
        match session.try_dispatch(command) {
            // The person has answered again, on this or another device.
            Err(CommandError::NotWhatWasSealed) => {}
            Err(refusal) => {
                session.notices.refuse(&refusal);
                return Vec::new();
            }
            Ok(changes) => return changes,
        }
    }
    Vec::new()
}

/// Deletes the stored answers of a person, in local storage and in the journal.
async fn let_go(persistence: Persistence, board: BoardId, round: RoundId, person: PersonId) {
    settings::sealed(board, round, person).clear();
    // If this fails, it is tried again when the board is opened next.
    let journal = persistence.journal();
    drop(journal.let_go_of_sealed(board, round, person).await);
}

/// Returns the rounds and people whose answers are stored on this device although they are
/// revealed.
fn published_here(session: Session, board: BoardId) -> Vec<(RoundId, PersonId)> {
    session.read_untracked(|open| {
        let closed = open.rounds().filter(|round| round.closing().is_some());
        let found = closed.flat_map(|round| {
            let people = round.everybody().into_iter();
            people
                .filter(|person| !copies(board, round.id, *person).is_empty())
                .filter(|person| is_published(&standing(round, *person)))
                .map(|person| (round.id, person))
        });
        found.collect()
    })
}

/// Copies the journal's sealed answers to local storage, and deletes those that are revealed.
async fn bring_back(session: Session, persistence: Persistence, board: BoardId) {
    // If storage fails, the next write reports it.
    let journal = persistence.journal();
    let kept = journal.sealed(board).await.unwrap_or_default();
    if session.open.get_untracked() != Some(board) {
        return;
    }
    let mut published = Vec::new();
    for (round, person, text) in kept {
        let is_done = session.read_untracked(|board| {
            let round = board.round(round)?;
            Some(is_published(&standing(round, person)))
        });
        if is_done == Some(true) {
            published.push((round, person));
        } else if let Ok(kept) = serde_json::from_str(&text) {
            put_copies(board, round, person, vec![kept]);
        }
    }
    published.dedup();
    for (round, person) in published {
        let_go(persistence, board, round, person).await;
    }
}

/// Returns the closed rounds and people whose sealed answers are not revealed.
fn to_reveal(session: Session) -> Vec<(RoundId, PersonId)> {
    session.read_untracked(|board| {
        let closed = board.rounds().filter(|round| round.closing().is_some());
        let waiting = closed.flat_map(|round| {
            let people = round.everybody().into_iter();
            people
                .filter(|person| is_to_reveal(&standing(round, *person)))
                .map(|person| (round.id, person))
        });
        waiting.collect()
    })
}
