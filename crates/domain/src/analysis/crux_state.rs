//! The state of a crux at a viewpoint: the current views, and how each of its triggers stands.

use crate::Millis;
use crate::board::{Board, CurrentView};
use crate::date::{DAY, Viewpoint};
use crate::met_trigger::is_answered;
use crate::record::{Crux, CruxId, Record, Trigger, TriggerId};
use crate::trigger_state::{TriggerState, trigger_state};

/// A crux at a viewpoint. Due items and the summary are computed from it, so that both look at the credences
/// and triggers once.
pub(crate) struct CruxState<'a> {
    pub(crate) board: &'a Board,
    pub(crate) crux: &'a Record<CruxId, Crux>,
    pub(crate) viewpoint: Viewpoint,
    /// Everybody's latest credence.
    pub(crate) views: Vec<CurrentView>,
    /// The triggers, in the order in which they were added.
    pub(crate) triggers: Vec<TriggerStanding<'a>>,
}

/// A trigger with its state.
pub(crate) struct TriggerStanding<'a> {
    pub(crate) trigger: &'a Record<TriggerId, Trigger>,
    pub(crate) state: TriggerState,
    /// Whether the trigger is met, and a decision answers it.
    pub(crate) is_answered: bool,
}

impl<'a> CruxState<'a> {
    pub(crate) fn at(
        board: &'a Board,
        crux: &'a Record<CruxId, Crux>,
        viewpoint: Viewpoint,
    ) -> Self {
        let triggers = board.triggers_of(crux.id).map(|trigger| {
            let state = trigger_state(board, trigger, viewpoint);
            TriggerStanding {
                trigger,
                state,
                is_answered: state == TriggerState::Met && is_answered(board, trigger, viewpoint),
            }
        });
        Self {
            board,
            crux,
            viewpoint,
            views: board.current_views(crux.id, viewpoint.now.millis),
            triggers: triggers.collect(),
        }
    }

    /// Returns whether there is evidence on one side only.
    pub(crate) fn is_one_sided(&self) -> bool {
        let (pro, con) = self.board.evidence_balance(self.crux.id);
        (pro == 0) != (con == 0)
    }

    /// Returns the moment after which the first of the current credences is outdated; [`Millis::MAX`] if none
    /// will be.
    pub(crate) fn becomes_stale_after(&self) -> Millis {
        let lasts = DAY * self.board.info().stale_days();
        let fresh = self.views.iter().filter(|view| !view.is_stale);
        let ends = fresh.map(|view| view.statement.at + lasts);
        ends.min().unwrap_or(Millis::MAX)
    }

    /// Returns the other cruxes on whose credences the triggers depend: those that a trigger was on when its
    /// rule was changed.
    pub(crate) fn depends_on(&self) -> Vec<CruxId> {
        let moves = self.triggers.iter().flat_map(|it| &it.trigger.rule_moves);
        let mut cruxes: Vec<CruxId> = moves.map(|moved| moved.crux).collect();
        cruxes.retain(|crux| *crux != self.crux.id);
        cruxes
    }
}
