use serde::{Deserialize, Serialize};

use super::strict::objects_only;
use super::{CruxId, EvidenceId, OptionId, PersonId};
use crate::{Credence, Millis};

/// A crux that is assumed to be true or false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Given {
    /// The crux.
    pub crux: CruxId,
    /// Whether it is assumed to be true.
    pub is_true: bool,
}

objects_only! {
    Given,
}

/// One person's credence in an option at one time, if two cruxes turn out in a certain way: their joint
/// effect. It is never overwritten: a new one is added.
#[derive(Clone, Debug, PartialEq)]
pub struct JointCredence {
    /// The option.
    pub option: OptionId,
    /// Two different cruxes, in the order of their ids.
    pub given: [Given; 2],
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

impl JointCredence {
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
