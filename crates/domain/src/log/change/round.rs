//! Blind rounds: questions, seals, closings and reveals.

use serde::{Deserialize, Serialize};

use crate::ChangeId;
use crate::record::strict::objects_only;
use crate::record::{Answer, PersonId, RoundId};

/// A question or remark in a blind round, before answering.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundSaid {
    /// The round.
    pub round: RoundId,
    /// The text.
    pub text: String,
}

/// The seal of a person's answers in a blind round.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundSealed {
    /// The round.
    pub round: RoundId,
    /// The person.
    pub person: PersonId,
    /// The salted hash of the answers: SHA-256, in hexadecimal.
    pub seal: String,
}

/// The closing of a blind round. From now on answers may be revealed.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundClosed {
    /// The round.
    pub round: RoundId,
    /// The people who had not answered, as far as the closing device knew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<PersonId>,
    /// The seals known to the closing device. Other seals are late, whatever their date. Older versions leave
    /// this out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seals: Option<Vec<ChangeId>>,
}

/// A person's answers, revealed in a closed round.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundRevealed {
    /// The round.
    pub round: RoundId,
    /// The person.
    pub person: PersonId,
    /// The salt that was hashed with the answers.
    pub salt: String,
    /// The answers.
    pub answers: Vec<Answer>,
}

objects_only! {
    RoundSaid,
    RoundSealed,
    RoundClosed,
    RoundRevealed,
}
