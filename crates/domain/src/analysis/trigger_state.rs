//! How a trigger stands: judged when it waits for an event, computed when it watches credences.

use crate::board::Board;
use crate::change::TriggerChecked;
use crate::date::{Now, Viewpoint};
use crate::estimate::{Estimate, estimate};
use crate::record::{
    Comparison, CredenceRule, Dispute, Measure, Record, Trigger, TriggerId, Verdict, keyed_enum,
};
use crate::{ChangeId, Credence};

keyed_enum! {
    /// How a trigger stands.
    TriggerState {
        /// Still being written.
        Draft = "draft", "draft";
        /// Waiting.
        Armed = "armed", "armed";
        /// Not met, but close to it.
        Near = "near", "near";
        /// It has happened: it calls a decision.
        Met = "met", "met";
        /// It did not happen in time.
        NotMet = "not-met", "not met";
        /// Its date has passed and nobody has judged it. It speaks for no option.
        Undecided = "undecided", "undecided";
        /// The question has become meaningless.
        Void = "void", "void";
        /// People judge it differently.
        Disputed = "disputed", "disputed";
    }
}

impl TriggerState {
    /// Whether somebody still has to watch it or do something about it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::NotMet | Self::Void)
    }
}

/// Within how many points of its value a credence trigger is near.
const NEAR_POINTS: f64 = 5.0;

/// How a trigger stands for somebody who looks at the board.
#[must_use]
pub fn trigger_state(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> TriggerState {
    trigger_state_at(board, trigger, viewpoint.into(), ChangeId::MAX)
}

/// As [`trigger_state`], with what was said and reviewed up to `moment` only.
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

/// Why a trigger is disputed, if it is.
#[must_use]
pub fn dispute(board: &Board, trigger: &Record<TriggerId, Trigger>) -> Option<Dispute> {
    let is_moved = || is_moved_when_met(board, trigger, ChangeId::MAX);
    trigger
        .dispute()
        .or_else(|| is_moved().then_some(Dispute::Rule))
}

/// Whether a computed trigger was met when its rule, quorum or crux was changed, and since then nobody
/// has judged it: otherwise a moved goalpost would be a way to be rid of what it called. One that a
/// decision had answered before has called nothing any more.
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

/// What a credence trigger looks at, at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// What it is compared with.
    pub rule: CredenceRule,
    /// The aggregate in percent, or the spread in points; `None` where there is none.
    pub figure: Option<Credence>,
    /// How many people's credences it rests on.
    pub people: usize,
    /// How many people the board has.
    pub of: usize,
    /// How many people's credences it takes.
    pub quorum: usize,
}

impl Measured {
    /// Whether enough people have stated a credence.
    #[must_use]
    pub fn has_quorum(&self) -> bool {
        self.people >= self.quorum
    }

    /// Whether the rule holds, with its quorum.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.has_quorum() && self.is_within(0.0)
    }

    /// Whether the figure is on the side of the value that the rule asks for, or so many points
    /// away from it, however few people it rests on.
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
    /// How many people's credences it takes on a board with so many people.
    #[must_use]
    pub fn quorum_of(&self, people: usize) -> usize {
        self.quorum
            .map_or_else(|| (people / 2 + 1).max(2), |own| usize::from(own).max(1))
    }

    /// What it looks at, of these people's estimate; `None` for an event trigger.
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

/// What a credence trigger looks at now; `None` for an event trigger.
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
    let estimate = estimate(&views, viewpoint.with_stale);
    let people = board.people().count();
    let nobody = Measured {
        rule,
        figure: None,
        people: 0,
        of: people,
        quorum: trigger.quorum_of(people),
    };
    trigger.measured(estimate, people).unwrap_or(nobody)
}

/// What a review that counts found of a credence trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewFinding {
    /// The change that closed or recorded the review.
    pub review: ChangeId,
    /// Whether the rule held, with its quorum.
    pub held: bool,
    /// The aggregate in percent, or the spread in points.
    pub figure: Option<Credence>,
    /// How many people's credences that rests on.
    pub people: usize,
    /// How many people the board had.
    pub of: usize,
    /// How many credences are dated before the review and were written down after it, as revealed
    /// answers are. They do not count for it.
    pub late: usize,
}

/// The reviews that count for a credence trigger, oldest first: those after it was armed, or after
/// its rule was changed, at which its crux was gone through. Stale credences count at a review.
///
/// What was written down when the review was closed is kept. Older versions wrote nothing down:
/// their reviews are worked out from what the log holds up to the closing.
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

/// The review at which a trigger was met that asks for so many running; `None`: it is not.
fn met_at(reviews: &[ReviewFinding], needed: u8) -> Option<ChangeId> {
    let needed = usize::from(needed);
    let running = reviews.iter().rev().take_while(|found| found.held).count();
    let first = reviews.len() - running;
    let last = (running >= needed).then(|| first + needed.saturating_sub(1))?;
    reviews.get(last).map(|found| found.review)
}

/// Since when a credence trigger has been met; `None`: it is not, or it is an event trigger.
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
    // Back to the latest statement after which the rule did not hold.
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

/// What a review that is closed now finds of a trigger that counts reviews; `None` of another one.
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
