//! Answers of blind rounds that are not published yet: they stay on the device they were given on.
//!
//! The journal has them before the log has their seal, since a seal whose answer is lost could never
//! be opened. Local storage has a copy that can be read at once and by all tabs; a killed browser
//! may lose it, and then it comes again from the journal when the board is opened. Once the published
//! answer is stored, both copies are deleted, so that an answer that is erased later is nowhere left.

use cruxboard_domain::ChangeId;
use cruxboard_domain::change::{Change, RoundSealed};
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::record::{Answer, PersonId, RoundId};
use cruxboard_domain::round::{SealedAnswers, is_published, is_to_reveal, standing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::persistence::Persistence;
use super::{clock, settings};
use crate::session::Session;

/// For how long another tab is left to publish what it has begun to, in milliseconds.
const CLAIM_MILLIS: u64 = 10_000;

/// Keeps somebody's answers here, and once that is safe gives the log their seal. Tells `done`
/// whether it did.
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
        session.notices.problem(
            "This browser gives no random numbers, so an answer could not be kept secret. Nothing was stored.",
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
        // Plain data with text keys: it cannot fail.
        let text = serde_json::to_string(&kept).unwrap_or_default();
        let journal = persistence.journal();
        let stored = journal.keep_sealed(board, round, person, &text).await;
        let is_sealed = match stored {
            Err(problem) => {
                session.notices.problem(format!(
                    "The answers could not be stored on this device, so they were not sealed. {problem}"
                ));
                false
            }
            // Meanwhile the person may have gone to another board.
            Ok(()) if session.open.get_untracked() != Some(board) => false,
            Ok(()) => {
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

/// What somebody answered last on this device and has not been published.
#[must_use]
pub fn kept_answers(session: Session, round: RoundId, person: PersonId) -> Vec<Answer> {
    let board = session.open.get_untracked();
    let mut copies = board.map_or_else(Vec::new, |board| copies(board, round, person));
    copies.pop().map(|kept| kept.answers).unwrap_or_default()
}

/// Everything kept of somebody's answers, the latest last: which of them is published, the seals in
/// the log decide.
fn copies(board: ChangeId, round: RoundId, person: PersonId) -> Vec<SealedAnswers> {
    let text = settings::sealed(board, round, person).get();
    let read = text.and_then(|text| serde_json::from_str(&text).ok());
    read.unwrap_or_default()
}

fn put_copies(board: ChangeId, round: RoundId, person: PersonId, new: Vec<SealedAnswers>) {
    let before = copies(board, round, person);
    let mut all = before.clone();
    all.extend(new.into_iter().filter(|kept| !before.contains(kept)));
    if all != before {
        let text = serde_json::to_string(&all).unwrap_or_default();
        settings::sealed(board, round, person).set(&text);
    }
}

/// Publishes what is kept here as soon as its round is closed, by whomever.
pub fn reveal_when_closed(session: Session, persistence: Persistence) {
    let looked_up = RwSignal::new(None::<ChangeId>);
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
        session.follow_all();
        looked_up.track();
        let Some(board) = session.open.get() else {
            return;
        };
        let revealed = to_reveal(session).into_iter();
        let changes: Vec<Change> = revealed
            .flat_map(|(round, person)| reveal(session, board, round, person))
            .collect();
        // Told together: each one's own notice would hide the one before.
        if !changes.is_empty() {
            session.tell_done(&changes);
        }
    });
    Effect::new(move |_| {
        session.follow_all();
        looked_up.track();
        // Until the published answer is stored, the kept one is all that outlives this tab.
        let is_stored = session.outbox.is_empty();
        let Some(board) = session.open.get().filter(|_| is_stored) else {
            return;
        };
        for (round, person) in published_here(session, board) {
            spawn_local(let_go(persistence, board, round, person));
        }
    });
}

/// Publishes what is kept here for one person, and gives the changes that it took.
fn reveal(session: Session, board: ChangeId, round: RoundId, person: PersonId) -> Vec<Change> {
    let kept = copies(board, round, person);
    if kept.is_empty() {
        return Vec::new();
    }
    let (claim, now) = (settings::revealing(round, person), clock::now_millis());
    if claim.get().is_some_and(|then| now < then + CLAIM_MILLIS) {
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
            // They were answered again, here or elsewhere.
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

/// Deletes what is kept of somebody's answers, here and in all tabs.
async fn let_go(persistence: Persistence, board: ChangeId, round: RoundId, person: PersonId) {
    settings::sealed(board, round, person).clear();
    // Tried again when the board is opened next.
    let journal = persistence.journal();
    drop(journal.let_go_of_sealed(board, round, person).await);
}

/// Whose answers are kept here although they are published.
fn published_here(session: Session, board: ChangeId) -> Vec<(RoundId, PersonId)> {
    session.with(|open| {
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

/// Copies what the journal keeps to where it can be read at once, and lets go of what is published.
async fn bring_back(session: Session, persistence: Persistence, board: ChangeId) {
    // Whoever writes next says so where storage fails.
    let journal = persistence.journal();
    let kept = journal.sealed(board).await.unwrap_or_default();
    if session.open.get_untracked() != Some(board) {
        return;
    }
    let mut published = Vec::new();
    for (round, person, text) in kept {
        let is_done = session.with(|board| {
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

/// Whose sealed answers of closed rounds are not published.
fn to_reveal(session: Session) -> Vec<(RoundId, PersonId)> {
    session.with(|board| {
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
