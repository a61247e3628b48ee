//! Keeping a board in step through somebody else's server.

use super::{
    example::{CHANGES, c},
    harness::{Endpoint, Find as _, Found, Key, Mood, Page, Setup, serve_with_boards},
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
        // Browsers report by themselves that nothing was there yet.
        self.expect_in_console("404");
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

    // Each says something while the other does, and both have both.
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
        page.wait_body("71 %");
        page.wait_body("22 %");
    }
    // What came from the endpoint is stored like everything else.
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
    // The other's move is not mine to undo.
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
    // Saved here all the same.
    page.reload();
    page.field(NUMBER).at(0).wait_value("63");
    endpoint.set_mood(Mood::Well);
    page.sync_now();
    assert_eq!(stated(&endpoint), 28);
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
    // An older version is restored, and then it is gone altogether.
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
    let page_text = page.download();
    assert!(!page_text.contains("sesame"), "the token is in the file");
    page.sync().button("Disconnect").click();
    page.with_text("status", "Saved in this browser").wait();
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
    let sync = ann.sync();
    sync.button("Use the server…").click();
    sync.field("Token").fill(&token);
    sync.button("Test").click();
    sync.with_text("status", "Nothing is there yet").wait();
    ann.expect_in_console("404");
    sync.button("Connect").click();
    ann.wait_synced();
    let board = sync.with_text("paragraph", "/boards/").text();

    let bob = Setup::default().address(&address).start();
    bob.link("Join it").click();
    bob.field("Address of the board").fill(board.trim());
    bob.field("Token").fill(&token);
    bob.button("Join").click();
    bob.row(c(1)).wait();
    bob.wait_synced();
    bob.be("Red-teamer");

    ann.tab("Cruxes");
    ann.open_crux(c(1));
    bob.open_crux(c(1));
    ann.state_credence("71");
    bob.wait_body("71 %");
    bob.state_credence("22");
    ann.wait_body("22 %");
    // Both come to rest, and what is erased on one is gone on the other.
    ann.wait_synced();
    bob.wait_synced();
}
