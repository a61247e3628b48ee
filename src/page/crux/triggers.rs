//! The triggers of a crux.

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::record::{CruxId, TriggerId};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::live;

use super::Remembered;
use crate::component::Section;
use crate::page::{href, today};
use crate::route::Screen;
use cruxboard_session::Session;

mod card;
mod judge;
mod terms;

use self::card::{Card, view_card};
pub(in crate::page) use self::judge::Judge;
use self::terms::{EditTerms, NewTrigger};

/// The triggers of a crux, with their recorded outcomes.
#[component]
pub(super) fn TriggerPanel(session: Session, id: CruxId) -> impl IntoView {
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Crux(id), |board| {
            let (events, rules): (Vec<_>, Vec<_>) = board
                .triggers_of(id)
                .partition(|trigger| trigger.rule.is_none());
            events
                .into_iter()
                .chain(rules)
                .map(|trigger| trigger.id.0)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel triggers" aria-labelledby="triggers-title">
            <h2 id="triggers-title">{t!("Triggers")}</h2>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="soft">{t!("What observation would make you stop, and which would make you go on? A met trigger asks for a decision or an action; it never decides by itself.")}</p>
            </Show>
            <For each=move || ids.get() key=|id| *id let(trigger)><TriggerCard session crux=id id=TriggerId(trigger) /></For>
            <Remembered name="new-trigger" title=t!("Add a trigger")>
                <NewTrigger session crux=id />
            </Remembered>
        </section>
    }
}

#[component]
fn TriggerCard(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    let card = Memo::new(move |_| {
        let viewpoint = session.viewpoint();
        session.read([RecordRef::Crux(crux), RecordRef::Board], |board| {
            board
                .trigger(id)
                .map(|trigger| Card::read(board, trigger, viewpoint))
        })
    });
    let edits = RwSignal::new(false);
    let calls = move || card.with(|card| card.as_ref().is_some_and(|c| c.calls));
    let is_armed = move || card.with(|card| card.as_ref().is_some_and(|c| c.trigger.armed));
    view! {
        <article class="trigger">
            {live(move || card.get().map(|card| view_card(card, today(session))))}
            <div class="trigger-actions">
                <Show when=calls>
                    <a class="button" href=href(session, Screen::Decide(Some(id)))>{t!("Decide")}</a>
                </Show>
                // Nobody has agreed to the terms of a draft, so it takes no outcome.
                <Show when=is_armed><Judge session crux id /></Show>
                <Section title=t!("Edit its terms") is_open=edits on_toggle=Callback::new(move |open| edits.set(open))>
                    <EditTerms session crux id />
                </Section>
            </div>
        </article>
    }
}
