//! States of triggers: event and computed triggers, goalposts.

use crate::desk::{Desk, NOW, at_least, edited, full_trigger, judge};
use cruxboard_domain::Credence;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::record::*;
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::{Filter, Sort, next_date, shown};

#[test]
fn an_event_trigger_stands_as_it_was_judged_last() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let draft = TriggerId(desk.does(Command::AddTrigger(draft)));
    assert_eq!(
        desk.refuses(judge(draft, Verdict::Met, "so it is")),
        CommandError::DraftJudged
    );
    let trigger = desk.adds_trigger(crux, "Wind down");
    let (before, on, after) = ("2026-11-23", "2027-06-30", "2027-07-01");
    for (trigger, verdict, states) in [
        (draft, None, [TriggerState::Draft; 3]),
        (
            trigger,
            None,
            [
                TriggerState::Armed,
                TriggerState::Armed,
                TriggerState::Undecided,
            ],
        ),
        // "Near" is not met, and a passed date decides nothing.
        (
            trigger,
            Some(Verdict::Near),
            [
                TriggerState::Near,
                TriggerState::Near,
                TriggerState::Undecided,
            ],
        ),
        (trigger, Some(Verdict::Met), [TriggerState::Met; 3]),
        (
            trigger,
            Some(Verdict::Disputed),
            [TriggerState::Disputed; 3],
        ),
        (trigger, Some(Verdict::NotMet), [TriggerState::NotMet; 3]),
        (trigger, Some(Verdict::Void), [TriggerState::Void; 3]),
        (
            trigger,
            Some(Verdict::Open),
            [
                TriggerState::Armed,
                TriggerState::Armed,
                TriggerState::Undecided,
            ],
        ),
    ] {
        if let Some(verdict) = verdict {
            desk.judges(trigger, verdict);
        }
        assert_eq!(
            [before, on, after].map(|day| desk.state_on(trigger, day)),
            states,
            "{verdict:?}"
        );
    }
    assert_eq!(desk.board.trigger(trigger).unwrap().judgements.len(), 6);
}

#[test]
fn a_crux_is_found_by_each_state_that_one_of_its_triggers_is_in() {
    let mut desk = Desk::new();
    let mut found = Vec::new();
    for (state, verdict) in [
        (TriggerState::Draft, None),
        (TriggerState::Armed, None),
        (TriggerState::Near, Some(Verdict::Near)),
        (TriggerState::Met, Some(Verdict::Met)),
        (TriggerState::NotMet, Some(Verdict::NotMet)),
        (TriggerState::Undecided, None),
        (TriggerState::Void, Some(Verdict::Void)),
        (TriggerState::Disputed, Some(Verdict::Disputed)),
    ] {
        let crux = desk.adds_crux(state.label());
        let trigger = TriggerEdit {
            armed: Some(state != TriggerState::Draft),
            // The desk begins on 23 November, so the day before has passed.
            by_date: (state == TriggerState::Undecided).then(|| "2026-11-22".parse().ok()),
            ..full_trigger(crux)
        };
        let trigger = TriggerId(desk.does(Command::AddTrigger(trigger)));
        if let Some(verdict) = verdict {
            desk.judges(trigger, verdict);
        }
        found.push((state, crux));
    }
    assert_eq!(found.len(), TriggerState::ALL.len());
    for (state, crux) in found {
        let mut filter = Filter::default();
        filter.toggle(cruxboard_domain::view::Facet::Trigger, state.key());
        let shown = shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true);
        assert_eq!(shown, [crux], "{}", state.label());
    }
}

#[test]
fn a_trigger_without_a_date_never_passes_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = TriggerEdit {
        by_date: None,
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(trigger)));
    assert_eq!(desk.state_on(trigger, "2999-01-01"), TriggerState::Armed);
}

#[test]
fn what_is_undecided_stays_open_until_somebody_voids_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Continue");
    let after = "2028-01-01";
    assert!(desk.state_on(trigger, after).is_open());
    let today: chrono::NaiveDate = after.parse().unwrap();
    let next = |desk: &Desk| next_date(&desk.board, desk.board.crux(crux).unwrap(), today);
    assert_eq!(
        next(&desk),
        Some(("2027-06-30".parse().unwrap(), "by-date"))
    );
    desk.judges(trigger, Verdict::Void);
    assert!(!desk.state_on(trigger, after).is_open());
    assert_eq!(next(&desk), None);
}

#[test]
fn a_credence_trigger_without_reviews_follows_the_numbers_at_once() {
    for (measure, comparison, value, credences, state) in [
        (
            Measure::Aggregate,
            Comparison::AtLeast,
            70.0,
            [70.0, 70.0],
            TriggerState::Met,
        ),
        (
            Measure::Aggregate,
            Comparison::AtLeast,
            70.0,
            [65.0, 65.0],
            TriggerState::Near,
        ),
        (
            Measure::Aggregate,
            Comparison::AtLeast,
            70.0,
            [64.99, 64.99],
            TriggerState::Armed,
        ),
        // A low credence is the side that stops the work.
        (
            Measure::Aggregate,
            Comparison::AtMost,
            30.0,
            [30.0, 30.0],
            TriggerState::Met,
        ),
        (
            Measure::Aggregate,
            Comparison::AtMost,
            30.0,
            [35.0, 35.0],
            TriggerState::Near,
        ),
        (
            Measure::Aggregate,
            Comparison::AtMost,
            30.0,
            [90.0, 90.0],
            TriggerState::Armed,
        ),
        (
            Measure::Spread,
            Comparison::AtLeast,
            40.0,
            [30.0, 70.0],
            TriggerState::Met,
        ),
        (
            Measure::Spread,
            Comparison::AtLeast,
            40.0,
            [30.0, 65.0],
            TriggerState::Near,
        ),
        (
            Measure::Spread,
            Comparison::AtLeast,
            40.0,
            [30.0, 30.0],
            TriggerState::Armed,
        ),
        (
            Measure::Spread,
            Comparison::AtMost,
            10.0,
            [30.0, 30.0],
            TriggerState::Met,
        ),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let rule = CredenceRule {
            measure,
            comparison,
            value: Credence::clamped(value),
            reviews: 0,
        };
        let trigger = desk.adds_rule(crux, rule);
        assert_eq!(
            desk.state_on(trigger, "2026-11-23"),
            TriggerState::Armed,
            "nobody has said anything"
        );
        desk.states(crux, "Ann", credences[0]);
        desk.states(crux, "Bob", credences[1]);
        assert_eq!(
            desk.state_on(trigger, "2026-11-23"),
            state,
            "{rule} {credences:?}"
        );
    }
}

#[test]
fn two_reviews_running_are_the_last_two_and_both_must_hold() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 2));
    let state = |desk: &Desk| desk.state_on(trigger, "2026-11-23");
    desk.reviews();
    desk.days_pass(1);
    desk.states(crux, "Bob", 80.0);
    desk.states(crux, "Ann", 80.0);
    assert_eq!(
        state(&desk),
        TriggerState::Near,
        "it holds, but no review has seen it"
    );
    desk.days_pass(1);
    desk.reviews();
    assert_eq!(state(&desk), TriggerState::Near, "one review has");
    desk.days_pass(1);
    desk.states(crux, "Ann", 10.0);
    desk.days_pass(1);
    desk.reviews();
    assert_eq!(state(&desk), TriggerState::Armed, "the run is broken");
    desk.days_pass(1);
    desk.states(crux, "Ann", 90.0);
    desk.days_pass(1);
    desk.reviews();
    desk.days_pass(1);
    let last = desk.reviews();
    assert_eq!(state(&desk), TriggerState::Met);
    desk.states(crux, "Ann", 10.0);
    assert_eq!(
        state(&desk),
        TriggerState::Met,
        "a meeting is called, whatever is said since"
    );
    desk.does(Command::Trash(last));
    assert_eq!(
        state(&desk),
        TriggerState::Armed,
        "a review in the trash was none"
    );
}

#[test]
fn a_credence_of_somebody_who_left_no_longer_counts() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 0));
    desk.does(Command::AddPerson(PersonEdit {
        name: Some("Carol".into()),
        ..PersonEdit::default()
    }));
    desk.states(crux, "Ann", 90.0);
    desk.states(crux, "Carol", 90.0);
    desk.states(crux, "Bob", 1.0);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Armed);
    let bob = desk.person("Bob");
    desk.does(Command::Trash(bob.0));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
}

#[test]
fn a_moved_goalpost_stays_in_sight_with_who_moved_it_and_why() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let ann = desk.person("Ann");
    let set = TriggerEdit {
        threshold: Some("thrice".into()),
        by_date: Some(None),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "twice is chance").unwrap();
    let back = TriggerEdit {
        threshold: Some("twice".into()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, back, "thrice was too much")
        .unwrap();
    let goalposts = &desk.board.trigger(trigger).unwrap().goalposts;
    assert_eq!(goalposts.len(), 2, "moving it back is a move too");
    assert_eq!(
        (goalposts[0].by, goalposts[0].reason.as_str()),
        (Some(ann), "twice is chance")
    );
    assert_eq!(
        goalposts[0].fields,
        [
            ("threshold", "twice".to_owned(), "thrice".to_owned()),
            ("by-date", "2027-06-30".to_owned(), "none".to_owned()),
        ]
    );
}

#[test]
fn disarming_a_trigger_first_hides_no_moved_goalpost() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    for set in [
        TriggerEdit {
            armed: Some(false),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            threshold: Some("thrice".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            armed: Some(true),
            ..TriggerEdit::default()
        },
    ] {
        let moves = set.threshold.is_some();
        if moves {
            let refused = desk.edits_trigger(trigger, set.clone(), "");
            assert_eq!(refused, Err(CommandError::GoalpostNeedsReason));
        }
        let why = if moves { "twice is chance" } else { "" };
        desk.edits_trigger(trigger, set, why).unwrap();
    }
    let goalposts = &desk.board.trigger(trigger).unwrap().goalposts;
    assert_eq!(goalposts.len(), 1);
    assert_eq!(goalposts[0].reason, "twice is chance");

    // A trigger that was first a draft is treated in the same way.
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    let edit = |armed, threshold: &str| TriggerEdit {
        armed: Some(armed),
        threshold: Some(threshold.into()),
        ..TriggerEdit::default()
    };
    for set in [
        edit(true, "once"),
        edit(false, "once"),
        edit(false, "never"),
    ] {
        desk.edits_trigger(trigger, set, "so it is").unwrap();
    }
    assert_eq!(desk.board.trigger(trigger).unwrap().goalposts.len(), 1);
}

#[test]
fn a_draft_has_no_goalposts_to_move() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    let set = TriggerEdit {
        threshold: Some("thrice".into()),
        armed: Some(true),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "").unwrap();
    assert!(desk.board.trigger(trigger).unwrap().goalposts.is_empty());
}

#[test]
fn an_earlier_edit_that_arrives_late_is_judged_by_what_stood_at_its_time() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    let late = Change {
        id: desk.clock.tick(desk.now),
        by: None,
        part_of: None,
        payload: Payload::TriggerEdited(Box::new(edited(
            trigger,
            TriggerEdit {
                threshold: Some("once".into()),
                ..Default::default()
            },
        ))),
    };
    desk.edits_trigger(
        trigger,
        TriggerEdit {
            armed: Some(true),
            ..Default::default()
        },
        "",
    )
    .unwrap();
    desk.take(&[late]);
    let trigger = desk.board.trigger(trigger).unwrap();
    assert_eq!(
        (
            trigger.threshold.as_str(),
            trigger.goalposts.len(),
            trigger.armed
        ),
        ("once", 0, true)
    );
}
