//! Agreement or dissent of each person with a decision.

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::record::{Decision, PersonId, Voice};
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{Choice, TextField};
use crate::page::person_name;
use cruxboard_session::Session;

/// Agreement or dissent of each person.
#[component]
pub(super) fn Voices(session: Session, draft: RwSignal<Decision>) -> impl IntoView {
    let people = Memo::new(move |_| {
        let now = session.now.get_untracked().millis;
        session.read(RecordRef::Board, |board| {
            let people = board.people_at(now);
            people.map(|person| person.id.0).collect::<Vec<_>>()
        })
    });
    let said = move |id| {
        let person = PersonId(id);
        let name = session.read_untracked(|board| person_name(board, person));
        view! { <VoiceField person name draft /> }.into_any()
    };
    view! {
        <section class="panel voices">
            <h2>{t!("Agreement and dissent")}</h2>
            <For each=move || people.get() key=|id| *id let(id)>{said(id)}</For>
        </section>
    }
}

/// The prefix of the name of a field with one person's reason.
const VOICE: &str = "voices/";

pub(super) fn voice_field(voice: &Voice) -> String {
    format!("{VOICE}{}", voice.person)
}

/// The vote of one person.
#[component]
fn VoiceField(person: PersonId, name: String, draft: RwSignal<Decision>) -> impl IntoView {
    let own = move |voices: &[Voice]| voices.iter().find(|v| v.person == person).cloned();
    let choice = Signal::derive(move || {
        let own = draft.with(|draft| own(&draft.voices));
        own.map_or("", |voice| if voice.agrees { "yes" } else { "no" })
            .to_owned()
    });
    let reason = Signal::derive(move || {
        let own = draft.with(|draft| own(&draft.voices));
        own.map(|voice| voice.reason).unwrap_or_default()
    });
    let on_choice = Callback::new(move |key: String| {
        draft.update(|draft| {
            let voices = &mut draft.voices;
            let reason = own(voices).map(|voice| voice.reason).unwrap_or_default();
            voices.retain(|voice| voice.person != person);
            if !key.is_empty() {
                voices.push(Voice {
                    person,
                    agrees: key == "yes",
                    reason,
                });
            }
        });
    });
    let on_reason = Callback::new(move |reason: String| {
        draft.update(|draft| {
            let voices = draft.voices.iter_mut();
            for voice in voices.filter(|voice| voice.person == person) {
                voice.reason.clone_from(&reason);
            }
        });
    });
    let answers = [("yes", t!("agrees")), ("no", t!("does not agree"))];
    let options = answers.map(|(key, label)| (key.to_owned(), label.to_owned()));
    let because = t!("{name}: because", name);
    let field = format!("{VOICE}{person}");
    view! {
        <div class="form-grid record">
            <Choice label=name options=Signal::stored(options.to_vec()) value=choice on_commit=on_choice none=t!("No position") />
            <Show when=move || choice.with(|choice| !choice.is_empty())>
                <TextField label=because.clone() name=field.clone() value=reason on_commit=on_reason />
            </Show>
        </div>
    }
}
