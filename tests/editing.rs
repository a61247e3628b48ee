//! Editing, retracting and undoing.

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup},
};

fn on_crux(number: usize) -> Page {
    on_crux_of(Setup::default(), number)
}

fn on_crux_of(setup: Setup, number: usize) -> Page {
    let page = setup.start().open_example();
    page.be("Red-teamer");
    page.open_crux(c(number));
    page
}

#[test]
fn every_field_of_a_crux_keeps_what_is_put_in_across_a_reload() {
    let page = on_crux(2);
    let texts = [
        ("Claim and option", "Title", "A new title"),
        (
            "How it is judged",
            "Resolution criteria",
            "two registers say so",
        ),
        (
            "How it is judged",
            "Reference class",
            "bans of a technology",
        ),
        ("Claim and option", "Form", "at half the size"),
        (
            "Claim and option",
            "Conditions",
            "first condition\nsecond condition",
        ),
        ("Claim and option", "One-line summary", "In short."),
        ("Bearing and scope", "Who exactly", "our three teams"),
        ("Bearing and scope", "Wider class", "all post-training"),
        ("Bearing and scope", "Alternative", "doing nothing"),
        (
            "Bearing and scope",
            "The same concern against the alternative",
            "it hits that too",
        ),
        ("Qualifications", "Cause", "the budget"),
        ("Qualifications", "Hedge, verbatim", "I'm afraid that"),
        ("Origin and notes", "From whom", "Commenter Z"),
        (
            "Implications and mitigations",
            "Implication for the work",
            "measure first",
        ),
        (
            "Implications and mitigations",
            "Mitigations",
            "ask the model | a month\nwait",
        ),
        (
            "Implications and mitigations",
            "Cost of a test",
            "ten models",
        ),
        ("Settings", "Tags", "one\ntwo words"),
    ];
    let choices = [
        ("Claim and option", "Option if true", "Double down"),
        ("Bearing and scope", "Scope", "Us"),
        ("Bearing and scope", "Specificity", "True of a wider class"),
        ("Bearing and scope", "Basis", "Absolute"),
        ("Qualifications", "Modality", "Necessarily true"),
        ("Qualifications", "Reliance", "Not endorsed by its source"),
        ("Origin and notes", "Origin", "Sourced from others"),
        ("Settings", "Importance", "Low"),
        ("Settings", "Owner", "Area lead"),
    ];
    for (fold, label, text) in texts {
        page.fold(fold).open();
        page.fold(fold).field(label).fill(text);
    }
    for (fold, label, word) in choices {
        page.fold(fold).field(label).choose(word);
    }
    page.fold("How it is judged")
        .field("To be judged by")
        .set_date("2028-02-01");
    page.fold("How it is judged")
        .field("Base rate")
        .fill("12.5");
    page.fold("Bearing and scope")
        .checkbox("Useless")
        .tick(true);
    page.fold("Bearing and scope")
        .field("Certainty")
        .fill("almost certain");
    page.fold("Origin and notes")
        .checkbox("The usual process…")
        .tick(true);
    page.wait_saved();
    page.reload();
    page.heading("A new title").wait();
    for (fold, label, text) in texts {
        page.fold(fold).open();
        page.fold(fold).field(label).wait_value(text);
    }
    for (fold, label, word) in choices {
        assert_eq!(page.fold(fold).field(label).chosen(), word, "{label}");
    }
    page.fold("Bearing and scope")
        .field("Certainty")
        .wait_value("almost certain");
    page.fold("How it is judged")
        .field("To be judged by")
        .wait_value("2028-02-01");
    page.fold("How it is judged")
        .field("Base rate")
        .wait_value("12.5");
    page.wait_body("If we continue: measure first");
    page.wait_body("Hedged by its source: I'm afraid that");
    // Each edit is in the history, with its value.
    page.fold("Activity…").open();
    page.with_text("listitem", "almost certain").wait();
}

#[test]
fn what_stands_in_a_field_is_kept_when_its_page_goes_away_under_it() {
    let page = on_crux(2);
    page.tab("Cruxes");
    page.open_crux(c(2));
    page.fold("Claim and option").open();
    page.field("One-line summary").click();
    page.press_with(&[Key::Control], "a");
    page.paste("kept by going back");
    page.back();
    page.row(c(2)).wait();
    page.open_crux(c(2));
    page.fold("Claim and option").open();
    page.field("One-line summary")
        .wait_value("kept by going back");

    page.field("Form").click();
    page.press_with(&[Key::Control], "a");
    page.paste("kept by loading anew");
    page.reload();
    page.fold("Claim and option").open();
    page.field("Form").wait_value("kept by loading anew");
}

#[test]
fn anything_is_taken_back_and_done_again_also_after_a_reload_and_by_keyboard() {
    let page = on_crux(1);
    page.fold("Claim and option").open();
    let title = page.fold("Claim and option").field("Title");
    for text in ["First", "Second", "Third"] {
        title.fill(text);
        page.heading(text).wait();
    }
    page.press_with(&[Key::Control], "z");
    page.heading("Second").wait();
    page.wait_saved();
    page.reload();
    page.heading("Second").wait();
    page.press_with(&[Key::Control], "z");
    page.heading("First").wait();
    page.undo();
    page.heading(c(1)).wait();
    page.wait_saved();
    page.reload();
    page.heading(c(1)).wait();
    page.press_with(&[Key::Control, Key::Shift], "z");
    page.heading("First").wait();
    page.press_with(&[Key::Control], "y");
    page.heading("Second").wait();
    page.redo();
    page.heading("Third").wait();
    let redo = page.group("Undo and redo").button("Redo");
    assert_eq!(redo.attr("aria-disabled").as_deref(), Some("true"));
    // Within a field the keys edit its own text.
    title.focus();
    page.press("x");
    page.press_with(&[Key::Control], "z");
    page.heading("Third").wait();
}

#[test]
fn the_keys_that_undo_work_on_sliders_lists_and_boxes_which_have_no_text() {
    let page = on_crux(1);
    let number = page.field("Your credence, in percent");
    page.slider("Your credence").focus();
    page.press(Key::Right);
    page.press(Key::Enter);
    number.wait_value("36");
    // A value that is not stored yet is discarded first.
    page.press(Key::Right);
    number.wait_value("37");
    page.press_with(&[Key::Control], "z");
    number.wait_value("36");
    page.press_with(&[Key::Control], "z");
    number.wait_value("35");

    page.fold("Settings").open();
    let importance = page.fold("Settings").field("Importance");
    importance.choose("Low");
    importance.focus();
    page.press_with(&[Key::Control], "z");
    page.eventually("the list to say what stood there", || {
        (importance.chosen() == "Critical").then_some(())
    });

    page.fold("Origin and notes").open();
    let missed = page.fold("Origin and notes").checkbox("The usual process…");
    let was = missed.prop("checked");
    missed.click();
    page.wait_saved();
    missed.focus();
    page.press_with(&[Key::Control], "z");
    page.eventually("the box to be as it was", || {
        (missed.prop("checked") == was).then_some(())
    });
}

#[test]
fn a_history_says_what_stood_before_and_takes_a_statement_back_at_any_time() {
    let page = on_crux(1);
    for percent in ["50", "60"] {
        page.field("Your credence, in percent").fill(percent);
        page.wait_saved();
    }
    page.fold("Claim and option").open();
    page.fold("Claim and option").field("Title").fill("Renamed");
    page.heading("Renamed").wait();
    page.tab("History");
    let lines = page.all("listitem");
    page.with_text("listitem", "50% → 60%").wait();
    page.with_text("listitem", &format!("{} → Renamed", c(1)))
        .wait();
    assert!(lines.count() > 3);
    page.with_text("listitem", "35% → 50%")
        .button("Move to the trash")
        .click();
    // The later statement has moved from the credence before both.
    page.with_text("listitem", "35% → 60%").wait();
    page.button("Restore 50%").click();
    page.with_text("listitem", "50% → 60%").wait();
}

#[test]
fn what_is_being_written_in_a_form_is_there_after_looking_elsewhere() {
    let page = on_crux(2);
    page.tab("Cruxes");
    page.link("+ Crux").click();
    page.field("Claim").fill("It pays for itself.");
    page.group("What would make you go on?")
        .field("Threshold")
        .fill("twice the cost");
    page.tab("Evidence");
    page.heading("Evidence").wait();
    page.link("+ Evidence").click();
    page.field("Text").fill("Half a thought");
    page.tab("Cruxes");
    page.link("+ Crux").click();
    page.field("Claim").wait_value("It pays for itself.");
    page.with_text("status", "You have an unsaved draft").wait();
    page.button("Add the crux").click();
    page.heading("It pays for itself.").wait();
    page.region("Triggers")
        .with_text("article", "twice the cost")
        .wait();
    // A submitted form has no draft.
    page.tab("Cruxes");
    page.link("+ Crux").click();
    page.field("Claim").wait_value("");
    page.tab("Evidence");
    page.link("+ Evidence").click();
    page.field("Text").wait_value("Half a thought");
    page.button("Discard draft").click();
    page.field("Text").wait_value("");
}

#[test]
fn a_crux_goes_to_the_trash_without_a_question_and_comes_back() {
    let page = on_crux(4);
    page.fold("Settings").open();
    page.fold("Settings").button("Move to the trash").click();
    page.wait_body("This crux is in the trash.");
    page.tab("Cruxes");
    page.wait_shown(&[1, 2, 3, 5, 6, 7, 8, 9], "without the fourth");
    page.tab("History");
    page.button(&format!("Restore {}", c(4))).click();
    page.tab("Cruxes");
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "with it again");
    assert_eq!(page.stored_count(), CHANGES + 2);
}

#[test]
fn a_claim_that_holds_two_is_split_into_cruxes_that_stay_linked() {
    let page = on_crux(8);
    page.fold("Settings").open();
    let fold = page.fold("Settings");
    fold.button("Split…").click();
    let form = fold.with_text("group", "Claim of the new crux");
    form.field("Title of the new crux")
        .fill("Trains good behaviour out");
    form.field("Claim of the new crux")
        .fill("Optimising for a spec trains out good behaviour.");
    form.button("Split").click();
    page.link("Trains good behaviour out").at(0).click();
    page.heading("Trains good behaviour out").wait();
    page.with_text("listitem", "Split from Specs lose tacit goodness")
        .wait();
    page.wait_body("If true: Wind down");
    page.undo();
    page.tab("Cruxes");
    page.wait_shown(
        &[1, 2, 3, 4, 5, 6, 7, 8, 9],
        "one undo takes the split back",
    );
    page.with_text("status", "9 cruxes").wait();
}

#[test]
fn a_crux_is_retired_only_with_a_reason_which_stays_with_it() {
    let page = on_crux_of(Setup::phone(), 9);
    page.fold("Settings").open();
    let fold = page.fold("Settings");
    fold.field("State").choose("Retired");
    assert_eq!(
        page.stored_count(),
        CHANGES,
        "not before the reason is there"
    );
    fold.field("Why is it settled or retired?")
        .fill("nobody relies on it");
    page.wait_body("Retired: nobody relies on it");
    page.wait_saved();
    page.tab("Cruxes");
    page.row(c(9)).with_text("cell", "Retired").wait();
    page.undo();
    page.eventually("it to be open again", || {
        (!page.row(c(9)).with_text("cell", "Retired").is_there()).then_some(())
    });

    // Retired, reopened and retired again: the first reason is not reused for the second.
    page.press_with(&[Key::Control, Key::Shift], "z");
    page.row(c(9)).with_text("cell", "Retired").wait();
    page.open_crux(c(9));
    page.fold("Settings").open();
    fold.field("State").choose("Open");
    page.wait_saved();
    fold.field("State").choose("Settled: false");
    fold.field("Why is it settled or retired?").wait_value("");
    fold.field("Why is it settled or retired?")
        .fill("it was looked into");
    page.wait_body("it was looked into");
}

#[test]
fn the_board_itself_its_people_options_and_terms_are_edited() {
    let page = Page::with_example();
    page.tab("Setup");
    page.field("Decision question").fill("Shall we go on?");
    page.role("banner", "").link("Shall we go on?").wait();
    page.field("Add a person").retype("Visitor");
    page.press(Key::Enter);
    let visitor = page.group("Visitor");
    visitor.field("Role").fill("looks in");
    visitor.checkbox("Red team…").tick(true);
    assert_eq!(page.field("Add a person").value(), "", "ready for the next");
    page.field("Add an option")
        .retype("Merge with another team");
    page.press(Key::Enter);
    let option = page.group("Merge with another team");
    option.field("Kind").choose("Change direction");
    option.field("Meaning in practice").fill("One budget.");
    page.field("Define a term").retype("harm");
    page.press(Key::Enter);
    page.group("harm")
        .field("Meaning")
        .fill("damage to somebody");
    page.field("Credences are stale after, in days").fill("30");
    page.wait_saved();
    page.reload();
    page.group("Visitor").field("Role").wait_value("looks in");
    page.group("Merge with another team")
        .field("Meaning in practice")
        .wait_value("One budget.");
    page.be("Visitor");
    page.tab("Cruxes");
    page.open_crux(c(3));
    // The claim uses the term.
    page.with_text("terms", "damage to somebody").wait();
    page.move_clock(31 * 86_400_000);
    page.reload();
    page.with_text("row", "Red-teamer")
        .with_text("cell", "stale")
        .wait();
}

#[test]
fn positions_of_people_outside_are_marked_as_stated_or_inferred() {
    let page = on_crux(5);
    let panel = page.region("Positions of others");
    panel
        .with_text("article", "65% (number assigned by us)")
        .wait();
    panel.fold("Record a position").open();
    let form = panel.fold("Record a position");
    form.field("Who").fill("Commenter D");
    form.field("Grounds").choose("Inferred by us");
    form.field("Holding").choose("Rejects it");
    form.field("Number, in %").fill("10");
    form.checkbox("The number is our estimate, not theirs")
        .tick(true);
    form.field("Hedge, verbatim").fill("perhaps");
    form.button("Record the position").click();
    let card = panel.with_text("article", "Commenter D");
    let text = card.at(0).text();
    for part in [
        "Rejects it",
        "Inferred by us",
        "10% (number assigned by us)",
        "perhaps",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    page.wait_saved();
    page.reload();
    panel.with_text("article", "Commenter D").wait();
}

#[test]
fn follow_ups_are_added_closed_and_opened_again() {
    let page = on_crux(1);
    page.region("Follow-ups").fold("Add a follow-up").open();
    let form = page.region("Follow-ups").fold("Add a follow-up");
    form.field("What").fill("Write to Commenter E");
    form.field("Kind").choose("Reply");
    form.field("Owner").fill("Researcher");
    form.field("By").set_date("2026-12-24");
    form.button("Add the follow-up").click();
    page.region("Follow-ups")
        .with_text("article", "Write to Commenter E")
        .wait();
    page.tab("Follow-ups");
    let card = page.with_text("article", "Write to Commenter E");
    let text = card.text();
    for part in ["Reply", "Owed", "Researcher", "24 Dec 2026"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    page.with_text("heading", "Owed 6").wait();
    card.button("Done").click();
    page.with_text("heading", "Owed 5").wait();
    page.with_text("article", "Write to Commenter E")
        .button("Reopen")
        .click();
    page.with_text("heading", "Owed 6").wait();
    page.wait_saved();
    page.reload();
    page.with_text("heading", "Owed 6").wait();
}

#[test]
fn a_follow_up_is_found_by_its_kind_and_hung_on_the_crux_and_evidence_it_is_about() {
    let page = on_crux(5);
    page.tab("Follow-ups");
    let form = page.region("Add a follow-up");
    form.field("What").fill("Ask for the two preprints");
    form.field("Kind").choose("Pointer to chase");
    form.button("Add the follow-up").click();
    let card = page.with_text("article", "Ask for the two preprints");
    card.wait();
    page.fold("Filter…").open();
    page.group("Has").checkbox("No crux (…").tick(true);
    page.group("Kind of follow-up")
        .checkbox("Pointer to chase (…")
        .tick(true);
    page.press(Key::Escape);
    card.wait();
    assert!(page.all("article").count() < 8);
    card.fold("Edit").open();
    card.field("Crux it belongs to").choose(c(5));
    // The item has a crux now, so it no longer matches the filter for items without one.
    card.wait_gone();
    page.button("Clear filters").click();
    card.fold("Edit").set_open(true);
    card.field("Evidence it belongs to")
        .choose("The one model…");
    card.link("The one model…").click();
    page.with_text("listitem", "Owed: Ask for the two preprints")
        .wait();
    page.tab("Cruxes");
    page.open_crux(c(5));
    page.region("Follow-ups")
        .with_text("article", "Ask for the two preprints")
        .wait();
}

#[test]
fn what_a_change_holds_is_erased_for_good_here_in_storage_and_in_files() {
    let page = on_crux(1);
    page.fold("Claim and option").open();
    page.fold("Claim and option")
        .field("Conditions")
        .fill("a name that should never have stood here");
    page.wait_saved();
    page.fold("Activity…").open();
    let change = page.with_text("listitem", "a name that should never have stood here");
    change.fold("Erase…").open();
    change.button("Erase it for good").click();
    page.wait_notice("Erased");
    page.wait_saved();
    let secret = "never have stood here";
    page.eventually("it to be gone from the page", || {
        (!page.body().contains(secret)).then_some(())
    });
    assert!(!page.download().contains(secret), "in the file");
    let is_stored = || {
        let rows = [page.stored("changes"), page.stored("set_aside")].concat();
        let mirror = page.local_storage();
        rows.iter()
            .map(|(_, row)| row)
            .chain(mirror.values())
            .any(|row| row.to_string().contains(secret))
    };
    page.eventually("it to be gone from storage", || {
        (!is_stored()).then_some(())
    });
    // Undo does not restore it.
    page.undo();
    page.reload();
    page.heading(c(1)).wait();
    assert!(!page.body().contains(secret), "after undo and a reload");
}
