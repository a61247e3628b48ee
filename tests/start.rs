//! The first screen, and the ways to start.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::{
    example::{CHANGES, CREDENCES, TITLES, c},
    harness::{Find as _, Key, Page, Setup, dist, serve, serve_in_folder},
};

#[test]
fn the_first_screen_offers_three_things() {
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start();
        let ways = page.region("Begin");
        ways.button("Open the worked example…").wait();
        ways.link("Start with your question…").wait();
        ways.button("Open a file…").wait();
        assert_eq!(ways.all("button").count() + ways.all("link").count(), 3);
    }
}

#[test]
fn the_worked_example_opens_whole_and_says_that_its_numbers_are_illustrations() {
    let page = Page::with_example();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the cruxes in their order");
    let notice = page.with_text("note", "illustrations").text();
    assert!(notice.contains("all credences"), "{notice}");
    page.wait_body("Keep, change or wind down the AI-character / propensity line?");

    page.fold("Details").open();
    let overview = page.region("Status of the board");
    overview.link("36 armed").wait();
    for (title, _) in TITLES.iter().zip(CREDENCES) {
        // Two event triggers each, 18 in all.
        let chips = page.row(title).all("cell").texts()[5]
            .matches("armed")
            .count();
        assert_eq!(chips, 2, "event triggers of {title}");
    }
    page.tab("Evidence");
    page.with_text("status", "17 items").wait();
    assert_eq!(page.stored_count(), CHANGES);
    let stated = page.stored("changes");
    let stated = stated.iter().filter(|(_, row)| {
        row.as_str()
            .is_some_and(|row| row.contains("\"credence-stated\""))
    });
    assert_eq!(stated.count(), 27);
}

#[test]
fn the_tour_says_three_things_and_once_dismissed_never_comes_back() {
    let page = Page::start();
    page.button("Open the worked example…").click();
    let tour = page.role("complementary", "Tour");
    tour.wait();
    assert_eq!(tour.all("listitem").count(), 3);
    tour.button("Got it").click();
    tour.wait_gone();
    page.wait_saved();
    page.reload();
    page.row(c(1)).wait();
    assert!(!tour.is_there(), "it came back after a reload");
    page.go("");
    page.button("Open the worked example…").click();
    page.row(c(1)).wait();
    assert!(!tour.is_there(), "it came back with another opening");
}

#[test]
fn a_board_and_its_first_crux_are_made_by_keyboard_alone() {
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start();
        page.region("Begin").wait();
        page.tab_to("link", "Start with your question…");
        page.press(Key::Enter);
        page.wait_focus("field", "Decision question");
        page.press("Keep the press, or sell it?" + Key::Enter);
        page.wait_focus("field", "People: names or roles…");
        page.press("Ada, Ben" + Key::Enter);
        page.wait_focus("field", "Claims, one per line");
        page.press(Key::Enter);
        page.role("complementary", "Tour").wait();
        page.tab_to("link", "Write the first crux");
        page.press(Key::Enter);
        page.tab_to("field", "Claim");
        page.press("The press costs more than it earns.");
        page.tab_to("field", "Option if true");
        page.press("Stop");
        let stop = page.group("What would make you stop or change?");
        stop.wait();
        page.tab_to("field", "Observable");
        page.press("Two quarters running with a loss");
        page.tab_to("button", "Add the crux");
        page.press(Key::Enter);
        page.heading("The press costs more than it earns.").wait();
        page.with_text("paragraph", "Two quarters running with a loss")
            .wait();
        page.wait_saved();
        page.reload();
        page.heading("The press costs more than it earns.").wait();
        assert_eq!(
            page.field("You are").all("option").names(),
            ["Choose your name", "Ada", "Ben"]
        );
    }
}

const TITLE: &str = "Keep, change or wind down the AI-character / propensity line?";

#[test]
fn boards_of_this_browser_are_listed_with_what_they_take_and_the_trash_gives_them_back() {
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start().open_example();
        page.go("");
        let boards = page.region("Boards in this browser");
        boards.link(TITLE).wait();
        boards.wait_text(&format!("{CHANGES} changes"));
        let bytes: usize = page
            .stored("changes")
            .iter()
            .map(|(key, row)| key.len() + row.as_str().unwrap_or_default().len())
            .sum();
        boards.wait_text(&format!("{} kB", (bytes + 500) / 1_000));
        boards.button(&format!("Manage “{TITLE}”")).click();
        boards.button("Move to the trash").click();
        page.wait_notice("The board is in the trash");
        let trash = page.region("In the trash");
        trash.button(&format!("Restore “{TITLE}”")).click();
        boards.link(TITLE).wait();
        // Also by the notice.
        boards.button(&format!("Manage “{TITLE}”")).click();
        boards.button("Move to the trash").click();
        boards.wait_gone();
        page.button("Undo").click();
        boards.link(TITLE).click();
        page.row(c(1)).wait();
    }
}

#[test]
fn a_board_is_renamed_where_it_lies_and_that_can_be_taken_back() {
    let page = Page::with_example();
    page.go("");
    page.region("Boards in this browser").wait();
    // By keyboard alone, on a board that is not open.
    page.tab_to("button", &format!("Manage “{TITLE}”"));
    page.press(Key::Enter);
    page.tab_to("field", "Decision question");
    page.press_with(&[Key::Control], "a");
    page.press("Which way?" + Key::Enter);
    page.wait_notice("The board was renamed");
    let boards = page.region("Boards in this browser");
    boards.link("Which way?").wait();
    assert_eq!(page.stored_count(), CHANGES + 1);
    page.button("Undo").click();
    boards.link(TITLE).wait();
    boards.field("Decision question").wait_value(TITLE);
    boards.field("Decision question").fill("Which way then?");
    boards.link("Which way then?").click();
    page.row(c(1)).wait();
    page.wait_body("Which way then?");
}

#[test]
fn a_board_that_is_opened_while_its_new_name_is_being_stored_has_that_name() {
    let page = Page::with_example();
    page.go("");
    page.reload();
    let boards = page.region("Boards in this browser");
    boards.button(&format!("Manage “{TITLE}”")).click();
    boards.field("Decision question").fill("Once more?");
    boards.link("Once more?").wait();
    page.js(
        "const field = document.querySelector('.boards li input');
         field.value = 'Which way?';
         field.dispatchEvent(new Event('input', { bubbles: true }));
         field.dispatchEvent(new Event('change', { bubbles: true }));
         setTimeout(() => {
             const ways = [...document.querySelectorAll('button.way')];
             ways.find((way) => way.textContent.includes('worked example')).click();
         }, 5);",
        &[],
    );
    page.row(c(1)).wait();
    page.wait_body("Which way?");
}

#[test]
fn an_archived_board_is_out_of_the_way_and_opens_all_the_same() {
    let page = Page::with_example();
    page.go("");
    let boards = page.region("Boards in this browser");
    boards.button(&format!("Manage “{TITLE}”")).click();
    boards.button("Archive").click();
    page.wait_notice("The board is in the archive");
    boards.wait_gone();
    page.reload();
    let archive = page.region("In the archive");
    archive.fold("In the archive…").open();
    archive.link(TITLE).click();
    page.row(c(1)).wait();
    page.wait_saved();
    page.go("");
    archive.fold("In the archive…").open();
    archive.button(&format!("Manage “{TITLE}”")).click();
    archive.button("Unarchive").click();
    boards.link(TITLE).wait();
}

#[test]
fn a_board_is_duplicated_as_a_template_from_the_list() {
    let page = Page::with_example();
    page.go("");
    let boards = page.region("Boards in this browser");
    boards.button(&format!("Manage “{TITLE}”")).click();
    boards.button("Duplicate as a template").click();
    page.row(c(1))
        .role("img", "Nobody has stated a credence yet")
        .wait();
    page.wait_saved();
    page.go("");
    page.eventually("two boards", || {
        (boards.all("listitem").count() == 2).then_some(())
    });
}

#[test]
fn deleting_for_good_takes_two_presses_and_leaves_no_row() {
    let page = Page::with_example();
    page.go("");
    let boards = page.region("Boards in this browser");
    boards.button(&format!("Manage “{TITLE}”")).click();
    boards.button("Move to the trash").click();
    let trash = page.region("In the trash");
    trash.button(&format!("Delete “{TITLE}” for good")).click();
    trash.button("Keep it").click();
    assert_eq!(page.stored_count(), CHANGES);
    trash.button(&format!("Delete “{TITLE}” for good")).click();
    trash.button("Yes, delete it for good").click();
    trash.wait_gone();
    page.wait_notice("The board was deleted for good.");
    assert_eq!(page.stored_count(), 0);
    page.reload();
    page.region("Begin").wait();
    assert!(!boards.is_there() && !trash.is_there());
}

#[test]
fn an_address_leads_straight_to_its_crux_and_the_back_button_works() {
    let page = Page::with_example();
    page.open_crux(c(6));
    let address = page.fragment();
    assert!(address.contains("/crux/"), "{address}");
    page.reload();
    page.heading(c(6)).wait();
    let wait_title = |title: &str| {
        page.eventually(&format!("the title “{title}”"), || {
            (page.js("return document.title", &[]) == title).then_some(())
        });
    };
    wait_title(
        "Pre-training decides · Keep, change or wind down the AI-character / propensity line? · Cruxboard",
    );
    page.tab("Analysis");
    wait_title(
        "Analysis · Keep, change or wind down the AI-character / propensity line? · Cruxboard",
    );
    page.back();
    page.back();
    page.row(c(1)).wait();
    let other = page.new_tab();
    other.go(&address);
    other.heading(c(6)).wait();
}

#[test]
fn an_address_that_leads_nowhere_says_so_and_shows_no_example() {
    let page = Setup::default().start_blank();
    for wrong in ["#/nowhere", "#/%00/%F0"] {
        page.go_to("about:blank");
        page.go(wrong);
        page.heading("There is no page at this address").wait();
        page.with_text("alert", "cut off or changed on its way")
            .wait();
        assert!(!page.region("Begin").is_there());
        page.link("To the start page").click();
        page.region("Begin").wait();
    }
    // With boards in this browser, and while one of them is open.
    let user = page.open_example();
    user.go("#/nope");
    user.heading("There is no page at this address").wait();
    user.go_to("about:blank");
    user.go("#/nope");
    user.heading("There is no page at this address").wait();
    user.link("To the start page").click();
    user.region("Boards in this browser").wait();
    let page = Setup::default().start_blank();
    // A board that is not here, and a truncated link.
    for missing in [
        "#/01M83T4CM00000000000000007",
        "#/01M83T4CM00000000000000007/crux/nonsense",
    ] {
        page.go_to("about:blank");
        page.go(missing);
        page.with_text("alert", "This browser has no board with this address")
            .wait();
        assert_eq!(page.fragment(), missing, "a reload asks again");
        page.link("To the start page").click();
        page.region("Begin").wait();
    }

    let page = page.open_example();
    let board = page.fragment();
    for missing in [
        "crux/01M83T4QBR0000000000000009",
        "evidence/01M83T4QBR0000000000000009",
    ] {
        page.go(&format!("{board}/{missing}"));
        page.with_text("heading", "on this board").wait();
    }
    for unknown in ["crux/nonsense", "crux", "nowhere", "review/1/2/3"] {
        page.go(&format!("{board}/{unknown}"));
        page.heading("There is nothing at this address").wait();
        page.with_text("alert", "cut off or changed on its way")
            .wait();
        page.link("All cruxes of this board").click();
        page.row(c(1)).wait();
    }
}

#[test]
fn a_board_in_the_trash_says_so_on_every_screen_and_is_restored_there() {
    let page = Page::with_example();
    let board = page.fragment();
    page.link("Cruxboard").click();
    page.button(&format!("Manage “{TITLE}”")).click();
    page.button("Move to the trash").click();
    page.region("In the trash").wait();
    for screen in ["", "/evidence", "/crux/new", "/setup", "/history"] {
        page.go(&format!("{board}{screen}"));
        page.with_text("alert", "This board is in the trash.")
            .wait();
    }
    let alert = page.with_text("alert", "This board is in the trash.");
    alert.button("Restore").click();
    alert.wait_gone();
    page.reload();
    page.heading("History").wait();
    assert!(!alert.is_there());
    page.go("");
    page.region("Boards in this browser").link(TITLE).wait();
}

#[test]
fn the_built_files_work_in_any_folder() {
    let page = Setup::default()
        .address(&serve_in_folder())
        .start()
        .open_example();
    page.open_crux(c(2));
    page.reload();
    page.heading(c(2)).wait();
}

#[test]
fn without_scripts_the_page_says_what_it_needs() {
    let page = Setup::default()
        .preference(
            "profile.managed_default_content_settings.javascript",
            2.into(),
        )
        .start();
    // Nothing of the page runs then, so the text is read by the developer tools.
    let document = page.cdp("DOM.getDocument", serde_json::json!({}));
    let html = page.cdp(
        "DOM.getOuterHTML",
        serde_json::json!({ "nodeId": document["root"]["nodeId"] }),
    );
    let html = html["outerHTML"].to_string();
    assert!(
        html.contains("Please allow scripts for this page"),
        "{html}"
    );
}

#[test]
fn a_part_that_does_not_load_is_said_with_a_way_to_try_again() {
    use axum::{Router, http::StatusCode, middleware};
    // The app without its program, as after an incomplete upload.
    let app: Router = cruxboard_server::site::site(&dist()).layer(middleware::from_fn(
        async |request: axum::extract::Request, next: middleware::Next| {
            if request.uri().path().ends_with(".wasm") {
                return Err(StatusCode::NOT_FOUND);
            }
            Ok(next.run(request).await)
        },
    ));
    let page = Setup::default().address(&serve(app)).start();
    page.expect_in_console("404");
    page.expect_in_console("WebAssembly");
    page.heading("Cruxboard could not start").wait();
    page.with_text("alert", "did not load").wait();
    page.button("Try again").wait();
    page.wait_body("nothing has been deleted");
}

#[test]
fn a_newcomer_is_sent_the_first_screen_alone_until_they_reach_for_a_way_to_begin() {
    let page = Page::start();
    page.region("Begin").wait();
    page.wait_idle();
    assert_eq!(page.chunks(), Vec::<String>::new());
    page.tab_to("button", "Open a file…");
    page.eventually("what boards need", || {
        (page.chunks() == ["board"]).then_some(())
    });
    page.with_text("link", "Join it").wait();

    // A board created in another tab is listed here all the same.
    let other = page.new_tab();
    other.go("");
    other.open_example();
    page.region("Boards in this browser").wait();

    // Returning users see their boards at once.
    page.reload();
    page.region("Boards in this browser").wait();
    page.wait_idle();
    page.js("localStorage.clear()", &[]);
    page.reload();
    page.region("Boards in this browser").wait();
}

#[test]
fn the_form_for_a_new_board_opens_once_its_code_can_be_loaded() {
    use axum::{Router, http::StatusCode, middleware};
    static IS_MISSING: AtomicBool = AtomicBool::new(true);
    let app: Router = cruxboard_server::site::site(&dist()).layer(middleware::from_fn(
        async |request: axum::extract::Request, next: middleware::Next| {
            let is_board = request.uri().path().starts_with("/board-");
            if is_board && IS_MISSING.load(Ordering::SeqCst) {
                return Err(StatusCode::NOT_FOUND);
            }
            Ok(next.run(request).await)
        },
    ));
    let page = Setup::default().address(&serve(app)).start();
    page.expect_in_console("404");
    page.expect_in_console("board-");
    page.link("Start with your question…").click();
    page.wait_body("could not be loaded");
    assert_eq!(page.fragment(), "#/new");

    IS_MISSING.store(false, Ordering::SeqCst);
    page.button("Try again").click();
    page.field("Decision question").wait();
}

#[test]
fn of_what_a_newcomer_asks_for_while_it_is_on_its_way_the_last_is_done_once() {
    use axum::{Router, middleware};
    static IS_HELD: AtomicBool = AtomicBool::new(true);
    let app: Router = cruxboard_server::site::site(&dist()).layer(middleware::from_fn(
        async |request: axum::extract::Request, next: middleware::Next| {
            let is_board = request.uri().path().starts_with("/board-");
            while is_board && IS_HELD.load(Ordering::SeqCst) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            next.run(request).await
        },
    ));
    let page = Setup::default().address(&serve(app)).start();
    page.button("Open the worked example…").click();
    page.link("Start with your question…").click();
    page.wait_body("Loading…");
    page.back();
    page.button("Open the worked example…").click();
    page.button("Open the worked example…").click();
    page.wait_body("Loading…");
    IS_HELD.store(false, Ordering::SeqCst);
    page.row(c(9)).wait();
    page.eventually("the keyboard at the beginning", || {
        (page.js("return document.activeElement.id", &[]) == "main").then_some(())
    });
    page.wait_saved();
    page.go("");
    page.region("Boards in this browser").wait();
    page.wait_idle();
    let boards = page.js("return document.querySelectorAll('.boards li').length", &[]);
    assert_eq!(boards, 1);
}

#[test]
fn a_newcomers_first_link_takes_the_keyboard_along() {
    for name in ["Join it", "Backups"] {
        let page = Page::start();
        page.with_text("link", name).click();
        page.eventually("the keyboard at the beginning", || {
            let stands = page.js(
                "return document.activeElement.id === 'main' && !document.querySelector('.awaited') && scrollY === 0",
                &[],
            );
            (stands == true).then_some(())
        });
    }
}

#[test]
fn who_only_looks_is_sent_no_more_than_that_and_who_begins_to_work_the_rest() {
    let page = Page::with_example();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the board");
    assert_eq!(page.chunks(), ["board"]);
    page.tab("Due");
    page.heading("Due").wait();
    let looked_at = page.chunks();
    assert!(looked_at.contains(&"reviews".to_owned()), "{looked_at:?}");
    assert!(!looked_at.contains(&"sharing".to_owned()), "{looked_at:?}");
    page.be("Red-teamer");
    page.wait_chunks();
}

#[test]
fn the_app_opens_without_a_network_once_somebody_works_with_it() {
    use axum::{Router, http::StatusCode, middleware};
    static IS_DOWN: AtomicBool = AtomicBool::new(false);
    static FAILURES: AtomicU32 = AtomicU32::new(0);
    let app: Router = cruxboard_server::site::site(&dist()).layer(middleware::from_fn(
        async |request: axum::extract::Request, next: middleware::Next| {
            // One file fails at first, both for the page, which does not need it, and for the worker that
            // stores it.
            let fails = request.uri().path().starts_with("/backups-")
                && FAILURES.fetch_add(1, Ordering::SeqCst) < 3;
            if IS_DOWN.load(Ordering::SeqCst) || fails {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            Ok(next.run(request).await)
        },
    ));
    let page = Setup::default().address(&serve(app)).start().open_example();
    assert_eq!(page.files_kept(), 0, "who only looks keeps nothing");
    page.be("Red-teamer");
    page.eventually("the whole app kept", || {
        (page.files_kept() > 9).then_some(())
    });
    page.wait_saved();
    page.expect_in_console("503");
    IS_DOWN.store(true, Ordering::SeqCst);
    page.reload();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the board");
    page.open_crux(c(1));
    page.field("Your credence, in percent").fill("41");
    page.wait_notice("Credence updated");
    page.wait_saved();
    page.tab("Due");
    page.heading("Due").wait();
}

/// A browser that is never idle: only idle callbacks with a timeout are called.
const NEVER_IDLE: &str = "window.requestIdleCallback = (done, options) => options?.timeout
    ? setTimeout(() => done({ didTimeout: true, timeRemaining: () => 0 }), options.timeout)
    : 0;";

#[test]
fn a_browser_that_is_never_idle_gets_the_whole_app_and_copies_the_board_all_the_same() {
    let page = Setup::default()
        .before_load(NEVER_IDLE)
        .start()
        .open_example();
    page.be("Red-teamer");
    page.wait_chunks();
    page.eventually("a copy of the board", || {
        let mut keys = page.local_storage().into_iter();
        keys.any(|(key, _)| key.starts_with("cruxboard/mirror"))
            .then_some(())
    });
}

#[test]
fn a_screen_that_does_not_come_is_said_and_comes_when_asked_again() {
    use axum::{Router, http::StatusCode, middleware};
    static IS_MISSING: AtomicBool = AtomicBool::new(true);
    let app: Router = cruxboard_server::site::site(&dist()).layer(middleware::from_fn(
        async |request: axum::extract::Request, next: middleware::Next| {
            let is_part = request.uri().path().starts_with("/reviews-");
            if is_part && IS_MISSING.load(Ordering::SeqCst) {
                return Err(StatusCode::NOT_FOUND);
            }
            Ok(next.run(request).await)
        },
    ));
    let page = Setup::default().address(&serve(app)).start().open_example();
    page.expect_in_console("404");
    page.expect_in_console("reviews");
    page.tab("Due");
    page.with_text("alert", "could not be loaded").wait();
    page.tab("Cruxes");
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the rest goes on");
    page.tab("Due");
    page.with_text("alert", "could not be loaded").wait();
    IS_MISSING.store(false, Ordering::SeqCst);
    page.button("Try again").click();
    page.heading("Due").wait();
}

#[test]
fn a_board_with_an_endpoint_says_when_what_keeps_it_in_step_does_not_come() {
    use axum::{Router, http::StatusCode, middleware};
    static IS_MISSING: AtomicBool = AtomicBool::new(true);
    let app: Router = cruxboard_server::site::site(&dist()).layer(middleware::from_fn(
        async |request: axum::extract::Request, next: middleware::Next| {
            let is_part = request.uri().path().starts_with("/sync-");
            if is_part && IS_MISSING.load(Ordering::SeqCst) {
                return Err(StatusCode::NOT_FOUND);
            }
            Ok(next.run(request).await)
        },
    ));
    let page = Setup::default().address(&serve(app)).start().open_example();
    page.wait_saved();
    page.expect_in_console("404");
    page.expect_in_console("405");
    page.expect_in_console("sync-");
    page.js(
        "const board = location.hash.split('/')[1];
         const address = location.origin + '/boards/' + board;
         localStorage.setItem('cruxboard/endpoint/' + board, JSON.stringify(address + '\\n\\n'));",
        &[],
    );
    page.reload();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the board goes on");
    page.tab("Setup");
    page.region("Sync").wait();
    page.wait_body("A part of Cruxboard could not be loaded");
    IS_MISSING.store(false, Ordering::SeqCst);
    page.button("Sync now").click();
    page.eventually("it has come", || {
        (!page.body().contains("could not be loaded")).then_some(())
    });
}

#[test]
fn without_a_network_the_open_board_goes_on_and_what_needs_one_says_so() {
    let page = Page::start();
    page.region("Begin").wait();
    page.expect_in_console("ERR_INTERNET_DISCONNECTED");
    page.expect_in_console("Failed to fetch");
    page.set_offline(true);
    page.button("Open the worked example…").click();
    page.wait_notice("The example could not be loaded.");
    page.button("Dismiss").click();
    page.set_offline(false);
    let page = page.open_example();
    page.be("Red-teamer");
    page.wait_chunks();
    page.set_offline(true);
    page.open_crux(c(1));
    page.field("Your credence, in percent").fill("41");
    page.wait_notice("Credence updated");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn two_people_of_one_name_are_refused_at_founding_adding_and_renaming() {
    let page = Page::start();
    page.go("#/new/people");
    let people = page.field("People: names or roles, separated by commas");
    people.fill("Ann, Bob, , ＡＮＮ");
    page.button("Next").click();
    // A question is lacking, and asked for first.
    page.with_text("alert", "The decision question is still empty.")
        .wait();
    page.wait_focus("field", "Decision question");
    page.paste("Keep the line?");
    page.button("Next").click();
    people.wait();
    page.button("Next").click();
    page.with_text("alert", "There is a “ＡＮＮ” already")
        .wait();
    assert_eq!(
        people.value(),
        "Ann, Bob, , ＡＮＮ",
        "nothing typed is lost"
    );
    people.fill("Ann, Bob,");
    page.button("Next").click();
    page.button("Skip and open the board").click();
    page.link("Write the first crux").wait();
    page.tab("Setup");
    let add = page.field("Add a person");
    add.fill(" ann ");
    page.wait_notice("There is a “Ann” already");
    page.eventually("the field to be marked", || {
        (add.attr("aria-invalid")? == "true").then_some(())
    });
    page.group("Bob").field("Name").fill("ANN");
    page.group("Bob")
        .with_text("status", "There is a “Ann” already")
        .wait();
    page.wait_saved();
    page.reload();
    page.group("Bob").wait();
    assert_eq!(
        page.field("You are").all("option").names()[1..],
        ["Ann", "Bob"]
    );
}

#[test]
fn the_page_stays_in_its_place_while_a_screen_comes_up() {
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start().open_example();
        page.row(c(9)).wait();
        page.wait_saved();
        let board = page.fragment();
        page.open_crux(c(1));
        let crux = page.fragment();
        for address in ["", &board, &crux] {
            page.go_to("about:blank");
            page.go(address);
            page.wait_idle();
            let moved = page.js(
                "return new Promise((done) => {
                    const moved = [];
                    new PerformanceObserver((list) => {
                        for (const { value, hadRecentInput } of list.getEntries()) {
                            if (!hadRecentInput) moved.push(value);
                        }
                    }).observe({ type: 'layout-shift', buffered: true });
                    setTimeout(() => done(moved), 300);
                })",
                &[],
            );
            let moved: Vec<f64> = serde_json::from_value(moved).unwrap_or_default();
            // The whole page once moved, by 0.12 on a desk and 0.2 on a phone. Texts that arrive late may
            // move a little.
            assert!(moved.iter().sum::<f64>() < 0.05, "{moved:?} at {address}");
        }
    }
}
