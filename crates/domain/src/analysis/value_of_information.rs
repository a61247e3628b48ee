//! Value of information and value of discrimination: how much learning the truth of a crux would
//! move one person's view of the question, and how much it would narrow the gap between two.
//!
//! The definitions are those of the Forecasting Research Institute (*Roots of Disagreement on AI
//! Risk*, 2024, and its R package `voivod`): `C` is the crux, `U` the question behind the decision.
//! The Institute states logarithmic values to base 10; here they are in bits, which are
//! log2(10) ≈ 3.3219 times as large.

use std::ops::RangeInclusive;

use crate::Credence;
use crate::t;

/// One person's probabilities of the question `U`, of a crux `C`, and of `U` if `C` is true. The four
/// probabilities are from 0 to 1 and hold together:
/// `P(U) = P(C)·P(U|C) + (1 − P(C))·P(U|¬C)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConditionalView {
    /// `P(U)`.
    question: f64,
    /// `P(C)`.
    crux: f64,
    /// `P(U|C)`.
    if_true: f64,
    /// `P(U|¬C)`; `None` for a person who is certain of `C`, since it then may be anything.
    if_false: Option<f64>,
}

/// The reason why three probabilities contradict each other: no `P(U|¬C)` fits them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!(
    "These credences contradict each other: the option can only be between {lowest} and {highest} likely if the crux is true.",
    lowest = lowest.shown(),
    highest = highest.shown()
))]
pub struct IncoherentError {
    /// The least `P(U|C)` that agrees with the other two.
    pub lowest: Credence,
    /// The greatest `P(U|C)` that agrees with the other two.
    pub highest: Credence,
}

/// Returns the `P(U|C)` that agree with a `P(U)` and a `P(C)`, in steps of a hundredth of a percent: `max(0,
/// (P(U) − (1 − P(C))) / P(C))` to `min(1, P(U) / P(C))`. All values if `C` is impossible.
#[must_use]
pub fn coherent_range(question: Credence, crux: Credence) -> RangeInclusive<Credence> {
    // Computed in whole hundredths of a percent, so that no rounding moves a limit.
    const WHOLE: u32 = 10_000;
    let [question, crux] = [question, crux].map(|credence| u32::from(credence.hundredths()));
    if crux == 0 {
        return Credence::ZERO..=Credence::CERTAIN;
    }
    let credence = |hundredths: u32| Credence::from_hundredths(hundredths as u16);
    let lowest = (WHOLE * question)
        .saturating_sub(WHOLE * (WHOLE - crux))
        .div_ceil(crux);
    let highest = (WHOLE * question / crux).min(WHOLE);
    credence(lowest)..=credence(highest)
}

impl ConditionalView {
    /// Takes `P(U)`, `P(C)` and `P(U|C)`, and computes `P(U|¬C) = (P(U) − P(C)·P(U|C)) / (1 − P(C))`.
    ///
    /// # Errors
    /// [`IncoherentError`] if no `P(U|¬C)` from 0 to 1 agrees with them.
    pub fn new(
        question: Credence,
        crux: Credence,
        if_true: Credence,
    ) -> Result<Self, IncoherentError> {
        let range = coherent_range(question, crux);
        if !range.contains(&if_true) {
            let (lowest, highest) = range.into_inner();
            return Err(IncoherentError { lowest, highest });
        }
        let [question, crux, if_true] = [question, crux, if_true].map(probability);
        let if_false =
            (crux < 1.0).then(|| ((question - crux * if_true) / (1.0 - crux)).clamp(0.0, 1.0));
        Ok(Self {
            question,
            crux,
            if_true,
            if_false,
        })
    }

    /// Returns the view of a group: the median of each of the four probabilities, as the Institute composes a
    /// camp. They need not hold together. `None` for an empty group. People who are certain of `C` count in
    /// all but `P(U|¬C)`.
    #[must_use]
    pub fn of_group<'a>(views: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let views: Vec<&Self> = views.into_iter().collect();
        let of = |figure: fn(&Self) -> f64| median(views.iter().map(|view| figure(view)).collect());
        Some(Self {
            question: of(|view| view.question)?,
            crux: of(|view| view.crux)?,
            if_true: of(|view| view.if_true)?,
            if_false: median(views.iter().filter_map(|view| view.if_false).collect()),
        })
    }

    /// Returns `P(U)`, from 0 to 1.
    #[must_use]
    pub const fn question(&self) -> f64 {
        self.question
    }

    /// Returns `P(C)`, from 0 to 1.
    #[must_use]
    pub const fn crux(&self) -> f64 {
        self.crux
    }

    /// Returns `P(U|C)`, from 0 to 1.
    #[must_use]
    pub const fn if_true(&self) -> f64 {
        self.if_true
    }

    /// Returns `P(U)` once `C` has the probability `crux`, from 0 to 1, while `P(U|C)` and `P(U|¬C)` stay
    /// (Jeffrey conditioning): `crux·P(U|C) + (1 − crux)·P(U|¬C)`. At the person's own `P(C)` it is their
    /// `P(U)`. For a person who is certain of `C` it stays the same, since their `P(U|¬C)` is unknown.
    #[must_use]
    pub fn at(&self, crux: f64) -> f64 {
        match self.if_false {
            Some(if_false) if crux != self.crux => {
                (crux * self.if_true + (1.0 - crux) * if_false).clamp(0.0, 1.0)
            }
            _ => self.question,
        }
    }

    /// Returns `P(U|¬C)`, from 0 to 1; `None` for a person who is certain of `C`.
    #[must_use]
    pub const fn if_false(&self) -> Option<f64> {
        self.if_false
    }

    /// Returns level VOI: the expected absolute change of `P(U)` once `C` is known, in percentage points:
    /// `P(C)·|P(U|C) − P(U)| + (1 − P(C))·|P(U|¬C) − P(U)|`. From 0 to 50.
    #[must_use]
    pub fn level_voi(&self) -> f64 {
        100.0 * self.expected(|posterior| (posterior - self.question).abs())
    }

    /// Returns log VOI: the expected Kullback–Leibler divergence of the posterior from the prior, in bits. It
    /// is the mutual information of `U` and `C`. From 0 to [`Self::entropy`].
    #[must_use]
    pub fn log_voi(&self) -> f64 {
        self.expected(|posterior| divergence(posterior, self.question))
            .max(0.0)
    }

    /// Returns log VOI as a share of the entropy of `U`, from 0 to 1; 0 if `U` is certain.
    #[must_use]
    pub fn voi_share(&self) -> f64 {
        match self.entropy() {
            0.0 => 0.0,
            entropy => (self.log_voi() / entropy).min(1.0),
        }
    }

    /// Returns the entropy of `U`, in bits, from 0 to 1: the most that can be learnt.
    #[must_use]
    pub fn entropy(&self) -> f64 {
        let of = |chance: f64| match chance {
            0.0 => 0.0,
            chance => -chance * chance.log2(),
        };
        of(self.question) + of(1.0 - self.question)
    }

    fn expected(&self, value: impl Fn(f64) -> f64) -> f64 {
        let if_true = match self.crux {
            0.0 => 0.0,
            crux => crux * value(self.if_true),
        };
        let if_false = self
            .if_false
            .map_or(0.0, |posterior| (1.0 - self.crux) * value(posterior));
        if_true + if_false
    }
}

/// Returns level VOD of two people, or of two groups by [`ConditionalView::of_group`]: the expected decrease
/// of the gap between their `P(U)` once `C` is known, in percentage points, weighted by the mean of their two
/// `P(C)`. Negative if knowing `C` would widen the gap. `None` if one of them is certain of `C`, so that their
/// `P(U|¬C)` is unknown.
#[must_use]
pub fn level_vod(one: &ConditionalView, other: &ConditionalView) -> Option<f64> {
    let crux = f64::midpoint(one.crux, other.crux);
    let gap = |a: f64, b: f64| (a - b).abs();
    let after =
        crux * gap(one.if_true, other.if_true) + (1.0 - crux) * gap(one.if_false?, other.if_false?);
    Some(100.0 * (gap(one.question, other.question) - after))
}

/// Returns log VOD of two people or groups: the expected decrease of the symmetric Kullback–Leibler divergence
/// of their views of `U`, in bits, weighted by the geometric mean of the odds of their two `P(C)`. `None` if a
/// divergence is infinite, because one of them is certain and the other is not, or if one of them is certain
/// of `C`.
#[must_use]
pub fn log_vod(one: &ConditionalView, other: &ConditionalView) -> Option<f64> {
    let crux = geometric_mean_of_odds(one.crux, other.crux);
    let apart = |a: f64, b: f64| divergence(a, b) + divergence(b, a);
    let after = crux * apart(one.if_true, other.if_true)
        + (1.0 - crux) * apart(one.if_false?, other.if_false?);
    let vod = apart(one.question, other.question) - after;
    vod.is_finite().then_some(vod)
}

/// Returns the figure of a group: the lower median of its members' figures, so that it is always one of them.
/// `None` for an empty group.
#[must_use]
pub fn lower_median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len().checked_sub(1)? / 2;
    figures.get(middle).copied()
}

/// Returns the median: the middle figure, or the mean of the two in the middle.
fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let last = figures.len().checked_sub(1)?;
    Some(f64::midpoint(figures[last / 2], figures[last.div_ceil(2)]))
}

/// Returns the Kullback–Leibler divergence of a probability `p` from `q`, in bits, with `0·log 0 = 0`.
fn divergence(p: f64, q: f64) -> f64 {
    let part = |p: f64, q: f64| match p {
        0.0 => 0.0,
        p => p * (p / q).log2(),
    };
    part(p, q) + part(1.0 - p, 1.0 - q)
}

fn geometric_mean_of_odds(one: f64, other: f64) -> f64 {
    let [for_it, against] = [one * other, (1.0 - one) * (1.0 - other)].map(f64::sqrt);
    for_it / (for_it + against)
}

fn probability(credence: Credence) -> f64 {
    credence.percent() / 100.0
}
