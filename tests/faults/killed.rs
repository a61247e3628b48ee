//! A browser that is killed, as by a power cut.

use std::{thread, time::Duration};

use super::{Dice, NUMBER, again_on, on_first_crux};
use crate::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup, is_long},
};

fn to_be_killed() -> Page {
    Setup::default().in_new_browser().start()
}

#[test]
fn nothing_is_lost_when_the_browser_is_killed_right_after_saved_shows() {
    let mut page = on_first_crux(to_be_killed(), "Red-teamer");
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
    let mut page = on_first_crux(to_be_killed(), "Red-teamer");
    let crux = page.fragment();
    let mut dice = Dice(7);
    let mut before = page.stored_ids();
    for round in 0..if is_long() { 30 } else { 8 } {
        page.begin_storm(400);
        // A random moment within the burst of edits.
        thread::sleep(Duration::from_millis(dice.roll(400) as u64));
        page = page.kill_and_restart();
        again_on(&page, &crux, "Red-teamer");
        let after = page.stored_ids();
        // Ids are in the order of time, and each edit states one more than the one before.
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
        let kept: Vec<&str> = rows[..count]
            .iter()
            .filter_map(|(_, row)| row.as_str()?.get(8..))
            .collect();
        let cruxes = kept.iter().filter(|row| row.contains("\"crux-added\""));
        let cruxes: Vec<usize> = (1..=cruxes.count()).collect();
        page.wait_shown(&cruxes, &format!("the first {count}"));
        // The screen shows exactly the state that follows from these changes.
        let document = page.download();
        let (_, shown) = document.split_once("\"changes\":[").unwrap();
        let kept = format!("{}]}}", kept.join(",\n"));
        assert_eq!(shown.trim_end(), kept, "the first {count}");
        page.leave();
        assert_eq!(page.stored("changes"), rows[..count], "the first {count}");
        assert!(page.stored("set_aside").is_empty());
    }
}

/// Starts a blind round in the review on the screen, gives one answer, and seals it.
fn seals(page: &Page, percent: usize) {
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    page.button("Answer: Red-teamer").click();
    page.field(&format!("Credence: {}, in percent", c(1)))
        .retype(&percent.to_string());
    page.press(Key::Enter);
    crate::meeting::seal(page);
}

#[test]
fn an_answer_whose_seal_is_in_the_log_can_be_revealed_however_soon_the_browser_was_killed() {
    let mut page = on_first_crux(to_be_killed(), "Red-teamer");
    page.tab("Reviews");
    page.button("Start a review").click();
    page.heading("Review of …").wait();
    page.wait_saved();
    let review = page.fragment();
    for kill in 1..=if is_long() { 20 } else { 4 } {
        page.go(&review);
        page.heading("Review of …").wait();
        seals(&page, 60 + kill);
        let round = page.fragment();
        // Every second time at once. The log may then have lost the seal, but never the answer alone.
        if kill % 2 == 0 {
            page.button("Back to the round").click();
            page.wait_saved();
        }
        page = page.kill_and_restart();
        page.go(&review);
        page.heading("Review of …").wait();
        page.be("Red-teamer");
        page.go(&round);
        page.eventually("the round, or that it is gone", || {
            let is_there = page.region("Who has answered").is_there();
            (is_there
                || page
                    .heading("There is no such review on this board")
                    .is_there())
            .then_some(())
        });
        let has_answered = page.button("Change my answer: Red-teamer").is_there();
        assert!(has_answered || kill % 2 == 1, "the seal is lost");
        if !has_answered {
            continue;
        }
        // Local storage, which the kill took, also remembers that the tour was seen.
        let tour = page.role("complementary", "Tour");
        if tour.is_there() {
            tour.button("Got it").click();
            tour.wait_gone();
        }
        // The answer is shown to its author again, once it was read from the journal.
        page.button("Change my answer: Red-teamer").click();
        page.button("I am Red-teamer: go on").click();
        page.field(&format!("Credence: {}, in percent", c(1)))
            .wait_value(&(60 + kill).to_string());
        page.button("Leave without answering").click();
        page.button("Reveal without …").click();
        crate::rounds::confirm_reveal(&page);
        page.heading("Revealed").wait();
        page.region("Answers as a table")
            .with_text("row", "Red-teamer")
            .wait_text(&format!("{}%", 60 + kill));
    }
}

#[test]
fn nothing_is_sealed_that_could_not_be_stored_on_the_device() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    page.tab("Reviews");
    page.button("Start a review").click();
    page.heading("Review of …").wait();
    page.wait_saved();
    page.js(
        "const put = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = function (value, key) {
             if (String(key).startsWith('sealed/')) throw new DOMException('no room', 'QuotaExceededError');
             return put.call(this, value, key);
         };",
        &[],
    );
    page.button("Blind round on the agenda").click();
    page.button("Answer: Red-teamer").click();
    page.field(&format!("Credence: {}, in percent", c(1)))
        .retype("70");
    page.press(Key::Enter);
    page.button("Seal my answers").click();
    page.role("dialog", "Seal with …")
        .button("Seal with …")
        .click();
    page.wait_notice("they were not sealed");
    // The typed text is still there, and the board has no seal.
    page.field(&format!("Credence: {}, in percent", c(1)))
        .wait_value("70");
    let rows = page.stored("changes");
    let seals = rows
        .iter()
        .filter(|(_, row)| row.to_string().contains("round-sealed"));
    assert_eq!(seals.count(), 0);
}
