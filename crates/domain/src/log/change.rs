//! Changes: immutable facts with an id, an author and a payload.

use serde::{Deserialize, Serialize};

use crate::record::strict::objects_only;
use crate::record::{
    Answer, BearsOn, BoardInfoEdit, BoardOptionEdit, BriefReadEdit, BriefReadId, CruxEdit, CruxId,
    DecisionEdit, DecisionId, EvidenceEdit, EvidenceId, FollowUpEdit, FollowUpId, MessageEdit,
    MessageId, OptionId, PersonEdit, PersonId, PositionEdit, PositionId, ReviewEdit, ReviewId,
    RoundEdit, RoundId, StatementId, TermEdit, TermId, TriggerEdit, TriggerId, Verdict,
};
use crate::{ChangeId, Credence};

/// An immutable fact: who stated it, and when.
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
        // Serialising plain data with text keys cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Fields of a record set anew.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Edited<Id, Edit> {
    /// The record.
    pub of: Id,
    /// The fields.
    pub set: Edit,
    /// Why; asked for where it matters, such as an armed trigger's threshold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What a change says. Names are in the past tense: it has happened, and is never rewritten.
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
    /// These changes no longer count, so that what stood before them shows again: undo. Retracting
    /// a retraction is redo.
    Retracted(Vec<ChangeId>),
    /// The content of these changes is erased for good, everywhere.
    Redacted(Vec<ChangeId>),
    /// What is left of a change whose content was erased.
    Blank,
}

/// A judge's word on an event trigger.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TriggerJudged {
    /// The trigger.
    pub trigger: TriggerId,
    /// What was judged.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// On what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
    /// The judgements that it settles: those that stood while the trigger was disputed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settles: Vec<ChangeId>,
}

/// What a review found of a computed trigger. It is written when the review is closed, so that
/// later credences, reveals and late arrivals do not change it.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct TriggerChecked {
    /// The trigger.
    pub trigger: TriggerId,
    /// The change that closed or recorded the review.
    pub review: ChangeId,
    /// Whether its rule held, with its quorum.
    pub held: bool,
    /// The aggregate in percent, or the spread in points; `None` where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Credence>,
    /// How many people's credences that rests on.
    pub people: u16,
    /// How many people the board had.
    pub of: u16,
}

/// How an item of evidence bears on one crux.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct EvidenceWeighed {
    /// The item.
    pub evidence: EvidenceId,
    /// The crux.
    pub crux: CruxId,
    /// How; `None`: it does not, after all.
    #[serde(default)]
    pub bears_on: Option<BearsOn>,
}

/// One person's credence at one time.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct CredenceStated {
    /// On which crux.
    pub crux: CruxId,
    /// Whose; the change's `by` is who wrote it down.
    pub person: PersonId,
    /// How likely, in percent.
    pub credence: Credence,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What was hashed with the reason in a blind round, as hexadecimal; empty outside of one. It
    /// stands here and not in the reveal, so that it goes when the reason is erased: a short reason
    /// could be guessed from its hash and salt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason_salt: String,
    /// On what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
    /// Whether it says again what stood before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reaffirms: bool,
    /// When it was held, as Unix milliseconds, if that was before it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// The wall clock when it was filed, as Unix milliseconds, where the change's id is ahead of
    /// it: see [`wall_clock_beside`](Self::wall_clock_beside).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_clock: Option<u64>,
}

impl CredenceStated {
    /// The wall clock as it is stored beside an id: only where the id is more than a minute ahead
    /// of it, as on a board that has a change of a device whose clock is ahead. Versions without this
    /// field keep a statement that has it unread, so it is written no more often than it takes.
    ///
    /// `None` too where the clock shows a time before this app existed: it was never set.
    #[must_use]
    pub fn wall_clock_beside(id: ChangeId, now_millis: u64) -> Option<u64> {
        const TOLERATED_MILLIS: u64 = 60_000;
        /// 2025-01-01T00:00:00Z.
        const EARLIEST_MILLIS: u64 = 1_735_689_600_000;
        let is_ahead = id.millis() > now_millis.saturating_add(TOLERATED_MILLIS);
        Some(now_millis).filter(|now| is_ahead && *now >= EARLIEST_MILLIS)
    }

    /// Returns when the change with this id filed it, as Unix milliseconds.
    #[must_use]
    pub fn filed_at(&self, id: ChangeId) -> u64 {
        let dated = id.millis();
        self.wall_clock.map_or(dated, |clock| clock.min(dated))
    }

    /// Returns when it was held, as Unix milliseconds: never later than the wall clock showed.
    #[must_use]
    pub fn held_at(&self, id: ChangeId) -> u64 {
        let at = self.at.unwrap_or(id.millis());
        self.wall_clock.map_or(at, |clock| clock.min(at))
    }
}

/// Reason and evidence given after the statement.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct StatementExplained {
    /// The statement.
    pub statement: StatementId,
    /// Why.
    pub reason: String,
    /// On what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
}

/// A meeting at which the board was gone through.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct ReviewHeld {
    /// Who was there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// What is to be remembered of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What was noted on one crux at a review; the later note replaces the earlier.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct ReviewNoted {
    /// The review.
    #[serde(rename = "meeting")]
    pub review: ReviewId,
    /// The crux.
    pub crux: CruxId,
    /// The note.
    pub text: String,
    /// Whether anybody may read it, as it stands here. Said with the text, so that it can never come
    /// to stand by another one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_public: bool,
}

/// A question or remark in a blind round, before answering.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundSaid {
    /// The round.
    pub round: RoundId,
    /// What.
    pub text: String,
}

/// Somebody has answered a blind round.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundSealed {
    /// The round.
    pub round: RoundId,
    /// Who.
    pub person: PersonId,
    /// The salted hash of their answers: SHA-256, in hexadecimal.
    pub seal: String,
}

/// A blind round is over: answers are published from now on.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundClosed {
    /// The round.
    pub round: RoundId,
    /// Who had not answered, as far as the closer could see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<PersonId>,
    /// The seals that the closer could see. Others are late, whatever their date. Older versions
    /// leave this out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seals: Option<Vec<ChangeId>>,
}

/// What somebody had answered in a closed round.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoundRevealed {
    /// The round.
    pub round: RoundId,
    /// Who.
    pub person: PersonId,
    /// What was hashed along.
    pub salt: String,
    /// The answers.
    pub answers: Vec<Answer>,
}

objects_only! {
    Change,
    Edited<Id, Edit>,
    TriggerJudged,
    TriggerChecked,
    EvidenceWeighed,
    CredenceStated,
    StatementExplained,
    ReviewHeld,
    ReviewNoted,
    RoundSaid,
    RoundSealed,
    RoundClosed,
    RoundRevealed,
}

impl Payload {
    /// The record it is about: for an addition, the one that `id` names.
    #[must_use]
    pub fn record(&self, id: ChangeId) -> Option<ChangeId> {
        Some(match self {
            Self::BoardDescribed(_) => ChangeId::MIN,
            Self::OptionAdded(_)
            | Self::PersonAdded(_)
            | Self::CruxAdded(_)
            | Self::TriggerAdded(_)
            | Self::EvidenceFiled(_)
            | Self::CredenceStated(_)
            | Self::PositionRecorded(_)
            | Self::FollowUpAdded(_)
            | Self::TermDefined(_)
            | Self::ReviewHeld(_)
            | Self::DecisionRecorded(_)
            | Self::ReviewStarted(_)
            | Self::RoundOpened(_)
            | Self::MessageListed(_)
            | Self::BriefSeen(_) => id,
            Self::MessageEdited(edited) => edited.of.0,
            Self::BriefSeenEdited(edited) => edited.of.0,
            Self::DecisionEdited(edited) => edited.of.0,
            Self::ReviewEdited(edited) => edited.of.0,
            Self::ReviewNoted(noted) => noted.review.0,
            Self::ReviewClosed(review) => review.0,
            Self::RoundSaid(said) => said.round.0,
            Self::RoundSealed(sealed) => sealed.round.0,
            Self::RoundClosed(closed) => closed.round.0,
            Self::RoundRevealed(revealed) => revealed.round.0,
            Self::OptionEdited(edited) => edited.of.0,
            Self::PersonEdited(edited) => edited.of.0,
            Self::CruxEdited(edited) => edited.of.0,
            Self::TriggerEdited(edited) => edited.of.0,
            Self::TriggerJudged(judged) => judged.trigger.0,
            Self::TriggerChecked(checked) => checked.trigger.0,
            Self::EvidenceEdited(edited) => edited.of.0,
            Self::EvidenceWeighed(weighed) => weighed.evidence.0,
            Self::StatementExplained(explained) => explained.statement.0,
            Self::PositionEdited(edited) => edited.of.0,
            Self::FollowUpEdited(edited) => edited.of.0,
            Self::TermEdited(edited) => edited.of.0,
            Self::Trashed(record) | Self::Restored(record) => *record,
            Self::Retracted(_) | Self::Redacted(_) | Self::Blank => return None,
        })
    }

    /// Whether it is a seal, a closing or a reveal of a blind round. A retraction of it has no effect:
    /// it would reopen a round whose answers have been seen, or bring back an earlier answer.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        match self {
            Self::RoundSealed(_) => self.is_erased(),
            _ => matches!(self, Self::RoundClosed(_) | Self::RoundRevealed(_)),
        }
    }

    /// Whether it speaks about other changes, and so can itself not be erased.
    #[must_use]
    pub fn is_about_changes(&self) -> bool {
        matches!(self, Self::Retracted(_) | Self::Redacted(_))
    }

    /// Whether nothing is left of it that an erasure would take. A blind round keeps its opening,
    /// seals, closings and published numbers, since it would be reopened without them; only texts
    /// are erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        match self {
            Self::Blank | Self::RoundOpened(_) | Self::RoundClosed(_) => true,
            Self::RoundSealed(sealed) => is_hash(&sealed.seal),
            Self::RoundRevealed(revealed) => {
                is_hash(&revealed.salt)
                    && revealed
                        .answers
                        .iter()
                        .all(|answer| answer.reason.is_empty() && is_hash(&answer.reason_seal))
            }
            _ => self.is_about_changes(),
        }
    }

    /// Returns its content after an erasure. Idempotent.
    #[must_use]
    pub(crate) fn erased(self) -> Self {
        if self.is_erased() {
            return self;
        }
        let Self::RoundRevealed(mut revealed) = self else {
            return Self::Blank;
        };
        // An older version hashed the reasons with this salt: they could be guessed with it.
        revealed.salt.clear();
        for answer in &mut revealed.answers {
            answer.reason.clear();
            if !is_hash(&answer.reason_seal) {
                answer.reason_seal.clear();
            }
        }
        Self::RoundRevealed(revealed)
    }
}

/// Whether a text can be a hash or a salt, in hexadecimal, or is empty. Any other text in their place
/// can be erased.
fn is_hash(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
