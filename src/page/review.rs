//! Reviews: starting one, preparing it, walking through it, blind rounds and minutes.

mod apart;
mod meeting;
mod minutes;
mod round;
mod scores;
mod walk;

use cruxboard_domain::agenda::suggest_agenda;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::date::{Viewpoint, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::{AgendaItem, ReviewEdit, ReviewId};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

pub use self::meeting::ReviewPage;
pub use self::minutes::MinutesPage;
pub use self::round::RoundPage;
pub use self::scores::ScoresPage;
pub use self::walk::WalkPage;
use super::since::last_review;
use super::{Services, href};
use crate::component::live;
use crate::route::{Route, Screen};
use crate::session::Session;

/// How many minutes a crux gets at first.
pub(super) const FIRST_MINUTES: u16 = 10;

/// Starts a review with everybody and this agenda, and goes to it.
pub(super) fn start_review(
    session: Session,
    services: Services,
    agenda: impl FnOnce(&Board) -> Vec<AgendaItem>,
) {
    let review = session.with(|board| ReviewEdit {
        here: Some(board.people().map(|person| person.id).collect()),
        agenda: Some(agenda(board)),
        ..ReviewEdit::default()
    });
    let started = session.try_dispatch(Command::StartReview(review));
    match (started, session.open.get_untracked()) {
        (Ok(changes), Some(board)) => {
            if let Some(first) = changes.first() {
                let screen = Screen::Review(ReviewId(first.id));
                services.go.run((Route::Board(board, screen), false));
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
        session.follow(RecordRef::Board);
        session.with(|board| {
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
                <h1>"Reviews"</h1>
                <span class="actions">
                    <a class="button" href=href(session, Screen::Scores)>"Outcomes and calibration"</a>
                    <button class="primary" on:click=start>"Start a review"</button>
                </span>
            </div>
            <p class="soft">"See what changed and what is due, go through the cruxes one by one, estimate blind, and record a decision. Everything is part of the board, so people elsewhere can take part when their boards sync."</p>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="empty">"No reviews yet."</p>
            </Show>
            <ul class="panel items reviews"><For each=move || ids.get() key=|id| *id let(id)>{line(id)}</For></ul>
        </div>
    }
}

fn review_line(session: Session, id: ReviewId) -> AnyView {
    let state = move || {
        session.follow(RecordRef::Board);
        session.with(|board| {
            let meeting = board.review(id)?;
            let state = if meeting.closed().is_some() { "closed" } else { "open" };
            let count = counted(meeting.agenda.len(), "crux", "cruxes");
            Some(view! { <span class="badge" translate="no">{state}</span> " " <span class="soft">{count}</span> })
        })
    };
    let day = spelled(session.day_of(id.0.millis()));
    view! {
        <li>
            <span>
                <a class="headline" href=href(session, Screen::Review(id))>"Review of " {day}</a>
                " "
                {live(state)}
            </span>
        </li>
    }
    .into_any()
}

/// What is pressing; the whole board where nothing is.
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

#[component]
fn Gone(session: Session) -> impl IntoView {
    view! {
        <div class="empty">
            <h1>"There is no such review on this board"</h1>
            <p>"It may not have arrived yet, or it was undone."</p>
            <a class="button" href=href(session, Screen::Reviews)>"All reviews"</a>
        </div>
    }
}
