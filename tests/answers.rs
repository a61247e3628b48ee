//! Answers of readers to snapshots in the browser: the form, and what the owner of the board does with them.

use serde_json::json;

use super::{
    example::c,
    harness::{Find as _, Page, Setup},
};

/// Returns the owner of the worked example with a link to a snapshot of it.
fn owner_with_link() -> (Page, String) {
    let page = Page::with_example();
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    let link = page.eventually("a link", || {
        let link = page.field("Link").value();
        link.contains("#/s/").then_some(link)
    });
    (page, link)
}

fn reader_of(link: &str) -> Page {
    let reader = Setup::default().start_blank();
    reader.go_to(link);
    reader.fold("Answer with your own credences").open();
    reader.with_text("status", "Give your name").wait();
    reader
}

/// Enters an answer on the first crux, and returns the link to send back.
fn answers(reader: &Page, name: &str, percent: &str, reason: &str) -> String {
    let before = match reader.field("Link with your answers").is_there() {
        true => reader.field("Link with your answers").value(),
        false => String::new(),
    };
    reader.field("Your name").fill(name);
    reader
        .field(&format!("Your credence: {}, in percent", c(1)))
        .fill(percent);
    reader.field(&format!("Why? {}", c(1))).fill(reason);
    reader.field("Your name").focus();
    reader.eventually("a link", || {
        let field = reader.field("Link with your answers");
        let link = field.is_there().then(|| field.value())?;
        (link.contains("#/s/") && link != before).then_some(link)
    })
}

#[test]
fn a_later_answer_is_offered_as_a_change_and_stands_on_the_crux_beside_the_group() {
    let (page, link) = owner_with_link();
    let reader = reader_of(&link);
    reader.wait_body("Snapshots for anybody leave your answers out.");
    let first = answers(&reader, "Zoë Reader", "80", "");
    page.go_to(&first);
    page.heading("Answers of Zoë Reader").wait();
    page.role("img", "Zoë Reader 80%, outside the board").wait();
    page.button("Add to my board…").click();
    page.with_text("listitem", "Zoë Reader: 80% on").wait();
    page.button("Add to my board").click();
    page.wait_saved();

    let second = answers(&reader, "Zoë Reader", "49", "They stopped.");
    page.go_to(&second);
    page.button("Add to my board…").click();
    page.with_text("listitem", "Zoë Reader: 80% → 49% on")
        .wait_text("Reason: They stopped.");
    page.button("Add to my board").click();
    page.open_crux(c(1));
    page.wait_body("Squares are people outside the board, who do not count in the figures: ZR is Zoë Reader, 49%.");
    page.wait_body("They stopped.");
    let body = page.js("return document.body.innerText", &[]).to_string();
    assert!(!body.contains("Holds something about it"), "{body}");
}

#[test]
fn a_member_is_told_so_and_the_owner_chooses_whose_answer_it_is() {
    let (page, link) = owner_with_link();
    let reader = reader_of(&link);
    let answer = answers(&reader, "red-teamer", "41", "seen");
    reader
        .with_text("status", "Red-teamer is a member of this board")
        .wait();
    page.go_to(&answer);
    page.button("Add to my board…").click();
    page.with_text("listitem", "red-teamer: 41% on").wait();
    page.checkbox("Add it as Red-teamer’s own credence")
        .tick(true);
    page.with_text("listitem", "Credence: Red-teamer on").wait();
    page.button("Add to my board").click();
    page.open_crux(c(1));
    page.wait_body("41%");
    let body = page.js("return document.body.innerText", &[]).to_string();
    assert!(!body.contains("Squares are people outside"), "{body}");
}

#[test]
fn answers_survive_a_reload_of_the_tab_until_they_are_discarded() {
    let (_page, link) = owner_with_link();
    let reader = reader_of(&link);
    answers(&reader, "Zoë Reader", "80", "seen elsewhere");
    reader.reload();
    reader.button("Discard draft").wait();
    assert_eq!(reader.field("Your name").value(), "Zoë Reader");
    let why = format!("Why? {}", c(1));
    assert_eq!(reader.field(&why).value(), "seen elsewhere");
    reader.field("Link with your answers").wait();
    reader.button("Discard draft").click();
    reader.with_text("status", "Give your name").wait();
    reader.reload();
    reader.fold("Answer with your own credences").open();
    reader.with_text("status", "Give your name").wait();
    assert_eq!(reader.field("Your name").value(), "");
}

#[test]
fn a_reload_of_a_snapshot_from_a_file_asks_for_the_file_again() {
    let (page, _link) = owner_with_link();
    page.button("Save as file").click();
    let (name, file) = page.downloaded();
    let reader = Page::with_example();
    reader.drop_file(&name, &file);
    reader.with_text("note", "Snapshot of").wait();
    reader.reload();
    reader.heading("Open the snapshot’s file again").wait();
    reader.choose_file(&reader.button("Open the file…"), &name, &file);
    reader.with_text("note", "Snapshot of").wait();
}

#[test]
fn the_form_for_answers_is_one_column_with_a_link_of_full_width() {
    let (_page, link) = owner_with_link();
    let reader = reader_of(&link);
    answers(&reader, "Zoë Reader", "80", "seen elsewhere");
    for width in [390, 800, 1280] {
        reader.resize(width, 900);
        let [form_left, _, form_width, _] = reader.region("Answer").area();
        for label in ["Your name", "Link with your answers"] {
            let [left, _, across, height] = reader.field(label).area();
            assert!(left - form_left < 40.0, "{width}: {label} at {left}");
            let is_link = label.starts_with("Link");
            if is_link {
                assert!(
                    across > 0.55 * form_width,
                    "{width}: {across} of {form_width}"
                );
                assert!(height < 200.0, "{width}: {height} high");
            }
        }
        let beyond = reader.js(
            "const { scrollWidth, clientWidth } = document.documentElement;
             return scrollWidth - clientWidth",
            &[],
        );
        assert_eq!(beyond, json!(0), "{width}: it scrolls sideways");
    }
}
