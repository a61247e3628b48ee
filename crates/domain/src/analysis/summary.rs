//! The summary above the board: the states of triggers, what is open, and where each option stands.

use std::cmp::Reverse;

use crate::Credence;
use crate::board::Board;
use crate::date::{Now, Viewpoint};
use crate::estimate::estimate;
use crate::record::{CruxId, FollowUpState, OptionId, Stage, TriggerId};
use crate::text::{counted, joined};
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

    /// In words whose counts add up: "3 triggers: 2 armed, 1 met".
    #[must_use]
    pub fn words(&self) -> String {
        if self.total() == 0 {
            return "No triggers".to_owned();
        }
        let states = TriggerState::ALL
            .iter()
            .filter(|state| self.of(**state) > 0);
        let states = states.map(|state| format!("{} {}", self.of(*state), state.label()));
        let all = counted(self.total(), "trigger", "triggers");
        format!("{all}: {}", states.collect::<Vec<_>>().join(", "))
    }

    fn count(&mut self, state: TriggerState) {
        self.0[state as usize] += 1;
    }
}

/// Where one option stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptionCase {
    /// The option; `None` for what names no option of the board.
    pub option: Option<OptionId>,
    /// Open cruxes that point to it if true, likeliest first, with the group's aggregate.
    pub cruxes: Vec<(CruxId, Option<Credence>)>,
    /// Settled cruxes that point to it if true, with whether the claim is true.
    pub settled: Vec<(CruxId, bool)>,
    /// Its triggers on open cruxes.
    pub triggers: TriggerCount,
    /// Those of its triggers that are met.
    pub met: Vec<TriggerId>,
}

impl OptionCase {
    /// Whether any open or settled crux is counted here.
    #[must_use]
    pub fn has_cruxes(&self) -> bool {
        !self.cruxes.is_empty() || !self.settled.is_empty()
    }

    /// Whether any crux or trigger is counted here.
    #[must_use]
    pub fn holds_something(&self) -> bool {
        self.has_cruxes() || self.triggers.total() > 0
    }

    /// How likely its cruxes are, in words whose counts add up: "3 cruxes: 1 likely, 2 unlikely; 1
    /// settled: true". Words are those of [`Credence::word`], without the degrees.
    #[must_use]
    pub fn cruxes_words(&self) -> String {
        let count = |is_so: fn(Option<Credence>) -> bool| {
            let cruxes = self.cruxes.iter();
            cruxes.filter(|(_, aggregate)| is_so(*aggregate)).count()
        };
        let parts = [
            (count(|it| it.is_some_and(Credence::is_likely)), "likely"),
            (
                count(|it| it.is_some_and(|it| !it.is_likely() && !it.is_unlikely())),
                "about as likely as not",
            ),
            (
                count(|it| it.is_some_and(Credence::is_unlikely)),
                "unlikely",
            ),
            (count(|it| it.is_none()), "without credences"),
        ];
        let parts: Vec<_> = parts.iter().filter(|(count, _)| *count > 0).collect();
        let open = counted(self.cruxes.len(), "crux", "cruxes");
        let open = match parts[..] {
            [] if self.settled.is_empty() => "No cruxes".to_owned(),
            [] => "No open cruxes".to_owned(),
            // Of one kind: its count stands there already.
            [(_, word)] => format!(
                "{open}: {}{word}",
                if self.cruxes.len() > 1 { "all " } else { "" }
            ),
            _ => {
                let parts = parts.iter().map(|(count, word)| format!("{count} {word}"));
                format!("{open}: {}", parts.collect::<Vec<_>>().join(", "))
            }
        };
        let settled = |as_true: bool| {
            let cruxes = self.settled.iter();
            let count = cruxes.filter(|(_, is_true)| *is_true == as_true).count();
            if count == 0 {
                String::new()
            } else {
                format!("{count} settled as {as_true}")
            }
        };
        joined(&[open, settled(true), settled(false)], "; ")
    }
}

/// The board at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// One per option, in the board's order.
    pub options: Vec<OptionCase>,
    /// Cruxes and triggers that name no option of the board.
    pub for_no_option: OptionCase,
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
    let viewpoint = Viewpoint { now, with_stale };
    let mut summary = Summary {
        options: board
            .options()
            .map(|option| OptionCase {
                option: Some(option.id),
                ..OptionCase::default()
            })
            .collect(),
        for_no_option: OptionCase::default(),
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
        let case = summary
            .options
            .iter_mut()
            .find(|case| case.option == crux.if_true)
            .unwrap_or(&mut summary.for_no_option);
        let settled_as = match crux.stage() {
            Stage::Open => None,
            Stage::SettledTrue => Some(true),
            Stage::SettledFalse => Some(false),
            Stage::Retired => continue,
        };
        if let Some(settled_as) = settled_as {
            case.settled.push((crux.id, settled_as));
            continue;
        }
        let views = board.current_views(crux.id, now.millis);
        summary.stale += views.iter().filter(|view| view.is_stale).count();
        let (pro, con) = board.evidence_balance(crux.id);
        summary.one_sided += usize::from((pro == 0) != (con == 0));
        let aggregate = estimate(&views, with_stale).map(|estimate| estimate.aggregate);
        case.cruxes.push((crux.id, aggregate));
    }
    for trigger in board.triggers() {
        // What was settled or retired calls no decision any more.
        let crux = board.crux(trigger.crux);
        if crux.is_none_or(|crux| crux.stage() != Stage::Open) {
            continue;
        }
        let state = trigger_state(board, trigger, viewpoint);
        summary.triggers.count(state);
        summary.past_date += usize::from(state == TriggerState::Undecided);
        let case = summary
            .options
            .iter_mut()
            .find(|case| case.option == trigger.toward)
            .unwrap_or(&mut summary.for_no_option);
        case.triggers.count(state);
        if state == TriggerState::Met {
            case.met.push(trigger.id);
        }
    }
    let cases = summary.options.iter_mut();
    for case in cases.chain([&mut summary.for_no_option]) {
        case.cruxes
            .sort_by_key(|(_, aggregate)| Reverse(*aggregate));
    }
    summary
}
