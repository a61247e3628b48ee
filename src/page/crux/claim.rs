use cruxboard_domain::change::Edited;
use cruxboard_domain::date::spelled;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::record::{CruxEdit, CruxId, StatementId};
use cruxboard_domain::rewording::{OtherWords, Run, other_words, word_difference};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{FieldErrors, TextArea};
use crate::page::{dispatch_from, read_crux};
use cruxboard_session::Session;

/// The field for the claim. Rewording a claim with credences asks for a reason first.
#[component]
pub(super) fn ClaimField(session: Session, id: CruxId) -> impl IntoView {
    let is_written = |text: &String| !text.is_empty();
    let pending = session.draft("claim", id.0, String::new(), is_written);
    let reason = session.draft("claim-reason", id.0, String::new(), is_written);
    let stored = Signal::derive(move || {
        read_crux(session, id, |_, crux| crux.claim.clone()).unwrap_or_default()
    });
    let value = Signal::derive(move || {
        let pending = pending.get();
        if pending.is_empty() {
            stored.get()
        } else {
            pending
        }
    });
    let edit = move |claim: String, reason: String| {
        let set = CruxEdit {
            claim: Some(claim),
            ..CruxEdit::default()
        };
        Command::EditCrux(Edited {
            of: id,
            set,
            reason,
        })
    };
    let errors = FieldErrors::provide();
    let leave = move || {
        pending.set(String::new());
        reason.set(String::new());
    };
    let set = Callback::new(move |claim: String| {
        if claim == stored.get_untracked() {
            return leave();
        }
        match session.try_dispatch(edit(claim.clone(), String::new())) {
            Err(CommandError::RewordingNeedsReason) => pending.set(claim),
            Err(CommandError::NothingToDo) | Ok(_) => leave(),
            Err(refusal) => {
                session.notices.refuse(&refusal);
                errors.refuse("claim", refusal.to_string());
            }
        }
    });
    let confirm = move |_| {
        let command = edit(pending.get_untracked(), reason.get_untracked());
        if dispatch_from(session, errors, command) {
            leave();
        }
    };
    view! {
        <TextArea label=t!("Claim") name="claim" most=limit_of("claim") value on_commit=set is_claim=true hint=t!("A sentence that is true or false.") />
        <Show when=move || pending.with(is_written)>
            <div class="goalpost-ask" role="group" aria-label=t!("Other words for this claim")>
                <TextArea
                    label=t!("Credences have been stated on this claim. Why do its words change?")
                    name="reason"
                    hint=t!("Older credences stay, marked as stated on other words, and everybody is asked to confirm or restate theirs.")
                    value=reason
                    on_commit=Callback::new(move |text| reason.set(text))
                />
                <p class="actions">
                    <button class="primary" on:click=confirm>{t!("Change the claim")}</button>
                    <button on:click=move |_| leave()>{t!("Keep the old words")}</button>
                </p>
            </div>
        </Show>
    }
}

/// Returns the wording on which a credence was stated, if the claim has other words now.
pub(super) fn words_stated_on(
    session: Session,
    id: CruxId,
    statement: StatementId,
) -> Option<OtherWords> {
    read_crux(session, id, |board, _| other_words(board, id, statement)).flatten()
}

/// Renders a rewording: its date, its reason, and the differences.
pub(super) fn rewording(session: Session, words: &OtherWords) -> AnyView {
    let day = spelled(session.day_of(words.reworded.millis()));
    let reasons = words.reasons.join("; ");
    let runs = word_difference(&words.then, &words.now).into_iter();
    let runs = runs.map(|run| match run {
        Run::Same(words) => view! { <span>{words}</span> " " }.into_any(),
        Run::Removed(words) => view! { <del>{words}</del> " " }.into_any(),
        Run::Added(words) => view! { <ins>{words}</ins> " " }.into_any(),
    });
    let heading = match reasons.as_str() {
        "" => t!("Reworded on {day}:", day),
        reasons => t!("Reworded on {day} ({reasons}):", day, reasons),
    };
    view! {
        <p class="rewording">
            {heading} " "
            <span class="difference">{runs.collect_view()}</span>
        </p>
    }
    .into_any()
}
