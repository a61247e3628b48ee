//! Storage that is full, blocked, removed or used by another program.

use serde_json::{Value, json};

use super::{NUMBER, again_on, on_first_crux};
use crate::{
    example::CHANGES,
    harness::{Find as _, Page, Setup, within_patience},
};

/// Fills the remaining storage through another database.
const FILL: &str = "
    const open = indexedDB.open('filler');
    open.onupgradeneeded = () => open.result.createObjectStore('rows');
    const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
    let count = 0;
    for (let size = 262144; size >= 64; size /= 2) {
        for (let is_room = true; is_room;) {
            is_room = await new Promise((resolve) => {
                const transaction = database.transaction('rows', 'readwrite');
                transaction.objectStore('rows').put('x'.repeat(size), count++);
                transaction.oncomplete = () => resolve(true);
                transaction.onabort = () => resolve(false);
            });
        }
    }
    database.close();
    return count;";

#[test]
fn full_storage_is_said_and_what_was_written_is_kept_handed_out_and_tried_again() {
    let page = Setup::default().start_blank();
    // Before anything is stored, since browsers cache the available space for a while.
    page.leave();
    let origin = page.js("return location.origin", &[]);
    page.cdp(
        "Storage.overrideQuotaForOrigin",
        json!({ "origin": origin, "quotaSize": 3_000_000 }),
    );
    page.go("");
    let page = on_first_crux(page, "Red-teamer");
    page.js(&format!("return (async () => {{{FILL}}})()"), &[]);
    page.begin_storm(300);
    page.wait_storm(300);
    page.with_text("status", "Not saved").wait();
    page.wait_body("storage is full");
    assert!(page.is_guarded(), "leaving is not asked about");
    let document = page.download();
    assert_eq!(document.matches("\"credence-stated\"").count(), 27 + 300);
    // With space again, the waiting changes are stored automatically.
    page.cdp(
        "Storage.overrideQuotaForOrigin",
        json!({ "origin": origin }),
    );
    page.js("indexedDB.deleteDatabase('filler')", &[]);
    // At the latest after half a minute, which is longer than a test usually waits.
    let saved = page.with_text("status", "Saved in this browser");
    // The next wait shows whether this was long enough.
    let _patience: Option<()> = within_patience(|| saved.is_there().then_some(()));
    page.wait_stored(CHANGES + 300);
    assert!(!page.is_guarded(), "leaving is asked about");
    page.reload();
    page.field(NUMBER).wait_value(&(1 + 299 % 97).to_string());
}

#[test]
fn a_page_left_while_it_makes_the_storage_does_not_keep_the_next_one_from_it() {
    // The first page keeps the database busy as long as the test lets it.
    let page = Setup::default()
        .before_load(
            "const open = IDBFactory.prototype.open;
            IDBFactory.prototype.open = function (...asked) {
                const request = open.apply(this, asked);
                if (!localStorage.getItem('was here')) {
                    request.addEventListener('upgradeneeded', () => {
                        localStorage.setItem('was here', 'yes');
                        const store = request.result.createObjectStore('busy');
                        const again = () => { store.count().onsuccess = again; };
                        again();
                    });
                }
                return request;
            };",
        )
        .start_blank();
    page.go("#/backups");
    page.eventually("the first page to be at it", || {
        let was_here = page.js("return localStorage.getItem('was here')", &[]);
        was_here.is_string().then_some(())
    });
    page.leave();
    page.go("");
    page.button("Open the worked example…").click();
    page.wait_stored(CHANGES);
    page.wait_saved();
}

#[test]
fn a_tab_that_hangs_while_it_opens_the_storage_is_named_and_waited_for() {
    // The timeout of 20 seconds is shortened.
    let hanging = Setup::default()
        .before_load(
            "const later = window.setTimeout;
            window.setTimeout = (call, millis, ...more) =>
                later.call(window, call, millis === 20000 ? 500 : millis, ...more);",
        )
        .start();
    hanging.js(
        "return new Promise((holds) => {
            navigator.locks.request('cruxboard/opening', () => {
                holds(true);
                return new Promise((letGo) => { window.letGo = letGo; });
            });
        })",
        &[],
    );
    let page = hanging.new_tab();
    page.go("");
    page.button("Open the worked example…").click();
    page.wait_example();
    page.with_text("status", "Not saved").wait();
    page.wait_body("hangs while it opens the storage");
    hanging.js("window.letGo()", &[]);
    page.wait_saved();
}

#[test]
fn without_any_storage_the_app_works_until_it_is_closed_and_says_so() {
    let blocked = "profile.default_content_setting_values.cookies";
    let page = Setup::default().preference(blocked, 2.into()).start();
    page.button("Open the worked example…").click();
    page.wait_example();
    page.with_text("status", "Not saved").wait();
    page.wait_body("gives the page no storage");
    page.be("Red-teamer");
    page.open_crux(crate::example::c(1));
    page.state(63);
    page.field(NUMBER).wait_value("63");
    assert!(page.is_guarded(), "leaving is not asked about");
    let document = page.download();
    assert_eq!(document.matches("\"credence-stated\"").count(), 28);
    // Otherwise the browser would ask for confirmation before the test can end.
    page.js(
        "addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)",
        &[],
    );
}

#[test]
fn local_storage_lost_costs_nothing_not_even_undo() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    page.state(71);
    page.wait_saved();
    let crux = page.fragment();
    page.leave();
    page.js("localStorage.clear()", &[]);
    again_on(&page, &crux, "Red-teamer");
    page.field(NUMBER).wait_value("71");
    page.undo();
    page.field(NUMBER).wait_value("35");
}

#[test]
fn the_journal_lost_comes_back_from_local_storage() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    page.state(72);
    page.wait_saved();
    let rows = page.stored("changes");
    let crux = page.fragment();
    page.eventually("a copy of the board", || {
        page.local_storage()
            .keys()
            .any(|key| key.starts_with("cruxboard/mirror"))
            .then_some(())
    });
    page.leave();
    page.delete_journal();
    page.go(&crux);
    page.field(NUMBER).wait_value("72");
    page.wait_stored(rows.len());
    assert_eq!(page.stored("changes"), rows);
}

#[test]
fn storage_cleared_by_another_tab_is_filled_again() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let rows = page.stored("changes");
    let other = page.new_tab();
    other.leave();
    other.js("localStorage.clear()", &[]);
    other.delete_journal();
    page.wait_notice("storage was cleared");
    page.wait_stored(CHANGES);
    assert_eq!(page.stored("changes"), rows);
    page.state(73);
    page.wait_stored(CHANGES + 1);
    let crux = page.fragment();
    page.reload();
    again_on(&page, &crux, "Red-teamer");
    page.field(NUMBER).wait_value("73");
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn evicted_storage_is_filled_again_by_the_tab_that_has_the_board() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let origin = page.js("return location.origin", &[]);
    page.cdp(
        "Storage.clearDataForOrigin",
        json!({ "origin": origin, "storageTypes": "indexeddb,local_storage" }),
    );
    page.wait_stored(CHANGES);
    page.state(74);
    page.wait_stored(CHANGES + 1);
}

#[test]
fn the_browser_is_asked_to_keep_the_storage_at_the_first_change_and_only_then() {
    let page = Setup::default()
        .before_load(
            "window.__asked = 0;
             navigator.storage.persist = () => { window.__asked++; return Promise.resolve(false); };",
        )
        .start();
    page.region("Begin").wait();
    assert_eq!(page.js("return window.__asked", &[]), 0);
    let page = on_first_crux(page, "Red-teamer");
    page.state(75);
    page.wait_saved();
    page.state(76);
    page.wait_saved();
    assert_eq!(page.js("return window.__asked", &[]), 1);
}

#[test]
fn data_of_a_newer_version_is_left_alone_and_said() {
    let page = Setup::default().start_blank();
    page.leave();
    let made = page.js(
        "return new Promise((resolve) => {
             const open = indexedDB.open('cruxboard', 7);
             open.onupgradeneeded = () => open.result.createObjectStore('changes').put('theirs', 'key');
             open.onsuccess = () => { open.result.close(); resolve(true); };
         })",
        &[],
    );
    assert_eq!(made, Value::Bool(true));
    page.go("");
    page.button("Open the worked example…").click();
    page.wait_example();
    page.with_text("status", "Not saved").wait();
    page.wait_body("newer version of Cruxboard");
    assert_eq!(
        page.stored("changes"),
        [("key".to_owned(), json!("theirs"))]
    );
    page.js(
        "addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)",
        &[],
    );
}

#[test]
fn a_newer_version_in_another_tab_takes_the_storage_over_without_losing_anything() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let rows = page.stored("changes");
    let other = page.new_tab();
    other.leave();
    let upgraded = other.js(
        "return new Promise((resolve) => {
             const open = indexedDB.open('cruxboard', 2);
             open.onsuccess = () => { open.result.close(); resolve('upgraded'); };
             open.onerror = () => resolve(String(open.error));
         })",
        &[],
    );
    assert_eq!(upgraded, "upgraded");
    page.state(77);
    page.with_text("status", "Not saved").wait();
    page.wait_body("newer version of Cruxboard");
    assert_eq!(other.stored("changes"), rows);
    assert!(page.download().contains("\"credence\":77"));
    page.js(
        "addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)",
        &[],
    );
}
