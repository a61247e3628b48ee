//! Blind rounds: seals (commit–reveal), and the standing of each answer.
//!
//! Until a round is closed, the log has only a salted hash of each answer, and the answer stays on its
//! author's device. After the closing, each device reveals answer and salt, and everybody can check them
//! against the hash. So nobody sees an answer early, and nobody can change an answer after seeing another
//! one.

use core::time::Duration;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::board::Board;
use crate::change::Payload;
use crate::date::DAY;
use crate::record::{
    Answer, Closing, CruxId, OptionQuestion, PersonId, Record, Round, RoundId, Sealed, Statement,
    StatementId, Topic,
};
use crate::{ChangeId, Credence, t};

/// A person's answers, as stored on their device until the round is closed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SealedAnswers {
    /// A random salt, in hexadecimal. It is revealed with the answers.
    pub salt: String,
    /// A random secret, in hexadecimal, which is never revealed. The salts of the reasons are derived from
    /// it. Empty if an older version sealed the answers.
    #[serde(default)]
    pub reason_secret: String,
    /// The answers with their reasons.
    pub answers: Vec<Answer>,
}

impl SealedAnswers {
    /// Returns the seal for the log.
    #[must_use]
    pub fn seal(&self, round: RoundId, person: PersonId) -> String {
        seal(round, person, &self.salt, &self.published())
    }

    /// Returns the answers as they are revealed: with a hash in place of each reason. The reason can then be
    /// erased later while the numbers can still be checked.
    #[must_use]
    pub fn published(&self) -> Vec<Answer> {
        let answers = self.answers.iter().cloned();
        if self.reason_secret.is_empty() {
            return answers.collect();
        }
        let published = answers.map(|mut answer| {
            let salt = self.reason_salt(&answer);
            if !salt.is_empty() {
                answer.reason_seal = reason_seal(&salt, answer.topic, &answer.reason);
            }
            answer.reason.clear();
            answer
        });
        published.collect()
    }

    /// Returns the salt of one answer's reason, which differs for each answer. Empty without a reason, or if
    /// the reason is revealed with the answer.
    #[must_use]
    pub fn reason_salt(&self, answer: &Answer) -> String {
        if self.reason_secret.is_empty() || answer.reason.is_empty() {
            return String::new();
        }
        let (secret, topic) = (&self.reason_secret, answer.topic);
        hash(&format!(
            "cruxboard blind round reason salt 1\n{secret}\n{topic}"
        ))
    }
}

/// Returns the salted hash of a person's answers, in their revealed form. The round and the person are hashed
/// too, so that a seal copied from somebody else or from another round is invalid.
#[must_use]
pub fn seal(round: RoundId, person: PersonId, salt: &str, answers: &[Answer]) -> String {
    // Serializing plain data with text keys cannot fail.
    let answers = serde_json::to_string(answers).unwrap_or_default();
    hash(&format!(
        "cruxboard blind round 1\n{round}\n{person}\n{salt}\n{answers}"
    ))
}

/// Returns the salted hash of one reason.
#[must_use]
pub fn reason_seal(salt: &str, topic: Topic, reason: &str) -> String {
    hash(&format!(
        "cruxboard blind round reason 1\n{salt}\n{topic}\n{reason}"
    ))
}

/// Returns the SHA-256 hash in hexadecimal.
fn hash(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a `String` cannot fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
    }
    hex
}

/// The standing of a person in a round.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// The person has not answered.
    Waiting,
    /// The person has answered, and the answers are hidden.
    Answered,
    /// The round is closed, and the person's device has not revealed the answers yet.
    NotRevealed,
    /// The revealed answers match the seal.
    Revealed(Vec<Answer>),
    /// The revealed answers do not match the seal.
    Mismatch,
    /// The answers were revealed, and their reasons were erased since. The seal of an older version covers
    /// the reasons, so the answers can no longer be checked, and they do not count.
    Unchecked(Vec<Answer>),
    /// The closing device did not know the seal, so it may not be blind, whatever its date. Holds the answers
    /// once they are revealed.
    Late(Option<Vec<Answer>>),
}

impl Round {
    /// Returns the first closing, which is the one that counts.
    #[must_use]
    pub fn closing(&self) -> Option<&Closing> {
        self.closings.first()
    }

    /// Returns everybody who was asked or answered.
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

    /// Returns the seal that counts, and whether it is late. It is the person's last seal known to the
    /// closing device. An earlier one does not count, since otherwise a person could seal two answers and
    /// choose between them.
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

/// Returns a person's standing in a round. Answers revealed before the closing are hidden until then.
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

/// Returns whether this person's device should reveal the answers it stores.
#[must_use]
pub fn is_to_reveal(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::NotRevealed | Standing::Mismatch | Standing::Late(None)
    )
}

/// Returns whether a person's answers are revealed, so that their device need not keep them.
#[must_use]
pub fn is_published(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::Revealed(_) | Standing::Unchecked(_) | Standing::Late(Some(_))
    )
}

/// Returns when the answer of a statement was sealed, if it was revealed in its sealed form.
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
    let is_answer = |answer: &Answer| {
        answer.topic == Topic::Crux(said.crux) && answer.credence == said.credence
    };
    let (sealed, _) = round.seal_of(said.person)?;
    (revealed.person == said.person && answers.iter().any(is_answer)).then_some(sealed.id)
}

/// Returns the people asked who have not answered and are still on the board. For a round of a review, they
/// must also be marked as present in it.
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

/// The result of a round on one question: everybody's credences before and in the round.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The subject of the question.
    pub topic: Topic,
    /// Each person's credence before the round, if there was one, and the answer; lowest first.
    pub answers: Vec<(PersonId, Option<Credence>, Answer)>,
    /// The people who sealed their answers without one on this question.
    pub blank: Vec<PersonId>,
}

impl Finding {
    /// Returns the distance between the lowest and the highest answer, in percentage points.
    #[must_use]
    pub fn gap(&self) -> f64 {
        match (self.answers.first(), self.answers.last()) {
            (Some((.., low)), Some((.., high))) => low.credence.distance(high.credence),
            _ => 0.0,
        }
    }
}

/// Returns the results of a closed round, widest gap first.
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
    let finding = |topic: Topic| {
        let stated = stated_on(board, topic);
        let mut answers: Vec<_> = revealed
            .iter()
            .filter_map(|(person, answers)| {
                let answer = answers.iter().find(|answer| answer.topic == topic)?;
                let (sealed, _) = round.seal_of(*person)?;
                let before = stated
                    .iter()
                    .rfind(|(id, by, _)| by == person && *id < sealed.id);
                let answer = with_reason(board, *person, answer.clone());
                Some((*person, before.map(|(.., credence)| *credence), answer))
            })
            .collect();
        answers.sort_by_key(|(.., answer)| answer.credence);
        let is_blank = |answers: &[Answer]| !answers.iter().any(|answer| answer.topic == topic);
        let blank = revealed.iter().filter(|(_, answers)| is_blank(answers));
        Finding {
            topic,
            answers,
            blank: blank.map(|(person, _)| *person).collect(),
        }
    };
    let mut found: Vec<Finding> = round.topics().into_iter().map(finding).collect();
    found.sort_by_key(|finding| std::cmp::Reverse((finding.gap() * 100.0).round() as u64));
    found
}

/// Returns all credences stated on a topic, earliest first: the change, the person and the credence.
fn stated_on(board: &Board, topic: Topic) -> Vec<(ChangeId, PersonId, Credence)> {
    match topic {
        Topic::Crux(crux) => {
            let statements = board.statements_on(crux).into_iter();
            statements
                .map(|said| (said.id.0, said.person, said.credence))
                .collect()
        }
        Topic::Option(OptionQuestion { option, if_true }) => {
            let said = board.option_credences();
            said.filter(|said| said.option == option && said.if_true == if_true)
                .map(|said| (said.id.0, said.person, said.credence))
                .collect()
        }
    }
}

/// Returns the answer with its reason, taken from the corresponding statement. Without a reason if it was
/// erased, or differs from the sealed one.
fn with_reason(board: &Board, person: PersonId, mut answer: Answer) -> Answer {
    if answer.reason_seal.is_empty() {
        return answer;
    }
    let fits = |id: ChangeId| {
        let (by, salt, reason) = match &board.log().change(id)?.payload {
            Payload::CredenceStated(stated) => (stated.person, &stated.reason_salt, &stated.reason),
            Payload::OptionCredenceStated(stated) => {
                (stated.person, &stated.reason_salt, &stated.reason)
            }
            _ => return None,
        };
        let is_sealed = || reason_seal(salt, answer.topic, reason) == answer.reason_seal;
        (by == person && is_sealed()).then(|| reason.clone())
    };
    let reason = match answer.topic {
        Topic::Crux(crux) => board.statements_ever(crux).find_map(fits),
        Topic::Option(asked) => board.option_credences_ever(asked.option).find_map(fits),
    };
    answer.reason = reason.unwrap_or_default();
    answer
}

/// Returns an answer's reason for readers, or a note that it was erased.
#[must_use]
pub fn reason_words(answer: &Answer) -> &str {
    match answer.reason.as_str() {
        "" if !answer.reason_seal.is_empty() => t!("(The reason was erased.)"),
        reason => reason,
    }
}

/// Time after a reveal during which an update counts as influenced by it.
const AFTER_REVEAL: Duration = DAY;

/// Returns the statements on a crux that were made within a day after a round on it was closed, by people who
/// could see the others' answers.
#[must_use]
pub fn after_reveal(board: &Board, crux: CruxId) -> BTreeSet<StatementId> {
    let closings: Vec<ChangeId> = board
        .rounds()
        .filter(|round| round.cruxes.contains(&crux))
        .filter_map(|round| round.closing().map(|closing| closing.id))
        .collect();
    let is_after = |id: ChangeId| {
        closings
            .iter()
            .any(|closed| id > *closed && id.millis() < closed.millis() + AFTER_REVEAL)
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
