//! Outcomes of triggers, recorded by people.

use serde::{Deserialize, Serialize};

use crate::ChangeId;
use crate::record::strict::objects_only;
use crate::record::{EvidenceId, TriggerId, Verdict};

/// An outcome recorded for an event trigger.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TriggerJudged {
    /// The trigger.
    pub trigger: TriggerId,
    /// The outcome.
    pub verdict: Verdict,
    /// The reason.
    pub reason: String,
    /// The evidence it is based on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
    /// The earlier outcomes that it settles: those that stood while the trigger was disputed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settles: Vec<ChangeId>,
}

objects_only! {
    TriggerJudged,
}
