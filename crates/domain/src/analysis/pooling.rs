//! Pooling: combines several people's credences into one number, by the rule that the board has chosen.
//!
//! - Geometric mean of odds, the default (Satopää et al., "Combining multiple probability predictions using a
//!   simple logit model", 2014): the mean of the log-odds. For the sum only, 0% and 100% count as 0.1% and
//!   99.9%, since their odds are not finite.
//! - Median: the credence with half of the weight below it. If that falls between two credences, their mean.
//! - Mean: the mean of the percentages.
//! - Trimmed mean: the mean of the percentages without a fifth of the weight at each end (Wilcox,
//!   "Introduction to Robust Estimation and Hypothesis Testing", 2012). If a fifth is not a whole number of
//!   people, a part of a person's weight is cut off.
//!
//! Weighting by age halves the weight of a credence with each period after which credences are outdated on
//! the board. Only differences of age matter, so an aggregate does not change merely because time passes.
//!
//! Extremising multiplies the log-odds of the pooled probability (Satopää et al., 2014; Baron et al., "Two
//! reasons to make aggregated probability forecasts more extreme", 2014), since people with different
//! knowledge would be more certain together than each is alone. It is off by default, since people on one
//! board mostly share their knowledge.

use core::time::Duration;

use crate::board::{Board, CurrentView};
use crate::date::{DAY, whole_millis};
use crate::record::{BoardInfo, Extremising, PersonId, Pooling, Weighting};
use crate::{Credence, Millis};

/// The rule by which a board pools credences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool {
    /// The kind of mean.
    pub pooling: Pooling,
    /// The age that halves a weight; `None` for equal weights.
    pub half_life: Option<Duration>,
    /// The factor of the pooled log-odds; 1 leaves them unchanged.
    pub factor: f64,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            pooling: Pooling::GeometricOdds,
            half_life: None,
            factor: 1.0,
        }
    }
}

/// A credence, and the time since which it was held.
pub type Held = (Credence, Millis);

impl Pool {
    /// Returns the rule in the board's description.
    #[must_use]
    pub fn of(info: &BoardInfo) -> Self {
        let by_age = info.weighting == Some(Weighting::ByAge);
        Self {
            pooling: info.pooling.unwrap_or(Pooling::GeometricOdds),
            half_life: by_age.then(|| DAY * info.stale_days()),
            factor: info.extremising.map_or(1.0, Extremising::factor),
        }
    }

    /// Returns the pooled credence; `None` if there are none. Takes `O(n log n)` time.
    #[must_use]
    pub fn pooled(&self, held: &[Held]) -> Option<Credence> {
        let latest = held.iter().map(|(_, at)| *at).max()?;
        let weight = |at: Millis| match self.half_life {
            Some(half_life) => {
                let half_life = whole_millis(half_life) as f64;
                (-(latest.millis_since(at) as f64) / half_life).exp2()
            }
            None => 1.0,
        };
        let mut weighed: Vec<(f64, f64)> = held
            .iter()
            .map(|(credence, at)| (credence.percent(), weight(*at)))
            .collect();
        weighed.sort_by(|one, other| one.0.total_cmp(&other.0));
        let percent = match self.pooling {
            Pooling::GeometricOdds => {
                let mean = mean(
                    weighed
                        .iter()
                        .map(|(percent, weight)| (log_odds(*percent), *weight)),
                );
                return Some(chance_of(mean * self.factor));
            }
            Pooling::Median => median(&weighed),
            Pooling::Mean => mean(weighed.iter().copied()),
            Pooling::TrimmedMean => trimmed_mean(&weighed),
        };
        if self.factor == 1.0 {
            return Some(Credence::clamped(percent));
        }
        Some(chance_of(log_odds(percent) * self.factor))
    }
}

/// Returns the natural logarithm of the odds of a percentage, clamped to 0.1 to 99.9%.
fn log_odds(percent: f64) -> f64 {
    let chance = percent.clamp(0.1, 99.9) / 100.0;
    (chance / (1.0 - chance)).ln()
}

fn chance_of(log_odds: f64) -> Credence {
    Credence::clamped(100.0 / (1.0 + (-log_odds).exp()))
}

fn mean(weighed: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (sum, whole) = weighed.fold((0.0, 0.0), |(sum, whole), (figure, weight)| {
        (sum + figure * weight, whole + weight)
    });
    sum / whole
}

/// Returns the weighted median of percentages in ascending order.
fn median(weighed: &[(f64, f64)]) -> f64 {
    let whole: f64 = weighed.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (place, (percent, weight)) in weighed.iter().enumerate() {
        below += weight;
        let over = below - whole / 2.0;
        if over.abs() < 1e-9 * whole {
            let next = weighed.get(place + 1).map_or(*percent, |next| next.0);
            return (percent + next) / 2.0;
        }
        if over > 0.0 {
            return *percent;
        }
    }
    weighed.last().map_or(50.0, |last| last.0)
}

/// Returns the weighted mean of percentages in ascending order, without a fifth of the weight at each end.
fn trimmed_mean(weighed: &[(f64, f64)]) -> f64 {
    const CUT: f64 = 0.2;
    let whole: f64 = weighed.iter().map(|(_, weight)| weight).sum();
    let (low, high) = (CUT * whole, (1.0 - CUT) * whole);
    let mut below = 0.0;
    mean(weighed.iter().map(|(percent, weight)| {
        let (from, to) = (below, below + weight);
        below = to;
        (*percent, (to.min(high) - from.max(low)).max(0.0))
    }))
}

/// The aggregate without one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Without {
    /// The person who is left out.
    pub person: PersonId,
    /// The aggregate of the others.
    pub aggregate: Credence,
}

/// Returns the aggregate without each person in turn, in the order of the views; empty below two people.
#[must_use]
pub fn leaving_each_out(pool: Pool, views: &[CurrentView], with_stale: bool) -> Vec<Without> {
    let counted = counted(views, with_stale);
    let without = counted.iter().filter_map(|left_out| {
        let others = counted.iter().filter(|other| other.id != left_out.id);
        let others: Vec<Held> = others.map(|other| held(other)).collect();
        Some(Without {
            person: left_out.statement.person,
            aggregate: pool.pooled(&others)?,
        })
    });
    without.collect()
}

/// Least change of the aggregate, in percentage points, by which a person's certainty dominates it.
const DOMINATING_POINTS: f64 = 10.0;

/// Returns the person whose 0% or 100% moves the aggregate by `DOMINATING_POINTS` or more, and the aggregate
/// without them. Of several, the one who moves it most.
#[must_use]
pub fn dominating(pool: Pool, views: &[CurrentView], with_stale: bool) -> Option<Without> {
    let all: Vec<Held> = counted(views, with_stale).into_iter().map(held).collect();
    let aggregate = pool.pooled(&all)?;
    let certain = leaving_each_out(pool, views, with_stale).into_iter();
    let certain = certain.filter(|without| {
        let own = views
            .iter()
            .find(|view| view.statement.person == without.person);
        let own = own.map(|view| view.statement.credence);
        let is_certain =
            matches!(own, Some(own) if own == Credence::ZERO || own == Credence::CERTAIN);
        is_certain && without.aggregate.distance(aggregate) >= DOMINATING_POINTS
    });
    let moved = |without: &Without| without.aggregate.distance(aggregate);
    certain.max_by(|one, other| moved(one).total_cmp(&moved(other)))
}

fn counted(views: &[CurrentView], with_stale: bool) -> Vec<&CurrentView> {
    let counted = views.iter().filter(|view| with_stale || !view.is_stale);
    counted.collect()
}

/// Returns the credence of a view, and since when it was held.
#[must_use]
pub fn held(view: &CurrentView) -> Held {
    (view.statement.credence, view.statement.at)
}

impl Board {
    /// Returns the board's rule of pooling.
    #[must_use]
    pub fn pool(&self) -> Pool {
        Pool::of(self.info())
    }
}
