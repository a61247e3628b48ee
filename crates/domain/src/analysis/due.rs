//! Items that are due: kind, subject, assignee, date, and the command that clears each.

mod count;
mod finding;
mod order;

use chrono::{Days, NaiveDate};

use crate::board::Board;
use crate::change::Edited;
use crate::command::{Command, CommandError};
use crate::record::{
    BoardInfoEdit, CruxEdit, CruxId, DecisionId, FollowUpEdit, FollowUpId, FollowUpState, PersonId,
    StatementId, TriggerEdit, TriggerId, Verdict, keyed_enum,
};

pub use self::count::DueCount;
pub use self::finding::due;
pub(crate) use self::finding::{of_board, of_crux, of_follow_up};
pub(crate) use self::order::{DueKey, Origin};
pub use crate::met_trigger::is_answered;

keyed_enum! {
    /// The reason why an item is due, most pressing first.
    DueKind {
        /// A trigger is met and calls for a decision.
        Met = "met", "Trigger met: decide";
        /// A trigger is met and asks for an action that is no decision.
        MetAction = "met-action", "Trigger met: act";
        /// The revisit date of the standing decision.
        Decision = "decision", "Decision to revisit";
        /// The date of a trigger has passed without an outcome.
        Undecided = "undecided", "Overdue trigger";
        /// The outcomes recorded for a trigger disagree.
        Disputed = "disputed", "Verdict disputed";
        /// A trigger is near.
        Near = "near", "Trigger near";
        /// The by-date of a trigger.
        ByDate = "by-date", "By-date of a trigger";
        /// The date by which the claim is to be judged.
        ClaimByDate = "claim-by-date", "Claim to judge";
        /// The review date of a trigger.
        TriggerReview = "trigger-review", "Trigger to review";
        /// The date of the board's next review.
        BoardReview = "board-review", "Next review of the board";
        /// The review date of a crux.
        CruxReview = "crux-review", "Crux to review";
        /// A follow-up that the group owes.
        Owed = "owed", "Owed";
        /// A follow-up that somebody else owes the group.
        Awaited = "awaited", "Awaited";
        /// Somebody's latest credence was stated on other words than the claim has now.
        Reworded = "reworded", "Claim reworded: confirm or restate";
        /// Somebody's latest credence is outdated.
        Stale = "stale", "Outdated credence";
        /// A crux has evidence on one side only.
        OneSided = "one-sided", "Evidence on one side only";
    }
}

/// The subject of a due item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The board itself.
    Board,
    /// A trigger.
    Trigger(TriggerId),
    /// A crux.
    Crux(CruxId),
    /// Somebody's latest statement on a crux.
    Statement(StatementId),
    /// A follow-up.
    FollowUp(FollowUpId),
    /// The standing decision.
    Decision(DecisionId),
}

/// The person for whom an item is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A person of the board.
    Person(PersonId),
    /// Somebody outside the board, by the name as written.
    Named(String),
    /// Nobody in particular.
    Anybody,
}

/// A due item.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// The reason why it is due.
    pub kind: DueKind,
    /// The subject.
    pub subject: Subject,
    /// The crux that the subject belongs to.
    pub crux: Option<CruxId>,
    /// The date since which, or from which on, it is due; `None` if it is due now without a date.
    pub date: Option<NaiveDate>,
    /// The person for whom it is due.
    pub who: Who,
}

/// A part of the list of due items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuePart {
    /// The item is due now.
    Now,
    /// The item is due within 30 days.
    Soon,
    /// The item is due later.
    Later,
    /// The item is advice, without a date or person: evidence on one side only.
    Advice,
}

impl DuePart {
    /// All parts, most pressing first.
    pub const ALL: [Self; 4] = [Self::Now, Self::Soon, Self::Later, Self::Advice];
}

/// A way to clear a due item.
#[derive(Clone, Debug, PartialEq)]
pub enum Clearing {
    /// Records this outcome, with the reason.
    Judge(Verdict, String),
    /// Declares the subject void, with the reason.
    Void(String),
    /// Marks the subject as done.
    Done,
    /// Sets the next review date; `None` for no further review.
    Again(Option<NaiveDate>),
    /// Confirms the credence.
    Reaffirm,
}

impl Due {
    /// Returns the part of the list that the item belongs to on that day. All lists and counts of due items
    /// use it.
    #[must_use]
    pub fn part(&self, today: NaiveDate) -> DuePart {
        let in_30_days = today.checked_add_days(Days::new(30)).unwrap_or(today);
        if self.kind == DueKind::OneSided {
            DuePart::Advice
        } else if self.is_due(today) {
            DuePart::Now
        } else if self.is_due(in_30_days) {
            DuePart::Soon
        } else {
            DuePart::Later
        }
    }

    /// Returns whether the item is past its date on that day. All counts and colours of what is overdue use it.
    /// A credence to confirm is never overdue: its date says since when it asks.
    #[must_use]
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        let asks_again = matches!(self.kind, DueKind::Stale | DueKind::Reworded);
        !asks_again && self.date.is_some_and(|date| date < today)
    }

    /// Returns whether the item is due on that day.
    #[must_use]
    pub fn is_due(&self, today: NaiveDate) -> bool {
        self.date.is_none_or(|date| date <= today)
    }

    /// Returns the command that clears the item in this way.
    ///
    /// # Errors
    /// [`CommandError`] if a required reason is missing, or the item cannot be cleared in this way.
    pub fn command(&self, board: &Board, clearing: Clearing) -> Result<Command, CommandError> {
        let edit_follow_up = |of, state, outcome: Option<String>| {
            Command::EditFollowUp(Edited {
                of,
                set: FollowUpEdit {
                    state: Some(Some(state)),
                    outcome,
                    ..FollowUpEdit::default()
                },
                reason: String::new(),
            })
        };
        Ok(match (clearing, self.subject) {
            (Clearing::Judge(verdict, reason), Subject::Trigger(trigger)) => {
                judge(trigger, verdict, reason)
            }
            (Clearing::Void(reason), Subject::Trigger(trigger)) => {
                judge(trigger, Verdict::Void, reason)
            }
            (Clearing::Void(reason), Subject::FollowUp(_)) if reason.trim().is_empty() => {
                return Err(CommandError::Empty("reason"));
            }
            (Clearing::Void(reason), Subject::FollowUp(of)) => {
                edit_follow_up(of, FollowUpState::Void, Some(reason))
            }
            (Clearing::Done, Subject::FollowUp(of)) => {
                edit_follow_up(of, FollowUpState::Done, None)
            }
            (Clearing::Again(review_on), Subject::Trigger(of)) => Command::EditTrigger(Edited {
                of,
                set: TriggerEdit {
                    review_on: Some(review_on),
                    ..TriggerEdit::default()
                },
                reason: String::new(),
            }),
            (Clearing::Again(review_on), Subject::Crux(of)) => Command::EditCrux(Edited {
                of,
                set: CruxEdit {
                    review_on: Some(review_on),
                    ..CruxEdit::default()
                },
                reason: String::new(),
            }),
            (Clearing::Again(next_review), Subject::Board) => Command::Describe(BoardInfoEdit {
                next_review: Some(next_review),
                ..BoardInfoEdit::default()
            }),
            (Clearing::Reaffirm, Subject::Statement(id)) => {
                let said = board.statement(id).ok_or(CommandError::Gone("credence"))?;
                Command::Reaffirm {
                    crux: said.crux,
                    person: said.person,
                }
            }
            _ => return Err(CommandError::NothingToDo),
        })
    }
}

fn judge(trigger: TriggerId, verdict: Verdict, reason: String) -> Command {
    Command::JudgeTrigger {
        trigger,
        verdict,
        reason,
        evidence: Vec::new(),
    }
}
