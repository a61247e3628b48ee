use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::table::entity::{OPTION, PERSON, TRIGGER};
use super::table::{Inclusion, SharedField, ValueKind, shared};
use super::{DecisionId, OptionId, PersonId, Record, ReviewId, TriggerId, record};
use crate::date::Now;

/// One person's agreement or dissent.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// The person.
    pub person: PersonId,
    /// Whether the person agreed.
    pub agrees: bool,
    /// The reason, in the person's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The fields of a voice in snapshots.
const VOICE: &[SharedField] = &[
    shared("person", ValueKind::Ref(PERSON), Inclusion::Always),
    shared("agrees", ValueKind::Flag, Inclusion::Always),
    shared("reason", ValueKind::Text, Inclusion::Always),
];

record! {
    /// A decision: the choice of an option. The latest decision stands; none ends or continues by itself.
    Decision,
    /// An edit of a decision.
    DecisionEdit,
    {
        /// The chosen option.
        option: Option<OptionId> { label: "Chosen option", input: Own,
            search: no, snapshot: Always Ref(OPTION), since: "meeting" }
        /// The reason.
        why: String { label: "Reason", input: Own,
            search: no, snapshot: Always Text, since: "meeting" }
        /// The revisit date.
        until: Option<NaiveDate> { label: "Decide again on", input: Own,
            search: no, snapshot: Always Day, since: "meeting" }
        /// The agreement and dissent of each person.
        voices: Vec<Voice> { label: "Agreement and dissent", input: Own,
            search: no, snapshot: Inside List(VOICE), since: "meeting" }
        /// The met triggers that it answers, also by continuing in spite of them.
        answers: Vec<TriggerId> { label: "Triggers answered", input: Own,
            search: no, snapshot: Always Refs(TRIGGER), since: "meeting" }
        /// The triggers that would reverse it.
        reversed_by: Vec<TriggerId> { label: "Triggers that would reverse it", input: Own,
            search: no, snapshot: Always Refs(TRIGGER), since: "meeting" }
        /// Other events that would reverse it.
        reversal: String { label: "Events that would reverse it", input: Own,
            search: no, snapshot: Always Text, since: "meeting" }
        /// The review at which it was made.
        held_at: Option<ReviewId> { label: "Review", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// Number of changes known at the time. Some earlier changes may have arrived later.
        known: u32 { label: "Number of changes known", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// The day on which it was made, if it was recorded on this board later, as from a snapshot.
        taken_on: Option<NaiveDate> { label: "Decided on", input: Own,
            search: no, snapshot: Never, since: "taken-on" }
    }
}

impl Record<DecisionId, Decision> {
    /// Returns the day on which it was made.
    #[must_use]
    pub fn day(&self, now: Now) -> NaiveDate {
        self.taken_on
            .unwrap_or_else(|| now.day_of(self.id.0.millis()))
    }
}
