//! Scores of credences, once the outcome of a claim is clear: per person and for the group, beside two
//! baselines. [`outcome`](crate::outcome) determines the outcome; each claim counts once, however many
//! triggers show it. [`calibration`](crate::calibration) compares credences with the rate at which claims
//! came true.
//!
//! - Brier score: the square of the distance between the credence and the outcome, 0 or 1 (Brier,
//!   "Verification of forecasts expressed in terms of probability", 1950; here in the common form for one
//!   event, half of the original, which counts both outcomes). 0 is best, 1 is worst, and 50% always earns
//!   0.25.
//! - Logarithmic score: the natural logarithm of the probability given to the outcome (Good, "Rational
//!   decisions", 1952). 0 is best; 50% earns −0.693. 0% and 100% count as 0.1% and 99.9%, since a person who
//!   was certain and wrong would never recover.
//! - Time-weighted: the mean over the time from anybody's first credence until the outcome was clear, as in
//!   forecasting tournaments (Mellers et al., "Psychological strategies for winning a geopolitical
//!   forecasting tournament", 2014). Before a person's own first credence 50% counts for them, so that being
//!   right early earns more than being right on the last day. A credence counts from the time at which it was
//!   recorded, even if it states an earlier date.
//! - Compared with the group: the mean over the days from a person's first credence on, of their credences
//!   and of the group's aggregate on the same days of the same claims.

use std::collections::BTreeMap;

use crate::Credence;
use crate::board::Board;
use crate::forecast::{ForecastHistory, histories, histories_of};
use crate::outcome::{OutcomeError, outcome};
use crate::record::{Crux, CruxId, PersonId, Record, Stage, Verdict};

/// Returns the square of the distance between a credence and the outcome: 0 to 1, lower is better.
#[must_use]
pub fn brier(credence: Credence, came_true: bool) -> f64 {
    let outcome = if came_true { 1.0 } else { 0.0 };
    (credence.percent() / 100.0 - outcome).powi(2)
}

/// Returns the natural logarithm of the probability given to the outcome: at most 0, higher is better.
#[must_use]
pub fn log_score(credence: Credence, came_true: bool) -> f64 {
    let chance = credence.percent().clamp(0.1, 99.9) / 100.0;
    if came_true { chance } else { 1.0 - chance }.ln()
}

/// Both scores of the same credences.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Mean Brier score, 0 to 1.
    pub brier: f64,
    /// Mean logarithmic score, at most 0.
    pub log: f64,
}

impl Figures {
    /// The scores of stating 50% always.
    pub const OF_HALF: Self = Self {
        brier: 0.25,
        log: -std::f64::consts::LN_2,
    };

    /// Returns the means of both scores; zeros if there are no items.
    fn mean<T>(items: &[T], of: impl Fn(&T, fn(Credence, bool) -> f64) -> f64) -> Self {
        let count = items.len().max(1) as f64;
        let mean = |score| items.iter().map(|item| of(item, score)).sum::<f64>() / count;
        Self {
            brier: mean(brier),
            log: mean(log_score),
        }
    }
}

/// The scores of a person or of the group.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The person; `None` is the group's aggregate.
    pub person: Option<PersonId>,
    /// Scores of the last credence in each claim before its outcome was clear.
    pub last: Figures,
    /// Scores over the whole time.
    pub weighted: Figures,
    /// Scores over the days from the person's first credence on.
    pub own_days: Figures,
    /// Scores of the group's aggregate on the same days of the same claims.
    pub group_same_days: Figures,
    /// Number of cruxes.
    pub cruxes: usize,
}

/// A person's history on a claim, and that of the group.
type WithGroup<'a> = (&'a ForecastHistory, &'a ForecastHistory);

fn score(person: Option<PersonId>, histories: &[WithGroup<'_>]) -> Score {
    let last = |(own, _): &WithGroup<'_>, score: fn(Credence, bool) -> f64| {
        own.last().map_or(0.0, |last| score(last, own.came_true))
    };
    let group = |(own, group): &WithGroup<'_>, score| match group.between(own.first(), own.until) {
        Some(group) => group.mean_since_first(score),
        None => own.mean_since_first(score),
    };
    Score {
        person,
        last: Figures::mean(histories, last),
        weighted: Figures::mean(histories, |(own, _), score| own.mean(score)),
        own_days: Figures::mean(histories, |(own, _), score| own.mean_since_first(score)),
        group_same_days: Figures::mean(histories, group),
        cruxes: histories.len(),
    }
}

/// Returns the scores of the group, and then of everybody who stated a credence in a claim before its outcome
/// was clear.
#[must_use]
pub fn scores(board: &Board) -> Vec<Score> {
    let claims = histories(board);
    let mut found: BTreeMap<Option<PersonId>, Vec<WithGroup<'_>>> = BTreeMap::new();
    for claim in &claims {
        let Some(group) = claim.get(&None) else {
            continue;
        };
        for (who, own) in claim {
            found.entry(*who).or_default().push((own, group));
        }
    }
    let scores = found.iter().map(|(who, all)| score(*who, all));
    scores.collect()
}

/// Returns the scores on one crux, with everybody's last credence; none while it is open.
#[must_use]
pub fn scores_on(board: &Board, crux: &Record<CruxId, Crux>) -> Vec<(Credence, Score)> {
    let Ok(outcome) = outcome(board, crux) else {
        return Vec::new();
    };
    let claim = histories_of(board, crux.id, outcome);
    let Some(group) = claim.get(&None) else {
        return Vec::new();
    };
    let scored = claim.iter();
    scored
        .filter_map(|(who, own)| Some((own.last()?, score(*who, &[(own, group)]))))
        .collect()
}

/// The reason why a claim that may seem resolved is not scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotScored {
    /// The crux was retired.
    Retired,
    /// A trigger of the crux was judged void, and nothing else shows the outcome.
    Void,
    /// Judged triggers do not state what they show, or show opposite outcomes.
    Unclear,
    /// Nobody had stated a credence before the outcome could be known.
    NoForecast,
}

/// Returns the cruxes that are resolved but not scored, in the board's own order. They are listed so that it
/// is visible if claims are left out of the scores by choice.
#[must_use]
pub fn not_scored(board: &Board) -> Vec<(CruxId, NotScored)> {
    let cruxes = board.cruxes().into_iter();
    let found = cruxes.filter_map(|crux| {
        let is_void = || {
            let mut triggers = board.triggers_of(crux.id);
            triggers.any(|trigger| trigger.verdict() == Some(Verdict::Void))
        };
        let why = match outcome(board, crux) {
            Ok(outcome) => {
                let is_empty = histories_of(board, crux.id, outcome).is_empty();
                is_empty.then_some(NotScored::NoForecast)?
            }
            Err(OutcomeError::Open) if crux.stage() == Stage::Retired => NotScored::Retired,
            Err(OutcomeError::Open) => is_void().then_some(NotScored::Void)?,
            Err(_) => NotScored::Unclear,
        };
        Some((crux.id, why))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_the_published_ones() {
        let percent = |percent| Credence::clamped(percent);
        // A common worked example of the Brier score: it rained.
        for (stated, score) in [
            (100.0, 0.0),
            (0.0, 1.0),
            (70.0, 0.09),
            (30.0, 0.49),
            (50.0, 0.25),
        ] {
            assert!(
                (brier(percent(stated), true) - score).abs() < 1e-9,
                "{stated}"
            );
        }
        // ln 0.5, ln 0.8 and ln 0.2.
        for (stated, came_true, score) in [
            (50.0, true, -std::f64::consts::LN_2),
            (80.0, true, -0.223_143_551_3),
            (80.0, false, -1.609_437_912_4),
        ] {
            assert!(
                (log_score(percent(stated), came_true) - score).abs() < 1e-9,
                "{stated}"
            );
        }
        assert!(log_score(Credence::CERTAIN, false).is_finite());
    }
}
