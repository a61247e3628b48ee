//! Snapshots in the browser: making one, opening it without leaving a trace, encrypting it.

use cruxboard_domain::{
    change::Payload,
    record::{CruxEdit, CruxId},
};
use serde_json::{Value, json};

use super::{
    example::{CHANGES, TITLES, c},
    harness::{Find as _, Key, Page, Setup},
    written::Written,
};

/// Returns everything that this origin has stored, as text.
const ALL_STORED: &str = "
    return (async () => {
        const found = [Object.entries(localStorage).sort()];
        for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((resolve, reject) => {
                const open = indexedDB.open(name);
                open.onsuccess = () => resolve(open.result);
                open.onerror = reject;
            });
            for (const store of [...database.objectStoreNames].sort()) {
                const rows = database.transaction(store).objectStore(store);
                for (const ask of ['getAllKeys', 'getAll']) {
                    found.push([name, store, ask, await new Promise((resolve) => {
                        const request = rows[ask]();
                        request.onsuccess = () => resolve(request.result);
                    })]);
                }
            }
            database.close();
        }
        return JSON.stringify(found);
    })()";

pub(crate) fn all_stored(page: &Page) -> String {
    page.js(ALL_STORED, &[])
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Leaves for a page without the app, since a browser does not reload between two fragments.
fn leave(page: &Page) {
    // The browser itself requests the icon, since a picture names none.
    page.expect_in_console("favicon.ico");
    page.go("favicon.svg");
}

/// The worked example with the form for a snapshot.
fn sharing() -> Page {
    let page = Page::with_example();
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    page
}

/// Returns the link on the screen, once it is ready.
fn link(page: &Page) -> String {
    page.eventually("a link", || {
        let link = page.field("Link").value();
        link.contains("#/s/").then_some(link)
    })
}

fn is_shown(page: &Page) {
    page.with_text("note", "Snapshot of 24 Nov 2026").wait();
    page.heading("Keep, change or wind down the AI-character…")
        .wait();
    for title in TITLES {
        page.heading(title).wait();
    }
}

#[test]
fn a_snapshot_says_what_goes_and_what_does_not_and_how_far_its_link_gets() {
    let page = sharing();
    page.region("What readers will see").heading(c(1)).wait();
    let withheld = page.region("Withheld");
    withheld.fold("3 private items").open();
    page.wait_body("Notes received privately, not filed yet.");
    let whole = link(&page);
    assert!(whole.len() <= 4_000, "{} characters", whole.len());
    page.with_text("status", "works in Slack (4,000)").wait();

    page.region("Readers and content").checkbox(c(3)).tick(true);
    page.with_text("status", "short enough for every service we tested")
        .wait();
    let one = link(&page);
    assert!(one.len() <= 1_000, "{} characters", one.len());
    page.wait_body("It shows 1 of 9 cruxes.");
    page.region("Readers and content")
        .field("Content")
        .choose("Everything");
    page.eventually("a longer link", || {
        (link(&page).len() > one.len()).then_some(())
    });

    page.region("Readers and content")
        .field("Note for readers")
        .fill("For the funders");
    page.field("Title").retype("Read this");
    page.press(Key::Enter);
    let preview = page.region("What readers will see");
    preview.wait_text("For the funders");
    preview.wait_text("Read this");
}

#[test]
fn opening_a_link_over_a_full_board_changes_no_stored_byte() {
    let page = sharing();
    let link = link(&page);
    page.wait_saved();
    // When the page is left, it stores a copy for the next first paint.
    leave(&page);
    let before = all_stored(&page);
    page.go_to(&link);
    is_shown(&page);
    page.heading(c(1)).click();
    page.wait_body("By 2027-06-30 two independent groups report");
    assert!(page.fragment().starts_with("#/s/"));
    leave(&page);
    page.go_to(&link);
    is_shown(&page);
    leave(&page);
    let after = all_stored(&page);
    assert_eq!(before, after);
}

#[test]
fn a_link_leaves_no_trace_in_a_browser_that_has_no_boards_and_opens_where_storage_is_blocked() {
    let link = link(&sharing());
    let page = Setup::default().start_blank();
    page.go_to(&link);
    is_shown(&page);
    let traces = page.js(
        "return (async () => [localStorage.length, (await indexedDB.databases()).length])()",
        &[],
    );
    assert_eq!(traces, json!([0, 0]));

    let blocked = Setup::default()
        .preference("profile.default_content_setting_values.cookies", json!(2))
        .start_blank();
    blocked.go_to(&link);
    is_shown(&blocked);
}

#[test]
fn a_damaged_link_is_refused_with_the_reason_and_shows_no_other_board() {
    let page = sharing();
    let link = link(&page);
    let cut = &link[..link.len() - 5];
    let other = if link.as_bytes()[300] == b'x' {
        "y"
    } else {
        "x"
    };
    let mut altered = link.clone();
    altered.replace_range(300..=300, other);
    for (address, reason) in [
        (cut, "This link was cut off"),
        (altered.as_str(), "changed on its way"),
        (
            &format!(
                "{}#/s/",
                page.address().split('#').next().unwrap_or_default()
            ),
            "cut off near its beginning",
        ),
    ] {
        leave(&page);
        page.go_to(address);
        page.heading("This snapshot cannot be shown").wait();
        let said = page.all("alert").texts().concat();
        assert!(said.contains(reason), "{reason}: {said}");
        assert!(!page.heading(c(1)).is_there());
    }
}

/// The domain's tests read the whole corpus. Here some of it takes the way of a person's file.
#[test]
fn damaged_snapshot_files_are_refused_with_the_reason_and_change_no_stored_byte() {
    let page = sharing();
    page.button("Save as file").click();
    let (_, whole) = page.downloaded();
    // The app may write its own copy of the open board into local storage meanwhile.
    let stored = || -> Value {
        let mut all: Value = serde_json::from_str(&all_stored(&page)).unwrap();
        if let Some(local) = all[0].as_array_mut() {
            let is_copy = |row: &Value| row[0].to_string().contains("cruxboard/mirror/");
            local.retain(|row| !is_copy(row));
        }
        all
    };
    let before = stored();
    for place in 1..=6 {
        let at = whole.floor_char_boundary(place * whole.len() / 7);
        let end = whole[at..].find('}').map_or(whole.len(), |end| at + end);
        for damaged in [
            whole[..at].to_owned(),
            format!("{}{}", &whole[..at], &whole[end + 1..]),
            format!("{}{}", &whole[..at], "\0".repeat(whole.len() - at)),
        ] {
            page.drop_file("damaged.cruxboard.json", &damaged);
            let notice = page.wait_notice("Nothing was changed.");
            let is_named = notice.contains("damaged") || notice.contains("cut off");
            assert!(is_named, "{place}: {notice}");
            page.button("Dismiss").at(0).click();
            page.eventually("the notice to go", || {
                page.notices().is_empty().then_some(())
            });
            page.heading("Share a snapshot").wait();
            assert_eq!(stored(), before, "{place}");
        }
    }
}

#[test]
fn a_snapshot_becomes_a_board_of_ones_own_and_leaves_the_address_bar() {
    let link = link(&sharing());
    let page = Setup::default().start_blank();
    page.go_to(&link);
    is_shown(&page);
    page.button("Copy to my boards").click();
    page.row(c(1))
        .role("img", "Red-teamer 35%, Area lead 15%, Researcher 20%…")
        .wait();
    page.wait_saved();
    assert!(!page.fragment().contains("/s/"), "{}", page.fragment());
    page.back();
    assert!(
        !page.fragment().contains("/s/"),
        "the payload is left in the history"
    );
    page.go("");
    page.region("Boards in this browser")
        .link("Keep, change or wind down…")
        .click();
    page.row(c(9)).wait();
    page.be("Researcher");
    page.open_crux(c(2));
    page.field("Your credence, in percent").retype("41");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
}

#[test]
fn a_passphrase_opens_what_it_locked_and_a_wrong_one_is_told_from_damage() {
    let page = sharing();
    page.field("Lock link and file").choose("With a passphrase");
    page.field("Link").wait_value("Type a passphrase first.");
    for name in ["Copy link", "Save as file"] {
        let state = page.button(name).attr("aria-disabled");
        assert_eq!(state.as_deref(), Some("true"), "{name}");
    }
    page.button("Save as file").click();
    page.with_text("alert", "Type a passphrase first.").wait();
    page.wait_body("The HTML page, the Markdown and the two CSV tables are not encrypted.");
    page.wait_body(
        "The file opens in Cruxboard with the passphrase, and cannot be read without it.",
    );
    assert!(!page.body().contains("readable JSON"));
    // The link and the buttons follow what is typed, and need not wait until the field is left.
    page.field("Passphrase").retype("correct");
    page.eventually("the locked link", || {
        page.field("Link").value().contains("/s/").then_some(())
    });
    for name in ["Copy link", "Save as file"] {
        let state = page.button(name).attr("aria-disabled");
        assert_eq!(state.as_deref(), Some("false"), "{name}");
    }
    // Requested while the passphrase is still in the field: the action waits for the encryption.
    page.field("Passphrase").retype("correct horse");
    page.button("Save as file").click();
    let (name, file) = page.downloaded();
    assert!(name.contains("-locked-"), "{name}");
    page.with_text("alert", "Type a passphrase first.")
        .wait_gone();
    let link = link(&page);
    assert!(name.ends_with(".snapshot.cruxboard.json"), "{name}");
    assert!(!file.contains("Coercive"), "it is not locked");

    let reader = Setup::default().start_blank();
    reader.go_to(&link);
    reader.heading("This snapshot is locked").wait();
    reader.field("Passphrase").fill("wrong");
    reader.button("Open it").click();
    reader
        .with_text("alert", "That is not the passphrase or key")
        .wait();
    reader.field("Passphrase").retype("correct horse");
    reader.button("Open it").click();
    is_shown(&reader);
    leave(&reader);
    reader.go_to(&link[..link.len() - 4]);
    reader.with_text("alert", "This link was cut off").wait();

    // Also as a file, over an open board.
    let other = Page::with_example();
    other.drop_file(&name, &file);
    other.heading("This snapshot is locked").wait();
    other.field("Passphrase").fill("correct horse");
    other.button("Open it").click();
    is_shown(&other);
    assert_eq!(other.stored_count(), CHANGES);
}

#[test]
fn a_random_key_goes_in_the_link_and_can_be_sent_apart() {
    let page = sharing();
    page.field("Lock link and file").choose("With a random key");
    let link = link(&page);
    let (without, key) = link.rsplit_once('/').unwrap_or_default();
    let reader = Setup::default().start_blank();
    reader.go_to(&link);
    is_shown(&reader);
    leave(&reader);
    reader.go_to(without);
    reader.heading("This snapshot is locked").wait();
    reader.field("Key").fill(key);
    reader.button("Open it").click();
    is_shown(&reader);
}

#[test]
fn a_reader_is_told_what_it_is_what_the_dots_mean_and_what_was_decided() {
    let page = Page::with_example();
    page.be("Researcher");
    page.tab("Decisions");
    page.link("Record a decision").click();
    page.field("Chosen option").choose("Wind down");
    page.field("Decide again on").set_date("2027-03-31");
    page.field("Reason").fill("the preprints share one cohort");
    page.button("Record the decision").click();
    page.tab("Cruxes");
    page.region("Standing decision")
        .wait_text("Decided: Wind down, because the preprints share one cohort · to be looked at again on 31 Mar 2027");
    page.tab("Share");
    for lock in ["With a random key", "Not locked"] {
        page.field("Lock link and file").choose(lock);
        let link = link(&page);
        let reader = Setup::default().start_blank();
        reader.go_to(&link);
        is_shown(&reader);
        let decision = reader.region("Decision");
        decision.wait_text("Decided on 24 Nov 2026: Wind down");
        decision.wait_text("the preprints share one cohort");
        decision.wait_text("31 Mar 2027");
        reader.wait_body("This is a decision as a group saw it on one day");
        reader.wait_body("RE is Researcher");
        // The ends of each scale have their numbers, and the names of the options.
        let axis = reader.js(
            "return document.querySelector('.scale.numbered').innerText.replace(/\\s+/g, ' ')",
            &[],
        );
        let axis = axis.as_str().unwrap_or_default().to_owned();
        for part in ["0%", "50%", "100%", "Wind down"] {
            assert!(axis.contains(part), "{axis}");
        }
        assert!(!axis.contains("Stop"), "{axis}");
        if lock == "Not locked" {
            reader.button("Copy to my boards").click();
            reader
                .region("Standing decision")
                .wait_text("Decided: Wind down");
        }
    }
}

#[test]
fn a_reader_meets_an_untitled_crux_of_one_person_once_and_without_empty_parts() {
    let page = Page::start();
    let (mut written, ann, _) = Written::new();
    let crux = CruxId(written.says(Payload::CruxAdded(Box::new(CruxEdit {
        claim: Some("Sea ice returns by 2030.".into()),
        ..CruxEdit::default()
    }))));
    written.states(crux, ann, 60.0);
    written.open(&page);
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    let link = link(&page);
    let reader = Setup::default().start_blank();
    reader.go_to(&link);
    reader.heading("Sea ice returns by 2030.").wait();
    let text = reader.js(
        "return document.querySelector('.reading-crux').innerText",
        &[],
    );
    let text = text.as_str().unwrap_or_default();
    assert_eq!(text.matches("Sea ice").count(), 1, "{text}");
    assert!(text.contains("60%") && !text.contains("spread"), "{text}");
    assert!(!text.contains('●'), "{text}");
    let lone = reader.js("return document.querySelectorAll('.if-true').length", &[]);
    assert_eq!(lone, 0);
}

#[test]
fn a_reader_answers_with_credences_that_the_board_takes_in_as_those_of_somebody_outside() {
    let page = sharing();
    let snapshot = link(&page);
    let reader = Setup::default().start_blank();
    reader.go_to(&snapshot);
    is_shown(&reader);
    let before = all_stored(&reader);
    reader.fold("Answer with your own credences").open();
    reader.with_text("status", "Give your name").wait();
    reader.field("Your name").fill("Jo of the funder");
    reader
        .field(&format!("Your credence: {}, in percent", c(1)))
        .fill("70");
    reader
        .field(&format!("Why? {}", c(1)))
        .fill("seen elsewhere");
    let answer = reader.eventually("a link", || {
        let link = reader.field("Link with your answers").value();
        link.contains("#/s/").then_some(link)
    });
    assert_eq!(all_stored(&reader), before, "nothing of it is kept");

    page.go_to(&answer);
    page.with_text("heading", "Answers of Jo of the funder")
        .wait();
    page.button("Add to my board…").click();
    page.with_text("listitem", "Jo of the funder: 70% on")
        .wait();
    page.button("Add to my board").click();
    page.open_crux(c(1));
    page.wait_body("Jo of the funder");
    page.wait_body("seen elsewhere");
}

#[test]
fn the_html_page_reads_from_a_disk_with_scripts_switched_off() {
    let page = sharing();
    page.button("Save as HTML page").click();
    let (name, html) = page.downloaded();
    assert!(name.ends_with(".html"), "{name}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("snapshot.html");
    std::fs::write(&path, &html).expect("the page on a disk");
    let reader = Setup::default()
        .preference(
            "profile.default_content_setting_values.javascript",
            json!(2),
        )
        .start_blank();
    reader.go_to(&format!("file://{}", path.display()));
    reader.cdp("Accessibility.enable", json!({}));
    let tree = reader
        .cdp("Accessibility.getFullAXTree", json!({}))
        .to_string();
    for part in [
        "Keep, change or wind down",
        // The list is folded, and unfolds without scripts.
        "Confidential and not shown: ",
        c(1),
        "Evidence against it",
    ] {
        assert!(tree.contains(part), "{part}");
    }
}

#[test]
fn the_markdown_is_copied_and_saved_alike() {
    let page = sharing();
    page.button("Save as Markdown").click();
    let (name, text) = page.downloaded();
    assert!(name.ends_with(".md"), "{name}");
    assert!(
        text.starts_with("# Keep, change or wind down"),
        "{text:.80}"
    );
    assert!(text.contains("1. **Coercive by default** Training a character in may teach"));
    let parsed: Value = json!(text);
    assert!(!parsed.to_string().contains("characteristic traits"));
}

#[test]
fn a_table_is_planned_before_it_is_taken_in_and_one_undo_takes_it_back() {
    let page = sharing();
    page.link("Export / import").click();
    page.heading("Export / import").wait();
    page.button("Save credences as CSV").click();
    let (name, ours) = page.downloaded();
    assert!(
        name.contains("-credences-20") && name.ends_with(".csv"),
        "{name}"
    );
    let on_cruxes = ours.lines().filter(|line| line.ends_with(",,"));
    assert_eq!(on_cruxes.count(), 27);
    assert_eq!(&ours.as_bytes()[..3], b"\xef\xbb\xbf");

    page.field("Paste a table with its header row").fill(&ours);
    page.with_text("status", "It would add nothing and change nothing.")
        .wait();
    let table = "Question title,Forecast created by,Forecast (scale = 0-1),Forecast created at,Notes\n\
        Will it ship?,Ann,0.35,2026-10-01T12:30:00Z,why\n";
    page.field("Paste a table with its header row").retype("");
    page.choose_file(&page.button("Choose a file"), "fatebook.csv", table);
    page.with_text("status", "1 crux, 1 person, 1 credence")
        .wait();
    assert_eq!(page.field("Probability").chosen(), "Forecast (scale = 0-1)");
    page.button("Import").click();
    page.wait_notice("Crux added; credence updated; person added");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 3);
    page.tab("Cruxes");
    page.row("Will it ship?").role("img", "Ann 35%…").wait();
    page.undo();
    page.row("Will it ship?").wait_gone();
}

#[test]
fn a_reader_with_the_same_board_sees_what_changed_on_it_since() {
    let page = sharing();
    let link = link(&page);
    page.be("Researcher");
    page.tab("Cruxes");
    page.open_crux(c(6));
    page.field("Your credence, in percent").retype("55");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    page.wait_saved();
    leave(&page);
    page.go_to(&link);
    page.button("Compare with my copy").click();
    let since = page.region("Changes on your copy since this snapshot");
    since.wait_text("Pre-training decides");
    since.wait_text("Researcher: 40%, now 55%.");

    let stranger = Setup::default().start_blank();
    stranger.go_to(&link);
    stranger.button("Copy to my boards").wait();
    assert!(!stranger.button("Compare with my copy").is_there());
    stranger.eventually("the title of the snapshot", || {
        let title = stranger.js("return document.title", &[]);
        (title == "Keep, change or wind down the AI-character / propensity line? · Cruxboard")
            .then_some(())
    });
}

#[test]
fn a_board_is_duplicated_as_a_template_without_peoples_numbers() {
    let page = sharing();
    page.link("Export / import").click();
    page.button("Duplicate as a template").click();
    page.row(c(1))
        .role("img", "Nobody has stated a credence yet")
        .wait();
    page.wait_saved();
    page.tab("Evidence");
    page.heading("Evidence").wait();
    assert!(!page.body().contains("Self-integrity"));
    page.go("");
    page.eventually("two boards", || {
        (page
            .region("Boards in this browser")
            .all("listitem")
            .count()
            == 2)
            .then_some(())
    });
}

/// A reader with the worked example, and the link to a copy on which the sender continued.
fn sender_and_reader() -> (String, Page) {
    let sender = Page::with_example();
    sender.be("Researcher");
    sender.open_crux(c(6));
    sender.field("Your credence, in percent").retype("55");
    sender.press(Key::Enter);
    sender.wait_notice("Credence updated");
    sender.tab("Cruxes");
    sender.link("+ Crux").click();
    sender.field("Claim").fill("The sender wrote this one.");
    sender.button("Add the crux").click();
    sender.heading("The sender wrote this one.").wait();
    sender.wait_saved();
    sender.tab("Share");
    (link(&sender), Page::with_example())
}

#[test]
fn a_comparison_that_names_a_crux_by_its_claim_fits_a_phone() {
    let page = Setup::phone().start().open_example();
    page.link("+ Crux").click();
    page.field("Claim")
        .fill("The sender wrote this one at some length, so that its name takes more than a line.");
    page.button("Add the crux").click();
    let name = "The sender wrote this one at some length, so that its name…";
    page.wait_saved();
    page.tab("Share");
    let link = link(&page);
    page.button("Undo").click();
    page.wait_saved();
    leave(&page);
    page.go_to(&link);
    page.button("Compare with my copy").click();
    page.region("Changes on your copy since this snapshot")
        .wait_text(name);
    let width = page.js("return document.documentElement.scrollWidth", &[]);
    assert_eq!(width, 390);
}

#[test]
fn a_snapshot_is_taken_into_the_readers_own_copy_after_a_preview_and_one_undo_takes_it_back() {
    let (link, reader) = sender_and_reader();
    let before = reader.download();
    leave(&reader);
    reader.go_to(&link);
    reader.button("Compare with my copy").click();
    let plan = reader.region("Merge into your copy");
    plan.with_text("status", "It would add 1 record").wait();
    plan.wait_text("Crux: The sender wrote this one.");
    plan.wait_text("Credence: Researcher on Pre-training decides, 55%");
    assert_eq!(reader.stored_count(), CHANGES, "looking stores nothing");
    plan.button("Add to my board").click();
    reader.wait_notice("Crux added");
    reader.row("The sender wrote this one.").wait();
    // A figure moves only on request.
    reader.row(c(6)).role("img", "…Researcher 40%…").wait();
    assert!(!reader.fragment().contains("/s/"), "{}", reader.fragment());
    reader.wait_saved();
    assert_eq!(reader.stored_count(), CHANGES + 1);
    reader.undo();
    reader.row("The sender wrote this one.").wait_gone();
    reader.wait_saved();
    // Everything that was there before is still there, byte for byte.
    let after = reader.download();
    let gone: Vec<_> = before
        .lines()
        .filter(|line| !after.contains(line.trim_end_matches([',', ']', '}'])))
        .collect();
    assert_eq!(gone, [""; 0]);

    // The second merge includes the figure; the third has nothing left.
    leave(&reader);
    reader.go_to(&link);
    reader.button("Compare with my copy").click();
    plan.checkbox("Also add 1 credence that would be its person’s latest")
        .tick(true);
    plan.button("Add to my board").click();
    reader.row(c(6)).role("img", "…Researcher 55%…").wait();
    reader.wait_saved();
    let count = reader.stored_count();
    leave(&reader);
    reader.go_to(&link);
    reader.button("Compare with my copy").click();
    plan.with_text("status", "Your copy already has everything")
        .wait();
    assert!(!plan.button("Add to my board").is_there());
    assert_eq!(reader.stored_count(), count);
}

#[test]
fn taking_back_a_board_made_of_a_snapshot_leaves_no_empty_board_behind() {
    let link = link(&sharing());
    let page = Setup::default().start_blank();
    page.go_to(&link);
    page.button("Copy to my boards").click();
    page.row(c(1)).wait();
    page.wait_saved();
    let count = page.stored_count();
    page.undo();
    page.region("Begin").wait();
    let trash = page.region("In the trash");
    trash.wait();
    assert!(!page.region("Boards in this browser").is_there());
    assert_eq!(page.stored_count(), count, "nothing was retracted");
    trash.button("Restore “Keep, change or wind down…").click();
    page.region("Boards in this browser")
        .link("Keep, change or wind down…")
        .click();
    page.row(c(9)).wait();
}

#[test]
fn a_board_made_of_a_snapshot_is_compared_with_that_snapshot() {
    let page = sharing();
    let link = link(&page);
    let stranger = Setup::default().start_blank();
    stranger.go_to(&link);
    stranger.button("Copy to my boards").click();
    stranger.row(c(6)).wait();
    stranger.be("Researcher");
    stranger.open_crux(c(6));
    stranger.field("Your credence, in percent").retype("55");
    stranger.press(Key::Enter);
    stranger.wait_saved();
    stranger.go_to(&link);
    let mark = stranger.with_text("note", "Snapshot of");
    mark.wait_text("you took this board over as");
    mark.link("Keep, change or wind down…").wait();
    // Another copy is made only when asked for.
    stranger.button("Copy to my boards").click();
    let asks = stranger.role("group", "You have a copy of this board.");
    asks.button("Make another copy").wait();
    asks.link("Open the existing copy").wait();
    asks.button("Cancel").click();
    asks.wait_gone();
    stranger.button("Compare with my copy").click();
    let since = stranger.region("Changes on your copy since this snapshot");
    since.wait_text("Researcher: 40%, now 55%.");
    mark.link("Keep, change or wind down…").click();
    stranger.row(c(6)).wait();
    stranger.go("#/backups");
    // Only the changes made after importing the board count.
    stranger.wait_body("1 change was made here");
    // The importer has the board itself.
    page.go_to(&link);
    page.with_text("note", "it was taken of your board").wait();
}
