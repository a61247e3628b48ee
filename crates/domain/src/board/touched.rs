//! The effect of applying a change, which tells the readers to notify.

use crate::ChangeId;
use crate::record::{CruxId, EvidenceId, FollowUpId};

/// A record, or group of records, that may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordRef {
    /// The board as a whole: its description, options, people, terms, reviews, rounds, decisions and readers
    /// of the brief.
    Board,
    /// A crux, and the records that belong to it.
    Crux(CruxId),
    /// An item of evidence.
    Evidence(EvidenceId),
    /// A follow-up.
    FollowUp(FollowUpId),
    /// The credences in options, and the joint effects of two cruxes on them.
    OptionCredences,
    /// The reading list.
    Reading,
}

/// The effect of applying a change.
#[derive(Debug, Default, PartialEq)]
pub struct Touched {
    /// Whether the log has changed. If not, nothing else has.
    pub is_new: bool,
    /// The records that may have changed, in no order, perhaps repeated.
    pub records: Vec<RecordRef>,
    /// Whether any record may have changed.
    pub everything: bool,
    /// Changes whose stored text must be written again, since their content was redacted.
    pub rewritten: Vec<ChangeId>,
    /// Whether an entry arrived whose content differs from the one stored under its id.
    pub clashes: bool,
}
