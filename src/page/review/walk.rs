//! One crux of a review, filling the screen so that it can be read from the back of a room.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::change::ReviewNoted;
use cruxboard_domain::decide::Command;
use cruxboard_domain::diff::Since;
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::format::{NO_OPTION, tell, trigger_words};
use cruxboard_domain::record::{CruxId, ReviewId, RoundEdit, TriggerId};
use cruxboard_domain::trigger_state::trigger_state;
use leptos::prelude::*;

use super::Gone;
use super::meeting::{follow_meeting, moment_before, open_round};
use crate::component::{HistoryChart, Scale, Section, StateGlyph, TextArea, live, mark_class};
use crate::page::crux::{Judge, marks};
use crate::page::{Services, dots, href, mark_of, points, read_crux, scale_ends, short};
use crate::route::Screen;
use crate::session::Session;

/// One crux of a review, full screen.
#[component]
pub fn WalkPage(session: Session, id: ReviewId, crux: CruxId) -> impl IntoView {
    let is_there = Memo::new(move |_| {
        session.follow(RecordRef::Board);
        read_crux(session, crux, |board, _| board.review(id).is_some()) == Some(true)
    });
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            <Content session id crux />
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
        session.follow(RecordRef::Board);
        let now = session.now.get();
        read_crux(session, crux, |board, _| {
            board.current_views(crux, now.millis)
        })
        .unwrap_or_default()
    });
    let on_scale = Signal::derive(move || {
        let me = session.me.get();
        views.with(|views| session.with(|board| dots(board, views, me, session.now.get())))
    });
    let estimated = Signal::derive(move || views.with(|views| estimate(views, true)));
    let ends = Signal::derive(move || {
        read_crux(session, crux, |board, crux| scale_ends(board, crux)).unwrap_or_default()
    });
    let rules = Signal::derive(move || {
        read_crux(session, crux, |board, _| board.credence_rules(crux)).unwrap_or_default()
    });
    let figures = move || {
        estimated.get().map(|all| {
            let all = all.figures(&rules.get());
            format!(
                "All {}, median {}, spread {}",
                all.aggregate, all.median, all.spread
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
        move |trigger| view! { <TriggerLine session crux id=TriggerId(trigger) /> }.into_any();
    let from = moment_before(session, id);
    let since_words = if from == ChangeId::MIN {
        "Latest changes"
    } else {
        "Since the last review"
    };
    let changed = move || {
        session.follow(RecordRef::Crux(crux));
        let viewpoint = session.viewpoint();
        let lines = session.with(|board| {
            let since = Since::between(board, from, ChangeId::MAX, viewpoint);
            let own = since
                .groups
                .into_iter()
                .find(|group| group.crux == Some(crux));
            let lines = own.map(|group| group.lines).unwrap_or_default();
            let said = lines.iter().take(3).map(|line| {
                let (what, rest) = tell(board, line);
                (what, short(&rest, 90).into_owned())
            });
            said.collect::<Vec<_>>()
        });
        if lines.is_empty() {
            return view! { <p class="soft">"Nothing."</p> }.into_any();
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
        };
        open_round(session, services, round);
    };
    let is_open = Memo::new(move |_| meeting.with(|meeting| meeting.closed().is_none()));
    let charted = RwSignal::new(true);
    view! {
        <article class="walk">
            <header>
                <p class="soft">{live(name)}</p>
                <h1 class="claim">{live(claim)}</h1>
            </header>
            <section aria-label="Credences">
                <Scale dots=on_scale estimate=estimated ends rules is_large=true />
                <p class="soft">{live(figures)}</p>
            </section>
            <div class="walk-columns">
                <section aria-label="Triggers"><For each=move || triggers.get() key=|id| *id let(id)>{trigger(id)}</For></section>
                <div>
                    <section aria-label="What changed since the last review" class="changed"><h2>{since_words}</h2>{live(changed)}</section>
                    <Section title="History" is_open=charted on_toggle=Callback::new(move |open| charted.set(open))>
                        <div class="wide"><HistoryChart points=history marks=marks(session, crux) /></div>
                    </Section>
                </div>
            </div>
            <section class="walk-notes">
                <Show
                    when=move || is_open.get()
                    fallback=move || view! { <h2>"Notes"</h2><p class="written">{live(move || note.get())}</p> }
                >
                    <TextArea label="Notes" hint="Public minutes leave notes out unless you include them there." value=note on_commit=on_note />
                </Show>
                <p class="actions">
                    <Show when=move || is_open.get()>
                        <button on:click=blind>"Blind round on this crux"</button>
                    </Show>
                    <a class="button" href=href(session, Screen::Crux(crux))>"State a credence, or file evidence"</a>
                </p>
            </section>
            <Foot session id crux />
        </article>
    }
}

/// A trigger in one line, with the way to judge it.
#[component]
fn TriggerLine(session: Session, crux: CruxId, id: TriggerId) -> impl IntoView {
    let is_event = session.with(|board| board.trigger(id).is_some_and(|t| t.rule.is_none()));
    let line = move || {
        session.follow(RecordRef::Board);
        let viewpoint = session.viewpoint();
        read_crux(session, crux, |board, _| {
            let trigger = board.trigger(id)?;
            let state = trigger_state(board, trigger, viewpoint);
            let mark = mark_of(board, trigger.toward);
            let option = trigger.toward.and_then(|option| board.option(option));
            let option = option.map_or_else(|| NO_OPTION.into(), |option| option.name.clone());
            let text = trigger_words(board, trigger, viewpoint);
            Some(view! {
                <p>
                    <span translate="no" class=format!("chip is-{}", state.key())>
                        <StateGlyph mark state />
                        <span class=mark_class(mark)>{option} ": "</span>
                        <b>{state.label()}</b>
                    </span>
                    " " {short(&text, 220).into_owned()}
                </p>
            })
        })
    };
    view! {
        <div class="walk-trigger">
            {live(line)}
            {is_event.then(|| view! { <Judge session crux id /> })}
        </div>
    }
}

/// Where one is in the agenda, how long there is, and the way to the next.
#[component]
fn Foot(session: Session, id: ReviewId, crux: CruxId) -> impl IntoView {
    let began = session.now.get_untracked().millis;
    let place = move || {
        let agenda = follow_meeting(session, id).agenda;
        let at = agenda.iter().position(|item| item.crux == crux);
        let step = |to: Option<usize>, label: &'static str, mark: &'static str| {
            let to = to.and_then(|to| agenda.get(to)).map(|item| item.crux);
            to.map(|to| {
                let to = href(session, Screen::Walk(id, to));
                view! { <a class="button" id=mark href=to>{label}</a> }
            })
        };
        let before = at.and_then(|at| at.checked_sub(1));
        let after = at.map_or(Some(0), |at| Some(at + 1));
        let minutes = at
            .and_then(|at| agenda.get(at))
            .map_or(0, |item| u64::from(item.minutes));
        let spent = (session.now.get().millis.saturating_sub(began)) / 60_000;
        let time = match minutes {
            0 => String::new(),
            _ if spent >= minutes => format!("time is up ({minutes} min)"),
            _ => format!("{} of {minutes} min left", minutes - spent),
        };
        let number = at.map_or_else(String::new, |at| format!("{} of {}", at + 1, agenda.len()));
        view! {
            {step(before, "← Previous", "walk-previous")}
            <span>{number} " " <span class="soft">{time}</span></span>
            {step(after, "Next →", "walk-next")}
        }
    };
    view! {
        <footer class="walk-foot">
            <nav aria-label="Agenda">{live(place)}</nav>
            <span class="soft walk-keys">"Keys: ← →"</span>
            <a class="button" href=href(session, Screen::Review(id))>"Agenda"</a>
        </footer>
    }
}
