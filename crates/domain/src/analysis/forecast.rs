//! Credences as forecasts: everybody's and the group's credences in a claim over time, until its outcome was
//! clear.
//!
//! A credence counts from the time at which it was recorded or sealed, even if it states an earlier date. One
//! that is imported later earns nothing for the days before.

use core::time::Duration;
use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::board::{Board, WithBasis};
use crate::estimate::LatestOf;
use crate::outcome::{Outcome, outcome};
use crate::record::{CruxId, PersonId};
use crate::round::sealed_when;
use crate::{Credence, Millis};

/// One forecaster's credences in one claim, each with the time from which it applies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ForecastHistory {
    said: Vec<(Millis, Credence)>,
    /// Time of anybody's first credence in the claim.
    begun: Millis,
    /// End of the history: the outcome was clear, or the person left before that.
    pub(crate) until: Millis,
    pub(crate) came_true: bool,
}

impl ForecastHistory {
    /// Returns the last credence.
    pub(crate) fn last(&self) -> Option<Credence> {
        self.said.last().map(|(_, credence)| *credence)
    }

    /// Returns the time of the first credence.
    pub(crate) fn first(&self) -> Millis {
        self.said.first().map_or(self.begun, |(at, _)| *at)
    }

    /// Returns the mean score over the time from anybody's first credence on. Before the person's own first
    /// credence, 50% counts.
    pub(crate) fn mean(&self, score: fn(Credence, bool) -> f64) -> f64 {
        let silent = self.first().millis_since(self.begun) as f64;
        let (sum, whole) = self.sum(score);
        (sum + silent * score(Credence::HALF, self.came_true)) / (whole + silent)
    }

    /// Returns the mean score over the time from the person's own first credence on.
    pub(crate) fn mean_since_first(&self, score: fn(Credence, bool) -> f64) -> f64 {
        let (sum, whole) = self.sum(score);
        sum / whole
    }

    /// Returns the sum of scores times milliseconds, and the sum of milliseconds.
    fn sum(&self, score: fn(Credence, bool) -> f64) -> (f64, f64) {
        let later = self.said.iter().skip(1).map(|(at, _)| *at);
        let ends = later.chain([self.until]);
        let stood = self.said.iter().zip(ends).map(|((at, credence), end)| {
            // A credence stated in the very moment in which the outcome became clear still counts.
            let stood = end.millis_since(*at).max(1) as f64;
            (stood * score(*credence, self.came_true), stood)
        });
        stood.fold((0.0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1))
    }

    /// Returns the part between two moments; `None` if there was no credence by then.
    pub(crate) fn between(&self, from: Millis, until: Millis) -> Option<Self> {
        let first = self.said.iter().rposition(|(at, _)| *at <= from)?;
        let said = self.said[first..].iter();
        let said = said.filter(|(at, _)| *at <= until.max(from));
        Some(Self {
            said: said
                .map(|(at, credence)| ((*at).max(from), *credence))
                .collect(),
            begun: from,
            until,
            came_true: self.came_true,
        })
    }
}

/// Returns the last moment at which a credence counts: when the outcome was clear, or the end of the last
/// scored day.
fn last_moment(outcome: Outcome) -> Millis {
    let clear = outcome.at.millis();
    if outcome.scored_until >= outcome.at.day() {
        return clear;
    }
    let next = Millis::beginning_of(outcome.scored_until + TimeDelta::days(1));
    let end = next.map(|next| next - Duration::from_millis(1));
    end.unwrap_or_default().min(clear)
}

/// Returns when a person left: the beginning of the first day on which they do not count.
fn departure(board: &Board, person: PersonId) -> Option<Millis> {
    let day = board.person(person)?.left_on?;
    Millis::beginning_of(day)
}

/// The forecasts on one claim by person; `None` is the group's aggregate.
pub(crate) type ClaimHistories = BTreeMap<Option<PersonId>, ForecastHistory>;

/// Returns everybody's and the group's forecasts on a claim until its outcome was clear. Credences recorded
/// later do not count.
pub(crate) fn histories_of(board: &Board, crux: CruxId, outcome: Outcome) -> ClaimHistories {
    let known = last_moment(outcome);
    let counts = |(written, (said, _)): &(Millis, WithBasis<'_>)| {
        // A sealed answer counts from its seal, after which it could not be changed.
        let id = sealed_when(board, said).unwrap_or(said.id.0);
        let has_left = board.has_left(said.person, *written);
        id <= outcome.at && *written <= known && said.at <= known && !has_left
    };
    let statements = board.timeline_as_written(crux).into_iter();
    let statements: Vec<_> = statements.filter(counts).collect();
    let begun = statements.first().map_or(known, |(written, _)| *written);
    let people = statements.iter().map(|(_, (said, _))| said.person);
    let mut departures: Vec<Millis> = people
        .filter_map(|person| departure(board, person))
        .filter(|left| *left <= known)
        .collect();
    departures.sort_unstable();
    departures.dedup();
    // The moments at which the aggregate may change.
    let said = statements
        .iter()
        .map(|(written, (said, _))| (*written, Some((said.person, said.credence))));
    let left = departures.into_iter().map(|left| (left, None));
    let mut moments: Vec<_> = said.chain(left).collect();
    moments.sort_by_key(|(at, said)| (*at, said.is_some()));
    let mut latest = LatestOf::new(board.pool());
    let mut all: BTreeMap<Option<PersonId>, Vec<(Millis, Credence)>> = BTreeMap::new();
    for (at, said) in moments {
        match said {
            Some((person, credence)) => {
                latest.put(person, (credence, at));
                all.entry(Some(person)).or_default().push((at, credence));
            }
            None => {
                latest.drop_left(board, at);
            }
        }
        if let Some(group) = latest.estimate() {
            all.entry(None).or_default().push((at, group.aggregate));
        }
    }
    let history = |(who, said): (Option<PersonId>, Vec<(Millis, Credence)>)| {
        let left = who.and_then(|person| departure(board, person));
        let history = ForecastHistory {
            said,
            begun,
            until: left.map_or(known, |left| left.min(known)),
            came_true: outcome.came_true,
        };
        (who, history)
    };
    all.into_iter().map(history).collect()
}

/// Returns everybody's and the group's forecasts on each resolved claim, in the board's own order.
pub(crate) fn histories(board: &Board) -> Vec<ClaimHistories> {
    let cruxes = board.cruxes().into_iter();
    let claims = cruxes.filter_map(|crux| {
        let outcome = outcome(board, crux).ok()?;
        Some(histories_of(board, crux.id, outcome))
    });
    claims.collect()
}
