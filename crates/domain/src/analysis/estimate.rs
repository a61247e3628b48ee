//! What a group's credences add up to, now and over time.

use crate::Credence;
use crate::board::{Board, CurrentView};
use crate::record::{CruxId, PersonId, StatementId};

/// Several credences in a few numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The geometric mean of odds.
    pub aggregate: Credence,
    /// The middle one, or the mean of the two in the middle.
    pub median: Credence,
    /// The lowest.
    pub low: Credence,
    /// The highest.
    pub high: Credence,
    /// How many there are.
    pub count: usize,
}

impl Estimate {
    /// Of these credences; `None` of none.
    ///
    /// The aggregate is the geometric mean of odds (Satopää et al., "Combining multiple probability
    /// predictions using a simple logit model", 2014), with 0 and 100% pulled in to 0.1 and 99.9%
    /// for the sum only, since their odds are not finite.
    #[must_use]
    pub fn of(credences: impl IntoIterator<Item = Credence>) -> Option<Self> {
        let mut sorted: Vec<Credence> = credences.into_iter().collect();
        sorted.sort();
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let count = sorted.len();
        let log_odds = sorted.iter().map(|credence| {
            let chance = credence.percent().clamp(0.1, 99.9) / 100.0;
            (chance / (1.0 - chance)).ln()
        });
        let mean = log_odds.sum::<f64>() / count as f64;
        let middle = (sorted[(count - 1) / 2].percent() + sorted[count / 2].percent()) / 2.0;
        Some(Self {
            aggregate: Credence::clamped(100.0 / (1.0 + (-mean).exp())),
            median: Credence::clamped(middle),
            low,
            high,
            count,
        })
    }

    /// Distance between the lowest and the highest, in points; `None` below two people.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        (self.count > 1).then(|| self.low.distance(self.high))
    }
}

/// What the current views add up to. `with_stale`: whether stale ones count.
#[must_use]
pub fn estimate(views: &[CurrentView], with_stale: bool) -> Option<Estimate> {
    let counted = views.iter().filter(|view| with_stale || !view.is_stale);
    Estimate::of(counted.map(|view| view.statement.credence))
}

/// One step in the history of a crux: a statement, and what the group's latest ones added up to
/// right after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The statement.
    pub statement: StatementId,
    /// The one whose reason and evidence hold for it: itself, or the one it confirms.
    pub basis: StatementId,
    /// Whose.
    pub person: PersonId,
    /// What it says.
    pub credence: Credence,
    /// When, in Unix milliseconds.
    pub at: u64,
    /// The group's estimate since.
    pub estimate: Estimate,
}

/// Everybody's latest credence. A list, since a group is small.
#[derive(Default)]
pub(crate) struct LatestOf(Vec<(PersonId, Credence)>);

impl LatestOf {
    pub(crate) fn put(&mut self, person: PersonId, credence: Credence) {
        match self.0.iter_mut().find(|(known, _)| *known == person) {
            Some((_, latest)) => *latest = credence,
            None => self.0.push((person, credence)),
        }
    }

    pub(crate) fn estimate(&self) -> Option<Estimate> {
        Estimate::of(self.0.iter().map(|(_, credence)| *credence))
    }
}

/// The whole history of a crux, earliest first.
#[must_use]
pub fn steps(board: &Board, crux: CruxId) -> Vec<Step> {
    let mut latest = LatestOf::default();
    let statements = board.timeline(crux).into_iter();
    let step = statements.filter_map(|(held, (statement, basis))| {
        latest.put(statement.person, statement.credence);
        Some(Step {
            statement: statement.id,
            basis: basis.id,
            person: statement.person,
            credence: statement.credence,
            at: held,
            estimate: latest.estimate()?,
        })
    });
    step.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(percents: &[f64]) -> Option<Estimate> {
        Estimate::of(percents.iter().map(|percent| Credence::clamped(*percent)))
    }

    #[test]
    fn the_worked_example_pools_to_its_published_figures() {
        for (percents, aggregate) in [
            ([35.0, 15.0, 20.0], 22.0),
            ([40.0, 20.0, 30.0], 29.0),
            ([50.0, 30.0, 35.0], 38.0),
            ([45.0, 60.0, 55.0], 53.0),
            ([55.0, 30.0, 45.0], 43.0),
            ([50.0, 25.0, 40.0], 38.0),
            ([25.0, 10.0, 15.0], 16.0),
            ([45.0, 25.0, 35.0], 35.0),
            ([30.0, 15.0, 20.0], 21.0),
        ] {
            let estimate = of(&percents).unwrap();
            assert_eq!(
                estimate.aggregate.percent().round(),
                aggregate,
                "{percents:?}"
            );
        }
    }

    #[test]
    fn certainty_is_pulled_in_for_the_sum_only() {
        let certain = of(&[0.0, 100.0]).unwrap();
        assert_eq!(certain.aggregate.percent(), 50.0);
        assert_eq!(
            (certain.low, certain.high),
            (Credence::ZERO, Credence::CERTAIN)
        );
        assert_eq!(of(&[0.0]).unwrap().aggregate.percent(), 0.1);
        assert_eq!(of(&[100.0]).unwrap().aggregate.percent(), 99.9);
        assert_eq!(of(&[0.0]).unwrap().median, Credence::ZERO);
    }

    #[test]
    fn median_and_spread_are_those_of_the_numbers_stated() {
        let four = of(&[10.0, 20.0, 40.0, 90.0]).unwrap();
        assert_eq!(
            (four.median.percent(), four.spread(), four.count),
            (30.0, Some(80.0), 4)
        );
        assert_eq!(of(&[10.0, 20.0, 90.0]).unwrap().median.percent(), 20.0);
        assert_eq!(of(&[10.0]).unwrap().spread(), None);
        assert_eq!(of(&[]), None);
    }
}
