//! Computed triggers, judges who disagree, and the trigger states on which snapshots and decisions depend.

mod judges;
mod reviews;
mod rules;

use std::time::Duration;

use cruxboard_domain::board::Board;

use crate::desk::{Desk, MILLI, at_least, full_trigger, judge};
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
use cruxboard_domain::snapshot::{Snapshot, SnapshotRequest, take};
use cruxboard_domain::trigger_state::{
    Measured, TriggerState, counted_reviews, measured, trigger_state,
};
use cruxboard_domain::{BoardId, ChangeId, Millis};

const HOUR: Duration = Duration::from_secs(3_600);

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

/// Starts and closes a review with these cruxes on its agenda.
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

/// Applies a change of another device with the time `at`.
fn arrives(desk: &mut Desk, at: Millis, by: &str, payload: Payload) -> ChangeId {
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
        // Ann alone is one of two people, and then one of three.
        (0, 1, None, TriggerState::Near),
        (1, 1, None, TriggerState::Near),
        (0, 2, None, TriggerState::Met),
        (1, 2, None, TriggerState::Met),
        // Two of four people are not more than half; three are.
        (2, 2, None, TriggerState::Near),
        (2, 3, None, TriggerState::Met),
        // The trigger's own quorum takes precedence.
        (1, 2, Some(1), TriggerState::Met),
        // One person is no group, whatever the trigger's quorum.
        (1, 1, Some(1), TriggerState::Near),
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
        // Two of four people are not enough, and only two have fresh credences.
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
        let shown = estimate(&desk.board, &views, with_stale).unwrap();
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

/// Makes a board with a trigger in each state that a snapshot could lose, and compares it with the same board
/// read back from a link and a file.
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
    arrives(&mut desk, at + MILLI, "Bob", other);
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
        // The triggers are in the states that make this test meaningful.
        assert_eq!(of(by_reviews), TriggerState::Met);
        // All credences of the crux are stale.
        assert_eq!(of(not_reviewed) == TriggerState::Near, with_stale);
        // One person is no group, whatever the trigger's quorum.
        assert_ne!(of(alone), TriggerState::Met);
        assert_ne!(of(by_half), TriggerState::Met);
        assert_eq!(of(terms), TriggerState::Disputed);
        assert_eq!(of(settled), TriggerState::NotMet);
        let wish = SnapshotRequest {
            with_stale,
            ..SnapshotRequest::default()
        };
        let id = desk.board.log().entries().next().unwrap().id();
        let taken = take(&desk.board, BoardId(id), &wish, desk.now).snapshot;
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
        assert_eq!(
            reading.cruxes[2].estimate,
            estimate(&desk.board, &views, with_stale)
        );
        // A snapshot also contains the dates of the reviews.
        assert_eq!(taken.board().recorded_reviews().count(), 2);
    }
}

fn from_file(snapshot: &Snapshot) -> Snapshot {
    match SnapshotFile::from_json(&snapshot.to_json()).unwrap() {
        SnapshotFile::Open(snapshot) => *snapshot,
        other => panic!("{other:?}"),
    }
}
