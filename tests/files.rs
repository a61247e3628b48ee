//! Boards as files: export, import, and refusal of other files.

use cruxboard_domain::date::DAY;
use cruxboard_domain::id::Replica;
use cruxboard_domain::{ChangeId, Millis};

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Key, Page, Setup},
};

#[test]
fn a_board_taken_out_and_brought_in_elsewhere_is_the_same_to_the_byte() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    page.field("Your credence, in percent").retype("44");
    page.press(Key::Enter);
    page.field("Why? (kept with this move)")
        .fill("“ä”\\\n<b>🙂</b>");
    page.wait_saved();
    page.button("Download").click();
    let (name, text) = page.downloaded();
    assert_eq!(
        name,
        "keep-change-or-wind-down-the-ai-character.cruxboard.json"
    );
    assert_eq!(text.lines().count(), CHANGES + 2);

    let other = Page::start();
    other.region("Begin").wait();
    other.drop_file(&name, &text);
    other.row(c(1)).role("img", "Red-teamer 44%…").wait();
    other.wait_saved();
    assert_eq!(other.download(), text, "taken out again");
    // Importing the file again changes nothing.
    other.drop_file(&name, &text);
    other.wait_saved();
    other.with_text("status", "9 cruxes").wait();
    assert_eq!(other.download(), text, "after a second time");
    assert_eq!(other.stored_count(), CHANGES + 2);
    other.reload();
    other.row(c(1)).role("img", "Red-teamer 44%…").wait();
    assert_eq!(other.download(), text, "after a reload");
}

#[test]
fn a_file_is_opened_by_choosing_it() {
    let page = Page::with_example();
    let text = page.download();
    let other = Page::start();
    other.choose_file(&other.button("Open a file…"), "board.cruxboard.json", &text);
    other.row(c(1)).wait();
    other.wait_saved();
    assert_eq!(other.stored_count(), CHANGES);
}

#[test]
fn two_copies_edited_apart_become_one_with_both_edits() {
    let page = Page::with_example();
    let other = Page::with_example();
    for (page, person, percent) in [(&page, "Red-teamer", "61"), (&other, "Researcher", "62")] {
        page.be(person);
        page.open_crux(c(1));
        page.field("Your credence, in percent").retype(percent);
        page.press(Key::Enter);
        page.wait_notice("Credence updated");
        page.wait_saved();
    }
    page.drop_file("other.cruxboard.json", &other.download());
    page.row(c(1))
        .role("img", "Red-teamer 61%, Area lead 15%, Researcher 62%…")
        .wait();
    other.drop_file("one.cruxboard.json", &page.download());
    other
        .row(c(1))
        .role("img", "Red-teamer 61%, Area lead 15%, Researcher 62%…")
        .wait();
    page.wait_saved();
    other.wait_saved();
    assert_eq!(page.download(), other.download());
    // Undo retracts the person's own change, not the other's.
    page.undo();
    page.row(c(1))
        .role("img", "Red-teamer 35%, Area lead 15%, Researcher 62%…")
        .wait();
}

#[test]
fn what_is_no_board_is_refused_with_a_reason_and_changes_nothing() {
    let page = Page::with_example();
    let before = page.download();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let cases = [
        ("", "an empty file"),
        ("hello", "This is a text"),
        (
            "<html><script>alert(1)</script></html>",
            "This is a web page",
        ),
        ("{\"nodes\":[],\"edges\":[]}", "This is JSON"),
        ("{\"format\":\"cruxboard\"}", "damaged"),
        (
            "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00000000000000000\",\"changes\":[]}",
            "no change in this file",
        ),
        (
            "{\"format\":\"cruxboard\",\"version\":7,\"board\":\"01M83T4CM00000000000000000\",\"changes\":[]}",
            "newer version of Cruxboard (file format 7",
        ),
        (deep.as_str(), "This is JSON"),
    ];
    for (text, reason) in cases {
        page.drop_file("junk.json", text);
        let notice = page.wait_notice("Nothing was changed.");
        assert!(
            notice.contains(reason),
            "{reason} is not said of {text:.60}: {notice}"
        );
        page.button("Dismiss").at(0).click();
        page.eventually("the notice to go", || {
            page.notices().is_empty().then_some(())
        });
        assert_eq!(page.stored_count(), CHANGES, "after {text:.60}");
    }
    assert_eq!(page.download(), before);
}

#[test]
fn of_a_file_that_is_cut_off_a_part_is_taken_in_only_after_a_choice() {
    let page = Page::with_example();
    let whole = page.download();
    let other = Page::start();
    other.region("Begin").wait();
    let cut = &whole[..whole.floor_char_boundary(whole.len() / 2)];
    let asks = || {
        other.drop_file("cut.json", cut);
        other.role("dialog", "This file is not whole").wait();
        other.wait_body("This file is cut off: its end is missing.");
    };
    asks();
    other.button("Leave it").click();
    other.role("dialog", "This file is not whole").wait_gone();
    assert_eq!(other.stored_count(), 0);
    other.region("Begin").wait();
    asks();
    other.button("Import…").click();
    other.row(c(1)).wait();
    // A complete copy adds the rest, without conflicts with the part.
    other.wait_saved();
    other.drop_file("whole.json", &whole);
    other.with_text("status", "9 cruxes").wait();
    other.wait_saved();
    assert_eq!(other.download(), whole);
}

#[test]
fn a_file_in_another_encoding_is_asked_about_and_one_that_is_no_text_is_named() {
    let page = Page::with_example();
    page.tab("Share");
    page.link("Export / import").click();
    let button = page.button("Choose a file");
    let table = "Title;Probability\nGröße;40%\nÖl;50%\n";
    let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = table.chars().map(|letter| letter as u8).collect();
    let dialog = page.role("dialog", "Which encoding is this file in?");
    for (content, choice) in [
        (windows, "Read it as Windows-1252 (Western European)"),
        (utf16, "Read it as UTF-16"),
    ] {
        page.choose_file(&button, "table.csv", &content);
        dialog.wait();
        dialog.button("Leave it").click();
        dialog.wait_gone();
        assert!(!page.body().contains("Öl"), "nothing was read: {choice}");
        page.choose_file(&button, "table.csv", &content);
        dialog.button(choice).click();
        dialog.wait_gone();
        page.wait_body("Größe");
        assert!(!page.body().contains('\u{fffd}'), "{choice}");
        page.field("Paste a table with its header row").fill("");
    }
    page.choose_file(&button, "photo.csv", b"\x89PNG\r\n\x1a\n\0\0");
    page.wait_notice("“photo.csv” is a picture");
    page.choose_file(&button, "book.xlsx", b"PK\x03\x04\x14\0xl/workbook.xml");
    page.wait_notice("“book.xlsx” is a spreadsheet (.xlsx)");
}

#[test]
fn a_file_larger_than_any_board_is_refused() {
    let page = Setup::default().start();
    page.region("Begin").wait();
    page.js(
        "const data = new DataTransfer();
         data.items.add(new File([new Uint8Array(65 * 1024 * 1024)], 'huge.json'));
         document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
        &[],
    );
    let notice = page.wait_notice("no board is that large");
    assert!(notice.contains("65 MB"), "{notice}");
}

#[test]
fn changes_of_a_newer_version_are_kept_said_once_and_handed_on_as_they_came() {
    let page = Page::with_example();
    let text = page.download();
    let future = [
        r#"{"id":"01M83TZZZ00000000000000001","by":"01M83T4HG80000000000000000","fact":{"vote-cast":{"weight":3,"a":[1,2,{"b":null}]}}}"#,
        r#"{"id":"01M83TZZZ00000000000000002","fact":{"credence-stated":{"crux":"01M83T4QBR0000000000000000","person":"01M83T4HG80000000000000000","credence":12,"mood":"sure"}}}"#,
        r#"{ "id" : "01M83TZZZ00000000000000003", "signature": "ü", "fact":{"blank":null}}"#,
    ];
    let end = text.rfind("]}").unwrap();
    let newer = format!("{},\n{}]}}", &text[..end], future.join(",\n"));
    page.drop_file("newer.json", &newer);
    page.wait_notice("3 changes cannot be read by this version of Cruxboard");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 3);
    page.row(c(1)).role("img", "Red-teamer 35%…").wait();
    page.reload();
    page.row(c(1)).wait();
    page.tab("History");
    page.wait_body("3 changes cannot be read by this version");
    let out = page.download();
    for row in future {
        assert!(out.contains(row), "not as it came: {row}");
    }
    assert!(
        !page.notices().contains("this version"),
        "said once, not with every visit"
    );
}

#[test]
fn what_is_dated_far_ahead_is_left_out_of_a_file_and_a_backup_with_a_word() {
    const SAID: &str = "1 change in this file is dated more than 30 days ahead";
    let page = Page::with_example();
    let text = page.download();
    let now = page.js("return Date.now()", &[]).as_u64().unwrap();
    let ahead = |days: u32| {
        let id = ChangeId::new(Millis(now) + DAY * days, 0, Replica::new(7, 7));
        format!(r#"{{"id":"{id}","fact":{{"board-described":{{"notice":"In {days} days."}}}}}}"#)
    };
    // Within the limit the file is imported and shown.
    let end = text.rfind("]}").unwrap();
    let with = |changes: &[String]| format!("{},\n{}]}}", &text[..end], changes.join(",\n"));
    page.drop_file("ahead.json", &with(&[ahead(20), ahead(300)]));
    page.wait_notice(SAID);
    page.with_text("note", "In 20 days.").wait();
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
    page.reload();
    page.with_text("note", "In 20 days.").wait();
    assert!(!page.body().contains("In 300 days."));

    page.go("#/backups");
    page.button("Save all boards").click();
    let (_, backup) = page.downloaded();
    let soon = ahead(20);
    assert!(backup.contains(&soon), "{backup}");
    let backup = backup.replace(&soon, &format!("{soon},\n{}", ahead(400)));
    let other = Page::start();
    other.drop_file("backup.json", &backup);
    other.wait_body(SAID);
}

/// Drops a board file onto the page as soon as it is there, and before the app has loaded.
const EARLY_DROP: &str = "document.addEventListener('DOMContentLoaded', () => {
    const data = new DataTransfer();
    const text = sessionStorage.getItem('early-drop');
    if (!text) return;
    sessionStorage.removeItem('early-drop');
    data.items.add(new File([text], 'early.cruxboard.json', { type: 'application/json' }));
    for (const type of ['dragover', 'drop']) {
        const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
        window.wasTaken = !document.body.dispatchEvent(event);
    }
});";

#[test]
fn a_file_that_is_dropped_before_the_app_has_loaded_is_opened_once_it_has() {
    let page = Setup::default().before_load(EARLY_DROP).start();
    let board = include_str!("../public/example.cruxboard.json");
    page.js(
        "sessionStorage.setItem('early-drop', arguments[0])",
        &[board.into()],
    );
    page.reload();
    page.row(c(1)).wait();
    assert_eq!(
        page.js("return window.wasTaken", &[]),
        true,
        "or the browser would show it"
    );
}

#[test]
fn a_table_is_typed_letter_by_letter() {
    let page = Page::with_example();
    page.tab("Share");
    page.link("Export / import").click();
    let field = page.field("Paste a table with its header row");
    field.focus();
    for text in ["title", ",", "probability", "\n", "A new crux", ",", "30"] {
        page.paste(text);
    }
    page.with_text("status", "It would add 1 crux").wait();
}
