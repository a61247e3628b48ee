//! The history of a crux as a chart: numbers at a moment, pins, and one colour per person.

use super::{
    example::c,
    harness::{Find as _, Found, Key, Page},
};

/// The first crux of the worked example, on which the red-teamer has moved from 35% to 60% today.
fn moved_crux() -> Page {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    page.field("Your credence, in percent").fill("60");
    page.press(Key::Enter);
    page.wait_notice("Credence updated");
    page
}

fn wait_told(reader: &Found, page: &Page, part: &str) {
    page.eventually(part, || {
        let told = reader.attr("aria-valuetext").unwrap_or_default();
        told.contains(part).then_some(())
    });
}

#[test]
fn the_numbers_at_a_moment_are_read_off_with_the_arrow_keys() {
    let page = moved_crux();
    let reader = page.role("slider", "Moment in the history");
    wait_told(&reader, &page, "Red-teamer 60%");
    reader.focus();
    page.press(Key::Left);
    wait_told(&reader, &page, "Red-teamer 35%, Researcher 20%; group 22%");
    page.press(Key::Home);
    page.eventually("the first statement alone", || {
        let told = reader.attr("aria-valuetext").unwrap_or_default();
        (told.matches('%').count() == 1 && !told.contains("group")).then_some(())
    });
    page.press(Key::End);
    wait_told(&reader, &page, "Red-teamer 60%");
}

#[test]
fn a_pin_tells_what_happened_and_leads_there() {
    let page = moved_crux();
    let pins = page.role("list", "What happened meanwhile").all("link");
    let names = pins.names();
    assert!(
        names.iter().any(|name| name.contains("evidence, ")),
        "{names:?}"
    );
    pins.at(0).focus();
    page.press(Key::Enter);
    page.heading(c(1)).wait_gone();
}

#[test]
fn a_person_has_the_same_colour_in_the_history_on_the_scale_and_on_the_board() {
    let page = moved_crux();
    let fill = |page: &Page, place: &str, letters: &str| {
        let found = page.js(
            "const [place, letters] = arguments;
             const text = [...document.querySelectorAll(place)].find((it) => it.textContent === letters);
             const shape = text.closest('.dot')?.querySelector('circle') ?? text;
             const style = getComputedStyle(shape);
             return shape.classList.contains('thumb') ? style.backgroundColor : style.fill;",
            &[place.into(), letters.into()],
        );
        found.as_str().unwrap_or_default().to_owned()
    };
    let initials = ["RT", "AL", "RE"];
    let in_history = initials.map(|letters| fill(&page, ".plot .initials", letters));
    let on_scale = initials.map(|letters| fill(&page, ".scale.large .dot text", letters));
    assert_eq!(in_history, on_scale);
    let mut different = in_history.to_vec();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 3, "{in_history:?}");
    page.tab("Cruxes");
    page.row(c(1)).wait();
    let on_board = ["AL", "RE"].map(|letters| fill(&page, ".crux-row .dot text", letters));
    assert_eq!(on_board, [in_history[1].clone(), in_history[2].clone()]);
    assert_eq!(fill(&page, ".crux-row .thumb", "RT"), in_history[0]);
}

#[test]
fn the_chart_is_saved_as_a_picture_with_title_names_and_both_axes() {
    let page = moved_crux();
    let credences = page.region("How likely");
    credences.button("Save as SVG").click();
    let (name, text) = page.downloaded();
    assert!(
        name.contains("-history-20") && name.ends_with(".svg"),
        "{name}"
    );
    for part in [
        ">How likely: “",
        ">Red-teamer 60%</text>",
        ">100%</text>",
        ">Aggregate ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    credences.button("Save as PNG").click();
    page.wait_notice("Saved.");
}
