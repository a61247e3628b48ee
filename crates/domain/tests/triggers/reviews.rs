//! Reviews that count, and what they found.

use std::time::Duration;

use super::*;
use cruxboard_domain::Millis;
use cruxboard_domain::date::DAY;

#[test]
fn only_reviews_after_arming_with_the_crux_on_their_agenda_count() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is otherwise");
    for person in ["Ann", "Bob"] {
        desk.states(crux, person, 80.0);
    }
    // A review before the trigger was added, and one while it was a draft.
    holds_review(&mut desk, &[crux]);
    desk.days_pass(2);
    let trigger = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
        crux: Some(crux),
        rule: Some(Some(at_least(70.0, 1))),
        ..TriggerEdit::default()
    })));
    desk.days_pass(2);
    holds_review(&mut desk, &[crux]);
    desk.reviews();
    desk.days_pass(2);
    let set = TriggerEdit {
        armed: Some(true),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "").unwrap();
    assert_eq!(state(&desk, trigger), TriggerState::Near);
    // The trigger is armed, but the review does not go through its crux.
    holds_review(&mut desk, &[other]);
    holds_review(&mut desk, &[]);
    assert_eq!(state(&desk, trigger), TriggerState::Near);
    desk.days_pass(2);
    let counted = holds_review(&mut desk, &[other, crux]);
    assert_eq!(state(&desk, trigger), TriggerState::Met);
    let record = desk.board.trigger(trigger).unwrap();
    let found = counted_reviews(&desk.board, record);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].review, counted);
    let words = finding_words(record, &found[0], Now::utc(desk.now)).unwrap();
    assert!(words.ends_with("from 2 of 2 people: it held"), "{words}");
}

#[test]
fn two_reviews_held_now_within_a_day_are_one() {
    // The hours at which reviews are held, and whether each was closed with an agenda or only recorded.
    for (reviews, counted) in [
        (&[(0, false), (1, false)][..], 1),
        (&[(0, false), (23, false)], 1),
        (&[(0, false), (24, false)], 2),
        // The third review is a day after the first, which counted; the second did not.
        (&[(0, false), (20, false), (30, false)], 2),
        // A review that was only recorded, an hour from the meeting itself.
        (&[(0, true), (1, false)], 1),
        (&[(0, false), (1, true)], 1),
        // Two meetings with agendas count as two.
        (&[(0, true), (5, true)], 2),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 2));
        for person in ["Ann", "Bob"] {
            desk.states(crux, person, 80.0);
        }
        let start = desk.now;
        for (hour, has_agenda) in reviews {
            desk.now = start + HOUR * *hour;
            if *has_agenda {
                holds_review(&mut desk, &[crux]);
            } else {
                desk.reviews();
            }
        }
        let record = desk.board.trigger(trigger).unwrap();
        assert_eq!(
            counted_reviews(&desk.board, record).len(),
            counted,
            "{reviews:?}"
        );
        assert_eq!(desk.board.review_moments().len(), counted, "{reviews:?}");
        let is_met = state(&desk, trigger) == TriggerState::Met;
        assert_eq!(is_met, counted >= 2, "{reviews:?}");
    }
}

/// Tests a board whose review found 80 % with two people, after each kind of later action.
fn judged_at_a_review(afterwards: impl Fn(&mut Desk, CruxId, [StatementId; 2])) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 1));
    let said = ["Ann", "Bob"].map(|person| desk.states(crux, person, 80.0));
    desk.days_pass(1);
    holds_review(&mut desk, &[crux]);
    let found = |desk: &Desk| {
        let record = desk.board.trigger(trigger).unwrap();
        let found = counted_reviews(&desk.board, record).remove(0);
        (found.held, found.figure, found.people, found.of)
    };
    let before = found(&desk);
    assert!(before.0);
    desk.days_pass(1);
    afterwards(&mut desk, crux, said);
    assert_eq!(found(&desk), before);
    assert_eq!(state(&desk, trigger), TriggerState::Met);
    // The state is the same on every device, whatever the order in which changes arrive.
    let mut entries: Vec<Entry> = desk.board.log().entries().cloned().collect();
    entries.reverse();
    let mut other = cruxboard_domain::board::Board::default();
    for entry in entries {
        other.apply_entry(entry);
    }
    assert_eq!(other, desk.board);
}

#[test]
fn what_a_review_found_is_kept_whatever_comes_later() {
    judged_at_a_review(|_, _, _| {});
    judged_at_a_review(|desk, crux, _| {
        desk.states(crux, "Ann", 1.0);
    });
    judged_at_a_review(|desk, _, said| {
        desk.does(Command::Retract(vec![said[0].0]));
    });
    judged_at_a_review(|desk, _, said| {
        desk.does(Command::Redact(vec![said[0].0]));
    });
    judged_at_a_review(|desk, _, _| {
        let bob = desk.person("Bob");
        desk.does(Command::Trash(bob.0));
    });
    judged_at_a_review(|desk, _, _| adds_people(desk, &["Carol", "Dan", "Eve"]));
    // A credence that was stated before the review on an offline device, and was unknown at the review.
    judged_at_a_review(|desk, crux, _| {
        let bob = desk.person("Bob");
        arrives(
            desk,
            desk.now - DAY - HOUR,
            "Bob",
            stated(crux, bob, 1.0, None),
        );
    });
}

fn stated(crux: CruxId, person: PersonId, percent: f64, at: Option<Millis>) -> Payload {
    Payload::CredenceStated(Box::new(cruxboard_domain::change::CredenceStated {
        crux,
        person,
        credence: cruxboard_domain::Credence::clamped(percent),
        reason: String::new(),
        reason_salt: String::new(),
        evidence: Vec::new(),
        reaffirms: false,
        at,
        wall_clock: None,
    }))
}

#[test]
fn a_reveal_after_the_review_does_not_rewrite_it_and_marks_it() {
    for is_of_older_version in [false, true] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 1));
        for person in ["Ann", "Bob"] {
            desk.states(crux, person, 20.0);
        }
        desk.days_pass(1);
        let sealed = desk.now;
        desk.days_pass(1);
        if is_of_older_version {
            let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
                agenda: Some(vec![AgendaItem { crux, minutes: 0 }]),
                ..ReviewEdit::default()
            })));
            // An older version closed the review without recording the state of the triggers.
            let id = desk.clock.tick(desk.now);
            desk.take(&[Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::ReviewClosed(review),
            }]);
        } else {
            holds_review(&mut desk, &[crux]);
        }
        let found = |desk: &Desk| {
            let record = desk.board.trigger(trigger).unwrap();
            counted_reviews(&desk.board, record).remove(0)
        };
        let before = found(&desk);
        assert_eq!((before.held, before.people, before.late), (false, 2, 0));
        desk.days_pass(1);
        let (ann, at) = (desk.person("Ann"), desk.now);
        arrives(&mut desk, at, "Ann", stated(crux, ann, 99.0, Some(sealed)));
        let bob = desk.person("Bob");
        arrives(
            &mut desk,
            at + MILLI,
            "Bob",
            stated(crux, bob, 99.0, Some(sealed)),
        );
        let after = found(&desk);
        assert_eq!(
            (after.held, after.figure, after.people),
            (before.held, before.figure, before.people),
            "{is_of_older_version}"
        );
        assert_eq!(after.late, 2);
        assert_eq!(state(&desk, trigger), TriggerState::Near);
        let record = desk.board.trigger(trigger).unwrap();
        let words = finding_words(record, &after, Now::utc(desk.now)).unwrap();
        assert!(words.contains("2 credences dated before it"), "{words}");
    }
}

#[test]
fn a_changed_rule_or_quorum_is_counted_anew() {
    for set in [
        TriggerEdit {
            rule: Some(Some(at_least(60.0, 1))),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            quorum: Some(Some(2)),
            ..TriggerEdit::default()
        },
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 1));
        for person in ["Ann", "Bob"] {
            desk.states(crux, person, 80.0);
        }
        holds_review(&mut desk, &[crux]);
        assert_eq!(state(&desk, trigger), TriggerState::Met);
        desk.days_pass(1);
        desk.edits_trigger(trigger, set, "we agreed").unwrap();
        desk.judges(trigger, Verdict::Open);
        assert_eq!(state(&desk, trigger), TriggerState::Near);
        desk.days_pass(1);
        holds_review(&mut desk, &[crux]);
        assert_eq!(state(&desk, trigger), TriggerState::Met);
        // Disarming the trigger does not start the count anew without a reason.
        for armed in [false, true] {
            let set = TriggerEdit {
                armed: Some(armed),
                ..TriggerEdit::default()
            };
            desk.edits_trigger(trigger, set, "").unwrap();
        }
        assert_eq!(state(&desk, trigger), TriggerState::Met);
    }
}

#[test]
fn a_second_review_recorded_within_a_day_writes_down_no_second_findings() {
    let checks = |desk: &Desk| {
        let changes = desk.board.log().changes();
        changes
            .filter(|change| matches!(change.payload, Payload::TriggerChecked(_)))
            .count()
    };
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 1));
    for (later, expected) in [(Duration::ZERO, 1), (DAY - MILLI, 1), (MILLI, 2), (DAY, 3)] {
        desk.now += later;
        desk.reviews();
        assert_eq!(checks(&desk), expected, "{later:?}");
        let record = desk.board.trigger(trigger).unwrap();
        assert_eq!(counted_reviews(&desk.board, record).len(), expected);
    }
    // A trigger armed since then has not been checked yet.
    desk.now += Duration::from_secs(1);
    desk.adds_rule(crux, at_least(60.0, 1));
    desk.now += Duration::from_secs(1);
    desk.reviews();
    assert_eq!(checks(&desk), 4);
}

#[test]
fn a_review_closed_within_a_day_after_one_that_was_recorded_writes_down_no_second_findings() {
    for (later, expected) in [
        (DAY - Duration::from_secs(1), 1),
        (DAY + Duration::from_secs(1), 2),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 1));
        desk.reviews();
        desk.now += later;
        holds_review(&mut desk, &[crux]);
        let record = desk.board.trigger(trigger).unwrap();
        assert_eq!(record.checks.len(), expected, "{later:?}");
        assert_eq!(counted_reviews(&desk.board, record).len(), expected);
    }
}

#[test]
fn closing_a_review_is_undone_with_what_it_found_and_done_again_with_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let triggers = [70.0, 60.0].map(|percent| desk.adds_rule(crux, at_least(percent, 1)));
    for person in ["Ann", "Bob"] {
        desk.states(crux, person, 80.0);
    }
    let met = |desk: &Desk| triggers.map(|trigger| state(desk, trigger) == TriggerState::Met);
    let checks = |desk: &Desk| {
        let records = triggers.map(|trigger| desk.board.trigger(trigger).unwrap());
        records.map(|record| record.checks.len())
    };
    holds_review(&mut desk, &[crux]);
    assert_eq!((met(&desk), checks(&desk)), ([true; 2], [1; 2]));
    desk.undoes();
    assert_eq!((met(&desk), checks(&desk)), ([false; 2], [0; 2]));
    assert_eq!(
        desk.board
            .reviews()
            .filter(|one| one.closed().is_none())
            .count(),
        1
    );
    let again = desk.undo.next_redo().unwrap().0;
    desk.does(Command::Retract(again));
    assert_eq!((met(&desk), checks(&desk)), ([true; 2], [1; 2]));
}

#[test]
fn a_trigger_that_is_met_a_second_time_asks_for_another_decision() {
    for reviews in [0, 1] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, reviews));
        let say = |desk: &mut Desk, percent: f64| {
            desk.days_pass(2);
            for person in ["Ann", "Bob"] {
                desk.states(crux, person, percent);
            }
            if reviews > 0 {
                desk.days_pass(1);
                holds_review(desk, &[crux]);
            }
        };
        let waits = |desk: &Desk| {
            let items = due(&desk.board, Now::utc(desk.now));
            items.iter().any(|item| item.kind == DueKind::MetAction)
        };
        say(&mut desk, 80.0);
        assert!(waits(&desk), "{reviews}");
        let decision = DecisionEdit {
            option: Some(Some(desk.option("Continue"))),
            why: Some("in spite of it".into()),
            answers: Some(vec![trigger]),
            ..DecisionEdit::default()
        };
        desk.days_pass(1);
        desk.does(Command::RecordDecision {
            decision,
            actions: Vec::new(),
        });
        assert!(!waits(&desk), "{reviews}");
        // The trigger stays met, and the decision has dealt with that.
        say(&mut desk, 90.0);
        assert!(!waits(&desk), "{reviews}");
        say(&mut desk, 20.0);
        assert!(!waits(&desk), "{reviews}");
        say(&mut desk, 80.0);
        assert!(waits(&desk), "{reviews}");
    }
}
