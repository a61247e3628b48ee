//! Syncing a board through a third party's server.

use std::time::{Duration, Instant};

use axum::{response::Redirect, routing::any};
use cruxboard_domain::BoardId;
use cruxboard_server::{site::site, store};
use serde_json::{Value, json};

use super::{
    example::{CHANGES, c},
    harness::{
        BoardServer, Endpoint, Find as _, Found, Key, Mood, Page, Setup, dist, serve,
        serve_with_boards, until_it_shows,
    },
    meeting::{answers, back_on_the_table, start_review},
};

const SYNCED: &str = "synced just now";
const NUMBER: &str = "Your credence, in percent";

impl Page {
    fn sync(&self) -> Found {
        self.tab("Setup");
        self.region("Sync")
    }

    fn connect(&self, endpoint: &Endpoint, token: &str) {
        let sync = self.sync();
        sync.field("Address of the board").fill(&endpoint.address);
        if !token.is_empty() {
            sync.field("Token").fill(token);
        }
        sync.button("Test").click();
        sync.button("Connect").click();
        // Browsers themselves report the missing document, and the failed precondition.
        self.expect_in_console("404");
        self.expect_in_console("412");
    }

    fn wait_synced(&self) {
        self.with_text("status", SYNCED).wait();
    }

    fn state_credence(&self, percent: &str) {
        self.field(NUMBER).at(0).retype(percent);
        self.press(Key::Enter);
    }

    fn join(&self, address: &str) {
        let link = format!("#/join?at={}", address.replace(':', "%3A"));
        self.go(&link);
        self.button("Join").click();
    }

    fn sync_now(&self) {
        let sync = self.sync();
        sync.button("Sync now").click();
        self.wait_synced();
    }

    /// Returns how often this tab has sent a request to an address.
    fn asked(&self, address: &str) -> u64 {
        let count = self.js(
            "return performance.getEntriesByName(arguments[0]).length",
            &[json!(address)],
        );
        count.as_u64().unwrap_or_default()
    }

    /// Connects the open board to the server that the page came from. Returns the board's address there.
    fn connect_to_own_server(&self, token: &str) -> String {
        let sync = self.sync();
        sync.button("Use the server…").click();
        sync.field("Token").fill(token);
        sync.button("Test").click();
        sync.with_text("status", "Nothing is there yet").wait();
        self.expect_in_console("404");
        sync.button("Connect").click();
        self.wait_synced();
        sync.with_text("paragraph", "/boards/")
            .text()
            .trim()
            .to_owned()
    }
}

fn stated(endpoint: &Endpoint) -> usize {
    let document = endpoint.document().unwrap_or_default();
    document.matches("\"credence-stated\"").count()
}

#[test]
fn two_browsers_keep_one_board_in_step_through_an_address_that_answers_get_and_put() {
    let endpoint = Endpoint::start(Some("sesame"));
    let ann = Page::with_example();
    ann.be("Researcher");
    let sync = ann.sync();
    sync.field("Address of the board").fill(&endpoint.address);
    sync.field("Token").fill("sesame");
    sync.button("Test").click();
    sync.with_text("status", "Nothing is there yet").wait();
    ann.expect_in_console("404");
    ann.expect_in_console("412");
    assert!(endpoint.document().is_none(), "a test must not write");
    sync.button("Connect").click();
    ann.wait_synced();
    assert_eq!(stated(&endpoint), 27);

    let bob = Setup::default().start();
    bob.link("Join it").click();
    bob.field("Address of the board").fill(&endpoint.address);
    bob.field("Token").fill("wrong");
    bob.button("Join").click();
    bob.with_text("status", "valid token").wait();
    bob.expect_in_console("401");
    bob.field("Token").fill("sesame");
    bob.button("Join").click();
    bob.row(c(9)).wait();
    bob.wait_synced();
    assert_eq!(bob.stored_count(), CHANGES);

    // Each makes a change while the other does, and both get both.
    bob.be("Red-teamer");
    ann.tab("Cruxes");
    ann.open_crux(c(1));
    bob.open_crux(c(1));
    ann.state_credence("71");
    bob.state_credence("22");
    ann.eventually("both to be at the endpoint", || {
        (stated(&endpoint) == 29).then_some(())
    });
    ann.sync_now();
    bob.sync_now();
    for page in [&ann, &bob] {
        page.tab("Cruxes");
        page.open_crux(c(1));
        page.wait_body("71%");
        page.wait_body("22%");
    }
    // Changes from the endpoint are stored like all others.
    for page in [&ann, &bob] {
        page.eventually("both moves to be stored here", || {
            let rows = page.stored("changes");
            let moves = rows.iter().filter(|(_, row)| {
                row.as_str()
                    .is_some_and(|row| row.contains("\"credence-stated\""))
            });
            (moves.count() == 29).then_some(())
        });
    }
    // Undo does not retract the other's move.
    bob.undo();
    ann.sync_now();
    bob.sync_now();
    let document = bob.eventually("the undo to be at the endpoint", || {
        let document = endpoint.document().unwrap_or_default();
        (document.matches("\"retracted\"").count() == 1).then_some(document)
    });
    assert!(!document.contains("sesame"), "the token is in the document");
    bob.reload();
    bob.wait_synced();
}

#[test]
fn offline_everything_goes_on_and_goes_out_when_the_endpoint_answers_again() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "");
    page.wait_synced();
    endpoint.set_mood(Mood::Broken);
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("63");
    page.with_text("status", "1 waiting").wait();
    page.expect_in_console("500");
    // The change is still saved here.
    page.reload();
    page.field(NUMBER).at(0).wait_value("63");
    endpoint.set_mood(Mood::Well);
    page.sync_now();
    assert_eq!(stated(&endpoint), 28);
}

#[test]
fn over_a_network_that_is_cut_flaps_or_is_slow_nothing_is_lost_and_it_comes_into_step_by_itself() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "");
    page.wait_synced();
    page.expect_in_console("ERR_");
    page.tab("Cruxes");
    page.open_crux(c(3));
    let arrive = |count| {
        page.eventually("it to be at the endpoint", || {
            (stated(&endpoint) == count).then_some(())
        });
    };
    endpoint.set_mood(Mood::Cut);
    page.state_credence("61");
    page.with_text("status", "offline, 1 waiting").wait();
    assert_eq!(stated(&endpoint), 27);
    // Nobody presses anything from here on.
    endpoint.set_mood(Mood::Flapping);
    arrive(28);
    page.wait_synced();
    page.state_credence("62");
    arrive(29);
    page.wait_synced();
    endpoint.set_mood(Mood::Slow);
    for percent in ["63", "64", "65"] {
        page.state_credence(percent);
    }
    page.with_text("status", "sending").wait();
    arrive(32);
    page.wait_synced();
    // Changes that arrived without a response were not added twice, and nothing was lost here.
    assert_eq!(stated(&endpoint), 32);
    page.reload();
    page.field(NUMBER).at(0).wait_value("65");
    endpoint.set_mood(Mood::Well);
}

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
fn who_may_only_read_is_told_what_stays_here_and_reads_along() {
    let endpoint = Endpoint::start(None);
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&endpoint, "");
    page.wait_synced();
    endpoint.set_mood(Mood::ReadOnly);
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("63");
    page.with_text("status", "reading along, 1 only here")
        .wait();
    page.expect_in_console("403");
    assert_eq!(stated(&endpoint), 27);
    endpoint.set_mood(Mood::Well);
    page.sync_now();
    assert_eq!(stated(&endpoint), 28);
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

#[test]
fn an_invitation_brings_a_second_browser_in_and_leaves_the_address_bar() {
    let endpoint = Endpoint::start(None);
    let ann = Page::with_example();
    ann.connect(&endpoint, "");
    ann.wait_synced();
    let bob = Setup::phone().start();
    bob.join(&endpoint.address);
    bob.row(c(1)).wait();
    bob.wait_synced();
    assert!(!bob.fragment().contains("join"), "{}", bob.fragment());
    // The history of the tab does not contain the invitation with its credential.
    let board = bob.fragment();
    bob.back();
    bob.eventually("what was before the invitation", || {
        (bob.fragment() != board).then_some(())
    });
    assert!(!bob.fragment().contains("join"), "{}", bob.fragment());
    bob.join(&Endpoint::start(None).address);
    bob.with_text("status", "no board at that address").wait();
    bob.expect_in_console("404");
}

#[test]
fn with_the_own_server_a_change_shows_on_the_other_screen_by_itself() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (address, token) = serve_with_boards(folder.path());
    let ann = Setup::default().address(&address).start().open_example();
    ann.be("Researcher");
    let board = ann.connect_to_own_server(&token);

    let bob = Setup::default().address(&address).start();
    bob.link("Join it").click();
    bob.field("Address of the board").fill(&board);
    bob.field("Token").fill(&token);
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.wait_synced();
    bob.be("Red-teamer");

    ann.tab("Cruxes");
    ann.open_crux(c(1));
    bob.open_crux(c(1));
    ann.state_credence("71");
    bob.wait_body("71%");
    bob.state_credence("22");
    ann.wait_body("22%");
    ann.wait_synced();
    bob.wait_synced();
}

/// The worked example on a server of its own, also open in a second browser with a read-only token.
fn two_at_one_board(folder: &tempfile::TempDir) -> (Page, Page) {
    let (address, token) = serve_with_boards(folder.path());
    let ann = Setup::default().address(&address).start().open_example();
    ann.be("Researcher");
    ann.connect_to_own_server(&token);
    let sync = ann.sync();
    sync.fold("Invite somebody").open();
    sync.field("They may").choose("Read only");
    sync.button("Make an invitation").click();
    let link = ann.eventually("an invitation", || {
        let link = sync.field("The invitation");
        link.is_there().then(|| link.value())
    });
    let bob = Setup::default().address(&address).start_blank();
    bob.go_to(&link);
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.with_text("status", "reading along").wait();
    (ann, bob)
}

#[test]
fn in_a_blind_round_no_number_reaches_the_server_before_it_is_closed() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (address, token) = serve_with_boards(folder.path());
    let ann = Setup::default().address(&address).start().open_example();
    ann.be("Red-teamer");
    let board = ann.connect_to_own_server(&token);
    let bob = Setup::default().address(&address).start();
    bob.link("Join it").click();
    bob.field("Address of the board").fill(&board);
    bob.field("Token").fill(&token);
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.wait_synced();
    bob.be("Area lead");

    start_review(&ann);
    ann.button("Blind round on the agenda").click();
    ann.region("Who has answered").wait();
    let round = ann.fragment();
    answers(&ann, "Red-teamer", &[(c(5), 87)]);
    back_on_the_table(&ann);
    // The other device learns that there is an answer, but not which.
    bob.eventually("the round", || {
        bob.go(&round);
        bob.region("Who has answered").is_there().then_some(())
    });
    bob.button("Change my answer: Red-teamer").wait();
    let kept = bob.js(
        "return (async () => {
         const answer = await fetch(arguments[0], { headers: { Authorization: `Bearer ${arguments[1]}` } });
         return answer.text();
         })()",
        &[json!(board), json!(token)],
    );
    let kept = kept.as_str().unwrap_or_default();
    assert!(
        kept.contains("round-sealed"),
        "the seal is there: {}",
        kept.len()
    );
    assert!(
        !kept.contains("\"credence\":87"),
        "the server has the number"
    );
    answers(&bob, "Area lead", &[(c(5), 12)]);
    back_on_the_table(&bob);
    bob.button("Reveal without 1 answer").click();
    super::rounds::confirm_reveal(&bob);
    for page in [&ann, &bob] {
        page.heading("Revealed").wait();
        page.wait_body("75 points: Area lead 12%, Red-teamer 87%");
    }
}

#[test]
fn a_change_shows_on_the_other_screen_within_a_moment() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (ann, bob) = two_at_one_board(&folder);
    bob.be("Red-teamer");
    for page in [&ann, &bob] {
        page.tab("Cruxes");
        page.open_crux(c(4));
        page.field(NUMBER).wait();
    }
    let mut times = until_it_shows(&ann, &bob, 9);
    times.sort_by(f64::total_cmp);
    // A change takes a third of a second on a quiet machine, as measured by `cargo xtask bench`. This machine
    // is busy, but polling would take more than ten seconds.
    assert!(times[4] < 3_000.0, "{times:?}");
}

#[test]
fn who_else_is_here_is_shown_while_they_are_and_to_whoever_lets_themselves_be_shown() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (ann, bob) = two_at_one_board(&folder);
    let at = |page: &Page| page.role("list", "Also here now");
    at(&bob).wait_text("Researcher");
    at(&ann).wait_text("Somebody without a name");
    // A person who has chosen a name is shown by it.
    bob.be("Red-teamer");
    at(&ann).wait_text("Red-teamer");
    assert_eq!(at(&ann).all("listitem").count(), 1);
    // A review offers the present people.
    ann.tab("Reviews");
    ann.button("Start a review").click();
    ann.heading("Review of …").wait();
    ann.with_text("paragraph", "Have this board open: Red-teamer")
        .wait();
    let here = ann.group("Participants");
    here.checkbox("Red-teamer").tick(false);
    ann.button("Add them").click();
    ann.eventually("it to be ticked again", || {
        here.checkbox("Red-teamer")
            .prop("checked")
            .as_bool()
            .filter(|is| *is)
    });

    // A person who turns presence off is not shown, and sees nobody.
    let shows =
        "Show who has this board open, and show others that you do, where the server supports it";
    bob.sync().checkbox(shows).tick(false);
    at(&ann).wait_gone();
    at(&bob).wait_gone();
    bob.sync().checkbox(shows).tick(true);
    at(&ann).wait_text("Red-teamer");
    at(&bob).wait_text("Researcher");
    // A person who leaves disappears within seconds.
    bob.expect_in_console("favicon.ico");
    bob.go("favicon.svg");
    at(&ann).wait_gone();
    // The person returns with the page from the back-forward cache.
    bob.back();
    at(&ann).wait_text("Red-teamer");
    at(&bob).wait_text("Researcher");
}

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

/// Returns the link in a QR code on the page.
fn read_with_a_camera(code: &Found) -> String {
    let path = code.on_element(
        "return arguments[0].querySelector('.qr-ink').getAttribute('d')",
        &[],
    );
    let path = path.as_str().expect("a path").to_owned();
    let side = code.on_element("return arguments[0].viewBox.baseVal.width", &[]);
    let side = side.as_f64().expect("a side") as usize;
    let mut dark = vec![false; side * side];
    for bar in path.split('M').skip(1) {
        let mut numbers = bar.split(|c: char| !c.is_ascii_digit());
        let mut next = || numbers.next()?.parse::<usize>().ok();
        let (x, y, length) = (next().unwrap(), next().unwrap(), next().unwrap());
        // A light margin of four squares surrounds the code.
        dark[(y + 4) * side + x + 4..][..length].fill(true);
    }
    const SCALE: usize = 4;
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
            if dark[y / SCALE * side + x / SCALE] {
                0
            } else {
                255
            }
        });
    let grids = picture.detect_grids();
    grids[0].decode().expect("a code that can be read").1
}

#[test]
fn of_two_tabs_one_asks_the_endpoint_and_the_other_shows_how_it_stands_and_takes_its_place() {
    let endpoint = Endpoint::start(None);
    let first = Page::with_example();
    first.be("Researcher");
    first.connect(&endpoint, "");
    first.wait_synced();
    let second = first.new_tab();
    second.go(&first.fragment());
    second.wait_synced();
    let heard = second.sync();
    heard.fold("The last exchanges").open();
    heard.with_text("row", "Read").wait();
    assert_eq!(second.asked(&endpoint.address), 0, "both tabs ask");

    // A change in the tab that does not sync is still sent, once.
    second.tab("Cruxes");
    second.open_crux(c(3));
    second.state_credence("63");
    second.eventually("it to be at the endpoint", || {
        (stated(&endpoint) == 28).then_some(())
    });
    second.wait_synced();
    assert_eq!(endpoint.writes(), 2, "the board, and the credence");
    // “Sync now” in the second tab makes the first tab send a request.
    let before = first.asked(&endpoint.address);
    second.sync_now();
    second.eventually("the first tab to have looked", || {
        (first.asked(&endpoint.address) > before).then_some(())
    });
    assert_eq!(second.asked(&endpoint.address), 0, "both tabs ask");

    // When the syncing tab is closed, the other one takes over.
    first.expect_in_console("favicon.ico");
    first.go("favicon.svg");
    second.tab("Cruxes");
    second.open_crux(c(3));
    second.state_credence("64");
    second.eventually("it to be at the endpoint", || {
        (stated(&endpoint) == 29).then_some(())
    });
    assert!(second.asked(&endpoint.address) > 0);
    // After one tab disconnects, the other stops syncing.
    let third = second.new_tab();
    third.go(&second.fragment());
    third.wait_synced();
    third.sync().button("Disconnect").click();
    second.wait_saved();
    third.wait_saved();
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
fn an_erasure_that_the_server_s_owner_undoes_is_undone_on_the_open_page_and_in_what_it_stored() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut server = BoardServer::start(folder.path());
    let page = Setup::default()
        .address(&server.address)
        .start()
        .open_example();
    page.be("Researcher");
    let token = server.token.clone();
    let place = page.connect_to_own_server(&token);
    let second = page.new_tab();
    second.go(&page.fragment());
    second.wait_synced();
    page.tab("Cruxes");
    page.open_crux(c(1));
    second.tab("Cruxes");
    second.open_crux(c(1));
    let kept = "what somebody erases in anger";
    page.fold("Claim and option").open();
    page.fold("Claim and option").field("Conditions").fill(kept);
    page.wait_synced();
    second.wait_body(kept);
    let board = place.rsplit('/').next().expect("an id").parse();
    let board: BoardId = board.expect("a board's id");
    let at_server = || {
        let got = page.js(
            "return fetch(arguments[0], { headers: { Authorization: `Bearer ${arguments[1]}` } })
             .then((answer) => answer.text())",
            &[json!(place), json!(token)],
        );
        got.as_str().unwrap_or_default().to_owned()
    };
    page.eventually("it to be at the server", || {
        at_server().contains(kept).then_some(())
    });

    page.fold("Activity…").open();
    let change = page.with_text("listitem", kept);
    change.fold("Erase…").open();
    change.button("Erase it for good").click();
    page.eventually("it to be gone from the server", || {
        (!at_server().contains(kept)).then_some(())
    });
    page.wait_synced();
    second.eventually("it to be gone from the other tab", || {
        (!second.body().contains(kept)).then_some(())
    });

    for page in [&page, &second] {
        page.expect_in_console("ERR_");
    }
    let rewound = server.pause_for(async |place| {
        let versions = store::versions(place, board).await;
        let versions = versions.expect("a database").expect("a board");
        // The last write is the redaction.
        let erasure = versions.iter().position(|version| version.erased > 0);
        let before = &versions[erasure.expect("an erasure") + 1];
        store::rewind(
            place,
            board,
            before.cursor,
            &store::RewindOptions::default(),
        )
        .await
    });
    let rewound = rewound.expect("an earlier version");
    assert_eq!((rewound.taken_out, rewound.put_back), (1, 1), "{rewound:?}");
    // Without a reload.
    for page in [&page, &second] {
        page.wait_body(kept);
        page.wait_synced();
    }
    assert!(at_server().contains(kept));
    page.eventually("it to be stored so", || {
        let rows = page.stored("changes");
        let has = |part: &str| rows.iter().any(|(_, row)| row.to_string().contains(part));
        (has(kept) && !has("redacted")).then_some(())
    });
    page.reload();
    page.wait_body(kept);
    page.wait_synced();
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
fn a_guest_comes_in_with_a_token_of_their_own_and_goes_when_it_is_revoked() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (address, token) = serve_with_boards(folder.path());
    let ann = Setup::default().address(&address).start().open_example();
    ann.connect_to_own_server(&token);
    let sync = ann.sync();
    sync.fold("Invite somebody").open();
    sync.field("For whom").fill("Bob");
    sync.field("They may").choose("Read only");
    sync.field("For").choose("Until it is revoked");
    sync.button("Make an invitation").click();
    let link = ann.eventually("an invitation", || {
        let link = sync.field("The invitation");
        link.is_there().then(|| link.value())
    });
    assert!(!link.contains(&token), "it carries the inviter's own token");
    let code = sync.role("img", "The same link as a QR code");
    assert_eq!(read_with_a_camera(&code), link);
    sync.with_text("row", "Bob")
        .wait_text("reads, until it is revoked");

    let bob = Setup::phone().address(&address).start_blank();
    bob.go_to(&link);
    bob.button("Join").click();
    bob.row(c(1)).wait();
    assert!(!bob.fragment().contains("token"), "{}", bob.fragment());
    // The restriction is shown before any edit.
    bob.with_text("status", "edits stay here").wait();
    bob.be("Red-teamer");
    bob.open_crux(c(1));
    bob.state_credence("44");
    bob.with_text("status", "reading along, 1 only here").wait();
    bob.expect_in_console("403");
    // A guest cannot invite others.
    let his = bob.sync();
    his.fold("Invite somebody").open();
    his.wait_text("cannot invite others");

    // The guest's token is revoked.
    sync.button("Revoke the invitation of Bob").click();
    sync.with_text("row", "Bob").wait_text("revoked");
    ann.wait_synced();
    his.button("Sync now").click();
    bob.with_text("status", "not synced").wait();
    his.with_text("status", "wants a valid token").wait();
    bob.expect_in_console("401");
    // The guest enters another token there.
    his.fold("Another address or credential").open();
    his.field("Token").fill(&token);
    his.button("Test").click();
    his.button("Use this one").click();
    bob.wait_synced();
}

#[test]
fn an_invitation_knows_who_is_invited_and_that_can_be_changed() {
    let endpoint = Endpoint::start(Some("sesame"));
    let page = Page::with_example();
    page.connect(&endpoint, "sesame");
    page.wait_synced();
    let sync = page.sync();
    sync.fold("Invite somebody").open();
    let link_for = |name: &str, said: bool| {
        sync.field("For whom").fill(name);
        let joins = sync.with_text("status", "who is on the board");
        if said {
            joins.wait();
        } else {
            joins.wait_gone();
        }
        sync.button("Make an invitation with my credential").click();
        page.eventually("an invitation", || {
            let link = sync.field("The invitation").value();
            (link.contains("&as=") == said).then_some(link)
        })
    };
    let link = link_for("red-TEAMER", true);
    assert!(
        link.ends_with("/board.json&as=Red-teamer&token=sesame"),
        "{link}"
    );
    // Only somebody on the board is named in the link.
    assert!(!link_for("Zoë", false).contains("Zo"));

    let guest = Setup::default().start_blank();
    guest.go_to(&link);
    guest.wait_body("You are invited as Red-teamer");
    guest.button("Join").click();
    guest.row(c(1)).wait();
    guest.wait_notice("You are invited as Red-teamer");
    assert_eq!(guest.field("You are").chosen(), "Red-teamer");
    guest.be("Researcher");
    guest.wait_synced();
    // The invitation does not take the choice back.
    guest.go_to(&link);
    guest.reload();
    guest.button("Join").click();
    guest.row(c(1)).wait();
    assert_eq!(guest.field("You are").chosen(), "Researcher");
}

#[test]
fn elsewhere_an_invitation_says_that_it_hands_over_ones_own_credential() {
    let endpoint = Endpoint::start(Some("sesame"));
    let page = Page::with_example();
    page.connect(&endpoint, "sesame");
    page.wait_synced();
    let sync = page.sync();
    sync.fold("Invite somebody").open();
    sync.wait_text("carries your own credential");
    assert!(!page.body().contains("sesame"));
    sync.button("Make an invitation with my credential").click();
    let link = page.eventually("an invitation", || {
        let link = sync.field("The invitation");
        link.is_there().then(|| link.value())
    });
    assert!(link.ends_with("/board.json&token=sesame"), "{link}");
    let bob = Setup::default().start_blank();
    bob.go_to(&link);
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.wait_synced();
}

#[test]
fn a_short_link_opens_a_snapshot_that_its_server_cannot_read_until_it_is_taken_back() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (address, token) = serve_with_boards(folder.path());
    let ann = Setup::default().address(&address).start().open_example();
    ann.tab("Share");
    let host = ann.region("A short link, through your server");
    host.link("Connect it in Setup").click();
    ann.connect_to_own_server(&token);
    ann.tab("Share");
    host.field("Kept for").choose("A year");
    host.button("Make a short link").click();
    let link = ann.eventually("a link", || {
        let link = host.field("Short link");
        link.is_there().then(|| link.value())
    });
    assert!(link.len() < 120, "{link}");
    host.with_text("row", "Keep, change or wind down")
        .wait_text(" kB, until ");

    // The server's copy is useless without the key, which follows the last slash.
    let (front, key) = link.rsplit_once('/').expect("a key");
    let id = front.rsplit_once('/').expect("a name").1;
    let has = ann.js(
        "return fetch(`/snapshots/${arguments[0]}`).then((answer) => answer.text())",
        &[json!(id)],
    );
    let has = has.as_str().expect("a text");
    assert!(has.contains("\"sealed\"") && !has.contains("Keep") && !has.contains(key));

    let reader = Setup::phone().address(&address).start_blank();
    reader.go_to(&link);
    reader.with_text("note", "Snapshot of 24 Nov 2026").wait();
    reader.wait_body("Coercive by default");
    assert_eq!(
        reader.js(
            "return indexedDB.databases().then((all) => all.length)",
            &[]
        ),
        0
    );
    assert!(reader.local_storage().is_empty());

    // Without the key the page asks for it; after the snapshot is deleted it says so.
    reader.go_to(front);
    reader.field("Key").fill(key);
    reader.button("Open it").click();
    reader.wait_body("Coercive by default");
    host.button("Take back Keep, change or wind down…").click();
    host.wait_text("No short links");
    reader.expect_in_console("404");
    reader.go_to("about:blank");
    reader.go_to(&link);
    reader.with_text("alert", "taken it back").wait();
    reader.button("Try again").click();
    reader.with_text("alert", "taken it back").wait();
    // An unreachable server is reported as such.
    reader.go_to("about:blank");
    reader.go_to(&format!("{link}?at=http://127.0.0.1:9"));
    reader.with_text("alert", "does not answer").wait();
    reader.expect_in_console("ERR_");
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
fn joining_again_in_the_same_tab_uses_the_new_credential() {
    let endpoint = Endpoint::start(Some("sesame"));
    let ann = Page::with_example();
    ann.connect(&endpoint, "sesame");
    ann.wait_synced();
    let reads = endpoint.count("GET");
    let bob = Setup::default().start();
    let link = |token: &str| {
        let address = endpoint.address.replace(':', "%3A");
        format!("#/join?at={address}&token={token}")
    };
    bob.go(&link("sesame"));
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.wait_synced();
    assert_eq!(
        endpoint.count("GET"),
        reads + 1,
        "it is read more than once"
    );
    endpoint.set_token("open");
    bob.expect_in_console("401");
    bob.sync().button("Sync now").click();
    bob.with_text("status", "not synced").wait();
    bob.go(&link("open"));
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.wait_synced();
    let asked = endpoint.asked();
    assert!(
        asked
            .iter()
            .any(|(_, token)| token.as_deref() == Some("Bearer open"))
    );
}

#[test]
fn joining_a_board_that_is_here_already_shows_both_addresses_and_asks() {
    let (one, other) = (Endpoint::start(None), Endpoint::start(None));
    let page = Page::with_example();
    page.be("Researcher");
    page.connect(&one, "");
    page.wait_synced();
    other.put(one.document());
    page.tab("Cruxes");
    page.open_crux(c(3));
    page.state_credence("63");
    page.eventually("it to be at the first address", || {
        (stated(&one) == 28).then_some(())
    });
    page.join(&other.address);
    page.with_text("status", "This board is here already")
        .wait_text(&one.address);
    page.with_text("status", &other.address)
        .wait_text("1 from here would be sent there");
    assert_eq!(stated(&other), 27, "nothing is sent before it is asked");
    let address = |page: &Page| page.sync().with_text("paragraph", "/board.json").text();
    page.back();
    page.heading(c(3)).wait();
    assert!(address(&page).contains(&one.address));
    page.join(&other.address);
    page.button("Use this address from now on").click();
    page.row(c(1)).wait();
    page.wait_synced();
    assert!(address(&page).contains(&other.address));
    page.eventually("it to be at the second address", || {
        (stated(&other) == 28).then_some(())
    });
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

#[test]
fn after_a_graceful_stop_of_the_server_nobody_is_told_for_long_that_it_was_synced_just_now() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let mut server = BoardServer::start(folder.path());
    let page = Setup::default()
        .address(&server.address)
        .start()
        .open_example();
    page.be("Researcher");
    let token = server.token.clone();
    page.connect_to_own_server(&token);
    page.expect_in_console("ERR_");
    let begun = Instant::now();
    server.pause_for(async |_| {
        tokio::task::block_in_place(|| {
            page.with_text("status", "Saved · offline").wait();
        });
    });
    assert!(
        begun.elapsed() < Duration::from_secs(12),
        "{:?}",
        begun.elapsed()
    );
    page.sync_now();
}
