//! Merges another whole board into one's own, as changes of one action.
//!
//! The two boards have records of their own, which are matched as their people would match them: a person, an
//! option and a term by name, a crux by its claim, an item of evidence by its texts, a credence by person, crux,
//! number and time. Matched records are joined: one's own stays, and only its empty fields are filled in. Everything
//! else is added, so merging twice adds nothing more.
//!
//! Boards that share changes are copies of one board. Their logs are joined instead: see [`shared_changes`].

mod adding;
mod credences;
mod joining;
mod known;
mod matching;
mod others;

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::board::Board;
use crate::change::Change;
use crate::tn;

use self::adding::Adding;

/// A kind of record that a merge brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MergeKind {
    /// An option.
    Option,
    /// A person.
    Person,
    /// A term.
    Term,
    /// A crux.
    Crux,
    /// An item of evidence.
    Evidence,
    /// The weight of an item on a crux.
    Weight,
    /// A credence in a crux.
    Credence,
    /// A credence in an option, also with one or two cruxes assumed.
    OptionCredence,
    /// A trigger.
    Trigger,
    /// An outcome recorded for a trigger.
    Judgement,
    /// A position of somebody outside the board.
    Position,
    /// A decision.
    Decision,
    /// A follow-up.
    FollowUp,
    /// A message of the reading list.
    Message,
}

/// A kind of record that a merge leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Blind rounds, open or closed. The answers that were revealed are credences, and come.
    Round,
    /// Reviews with their notes.
    Review,
    /// Decisions that are older than the one that stands on one's own board.
    Decision,
    /// Credences in options that are older than those that their people have on one's own board.
    OptionCredence,
    /// Outcomes of triggers that are joined.
    Judgement,
    /// Readers of the brief.
    BriefRead,
    /// Entries that this version cannot read.
    Unread,
}

impl MergeKind {
    /// Formats a count with its noun: "3 cruxes".
    #[must_use]
    #[rustfmt::skip]
    pub fn counted(self, count: usize) -> String {
        match self {
            Self::Option => tn!(count, "{count} option", "{count} options"),
            Self::Person => tn!(count, "{count} person", "{count} people"),
            Self::Term => tn!(count, "{count} term", "{count} terms"),
            Self::Crux => tn!(count, "{count} crux", "{count} cruxes"),
            Self::Evidence => tn!(count, "{count} item of evidence", "{count} items of evidence"),
            Self::Weight => tn!(count, "{count} weight of evidence on a crux", "{count} weights of evidence on cruxes"),
            Self::Credence => tn!(count, "{count} credence", "{count} credences"),
            Self::OptionCredence => tn!(count, "{count} credence in an option", "{count} credences in options"),
            Self::Trigger => tn!(count, "{count} trigger", "{count} triggers"),
            Self::Judgement => tn!(count, "{count} trigger outcome", "{count} trigger outcomes"),
            Self::Position => tn!(count, "{count} position", "{count} positions"),
            Self::Decision => tn!(count, "{count} decision", "{count} decisions"),
            Self::FollowUp => tn!(count, "{count} follow-up", "{count} follow-ups"),
            Self::Message => tn!(count, "{count} message of the reading list", "{count} messages of the reading list"),
        }
    }
}

impl LeftOut {
    /// Formats a count with its noun: "2 blind rounds".
    #[must_use]
    #[rustfmt::skip]
    pub fn counted(self, count: usize) -> String {
        match self {
            Self::Round => tn!(count, "{count} blind round", "{count} blind rounds"),
            Self::Review => tn!(count, "{count} review with its notes", "{count} reviews with their notes"),
            Self::Decision => tn!(count, "{count} decision older than the one that stands here", "{count} decisions older than the one that stands here"),
            Self::OptionCredence => tn!(count, "{count} credence in an option older than the same person’s here", "{count} credences in options older than the same people’s here"),
            Self::Judgement => tn!(count, "{count} outcome of a joined trigger", "{count} outcomes of joined triggers"),
            Self::BriefRead => tn!(count, "{count} reader of the brief", "{count} readers of the brief"),
            Self::Unread => tn!(count, "{count} entry this version cannot read", "{count} entries this version cannot read"),
        }
    }
}

/// A record of the other board and the record of one's own board that it is joined with.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The kind of both.
    pub kind: MergeKind,
    /// The record on the other board.
    pub theirs: ChangeId,
    /// The record on one's own board.
    pub own: ChangeId,
    /// The name of the record on the other board.
    pub their_name: String,
    /// The name of the record on one's own board.
    pub own_name: String,
    /// The labels of the fields that are filled in from the other board.
    pub filled: Vec<&'static str>,
    /// The labels of the fields that differ, and stay as they are on one's own board.
    pub kept: Vec<&'static str>,
}

/// The pairs that are not to be joined: the record of the other board, and one's own.
pub type Apart = BTreeSet<(ChangeId, ChangeId)>;

/// The effect of merging another board into one's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardMerge {
    /// The records that are joined.
    pub pairs: Vec<Pair>,
    /// The names of the records that are added, by kind.
    pub coming: BTreeMap<MergeKind, Vec<String>>,
    /// The number of records of the other board that stay out, by kind.
    pub left_out: BTreeMap<LeftOut, usize>,
    /// The changes, under temporary ids, for [`Command::MergeBoard`](crate::command::Command::MergeBoard).
    pub changes: Vec<Change>,
}

impl BoardMerge {
    /// Computes the effect of merging `theirs` into `own`. The pairs in `apart` are not joined: their records are
    /// added beside one's own, under another name where names must differ.
    #[must_use]
    pub fn of(theirs: &Board, own: &Board, apart: &Apart) -> Self {
        Adding::new(theirs, own, apart).merge()
    }
}

/// Returns the number of changes that both boards have: if there are any, the boards are copies of one board, and
/// [`Board::merge`] joins them without doubling anything.
#[must_use]
pub fn shared_changes(one: &Board, other: &Board) -> usize {
    let shared = one.log().entries().filter(|entry| {
        let same = other.log().entry(entry.id());
        same.is_some_and(|same| !same.clashes_with(entry))
    });
    shared.count()
}
