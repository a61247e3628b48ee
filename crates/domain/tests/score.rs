//! How good credences were.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod desk;

use cruxboard_domain::record::*;
use cruxboard_domain::score::{ENOUGH, calibration, scores};
use desk::Desk;

fn settle(desk: &mut Desk, crux: CruxId, stage: Stage) {
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(stage)),
            stage_reason: Some("clear now".into()),
            ..CruxEdit::default()
        },
    );
}

#[test]
fn the_last_word_and_the_whole_time_are_scored_beside_the_group() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 80.0);
    assert_eq!(scores(&desk.board), []);
    desk.days_pass(30);
    desk.states(crux, "Ann", 70.0);
    desk.days_pass(10);
    settle(&mut desk, crux, Stage::SettledTrue);
    // What is said once it is settled counts no more.
    desk.states(crux, "Ann", 100.0);
    let all = scores(&desk.board);
    let who: Vec<_> = all.iter().map(|score| score.person).collect();
    assert_eq!(
        who,
        [None, Some(desk.person("Ann")), Some(desk.person("Bob"))]
    );
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    near(all[1].last.brier, 0.09);
    // 30 days at 20 % (0.64), 10 days at 70 % (0.09).
    near(all[1].weighted.brier, (30.0 * 0.64 + 10.0 * 0.09) / 40.0);
    near(all[2].last.brier, 0.04);
    near(all[2].weighted.brier, 0.04);
    near(all[2].last.log, 0.8_f64.ln());
    assert!(all[0].weighted.brier > 0.04 && all[0].weighted.brier < all[1].weighted.brier);
    // Opened again it is scored no more.
    settle(&mut desk, crux, Stage::Open);
    assert_eq!(scores(&desk.board), []);
}

#[test]
fn calibration_waits_for_enough_settled_cruxes_and_says_how_many_are_missing() {
    let mut desk = Desk::new();
    let ann = desk.person("Ann");
    for number in 0..ENOUGH {
        assert_eq!(calibration(&desk.board, Some(ann)), Err(ENOUGH - number));
        let crux = desk.adds_crux(&format!("It is so {number}"));
        let (percent, stage) = match number {
            0 => (10.0, Stage::SettledTrue),
            1..5 => (10.0, Stage::SettledFalse),
            5 => (100.0, Stage::SettledFalse),
            _ => (90.0, Stage::SettledTrue),
        };
        desk.states(crux, "Ann", percent);
        desk.days_pass(1);
        settle(&mut desk, crux, stage);
    }
    let bins = calibration(&desk.board, Some(ann)).unwrap();
    let found: Vec<_> = bins
        .iter()
        .map(|bin| (bin.range, bin.said, bin.came_true, bin.count))
        .collect();
    assert_eq!(
        found,
        [((0, 20), 10.0, 20.0, 5), ((80, 100), 92.0, 80.0, 5)]
    );
    assert_eq!(
        calibration(&desk.board, Some(desk.person("Bob"))),
        Err(ENOUGH)
    );
}
