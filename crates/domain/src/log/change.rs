//! Changes: immutable facts with an id, an author and a payload.

mod credence;
mod erasure;
mod record_kind;
mod review;
mod round;
mod trigger;

use serde::{Deserialize, Serialize};

use crate::ChangeId;
use crate::record::strict::objects_only;
use crate::record::{
    BearsOn, BoardInfoEdit, BoardOptionEdit, BriefReadEdit, BriefReadId, CruxEdit, CruxId,
    DecisionEdit, DecisionId, EvidenceEdit, EvidenceId, FollowUpEdit, FollowUpId, MessageEdit,
    MessageId, OptionId, PersonEdit, PersonId, PositionEdit, PositionId, ReviewEdit, ReviewId,
    RoundEdit, TermEdit, TermId, TriggerEdit, TriggerId,
};
use crate::translatable;

pub use self::credence::{
    CredenceStated, JointCredenceStated, OptionCredenceStated, StatementExplained,
};
pub(crate) use self::record_kind::RecordKind;
pub use self::review::{ReviewHeld, ReviewNoted};
pub use self::round::{RoundClosed, RoundRevealed, RoundSaid, RoundSealed};
pub use self::trigger::TriggerJudged;
pub use crate::record::TriggerChecked;

/// An immutable fact with its author and time.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Change {
    /// Orders and dates the change, and names the record that it adds.
    pub id: ChangeId,
    /// The author: a person of the board, as chosen on the device. Not authenticated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// The first change of the same action, or `None` if this is the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<ChangeId>,
    /// The fact it states.
    #[serde(rename = "fact")]
    pub payload: Payload,
}

impl Change {
    /// Returns the id of the action it is part of. One undo retracts an action.
    #[must_use]
    pub fn action(&self) -> ChangeId {
        self.part_of.unwrap_or(self.id)
    }

    /// Returns the canonical JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serializing plain data with text keys cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An edit of a record: the fields that it sets.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Edited<Id, Edit> {
    /// The record.
    pub of: Id,
    /// The fields.
    pub set: Edit,
    /// The reason; required in some cases, such as for an armed trigger's threshold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The content of a change. The names are in the past tense: a change has happened, and is never rewritten.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "each name says it all; the fields are documented on their types"
)]
pub enum Payload {
    BoardDescribed(Box<BoardInfoEdit>),
    OptionAdded(Box<BoardOptionEdit>),
    OptionEdited(Box<Edited<OptionId, BoardOptionEdit>>),
    PersonAdded(Box<PersonEdit>),
    PersonEdited(Box<Edited<PersonId, PersonEdit>>),
    CruxAdded(Box<CruxEdit>),
    CruxEdited(Box<Edited<CruxId, CruxEdit>>),
    TriggerAdded(Box<TriggerEdit>),
    TriggerEdited(Box<Edited<TriggerId, TriggerEdit>>),
    TriggerJudged(Box<TriggerJudged>),
    TriggerChecked(Box<TriggerChecked>),
    EvidenceFiled(Box<EvidenceEdit>),
    EvidenceEdited(Box<Edited<EvidenceId, EvidenceEdit>>),
    EvidenceWeighed(EvidenceWeighed),
    CredenceStated(Box<CredenceStated>),
    OptionCredenceStated(Box<OptionCredenceStated>),
    JointCredenceStated(Box<JointCredenceStated>),
    StatementExplained(Box<StatementExplained>),
    PositionRecorded(Box<PositionEdit>),
    PositionEdited(Box<Edited<PositionId, PositionEdit>>),
    FollowUpAdded(Box<FollowUpEdit>),
    FollowUpEdited(Box<Edited<FollowUpId, FollowUpEdit>>),
    TermDefined(Box<TermEdit>),
    TermEdited(Box<Edited<TermId, TermEdit>>),
    ReviewHeld(Box<ReviewHeld>),
    DecisionRecorded(Box<DecisionEdit>),
    DecisionEdited(Box<Edited<DecisionId, DecisionEdit>>),
    #[serde(rename = "meeting-started")]
    ReviewStarted(Box<ReviewEdit>),
    #[serde(rename = "meeting-edited")]
    ReviewEdited(Box<Edited<ReviewId, ReviewEdit>>),
    #[serde(rename = "meeting-noted")]
    ReviewNoted(Box<ReviewNoted>),
    #[serde(rename = "meeting-closed")]
    ReviewClosed(ReviewId),
    RoundOpened(Box<RoundEdit>),
    RoundSaid(Box<RoundSaid>),
    RoundSealed(Box<RoundSealed>),
    RoundClosed(Box<RoundClosed>),
    RoundRevealed(Box<RoundRevealed>),
    MessageListed(Box<MessageEdit>),
    MessageEdited(Box<Edited<MessageId, MessageEdit>>),
    BriefSeen(Box<BriefReadEdit>),
    BriefSeenEdited(Box<Edited<BriefReadId, BriefReadEdit>>),
    Trashed(ChangeId),
    Restored(ChangeId),
    /// These changes no longer count, so that the state before them shows again: undo. Retracting a
    /// retraction is redo.
    Retracted(Vec<ChangeId>),
    /// The content of these changes is erased for good, everywhere.
    Redacted(Vec<ChangeId>),
    /// The remainder of a change whose content was erased.
    Blank,
}

/// The weight of an item of evidence on one crux.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct EvidenceWeighed {
    /// The item.
    pub evidence: EvidenceId,
    /// The crux.
    pub crux: CruxId,
    /// The weight; `None` if the item does not bear on the crux after all.
    #[serde(default)]
    pub bears_on: Option<BearsOn>,
}

objects_only! {
    Change,
    Edited<Id, Edit>,
    EvidenceWeighed,
}

/// The subject of a change.
#[derive(Clone, Copy)]
enum Subject {
    /// The record that it adds.
    Added(RecordKind),
    /// A record that exists.
    Record(ChangeId),
    /// The board's description.
    Board,
    /// Other changes, or nothing any more.
    Changes,
}

/// The position of a kind of change in a summary, and its words: for one such change, and for several, with
/// `{number}` for their number.
pub(crate) type KindWords = (u8, &'static str, &'static str);

/// The position of weights in a summary. They are not named beside the evidence that is weighed.
pub(crate) const WEIGHED: u8 = 24;
/// The position of trigger checks in a summary. They are not named beside their review.
pub(crate) const CHECKED: u8 = 42;
/// The position of edits of triggers in a summary. They are not named beside the closing of a review, which
/// moves their review dates.
pub(crate) const TRIGGER_EDITED: u8 = 9;
/// The position of closed reviews in a summary.
pub(crate) const REVIEW_CLOSED: u8 = 32;

impl Payload {
    /// Returns the record that the change is about. For a change that adds a record, its id is `id`.
    #[must_use]
    pub fn record(&self, id: ChangeId) -> Option<ChangeId> {
        match self.kind().0 {
            Subject::Added(_) => Some(id),
            Subject::Record(record) => Some(record),
            Subject::Board => Some(ChangeId::MIN),
            Subject::Changes => None,
        }
    }

    /// Returns the kind of record that the change adds, or `None` if it adds none.
    #[must_use]
    pub(crate) fn adds(&self) -> Option<RecordKind> {
        match self.kind().0 {
            Subject::Added(kind) => Some(kind),
            Subject::Record(_) | Subject::Board | Subject::Changes => None,
        }
    }

    /// Returns the words for this kind of change.
    pub(crate) fn words(&self) -> KindWords {
        self.kind().1
    }

    /// Returns what is known of each kind of change: its subject, and its words.
    #[rustfmt::skip]
    fn kind(&self) -> (Subject, KindWords) {
        use Subject::{Added, Board, Changes, Record};
        match self {
            Self::BoardDescribed(_) => (Board, (0, translatable!("board edited"), translatable!("board edited"))),
            Self::OptionAdded(_) => (Added(RecordKind::Option), (15, translatable!("option added"), translatable!("{number} options added"))),
            Self::OptionEdited(edited) => (Record(edited.of.0), (16, translatable!("option edited"), translatable!("{number} options edited"))),
            Self::PersonAdded(_) => (Added(RecordKind::Person), (17, translatable!("person added"), translatable!("{number} people added"))),
            Self::PersonEdited(edited) => (Record(edited.of.0), (18, translatable!("person edited"), translatable!("{number} people edited"))),
            Self::CruxAdded(_) => (Added(RecordKind::Crux), (1, translatable!("crux added"), translatable!("{number} cruxes added"))),
            Self::CruxEdited(edited) => (Record(edited.of.0), (2, translatable!("crux edited"), translatable!("{number} cruxes edited"))),
            Self::TriggerAdded(_) => (Added(RecordKind::Trigger), (8, translatable!("trigger added"), translatable!("{number} triggers added"))),
            Self::TriggerEdited(edited) => (Record(edited.of.0), (TRIGGER_EDITED, translatable!("trigger edited"), translatable!("{number} triggers edited"))),
            Self::TriggerJudged(judged) => (Record(judged.trigger.0), (10, translatable!("trigger outcome recorded"), translatable!("{number} trigger outcomes recorded"))),
            Self::TriggerChecked(checked) => (Record(checked.trigger.0), (CHECKED, translatable!("trigger checked"), translatable!("{number} triggers checked"))),
            Self::EvidenceFiled(_) => (Added(RecordKind::Evidence), (3, translatable!("evidence saved"), translatable!("{number} items of evidence saved"))),
            Self::EvidenceEdited(edited) => (Record(edited.of.0), (4, translatable!("evidence edited"), translatable!("{number} items of evidence edited"))),
            Self::EvidenceWeighed(weighed) => (Record(weighed.evidence.0), (WEIGHED, translatable!("evidence weighed"), translatable!("evidence weighed"))),
            Self::CredenceStated(stated) if stated.reaffirms => (Added(RecordKind::Statement), (5, translatable!("credence confirmed"), translatable!("{number} credences confirmed"))),
            Self::CredenceStated(_) => (Added(RecordKind::Statement), (6, translatable!("credence updated"), translatable!("{number} credences updated"))),
            Self::OptionCredenceStated(_) => (Added(RecordKind::OptionCredence), (43, translatable!("credence in an option updated"), translatable!("{number} credences in options updated"))),
            Self::JointCredenceStated(_) => (Added(RecordKind::JointCredence), (45, translatable!("joint effect of two cruxes updated"), translatable!("{number} joint effects of two cruxes updated"))),
            Self::StatementExplained(explained) => (Record(explained.statement.0), (7, translatable!("reason added"), translatable!("{number} reasons added"))),
            Self::PositionRecorded(_) => (Added(RecordKind::Position), (11, translatable!("position recorded"), translatable!("{number} positions recorded"))),
            Self::PositionEdited(edited) => (Record(edited.of.0), (12, translatable!("position edited"), translatable!("{number} positions edited"))),
            Self::FollowUpAdded(added) if added.decision.is_some() => (Added(RecordKind::FollowUp), (44, translatable!("action added"), translatable!("{number} actions added"))),
            Self::FollowUpAdded(_) => (Added(RecordKind::FollowUp), (13, translatable!("follow-up added"), translatable!("{number} follow-ups added"))),
            Self::FollowUpEdited(edited) => (Record(edited.of.0), (14, translatable!("follow-up edited"), translatable!("{number} follow-ups edited"))),
            Self::TermDefined(_) => (Added(RecordKind::Term), (19, translatable!("term defined"), translatable!("{number} terms defined"))),
            Self::TermEdited(edited) => (Record(edited.of.0), (20, translatable!("term edited"), translatable!("{number} terms edited"))),
            Self::ReviewHeld(_) => (Added(RecordKind::RecordedReview), (21, translatable!("review recorded"), translatable!("{number} reviews recorded"))),
            Self::DecisionRecorded(_) => (Added(RecordKind::Decision), (27, translatable!("decision recorded"), translatable!("{number} decisions recorded"))),
            Self::DecisionEdited(edited) => (Record(edited.of.0), (28, translatable!("decision edited"), translatable!("{number} decisions edited"))),
            Self::ReviewStarted(_) => (Added(RecordKind::Review), (29, translatable!("review started"), translatable!("{number} reviews started"))),
            Self::ReviewEdited(edited) => (Record(edited.of.0), (30, translatable!("review edited"), translatable!("{number} reviews edited"))),
            Self::ReviewNoted(noted) => (Record(noted.review.0), (31, translatable!("note added"), translatable!("{number} notes added"))),
            Self::ReviewClosed(review) => (Record(review.0), (REVIEW_CLOSED, translatable!("review closed"), translatable!("{number} reviews closed"))),
            Self::RoundOpened(_) => (Added(RecordKind::Round), (33, translatable!("blind round opened"), translatable!("{number} blind rounds opened"))),
            Self::RoundSaid(said) => (Record(said.round.0), (34, translatable!("question added to a blind round"), translatable!("question added to a blind round"))),
            Self::RoundSealed(sealed) => (Record(sealed.round.0), (35, translatable!("blind round answered"), translatable!("{number} blind rounds answered"))),
            Self::RoundClosed(closed) => (Record(closed.round.0), (36, translatable!("blind round closed"), translatable!("{number} blind rounds closed"))),
            Self::RoundRevealed(revealed) => (Record(revealed.round.0), (37, translatable!("answers revealed"), translatable!("answers of {number} people revealed"))),
            Self::MessageListed(_) => (Added(RecordKind::Message), (38, translatable!("message listed"), translatable!("{number} messages listed"))),
            Self::MessageEdited(edited) => (Record(edited.of.0), (39, translatable!("message edited"), translatable!("{number} messages edited"))),
            Self::BriefSeen(_) => (Added(RecordKind::BriefRead), (40, translatable!("reader of the brief added"), translatable!("{number} readers of the brief added"))),
            Self::BriefSeenEdited(edited) => (Record(edited.of.0), (41, translatable!("reader of the brief edited"), translatable!("{number} readers of the brief edited"))),
            Self::Trashed(record) => (Record(*record), (22, translatable!("moved to the trash"), translatable!("{number} records moved to the trash"))),
            Self::Restored(record) => (Record(*record), (23, translatable!("restored from the trash"), translatable!("{number} records restored"))),
            Self::Retracted(_) => (Changes, (25, translatable!("undone"), translatable!("undone"))),
            Self::Redacted(_) => (Changes, (26, translatable!("erased"), translatable!("erased"))),
            Self::Blank => (Changes, (26, translatable!("erased"), translatable!("erased"))),
        }
    }
}
