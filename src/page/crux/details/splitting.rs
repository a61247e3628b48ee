//! Splitting a crux.

use super::Form;
use crate::component::{DraftBanner, FieldErrors, TextArea, TextField};
use crate::page::dispatch_from;
use cruxboard_domain::decide::Command;
use cruxboard_domain::limits::limit_of;
use cruxboard_domain::record::CruxEdit;
use cruxboard_domain::t;
use leptos::prelude::*;

/// The form that splits a claim that contains two claims.
#[component]
pub(super) fn SplitForm(form: Form) -> impl IntoView {
    let session = form.session;
    let is_written = |text: &String| !text.is_empty();
    let draft = |field, is_written| session.draft(field, form.id.0, String::new(), is_written);
    let keep = draft("split-keep", |_| false);
    let part = draft("split-part", is_written);
    let title = draft("split-title", is_written);
    let is_kept = part.with_untracked(is_written) || title.with_untracked(is_written);
    let is_open = RwSignal::new(is_kept);
    let begin = move |_| {
        keep.set(form.read(|crux| crux.claim.clone()).get_untracked());
        is_open.set(true);
    };
    let discard = Callback::new(move |()| {
        for text in [keep, part, title] {
            text.set(String::new());
        }
        is_open.set(false);
    });
    // A discarded draft that is restored opens the form again.
    Effect::new(move |_| {
        if part.with(is_written) || title.with(is_written) {
            is_open.set(true);
        }
    });
    let errors = FieldErrors::provide();
    let split = move |_| {
        let inherited = session.read_untracked(|board| {
            board.crux(form.id).map(|crux| CruxEdit {
                if_true: Some(crux.if_true),
                scope: Some(crux.scope),
                ..CruxEdit::default()
            })
        });
        let part = CruxEdit {
            claim: Some(part.get_untracked()),
            title: Some(title.get_untracked()),
            ..inherited.unwrap_or_default()
        };
        let keep = keep.get_untracked();
        let command = Command::SplitCrux {
            crux: form.id,
            keep,
            part,
        };
        if dispatch_from(session, errors, command) {
            discard.run(());
        }
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! { <p class="actions"><button on:click=begin>{t!("Split in two…")}</button></p> }
        >
            <fieldset class="field wide split">
                <legend>{t!("Split in two")}</legend>
                <DraftBanner is_kept on_discard=discard />
                <TextArea label=t!("Claim of this crux") name="keep" most=limit_of("claim") value=keep on_commit=Callback::new(move |t| keep.set(t)) is_claim=true />
                <TextField label=t!("Title of the new crux") most=limit_of("title") value=title on_commit=Callback::new(move |t| title.set(t)) />
                <TextArea label=t!("Claim of the new crux") name="claim" most=limit_of("claim") value=part on_commit=Callback::new(move |t| part.set(t)) is_claim=true />
                <p class="actions">
                    <button class="primary" on:click=split>{t!("Split")}</button>
                    <button on:click=move |_| session.discard_draft(|| discard.run(()), || ())>{t!("Not now")}</button>
                </p>
            </fieldset>
        </Show>
    }
}
