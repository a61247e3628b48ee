//! Writing triggers, recording their outcomes, and moving goalposts visibly.

use super::{
    example::c,
    harness::{Find as _, Found, Key, Page, Setup},
};

fn on_crux(number: usize, person: &str) -> Page {
    on_crux_of(Setup::default(), number, person)
}

fn on_crux_of(setup: Setup, number: usize, person: &str) -> Page {
    let page = setup.start().open_example();
    page.be(person);
    page.open_crux(c(number));
    page
}

/// Finds the card of a trigger by a part of its condition.
fn card(page: &Page, part: &str) -> Found {
    page.region("Triggers").with_text("article", part)
}

const STOP: &str = "two independent groups report";

#[test]
fn a_trigger_is_added_with_all_that_makes_it_concrete() {
    let page = on_crux(2, "Red-teamer");
    page.fold("Add a trigger").open();
    let form = page.fold("Add a trigger");
    form.field("Speaks for").choose("Double down");
    form.field("Observable")
        .fill("The ratio is under one in three families.");
    form.button("Add the trigger").click();
    let added = card(&page, "The ratio is under one in three families.");
    added.with_text("heading", "Double down: armed").wait();
    // The gaps are listed, and block nothing.
    let lacks = added.texts().join(" ");
    for part in ["threshold", "date", "judge"] {
        assert!(
            lacks.to_lowercase().contains(part),
            "{part} is not named in {lacks}"
        );
    }
    added.fold("Edit its terms").open();
    // The trigger is armed, so its judge is a goalpost.
    added.field("Judge").fill("research lead");
    let ask = added.group("Change of terms after arming");
    ask.all("field").fill("nobody was named");
    ask.button("Change the terms").click();
    added
        .with_text("listitem", "judge: “” became “research lead”")
        .wait();
    page.wait_saved();
    page.reload();
    card(&page, "The ratio is under one in three families.").wait_text("research lead");
    assert_eq!(page.region("Triggers").all("article").count(), 5);

    // With all fields filled in it has no gaps, and shows everything.
    page.fold("Add a trigger").open();
    assert_eq!(form.field("Observable").value(), "", "ready for the next");
    let texts = [
        ("Observable", "The ratio is above four in two families."),
        ("Threshold", "above four, twice"),
        ("Source", "the quarterly measurement"),
        ("Judge", "two blinded raters"),
        ("Action", "Hold a meeting within a week"),
    ];
    for (label, text) in texts {
        form.field(label).fill(text);
    }
    form.field("By").set_date("2027-09-30");
    form.field("Review on").set_date("2027-03-15");
    form.field("Speaks for").choose("Continue");
    form.field("If it is met, the claim is").choose("false");
    form.button("Add the trigger").click();
    page.wait_saved();
    page.reload();
    let added = card(&page, "The ratio is above four in two families.");
    added.with_text("heading", "Continue: armed").wait();
    let said = added.text();
    for part in [
        "Threshold above four, twice",
        "Seen in the quarterly measurement",
        "By 30 Sep 2027",
        "Judge two blinded raters",
        "Then Hold a meeting within a week",
        "If met the claim counts as false",
        "Review 15 Mar 2027",
    ] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    assert_eq!(added.all("listitem").count(), 0, "it lacks nothing: {said}");
    added.fold("Edit its terms").open();
    for (label, text) in texts {
        added.field(label).wait_value(text);
    }
    added.field("By").wait_value("2027-09-30");
    added.field("Review on").wait_value("2027-03-15");
}

#[test]
fn a_trigger_can_watch_credences_and_is_computed() {
    let page = on_crux(1, "Red-teamer");
    page.fold("Add a trigger").open();
    let form = page.fold("Add a trigger");
    form.checkbox("Computed from credences…").tick(true);
    form.field("Speaks for").choose("Wind down");
    form.field("Watches the").choose("Aggregate");
    form.field("When it is").choose("at or above");
    form.field("Value, in % or points").fill("20");
    form.field("At how many reviews in a row").fill("0");
    form.button("Add the trigger").click();
    // The aggregate is 22%: the trigger is met at once, and only calls for a decision.
    let added = page.region("Triggers").with_text("article", "20");
    added.with_text("heading", "Wind down: met").wait();
    page.wait_body("Met: hold a decision meeting. A trigger does not decide by itself.");

    // Also for the other side, and for the spread.
    for (measure, value, watches, heading) in [
        (
            "Aggregate",
            "21",
            "Watches aggregate at or below 21%",
            "Continue: near",
        ),
        (
            "Spread",
            "9",
            "Watches spread at or below 9 points",
            "Continue: armed",
        ),
        (
            "Spread",
            "21",
            "Watches spread at or below 21 points",
            "Continue: met",
        ),
    ] {
        form.checkbox("Computed from credences…").tick(true);
        form.field("Speaks for").choose("Continue");
        form.field("Watches the").choose(measure);
        form.field("When it is").choose("at or below");
        form.field("Value, in % or points").fill(value);
        form.field("At how many reviews in a row").fill("0");
        form.button("Add the trigger").click();
        card(&page, watches).with_text("heading", heading).wait();
    }
    page.tab("Cruxes");
    page.fold("Details").open();
    page.region("Status of the board").link("2 met").wait();
    page.row(c(1)).with_text("cell", "met").wait();
}

#[test]
fn reviews_running_are_counted_before_a_credence_trigger_is_met() {
    let page = on_crux(1, "Red-teamer");
    page.fold("Add a trigger").open();
    let form = page.fold("Add a trigger");
    form.checkbox("Computed from credences…").tick(true);
    form.field("Value, in % or points").fill("20");
    form.field("At how many reviews in a row").fill("2");
    form.button("Add the trigger").click();
    // Days since the previous review. The second review is less than a day later, and so counts as the same.
    for (days, counted) in [(0, 0), (0, 1), (2, 1), (2, 2)] {
        page.move_clock(days * 86_400_000);
        page.reload();
        let added = page.region("Triggers").with_text("article", "20%");
        let expected = if counted == 2 { "met" } else { "near" };
        added.with_text("heading", expected).wait();
        let found = added.all("listitem").texts();
        let found = found.iter().filter(|text| text.contains("it held"));
        assert_eq!(found.count(), counted, "{days}");
        page.tab("History");
        page.button("Record that a review was held now").click();
        page.wait_notice("Review recorded");
        page.wait_saved();
        page.back();
        page.heading(c(1)).wait();
    }
}

#[test]
fn a_computed_trigger_says_on_how_many_people_it_rests_and_waits_for_its_quorum() {
    let page = on_crux(1, "Red-teamer");
    page.fold("Add a trigger").open();
    let form = page.fold("Add a trigger");
    form.checkbox("Computed from credences…").tick(true);
    form.field("Value, in % or points").fill("20");
    form.field("At how many reviews in a row").fill("0");
    form.field("From at least how many people").fill("4");
    form.button("Add the trigger").click();
    let added = page
        .region("Triggers")
        .with_text("article", "at or above 20%");
    added.with_text("heading", "near").wait();
    added
        .with_text("terms", "from 3 of 3 people; at least 4 are needed")
        .wait();
    // A quorum is one of the terms: changing it takes a reason, and stays visible.
    added.fold("Edit its terms").open();
    added.field("From at least how many people").fill("");
    let ask = added.group("Change of terms after arming");
    ask.all("field").fill("we are three");
    ask.button("Change the terms").click();
    added.with_text("heading", "met").wait();
    added
        .with_text("listitem", "quorum: “4” became “more than half”")
        .wait();
    added
        .with_text("terms", "from 3 of 3 people; at least 2 are needed")
        .wait();
}

#[test]
fn two_judges_who_disagree_leave_a_trigger_disputed_until_somebody_settles_it() {
    let page = on_crux(1, "Red-teamer");
    let trigger = card(&page, STOP);
    let judge = |verdict: &str, because: &str, button: &str| {
        trigger.fold("Record outcome").open();
        trigger.field("Status").choose(verdict);
        trigger.field("Reason").fill(because);
        trigger.button(button).click();
    };
    judge("Met", "two preprints say so", "Save outcome");
    trigger.with_text("heading", "Wind down: met").wait();
    page.be("Researcher");
    judge("Not met", "one was withdrawn", "Save outcome");
    trigger.with_text("heading", "Wind down: disputed").wait();
    trigger.wait_text("Its judges disagree (Red-teamer: met; Researcher: not met)");
    page.be("Area lead");
    judge("Not met", "the journal confirms it", "Settle the dispute");
    trigger.with_text("heading", "Wind down: not met").wait();
    trigger
        .with_text("listitem", "the journal confirms it (settles the dispute)")
        .wait();
    // An outcome on a threshold that is changed afterwards is disputed as well.
    trigger.fold("Edit its terms").open();
    trigger.field("Threshold").fill("at least 9 points");
    let ask = trigger.group("Change of terms after arming");
    ask.all("field").fill("the measure changed");
    ask.button("Change the terms").click();
    trigger.with_text("heading", "Wind down: disputed").wait();
    trigger.wait_text("It was judged before its observable, threshold or date was changed");
}

#[test]
fn a_judgement_has_a_person_a_reason_and_evidence_and_is_corrected_by_another() {
    let page = on_crux(1, "Red-teamer");
    let trigger = card(&page, STOP);
    trigger.fold("Record outcome").open();
    trigger.button("Save outcome").click();
    page.wait_notice("Choose a status");
    trigger.field("Status").wait_refused("Choose a status");
    trigger.field("Status").choose("Met");
    assert_eq!(trigger.field("Status").attr("aria-invalid"), None);
    trigger.button("Save outcome").click();
    page.wait_notice("Give a reason");
    trigger.field("Reason").wait_refused("Give a reason");
    trigger.field("Reason").fill("two preprints say so");
    trigger
        .group("On which evidence")
        .all("checkbox")
        .at(0)
        .tick(true);
    trigger.button("Save outcome").click();
    trigger.with_text("heading", "Wind down: met").wait();
    trigger
        .with_text(
            "listitem",
            "Met, Red-teamer, 24 Nov 2026: two preprints say so [",
        )
        .wait();
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Near");
    trigger.field("Reason").fill("one of the two was withdrawn");
    trigger.button("Save outcome").click();
    trigger.with_text("heading", "Wind down: near").wait();
    trigger.with_text("listitem", "Near, Red-teamer").wait();
    let old = trigger.with_text("listitem", "two preprints say so").text();
    assert!(old.contains("(corrected since)"), "{old}");
    page.tab("Cruxes");
    page.fold("Details").open();
    page.region("Status of the board").link("1 near").click();
    page.wait_shown(&[1], "the crux with the near trigger");
    page.undo();
    let board = page.fragment();
    page.go(board.split('?').next().unwrap_or_default());
    page.region("Status of the board").link("1 met").click();
    page.wait_shown(&[1], "the crux with the met trigger");
}

#[test]
fn nobody_judges_before_they_say_who_they_are() {
    let page = Page::with_example();
    page.open_crux(c(1));
    let trigger = card(&page, STOP);
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Met");
    trigger.field("Reason").fill("two preprints say so");
    trigger.button("Save outcome").click();
    page.wait_notice("Choose your name");
    page.be("Researcher");
    // The reason need not be typed again.
    trigger.button("Save outcome").click();
    trigger.with_text("listitem", "Met, Researcher").wait();
}

#[test]
fn a_credence_trigger_is_voided_and_opened_again_where_it_stands() {
    let page = on_crux(1, "Red-teamer");
    let trigger = card(&page, "spread");
    trigger.fold("Record outcome").open();
    let verdicts = trigger.field("Status").text();
    assert!(!verdicts.contains("Not met"), "it is computed: {verdicts}");
    for (verdict, state) in [("Void", "void"), ("Reopen", "armed")] {
        trigger.fold("Record outcome").open();
        trigger.field("Status").choose(verdict);
        trigger.field("Reason").fill("as we agreed");
        trigger.button("Save outcome").click();
        trigger.with_text("heading", state).wait();
    }
}

#[test]
fn every_state_can_be_reached_and_reads_as_a_word() {
    let page = on_crux_of(Setup::phone(), 3, "Red-teamer");
    let trigger = page.region("Triggers").all("article").at(0);
    for (verdict, state) in [
        ("Near", "near"),
        ("Met", "met"),
        ("Not met", "not met"),
        ("Void", "void"),
        ("Disputed", "disputed"),
        ("Reopen", "armed"),
    ] {
        trigger.fold("Record outcome").open();
        trigger.field("Status").choose(verdict);
        trigger.field("Reason").fill("for the test");
        // The next outcome settles a dispute.
        let judge = match verdict {
            "Reopen" => "Settle the dispute",
            _ => "Save outcome",
        };
        trigger.button(judge).click();
        trigger.with_text("heading", &format!(": {state}")).wait();
    }
    trigger.fold("Edit its terms").open();
    trigger.checkbox("Armed").tick(false);
    trigger.with_text("heading", ": draft").wait();
}

/// Presses Tab until a field has the keyboard, and types.
fn type_into(page: &Page, field: &str, text: &str) {
    page.tab_to("field", field);
    page.press(text);
}

/// Presses Tab until an element has the keyboard, and presses Enter.
fn enter_on(page: &Page, role: &str, name: &str) {
    page.tab_to(role, name);
    page.press(Key::Enter);
}

#[test]
fn a_trigger_is_written_judged_and_taken_back_by_keyboard_alone() {
    let page = on_crux(9, "Red-teamer");
    enter_on(&page, "summary", "Add a trigger");
    let form = page.fold("Add a trigger");
    form.field("Observable").wait();
    type_into(&page, "Speaks for", "Double");
    type_into(&page, "Observable", "Two more groups say so.");
    enter_on(&page, "button", "Add the trigger");
    card(&page, "Two more groups say so.")
        .with_text("heading", "Double down: armed")
        .wait();

    let first = page.region("Triggers").all("article").at(0);
    enter_on(&page, "summary", "Record outcome");
    first.field("Status").wait();
    type_into(&page, "Status", "Near");
    type_into(&page, "Reason", "one of them does");
    enter_on(&page, "button", "Save outcome");
    first.with_text("heading", ": near").wait();
    page.press_with(&[Key::Control], "z");
    first.with_text("heading", ": armed").wait();
    page.press_with(&[Key::Control], "z");
    card(&page, "Two more groups say so.").wait_gone();
}

#[test]
fn moving_the_goalpost_of_an_armed_trigger_asks_why_and_shows_for_good() {
    let page = on_crux(1, "Area lead");
    let trigger = card(&page, STOP);
    trigger.fold("Edit its terms").open();
    trigger.field("By").set_date("2028-06-30");
    let ask = trigger.group("Change of terms after arming");
    ask.wait();
    ask.button("Keep the old terms").click();
    ask.wait_gone();
    trigger.wait_text("30 Jun 2027");
    // The field shows the stored value again.
    trigger.field("By").wait_value("2027-06-30");
    // Changes that wait for a reason wait together.
    trigger.field("Threshold").fill("at least 9 points");
    ask.wait();
    trigger.field("By").set_date("2028-06-30");
    trigger.field("Threshold").wait_value("at least 9 points");
    ask.button("Change the terms").click();
    page.wait_notice("give the reason why its terms change");
    ask.all("field")
        .wait_refused("give the reason why its terms change");
    ask.all("field").fill("the study was delayed by a year");
    ask.button("Change the terms").click();
    let moved = trigger
        .with_text("listitem", "Goalpost moved by Area lead")
        .text();
    for part in [
        "2027-06-30",
        "2028-06-30",
        "became “at least 9 points”",
        "Why: the study was delayed by a year",
    ] {
        assert!(moved.contains(part), "{part} is missing in {moved}");
    }
    page.wait_saved();
    page.reload();
    card(&page, STOP)
        .with_text("listitem", "the study was delayed by a year")
        .wait();
    page.tab("Cruxes");
    page.fold("Filter…").open();
    page.group("Has").checkbox("Moved goalposts (1)").wait();
}

#[test]
fn a_date_that_passed_with_nothing_judged_is_undecided_and_never_counts_as_continue() {
    let page = on_crux(1, "Red-teamer");
    // 2027-07-01: the day after.
    page.move_clock(219 * 86_400_000);
    page.reload();
    let trigger = card(&page, STOP);
    trigger.with_text("heading", "Wind down: undecided").wait();
    trigger.wait_text("It counts for no option until one is recorded.");
    page.tab("Cruxes");
    page.fold("Details").open();
    let past = page.region("Status of the board").link("…overdue").names();
    assert!(!past[0].starts_with('0'), "{past:?}");
    page.row(c(1)).with_text("cell", "undecided").wait();
    page.fold("Filter…").open();
    let undecided = page.group("Trigger").checkbox("undecided (4)");
    undecided.tick(true);
    page.wait_shown(&[1, 2, 5, 9], "those whose date has passed");
    undecided.tick(false);
    page.fold("Filter…").set_open(false);
    // Anyone may void it, with a reason.
    page.be("Researcher");
    page.open_crux(c(1));
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Void");
    trigger
        .field("Reason")
        .fill("nobody runs such studies any more");
    trigger.button("Save outcome").click();
    trigger.with_text("heading", "Wind down: void").wait();
}

#[test]
fn a_crux_says_what_it_lacks_as_advice_and_stops_saying_it_when_it_is_there() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.link("+ Crux").click();
    page.field("Claim")
        .at(0)
        .fill("It is cheap and it is good.");
    page.button("Add the crux").click();
    page.heading("It is cheap and it is good.").wait();
    let lacks = page.region("Gaps");
    let said = lacks.text().to_lowercase();
    for part in ["option", "trigger", "evidence", "and"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let before = lacks.all("listitem").count();
    page.fold("Claim and option").open();
    page.fold("Claim and option")
        .field("Option if true")
        .choose("Continue");
    page.eventually("one thing less to lack", || {
        (lacks.all("listitem").count() == before - 1).then_some(())
    });
    page.wait_body("If true: Continue");
}

#[test]
fn evidence_on_the_other_side_begins_on_that_side() {
    let page = Page::with_example();
    page.tab("Due");
    let advice = page.fold("Evidence on one side only…");
    advice.open();
    let due = advice
        .with_text("article", "Evidence on one side only")
        .at(0);
    // Of the nine cruxes only the second has evidence on one side only, against it.
    let is_second = due.text().contains(c(2));
    let missing = if is_second {
        "+2, for"
    } else {
        "−2, against"
    };
    due.link("+ Evidence on the other side").click();
    page.heading("New evidence").wait();
    let steps = page.role("radio", missing);
    let chosen = (0..9).filter(|at| steps.clone().at(*at).prop("checked") == true);
    assert_eq!(chosen.count(), 1, "{missing}");
}

#[test]
fn a_notice_takes_no_click_of_what_lies_under_it_and_escape_dismisses_it() {
    let page = on_crux(1, "Red-teamer");
    page.field("Your credence, in percent").retype("61");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    let takes = page.js(
        "const at = (element) => { \
           const box = element.getBoundingClientRect(); \
           const x = box.left + box.width / 2, y = box.top + box.height / 2; \
           return element.contains(document.elementFromPoint(x, y)); \
         }; \
         const notice = document.querySelector('.notice'); \
         return [at(notice.querySelector('span')), at(notice.querySelector('button'))];",
        &[],
    );
    assert_eq!(takes, serde_json::json!([false, true]));
    page.press(Key::Escape);
    page.eventually("no notice", || {
        (!page.notices().contains("Credence updated")).then_some(())
    });
}

#[test]
fn an_error_leaves_its_field_in_sight() {
    for (width, height) in [(1_280, 720), (390, 600)] {
        let page = on_crux(1, "Red-teamer");
        page.resize(width, height);
        let fold = page.region("Triggers").fold("Record outcome").at(0);
        fold.open();
        let save = fold.button("Save outcome");
        save.click();
        page.wait_notice("Choose a status.");
        page.eventually("the field in sight", || {
            let covered = page.js(
                "const field = document.activeElement.getBoundingClientRect(); \
                 const notice = document.querySelector('.notice').getBoundingClientRect(); \
                 return field.bottom > notice.top && field.top < notice.bottom",
                &[],
            );
            (covered == false).then_some(())
        });
        // The notice stays until somebody dismisses it or does something else.
        std::thread::sleep(std::time::Duration::from_secs(7));
        page.wait_notice("Choose a status.");
        page.press(Key::Escape);
        page.eventually("no notice", || {
            (!page.notices().contains("Choose a status.")).then_some(())
        });
    }
}

#[test]
fn a_notice_leaves_the_last_field_in_reach() {
    let page = on_crux(1, "Red-teamer");
    let fold = page.region("Triggers").fold("Record outcome").at(0);
    fold.open();
    fold.button("Save outcome").click();
    page.wait_notice("Choose a status.");
    let covered = page.js(
        "const covered = []; \
         for (const field of document.querySelectorAll('main button, main input, main a')) { \
           if (!field.getClientRects().length) continue; \
           field.scrollIntoView({block: 'end'}); \
           const box = field.getBoundingClientRect(); \
           const notice = document.querySelector('.notice').getBoundingClientRect(); \
           if (box.bottom > notice.top && box.right > notice.left && box.left < notice.right) { \
             covered.push(field.textContent || field.id); \
           } \
         } \
         return covered;",
        &[],
    );
    assert_eq!(covered, serde_json::json!([]));
}

#[test]
fn a_date_that_has_passed_is_taken_and_said_to_have_passed() {
    let page = on_crux(2, "Red-teamer");
    page.fold("Add a trigger").open();
    let form = page.fold("Add a trigger");
    form.field("Observable").fill("Nobody replied.");
    let passed = form.with_text("status", "This day has passed.");
    form.field("By").set_date("2020-02-29");
    passed.wait();
    form.field("By").set_date("2199-02-28");
    passed.wait_gone();
    form.field("By").set_date("2020-02-29");
    passed.wait();
    form.button("Add the trigger").click();
    card(&page, "Nobody replied.").wait_text("29 Feb 2020");
}
