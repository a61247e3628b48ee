//! The steps of a review after its cruxes: outcomes of triggers, the decision, and its actions.

use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::{decision_headline, person_name};
use cruxboard_domain::record::{Decision, DecisionId, Record, ReviewId};
use cruxboard_domain::t;
use leptos::prelude::*;

use super::ending::Ending;
use super::outcomes::Outcomes;
use super::stepper::{Step, Stepper, go_to};
use super::unrecorded::actions_draft;
use super::{Gone, follow_meeting};
use crate::component::{FieldErrors, Section, focus_invalid, live};
use crate::page::Services;
use crate::page::decisions::{
    ActionFields, DecideForm, track_actions, unnamed_field, view_actions, written_actions,
};
use crate::route::ReviewStep;
use cruxboard_session::Session;

/// A step of a review after its cruxes.
#[component]
pub fn ReviewStepPage(session: Session, id: ReviewId, step: ReviewStep) -> impl IntoView {
    let is_there =
        Memo::new(move |_| session.read(RecordRef::Board, |board| board.review(id).is_some()));
    let content = move || {
        match step {
        ReviewStep::Triggers => view! {
            <h1>{t!("Triggers")}</h1>
            <p class="soft">{t!("A met trigger calls for a decision, or for an action of its own; it never decides by itself.")}</p>
            <Outcomes session id />
        }
        .into_any(),
        ReviewStep::Decision => view! { <h1>{t!("Decision")}</h1><DecisionStep session id /> }.into_any(),
        ReviewStep::Actions => view! { <h1>{t!("Actions")}</h1><ActionStep session id /> }.into_any(),
    }
    };
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <Stepper session id at=Step::Later(step)>{content()}</Stepper>
        </Show>
    }
}

/// Returns the decisions made at a review, oldest first.
fn decisions_at(board: &Board, review: ReviewId) -> Vec<&Record<DecisionId, Decision>> {
    let taken = board.decisions();
    taken.filter(|it| it.held_at == Some(review)).collect()
}

/// The decisions made at this review, and the form for another one.
#[component]
fn DecisionStep(session: Session, id: ReviewId) -> impl IntoView {
    let services = Services::from_context();
    let is_open = Memo::new(move |_| follow_meeting(session, id).closed().is_none());
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            let taken = decisions_at(board, id).into_iter();
            taken.map(|decision| decision.id).collect::<Vec<_>>()
        })
    });
    let is_decided = Memo::new(move |_| ids.with(|ids| !ids.is_empty()));
    let taken = move || {
        let cards = ids.get().into_iter().map(|id| {
            track_actions(session, id);
            session
                .read_untracked(|board| board.decision(id).map(|it| view_taken(session, board, it)))
        });
        cards.collect_view()
    };
    let on_done = Callback::new(move |_| {
        let next = Step::Later(ReviewStep::Actions);
        go_to(session, services, next.screen(id));
    });
    let form = move || view! { <DecideForm session trigger=None review=id on_done /> };
    let another = RwSignal::new(false);
    let is_empty = move || !is_decided.get() && !is_open.get();
    view! {
        {live(taken)}
        <Show when=is_empty><p class="soft">{t!("Nothing was decided at this review.")}</p></Show>
        <Show when=move || is_open.get() && !is_decided.get()>{form()}</Show>
        <Show when=move || is_open.get() && is_decided.get()>
            <Section title=t!("Record another decision") is_open=another on_toggle=Callback::new(move |open| another.set(open))>
                {form()}
            </Section>
        </Show>
    }
}

fn view_taken(session: Session, board: &Board, decision: &Record<DecisionId, Decision>) -> AnyView {
    let voices = decision.voices.iter().map(|voice| {
        let said = if voice.agrees { t!("agreed") } else { t!("did not agree") };
        let because = if voice.reason.is_empty() { "" } else { ": " };
        view! { <li>{person_name(board, voice.person)} " " <b>{said}</b> {because} {voice.reason.clone()}</li> }
    });
    view! {
        <section class="panel decision" aria-label=t!("Decision taken")>
            <h2>{decision_headline(board, decision)}</h2>
            <p class="prose">{decision.why.clone()}</p>
            <ul>{voices.collect_view()}</ul>
            {view_actions(session, board, decision.id)}
        </section>
    }
    .into_any()
}

/// The actions of the decisions of this review, and rows for more.
#[component]
fn ActionStep(session: Session, id: ReviewId) -> impl IntoView {
    let is_open = Memo::new(move |_| follow_meeting(session, id).closed().is_none());
    let listed = move || {
        session.read_all(|board| {
            let taken = decisions_at(board, id).into_iter();
            let lists = taken.filter(|it| board.actions_of(it.id).next().is_some());
            let lists: Vec<_> = lists
                .map(|it| {
                    view! {
                        <section class="panel decision">
                            <p class="soft">{decision_headline(board, it)}</p>
                            {view_actions(session, board, it.id)}
                        </section>
                    }
                })
                .collect();
            match lists.is_empty() {
                true => view! { <p class="soft">{t!("No actions yet.")}</p> }.into_any(),
                false => lists.into_any(),
            }
        })
    };
    view! {
        {live(listed)}
        <Show when=move || is_open.get()><MoreActions session id /></Show>
        <Ending session id then=Some(Step::Minutes.screen(id)) />
    }
}

/// Adds actions to the latest decision of the review; without a decision they become follow-ups of the board.
#[component]
fn MoreActions(session: Session, id: ReviewId) -> impl IntoView {
    let actions = actions_draft(session, id);
    let errors = FieldErrors::provide();
    let save = move |event: leptos::ev::MouseEvent| {
        if focus_invalid(&event) {
            return;
        }
        let rows = actions.get_untracked();
        if let Some(field) = unnamed_field(&rows) {
            let why = t!("Say what is to be done, or remove the row.");
            session.notices.refused(why);
            errors.refuse(field, why);
            return;
        }
        let decision =
            session.read_untracked(|board| decisions_at(board, id).last().map(|it| it.id));
        let is_saved = written_actions(&rows).into_iter().all(|mut edit| {
            edit.decision = decision.map(Some);
            session.dispatch(Command::AddFollowUp(edit))
        });
        if is_saved {
            actions.set(Vec::new());
        }
    };
    view! {
        <ActionFields session actions title=t!("More actions") />
        <p class="actions"><button on:click=save>{t!("Save actions")}</button></p>
    }
}
