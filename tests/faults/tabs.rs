//! Several tabs of one browser.

use super::{NUMBER, on_first_crux};
use crate::{
    example::{CHANGES, c},
    harness::{Find as _, Page},
};

const PEOPLE: [&str; 3] = ["Red-teamer", "Area lead", "Researcher"];
const EDITS: usize = 200;

/// Opens three tabs, and edits each 200 times at the same time as a different person.
fn three_tabs(numbers: [usize; 3]) {
    let first = on_first_crux(Page::start(), PEOPLE[0]);
    let board = first.fragment();
    let board = board.split("/crux").next().unwrap().to_owned();
    let tabs = [first.clone(), first.new_tab(), first.new_tab()];
    for ((tab, person), number) in tabs.iter().zip(PEOPLE).zip(numbers) {
        tab.go(&board);
        tab.be(person);
        tab.open_crux(c(number));
        tab.field(NUMBER).wait();
    }
    for tab in &tabs {
        tab.begin_storm(EDITS);
    }
    for tab in &tabs {
        tab.wait_storm(EDITS);
        tab.wait_saved();
    }
    assert_eq!(first.stored_count(), CHANGES + 3 * EDITS);
    let seen = tabs.each_ref().map(|tab| {
        // Each tab has received the last edits: all three show the same, and everything.
        tab.eventually("all edits in each tab", || {
            let document = tab.download();
            (document.matches("\"credence-stated\"").count() == 27 + 3 * EDITS).then_some(document)
        })
    });
    assert!(seen[0] == seen[1] && seen[1] == seen[2]);
    let table = tabs.each_ref().map(|tab| {
        tab.go(&board);
        tab.wait_example();
        // The reader's own dot is a handle in each row, so all tabs use the same person.
        tab.be(PEOPLE[0]);
        tab.row(c(9)).slider("Your credence: …").wait();
        tab.table().text()
    });
    assert!(table[0] == table[1] && table[1] == table[2], "{table:#?}");
}

#[test]
fn three_tabs_keep_600_of_600_edits_of_different_cruxes() {
    three_tabs([1, 2, 3]);
}

#[test]
fn three_tabs_keep_600_of_600_edits_of_the_same_crux() {
    three_tabs([5, 5, 5]);
}

#[test]
fn what_one_tab_does_shows_in_the_other_at_once_and_can_be_undone_there() {
    let page = on_first_crux(Page::start(), PEOPLE[0]);
    let other = page.new_tab();
    other.go(&page.fragment());
    other.field(NUMBER).wait();
    page.state(77);
    page.wait_saved();
    // Without focus or a reload.
    other.field(NUMBER).wait_value("77");
    other.undo();
    page.field(NUMBER).wait_value("35");
    other.redo();
    page.field(NUMBER).wait_value("77");
}

#[test]
fn a_tab_that_slept_through_the_others_edits_has_them_when_it_is_seen_again() {
    let page = on_first_crux(Page::start(), PEOPLE[0]);
    let other = page.new_tab();
    other.go(&page.fragment());
    other.field(NUMBER).wait();
    // A tab that drops messages stands in for a frozen one, which gets none.
    other.js(
        "BroadcastChannel.prototype.postMessage = () => {};
         window.addEventListener('message', (event) => event.stopImmediatePropagation(), true);",
        &[],
    );
    page.js("BroadcastChannel.prototype.postMessage = () => {};", &[]);
    page.state(78);
    page.wait_saved();
    assert_eq!(other.field(NUMBER).value(), "35");
    other.js(
        "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))",
        &[],
    );
    other.field(NUMBER).wait_value("78");
}

#[test]
fn a_board_deleted_in_one_tab_stays_deleted() {
    let page = on_first_crux(Page::start(), PEOPLE[0]);
    let board = page.fragment();
    page.leave();
    // As another tab does: removes the rows, and leaves a mark that this was intended.
    let id = board.split('/').nth(1).unwrap().to_owned();
    let other = page.new_tab();
    let listed = page.stored("boards");
    other.go(&board);
    other.field(NUMBER).wait();
    // Until then the tab shows a copy, and would find no board to open.
    other.eventually("the board to be opened from the journal", || {
        (other.stored("boards") != listed).then_some(())
    });
    let gone: Vec<_> = page
        .stored("changes")
        .into_iter()
        .map(|(key, _)| (key, serde_json::Value::Null))
        .collect();
    page.write_stored("meta", &[(format!("forgotten/{id}"), "1".into())]);
    page.write_stored("boards", &[(id, serde_json::Value::Null)]);
    page.write_stored("changes", &gone);
    other.js(
        "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))",
        &[],
    );
    other.wait_notice("deleted in another tab");
    other
        .with_text("alert", "This board was deleted from this browser")
        .wait();
    assert_eq!(page.stored_count(), 0);
    assert!(
        page.local_storage()
            .keys()
            .all(|key| !key.starts_with("cruxboard/mirror"))
    );
}

#[test]
fn each_tab_keeps_its_person_across_a_reload() {
    let one = Page::with_example();
    one.be("Area lead");
    let other = one.new_tab();
    other.go(&one.fragment());
    other.row(c(1)).wait();
    other.be("Researcher");
    one.reload();
    for (tab, person) in [(&one, "Area lead"), (&other, "Researcher")] {
        tab.row(c(1)).wait();
        let chosen = tab.field("You are").on_element(
            "return arguments[0].selectedOptions[0].textContent.trim()",
            &[],
        );
        assert_eq!(chosen, person);
    }
}
