//! The summary above the board: the states of triggers, open items, and the standing of each option.

mod totals;

use crate::Credence;
use crate::board::Board;
use crate::crux_state::CruxState;
use crate::date::{Now, Viewpoint};
use crate::pointing::PointingCount;
use crate::record::{CruxId, FollowUpState, OptionId, PersonId};
use crate::text::joined;
use crate::translation::translated;
use crate::trigger_state::TriggerState;
use crate::{t, tn};

pub(crate) use self::totals::{CruxFigures, Totals};

/// The number of triggers in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TriggerCount([usize; TriggerState::ALL.len()]);

impl TriggerCount {
    /// Returns the number of triggers in this state.
    #[must_use]
    pub fn of(&self, state: TriggerState) -> usize {
        self.0[state as usize]
    }

    /// Returns the number of all triggers.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// Describes the counts, which add up: "3 triggers: 2 armed, 1 met".
    #[must_use]
    pub fn words(&self) -> String {
        if self.total() == 0 {
            return t!("No triggers").to_owned();
        }
        let states = TriggerState::ALL
            .iter()
            .filter(|state| self.of(**state) > 0);
        let states = states.map(|state| format!("{} {}", self.of(*state), state.label()));
        let all = tn!(self.total(), "{count} trigger", "{count} triggers");
        format!("{all}: {}", states.collect::<Vec<_>>().join(", "))
    }

    fn of_mut(&mut self, state: TriggerState) -> &mut usize {
        &mut self.0[state as usize]
    }
}

/// The cruxes and triggers of one option.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptionCase {
    /// The option; `None` for cruxes and triggers that name no option of the board.
    pub option: Option<OptionId>,
    /// The open cruxes that point to the option if true.
    pub cruxes: LikelihoodCount,
    /// The open crux with the highest aggregate, with the aggregate; the first of several in the manual order.
    pub likeliest: Option<(CruxId, Credence)>,
    /// Number of cruxes that point to the option if true and are settled as true.
    pub settled_true: usize,
    /// Number of cruxes that point to the option if true and are settled as false.
    pub settled_false: usize,
    /// The option's triggers on open cruxes.
    pub triggers: TriggerCount,
}

/// The numbers of cruxes by how likely they are: [`Credence::is_likely`], [`Credence::is_unlikely`], or in
/// between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LikelihoodCount {
    /// Number of likely cruxes.
    pub likely: usize,
    /// Number of cruxes that are neither likely nor unlikely.
    pub either: usize,
    /// Number of unlikely cruxes.
    pub unlikely: usize,
    /// Number of cruxes without a credence that counts.
    pub unstated: usize,
}

impl LikelihoodCount {
    /// Returns the number of all cruxes.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.likely + self.either + self.unlikely + self.unstated
    }

    /// Returns the number that counts cruxes with this aggregate.
    fn of(&mut self, aggregate: Option<Credence>) -> &mut usize {
        match aggregate {
            None => &mut self.unstated,
            Some(it) if it.is_likely() => &mut self.likely,
            Some(it) if it.is_unlikely() => &mut self.unlikely,
            Some(_) => &mut self.either,
        }
    }
}

impl OptionCase {
    /// Returns whether any open or settled crux is counted here.
    #[must_use]
    pub const fn has_cruxes(&self) -> bool {
        self.cruxes.total() + self.settled_true + self.settled_false > 0
    }

    /// Returns whether any crux or trigger is counted here.
    #[must_use]
    pub fn holds_something(&self) -> bool {
        self.has_cruxes() || self.triggers.total() > 0
    }

    /// Describes how likely the cruxes are, in counts that add up: "3 cruxes: 1 likely, 2 unlikely; 1
    /// settled: true".
    #[must_use]
    pub fn cruxes_words(&self) -> String {
        let LikelihoodCount {
            likely,
            either,
            unlikely,
            unstated,
        } = self.cruxes;
        let parts = [
            (likely, t!("likely")),
            (either, translated(Credence::IN_BETWEEN)),
            (unlikely, t!("unlikely")),
            (unstated, t!("without credences")),
        ];
        let parts: Vec<_> = parts.iter().filter(|(count, _)| *count > 0).collect();
        let total = self.cruxes.total();
        let open = tn!(total, "{count} crux", "{count} cruxes");
        let open = match parts[..] {
            [] if !self.has_cruxes() => t!("No cruxes").to_owned(),
            [] => t!("No open cruxes").to_owned(),
            // All cruxes have the same word, and their count precedes it already.
            [(_, word)] if total > 1 => t!("{cruxes}: all {word}", cruxes = open, word),
            [(_, word)] => format!("{open}: {word}"),
            _ => {
                let parts = parts.iter().map(|(count, word)| format!("{count} {word}"));
                format!("{open}: {}", parts.collect::<Vec<_>>().join(", "))
            }
        };
        let as_true = match self.settled_true {
            0 => String::new(),
            count => t!("{count} settled as true", count),
        };
        let as_false = match self.settled_false {
            0 => String::new(),
            count => t!("{count} settled as false", count),
        };
        joined(&[open, as_true, as_false], "; ")
    }
}

/// The board at a glance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The case of each option, in the board's order.
    pub options: Vec<OptionCase>,
    /// Cruxes and triggers that name no option of the board.
    pub for_no_option: OptionCase,
    /// The numbers of cruxes by where they point; each crux counts once.
    pub pointing: PointingCount,
    /// Number of settled cruxes.
    pub settled: usize,
    /// The only person with credences in open cruxes; `None` if nobody or several people have any.
    pub only_person: Option<PersonId>,
    /// The triggers of open cruxes.
    pub triggers: TriggerCount,
    /// Number of met triggers that a decision has answered.
    pub answered: usize,
    /// Number of other met triggers that ask for an action of their own, not for a decision.
    pub acting: usize,
    /// Number of triggers whose date has passed without an outcome.
    pub past_date: usize,
    /// Number of open cruxes with evidence on one side only.
    pub one_sided: usize,
    /// Number of follow-ups that the group owes.
    pub owed: usize,
    /// Number of outdated credences.
    pub stale: usize,
    /// Number of cruxes, without those in the trash.
    pub cruxes: usize,
}

/// Returns the summary of a board. `with_stale`: whether outdated credences count.
#[must_use]
pub fn summary(board: &Board, now: Now, with_stale: bool) -> Summary {
    let viewpoint = Viewpoint { now, with_stale };
    let mut totals = Totals::new(board);
    for crux in board.cruxes() {
        totals.add(&CruxFigures::of(&CruxState::at(board, crux, viewpoint)));
    }
    let follow_ups = board.follow_ups();
    let owed = follow_ups.filter(|it| it.state() == FollowUpState::Owed);
    totals.summary(owed.count())
}
