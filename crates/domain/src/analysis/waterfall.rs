//! The causes of a credence's moves from the first statement to the latest, in log-odds.
//!
//! Log-odds add up where percentages do not. They are in bits: one bit doubles the odds. 0% and 100% count as
//! 0.1% and 99.9%, as in the aggregate, since their log-odds are infinite.

use std::collections::BTreeMap;

use super::estimate::steps;
use crate::Credence;
use crate::board::Board;
use crate::record::{CruxId, EvidenceId, PersonId, StatementId};

/// The cause of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An item of evidence, cited by one statement or several.
    Evidence(EvidenceId),
    /// The reason of a statement that cites no evidence.
    Reason(StatementId),
    /// A person who joined with a first estimate. It changes the group's aggregate, but nobody has moved.
    Joined(PersonId, Credence),
    /// People who left the group, so that their credences no longer count.
    Departure,
    /// A statement without a reason.
    Unexplained,
}

impl Cause {
    /// Returns whether somebody changed their mind. People who join or leave change the aggregate alone.
    #[must_use]
    pub const fn is_move(self) -> bool {
        match self {
            Self::Evidence(_) | Self::Reason(_) | Self::Unexplained => true,
            Self::Joined(..) | Self::Departure => false,
        }
    }
}

/// The share of one cause in a move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The cause.
    pub cause: Cause,
    /// The size of the move, in bits of log-odds; negative for down.
    pub bits: f64,
}

/// The moves of a credence in a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// The first credence.
    pub first: Credence,
    /// The latest credence.
    pub last: Credence,
    /// The causes, in the order in which they first appear. Their shares add up to the whole move.
    pub parts: Vec<Part>,
}

impl Waterfall {
    /// Returns how far people moved the credence in all, up and down, in bits of log-odds. First estimates
    /// are a start, not a move.
    #[must_use]
    pub fn moved(&self) -> f64 {
        let moves = self.parts.iter().filter(|part| part.cause.is_move());
        moves.map(|part| part.bits.abs()).sum()
    }

    /// Returns the whole change, in bits of log-odds.
    #[must_use]
    pub fn bits(&self) -> f64 {
        bits(self.last) - bits(self.first)
    }
}

/// Returns the moves of one person's credence in a crux, or of the group's aggregate (`None`). Returns `None`
/// before the first statement.
///
/// A move whose statement cites several items is shared among them in equal parts. Moves of one person with
/// the same cause are added up, also in opposite directions.
#[must_use]
pub fn waterfall(board: &Board, crux: CruxId, person: Option<PersonId>) -> Option<Waterfall> {
    let mut way: Option<(Credence, Credence)> = None;
    let mut moved = Moved::default();
    let mut seen: Vec<PersonId> = Vec::new();
    for step in steps(board, crux) {
        if person.is_some_and(|person| person != step.person) {
            continue;
        }
        let is_first = !seen.contains(&step.person);
        seen.push(step.person);
        let now = match person {
            Some(_) => step.credence,
            None => step.estimate.aggregate,
        };
        let Some((_, last)) = &mut way else {
            way = Some((now, now));
            continue;
        };
        let before = step.before.filter(|_| person.is_none());
        let before = before.map_or(*last, |before| before.aggregate);
        moved.add(&[Cause::Departure], bits(before) - bits(*last));
        let shift = bits(now) - bits(before);
        *last = now;
        if is_first {
            moved.add(&[Cause::Joined(step.person, step.credence)], shift);
        } else {
            moved.add(&causes(board, step.basis), shift);
        }
    }
    let (first, last) = way?;
    let parts = moved.parts;
    Some(Waterfall { first, last, parts })
}

/// The causes so far, in the order in which they first appeared.
#[derive(Default)]
struct Moved {
    parts: Vec<Part>,
    places: BTreeMap<Cause, usize>,
}

impl Moved {
    /// Shares a move in bits among its causes in equal parts. A move of nothing has no cause.
    fn add(&mut self, causes: &[Cause], shift: f64) {
        if shift == 0.0 {
            return;
        }
        for cause in causes {
            let place = *self.places.entry(*cause).or_insert_with(|| {
                let (cause, bits) = (*cause, 0.0);
                self.parts.push(Part { cause, bits });
                self.parts.len() - 1
            });
            self.parts[place].bits += shift / causes.len() as f64;
        }
    }
}

/// Returns the causes that a statement gives: at least one.
fn causes(board: &Board, basis: StatementId) -> Vec<Cause> {
    let Some(said) = board.statement(basis) else {
        return vec![Cause::Unexplained];
    };
    let mut evidence = said.evidence.clone();
    evidence.sort();
    evidence.dedup();
    if !evidence.is_empty() {
        return evidence.into_iter().map(Cause::Evidence).collect();
    }
    if said.reason.trim().is_empty() {
        vec![Cause::Unexplained]
    } else {
        vec![Cause::Reason(basis)]
    }
}

/// Returns the log-odds of a credence, in bits.
fn bits(credence: Credence) -> f64 {
    let chance = credence.percent().clamp(0.1, 99.9) / 100.0;
    (chance / (1.0 - chance)).log2()
}
