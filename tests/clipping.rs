//! Texts and links from other programs that become evidence.

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup},
};

fn paste_beside_fields(page: &Page, text: &str) {
    page.js(
        "const clipboardData = new DataTransfer();
         clipboardData.setData('text/plain', arguments[0]);
         document.activeElement.dispatchEvent(
             new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));",
        &[text.into()],
    );
}

#[test]
fn a_quote_pasted_onto_a_crux_is_evidence_on_it_once_it_is_saved() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(5));
    paste_beside_fields(&page, "“Three labs failed.”\nhttps://x.test/report");
    page.heading("New evidence").wait();
    page.field("Quote, verbatim")
        .wait_value("Three labs failed.");
    page.field("Link").wait_value("https://x.test/report");
    page.button("Save evidence").click();
    page.heading(c(5)).wait();
    page.wait_body("Three labs failed.");
    page.back();
    page.heading(c(5)).wait();
    assert!(!page.fragment().contains("quote="), "{}", page.fragment());
}

#[test]
fn what_is_pasted_is_added_to_a_draft_and_a_reload_does_not_add_it_again() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    page.press("e");
    page.heading("New evidence").wait();
    page.field("Text").fill("Mine");
    page.leave_field();
    paste_beside_fields(&page, "Theirs https://x.test/1");
    page.field("Text").wait_value("Mine\n\nTheirs");
    page.field("Link").wait_value("https://x.test/1");
    page.wait_notice("Added to the evidence you had begun");
    page.reload();
    page.heading("New evidence").wait();
    page.field("Text").wait_value("Mine\n\nTheirs");
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn words_pasted_without_an_address_are_a_quote_and_never_fall_into_other_evidence_unasked() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    paste_beside_fields(&page, "Half of them left.");
    page.heading("New evidence").wait();
    page.field("Quote, verbatim")
        .wait_value("Half of them left.");
    page.field("Text").wait_value("");
    page.tab("Cruxes");
    page.row(c(1)).wait();
    paste_beside_fields(&page, "Nobody stayed.");
    let asked = page.role("dialog", "Other evidence is not saved yet");
    asked.button("Add it to the draft").wait();
    asked.button("Leave it").click();
    page.field("Quote, verbatim")
        .wait_value("Half of them left.");
    page.tab("Cruxes");
    page.row(c(1)).wait();
    paste_beside_fields(&page, "Nobody stayed.");
    asked.button("Begin a new sheet").click();
    page.field("Quote, verbatim").wait_value("Nobody stayed.");
    // The draft that gave way can be restored, and the new one then too.
    page.button("Restore draft").click();
    page.field("Quote, verbatim")
        .wait_value("Half of them left.");
    page.tab("Cruxes");
    page.row(c(1)).wait();
    paste_beside_fields(&page, "Nobody stayed.");
    asked.button("Add it to the draft").click();
    page.field("Quote, verbatim")
        .wait_value("Half of them left.\n\nNobody stayed.");
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn a_link_alone_is_evidence() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    paste_beside_fields(&page, "https://x.test/report");
    page.heading("New evidence").wait();
    page.field("Link").wait_value("https://x.test/report");
    page.radio_on(c(5), "+1, slightly for").click();
    page.button("Save evidence").click();
    page.wait_notice("Evidence saved");
    page.link("https://x.test/report").wait();
}

#[test]
fn a_page_sent_by_the_bookmark_goes_to_the_only_board_and_else_one_is_chosen() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.row(c(9)).wait();
    page.wait_saved();
    let sent = "#/save?url=https%3A%2F%2Fx.test%2Fa&title=A%20report&quote=Half%20left";
    page.go(sent);
    page.heading("New evidence").wait();
    page.field("Quote, verbatim").wait_value("Half left");
    page.field("Link").wait_value("https://x.test/a");
    page.button("Discard draft").click();
    page.go("");
    page.start_board("Go on with the pilot?", "");
    page.link("Write the first crux").wait();
    page.wait_saved();
    page.go(sent);
    page.heading("Save evidence to which board?").wait();
    page.link("Go on with the pilot?").click();
    page.heading("New evidence").wait();
    page.field("Link").wait_value("https://x.test/a");
    page.button("Save evidence").click();
    page.heading("Evidence").wait();
    page.wait_body("Half left");
}

#[test]
fn the_bookmark_carries_address_title_and_selection_and_does_nothing_here() {
    let page = Page::with_example();
    page.row(c(9)).wait();
    page.tab("Evidence");
    page.fold("Save from other pages").open();
    let link = page.link("Save to Cruxboard");
    link.click();
    page.heading("Evidence").wait();
    let script = link.attr("href").unwrap_or_default();
    let script = script
        .strip_prefix("javascript:")
        .expect("a script")
        .to_owned();
    let opened = page.js(
        "let opened;
         const script = new URL('javascript:' + arguments[0]).href.slice('javascript:'.length);
         // The policy of this page allows no text to run; that of others is theirs.
         const parts = /^void%20open\\('(.*)#\\/save\\?url='/.exec(script) ?? /^void open\\('(.*)#\\/save\\?url='/.exec(script);
         return parts && parts[1];",
        &[script.into()],
    );
    let here = page.address();
    let here = here.split('#').next().unwrap_or_default();
    assert_eq!(opened.as_str(), Some(here));
}

#[test]
fn without_a_board_the_page_that_is_sent_says_what_to_do() {
    let page = Setup::default().start();
    page.go("#/save?text=x");
    page.with_text("alert", "no board in this browser yet")
        .wait();
    page.link("To the start page").click();
    page.region("Begin").wait();
}

#[test]
fn a_file_opened_with_the_installed_app_is_opened_as_if_it_were_dropped() {
    let board = Page::with_example().download();
    let page = Setup::default()
        .before_load(&format!(
            "Object.defineProperty(window, 'launchQueue', {{ value: {{ setConsumer(take) {{
                const file = new File([{}], 'a.cruxboard.json');
                take({{ files: [{{ getFile: async () => file }}] }});
            }} }} }});",
            serde_json::Value::from(board)
        ))
        .start();
    page.row(c(9)).wait();
    page.press(Key::Escape);
    assert_eq!(page.stored_count(), CHANGES);
}
