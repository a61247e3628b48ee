//! Settling, retiring and reopening a crux.

use super::{Form, edit};
use crate::component::{Choice, DateField, TextArea};
use crate::page::word_choices;
use chrono::NaiveDate;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::outcome::outcome;
use cruxboard_domain::record::Stage;
use cruxboard_domain::t;
use leptos::prelude::*;

/// The form that settles, retires or reopens a crux. Closing it asks for a reason.
#[component]
pub(super) fn StageForm(form: Form) -> impl IntoView {
    // The stage that waits for its reason, by its key; empty for none.
    let draft = form
        .session
        .draft("stage", form.id.0, String::new(), |stage| !stage.is_empty());
    let wanted = Signal::derive(move || draft.with(|stage| Stage::from_key(stage)));
    let want = move |stage: Option<Stage>| {
        draft.set(stage.map_or("", Stage::key).to_owned());
    };
    let value = Signal::derive(move || match wanted.get() {
        Some(stage) => stage.key().to_owned(),
        None => form.read(|crux| crux.stage().key().to_owned()).get(),
    });
    // A different stage needs a reason of its own.
    let stored_reason = form.read(|crux| crux.stage_reason.clone());
    let reason = Signal::derive(move || match wanted.get() {
        Some(_) => String::new(),
        None => stored_reason.get(),
    });
    let on_choice = Callback::new(move |key: String| match Stage::from_key(&key) {
        Some(Stage::Open) => {
            want(None);
            form.set(edit(|e| {
                e.stage = Some(Some(Stage::Open));
                e.stage_reason = Some(String::new());
                e.scored_until = Some(None);
            }));
        }
        other => want(other),
    });
    // A date that is chosen before the reason is stored together with the reason.
    let chosen_until = RwSignal::new(None::<Option<NaiveDate>>);
    let on_reason = Callback::new(move |text: String| {
        let stage = wanted.get_untracked();
        let until = chosen_until.get_untracked();
        form.set(edit(|e| {
            e.stage = stage.map(Some);
            e.stage_reason = Some(text);
            e.scored_until = until;
        }));
        want(None);
        chosen_until.set(None);
    });
    let session = form.session;
    let until = Signal::derive(move || {
        let stored = session.read(RecordRef::Crux(form.id), |board| {
            let crux = board.crux(form.id)?;
            let known = outcome(board, crux)
                .ok()
                .map(|outcome| outcome.scored_until);
            crux.scored_until.or(known)
        });
        let today = move || session.now.get().today();
        chosen_until
            .get()
            .flatten()
            .or(stored)
            .or_else(|| Some(today()))
    });
    let on_until = Callback::new(move |day: Option<NaiveDate>| {
        if wanted.get_untracked().is_some() {
            chosen_until.set(Some(day));
        } else {
            form.set(edit(|e| e.scored_until = Some(day)));
        }
    });
    let is_scored = move || {
        let settled = [Stage::SettledTrue, Stage::SettledFalse];
        settled.iter().any(|stage| value.get() == stage.key())
    };
    let asks = move || wanted.get().is_some() || value.get() != Stage::Open.key();
    view! {
        <Choice label=t!("State") options=Signal::stored(word_choices!(Stage)) value on_commit=on_choice none="" />
        <Show when=is_scored>
            <DateField label=t!("Score credences up to") value=until on_commit=on_until hint=t!("The last day before the outcome could be known. Later credences are not scored as forecasts.") />
        </Show>
        <Show when=asks>
            <TextArea label=t!("Why is it settled or retired?") name="stage_reason" value=reason on_commit=on_reason hint=t!("The crux is closed once a reason is given.") />
        </Show>
    }
}
