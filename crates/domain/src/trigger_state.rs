//! How a trigger stands: judged when it waits for an event, computed when it watches credences.

use chrono::NaiveDate;

use crate::Stamp;
use crate::board::Board;
use crate::estimate::{Estimate, LatestOf};
use crate::record::{
    Comparison, CredenceRule, CruxId, Measure, Record, Statement, StatementId, Trigger, TriggerId,
    Verdict, words,
};

words! {
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

/// How a trigger stands on the day `today`.
#[must_use]
pub fn trigger_state(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    today: NaiveDate,
) -> TriggerState {
    trigger_state_at(board, trigger, today, Stamp::MAX)
}

/// As [`trigger_state`], with what was said and reviewed up to `moment` only.
pub(crate) fn trigger_state_at(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    today: NaiveDate,
    moment: Stamp,
) -> TriggerState {
    if !trigger.armed {
        return TriggerState::Draft;
    }
    let is_past = trigger.by_date.is_some_and(|date| date < today);
    match (
        trigger.judgement().map(|judgement| judgement.verdict),
        trigger.rule,
    ) {
        (Some(Verdict::Met), _) => TriggerState::Met,
        (Some(Verdict::NotMet), _) => TriggerState::NotMet,
        (Some(Verdict::Void), _) => TriggerState::Void,
        (Some(Verdict::Disputed), _) => TriggerState::Disputed,
        (_, Some(rule)) => rule_state(board, trigger.crux, rule, moment),
        _ if is_past => TriggerState::Undecided,
        (Some(Verdict::Near), None) => TriggerState::Near,
        (Some(Verdict::Open) | None, None) => TriggerState::Armed,
    }
}

fn rule_state(board: &Board, crux: CruxId, rule: CredenceRule, moment: Stamp) -> TriggerState {
    let mut statements = board.statements_on(crux);
    statements.retain(|said| said.id.0 <= moment);
    let Some(now) = estimate_at(&statements, None) else {
        return TriggerState::Armed;
    };
    let holds_now = rule.holds(&now);
    let needed = usize::from(rule.reviews);
    let holds_at_reviews = needed > 0 && {
        let mut held = board.review_moments();
        held.retain(|held| *held <= moment);
        let latest = held.iter().rev().take(needed);
        latest
            .filter(|review| {
                estimate_at(&statements, Some(**review))
                    .is_some_and(|estimate| rule.holds(&estimate))
            })
            .count()
            == needed
    };
    if holds_at_reviews || (needed == 0 && holds_now) {
        TriggerState::Met
    } else if holds_now || rule.is_within(&now, NEAR_POINTS) {
        TriggerState::Near
    } else {
        TriggerState::Armed
    }
}

/// What the statements up to a review added up to; `None`: all of them. Ids tell what came first
/// within one millisecond, which a clock that was set back makes last.
fn estimate_at(
    statements: &[&Record<StatementId, Statement>],
    review: Option<Stamp>,
) -> Option<Estimate> {
    let is_seen = |said: &&&Record<StatementId, Statement>| {
        review.is_none_or(|review| (said.at, said.id.0) <= (review.millis(), review))
    };
    let seen = statements.iter().filter(is_seen);
    let mut latest = LatestOf::default();
    for said in seen {
        latest.put(said.person, said.credence);
    }
    latest.estimate()
}

impl CredenceRule {
    fn distance(&self, estimate: &Estimate) -> f64 {
        let measured = match self.measure {
            Measure::Aggregate => estimate.aggregate.percent(),
            Measure::Spread => estimate.spread(),
        };
        match self.comparison {
            Comparison::AtLeast => self.value.percent() - measured,
            Comparison::AtMost => measured - self.value.percent(),
        }
    }

    /// Whether the estimate is on the side of the value that this rule asks for.
    #[must_use]
    pub fn holds(&self, estimate: &Estimate) -> bool {
        self.distance(estimate) <= 0.0
    }

    fn is_within(&self, estimate: &Estimate, points: f64) -> bool {
        self.distance(estimate) <= points
    }
}
