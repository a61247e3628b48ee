use serde::{Deserialize, Serialize};

use super::{CruxId, OptionId, PersonId, ReviewId, record};
use crate::{ChangeId, Credence};

/// The question whether an option is right, as things stand or if a crux is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionQuestion {
    /// The option.
    pub option: OptionId,
    /// The crux that is assumed to be true; `None` for the credence as things stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_true: Option<CruxId>,
}

/// The subject of a question in a blind round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// How likely a crux is true.
    Crux(CruxId),
    /// How likely an option is right.
    Option(OptionQuestion),
}

impl Topic {
    /// Returns the crux whose truth is asked for; `None` for a question about an option.
    #[must_use]
    pub const fn crux(self) -> Option<CruxId> {
        match self {
            Self::Crux(crux) => Some(crux),
            Self::Option(_) => None,
        }
    }
}

impl std::fmt::Display for Topic {
    /// Formats the topic for the hash of a reason: the id of a crux, as older versions hashed it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Crux(crux) => crux.fmt(f),
            Self::Option(OptionQuestion { option, if_true }) => match if_true {
                Some(crux) => write!(f, "option {option} if {crux}"),
                None => write!(f, "option {option}"),
            },
        }
    }
}

/// One answer in a blind round: a credence in a crux or in an option.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(try_from = "StoredAnswer", into = "StoredAnswer")]
pub struct Answer {
    /// The subject.
    pub topic: Topic,
    /// The credence.
    pub credence: Credence,
    /// The reason. In a revealed answer it is present only if an older version revealed it. Otherwise the
    /// corresponding credence has it, where it can be erased separately.
    pub reason: String,
    /// The salted hash of the reason, in a revealed answer; empty without a reason.
    pub reason_seal: String,
}

/// An answer as it is stored and sealed. Older versions know only those on cruxes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredAnswer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crux: Option<CruxId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    option: Option<OptionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    if_true: Option<CruxId>,
    credence: Credence,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason_seal: String,
}

impl From<Answer> for StoredAnswer {
    fn from(answer: Answer) -> Self {
        let (crux, option, if_true) = match answer.topic {
            Topic::Crux(crux) => (Some(crux), None, None),
            Topic::Option(OptionQuestion { option, if_true }) => (None, Some(option), if_true),
        };
        Self {
            crux,
            option,
            if_true,
            credence: answer.credence,
            reason: answer.reason,
            reason_seal: answer.reason_seal,
        }
    }
}

impl TryFrom<StoredAnswer> for Answer {
    type Error = &'static str;

    fn try_from(stored: StoredAnswer) -> Result<Self, Self::Error> {
        let topic = match (stored.crux, stored.option, stored.if_true) {
            (Some(crux), None, None) => Topic::Crux(crux),
            (None, Some(option), if_true) => Topic::Option(OptionQuestion { option, if_true }),
            _ => return Err("an answer is on a crux or on an option"),
        };
        Ok(Self {
            topic,
            credence: stored.credence,
            reason: stored.reason,
            reason_seal: stored.reason_seal,
        })
    }
}

/// The seal of a person's answers, which are still hidden.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// The change that added it, which is also its time.
    pub id: ChangeId,
    /// The person.
    pub person: PersonId,
    /// The salted hash of the answers.
    pub seal: String,
}

/// A question or remark before answering.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The change that added it, which is also its time.
    pub id: ChangeId,
    /// The author.
    pub by: Option<PersonId>,
    /// The text.
    pub text: String,
}

/// The closing of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// The change that added it, which is also its time.
    pub id: ChangeId,
    /// The author.
    pub by: Option<PersonId>,
    /// The people who had not answered, as far as the closing device knew.
    pub without: Vec<PersonId>,
    /// The seals known to the closing device; `None` if an older version closed the round.
    pub seals: Option<Vec<ChangeId>>,
}

impl Closing {
    /// Returns whether the closing device knew this seal. No other seal can be trusted to be blind: whatever
    /// its date, its device may have made it after answers could be seen.
    #[must_use]
    pub fn saw(&self, sealed: &Sealed) -> bool {
        match &self.seals {
            Some(seals) => seals.contains(&sealed.id),
            None => sealed.id < self.id && !self.without.contains(&sealed.person),
        }
    }
}

/// Revealed answers of a person, with the salt that proves them.
#[derive(Clone, Debug, PartialEq)]
pub struct Revealed {
    /// The change that added it, which is also its time.
    pub id: ChangeId,
    /// The person.
    pub person: PersonId,
    /// The salt that was hashed with the answers, so that nobody could guess them by trying all.
    pub salt: String,
    /// The answers.
    pub answers: Vec<Answer>,
}

record! {
    /// A blind round: everybody answers before anybody sees an answer.
    Round,
    /// An edit of a round.
    RoundEdit,
    {
        /// The cruxes.
        cruxes: Vec<CruxId> { label: "Cruxes", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// The people who are asked; others may join.
        people: Vec<PersonId> { label: "People asked", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// The review at which it is held.
        held_at: Option<ReviewId> { label: "Review", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// The questions about options.
        in_options: Vec<OptionQuestion> { label: "Options", input: Own,
            search: no, snapshot: Never, since: "rounds-on-options" }
    }
    kept {
        /// All seals, oldest first.
        sealed: Vec<Sealed>,
        /// The questions and remarks before answering.
        said: Vec<Said>,
        /// All closings, oldest first.
        closings: Vec<Closing>,
        /// All revealed answers, whether or not they match a seal.
        revealed: Vec<Revealed>,
    }
}

impl Round {
    /// Returns the subjects of all questions: the cruxes, then the options.
    #[must_use]
    pub fn topics(&self) -> Vec<Topic> {
        let cruxes = self.cruxes.iter().copied().map(Topic::Crux);
        let options = self.in_options.iter().copied().map(Topic::Option);
        cruxes.chain(options).collect()
    }
}
