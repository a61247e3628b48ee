//! The totals that a summary shows, as a sum of the figures of each crux.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{OptionCase, Summary};
use crate::Credence;
use crate::board::Board;
use crate::crux_state::CruxState;
use crate::estimate::estimate;
use crate::pointing::{Pointing, PointingCount};
use crate::record::{CruxId, OptionId, PersonId, Stage};
use crate::trigger_state::TriggerState;

/// The figures that a trigger adds to the totals.
#[derive(Clone, Debug, PartialEq)]
struct TriggerFigures {
    option: Option<OptionId>,
    state: TriggerState,
    is_answered: bool,
    calls_for_decision: bool,
}

/// The figures that a crux adds to the totals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CruxFigures {
    pub(crate) id: CruxId,
    pub(crate) rank: Arc<str>,
    stage: Stage,
    if_true: Option<OptionId>,
    aggregate: Option<Credence>,
    pointing: Option<Pointing>,
    /// The people with a credence, if the crux is open.
    people: Vec<PersonId>,
    stale: usize,
    is_one_sided: bool,
    /// The triggers, if the crux is open.
    triggers: Vec<TriggerFigures>,
}

impl CruxFigures {
    pub(crate) fn of(state: &CruxState<'_>) -> Self {
        let CruxState { board, crux, .. } = *state;
        let mut figures = Self {
            id: crux.id,
            rank: crux.rank.as_str().into(),
            stage: crux.stage(),
            if_true: crux.if_true,
            aggregate: None,
            pointing: None,
            people: Vec::new(),
            stale: 0,
            is_one_sided: false,
            triggers: Vec::new(),
        };
        // A settled or retired crux calls for nothing any more.
        if crux.stage() == Stage::Open {
            let estimate = estimate(board, &state.views, state.viewpoint.with_stale);
            figures.aggregate = estimate.map(|estimate| estimate.aggregate);
            let people = state.views.iter().map(|view| view.statement.person);
            figures.people = people.collect();
            figures.stale = state.views.iter().filter(|view| view.is_stale).count();
            figures.is_one_sided = state.is_one_sided();
            let triggers = state.triggers.iter();
            let triggers = triggers.map(|it| TriggerFigures {
                option: it.trigger.toward,
                state: it.state,
                is_answered: it.is_answered,
                calls_for_decision: it.trigger.calls_for_decision(),
            });
            figures.triggers = triggers.collect();
        }
        figures.pointing = Pointing::of(board, crux, figures.aggregate);
        figures
    }
}

/// An open crux by its aggregate, and then in the manual order.
type Ranked = (Reverse<Credence>, Arc<str>, CruxId);

/// Sums of figures. Cruxes can be added and removed one by one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    summary: Summary,
    /// For each case of the summary, and for none: the open cruxes with an aggregate, likeliest first.
    ranked: BTreeMap<Option<OptionId>, BTreeSet<Ranked>>,
    /// The people with credences in open cruxes, and in how many.
    people: BTreeMap<PersonId, usize>,
}

/// Adds or removes one.
fn step(number: &mut usize, is_added: bool) {
    *number = if is_added { *number + 1 } else { *number - 1 };
}

impl Totals {
    /// Creates the totals of no cruxes.
    pub(crate) fn new(board: &Board) -> Self {
        let options = board.options().map(|option| OptionCase {
            option: Some(option.id),
            ..OptionCase::default()
        });
        Self {
            summary: Summary {
                options: options.collect(),
                pointing: PointingCount::new(board),
                ..Summary::default()
            },
            ..Self::default()
        }
    }

    /// Returns the summary, with the number of follow-ups that are owed.
    pub(crate) fn summary(&self, owed: usize) -> Summary {
        let mut summary = self.summary.clone();
        summary.owed = owed;
        let only = self.people.keys().next().copied();
        summary.only_person = only.filter(|_| self.people.len() == 1);
        let cases = summary.options.iter_mut();
        for case in cases.chain([&mut summary.for_no_option]) {
            let ranked = self.ranked.get(&case.option);
            let first = ranked.and_then(BTreeSet::first);
            case.likeliest = first.map(|(Reverse(aggregate), _, crux)| (*crux, *aggregate));
        }
        summary
    }

    pub(crate) fn add(&mut self, crux: &CruxFigures) {
        self.count(crux, true);
    }

    /// Takes back what [`Self::add`] did for equal figures.
    pub(crate) fn remove(&mut self, crux: &CruxFigures) {
        self.count(crux, false);
    }

    fn count(&mut self, crux: &CruxFigures, is_added: bool) {
        step(&mut self.summary.cruxes, is_added);
        if let Some(pointing) = crux.pointing {
            step(self.summary.pointing.of(pointing), is_added);
        }
        match crux.stage {
            Stage::Open => self.count_open(crux, is_added),
            Stage::SettledTrue => {
                step(&mut self.case_of(crux.if_true).settled_true, is_added);
                step(&mut self.summary.settled, is_added);
            }
            Stage::SettledFalse => {
                step(&mut self.case_of(crux.if_true).settled_false, is_added);
                step(&mut self.summary.settled, is_added);
            }
            Stage::Retired => {}
        }
    }

    fn count_open(&mut self, crux: &CruxFigures, is_added: bool) {
        let case = self.case_of(crux.if_true);
        step(case.cruxes.of(crux.aggregate), is_added);
        let option = case.option;
        if let Some(aggregate) = crux.aggregate {
            let ranked = self.ranked.entry(option).or_default();
            let place = (Reverse(aggregate), crux.rank.clone(), crux.id);
            if is_added {
                ranked.insert(place);
            } else {
                ranked.remove(&place);
            }
        }
        for person in &crux.people {
            let cruxes = self.people.entry(*person).or_default();
            step(cruxes, is_added);
            if *cruxes == 0 {
                self.people.remove(person);
            }
        }
        for trigger in &crux.triggers {
            let state = trigger.state;
            step(self.summary.triggers.of_mut(state), is_added);
            let case = self.case_of(trigger.option);
            step(case.triggers.of_mut(state), is_added);
            if state == TriggerState::Undecided {
                step(&mut self.summary.past_date, is_added);
            }
            if trigger.is_answered {
                step(&mut self.summary.answered, is_added);
            } else if state == TriggerState::Met && !trigger.calls_for_decision {
                step(&mut self.summary.acting, is_added);
            }
        }
        if crux.is_one_sided {
            step(&mut self.summary.one_sided, is_added);
        }
        if is_added {
            self.summary.stale += crux.stale;
        } else {
            self.summary.stale -= crux.stale;
        }
    }

    /// Returns the case of an option, or that of items without an option of the board.
    fn case_of(&mut self, option: Option<OptionId>) -> &mut OptionCase {
        let mut cases = self.summary.options.iter_mut();
        let found = cases.find(|case| case.option == option);
        found.unwrap_or(&mut self.summary.for_no_option)
    }
}
