//! Reworded claims, and people who leave.

use super::{
    example::c,
    harness::{Find as _, Page},
};

#[test]
fn other_words_for_a_claim_ask_why_and_everybody_to_confirm_or_restate() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(2));
    page.fold("Claim and option").open();
    let claim = page.fold("Claim and option").field("Claim");
    let before = claim.value();
    claim.fill("It does harm at once.");
    let ask = page.group("Other words for this claim");
    ask.button("Keep the old words").click();
    ask.wait_gone();
    claim.wait_value(&before);
    claim.fill("It does harm at once.");
    ask.button("Change the claim").click();
    ask.all("field").wait_refused("give the reason");
    ask.all("field").fill("the old one could not be judged");
    ask.button("Change the claim").click();
    ask.wait_gone();

    let own = page.group("Reworded claim");
    own.wait_text("The claim has other words since you stated this.");
    own.wait_text("the old one could not be judged");
    let people = page.region("Everybody's credence");
    assert_eq!(people.all("row").count(), 4);
    people
        .with_text("row", "Area lead")
        .wait_text("Stated on other words");
    page.button("Confirm unchanged").click();
    own.wait_gone();
    people.with_text("row", "Red-teamer").wait_text("confirmed");
    // The others are asked to confirm or restate.
    page.tab("Due");
    page.with_text("article", "Claim reworded: confirm or restate")
        .wait();
}

#[test]
fn who_has_left_counts_no_more_and_stays_in_the_history() {
    let page = Page::with_example();
    page.tab("Setup");
    page.group("Researcher")
        .field("Left on")
        .set_date("2026-11-20");
    page.tab("Cruxes");
    page.open_crux(c(1));
    let people = page.region("Everybody's credence");
    people.with_text("row", "Area lead").wait();
    assert_eq!(people.all("row").count(), 3, "a heading and two people");
    page.wait_body("Researcher");
}

#[test]
fn who_has_left_is_no_longer_offered_under_you_are_and_in_scenarios() {
    let page = Page::with_example();
    let offered_in = |page: &Page, field: &str| {
        let script = "return [...arguments[0].options].map((it) => it.text).join(', ')";
        let names = page.field(field).on_element(script, &[]);
        names.as_str().unwrap_or_default().to_owned()
    };
    let offered = |page: &Page| offered_in(page, "You are");
    assert!(offered(&page).contains("Researcher"));
    page.tab("Setup");
    page.group("Researcher")
        .field("Left on")
        .set_date("2026-11-20");
    page.eventually("Researcher not to be offered", || {
        (!offered(&page).contains("Researcher")).then_some(())
    });
    assert!(offered(&page).contains("Area lead"));
    // Nor in a scenario.
    page.tab("Analysis");
    let whose = offered_in(&page, "Whose view");
    assert!(
        whose.contains("Area lead") && !whose.contains("Researcher"),
        "{whose}"
    );
}
