//! Endpoints and proxies that answer in ways of their own.

use std::time::{Duration, Instant};

use super::stated;
use crate::example::c;
use crate::harness::{Endpoint, Find as _, Mood, Page, Setup};

#[test]
fn of_a_long_answer_it_is_shown_how_much_has_come() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.connect(&endpoint, "");
    page.wait_synced();
    // The size of a board with some thousand changes.
    let document = endpoint.document().unwrap_or_default();
    endpoint.put(Some([document, " ".repeat(1_000_000)].concat()));
    endpoint.set_mood(Mood::Halting);
    let sync = page.sync();
    sync.button("Sync now").click();
    page.with_text("status", "Saved · receiving 3").wait();
    sync.with_text("status", " kB so far").wait();
    endpoint.set_mood(Mood::Well);
    page.wait_synced();
}

#[test]
fn after_any_answer_that_passes_it_goes_on_by_itself_at_the_next_edit() {
    let endpoint = Endpoint::start(Some("sesame"));
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "sesame");
    page.wait_synced();
    for (at, (mood, said)) in [
        (Mood::Refusing(401, None), "valid token"),
        (Mood::Refusing(423, None), "endpoint busy"),
        (Mood::Refusing(507, None), "no room"),
        (Mood::Redirecting, "leads on to another one"),
        (Mood::CaptivePortal, "is not a board"),
    ]
    .into_iter()
    .enumerate()
    {
        endpoint.set_mood(mood);
        page.expect_in_console("status of ");
        page.tab("Cruxes");
        page.open_crux(c(3));
        page.state_credence(&(51 + at).to_string());
        page.sync();
        page.with_text("status", said).wait();
        endpoint.set_mood(Mood::Well);
        page.tab("Cruxes");
        page.open_crux(c(3));
        page.state_credence(&(61 + at).to_string());
        page.eventually(
            &format!("both to be at the endpoint after {mood:?}"),
            || (stated(&endpoint) == 27 + 2 * (at + 1)).then_some(()),
        );
        page.wait_synced();
    }
}

#[test]
fn an_endpoint_that_wants_to_be_asked_again_at_once_is_asked_less_than_once_a_second() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.connect(&endpoint, "");
    page.wait_synced();
    endpoint.set_mood(Mood::Refusing(503, Some("0")));
    page.expect_in_console("503");
    let (before, begun) = (endpoint.count("GET"), Instant::now());
    page.sync().button("Sync now").click();
    page.with_text("status", "endpoint busy").wait();
    page.eventually("three tries", || {
        (endpoint.count("GET") >= before + 4).then_some(())
    });
    assert!(begun.elapsed() >= Duration::from_secs(3));
}

#[test]
fn tags_that_a_proxy_alters_keep_no_change_out() {
    let endpoint = Endpoint::start(None);
    endpoint.set_mood(Mood::Packing);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "");
    page.wait_synced();
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("60");
    page.eventually("it to be at the endpoint", || {
        (stated(&endpoint) == 28).then_some(())
    });
    page.wait_synced();
    let asked = endpoint.asked().len();
    assert!(asked < 20, "{asked} requests");
}

#[test]
fn a_board_too_large_for_a_proxy_is_said_to_be_with_its_size_and_is_not_called_offline() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "");
    page.wait_synced();
    // A text as long as a board with some thousand items of evidence.
    let document = endpoint.document().unwrap_or_default();
    let long = format!(
        "{{\"id\":\"01M83T4DK80000000000000777\",\"of a newer version\":\"{}\"}}",
        "x".repeat(1_200_000)
    );
    let end = document.trim_end_matches("]}").to_owned();
    endpoint.put(Some(format!("{end},\n{long}]}}")));
    page.sync_now();
    endpoint.set_mood(Mood::Limited(1 << 20));
    page.expect_in_console("ERR_");
    page.expect_in_console("CORS");
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("60");
    page.with_text("status", "not synced").wait();
    let sync = page.sync();
    sync.with_text(
        "status",
        "Small exchanges go through, but sending 1.2 MB gets no answer",
    )
    .wait_text("may have a limit");
    let puts = endpoint.count("PUT");
    assert!(puts < 8, "{puts}");
    assert!(page.download().contains("of a newer version"));
    // The limit is raised.
    endpoint.set_mood(Mood::Well);
    page.sync_now();
    assert_eq!(stated(&endpoint), 28);
}

#[test]
fn an_endpoint_that_lets_pages_send_no_tag_is_read_without_one() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.connect(&endpoint, "");
    page.wait_synced();
    endpoint.set_mood(Mood::WithoutTags);
    page.expect_in_console("CORS");
    page.expect_in_console("ERR_");
    let before = endpoint.count("GET");
    for times in 1..=3 {
        page.sync().button("Sync now").click();
        page.eventually("it to have been read", || {
            (endpoint.count("GET") >= before + times).then_some(())
        });
    }
    page.wait_synced();
    let kept = page.sync();
    kept.fold("The last exchanges").open();
    assert!(!page.body().contains("does not answer"));
}

#[test]
fn where_only_reading_is_allowed_a_test_says_so_and_writes_nothing() {
    let endpoint = Endpoint::start(None);
    endpoint.set_mood(Mood::GetOnly);
    let page = Page::with_example();
    page.expect_in_console("404");
    page.expect_in_console("CORS");
    page.expect_in_console("ERR_");
    let sync = page.sync();
    sync.field("Address of the board").fill(&endpoint.address);
    sync.button("Test").click();
    sync.with_text("status", "It answers reads, not writes")
        .wait_text("allow PUT");
    assert!(!sync.button("Connect").is_there());
    assert_eq!(endpoint.document(), None);
}

#[test]
fn an_address_or_credential_that_cannot_be_meant_is_said_to_be_and_not_asked() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    let sync = page.sync();
    for (address, token, said) in [
        ("boards/01", "", "names no server"),
        (
            "https://ann:secret@board.example/b.json",
            "",
            "a name or a password",
        ),
        (
            &*endpoint.address,
            "se\u{200b}same",
            "an invisible character (U+200B)",
        ),
        (&*endpoint.address, "sésame", "cannot be sent in a header"),
    ] {
        sync.field("Address of the board").fill(address);
        sync.field("Token").fill(token);
        sync.button("Test").click();
        sync.with_text("status", said).wait();
        assert!(!sync.button("Connect").is_there());
    }
    assert_eq!(endpoint.asked(), []);
    // A server's address is completed with the board, and somebody who joins is asked for it.
    sync.field("Token").fill("");
    sync.field("Address of the board").fill("127.0.0.1:9");
    sync.button("Test").click();
    sync.with_text("status", "There was no answer").wait();
    page.expect_in_console("ERR_");
    let completed = sync.field("Address of the board").value();
    assert!(
        completed.starts_with("http://127.0.0.1:9/boards/01"),
        "{completed}"
    );
    let bob = Setup::default().start();
    bob.link("Join it").click();
    bob.field("Address of the board")
        .fill("https://board.example/");
    bob.button("Join").click();
    bob.with_text("status", "a server or a folder").wait();
}

#[test]
fn a_clock_that_is_years_off_is_said_before_and_after_connecting() {
    let endpoint = Endpoint::start(None);
    endpoint.set_mood(Mood::InThePast);
    let page = Page::with_example();
    page.expect_in_console("404");
    page.expect_in_console("412");
    let sync = page.sync();
    sync.field("Address of the board").fill(&endpoint.address);
    sync.button("Test").click();
    sync.with_text("status", "clock").wait_text("years");
    sync.button("Connect").click();
    page.wait_synced();
    page.region("Sync")
        .with_text("status", "clock")
        .wait_text("years");
    endpoint.set_mood(Mood::Well);
}
