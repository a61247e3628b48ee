//! The banner of met triggers, which call for a decision or for an action of their own.

use cruxboard_domain::board::Board;
use cruxboard_domain::date::{Viewpoint, spelled};
use cruxboard_domain::due::{Due, Subject};
use cruxboard_domain::format::measured_words;
use cruxboard_domain::record::{AgendaItem, CruxId, Mark, TriggerId, Verdict};
use cruxboard_domain::t;
use cruxboard_domain::trigger_review::call_rank;
use cruxboard_domain::trigger_state::{TriggerState, measured};
use leptos::prelude::*;

use crate::component::{StateGlyph, live, mark_class};
use crate::page::review::{FIRST_MINUTES, start_review};
use crate::page::{Services, href, mark_of, person_name, short};
use crate::route::Screen;
use cruxboard_session::Session;

/// A met trigger that no decision has answered.
#[derive(Clone, PartialEq)]
struct Met {
    trigger: TriggerId,
    crux: CruxId,
    toward: Mark,
    /// The order in the banner: triggers for stopping first.
    rank: u8,
    /// The action that it asks for; `None` if it calls for a decision.
    action: Option<String>,
    /// The name of the option that the trigger supports; empty if it supports none.
    option: String,
    headline: String,
    crux_name: String,
    /// The person, date and reason of the outcome, or the figure of a computed trigger.
    basis: String,
    evidence: Vec<String>,
}

impl Met {
    fn read(board: &Board, id: TriggerId, crux: CruxId, viewpoint: Viewpoint) -> Option<Self> {
        let trigger = board.trigger(id)?;
        let judged = trigger.standing().into_iter().rev();
        let judged = judged.into_iter().find(|it| it.verdict == Verdict::Met);
        let computed = measured(board, trigger, viewpoint)
            .map(|measured| measured_words(&measured, viewpoint.with_stale));
        let recorded = judged.map(|judged| {
            let day = spelled(viewpoint.now.day_of(judged.id.millis()));
            let who = judged.by.map(|by| person_name(board, by));
            let reason = &judged.reason;
            match who {
                Some(who) => t!("Recorded by {who} on {day}: {reason}", who, day, reason),
                None => t!("Recorded on {day}: {reason}", day, reason),
            }
        });
        let evidence = judged.iter().flat_map(|judged| &judged.evidence);
        let evidence = evidence.filter_map(|id| board.evidence(*id));
        Some(Self {
            trigger: id,
            crux,
            toward: mark_of(board, trigger.toward),
            rank: call_rank(board, trigger),
            action: (!trigger.calls_for_decision()).then(|| trigger.call().to_owned()),
            option: trigger
                .toward
                .and_then(|option| board.option(option))
                .map(|option| option.name.clone())
                .unwrap_or_default(),
            headline: trigger.headline(),
            crux_name: board.crux(crux)?.name().into_owned(),
            basis: recorded.or(computed).unwrap_or_default(),
            evidence: evidence
                .map(|item| short(item.headline(), 80).into_owned())
                .collect(),
        })
    }
}

/// Shows each met trigger with its basis, and the two ways to decide if any calls for a decision. Empty while
/// no trigger is met.
#[component]
pub(super) fn MetTriggers(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let met = Memo::new(move |_| {
        let viewpoint = session.viewpoint();
        session.find(|board, found| {
            let read = |item: &Due| match (item.subject, item.crux) {
                (Subject::Trigger(id), Some(crux)) => Met::read(board, id, crux, viewpoint),
                _ => None,
            };
            let mut met: Vec<_> = found.met().filter_map(read).collect();
            met.sort_by_key(|met| met.rank);
            met
        })
    });
    let hold = move |_| {
        let cruxes = met.with_untracked(|met| {
            let mut cruxes: Vec<CruxId> = Vec::new();
            for met in met.iter().filter(|met| met.action.is_none()) {
                if !cruxes.contains(&met.crux) {
                    cruxes.push(met.crux);
                }
            }
            cruxes
        });
        start_review(session, services, move |_| {
            let item = |crux| AgendaItem {
                crux,
                minutes: FIRST_MINUTES,
            };
            cruxes.into_iter().map(item).collect()
        });
    };
    let banner = move || {
        let met = met.get();
        if met.is_empty() {
            return None;
        }
        // The form ticks all triggers that call for a decision, unless it is opened for one.
        let calling: Vec<TriggerId> = met
            .iter()
            .filter(|met| met.action.is_none())
            .map(|met| met.trigger)
            .collect();
        let only = match calling[..] {
            [only] => Some(only),
            _ => None,
        };
        let cards = met.into_iter().map(|met| one(session, met)).collect_view();
        Some(view! {
            <section class="met-banner" aria-label=t!("Triggers met")>
                <ul>{cards}</ul>
                {(!calling.is_empty()).then(|| view! {
                    <p class="actions">
                        <button class="primary" on:click=hold>{t!("Hold decision meeting")}</button>
                        <a class="button" href=href(session, Screen::Decide(only))>{t!("Decide now")}</a>
                    </p>
                })}
            </section>
        })
    };
    live(banner)
}

fn one(session: Session, met: Met) -> impl IntoView {
    let evidence = (!met.evidence.is_empty()).then(|| {
        let items = met.evidence.join("; ");
        view! { <span class="soft">{t!("Evidence: {items}", items)}</span> }
    });
    let title = match met.option.as_str() {
        "" => t!("Trigger met").to_owned(),
        option => t!("{option} trigger met", option),
    };
    let action = met
        .action
        .map(|action| view! { <p>{t!("Asks for: {action}", action)}</p> });
    view! {
        <li>
            <StateGlyph mark=met.toward state=TriggerState::Met />
            <div>
                <p>
                    <b class=mark_class(met.toward)>{title} ": "</b>
                    {met.headline}
                </p>
                <p class="soft">
                    <a href=href(session, Screen::Crux(met.crux))>{met.crux_name}</a>
                    " · "
                    {met.basis}
                </p>
                {evidence}
                {action}
            </div>
        </li>
    }
}
