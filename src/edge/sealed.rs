//! Answers of blind rounds that are not published yet: they stay on the device they were given on.

use crate::prelude::*;
use cruxboard_domain::change::{RoundRevealed, RoundSealed};
use cruxboard_domain::decide::{Command, Refusal};
use cruxboard_domain::record::{Answer, PersonId, RoundId};
use cruxboard_domain::round::{Standing, seal, standing};
use serde::{Deserialize, Serialize};

use super::{clock, settings};
use crate::session::Session;

/// For how long another tab is left to publish what it has begun to, in milliseconds.
const CLAIM_MILLIS: u64 = 10_000;

/// What is kept of an answer until it is published.
#[derive(Serialize, Deserialize)]
struct Kept {
    salt: String,
    answers: Vec<Answer>,
}

/// Keeps somebody's answers here and gives the log their seal. Says whether it did.
pub fn seal_answers(
    session: Session,
    round: RoundId,
    person: PersonId,
    answers: Vec<Answer>,
) -> bool {
    let Some(salt) = clock::random_salt() else {
        session.notices.problem(
            "This browser gives no random numbers, so an answer could not be kept secret. Nothing was stored.",
        );
        return false;
    };
    let seal = seal(round, person, &salt, &answers);
    let kept = serde_json::to_string(&Kept { salt, answers });
    // Kept before it is sealed: a seal whose answer is lost could never be opened.
    settings::sealed(round, person).set(&kept.unwrap_or_default());
    session.dispatch(Command::SealAnswers(RoundSealed {
        round,
        person,
        seal,
    }))
}

/// What somebody answered on this device and has not been published.
#[must_use]
pub fn kept_answers(round: RoundId, person: PersonId) -> Vec<Answer> {
    kept(round, person)
        .map(|kept| kept.answers)
        .unwrap_or_default()
}

fn kept(round: RoundId, person: PersonId) -> Option<Kept> {
    serde_json::from_str(&settings::sealed(round, person).get()?).ok()
}

/// Publishes what is kept here as soon as its round is closed, by whomever.
pub fn reveal_when_closed(session: Session) {
    Effect::new(move |_| {
        session.follow_all();
        for (round, person) in to_reveal(session) {
            let setting = settings::sealed(round, person);
            let Some(kept) = kept(round, person) else {
                continue;
            };
            let (claim, now) = (settings::revealing(round, person), clock::now_millis());
            if claim.get().is_some_and(|then| now < then + CLAIM_MILLIS) {
                continue;
            }
            claim.set(&now);
            let revealed = RoundRevealed {
                round,
                person,
                salt: kept.salt,
                answers: kept.answers,
            };
            match session.try_dispatch(Command::RevealAnswers(revealed)) {
                // Answered again elsewhere: what is kept here counts no more.
                Err(Refusal::NotWhatWasSealed) => setting.clear(),
                Err(refusal) => session.notices.refuse(&refusal),
                Ok(_) => {}
            }
        }
    });
}

/// Whose sealed answers of closed rounds are not published.
fn to_reveal(session: Session) -> Vec<(RoundId, PersonId)> {
    session.with(|board| {
        let closed = board.rounds().filter(|round| round.closing().is_some());
        let waiting = closed.flat_map(|round| {
            let people = round.everybody().into_iter();
            people
                .filter(|person| {
                    matches!(
                        standing(round, *person),
                        Standing::NotRevealed | Standing::Mismatch
                    )
                })
                .map(|person| (round.id, person))
        });
        waiting.collect()
    })
}
