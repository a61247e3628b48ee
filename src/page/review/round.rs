//! The screen of a blind round: who has answered, hand-over screens for a shared device, and the revealed
//! answers.

mod answers;
mod hand_over;
mod revealed;
mod table;

use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::record::{CruxId, PersonId, Record, ReviewId, Round, RoundId, Topic};
use cruxboard_domain::t;
use leptos::prelude::*;

use self::answers::Answers;
use self::hand_over::{Sealed, before_answering};
use self::revealed::Revealed;
use self::table::Table;
use super::Gone;
use super::step::crux_of;
use super::stepper::{Step, Stepper};
use super::time_spent::time_spent;
use crate::component::{Later, live};
use crate::page::{Services, href};
use crate::route::{AnalysisPart, Screen};
use cruxboard_session::Session;

/// The place of a shared device.
#[derive(Clone, Copy, PartialEq)]
enum Hands {
    /// On the table, where everybody may look.
    Table,
    /// Being handed to a person; the screen shows nothing private.
    HandingTo(PersonId),
    /// In a person's hands; nobody else may look.
    With(PersonId),
    /// Given back by a person who has answered.
    Back(PersonId),
}

/// The screen of a blind round. While the device is in a person's hands, nothing of the review is shown
/// around the round.
#[component]
pub fn RoundPage(session: Session, id: RoundId) -> impl IntoView {
    let hands = RwSignal::new(Hands::Table);
    let is_there = Memo::new(move |_| read_round(session, id, |_, _| ()).is_some());
    let is_closed = Memo::new(move |_| {
        read_round(session, id, |_, round| round.closing().is_some()) == Some(true)
    });
    let screen = move || match hands.get() {
        _ if is_closed.get() => {
            within_review(session, id, view! { <Revealed session id /> }.into_any())
        }
        Hands::Table => within_review(session, id, view! { <Table session id hands /> }.into_any()),
        Hands::HandingTo(person) => {
            count_time(session, id);
            in_hands(before_answering(session, person, hands))
        }
        // In a reactive owner of its own, so that the context provided by the form is removed with it.
        Hands::With(person) => {
            count_time(session, id);
            in_hands(live(move || view! { <Answers session id person hands /> }))
        }
        Hands::Back(person) => {
            count_time(session, id);
            in_hands(view! { <Sealed session id person hands /> }.into_any())
        }
    };
    // The pressed button is removed, so each new holder of the device starts at the top of the screen.
    let (services, later) = (Services::from_context(), Later::from_context());
    Effect::new(move |before: Option<(Hands, bool)>| {
        let at = (hands.get(), is_closed.get());
        if at.1 {
            session.drafts.unsealed.forget_round(id);
        }
        if before.is_some_and(|before| before != at) {
            // The next person is told nothing about the one before.
            if matches!(at.0, Hands::HandingTo(_) | Hands::With(_)) {
                session.notices.clear();
            }
            later.run(0, move || services.navigation.begin_anew.run(()));
        }
        at
    });
    view! {
        <Show when=move || is_there.get() fallback=move || view! { <Gone session /> }>
            {live(screen)}
        </Show>
    }
}

/// Returns the review of a round, and the step of it that the round belongs to.
fn step_of(session: Session, id: RoundId) -> Option<(ReviewId, Step)> {
    session.read_untracked(|board| {
        let round = board.round(id)?;
        Some((round.held_at?, Step::of_round(round)))
    })
}

/// Counts the time of a screen without the steps of the review, which count it otherwise.
fn count_time(session: Session, id: RoundId) {
    if let Some((review, at)) = step_of(session, id) {
        let _counts_alone = time_spent(session, review, at);
    }
}

/// Renders the round within the steps of its review.
fn within_review(session: Session, id: RoundId, round: AnyView) -> AnyView {
    match step_of(session, id) {
        Some((review, at)) => {
            let round = view! { <div class="round">{round}</div> };
            view! { <Stepper session id=review at>{round}</Stepper> }.into_any()
        }
        None => in_hands(round),
    }
}

/// Renders the round alone on the screen.
fn in_hands(round: AnyView) -> AnyView {
    view! { <div class="page narrow round">{round}</div> }.into_any()
}

fn read_round<T>(
    session: Session,
    id: RoundId,
    read: impl FnOnce(&Board, &Record<RoundId, Round>) -> T,
) -> Option<T> {
    session.read(RecordRef::Board, |board| {
        board.round(id).map(|round| read(board, round))
    })
}

pub(super) fn crux_name(board: &Board, crux: CruxId) -> String {
    board.crux(crux).map_or_else(
        || t!("Deleted crux").into(),
        |crux| crux.name().into_owned(),
    )
}

/// Returns the screen of a crux of a round: within the review, if the round is held at one.
fn crux_screen(review: Option<ReviewId>, crux: CruxId) -> Screen {
    match review {
        Some(review) => Screen::Walk(review, crux),
        None => Screen::Crux(crux),
    }
}

/// Returns the screen of the subject of a question.
fn topic_screen(review: Option<ReviewId>, topic: Topic) -> Screen {
    match crux_of(topic) {
        Some(crux) => crux_screen(review, crux),
        None => Screen::Analysis(AnalysisPart::Overview),
    }
}

/// Renders the link back to the step of the review from which the round was opened.
fn back_link(session: Session, round: &Round) -> Option<AnyView> {
    let to = Step::of_round(round).screen(round.held_at?);
    Some(
        view! { <a class="button" href=href(session, to)>{t!("Back to the review")}</a> }
            .into_any(),
    )
}
