//! The storage of blind rounds on a device, and the names on the Share screen.

use serde_json::Value;

use super::{
    example::c,
    harness::{Find as _, Key, Page},
    meeting::{answers, back_on_the_table, go_to_step, start_review},
    snapshot::all_stored,
};

/// Reveals answers while people are missing, and confirms that.
pub(crate) fn reveal_without(page: &Page, missing: &str) {
    page.button(&format!("Reveal without {missing}")).click();
    confirm_reveal(page);
    page.heading("Revealed").wait();
}

/// Confirms revealing without everybody.
pub(crate) fn confirm_reveal(page: &Page) {
    let asked = page.role("dialog", "Reveal without …");
    asked.button("Reveal without …").click();
}

/// A closed round in which the red-teamer answered 87 with a reason.
fn revealed(page: &Page) {
    page.be("Red-teamer");
    start_review(page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    page.button("Answer: Red-teamer").click();
    page.field(&format!("Credence: {}, in percent", c(5)))
        .retype("87");
    page.press(Key::Enter);
    page.field(&format!("Why? {}", c(5))).fill("quokkas do");
    super::meeting::seal(page);
    page.with_text("status", "are sealed").wait();
    back_on_the_table(page);
    assert!(all_stored(page).contains("quokkas do"));
    reveal_without(page, "2 answers");
    page.wait_body("quokkas do");
    page.wait_saved();
}

/// Returns how often a word occurs in everything stored, except the copy for the first paint.
fn stored(page: &Page, word: &str) -> usize {
    let all: Value = serde_json::from_str(&all_stored(page)).unwrap();
    let rows = all.as_array().into_iter().flatten().skip(1);
    rows.map(|store| store.to_string().matches(word).count())
        .sum()
}

#[test]
fn revealing_without_everybody_is_asked_about_and_undo_takes_back_what_was_before_it() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    page.field("Your credence, in percent").retype("61");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    answers(&page, "Red-teamer", &[(c(5), 87)]);
    back_on_the_table(&page);
    page.button("Reveal without 2 answers").click();
    let asked = page.role("dialog", "Reveal without 2 answers?");
    asked.wait_text("Area lead, Researcher");
    asked.button("Leave it").click();
    page.region("Who has answered").wait();
    reveal_without(&page, "2 answers");
    page.wait_saved();
    // The round stays; what was done before it can be undone again.
    page.press_with(&[Key::Control], "z");
    page.wait_notice("Undone: credence updated");
    page.heading("Revealed").wait();
    page.wait_body("87%");
    // Later changes can be undone as usual.
    page.tab("Cruxes");
    page.open_crux(c(2));
    page.field("Your credence, in percent").retype("62");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    page.undo();
    page.wait_notice("Undone: credence updated");
}

#[test]
fn answers_that_are_not_sealed_stay_in_the_tab_when_one_goes_back_and_are_hidden_from_others() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    page.button("Answer: Red-teamer").click();
    let number = page.field(&format!("Credence: {}, in percent", c(5)));
    number.retype("87");
    page.press(Key::Enter);
    let why = page.field(&format!("Why? {}", c(5)));
    why.fill("quokkas do");
    page.back();
    page.heading("Review of …").wait();
    assert!(page.is_guarded(), "leaving is not asked about");
    page.js("history.forward()", &[]);
    page.region("Who has answered").wait();
    assert!(!page.body().contains("quokkas"));
    assert_eq!(all_stored(&page).matches("quokkas").count(), 0);
    let local = Value::from(page.local_storage()).to_string();
    assert!(!local.contains("quokkas"), "{local}");
    // Whoever holds the device is asked before anything is shown.
    page.button("Answer: Red-teamer").click();
    page.region("Hand over").wait();
    assert!(!page.body().contains("quokkas"));
    page.button("I am Red-teamer: go on").click();
    number.wait_value("87");
    why.wait_value("quokkas do");
    page.button("Leave without answering").click();
    page.region("Who has answered").wait();
    assert!(!page.is_guarded());
    page.button("Answer: Red-teamer").click();
    number.wait_value("");
    number.retype("86");
    page.press(Key::Enter);
    super::meeting::seal(&page);
    page.with_text("status", "are sealed").wait();
    assert!(!page.is_guarded());
}

#[test]
fn a_published_answer_is_deleted_on_its_device_and_does_not_come_back_after_an_erasure() {
    let page = Page::with_example();
    revealed(&page);
    // The log has the reason once, and the journal nothing else.
    page.eventually("the kept answer to be deleted", || {
        (stored(&page, "quokkas do") == 1).then_some(())
    });
    let round = page.fragment();
    page.tab("History");
    let reveal = page.with_text("listitem", "Answers revealed");
    assert!(!reveal.fold("Erase…").is_there(), "its numbers stay");
    let stated = page.with_text("listitem", "quokkas do");
    stated.fold("Erase…").open();
    stated.button("Erase it for good").click();
    page.wait_notice("Erased");
    page.wait_saved();
    page.reload();
    page.go(&round);
    page.heading("Revealed").wait();
    page.wait_body("(The reason was erased.)");
    page.wait_body("87%");
    page.wait_saved();
    assert_eq!(all_stored(&page).matches("quokkas").count(), 0);
    assert!(!page.download().contains("quokkas"));
}

#[test]
fn a_round_with_an_answer_cannot_be_taken_back_in_history() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    let round = page.fragment();
    answers(&page, "Area lead", &[(c(5), 12)]);
    back_on_the_table(&page);
    page.button("Reveal without …").click();
    confirm_reveal(&page);
    page.heading("Revealed").wait();
    page.wait_saved();
    page.tab("History");
    for part in [
        "Blind round opened",
        "Blind round answered",
        "Blind round closed",
    ] {
        let line = page.with_text("listitem", part);
        line.wait();
        assert!(!line.fold("Erase…").is_there(), "{part}");
        assert!(!line.button("Move to the trash").is_there(), "{part}");
    }
    page.go(&round);
    page.heading("Revealed").wait();
}

#[test]
fn the_backups_screen_says_that_unpublished_answers_are_not_in_the_file() {
    let page = Page::start();
    page.go("#/backups");
    page.heading("Backups").wait();
    page.wait_body("Answers of open blind rounds are not included");
}

#[test]
fn each_replaced_name_is_listed_and_can_be_switched_off() {
    let page = Page::with_example();
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    page.checkbox("Replace names by aliases…").tick(true);
    let names = page.group("Names to replace");
    let name = names.checkbox("Commenter A → Person …");
    name.wait();
    let preview = page.region("What readers will see");
    preview.wait_text("Person");
    // The name is beside evidence, which is folded in the preview.
    let names_commenter = || {
        preview
            .prop("textContent")
            .to_string()
            .contains("Commenter A")
    };
    page.eventually("the name to be gone from the preview", || {
        (!names_commenter()).then_some(())
    });
    // Words of the example's sources are not replaced.
    preview.wait_text("Coercive by default");
    name.tick(false);
    page.eventually("the name in the preview", || {
        names_commenter().then_some(())
    });
    // The keyboard stays where it was, to continue with the next one.
    page.wait_focus("checkbox", "Commenter A → Person …");
}

#[test]
fn a_round_on_options_is_blind_and_takes_only_answers_that_can_hold_together() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the options").click();
    page.region("Who has answered").wait();
    answers(&page, "Red-teamer", &[("“Wind down” is right", 30)]);
    back_on_the_table(&page);
    reveal_without(&page, "2 answers");
    page.link("“Wind down” is right").wait();
    page.region("Answers as a table").wait_text("30%");
    page.wait_body("Nobody answered this.");
    page.link("Back to the review").click();

    go_to_step(&page, c(1));
    page.button("Blind round on options if it is true").click();
    page.region("Who has answered").wait();
    page.button("Answer: Red-teamer").click();
    let question = format!("“Wind down” is right if “{}” is true", c(1));
    let field = page.field(&format!("Credence: {question}, in percent"));
    page.wait_body("Your 30% for the option and your 35% for the crux leave 0% to 85.71%.");
    field.retype("95");
    page.press(Key::Enter);
    field.wait_refused("between 0% and 85.71% likely");
    field.wait_value("95");
    field.retype("50");
    page.press(Key::Enter);
    page.field(&format!("Why? {question}")).fill("wombats dig");
    super::meeting::seal(&page);
    page.with_text("status", "are sealed").wait();
    back_on_the_table(&page);
    reveal_without(&page, "2 answers");
    page.link(&question).wait();
    page.wait_body("wombats dig");
    page.wait_saved();
    page.tab("Analysis");
    page.field("If this crux is true").choose(c(1));
    let own = format!(
        "How likely “Wind down” is right if “{}” is true, in percent",
        c(1)
    );
    page.field(&own).wait_value("50");
}
