//! Statements of credences, on cruxes and in options.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::record::strict::objects_only;
use crate::record::{CruxId, EvidenceId, Given, OptionId, PersonId, StatementId};
use crate::{ChangeId, Credence, Millis};

/// One person's credence at one time.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct CredenceStated {
    /// The crux.
    pub crux: CruxId,
    /// The person; the change's `by` is the one who recorded it.
    pub person: PersonId,
    /// The credence, in percent.
    pub credence: Credence,
    /// The reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The salt with which the reason was hashed in a blind round, in hexadecimal; empty outside of one. It
    /// is stored here and not in the reveal, so that it is erased together with the reason: a short reason
    /// could be guessed from its hash and salt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_salt: String,
    /// The evidence it is based on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
    /// Whether it is a confirmation of the previous credence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reaffirms: bool,
    /// Time since which the credence was held, if earlier than the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
    /// The wall clock at the recording, if the change's id is ahead of it: see
    /// [`wall_clock_beside`](Self::wall_clock_beside).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_clock: Option<Millis>,
}

impl CredenceStated {
    /// Returns the wall clock to store beside an id: only if the id is more than a minute ahead of it, as on
    /// a board with a change of a device whose clock is ahead. Versions without this field keep such a
    /// statement unread, so it is written only when needed.
    ///
    /// Returns `None` also if the clock shows a time before this app existed, since it was then never set.
    #[must_use]
    pub fn wall_clock_beside(id: ChangeId, now: Millis) -> Option<Millis> {
        const TOLERATED: Duration = Duration::from_secs(60);
        /// 2025-01-01T00:00:00Z.
        const EARLIEST: Millis = Millis(1_735_689_600_000);
        let is_ahead = id.millis() > now + TOLERATED;
        Some(now).filter(|now| is_ahead && *now >= EARLIEST)
    }

    /// Returns the time of the recording by the change with this id.
    #[must_use]
    pub fn filed_at(&self, id: ChangeId) -> Millis {
        not_after(self.wall_clock, id.millis())
    }

    /// Returns the time since which the credence was held: never later than the wall clock showed.
    #[must_use]
    pub fn held_at(&self, id: ChangeId) -> Millis {
        not_after(self.wall_clock, self.at.unwrap_or(id.millis()))
    }
}

/// Returns a time, or the wall clock at the recording if that is earlier.
fn not_after(wall_clock: Option<Millis>, at: Millis) -> Millis {
    wall_clock.map_or(at, |clock| clock.min(at))
}

/// One person's credence in an option at one time.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct OptionCredenceStated {
    /// The option.
    pub option: OptionId,
    /// The crux that is assumed to be true; `None` for the credence as things stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_true: Option<CruxId>,
    /// The person; the change's `by` is the one who recorded it.
    pub person: PersonId,
    /// The credence, in percent.
    pub credence: Credence,
    /// The reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The salt of the reason, if it was sealed in a blind round. It is erased with the reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_salt: String,
    /// The evidence it is based on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
    /// The wall clock at the recording, if the change's id is ahead of it: see
    /// [`CredenceStated::wall_clock_beside`]. Of an answer in a blind round, the moment of its seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_clock: Option<Millis>,
}

impl OptionCredenceStated {
    /// Returns the time of the statement: never later than the wall clock showed.
    #[must_use]
    pub fn stated_at(&self, id: ChangeId) -> Millis {
        not_after(self.wall_clock, id.millis())
    }
}

/// One person's credence in an option at one time, if two cruxes turn out in a certain way.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct JointCredenceStated {
    /// The option.
    pub option: OptionId,
    /// The two cruxes, each assumed to be true or false.
    pub given: [Given; 2],
    /// The person; the change's `by` is the one who recorded it.
    pub person: PersonId,
    /// The credence, in percent.
    pub credence: Credence,
    /// The reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The evidence it is based on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
    /// The wall clock at the recording, if the change's id is ahead of it: see
    /// [`CredenceStated::wall_clock_beside`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_clock: Option<Millis>,
}

impl JointCredenceStated {
    /// Returns the time of the statement: never later than the wall clock showed.
    #[must_use]
    pub fn stated_at(&self, id: ChangeId) -> Millis {
        not_after(self.wall_clock, id.millis())
    }
}

/// The reason and the evidence of a statement, given later.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct StatementExplained {
    /// The statement: a credence in a crux or in an option, or the joint effect of two cruxes.
    pub statement: StatementId,
    /// The reason.
    pub reason: String,
    /// The evidence it is based on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
}

objects_only! {
    CredenceStated,
    OptionCredenceStated,
    JointCredenceStated,
    StatementExplained,
}
