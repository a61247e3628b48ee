//! The head of the page: its height, its tabs, and the notices at the lower edge.

use serde_json::{Value, json};

use super::{
    accessibility::too_wide,
    example::c,
    harness::{Find as _, Page, Setup},
};

/// Returns where each tab begins, in pixels.
fn tabs(page: &Page) -> Value {
    page.js(
        "return [...document.querySelectorAll('.tabs a')].map((tab) => tab.getBoundingClientRect().left)",
        &[],
    )
}

#[test]
fn tabs_stay_in_place_when_another_one_is_chosen() {
    let page = Page::with_example();
    for width in [1280, 1000] {
        page.resize(width, 800);
        page.tab("Cruxes");
        page.row(c(1)).wait();
        let before = tabs(&page);
        for tab in ["Evidence", "Decisions", "Setup"] {
            page.tab(tab);
            page.heading(tab).wait();
            assert_eq!(tabs(&page), before, "{tab} at {width} pixels");
        }
    }
}

/// Returns whether all buttons of the head stand in one row, and whether the question and the tabs are lines of
/// their own of at most one line each.
fn is_low(page: &Page) -> bool {
    let low = page.js(
        "const shown = [...document.querySelectorAll('.masthead .row > *')].filter((element) => element.checkVisibility());
         const all = shown.map((element) => [element, element.getBoundingClientRect()]);
         const row = all.filter(([element]) => !element.matches('.question')).map(([, area]) => area);
         const isOneRow = Math.max(...row.map(({ top }) => top)) < Math.min(...row.map(({ bottom }) => bottom));
         const question = all.find(([element]) => element.matches('.question'))?.[1];
         return isOneRow && (question === undefined || question.height < 30)",
        &[],
    );
    low == json!(true)
}

#[test]
fn the_head_has_one_row_of_buttons_and_one_of_tabs_at_every_width() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.wait_saved();
    for language in ["en", "de"] {
        let choose = "localStorage.setItem('cruxboard/language', JSON.stringify(arguments[0]))";
        page.js(choose, &[json!(language)]);
        page.reload();
        page.link(c(1)).at(0).wait();
        assert_eq!(
            page.js("return document.documentElement.lang", &[]),
            language
        );
        for width in [1280, 1150, 1140, 1060, 920, 901, 768, 390, 320] {
            page.resize(width, 800);
            page.eventually(&format!("one row in {language} at {width} pixels"), || {
                is_low(&page).then_some(())
            });
            assert_eq!(too_wide(&page, width), Vec::<String>::new(), "{language}");
        }
    }
}

#[test]
fn on_a_phone_the_head_is_lower_than_two_rows_of_buttons() {
    let page = Setup::phone().start().open_example();
    page.be("Red-teamer");
    let height = || {
        let height = page.js(
            "return document.querySelector('.masthead').offsetHeight",
            &[],
        );
        height.as_f64().unwrap()
    };
    page.row(c(1)).wait();
    assert!(height() <= 120.0, "with the question: {}", height());
    page.tab("Due");
    page.heading("Due").wait();
    assert!(height() <= 96.0, "{}", height());
    // The icons keep their names, and words say what went wrong.
    for name in ["Find", "Download", "Undo", "Redo"] {
        page.button(name).wait();
    }
    page.link("Cruxboard").wait();
}

/// Returns the lower edge of the page's content, the upper edge of the notices, and how far one can still scroll.
fn edges(page: &Page) -> [f64; 3] {
    let edges = page.js(
        "const shown = [...document.querySelectorAll('main *')].filter((element) => element.checkVisibility());
         const root = document.documentElement;
         return [
             Math.max(...shown.filter((element) => element.childElementCount === 0).map((element) => element.getBoundingClientRect().bottom)),
             document.querySelector('.notices').getBoundingClientRect().top,
             root.scrollHeight - root.clientHeight - scrollY,
         ]",
        &[],
    );
    [0, 1, 2].map(|at| edges[at].as_f64().unwrap_or_default())
}

#[test]
fn the_end_of_a_page_comes_out_from_under_a_notice_and_nothing_moves_when_it_goes() {
    for (width, height) in [(1280, 700), (390, 700)] {
        let page = Page::with_example();
        page.be("Red-teamer");
        page.resize(width, height);
        page.tab("Decisions");
        page.link("Record a decision").click();
        page.button("Record the decision").click();
        page.wait_notice("still empty");
        page.eventually("room below the page", || {
            page.js("scrollTo(0, document.documentElement.scrollHeight)", &[]);
            let [end, notice, _] = edges(&page);
            (end <= notice).then_some(())
        });
        let [end, ..] = edges(&page);
        page.button("Dismiss").click();
        page.eventually("the notice to be gone", || {
            page.notices().is_empty().then_some(())
        });
        let [after, ..] = edges(&page);
        assert!((after - end).abs() < 1.0, "{end} became {after} at {width}");
        // The room goes once it is scrolled out of view.
        page.js("scrollTo(0, 0)", &[]);
        page.eventually("the room to be gone", || {
            let style = "return document.documentElement.style.getPropertyValue('--covered')";
            (page.js(style, &[]) == "0px").then_some(())
        });
    }
}
