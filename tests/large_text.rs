//! Text at 200%, and what narrow and printed boards still show.

use super::{
    accessibility::too_wide,
    example::c,
    harness::{Find as _, Page},
};
use serde_json::json;

/// Sets the size of the letters that everything is measured by; the app's own is 14 pixels.
fn enlarge_text(page: &Page) {
    page.js("document.documentElement.style.fontSize = '32px'", &[]);
}

/// Returns the cells of the board whose texts lie on each other, and texts that are cut to a letter.
fn collisions(page: &Page) -> serde_json::Value {
    page.js(
        "const found = [];
         const ofText = (element) => {
             if (getComputedStyle(element).overflowX !== 'visible') return element.getBoundingClientRect();
             const range = document.createRange(); range.selectNodeContents(element); return range.getBoundingClientRect(); };
         const area = (cell) => {
             const texts = [cell, ...cell.querySelectorAll('*')].filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && element.checkVisibility());
             const all = texts.map(ofText);
             return { left: Math.min(...all.map((a) => a.left)), right: Math.max(...all.map((a) => a.right)),
                 top: Math.min(...all.map((a) => a.top)), bottom: Math.max(...all.map((a) => a.bottom)) }; };
         for (const row of [...document.querySelectorAll('[role=row]')].slice(0, 4)) {
             const cells = [...row.children].filter((cell) => cell.checkVisibility() && !cell.querySelector('.visually-hidden') && cell.textContent.trim());
             cells.forEach((one, at) => { for (const other of cells.slice(at + 1)) {
                 const a = area(one), b = area(other);
                 const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                 if (wide > 2 && high > 2) found.push(`${one.textContent} lies on ${other.textContent}`);
             } });
         }
         const question = document.querySelector('.masthead .question');
         if (question.clientWidth < 150) found.push('the question has no room');
         return found",
        &[],
    )
}

#[test]
fn text_at_200_percent_folds_the_screens_as_a_narrow_window_does() {
    let page = Page::with_example();
    page.be("Red-teamer");
    let mut found = Vec::new();
    for width in [1280, 800, 390] {
        page.resize(width, 900);
        page.tab("Cruxes");
        page.row(c(9)).wait();
        enlarge_text(&page);
        assert_eq!(collisions(&page), json!([]), "at {width} pixels");
        let mut look = |page: &Page, screen: &str| {
            let wide = too_wide(page, width).into_iter();
            found.extend(wide.map(|one| format!("{screen} at {width}: {one}")));
        };
        look(&page, "Cruxes");
        for tab in [
            "Evidence",
            "Due",
            "Reviews",
            "Decisions",
            "Analysis",
            "Follow-ups",
            "History",
            "Setup",
        ] {
            page.tab(tab);
            page.role("main", "").wait();
            page.heading(tab).wait();
            look(&page, tab);
        }
        page.tab("Cruxes");
        page.open_crux(c(4));
        look(&page, "a crux");
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Returns the words that a row shows.
fn shown_in_row(page: &Page, title: &str) -> String {
    let text = page
        .row(title)
        .on_element("return arguments[0].innerText", &[]);
    text.as_str().unwrap_or_default().replace('\n', " ")
}

#[test]
fn a_row_shows_its_next_date_and_the_numbers_of_the_axis_at_every_width_and_on_paper() {
    let page = Page::with_example();
    page.row(c(9)).wait();
    for width in [1280, 1000, 900, 800, 390, 320] {
        page.resize(width, 900);
        let row = shown_in_row(&page, c(1));
        assert!(row.contains("15 Jan 2027"), "at {width}: {row}");
        let head = page.table().role("columnheader", "Credences, in percent…");
        let has_numbers = row.contains("0%") && row.contains("100%");
        assert_ne!(head.is_there(), has_numbers, "at {width}: {row}");
    }
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let row = shown_in_row(&page, c(1));
    assert!(row.contains("50%") && row.contains("15 Jan 2027"), "{row}");
}

#[test]
fn a_table_of_movements_names_its_figures_where_it_has_no_room_for_columns() {
    let page = Page::with_example();
    page.resize(390, 844);
    page.tab("Analysis");
    page.link("Movements").click();
    let table = page.region("Who changed their mind");
    table.with_text("rowheader", "Red-teamer").wait();
    let beyond = table.on_element(
        "return arguments[0].scrollWidth - arguments[0].clientWidth",
        &[],
    );
    assert_eq!(beyond, 0, "pixels to scroll");
}
