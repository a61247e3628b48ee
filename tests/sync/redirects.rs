//! Redirections, and what a request may carry to another server.

use axum::{response::Redirect, routing::any};
use cruxboard_server::site::site;
use serde_json::{Value, json};

use super::stated;
use crate::example::c;
use crate::harness::{Endpoint, Find as _, Mood, Page, Setup, dist, serve};

#[test]
fn a_sign_in_page_or_a_redirection_in_mid_session_stops_it_with_words_and_sends_the_token_nowhere_else()
 {
    let endpoint = Endpoint::start(Some("sesame"));
    let elsewhere = Endpoint::start(None);
    endpoint.redirect_to(&elsewhere.address);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "sesame");
    page.wait_synced();
    let before = endpoint.document();
    for (mood, said) in [
        (Mood::CaptivePortal, "is not a board"),
        (Mood::Redirecting, "leads on to another one"),
    ] {
        endpoint.set_mood(mood);
        let sync = page.sync();
        sync.button("Sync now").click();
        sync.with_text("status", said).wait();
        page.with_text("status", "not synced").wait();
        assert_eq!(endpoint.document(), before);
        endpoint.set_mood(Mood::Well);
        page.sync_now();
    }
    assert_eq!(elsewhere.asked(), []);
    let page_text = page.download();
    assert!(!page_text.contains("sesame"), "the token is in the file");
    page.sync().button("Disconnect").click();
    page.with_text("status", "Saved in this browser").wait();
}

#[test]
fn a_write_that_is_redirected_reaches_no_other_server_and_goes_out_when_it_is_not() {
    let endpoint = Endpoint::start(Some("sesame"));
    let elsewhere = Endpoint::start(None);
    endpoint.redirect_to(&elsewhere.address);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "sesame");
    page.wait_synced();
    endpoint.set_mood(Mood::RedirectingWrites);
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("64");
    page.sync();
    page.with_text("status", "leads on to another one").wait();
    assert_eq!(elsewhere.asked(), []);
    endpoint.set_mood(Mood::Well);
    page.sync_now();
    page.eventually("it to be at the endpoint", || {
        (stated(&endpoint) == 28).then_some(())
    });
}

/// Sends a request from the page and returns the status. `how` is the call, given `address` and `init`.
fn status_of(page: &Page, how: &str, address: &str, method: &str, carries: bool) -> Value {
    page.js(
        &format!(
            "const [address, method, carries] = arguments;
             const init = {{ method }};
             if (carries) init.headers = {{ Authorization: 'Bearer sesame', 'If-Match': '\"1\"' }};
             if (method !== 'GET') init.body = 'a board';
             return {how}.then((answer) => answer.status)"
        ),
        &[json!(address), json!(method), json!(carries)],
    )
}

#[test]
fn no_request_of_the_page_carries_a_header_or_a_body_through_a_redirect() {
    let elsewhere = Endpoint::start(None);
    let endpoint = Endpoint::start(None);
    endpoint.redirect_to(&elsewhere.address);
    endpoint.set_mood(Mood::Redirecting);
    let leads_away = elsewhere.address.clone();
    let own = site(&dist())
        .route(
            "/boards/moved",
            any(async move || Redirect::temporary(&leads_away)),
        )
        .route(
            "/moved.json",
            any(async || Redirect::temporary("example.cruxboard.json")),
        );
    let page = Setup::default().address(&serve(own)).start();
    for address in [&*endpoint.address, "boards/moved"] {
        for how in [
            "fetch(address, init)",
            "fetch(new Request(address, init))",
            "fetch(new Request(address), init)",
        ] {
            for method in ["GET", "PUT", "PATCH"] {
                let status = status_of(&page, how, address, method, true);
                assert_eq!(status, json!(302), "{how} of {method} {address}");
            }
        }
    }
    let plain = "fetch(address)";
    let status = status_of(&page, plain, &endpoint.address, "GET", false);
    assert_eq!(status, json!(302));
    assert_eq!(elsewhere.asked(), []);
    // A file of the page itself may have been moved on its server.
    let status = status_of(&page, plain, "moved.json", "GET", false);
    assert_eq!(status, json!(200));
}

#[test]
fn an_endpoint_is_told_neither_cookies_nor_where_the_page_is_and_no_cache_answers_for_it() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    // Cookies ignore ports, so these would go to the endpoint too.
    page.js("document.cookie = 'session=1'", &[]);
    page.connect(&endpoint, "sesame");
    page.wait_synced();
    for name in ["cookie", "referer"] {
        assert_eq!(endpoint.last_header(name), None, "{name}");
    }
    assert_eq!(
        endpoint.last_header("cache-control").as_deref(),
        Some("no-cache")
    );
    assert_eq!(
        endpoint.last_header("authorization").as_deref(),
        Some("Bearer sesame")
    );
    page.js("document.cookie = 'session=; max-age=0'", &[]);
}
