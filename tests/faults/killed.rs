//! The browser is killed, as by a power cut.

use std::{thread, time::Duration};

use super::{Dice, NUMBER, again_on, on_first_crux};
use crate::{
    example::CHANGES,
    harness::{Find as _, Page, is_long},
};

#[test]
fn nothing_is_lost_when_the_browser_is_killed_right_after_saved_shows() {
    let mut page = on_first_crux(Page::start(), "Red-teamer");
    let crux = page.fragment();
    for round in 1..=if is_long() { 50 } else { 20 } {
        page.state(40 + round);
        page.wait_saved();
        page = page.kill_and_restart();
        again_on(&page, &crux, "Red-teamer");
        page.field(NUMBER).wait_value(&(40 + round).to_string());
        assert_eq!(page.stored_count(), CHANGES + round, "after kill {round}");
    }
}

#[test]
fn a_kill_in_the_middle_of_writing_leaves_the_beginning_of_what_was_written() {
    let mut page = on_first_crux(Page::start(), "Red-teamer");
    let crux = page.fragment();
    let mut dice = Dice(7);
    let mut before = page.stored_ids();
    for round in 0..if is_long() { 30 } else { 8 } {
        page.begin_storm(400);
        // Some moment within the storm, another one each time.
        thread::sleep(Duration::from_millis(dice.roll(400) as u64));
        page = page.kill_and_restart();
        again_on(&page, &crux, "Red-teamer");
        let after = page.stored_ids();
        // Ids are in the order of time, and each edit says one more than the one before it.
        assert_eq!(after[..before.len()], before[..], "round {round}");
        let rows = page.stored("changes");
        let credences = rows[before.len()..].iter().filter_map(|(_, row)| {
            let (_, credence) = row.as_str()?.split_once("\"credence\":")?;
            credence.split([',', '}']).next()?.parse::<usize>().ok()
        });
        let credences: Vec<usize> = credences.collect();
        assert_eq!(credences.len(), after.len() - before.len(), "round {round}");
        for pair in credences.windows(2) {
            assert_eq!(pair[1], pair[0] % 97 + 1, "round {round}: {credences:?}");
        }
        before = after;
    }
}

#[test]
fn every_beginning_of_what_was_written_loads() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    page.state(61);
    page.wait_stored(CHANGES + 1);
    page.undo();
    page.wait_stored(CHANGES + 2);
    page.redo();
    page.wait_stored(CHANGES + 3);
    let rows = page.stored("changes");
    let board = page.fragment();
    let board = board.split("/crux").next().unwrap();
    page.leave();
    let step = if is_long() { 1 } else { 9 };
    for count in (1..=rows.len()).rev().step_by(step) {
        page.forget_mirror();
        let gone: Vec<_> = rows[count..]
            .iter()
            .map(|(key, _)| (key.clone(), serde_json::Value::Null))
            .collect();
        page.write_stored("changes", &gone);
        page.go(board);
        page.wait_saved();
        page.leave();
        assert_eq!(page.stored("changes"), rows[..count], "the first {count}");
        assert!(page.stored("set_aside").is_empty());
    }
}
