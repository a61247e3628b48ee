//! The aggregate of a group's credences, now and over time.

use crate::board::{Board, CurrentView};
use crate::pooling::{Held, Pool, held};
use crate::record::{CruxId, PersonId, StatementId};
use crate::{Credence, Millis};

/// Several credences summarized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The aggregate, by the board's rule of pooling.
    pub aggregate: Credence,
    /// The median: the middle credence, or the mean of the two in the middle.
    pub median: Credence,
    /// The lowest credence.
    pub low: Credence,
    /// The highest credence.
    pub high: Credence,
    /// Number of credences.
    pub count: usize,
}

impl Estimate {
    /// Returns the estimate of equally weighted credences, by the geometric mean of odds; `None` if there are
    /// none.
    #[must_use]
    pub fn of(credences: impl IntoIterator<Item = Credence>) -> Option<Self> {
        let held: Vec<Held> = credences.into_iter().map(|one| (one, Millis(0))).collect();
        Self::pooled(Pool::default(), &held)
    }

    /// Returns the estimate of credences by a rule of pooling; `None` if there are none.
    #[must_use]
    pub fn pooled(pool: Pool, held: &[Held]) -> Option<Self> {
        let mut sorted: Vec<Credence> = held.iter().map(|(credence, _)| *credence).collect();
        sorted.sort();
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let count = sorted.len();
        let middle = (sorted[(count - 1) / 2].percent() + sorted[count / 2].percent()) / 2.0;
        Some(Self {
            aggregate: pool.pooled(held)?,
            median: Credence::clamped(middle),
            low,
            high,
            count,
        })
    }

    /// Returns the distance between the lowest and the highest credence, in percentage points; `None` below
    /// two people.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        (self.count > 1).then(|| self.low.distance(self.high))
    }
}

/// Returns the estimate of the current views, by the board's rule of pooling. `with_stale`: whether outdated
/// credences count.
#[must_use]
pub fn estimate(board: &Board, views: &[CurrentView], with_stale: bool) -> Option<Estimate> {
    let counted = views.iter().filter(|view| with_stale || !view.is_stale);
    Estimate::pooled(board.pool(), &counted.map(held).collect::<Vec<Held>>())
}

/// One step in the history of a crux: a statement, and the group's estimate right after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The statement.
    pub statement: StatementId,
    /// The statement whose reason and evidence apply: the statement itself, or the one it confirms.
    pub basis: StatementId,
    /// The person.
    pub person: PersonId,
    /// The stated credence.
    pub credence: Credence,
    /// Time of the statement.
    pub at: Millis,
    /// The group's estimate right before the statement, without people who had left; `None` if nobody
    /// counted.
    pub before: Option<Estimate>,
    /// The group's estimate right after the statement.
    pub estimate: Estimate,
}

/// Everybody's latest credence, and the rule of pooling. A list, since a group is small.
pub(crate) struct LatestOf {
    pool: Pool,
    people: Vec<PersonId>,
    held: Vec<Held>,
}

impl LatestOf {
    pub(crate) fn new(pool: Pool) -> Self {
        Self {
            pool,
            people: Vec::new(),
            held: Vec::new(),
        }
    }

    pub(crate) fn put(&mut self, person: PersonId, held: Held) {
        match self.people.iter().position(|known| *known == person) {
            Some(place) => self.held[place] = held,
            None => {
                self.people.push(person);
                self.held.push(held);
            }
        }
    }

    /// Removes the people who have left by a moment. Returns whether there were any.
    pub(crate) fn drop_left(&mut self, board: &Board, at: Millis) -> bool {
        let before = self.people.len();
        while let Some(place) = self.people.iter().position(|one| board.has_left(*one, at)) {
            self.people.remove(place);
            self.held.remove(place);
        }
        self.people.len() < before
    }

    pub(crate) fn estimate(&self) -> Option<Estimate> {
        Estimate::pooled(self.pool, &self.held)
    }
}

/// Returns the whole history of a crux, earliest first.
#[must_use]
pub fn steps(board: &Board, crux: CruxId) -> Vec<Step> {
    let mut latest = LatestOf::new(board.pool());
    let mut last = None;
    let statements = board.timeline(crux).into_iter();
    let step = statements.filter_map(|(at, (statement, basis))| {
        // Pooling is the slowest part, so it is done anew only if somebody has left.
        let before = match latest.drop_left(board, at) {
            true => latest.estimate(),
            false => last,
        };
        if !board.has_left(statement.person, at) {
            latest.put(statement.person, (statement.credence, at));
        }
        last = latest.estimate();
        Some(Step {
            statement: statement.id,
            basis: basis.id,
            person: statement.person,
            credence: statement.credence,
            at,
            before,
            estimate: last?,
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
