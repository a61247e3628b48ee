//! Everything that waits: what, for whom, since when, and the command that clears it.

use chrono::NaiveDate;

use crate::board::Board;
use crate::change::Edited;
use crate::command::{Command, CommandError};
use crate::date::Viewpoint;
use crate::record::{
    BoardInfoEdit, CruxEdit, CruxId, DecisionId, FollowUpEdit, FollowUpId, FollowUpState, PersonId,
    Record, Stage, StatementId, Trigger, TriggerEdit, TriggerId, Verdict, keyed_enum,
};
use crate::text::folded;
use crate::trigger_state::{TriggerState, met_since, trigger_state};

keyed_enum! {
    /// Why something waits, most pressing first.
    DueKind {
        /// It calls a decision.
        Met = "met", "Trigger met: decide";
        /// When to decide again.
        Decision = "decision", "Decision to revisit";
        /// Its date has passed and nobody has judged it.
        Undecided = "undecided", "Overdue trigger";
        /// Its judges do not agree.
        Disputed = "disputed", "Verdict disputed";
        /// It may be met soon.
        Near = "near", "Trigger near";
        /// Its by-date.
        ByDate = "by-date", "By-date of a trigger";
        /// When it was to be looked at again.
        TriggerReview = "trigger-review", "Trigger to review";
        /// When the board was to be gone through again.
        BoardReview = "board-review", "Next review of the board";
        /// When the crux was to be looked at again.
        CruxReview = "crux-review", "Crux to review";
        /// We have to do it.
        Owed = "owed", "Owed";
        /// Somebody else has to.
        Awaited = "awaited", "Awaited";
        /// Somebody has not spoken on it for long.
        Stale = "stale", "Outdated credence";
        /// Nobody has said what speaks for it, or against.
        OneSided = "one-sided", "Evidence on one side only";
    }
}

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The board itself.
    Board,
    /// A trigger.
    Trigger(TriggerId),
    /// A crux.
    Crux(CruxId),
    /// Somebody's latest word on a crux.
    Statement(StatementId),
    /// Something owed or awaited.
    FollowUp(FollowUpId),
    /// The decision that stands.
    Decision(DecisionId),
}

/// For whom it waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Somebody of the board.
    Person(PersonId),
    /// Somebody else, as written.
    Named(String),
    /// Whoever comes first.
    Anybody,
}

/// One thing that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Why.
    pub kind: DueKind,
    /// What.
    pub subject: Subject,
    /// The crux it belongs to.
    pub crux: Option<CruxId>,
    /// Since when, or from when on; `None`: it waits already, for no particular day.
    pub date: Option<NaiveDate>,
    /// For whom.
    pub who: Who,
}

/// How it is cleared.
#[derive(Clone, Debug, PartialEq)]
pub enum Clearing {
    /// By what a judge says, and why.
    Judge(Verdict, String),
    /// It has become meaningless, because.
    Void(String),
    /// It is done.
    Done,
    /// It is looked at again on that day, or never.
    Again(Option<NaiveDate>),
    /// "Still my view."
    Reaffirm,
}

impl Due {
    /// Whether it waits already on that day.
    #[must_use]
    pub fn is_due(&self, today: NaiveDate) -> bool {
        self.date.is_none_or(|date| date <= today)
    }

    /// The command that clears it so.
    ///
    /// # Errors
    /// [`CommandError`] when it takes a reason and there is none, or it cannot be cleared so.
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

/// Everything that waits or will. What waits already comes first, most pressing first; the rest is by
/// day.
#[must_use]
pub fn due(board: &Board, viewpoint: impl Into<Viewpoint>) -> Vec<Due> {
    let viewpoint = viewpoint.into();
    let now = viewpoint.now;
    let today = now.today();
    let mut found = Vec::new();
    let info = board.info();
    found.extend(info.next_review.map(|date| Due {
        kind: DueKind::BoardReview,
        subject: Subject::Board,
        crux: None,
        date: Some(date),
        who: Who::Anybody,
    }));
    if let Some(decision) = board.standing_decision().filter(|d| d.until.is_some()) {
        found.push(Due {
            kind: DueKind::Decision,
            subject: Subject::Decision(decision.id),
            crux: None,
            date: decision.until,
            who: Who::Anybody,
        });
    }
    for crux in board.cruxes() {
        if crux.stage() != Stage::Open {
            continue;
        }
        let mut add = |kind, subject, date, who| {
            found.push(Due {
                kind,
                subject,
                crux: Some(crux.id),
                date,
                who,
            });
        };
        let owner = crux.owner.map_or(Who::Anybody, Who::Person);
        let subject = Subject::Crux(crux.id);
        if crux.review_on.is_some() {
            add(DueKind::CruxReview, subject, crux.review_on, owner.clone());
        }
        for trigger in board.triggers_of(crux.id) {
            let subject = Subject::Trigger(trigger.id);
            for (kind, date) in of_trigger(board, trigger, viewpoint) {
                add(kind, subject, date, named(board, &trigger.judge));
            }
        }
        let stale_days = u64::from(info.stale_days()) * 86_400_000;
        for view in board.current_views(crux.id, now.millis) {
            if view.is_stale {
                let since = now.day_of(view.statement.at.saturating_add(stale_days));
                let who = Who::Person(view.statement.person);
                add(
                    DueKind::Stale,
                    Subject::Statement(view.id),
                    Some(since),
                    who,
                );
            }
        }
        let (pro, con) = board.evidence_balance(crux.id);
        if (pro == 0) != (con == 0) {
            add(DueKind::OneSided, subject, None, owner);
        }
    }
    for follow_up in board.follow_ups() {
        let kind = match follow_up.state() {
            FollowUpState::Owed => DueKind::Owed,
            FollowUpState::Awaited => DueKind::Awaited,
            FollowUpState::Optional | FollowUpState::Done | FollowUpState::Void => continue,
        };
        found.push(Due {
            kind,
            subject: Subject::FollowUp(follow_up.id),
            crux: follow_up.crux,
            date: follow_up.by_date,
            who: named(board, &follow_up.owner),
        });
    }
    found.sort_by_key(|item| {
        let pressing = item.is_due(today).then_some(item.kind);
        (pressing.is_none(), pressing, item.date, item.kind)
    });
    found
}

/// What of a trigger waits, and since when or from when on.
fn of_trigger(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: Viewpoint,
) -> Vec<(DueKind, Option<NaiveDate>)> {
    let state = trigger_state(board, trigger, viewpoint);
    let mut found = Vec::new();
    match state {
        TriggerState::Draft | TriggerState::NotMet | TriggerState::Void => return found,
        TriggerState::Met if is_answered(board, trigger, viewpoint) => {}
        TriggerState::Met => found.push((DueKind::Met, None)),
        TriggerState::Disputed => found.push((DueKind::Disputed, None)),
        TriggerState::Undecided => found.push((DueKind::Undecided, trigger.by_date)),
        TriggerState::Near => found.push((DueKind::Near, None)),
        TriggerState::Armed => {}
    }
    let is_waiting = matches!(state, TriggerState::Armed | TriggerState::Near);
    if is_waiting && trigger.rule.is_none() && trigger.by_date.is_some() {
        found.push((DueKind::ByDate, trigger.by_date));
    }
    if trigger.review_on.is_some() {
        found.push((DueKind::TriggerReview, trigger.review_on));
    }
    found
}

/// Whether a decision answers a met trigger: one taken after the judgement, or, for a computed
/// trigger, after it was met. One that is met a second time asks for another decision.
#[must_use]
pub fn is_answered(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> bool {
    let mut answering = board
        .decisions()
        .filter(|decision| decision.answers.contains(&trigger.id))
        .peekable();
    if answering.peek().is_none() {
        return false;
    }
    let met = match trigger.rule {
        Some(_) => met_since(board, trigger, viewpoint),
        None => trigger.judgement().map(|judged| judged.id),
    };
    met.is_some_and(|met| answering.any(|decision| decision.id.0 > met))
}

/// Somebody of the board where the name is theirs, whatever its case.
fn named(board: &Board, name: &str) -> Who {
    let name = name.trim();
    if name.is_empty() {
        return Who::Anybody;
    }
    let person = board
        .people()
        .find(|person| folded(&person.name) == folded(name));
    person.map_or_else(
        || Who::Named(name.to_owned()),
        |person| Who::Person(person.id),
    )
}
