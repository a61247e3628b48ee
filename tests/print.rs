//! Printed pages.

use serde_json::json;

use super::{
    example::c,
    harness::{Find as _, Key, Page},
    meeting::{go_to_step, start_review},
};

/// Returns the number of people's dots visible within the first element of this kind.
fn dots(page: &Page, within: &str) -> u64 {
    let seen = page.js(
        "return [...document.querySelector(arguments[0]).querySelectorAll('.dot')]
             .filter((dot) => dot.getBoundingClientRect().width > 0).length",
        &[json!(within)],
    );
    seen.as_u64().unwrap_or_default()
}

#[test]
fn on_paper_stand_all_dots_with_ones_own_and_no_toolbars() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.leave_field();
    page.open_crux(c(1));
    page.wait_body("about 2 in 9");
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    page.eventually("all three dots", || {
        (dots(&page, ".credences") == 3).then_some(())
    });
    for tool in ["Undo", "Redo", "Find", "Download"] {
        assert!(!page.button(tool).is_there(), "{tool} is printed");
    }
    assert!(!page.role("navigation", "Board").is_there());
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "" }));
    start_review(&page);
    go_to_step(&page, "Minutes");
    page.button("Copy").wait();
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    for tool in ["Undo", "Copy", "Close the review"] {
        assert!(!page.button(tool).is_there(), "{tool} is printed");
    }
    for link in ["Leave the review", "Agenda and changes", "← Previous"] {
        assert!(!page.link(link).is_there(), "{link} is printed");
    }
    page.heading("Review of …").wait();
}

#[test]
fn on_paper_stand_no_notices_no_reminders_and_no_dialogs() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.row(c(1)).wait();
    page.slider(&format!("Your credence: {}", c(1))).focus();
    page.press("70");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    page.leave_field();
    page.press("?");
    page.heading("Keys").wait();
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let printed = page.js(
        "return [...document.querySelectorAll('dialog, .notice, .board-notice')]
             .filter((part) => part.getClientRects().length > 0).length",
        &[],
    );
    assert_eq!(printed, 0);
}
