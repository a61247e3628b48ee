//! The result of a blind round, and help where the gap is wide.

use cruxboard_domain::board::Board;
use cruxboard_domain::estimate::Estimate;
use cruxboard_domain::format::{closing_words, topic_name};
use cruxboard_domain::percent::points;
use cruxboard_domain::record::{Answer, PersonId, Round, RoundEdit, RoundId, Topic};
use cruxboard_domain::round::{Finding, Standing, findings, reason_words, standing};
use cruxboard_domain::t;
use cruxboard_domain::{Credence, Millis};
use leptos::prelude::*;

use super::{back_link, read_round, topic_screen};
use crate::component::{Dot, Scale, live};
use crate::page::review::apart::Apart;
use crate::page::review::meeting::open_round;
use crate::page::{Services, href, person_name, scale_ends};
use cruxboard_session::Session;

/// The results of a closed round, widest gap first.
#[component]
pub(super) fn Revealed(session: Session, id: RoundId) -> impl IntoView {
    let services = Services::from_context();
    let people = move || {
        read_round(session, id, |board, round| {
            let closing = round.closing()?;
            let closed = closing_words(board, closing);
            let lines = round.everybody().into_iter().filter_map(|person| {
                let words = standing_words(board, &standing(round, person))?;
                Some(view! { <li><b>{person_name(board, person)}</b> " " {words}</li> })
            });
            Some(view! {
                <p class="soft">{closed}</p>
                <ul class="standings">{lines.collect_view()}</ul>
            })
        })
    };
    let topics = Memo::new(move |_| {
        session.track_all();
        let found = read_round(session, id, findings).unwrap_or_default();
        found
            .into_iter()
            .map(|finding| finding.topic)
            .collect::<Vec<_>>()
    });
    let widest = Memo::new(move |_| topics.with(|topics| topics.first().copied()));
    let card = move |topic| {
        let is_widest = Signal::derive(move || widest.get() == Some(topic));
        view! { <FindingCard session id topic is_widest /> }.into_any()
    };
    let again = move |_| {
        let round =
            session.read_untracked(|board| board.round(id).map(|round| Round::clone(round)));
        if let Some(round) = round {
            let edit = RoundEdit {
                cruxes: Some(round.cruxes),
                people: Some(round.people),
                held_at: Some(round.held_at),
                in_options: Some(round.in_options),
            };
            open_round(session, services, edit);
        }
    };
    let back = move || read_round(session, id, |_, round| back_link(session, round));
    view! {
        <h1>{t!("Revealed")}</h1>
        {live(people)}
        <For each=move || topics.get() key=|topic| *topic let(topic)>{card(topic)}</For>
        <p class="actions sticky">
            <button on:click=again>{t!("Second round")}</button>
            {live(back)}
        </p>
    }
}

#[component]
fn FindingCard(
    session: Session,
    id: RoundId,
    topic: Topic,
    is_widest: Signal<bool>,
) -> impl IntoView {
    let finding = Memo::new(move |_| {
        session.track_all();
        let found = read_round(session, id, findings).unwrap_or_default();
        found.into_iter().find(|finding| finding.topic == topic)
    });
    let answers = move || {
        finding
            .get()
            .map(|finding| finding.answers)
            .unwrap_or_default()
    };
    let shown = Signal::derive(move || {
        let me = session.me.get();
        session.read_untracked(|board| {
            let dots = answers()
                .into_iter()
                .filter_map(|(person, before, answer)| {
                    let record = board.person(person)?;
                    Some(Dot {
                        initials: board.initials(person),
                        name: record.name.clone(),
                        percent: answer.credence.percent(),
                        previous: before.map(|before| before.percent()),
                        colour: board.person_place(person),
                        is_stale: false,
                        is_me: Some(person) == me,
                        is_outside: false,
                        day: String::new(),
                    })
                });
            dots.collect::<Vec<_>>()
        })
    });
    let estimated = Signal::derive(move || {
        let held = answers()
            .into_iter()
            .map(|(.., answer)| (answer.credence, Millis(0)));
        let held: Vec<_> = held.collect();
        Estimate::pooled(session.read_untracked(Board::pool), &held)
    });
    let ends = Signal::derive(move || {
        let ends = session.read_untracked(|board| {
            let crux = topic.crux().and_then(|crux| board.crux(crux))?;
            Some(scale_ends(board, crux))
        });
        ends.unwrap_or_default()
    });
    let (name, review) = session.read_untracked(|board| {
        let review = board.round(id).and_then(|round| round.held_at);
        (topic_name(board, topic), review)
    });
    let to = topic_screen(review, topic);
    let gap = move || {
        let finding = finding.get().filter(|finding| finding.answers.len() > 1)?;
        let words = session.read_untracked(|board| gap_words(board, &finding))?;
        let widest = is_widest
            .get()
            .then(|| view! { <span class="badge">{t!("widest gap")}</span> " " });
        Some(view! { <p class="gap">{widest} {words}</p> })
    };
    let table = move || {
        let rows = session.read_untracked(|board| {
            let rows = answers().into_iter().map(|(person, before, answer)| {
                view! {
                    <tr>
                        <th scope="row">{person_name(board, person)}</th>
                        <td class="number" translate="no">{before.map(Credence::shown)}</td>
                        <td class="number" translate="no">{answer.credence.shown()}</td>
                        <td>{reason_words(&answer).to_owned()}</td>
                    </tr>
                }
            });
            rows.collect_view()
        });
        view! { <tbody>{rows}</tbody> }
    };
    let blank = move || {
        let blank = finding
            .get()
            .map(|finding| finding.blank)
            .unwrap_or_default();
        if blank.is_empty() {
            return None;
        }
        let names = session.read_untracked(|board| {
            let names = blank.iter().map(|person| person_name(board, *person));
            names.collect::<Vec<_>>().join(", ")
        });
        Some(view! { <p>{t!("No answer, sealed blank: {names}.", names)}</p> })
    };
    let has_answers = Memo::new(move |_| {
        finding.with(|finding| finding.as_ref().is_some_and(|it| !it.answers.is_empty()))
    });
    view! {
        <section class="panel finding" class:widest=is_widest>
            <h2><a href=href(session, to)>{name}</a></h2>
            {live(gap)}
            {live(blank)}
            <Show
                when=move || has_answers.get()
                fallback=|| view! { <p class="soft">{t!("Nobody answered this.")}</p> }
            >
                <Scale dots=shown estimate=estimated ends is_large=true />
                <div class="scroll" tabindex="0" role="region" aria-label=t!("Answers as a table")>
                    <table class="data">
                        <thead>
                            <tr>
                                <th scope="col">{t!("Who")}</th>
                                <th scope="col" class="number">{t!("Before")}</th>
                                <th scope="col" class="number">{t!("Answer")}</th>
                                <th scope="col">{t!("Why")}</th>
                            </tr>
                        </thead>
                        {live(table)}
                    </table>
                </div>
            </Show>
            {topic.crux().map(|crux| view! { <Apart session crux finding=finding.into() /> })}
        </section>
    }
}

/// Describes the standing of a person in a closed round whose answer is not in its figures.
fn standing_words(board: &Board, standing: &Standing) -> Option<String> {
    let said = |answers: &[Answer]| {
        let answers = answers.iter();
        let answers = answers.map(|answer| {
            format!(
                "{} ({})",
                answer.credence.shown(),
                topic_name(board, answer.topic)
            )
        });
        answers.collect::<Vec<_>>().join(", ")
    };
    Some(match standing {
        Standing::Revealed(_) | Standing::Answered => return None,
        Standing::Waiting => t!("did not answer").into(),
        Standing::NotRevealed => {
            t!("answered; not revealed yet: their device has not synced since").into()
        }
        Standing::Mismatch => {
            t!("Mismatch: the published answer differs from the sealed one, and does not count")
                .into()
        }
        Standing::Unchecked(answers) => t!(
            "answered {answers}. Not counted: its reasons were erased, so it cannot be verified",
            answers = said(answers)
        ),
        Standing::Late(None) => {
            t!("answered late: the answer arrived after closing, and does not count").into()
        }
        Standing::Late(Some(answers)) => t!(
            "answered late: {answers}. Not counted: the answer arrived after closing, so it may not be blind",
            answers = said(answers)
        ),
    })
}

/// Describes a gap: "25 points: Area lead 30%, Red-teamer 55%".
fn gap_words(board: &Board, finding: &Finding) -> Option<String> {
    let (low, high) = (finding.answers.first()?, finding.answers.last()?);
    let end = |(person, _, answer): &(PersonId, Option<Credence>, Answer)| {
        format!(
            "{} {}",
            person_name(board, *person),
            answer.credence.shown()
        )
    };
    Some(format!(
        "{}: {}, {}",
        points(finding.gap(), &[]),
        end(low),
        end(high)
    ))
}
