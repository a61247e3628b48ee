//! The changes between two moments of the log, as the reader of a board sees them.
//!
//! The board is compared in its states at both moments, so anything done and undone in between makes no
//! difference. Only records that the changes in between can have altered are folded again, so that a short
//! period of a long log is compared quickly. The reading list and the readers of the brief make no line,
//! since they affect no decision.

mod comparison;
mod touched;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use self::comparison::Differences;
use self::touched::Touched;
use crate::board::Board;
use crate::date::{Now, Viewpoint};
use crate::record::{
    BearsOn, CruxId, DecisionId, EvidenceId, FollowUpId, FollowUpState, GoalpostMove,
    JointCredenceId, Judgement, OptionCredenceId, OptionId, PersonId, PositionId, ReviewId,
    RoundId, StatementId, TermId, TriggerId,
};
use crate::trigger_state::TriggerState;
use crate::{ChangeId, Credence};

/// The subject of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each name says it all")]
pub enum About {
    Board,
    Option(OptionId),
    Person(PersonId),
    Crux(CruxId),
    Trigger(TriggerId),
    Evidence(EvidenceId),
    Statement(StatementId),
    OptionCredence(OptionCredenceId),
    JointCredence(JointCredenceId),
    Position(PositionId),
    FollowUp(FollowUpId),
    Term(TermId),
    RecordedReview(ChangeId),
    Decision(DecisionId),
    Review(ReviewId),
    Round(RoundId),
}

/// A field that differs, with its stored values as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field's name.
    pub name: String,
    /// The value before.
    pub before: Value,
    /// The value after.
    pub after: Value,
}

/// The kind of a difference.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The record was added.
    Added,
    /// The record was removed.
    Gone,
    /// Fields of the record differ.
    Edited(Vec<FieldChange>),
    /// A person's latest credence in a crux differs.
    Moved {
        /// The person.
        person: PersonId,
        /// The credence before, if there was one.
        before: Option<Credence>,
        /// The credence after; `None` if it was removed.
        after: Option<Credence>,
    },
    /// A person's latest statement on a crux differs, with the same credence: a confirmation, a return to the
    /// earlier credence, or another reason.
    Unmoved {
        /// The person.
        person: PersonId,
        /// The credence, before and after.
        credence: Credence,
    },
    /// The state of a trigger differs: before, after.
    Stands(TriggerState, TriggerState),
    /// The outcome of a trigger was recorded.
    Judged(Judgement),
    /// A goalpost of an armed trigger was moved.
    Goalpost(GoalpostMove),
    /// The weight of an item of evidence on this crux differs: before, after.
    Weighed(Option<BearsOn>, Option<BearsOn>),
}

impl What {
    /// Returns the size of a credence's move, in percentage points; 0 for a first estimate.
    #[must_use]
    pub fn points(&self) -> f64 {
        match self {
            Self::Moved {
                before: Some(before),
                after: Some(after),
                ..
            } => before.distance(*after),
            _ => 0.0,
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The subject.
    pub about: About,
    /// The kind of difference.
    pub what: What,
}

impl Line {
    /// Returns whether the rule was changed by which several credences become one.
    #[must_use]
    pub fn changes_pooling(&self) -> bool {
        let is_rule = |field: &FieldChange| POOLING.contains(&field.name.as_str());
        match &self.what {
            What::Edited(fields) => self.about == About::Board && fields.iter().any(is_rule),
            _ => false,
        }
    }
}

/// The fields of the board that make up the rule of pooling.
const POOLING: [&str; 3] = ["pooling", "weighting", "extremising"];

/// All differences about one crux, or about the board as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The crux; `None` for the board as a whole.
    pub crux: Option<CruxId>,
    /// The differences, largest moves first.
    pub lines: Vec<Line>,
}

impl Group {
    /// Returns the largest move, in percentage points.
    #[must_use]
    pub fn widest(&self) -> f64 {
        let points = self.lines.iter().map(|line| line.what.points());
        points.fold(0.0, f64::max)
    }
}

/// The numbers of differences of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items of evidence filed.
    pub evidence: usize,
    /// Credences that differ from those stated before.
    pub moves: usize,
    /// Credences of people who had stated none on the crux.
    pub first_estimates: usize,
    /// Triggers that are newly met.
    pub met: usize,
    /// Moved goalposts.
    pub goalposts: usize,
    /// Follow-ups that were done or became void.
    pub closed: usize,
}

/// The changes between two moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Since {
    /// The differences by crux, largest moves first. Those about no crux come last.
    pub groups: Vec<Group>,
}

impl Since {
    /// Returns the changes after `from`, up to and including `to`. If no change follows `to`, the comparison
    /// is with `now`, since dates may have passed since the last change.
    #[must_use]
    pub fn between(
        board: &Board,
        from: ChangeId,
        to: ChangeId,
        viewpoint: impl Into<Viewpoint>,
    ) -> Self {
        let viewpoint = viewpoint.into();
        let is_now = board
            .log()
            .entries()
            .next_back()
            .is_none_or(|last| last.id() <= to);
        let after: Cow<'_, Board> = if is_now {
            Cow::Borrowed(board)
        } else {
            Cow::Owned(board.at(to))
        };
        let touched = Touched::of(&after, from, viewpoint.with_stale);
        let before = touched.before(&after, from);
        let mut found = Differences::default();
        let at = |millis| Viewpoint {
            now: Now {
                millis,
                ..viewpoint.now
            },
            ..viewpoint
        };
        let until = if is_now {
            viewpoint.now.millis
        } else {
            to.millis()
        };
        let views = (at(from.millis()), at(until));
        found.compare(&before, &after, &touched, from, views);
        found.sorted(&after)
    }

    /// Returns whether the rule was changed by which several credences become one. Aggregates before and after
    /// then differ although nobody changed a credence.
    #[must_use]
    pub fn changes_pooling(&self) -> bool {
        let lines = self.groups.iter().flat_map(|group| &group.lines);
        lines.into_iter().any(Line::changes_pooling)
    }

    /// Counts the differences by kind.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        let mut evidence = BTreeSet::new();
        for line in self.groups.iter().flat_map(|group| &group.lines) {
            match &line.what {
                What::Added => {
                    if let About::Evidence(id) = line.about {
                        evidence.insert(id);
                    }
                }
                What::Moved { after: None, .. } => {}
                What::Moved { before, .. } => match before {
                    Some(_) => tally.moves += 1,
                    None => tally.first_estimates += 1,
                },
                What::Stands(_, state) => tally.met += usize::from(*state == TriggerState::Met),
                What::Goalpost(_) => tally.goalposts += 1,
                What::Edited(fields) => {
                    let is_closed = matches!(line.about, About::FollowUp(_))
                        && fields.iter().any(closes_follow_up);
                    tally.closed += usize::from(is_closed);
                }
                What::Gone | What::Unmoved { .. } | What::Judged(_) | What::Weighed(..) => {}
            }
        }
        tally.evidence = evidence.len();
        tally
    }
}

/// Returns whether this edit makes a follow-up done or void.
fn closes_follow_up(field: &FieldChange) -> bool {
    let state = field.after.as_str().and_then(FollowUpState::from_key);
    field.name == "state" && matches!(state, Some(FollowUpState::Done | FollowUpState::Void))
}
