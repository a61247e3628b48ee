//! The end of a review: what is not recorded, what is due after it, and how triggers are shown in it.

use super::{
    example::c,
    harness::{Find as _, Key, Page},
    meeting::{go_to_step, seal, start_review},
    rounds::reveal_without,
};

/// Starts a review with these cruxes on its agenda.
fn reviews(page: &Page, cruxes: &[usize]) {
    start_review(page);
    page.button("Untick all").click();
    let agenda = page.role("list", "Agenda");
    for number in cruxes {
        agenda.checkbox(c(*number)).tick(true);
    }
}

#[test]
fn closing_a_review_asks_about_what_was_typed_and_is_not_recorded() {
    let page = Page::with_example();
    page.be("Red-teamer");
    reviews(&page, &[1]);
    go_to_step(&page, c(1));
    page.field("Why?").fill("it was said in the room");
    page.leave_field();
    let outcome = page.group("Record outcome: By 2027-06-30 two…");
    outcome.button("Near").click();
    go_to_step(&page, "Decision");
    page.field("Chosen option").choose("Wind down");
    page.field("Reason").fill("the trigger says so");
    page.leave_field();
    let steps = page.role("navigation", "Steps of the review");
    steps
        .with_text("listitem", "Decision")
        .wait_text("not recorded");
    steps.with_text("listitem", c(1)).wait_text("not recorded");
    let strong = page.js(
        "return document.querySelector('#walk-next').classList.contains('primary')",
        &[],
    );
    assert_eq!(strong, serde_json::json!(false), "Next is not stronger");
    page.link("Next: Actions →").click();
    let action = page.group("Action 1");
    action.field("What").fill("Tell the funder");
    page.leave_field();

    let list = page.region("Not recorded yet");
    for words in [
        "A decision is not recorded yet",
        "Actions are not saved yet",
        "An outcome is not saved yet: By 2027-06-30 two",
        "A reason has no credence yet",
    ] {
        list.with_text("listitem", words).wait();
    }
    // Each is led to with the keyboard in its form.
    let triggers = "Reason: By 2027-06-30 two…";
    list.link("Record: An outcome…").click();
    page.wait_focus("textbox", triggers);
    go_to_step(&page, "Actions");
    list.link("Record: A decision is…").click();
    page.wait_focus("combobox", "Chosen option");
    go_to_step(&page, "Actions");
    page.button("Close the review").click();
    let asked = page.role("dialog", "4 things of this review not recorded");
    asked.wait_text("A decision is not recorded yet.");
    asked.button("Leave it").click();
    page.button("Close the review").wait();
    list.button("Discard: Actions are…").click();
    list.button("Discard: An outcome…").click();
    list.button("Discard: A reason…").click();
    list.link("Record: A decision is…").click();
    page.field("Reason").wait_value("the trigger says so");
    page.button("Record the decision").click();
    page.heading("More actions").wait();
    page.button("Close the review").click();
    page.wait_body("This review is closed.");
    page.wait_body("Wind down, because the trigger says so");
}

#[test]
fn the_triggers_step_groups_by_crux_folds_armed_ones_and_sets_their_next_review() {
    let page = Page::with_example();
    page.be("Red-teamer");
    reviews(&page, &[1, 2]);
    go_to_step(&page, "Triggers");
    let triggers = page.region("Triggers of the agenda");
    triggers.wait();
    assert!(
        !triggers
            .group("Record outcome: By 2027-06-30 two…")
            .is_there()
    );
    triggers.fold("Armed…").open();
    triggers.link(c(1)).wait();
    assert_eq!(triggers.link(c(1)).count(), 1, "the crux is named once");
    let armed = triggers.group("Reviewed, still armed: By 2027-06-30 two…");
    armed.field("Next review: By 2027…").set_date("2027-05-01");
    armed.button("Reviewed, still armed: By 2027…").click();
    page.wait_notice("Trigger edited");
    triggers.wait_text("1 May 2027");
    // The arrow keys stay within the buttons of an outcome.
    let outcome = triggers.group("Record outcome: By 2027-06-30 two…");
    outcome.button("Met").click();
    page.press(Key::Right);
    page.field("Reason: By 2027-06-30 two…").wait();
    page.heading("Triggers").wait();
}

#[test]
fn a_day_typed_in_a_review_and_not_recorded_is_there_after_a_reload() {
    let page = Page::with_example();
    page.be("Red-teamer");
    reviews(&page, &[1, 2]);
    go_to_step(&page, "Triggers");
    let triggers = page.region("Triggers of the agenda");
    let of_all = triggers.field("Next review of all");
    of_all.set_date("2027-05-02");
    triggers.fold("Armed…").open();
    let armed = triggers.group("Reviewed, still armed: By 2027-06-30 two…");
    let of_one = armed.field("Next review: By 2027…");
    of_one.set_date("2027-05-01");
    page.reload();
    of_all.wait_value("2027-05-02");
    // The fold is open, since something in it was begun.
    of_one.wait_value("2027-05-01");
    assert!(!page.is_guarded(), "kept, and yet asked about");
    armed.button("Reviewed, still armed: By 2027…").click();
    page.wait_notice("Trigger edited");
    triggers.wait_text("1 May 2027");
    go_to_step(&page, "Minutes");
    let at_the_end = page.field("Next review of armed triggers");
    at_the_end.set_date("2027-06-03");
    page.reload();
    at_the_end.wait_value("2027-06-03");
    page.button("Close the review").click();
    page.wait_body("This review is closed.");
    // A day that was recorded is no draft any more; the one for all was not.
    page.eventually("one day to be kept", || {
        let keys = page.local_storage();
        let days = keys.keys().filter(|key| key.contains("/next-review/"));
        (days.count() == 1).then_some(())
    });
}

#[test]
fn a_disputed_trigger_shows_every_outcome_that_stands_with_its_author() {
    let page = Page::with_example();
    for (person, verdict) in [("Red-teamer", "Met"), ("Area lead", "Not met")] {
        page.be(person);
        page.open_crux(c(1));
        let trigger = page
            .region("Triggers")
            .with_text("article", "two independent groups report");
        trigger.fold("Record outcome").open();
        trigger.field("Status").choose(verdict);
        trigger.field("Reason").fill(&format!("{person} says so"));
        trigger.button("Save outcome").click();
        page.wait_notice("Trigger outcome recorded");
        page.tab("Cruxes");
    }
    reviews(&page, &[1]);
    go_to_step(&page, "Triggers");
    let triggers = page.region("Triggers of the agenda");
    for words in [
        "Met, Red-teamer, ",
        "Red-teamer says so",
        "Not met, Area lead, ",
        "Area lead says so",
        "Its judges disagree",
    ] {
        triggers.wait_text(words);
    }
}

#[test]
fn blank_answers_are_asked_about_and_named_when_answers_are_revealed() {
    let page = Page::with_example();
    page.be("Red-teamer");
    reviews(&page, &[1, 2]);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    let question = page.field("Question or clarification");
    question.fill("By when?");
    page.press(Key::Enter);
    page.region("Questions")
        .with_text("listitem", "By when?")
        .wait();
    question.wait_value("");
    page.button("Answer: Red-teamer").click();
    page.field(&format!("Credence: {}, in percent", c(1)))
        .retype("70");
    page.press(Key::Enter);
    page.eventually("the keyboard at the reason", || {
        let at = "return document.activeElement.closest('[id^=why-]')?.id ?? ''";
        (page.js(at, &[]) == "why-0").then_some(())
    });
    page.button("Seal my answers").click();
    let asked = page.role("dialog", "Seal with 1 blank answer?");
    asked.wait_text(c(2));
    let at = page.js("return document.activeElement.innerText", &[]);
    assert_eq!(at, "Leave it", "nothing is sealed by Enter alone");
    asked.button("Leave it").click();
    seal(&page);
    page.button("I am Area lead: go on").click();
    page.heading("Answers of Area lead").wait();
    let notices = page.js(
        "return document.body.innerText.includes('lind round answered')",
        &[],
    );
    assert_eq!(notices, serde_json::json!(false), "the notice is gone");
    page.button("Leave without answering").click();
    page.region("Who has answered").wait();
    reveal_without(&page, "2 answers");
    page.wait_body("No answer, sealed blank: Red-teamer.");
    page.wait_body("Nobody answered this.");
    page.link("Back to the review").click();
    go_to_step(&page, "Minutes");
    page.wait_body("No answer, sealed blank: Red-teamer.");
}

#[test]
fn minutes_of_a_crux_are_refused_at_their_field_and_two_reviews_of_a_day_tell_their_times() {
    let page = Page::with_example();
    page.be("Red-teamer");
    reviews(&page, &[1]);
    let minutes = page.field(&format!("Minutes for {}", c(1)));
    for typed in ["-5", "2.5", "99999"] {
        minutes.retype(typed);
        page.press(Key::Enter);
        minutes.wait_refused("Not taken");
    }
    page.link("Leave the review").click();
    page.button("Start a review").click();
    let has_time = |text: &str| text.contains(", ") && text.contains(':');
    page.eventually("the time in the name of the review", || {
        has_time(&page.heading("Review of …").text()).then_some(())
    });
    page.link("Leave the review").click();
    page.button("Start a review").wait();
    let names = page.link("Review of …").texts();
    assert!(
        names.len() == 2 && names.iter().all(|name| has_time(name)),
        "{names:?}"
    );
}

#[test]
fn closing_a_review_names_a_blind_round_that_is_still_open() {
    let page = Page::with_example();
    page.be("Red-teamer");
    reviews(&page, &[1, 2]);
    go_to_step(&page, c(1));
    page.button("Blind round on this crux").click();
    page.region("Who has answered").wait();
    go_to_step(&page, "Minutes");
    let list = page.region("Not recorded yet");
    list.with_text("listitem", "A blind round is still open: ")
        .wait();
    assert!(!list.button("Discard: …").is_there());
    page.button("Close the review").click();
    let asked = page.role("dialog", "1 blind round of this review still open");
    asked.wait_text("A blind round is still open: ");
    asked.button("Leave it").click();
    list.link("To the round: A blind round…").click();
    page.region("Who has answered").wait();
    go_to_step(&page, "Minutes");
    page.button("Close the review").click();
    asked.button("Close without revealing").click();
    page.wait_body("This review is closed.");
    list.wait_gone();
}
