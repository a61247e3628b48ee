//! The reader's own credences on the rows of the board: moved, explained and filled in.

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Found, Key, Page, Place, Setup},
    written::Written,
};

const CRUXES: usize = 9;

/// The board of the worked example, as one of its people.
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

/// Returns the place of a percentage on the axis of a row.
fn on_axis(page: &Page, number: usize, percent: f64) -> Place {
    handle(page, number).within(percent / 100.0, 0.5)
}

#[test]
fn filling_in_shows_where_the_keyboard_is_also_after_a_click() {
    let page = board_as(Setup::default(), "Red-teamer");
    page.button("Fill in my credences").click();
    page.wait_focus("slider", &format!("Your credence: {}", c(1)));
    let outline = page.js(
        "return getComputedStyle(document.activeElement.parentElement.querySelector('.thumb')).outlineStyle",
        &[],
    );
    assert_eq!(outline, "solid");
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
    page.wait_focus("button", "Done");
    page.press(Key::Enter);
    page.wait_focus("button", "Fill in my credences");
    assert!(!page.button("Done").is_there());
}

#[test]
fn a_pass_begins_at_the_first_crux_without_a_credence_and_its_end_stays_in_sight() {
    let page = Page::start();
    let (mut written, ann, _) = Written::new();
    for number in 0..30 {
        let crux = written.crux(&format!("Crux {number}"));
        if number != 1 {
            written.states(crux, ann, 40.0);
        }
    }
    written.open(&page);
    page.link("Crux 29").wait();
    page.be("Ann");
    let unstated = page.slider("Your credence: Crux 1");
    unstated.wait();
    let spoken = unstated.attr("aria-valuetext").unwrap_or_default();
    assert!(spoken.starts_with("Not stated yet"), "{spoken}");
    page.button("Fill in my credences").click();
    page.wait_focus("slider", "Your credence: Crux 1");
    let is_in_sight = page.js(
        "const bar = document.querySelector('.filling').getBoundingClientRect();
         const row = document.activeElement.getBoundingClientRect();
         return bar.bottom <= innerHeight + 1 && row.bottom <= bar.top",
        &[],
    );
    assert_eq!(is_in_sight, true);
    page.press("55");
    page.press(Key::Tab);
    page.wait_focus("slider", "Your credence: Crux 2");
    page.button("Done").click();
    page.button("Fill in my credences").click();
    page.wait_focus("slider", "Your credence: Crux 0");
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
fn ctrl_z_right_after_a_move_takes_it_back() {
    let page = board_as(Setup::default(), "Red-teamer");
    handle(&page, 1).focus();
    page.press("70");
    page.press(Key::Enter);
    page.wait_focus("textbox", "Why?");
    page.press_with(&[Key::Control], "z");
    page.row(c(1)).role("img", "Red-teamer 35%…").wait();
    page.wait_focus("slider", &format!("Your credence: {}", c(1)));
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
    // A button for undo is beside it.
    page.row(c(1)).button("Undo").click();
    page.row(c(1)).role("img", "Red-teamer 35%…").wait();
    page.wait_focus("slider", &format!("Your credence: {}", c(1)));
}

#[test]
fn a_fraction_typed_on_a_dot_is_taken_whole() {
    let page = board_as(Setup::default(), "Red-teamer");
    handle(&page, 1).focus();
    for key in ["1", "/", "3"] {
        page.press(key);
        page.wait_focus("slider", &format!("Your credence: {}", c(1)));
    }
    page.press(Key::Enter);
    page.row(c(1)).role("img", "…Red-teamer 33.33%…").wait();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1, "never 1%");
}

/// Returns the place of somebody's dot in a row.
fn dot_of(page: &Page, number: usize, initials: &str) -> Place {
    handle(page, number).focus();
    let area = page.js(
        "const [initials] = arguments;
         const dots = document.activeElement.closest('.scale').querySelectorAll('.dot');
         const dot = [...dots].find((dot) => dot.querySelector('.initials').textContent === initials);
         const { left, top, width, height } = dot.querySelector('circle').getBoundingClientRect();
         return [left + width / 2, top + height / 2]",
        &[initials.into()],
    );
    let [x, y] = [0, 1].map(|at| area[at].as_f64().unwrap());
    Place { x, y }
}

#[test]
fn pressing_somebody_elses_dot_tells_whose_it_is_and_moves_nothing() {
    for (setup, is_touch) in [(Setup::default(), false), (Setup::phone(), true)] {
        let page = board_as(setup, "Red-teamer");
        let place = dot_of(&page, 1, "AL");
        if is_touch {
            page.tap(place);
        } else {
            page.mouse_down(place);
            page.mouse_up(place);
        }
        page.eventually(
            &format!("the words about the dot, touch: {is_touch}"),
            || {
                let shown = page.js(
                    "return [...document.querySelectorAll('.dot .tip')]
                     .filter((tip) => getComputedStyle(tip).display !== 'none')
                     .map((tip) => tip.textContent)",
                    &[],
                );
                (shown[0].as_str()?.starts_with("Area lead: 15%")).then_some(())
            },
        );
        page.row(c(1)).role("img", "…Red-teamer 35%…").wait();
        assert_eq!(page.stored_count(), CHANGES);
    }
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
