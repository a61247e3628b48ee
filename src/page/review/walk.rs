//! A crux of a review, full screen, readable from the back of a room.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::ReviewNoted;
use cruxboard_domain::decide::Command;
use cruxboard_domain::diff::{Since, What};
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::format::tell;
use cruxboard_domain::pointing::Ends;
use cruxboard_domain::record::{CruxId, OptionId, OptionQuestion, ReviewId, RoundEdit, TriggerId};
use cruxboard_domain::t;
use leptos::prelude::*;

use super::meeting::open_round;
use super::statements::{
    AddEvidence, EVIDENCE_FORM, StateCredence, evidence_draft, since_words, view_evidence,
};
use super::stepper::{Step, Stepper, rounds_on};
use super::trigger_line::TriggerLine;
use super::{Gone, follow_meeting, moment_before};
use crate::component::{HistoryChart, Scale, Section, TextArea, live};
use crate::page::crux::{People, pins};
use crate::page::{Services, dots, href, points, read_crux, scale_ends, short};
use crate::route::Screen;
use cruxboard_session::Session;

/// A crux of a review, full screen.
#[component]
pub fn WalkPage(session: Session, id: ReviewId, crux: CruxId) -> impl IntoView {
    let is_there = Memo::new(move |_| {
        read_crux(session, crux, |board, _| board.review(id).is_some()) == Some(true)
    });
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <Stepper session id at=Step::Crux(crux)><Content session id crux /></Stepper>
        </Show>
    }
}

#[component]
fn Content(session: Session, id: ReviewId, crux: CruxId) -> impl IntoView {
    let services = Services::from_context();
    let meeting = Memo::new(move |_| follow_meeting(session, id));
    let claim = move || read_crux(session, crux, |_, crux| crux.claim.clone());
    let name = move || read_crux(session, crux, |_, crux| crux.name().into_owned());
    let views = Memo::new(move |_| {
        let now = session.now.get();
        read_crux(session, crux, |board, _| {
            board.current_views(crux, now.millis)
        })
        .unwrap_or_default()
    });
    let on_scale = Signal::derive(move || {
        let me = session.me.get();
        views
            .with(|views| session.read_untracked(|board| dots(board, views, me, session.now.get())))
    });
    let estimated = Signal::derive(move || {
        views.with(|views| session.read_untracked(|board| estimate(board, views, true)))
    });
    let ends = Signal::derive(move || {
        read_crux(session, crux, |board, crux| scale_ends(board, crux)).unwrap_or_default()
    });
    let rules = Signal::derive(move || {
        read_crux(session, crux, |board, _| board.credence_rules(crux)).unwrap_or_default()
    });
    let figures = move || {
        estimated.get().map(|all| {
            let all = all.figures(&rules.get());
            t!(
                "All {aggregate}, median {median}, spread {spread}",
                aggregate = all.aggregate,
                median = all.median,
                spread = all.spread
            )
        })
    };
    let history = Signal::derive(move || {
        let now = session.now.get_untracked();
        read_crux(session, crux, |board, _| points(board, crux, now)).unwrap_or_default()
    });
    let triggers = Memo::new(move |_| {
        let ids = read_crux(session, crux, |board, _| {
            let triggers = board.triggers_of(crux);
            triggers.map(|trigger| trigger.id.0).collect::<Vec<_>>()
        });
        ids.unwrap_or_default()
    });
    let trigger =
        move |trigger| view! { <TriggerLine session review=id id=TriggerId(trigger) /> }.into_any();
    let from = moment_before(session, id);
    let changed = move || {
        let viewpoint = session.viewpoint();
        let lines = session.read(RecordRef::Crux(crux), |board| {
            let since = Since::between(board, from, ChangeId::MAX, viewpoint);
            let own = since
                .groups
                .into_iter()
                .find(|group| group.crux == Some(crux));
            let mut lines = own.map(|group| group.lines).unwrap_or_default();
            // Moves and outcomes come before additions.
            lines.sort_by_key(|line| line.what == What::Added);
            let said = lines.iter().take(3).map(|line| {
                let (what, rest) = tell(board, line);
                (what, short(&rest, 90).into_owned())
            });
            said.collect::<Vec<_>>()
        });
        if lines.is_empty() {
            return view! { <p class="soft">{t!("Nothing.")}</p> }.into_any();
        }
        let lines = lines
            .into_iter()
            .map(|(what, rest)| view! { <li><b>{what}</b> " " {rest}</li> });
        view! { <ul>{lines.collect_view()}</ul> }.into_any()
    };
    let note = Signal::derive(move || {
        meeting.with(|meeting| {
            let note = meeting.notes.get(&crux);
            note.map(|note| note.text.clone()).unwrap_or_default()
        })
    });
    let on_note = Callback::new(move |text| {
        session.dispatch(Command::NoteInReview(ReviewNoted {
            review: id,
            crux,
            text,
            is_public: false,
        }));
    });
    let blind = move |_| {
        let round = RoundEdit {
            cruxes: Some(vec![crux]),
            people: Some(meeting.get_untracked().here),
            held_at: Some(Some(id)),
            ..RoundEdit::default()
        };
        open_round(session, services, round);
    };
    let blind_in_options = move |_| {
        let round = RoundEdit {
            in_options: Some(session.read_untracked(|board| questions_if_true(board, crux))),
            people: Some(meeting.get_untracked().here),
            held_at: Some(Some(id)),
            ..RoundEdit::default()
        };
        open_round(session, services, round);
    };
    let has_options = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| board.options().next().is_some())
    });
    let is_open = Memo::new(move |_| meeting.with(|meeting| meeting.closed().is_none()));
    let round = move || {
        let rounds = session.read(RecordRef::Board, |board| rounds_on(board, id, crux));
        let words = [
            t!("To the open blind round"),
            t!("Answers of the blind round"),
        ];
        let links = rounds.into_iter().zip(words).filter_map(|(round, words)| {
            let to = href(session, Screen::Round(round?));
            Some(view! { <a class="button" href=to>{words}</a> })
        });
        links.collect_view()
    };
    let charted = RwSignal::new(false);
    // Evidence that was begun is shown, so that it is not saved unseen.
    let writes = RwSignal::new(untrack(|| {
        evidence_draft(session, crux).with(|it| *it != Default::default())
    }));
    let evidence = move || view_evidence(session, crux);
    view! {
        <article class="walk">
            <header>
                <p class="soft">{live(name)}</p>
                <h1 class="claim">{live(claim)}</h1>
            </header>
            <section aria-label=t!("Credences")>
                <Scale dots=on_scale estimate=estimated ends rules is_large=true />
                <p class="soft">{live(figures)}</p>
            </section>
            <p class="actions">
                <Show when=move || is_open.get()>
                    <button on:click=blind>{t!("Blind round on this crux")}</button>
                    <Show when=move || has_options.get()>
                        <button on:click=blind_in_options>{t!("Blind round on options if it is true")}</button>
                    </Show>
                </Show>
                {live(round)}
            </p>
            <div class="walk-columns">
                <div>
                    <section aria-label=t!("Reasons")>
                        <h2>{t!("Credences and reasons")}</h2>
                        <People session id=crux views=views.into() />
                        <Show when=move || is_open.get()>
                            <StateCredence session review=id crux views=views.into() />
                        </Show>
                    </section>
                    <section aria-label=t!("Evidence")>
                        <h2>{t!("Evidence")}</h2>
                        {live(evidence)}
                        <Show when=move || is_open.get()>
                            <div id=EVIDENCE_FORM>
                            <Section title=t!("Add evidence") is_open=writes on_toggle=Callback::new(move |open| writes.set(open))>
                                <AddEvidence session crux />
                            </Section>
                            </div>
                        </Show>
                    </section>
                </div>
                <div>
                    <section aria-label=t!("Triggers")>
                        <h2>{t!("Triggers")}</h2>
                        <Show when=move || triggers.with(Vec::is_empty)><p class="soft">{t!("None.")}</p></Show>
                        <For each=move || triggers.get() key=|id| *id let(id)>{trigger(id)}</For>
                    </section>
                    <section aria-label=t!("What changed since the last review") class="changed"><h2>{since_words(from)}</h2>{live(changed)}</section>
                    <section class="walk-notes" aria-label=t!("Notes on this crux")>
                        <Show
                            when=move || is_open.get()
                            fallback=move || view! { <h2>{t!("Notes")}</h2><p class="written">{live(move || note.get())}</p> }
                        >
                            <TextArea label=t!("Notes") hint=t!("Public minutes leave notes out unless you include them there.") value=note on_commit=on_note />
                        </Show>
                    </section>
                </div>
            </div>
            <Section title=t!("History") is_open=charted on_toggle=Callback::new(move |open| charted.set(open))>
                <div class="wide"><HistoryChart points=history pins=pins(session, crux) now=session.now /></div>
            </Section>
        </article>
    }
}

/// Returns the questions how likely the options are right if a crux is true: those that it points to, or all
/// if it points to none.
fn questions_if_true(board: &Board, crux: CruxId) -> Vec<OptionQuestion> {
    let ends = board.crux(crux).map(|crux| Ends::of(board, crux));
    let pointed: Vec<OptionId> = ends
        .into_iter()
        .flat_map(|ends| [ends.if_true, ends.if_false])
        .flatten()
        .collect();
    let options = board.options().map(|option| option.id);
    let options = options.filter(|option| pointed.is_empty() || pointed.contains(option));
    let question = |option| OptionQuestion {
        option,
        if_true: Some(crux),
    };
    options.map(question).collect()
}
