//! Documents in and out: pasted pages, tables of evidence, readers of the brief, pictures and frames.

use std::process::Command;

use axum::{
    Router,
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse as _},
    routing::get,
};
use serde_json::json;

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup, dist, named, serve},
};

const FORUM: &str = include_str!("../crates/domain/tests/pages/forum.html");
const LONGER: &str = include_str!("../crates/domain/tests/pages/forum-longer.html");

/// The worked example with its reading list.
fn reading() -> Page {
    let page = Page::with_example();
    page.tab("Evidence");
    page.link("Reading list").click();
    page.heading("Reading list").wait();
    page
}

/// Pastes as a browser does: inserts the text into the field, with the HTML beside it.
fn paste_page(page: &Page, markup: &str) {
    page.field("A page, copied as a whole: a thread, comments, a chat")
        .on_element(
            "const [field, markup] = arguments;
             const copied = new DataTransfer();
             copied.setData('text/html', markup);
             copied.setData('text/plain', 'as text');
             field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: copied, bubbles: true, cancelable: true }));
             field.value = 'as text';
             field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));",
            &[json!(markup)],
        );
}

/// Pastes a long text as a browser does: inserts it, unless the page handles the event.
fn paste_text(page: &Page, field: &str, text: &str) {
    page.field(field).on_element(
        "const [field, text] = arguments;
         const copied = new DataTransfer();
         copied.setData('text/plain', text);
         field.focus();
         const event = new ClipboardEvent('paste', { clipboardData: copied, bubbles: true, cancelable: true });
         if (field.dispatchEvent(event)) document.execCommand('insertText', false, text);",
        &[json!(text)],
    );
}

#[test]
fn a_long_text_is_pasted_at_once_and_a_part_of_it_is_shown() {
    let page = reading();
    let field = "A page, copied as a whole: a thread, comments, a chat";
    let lines = "Nobody says who wrote what, and so it goes on.\n".repeat(4_300);
    let signs = "if a < b then <c> else d > e\n".repeat(7_000);
    for text in [&lines, &signs] {
        let begun = std::time::Instant::now();
        paste_text(&page, field, text);
        page.with_text("status", "It would add 1").wait();
        page.field(field).wait_value(text);
        let took = begun.elapsed();
        // A development build takes many times as long as a release build.
        assert!(took.as_secs() < 15, "{took:?}");
        page.button("Clear").click();
    }
    let chat: String = (0..1_500)
        .map(|n| format!("[10:32] Ann: so it goes {n}\n"))
        .collect();
    paste_text(&page, field, &chat);
    page.with_text("status", "It would add 1500 messages")
        .wait();
    page.wait_body("And 1300 more messages.");
    page.button("Add to the list").click();
    page.button("Show more:…").wait();
    let shown = page.all("button").names();
    assert!(shown.len() < 1_500, "{}", shown.len());
    page.button("Show more:…").click();
}

/// Waits until a sentence shows what was made of it.
fn filed_as(page: &Page, sentence: &str, what: &str) {
    page.eventually(&format!("“{sentence}” to be filed as {what}"), || {
        (page.button(sentence).attr("data-filed").as_deref() == Some(what)).then_some(())
    });
}

#[test]
fn a_pasted_page_becomes_a_list_and_its_sentences_evidence_and_cruxes() {
    let page = reading();
    paste_page(&page, FORUM);
    page.with_text("status", "It would add 4 messages").wait();
    page.button("Add to the list").click();
    page.wait_notice("4 messages listed");
    page.heading("Is shaping character worth it? — The Forum")
        .wait();
    let sentence = "This incentivizes it to lie to you, e.g. to hide things.";
    page.button(sentence).click();
    page.wait_notice("Evidence saved");
    // By the keyboard alone, and the keyboard stays where it was.
    page.field("A click on a sentence makes").choose("A crux");
    page.button("A nailed-down spec misses tacit goodness.")
        .focus();
    page.press(Key::Enter);
    page.wait_notice("Crux added");
    filed_as(&page, "A nailed-down spec misses tacit goodness.", "crux");
    page.wait_focus("button", "A nailed-down spec misses tacit goodness.");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 6);

    // A saved sentence links to its record.
    filed_as(&page, sentence, "evidence");
    page.button(sentence).click();
    page.heading("This incentivizes it to lie…").wait();
    page.wait_body("Commenter A");
    page.fold("When").open();
    page.field("Source date").wait_value("4 Oct 2026");
    page.tab("Evidence");
    page.link("Reading list").click();

    // The page at a later time: one more message, another order, other votes.
    paste_page(&page, LONGER);
    page.with_text("status", "It would add 1 message, and pass over 4")
        .wait();
    page.button("Add to the list").click();
    page.button("I have tried to explain the case against it already.")
        .wait();
    paste_page(&page, LONGER);
    page.with_text("status", "It would add 0 messages, and pass over 5")
        .wait();
    page.button("Clear").click();
    page.undo();
    page.button("I have tried to explain the case against it already.")
        .wait_gone();

    page.button("Mark as read").at(0).click();
    page.button("Please point me to longer write-ups.")
        .wait_gone();
    page.checkbox("Show read messages").tick(true);
    page.button("Please point me to longer write-ups.").wait();
    page.reload();
    filed_as(&page, sentence, "evidence");
}

#[test]
fn what_is_pasted_is_text_and_nothing_else() {
    let page = reading();
    let markup = "<p>Ann wrote:</p><p>&lt;img src=x onerror=\"document.title='bad'\"&gt; Look<script>document.title='bad'</script> here.</p>";
    paste_page(&page, markup);
    page.button("Add to the list").click();
    page.button("<img src=x onerror=\"document.title='bad'\"> Look here.")
        .wait();
    assert_ne!(page.js("return document.title", &[]), json!("bad"));
    assert_eq!(
        page.js("return document.querySelectorAll('main img').length", &[]),
        json!(0)
    );
}

#[test]
fn evidence_edited_in_a_table_is_changed_and_one_undo_takes_it_back() {
    let page = Page::with_example();
    page.tab("Share");
    page.link("Export / import").click();
    page.button("Save evidence as CSV").click();
    let (name, ours) = page.downloaded();
    assert!(name.contains("-evidence-20"), "{name}");
    page.field("Paste a table with its header row").fill(&ours);
    page.with_text(
        "status",
        "It would add nothing and change nothing. 17 of 17 rows are skipped",
    )
    .wait();
    assert_eq!(page.field("Content").chosen(), "Evidence");
    let edited = ours.replacen("Commenter B", "Commenter Z", 1);
    assert_ne!(edited, ours);
    page.field("Paste a table with its header row").retype("");
    page.choose_file(&page.button("Choose a file"), "evidence.csv", &edited);
    page.with_text(
        "status",
        "It would add nothing and change 1 item. 16 of 17 rows are skipped",
    )
    .wait();
    page.wait_body("changes source");
    page.button("Import").click();
    page.wait_notice("Evidence edited");
    page.eventually("the keyboard at the heading of the import", || {
        (page.js("return document.activeElement.id", &[]) == "in-title").then_some(())
    });
    page.tab("Evidence");
    page.wait_body("Commenter Z");
    page.undo();
    page.eventually("the old source", || {
        (!page.body().contains("Commenter Z")).then_some(())
    });
}

const ONE_TO_FIVE: &str = include_str!("../crates/domain/tests/tables/one-to-five.csv");

/// The screen for tables.
fn tables() -> Page {
    let page = Page::with_example();
    page.tab("Share");
    page.link("Export / import").click();
    page.heading("Export / import").wait();
    page
}

#[test]
fn an_archive_of_metaculus_is_chosen_as_it_is_and_a_damaged_one_says_so() {
    let page = tables();
    let archive = include_bytes!("../crates/domain/tests/tables/metaculus.zip");
    let button = page.button("Choose a file");
    page.choose_file(&button, "metaculus.zip", &archive[..archive.len() / 2]);
    page.wait_notice("“metaculus.zip”: This archive is cut off or damaged");
    page.choose_file(&button, "metaculus.zip", archive);
    page.with_text("status", "It would add 4 cruxes, 2 people, 4 credences")
        .wait();
    page.wait_body("Read as an export of Metaculus.");
    page.button("Import").click();
    page.wait_saved();
    page.tab("Cruxes");
    page.row("Will the dam hold until spring?")
        .role("img", "ann 35%…")
        .wait();
}

#[test]
fn a_scale_that_is_not_sure_is_chosen_before_anything_is_taken_in() {
    let page = tables();
    page.choose_file(
        &page.button("Choose a file"),
        "one-to-five.csv",
        ONE_TO_FIVE,
    );
    page.with_text(
        "status",
        "All numbers in “Probability” are whole and from 1 to 5, and would be read as 1%, 4% and 5%.",
    )
    .wait();
    page.with_text("status", "It would add nothing and change nothing.")
        .wait();
    let take_in = page.button("Import");
    assert_eq!(take_in.attr("aria-disabled").as_deref(), Some("true"));
    // Without the column there is nothing to ask.
    page.field("Probability").choose("not in it");
    page.with_text("status", "It would add 2 cruxes and change nothing.")
        .wait();
    page.field("Probability").choose("Probability");
    page.field("Probability scale")
        .choose("Points, from 1 to 5, as 10, 30, 50, 70 and 90%");
    page.with_text("status", "It would add 2 cruxes, 3 credences")
        .wait();
    page.wait_body("Row 3: “The dam holds” adds 90%");
    page.button("Import").click();
    page.tab("Cruxes");
    page.row("The dam holds")
        .role("img", "…Area lead 70%…")
        .wait();
    page.row("The dam holds")
        .role("img", "…Researcher 90%…")
        .wait();
}

#[test]
fn a_row_with_a_doubtful_date_is_held_back_until_a_choice_is_made_on_the_page() {
    let page = tables();
    page.field("Paste a table with its header row").fill(
        "Question,Person,Probability,Date\nRain,Researcher,31,3/4/2026\nRain,Researcher,32,2199-01-01\n",
    );
    page.wait_body("Row 2: “Rain” held back, its date “3/4/2026” may be 3 Apr 2026 or 4 Mar 2026");
    page.wait_body("Row 3: “Rain” held back, its date “2199-01-01” has not come yet");
    page.with_text(
        "status",
        "It would add nothing and change nothing. 0 of 2 rows are skipped, 2 are held back",
    )
    .wait();
    page.field("Date order")
        .choose("Day first: 3/4/2026 is 3 Apr 2026");
    page.with_text("status", "It would add 1 crux, 1 credence")
        .wait();
    page.field("Rows with an unreadable or future date")
        .choose("Take them in as of now");
    page.with_text("status", "It would add 1 crux, 2 credences")
        .wait();
}

#[test]
fn a_workbook_and_an_export_as_json_are_called_by_name() {
    let page = tables();
    let workbook = "PK\u{3}\u{4}\u{14}[Content_Types].xml xl/workbook.xml";
    page.choose_file(&page.button("Choose a file"), "votes.xlsx", workbook);
    page.wait_notice("“votes.xlsx” is a spreadsheet (.xlsx)");
    page.tab("Evidence");
    page.link("Reading list").click();
    page.field("A page, copied as a whole: a thread, comments, a chat")
        .fill(include_str!("../crates/domain/tests/pages/slack-two.json"));
    page.with_text("status", "It would add 2 messages").wait();
    page.field("A page, copied as a whole: a thread, comments, a chat")
        .retype("{\"guild\": {}, \"channel\": {}, \"messages\": []}");
    page.with_text("alert", "This is a Discord export (JSON), not a page.")
        .wait();
}

#[test]
fn who_has_seen_the_brief_is_noted_with_the_board_as_it_was() {
    let page = Page::with_example();
    page.be("Researcher");
    page.tab("Share");
    let readers = page.region("Who has seen the brief");
    readers.wait_text("No readers yet.");
    readers.button("Add reader").click();
    page.wait_notice("empty");
    readers.field("Who").retype("Director");
    page.press(Key::Enter);
    readers.field("What they said").retype("On paper");
    page.press(Key::Enter);
    readers.button("Add reader").click();
    readers.wait_text("Director · 24 Nov 2026 · today · the board as it is now");
    readers.wait_text("On paper");
    page.tab("Cruxes");
    page.open_crux(c(1));
    page.field("Your credence, in percent").retype("41");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    page.tab("Share");
    readers.link("1 change since").click();
    page.wait_body("Researcher: 20% → 41%");
    page.tab("Share");
    page.button("Remove Director").click();
    readers.wait_text("No readers yet.");
    page.undo();
    readers.wait_text("Director");
}

/// The form for a snapshot with one crux chosen.
fn sharing_one() -> Page {
    let page = Page::with_example();
    page.tab("Share");
    page.region("Readers and content").checkbox(c(1)).tick(true);
    page.field("HTML to embed this crux").wait();
    page
}

#[test]
fn a_crux_stands_in_somebody_elses_page_and_can_do_nothing_there() {
    let page = sharing_one();
    let snippet = page.eventually("a snippet", || {
        let snippet = page.field("HTML to embed this crux").value();
        snippet.contains("srcdoc").then_some(snippet)
    });
    let host = format!("<!doctype html><title>Host</title><body>{snippet}</body>");
    // Another origin, as for somebody else's page.
    let site = serve(Router::new().route("/", get(move || async move { Html(host) })));
    let reader = Setup::default().start_blank();
    reader.expect_in_console("favicon.ico");
    reader.go_to(&site);
    let frame = "const frame = document.querySelector('iframe');";
    assert_eq!(
        reader.js(
            &format!("{frame} return [frame.width, frame.height, frame.sandbox.value, frame.src]"),
            &[]
        ),
        json!([
            "480",
            "320",
            "allow-popups allow-popups-to-escape-sandbox",
            ""
        ])
    );
    assert_eq!(
        reader.js(
            &format!(
                "{frame} try {{ return frame.contentDocument === null }} catch {{ return true }}"
            ),
            &[]
        ),
        json!(true),
        "it is of no origin"
    );
    // The content of the frame, opened as a page of its own of that size.
    let small = reader.js(&format!("{frame} return frame.getAttribute('srcdoc')"), &[]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("embed.html");
    std::fs::write(&path, small.as_str().unwrap_or_default()).expect("the page on a disk");
    reader.go_to(&format!("file://{}", path.display()));
    reader.resize(480, 320);
    reader.heading(c(1)).wait();
    reader.wait_body("All together 22%, spread 20 points.");
    let places = reader.js(
        "const foot = document.querySelector('footer').getBoundingClientRect();
         const all = document.documentElement;
         return [foot.bottom <= innerHeight + 1, foot.height > 0, all.scrollHeight <= innerHeight + 1, all.scrollWidth <= innerWidth]",
        &[],
    );
    assert_eq!(places, json!([true, true, true, true]));
    let link = reader.link("Cruxboard snapshot, in full");
    assert_eq!(link.attr("target").as_deref(), Some("_blank"));
    assert!(link.attr("href").unwrap_or_default().contains("#/s/"));
    assert!(reader.body().contains("Frozen on 24 Nov 2026"));
    assert!(
        !small.to_string().contains("<script") && !small.to_string().contains("private evidence")
    );
}

/// The app from a server without headers of its own, and a page that frames it.
fn plain_site() -> String {
    let file = |uri: Uri| async move {
        let name = uri.path().trim_start_matches('/');
        let name = if name.is_empty() { "index.html" } else { name };
        let kind = match name.rsplit('.').next() {
            Some("html") => "text/html",
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("wasm") => "application/wasm",
            _ => "image/svg+xml",
        };
        match std::fs::read(dist().join(name)) {
            Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        }
    };
    let host = Html("<!doctype html><title>Host</title><iframe src='/#/'></iframe>");
    let router = Router::new().route("/host", get(move || async move { host }));
    serve(router.fallback(file))
}

#[test]
fn the_app_itself_does_not_run_in_a_frame_where_no_server_forbids_it() {
    let site = plain_site();
    let page = Setup::default().start_blank();
    // The host page names no icon.
    page.expect_in_console("favicon.ico");
    page.go_to(&format!("{site}host"));
    let said = page.eventually("what the frame shows", || {
        let said = page.js(
            "const inner = document.querySelector('iframe').contentDocument;
             return inner?.documentElement.dataset.boot ? [inner.documentElement.dataset.boot, inner.body.textContent] : null",
            &[],
        );
        (!said.is_null()).then_some(said)
    });
    assert_eq!(said[0], json!("framed"));
    assert!(
        said[1]
            .to_string()
            .contains("does not run inside another page"),
        "{said}"
    );
    let traces = page.js(
        "return (async () => [localStorage.length, (await indexedDB.databases()).length])()",
        &[],
    );
    assert_eq!(
        traces,
        json!([0, 0]),
        "nothing of the reader's was even opened"
    );
    // Outside of a frame the app runs.
    page.go_to(&site);
    page.region("Begin").wait();
}

#[test]
fn cards_are_saved_and_copied_as_pictures() {
    let page = sharing_one();
    page.button("Save as SVG").click();
    let (name, svg) = page.downloaded();
    assert!(
        name.starts_with("coercive-by-default-card-20") && name.ends_with(".svg"),
        "{name}"
    );
    assert!(svg.starts_with("<svg ") && svg.contains("Coercive by default"));
    let parsed = page.js(
        "const parsed = new DOMParser().parseFromString(arguments[0], 'image/svg+xml');
         return [parsed.querySelector('parsererror') === null, parsed.documentElement.getAttribute('width'), parsed.querySelectorAll('script, foreignObject, image, a').length]",
        &[json!(svg)],
    );
    assert_eq!(parsed, json!([true, "1280", 0]));
    let misplaced = page.js(
        "const parsed = new DOMParser().parseFromString(arguments[0], 'image/svg+xml');
         const places = /^(c?[xy]|[xy][12]|r|width|height|font-size)$/;
         return [...parsed.querySelectorAll('*')].flatMap(element => [...element.attributes])
             .filter(({ name, value }) => places.test(name) && !Number.isFinite(Number(value)))
             .map(({ name, value }) => `${name}=${value}`);",
        &[json!(svg)],
    );
    assert_eq!(misplaced, json!([]), "what is no number places nothing");
    // The picture is drawn, and the browser can read it back.
    page.cdp(
        "Browser.grantPermissions",
        json!({
            "origin": page.js("return location.origin", &[]),
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
        }),
    );
    page.button("Copy as picture").click();
    page.wait_notice("Copied.");
    let size = page.js(
        "return (async () => {
             const [item] = await navigator.clipboard.read();
             const picture = await createImageBitmap(await item.getType('image/png'));
             return [picture.width, picture.height];
         })()",
        &[],
    );
    assert_eq!(size, json!([1920, 1080]));
    page.region("Readers and content")
        .checkbox(c(1))
        .tick(false);
    let preview = page.eventually("the card of the board", || {
        let shown = page.js(
            "return decodeURIComponent(document.querySelector('.card-preview').src)",
            &[],
        );
        shown
            .as_str()
            .is_some_and(|shown| shown.contains("Pauses are the better use"))
            .then_some(shown)
    });
    assert!(!preview.to_string().contains("characteristic traits"));
}

/// Returns the first fault that an HTML validator finds in a page.
fn invalid(page: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.html");
    std::fs::write(&path, page).expect("the page on a disk");
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/html-validate.json");
    let validator = named(
        "CRUXBOARD_HTML_VALIDATE",
        "node_modules/html-validate/bin/html-validate.mjs",
    );
    let output = Command::new("node")
        .arg(validator)
        .args(["--config", rules])
        .arg(&path)
        .output()
        .expect("html-validate, which `cargo xtask test browser` installs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (!output.status.success()).then_some(said)
}

#[test]
fn the_pages_that_are_saved_are_valid_html() {
    let page = sharing_one();
    page.button("Save as a page to embed").click();
    let (_, frame) = page.downloaded();
    assert_eq!(invalid(&frame), None);
    page.field("Content").choose("Everything");
    page.region("Readers and content")
        .checkbox(c(1))
        .tick(false);
    page.field("Note for readers")
        .fill("<p>\u{0}\u{b}&copy </main>");
    page.wait_body("<p>");
    page.button("Save as HTML page").click();
    let (_, whole) = page.downloaded();
    assert_eq!(invalid(&whole), None);
    // The validator does detect faults.
    let broken = whole.replacen("</main>", "<img src=x></main>", 1);
    assert!(invalid(&broken).is_some_and(|said| said.contains("img")));
}
