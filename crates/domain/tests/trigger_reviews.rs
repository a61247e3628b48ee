//! The review dates of armed triggers, and what a met trigger asks for.

use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::due::{DueKind, due};
use cruxboard_domain::met_trigger::{answered_by, call_words};
use cruxboard_domain::record::*;
use cruxboard_domain::status::status_words;
use cruxboard_domain::summary::summary;
use cruxboard_domain::trigger_review::{
    TriggersToReview, next_review, review_order, triggers_to_review,
};
use cruxboard_domain::undo::describe;

use crate::desk::{Desk, at_least, full_trigger};

/// Adds an armed trigger with a review date.
fn adds_reviewed(desk: &mut Desk, crux: CruxId, day: Option<&str>) -> TriggerId {
    let trigger = TriggerEdit {
        review_on: day.map(|day| day.parse().ok()),
        ..full_trigger(crux)
    };
    TriggerId(desk.does(Command::AddTrigger(trigger)))
}

fn starts(desk: &mut Desk, cruxes: &[CruxId]) -> ReviewId {
    let item = |crux: &CruxId| AgendaItem {
        crux: *crux,
        minutes: 10,
    };
    ReviewId(desk.does(Command::StartReview(ReviewEdit {
        agenda: Some(cruxes.iter().map(item).collect()),
        ..ReviewEdit::default()
    })))
}

fn left(desk: &Desk, review: ReviewId) -> Option<TriggersToReview> {
    triggers_to_review(
        &desk.board,
        desk.board.review(review).unwrap(),
        Now::utc(desk.now),
    )
}

fn next_on(desk: &Desk, trigger: TriggerId) -> String {
    let trigger = desk.board.trigger(trigger).unwrap();
    next_review(&desk.board, trigger, Now::utc(desk.now)).to_string()
}

fn review_on(desk: &Desk, trigger: TriggerId) -> Option<String> {
    let trigger = desk.board.trigger(trigger).unwrap();
    trigger.review_on.map(|day| day.to_string())
}

#[test]
fn the_next_review_of_a_trigger_is_proposed_at_the_interval_before_or_in_three_months() {
    // The desk begins on 23 Nov 2026, and the review is 30 days later, on 23 Dec.
    for (day, next) in [
        (None, "2027-03-23"),
        (Some("2026-12-03"), "2027-01-02"),
        (Some("2027-02-21"), "2027-03-23"),
        // A date in the past has no interval.
        (Some("2026-11-01"), "2027-03-23"),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = adds_reviewed(&mut desk, crux, day);
        desk.days_pass(30);
        assert_eq!(next_on(&desk, trigger), next, "{day:?}");
    }
}

#[test]
fn closing_a_review_moves_the_review_dates_of_the_armed_triggers_on_its_agenda() {
    let mut desk = Desk::new();
    let [crux, other] = ["It is so", "It is not"].map(|claim| desk.adds_crux(claim));
    let due_now = adds_reviewed(&mut desk, crux, Some("2026-12-03"));
    let undated = adds_reviewed(&mut desk, crux, None);
    let met = adds_reviewed(&mut desk, crux, Some("2026-12-03"));
    let elsewhere = adds_reviewed(&mut desk, other, Some("2026-12-03"));
    let far = adds_reviewed(&mut desk, crux, Some("2028-01-01"));
    desk.judges(met, Verdict::Met);
    desk.days_pass(30);
    let review = starts(&mut desk, &[crux]);
    let found = left(&desk, review).unwrap();
    assert_eq!(found.triggers, [due_now]);
    assert_eq!(found.next.to_string(), "2027-01-02");
    let closing = Command::CloseReviewOfTriggers {
        review,
        put_off: found,
    };
    assert_eq!(describe(&desk.try_do(closing).unwrap()), "Review closed");
    assert!(desk.board.review(review).unwrap().closed().is_some());
    let dates = [due_now, undated, met, elsewhere, far].map(|it| review_on(&desk, it));
    assert_eq!(
        dates.each_ref().map(Option::as_deref),
        [
            Some("2027-01-02"),
            None,
            Some("2026-12-03"),
            Some("2026-12-03"),
            Some("2028-01-01")
        ]
    );
    // Only the far one could still be moved on, by its own interval.
    assert_eq!(left(&desk, review).unwrap().triggers, [far]);
    // One undo takes back the closing and the dates.
    desk.undoes();
    assert_eq!(desk.board.review(review).unwrap().closed(), None);
    assert_eq!(review_on(&desk, due_now).as_deref(), Some("2026-12-03"));
}

#[test]
fn a_trigger_that_was_reviewed_during_the_review_is_not_left_at_its_end() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let [first, second] = [(); 2].map(|()| adds_reviewed(&mut desk, crux, Some("2026-12-03")));
    desk.days_pass(30);
    let review = starts(&mut desk, &[crux]);
    assert_eq!(left(&desk, review).unwrap().triggers, [first, second]);
    let next = "2027-05-01".parse().unwrap();
    let put_off = |triggers: Vec<TriggerId>, next| {
        Command::ReviewTriggers(TriggersToReview { triggers, next })
    };
    desk.does(put_off(vec![first], next));
    assert_eq!(left(&desk, review).unwrap().triggers, [second]);
    assert_eq!(review_on(&desk, first).as_deref(), Some("2027-05-01"));
    // A later date stays, and a day that is not to come is refused.
    let sooner = "2027-04-01".parse().unwrap();
    assert_eq!(
        desk.refuses(put_off(vec![first], sooner)),
        CommandError::NothingToDo
    );
    let today = Now::utc(desk.now).today();
    assert_eq!(
        desk.refuses(put_off(vec![second], today)),
        CommandError::PastReview
    );
}

#[test]
fn a_review_shows_met_disputed_and_overdue_triggers_first_by_crux_and_armed_ones_apart() {
    let mut desk = Desk::new();
    let [a, b, c, off] = ["a", "b", "c", "off"].map(|claim| desk.adds_crux(claim));
    let armed = desk.adds_trigger(a, "Wind down");
    let void = desk.adds_trigger(a, "Wind down");
    let near = desk.adds_trigger(a, "Wind down");
    let goes_on = desk.adds_trigger(b, "Continue");
    let disputed = desk.adds_trigger(b, "Continue");
    let stops = desk.adds_trigger(c, "Wind down");
    let met_off = desk.adds_trigger(off, "Wind down");
    desk.adds_trigger(off, "Wind down");
    for (trigger, verdict) in [
        (void, Verdict::Void),
        (near, Verdict::Near),
        (goes_on, Verdict::Met),
        (disputed, Verdict::Disputed),
        (stops, Verdict::Met),
        (met_off, Verdict::Met),
    ] {
        desk.judges(trigger, verdict);
    }
    let agenda = [a, b, c].map(|crux| AgendaItem { crux, minutes: 10 });
    let order = review_order(&desk.board, &agenda, Now::utc(desk.now));
    assert_eq!(
        order.pressing,
        [
            (c, vec![stops]),
            (off, vec![met_off]),
            (b, vec![goes_on, disputed]),
            (a, vec![near]),
        ]
    );
    assert_eq!(order.armed, [(a, vec![armed])]);
    assert_eq!(order.others, [(a, vec![void])]);
}

#[test]
fn a_met_trigger_asks_for_its_own_action_unless_it_speaks_for_an_option_or_asks_for_a_decision() {
    let option = |desk: &Desk| Some(desk.option("Wind down"));
    for (speaks, action, kind, words) in [
        (
            true,
            "talk",
            DueKind::Met,
            "Met: hold a decision meeting. A trigger does not decide by itself.",
        ),
        (
            false,
            "Hold a decision meeting",
            DueKind::Met,
            "Met: hold a decision meeting. A trigger does not decide by itself.",
        ),
        (
            false,
            "Decide again",
            DueKind::Met,
            "Met: hold a decision meeting. A trigger does not decide by itself.",
        ),
        // Actions are written in the language of those who write them.
        (
            false,
            "Entscheidungsbesprechung einberufen",
            DueKind::Met,
            "Met: hold a decision meeting. A trigger does not decide by itself.",
        ),
        (
            false,
            "Neu entscheiden",
            DueKind::Met,
            "Met: hold a decision meeting. A trigger does not decide by itself.",
        ),
        (
            false,
            "Hold a double-crux talk",
            DueKind::MetAction,
            "Met: Hold a double-crux talk.",
        ),
        (false, "Ask Bob!", DueKind::MetAction, "Met: Ask Bob!"),
        (
            false,
            "",
            DueKind::MetAction,
            "Met: look at the crux again.",
        ),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let toward = Some(option(&desk).filter(|_| speaks));
        let trigger = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
            action: Some(action.into()),
            toward,
            ..full_trigger(crux)
        })));
        desk.judges(trigger, Verdict::Met);
        let now = Now::utc(desk.now);
        let kinds: Vec<_> = due(&desk.board, now).iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [kind], "{action}");
        let record = desk.board.trigger(trigger).unwrap();
        assert_eq!(call_words(&desk.board, record, now), words);
        let calls = match kind {
            DueKind::Met => "1 trigger is met and calls for a decision.",
            _ => "1 trigger is met and asks for an action.",
        };
        let status = status_words(&desk.board, &summary(&desk.board, now, true), now);
        assert!(status.contains(calls), "{action}: {status}");
    }
}

#[test]
fn a_met_trigger_says_which_decision_has_answered_it() {
    for is_computed in [false, true] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = match is_computed {
            true => desk.adds_rule(crux, at_least(70.0, 0)),
            false => desk.adds_trigger(crux, "Wind down"),
        };
        match is_computed {
            true => ["Ann", "Bob"]
                .map(|name| desk.states(crux, name, 80.0))
                .len(),
            false => {
                desk.judges(trigger, Verdict::Met);
                0
            }
        };
        let says = |desk: &Desk| {
            let record = desk.board.trigger(trigger).unwrap();
            call_words(&desk.board, record, Now::utc(desk.now))
        };
        assert!(!says(&desk).contains("answered"), "{is_computed}");
        desk.days_pass(7);
        let decision = DecisionEdit {
            option: Some(Some(desk.option("Continue"))),
            why: Some("in spite of it".into()),
            answers: Some(vec![trigger]),
            ..DecisionEdit::default()
        };
        desk.does(Command::RecordDecision {
            decision,
            actions: Vec::new(),
        });
        desk.days_pass(1);
        let answer = "Met, and answered by the decision of 30 Nov 2026.";
        assert_eq!(says(&desk), answer, "{is_computed}");
        let record = desk.board.trigger(trigger).unwrap();
        assert!(answered_by(&desk.board, record, Now::utc(desk.now)).is_some());
    }
}
