//! Stating a credence by mouse, touch and keyboard, and never by accident.

use serde_json::json;

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Found, Key, Page, Place, Setup},
};

const SLIDER: &str = "Your credence";
const NUMBER: &str = "Your credence, in percent";

fn on_crux(setup: Setup, number: usize, person: &str) -> Page {
    let page = setup.start().open_example();
    page.be(person);
    page.open_crux(c(number));
    page.slider(SLIDER).wait();
    page
}

fn wait_percent(page: &Page, percent: &str) {
    page.field(NUMBER).wait_value(percent);
}

/// Returns the place on the track for a percentage.
fn on_track(page: &Page, percent: f64) -> Place {
    page.slider(SLIDER).wait();
    let area = page.slider(SLIDER).on_element(
        "const track = arguments[0].parentElement;
         track.scrollIntoView({ block: 'center' });
         const { left, top, width, height } = track.getBoundingClientRect();
         return [left, top, width, height]",
        &[],
    );
    let [left, top, width, height] = [0, 1, 2, 3].map(|at| area[at].as_f64().unwrap());
    Place {
        x: left + width * percent / 100.0,
        y: top + height / 2.0,
    }
}

#[test]
fn the_slider_reads_aloud_as_a_sentence_built_from_the_claim() {
    let page = on_crux(Setup::default(), 9, "Red-teamer");
    let slider = page.slider(SLIDER);
    assert_eq!(
        slider.attr("aria-valuetext").as_deref(),
        Some("30% likely that working on propensity training is bad because AI pauses are better")
    );
    page.wait_body("3 in 10 · unlikely");
    // The group's aggregate is described in words too.
    page.with_text("terms", "In words about 1 in 5, unlikely")
        .wait();
    assert_eq!(slider.computed(), ("slider".into(), SLIDER.into()));
    slider.focus();
    page.press(Key::Right);
    let text = slider.attr("aria-valuetext").unwrap();
    assert!(text.starts_with("31% likely that "), "{text}");
    for (typed, words) in [
        ("50", "1 in 2 · about as likely as not"),
        ("80", "4 in 5 · likely"),
    ] {
        page.field(NUMBER).retype(typed);
        page.wait_body(words);
    }
}

#[test]
fn arrows_move_it_by_one_pages_by_ten_and_home_and_end_to_the_ends() {
    let page = on_crux(Setup::default(), 1, "Red-teamer");
    page.slider(SLIDER).focus();
    let steps = [
        (Key::Right, "36"),
        (Key::Up, "37"),
        (Key::Left, "36"),
        (Key::Down, "35"),
        (Key::PageUp, "45"),
        (Key::PageDown, "35"),
        (Key::PageDown, "25"),
        (Key::End, "100"),
        (Key::Home, "0"),
        (Key::Left, "0"),
        (Key::PageUp, "10"),
    ];
    for (key, percent) in steps {
        page.press(key);
        wait_percent(&page, percent);
    }
    // A pause of the keyboard stores the value once.
    page.wait_notice("Credence updated");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
    page.reload();
    page.slider(SLIDER).wait();
    wait_percent(&page, "10");
}

#[test]
fn a_number_that_is_not_entered_is_kept_over_a_reload_and_stored_only_when_it_is_entered() {
    let page = on_crux(Setup::default(), 1, "Red-teamer");
    page.field(NUMBER).retype("3");
    page.reload();
    wait_percent(&page, "3");
    let left = page.with_text("status", "Typed before and not saved");
    left.button("Drop it").click();
    wait_percent(&page, "35");
    left.wait_gone();
    page.reload();
    wait_percent(&page, "35");
    page.field(NUMBER).retype("4");
    page.reload();
    wait_percent(&page, "4");
    assert_eq!(page.stored_count(), CHANGES);
    // Somebody else does not find it.
    page.be("Area lead");
    wait_percent(&page, "15");
    page.be("Red-teamer");
    wait_percent(&page, "4");
    left.button("Save it").click();
    page.wait_notice("Credence updated");
    page.wait_saved();
    left.wait_gone();
    assert_eq!(page.stored_count(), CHANGES + 1);
    page.reload();
    wait_percent(&page, "4");
}

#[test]
fn a_number_is_typed_as_35_or_with_a_percent_sign_or_as_a_chance() {
    let page = on_crux(Setup::default(), 1, "Area lead");
    for (typed, percent) in [
        ("35", "35"),
        ("36%", "36"),
        (".37", "37"),
        ("38 %", "38"),
        (",39", "39"),
        ("0,4", "0.4"),
        ("1/4", "25"),
        ("0.5%", "0.5"),
    ] {
        // A displayed credence parses to the same value.
        page.field(NUMBER).retype("");
        page.press(typed);
        page.press(Key::Enter);
        wait_percent(&page, percent);
        page.wait_saved();
    }
    assert_eq!(page.stored_count(), CHANGES + 8);
    for refused in ["x", "101", "-1", "1e", "٣٥"] {
        page.field(NUMBER).fill(refused);
        page.with_text("alert", "was not taken").wait();
        page.field(NUMBER).focus();
        page.press(Key::Escape);
        wait_percent(&page, "0.5");
    }
    assert_eq!(page.stored_count(), CHANGES + 8);
}

#[test]
fn escape_brings_back_what_stood_before_and_stores_nothing() {
    let page = on_crux(Setup::default(), 1, "Red-teamer");
    page.slider(SLIDER).focus();
    page.press(Key::PageUp + Key::PageUp);
    wait_percent(&page, "55");
    page.press(Key::Escape);
    wait_percent(&page, "35");
    page.field(NUMBER).retype("90");
    page.with_text("terms", "was 22%").wait();
    page.press(Key::Escape);
    wait_percent(&page, "35");
    page.leave_field();
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn dragging_previews_all_that_depends_on_it_and_stores_only_on_release() {
    let page = on_crux(Setup::default(), 1, "Red-teamer");
    let scale = page.role("img", "Red-teamer …").at(0);
    page.mouse_down(on_track(&page, 35.0));
    for percent in [45.0, 60.0, 80.0] {
        page.mouse_drag(on_track(&page, percent));
        wait_percent(&page, &percent.to_string());
    }
    scale.wait();
    let preview = scale.names();
    assert!(
        preview[0].starts_with("Red-teamer 80%, Area lead 15%"),
        "{preview:?}"
    );
    page.with_text("terms", "was 22%").wait();
    assert_eq!(page.stored_count(), CHANGES, "a preview is not stored");
    page.wait_saved();
    page.mouse_up(on_track(&page, 80.0));
    page.wait_notice("Credence updated");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
    // Escape while the thumb is held restores the value.
    page.mouse_down(on_track(&page, 80.0));
    page.mouse_drag(on_track(&page, 20.0));
    wait_percent(&page, "20");
    page.slider(SLIDER).focus();
    page.press(Key::Escape);
    wait_percent(&page, "80");
    page.mouse_up(on_track(&page, 20.0));
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn while_it_is_moved_the_triggers_it_would_reach_are_named() {
    let page = on_crux(Setup::default(), 1, "Red-teamer");
    page.slider(SLIDER).focus();
    page.press(Key::End);
    page.with_text("status", "This would reach the spread trigger")
        .wait();
    page.press(Key::Escape);
    assert_eq!(page.stored_count(), CHANGES);
    // Half-way to being met, the trigger is near all the time: only the side of its value counts.
    page.field(NUMBER).fill("95");
    page.wait_saved();
    page.slider(SLIDER).focus();
    page.press(Key::Home);
    page.with_text("status", "This would leave the spread trigger")
        .wait();
    page.press(Key::Escape);
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn the_wheel_over_nine_sliders_changes_none() {
    let page = nine_sliders(Setup::default());
    let before = numbers(&page);
    for (at, _) in before.iter().enumerate() {
        let slider = page.slider("Your credence: …").at(at);
        slider.focus();
        let place = slider.middle();
        page.wheel(place, 120.0);
        page.wheel(place, -120.0);
    }
    assert_eq!(numbers(&page), before);
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn scrolling_past_nine_sliders_with_a_finger_changes_none() {
    let page = nine_sliders(Setup::phone());
    let before = numbers(&page);
    let mut scrolled = 0;
    for (at, _) in before.iter().enumerate() {
        let slider = page.slider("Your credence: …").at(at);
        let scroll = || page.js("return Math.round(scrollY)", &[]).as_i64().unwrap();
        // On the thumb, and beside it, upwards and downwards.
        for (share, way) in [(0.5, -250.0), (0.2, 250.0), (0.8, -200.0)] {
            let from = slider.within(share, 0.5);
            let begun = scroll();
            page.swipe(
                from,
                Place {
                    x: from.x + 4.0,
                    y: from.y + way,
                },
            );
            if page.eventually("scrolling to end", || Some(scroll())) != begun {
                scrolled += 1;
            }
        }
    }
    assert!(scrolled > 9, "only {scrolled} wipes scrolled the page");
    assert_eq!(numbers(&page), before);
    assert_eq!(page.stored_count(), CHANGES);
}

#[test]
fn a_finger_takes_the_thumb_along() {
    let page = on_crux(Setup::phone(), 1, "Red-teamer");
    page.swipe(on_track(&page, 35.0), on_track(&page, 70.0));
    page.wait_notice("Credence updated");
    wait_percent(&page, "70");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn a_tap_beside_the_thumb_moves_it_there_and_a_tap_on_it_does_nothing() {
    let page = on_crux(Setup::phone(), 1, "Red-teamer");
    page.tap(on_track(&page, 70.0));
    page.wait_notice("Credence updated");
    wait_percent(&page, "70");
    page.wait_saved();
    page.tap(on_track(&page, 71.0));
    // Within a finger's reach of the thumb, and yet beside it.
    page.tap(on_track(&page, 78.0));
    wait_percent(&page, "78");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 2);
}

/// Dispatches a key event as a browser would.
fn report_key(page: &Page, target: &str, key: &str, code: &str, more: serde_json::Value) {
    page.js(
        "const target = arguments[0] === 'body' ? document.body : document.activeElement;
         target.dispatchEvent(new KeyboardEvent('keydown', {
             bubbles: true, cancelable: true, key: arguments[1], code: arguments[2], ...arguments[3],
         }))",
        &[target.into(), key.into(), code.into(), more],
    );
}

#[test]
fn an_enter_that_takes_a_suggestion_of_an_input_method_stores_nothing() {
    let page = on_crux(Setup::default(), 1, "Area lead");
    page.field(NUMBER).retype("4");
    report_key(
        &page,
        "field",
        "Enter",
        "Enter",
        json!({ "isComposing": true }),
    );
    // Safari reports the end of the composition first.
    report_key(&page, "field", "Enter", "Enter", json!({ "keyCode": 229 }));
    report_key(
        &page,
        "field",
        "Escape",
        "Escape",
        json!({ "isComposing": true }),
    );
    page.press("2");
    page.press(Key::Enter);
    wait_percent(&page, "42");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
}

#[test]
fn undo_and_redo_go_by_the_place_of_the_key_where_its_letter_is_not_latin() {
    let page = on_crux(Setup::default(), 1, "Area lead");
    for percent in ["40", "60"] {
        page.field(NUMBER).retype(percent);
        page.press(Key::Enter);
        page.wait_saved();
    }
    page.leave_field();
    let undo = json!({ "ctrlKey": true });
    let redo = json!({ "ctrlKey": true, "shiftKey": true });
    for (key, code, held, percent) in [
        ("я", "KeyZ", &undo, "40"),
        ("Я", "KeyZ", &redo, "60"),
        ("ζ", "KeyZ", &undo, "40"),
        ("н", "KeyY", &undo, "60"),
        ("ז", "KeyZ", &undo, "40"),
        ("Ζ", "KeyZ", &redo, "60"),
        // German: the letter counts, not its place.
        ("z", "KeyY", &undo, "40"),
        ("y", "KeyZ", &undo, "60"),
    ] {
        report_key(&page, "body", key, code, held.clone());
        wait_percent(&page, percent);
    }
}

/// Opens the form for new evidence with all nine cruxes ticked.
fn nine_sliders(setup: Setup) -> Page {
    let page = setup.start().open_example();
    page.be("Red-teamer");
    page.link("+ Evidence").at(0).click();
    for number in 1..=9 {
        page.checkbox(c(number)).tick(true);
    }
    page.eventually("nine sliders", || {
        (page.slider("Your credence: …").count() == 9).then_some(())
    });
    page
}

fn numbers(page: &Page) -> Vec<String> {
    (0..9)
        .map(|at| page.role("textbox", "Your credence: …").at(at).value())
        .collect()
}

#[test]
fn a_reason_can_follow_and_later_views_show_before_after_and_why() {
    let page = on_crux(Setup::default(), 6, "Researcher");
    let scale = page.role("img", "…Researcher …").at(0);
    assert_eq!(ghosts(&scale), serde_json::json!([]), "nobody moved yet");
    page.field(NUMBER).retype("55");
    page.press(Key::Enter);
    page.field("Why? (kept with this move)")
        .fill("The study of two families");
    page.fold("On which evidence?…").open();
    let evidence = page
        .group("Evidence behind this move")
        .all("checkbox")
        .at(0);
    evidence.tick(true);
    let behind = evidence.names().remove(0);
    page.wait_saved();
    page.reload();
    let row = page.role("table", "").at(0).with_text("row", "Researcher");
    let text = row.text();
    for part in ["40 → 55%", "The study of two families", "["] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    page.fold("As a table").open();
    let row = page
        .fold("As a table")
        .with_text("row", "The study of two families")
        .text();
    let why = format!("The study of two families [{}", short(&behind));
    for part in ["Researcher", "40%", "55%", "+15", &why] {
        assert!(row.contains(part), "{part} is missing in {row}");
    }
    page.fold("Activity…").open();
    page.with_text("listitem", "The study of two families")
        .wait();

    // The previous position is drawn faintly beside the present one, here and on the board.
    assert_eq!(ghosts(&scale), serde_json::json!(["40%"]));
    page.tab("Cruxes");
    page.row(c(6)).role("img", "…Researcher 55%…").wait();
    let drawn = |number: usize| ghosts(&page.row(c(number)).role("img", "…Aggregate…"));
    assert_eq!(drawn(6), serde_json::json!(["40%"]));
    assert_eq!(drawn(5), serde_json::json!([]), "nobody moved there");
}

/// Returns the marks of previous credences on a scale.
fn ghosts(scale: &Found) -> serde_json::Value {
    scale.on_element(
        "return [...arguments[0].querySelectorAll('.ghost')]
             .filter((ghost) => ghost.checkVisibility())
             .map((ghost) => ghost.getAttribute('cx'))",
        &[],
    )
}

/// Returns the beginning of a text, which may be cut shorter elsewhere.
fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

#[test]
fn a_reason_can_be_added_where_it_was_stated_for_a_quarter_of_an_hour() {
    const WHY: &str = "Why? (kept with this move)";
    let page = on_crux(Setup::default(), 1, "Area lead");
    assert!(
        !page.field(WHY).is_there(),
        "what was said yesterday is not asked about"
    );
    page.field(NUMBER).retype("16");
    page.press(Key::Enter);
    page.field(WHY).wait();
    page.wait_saved();
    page.move_clock(14 * 60_000);
    page.reload();
    page.field(WHY).fill("a talk afterwards");
    page.with_text("row", "a talk afterwards").wait();
    page.wait_saved();
    page.move_clock(2 * 60_000);
    page.reload();
    page.with_text("row", "a talk afterwards").wait();
    wait_percent(&page, "16");
    assert!(!page.field(WHY).is_there(), "sixteen minutes later");
}

#[test]
fn still_my_view_is_kept_as_a_reaffirmation() {
    let page = on_crux(Setup::default(), 1, "Area lead");
    page.button("Confirm unchanged").click();
    page.wait_notice("Credence confirmed");
    page.wait_body("confirmed");
    page.wait_saved();
    assert_eq!(page.stored_count(), CHANGES + 1);
    wait_percent(&page, "15");
    page.fold("As a table").open();
    page.with_text("cell", "confirmed").wait();
}

#[test]
fn stale_statements_are_marked_and_a_switch_leaves_them_out() {
    let page = Page::with_example();
    let scale = page.row(c(1)).role("img", "…Aggregate…");
    assert_eq!(hollow(&scale), serde_json::json!([]), "all are fresh");
    page.move_clock(91 * 86_400_000);
    page.reload();
    page.fold("Details").open();
    let overview = page.region("Status of the board");
    overview.link("27 outdated credences").wait();
    page.row(c(1))
        .role("img", "Red-teamer 35% (outdated), …")
        .wait();
    page.be("Red-teamer");
    page.open_crux(c(1));
    page.with_text("row", "Red-teamer")
        .with_text("cell", "stale")
        .wait();
    page.button("Confirm unchanged").click();
    page.tab("Cruxes");
    page.row(c(1))
        .role(
            "img",
            "Red-teamer 35%, Area lead 15% (outdated), …Aggregate 22%, …",
        )
        .wait_gone();
    // Outdated credences are drawn hollow.
    assert_eq!(hollow(&scale), serde_json::json!(["AL", "RE"]));
    page.checkbox("Hide outdated credences").tick(true);
    page.row(c(1)).role("img", "…Aggregate 35%, …").wait();
    page.row(c(2)).with_text("cell", "none yet").wait();
    page.reload();
    page.row(c(1)).role("img", "…Aggregate 35%, …").wait();
    page.checkbox("Hide outdated credences").tick(false);
    page.row(c(1)).role("img", "…Aggregate 22%, …").wait();

    // One outdated credence is enough for a crux to match the filter.
    overview.link("26 outdated credences").click();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "each has one");
    for person in ["Area lead", "Researcher"] {
        page.be(person);
        page.open_crux(c(1));
        page.button("Confirm unchanged").click();
        page.wait_notice("Credence confirmed");
        page.back();
    }
    overview.link("24 outdated credences").wait();
    page.wait_shown(&[2, 3, 4, 5, 6, 7, 8, 9], "all but the one reaffirmed");
    assert_eq!(
        page.fragment().split_once('?').map(|it| it.1),
        Some("state=open&stale=stale")
    );
}

/// Returns the initials of the hollow dots on a scale.
fn hollow(scale: &Found) -> serde_json::Value {
    scale.on_element(
        "return [...arguments[0].querySelectorAll('.dot.stale')]
             .filter((dot) => getComputedStyle(dot.querySelector('circle')).strokeDasharray !== 'none')
             .map((dot) => dot.querySelector('.initials').textContent)",
        &[],
    )
}

#[test]
fn nobody_states_a_credence_without_saying_who_they_are() {
    let page = Page::with_example();
    page.open_crux(c(1));
    page.wait_body("Choose your name");
    assert!(!page.slider(SLIDER).is_there());
    page.be("Researcher");
    wait_percent(&page, "20");
    page.reload();
    wait_percent(&page, "20");
}

#[test]
fn a_number_below_one_is_said_as_it_is_read_before_it_is_stored_and_after() {
    let page = on_crux(Setup::default(), 1, "Area lead");
    page.field(NUMBER).retype("0.35");
    page.wait_body("Read as 0.35%. For 35%, type 35.");
    page.press(Key::Enter);
    wait_percent(&page, "0.35");
    page.wait_saved();
    // The message stays where the stored value is.
    page.wait_body("Read as 0.35%. For 35%, type 35.");
    page.field(NUMBER).retype(".35");
    page.press(Key::Enter);
    wait_percent(&page, "35");
    page.wait_body("Read as 35%. For 0.35%, type 0.35.");
    page.field(NUMBER).retype("0.35");
    page.press(Key::Enter);
    wait_percent(&page, "0.35");
    page.wait_saved();
    page.reload();
    wait_percent(&page, "0.35");
    page.with_text("row", "Area lead")
        .with_text("cell", "0.35%")
        .wait();
}

#[test]
fn an_aggregate_beside_a_threshold_is_told_apart_from_it() {
    for (third, aggregate) in [("78.3", "69.96%"), ("78.4", "70%")] {
        let page = on_crux(Setup::default(), 1, "Area lead");
        page.field(NUMBER).retype("60");
        page.press(Key::Enter);
        page.be("Researcher");
        page.field(NUMBER).retype("70");
        page.press(Key::Enter);
        page.be("Red-teamer");
        page.field(NUMBER).retype(third);
        page.press(Key::Enter);
        // The example has a trigger at 70% on each crux.
        page.with_text("terms", &format!("Aggregate of 3 people {aggregate}"))
            .wait();
    }
}

#[test]
fn a_confirmed_view_keeps_its_reason_in_the_table_of_people() {
    let page = on_crux(Setup::default(), 1, "Researcher");
    page.field(NUMBER).retype("44");
    page.press(Key::Enter);
    page.field("Why? (kept with this move)").at(0).wait();
    page.field("Why? (kept with this move)")
        .at(0)
        .fill("what I saw in June");
    page.leave_field();
    page.wait_saved();
    page.button("Confirm unchanged").click();
    let row = page
        .region("Everybody's credence")
        .with_text("row", "Researcher");
    row.wait_text("confirmed");
    row.wait_text("what I saw in June");
}
