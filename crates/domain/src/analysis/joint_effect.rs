//! The joint effect of two cruxes: how likely an option is if both turn out in a certain way, as a person
//! states it, in place of the value that independence gives.
//!
//! The five credences `P(U)`, `P(C₁)`, `P(U|C₁)`, `P(C₂)`, `P(U|C₂)` leave two probabilities open:
//! `q = P(C₁∧C₂)` and `z = P(U∧C₁∧C₂)`. The eight probabilities of `U`, `C₁` and `C₂` together are linear in
//! them. They hold together where none is negative, which is a polygon in the plane of `q` and `z`. A joint
//! effect is a ratio of two of them, so its least and greatest value are at corners of the polygon.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::crux_value::stated;
use super::value_of_information::ConditionalView;
use crate::board::{Board, CurrentJointCredences};
use crate::record::{CruxId, Given, OptionId, PersonId};
use crate::t;
use crate::{ChangeId, Credence};

/// The way in which two cruxes turn out, in the order of their ids: whether each is true.
pub type Case = [bool; 2];

/// A joint effect of a case.
pub type InCase = (Case, Credence);

/// A joint effect of a case, with the change that stated it.
type Said = (ChangeId, Case, Credence);

/// The reason why a joint effect contradicts the person's other credences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!(
    "These credences contradict each other: the option can only be between {lowest} and {highest} likely if both cruxes turn out in this way.",
    lowest = lowest.shown(),
    highest = highest.shown()
))]
pub struct IncoherentJointError {
    /// The least credence that agrees with the others.
    pub lowest: Credence,
    /// The greatest credence that agrees with the others.
    pub highest: Credence,
}

/// The joint effects that agree with a person's other credences.
#[derive(Clone, Debug, PartialEq)]
pub struct JointRange {
    /// The credences that agree with them.
    pub range: RangeInclusive<Credence>,
    /// The value if the cruxes are independent of each other for each answer; `None` if they then exclude
    /// each other.
    pub independent: Option<Credence>,
}

/// Returns the joint effects that agree with a person's credences in an option and in two cruxes, and with
/// the joint effects of these cruxes that they stated for the other cases. `None` while one of the five
/// credences is missing, or if they contradict each other.
#[must_use]
pub fn joint_range(
    board: &Board,
    option: OptionId,
    person: PersonId,
    mut given: [Given; 2],
) -> Option<JointRange> {
    given.sort();
    let cruxes = given.map(|one| one.crux);
    let case = given.map(|one| one.is_true);
    let view = |crux| stated(board, option, crux, person).view().ok().flatten();
    let views = TwoViews([view(cruxes[0])?, view(cruxes[1])?]);
    let said = board.joint_credences().filter(|said| {
        let is_same = said.given.map(|one| one.crux) == cruxes;
        is_same && said.option == option && said.person == person
    });
    let latest: BTreeMap<Case, (ChangeId, Credence)> = said
        .map(|said| {
            (
                said.given.map(|one| one.is_true),
                (said.id.0, said.credence),
            )
        })
        .collect();
    let others = latest.into_iter().filter(|(other, _)| *other != case);
    let (kept, _) = views.consistent(others.map(|(case, (id, credence))| (id, case, credence)));
    Some(JointRange {
        range: views.range(case, &kept),
        independent: views.independent(case).map(percent_credence),
    })
}

/// One person's joint effects of two cruxes on one option.
#[derive(Clone, Debug, PartialEq)]
pub struct JointView {
    /// The cruxes, in the order of their ids.
    pub cruxes: [CruxId; 2],
    views: TwoViews,
    /// The joint effects that hold together, by case.
    pub stated: Vec<InCase>,
    /// The joint effects that contradict the person's other credences since one of these was changed. They
    /// count in no figure.
    pub contradictory: Vec<InCase>,
}

impl JointView {
    /// Returns the joint effects that a person has stated on pairs of cruxes on which they have a view.
    pub(super) fn all(
        said: &CurrentJointCredences<'_>,
        views: &BTreeMap<CruxId, BTreeMap<PersonId, ConditionalView>>,
    ) -> BTreeMap<PersonId, Vec<Self>> {
        let mut pairs: BTreeMap<(PersonId, [CruxId; 2]), Vec<Said>> = BTreeMap::new();
        for ((person, given), said) in said {
            let pair = (*person, given.map(|one| one.crux));
            let case = given.map(|one| one.is_true);
            pairs
                .entry(pair)
                .or_default()
                .push((said.id.0, case, said.credence));
        }
        let mut found: BTreeMap<PersonId, Vec<Self>> = BTreeMap::new();
        for ((person, cruxes), said) in pairs {
            let view = |crux: CruxId| views.get(&crux)?.get(&person).copied();
            let (Some(one), Some(other)) = (view(cruxes[0]), view(cruxes[1])) else {
                continue;
            };
            let views = TwoViews([one, other]);
            let (stated, contradictory) = views.consistent(said.into_iter());
            found.entry(person).or_default().push(Self {
                cruxes,
                views,
                stated,
                contradictory,
            });
        }
        found
    }

    /// Returns what independence gives for a case; `None` if the cruxes then exclude each other.
    #[must_use]
    pub fn independent(&self, case: Case) -> Option<Credence> {
        self.views.independent(case).map(percent_credence)
    }

    /// Returns the joint effect that counts once the cruxes have these probabilities, and its share, from 0 to
    /// 1; `None` if none counts.
    fn counted(&self, chances: [f64; 2]) -> Option<(Case, Credence, f64)> {
        let [one, other] = [0, 1].map(|place| toward(self.views.0[place].crux(), chances[place]));
        let case = [one.0, other.0];
        let (_, stated) = self.stated.iter().find(|(of, _)| *of == case)?;
        let share = one.1 * other.1;
        (share > 0.0).then_some((case, *stated, share))
    }

    /// Returns the case whose joint effect counts under these assumptions of what-if, and the credence.
    #[must_use]
    pub fn counted_in(&self, assumed: &BTreeMap<CruxId, Credence>) -> Option<(Case, Credence)> {
        let chance = |crux| Some(assumed.get(crux)?.percent() / 100.0);
        let chances = [chance(&self.cruxes[0])?, chance(&self.cruxes[1])?];
        let (case, stated, _) = self.counted(chances)?;
        Some((case, stated))
    }

    /// Returns the difference to independence, in log-odds, once the cruxes have these probabilities.
    ///
    /// It is that of the case toward which both have moved, in proportion to how far each has moved from the
    /// person's own `P(C)`: all of it where both are certain, none where one is as the person holds it.
    pub(super) fn beyond_independence(&self, chances: [f64; 2]) -> f64 {
        let Some((case, stated, share)) = self.counted(chances) else {
            return 0.0;
        };
        let Some(corner) = self.views.independent(case) else {
            return 0.0;
        };
        if stated == percent_credence(corner) {
            return 0.0;
        }
        let stated = stated.percent() / 100.0;
        let Some(alone) = self.views.independent_at(chances) else {
            return 0.0;
        };
        let together = if share >= 1.0 {
            stated
        } else {
            (alone + share * (stated - corner)).clamp(0.0, 1.0)
        };
        log_odds(together) - log_odds(alone)
    }
}

/// Returns whether a probability has moved toward true, and how far: from 0, unmoved, to 1, certain.
fn toward(held: f64, chance: f64) -> (bool, f64) {
    if chance > held {
        (true, (chance - held) / (1.0 - held))
    } else if chance < held {
        (false, (held - chance) / held)
    } else {
        (true, 0.0)
    }
}

/// One person's views of the same question and two cruxes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct TwoViews([ConditionalView; 2]);

/// A linear function of `q` and `z`: `q·Q + z·Z + constant`.
#[derive(Clone, Copy)]
struct Linear {
    q: f64,
    z: f64,
    constant: f64,
}

impl Linear {
    fn at(self, (q, z): (f64, f64)) -> f64 {
        self.q * q + self.z * z + self.constant
    }

    fn minus(self, share: f64, other: Self) -> Self {
        Self {
            q: self.q - share * other.q,
            z: self.z - share * other.z,
            constant: self.constant - share * other.constant,
        }
    }

    fn negated(self) -> Self {
        Self {
            q: -self.q,
            z: -self.z,
            constant: -self.constant,
        }
    }

    /// Returns the point at which two functions are 0.
    fn crossing(self, other: Self) -> Option<(f64, f64)> {
        let determinant = self.q * other.z - other.q * self.z;
        (determinant.abs() > 1e-12).then(|| {
            (
                (other.constant * self.z - self.constant * other.z) / determinant,
                (self.constant * other.q - other.constant * self.q) / determinant,
            )
        })
    }
}

/// All cases.
pub const CASES: [Case; 4] = [[true, true], [true, false], [false, true], [false, false]];
/// Bound of rounding errors of a probability.
const NOTHING: f64 = 1e-11;
/// The probability below which a case is taken to be impossible.
const IMPOSSIBLE: f64 = 1e-6;
/// Half of a step of credences, by which a stated one is rounded, and a margin for rounding errors.
const HALF_STEP: f64 = 0.000_051;

impl TwoViews {
    /// Returns the probability of a case, and of `U` in it.
    fn parts(&self, case: Case) -> (Linear, Linear) {
        let [one, other] = self.0;
        let question = one.question();
        let [p, p_other] = [one.crux(), other.crux()];
        let [x, x_other] = [p * one.if_true(), p_other * other.if_true()];
        let linear = |q, z, constant| Linear { q, z, constant };
        match case {
            [true, true] => (linear(1.0, 0.0, 0.0), linear(0.0, 1.0, 0.0)),
            [true, false] => (linear(-1.0, 0.0, p), linear(0.0, -1.0, x)),
            [false, true] => (linear(-1.0, 0.0, p_other), linear(0.0, -1.0, x_other)),
            [false, false] => (
                linear(1.0, 0.0, 1.0 - p - p_other),
                linear(0.0, 1.0, question - x - x_other),
            ),
        }
    }

    /// Returns the corners of the polygon in which the eight probabilities hold together with these joint
    /// effects, each as stated or rounded.
    fn corners(&self, beside: &[InCase]) -> Vec<(f64, f64)> {
        let mut least_zero: Vec<Linear> = Vec::new();
        for case in CASES {
            let (all, with) = self.parts(case);
            least_zero.extend([with, all.minus(1.0, with)]);
        }
        for (case, credence) in beside {
            let (all, with) = self.parts(*case);
            let credence = credence.percent() / 100.0;
            least_zero.push(with.minus(credence - HALF_STEP, all));
            least_zero.push(with.minus(credence + HALF_STEP, all).negated());
        }
        let mut corners = Vec::new();
        for (place, one) in least_zero.iter().enumerate() {
            for other in &least_zero[place + 1..] {
                let corner = one.crossing(*other);
                let is_inside =
                    |at: &(f64, f64)| least_zero.iter().all(|it| it.at(*at) >= -NOTHING);
                corners.extend(corner.filter(is_inside));
            }
        }
        corners
    }

    /// Returns the joint effects that agree with the others, rounded to a hundredth of a percent as stated
    /// ones are. All values if the case is impossible.
    fn range(&self, case: Case, beside: &[InCase]) -> RangeInclusive<Credence> {
        let (all, with) = self.parts(case);
        let corners = self.corners(beside).into_iter();
        let ratios = corners.filter_map(|at| {
            let all = all.at(at);
            (all > IMPOSSIBLE).then(|| (with.at(at) / all).clamp(0.0, 1.0))
        });
        let found = ratios.fold(None, |range: Option<(f64, f64)>, ratio| {
            let (low, high) = range.unwrap_or((ratio, ratio));
            Some((low.min(ratio), high.max(ratio)))
        });
        let Some((low, high)) = found else {
            return Credence::ZERO..=Credence::CERTAIN;
        };
        percent_credence(low)..=percent_credence(high)
    }

    /// Splits joint effects into those that hold together, the latest first, and the others.
    fn consistent(&self, said: impl Iterator<Item = Said>) -> (Vec<InCase>, Vec<InCase>) {
        let mut said: Vec<_> = said.collect();
        said.sort_by_key(|(id, ..)| std::cmp::Reverse(*id));
        let (mut kept, mut contradictory) = (Vec::new(), Vec::new());
        for (_, case, credence) in said {
            kept.push((case, credence));
            if self.corners(&kept).is_empty() {
                kept.pop();
                contradictory.push((case, credence));
            }
        }
        (kept, contradictory)
    }

    /// Returns `P(U)` in a case if the cruxes are independent of each other for each answer.
    fn independent(&self, case: Case) -> Option<f64> {
        self.independent_at(case.map(|is_true| if is_true { 1.0 } else { 0.0 }))
    }

    /// Returns `P(U)` once the cruxes have these probabilities, if they are independent: the effects of the
    /// two add up in log-odds. `None` if one makes `U` certain and the other impossible.
    fn independent_at(&self, chances: [f64; 2]) -> Option<f64> {
        let question = self.0[0].question();
        let [one, other] = [0, 1].map(|place| self.0[place].at(chances[place]));
        let (with, without) = (
            one * other / question,
            (1.0 - one) * (1.0 - other) / (1.0 - question),
        );
        let chance = with / (with + without);
        chance.is_finite().then_some(chance)
    }
}

fn percent_credence(chance: f64) -> Credence {
    Credence::clamped(100.0 * chance)
}

/// Returns the natural logarithm of the odds of a probability from 0 to 1; infinite at either end.
fn log_odds(chance: f64) -> f64 {
    (chance / (1.0 - chance)).ln()
}
