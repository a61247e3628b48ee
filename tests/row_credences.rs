//! One's own credences on the rows of the board: moved, explained and filled in there.

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Found, Key, Page, Place, Setup},
};

const CRUXES: usize = 9;

/// The board of the worked example, as somebody of it.
fn board_as(setup: Setup, person: &str) -> Page {
    let page = setup.start().open_example();
    page.be(person);
    page.row(c(1)).wait();
    handle(&page, 1).wait();
    page
}

fn handle(page: &Page, number: usize) -> Found {
    page.slider(&format!("Your credence: {}", c(number)))
}

/// Where a percentage stands on the axis of a row.
fn on_axis(page: &Page, number: usize, percent: f64) -> Place {
    handle(page, number).within(percent / 100.0, 0.5)
}

#[test]
fn nine_credences_take_nine_numbers_and_nine_tabs() {
    let page = board_as(Setup::default(), "Red-teamer");
    page.button("Fill in my credences").click();
    page.wait_focus("slider", &format!("Your credence: {}", c(1)));
    let mut tabs = 0;
    for number in 1..=CRUXES {
        page.wait_focus("slider", &format!("Your credence: {}", c(number)));
        page.press((60 + number).to_string());
        page.press(Key::Tab);
        tabs += 1;
    }
    assert_eq!(tabs, 9);
    page.with_text("status", "9 credences updated").wait();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + CRUXES);
    for number in 1..=CRUXES {
        let said = format!("…Red-teamer {}%…", 60 + number);
        page.row(c(number)).role("img", &said).wait();
    }
    page.button("Done").click();
    assert!(!page.button("Done").is_there());
}

#[test]
fn a_dot_is_dragged_on_its_row_explained_there_and_enter_leads_to_the_next_row() {
    let page = board_as(Setup::default(), "Red-teamer");
    page.mouse_down(on_axis(&page, 1, 35.0));
    page.mouse_drag(on_axis(&page, 1, 60.0));
    page.mouse_drag(on_axis(&page, 1, 70.0));
    assert_eq!(page.stored_count(), CHANGES, "a preview is not stored");
    page.mouse_up(on_axis(&page, 1, 70.0));
    page.wait_notice("Credence updated");
    page.row(c(1)).role("img", "…Red-teamer 70%…").wait();
    page.wait_focus("textbox", "Why?");
    page.press("a study came out");
    page.press(Key::Enter);
    page.wait_focus("slider", &format!("Your credence: {}", c(2)));
    assert!(!page.field("Why?").is_there());
    page.wait_saved();
    assert_eq!(
        page.stored_count(),
        CHANGES + 2,
        "the credence, and its reason"
    );
    page.open_crux(c(1));
    page.wait_body("a study came out");
}

#[test]
fn a_reason_being_typed_is_kept_when_another_dot_is_moved_and_dropped_by_escape() {
    let page = board_as(Setup::default(), "Red-teamer");
    let move_dot = |number: usize, from: f64, to: f64| {
        page.mouse_down(on_axis(&page, number, from));
        page.mouse_drag(on_axis(&page, number, to));
        page.mouse_up(on_axis(&page, number, to));
        page.wait_focus("textbox", "Why?");
    };
    move_dot(1, 35.0, 70.0);
    page.press("half a reason");
    move_dot(2, 40.0, 60.0);
    page.wait_saved();
    assert_eq!(
        page.stored_count(),
        CHANGES + 3,
        "two credences, one reason"
    );
    page.press("no reason");
    page.press(Key::Escape);
    page.wait_focus("slider", &format!("Your credence: {}", c(2)));
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 3);
    page.open_crux(c(1));
    page.wait_body("half a reason");
}

#[test]
fn a_number_typed_on_a_dot_is_taken_by_enter_and_put_back_by_escape() {
    let page = board_as(Setup::default(), "Red-teamer");
    handle(&page, 1).focus();
    page.press("4");
    page.press("2");
    page.press(Key::Escape);
    page.press("x");
    page.leave_field();
    assert_eq!(handle(&page, 1).value(), "35");
    assert_eq!(page.stored_count(), CHANGES);
    handle(&page, 1).focus();
    page.press("4");
    page.press("2");
    page.press(".");
    page.press("5");
    page.press(Key::Backspace);
    page.press(Key::Backspace);
    page.press(Key::Enter);
    page.row(c(1)).role("img", "…Red-teamer 42%…").wait();
    page.wait_focus("textbox", "Why?");
    // Undo stands beside it.
    page.row(c(1)).button("Undo").click();
    page.row(c(1)).role("img", "Red-teamer 35%…").wait();
    page.wait_focus("slider", &format!("Your credence: {}", c(1)));
}

#[test]
fn a_finger_moves_a_dot_on_its_row_and_keeps_the_phones_keyboard_away() {
    let page = board_as(Setup::phone(), "Red-teamer");
    page.swipe(on_axis(&page, 1, 35.0), on_axis(&page, 1, 70.0));
    page.wait_notice("Credence updated");
    page.row(c(1)).role("img", "…Red-teamer 70%…").wait();
    page.field("Why?").wait();
    assert!(!page.focus_is("textbox", "Why?"));
}

#[test]
fn nobody_has_a_dot_to_move_before_they_say_who_they_are() {
    let page = Page::with_example();
    page.row(c(1)).wait();
    assert!(!handle(&page, 1).is_there());
    page.button("Fill in my credences").click();
    page.wait_notice("Choose your name");
}
