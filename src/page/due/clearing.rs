//! The actions that clear due items.

use super::{id_of, place_of};
use crate::component::{DateField, DraftBanner, FieldErrors, Later, Section, TextField};
use crate::page::crux::Judge;
use crate::page::{Services, href};
use crate::route::Screen;
use cruxboard_domain::ChangeId;
use cruxboard_domain::decide::CommandError;
use cruxboard_domain::due::{Clearing, Due, DueKind, Subject};
use cruxboard_domain::record::{CruxId, Direction, TriggerId};
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;

/// Renders the actions that clear an item. They also clear other due items of the same record.
pub(super) fn actions(
    session: Session,
    item: &Due,
    part: &'static str,
    next: Callback<(), Option<ChangeId>>,
) -> AnyView {
    let (services, later) = (Services::from_context(), Later::from_context());
    let clear = {
        let item = item.clone();
        Callback::new(move |clearing: Clearing| {
            let next = next.run(());
            match session.read_untracked(|board| item.command(board, clearing)) {
                Ok(command) => {
                    if session.dispatch(command) {
                        void_reason(session, id_of(item.subject)).set(String::new());
                        // The pressed button is removed with its item, so the keyboard moves to the next
                        // item.
                        let place = next.map_or_else(|| "main".to_owned(), |id| place_of(part, id));
                        later.run(0, move || services.navigation.focus_if_lost.run(place));
                    }
                }
                Err(refusal) => session.notices.refuse(&refusal),
            }
        })
    };
    let about = id_of(item.subject);
    let void = move || view! { <VoidForm session about clear /> };
    match (item.subject, item.crux, item.kind) {
        (Subject::Trigger(id), Some(crux), kind) => trigger_actions(session, crux, id, kind, clear),
        (Subject::FollowUp(_), ..) => view! {
            <button on:click=move |_| clear.run(Clearing::Done)>{t!("Done")}</button>
            {void()}
        }
        .into_any(),
        (Subject::Statement(id), crux, _) => {
            let said = session.read_untracked(|board| board.statement(id).map(|said| said.person));
            let is_mine = move || said.is_some() && session.me.get() == said;
            view! {
                <Show
                    when=is_mine
                    fallback=move || crux.map(|crux| view! {
                        <a href=href(session, Screen::Crux(crux))>{t!("Ask them, or update it on its crux")}</a>
                    })
                >
                    <button on:click=move |_| clear.run(Clearing::Reaffirm)>{t!("Confirm unchanged")}</button>
                </Show>
            }
            .into_any()
        }
        (Subject::Decision(_), ..) => view! {
            <a class="button primary" href=href(session, Screen::Decide(None))>{t!("Decide again")}</a>
        }
        .into_any(),
        (Subject::Crux(crux), _, DueKind::OneSided) => {
            let missing = match session.read_untracked(|board| board.evidence_balance(crux)) {
                (0, _) => Direction::For,
                _ => Direction::Against,
            };
            let form = Screen::NewEvidenceOn(crux, missing);
            view! { <a class="button" href=href(session, form)>{t!("+ Evidence on the other side")}</a> }
                .into_any()
        }
        (Subject::Crux(crux), _, DueKind::ClaimByDate) => view! {
            <a class="button" href=href(session, Screen::Crux(crux))>{t!("Judge the claim on its page")}</a>
        }
        .into_any(),
        _ => again(clear),
    }
}

fn trigger_actions(
    session: Session,
    crux: CruxId,
    id: TriggerId,
    kind: DueKind,
    clear: Callback<Clearing>,
) -> AnyView {
    let is_event =
        session.read_untracked(|board| board.trigger(id).is_some_and(|t| t.rule.is_none()));
    let decide = (kind == DueKind::Met).then(|| {
        view! { <a class="button primary" href=href(session, Screen::Decide(Some(id)))>{t!("Decide")}</a> }
    });
    view! {
        {decide}
        {(kind == DueKind::TriggerReview).then(|| again(clear))}
        {is_event.then(|| view! { <Judge session crux id /> })}
        <VoidForm session about=id.0 clear />
    }
    .into_any()
}

/// Renders the choice of the next review date, or of none.
fn again(clear: Callback<Clearing>) -> AnyView {
    let put = Callback::new(move |day| clear.run(Clearing::Again(day)));
    view! {
        <DateField label=t!("Remind again on") value=Signal::stored(None) on_commit=put />
        <button on:click=move |_| clear.run(Clearing::Again(None))>{t!("Stop reminding")}</button>
    }
    .into_any()
}

/// Returns the draft of the reason for declaring something void.
fn void_reason(session: Session, about: ChangeId) -> RwSignal<String> {
    session.draft("void", about, String::new(), |reason: &String| {
        !reason.is_empty()
    })
}

/// The form that declares something void, with a reason.
#[component]
fn VoidForm(session: Session, about: ChangeId, clear: Callback<Clearing>) -> impl IntoView {
    let reason = void_reason(session, about);
    let is_kept = reason.with_untracked(|reason| !reason.is_empty());
    let is_open = RwSignal::new(is_kept);
    let discard = Callback::new(move |()| reason.set(String::new()));
    let errors = FieldErrors::provide();
    let void = move |_| {
        let text = reason.get_untracked();
        if text.trim().is_empty() {
            let refusal = CommandError::Empty("reason");
            session.notices.refuse(&refusal);
            errors.refuse("reason", refusal.to_string());
        } else {
            clear.run(Clearing::Void(text));
        }
    };
    view! {
        <Section title=t!("Dismiss") is_open on_toggle=Callback::new(move |open| is_open.set(open))>
            <DraftBanner is_kept on_discard=discard />
            <TextField label=t!("Reason for dismissing") name="reason" value=reason on_commit=Callback::new(move |text| reason.set(text)) />
            <p class="actions">
                <button on:click=void>{t!("Dismiss")}</button>
            </p>
        </Section>
    }
}
