//! Blind rounds: seals, and what may be said of each answer.
//!
//! Until a round is closed the log holds only a salted hash of each answer, and the answer stays on
//! its author's device. After closing each device publishes answer and salt, and whoever has the log
//! can check one against the other. So nobody sees an answer early, and nobody can change theirs
//! after seeing another's.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::Stamp;
use crate::board::Board;
use crate::change::Fact;
use crate::order::sort_by_key;
use crate::record::{
    Answer, Closing, CruxId, PersonId, Record, Round, RoundId, Statement, StatementId,
};

/// The salted hash of somebody's answers. The round and the person are hashed along, so that a seal
/// copied from somebody else, or from an earlier round, fits nothing.
#[must_use]
pub fn seal(round: RoundId, person: PersonId, salt: &str, answers: &[Answer]) -> String {
    // Serialising plain data with text keys cannot fail.
    let answers = serde_json::to_string(answers).unwrap_or_default();
    let text = format!("cruxboard blind round 1\n{round}\n{person}\n{salt}\n{answers}");
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a text cannot fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
    }
    hex
}

/// How somebody stands in a round.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// They have not answered.
    Waiting,
    /// They have; what, nobody can tell.
    Answered,
    /// The round is closed, and their device has not published the answer yet.
    NotRevealed,
    /// This is what they had answered.
    Revealed(Vec<Answer>),
    /// What was published is not what they had answered.
    Mismatch,
    /// They answered only after closing, when answers could be seen: it is no blind one.
    Late,
}

impl Round {
    /// The closing that counts: the first.
    #[must_use]
    pub fn closing(&self) -> Option<&Closing> {
        self.closings.first()
    }

    /// Everybody who was asked or answered.
    #[must_use]
    pub fn everybody(&self) -> Vec<PersonId> {
        let mut people = self.people.clone();
        for sealed in &self.sealed {
            if !people.contains(&sealed.person) {
                people.push(sealed.person);
            }
        }
        people
    }

    /// The seal that counts: their last one before closing. An earlier one does not, or else one could
    /// seal two answers and choose between them at closing.
    fn seal_of(&self, person: PersonId) -> Option<(Stamp, &str)> {
        let closed = self.closing().map_or(Stamp::MAX, |closing| closing.id);
        let own = self
            .sealed
            .iter()
            .rfind(|sealed| sealed.person == person && sealed.id < closed)?;
        Some((own.id, &own.seal))
    }
}

/// How somebody stands in a round. A number published too early is held back until closing.
#[must_use]
pub fn standing(round: &Record<RoundId, Round>, person: PersonId) -> Standing {
    let seal_of = round.seal_of(person);
    let is_closed = round.closing().is_some();
    let Some((_, own)) = seal_of else {
        let has_spoken = round.sealed.iter().any(|sealed| sealed.person == person)
            || round
                .revealed
                .iter()
                .any(|revealed| revealed.person == person);
        return if is_closed && has_spoken {
            Standing::Late
        } else {
            Standing::Waiting
        };
    };
    if !is_closed {
        return Standing::Answered;
    }
    let mut of_person = round
        .revealed
        .iter()
        .filter(|revealed| revealed.person == person)
        .peekable();
    if of_person.peek().is_none() {
        return Standing::NotRevealed;
    }
    let fitting =
        of_person.find(|revealed| seal(round.id, person, &revealed.salt, &revealed.answers) == own);
    fitting.map_or(Standing::Mismatch, |fitting| {
        Standing::Revealed(fitting.answers.clone())
    })
}

/// When somebody's answer that counts was sealed.
#[must_use]
pub fn sealed_at(round: &Round, person: PersonId) -> Option<Stamp> {
    round.seal_of(person).map(|(id, _)| id)
}

/// When the answer that a statement publishes was sealed, if it was revealed as it was sealed.
#[must_use]
pub fn sealed_when(board: &Board, said: &Record<StatementId, Statement>) -> Option<Stamp> {
    let action = board.log().change(said.id.0)?.part_of?;
    let Fact::RoundRevealed(revealed) = &board.log().change(action)?.fact else {
        return None;
    };
    let round = board.round(revealed.round)?;
    let Standing::Revealed(answers) = standing(round, said.person) else {
        return None;
    };
    let is_answer = |answer: &Answer| answer.crux == said.crux && answer.credence == said.credence;
    let sealed = sealed_at(round, said.person);
    sealed.filter(|_| revealed.person == said.person && answers.iter().any(is_answer))
}

/// Those of the asked who are still on the board and have not answered.
#[must_use]
pub fn waiting_for(board: &Board, round: &Record<RoundId, Round>) -> Vec<PersonId> {
    let is_here = |person: &PersonId| {
        board
            .person(*person)
            .is_some_and(|person| person.trashed.is_none())
    };
    let people = round.everybody().into_iter();
    people
        .filter(is_here)
        .filter(|person| standing(round, *person) == Standing::Waiting)
        .collect()
}

/// What a round found on one crux: who said how much before and in it, and how far apart they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The crux.
    pub crux: CruxId,
    /// Each person's credence before the round, if they had one, and in it; lowest first.
    pub answers: Vec<(PersonId, Option<crate::Credence>, Answer)>,
}

impl Finding {
    /// Distance between the two ends, in points.
    #[must_use]
    pub fn gap(&self) -> f64 {
        match (self.answers.first(), self.answers.last()) {
            (Some((.., low)), Some((.., high))) => low.credence.distance(high.credence),
            _ => 0.0,
        }
    }
}

/// What a closed round found, widest gap first.
#[must_use]
pub fn findings(board: &Board, round: &Record<RoundId, Round>) -> Vec<Finding> {
    let revealed: Vec<(PersonId, Vec<Answer>)> = round
        .everybody()
        .into_iter()
        .filter_map(|person| match standing(round, person) {
            Standing::Revealed(answers) => Some((person, answers)),
            _ => None,
        })
        .collect();
    let finding = |crux: &CruxId| {
        let statements = board.statements_on(*crux);
        let mut answers: Vec<_> = revealed
            .iter()
            .filter_map(|(person, answers)| {
                let answer = answers.iter().find(|answer| answer.crux == *crux)?;
                let sealed = round.seal_of(*person).map(|(id, _)| id).unwrap_or_default();
                let before = statements
                    .iter()
                    .rfind(|said| said.person == *person && said.id.0 < sealed);
                Some((*person, before.map(|said| said.credence), answer.clone()))
            })
            .collect();
        sort_by_key(&mut answers, |(.., answer)| answer.credence);
        Finding {
            crux: *crux,
            answers,
        }
    };
    let mut found: Vec<Finding> = round.cruxes.iter().map(finding).collect();
    sort_by_key(&mut found, |finding| {
        std::cmp::Reverse((finding.gap() * 100.0).round() as u64)
    });
    found
}

/// For how long after a reveal a move counts as made in its light.
const AFTER_REVEAL_MILLIS: u64 = 86_400_000;

/// The statements on a crux that were made within a day after a round on it was closed, by
/// somebody who could see the others' answers.
#[must_use]
pub fn after_reveal(board: &Board, crux: CruxId) -> BTreeSet<StatementId> {
    let closings: Vec<Stamp> = board
        .rounds()
        .filter(|round| round.cruxes.contains(&crux))
        .filter_map(|round| round.closing().map(|closing| closing.id))
        .collect();
    let is_after = |id: Stamp| {
        closings.iter().any(|closed| {
            id > *closed && id.millis() < closed.millis().saturating_add(AFTER_REVEAL_MILLIS)
        })
    };
    let is_reveal = |id: Stamp| {
        let action = board.log().change(id).and_then(|change| change.part_of);
        let first = action.and_then(|first| board.log().change(first));
        first.is_some_and(|first| matches!(first.fact, Fact::RoundRevealed(_)))
    };
    let statements = board.statements_on(crux).into_iter();
    statements
        .map(|said| said.id)
        .filter(|id| is_after(id.0) && !is_reveal(id.0))
        .collect()
}
