//! How good credences were, once it is clear what came of a claim: scores per person and for the
//! group, and whether likely things came true as often as they were said to. What came of a claim is
//! for [`outcome`](crate::outcome) to say; each claim counts once, however many triggers tell.
//!
//! - Brier score: the square of the distance between the chance stated and what came true, 0 or 1
//!   (Brier, "Verification of forecasts expressed in terms of probability", 1950; here in the common
//!   form for one event, half of the original, which counts both outcomes). 0 is best, 1 is worst, and
//!   50% always earns 0.25.
//! - Logarithmic score: the natural logarithm of the chance given to what came true (Good, "Rational
//!   decisions", 1952). 0 is best; 50% earns −0.693. Certainty is pulled in to 0.1 and 99.9%, since
//!   one who was certain and wrong would never recover.
//! - Time-weighted: the mean over the time from anybody's first credence until the outcome was clear,
//!   as in forecasting tournaments (Mellers et al., "Psychological strategies for winning a
//!   geopolitical forecasting tournament", 2014). Until somebody's own first credence 50 % stands for
//!   them, so that one who is right early earns more than one who is right on the last day.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};

use crate::Credence;
use crate::board::{Board, WithBasis};
use crate::estimate::LatestOf;
use crate::outcome::{Outcome, outcome};
use crate::record::{Crux, CruxId, PersonId, Record};
use crate::round::sealed_when;

/// The square of the distance between a chance and what came true: 0 to 1, the less the better.
#[must_use]
pub fn brier(credence: Credence, came_true: bool) -> f64 {
    let outcome = if came_true { 1.0 } else { 0.0 };
    (credence.percent() / 100.0 - outcome).powi(2)
}

/// The natural logarithm of the chance given to what came true: at most 0, the more the better.
#[must_use]
pub fn log_score(credence: Credence, came_true: bool) -> f64 {
    let chance = credence.percent().clamp(0.1, 99.9) / 100.0;
    if came_true { chance } else { 1.0 - chance }.ln()
}

/// Two scores of the same credences.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Mean Brier score.
    pub brier: f64,
    /// Mean logarithmic score.
    pub log: f64,
}

/// How somebody, or the group, did.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Who; `None`: the group's aggregate.
    pub person: Option<PersonId>,
    /// By the last word before it was clear what came of each claim.
    pub last: Figures,
    /// Over the whole time.
    pub weighted: Figures,
    /// On how many cruxes.
    pub cruxes: usize,
}

/// What somebody said of one claim: each credence, from when on, in Unix milliseconds.
struct ForecastHistory {
    said: Vec<(u64, Credence)>,
    /// When anybody first stated a credence.
    begun: u64,
    known: u64,
    came_true: bool,
}

impl ForecastHistory {
    fn last(&self) -> Option<Credence> {
        self.said.last().map(|(_, credence)| *credence)
    }

    fn mean(&self, score: fn(Credence, bool) -> f64) -> f64 {
        let ends = self
            .said
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([self.known]);
        let first = self.said.first().map_or(self.begun, |(at, _)| *at);
        let mut whole = first.saturating_sub(self.begun) as f64;
        let mut sum = whole * score(Credence::HALF, self.came_true);
        for ((at, credence), end) in self.said.iter().zip(ends) {
            // What was said in the moment when it became clear still counts.
            let stood = end.saturating_sub(*at).max(1) as f64;
            whole += stood;
            sum += stood * score(*credence, self.came_true);
        }
        sum / whole
    }
}

/// The last moment at which a credence counts: when the outcome was clear, or the end of the last
/// day that counts.
fn last_moment(outcome: Outcome) -> u64 {
    let clear = outcome.at.millis();
    if outcome.scored_until >= outcome.at.day() {
        return clear;
    }
    let end = outcome.scored_until.and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1);
    u64::try_from(end.timestamp_millis() - 1).map_or(0, |end| end.min(clear))
}

/// What everybody and the group said of a claim until it was clear what came of it. What was written
/// down later counts for nothing, whatever day it claims for itself.
fn histories_of(
    board: &Board,
    crux: CruxId,
    outcome: Outcome,
) -> Vec<(Option<PersonId>, ForecastHistory)> {
    let mut said: BTreeMap<Option<PersonId>, Vec<(u64, Credence)>> = BTreeMap::new();
    let mut latest = LatestOf::default();
    let known = last_moment(outcome);
    let counts = |(held, (said, _)): &(u64, WithBasis<'_>)| {
        // A sealed answer could not be changed any more, whenever it was revealed.
        let (written, filed) = match sealed_when(board, said) {
            Some(sealed) => (sealed, said.filed.min(sealed.millis())),
            None => (said.id.0, said.filed),
        };
        written <= outcome.at && filed <= known && *held <= known
    };
    let statements = board.timeline(crux).into_iter();
    let statements: Vec<_> = statements.filter(counts).collect();
    let begun = statements.first().map_or(known, |(held, _)| *held);
    for (held, (statement, _)) in statements {
        latest.put(statement.person, statement.credence);
        let own = (held, statement.credence);
        said.entry(Some(statement.person)).or_default().push(own);
        if let Some(group) = latest.estimate() {
            let group = (held, group.aggregate);
            said.entry(None).or_default().push(group);
        }
    }
    let history = |(who, said)| {
        let history = ForecastHistory {
            said,
            begun,
            known,
            came_true: outcome.came_true,
        };
        (who, history)
    };
    said.into_iter().map(history).collect()
}

/// What everybody and the group said of each claim of which something came.
fn histories(board: &Board) -> BTreeMap<Option<PersonId>, Vec<ForecastHistory>> {
    let mut found: BTreeMap<Option<PersonId>, Vec<ForecastHistory>> = BTreeMap::new();
    for crux in board.cruxes() {
        let Ok(outcome) = outcome(board, crux) else {
            continue;
        };
        for (who, history) in histories_of(board, crux.id, outcome) {
            found.entry(who).or_default().push(history);
        }
    }
    found
}

fn score((person, histories): (Option<PersonId>, Vec<ForecastHistory>)) -> Score {
    let count = histories.len() as f64;
    let mean = |figure: &dyn Fn(&ForecastHistory) -> f64| {
        histories.iter().map(figure).sum::<f64>() / count
    };
    let of_last = |score: fn(Credence, bool) -> f64| {
        mean(&|history| {
            history
                .last()
                .map_or(0.0, |last| score(last, history.came_true))
        })
    };
    Score {
        person,
        last: Figures {
            brier: of_last(brier),
            log: of_last(log_score),
        },
        weighted: Figures {
            brier: mean(&|history| history.mean(brier)),
            log: mean(&|history| history.mean(log_score)),
        },
        cruxes: histories.len(),
    }
}

/// The scores of the group and of everybody who said anything of a claim before it was clear what
/// came of it; the group first.
#[must_use]
pub fn scores(board: &Board) -> Vec<Score> {
    histories(board).into_iter().map(score).collect()
}

/// The same on one crux alone, with everybody's last word; none while it is open.
#[must_use]
pub fn scores_on(board: &Board, crux: &Record<CruxId, Crux>) -> Vec<(Credence, Score)> {
    let Ok(outcome) = outcome(board, crux) else {
        return Vec::new();
    };
    let histories = histories_of(board, crux.id, outcome).into_iter();
    histories
        .filter_map(|(who, history)| Some((history.last()?, score((who, vec![history])))))
        .collect()
}

/// How many claims of which something came it takes to say anything of calibration.
pub const ENOUGH: usize = 10;

/// Credences of about the same height, and how often what they were about came true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// From how many percent on, and to how many.
    pub range: (u32, u32),
    /// The mean of the credences in it.
    pub said: f64,
    /// How many percent came true.
    pub came_true: f64,
    /// How many there are.
    pub count: usize,
}

/// Whether likely things came true as often as they were said to, by the last word on each claim
/// of which something came, of one person or (`None`) of the group.
///
/// # Errors
/// How many more it takes until something can be said.
pub fn calibration(board: &Board, person: Option<PersonId>) -> Result<Vec<Bin>, usize> {
    let histories = histories(board).remove(&person).unwrap_or_default();
    if histories.len() < ENOUGH {
        return Err(ENOUGH - histories.len());
    }
    let mut bins: BTreeMap<u32, Vec<(f64, bool)>> = BTreeMap::new();
    for history in &histories {
        let percent = history.last().unwrap_or(Credence::HALF).percent();
        // Fifths: with few cruxes finer bins would hold one each.
        let bin = ((percent / 20.0) as u32).min(4);
        bins.entry(bin)
            .or_default()
            .push((percent, history.came_true));
    }
    let bin = |(bin, items): (u32, Vec<(f64, bool)>)| {
        let count = items.len() as f64;
        let came_true = items.iter().filter(|(_, came_true)| *came_true).count();
        Bin {
            range: (bin * 20, bin * 20 + 20),
            said: items.iter().map(|(said, _)| said).sum::<f64>() / count,
            came_true: 100.0 * came_true as f64 / count,
            count: items.len(),
        }
    };
    Ok(bins.into_iter().map(bin).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_the_published_ones() {
        let percent = |percent| Credence::clamped(percent);
        // The worked example of the Brier score's common account: rain came.
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
