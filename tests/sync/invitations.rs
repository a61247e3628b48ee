//! Invitations: joining a board, and inviting others to it.

use super::stated;
use crate::example::c;
use crate::harness::{Endpoint, Find as _, Found, Page, Setup, serve_with_boards};

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
