//! Computed triggers, judges who disagree, and the state that snapshots and decisions rely on.

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload, TriggerJudged};
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::due::{DueKind, due};
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::format::{
    dispute_words, finding_words, goalpost_fields, measured_words, trigger_words,
};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Entry;
use cruxboard_domain::outcome::{OutcomeError, outcome};
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::link::{fold, unfold};
use cruxboard_domain::snapshot::{Snapshot, Wish, take};
use cruxboard_domain::trigger_state::{
    Measured, TriggerState, counted_reviews, measured, trigger_state,
};

use crate::desk::{DAY, Desk, at_least, full_trigger, judge};

const HOUR: u64 = DAY / 24;

fn view(desk: &Desk, with_stale: bool) -> Viewpoint {
    Viewpoint {
        now: Now::utc(desk.now),
        with_stale,
    }
}

fn state(desk: &Desk, trigger: TriggerId) -> TriggerState {
    let record = desk.board.trigger(trigger).unwrap();
    trigger_state(&desk.board, record, Now::utc(desk.now))
}

fn measure(desk: &Desk, trigger: TriggerId, with_stale: bool) -> Measured {
    let record = desk.board.trigger(trigger).unwrap();
    measured(&desk.board, record, view(desk, with_stale)).unwrap()
}

fn adds_people(desk: &mut Desk, names: &[&str]) {
    for name in names {
        desk.does(Command::AddPerson(PersonEdit {
            name: Some((*name).into()),
            ..PersonEdit::default()
        }));
    }
}

fn spread_of(points: f64, comparison: Comparison) -> CredenceRule {
    CredenceRule {
        measure: Measure::Spread,
        comparison,
        ..at_least(points, 0)
    }
}

/// A review with these cruxes on its agenda, started and closed.
fn holds_review(desk: &mut Desk, cruxes: &[CruxId]) -> ChangeId {
    let agenda = cruxes.iter().map(|crux| AgendaItem {
        crux: *crux,
        minutes: 0,
    });
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
        agenda: Some(agenda.collect()),
        ..ReviewEdit::default()
    })));
    desk.does(Command::CloseReview(review))
}

/// A change of another device, stamped at `at`.
fn arrives(desk: &mut Desk, at: u64, by: &str, payload: Payload) -> ChangeId {
    let mut clock = Clock::new(Replica::new(9, 9));
    let id = clock.tick(at);
    let by = Some(desk.person(by));
    desk.take(&[Change {
        id,
        by,
        part_of: None,
        payload,
    }]);
    id
}

fn judged(trigger: TriggerId, verdict: Verdict, settles: Vec<ChangeId>) -> Payload {
    Payload::TriggerJudged(Box::new(TriggerJudged {
        trigger,
        verdict,
        reason: "so it is".into(),
        evidence: Vec::new(),
        settles,
    }))
}

#[test]
fn a_computed_trigger_is_met_by_more_than_half_of_the_people_and_at_least_two() {
    for (more_people, said, own, expected) in [
        // Ann alone is one of two, and then of three.
        (0, 1, None, TriggerState::Near),
        (1, 1, None, TriggerState::Near),
        (0, 2, None, TriggerState::Met),
        (1, 2, None, TriggerState::Met),
        // Two of four are not more than half, three are.
        (2, 2, None, TriggerState::Near),
        (2, 3, None, TriggerState::Met),
        // Unless the trigger says otherwise.
        (1, 1, Some(1), TriggerState::Met),
        (1, 2, Some(3), TriggerState::Near),
        (1, 3, Some(3), TriggerState::Met),
        (0, 2, Some(9), TriggerState::Near),
    ] {
        let mut desk = Desk::new();
        adds_people(&mut desk, &["Carol", "Dan"][..more_people]);
        let crux = desk.adds_crux("It is so");
        let trigger = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
            crux: Some(crux),
            armed: Some(true),
            rule: Some(Some(at_least(70.0, 0))),
            quorum: own.map(Some),
            ..TriggerEdit::default()
        })));
        for person in &["Ann", "Bob", "Carol"][..said] {
            desk.states(crux, person, 90.0);
        }
        let case = format!("{said} of {} people, {own:?}", 2 + more_people);
        assert_eq!(state(&desk, trigger), expected, "{case}");
        let found = measure(&desk, trigger, true);
        assert_eq!((found.people, found.of), (said, 2 + more_people), "{case}");
    }
}

#[test]
fn one_person_is_said_before_they_call_a_decision() {
    let mut desk = Desk::new();
    adds_people(&mut desk, &["Carol"]);
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 0));
    desk.states(crux, "Ann", 90.0);
    let words = measured_words(&measure(&desk, trigger, true), true);
    assert!(
        words.starts_with("90") && words.contains("from 1 of 3 people; at least 2 are needed"),
        "{words}"
    );
}

#[test]
fn one_person_has_no_spread_whatever_quorum_the_trigger_has() {
    for comparison in [Comparison::AtLeast, Comparison::AtMost] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
            crux: Some(crux),
            armed: Some(true),
            rule: Some(Some(spread_of(0.0, comparison))),
            quorum: Some(Some(1)),
            ..TriggerEdit::default()
        })));
        desk.states(crux, "Ann", 90.0);
        assert_eq!(state(&desk, trigger), TriggerState::Armed, "{comparison:?}");
        assert_eq!(measure(&desk, trigger, true).figure, None);
        desk.states(crux, "Bob", 90.0);
        assert_eq!(state(&desk, trigger), TriggerState::Met, "{comparison:?}");
    }
}

#[test]
fn a_trigger_goes_by_the_figure_that_is_on_the_screen() {
    let mut desk = Desk::new();
    adds_people(&mut desk, &["Carol", "Dan"]);
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 0));
    for person in ["Ann", "Bob"] {
        desk.states(crux, person, 20.0);
    }
    desk.days_pass(200);
    for person in ["Carol", "Dan"] {
        desk.states(crux, person, 90.0);
    }
    for (with_stale, quorum, expected) in [
        (true, None, TriggerState::Armed),
        // Two of four are not enough, and the fresh ones are two.
        (false, None, TriggerState::Near),
        (false, Some(2), TriggerState::Met),
        (true, Some(2), TriggerState::Armed),
    ] {
        let set = TriggerEdit {
            quorum: Some(quorum),
            ..TriggerEdit::default()
        };
        desk.edits_trigger(trigger, set, "to try").unwrap();
        let views = desk.board.current_views(crux, desk.now);
        let shown = estimate(&views, with_stale).unwrap();
        let found = measure(&desk, trigger, with_stale);
        assert_eq!(found.figure, Some(shown.aggregate), "{with_stale}");
        assert_eq!(found.people, shown.count, "{with_stale}");
        let record = desk.board.trigger(trigger).unwrap();
        let stands = trigger_state(&desk.board, record, view(&desk, with_stale));
        assert_eq!(stands, expected, "{with_stale} {quorum:?}");
    }
}

#[test]
fn a_figure_just_below_the_value_reads_as_another_one_than_the_value() {
    for (third, figure, expected) in [
        (78.3, "69.96", TriggerState::Near),
        (78.4, "70", TriggerState::Met),
    ] {
        let mut desk = Desk::new();
        adds_people(&mut desk, &["Carol"]);
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 0));
        desk.states(crux, "Ann", 60.0);
        desk.states(crux, "Bob", 70.0);
        desk.states(crux, "Carol", third);
        assert_eq!(state(&desk, trigger), expected, "{third}");
        let words = measured_words(&measure(&desk, trigger, true), true);
        let number: String = words
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        assert_eq!(number.trim_end_matches(".00"), figure, "{words}");
    }
}

#[test]
fn only_reviews_after_arming_with_the_crux_on_their_agenda_count() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is otherwise");
    for person in ["Ann", "Bob"] {
        desk.states(crux, person, 80.0);
    }
    // Before it was there, and while it was a draft.
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
    // Armed, but the crux was not gone through.
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
    // Hours at which reviews are held: closed with an agenda, or only recorded.
    for (reviews, counted) in [
        (&[(0, false), (1, false)][..], 1),
        (&[(0, false), (23, false)], 1),
        (&[(0, false), (24, false)], 2),
        // The third is a day after the first, which counted.
        (&[(0, false), (20, false), (30, false)], 2),
        // Recorded beside the meeting itself.
        (&[(0, true), (1, false)], 1),
        (&[(0, false), (1, true)], 1),
        // Two meetings with agendas are two.
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
            desk.now = start + hour * HOUR;
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

/// A board whose review found 80 % of two people, and what happened to it afterwards.
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
    // The same on every device, whatever came first.
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
    // Stated before the review on a device that was away, which nobody at the review had heard of.
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

fn stated(crux: CruxId, person: PersonId, percent: f64, at: Option<u64>) -> Payload {
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
            // It closed the review and wrote nothing down of triggers.
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
            at + 1,
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
        // Disarming it is no way to begin anew without a reason.
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
fn a_computed_trigger_is_told_with_its_figure_beside_its_threshold() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let event = desk.adds_trigger(crux, "Wind down");
    let plain = desk.adds_rule(crux, at_least(70.0, 0));
    let named = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
        crux: Some(crux),
        armed: Some(true),
        observable: Some("we lean to yes".into()),
        rule: Some(Some(spread_of(30.0, Comparison::AtLeast))),
        ..TriggerEdit::default()
    })));
    let words = |desk: &Desk, trigger: TriggerId| {
        let record = desk.board.trigger(trigger).unwrap();
        trigger_words(&desk.board, record, view(desk, true))
    };
    assert!(words(&desk, plain).contains("now no figure yet from 0 of 2 people"));
    desk.states(crux, "Ann", 60.0);
    desk.states(crux, "Bob", 70.0);
    let needed = "from 2 of 2 people; at least 2 are needed";
    let rule = "aggregate at or above 70%";
    assert_eq!(words(&desk, plain), format!("{rule}: now 65% {needed}"));
    let rule = "spread at or above 30 points";
    let expected = format!("we lean to yes ({rule}): now 10 points {needed}");
    assert_eq!(words(&desk, named), expected);
    assert_eq!(words(&desk, event), "it is seen");
}

#[test]
fn a_met_computed_trigger_whose_rule_is_moved_is_disputed_until_settled() {
    let rule = |rule: CredenceRule| TriggerEdit {
        rule: Some(Some(rule)),
        ..TriggerEdit::default()
    };
    let below = CredenceRule {
        comparison: Comparison::AtMost,
        ..at_least(70.0, 0)
    };
    for reviews in [0, 1] {
        let moves = [
            rule(at_least(90.0, reviews)),
            rule(CredenceRule { reviews, ..below }),
            TriggerEdit {
                quorum: Some(Some(3)),
                ..TriggerEdit::default()
            },
        ];
        for set in moves {
            for (percent, disarms_first, is_answered) in [
                (80.0, false, false),
                (80.0, true, false),
                (80.0, false, true),
                (60.0, false, false),
            ] {
                let case = format!("{reviews} {set:?} {percent} {disarms_first} {is_answered}");
                let mut desk = Desk::new();
                let crux = desk.adds_crux("It is so");
                let trigger = desk.adds_rule(crux, at_least(70.0, reviews));
                for person in ["Ann", "Bob"] {
                    desk.states(crux, person, percent);
                }
                holds_review(&mut desk, &[crux]);
                let was_met = percent > 70.0;
                assert_eq!(
                    state(&desk, trigger) == TriggerState::Met,
                    was_met,
                    "{case}"
                );
                if is_answered {
                    desk.does(Command::RecordDecision(DecisionEdit {
                        option: Some(Some(desk.option("Continue"))),
                        why: Some("so".into()),
                        answers: Some(vec![trigger]),
                        ..DecisionEdit::default()
                    }));
                }
                if disarms_first {
                    let armed = TriggerEdit {
                        armed: Some(false),
                        ..TriggerEdit::default()
                    };
                    desk.edits_trigger(trigger, armed, "").unwrap();
                }
                let armed = TriggerEdit {
                    armed: Some(true),
                    ..set.clone()
                };
                desk.edits_trigger(trigger, armed, "we agreed").unwrap();
                let is_disputed = was_met && !is_answered;
                let after = state(&desk, trigger);
                assert_eq!(
                    after == TriggerState::Disputed,
                    is_disputed,
                    "{case}: {after:?}"
                );
                let record = desk.board.trigger(trigger).unwrap();
                let words = dispute_words(&desk.board, record);
                assert_eq!(words.is_some(), is_disputed, "{case}: {words:?}");
                // The same board by another way.
                let changes: Vec<_> = desk.board.log().changes().cloned().collect();
                let mut other = Board::default();
                for change in changes.into_iter().rev() {
                    other.apply(change);
                }
                assert_eq!(other, desk.board, "{case}");
                if is_disputed {
                    desk.judges(trigger, Verdict::Open);
                    assert_ne!(state(&desk, trigger), TriggerState::Disputed, "{case}");
                }
            }
        }
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
    for (later, expected) in [(0, 1), (DAY - 1, 1), (1, 2), (DAY, 3)] {
        desk.now += later;
        desk.reviews();
        assert_eq!(checks(&desk), expected, "{later}");
        let record = desk.board.trigger(trigger).unwrap();
        assert_eq!(counted_reviews(&desk.board, record).len(), expected);
    }
    // One that was armed since then has not been checked yet.
    desk.now += 1_000;
    desk.adds_rule(crux, at_least(60.0, 1));
    desk.now += 1_000;
    desk.reviews();
    assert_eq!(checks(&desk), 4);
}

#[test]
fn a_review_closed_within_a_day_after_one_that_was_recorded_writes_down_no_second_findings() {
    for (later, expected) in [(DAY - 1_000, 1), (DAY + 1_000, 2)] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(70.0, 1));
        desk.reviews();
        desk.now += later;
        holds_review(&mut desk, &[crux]);
        let record = desk.board.trigger(trigger).unwrap();
        assert_eq!(record.checks.len(), expected, "{later}");
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
            items.iter().any(|item| item.kind == DueKind::Met)
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
        desk.does(Command::RecordDecision(decision));
        assert!(!waits(&desk), "{reviews}");
        // It stays met, which the decision has answered.
        say(&mut desk, 90.0);
        assert!(!waits(&desk), "{reviews}");
        say(&mut desk, 20.0);
        assert!(!waits(&desk), "{reviews}");
        say(&mut desk, 80.0);
        assert!(waits(&desk), "{reviews}");
    }
}

#[test]
fn judges_who_disagree_make_a_trigger_disputed_until_somebody_settles_it() {
    use Verdict::{Met, Near, NotMet, Open, Void};
    for (verdicts, expected) in [
        // What was no verdict yet, or was taken back by its judge, is no disagreement.
        (&[("Ann", Near), ("Bob", Met)][..], TriggerState::Met),
        (&[("Ann", Open), ("Bob", NotMet)], TriggerState::NotMet),
        (&[("Ann", Void), ("Bob", Open)], TriggerState::Armed),
        (&[("Ann", Met), ("Bob", Met)], TriggerState::Met),
        (&[("Ann", Met), ("Ann", NotMet)], TriggerState::NotMet),
        (&[("Ann", Met), ("Bob", NotMet)], TriggerState::Disputed),
        (&[("Ann", Met), ("Bob", Near)], TriggerState::Disputed),
        (&[("Ann", NotMet), ("Bob", Open)], TriggerState::Disputed),
        (&[("Ann", Met), ("Bob", Void)], TriggerState::Disputed),
        (
            &[("Ann", Met), ("Bob", NotMet), ("Bob", Met)],
            TriggerState::Met,
        ),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_trigger(crux, "Wind down");
        for (hour, (by, verdict)) in verdicts.iter().enumerate() {
            let at = desk.now + hour as u64 * HOUR;
            arrives(&mut desk, at, by, judged(trigger, *verdict, Vec::new()));
        }
        desk.days_pass(1);
        assert_eq!(state(&desk, trigger), expected, "{verdicts:?}");
        let words = dispute_words(&desk.board, desk.board.trigger(trigger).unwrap());
        assert_eq!(
            words.is_some(),
            expected == TriggerState::Disputed,
            "{verdicts:?}"
        );
        if expected != TriggerState::Disputed {
            continue;
        }
        assert!(words.unwrap().contains("Ann: "), "both are named");
        // Whoever judges it then has seen that it is disputed, and settles it.
        for verdict in [Met, NotMet, Void, Near] {
            let mut settled = Desk::new();
            settled.board = desk.board.clone();
            settled.now = desk.now;
            settled.judges(trigger, verdict);
            let record = settled.board.trigger(trigger).unwrap();
            assert_eq!(record.dispute(), None, "{verdicts:?} {verdict:?}");
            assert_eq!(record.verdict(), Some(verdict), "{verdicts:?}");
            assert_eq!(record.judgements.len(), verdicts.len() + 1);
        }
    }
}

#[test]
fn two_devices_that_settle_a_dispute_differently_leave_it_disputed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let at = desk.now;
    let first = arrives(&mut desk, at, "Ann", judged(trigger, Verdict::Met, vec![]));
    let second = judged(trigger, Verdict::NotMet, vec![]);
    let second = arrives(&mut desk, at + HOUR, "Bob", second);
    let both = vec![first, second];
    let ann = judged(trigger, Verdict::Met, both.clone());
    arrives(&mut desk, at + 2 * HOUR, "Ann", ann);
    assert_eq!(state(&desk, trigger), TriggerState::Met);
    let bob = judged(trigger, Verdict::NotMet, both);
    arrives(&mut desk, at + 3 * HOUR, "Bob", bob);
    assert_eq!(state(&desk, trigger), TriggerState::Disputed);
    desk.days_pass(1);
    desk.judges(trigger, Verdict::NotMet);
    assert_eq!(state(&desk, trigger), TriggerState::NotMet);
}

#[test]
fn a_verdict_on_earlier_terms_is_disputed_until_somebody_settles_it() {
    let threshold = TriggerEdit {
        threshold: Some("thrice".into()),
        ..TriggerEdit::default()
    };
    let date = TriggerEdit {
        by_date: Some("2028-06-30".parse().ok()),
        ..TriggerEdit::default()
    };
    let observable = TriggerEdit {
        observable: Some("it is heard".into()),
        ..TriggerEdit::default()
    };
    let action = TriggerEdit {
        action: Some("wait".into()),
        ..TriggerEdit::default()
    };
    for (set, verdict, expected) in [
        (&threshold, Verdict::Met, TriggerState::Disputed),
        (&date, Verdict::NotMet, TriggerState::Disputed),
        (&observable, Verdict::Met, TriggerState::Disputed),
        // It was seen all the same.
        (&action, Verdict::Met, TriggerState::Met),
        // No verdict on the terms.
        (&threshold, Verdict::Near, TriggerState::Near),
        (&threshold, Verdict::Void, TriggerState::Void),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_trigger(crux, "Wind down");
        desk.judges(trigger, verdict);
        desk.edits_trigger(trigger, set.clone(), "we agreed")
            .unwrap();
        assert_eq!(state(&desk, trigger), expected, "{set:?} {verdict:?}");
        if expected == TriggerState::Disputed {
            let record = desk.board.trigger(trigger).unwrap();
            assert_eq!(record.dispute(), Some(Dispute::Terms));
            let shows = outcome(&desk.board, desk.board.crux(crux).unwrap());
            assert_eq!(
                shows,
                Err(OutcomeError::Open),
                "nothing rests on it meanwhile"
            );
            // Undone, the terms are those that were judged.
            desk.undoes();
            assert_eq!(desk.board.trigger(trigger).unwrap().dispute(), None);
            desk.edits_trigger(trigger, set.clone(), "we agreed")
                .unwrap();
            desk.judges(trigger, verdict);
            assert_eq!(desk.board.trigger(trigger).unwrap().dispute(), None);
            // Another judge on the new terms needs to settle nothing, even on an older version.
            desk.edits_trigger(trigger, action.clone(), "we agreed")
                .unwrap();
        }
    }
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    desk.judges(trigger, Verdict::Met);
    desk.edits_trigger(trigger, threshold, "we agreed").unwrap();
    let at = desk.now + HOUR;
    let other = judged(trigger, Verdict::NotMet, Vec::new());
    arrives(&mut desk, at, "Bob", other);
    assert_eq!(state(&desk, trigger), TriggerState::NotMet);
}

#[test]
fn what_was_said_of_a_draft_does_not_count_once_it_is_armed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        if_met: Some(Some(Shows::ClaimTrue)),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    assert_eq!(
        desk.refuses(judge(trigger, Verdict::Met, "so it is")),
        CommandError::DraftJudged
    );
    // An older version let it be judged.
    let at = desk.now + 1;
    arrives(&mut desk, at, "Ann", judged(trigger, Verdict::Met, vec![]));
    assert_eq!(state(&desk, trigger), TriggerState::Draft);
    desk.days_pass(1);
    let armed = |armed| TriggerEdit {
        armed: Some(armed),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, armed(true), "").unwrap();
    assert_eq!(state(&desk, trigger), TriggerState::Armed);
    let shows = outcome(&desk.board, desk.board.crux(crux).unwrap());
    assert_eq!(shows, Err(OutcomeError::Open));
    assert_eq!(desk.board.trigger(trigger).unwrap().judgements.len(), 1);
    // What was said of the armed one stays said, also when it is disarmed and armed again.
    desk.judges(trigger, Verdict::Met);
    desk.edits_trigger(trigger, armed(false), "").unwrap();
    desk.edits_trigger(trigger, armed(true), "").unwrap();
    assert_eq!(state(&desk, trigger), TriggerState::Met);
}

#[test]
fn a_moved_option_is_told_by_its_name() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let set = TriggerEdit {
        toward: Some(Some(desk.option("Continue"))),
        judge: Some("Bob".into()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "it says more for it")
        .unwrap();
    let moved = &desk.board.trigger(trigger).unwrap().goalposts[0];
    let text = |text: &str| text.to_owned();
    assert_eq!(
        goalpost_fields(&desk.board, moved),
        [
            (text("option"), text("Wind down"), text("Continue")),
            (text("judge"), text("Ann"), text("Bob")),
        ]
    );
}

/// A board with a trigger in each state that a snapshot could lose, and the same read back from a
/// link and a file.
#[test]
fn a_snapshot_shows_each_trigger_as_the_board_does() {
    let mut desk = Desk::new();
    adds_people(&mut desk, &["Carol"]);
    let reviewed = desk.adds_crux("It was gone through");
    let left_out = desk.adds_crux("It was not");
    let fresh = desk.adds_crux("It is stale in part");
    let event = desk.adds_crux("It is watched");
    for crux in [reviewed, left_out] {
        for person in ["Ann", "Bob"] {
            desk.states(crux, person, 80.0);
        }
    }
    for person in ["Ann", "Bob"] {
        desk.states(fresh, person, 5.0);
    }
    desk.days_pass(200);
    let by_reviews = desk.adds_rule(reviewed, at_least(70.0, 2));
    let not_reviewed = desk.adds_rule(left_out, at_least(70.0, 2));
    for _ in 0..2 {
        desk.days_pass(2);
        holds_review(&mut desk, &[reviewed]);
    }
    desk.states(fresh, "Carol", 90.0);
    let alone = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
        crux: Some(fresh),
        armed: Some(true),
        rule: Some(Some(at_least(70.0, 0))),
        quorum: Some(Some(1)),
        ..TriggerEdit::default()
    })));
    let by_half = desk.adds_rule(fresh, at_least(70.0, 0));
    let terms = desk.adds_trigger(event, "Wind down");
    desk.judges(terms, Verdict::Met);
    let set = TriggerEdit {
        threshold: Some("thrice".into()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(terms, set, "we agreed").unwrap();
    let settled = desk.adds_trigger(event, "Continue");
    let at = desk.now + HOUR;
    arrives(&mut desk, at, "Ann", judged(settled, Verdict::Met, vec![]));
    let other = judged(settled, Verdict::NotMet, vec![]);
    arrives(&mut desk, at + 1, "Bob", other);
    desk.days_pass(1);
    desk.judges(settled, Verdict::NotMet);

    for with_stale in [true, false] {
        let expected: Vec<TriggerState> = desk
            .board
            .cruxes()
            .iter()
            .flat_map(|crux| desk.board.triggers_of(crux.id))
            .map(|trigger| trigger_state(&desk.board, trigger, view(&desk, with_stale)))
            .collect();
        let of = |trigger: TriggerId| {
            let record = desk.board.trigger(trigger).unwrap();
            trigger_state(&desk.board, record, view(&desk, with_stale))
        };
        // Each of them is what makes the case worth looking at.
        assert_eq!(of(by_reviews), TriggerState::Met);
        // Its credences are all stale.
        assert_eq!(of(not_reviewed) == TriggerState::Near, with_stale);
        assert_eq!(of(alone) == TriggerState::Met, !with_stale);
        assert_ne!(of(by_half), TriggerState::Met);
        assert_eq!(of(terms), TriggerState::Disputed);
        assert_eq!(of(settled), TriggerState::NotMet);
        let wish = Wish {
            with_stale,
            ..Wish::default()
        };
        let id = desk.board.log().entries().next().unwrap().id();
        let taken = take(&desk.board, id, &wish, desk.now).snapshot;
        for snapshot in [
            taken.clone(),
            unfold(&fold(&taken)).unwrap(),
            from_file(&taken),
        ] {
            assert_eq!(snapshot, taken);
            let shown: Vec<TriggerState> = snapshot
                .reading()
                .cruxes
                .iter()
                .flat_map(|crux| crux.triggers.iter().map(|trigger| trigger.state))
                .collect();
            assert_eq!(shown, expected, "{with_stale}");
        }
        let reading = taken.reading();
        let views = desk.board.current_views(fresh, desk.now);
        assert_eq!(reading.cruxes[2].estimate, estimate(&views, with_stale));
        // When the board was gone through goes too.
        assert_eq!(taken.board().recorded_reviews().count(), 2);
    }
}

fn from_file(snapshot: &Snapshot) -> Snapshot {
    match SnapshotFile::from_json(&snapshot.to_json()).unwrap() {
        SnapshotFile::Open(snapshot) => *snapshot,
        other => panic!("{other:?}"),
    }
}
