//! Movements: the largest updates of a period, and the people who changed their mind.

use chrono::{Datelike, NaiveDate};

use crate::board::Board;
use crate::record::{CruxId, PersonId, StatementId};
use crate::{Credence, Millis};

/// An update: a later credence of the same person in the same crux, with another number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement {
    /// The crux.
    pub crux: CruxId,
    /// The person.
    pub person: PersonId,
    /// The credence before.
    pub from: Credence,
    /// The credence after.
    pub to: Credence,
    /// Time of the update.
    pub at: Millis,
    /// The statement whose reason and evidence apply.
    pub basis: StatementId,
}

impl Movement {
    /// Returns the size of the update in percentage points, 0 to 100.
    #[must_use]
    pub fn points(&self) -> f64 {
        self.from.distance(self.to)
    }

    /// Returns whether the update crosses 50%.
    #[must_use]
    pub fn changes_side(&self) -> bool {
        let is_above = |credence: Credence| credence > Credence::HALF;
        let is_below = |credence: Credence| credence < Credence::HALF;
        (is_above(self.from) && is_below(self.to)) || (is_below(self.from) && is_above(self.to))
    }
}

/// One person's credences in one crux over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// The crux.
    pub crux: CruxId,
    /// The person.
    pub person: PersonId,
    /// The statements: time and credence.
    pub said: Vec<(Millis, Credence)>,
}

/// All credences of a board as trajectories and as updates, computed in one pass over the statements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Movements {
    /// Each person's trajectory in each crux, in the order of cruxes and then of first statements.
    pub trajectories: Vec<Trajectory>,
    /// All updates, earliest first.
    pub updates: Vec<Movement>,
}

/// Returns all trajectories and updates of a board.
#[must_use]
pub fn movements(board: &Board) -> Movements {
    let mut found = Movements::default();
    for crux in board.cruxes() {
        let first = found.trajectories.len();
        for (at, (said, basis)) in board.timeline(crux.id) {
            let known = found.trajectories[first..]
                .iter_mut()
                .find(|way| way.person == said.person);
            let Some(way) = known else {
                found.trajectories.push(Trajectory {
                    crux: crux.id,
                    person: said.person,
                    said: vec![(at, said.credence)],
                });
                continue;
            };
            let from = way.said.last().map(|(_, credence)| *credence);
            way.said.push((at, said.credence));
            if let Some(from) = from.filter(|from| *from != said.credence) {
                found.updates.push(Movement {
                    crux: crux.id,
                    person: said.person,
                    from,
                    to: said.credence,
                    at,
                    basis: basis.id,
                });
            }
        }
    }
    found.updates.sort_by_key(|update| update.at);
    found
}

impl Movements {
    /// Returns the updates from `from` (inclusive) to `until`, largest first.
    #[must_use]
    pub fn biggest(&self, from: Millis, until: Millis) -> Vec<Movement> {
        let within = self.updates.iter();
        let within = within.filter(|update| from <= update.at && update.at < until);
        let mut found: Vec<Movement> = within.copied().collect();
        found.sort_by(|one, other| other.points().total_cmp(&one.points()));
        found
    }

    /// Counts the cruxes on which a person has moved.
    #[must_use]
    pub fn of(&self, person: PersonId) -> MindCount {
        let own = self.trajectories.iter().filter(|way| way.person == person);
        let updates: Vec<_> = self
            .updates
            .iter()
            .filter(|it| it.person == person)
            .collect();
        let mut count = MindCount::default();
        for way in own {
            count.stated += 1;
            count.updated += usize::from(updates.iter().any(|it| it.crux == way.crux));
            let ends = way.said.first().zip(way.said.last());
            let has_changed = ends.is_some_and(|(first, last)| {
                let way = Movement {
                    crux: way.crux,
                    person,
                    from: first.1,
                    to: last.1,
                    at: last.0,
                    basis: StatementId::default(),
                };
                way.changes_side()
            });
            count.changed_side += usize::from(has_changed);
        }
        count
    }
}

/// The numbers of cruxes on which a person has moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MindCount {
    /// Number of cruxes in which the person has stated a credence.
    pub stated: usize,
    /// Number of these cruxes on which the person has updated it.
    pub updated: usize,
    /// Number of these cruxes on which the first and the latest credence are on different sides of 50%.
    pub changed_side: usize,
}

/// Returns the first day of the quarter that a day is in.
#[must_use]
pub fn quarter_start(day: NaiveDate) -> NaiveDate {
    let month = day.month0() / 3 * 3 + 1;
    NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day)
}
