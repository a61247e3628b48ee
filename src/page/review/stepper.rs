//! The frame of a review: its steps, the way to the next step and out of the review.

use cruxboard_domain::board::Board;
use cruxboard_domain::format::short;
use cruxboard_domain::record::{CruxId, Review, ReviewId, RoundId};
use cruxboard_domain::t;
use leptos::prelude::*;

pub(super) use super::step::Step;
use super::step::{crux_of, steps};
use super::time_spent::time_spent;
use super::unrecorded::{Unrecorded, unrecorded};
use super::{follow_meeting, review_name};
use crate::component::live;
use crate::page::frame::{Me, Present, SavedMark, UndoRedo};
use crate::page::{Services, href};
use crate::route::{ReviewStep, Route, Screen};
use crate::t_view;
use cruxboard_session::Session;

/// Shows a screen of the open board.
pub(super) fn go_to(session: Session, services: Services, screen: Screen) {
    if let Some(board) = session.open.get_untracked() {
        let route = Route::Board(board, screen);
        services.navigation.go.run((route, false));
    }
}

/// Returns the latest open blind round of a review on this crux, and the latest closed one.
pub(super) fn rounds_on(board: &Board, review: ReviewId, crux: CruxId) -> [Option<RoundId>; 2] {
    [true, false].map(|is_open| {
        let rounds = board
            .rounds()
            .filter(|round| round.held_at == Some(review) && round.closing().is_none() == is_open);
        let mut own = rounds.filter(|round| {
            let mut topics = round.topics().into_iter();
            topics.any(|topic| crux_of(topic) == Some(crux))
        });
        own.next_back().map(|round| round.id)
    })
}

/// A step of a review, full screen, with the list of all steps and the link to the next one.
#[component]
pub(super) fn Stepper(
    session: Session,
    id: ReviewId,
    at: Step,
    children: Children,
) -> impl IntoView {
    let review = Memo::new(move |_| follow_meeting(session, id));
    let all = Memo::new(move |_| {
        review.with(|review| session.read_untracked(|board| steps(board, review)))
    });
    let unrecorded = unrecorded(session, id);
    let lists_steps = RwSignal::new(false);
    let list = move || {
        session.read_all(|board| {
            let items = all.get().into_iter().map(|step| {
                let note = match is_unrecorded(&unrecorded.get(), step) {
                    true => t!("not recorded"),
                    false => step.note(board, id),
                };
                let current = (step == at).then_some("step");
                let note = (!note.is_empty())
                    .then(|| view! { <span class="badge" translate="no">{note}</span> });
                view! {
                    <li>
                        <a href=href(session, step.screen(id)) aria-current=current>{step.name(board)}</a>
                        {note}
                    </li>
                }
            });
            items.collect_view()
        })
    };
    let number = move || {
        let (at, of) = all.with(|all| (all.iter().position(|step| *step == at), all.len()));
        at.map_or_else(
            || t!("Steps").to_owned(),
            |at| t!("Step {number} of {all}", number = at + 1, all = of),
        )
    };
    let state = move || match review.with(|review| review.closed().is_some()) {
        true => t!("state" => "closed"),
        false => t!("state" => "open"),
    };
    view! {
        <div class="review">
            <header class="review-head">
                <a class="button" href=href(session, Screen::Reviews)>{t!("Leave the review")}</a>
                <p class="review-title">
                    {t_view!("Review of {day}", day = live(move || review_name(session, id)))} " "
                    <span class="badge" translate="no">{live(state)}</span>
                </p>
                <SavedMark session />
                <Present session />
                <Me session />
                <UndoRedo session />
            </header>
            <nav class="review-steps" aria-label=t!("Steps of the review")>
                <button
                    class="steps-button"
                    aria-expanded=move || lists_steps.get().to_string()
                    on:click=move |_| lists_steps.update(|is_open| *is_open = !*is_open)
                >
                    {live(number)}
                </button>
                <ol class:is-open=lists_steps>{live(list)}</ol>
            </nav>
            <div class="review-step">{children()}</div>
            <Foot session id at all review unrecorded />
        </div>
    }
}

/// Returns whether a draft of the step is not recorded. An open round has a note of its own.
fn is_unrecorded(all: &[Unrecorded], step: Step) -> bool {
    all.iter().any(|one| one.step == step && !one.is_round())
}

/// The position among the steps, the time left for a crux, and the links to the previous and the next step.
#[component]
fn Foot(
    session: Session,
    id: ReviewId,
    at: Step,
    all: Memo<Vec<Step>>,
    review: Memo<Review>,
    unrecorded: Memo<Vec<Unrecorded>>,
) -> impl IntoView {
    let spent = time_spent(session, id, at);
    let time = move || {
        let minutes = review.with(|review| {
            let own = |crux| {
                review
                    .agenda
                    .iter()
                    .find(|item| Step::Crux(item.crux) == crux)
            };
            own(at).map_or(0, |item| u64::from(item.minutes))
        });
        let spent = spent.get().as_secs() / 60;
        match minutes {
            0 => String::new(),
            _ if spent >= minutes => t!("time is up ({minutes} min)", minutes),
            _ => t!(
                "{left} of {minutes} min left",
                left = minutes - spent,
                minutes
            ),
        }
    };
    // Going on is never stronger than recording what stands on the step.
    let records_here = Memo::new(move |_| {
        let takes_decision = at == Step::Later(ReviewStep::Decision)
            && review.with(|review| review.closed().is_none());
        takes_decision || unrecorded.with(|all| is_unrecorded(all, at))
    });
    let links = move || {
        let all = all.get();
        let is_strong = !records_here.get();
        // A crux that is not on the agenda continues like the agenda.
        let place = all.iter().position(|step| *step == at).unwrap_or(0);
        let link = |to: Option<usize>, mark: &'static str, words: fn(&str) -> String| {
            let to = to.and_then(|to| all.get(to)).copied();
            to.map(|to| {
                let name = session.read_untracked(|board| short(&to.name(board), 40).into_owned());
                let class = if mark == "walk-next" && is_strong { "button primary" } else { "button" };
                view! { <a class=class id=mark href=href(session, to.screen(id))>{words(&name)}</a> }
            })
        };
        view! {
            {link(place.checked_sub(1), "walk-previous", |_| t!("← Previous").into())}
            <span class="walk-place">
                {t!("{number} of {all}", number = place + 1, all = all.len())} " " <span class="soft">{live(time)}</span>
            </span>
            {link(Some(place + 1), "walk-next", |name| t!("Next: {name} →", name))}
        }
    };
    view! {
        <footer class="walk-foot">
            <nav aria-label=t!("Previous and next step")>{live(links)}</nav>
            <span class="soft walk-keys">{t!("Keys: ← →")}</span>
        </footer>
    }
}
