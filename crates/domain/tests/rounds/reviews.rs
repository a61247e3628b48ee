//! Reviews: notes, closing and reopening.

use std::time::Duration;

use super::*;

/// A desk with an open review of one crux, on which a computed trigger waits for the review.
struct Reviewing {
    desk: Desk,
    crux: CruxId,
    trigger: TriggerId,
    review: ReviewId,
}

impl Reviewing {
    fn new() -> Self {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 1));
        desk.states(crux, "Ann", 80.0);
        desk.states(crux, "Bob", 80.0);
        let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
            agenda: Some(vec![AgendaItem { crux, minutes: 0 }]),
            ..ReviewEdit::default()
        })));
        Self {
            desk,
            crux,
            trigger,
            review,
        }
    }
}

/// Applies a closing of the review that another device made a moment later.
fn closes_elsewhere(desk: &mut Desk, review: ReviewId) {
    desk.take(&[Change {
        id: ChangeId::new(desk.now + Duration::from_millis(5), 0, Replica::new(7, 7)),
        by: None,
        part_of: None,
        payload: Payload::ReviewClosed(review),
    }]);
}

#[test]
fn a_review_is_noted_and_closed_once_and_counts_for_computed_triggers_from_then_on() {
    let Reviewing {
        mut desk,
        crux,
        trigger,
        review,
    } = Reviewing::new();
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Near);
    desk.does(Command::NoteInReview(ReviewNoted {
        review,
        crux,
        text: "talked".into(),
        is_public: false,
    }));
    let closing = desk.does(Command::CloseReview(review));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
    assert_eq!(desk.board.review_moments(), [closing]);
    assert_eq!(
        desk.refuses(Command::CloseReview(review)),
        CommandError::ReviewClosed
    );
    // Two devices closed the review at once: it remains one review.
    closes_elsewhere(&mut desk, review);
    assert_eq!(desk.board.review_moments(), [closing]);
}

#[test]
fn a_reopened_review_takes_back_what_it_found_and_finds_it_anew_when_it_is_closed_again() {
    let Reviewing {
        mut desk,
        crux,
        trigger,
        review,
    } = Reviewing::new();
    assert_eq!(
        desk.refuses(Command::ReopenReview(review)),
        CommandError::NothingToDo
    );
    desk.does(Command::CloseReview(review));
    // Another device closed the review, too.
    closes_elsewhere(&mut desk, review);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
    desk.does(Command::ReopenReview(review));
    assert_eq!(desk.board.review_moments(), []);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Near);
    desk.does(Command::NoteInReview(ReviewNoted {
        review,
        crux,
        text: "one more thing".into(),
        is_public: false,
    }));
    let closing = desk.does(Command::CloseReview(review));
    assert_eq!(desk.board.review_moments(), [closing]);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
}
