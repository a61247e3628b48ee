//! The tables of a board's records.

use std::collections::{BTreeMap, BTreeSet};

use crate::ChangeId;
use crate::change::ReviewHeld;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, BriefReadId, Crux, CruxId, Decision, DecisionId, Evidence,
    EvidenceId, FollowUp, FollowUpId, JointCredence, JointCredenceId, Message, MessageId,
    OptionCredence, OptionCredenceId, OptionId, Person, PersonId, Position, PositionId, Record,
    Review, ReviewId, Round, RoundId, Statement, StatementId, Term, TermId, Trigger, TriggerId,
};

/// A table of records. They are boxed, so that the code of the map is shared by all entities.
pub(super) type Table<Id, T> = BTreeMap<Id, Box<Record<Id, T>>>;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tables {
    pub(super) info: BoardInfo,
    pub(super) options: Table<OptionId, BoardOption>,
    pub(super) people: Table<PersonId, Person>,
    pub(super) cruxes: Table<CruxId, Crux>,
    pub(super) triggers: Table<TriggerId, Trigger>,
    pub(super) evidence: Table<EvidenceId, Evidence>,
    pub(super) statements: Table<StatementId, Statement>,
    pub(super) option_credences: Table<OptionCredenceId, OptionCredence>,
    pub(super) joint_credences: Table<JointCredenceId, JointCredence>,
    pub(super) positions: Table<PositionId, Position>,
    pub(super) follow_ups: Table<FollowUpId, FollowUp>,
    pub(super) terms: Table<TermId, Term>,
    pub(super) recorded_reviews: Table<ChangeId, ReviewHeld>,
    pub(super) decisions: Table<DecisionId, Decision>,
    pub(super) reviews: Table<ReviewId, Review>,
    pub(super) rounds: Table<RoundId, Round>,
    pub(super) messages: Table<MessageId, Message>,
    pub(super) brief_reads: Table<BriefReadId, BriefRead>,
    pub(super) by_crux: BTreeMap<CruxId, Linked>,
}

/// The records that belong to one crux, whether or not the crux itself exists.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Linked {
    pub(super) statements: BTreeSet<StatementId>,
    pub(super) triggers: BTreeSet<TriggerId>,
    pub(super) evidence: BTreeSet<EvidenceId>,
    pub(super) positions: BTreeSet<PositionId>,
    pub(super) follow_ups: BTreeSet<FollowUpId>,
    pub(super) parts: BTreeSet<CruxId>,
}
