//! The open round as everybody may see it, and the question before its answers are revealed.

use super::{Hands, back_link, read_round, topic_screen};
use crate::component::{Later, TextField, live};
use crate::page::{href, person_name};
use cruxboard_domain::change::RoundSaid;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::topic_name;
use cruxboard_domain::record::RoundId;
use cruxboard_domain::round::{Standing, standing, waiting_for};
use cruxboard_domain::{t, tn};
use cruxboard_session::{Question, QuestionChoice, Session};
use leptos::prelude::*;
use std::sync::Arc;

/// The open round as everybody may see it: who has answered, and the questions and remarks.
#[component]
pub(super) fn Table(session: Session, id: RoundId, hands: RwSignal<Hands>) -> impl IntoView {
    let topics = move || {
        read_round(session, id, |board, round| {
            let names = round.topics().into_iter().map(|topic| {
                let to = href(session, topic_screen(round.held_at, topic));
                view! { <li><a href=to>{topic_name(board, topic)}</a></li> }
            });
            names.collect_view()
        })
    };
    let said = move || {
        read_round(session, id, |board, round| {
            let lines = round.said.iter().map(|said| {
                let who = said
                    .by
                    .map_or_else(|| t!("somebody").into(), |by| person_name(board, by));
                view! { <li><b>{who}</b> ": " {said.text.clone()}</li> }
            });
            lines.collect_view()
        })
    };
    // The field is emptied once its question is on the board, so that the next one is a new question.
    let question = RwSignal::new(String::new());
    let later = Later::from_context();
    let ask = Callback::new(move |text: String| {
        if text.is_empty() {
            return;
        }
        question.set(text.clone());
        if session.dispatch(Command::SayInRound(RoundSaid { round: id, text })) {
            later.run(0, move || drop(question.try_set(String::new())));
        }
    });
    let missing = Memo::new(move |_| {
        let missing = read_round(session, id, waiting_for);
        missing.map_or(0, |missing| missing.len())
    });
    let close = move |_| {
        let reveal = move || {
            session.dispatch(Command::CloseRound(id));
        };
        if missing.get_untracked() == 0 {
            reveal();
        } else {
            ask_before_revealing(session, id, reveal);
        }
    };
    let close_words = move || match missing.get() {
        0 => t!("Reveal answers").to_owned(),
        missing => tn!(
            missing,
            "Reveal without {count} answer",
            "Reveal without {count} answers"
        ),
    };
    let back = move || read_round(session, id, |_, round| back_link(session, round));
    view! {
        <h1>{t!("Blind round")}</h1>
        <p class="soft">{t!("Everybody answers before anybody sees an answer. Until the round is closed, the board holds only a salted hash of each answer; the answer itself stays on the device it was given on.")}</p>
        <section class="panel linked"><h2>{t!("round" => "On")}</h2><ul>{live(topics)}</ul></section>
        <section class="panel boards" aria-label=t!("Who has answered")><h2>{t!("Who has answered")}</h2><ul>{live(move || people(session, id, hands))}</ul></section>
        <section class="panel" aria-label=t!("Questions")>
            <h2>{t!("Questions before answering")}</h2>
            <ul>{live(said)}</ul>
            <TextField label=t!("Question or clarification") value=question on_commit=ask />
        </section>
        <p class="actions sticky">
            <button class:primary=move || missing.get() == 0 on:click=close>{live(close_words)}</button>
            {live(back)}
        </p>
    }
}

/// Renders the people of the board: who has answered, who is asked, and who may join.
fn people(session: Session, id: RoundId, hands: RwSignal<Hands>) -> Option<AnyView> {
    let me = session.me.get();
    let now = session.now.get_untracked().millis;
    read_round(session, id, |board, round| {
        let asked = round.everybody();
        let waited_for = waiting_for(board, round);
        let others = board.people_at(now).map(|person| person.id);
        let others = others.filter(|person| !asked.contains(person));
        let all: Vec<_> = asked.iter().copied().chain(others).collect();
        let lines = all.into_iter().filter_map(|person| {
            let record = board.person(person)?;
            let has_answered = standing(round, person) == Standing::Answered;
            let is_asked = asked.contains(&person);
            let state = match (has_answered, record.trashed.is_some()) {
                (true, _) => t!("answered"),
                (false, true) => t!("removed from the board"),
                (false, false) if is_asked && !waited_for.contains(&person) => {
                    t!("not at the review, not waited for")
                }
                (false, false) if is_asked => t!("not yet"),
                (false, false) => t!("not asked, may join"),
            };
            let name = record.name.clone();
            let words = if has_answered { t!("Change my answer") } else { t!("verb" => "Answer") };
            let label = format!("{words}: {name}");
            let own = (me == Some(person)).then(|| format!(" {}", t!("(you)")));
            let is_here = record.trashed.is_none();
            // Only existing answers must be hidden from others.
            let is_begun = session.drafts.unsealed.of((id, person)).is_some();
            let next = if has_answered || is_begun { Hands::HandingTo(person) } else { Hands::With(person) };
            Some(view! {
                <li>
                    <span><b>{name}</b> {own} " " <span class="badge" translate="no">{state}</span></span>
                    {is_here.then(|| view! {
                        <button aria-label=label on:click=move |_| hands.set(next)>{words}</button>
                    })}
                </li>
            })
        });
        lines.collect_view().into_any()
    })
}

/// Asks whether to reveal answers although people have not answered, who then can no longer answer blind.
fn ask_before_revealing(session: Session, id: RoundId, reveal: impl Fn() + Send + Sync + 'static) {
    let names = session.read_untracked(|board| {
        let missing = board.round(id).map(|round| waiting_for(board, round));
        let missing = missing.into_iter().flatten();
        let names = missing.map(|person| person_name(board, person));
        names.collect::<Vec<_>>()
    });
    let who = names.join(", ");
    session.notices.question.set(Some(Question {
        title: tn!(names.len(), "Reveal without {count} answer?", "Reveal without {count} answers?"),
        words: vec![t!(
            "Not answered yet: {who}. Later answers are given after the others’ have been seen. A reveal cannot be undone.",
            who
        )],
        choices: vec![QuestionChoice {
            label: t!("Reveal without {who}", who),
            sample: String::new(),
            take: Arc::new(reveal),
        }],
    }));
}
