//! Scenarios: how likely each option would be if cruxes turned out true or false.
//!
//! The cruxes are assumed to be independent of each other given `U` (naive Bayes). Each then moves the
//! log-odds of `U` by an amount of its own: `logit P(U|all) = logit P(U) + Σ (logit Pᵢ(U) − logit P(U))`,
//! where `Pᵢ(U)` is `P(U)` after crux `i` alone. A crux that is assumed to be likelier, not true, moves
//! `P(U)` by Jeffrey conditioning: see [`ConditionalView::at`].
//!
//! Where a person has stated the joint effect of two cruxes, it replaces independence for this pair: the sum
//! gets the difference of the two in log-odds. See [`JointView`].

use std::collections::{BTreeMap, BTreeSet};

use super::crux_value::{held, open_cruxes, views};
use super::joint_effect::{CASES, JointView};
use super::pooling::{Held, Pool};
use super::value_of_information::ConditionalView;
use crate::Credence;
use crate::board::Board;
use crate::date::Viewpoint;
use crate::record::{CruxId, EvidenceId, OptionId, PersonId};

/// The assumed credence in each crux; cruxes that are missing are left as they are.
pub type Assumed = BTreeMap<CruxId, Credence>;

/// One option with everybody's credences in it.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionModel {
    /// The option.
    pub option: OptionId,
    /// The board's rule of pooling.
    pool: Pool,
    /// Each person's `P(U)`, and since when it was held.
    questions: BTreeMap<PersonId, Held>,
    /// Each person's conditional view, by crux.
    views: BTreeMap<CruxId, BTreeMap<PersonId, ConditionalView>>,
    /// Each person's joint effects of two cruxes.
    joint: BTreeMap<PersonId, Vec<JointView>>,
}

/// Returns the options of a board with everybody's credences in them, in the board's own order. Only open
/// cruxes count.
#[must_use]
pub fn option_models(board: &Board, viewpoint: impl Into<Viewpoint>) -> Vec<OptionModel> {
    let viewpoint = viewpoint.into();
    let cruxes = open_cruxes(board).map(|crux| (crux.id, held(board, crux.id, viewpoint)));
    let cruxes: Vec<_> = cruxes.collect();
    let models = board.options().map(|option| {
        let stated = board.option_credences_at(option.id, viewpoint.now.millis);
        let questions = stated.iter().filter(|((_, given), _)| given.is_none());
        let told = cruxes
            .iter()
            .map(|(crux, held)| (*crux, views(&stated, *crux, held).0));
        let views = told.filter(|(_, views)| !views.is_empty()).collect();
        let joint = board.joint_credences_at(option.id, viewpoint.now.millis);
        OptionModel {
            option: option.id,
            pool: board.pool(),
            questions: questions
                .map(|((person, _), said)| (*person, (said.credence, said.at)))
                .collect(),
            joint: JointView::all(&joint, &views),
            views,
        }
    });
    models.collect()
}

impl OptionModel {
    /// Returns the number of people who have stated `P(U)`.
    #[must_use]
    pub fn people(&self) -> usize {
        self.questions.len()
    }

    /// Returns the cruxes about which somebody has stated a conditional credence.
    pub fn cruxes(&self) -> impl Iterator<Item = CruxId> {
        self.views.keys().copied()
    }

    /// Returns everybody's joint effects of two cruxes, by person.
    pub fn joint_views(&self) -> impl Iterator<Item = (PersonId, &JointView)> {
        let joint = self.joint.iter();
        joint.flat_map(|(person, views)| views.iter().map(|view| (*person, view)))
    }

    /// Returns one person's `P(U)` under the assumptions. `None` if they have stated none, or if the
    /// assumptions contradict each other: one makes `U` certain and another one impossible, or several had
    /// been impossible for a person who is certain.
    #[must_use]
    pub fn of_person(&self, person: PersonId, assumed: &Assumed) -> Option<Credence> {
        let (stated, _) = *self.questions.get(&person)?;
        let prior = log_odds(stated.percent() / 100.0);
        let mut moved = 0.0;
        let mut alone = None;
        let mut count = 0;
        for (crux, chance) in assumed {
            let view = self.views.get(crux).and_then(|views| views.get(&person));
            let Some(view) = view else { continue };
            let posterior = view.at(chance.percent() / 100.0);
            // A person who is certain is not moved.
            if posterior != view.question() {
                moved += log_odds(posterior) - prior;
                alone = Some(posterior);
                count += 1;
            }
        }
        if prior.is_infinite() && count > 0 {
            // Only a crux that was held to be impossible moves a certainty. Its log-odds have no difference to
            // add up: of one crux the conditional credence holds, of several nothing is known.
            let alone = alone.filter(|_| count == 1);
            return alone.map(|posterior| Credence::clamped(100.0 * posterior));
        }
        // A joint effect takes two assumptions.
        let joint = self.joint.get(&person).filter(|_| assumed.len() > 1);
        for joint in joint.into_iter().flatten() {
            let chance = |crux| Some(assumed.get(crux)?.percent() / 100.0);
            let [one, other] = &joint.cruxes;
            if let Some(one) = chance(one)
                && let Some(other) = chance(other)
            {
                moved += joint.beyond_independence([one, other]);
            }
        }
        if moved.is_nan() {
            return None;
        }
        if moved == 0.0 {
            return Some(stated);
        }
        Some(Credence::clamped(100.0 / (1.0 + (-prior - moved).exp())))
    }

    /// Returns the group's aggregate under the assumptions, by the board's rule of pooling. People whose
    /// assumptions contradict each other are left out.
    #[must_use]
    pub fn of_group(&self, assumed: &Assumed) -> Option<Credence> {
        let moved = self.questions.iter().filter_map(|(person, (_, at))| {
            let moved = self.of_person(*person, assumed)?;
            Some((moved, *at))
        });
        self.pool.pooled(&moved.collect::<Vec<Held>>())
    }

    /// Returns the group's aggregate if a crux is false, and if it is true.
    #[must_use]
    pub fn swing(&self, crux: CruxId) -> Option<(Credence, Credence)> {
        let of = |chance| self.of_group(&Assumed::from([(crux, chance)]));
        of(Credence::ZERO).zip(of(Credence::CERTAIN))
    }
}

/// Returns the likeliest option under the assumptions. In a tie, it is the option that leads without them,
/// otherwise the first.
#[must_use]
pub fn leader(models: &[OptionModel], assumed: &Assumed) -> Option<OptionId> {
    let now = leader_beside(models, &Assumed::new(), None);
    leader_beside(models, assumed, now)
}

/// Returns the likeliest option under the assumptions; in a tie, `preferred`.
fn leader_beside(
    models: &[OptionModel],
    assumed: &Assumed,
    preferred: Option<OptionId>,
) -> Option<OptionId> {
    let mut best: Option<(Credence, OptionId)> = None;
    for model in models {
        let Some(credence) = model.of_group(assumed) else {
            continue;
        };
        let is_better = best.is_none_or(|(most, _)| {
            credence > most || (credence == most && preferred == Some(model.option))
        });
        if is_better {
            best = Some((credence, model.option));
        }
    }
    best.map(|(_, option)| option)
}

/// Cruxes that would put another option in the lead if they turned out in this way.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The cruxes, each with whether it is true.
    pub assumed: Vec<(CruxId, bool)>,
    /// The option that would lead.
    pub leader: OptionId,
}

/// Maximum number of cruxes among which pairs are searched, since their number grows with the square.
const MOST_PAIRED: usize = 40;

/// Returns the cruxes that alone would put another option in the lead, and the pairs that would only
/// together. Pairs are searched among the `MOST_PAIRED` cruxes that move an option most, and among those with
/// a joint effect that somebody has stated.
#[must_use]
pub fn flips(models: &[OptionModel]) -> (Vec<Flip>, Vec<Flip>) {
    let Some(now) = leader(models, &Assumed::new()) else {
        return (Vec::new(), Vec::new());
    };
    let cruxes: BTreeSet<CruxId> = models.iter().flat_map(OptionModel::cruxes).collect();
    let mut cruxes: Vec<(f64, CruxId)> = cruxes
        .into_iter()
        .map(|crux| {
            let swings = models.iter().filter_map(|model| model.swing(crux));
            let widths = swings.map(|(if_false, if_true)| if_false.distance(if_true));
            (widths.fold(0.0, f64::max), crux)
        })
        .collect();
    cruxes.sort_by(|one, other| other.0.total_cmp(&one.0));
    let both = |(_, crux): &(f64, CruxId)| [(*crux, true), (*crux, false)];
    let ways: Vec<(CruxId, bool)> = cruxes.iter().flat_map(both).collect();
    let flip = |assumed: &[(CruxId, bool)]| {
        let chances = assumed.iter().map(|(crux, is_true)| {
            let chance = if *is_true {
                Credence::CERTAIN
            } else {
                Credence::ZERO
            };
            (*crux, chance)
        });
        let leader = leader_beside(models, &chances.collect(), Some(now))?;
        if leader == now {
            return None;
        }
        Some(Flip {
            assumed: assumed.to_vec(),
            leader,
        })
    };
    let alone: Vec<Flip> = ways.iter().filter_map(|way| flip(&[*way])).collect();
    let joint = models.iter().flat_map(OptionModel::joint_views);
    let stated: BTreeSet<[CruxId; 2]> = joint.map(|(_, view)| view.cruxes).collect();
    let flips_alone = |way: &(CruxId, bool)| alone.iter().any(|flip| flip.assumed[0] == *way);
    let paired = ways.iter().take(2 * MOST_PAIRED);
    let rest: Vec<_> = paired.filter(|way| !flips_alone(way)).collect();
    let mut pairs = Vec::new();
    for (place, one) in rest.iter().enumerate() {
        let others = rest[place + 1..].iter().filter(|other| other.0 != one.0);
        pairs.extend(others.filter_map(|other| flip(&[**one, **other])));
    }
    let is_searched = |crux: &CruxId| rest.iter().any(|way| way.0 == *crux);
    for cruxes in stated.iter().filter(|pair| !pair.iter().all(is_searched)) {
        for case in CASES {
            let assumed = [(cruxes[0], case[0]), (cruxes[1], case[1])];
            if !assumed.iter().any(flips_alone) {
                pairs.extend(flip(&assumed));
            }
        }
    }
    (alone, pairs)
}

/// Two cruxes that are probably not independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The first crux.
    pub one: CruxId,
    /// The second crux.
    pub other: CruxId,
    /// Number of items of evidence that bear on both cruxes, or share an origin across them.
    pub shared_evidence: usize,
    /// Whether one crux was split from the other.
    pub is_split: bool,
}

/// Returns the pairs among these cruxes that share evidence, or of which one was split from the other, in the
/// order of the cruxes. Linear in the evidence, since each item bears on few cruxes.
#[must_use]
pub fn dependent_pairs(board: &Board, cruxes: &[CruxId]) -> Vec<Dependent> {
    let places: BTreeMap<CruxId, usize> = cruxes.iter().copied().zip(0..).collect();
    let mut shared: BTreeMap<(usize, usize), BTreeSet<EvidenceId>> = BTreeMap::new();
    for item in board.all_evidence() {
        let same = item.same_origin_as.iter();
        let same = same.filter_map(|id| board.evidence(*id).filter(|same| same.trashed.is_none()));
        let others: BTreeSet<CruxId> = same
            .flat_map(|same| same.bears_on.keys().copied())
            .chain(item.bears_on.keys().copied())
            .collect();
        for one in item.bears_on.keys().filter_map(|crux| places.get(crux)) {
            for other in others.iter().filter_map(|crux| places.get(crux)) {
                if one != other {
                    let pair = (*one.min(other), *one.max(other));
                    shared.entry(pair).or_default().insert(item.id);
                }
            }
        }
    }
    let split_from = |crux: CruxId| {
        let from = board.crux(crux).and_then(|crux| crux.split_from)?;
        places.get(&from).copied()
    };
    for (crux, place) in &places {
        if let Some(from) = split_from(*crux).filter(|from| from != place) {
            let pair = (from.min(*place), from.max(*place));
            shared.entry(pair).or_default();
        }
    }
    let pairs = shared.into_iter().map(|((one, other), items)| Dependent {
        one: cruxes[one],
        other: cruxes[other],
        shared_evidence: items.len(),
        is_split: split_from(cruxes[one]) == Some(other) || split_from(cruxes[other]) == Some(one),
    });
    pairs.collect()
}

/// Returns the natural logarithm of the odds of a probability from 0 to 1; infinite at either end.
fn log_odds(chance: f64) -> f64 {
    (chance / (1.0 - chance)).ln()
}
