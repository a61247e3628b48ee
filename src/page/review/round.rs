//! A blind round: who has answered, hand-over screens for a shared device, and what was revealed.

use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::RoundSaid;
use cruxboard_domain::decide::Command;
use cruxboard_domain::estimate::Estimate;
use cruxboard_domain::format::closing_words;
use cruxboard_domain::percent::points;
use cruxboard_domain::record::{Answer, CruxId, PersonId, Record, Round, RoundEdit, RoundId};
use cruxboard_domain::round::{Finding, Standing, findings, reason_words, standing, waiting_for};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

use super::Gone;
use super::apart::Apart;
use super::meeting::open_round;
use crate::component::{
    CredenceControl, Dot, FieldErrors, Later, Scale, TextField, focus_invalid, live,
};
use crate::page::{Secrets, Services, href, person_name, scale_ends};
use crate::route::Screen;
use crate::session::Session;

/// Where the device is on its way around the table.
#[derive(Clone, Copy, PartialEq)]
enum Hands {
    /// On the table: everybody may look.
    Table,
    /// On its way to somebody: nothing may be seen.
    HandingTo(PersonId),
    /// In somebody's hands: nobody else may look.
    With(PersonId),
    /// Given back by somebody who has answered.
    Back(PersonId),
}

/// One blind round of the open board.
#[component]
pub fn RoundPage(session: Session, id: RoundId) -> impl IntoView {
    let hands = RwSignal::new(Hands::Table);
    let is_there = Memo::new(move |_| read_round(session, id, |_, _| ()).is_some());
    let is_closed = Memo::new(move |_| {
        read_round(session, id, |_, round| round.closing().is_some()) == Some(true)
    });
    let screen = move || match hands.get() {
        _ if is_closed.get() => view! { <Revealed session id /> }.into_any(),
        Hands::Table => view! { <Table session id hands /> }.into_any(),
        Hands::HandingTo(person) => share_link(session, person, hands),
        Hands::With(person) => view! { <Answers session id person hands /> }.into_any(),
        Hands::Back(person) => handed_back(session, person, hands),
    };
    // Whoever has the device now starts at the top of what is theirs: the button they came by is gone.
    let (services, later) = (Services::from_context(), Later::from_context());
    Effect::new(move |before: Option<(Hands, bool)>| {
        let at = (hands.get(), is_closed.get());
        if before.is_some_and(|before| before != at) {
            later.run(0, move || services.begin_anew.run(()));
        }
        at
    });
    view! {
        <div class="page narrow round">
            <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
                {live(screen)}
            </Show>
        </div>
    }
}

fn read_round<T>(
    session: Session,
    id: RoundId,
    read: impl FnOnce(&Board, &Record<RoundId, Round>) -> T,
) -> Option<T> {
    session.follow(RecordRef::Board);
    session.with(|board| board.round(id).map(|round| read(board, round)))
}

fn crux_name(board: &Board, crux: CruxId) -> String {
    board
        .crux(crux)
        .map_or_else(|| "Deleted crux".into(), |crux| crux.name().into_owned())
}

fn back_link(session: Session, round: &Round) -> Option<AnyView> {
    let meeting = round.held_at?;
    let to = href(session, Screen::Review(meeting));
    Some(view! { <a class="button" href=to>"Back to the review"</a> }.into_any())
}

/// What everybody may see while the round is open: who has answered, and what was asked.
#[component]
fn Table(session: Session, id: RoundId, hands: RwSignal<Hands>) -> impl IntoView {
    let cruxes = move || {
        read_round(session, id, |board, round| {
            let names = round.cruxes.iter().map(|crux| {
                let to = href(session, Screen::Crux(*crux));
                view! { <li><a href=to>{crux_name(board, *crux)}</a></li> }
            });
            names.collect_view()
        })
    };
    let people = move || {
        let me = session.me.get();
        read_round(session, id, |board, round| {
            let asked = round.everybody();
            let waited_for = waiting_for(board, round);
            let others = board.people().map(|person| person.id);
            let others = others.filter(|person| !asked.contains(person));
            let all: Vec<_> = asked.iter().copied().chain(others).collect();
            let lines = all.into_iter().filter_map(|person| {
                let record = board.person(person)?;
                let has_answered = standing(round, person) == Standing::Answered;
                let is_asked = asked.contains(&person);
                let state = match (has_answered, record.trashed.is_some()) {
                    (true, _) => "answered",
                    (false, true) => "removed from the board",
                    (false, false) if is_asked && !waited_for.contains(&person) => {
                        "not at the review, not waited for"
                    }
                    (false, false) if is_asked => "not yet",
                    (false, false) => "not asked, may join",
                };
                let name = record.name.clone();
                let words = if has_answered { "Change my answer" } else { "Answer" };
                let label = format!("{words}: {name}");
                let own = (me == Some(person)).then_some(" (you)");
                let is_here = record.trashed.is_none();
                Some(view! {
                    <li>
                        <span><b>{name}</b> {own} " " <span class="badge" translate="no">{state}</span></span>
                        {is_here.then(|| view! {
                            <button aria-label=label on:click=move |_| hands.set(Hands::HandingTo(person))>{words}</button>
                        })}
                    </li>
                })
            });
            lines.collect_view()
        })
    };
    let said = move || {
        read_round(session, id, |board, round| {
            let lines = round.said.iter().map(|said| {
                let who = said
                    .by
                    .map_or("somebody".into(), |by| person_name(board, by));
                view! { <li><b>{who}</b> ": " {said.text.clone()}</li> }
            });
            lines.collect_view()
        })
    };
    let ask = Callback::new(move |text: String| {
        session.dispatch(Command::SayInRound(RoundSaid { round: id, text }));
    });
    let close = move |_| {
        session.dispatch(Command::CloseRound(id));
    };
    let missing = Memo::new(move |_| {
        let missing = read_round(session, id, waiting_for);
        missing.map_or(0, |missing| missing.len())
    });
    let close_words = move || match missing.get() {
        0 => "Reveal answers".to_owned(),
        missing => format!("Reveal without {}", counted(missing, "answer", "answers")),
    };
    let back = move || read_round(session, id, |_, round| back_link(session, round));
    view! {
        <h1>"Blind round"</h1>
        <p class="soft">"Everybody answers before anybody sees an answer. Until the round is closed, the board holds only a salted hash of each answer; the answer itself stays on the device it was given on."</p>
        <section class="panel linked"><h2>"On"</h2><ul>{live(cruxes)}</ul></section>
        <section class="panel boards" aria-label="Who has answered"><h2>"Who has answered"</h2><ul>{live(people)}</ul></section>
        <section class="panel" aria-label="Questions">
            <h2>"Questions before answering"</h2>
            <ul>{live(said)}</ul>
            <TextField label="Question or clarification" value=Signal::stored(String::new()) on_commit=ask />
        </section>
        <p class="actions sticky">
            <button class:primary=move || missing.get() == 0 on:click=close>{live(close_words)}</button>
            {live(back)}
        </p>
    }
}

/// The screen while the device goes from hand to hand: nothing on it is anybody's.
fn share_link(session: Session, person: PersonId, hands: RwSignal<Hands>) -> AnyView {
    let name = session.with(|board| person_name(board, person));
    view! {
        <section class="hand-over" aria-label="Hand over">
            <h1>"For " {name.clone()} " only"</h1>
            <p>"If this device is shared, hand it to " {name.clone()} ". Nobody else should look until it is handed back."</p>
            <p class="actions">
                <button class="primary" on:click=move |_| hands.set(Hands::With(person))>"I am " {name} ": go on"</button>
                <button on:click=move |_| hands.set(Hands::Table)>"Not now"</button>
            </p>
        </section>
    }
    .into_any()
}

fn handed_back(session: Session, person: PersonId, hands: RwSignal<Hands>) -> AnyView {
    let name = session.with(|board| person_name(board, person));
    view! {
        <section class="hand-over" aria-label="Hand back">
            <h1>"Sealed"</h1>
            <p role="status">"The answers of " {name} " are sealed and no longer on this screen. Hand the device back."</p>
            <p class="actions"><button class="primary" on:click=move |_| hands.set(Hands::Table)>"Back to the round"</button></p>
        </section>
    }
    .into_any()
}

/// One person's answers, while the device is in their hands.
#[component]
fn Answers(
    session: Session,
    id: RoundId,
    person: PersonId,
    hands: RwSignal<Hands>,
) -> impl IntoView {
    let secrets = Secrets::from_context();
    let given = RwSignal::new(secrets.kept_answers.run((id, person)));
    let has_unsealed = session.drafts.has_unsealed;
    on_cleanup(move || has_unsealed.set(false));
    let name = session.with(|board| person_name(board, person));
    let cruxes = session.with(|board| {
        let round = board.round(id);
        round.map(|round| round.cruxes.clone()).unwrap_or_default()
    });
    let errors = FieldErrors::provide();
    let fields = cruxes
        .into_iter()
        .enumerate()
        .map(|(index, crux)| view! { <AnswerField session crux given is_first=index == 0 /> });
    let is_sealing = RwSignal::new(false);
    let on_sealed = Callback::new(move |is_sealed: bool| {
        is_sealing.set(false);
        if is_sealed {
            hands.set(Hands::Back(person));
        }
    });
    let done = move |event: leptos::ev::MouseEvent| {
        let answers = given.get_untracked();
        if is_sealing.get_untracked() || focus_invalid(&event) {
            return;
        }
        if answers.is_empty() {
            let why = "Give at least one credence before sealing.";
            session.notices.refused(why);
            errors.refuse("credence", why);
        } else {
            is_sealing.set(true);
            secrets.seal_answers.run(((id, person), answers, on_sealed));
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

#[component]
fn AnswerField(
    session: Session,
    crux: CruxId,
    given: RwSignal<Vec<Answer>>,
    is_first: bool,
) -> impl IntoView {
    let field = if is_first { "credence" } else { "" };
    let (name, claim) = session.with(|board| {
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
            <CredenceControl value draft on_commit=Callback::new(move |credence| put(Some(credence), None)) clause label name=field />
            <Show when=move || value.get().is_some()>
                <TextField label=because.clone() value=reason on_commit=Callback::new(move |text| put(None, Some(text))) />
            </Show>
        </section>
    }
}

/// What a closed round found, widest gap first.
#[component]
fn Revealed(session: Session, id: RoundId) -> impl IntoView {
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
    let cruxes = Memo::new(move |_| {
        session.follow_all();
        let found = read_round(session, id, findings).unwrap_or_default();
        found
            .into_iter()
            .map(|finding| finding.crux.0)
            .collect::<Vec<_>>()
    });
    let widest = Memo::new(move |_| cruxes.with(|cruxes| cruxes.first().copied()));
    let card = move |crux| {
        let is_widest = Signal::derive(move || widest.get() == Some(crux));
        view! { <FindingCard session id crux=CruxId(crux) is_widest /> }.into_any()
    };
    let again = move |_| {
        let round = session.with(|board| board.round(id).map(|round| Round::clone(round)));
        if let Some(round) = round {
            let edit = RoundEdit {
                cruxes: Some(round.cruxes),
                people: Some(round.people),
                held_at: Some(round.held_at),
            };
            open_round(session, services, edit);
        }
    };
    let back = move || read_round(session, id, |_, round| back_link(session, round));
    view! {
        <h1>"Revealed"</h1>
        {live(people)}
        <For each=move || cruxes.get() key=|id| *id let(id)>{card(id)}</For>
        <p class="actions sticky">
            <button on:click=again>"Second round"</button>
            {live(back)}
        </p>
    }
}

#[component]
fn FindingCard(
    session: Session,
    id: RoundId,
    crux: CruxId,
    is_widest: Signal<bool>,
) -> impl IntoView {
    let finding = Memo::new(move |_| {
        session.follow_all();
        let found = read_round(session, id, findings).unwrap_or_default();
        found.into_iter().find(|finding| finding.crux == crux)
    });
    let answers = move || {
        finding
            .get()
            .map(|finding| finding.answers)
            .unwrap_or_default()
    };
    let shown = Signal::derive(move || {
        let me = session.me.get();
        session.with(|board| {
            let dots = answers()
                .into_iter()
                .filter_map(|(person, before, answer)| {
                    let record = board.person(person)?;
                    Some(Dot {
                        initials: record.initials(),
                        name: record.name.clone(),
                        percent: answer.credence.percent(),
                        previous: before.map(|before| before.percent()),
                        is_stale: false,
                        is_me: Some(person) == me,
                        day: String::new(),
                    })
                });
            dots.collect::<Vec<_>>()
        })
    });
    let estimated = Signal::derive(move || {
        Estimate::of(answers().into_iter().map(|(.., answer)| answer.credence))
    });
    let ends = Signal::derive(move || {
        let ends = session.with(|board| board.crux(crux).map(|crux| scale_ends(board, crux)));
        ends.unwrap_or_default()
    });
    let name = session.with(|board| crux_name(board, crux));
    let gap = move || {
        let finding = finding.get().filter(|finding| finding.answers.len() > 1)?;
        let words = session.with(|board| gap_words(board, &finding))?;
        let widest = is_widest
            .get()
            .then(|| view! { <span class="badge">"widest gap"</span> " " });
        Some(view! { <p class="gap">{widest} {words}</p> })
    };
    let table = move || {
        let rows = session.with(|board| {
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
    view! {
        <section class="panel finding" class:widest=is_widest>
            <h2><a href=href(session, Screen::Crux(crux))>{name}</a></h2>
            {live(gap)}
            <Scale dots=shown estimate=estimated ends is_large=true />
            <div class="scroll" tabindex="0" role="region" aria-label="Answers as a table">
                <table class="data">
                    <thead>
                        <tr>
                            <th scope="col">"Who"</th>
                            <th scope="col" class="number">"Before"</th>
                            <th scope="col" class="number">"Answer"</th>
                            <th scope="col">"Why"</th>
                        </tr>
                    </thead>
                    {live(table)}
                </table>
            </div>
            <Apart session crux finding=finding.into() />
        </section>
    }
}

/// How somebody stands in a closed round whose answer is not in its figures.
fn standing_words(board: &Board, standing: &Standing) -> Option<String> {
    let said = |answers: &[Answer]| {
        let answers = answers.iter();
        let answers = answers.map(|answer| {
            format!(
                "{} ({})",
                answer.credence.shown(),
                crux_name(board, answer.crux)
            )
        });
        answers.collect::<Vec<_>>().join(", ")
    };
    Some(match standing {
        Standing::Revealed(_) | Standing::Answered => return None,
        Standing::Waiting => "did not answer".into(),
        Standing::NotRevealed => {
            "answered; not revealed yet: their device has not synced since".into()
        }
        Standing::Mismatch => {
            "Mismatch: the published answer differs from the sealed one, and does not count".into()
        }
        Standing::Unchecked(answers) => format!(
            "answered {}. Not counted: its reasons were erased, so it cannot be verified",
            said(answers)
        ),
        Standing::Late(None) => {
            "answered late: the answer arrived after closing, and does not count".into()
        }
        Standing::Late(Some(answers)) => format!(
            "answered late: {}. Not counted: the answer arrived after closing, so it may not be blind",
            said(answers)
        ),
    })
}

/// "25 points: Area lead 30%, Red-teamer 55%".
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
