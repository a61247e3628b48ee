//! Boards as files: taking them out, bringing them in, and refusing what is none.

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
    // Once more changes nothing and doubles nothing.
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
        page.wait_notice("State a credence");
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
    // Undo takes back one's own, not the other's.
    page.undo();
    page.row(c(1))
        .role("img", "Red-teamer 35%, Area lead 15%, Researcher 62%…")
        .wait();
}

#[test]
fn what_is_no_board_is_refused_with_a_reason_and_changes_nothing() {
    let page = Page::with_example();
    let before = page.download();
    let cut = &before[..before.len() / 2];
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let cases = [
        ("", "not JSON"),
        ("hello", "not JSON"),
        ("\u{0}\u{1}PNG\u{fffd}", "not JSON"),
        ("<html><script>alert(1)</script></html>", "not JSON"),
        ("null", "does not say it is a board"),
        ("[]", "does not say it is a board"),
        ("{\"format\":\"tldraw\"}", "does not say it is a board"),
        ("{\"nodes\":[],\"edges\":[]}", "does not say it is a board"),
        ("{\"format\":\"cruxboard\"}", "damaged"),
        (
            "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"x\",\"changes\":[]}",
            "damaged",
        ),
        (
            "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00000000000000000\",\"changes\":7}",
            "damaged",
        ),
        (deep.as_str(), "does not say it is a board"),
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
    // Of a file that was cut off, what is whole is taken in, and the rest is said.
    let other = Page::start();
    other.region("Begin").wait();
    other.drop_file("cut.json", cut);
    other.wait_notice("damaged changes in this file were left out");
    other.row(c(1)).wait();
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
    let newer = newer.replacen("\"version\":1", "\"version\":7", 1);
    page.drop_file("newer.json", &newer);
    page.wait_notice("3 changes come from a newer version of Cruxboard");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 3);
    page.row(c(1)).role("img", "Red-teamer 35%…").wait();
    page.reload();
    page.row(c(1)).wait();
    page.tab("History");
    page.wait_body("3 changes come from a newer version");
    let out = page.download();
    for row in future {
        assert!(out.contains(row), "not as it came: {row}");
    }
    assert!(
        !page.notices().contains("newer version"),
        "said once, not with every visit"
    );
}
