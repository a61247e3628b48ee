//! One person’s answers, while the device is in their hands.

use std::sync::Arc;

use super::Hands;
use crate::component::{
    CredenceControl, FieldErrors, Later, TextField, entered_number, focus_invalid, live,
};
use crate::page::{Services, person_name};
use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::crux_value::{Stated, stated};
use cruxboard_domain::format::topic_name;
use cruxboard_domain::record::{Answer, OptionQuestion, PersonId, RoundId, Topic};
use cruxboard_domain::value_of_information::coherent_range;
use cruxboard_domain::{t, tn};
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
    let unsealed = session.drafts.unsealed;
    let begun = unsealed.of((id, person));
    let given = RwSignal::new(begun.unwrap_or_else(|| secrets.kept_answers.run((id, person))));
    // Going back leaves the answers in this tab, for when the person returns.
    let keep = Callback::new(move |()| unsealed.keep((id, person), given.get_untracked()));
    let name = session.read_untracked(|board| person_name(board, person));
    let topics = session.read_untracked(|board| {
        let round = board.round(id);
        round.map(|round| round.topics()).unwrap_or_default()
    });
    let asked = topics.clone();
    let fields = topics
        .into_iter()
        .enumerate()
        .map(|(place, topic)| view! { <AnswerField session person topic given keep place /> });
    let is_sealing = RwSignal::new(false);
    let on_sealed = Callback::new(move |is_sealed: bool| {
        is_sealing.set(false);
        if is_sealed {
            unsealed.forget((id, person));
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
        let problem = session.read_untracked(|board| contradiction(board, person, &answers));
        if let Some(problem) = problem {
            return session.notices.refused(problem);
        }
        let is_blank = |topic: &&Topic| !answers.iter().any(|answer| answer.topic == **topic);
        let blank: Vec<Topic> = asked.iter().filter(is_blank).copied().collect();
        match blank.len() {
            0 => seal.run(()),
            _ => ask_about_blanks(session, &blank, seal),
        }
    };
    let leave = move |_| {
        unsealed.forget((id, person));
        hands.set(Hands::Table);
    };
    view! {
        <h1>{t!("Answers of {name}", name)}</h1>
        <p class="soft">{t!("The board stores only a salted hash. You can change your answers until the round is closed.")}</p>
        {fields.collect_view()}
        <p class="actions sticky">
            <button class="primary" on:click=done>{t!("Seal my answers")}</button>
            <button on:click=leave>{t!("Leave without answering")}</button>
        </p>
    }
}

/// Asks whether to seal answers although some are blank.
fn ask_about_blanks(session: Session, blank: &[Topic], seal: Callback<()>) {
    let names = session.read_untracked(|board| {
        let names = blank.iter().map(|topic| topic_name(board, *topic));
        names.collect::<Vec<_>>().join("; ")
    });
    session.notices.question.set(Some(Question {
        title: tn!(
            blank.len(),
            "Seal with {count} blank answer?",
            "Seal with {count} blank answers?",
        ),
        words: vec![
            t!("Without a credence: {names}.", names),
            t!("Once answers are revealed, everybody sees that you sealed them blank.").to_owned(),
        ],
        choices: vec![QuestionChoice {
            label: tn!(
                blank.len(),
                "Seal with {count} blank answer",
                "Seal with {count} blank answers"
            ),
            sample: String::new(),
            take: Arc::new(move || seal.run(())),
        }],
    }));
}

/// Returns a person's credences in an option and a crux: as answered, or else as stated before.
fn held(board: &Board, person: PersonId, question: OptionQuestion, answers: &[Answer]) -> Stated {
    let OptionQuestion { option, if_true } = question;
    let Some(crux) = if_true else {
        return Stated::default();
    };
    let before = stated(board, option, crux, person);
    let answered = |topic: Topic| {
        let answer = answers.iter().find(|answer| answer.topic == topic);
        answer.map(|answer| answer.credence)
    };
    let plain = OptionQuestion {
        option,
        if_true: None,
    };
    Stated {
        question: answered(Topic::Option(plain)).or(before.question),
        crux: answered(Topic::Crux(crux)).or(before.crux),
        if_true: answered(Topic::Option(question)),
    }
}

/// Describes the first answer that contradicts the person's others; it would count in no figure.
fn contradiction(board: &Board, person: PersonId, answers: &[Answer]) -> Option<String> {
    answers.iter().find_map(|answer| match answer.topic {
        Topic::Crux(_) => None,
        Topic::Option(question) => {
            let problem = held(board, person, question, answers).view().err()?;
            Some(format!("{}: {problem}", topic_name(board, answer.topic)))
        }
    })
}

/// Describes which answers to a conditional question agree with the person's other credences.
fn range_words(held: Stated) -> Option<String> {
    let (question, crux) = held.question.zip(held.crux)?;
    let range = coherent_range(question, crux);
    Some(t!(
        "Your {option} for the option and your {crux} for the crux leave {low} to {high}.",
        option = question.shown(),
        crux = crux.shown(),
        low = range.start().shown(),
        high = range.end().shown()
    ))
}

#[component]
fn AnswerField(
    session: Session,
    person: PersonId,
    topic: Topic,
    given: RwSignal<Vec<Answer>>,
    /// Keeps the given answers, which are not sealed yet.
    keep: Callback<()>,
    /// The place among the questions, from 0.
    place: usize,
) -> impl IntoView {
    let errors = FieldErrors::provide();
    let (name, claim) = session.read_untracked(|board| {
        let name = topic_name(board, topic);
        let claim = match topic {
            Topic::Crux(crux) => board.crux(crux).map(|crux| crux.claim.clone()),
            Topic::Option(_) => Some(name.clone()),
        };
        (name, claim.unwrap_or_default())
    });
    let own = move |answers: &Vec<Answer>| answers.iter().find(|a| a.topic == topic).cloned();
    let conditional = move || match topic {
        Topic::Option(question) if question.if_true.is_some() => Some(given.with(|answers| {
            session.read_untracked(|board| held(board, person, question, answers))
        })),
        _ => None,
    };
    let range = move || conditional().and_then(range_words);
    let state = Callback::new(move |credence: Credence| {
        let held = untrack(conditional);
        let held = held.map(|held| Stated {
            if_true: Some(credence),
            ..held
        });
        match held.map(|held| held.view()) {
            Some(Err(problem)) => errors.note("answer", problem.to_string()),
            _ => put(given, topic, keep, Some(credence), None),
        }
    });
    let because = Callback::new(move |text| put(given, topic, keep, None, Some(text)));
    let value = Signal::derive(move || given.with(own).map(|answer| answer.credence));
    let reason = Signal::derive(move || given.with(own).map(|a| a.reason).unwrap_or_default());
    let draft = RwSignal::new(None::<Credence>);
    let clause = Signal::stored(claim.clone());
    let label = t!("Credence: {name}", name);
    let why = t!("Why? {name}", name);
    let is_option = topic.crux().is_none();
    let is_begun = Memo::new(move |_| draft.get().or(value.get()).is_some());
    let why_id = StoredValue::new(format!("why-{place}"));
    let (services, later) = (Services::from_context(), Later::from_context());
    // Enter in the number leads to its reason. A number that is refused keeps the keyboard.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let Some(number) = entered_number(&event) else {
            return;
        };
        later.run(0, move || {
            if value.get_untracked().is_some() && !number.has_attribute("aria-invalid") {
                services.navigation.focus.run(why_id.get_value());
            }
        });
    };
    view! {
        <section class="panel" on:keydown=on_key>
            <h2>{name}</h2>
            {(!is_option).then(|| view! { <p class="claim">{claim}</p> })}
            <CredenceControl value draft on_commit=state clause label name="answer" />
            {is_option.then(|| view! { <p class="soft">{live(range)}</p> })}
            // The space is reserved, so that the button below does not move under the pointer.
            // It is there while the number is typed already, so that Tab leads from the number to it.
            <Show when=move || is_begun.get() fallback=|| view! { <div class="field-room"></div> }>
                <div id=why_id.get_value()><TextField label=why.clone() value=reason on_commit=because /></div>
            </Show>
        </section>
    }
}

/// Puts a credence or a reason into the answer on a topic.
fn put(
    given: RwSignal<Vec<Answer>>,
    topic: Topic,
    keep: Callback<()>,
    credence: Option<Credence>,
    reason: Option<String>,
) {
    given.update(|answers| {
        if let Some(answer) = answers.iter_mut().find(|answer| answer.topic == topic) {
            answer.credence = credence.unwrap_or(answer.credence);
            answer.reason = reason.unwrap_or_else(|| answer.reason.clone());
        } else if let Some(credence) = credence {
            answers.push(Answer {
                topic,
                credence,
                reason: reason.unwrap_or_default(),
                reason_seal: String::new(),
            });
        }
    });
    keep.run(());
}
