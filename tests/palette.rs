//! The command palette, and the keys that move through lists.

use super::{
    example::{CREDENCES, c},
    harness::{Find as _, Found, Key, Page, Setup},
};

fn board() -> Page {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    page.row(c(9)).wait();
    page
}

fn open(page: &Page) -> Found {
    page.press_with(&[Key::Control], "k");
    page.wait_focus("combobox", "Find a crux, evidence…");
    page.role("dialog", "Find")
}

#[test]
fn a_crux_is_three_letters_and_enter_away_from_any_screen() {
    let page = board();
    page.tab("Setup");
    page.heading("Setup").wait();
    open(&page);
    page.press("rep");
    page.role("option", "Nobody can reproduce…").wait();
    page.press(Key::Enter);
    page.heading(c(5)).wait();
    assert!(!page.role("dialog", "Find").is_there());
    page.back();
    page.heading("Setup").wait();
}

#[test]
fn arrows_choose_screens_and_actions_and_the_chosen_one_is_announced() {
    let page = board();
    let dialog = open(&page);
    let field = dialog.role("combobox", "Find a crux, evidence…");
    let chosen = || {
        let id = field.attr("aria-activedescendant").unwrap_or_default();
        let script = "return document.getElementById(arguments[0])?.textContent";
        page.js(script, &[id.into()])
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert!(chosen().starts_with("New evidence"), "{}", chosen());
    page.press(Key::Down);
    page.eventually("the second action", || {
        chosen().starts_with("New crux").then_some(())
    });
    page.press(Key::Up);
    page.press(Key::Up);
    page.eventually("the last entry", || {
        chosen().starts_with("Follow-ups").then_some(())
    });
    page.press("decisions");
    page.eventually("the best match", || {
        chosen().starts_with("Decisions").then_some(())
    });
    page.press(Key::Enter);
    page.heading("Decisions").wait();
}

#[test]
fn triggers_follow_ups_and_screens_are_found_by_what_they_are_about() {
    let page = board();
    for (typed, found) in [
        (
            "ethics-coherence",
            "By 2027-06-30, after 2 or more documented…",
        ),
        ("minutes", "Reviews…"),
    ] {
        open(&page);
        page.press(typed);
        page.role("option", found).wait();
        page.press(Key::Escape);
    }
}

#[test]
fn it_undoes_works_as_somebody_else_and_leads_to_another_board() {
    let page = board();
    page.slider(&format!("Your credence: {}", c(1))).focus();
    page.press("77");
    page.press(Key::Enter);
    page.wait_focus("textbox", "Why?");
    page.press(Key::Escape);
    open(&page);
    page.press("undo");
    page.press(Key::Enter);
    page.wait_notice("Undone");
    let first = CREDENCES[0].0[0];
    page.row(c(1))
        .role("img", &format!("…Red-teamer {first}%…"))
        .wait();

    open(&page);
    page.press("area lead");
    page.press(Key::Enter);
    page.eventually("the other person", || {
        (page.field("You are").chosen() == "Area lead").then_some(())
    });

    let example = page.address();
    page.go("");
    page.start_board("Go on with the pilot?", "");
    page.link("Write the first crux").wait();
    open(&page);
    page.press("character");
    page.press(Key::Enter);
    page.row(c(1)).wait();
    assert_eq!(page.address(), example);
}

#[test]
fn it_stays_closed_while_somebody_types_and_closes_by_its_key_by_escape_and_by_a_click_beside_it() {
    let page = board();
    page.role("searchbox", "Search cruxes").focus();
    page.press("go");
    page.press_with(&[Key::Control], "k");
    assert!(!page.role("dialog", "Find").is_there());
    page.leave_field();
    let dialog = open(&page);
    page.press_with(&[Key::Control], "k");
    dialog.wait_gone();
    let dialog = open(&page);
    page.press(Key::Escape);
    dialog.wait_gone();
    let dialog = open(&page);
    page.press("no such thing");
    dialog.with_text("status", "Nothing matches").wait();
    page.press(Key::Enter);
    dialog.wait();
    let [x, y, ..] = dialog.area();
    page.js(
        "document.elementFromPoint(arguments[0], arguments[1]).click()",
        &[(x - 5.0).into(), (y - 5.0).into()],
    );
    dialog.wait_gone();
}

#[test]
fn j_and_k_lead_through_the_rows() {
    let page = board();
    page.press("j");
    page.wait_focus("link", c(1));
    page.press("j");
    page.press("j");
    page.wait_focus("link", c(3));
    page.press("k");
    page.wait_focus("link", c(2));
    page.press("k");
    page.press("k");
    page.wait_focus("link", c(1));
    page.press(Key::Enter);
    page.heading(c(1)).wait();
}

#[test]
fn on_a_phone_it_opens_by_its_button_and_a_tap_chooses() {
    let page = Setup::phone().start().open_example();
    page.row(c(9)).wait();
    page.button("Find").click();
    let dialog = page.role("dialog", "Find");
    dialog.wait();
    page.press("grow");
    dialog.role("option", "Grows with capability…").click();
    page.heading(c(3)).wait();
}
