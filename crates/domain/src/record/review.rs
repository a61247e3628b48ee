use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CruxId, PersonId, record};
use crate::ChangeId;

/// A crux to go through, and how long that may take.
#[derive(Clone, Copy, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// The crux.
    pub crux: CruxId,
    /// How many minutes it gets; 0: as long as it takes.
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

/// What was noted on one crux.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize)]
pub struct Note {
    /// The note.
    pub text: String,
    /// Whether anybody may read it; else it stays inside.
    pub is_public: bool,
}

record! {
    /// A review: people go through the cruxes of an agenda, one after the other.
    Review,
    /// What one change sets of a review.
    ReviewEdit,
    {
        /// Who is here.
        here: Vec<PersonId>,
        /// What is gone through, in this order.
        agenda: Vec<AgendaItem>,
        /// What is to be remembered of it as a whole.
        note: String,
        /// Whether anybody may read that note.
        note_is_public: bool,
    }
    kept {
        /// What was noted, per crux.
        notes: BTreeMap<CruxId, Note>,
        /// Every closing, oldest first: two devices may close at the same time.
        closings: Vec<ChangeId>,
        /// The cruxes of the agenda as it stood at the first closing.
        closed_agenda: Vec<CruxId>,
    }
}

impl Review {
    /// When it was closed: the first closing counts.
    #[must_use]
    pub fn closed(&self) -> Option<ChangeId> {
        self.closings.first().copied()
    }
}
