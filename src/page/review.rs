//! Reviews: starting one, preparing it, walking through it, blind rounds and minutes.

mod agenda;
mod apart;
mod ending;
mod meeting;
mod minutes;
mod outcomes;
mod round;
mod scores;
mod statements;
mod step;
mod stepper;
mod steps;
mod time_spent;
mod trigger_line;
mod unrecorded;
mod walk;

use cruxboard_domain::ChangeId;
use cruxboard_domain::agenda::suggest_agenda;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::Viewpoint;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::review_day;
use cruxboard_domain::record::{AgendaItem, Review, ReviewEdit, ReviewId};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

pub use self::meeting::ReviewPage;
pub use self::minutes::MinutesPage;
pub use self::round::RoundPage;
pub use self::scores::ScoresPage;
pub use self::steps::ReviewStepPage;
pub use self::walk::WalkPage;
use super::since::last_review;
use super::{Services, href};
use crate::component::live;
use crate::route::{Route, Screen};
use crate::t_view;
use cruxboard_session::Session;

/// The default number of minutes for a crux.
pub(super) const FIRST_MINUTES: u16 = 10;

/// Reads a review, and follows it.
fn follow_meeting(session: Session, id: ReviewId) -> Review {
    session
        .read(RecordRef::Board, |board| {
            board.review(id).map(|meeting| Review::clone(meeting))
        })
        .unwrap_or_default()
}

/// Returns the previous review, from which changes are counted.
fn moment_before(session: Session, id: ReviewId) -> ChangeId {
    session.read_untracked(|board| {
        let before = board.review_moments().into_iter().rev();
        let mut before = before.filter(|moment| *moment < id.0);
        before.next().unwrap_or_default()
    })
}

/// Starts a review with everybody and this agenda, and opens it.
pub(super) fn start_review(
    session: Session,
    services: Services,
    agenda: impl FnOnce(&Board) -> Vec<AgendaItem>,
) {
    let now = session.now.get_untracked().millis;
    let review = session.read_untracked(|board| ReviewEdit {
        here: Some(board.people_at(now).map(|person| person.id).collect()),
        agenda: Some(agenda(board)),
        ..ReviewEdit::default()
    });
    let started = session.try_dispatch(Command::StartReview(review));
    match (started, session.open.get_untracked()) {
        (Ok(changes), Some(board)) => {
            if let Some(first) = changes.first() {
                let screen = Screen::Review(ReviewId(first.id));
                services
                    .navigation
                    .go
                    .run((Route::Board(board, screen), false));
            }
        }
        (Err(refusal), _) => session.notices.refuse(&refusal),
        _ => {}
    }
}

/// All reviews, and the button that starts one.
#[component]
pub fn ReviewsPage(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let ids = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            let meetings = board.reviews().rev();
            meetings.map(|meeting| meeting.id.0).collect::<Vec<_>>()
        })
    });
    let start = move |_| {
        let viewpoint = session.viewpoint_untracked();
        start_review(session, services, |board| first_agenda(board, viewpoint));
    };
    let line = move |id| review_line(session, ReviewId(id));
    view! {
        <div class="page narrow">
            <div class="panel-head">
                <h1>{t!("Reviews")}</h1>
                <span class="actions">
                    <a class="button" href=href(session, Screen::Scores)>{t!("Outcomes and calibration")}</a>
                    <button class="primary" on:click=start>{t!("Start a review")}</button>
                </span>
            </div>
            <p class="soft">{t!("See what changed and what is due, go through the cruxes one by one, estimate blind, and record a decision. Everything is part of the board, so people elsewhere can take part when their boards sync.")}</p>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="empty">{t!("No reviews yet.")}</p>
            </Show>
            <ul class="panel items reviews"><For each=move || ids.get() key=|id| *id let(id)>{line(id)}</For></ul>
        </div>
    }
}

fn review_line(session: Session, id: ReviewId) -> AnyView {
    let state = move || {
        session.read(RecordRef::Board, |board| {
            let meeting = board.review(id)?;
            let state = if meeting.closed().is_some() { t!("state" => "closed") } else { t!("state" => "open") };
            let count = tn!(meeting.agenda.len(), "{count} crux", "{count} cruxes");
            Some(view! { <span class="badge" translate="no">{state}</span> " " <span class="soft">{count}</span> })
        })
    };
    let day = move || review_name(session, id);
    view! {
        <li>
            <span>
                <a class="headline" href=href(session, Screen::Review(id))>
                    {t_view!("Review of {day}", day = live(day))}
                </a>
                " "
                {live(state)}
            </span>
        </li>
    }
    .into_any()
}

/// Returns the suggested agenda, or the whole board if nothing is pressing.
fn first_agenda(board: &Board, viewpoint: Viewpoint) -> Vec<AgendaItem> {
    let proposed = suggest_agenda(board, last_review(board), viewpoint);
    let mut cruxes: Vec<_> = proposed.into_iter().map(|one| one.crux).collect();
    if cruxes.is_empty() {
        let open = board.cruxes().into_iter();
        cruxes = open
            .filter(|crux| crux.stage() == cruxboard_domain::record::Stage::Open)
            .map(|crux| crux.id)
            .collect();
    }
    let item = |crux| AgendaItem {
        crux,
        minutes: FIRST_MINUTES,
    };
    cruxes.into_iter().map(item).collect()
}

/// Returns the day of a review, and its time if there is another one on that day. Follows the reviews.
fn review_name(session: Session, id: ReviewId) -> String {
    let now = session.now.get_untracked();
    session.read(RecordRef::Board, |board| review_day(board, id, now))
}

#[component]
fn Gone(session: Session) -> impl IntoView {
    view! {
        <div class="empty">
            <h1>{t!("There is no such review on this board")}</h1>
            <p>{t!("It may not have arrived yet, or it was undone.")}</p>
            <a class="button" href=href(session, Screen::Reviews)>{t!("All reviews")}</a>
        </div>
    }
}
