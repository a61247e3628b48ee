//! Beginning a board: three short steps, and examples from several domains.

use super::harness::{Find as _, Key, Page, Setup};

const PEOPLE: &str = "People: names or roles, separated by commas";

/// Returns a page on which the question of a new board is asked, begun from the example of a product.
fn begun_from_a_product() -> Page {
    let page = Page::start();
    page.link("Start with your question…").click();
    page.wait_focus("field", "Decision question");
    page.group("Begin from").role("radio", "Product").click();
    page
}

#[test]
fn a_question_and_people_and_three_times_enter_open_a_board() {
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start();
        page.start_board("Keep the press?", "Ada, Ben");
        page.role("complementary", "Tour").button("Got it").click();
        page.wait_saved();
        assert_eq!(
            page.field("You are").all("option").names(),
            ["Choose your name", "Ada", "Ben"]
        );
        // Not back into the form, which is empty now.
        page.back();
        page.field(PEOPLE).wait_value("");
        assert!(!page.button("Discard draft").is_there());
    }
}

#[test]
fn each_step_has_an_address_and_back_and_forward_lead_through_them() {
    let page = Page::start();
    page.link("Start with your question…").click();
    page.wait_focus("field", "Decision question");
    page.press("Keep the press?" + Key::Enter);
    page.wait_focus("field", PEOPLE);
    assert_eq!(page.fragment(), "#/new/people");
    page.press(Key::Enter);
    page.wait_focus("field", "Claims, one per line");
    assert_eq!(page.fragment(), "#/new/cruxes");
    page.link("Back").click();
    page.wait_focus("field", PEOPLE);
    page.back();
    page.wait_focus("field", "Claims, one per line");
    page.link("Question").click();
    page.field("Decision question")
        .wait_value("Keep the press?");
    page.link("Not now").click();
    page.link("Start with your question…").wait();
}

#[test]
fn an_example_is_only_in_the_fields_until_it_is_used() {
    let page = begun_from_a_product();
    let question = page.field("Decision question");
    page.eventually("the example in the field", || {
        let example = question.attr("placeholder")?;
        example.contains("mobile app").then_some(())
    });
    page.button("Next").click();
    page.with_text("alert", "The decision question is still empty.")
        .wait();
    page.button("Use this example").click();
    page.wait_focus("field", "Decision question");
    question.wait_value("Keep building the mobile app, narrow it or retire it?");
    page.press(Key::Enter);
    page.wait_focus("field", PEOPLE);
    page.press("Ada" + Key::Enter);
    page.wait_focus("field", "Claims, one per line");
    page.press(Key::Enter);
    page.link("Write the first crux").wait();
    page.tab("Setup");
    page.group("Retire it").wait();
    assert_eq!(page.field("You are").all("option").count(), 2);
}

#[test]
fn an_example_of_a_crux_is_edited_and_brings_its_triggers_and_no_credence() {
    let page = begun_from_a_product();
    page.field("Decision question").fill("Keep the app?");
    page.button("Next").click();
    page.button("Use this example").click();
    page.field(PEOPLE)
        .wait_value("Product lead, Engineer, Support");
    page.button("Next").click();
    page.button("Use this example: Keeping the app running…")
        .click();
    let crux = page.group("Crux 1");
    crux.field("Claim")
        .fill("Keeping the app running takes a third of our time.");
    crux.field("Go on if").fill("");
    page.reload();
    crux.field("Claim")
        .wait_value("Keeping the app running takes a third of our time.");
    page.field("Claims, one per line")
        .fill("Nobody else builds it #market");
    page.button("Open the board with 2 cruxes").click();
    page.role("complementary", "Tour").button("Got it").click();
    page.row("Nobody else builds it").wait();
    page.wait_saved();
    let stored = page.stored("changes");
    let count = |kind: &str| {
        let rows = stored.iter().filter_map(|(_, row)| row.as_str());
        rows.filter(|row| row.contains(kind)).count()
    };
    assert_eq!(count("\"trigger-added\""), 1);
    assert_eq!(count("\"credence-stated\""), 0);
    page.row("Keeping the app running takes a third of our time.")
        .link("Keeping the app running…")
        .click();
    page.wait_body("Maintenance takes more than half of the team’s hours in two quarters running.");
    page.undo();
    page.region("In the trash").wait();
}

#[test]
fn the_only_person_is_not_asked_who_they_are() {
    let page = Page::start();
    page.go("#/new/people");
    let people = page.field("People: names or roles, separated by commas");
    people.retype("Ann");
    page.with_text("paragraph", "You are Ann.").wait();
    assert!(!page.field("You are").is_there());
    people.retype("Ann, Ben");
    page.field("You are").wait();
    page.with_text("paragraph", "You are Ann.").wait_gone();
}

#[test]
fn percentages_of_the_first_claims_ask_whose_they_are_beside_the_button() {
    const WHOSE: &str = "Whose credences are these?";
    let page = Page::start();
    page.go("#/new");
    page.field("Decision question").fill("Keep the press?");
    page.button("Next").click();
    page.field(PEOPLE).fill("Ada, Ben");
    page.button("Next").click();
    let claims = page.field("Claims, one per line");
    claims.fill("Nobody else builds it");
    page.button("Open the board with 1 crux").wait();
    assert!(!page.field(WHOSE).is_there(), "no percentage");
    let lines: Vec<String> = (1..=30)
        .map(|number| format!("Claim number {number} holds {}% #x", number + 40))
        .collect();
    claims.fill(&lines.join("\n"));
    page.button("Open the board with 30 cruxes").wait();
    page.with_text("status", "The percentages are left out until")
        .wait();
    let in_sight = page.js(
        "const bar = document.querySelector('.actions.sticky').getBoundingClientRect();
         return bar.top > 0 && bar.bottom <= innerHeight + 1",
        &[],
    );
    assert_eq!(in_sight, serde_json::json!(true), "below the fold");
    page.field(WHOSE).choose("Ben");
    page.with_text("status", "The percentages are left out until")
        .wait_gone();
    page.field(WHOSE).wait_value("Ben");
    page.button("Open the board with 30 cruxes").click();
    page.role("complementary", "Tour").button("Got it").click();
    page.wait_saved();
    let stored = page.stored("changes");
    let rows = stored.iter().filter_map(|(_, row)| row.as_str());
    let stated = rows.filter(|row| row.contains("\"credence-stated\""));
    assert_eq!(stated.count(), 30);
    page.row("Claim number 16 holds")
        .role("img", "…Ben 56%…")
        .wait();
}
