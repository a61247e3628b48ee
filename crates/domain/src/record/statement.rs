use super::{CruxId, EvidenceId, PersonId};
use crate::{Credence, Millis};

/// One person's credence at one time. It is never overwritten: a new one is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The crux.
    pub crux: CruxId,
    /// The person.
    pub person: PersonId,
    /// The credence.
    pub credence: Credence,
    /// The reason.
    pub reason: String,
    /// The evidence it is based on.
    pub evidence: Vec<EvidenceId>,
    /// Whether it is a confirmation of the previous credence.
    pub reaffirms: bool,
    /// Time since which it was held, by the wall clock: the time of the recording, unless an earlier one was
    /// stated. Ages, days and weights depend on it.
    pub at: Millis,
    /// Time of the recording by the wall clock.
    pub filed: Millis,
    /// The position among the statements on its crux: the stated time since which it was held, or the time of
    /// its id, which is later than all changes known to its device.
    pub order: Millis,
}
