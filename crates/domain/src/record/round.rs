use serde::{Deserialize, Serialize};

use super::{CruxId, PersonId, ReviewId, record};
use crate::{ChangeId, Credence};

/// One credence of a blind round.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// On which crux.
    pub crux: CruxId,
    /// How likely.
    pub credence: Credence,
    /// Why. A published answer has it only where an older version published it; otherwise the
    /// credence that goes with the answer has it, and can be erased by itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The salted hash of the reason, in a published answer; empty without a reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_seal: String,
}

/// Somebody has answered; what, nobody can tell yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// When, and the change that holds it.
    pub id: ChangeId,
    /// Who.
    pub person: PersonId,
    /// The salted hash of their answers.
    pub seal: String,
}

/// A question or remark before answering.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// When, and the change that holds it.
    pub id: ChangeId,
    /// By whom.
    pub by: Option<PersonId>,
    /// What.
    pub text: String,
}

/// The end of a round's blindness.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// When, and the change that holds it.
    pub id: ChangeId,
    /// By whom.
    pub by: Option<PersonId>,
    /// Who had not answered, as far as the closer could see.
    pub without: Vec<PersonId>,
    /// The seals that the closer could see; `None` where an older version closed the round.
    pub seals: Option<Vec<ChangeId>>,
}

impl Closing {
    /// Whether the closer could see this seal. No other one can be blind: its device may have sealed
    /// it after answers could be seen, whatever its date says.
    #[must_use]
    pub fn saw(&self, sealed: &Sealed) -> bool {
        match &self.seals {
            Some(seals) => seals.contains(&sealed.id),
            None => sealed.id < self.id && !self.without.contains(&sealed.person),
        }
    }
}

/// What somebody had answered, with what shows that it was that.
#[derive(Clone, Debug, PartialEq)]
pub struct Revealed {
    /// When, and the change that holds it.
    pub id: ChangeId,
    /// Who.
    pub person: PersonId,
    /// What was hashed along, so that nobody could try all answers.
    pub salt: String,
    /// The answers.
    pub answers: Vec<Answer>,
}

record! {
    /// A blind round: everybody answers before anybody sees an answer.
    Round,
    /// What one change sets of a round.
    RoundEdit,
    {
        /// On which cruxes.
        cruxes: Vec<CruxId>,
        /// Who is asked; others may join.
        people: Vec<PersonId>,
        /// The review at which it is held.
        held_at: Option<ReviewId>,
    }
    kept {
        /// All seals, oldest first.
        sealed: Vec<Sealed>,
        /// What was asked and said before answering.
        said: Vec<Said>,
        /// Every closing, oldest first.
        closings: Vec<Closing>,
        /// Everything revealed, whether or not it fits a seal.
        revealed: Vec<Revealed>,
    }
}
