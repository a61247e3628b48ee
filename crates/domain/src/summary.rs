//! What stands above the board: how many triggers are where, what is open, and what each option
//! has going for it.

use std::cmp::Reverse;

use crate::Credence;
use crate::board::Board;
use crate::date::Now;
use crate::estimate::estimate;
use crate::order::sort_by_key;
use crate::record::{CruxId, FollowUpState, OptionId, Stage};
use crate::trigger_state::{TriggerState, trigger_state};

/// How many triggers are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TriggerCount([usize; TriggerState::ALL.len()]);

impl TriggerCount {
    /// How many are in this state.
    #[must_use]
    pub fn of(&self, state: TriggerState) -> usize {
        self.0[state as usize]
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }

    fn count(&mut self, state: TriggerState) {
        self.0[state as usize] += 1;
    }
}

/// What one option has going for it.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionCase {
    /// The option.
    pub option: OptionId,
    /// Open cruxes that point to it if true, likeliest first, with the group's aggregate.
    pub cruxes: Vec<(CruxId, Option<Credence>)>,
    /// Its triggers.
    pub triggers: TriggerCount,
}

/// The board at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// One per option, in the board's order.
    pub options: Vec<OptionCase>,
    /// The triggers of open cruxes.
    pub triggers: TriggerCount,
    /// Triggers whose date has passed with nothing judged.
    pub past_date: usize,
    /// Open cruxes with evidence on one side only.
    pub one_sided: usize,
    /// Follow-ups that we owe.
    pub owed: usize,
    /// Statements older than the board wants them to be.
    pub stale: usize,
    /// Cruxes, without those in the trash.
    pub cruxes: usize,
}

/// Sums the board up. `with_stale`: whether stale statements count.
#[must_use]
pub fn summary(board: &Board, now: Now, with_stale: bool) -> Summary {
    let today = now.today();
    let mut summary = Summary {
        options: board
            .options()
            .map(|option| OptionCase {
                option: option.id,
                cruxes: Vec::new(),
                triggers: TriggerCount::default(),
            })
            .collect(),
        triggers: TriggerCount::default(),
        past_date: 0,
        one_sided: 0,
        owed: board
            .follow_ups()
            .filter(|f| f.state() == FollowUpState::Owed)
            .count(),
        stale: 0,
        cruxes: 0,
    };
    for crux in board.cruxes() {
        summary.cruxes += 1;
        if crux.stage() != Stage::Open {
            continue;
        }
        let views = board.current_views(crux.id, now.millis);
        summary.stale += views.iter().filter(|view| view.is_stale).count();
        let (pro, con) = board.evidence_balance(crux.id);
        summary.one_sided += usize::from((pro == 0) != (con == 0));
        let aggregate = estimate(&views, with_stale).map(|estimate| estimate.aggregate);
        let case = summary
            .options
            .iter_mut()
            .find(|case| Some(case.option) == crux.if_true);
        if let Some(case) = case {
            case.cruxes.push((crux.id, aggregate));
        }
    }
    for trigger in board.triggers() {
        // What was settled or retired calls no decision any more.
        let crux = board.crux(trigger.crux);
        if crux.is_none_or(|crux| crux.stage() != Stage::Open) {
            continue;
        }
        let state = trigger_state(board, trigger, today);
        summary.triggers.count(state);
        summary.past_date += usize::from(state == TriggerState::Undecided);
        let case = summary
            .options
            .iter_mut()
            .find(|case| Some(case.option) == trigger.toward);
        if let Some(case) = case {
            case.triggers.count(state);
        }
    }
    for case in &mut summary.options {
        sort_by_key(&mut case.cruxes, |(_, aggregate)| Reverse(*aggregate));
    }
    summary
}
