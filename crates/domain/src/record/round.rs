use serde::{Deserialize, Serialize};

use super::{CruxId, PersonId, ReviewId, record};
use crate::{ChangeId, Credence};

/// One answer in a blind round: a credence in a crux.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The crux.
    pub crux: CruxId,
    /// The credence.
    pub credence: Credence,
    /// The reason. In a revealed answer it is present only if an older version revealed it. Otherwise the
    /// corresponding credence has it, where it can be erased separately.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The salted hash of the reason, in a revealed answer; empty without a reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_seal: String,
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
