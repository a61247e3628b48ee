//! Snapshots: frozen, dated copies of a part of a board, for readers.
//!
//! - [`take`]: applies a wish to a board. Returns the snapshot, and a list of what is left out.
//! - `table`: the entities and fields that may be in a snapshot. Nothing else may. The fields of records
//!   follow from their own tables.
//! - [`link`]: a snapshot as the fragment of an address. [`file`](mod@file): as readable JSON.
//! - [`reading`]: a snapshot in words, for the page in the app, the HTML page and Markdown.
//!
//! A snapshot contains facts as a log does, one for each record, and no history. It is therefore read, shown
//! and compared as any board is. Its ids are newly minted, since the board's own ids tell which device made
//! what, and when to the millisecond.

mod alias;
pub mod answer;
mod base64_url;
pub mod card;
pub mod chart;
mod crux_matching;
pub mod diff;
mod extension;
pub mod file;
mod fold;
mod html;
mod import_as_new;
pub mod link;
mod link_error;
mod markdown;
mod merge;
mod minute;
mod pack;
pub mod reading;
mod redact;
pub(crate) mod secrets;
pub(crate) mod shared_kind;
mod table;
mod unpack;
mod varint;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::BoardId;
use crate::board::Board;
use crate::change::Change;
use crate::checksum::crc32;
use crate::date::{Now, Viewpoint};
use crate::log::Entry;
use crate::record::{CruxId, PersonId, Record, StatementId, Trigger, TriggerId, keyed_enum};
use crate::trigger_state::{TriggerState, trigger_state};
use crate::{Millis, t, tn};

use self::minute::{from_minutes, minutes, to_minute};

pub use self::alias::Alias;
pub(crate) use self::import_as_new::{Moments, adopted_with};
pub use self::import_as_new::{adopted, template};
pub use self::merge::{Addition, Merge, MergeError};
pub use self::redact::take;

keyed_enum! {
    /// The readers of a snapshot.
    Audience {
        /// People inside the organisation.
        Internal = "internal", "Inside the organisation";
        /// Anybody.
        Public = "public", "Anybody";
    }
    /// The amount of detail of each record.
    Depth {
        /// Claims, triggers, evidence, credences and reasons.
        Argument = "argument", "The argument";
        /// Also quotes, thresholds, implications, mitigations, terms' sources, follow-ups and credences in
        /// options.
        Everything = "everything", "Everything";
    }
    /// The reason why something is left out.
    RedactionReason {
        /// The item is private to the people of the board.
        PrivateEvidence = "private-evidence", "private item";
        /// The item is internal to the organisation.
        InternalEvidence = "internal-evidence", "internal item";
        /// The item refers to one that is withheld, or the follow-up is about one.
        AboutWithheld = "about-withheld", "item about what is withheld";
        /// The reason cites an item that is withheld.
        Reason = "reason", "reason that cites what is withheld";
        /// The follow-up is internal work.
        FollowUp = "follow-up", "follow-up";
        /// The earlier terms of a trigger.
        Wording = "wording", "earlier wording of a trigger";
        /// The detail would identify a person who has an alias.
        Trace = "trace", "role or link that would name a person";
        /// The detail is for internal readers only.
        Inside = "inside", "internal detail";
        /// The detail was left out to shorten the snapshot.
        Detail = "detail", "detail left out for shortness";
        /// The entry is of a newer version, so this version cannot judge it.
        Unknown = "unknown", "entry this version cannot read";
        /// Decisions other than the standing one, with their reasons.
        Decision = "decision", "decision";
        /// The notes of a review, and its agenda.
        Review = "meeting", "review with its notes";
        /// Messages of others on the reading list.
        Reading = "reading", "message of the reading list";
        /// The readers of the brief.
        Reader = "reader", "reader of the brief";
        /// The people asked in a blind round, and the times of their answers.
        Round = "round", "blind round";
        /// Credences in options, as things stand and if cruxes are true.
        OptionCredence = "option-credence", "credence in an option";
        /// A reader's answer to a snapshot, for the people of the board.
        Answer = "answer", "answer of a reader";
    }
}

impl RedactionReason {
    /// Formats a count with its noun: "3 private items".
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        match self {
            Self::PrivateEvidence => tn!(count, "{count} private item", "{count} private items"),
            Self::InternalEvidence => tn!(count, "{count} internal item", "{count} internal items"),
            Self::AboutWithheld => tn!(
                count,
                "{count} item about what is withheld",
                "{count} items about what is withheld"
            ),
            Self::Reason => tn!(
                count,
                "{count} reason that cites what is withheld",
                "{count} reasons that cite what is withheld"
            ),
            Self::FollowUp => tn!(count, "{count} follow-up", "{count} follow-ups"),
            Self::Wording => tn!(
                count,
                "{count} earlier wording of a trigger",
                "{count} earlier wordings of triggers"
            ),
            Self::Trace => tn!(
                count,
                "{count} role or link that would name a person",
                "{count} roles and links that would name a person"
            ),
            Self::Inside => tn!(count, "{count} internal detail", "{count} internal details"),
            Self::Detail => tn!(
                count,
                "{count} detail left out for shortness",
                "{count} details left out for shortness"
            ),
            Self::Unknown => tn!(
                count,
                "{count} entry this version cannot read",
                "{count} entries this version cannot read"
            ),
            Self::Decision => tn!(count, "{count} decision", "{count} decisions"),
            Self::Review => tn!(
                count,
                "{count} review with its notes",
                "{count} reviews with their notes"
            ),
            Self::Reading => tn!(
                count,
                "{count} message of the reading list",
                "{count} messages of the reading list"
            ),
            Self::Reader => tn!(
                count,
                "{count} reader of the brief",
                "{count} readers of the brief"
            ),
            Self::Round => tn!(count, "{count} blind round", "{count} blind rounds"),
            Self::OptionCredence => tn!(
                count,
                "{count} credence in an option",
                "{count} credences in options"
            ),
            Self::Answer => tn!(
                count,
                "{count} answer of a reader",
                "{count} answers of readers"
            ),
        }
    }
}

/// The choices for a snapshot: its content and its readers.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotRequest {
    /// The cruxes to include, with the records that belong to them; `None` for the whole board.
    pub cruxes: Option<BTreeSet<CruxId>>,
    /// The readers.
    pub audience: Audience,
    /// The amount of detail of each record.
    pub depth: Depth,
    /// Whether people are shown by aliases.
    pub aliases: bool,
    /// Names for which the person overrides whether they are replaced.
    pub switched: BTreeMap<String, bool>,
    /// The title.
    pub title: String,
    /// A note for readers.
    pub note: String,
    /// The person who makes it.
    pub made_by: Option<PersonId>,
    /// Whether outdated credences count in its figures, as chosen on the maker's screen.
    pub with_stale: bool,
}

impl Default for SnapshotRequest {
    /// The whole board for internal readers, in short form.
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

/// The number of records of one kind that are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The kind.
    pub what: RedactionReason,
    /// The number.
    pub count: usize,
}

/// The state of a trigger when the snapshot was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenState {
    /// The trigger, by its id in the snapshot.
    pub trigger: TriggerId,
    /// The state.
    pub state: TriggerState,
}

/// A frozen, dated, redacted copy of a board for others to read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The title; may be empty.
    #[serde(default)]
    pub title: String,
    /// The maker's note for readers; may be empty.
    #[serde(default)]
    pub note: String,
    /// The maker's name; may be empty.
    #[serde(default)]
    pub made_by: String,
    /// Time at which it was taken, to the minute.
    pub taken_at: Millis,
    /// The readers.
    pub audience: Audience,
    /// The amount of detail of each record.
    pub depth: Depth,
    /// Whether people are shown by aliases.
    #[serde(default)]
    pub aliases: bool,
    /// Number of cruxes of the board, in the snapshot or not.
    pub all_cruxes: usize,
    /// A key that tells snapshots of one board from those of others, too short to derive the board's id. With
    /// aliases, each snapshot has another key.
    pub board_key: u32,
    /// The numbers of records that are left out.
    #[serde(default)]
    pub withheld: Vec<Gap>,
    /// Whether outdated credences are left out of the aggregate and the spread.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_stale: bool,
    /// The states of triggers that would differ if computed from the snapshot alone, which has neither the
    /// agendas of reviews nor earlier terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<FrozenState>,
    /// The credences that were stated on other words than the claim has now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_words: Vec<StatementId>,
    /// The facts, one for each record.
    pub changes: Vec<Change>,
}

impl Snapshot {
    /// Returns the board as far as the snapshot shows it.
    #[must_use]
    pub fn board(&self) -> Board {
        self.changes.iter().cloned().map(Entry::Known).collect()
    }

    /// Returns the viewpoint for its figures and triggers.
    fn viewpoint(&self) -> Viewpoint {
        Viewpoint {
            now: Now::utc(self.taken_at),
            with_stale: !self.without_stale,
        }
    }

    /// Returns the state of one of its triggers on the original board.
    fn state(&self, board: &Board, trigger: &Record<TriggerId, Trigger>) -> TriggerState {
        let frozen = self.states.iter().find(|one| one.trigger == trigger.id);
        frozen.map_or_else(
            || trigger_state(board, trigger, self.viewpoint()),
            |frozen| frozen.state,
        )
    }

    /// Returns the title, or else the board's question.
    #[must_use]
    pub fn name<'a>(&'a self, board: &'a Board) -> &'a str {
        if self.title.is_empty() {
            &board.info().question
        } else {
            &self.title
        }
    }

    /// Returns what is left out, each kind with its count: "3 private items".
    pub fn gaps(&self) -> impl Iterator<Item = String> {
        self.withheld.iter().map(|gap| gap.what.counted(gap.count))
    }

    /// Describes in one or two sentences what is left out, what is confidential first; empty if nothing is.
    #[must_use]
    pub fn left_out(&self) -> String {
        let (mut items, mut reasons, mut answers, mut rest) = (0, 0, 0, 0);
        for gap in &self.withheld {
            match gap.what {
                RedactionReason::PrivateEvidence
                | RedactionReason::InternalEvidence
                | RedactionReason::AboutWithheld => items += gap.count,
                RedactionReason::Reason => reasons += gap.count,
                RedactionReason::Answer => answers += gap.count,
                RedactionReason::FollowUp
                | RedactionReason::Wording
                | RedactionReason::Trace
                | RedactionReason::Inside
                | RedactionReason::Detail
                | RedactionReason::Unknown
                | RedactionReason::Decision
                | RedactionReason::Review
                | RedactionReason::Reading
                | RedactionReason::Reader
                | RedactionReason::Round
                | RedactionReason::OptionCredence => rest += gap.count,
            }
        }
        let counts = [
            (items > 0).then(|| tn!(items, "{count} item", "{count} items")),
            (reasons > 0).then(|| tn!(reasons, "{count} reason", "{count} reasons")),
            (answers > 0).then(|| RedactionReason::Answer.counted(answers)),
        ];
        let counts = counts.into_iter().flatten();
        let counts = counts.reduce(|list, last| t!("{list} and {last}", list, last));
        match (counts, rest > 0) {
            (None, false) => String::new(),
            (None, true) => t!("Some details and working notes are left out.").into(),
            (Some(counts), false) => t!("Confidential and not shown: {counts}.", counts),
            (Some(counts), true) => t!(
                "Confidential and not shown: {counts}. Some details and working notes are left out too.",
                counts
            ),
        }
    }
}

/// A snapshot that was just taken, and what was left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Each record that was left out, by the name that its maker knows.
    pub withheld: Vec<(RedactionReason, String)>,
    /// The names that occur in it, with their replacements.
    pub aliases: Vec<Alias>,
}

/// Returns a key of 32 bits that tells boards apart. The 128 bits of the id cannot be derived from it.
#[must_use]
pub fn board_key(board: BoardId) -> u32 {
    crc32(board.to_string().as_bytes())
}
