use super::{CruxId, EvidenceId, OptionId, PersonId};
use crate::{Credence, Millis};

/// One person's credence in an option at one time: as things stand, or if a crux is true. It is never
/// overwritten: a new one is added.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionCredence {
    /// The option.
    pub option: OptionId,
    /// The crux that is assumed to be true; `None` for the credence as things stand.
    pub if_true: Option<CruxId>,
    /// The person.
    pub person: PersonId,
    /// The credence.
    pub credence: Credence,
    /// The reason.
    pub reason: String,
    /// The evidence it is based on.
    pub evidence: Vec<EvidenceId>,
    /// Time of the statement by the wall clock.
    pub at: Millis,
}

impl OptionCredence {
    /// Returns the fields of `wanted` that differ, as JSON. Only reason and evidence can differ.
    pub(crate) fn json_to(&self, wanted: &Self) -> String {
        let mut fields = serde_json::Map::new();
        if self.reason != wanted.reason {
            fields.insert("reason".into(), wanted.reason.as_str().into());
        }
        if self.evidence != wanted.evidence {
            let ids = wanted.evidence.iter().map(ToString::to_string);
            fields.insert("evidence".into(), ids.collect());
        }
        serde_json::Value::Object(fields).to_string()
    }
}
