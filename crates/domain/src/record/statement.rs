use super::{CruxId, EvidenceId, PersonId};
use crate::Credence;

/// One person's credence at one time. It is never overwritten: a new one is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// On which crux.
    pub crux: CruxId,
    /// Whose.
    pub person: PersonId,
    /// How likely.
    pub credence: Credence,
    /// Why.
    pub reason: String,
    /// On what.
    pub evidence: Vec<EvidenceId>,
    /// Whether it says again what stood before ("still my view").
    pub reaffirms: bool,
    /// When it was held, as Unix milliseconds by the wall clock: when it was filed, unless it was said
    /// to be earlier. Ages, days and weights go by it.
    pub at: u64,
    /// When it was filed, as Unix milliseconds by the wall clock.
    pub filed: u64,
    /// Its place among the statements on its crux: when it was said to be held, or the time of its
    /// stamp, which is later than that of every change its device knew.
    pub order: u64,
}
