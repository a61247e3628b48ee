//! The first step of a review: participants, changes since the last one, and agenda.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{
    OptionQuestion, PersonId, ReviewEdit, ReviewId, RoundEdit, RoundId,
};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::agenda::Agenda;
use super::ending::Ending;
use super::stepper::{Step, Stepper};
use super::{Gone, follow_meeting, moment_before, review_name};
use crate::component::{Pick, Section, TextArea, live};
use crate::page::since::SinceList;
use crate::page::{Services, href, present_choices};
use crate::route::{Route, Screen};
use crate::t_view;
use cruxboard_session::Session;

/// Opens a blind round, and shows it.
pub(super) fn open_round(session: Session, services: Services, round: RoundEdit) {
    match session.try_dispatch(Command::OpenRound(round)) {
        Ok(changes) => {
            if let (Some(first), Some(board)) = (changes.first(), session.open.get_untracked()) {
                let screen = Screen::Round(RoundId(first.id));
                services
                    .navigation
                    .go
                    .run((Route::Board(board, screen), false));
            }
        }
        Err(refusal) => session.notices.refuse(&refusal),
    }
}

/// The first step of a review.
#[component]
pub fn ReviewPage(session: Session, id: ReviewId) -> impl IntoView {
    let is_there =
        Memo::new(move |_| session.read(RecordRef::Board, |board| board.review(id).is_some()));
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <Stepper session id at=Step::Agenda><Content session id /></Stepper>
        </Show>
    }
}

#[component]
fn Content(session: Session, id: ReviewId) -> impl IntoView {
    let services = Services::from_context();
    let meeting = Memo::new(move |_| follow_meeting(session, id));
    let is_open = Signal::derive(move || meeting.with(|meeting| meeting.closed().is_none()));
    let set = Callback::new(move |set: ReviewEdit| {
        session.dispatch(Command::EditReview(Edited {
            of: id,
            set,
            reason: String::new(),
        }));
    });
    let here = Signal::derive(move || {
        meeting.with(|meeting| {
            meeting
                .here
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        })
    });
    let people = present_choices(session, move || {
        meeting.with(|meeting| meeting.here.clone())
    });
    let on_here = Callback::new(move |keys: Vec<String>| {
        set.run(ReviewEdit {
            here: Some(keys.iter().filter_map(|key| key.parse().ok()).collect()),
            ..ReviewEdit::default()
        });
    });
    let ask = move |edit: RoundEdit| {
        let edit = RoundEdit {
            people: Some(meeting.get_untracked().here),
            held_at: Some(Some(id)),
            ..edit
        };
        open_round(session, services, edit);
    };
    let blind = move |_| {
        let agenda = meeting.with_untracked(|meeting| {
            let agenda = meeting.agenda.iter();
            agenda.map(|item| item.crux).collect()
        });
        ask(RoundEdit {
            cruxes: Some(agenda),
            ..RoundEdit::default()
        });
    };
    let blind_in_options = move |_| {
        let questions = session.read_untracked(|board| {
            let options = board.options().map(|option| OptionQuestion {
                option: option.id,
                if_true: None,
            });
            options.collect()
        });
        ask(RoundEdit {
            in_options: Some(questions),
            ..RoundEdit::default()
        });
    };
    let has_options = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| board.options().next().is_some())
    });
    let note = Signal::derive(move || meeting.with(|meeting| meeting.note.clone()));
    let written = move || match note.get() {
        note if note.is_empty() => t!("None.").to_owned(),
        note => note,
    };
    let names = move || {
        let here = here.get();
        let names = people.get().into_iter();
        let names: Vec<String> = names
            .filter(|(key, _)| here.contains(key))
            .map(|(_, name)| name)
            .collect();
        match names.is_empty() {
            true => t!("None.").to_owned(),
            false => names.join(", "),
        }
    };
    let on_note = Callback::new(move |note| {
        set.run(ReviewEdit {
            note: Some(note),
            ..ReviewEdit::default()
        });
    });
    let since_open = RwSignal::new(true);
    let from = moment_before(session, id);
    let until = move || {
        meeting
            .with(|meeting| meeting.closed())
            .unwrap_or(ChangeId::MAX)
    };
    let changed = move || view! { <SinceList session from=Signal::stored(from) to=until() first=3 review=id /> };
    view! {
        <h1>{t_view!("Review of {day}", day = live(move || review_name(session, id)))}</h1>
        <section class="panel here">
            <Show when=move || is_open.get() fallback=move || view! { <h2>{t!("Participants")}</h2><p>{live(names)}</p> }>
                <Pick label=t!("Participants") options=people value=here on_commit=on_here />
                {live(move || online(session, here, on_here))}
            </Show>
        </section>
        <section class="panel">
            <h2>{t!("Agenda")}</h2>
            <Agenda session id meeting=meeting.into() set />
            <Show when=move || is_open.get()>
                <p class="actions">
                    <Show when=move || meeting.with(|meeting| !meeting.agenda.is_empty())>
                        <button on:click=blind>{t!("Blind round on the agenda")}</button>
                    </Show>
                    <Show when=move || has_options.get()>
                        <button on:click=blind_in_options>{t!("Blind round on the options")}</button>
                    </Show>
                </p>
            </Show>
        </section>
        <Rounds session id />
        <div class="panel sections">
            <Section title=t!("What changed since the last review") is_open=since_open on_toggle=Callback::new(move |open| since_open.set(open))>
                <div class="wide since-list">{live(changed)}</div>
            </Section>
        </div>
        <section class="panel">
            <Show when=move || is_open.get() fallback=move || view! { <h2>{t!("Notes on the review")}</h2><p class="written">{live(written)}</p> }>
                <TextArea label=t!("Notes on the review") hint=t!("Public minutes leave notes out unless you include them there.") value=note on_commit=on_note />
            </Show>
        </section>
        <Ending session id />
    }
}

/// Renders the people who have the board open now, with a button that adds them to the participants.
fn online(session: Session, here: Signal<Vec<String>>, on_here: Callback<Vec<String>>) -> AnyView {
    let present: Vec<PersonId> = session.sync.present.get().into_iter().flatten().collect();
    let people: Vec<(String, String)> = session.read(RecordRef::Board, |board| {
        let people = present.iter().filter_map(|one| board.person(*one));
        people
            .map(|person| (person.id.to_string(), person.name.clone()))
            .collect()
    });
    if people.is_empty() {
        return ().into_any();
    }
    let names: Vec<&str> = people.iter().map(|(_, name)| name.as_str()).collect();
    let names = names.join(", ");
    let is_lacking = move |people: &[(String, String)]| {
        here.with(|here| people.iter().any(|(key, _)| !here.contains(key)))
    };
    let lacks = is_lacking(&people);
    let add = move |_| {
        let mut all = here.get_untracked();
        for (key, _) in &people {
            if !all.contains(key) {
                all.push(key.clone());
            }
        }
        on_here.run(all);
    };
    view! {
        <p class="actions soft">
            {t!("Have this board open: {names}", names)}
            {lacks.then(|| view! { <button class="quiet" on:click=add>{t!("Add them")}</button> })}
        </p>
    }
    .into_any()
}

/// Names a blind round by the numbers of its cruxes and of its questions about options.
fn round_name(cruxes: usize, options: usize) -> String {
    match (cruxes, options) {
        (cruxes, 0) => tn!(
            cruxes,
            "Blind round on {count} crux",
            "Blind round on {count} cruxes"
        ),
        (0, options) => tn!(
            options,
            "Blind round on {count} question about options",
            "Blind round on {count} questions about options",
        ),
        (cruxes, options) => tn!(
            cruxes + options,
            "Blind round on {count} question",
            "Blind round on {count} questions",
        ),
    }
}

/// The blind rounds of this review.
#[component]
fn Rounds(session: Session, id: ReviewId) -> impl IntoView {
    let rounds = move || {
        session.read(RecordRef::Board, |board| {
            let own = board.rounds().filter(|round| round.held_at == Some(id));
            let lines: Vec<_> = own
                .map(|round| {
                    let to = href(session, Screen::Round(round.id));
                    let state = if round.closing().is_some() { t!("revealed") } else { t!("state" => "open") };
                    let name = round_name(round.cruxes.len(), round.in_options.len());
                    view! { <li><a href=to>{name}</a> " " <span class="badge" translate="no">{state}</span></li> }
                })
                .collect();
            (!lines.is_empty()).then(|| view! {
                <section class="panel linked"><h2>{t!("Blind rounds")}</h2><ul>{lines}</ul></section>
            })
        })
    };
    live(rounds)
}
