//! Going back and forward leads to the place on the screen that was left.

use super::harness::{Find as _, Key, Page};
use super::written::Written;

/// Distance of a link from the window's upper edge, in pixels.
fn top_of(page: &Page, link: &str) -> f64 {
    let top = page
        .link(link)
        .on_element("return arguments[0].getBoundingClientRect().top", &[]);
    top.as_f64().expect("a number")
}

fn board_of(cruxes: usize) -> Page {
    let page = Page::start();
    let (mut written, ..) = Written::new();
    for number in 0..cruxes {
        written.crux(&format!("Crux {number}"));
    }
    written.open(&page);
    page.link(&format!("Crux {}", cruxes - 1)).wait();
    page
}

#[test]
fn going_back_from_a_crux_shows_its_row_where_it_was_with_the_keyboard_on_it() {
    let page = board_of(150);
    page.link("Crux 120").focus();
    // Pressing it may scroll as well.
    page.js(
        "addEventListener('click', (event) => {
            window.__top = event.target.closest('a').getBoundingClientRect().top;
        }, { capture: true, once: true })",
        &[],
    );
    page.link("Crux 120").click();
    page.role("heading", "Crux 120").wait();
    let before = page.js("return window.__top", &[]);
    let before = before.as_f64().expect("a number");
    page.eventually("the crux from its top", || {
        (page.js("return scrollY", &[]) == 0).then_some(())
    });
    page.back();
    page.wait_focus("link", "Crux 120");
    page.eventually("the row where it was", || {
        let off = top_of(&page, "Crux 120") - before;
        (off.abs() < 3.0).then_some(())
    });
    // The next link is no place to go back to.
    page.link("Crux 121").click();
    page.role("heading", "Crux 121").wait();
    assert_eq!(page.js("return scrollY", &[]), 0);
}

#[test]
fn going_forward_shows_the_place_that_was_left_by_going_back() {
    let page = board_of(3);
    page.resize(800, 400);
    page.link("Crux 1").click();
    page.role("heading", "Crux 1").wait();
    page.js("scrollTo(0, 200)", &[]);
    page.eventually("it scrolls", || {
        (page.js("return scrollY", &[]) == 200).then_some(())
    });
    page.back();
    page.link("Crux 2").wait();
    page.js("history.forward()", &[]);
    page.role("heading", "Crux 1").wait();
    page.eventually("the place", || {
        (page.js("return scrollY", &[]) == 200).then_some(())
    });
}

#[test]
fn a_key_after_going_back_keeps_the_page_where_it_leads() {
    let page = board_of(150);
    page.link("Crux 120").click();
    page.role("heading", "Crux 120").wait();
    page.back();
    page.wait_focus("link", "Crux 120");
    page.press(Key::Home);
    page.eventually("the top", || {
        (page.js("return scrollY", &[]) == 0).then_some(())
    });
}

#[test]
fn a_reload_far_down_a_board_shows_the_same_rows_and_back_leads_to_the_row_also_after_it() {
    let page = board_of(150);
    page.js("scrollTo(0, 6000)", &[]);
    let at = || page.js("return scrollY", &[]).as_f64().unwrap_or_default();
    page.eventually("it scrolls", || (at() > 5000.0).then_some(()));
    page.reload();
    page.link("Crux 149").wait();
    page.eventually("the rows from before", || {
        ((at() - 6000.0).abs() < 200.0).then_some(())
    });
    page.link("Crux 120").click();
    page.role("heading", "Crux 120").wait();
    page.reload();
    page.role("heading", "Crux 120").wait();
    page.back();
    page.wait_focus("link", "Crux 120");
}

#[test]
fn the_tab_of_cruxes_leads_to_the_list_as_it_was_left() {
    let page = board_of(3);
    page.field("Sort").choose("Recently updated");
    page.eventually("the order in the address", || {
        page.fragment().contains("sort").then_some(())
    });
    let left = page.fragment();
    page.tab("Evidence");
    page.tab("Cruxes");
    page.eventually("the same list", || (page.fragment() == left).then_some(()));
    page.tab("Cruxes");
    page.eventually("all cruxes in their own order", || {
        (!page.fragment().contains("sort")).then_some(())
    });
}
