//! The end of a review: what is not recorded yet, the next date of its armed triggers, closing and reopening.

use std::sync::Arc;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::ReviewId;
use cruxboard_domain::trigger_review::{TriggersToReview, triggers_to_review};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::follow_meeting;
use super::stepper::go_to;
use super::trigger_line::next_review_draft;
use super::unrecorded::{Unrecorded, UnrecordedList, unrecorded};
use crate::component::{DateField, FieldErrors, live};
use crate::page::{Services, dispatch_from};
use crate::route::Screen;
use cruxboard_session::{Question, QuestionChoice, Session};

/// Closes an open review and shows `then`, if given; reopens a closed one.
#[component]
pub(super) fn Ending(
    session: Session,
    id: ReviewId,
    #[prop(optional_no_strip)] then: Option<Screen>,
) -> impl IntoView {
    let services = Services::from_context();
    let is_open = Memo::new(move |_| follow_meeting(session, id).closed().is_none());
    let reopen = move |_| {
        if session.dispatch(Command::ReopenReview(id)) {
            session.notices.told(t!("Review reopened"));
            services.navigation.begin_anew.run(());
        }
    };
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || view! {
                <p class="actions">
                    <span>{t!("This review is closed.")}</span>
                    <button on:click=reopen>{t!("Reopen")}</button>
                    <span class="soft">{t!("Reopening takes back what the review found of computed triggers. Closing it again finds it anew.")}</span>
                </p>
            }
        >
            <Closing session id then=then.clone() />
        </Show>
    }
}

/// The button that closes a review. It asks first while something is not recorded.
#[component]
fn Closing(session: Session, id: ReviewId, then: Option<Screen>) -> impl IntoView {
    let services = Services::from_context();
    let is_last = then.is_some();
    let all = unrecorded(session, id);
    let left = left(session, id);
    // The proposed date, until another one is chosen.
    let chosen = next_review_draft(session, id, "closing");
    let next = Signal::derive(move || {
        chosen
            .get()
            .or_else(|| left.with(|left| left.as_ref().map(|left| left.next)))
    });
    let errors = FieldErrors::provide();
    let close = move || {
        let command = match left.get_untracked().zip(next.get_untracked()) {
            Some((left, next)) => Command::CloseReviewOfTriggers {
                review: id,
                put_off: TriggersToReview { next, ..left },
            },
            None => Command::CloseReview(id),
        };
        if !dispatch_from(session, errors, command) {
            return;
        }
        chosen.set(None);
        match &then {
            Some(screen) => go_to(session, services, screen.clone()),
            None => services.navigation.begin_anew.run(()),
        }
    };
    let close = Callback::new(move |()| close());
    let press = move |_| match all.get_untracked() {
        none if none.is_empty() => close.run(()),
        all => ask_before_closing(session, &all, close),
    };
    let words = move || {
        let count = left.with(|left| left.as_ref().map_or(0, |left| left.triggers.len()));
        tn!(
            count,
            "{count} armed trigger of the agenda. Closing the review marks it as reviewed.",
            "{count} armed triggers of the agenda. Closing the review marks them as reviewed.",
        )
    };
    view! {
        <div class="actions ending">
            <Show when=move || left.with(Option::is_some)>
                <DateField
                    label=t!("Next review of armed triggers")
                    name="next"
                    is_due=true
                    value=next
                    on_commit=Callback::new(move |day| chosen.set(day))
                />
                <span class="soft">{live(words)}</span>
            </Show>
            <button class:primary=is_last on:click=press>{t!("Close the review")}</button>
        </div>
        // Below the button, which therefore does not move when a field is left by pressing it.
        <UnrecordedList session id all />
    }
}

/// Returns the armed triggers whose review date the review has still to move on.
pub(super) fn left(session: Session, id: ReviewId) -> Memo<Option<TriggersToReview>> {
    Memo::new(move |_| {
        let viewpoint = session.viewpoint();
        session.track(RecordRef::Board);
        session.read_all(|board| triggers_to_review(board, board.review(id)?, viewpoint))
    })
}

/// Asks whether to close a review although something is not recorded or a blind round is open.
fn ask_before_closing(session: Session, all: &[Unrecorded], close: Callback<()>) {
    let rounds = all.iter().filter(|one| one.is_round()).count();
    let has_drafts = rounds < all.len();
    let mut words: Vec<String> = all.iter().map(|one| format!("{}.", one.words)).collect();
    if rounds > 0 {
        words.push(t!("Answers stay sealed until their round is revealed.").into());
    }
    if has_drafts {
        words.push(
            t!("The minutes do not have what is not recorded. Drafts stay on this device.").into(),
        );
    }
    let (title, label) = if has_drafts {
        (
            tn!(
                all.len(),
                "{count} thing of this review not recorded",
                "{count} things of this review not recorded",
            ),
            t!("Close without recording"),
        )
    } else {
        (
            tn!(
                rounds,
                "{count} blind round of this review still open",
                "{count} blind rounds of this review still open",
            ),
            t!("Close without revealing"),
        )
    };
    session.notices.question.set(Some(Question {
        title,
        words,
        choices: vec![QuestionChoice {
            label: label.to_owned(),
            sample: String::new(),
            take: Arc::new(move || close.run(())),
        }],
    }));
}
