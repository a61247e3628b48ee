use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CruxId, PersonId, record};
use crate::ChangeId;

/// A crux on the agenda, with its time.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// The crux.
    pub crux: CruxId,
    /// Number of minutes for the crux; 0 for no limit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub minutes: u16,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(minutes: &u16) -> bool {
    *minutes == 0
}

/// A note on one crux.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize)]
pub struct Note {
    /// The note.
    pub text: String,
    /// Whether anybody may read it; otherwise it is internal.
    pub is_public: bool,
}

record! {
    /// A review: people go through the cruxes of an agenda, one after the other.
    Review,
    /// An edit of a review.
    ReviewEdit,
    {
        /// The people who are present.
        here: Vec<PersonId> { label: "Participants", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// The agenda, in order.
        agenda: Vec<AgendaItem> { label: "Agenda", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// The note on the review as a whole.
        note: String { label: "Notes on the review", input: Own,
            search: no, snapshot: Never, since: "meeting" }
        /// Whether anybody may read that note.
        note_is_public: bool { label: "Notes in public minutes", input: Own,
            search: no, snapshot: Never, since: "learning" }
    }
    kept {
        /// The notes on cruxes.
        notes: BTreeMap<CruxId, Note>,
        /// All closings, oldest first. Two devices may close a review at the same time.
        closings: Vec<ChangeId>,
        /// The cruxes on the agenda at the first closing.
        closed_agenda: Vec<CruxId>,
    }
}

impl Review {
    /// Returns the first closing, which is the one that counts.
    #[must_use]
    pub fn closed(&self) -> Option<ChangeId> {
        self.closings.first().copied()
    }
}
