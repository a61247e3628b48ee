//! The triggers of a review, the pressing ones first, grouped by crux.

use cruxboard_domain::record::{CruxId, ReviewId, TriggerId};
use cruxboard_domain::trigger_review::{ByCrux, ReviewOrder, review_order};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::ending::left;
use super::follow_meeting;
use super::trigger_line::{OutcomeDraft, ReviewedUntil, TRIGGERS, TriggerLine, next_review_draft};
use crate::component::{Section, live};
use crate::page::href;
use crate::route::Screen;
use cruxboard_session::Session;

/// All triggers of the cruxes on the agenda, and those of other cruxes that wait for an outcome or a
/// decision. Armed and settled ones are folded.
#[component]
pub(super) fn Outcomes(session: Session, id: ReviewId) -> impl IntoView {
    let order = Memo::new(move |_| {
        let agenda = follow_meeting(session, id).agenda;
        let viewpoint = session.viewpoint();
        session.read_all(|board| review_order(board, &agenda, viewpoint))
    });
    let part = move |read: fn(&ReviewOrder) -> &ByCrux| {
        Memo::new(move |_| order.with(|it| read(it).clone()))
    };
    let (pressing, armed, others) = (
        part(|order| &order.pressing),
        part(|order| &order.armed),
        part(|order| &order.others),
    );
    let is_empty = Memo::new(move |_| order.with(|order| *order == ReviewOrder::default()));
    view! {
        <section class="panel" id=TRIGGERS tabindex="-1" aria-label=t!("Triggers of the agenda")>
            <Show when=move || is_empty.get()>
                <p class="empty">{t!("The cruxes of the agenda have no triggers, and no other trigger waits for an outcome.")}</p>
            </Show>
            <Show when=move || !is_empty.get() && pressing.with(Vec::is_empty)>
                <p class="soft">{t!("No trigger is met, disputed, overdue or near.")}</p>
            </Show>
            <Groups session id groups=pressing />
            <AllReviewed session id />
            <Folded session id title=t!("Armed") groups=armed />
            <Folded session id title=t!("Settled and drafts") groups=others />
        </section>
    }
}

/// The triggers of each crux, below its name.
#[component]
fn Groups(session: Session, id: ReviewId, groups: Memo<ByCrux>) -> impl IntoView {
    let group = move |crux: CruxId| {
        let name = session.read_untracked(|board| {
            let crux = board.crux(crux);
            crux.map_or_else(
                || t!("Deleted crux").into(),
                |crux| crux.name().into_owned(),
            )
        });
        let own = Memo::new(move |_| {
            groups.with(|groups| {
                let own = groups.iter().find(|(of, _)| *of == crux);
                own.map(|(_, triggers)| triggers.clone())
                    .unwrap_or_default()
            })
        });
        let line = move |trigger: TriggerId| {
            view! { <TriggerLine session review=id id=trigger /> }.into_any()
        };
        view! {
            <section class="trigger-group">
                <h3><a href=href(session, Screen::Walk(id, crux))>{name}</a></h3>
                <For each=move || own.get() key=|id| id.0 let(id)>{line(id)}</For>
            </section>
        }
        .into_any()
    };
    let cruxes =
        move || groups.with(|groups| groups.iter().map(|(crux, _)| *crux).collect::<Vec<_>>());
    view! { <For each=cruxes key=|crux| crux.0 let(crux)>{group(crux)}</For> }
}

/// A fold with triggers. It is open at first if the outcome of one of them is begun, or its next day chosen.
#[component]
fn Folded(
    session: Session,
    id: ReviewId,
    title: &'static str,
    groups: Memo<ByCrux>,
) -> impl IntoView {
    let count = Memo::new(move |_| {
        groups.with(|groups| {
            groups
                .iter()
                .map(|(_, triggers)| triggers.len())
                .sum::<usize>()
        })
    });
    let is_begun = untrack(|| {
        let triggers = groups.get();
        let mut triggers = triggers.iter().flat_map(|(_, triggers)| triggers);
        triggers.any(|trigger| {
            OutcomeDraft::of(session, *trigger).is_begun()
                || next_review_draft(session, id, trigger).get().is_some()
        })
    });
    let is_open = RwSignal::new(is_begun);
    let note = Signal::derive(move || count.get().to_string());
    view! {
        <Show when=move || { count.get() > 0 }>
            <Section title note is_open on_toggle=Callback::new(move |open| is_open.set(open))>
                <Groups session id groups />
            </Section>
        </Show>
    }
}

/// One date for all armed triggers of the agenda that the review has still to move on.
#[component]
fn AllReviewed(session: Session, id: ReviewId) -> impl IntoView {
    let left = left(session, id);
    let is_open = Memo::new(move |_| follow_meeting(session, id).closed().is_none());
    let chosen = next_review_draft(session, id, "all");
    let next = Signal::derive(move || {
        let proposed = left.with(|left| left.as_ref().map(|left| left.next));
        chosen.get().or(proposed)
    });
    let triggers = Signal::derive(move || {
        left.with(|left| left.as_ref().map(|left| left.triggers.clone()))
            .unwrap_or_default()
    });
    let words = move || {
        tn!(
            triggers.with(Vec::len),
            "{count} armed trigger has an earlier review date.",
            "{count} armed triggers have an earlier review date.",
        )
    };
    view! {
        <Show when=move || is_open.get() && left.with(Option::is_some)>
            <section class="all-armed" aria-label=t!("All armed triggers")>
                <p class="soft">{live(words)}</p>
                <ReviewedUntil
                    session
                    next
                    chosen
                    triggers
                    label=t!("Next review of all")
                    button=t!("Reviewed, still armed: all")
                />
            </section>
        </Show>
    }
}
