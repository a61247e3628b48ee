//! The effect of a credence that is being set and not stated yet.

use crate::component::live;
use cruxboard_domain::board::CurrentView;
use cruxboard_domain::estimate::Estimate;
use cruxboard_domain::record::{CruxId, Measure, PersonId, StatementId};
use cruxboard_domain::t;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::{Credence, Millis};
use cruxboard_session::Session;
use leptos::prelude::*;

pub(super) fn put_preview(
    views: &mut Vec<CurrentView>,
    crux: CruxId,
    me: PersonId,
    credence: Credence,
    now: Millis,
) {
    if let Some(view) = views.iter_mut().find(|view| view.statement.person == me) {
        view.previous = Some(view.statement.credence);
        view.statement.credence = credence;
        view.is_stale = false;
        return;
    }
    views.push(CurrentView {
        id: StatementId::default(),
        statement: cruxboard_domain::record::Statement {
            crux,
            person: me,
            credence,
            reason: String::new(),
            evidence: Vec::new(),
            reaffirms: false,
            at: now,
            filed: now,
            order: now,
        },
        previous: None,
        is_stale: false,
    });
}

/// The credence triggers whose state would change if the draft were stated.
#[component]
pub(super) fn PreviewedTriggers(
    session: Session,
    id: CruxId,
    now: Signal<Option<Estimate>>,
    before: Signal<Option<Estimate>>,
    draft: RwSignal<Option<Credence>>,
) -> impl IntoView {
    let crossed = move || {
        draft.get()?;
        let now = now.get()?;
        let before = before.get();
        let viewpoint = session.viewpoint();
        let crossed = session.read_untracked(|board| {
            let people = board.people_at(viewpoint.now.millis).count();
            let rules = board.triggers_of(id).filter_map(|trigger| {
                let rule = trigger.rule?;
                let state = trigger_state(board, trigger, viewpoint);
                // Nobody waits for a trigger that is void or a draft.
                let waits = matches!(state, TriggerState::Armed | TriggerState::Near);
                let holds = |estimate: Option<Estimate>| {
                    let measured = trigger.measured(estimate, people);
                    measured.is_some_and(|measured| measured.holds())
                };
                let is_reached = match (holds(before), holds(Some(now))) {
                    (false, true) if waits => true,
                    (true, false) if waits || state == TriggerState::Met => false,
                    _ => return None,
                };
                Some(match (rule.measure, is_reached) {
                    (Measure::Aggregate, true) => {
                        t!("This would reach the aggregate trigger: {rule}.", rule)
                    }
                    (Measure::Aggregate, false) => {
                        t!("This would leave the aggregate trigger: {rule}.", rule)
                    }
                    (Measure::Spread, true) => {
                        t!("This would reach the spread trigger: {rule}.", rule)
                    }
                    (Measure::Spread, false) => {
                        t!("This would leave the spread trigger: {rule}.", rule)
                    }
                })
            });
            rules.collect::<Vec<_>>().join(" ")
        });
        Some(crossed)
    };
    view! { <p class="crossing" role="status">{live(crossed)}</p> }
}
