//! Endpoints that hold something else than this board, or lose it.

use super::stated;
use crate::example::{CHANGES, c};
use crate::harness::{Endpoint, Find as _, Page, Setup};

#[test]
fn a_board_is_one_whatever_its_type_is_said_to_be_and_a_page_of_html_is_none() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    endpoint.call_it("text/html; charset=utf-8");
    page.connect(&endpoint, "");
    page.wait_synced();
    page.tab("Cruxes");
    page.open_crux(c(3));
    for (content_type, percent, count) in [
        ("text/plain", "61", 28),
        ("application/octet-stream", "62", 29),
        ("application/vnd.git+json; charset=iso-8859-1", "63", 30),
        ("nonsense", "64", 31),
    ] {
        endpoint.call_it(content_type);
        page.state_credence(percent);
        page.eventually(&format!("it to be there as {content_type}"), || {
            (stated(&endpoint) == count).then_some(())
        });
        page.wait_synced();
    }
    let login = "<!doctype html><title>Sign in</title>";
    endpoint.put(Some(login.to_owned()));
    endpoint.call_it("application/json");
    let sync = page.sync();
    sync.button("Sync now").click();
    sync.with_text("status", "is not a board").wait();
    assert_eq!(endpoint.document().as_deref(), Some(login));
}

#[test]
fn what_the_endpoint_loses_is_sent_again() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.connect(&endpoint, "");
    page.wait_synced();
    let whole = endpoint.document();
    // An older version is restored, and then the document is removed.
    let lines: Vec<String> = whole
        .iter()
        .flat_map(|all| all.lines())
        .map(str::to_owned)
        .collect();
    let older = lines[..40].join("\n");
    endpoint.put(Some(format!("{}]}}", older.trim_end_matches(','))));
    page.sync_now();
    page.eventually("the endpoint to have it all again", || {
        (endpoint.document() == whole).then_some(())
    });
    endpoint.put(None);
    page.sync_now();
    page.eventually("the endpoint to have it all again", || {
        (endpoint.document() == whole).then_some(())
    });
    page.expect_in_console("404");
}

#[test]
fn nothing_is_written_over_what_is_no_board_or_another_one_and_it_is_said() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    let sync = page.sync();
    sync.field("Address of the board").fill(&endpoint.address);
    for (there, said) in [
        ("{\"shopping\":[\"milk\"]}", "is not a board"),
        ("<html>Sign in</html>", "is not a board"),
        (
            "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00000000000000009\",\"changes\":[]}",
            "Another board is there",
        ),
        (
            "{\"format\":\"cruxboard\",\"version\":9,\"board\":\"01M83T4CM00000000000000000\",\"changes\":[]}",
            "newer version",
        ),
    ] {
        endpoint.put(Some(there.to_owned()));
        sync.button("Test").click();
        sync.with_text("status", said).wait();
        assert!(!sync.button("Connect").is_there(), "{there}");
        assert_eq!(endpoint.document().as_deref(), Some(there));
    }
    assert!(endpoint.asked().iter().all(|(method, _)| method == "GET"));
}

#[test]
fn an_endpoint_that_sends_more_than_a_board_is_stopped_with_words_and_the_page_goes_on() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "");
    page.wait_synced();
    let whole = endpoint.document().unwrap_or_default();
    // A document of fifty megabytes with a board is accepted.
    endpoint.put(Some([whole.clone(), " ".repeat(50 << 20)].concat()));
    page.sync_now();
    let heading = whole.split_inclusive("\"changes\":[").next();
    let heading = heading.expect("a heading");
    let cruxes = (0..1_000_000).map(|number| {
        format!("{{\"id\":\"01M83T4CM0000000000{number:07}\",\"fact\":{{\"crux-added\":{{}}}}}}")
    });
    let cruxes = cruxes.collect::<Vec<_>>().join(",");
    for (name, there) in [
        ("a million cruxes", format!("{heading}{cruxes}]}}")),
        ("80 MB", [whole.clone(), " ".repeat(80 << 20)].concat()),
    ] {
        endpoint.put(Some(there));
        let sync = page.sync();
        sync.button("Sync now").click();
        sync.with_text("status", "too large for a board").wait();
        page.with_text("status", "not synced").wait();
        assert_eq!(page.stored_count(), CHANGES, "{name}");
        endpoint.put(Some(whole.clone()));
        page.sync_now();
    }
    // A board over the limit cannot be joined either.
    endpoint.put(Some(format!("{heading}{cruxes}]}}")));
    let bob = Setup::default().start();
    bob.join(&endpoint.address);
    bob.with_text("status", "too large for a board").wait();
    assert_eq!(endpoint.writes(), 1, "something was written over it");
    endpoint.put(Some(whole));
    page.sync_now();
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("63");
    page.eventually("it to be at the endpoint", || {
        (stated(&endpoint) == 28).then_some(())
    });
}

#[test]
fn another_board_or_a_newer_format_in_mid_session_stops_it_with_words_and_nothing_is_written() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.connect(&endpoint, "");
    page.wait_synced();
    let before = endpoint.document();
    for (there, said) in [
        ("{\"shopping\":[\"milk\"]}", "is not a board"),
        (
            "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00000000000000009\",\"changes\":[]}",
            "Another board is at that address",
        ),
        (
            "{\"format\":\"cruxboard\",\"version\":9,\"board\":\"01M83T4CM00000000000000000\",\"changes\":[]}",
            "newer version",
        ),
    ] {
        endpoint.put(Some(there.to_owned()));
        let sync = page.sync();
        sync.button("Sync now").click();
        sync.with_text("status", said).wait();
        page.with_text("status", "not synced").wait();
        assert_eq!(endpoint.document().as_deref(), Some(there));
    }
    endpoint.put(before.clone());
    page.sync_now();
    assert_eq!(endpoint.document(), before);
}

#[test]
fn a_board_that_was_connected_before_its_browser_was_lost_says_so_when_its_address_is_tested() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    let file = page.download();
    page.connect(&endpoint, "");
    page.wait_synced();
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("63");
    page.eventually("it to be at the endpoint", || {
        (stated(&endpoint) == 28).then_some(())
    });
    // Another browser has the board's file from before, and no endpoint.
    let other = Setup::default().start();
    other.choose_file(&other.button("Open a file…"), "board.cruxboard.json", &file);
    other.row(c(1)).wait();
    let sync = other.sync();
    sync.field("Address of the board").fill(&endpoint.address);
    other.expect_in_console("412");
    sync.button("Test").click();
    sync.with_text("status", "connected to that address before")
        .wait_text("brings 1 of them here and sends 0");
    sync.button("Connect").click();
    other.wait_synced();
    assert_eq!(stated(&endpoint), 28);
}
