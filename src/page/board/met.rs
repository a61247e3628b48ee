//! The banner of triggers that are met and wait for a decision.

use cruxboard_domain::board::Board;
use cruxboard_domain::date::{Viewpoint, spelled};
use cruxboard_domain::due::{DueKind, Subject, due};
use cruxboard_domain::format::measured_words;
use cruxboard_domain::record::{AgendaItem, CruxId, Mark, TriggerId, Verdict};
use cruxboard_domain::trigger_state::{TriggerState, measured};
use leptos::prelude::*;

use crate::component::{StateGlyph, live, mark_class};
use crate::page::review::{FIRST_MINUTES, start_review};
use crate::page::{Services, href, mark_of, person_name, short};
use crate::route::Screen;
use crate::session::Session;

/// A met trigger that no decision has answered.
#[derive(Clone, PartialEq)]
struct Met {
    trigger: TriggerId,
    crux: CruxId,
    toward: Mark,
    headline: String,
    crux_name: String,
    /// The person, day and reason of the outcome, or the figure of a computed trigger.
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
            let by = who.map_or(String::new(), |who| format!(" by {who}"));
            format!("Recorded{by} on {day}: {}", judged.reason)
        });
        let evidence = judged.iter().flat_map(|judged| &judged.evidence);
        let evidence = evidence.filter_map(|id| board.evidence(*id));
        Some(Self {
            trigger: id,
            crux,
            toward: mark_of(board, trigger.toward),
            headline: trigger.headline(),
            crux_name: board.crux(crux)?.name().into_owned(),
            basis: recorded.or(computed).unwrap_or_default(),
            evidence: evidence
                .map(|item| short(item.headline(), 80).into_owned())
                .collect(),
        })
    }
}

/// Says of each met trigger that it is met and on what basis, with the two ways to act on it. Shows
/// nothing while no trigger waits for a decision.
#[component]
pub(super) fn MetTriggers(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let met = Memo::new(move |_| {
        session.follow_all();
        let viewpoint = session.viewpoint();
        session.with(|board| {
            let waiting = due(board, viewpoint).into_iter();
            let met = waiting.filter(|due| due.kind == DueKind::Met);
            met.filter_map(|due| match (due.subject, due.crux) {
                (Subject::Trigger(id), Some(crux)) => Met::read(board, id, crux, viewpoint),
                _ => None,
            })
            .collect::<Vec<_>>()
        })
    });
    let hold = move |_| {
        let cruxes = met.with_untracked(|met| {
            let mut cruxes: Vec<_> = met.iter().map(|met| met.crux).collect();
            cruxes.dedup();
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
        let first = met.first()?.trigger;
        let cards = met.into_iter().map(|met| one(session, met)).collect_view();
        Some(view! {
            <section class="met-banner" aria-label="Triggers met">
                <ul>{cards}</ul>
                <p class="actions">
                    <button class="primary" on:click=hold>"Hold decision meeting"</button>
                    <a class="button" href=href(session, Screen::Decide(Some(first)))>"Decide now"</a>
                </p>
            </section>
        })
    };
    live(banner)
}

fn one(session: Session, met: Met) -> impl IntoView {
    let evidence = (!met.evidence.is_empty()).then(|| {
        let items = met.evidence.join("; ");
        view! { <span class="soft">"Evidence: " {items}</span> }
    });
    let title = match met.toward {
        // It speaks for no option.
        Mark::Other => "Trigger met".to_owned(),
        mark => format!("{} trigger met", mark.label()),
    };
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
            </div>
        </li>
    }
}
