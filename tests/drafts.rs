//! Drafts of forms, across a reload.

use super::{
    example::c,
    harness::{Find as _, Found, Page},
};

const DISCARD: &str = "Discard draft";
const RESTORE: &str = "Restore draft";

fn stored_drafts(page: &Page) -> Vec<String> {
    let keys = page.local_storage();
    let drafts = keys
        .keys()
        .filter(|key| key.starts_with("cruxboard/draft/"));
    drafts.cloned().collect()
}

/// Types a text into a field without leaving it, and reloads. The text must then be there, without a
/// confirmation. After it is discarded, it can be restored; discarded again, it must stay gone.
#[track_caller]
fn check(page: &Page, form: &dyn Fn() -> Found, label: &str, text: &str) {
    form().field(label).retype(text);
    page.reload();
    form().field(label).wait_value(text);
    form()
        .with_text("status", "You have an unsaved draft")
        .wait();
    assert!(!page.is_guarded(), "{label}: kept, and yet asked about");
    form().button(DISCARD).click();
    form()
        .with_text("status", "You have an unsaved draft")
        .wait_gone();
    // The notice is the way back.
    page.button(RESTORE).click();
    form().field(label).wait_value(text);
    form().button(DISCARD).click();
    form()
        .with_text("status", "You have an unsaved draft")
        .wait_gone();
    page.eventually("the draft to be gone", || {
        stored_drafts(page).is_empty().then_some(())
    });
}

#[test]
fn a_decision_being_written_is_there_after_a_reload_with_everything_in_it() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Decisions");
    page.link("Record a decision").click();
    page.field("Chosen option").choose("Wind down");
    page.field("Decide again on").set_date("2027-03-01");
    page.field("Reason").fill("it costs more than it brings");
    page.field("Area lead").choose("does not agree");
    page.field("Area lead: because").fill("too early");
    page.fold("Triggers").open();
    page.group("Any of these triggers, when met")
        .all("checkbox")
        .at(1)
        .click();
    // Without leaving the field.
    page.field("In words").retype("a study with 40 users");
    page.reload();
    page.field("In words").wait_value("a study with 40 users");
    page.field("Reason")
        .wait_value("it costs more than it brings");
    page.field("Area lead: because").wait_value("too early");
    assert_eq!(page.field("Chosen option").chosen(), "Wind down");
    assert_eq!(page.field("Area lead").chosen(), "does not agree");
    assert_eq!(page.field("Decide again on").value(), "2027-03-01");
    page.fold("Triggers").open();
    let picked = page
        .group("Any of these triggers, when met")
        .all("checkbox")
        .at(1);
    assert_eq!(picked.prop("checked"), true);
    page.button("Record the decision").click();
    page.heading("Decisions").wait();
    page.wait_body("too early");
    // A submitted form has no draft.
    page.eventually("the draft to be gone", || {
        stored_drafts(&page).is_empty().then_some(())
    });
    page.link("Record a decision").click();
    page.field("Reason").wait_value("");
    page.field("Reason").fill("another one");
    page.reload();
    page.field("Reason").wait_value("another one");
    page.button(DISCARD).click();
    page.field("Reason").wait_value("");
}

#[test]
fn evidence_and_cruxes_being_written_are_there_after_a_reload() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(2));
    page.region("Evidence").link("+ Evidence").click();
    page.field("Text").fill("Half a thought");
    let strongly = || page.radio_on(c(2), "+3, strongly for");
    strongly().click();
    let number = page.field(&format!("Your credence: {}, in percent", c(2)));
    number.fill("71");
    page.field("Reason for the update").retype("it is measured");
    page.reload();
    page.field("Text").wait_value("Half a thought");
    number.wait_value("71");
    page.field("Reason for the update")
        .wait_value("it is measured");
    assert_eq!(strongly().prop("checked"), true);
    assert!(!page.is_guarded());
    page.button(DISCARD).click();
    page.field("Text").wait_value("");

    page.tab("Cruxes");
    page.link("+ Crux").click();
    page.field("Claim").fill("It pays for itself.");
    let stop = page.group("What would make you stop or change?");
    stop.field("By").set_date("2027-09-30");
    page.reload();
    page.field("Claim").wait_value("It pays for itself.");
    stop.field("By").wait_value("2027-09-30");
    page.button("Add the crux").click();
    page.heading("It pays for itself.").wait();
    page.eventually("the drafts to be gone", || {
        stored_drafts(&page).is_empty().then_some(())
    });
}

#[test]
fn what_is_being_written_in_any_other_form_is_there_after_a_reload() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    let open = |within: Found, fold: &'static str| {
        let fold = within.fold(fold);
        fold.open();
        fold
    };
    check(
        &page,
        &|| open(page.region("Triggers"), "Add a trigger"),
        "Observable",
        "It is seen twice.",
    );
    check(
        &page,
        &|| {
            open(
                page.region("Triggers").all("article").at(0),
                "Record outcome",
            )
        },
        "Reason",
        "it was seen",
    );
    check(
        &page,
        &|| open(page.region("Positions of others"), "Record a position"),
        "Who",
        "Commenter D",
    );
    check(
        &page,
        &|| open(page.region("Follow-ups"), "Add a follow-up"),
        "What",
        "Write to Commenter E",
    );
    page.fold("Settings").open();
    page.button("Split in two…").click();
    check(
        &page,
        &|| {
            page.fold("Settings").open();
            page.with_text("group", "Claim of the new crux").at(0)
        },
        "Claim of the new crux",
        "It is harmful.",
    );
    page.tab("Due");
    let owed = || page.with_text("article", "Recover the two lost links");
    check(
        &page,
        &|| open(owed(), "Dismiss"),
        "Reason for dismissing",
        "found by other means",
    );
    page.tab("Evidence");
    page.link("Reading list").click();
    check(
        &page,
        &|| page.region("Paste a discussion"),
        "A page, copied as a whole: a thread, comments, a chat",
        "Ann, 3 May 2026\nIt is so.",
    );
    page.tab("Share");
    check(
        &page,
        &|| page.role("main", ""),
        "Note for readers",
        "Please comment.",
    );
    check(
        &page,
        &|| page.region("Who has seen the brief"),
        "What they said",
        "It convinced them.",
    );
    page.link("Export / import").click();
    check(
        &page,
        &|| page.region("Import a table"),
        "Paste a table with its header row",
        "question,probability\nIt rains,30",
    );
}

#[test]
fn a_board_being_begun_is_there_after_a_reload_at_every_step() {
    let page = Page::start();
    let question = page.field("Decision question");
    page.link("Start with your question…").click();
    question.retype("Keep the line?");
    page.reload();
    question.wait_value("Keep the line?");
    page.button(DISCARD).click();
    question.wait_value("");
    question.retype("Keep the press?");
    page.reload();
    question.wait_value("Keep the press?");
    page.button("Next").click();
    page.field("People: names or roles, separated by commas")
        .retype("Ada, Ben");
    page.field("You are").choose("Ben");
    page.button("Next").click();
    let claims = page.field("Claims, one per line");
    claims.retype("It costs more than it earns 70% #money\nNobody buys it");
    page.reload();
    claims.wait_value("It costs more than it earns 70% #money\nNobody buys it");
    page.back();
    page.field("People: names or roles, separated by commas")
        .wait_value("Ada, Ben");
    page.back();
    question.wait_value("Keep the press?");
    page.go("#/new/cruxes");
    page.button("Open the board with 2 cruxes").click();
    page.role("complementary", "Tour").button("Got it").click();
    page.row("It costs more than it earns")
        .role("img", "…Ben 70%…")
        .wait();
    assert_eq!(page.field("You are").chosen(), "Ben");
    page.eventually("the draft to be gone", || {
        stored_drafts(&page).is_empty().then_some(())
    });
}

fn new_crux_in_another_tab(page: &Page) -> Page {
    let other = page.new_tab();
    other.go(&page.fragment());
    other.field("Claim").wait();
    other
}

#[test]
fn two_tabs_with_the_same_new_form_keep_a_draft_each() {
    let one = Page::with_example();
    one.be("Red-teamer");
    one.link("+ Crux").click();
    one.field("Claim").fill("Of the first tab.");
    let two = new_crux_in_another_tab(&one);
    assert_eq!(
        two.field("Claim").value(),
        "",
        "an open tab keeps its draft"
    );
    two.field("Claim").fill("Of the second tab.");
    one.eventually("both drafts to be stored", || {
        (stored_drafts(&one).len() == 2).then_some(())
    });
    one.reload();
    one.field("Claim").wait_value("Of the first tab.");
    two.reload();
    two.field("Claim").wait_value("Of the second tab.");
    two.button("Add the crux").click();
    two.heading("Of the second tab.").wait();
    one.reload();
    one.field("Claim").wait_value("Of the first tab.");
}

#[test]
fn the_draft_of_a_closed_tab_is_offered_to_the_next_that_opens_the_form() {
    let one = Page::with_example();
    one.be("Red-teamer");
    one.link("+ Crux").click();
    one.field("Claim").wait();
    let two = new_crux_in_another_tab(&one);
    two.field("Claim").fill("Of a tab that is closed.");
    let stop = two.group("What would make you stop or change?");
    stop.field("By").set_date("2027-09-30");
    one.eventually("both parts of the draft to be stored", || {
        (stored_drafts(&one).len() == 2).then_some(())
    });
    two.close();
    one.reload();
    one.with_text("status", "unsaved draft").wait();
    one.field("Claim").wait_value("Of a tab that is closed.");
    one.group("What would make you stop or change?")
        .field("By")
        .wait_value("2027-09-30");
    one.button("Add the crux").click();
    one.heading("Of a tab that is closed.").wait();
    one.eventually("the drafts to be gone", || {
        stored_drafts(&one).is_empty().then_some(())
    });
}

#[test]
fn a_copied_tab_has_drafts_of_its_own() {
    const TAB: &str = "cruxboard/tab";
    let one = Page::with_example();
    one.be("Red-teamer");
    one.link("+ Crux").click();
    one.field("Claim").fill("Of the first tab.");
    one.eventually("the draft to be stored", || {
        (stored_drafts(&one).len() == 1).then_some(())
    });
    let id = one.js("return sessionStorage.getItem(arguments[0])", &[TAB.into()]);
    assert!(id.is_string(), "{id}");
    let copy = new_crux_in_another_tab(&one);
    // As a browser does when it duplicates a tab.
    copy.js(
        "sessionStorage.setItem(arguments[0], arguments[1])",
        &[TAB.into(), id],
    );
    copy.reload();
    copy.field("Claim").wait_value("");
    copy.field("Claim").fill("Of the copy.");
    one.eventually("both drafts to be stored", || {
        (stored_drafts(&one).len() == 2).then_some(())
    });
    one.reload();
    one.field("Claim").wait_value("Of the first tab.");
}

#[test]
fn two_tabs_that_begin_a_board_keep_a_draft_each() {
    let begin = |page: &Page, question: &str| {
        page.link("Start with your question…").click();
        page.field("Decision question").retype(question);
    };
    let one = Page::start();
    begin(&one, "Keep the line?");
    let two = one.new_tab();
    two.go("");
    begin(&two, "Keep the press?");
    one.reload();
    one.field("Decision question").wait_value("Keep the line?");
    two.reload();
    two.field("Decision question").wait_value("Keep the press?");
    two.close();
    one.button(DISCARD).click();
    one.eventually("only the other draft to be left", || {
        (stored_drafts(&one).len() == 1).then_some(())
    });
    one.reload();
    one.field("Decision question").wait_value("Keep the press?");
}

#[test]
fn the_drafts_of_a_board_go_with_it() {
    let page = Page::with_example();
    page.link("+ Crux").click();
    page.field("Claim").fill("A secret claim.");
    page.eventually("the draft to be kept", || {
        (!stored_drafts(&page).is_empty()).then_some(())
    });
    page.link("Cruxboard").click();
    page.button("Manage …").click();
    page.button("Move to the trash").click();
    page.button("Delete …").click();
    page.button("Yes, delete it for good").click();
    page.eventually("the draft to be gone", || {
        stored_drafts(&page).is_empty().then_some(())
    });
}
