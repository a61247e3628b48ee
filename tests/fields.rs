//! Fields that are being edited: changes from elsewhere meanwhile, dates, and refused texts.

use serde_json::json;

use super::{
    example::c,
    harness::{Find as _, Found, Key, Page},
    meeting::start_review,
};

/// Opens a crux in two windows, with a different person in each. Neither window notices that the other is in
/// front.
fn two_windows() -> (Page, Page) {
    let page = Page::with_example();
    let other = page.new_tab();
    for (window, person) in [(&page, "Red-teamer"), (&other, "Researcher")] {
        window.cdp(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
        if person == "Researcher" {
            other.go(&page.fragment());
            window.be(person);
        } else {
            window.be(person);
            window.open_crux(c(2));
        }
        window.fold("Claim and option").open();
    }
    (page, other)
}

#[test]
fn a_text_being_typed_is_kept_when_the_same_field_is_changed_elsewhere() {
    let (page, other) = two_windows();
    let (title, line) = ("Title", "One-line summary");
    // A change of another field shows nothing.
    page.field(line).retype("mine");
    other.field(title).fill("Renamed");
    other.wait_saved();
    page.heading("Renamed").wait();
    assert_eq!(page.field(line).value(), "mine");
    assert_eq!(
        page.all("alert").with_text("paragraph", "Changed").count(),
        0
    );

    other.field(line).fill("theirs");
    other.wait_saved();
    page.with_text("alert", "Changed by Researcher to “theirs”.")
        .wait();
    assert_eq!(page.field(line).value(), "mine");
    // Leaving the field stores its text; the other text is in the history.
    page.button("Keep mine").click();
    page.with_text("alert", "Changed by").wait_gone();
    other.field(line).wait_value("mine");

    page.field(line).retype("mine again");
    other.field(line).fill("theirs again");
    page.with_text("alert", "Changed by Researcher to “theirs again”.")
        .wait();
    page.button("Take theirs").click();
    page.field(line).wait_value("theirs again");
    page.with_text("alert", "Changed by").wait_gone();
    page.wait_saved();
    other.field(line).wait_value("theirs again");
    page.fold("Activity…").open();
    for text in ["theirs", "mine", "theirs again", "mine again"] {
        page.with_text("listitem", text).wait();
    }

    // Equal texts need no choice, and Escape restores the stored one.
    page.field(line).retype("agreed");
    other.field(line).fill("agreed");
    other.wait_saved();
    page.field(title).retype("Half a ti");
    other.field(title).fill("Theirs");
    page.with_text("alert", "Changed by Researcher to “Theirs”.")
        .wait();
    assert_eq!(
        page.all("alert").with_text("paragraph", "agreed").count(),
        0
    );
    page.press(Key::Escape);
    page.field(title).wait_value("Theirs");
    page.with_text("alert", "Changed by").wait_gone();
}

#[test]
fn a_text_being_typed_is_stored_when_its_field_is_taken_away_from_elsewhere() {
    let (page, other) = two_windows();
    for window in [&page, &other] {
        window.fold("Bearing and scope").open();
    }
    let is_useless = |window: &Page| window.fold("Bearing and scope").checkbox("Useless");
    is_useless(&page).tick(true);
    page.wait_saved();
    is_useless(&other).tick(true);
    page.field("Certainty").retype("almost certain");
    // Not awaited here: the stored value ticks it again at once.
    is_useless(&other).click();
    page.field("Certainty").wait_value("almost certain");
    page.fold("Activity…").open();
    page.with_text("listitem", "almost certain").wait();
}

#[test]
fn a_date_typed_key_by_key_is_one_change() {
    let page = Page::with_example();
    page.be("Red-teamer");
    let typed = |keys: &str| {
        for key in keys.chars() {
            page.press(key.to_string());
        }
    };
    let wait_one_more = |before: usize| {
        page.wait_saved();
        page.eventually("one change more", || {
            (page.stored_count() == before + 1).then_some(())
        });
    };
    page.open_crux(c(1));
    page.fold("Settings").open();
    let review_on = page.fold("Settings").field("Review on");
    let before = page.stored_count();
    review_on.focus();
    typed("12312027");
    // To the calendar button, which is within the field.
    page.press(Key::Tab);
    page.reload();
    page.fold("Settings").open();
    review_on.wait_value("2027-12-31");
    wait_one_more(before);

    page.tab("Setup");
    let next = page.field("Next review");
    next.focus();
    typed("12312027");
    page.press(Key::Enter);
    wait_one_more(before + 1);
    page.leave_field();

    page.tab("Follow-ups");
    let card = page.with_text("article", "Substantive reply to Commenter A");
    card.fold("Edit").open();
    card.field("By").focus();
    typed("12312027");
    page.leave_field();
    wait_one_more(before + 2);

    page.tab("Due");
    page.fold("Later…").open();
    page.wait_body("31 Dec 2027");
    assert!(!page.body().contains("years ago"), "{}", page.body());
    let document = page.download();
    let example = include_str!("../public/example.cruxboard.json");
    for field in ["review_on", "next_review", "by_date"] {
        let set = format!("\"{field}\":\"2027-12-31\"");
        let count = |text: &str| text.replace(": ", ":").matches(&set).count();
        assert_eq!(count(&document), count(example) + 1, "{field}");
    }
    for year in ["\"0002-", "\"0020-", "\"0202-"] {
        assert!(!document.contains(year), "{year} is in the file");
    }
}

#[test]
fn a_year_that_was_probably_not_meant_is_asked_about_and_half_a_date_is_not_taken() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Setup");
    let next = page.field("Next review");
    let (was, before) = (next.value(), page.stored_count());
    next.focus();
    for key in "1231".chars() {
        page.press(key.to_string());
    }
    page.press(Key::Backspace);
    page.leave_field();
    page.with_text("status", "The date is incomplete.").wait();
    page.reload();
    next.wait_value(&was);
    assert_eq!(page.stored_count(), before);

    next.set_date("0099-12-31");
    page.with_text("alert", "Is the year 99 meant?").wait();
    page.reload();
    next.wait_value(&was);
    assert_eq!(page.stored_count(), before, "asked about, and not stored");

    next.set_date("2201-01-01");
    let asked = page.with_text("alert", "Is the year 2201 meant?");
    asked.button("Keep it").click();
    asked.wait_gone();
    page.wait_saved();
    page.reload();
    next.wait_value("2201-01-01");

    // Evidence may be older than due dates.
    page.tab("Evidence");
    page.link("+ Evidence").click();
    page.fold("When").open();
    page.field("Event date").fill("1957");
    page.field("Source date").fill("1859-11-24");
    let asked = page.with_text("alert", "Is the year 1859 meant?");
    asked.wait();
    assert_eq!(page.button("Keep it").count(), 1, "1957 is not asked about");
}

#[test]
fn a_date_is_shown_as_dates_are_written_however_it_was_typed() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Evidence");
    page.link("+ Evidence").click();
    page.field("Text").fill("It was measured twice.");
    page.fold("When").open();
    let date = page.field("Event date");
    date.fill("2026-11-30");
    date.wait_value("30 Nov 2026");
    page.reload();
    date.wait_value("30 Nov 2026");
    page.button("Save evidence").click();
    page.with_text("link", "It was measured twice.").click();
    page.heading("It was measured twice.").wait();
    page.fold("When").open();
    date.wait_value("30 Nov 2026");
    // The same date in other words changes nothing, and reads as before.
    let count = page.stored_count();
    for typed in ["30.11.2026", "Nov 30, 2026", "2026-11-30"] {
        date.fill(typed);
        date.wait_value("30 Nov 2026");
    }
    assert_eq!(page.stored_count(), count);
    date.fill("11.2026");
    date.wait_value("Nov 2026");
    page.wait_saved();
    page.reload();
    page.fold("When").open();
    date.wait_value("Nov 2026");
}

#[test]
fn a_form_with_a_link_or_date_that_is_none_is_not_handed_in_and_shows_where_it_is() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Evidence");
    page.link("+ Evidence").click();
    page.field("Text").fill("It was measured twice.");
    page.field("Link").retype("htp:/nowhere");
    page.button("Save evidence").click();
    page.button("Save evidence").click();
    page.wait_focus("field", "Link");
    assert_eq!(page.field("Link").value(), "htp:/nowhere");
    page.field("Link").fill("https://example.org/a");
    // Also if the field is folded.
    page.fold("When").open();
    page.field("Event date").fill("2026-13-45");
    page.fold("When").set_open(false);
    page.button("Save evidence").click();
    page.wait_focus("field", "Event date");
    // Also with the keyboard, while the field is being written.
    page.field("Event date").retype("11/23/2026");
    page.press_with(&[Key::Control], Key::Enter);
    page.wait_focus("field", "Event date");
    page.field("Event date").fill("23. Nov. 2026");
    page.button("Save evidence").click();
    page.heading("Evidence").wait();
    page.link("It was measured twice.").click();
    page.link("example.org/a").wait();

    page.tab("Decisions");
    page.link("Record a decision").click();
    page.field("Chosen option").choose("Wind down");
    page.field("Reason").fill("it costs more than it brings");
    page.field("Decide again on").focus();
    page.press("1");
    page.press("2");
    page.leave_field();
    page.button("Record the decision").click();
    page.wait_focus("field", "Decide again on");
    page.field("Decide again on").set_date("2027-03-01");
    page.button("Record the decision").click();
    page.heading("Decisions").wait();
    page.wait_body("1 Mar 2027");

    page.tab("Follow-ups");
    let form = page.region("Add a follow-up");
    form.field("What").fill("Ask for the data");
    form.field("Link to the answer").fill("nowhere");
    form.button("Add the follow-up").click();
    page.wait_focus("field", "Link to the answer");
    assert!(!page.with_text("article", "Ask for the data").is_there());
}

/// The example with a blind round, in which Red-teamer is about to answer.
fn answering() -> Page {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    page.button("Blind round on the agenda").click();
    page.heading("Blind round").wait();
    page.button("Answer: Red-teamer").click();
    page
}

#[test]
fn answers_of_a_blind_round_that_are_not_sealed_are_asked_about_and_nowhere_in_storage() {
    let page = answering();
    assert!(!page.is_guarded());
    let number = page.all("spinbutton");
    assert_eq!(number.count(), 0);
    page.field(&format!("Credence: {}, in percent", c(1)))
        .retype("83");
    page.press(Key::Enter);
    page.field(&format!("Why? {}", c(1)))
        .fill("a secret reason");
    assert!(page.is_guarded(), "leaving is not asked about");
    let kept = json!(page.local_storage()).to_string();
    assert!(!kept.contains("a secret reason"), "{kept}");
    page.button("Leave without answering").click();
    page.region("Who has answered").wait();
    assert!(!page.is_guarded());
}

#[test]
fn blind_answers_are_not_sealed_while_one_of_them_is_no_credence() {
    let page = answering();
    let number = |crux: &str| page.field(&format!("Credence: {crux}, in percent"));
    for (crux, typed) in [(c(1), "83"), (c(5), "120")] {
        number(crux).retype(typed);
        page.press(Key::Enter);
    }
    page.button("Seal my answers").click();
    page.wait_focus("textbox", &format!("Credence: {}, in percent", c(5)));
    number(c(5)).retype("12");
    page.press(Key::Enter);
    super::meeting::seal(&page);
}

#[test]
fn a_refused_form_marks_the_field_that_lacks_something_and_puts_the_keyboard_there() {
    let page = Page::with_example();
    // Nobody is chosen: that field is at the top of the page.
    page.open_crux(c(1));
    let fold = page
        .region("Triggers")
        .all("article")
        .at(0)
        .fold("Record outcome");
    fold.open();
    fold.field("Status").choose("Met");
    fold.field("Reason").fill("it was seen");
    fold.button("Save outcome").click();
    page.field("You are").wait_refused("Choose your name");
    page.be("Red-teamer");
    assert_eq!(page.field("You are").attr("aria-invalid"), None);

    for (region, fold, button, field) in [
        ("Triggers", "Add a trigger", "Add the trigger", "Observable"),
        (
            "Positions of others",
            "Record a position",
            "Record the position",
            "Who",
        ),
        ("Follow-ups", "Add a follow-up", "Add the follow-up", "What"),
    ] {
        let fold = page.region(region).fold(fold);
        fold.open();
        fold.button(button).click();
        let field = fold.field(field);
        field.wait_refused("still empty");
        field.fill("something");
        assert_eq!(field.attr("aria-invalid"), None, "{region}");
    }
    page.fold("Settings").open();
    page.button("Split in two…").click();
    page.button("Split").click();
    page.field("Claim of the new crux")
        .wait_refused("still empty");

    page.tab("Cruxes");
    page.link("+ Crux").click();
    page.button("Add the crux").click();
    page.field("Claim").wait_refused("still empty");
    page.tab("Due");
    let owed = page.with_text("article", "Recover the two lost links");
    owed.fold("Dismiss").open();
    owed.fold("Dismiss").button("Dismiss").click();
    owed.field("Reason for dismissing")
        .wait_refused("still empty");
    // A field that saves itself is marked, and the keyboard stays where it went.
    page.tab("Setup");
    page.field("Decision question").fill("");
    page.eventually("the field to be marked", || {
        (page.field("Decision question").attr("aria-invalid")? == "true").then_some(())
    });
    assert!(!page.focus_is("field", "Decision question"));
}

#[test]
fn a_taken_name_of_an_option_or_a_term_is_refused_at_its_field() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Setup");
    for (label, text) in [
        ("Add an option", "Go slower"),
        ("Define a term", "Slow"),
        ("Define a term", "Slower"),
    ] {
        page.field(label).retype(text);
        page.press(Key::Enter);
        page.group(text).wait();
    }
    for (label, text, why) in [
        (
            "Add an option",
            "WIND  down",
            "There is an option “Wind down” already",
        ),
        ("Define a term", "ＳＬＯＷ", "“Slow” is defined already"),
    ] {
        let add = page.field(label);
        add.retype(text);
        page.press(Key::Enter);
        add.wait_refused(why);
        assert_eq!(add.value(), text, "nothing typed is lost");
        add.fill("");
    }
    // A field that saves itself is marked, and the keyboard stays where it went.
    for (group, label, text, why) in [
        (
            "Go slower",
            "Name",
            "wind down",
            "There is an option “Wind down” already",
        ),
        (
            "Go slower",
            "Name",
            "",
            "The name of the option is still empty",
        ),
        ("Slower", "Term", "slow", "“Slow” is defined already"),
    ] {
        let field = page.group(group).field(label);
        field.fill(text);
        page.group(group).with_text("status", why).wait();
        page.eventually("the field to be marked", || {
            (field.attr("aria-invalid")? == "true").then_some(())
        });
        assert!(!page.focus_is("field", label));
    }
    page.wait_saved();
    page.reload();
    for name in ["Wind down", "Go slower", "Slow", "Slower"] {
        page.group(name).wait();
    }
}

#[test]
fn a_step_of_a_new_board_names_its_error_at_the_field() {
    let page = Page::start();
    page.link("Start with your question…").click();
    let told = |field: &Found| {
        field.on_element(
            "const ids = (arguments[0].getAttribute('aria-describedby') ?? '').split(' ');
             return ids.map((id) => document.getElementById(id)?.innerText ?? 'no such element').join(' ')",
            &[],
        )
    };
    let check = |label: &str, error: &str| {
        let field = page.field(label);
        page.with_text("alert", error).wait();
        assert_eq!(
            field.attr("aria-invalid").as_deref(),
            Some("true"),
            "{label}"
        );
        let told = told(&field);
        assert!(
            told.as_str().is_some_and(|told| told.contains(error)),
            "{label}: {told}"
        );
    };
    page.field("Decision question").fill(&"so ".repeat(500));
    page.button("Next").click();
    check("Decision question", "too long");
    page.field("Decision question").fill("Keep the press?");
    page.button("Next").click();
    page.field("People: names or roles, separated by commas")
        .fill("Ada, Ben, ada");
    page.button("Next").click();
    check("People: names or roles, separated by commas", "There is a");
}

#[test]
fn an_error_goes_once_it_is_put_right_or_its_screen_is_left() {
    let page = Page::with_example();
    page.row(c(1)).wait();
    let wait_gone = |part: &str| {
        page.eventually("the error to be gone", || {
            (!page.notices().contains(part)).then_some(())
        });
    };
    page.button("Fill in my credences").click();
    page.wait_notice("Choose your name");
    page.be("Red-teamer");
    wait_gone("Choose your name");
    page.open_crux(c(1));
    let fold = page.region("Follow-ups").fold("Add a follow-up");
    fold.open();
    fold.button("Add the follow-up").click();
    page.wait_notice("still empty");
    fold.field("What").fill("something");
    wait_gone("still empty");
    fold.field("What").fill("");
    fold.button("Add the follow-up").click();
    page.wait_notice("still empty");
    page.tab("Due");
    wait_gone("still empty");
}
