//! A review from its agenda to its minutes, on one screen.

use serde_json::json;

use super::{
    example::c,
    harness::{Find as _, Found, Key, Page, Setup},
    meeting::{answers, back_on_the_table, go_to_step, start_review},
};

const LATER: [&str; 4] = ["Triggers", "Decision", "Actions", "Minutes"];
const PEOPLE: [&str; 3] = ["Red-teamer", "Area lead", "Researcher"];

/// Ticks exactly these cruxes.
fn put_on_agenda(page: &Page, cruxes: &[usize]) {
    page.button("Untick all").click();
    let agenda = page.role("list", "Agenda");
    for number in cruxes {
        agenda.checkbox(c(*number)).tick(true);
    }
    page.eventually("the agenda", || {
        let steps = page.role("navigation", "Steps of the review").all("link");
        (steps.count() == cruxes.len() + 5).then_some(())
    });
}

/// Waits until the list of steps marks this one as current.
fn wait_step(page: &Page, name: &str) {
    page.eventually(&format!("the step {name}"), || {
        let at = page.js(
            "return document.querySelector('.review-steps [aria-current=step]')?.textContent ?? ''",
            &[],
        );
        (at == name).then_some(())
    });
}

/// Counts presses and drags. Choosing from a list is two presses.
struct Hand<'a> {
    page: &'a Page,
    clicks: usize,
}

impl Hand<'_> {
    fn press(&mut self, what: &Found) {
        what.click();
        self.clicks += 1;
    }

    fn fill(&mut self, field: &Found, text: &str) {
        field.fill(text);
        self.clicks += 1;
    }

    fn choose(&mut self, field: &Found, label: &str) {
        field.choose(label);
        self.clicks += 2;
    }

    fn set_date(&mut self, field: &Found, date: &str) {
        field.set_date(date);
        self.clicks += 1;
    }

    /// Drags a handle to a percentage of its track.
    fn drag(&mut self, slider: &Found, percent: f64) {
        let from = slider.within(0.5, 0.5);
        let to = slider.within(percent / 100.0, 0.5);
        self.page.mouse_down(from);
        self.page.mouse_drag(to);
        self.page.mouse_up(to);
        self.clicks += 1;
    }
}

#[test]
fn a_review_of_two_cruxes_with_three_people_takes_at_most_35_clicks() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    let mut hand = Hand {
        page: &page,
        clicks: 0,
    };
    hand.press(&page.link("Reviews"));
    hand.press(&page.button("Start a review"));
    hand.press(&page.button("Untick all"));
    let agenda = page.role("list", "Agenda");
    for number in [1, 2] {
        hand.press(&agenda.checkbox(c(number)));
    }

    // Everybody answers on both cruxes, and hands the device on.
    hand.press(&page.button("Blind round on the agenda"));
    hand.press(&page.button("Answer: Red-teamer"));
    for (at, percent) in [70.0, 20.0, 40.0].into_iter().enumerate() {
        page.heading(&format!("Answers of {}", PEOPLE[at])).wait();
        for number in [1, 2] {
            hand.drag(&page.slider(&format!("Credence: {}", c(number))), percent);
            page.field(&format!("Why? {}", c(number))).wait();
        }
        hand.press(&page.button("Seal my answers"));
        match PEOPLE.get(at + 1) {
            Some(next) => hand.press(&page.button(&format!("I am {next}: go on"))),
            None => hand.press(&page.button("Reveal answers")),
        }
    }
    page.heading("Revealed").wait();

    // Crux by crux; a trigger of the first one is met.
    hand.press(&page.link(&format!("Next: {} →", c(1))));
    let outcome = page.group("Record outcome: By 2027-06-30 two…");
    hand.press(&outcome.button("Met"));
    hand.fill(&page.field("Reason: By 2027-06-30 two…"), "two groups have");
    hand.press(&page.button("Save outcome"));
    page.wait_notice("Trigger outcome recorded");
    hand.press(&page.link(&format!("Next: {} →", c(2))));
    page.heading("…").wait();
    wait_step(&page, c(2));

    // The decision with an action, the end, and the minutes.
    hand.press(
        &page
            .role("navigation", "Steps of the review")
            .link("Decision"),
    );
    hand.choose(&page.field("Chosen option"), "Wind down");
    hand.set_date(&page.field("Decide again on"), "2027-03-31");
    hand.fill(&page.field("Reason"), "the trigger says so");
    let action = page.group("Action 1");
    hand.fill(&action.field("What"), "Tell the funder");
    hand.choose(&action.field("Owner"), "Area lead");
    hand.set_date(&action.field("By"), "2026-12-15");
    hand.press(&page.button("Record the decision"));
    page.heading("More actions").wait();
    hand.press(&page.button("Close the review"));
    wait_step(&page, "Minutes");
    for part in [
        "Wind down, because the trigger says so · to be looked at again on 31 Mar 2027",
        "Action: Tell the funder (owed, Area lead, by 15 Dec 2026)",
        "Red-teamer judged: met.",
        "50 points apart",
        "This review is closed.",
    ] {
        page.wait_body(part);
    }
    assert!(hand.clicks <= 35, "{} clicks", hand.clicks);
}

#[test]
fn each_step_has_an_address_and_stays_after_a_reload_and_by_back_and_forward() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    put_on_agenda(&page, &[1, 2]);
    page.wait_saved();
    let steps = ["Agenda and changes", c(1), c(2)];
    let steps: Vec<&str> = steps.into_iter().chain(LATER).collect();
    let mut addresses = vec![page.fragment()];
    for (at, step) in steps.iter().enumerate().skip(1) {
        // The link to the next step names it, and the arrow key goes there too.
        page.link(&format!("Next: {step} →")).wait();
        if at % 2 == 0 {
            page.leave_field();
            page.press(Key::Right);
        } else {
            page.link("Next: …").click();
        }
        wait_step(&page, step);
        page.reload();
        wait_step(&page, step);
        addresses.push(page.fragment());
    }
    assert!(!page.link("Next: …").is_there(), "the minutes are the last");
    for at in (0..steps.len() - 1).rev() {
        page.back();
        wait_step(&page, steps[at]);
        assert_eq!(page.fragment(), addresses[at]);
    }
    page.js("history.forward()", &[]);
    wait_step(&page, steps[1]);
}

#[test]
fn credences_evidence_outcomes_decision_and_actions_are_entered_without_leaving_the_review() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    put_on_agenda(&page, &[1]);
    go_to_step(&page, c(1));

    // Anybody's credence, with a reason that is typed before or after.
    page.field("Credence of").choose("Researcher");
    page.field("Why?").fill("it was said in the room");
    page.field("Credence, in percent").retype("45");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    let reasons = page.region("Reasons");
    let row = reasons.with_text("row", "Researcher");
    row.wait_text("45%");
    row.wait_text("it was said in the room");
    page.field("Why?").fill("two people said so");
    page.leave_field();
    row.wait_text("two people said so");

    let evidence = page.region("Evidence");
    evidence.fold("Add evidence").open();
    evidence
        .field("What did you learn?")
        .fill("The second lab saw nothing.");
    evidence.role("radio", "−2, against").click();
    evidence.button("Save evidence").click();
    page.wait_notice("Evidence saved");
    evidence
        .with_text("listitem", "The second lab saw nothing.")
        .wait();
    wait_step(&page, c(1));

    go_to_step(&page, "Triggers");
    page.fold("Armed…").open();
    let outcome = page.group("Record outcome: By 2027-06-30 two…");
    outcome.button("Near").click();
    page.button("Save outcome").click();
    page.field("Reason: By 2027-06-30 two…")
        .wait_refused("Give a reason");
    page.field("Reason: By 2027-06-30 two…")
        .fill("one group has");
    page.button("Save outcome").click();
    page.wait_notice("Trigger outcome recorded");
    page.wait_body("Near, Red-teamer, ");
    page.eventually("the keyboard at the trigger", || {
        let at = page.js("return document.activeElement.id", &[]);
        at.as_str()?.starts_with("trigger-line-").then_some(())
    });
    wait_step(&page, "Triggers");

    go_to_step(&page, "Decision");
    page.field("Chosen option").choose("Continue");
    page.field("Reason").fill("one group is not two");
    page.button("Record the decision").click();
    wait_step(&page, "Actions");
    let action = page.group("Action 1");
    action.field("Owner").choose("Area lead");
    page.button("Save actions").click();
    action.field("What").wait_refused("Say what");
    action.field("What").fill("Ask the second lab");
    page.button("Save actions").click();
    page.with_text("listitem", "Ask the second lab")
        .wait_text("Area lead");
    go_to_step(&page, "Decision");
    page.region("Decision taken").wait();
    page.with_text("listitem", "Ask the second lab").wait();
    go_to_step(&page, "Minutes");
    for part in [
        "Continue, because one group is not two",
        "Action: Ask the second lab (owed, Area lead)",
        "Researcher 20% → 45%",
        "New evidence The second lab saw nothing.",
    ] {
        page.wait_body(part);
    }
}

#[test]
fn a_round_leads_back_to_the_step_it_was_opened_from() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    put_on_agenda(&page, &[1, 2]);
    page.button("Blind round on the agenda").click();
    page.region("Who has answered").wait();
    wait_step(&page, "Agenda and changes");
    page.link("Back to the review").click();
    wait_step(&page, "Agenda and changes");
    go_to_step(&page, c(2));
    page.button("Blind round on this crux").click();
    page.region("Who has answered").wait();
    wait_step(&page, c(2));
    answers(&page, "Area lead", &[(c(2), 12)]);
    // While a person has the device, the screen shows nothing of the review.
    assert!(!page.role("navigation", "Steps of the review").is_there());
    back_on_the_table(&page);
    page.reload();
    wait_step(&page, c(2));
    page.button("Reveal without …").click();
    super::rounds::confirm_reveal(&page);
    page.heading("Revealed").wait();
    page.link("Back to the review").click();
    wait_step(&page, c(2));
    page.link("Answers of the blind round").click();
    page.heading("Revealed").wait();
}

#[test]
fn a_closed_review_is_read_only_until_it_is_reopened() {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    put_on_agenda(&page, &[1, 2]);
    page.button("Close the review").click();
    page.wait_body("This review is closed.");
    for (step, left) in [
        (c(1), "Blind round on this crux"),
        ("Triggers", "Met"),
        ("Decision", "Record the decision"),
        ("Actions", "Save actions"),
    ] {
        go_to_step(&page, step);
        wait_step(&page, step);
        assert!(!page.button(left).is_there(), "{step} offers {left}");
        assert!(!page.all("slider").is_there(), "{step} has a slider");
    }
    page.button("Reopen").click();
    page.wait_notice("Review reopened");
    page.button("Save actions").wait();
    go_to_step(&page, c(1));
    page.button("Blind round on this crux").wait();
    page.wait_saved();
    page.reload();
    page.button("Blind round on this crux").wait();
}

#[test]
fn the_terms_of_a_trigger_stand_beside_it_in_a_review() {
    let page = Page::with_example();
    start_review(&page);
    put_on_agenda(&page, &[1]);
    for step in [c(1), "Triggers"] {
        go_to_step(&page, step);
        wait_step(&page, step);
        if step == "Triggers" {
            page.fold("Armed…").open();
        }
        let first = page.region("Triggers…");
        for term in ["Threshold", "30 Jun 2027 · in 7 months", "Judge", "Seen in"] {
            first.wait_text(term);
        }
    }
}

#[test]
fn no_step_of_a_review_scrolls_sideways_at_any_width() {
    let page = Setup::default().start().open_example();
    page.be("Red-teamer");
    start_review(&page);
    put_on_agenda(&page, &[1, 2]);
    for width in [320, 390, 800, 1000, 1280, 1920] {
        page.resize(width, 800);
        for step in [
            c(1),
            "Triggers",
            "Decision",
            "Actions",
            "Minutes",
            "Agenda and changes",
        ] {
            go_to_step(&page, step);
            wait_step(&page, step);
            let excess = page.js(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                &[],
            );
            // Less than nothing where the place of a scrollbar is kept free.
            assert!(
                excess.as_i64() <= Some(0),
                "{step} at {width} pixels: {excess}"
            );
            // The way on is fixed to the window, which does not scroll to it.
            let cut_off = page.js(
                "const links = [...document.querySelectorAll('footer a')];
                 return links.filter((a) => a.getBoundingClientRect().right > innerWidth).length",
                &[],
            );
            assert_eq!(cut_off, json!(0), "{step} at {width} pixels");
        }
    }
}

#[test]
fn the_time_of_a_crux_goes_on_after_its_step_was_left_also_in_its_round() {
    const MINUTE: i64 = 60_000;
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    put_on_agenda(&page, &[1, 2]);
    go_to_step(&page, c(1));
    page.wait_body("10 of 10 min left");
    page.move_clock(3 * MINUTE);
    go_to_step(&page, c(2));
    page.wait_body("10 of 10 min left");
    page.move_clock(2 * MINUTE);
    go_to_step(&page, c(1));
    page.wait_body("7 of 10 min left");
    page.button("Blind round on this crux").click();
    page.region("Who has answered").wait();
    page.wait_body("7 of 10 min left");
    page.move_clock(MINUTE);
    page.button("Answer: Red-teamer").click();
    page.heading("Answers of Red-teamer").wait();
    page.move_clock(2 * MINUTE);
    page.button("Leave without answering").click();
    page.region("Who has answered").wait();
    page.wait_body("4 of 10 min left");
    go_to_step(&page, c(2));
    page.wait_body("8 of 10 min left");
}
