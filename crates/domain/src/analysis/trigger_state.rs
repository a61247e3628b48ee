//! The state of a trigger: judged if it is about an event, computed if it is about credences.

use crate::board::Board;
use crate::change::TriggerChecked;
use crate::date::{Now, Viewpoint};
use crate::estimate::{Estimate, estimate};
use crate::record::{
    Comparison, CredenceRule, Dispute, Measure, Record, Trigger, TriggerId, Verdict, keyed_enum,
};
use crate::{ChangeId, Credence};

keyed_enum! {
    /// The state of a trigger.
    TriggerState {
        /// The trigger is a draft.
        Draft = "draft", "draft";
        /// The trigger is armed, and neither near nor met.
        Armed = "armed", "armed";
        /// The trigger is not met, but close to it.
        Near = "near", "near";
        /// The trigger is met, and calls for a decision or for its own action.
        Met = "met", "met";
        /// The event did not happen in time.
        NotMet = "not-met", "not met";
        /// The date has passed without an outcome. The trigger supports no option.
        Undecided = "undecided", "undecided";
        /// The question has become meaningless.
        Void = "void", "void";
        /// The recorded outcomes disagree.
        Disputed = "disputed", "disputed";
    }
}

impl TriggerState {
    /// Returns whether somebody still has to watch the trigger or act on it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::NotMet | Self::Void)
    }
}

/// The distance from its value within which a credence trigger is near, in percentage points.
const NEAR_POINTS: f64 = 5.0;

/// Returns the state of a trigger at a viewpoint.
#[must_use]
pub fn trigger_state(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> TriggerState {
    trigger_state_at(board, trigger, viewpoint.into(), ChangeId::MAX)
}

/// Returns the state of a trigger, counting only statements and reviews up to `moment`.
pub(crate) fn trigger_state_at(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: Viewpoint,
    moment: ChangeId,
) -> TriggerState {
    if !trigger.armed {
        return TriggerState::Draft;
    }
    let today = viewpoint.now.today();
    let is_past = trigger.by_date.is_some_and(|date| date < today);
    match (trigger.verdict(), trigger.rule) {
        (Some(Verdict::Met), _) => TriggerState::Met,
        (Some(Verdict::NotMet), _) => TriggerState::NotMet,
        (Some(Verdict::Void), _) => TriggerState::Void,
        (Some(Verdict::Disputed), _) => TriggerState::Disputed,
        (_, Some(_)) if is_moved_when_met(board, trigger, moment) => TriggerState::Disputed,
        (_, Some(rule)) => rule_state(board, trigger, rule, viewpoint, moment),
        _ if is_past => TriggerState::Undecided,
        (Some(Verdict::Near), None) => TriggerState::Near,
        (Some(Verdict::Open) | None, None) => TriggerState::Armed,
    }
}

/// Returns why a trigger is disputed, if it is.
#[must_use]
pub fn dispute(board: &Board, trigger: &Record<TriggerId, Trigger>) -> Option<Dispute> {
    let is_moved = || is_moved_when_met(board, trigger, ChangeId::MAX);
    trigger
        .dispute()
        .or_else(|| is_moved().then_some(Dispute::Rule))
}

/// Returns whether a computed trigger was met when its rule, quorum or crux was changed, and no outcome was
/// recorded since. Otherwise moving a goalpost would be a way to dismiss a call for a decision. If a decision
/// had answered it before, there is no open call.
fn is_moved_when_met(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    moment: ChangeId,
) -> bool {
    let judgements = trigger.judgements.iter();
    let judgements = judgements.filter(|one| !one.of_draft && one.id <= moment);
    let settled = judgements.map(|one| one.id).max().unwrap_or_default();
    let moves = trigger.rule_moves.iter();
    let mut open = moves.filter(|moved| settled < moved.id && moved.id <= moment);
    open.any(|moved| {
        let mut before = trigger.clone();
        before.value.crux = moved.crux;
        before.value.rule = Some(moved.rule);
        before.value.quorum = moved.quorum;
        before.value.counts_from = Some(moved.counts_from);
        let then = Now::utc(moved.id.millis()).into();
        let is_answered = board.decisions().any(|decision| {
            let id = decision.id.0;
            decision.answers.contains(&trigger.id) && moved.counts_from < id && id < moved.id
        });
        !is_answered && rule_state(board, &before, moved.rule, then, moved.id) == TriggerState::Met
    })
}

fn rule_state(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    rule: CredenceRule,
    viewpoint: Viewpoint,
    moment: ChangeId,
) -> TriggerState {
    let now = measure(board, trigger, rule, viewpoint, moment);
    let is_met = match rule.reviews {
        0 => now.holds(),
        needed => {
            let mut reviews = counted_reviews(board, trigger);
            reviews.retain(|found| found.review <= moment);
            met_at(&reviews, needed).is_some()
        }
    };
    if is_met {
        TriggerState::Met
    } else if now.is_within(NEAR_POINTS) {
        TriggerState::Near
    } else {
        TriggerState::Armed
    }
}

/// The comparison of a credence trigger at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The rule.
    pub rule: CredenceRule,
    /// The aggregate in percent, or the spread in percentage points; `None` without credences.
    pub figure: Option<Credence>,
    /// Number of people with a credence that counts.
    pub people: usize,
    /// Number of people on the board.
    pub of: usize,
    /// Number of people required.
    pub quorum: usize,
}

impl Measured {
    /// Returns whether enough people have stated a credence.
    #[must_use]
    pub fn has_quorum(&self) -> bool {
        self.people >= self.quorum
    }

    /// Returns whether the rule holds, with its quorum.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.has_quorum() && self.is_within(0.0)
    }

    /// Returns whether the figure is on the required side of the value, or at most `points` away from it,
    /// whatever the quorum.
    fn is_within(&self, points: f64) -> bool {
        self.figure.is_some_and(|figure| {
            let beyond = figure.percent() - self.rule.value.percent();
            match self.rule.comparison {
                Comparison::AtLeast => -beyond <= points,
                Comparison::AtMost => beyond <= points,
            }
        })
    }
}

impl Trigger {
    /// Returns the number of people required on a board of `people`: at least two, since one person's
    /// credence is no view of a group.
    #[must_use]
    pub fn quorum_of(&self, people: usize) -> usize {
        self.quorum.map_or(people / 2 + 1, usize::from).max(2)
    }

    /// Returns the comparison for an estimate; `None` for an event trigger.
    #[must_use]
    pub fn measured(&self, estimate: Option<Estimate>, people_on_board: usize) -> Option<Measured> {
        let rule = self.rule?;
        let figure = estimate.and_then(|estimate| match rule.measure {
            Measure::Aggregate => Some(estimate.aggregate),
            Measure::Spread => estimate.spread().map(Credence::clamped),
        });
        Some(Measured {
            rule,
            figure,
            people: estimate.map_or(0, |estimate| estimate.count),
            of: people_on_board,
            quorum: self.quorum_of(people_on_board),
        })
    }
}

/// Returns the present comparison of a credence trigger; `None` for an event trigger.
#[must_use]
pub fn measured(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> Option<Measured> {
    let rule = trigger.rule?;
    Some(measure(
        board,
        trigger,
        rule,
        viewpoint.into(),
        ChangeId::MAX,
    ))
}

fn measure(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    rule: CredenceRule,
    viewpoint: Viewpoint,
    moment: ChangeId,
) -> Measured {
    let views = board.current_views_until(trigger.crux, viewpoint.now.millis, moment);
    let estimate = estimate(board, &views, viewpoint.with_stale);
    let people = board.people_at(viewpoint.now.millis).count();
    let nobody = Measured {
        rule,
        figure: None,
        people: 0,
        of: people,
        quorum: trigger.quorum_of(people),
    };
    trigger.measured(estimate, people).unwrap_or(nobody)
}

/// The result of a review for a credence trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewFinding {
    /// The change that closed or recorded the review.
    pub review: ChangeId,
    /// Whether the rule held, with its quorum.
    pub held: bool,
    /// The aggregate in percent, or the spread in points.
    pub figure: Option<Credence>,
    /// Number of people whose credences counted.
    pub people: usize,
    /// Number of people on the board.
    pub of: usize,
    /// Number of credences that are dated before the review but were recorded after it, as revealed answers
    /// are. They do not count for this review.
    pub late: usize,
}

/// Returns the reviews that count for a credence trigger, oldest first: those that covered its crux, after
/// the trigger was armed or its rule was changed. Outdated credences count at a review.
///
/// Results recorded when the review was closed are used as they are. Older versions recorded none; their
/// reviews are computed from the log up to the closing.
#[must_use]
pub fn counted_reviews(board: &Board, trigger: &Record<TriggerId, Trigger>) -> Vec<ReviewFinding> {
    let (Some(rule), Some(from)) = (trigger.rule, trigger.counts_from) else {
        return Vec::new();
    };
    let statements = board.statements_on(trigger.crux);
    let finding = |review: ChangeId| {
        let mut checks = trigger.checks.iter();
        let (held, figure, people, of) = match checks.find(|check| check.review == review) {
            Some(check) => (
                check.held,
                check.figure,
                usize::from(check.people),
                usize::from(check.of),
            ),
            None => {
                let then = Now::utc(review.millis()).into();
                let found = measure(board, trigger, rule, then, review);
                (found.holds(), found.figure, found.people, found.of)
            }
        };
        let late = statements
            .iter()
            .filter(|said| said.id.0 > review && said.order <= review.millis());
        ReviewFinding {
            review,
            held,
            figure,
            people,
            of,
            late: late.count(),
        }
    };
    let reviews = board.reviews_on(trigger.crux, from).into_iter();
    reviews.map(finding).collect()
}

/// Returns the review at which a trigger that requires `needed` reviews in a row was met; `None` if it is not
/// met.
fn met_at(reviews: &[ReviewFinding], needed: u8) -> Option<ChangeId> {
    let needed = usize::from(needed);
    let running = reviews.iter().rev().take_while(|found| found.held).count();
    let first = reviews.len() - running;
    let last = (running >= needed).then(|| first + needed.saturating_sub(1))?;
    reviews.get(last).map(|found| found.review)
}

/// Returns since when a credence trigger has been met; `None` if it is not met, or is an event trigger.
#[must_use]
pub fn met_since(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> Option<ChangeId> {
    let (rule, viewpoint) = (trigger.rule?, viewpoint.into());
    if rule.reviews > 0 {
        return met_at(&counted_reviews(board, trigger), rule.reviews);
    }
    if !measure(board, trigger, rule, viewpoint, ChangeId::MAX).holds() {
        return None;
    }
    let mut since = trigger.counts_from?;
    let statements = board.statements_on(trigger.crux).into_iter();
    let mut said: Vec<ChangeId> = statements.map(|statement| statement.id.0).collect();
    said.sort();
    // Backwards to the latest statement after which the rule did not hold.
    for (place, id) in said.iter().enumerate().rev() {
        let then = Viewpoint {
            now: Now::utc(id.millis()),
            ..viewpoint
        };
        if !measure(board, trigger, rule, then, *id).holds() {
            since = since.max(said.get(place + 1).copied().unwrap_or(*id));
            break;
        }
    }
    Some(since)
}

/// Returns the result of a review that is closed now, for a trigger that counts reviews; otherwise `None`.
pub(crate) fn check(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    now: Now,
    review: ChangeId,
) -> Option<TriggerChecked> {
    let rule = trigger
        .rule
        .filter(|rule| trigger.armed && rule.reviews > 0)?;
    let found = measure(board, trigger, rule, now.into(), ChangeId::MAX);
    let count = |people: usize| u16::try_from(people).unwrap_or(u16::MAX);
    Some(TriggerChecked {
        trigger: trigger.id,
        review,
        held: found.holds(),
        figure: found.figure,
        people: count(found.people),
        of: count(found.of),
    })
}
