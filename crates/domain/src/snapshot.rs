//! Snapshots: what others may see of a board, frozen and dated.
//!
//! - [`take`]: from a board and a wish to what goes, and a list of what does not.
//! - `table`: the nouns and fields that may go at all. Nothing else does.
//! - [`link`]: a snapshot as the fragment of an address. [`file`](mod@file): as readable JSON.
//! - [`reading`]: a snapshot in words, as the page in the app, the HTML page and Markdown show it.
//!
//! A snapshot holds facts as a log does, one for each record, and no history; so it is read, shown
//! and compared as any board is. Its ids are minted anew: the board's own say which device made
//! what, and when to the millisecond.

mod alias;
pub mod card;
mod crux_matching;
pub mod diff;
pub mod file;
mod html;
mod import_as_new;
pub mod link;
mod markdown;
mod merge;
mod pack;
pub mod reading;
mod redact;
pub(crate) mod secrets;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ChangeId;
use crate::board::Board;
use crate::change::Change;
use crate::checksum::crc32;
use crate::date::{Now, Viewpoint};
use crate::log::Entry;
use crate::record::{CruxId, PersonId, Record, Trigger, TriggerId, keyed_enum};
use crate::trigger_state::{TriggerState, trigger_state};

pub use self::alias::Alias;
pub use self::import_as_new::{adopted, template};
pub use self::merge::{Addition, Merge, MergeError};
pub use self::redact::take;

keyed_enum! {
    /// Who is to read a snapshot.
    Audience {
        /// The organisation.
        Internal = "internal", "Inside the organisation";
        /// Anybody.
        Public = "public", "Anybody";
    }
    /// How much of each record goes.
    Depth {
        /// Claims, triggers, evidence, credences and reasons.
        Argument = "argument", "The argument";
        /// Also quotes, thresholds, implications, mitigations, terms' sources and follow-ups.
        Everything = "everything", "Everything";
    }
    /// What was left out, and why.
    RedactionReason {
        /// For the people of the board only.
        PrivateEvidence = "private-evidence", "private item";
        /// For the organisation only.
        InternalEvidence = "internal-evidence", "internal item";
        /// It answers, or is owed for, something that is withheld itself.
        AboutWithheld = "about-withheld", "item about what is withheld";
        /// A reason that cites something that is withheld.
        Reason = "reason", "reason that cites what is withheld";
        /// Work in hand, which concerns nobody outside.
        FollowUp = "follow-up", "follow-up";
        /// What a trigger asked for before it was changed.
        Wording = "wording", "earlier wording of a trigger";
        /// Would lead to a person who goes by an alias.
        Trace = "trace", "role or link that would name a person";
        /// For readers inside only.
        Inside = "inside", "internal detail";
        /// Left out so that the snapshot is short.
        Detail = "detail", "detail left out for shortness";
        /// Said by a newer version, which alone could judge it.
        Unknown = "unknown", "entry this version cannot read";
        /// What was decided, and why: for the people of the board.
        Decision = "decision", "decision";
        /// What was noted at a review, and its agenda.
        Review = "meeting", "review with its notes";
        /// What others wrote, brought in to be read.
        Reading = "reading", "message of the reading list";
        /// Who has seen the brief.
        Reader = "reader", "reader of the brief";
        /// The people asked in a blind round, and when each answered.
        Round = "round", "blind round";
    }
}

impl RedactionReason {
    /// As a count with its noun: "3 private items".
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        let many = match self {
            Self::PrivateEvidence => "private items",
            Self::InternalEvidence => "internal items",
            Self::AboutWithheld => "items about what is withheld",
            Self::Reason => "reasons that cite what is withheld",
            Self::FollowUp => "follow-ups",
            Self::Wording => "earlier wordings of triggers",
            Self::Trace => "roles and links that would name a person",
            Self::Inside => "internal details",
            Self::Detail => "details left out for shortness",
            Self::Unknown => "entries this version cannot read",
            Self::Decision => "decisions",
            Self::Review => "reviews with their notes",
            Self::Reading => "messages of the reading list",
            Self::Reader => "readers of the brief",
            Self::Round => "blind rounds",
        };
        crate::text::counted(count, self.label(), many)
    }
}

/// What a snapshot is to hold, and for whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// These cruxes only, with what belongs to them; `None`: the whole board.
    pub cruxes: Option<BTreeSet<CruxId>>,
    /// Who is to read it.
    pub audience: Audience,
    /// How much of each record.
    pub depth: Depth,
    /// Whether people go by aliases.
    pub aliases: bool,
    /// Names that are to be replaced, or not, other than the rules say.
    pub switched: BTreeMap<String, bool>,
    /// What it is called.
    pub title: String,
    /// What its readers should know.
    pub note: String,
    /// Who makes it.
    pub made_by: Option<PersonId>,
    /// Whether stale credences count in its figures, as they do on its maker's screen or not.
    pub with_stale: bool,
}

impl Default for Wish {
    /// The whole board for readers inside, in short.
    fn default() -> Self {
        Self {
            cruxes: None,
            audience: Audience::Internal,
            depth: Depth::Argument,
            aliases: false,
            switched: BTreeMap::new(),
            title: String::new(),
            note: String::new(),
            made_by: None,
            with_stale: true,
        }
    }
}

/// How many of one sort are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// What.
    pub what: RedactionReason,
    /// How many.
    pub count: usize,
}

/// How a trigger stood when the snapshot was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenState {
    /// The trigger, by its id in the snapshot.
    pub trigger: TriggerId,
    /// How it stood.
    pub state: TriggerState,
}

/// A frozen, dated, redacted copy of a board for others to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// What it is called; may be empty.
    #[serde(default)]
    pub title: String,
    /// What its maker wants readers to know; may be empty.
    #[serde(default)]
    pub note: String,
    /// Who made it; may be empty.
    #[serde(default)]
    pub made_by: String,
    /// When, in Unix milliseconds, to the minute.
    pub taken_at: u64,
    /// For whom.
    pub audience: Audience,
    /// How much of each record is in it.
    pub depth: Depth,
    /// Whether people go by aliases.
    #[serde(default)]
    pub aliases: bool,
    /// How many cruxes the board had, in the snapshot or not.
    pub all_cruxes: usize,
    /// Tells snapshots of one board from those of others; not enough to work its id out. Under aliases it
    /// is another one for each snapshot.
    pub board_key: u32,
    /// What is not shown.
    #[serde(default)]
    pub withheld: Vec<Gap>,
    /// Whether stale credences are left out of the aggregate and the spread.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_stale: bool,
    /// How triggers stood that would stand otherwise by what the snapshot holds alone: it has
    /// neither the agendas of reviews nor earlier wordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<FrozenState>,
    /// One fact for each record.
    pub changes: Vec<Change>,
}

impl Snapshot {
    /// The board as it stood, as far as it is shown.
    #[must_use]
    pub fn board(&self) -> Board {
        self.changes.iter().cloned().map(Entry::Known).collect()
    }

    /// From where its figures and triggers are read.
    fn viewpoint(&self) -> Viewpoint {
        Viewpoint {
            now: Now::utc(self.taken_at),
            with_stale: !self.without_stale,
        }
    }

    /// How one of its triggers stood on the board.
    fn state(&self, board: &Board, trigger: &Record<TriggerId, Trigger>) -> TriggerState {
        let frozen = self.states.iter().find(|one| one.trigger == trigger.id);
        frozen.map_or_else(
            || trigger_state(board, trigger, self.viewpoint()),
            |frozen| frozen.state,
        )
    }

    /// What it is called, or else the board's question.
    #[must_use]
    pub fn name<'a>(&'a self, board: &'a Board) -> &'a str {
        if self.title.is_empty() {
            &board.info().question
        } else {
            &self.title
        }
    }

    /// What is not shown, each with its count: "3 private items".
    pub fn gaps(&self) -> impl Iterator<Item = String> {
        self.withheld.iter().map(|gap| gap.what.counted(gap.count))
    }
}

/// What was made, and what was left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// What goes.
    pub snapshot: Snapshot,
    /// Each thing that does not go, by what its maker calls it.
    pub withheld: Vec<(RedactionReason, String)>,
    /// The names that occur in it, with what becomes of each.
    pub aliases: Vec<Alias>,
}

/// Tells boards apart by 32 bits, out of which the 128 of an id cannot be had.
#[must_use]
pub fn board_key(board: ChangeId) -> u32 {
    crc32(board.to_string().as_bytes())
}

/// A moment to the minute, in milliseconds.
const fn to_minute(millis: u64) -> u64 {
    millis - millis % MINUTE
}

const MINUTE: u64 = 60_000;
