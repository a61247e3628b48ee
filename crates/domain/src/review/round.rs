//! Blind rounds: seals, and what may be said of each answer.
//!
//! Until a round is closed the log holds only a salted hash of each answer, and the answer stays on
//! its author's device. After closing each device publishes answer and salt, and whoever has the log
//! can check one against the other. So nobody sees an answer early, and nobody can change theirs
//! after seeing another's.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ChangeId;
use crate::board::Board;
use crate::change::Payload;
use crate::record::{
    Answer, Closing, CruxId, PersonId, Record, Round, RoundId, Sealed, Statement, StatementId,
};

/// Somebody's answers as their device keeps them until the round is closed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SealedAnswers {
    /// Random, in hexadecimal. It is published with the answers.
    pub salt: String,
    /// Random, in hexadecimal, and never published: the salts of the reasons are made from it. Empty
    /// where an older version sealed the answers.
    #[serde(default)]
    pub reason_secret: String,
    /// The answers with their reasons.
    pub answers: Vec<Answer>,
}

impl SealedAnswers {
    /// The seal that goes into the log.
    #[must_use]
    pub fn seal(&self, round: RoundId, person: PersonId) -> String {
        seal(round, person, &self.salt, &self.published())
    }

    /// The answers as they are published: with a hash in place of each reason, so that the reason can
    /// be erased later and the numbers can still be checked.
    #[must_use]
    pub fn published(&self) -> Vec<Answer> {
        let answers = self.answers.iter().cloned();
        if self.reason_secret.is_empty() {
            return answers.collect();
        }
        let published = answers.map(|mut answer| {
            let salt = self.reason_salt(&answer);
            if !salt.is_empty() {
                answer.reason_seal = reason_seal(&salt, answer.crux, &answer.reason);
            }
            answer.reason.clear();
            answer
        });
        published.collect()
    }

    /// The salt of one answer's reason, another one for each; empty without a reason, or where the
    /// reason is published with the answer.
    #[must_use]
    pub fn reason_salt(&self, answer: &Answer) -> String {
        if self.reason_secret.is_empty() || answer.reason.is_empty() {
            return String::new();
        }
        let (secret, crux) = (&self.reason_secret, answer.crux);
        hash(&format!(
            "cruxboard blind round reason salt 1\n{secret}\n{crux}"
        ))
    }
}

/// The salted hash of somebody's answers, as they are published. The round and the person are hashed
/// along, so that a seal copied from somebody else, or from an earlier round, fits nothing.
#[must_use]
pub fn seal(round: RoundId, person: PersonId, salt: &str, answers: &[Answer]) -> String {
    // Serialising plain data with text keys cannot fail.
    let answers = serde_json::to_string(answers).unwrap_or_default();
    hash(&format!(
        "cruxboard blind round 1\n{round}\n{person}\n{salt}\n{answers}"
    ))
}

/// The salted hash of one reason.
#[must_use]
pub fn reason_seal(salt: &str, crux: CruxId, reason: &str) -> String {
    hash(&format!(
        "cruxboard blind round reason 1\n{salt}\n{crux}\n{reason}"
    ))
}

/// SHA-256 in hexadecimal.
fn hash(text: &str) -> String {
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
    /// This was published, and its reasons were erased since. The seal of an older version holds the
    /// reasons, so nobody can check the answers any more, and they do not count.
    Unchecked(Vec<Answer>),
    /// Whoever closed the round could not see their seal, so it may be no blind one, whatever its
    /// date; with the answers once they are published.
    Late(Option<Vec<Answer>>),
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

    /// The seal that counts, and whether it is late. It is their last one that the closer could see. An
    /// earlier one does not count, or else one could seal two answers and choose between them.
    #[must_use]
    pub fn seal_of(&self, person: PersonId) -> Option<(&Sealed, bool)> {
        let own = || {
            let sealed = self.sealed.iter();
            sealed.filter(move |sealed| sealed.person == person)
        };
        let Some(closing) = self.closing() else {
            return own().next_back().map(|last| (last, false));
        };
        let seen = own().rfind(|sealed| closing.saw(sealed));
        let late = || own().next_back().map(|last| (last, true));
        seen.map(|seen| (seen, false)).or_else(late)
    }
}

/// How somebody stands in a round. A number published too early is held back until closing.
#[must_use]
pub fn standing(round: &Record<RoundId, Round>, person: PersonId) -> Standing {
    let is_closed = round.closing().is_some();
    let mut own_reveals = round
        .revealed
        .iter()
        .filter(|revealed| revealed.person == person)
        .peekable();
    let Some((own, is_late)) = round.seal_of(person) else {
        return match own_reveals.peek() {
            Some(_) if is_closed => Standing::Late(None),
            _ => Standing::Waiting,
        };
    };
    if !is_closed {
        return Standing::Answered;
    }
    let (mut fitting, mut erased) = (None, None);
    let is_published = own_reveals.peek().is_some();
    for revealed in own_reveals {
        if seal(round.id, person, &revealed.salt, &revealed.answers) == own.seal {
            fitting.get_or_insert(&revealed.answers);
        } else if revealed.salt.is_empty() {
            erased.get_or_insert(&revealed.answers);
        }
    }
    match (fitting, erased) {
        (answers, _) if is_late => Standing::Late(answers.cloned()),
        (Some(answers), _) => Standing::Revealed(answers.clone()),
        (None, Some(answers)) => Standing::Unchecked(answers.clone()),
        (None, None) if is_published => Standing::Mismatch,
        (None, None) => Standing::NotRevealed,
    }
}

/// Whether the device of this person is to publish what it keeps.
#[must_use]
pub fn is_to_reveal(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::NotRevealed | Standing::Mismatch | Standing::Late(None)
    )
}

/// Whether what somebody answered is published, so that their device need not keep it.
#[must_use]
pub fn is_published(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::Revealed(_) | Standing::Unchecked(_) | Standing::Late(Some(_))
    )
}

/// When the answer that a statement publishes was sealed, if it was revealed as it was sealed.
#[must_use]
pub fn sealed_when(board: &Board, said: &Record<StatementId, Statement>) -> Option<ChangeId> {
    let action = board.log().change(said.id.0)?.part_of?;
    let Payload::RoundRevealed(revealed) = &board.log().change(action)?.payload else {
        return None;
    };
    let round = board.round(revealed.round)?;
    let Standing::Revealed(answers) = standing(round, said.person) else {
        return None;
    };
    let is_answer = |answer: &Answer| answer.crux == said.crux && answer.credence == said.credence;
    let (sealed, _) = round.seal_of(said.person)?;
    (revealed.person == said.person && answers.iter().any(is_answer)).then_some(sealed.id)
}

/// Those of the asked who are still on the board, are not unticked in the review at which the round is
/// held, and have not answered.
#[must_use]
pub fn waiting_for(board: &Board, round: &Record<RoundId, Round>) -> Vec<PersonId> {
    let review = round.held_at.and_then(|review| board.review(review));
    let is_here = |person: &PersonId| {
        let is_ticked = review.is_none_or(|review| review.here.contains(person));
        let record = board.person(*person);
        is_ticked && record.is_some_and(|person| person.trashed.is_none())
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
                let (sealed, _) = round.seal_of(*person)?;
                let before = statements
                    .iter()
                    .rfind(|said| said.person == *person && said.id.0 < sealed.id);
                let answer = with_reason(board, *person, answer.clone());
                Some((*person, before.map(|said| said.credence), answer))
            })
            .collect();
        answers.sort_by_key(|(.., answer)| answer.credence);
        Finding {
            crux: *crux,
            answers,
        }
    };
    let mut found: Vec<Finding> = round.cruxes.iter().map(finding).collect();
    found.sort_by_key(|finding| std::cmp::Reverse((finding.gap() * 100.0).round() as u64));
    found
}

/// The answer with its reason, from the credence that was stated with it. Without one where the reason
/// was erased, or is another one than was sealed.
fn with_reason(board: &Board, person: PersonId, mut answer: Answer) -> Answer {
    if answer.reason_seal.is_empty() {
        return answer;
    }
    let fits = |id: ChangeId| match &board.log().change(id)?.payload {
        Payload::CredenceStated(stated) if stated.person == person => {
            let seal = reason_seal(&stated.reason_salt, answer.crux, &stated.reason);
            (seal == answer.reason_seal).then(|| stated.reason.clone())
        }
        _ => None,
    };
    let reason = board.statements_ever(answer.crux).find_map(fits);
    answer.reason = reason.unwrap_or_default();
    answer
}

/// Why somebody answered so, in words for readers: says so where the reason was erased.
#[must_use]
pub fn reason_words(answer: &Answer) -> &str {
    match answer.reason.as_str() {
        "" if !answer.reason_seal.is_empty() => "(The reason was erased.)",
        reason => reason,
    }
}

/// For how long after a reveal a move counts as made in its light.
const AFTER_REVEAL_MILLIS: u64 = 86_400_000;

/// The statements on a crux that were made within a day after a round on it was closed, by
/// somebody who could see the others' answers.
#[must_use]
pub fn after_reveal(board: &Board, crux: CruxId) -> BTreeSet<StatementId> {
    let closings: Vec<ChangeId> = board
        .rounds()
        .filter(|round| round.cruxes.contains(&crux))
        .filter_map(|round| round.closing().map(|closing| closing.id))
        .collect();
    let is_after = |id: ChangeId| {
        closings.iter().any(|closed| {
            id > *closed && id.millis() < closed.millis().saturating_add(AFTER_REVEAL_MILLIS)
        })
    };
    let is_reveal = |id: ChangeId| {
        let action = board.log().change(id).and_then(|change| change.part_of);
        let first = action.and_then(|first| board.log().change(first));
        let Some(Payload::RoundRevealed(revealed)) = first.map(|first| &first.payload) else {
            return false;
        };
        let round = board.round(revealed.round);
        round.is_none_or(|round| !matches!(standing(round, revealed.person), Standing::Late(_)))
    };
    let statements = board.statements_on(crux).into_iter();
    statements
        .map(|said| said.id)
        .filter(|id| is_after(id.0) && !is_reveal(id.0))
        .collect()
}
