//! Ages, days and weights follow the wall clock, even on a board whose stamps are ahead of it.

use std::time::Duration;

use crate::desk::{DAY, DEVICE, Desk, MILLI, NOW};
use cruxboard_domain::backup::Backup;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, CredenceStated, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::document::Document;
use cruxboard_domain::due::{DueKind, due};
use cruxboard_domain::estimate::{estimate, steps};
use cruxboard_domain::id::Replica;
use cruxboard_domain::import::csv::credences_csv;
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::*;
use cruxboard_domain::score::scores;
use cruxboard_domain::snapshot::{SnapshotRequest, take};
use cruxboard_domain::sync::set_aside_in_words;
use cruxboard_domain::{BoardId, ChangeId, Millis};
use proptest::prelude::*;

/// Adds a change by a device whose clock is ahead by this many days.
fn is_ahead_by(desk: &mut Desk, days: u32) {
    let far = Change {
        id: ChangeId::new(desk.now + DAY * days, 0, Replica::new(9, 9)),
        by: None,
        part_of: None,
        payload: Payload::BoardDescribed(Box::new(BoardInfoEdit {
            about: Some("from ahead".into()),
            ..BoardInfoEdit::default()
        })),
    };
    desk.take(&[far]);
}

fn settles(desk: &mut Desk, crux: CruxId) {
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(Stage::SettledTrue)),
            stage_reason: Some("seen".into()),
            ..CruxEdit::default()
        },
    );
}

#[test]
fn the_wall_clock_is_stored_only_where_the_stamp_is_ahead_of_it() {
    let beside = |stamp: Millis, clock: Millis| {
        CredenceStated::wall_clock_beside(ChangeId::new(stamp, 0, Replica::default()), clock)
    };
    for (ahead, is_stored) in [
        (Duration::ZERO, false),
        (Duration::from_secs(60), false),
        (Duration::from_millis(60_001), true),
        (20 * DAY, true),
    ] {
        let expected = is_stored.then_some(NOW);
        assert_eq!(beside(NOW + ahead, NOW), expected, "{ahead:?}");
    }
    // A clock that was never set is ignored.
    assert_eq!(beside(NOW, Millis(0)), None);
    assert_eq!(beside(NOW, Millis(946_684_800_000)), None);
}

#[test]
fn ages_and_days_of_credences_follow_the_wall_clock_after_a_change_from_ahead() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    is_ahead_by(&mut desk, 29);
    for (days, percent) in [(0, 20.0), (10, 40.0), (10, 60.0)] {
        desk.days_pass(days);
        desk.states(crux, "Ann", percent);
        let views = desk.board.current_views(crux, desk.now);
        assert_eq!(views[0].statement.credence.percent(), percent);
        assert_eq!(views[0].statement.at, desk.now);
    }
    let when: Vec<Millis> = steps(&desk.board, crux)
        .iter()
        .map(|step| step.at)
        .collect();
    assert_eq!(when, [NOW, NOW + 10 * DAY, NOW + 20 * DAY]);
    assert!(credences_csv(&desk.board).contains("2026-12-03T09:00:00Z"));
    let stale_days = desk.board.info().stale_days();
    let stale = |desk: &Desk| {
        let all = due(&desk.board, Now::utc(desk.now)).into_iter();
        all.filter(|item| item.kind == DueKind::Stale).count()
    };
    desk.days_pass(stale_days);
    assert_eq!(stale(&desk), 0);
    desk.now += MILLI;
    assert_eq!(stale(&desk), 1);
}

#[test]
fn a_device_whose_clock_is_behind_replaces_the_credence_it_saw_and_its_person_keeps_their_order() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 20.0);
    desk.days_pass(5);
    desk.states(crux, "Bob", 50.0);
    desk.states(crux, "Ann", 40.0);
    // Ann's other device has all these changes, and a clock two days behind.
    desk.now -= 2 * DAY;
    desk.states(crux, "Ann", 60.0);
    let ann = desk.person("Ann");
    let views = desk.board.current_views(crux, desk.now);
    let hers = views
        .iter()
        .find(|view| view.statement.person == ann)
        .unwrap();
    assert_eq!(hers.statement.credence.percent(), 60.0);
    // The statement does not begin earlier than the one that it replaces.
    assert_eq!(hers.statement.at, NOW + 5 * DAY);
    let steps = steps(&desk.board, crux);
    let of_ann: Vec<(Millis, f64)> = steps
        .iter()
        .filter(|step| step.person == ann)
        .map(|step| (step.at, step.credence.percent()))
        .collect();
    let fifth_day = NOW + 5 * DAY;
    assert_eq!(of_ann, [(NOW, 20.0), (fifth_day, 40.0), (fifth_day, 60.0)]);
    assert!(steps.is_sorted_by_key(|step| step.at));
    // The chart ends with the estimate on the screen.
    let now = estimate(&desk.board, &views, true).unwrap();
    assert_eq!(steps.last().unwrap().estimate, now);
    // A board made from a snapshot has that estimate too.
    let taken = take(
        &desk.board,
        BoardId::default(),
        &SnapshotRequest::default(),
        desk.now,
    );
    let seen: Board = taken
        .snapshot
        .changes
        .into_iter()
        .map(Entry::from)
        .collect();
    let views = seen.current_views(seen.cruxes()[0].id, desk.now);
    assert_eq!(estimate(&seen, &views, true).unwrap(), now);
}

#[test]
fn scores_weigh_credences_by_the_wall_clock() {
    let told = |is_ahead: bool| {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        if is_ahead {
            is_ahead_by(&mut desk, 29);
        }
        desk.states(crux, "Ann", 20.0);
        desk.days_pass(10);
        desk.states(crux, "Ann", 70.0);
        desk.days_pass(10);
        settles(&mut desk, crux);
        let score = scores(&desk.board)[0].weighted.brier;
        (score * 100.0).round() / 100.0
    };
    // Ten days at 20% (0.64), then ten days and the rest of the day of settling at 70% (0.09).
    assert_eq!(told(false), 0.37);
    assert!((told(true) - 0.37).abs() <= 0.02, "{}", told(true));
}

#[test]
fn a_change_of_a_file_or_backup_that_is_dated_far_ahead_is_set_aside_with_a_word() {
    let mut desk = Desk::new();
    is_ahead_by(&mut desk, 30);
    let held = desk.board.log().len();
    desk.now += MILLI;
    is_ahead_by(&mut desk, 31);
    let text = Document::to_json(BoardId::default(), desk.board.log());
    let mut document = Document::from_json(&text).unwrap();
    assert_eq!(document.set_aside_ahead(NOW), 1);
    assert_eq!(document.entries.len(), held);
    assert_eq!(document.set_aside_ahead(NOW), 0);

    let boards = [(BoardId::default(), desk.board.clone())].into();
    let text = Backup::to_json(&boards, &Default::default(), &Default::default());
    let mut backup = Backup::from_json(&text).unwrap();
    assert_eq!(backup.set_aside_ahead(NOW), 1);
    assert_eq!(backup.boards[0].entries.len(), held);
    // With a clock that is years behind, a board would have no changes left, so none is made.
    assert_eq!(backup.set_aside_ahead(Millis(0)), held);
    assert!(backup.boards.is_empty());

    assert_eq!(set_aside_in_words(0), None);
    for (count, words) in [
        (1, "1 change in this file is dated more than 30 days ahead"),
        (
            2,
            "2 changes in this file are dated more than 30 days ahead",
        ),
    ] {
        assert!(set_aside_in_words(count).unwrap().starts_with(words));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_clocks_show_boards_merge_alike_and_nobody_s_order_turns(
        steps_taken in prop::collection::vec((0..3_u8, 0..80_u64, 0..60_u32, 0..3_u8), 1..20),
        order in any::<prop::sample::Index>(),
    ) {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        for (kind, percent, days, who) in steps_taken {
            // Clocks of several devices, each showing a different time.
            desk.now = NOW - 20 * DAY + DAY * days;
            match kind {
                0 if who == 0 => is_ahead_by(&mut desk, days),
                0 => {
                    let person = desk.person("Ann");
                    desk.try_do(Command::Reaffirm { crux, person }).ok();
                }
                _ => {
                    desk.states(crux, if who == 0 { "Ann" } else { "Bob" }, percent as f64);
                }
            }
        }
        let entries: Vec<Entry> = desk.board.log().entries().cloned().collect();
        let mut turned = entries.clone();
        turned.rotate_left(order.index(entries.len()));
        let mut other = Board::default();
        for entry in turned.iter().rev().chain(&entries) {
            // The entry goes through the text in which it is stored and sent.
            other.apply_entry(Entry::from_json(&entry.to_json()).unwrap());
        }
        prop_assert_eq!(&other, &desk.board);
        let timeline = desk.board.timeline(crux);
        prop_assert!(timeline.is_sorted_by_key(|(held, _)| *held));
        for name in ["Ann", "Bob"] {
            let person = desk.person(name);
            let statements = desk.board.statements_on(crux).into_iter();
            let by_order: Vec<StatementId> =
                statements.filter(|said| said.person == person).map(|said| said.id).collect();
            let by_time: Vec<StatementId> = timeline
                .iter()
                .filter(|(_, (said, _))| said.person == person)
                .map(|(_, (said, _))| said.id)
                .collect();
            prop_assert_eq!(by_order, by_time);
        }
        prop_assert_eq!(desk.undo, cruxboard_domain::undo::UndoStack::of(desk.board.log(), DEVICE));
    }
}
