//! One person’s answers, while the device is in their hands.

use std::sync::Arc;

use super::{Hands, crux_name};
use crate::component::{CredenceControl, TextField, focus_invalid};
use crate::page::person_name;
use cruxboard_domain::Credence;
use cruxboard_domain::record::{Answer, CruxId, PersonId, RoundId};
use cruxboard_domain::text::counted;
use cruxboard_session::ports::Secrets;
use cruxboard_session::{Question, QuestionChoice, Session};
use leptos::prelude::*;

/// One person's answers, while the device is in their hands.
#[component]
pub(super) fn Answers(
    session: Session,
    id: RoundId,
    person: PersonId,
    hands: RwSignal<Hands>,
) -> impl IntoView {
    let secrets = Secrets::from_context();
    let given = RwSignal::new(secrets.kept_answers.run((id, person)));
    let has_unsealed = session.drafts.has_unsealed;
    on_cleanup(move || has_unsealed.set(false));
    let name = session.read_untracked(|board| person_name(board, person));
    let cruxes = session.read_untracked(|board| {
        let round = board.round(id);
        round.map(|round| round.cruxes.clone()).unwrap_or_default()
    });
    let asked = cruxes.clone();
    let fields = cruxes
        .into_iter()
        .map(|crux| view! { <AnswerField session crux given /> });
    let is_sealing = RwSignal::new(false);
    let on_sealed = Callback::new(move |is_sealed: bool| {
        is_sealing.set(false);
        if is_sealed {
            hands.set(Hands::Back(person));
        }
    });
    let seal = Callback::new(move |()| {
        if !is_sealing.get_untracked() {
            is_sealing.set(true);
            let answers = given.get_untracked();
            secrets.seal_answers.run(((id, person), answers, on_sealed));
        }
    });
    let done = move |event: leptos::ev::MouseEvent| {
        if is_sealing.get_untracked() || focus_invalid(&event) {
            return;
        }
        let answers = given.get_untracked();
        let is_blank = |crux: &&CruxId| !answers.iter().any(|answer| answer.crux == **crux);
        let blank: Vec<CruxId> = asked.iter().filter(is_blank).copied().collect();
        match blank.len() {
            0 => seal.run(()),
            _ => ask_about_blanks(session, &blank, seal),
        }
    };
    view! {
        <h1>"Answers of " {name}</h1>
        <p class="soft">"The board stores only a salted hash. You can change your answers until the round is closed."</p>
        {fields.collect_view()}
        <p class="actions sticky">
            <button class="primary" on:click=done>"Seal my answers"</button>
            <button on:click=move |_| hands.set(Hands::Table)>"Leave without answering"</button>
        </p>
    }
}

/// Asks whether to seal answers although some are blank.
fn ask_about_blanks(session: Session, blank: &[CruxId], seal: Callback<()>) {
    let count = counted(blank.len(), "blank answer", "blank answers");
    let names = session.read_untracked(|board| {
        let names = blank.iter().map(|crux| crux_name(board, *crux));
        names.collect::<Vec<_>>().join("; ")
    });
    session.notices.question.set(Some(Question {
        title: format!("Seal with {count}?"),
        words: vec![
            format!("Without a credence: {names}."),
            "Once answers are revealed, everybody sees that you sealed them blank.".to_owned(),
        ],
        choices: vec![QuestionChoice {
            label: format!("Seal with {count}"),
            sample: String::new(),
            take: Arc::new(move || seal.run(())),
        }],
    }));
}

#[component]
fn AnswerField(session: Session, crux: CruxId, given: RwSignal<Vec<Answer>>) -> impl IntoView {
    let (name, claim) = session.read_untracked(|board| {
        let claim = board.crux(crux).map(|crux| crux.claim.clone());
        (crux_name(board, crux), claim.unwrap_or_default())
    });
    let own = move |answers: &Vec<Answer>| answers.iter().find(|a| a.crux == crux).cloned();
    let value = Signal::derive(move || given.with(own).map(|answer| answer.credence));
    let reason = Signal::derive(move || given.with(own).map(|a| a.reason).unwrap_or_default());
    let put = move |credence: Option<Credence>, reason: Option<String>| {
        session.drafts.has_unsealed.set(true);
        given.update(|answers| {
            if let Some(answer) = answers.iter_mut().find(|answer| answer.crux == crux) {
                answer.credence = credence.unwrap_or(answer.credence);
                answer.reason = reason.unwrap_or_else(|| answer.reason.clone());
            } else if let Some(credence) = credence {
                answers.push(Answer {
                    crux,
                    credence,
                    reason: reason.unwrap_or_default(),
                    reason_seal: String::new(),
                });
            }
        });
    };
    let draft = RwSignal::new(None::<Credence>);
    let clause = Signal::stored(claim.clone());
    let label = format!("Credence: {name}");
    let because = format!("Why? {name}");
    view! {
        <section class="panel">
            <h2>{name}</h2>
            <p class="claim">{claim}</p>
            <CredenceControl value draft on_commit=Callback::new(move |credence| put(Some(credence), None)) clause label />
            // The space is reserved, so that the button below does not move under the pointer.
            <Show when=move || value.get().is_some() fallback=|| view! { <div class="field-room"></div> }>
                <TextField label=because.clone() value=reason on_commit=Callback::new(move |text| put(None, Some(text))) />
            </Show>
        </section>
    }
}
