//! Cruxes added one after the other, and several at once.

use super::{
    accessibility::violations,
    example::{CHANGES, c},
    harness::{Find as _, Key, Page},
};

fn form() -> Page {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    page.press("c");
    page.heading("New crux").wait();
    page
}

#[test]
fn a_list_of_claims_is_shown_as_it_is_read_and_added_as_one_action() {
    let page = form();
    page.fold("Add several at once").open();
    page.field("Claims, one per line")
        .fill("- Users come back 70% #growth\n\n2) Nobody else builds it\n");
    let preview = page.fold("Add several at once").all("listitem");
    page.eventually("two claims", || (preview.count() == 2).then_some(()));
    assert_eq!(
        preview.texts(),
        ["Users come back 70% growth", "Nobody else builds it"]
    );
    page.reload();
    page.field("Claims, one per line").wait();
    page.button("Add 2 cruxes").click();
    page.row("Users come back")
        .role("img", "…Red-teamer 70%…")
        .wait();
    page.row("Nobody else builds it").wait();
    page.undo();
    page.row("Users come back").wait_gone();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 4);
}

#[test]
fn cruxes_are_added_one_after_the_other_without_leaving_the_form() {
    let page = form();
    for claim in ["The first claim holds", "The second claim holds"] {
        page.wait_focus("textbox", "Claim");
        page.press(claim);
        page.button("Add and write another").click();
        page.field("Claim").wait_value("");
    }
    page.wait_focus("textbox", "Claim");
    page.press("A third one");
    page.press_with(&[Key::Control], Key::Enter);
    page.heading("A third one").wait();
    page.tab("Cruxes");
    page.row("The second claim holds").wait();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 3);
}

#[test]
fn a_title_that_another_crux_has_is_told_and_accepted() {
    let page = form();
    page.field("Claim").fill("A claim of its own");
    page.field("Title").fill(&c(1).to_uppercase());
    page.with_text("status", "There is a crux with this title already")
        .wait();
    page.button("Add the crux").click();
    page.heading(&c(1).to_uppercase()).wait();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn a_line_that_stands_twice_is_named_and_the_preview_has_the_width_of_the_form() {
    let page = form();
    page.fold("Add several at once").open();
    page.field("Claims, one per line")
        .fill("Users come back\nNobody else builds it\nusers come  back 40%\n");
    page.with_text(
        "status",
        "In the list twice, and added once: “users come back”.",
    )
    .wait();
    page.button("Add 2 cruxes").wait();
    let widths = page.js(
        "const field = document.getElementById('claims'); \
         const list = document.querySelector('.claims'); \
         return [field.getBoundingClientRect().width, list.getBoundingClientRect().width]",
        &[],
    );
    let width = |at: usize| widths[at].as_f64().unwrap_or_default();
    assert!(width(1) > 0.95 * width(0), "{widths}");
}

#[test]
fn cruxes_are_copied_to_another_board_with_what_is_asked_for_and_one_undo_takes_them_back() {
    let page = Page::with_example();
    page.row(c(1)).wait();
    let example = page.fragment();
    page.go("");
    page.start_board("Keep the press?", "Ada, Researcher");
    page.wait_saved();
    let press = page.fragment();
    let before = page.stored_count();
    page.go(&example);
    page.open_crux(c(1));
    page.fold("Settings").open();
    page.link("Copy to another board…").click();
    page.heading("Copy cruxes to another board").wait();
    page.field("To").choose("Keep the press?");
    page.group("Cruxes").checkbox(c(2)).tick(true);
    page.group("Copy along")
        .checkbox("Everybody’s credences and reasons")
        .tick(true);
    assert_eq!(violations(&page), Vec::<String>::new());
    page.reload();
    page.button("Copy 2 cruxes").click();
    page.row(c(1)).wait();
    assert_eq!(page.fragment(), press);
    page.row(c(2)).role("img", "…Researcher…").wait();
    assert!(!page.row(c(3)).is_there(), "it was not chosen");
    // The people who stated the credences have come along.
    assert!(page.field("You are").all("option").count() > 3);
    page.tab("Evidence");
    page.wait_body("No evidence");
    page.wait_saved();
    assert!(page.stored_count() > before);
    // The same again brings nothing.
    page.go(&format!("{example}/copy"));
    page.field("To").choose("Keep the press?");
    page.group("Cruxes").checkbox(c(2)).tick(true);
    page.button("Copy 1 crux").click();
    page.wait_notice("Nothing was copied");
    page.undo();
    page.row(c(1)).wait_gone();
    page.link("Write the first crux").wait();
    assert_eq!(page.field("You are").all("option").count(), 3);
}
