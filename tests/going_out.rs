//! Links and texts handed to other programs: what they arrive as.

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use cruxboard_server::site::site;

use super::{
    example::c,
    harness::{Find as _, Page, Setup, dist, serve},
};

/// The worked example with the form for a snapshot.
fn sharing(setup: Setup) -> Page {
    let page = setup.start().open_example();
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    page
}

/// Returns the fragment of the link on the screen, without its `#`.
fn snapshot_fragment(page: &Page) -> String {
    let link = page.eventually("a link", || {
        let link = page.field("Link").value();
        link.contains("#/s/").then_some(link)
    });
    link.split_once('#')
        .map(|(_, fragment)| fragment.to_owned())
        .unwrap_or_default()
}

/// Percent-encodes these letters.
fn escaped(text: &str, letters: &str) -> String {
    let escape = |letter: char| match letters.contains(letter) {
        true => format!("%{:02X}", u32::from(letter)),
        false => letter.to_string(),
    };
    text.chars().map(escape).collect()
}

#[test]
fn a_snapshot_link_that_was_changed_on_its_way_opens_all_the_same() {
    let fragment = snapshot_fragment(&sharing(Setup::default()));
    let guest = Setup::phone().start_blank();
    for changed in [
        format!("%23{fragment}"),
        format!("%2523{}", escaped(&fragment, "/")),
        format!("#{}", escaped(&fragment, "/-_.")),
        format!("#{}", escaped(&escaped(&fragment, "/-_."), "%")),
        format!("#{fragment}>."),
    ] {
        guest.go_to("about:blank");
        guest.go(&changed);
        guest.with_text("note", "Snapshot of 24 Nov 2026").wait();
        assert!(guest.fragment().contains("s"), "{}", guest.fragment());
        // Neither the link nor its content creates a board.
        let kept = guest.js("return Object.keys(localStorage).length", &[]);
        assert_eq!(kept, 0, "{changed:.60}");
    }
}

#[test]
fn other_links_that_were_changed_on_their_way_lead_where_they_led_or_say_so() {
    let page = Setup::default().start_blank();
    let join = "/join?at=https://boards.test/boards/x-y&token=a-b_c";
    for changed in [
        format!("%23{join}"),
        format!("#{}", escaped(join, "/-_.")),
        format!("#{}", escaped(join, "/-_.?=&:")),
    ] {
        page.go_to("about:blank");
        page.go(&changed);
        page.heading("Join a board").wait();
        page.with_text("region", "https://boards.test/boards/x-y")
            .wait();
    }
    page.go_to("about:blank");
    page.go("%23/nowhere");
    page.with_text("alert", "changed on its way").wait();
}

/// Serves the app to clients that sign in as anna.
fn behind_a_password() -> String {
    async fn check(request: Request, next: Next) -> Response {
        // "anna:pw" in Base64.
        let given = request.headers().get(header::AUTHORIZATION);
        if given.is_some_and(|given| given == "Basic YW5uYTpwdw==") {
            return next.run(request).await;
        }
        let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"test\"")];
        (StatusCode::UNAUTHORIZED, ask).into_response()
    }
    let app: Router = site(&dist());
    serve(app.layer(middleware::from_fn(check)))
}

#[test]
fn an_address_with_a_name_and_a_password_starts_and_leaves_them_out_of_every_link() {
    let address = behind_a_password();
    let with_password = address.replace("http://", "http://anna:pw@");
    let page = Setup::default()
        .in_new_browser()
        .address(&address)
        .start_blank();
    page.go_to(&format!("{with_password}#/"));
    let page = page.open_example();
    assert!(!page.address().contains("pw@"), "{}", page.address());
    page.tab("Share");
    let link = page.eventually("a link", || {
        let link = page.field("Link").value();
        link.contains("#/s/").then_some(link)
    });
    assert!(link.starts_with(&address), "{link:.60}");
}

/// Returns the text in the dialog for copying by hand, and whether all of it is selected.
fn selected_text(page: &Page) -> String {
    page.role("dialog", "Copy it by hand").wait();
    page.eventually("the text to be selected", || {
        let selected = page.js(
            "const field = document.activeElement;
             return field.value?.slice(field.selectionStart, field.selectionEnd)
                 === field.value && field.value || null",
            &[],
        );
        selected.as_str().map(str::to_owned)
    })
}

#[test]
fn where_the_browser_gives_no_clipboard_the_text_is_shown_selected_with_the_reason() {
    // Without a clipboard, as over plain HTTP.
    let setup = Setup::default().before_load("delete Navigator.prototype.clipboard");
    let page = sharing(setup);
    let fragment = snapshot_fragment(&page);
    page.button("Copy link").click();
    assert!(selected_text(&page).ends_with(&fragment));
    page.with_text("dialog", "no clipboard, because it came over plain http")
        .wait();
    page.button("Close").click();
    page.button("Copy Markdown").click();
    assert!(selected_text(&page).starts_with("# Keep, change or wind down"));
    page.button("Close").click();
    page.button("Copy as picture").click();
    page.wait_notice("Save the picture as PNG or SVG instead");
    page.checkbox(c(1)).tick(true);
    page.button("Copy HTML").click();
    assert!(selected_text(&page).contains("<"));
}

#[test]
fn a_clipboard_that_never_answers_is_not_waited_for() {
    let setup =
        Setup::default().before_load("Clipboard.prototype.writeText = () => new Promise(() => {})");
    let page = sharing(setup);
    page.button("Copy link").click();
    assert!(selected_text(&page).contains("#/s/"));
    page.with_text("dialog", "did not let this page copy")
        .wait();
}
