//! Two browsers, or two tabs, at one board.

use super::{NUMBER, stated};
use crate::example::{CHANGES, c};
use crate::harness::{Endpoint, Find as _, Mood, Page, Setup};

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
