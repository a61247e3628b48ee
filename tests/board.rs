//! The board screen: rows, sorting, searching, filtering, with all choices in the address.

use super::{
    example::{CREDENCES, TITLES, c},
    harness::{Find as _, Key, Page, Setup},
    written::Written,
};

/// The worked example's tables, from which the board is made.
const PUBLISHED: &str = include_str!("../crates/domain/examples/worked_example/board.json");

/// The owner of each crux.
const OWNERS: [&str; 9] = [
    "Red-teamer",
    "Red-teamer",
    "Red-teamer",
    "Area lead",
    "Researcher",
    "Researcher",
    "Researcher",
    "Red-teamer",
    "Area lead",
];

#[test]
fn each_row_says_claim_owner_credences_spread_triggers_evidence_and_next_date() {
    let published: serde_json::Value = serde_json::from_str(PUBLISHED).expect("the tables");
    for setup in [Setup::default(), Setup::phone()] {
        let page = setup.start().open_example();
        for (at, (title, ([red, lead, researcher], all))) in
            TITLES.iter().zip(CREDENCES).enumerate()
        {
            let row = page.row(title);
            let text = row.text();
            let claim = published["cruxes"][at]["set"]["claim"].as_str();
            let claim = claim.expect("a claim");
            let said = row.with_text("cell", claim).text();
            let begin = format!("{title} {claim} {}", OWNERS[at]);
            assert!(said.starts_with(&begin), "{said} instead of {begin}");
            let dots = row.role("img", "…Aggregate…").names();
            let mut percents = [red, lead, researcher];
            percents.sort_unstable();
            let (median, spread) = (percents[1], percents[2] - percents[0]);
            assert_eq!(
                dots.first().map(String::as_str),
                Some(
                    format!(
                        "Red-teamer {red}%, Area lead {lead}%, Researcher {researcher}%. \
                         Aggregate {all}%, median {median}%, spread {spread} points."
                    )
                    .as_str()
                ),
                "{title}"
            );
            for part in [
                format!("{all}%"),
                format!("median {median}"),
                format!("spread {spread}"),
                "armed".into(),
                "15 Jan 2027".into(),
            ] {
                assert!(text.contains(&part), "{part} is missing in {text}");
            }
        }
    }
}

#[test]
fn only_the_eighth_has_evidence_on_both_sides_and_the_others_are_marked() {
    let page = Page::with_example();
    let balance = |number: usize| page.row(c(number)).all("cell").texts()[6].clone();
    assert_eq!(balance(8), "1 for 1 against");
    assert_eq!(balance(1), "3 for No counter-evidence");
    assert_eq!(balance(2), "No support 1 against");
}

#[test]
fn e_begins_new_evidence_and_c_a_new_crux_from_any_screen_but_not_in_a_field() {
    let page = Page::with_example();
    page.row(c(1)).wait();
    page.press("e");
    page.heading("New evidence").wait();
    page.tab("Due");
    page.heading("Due").wait();
    page.press("c");
    page.heading("New crux").wait();
    page.field("Title").focus();
    page.press("ec");
    page.field("Title").wait_value("ec");
    page.heading("New crux").wait();
}

#[test]
fn each_row_draws_its_aggregate_and_first_estimates_are_no_move() {
    let page = Page::with_example();
    for (title, (_, all)) in TITLES.iter().zip(CREDENCES) {
        let trend = page.row(title).role("img", "Aggregate …").names();
        let words = format!("Aggregate {all}% from 3 first estimates, no update yet");
        assert_eq!(trend, [words], "{title}");
    }
}

#[test]
fn the_board_says_how_it_stands_and_where_each_option_stands() {
    let page = Page::with_example();
    page.fold("Details").open();
    let overview = page.region("Status of the board");
    for tile in [
        "36 armed",
        "0 near",
        "0 met",
        "0 overdue",
        "8 with evidence on one side",
        "0 outdated credences",
        "5 follow-ups owed",
    ] {
        overview.link(tile).wait();
    }
    let details = page.fold("Details");
    let options = [
        (
            "Wind down",
            "7 cruxes: 4 in between, 3 unlikely likeliest: Nobody can reproduce the good case 43%",
        ),
        (
            "Continue",
            "1 crux: in between A non-coercive route exists 53%",
        ),
        ("Double down", "No cruxes No triggers"),
        // These counts add up to the 36 above.
        ("No option", "9 triggers: 9 armed"),
        (
            "Change direction",
            "1 crux: unlikely Select-and-scale is better 16%",
        ),
    ];
    for (option, case) in options {
        let said = details.with_text("listitem", option).text();
        let begin = format!("{option} {case}");
        assert!(said.starts_with(&begin), "{said} instead of {begin}");
    }
    overview.link("8 with evidence on one side").click();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 9], "one-sided");
    let likeliest = overview.with_text("listitem", "likeliest: ");
    likeliest.link(c(5)).click();
    page.heading(c(5)).wait();
}

#[test]
fn every_sort_orders_by_what_it_says_and_stands_in_the_address() {
    let page = Page::with_example();
    let sorts: [(&str, &str, [usize; 9]); 5] = [
        ("Importance", "sort=importance", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (
            "Disagreement",
            "sort=disagreement",
            [5, 6, 1, 2, 3, 8, 4, 7, 9],
        ),
        (
            "Recently updated",
            "sort=moved",
            [9, 8, 7, 6, 5, 4, 3, 2, 1],
        ),
        ("Due", "sort=due", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("Manual order", "", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ];
    for (label, query, order) in sorts {
        page.field("Sort").choose(label);
        page.wait_shown(&order, label);
        assert!(page.fragment().contains(query), "{}", page.fragment());
        page.reload();
        page.wait_shown(&order, "after a reload");
        assert_eq!(page.field("Sort").chosen(), label);
    }
    // An earlier date and a later update come first.
    page.open_crux(c(8));
    page.fold("Settings").open();
    page.field("Review on").at(0).wait();
    let fold = page.fold("Settings");
    fold.field("Review on").set_date("2026-12-01");
    page.be("Researcher");
    page.field("Your credence, in percent").retype("36");
    page.press(Key::Enter);
    page.wait_saved();
    page.tab("Cruxes");
    page.field("Sort").choose("Due");
    page.wait_shown(&[8, 1, 2, 3, 4, 5, 6, 7, 9], "the earliest date first");
    page.field("Sort").choose("Recently updated");
    page.wait_shown(&[8, 9, 7, 6, 5, 4, 3, 2, 1], "the latest move first");
}

#[test]
fn a_slash_goes_to_the_search_of_the_board_where_a_screen_has_none() {
    let page = Page::with_example();
    page.tab("Setup");
    page.heading("Setup").wait();
    page.js("document.activeElement.blur()", &[]);
    page.press("/");
    page.wait_focus("searchbox", "Search cruxes");
    page.press("tacit");
    page.wait_shown(&[8], "found from there");
}

#[test]
fn a_slash_goes_to_the_search_and_what_is_searched_stands_in_the_address() {
    let page = Page::with_example();
    page.js("document.activeElement.blur()", &[]);
    page.press("/");
    page.wait_focus("searchbox", "Search cruxes");
    page.press("tacit");
    page.wait_shown(&[8], "found by a word of its claim");
    page.with_text("status", "1 crux").wait();
    assert!(page.fragment().contains("q=tacit"), "{}", page.fragment());
    page.reload();
    page.wait_shown(&[8], "after a reload");
    assert_eq!(page.role("searchbox", "Search cruxes").value(), "tacit");
    page.role("searchbox", "Search cruxes")
        .retype("nothing like it");
    page.wait_body("No crux matches the filters.");
    page.button("Show all cruxes").click();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "all again");
}

/// The filters that the first user asked for, with the matching rows of the example's first table.
const FILTERS: [(&str, &str, &[usize]); 55] = [
    ("Bearing", "Net-negative", &[1, 2, 3, 8]),
    ("Bearing", "Useless", &[5, 6, 8]),
    ("Bearing", "Direction change", &[4, 6, 7]),
    ("Bearing", "Other", &[2, 9]),
    ("If true", "Wind down", &[1, 2, 3, 5, 6, 8, 9]),
    ("If true", "Continue", &[4]),
    ("If true", "Change direction", &[7]),
    ("State", "Open", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("Trigger", "armed", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("Person", "Researcher", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("Owner", "Red-teamer", &[1, 2, 3, 8]),
    ("Owner", "Area lead", &[4, 9]),
    ("Owner", "Researcher", &[5, 6, 7]),
    ("Tag", "point 2", &[5, 6]),
    ("Tag", "coercion", &[1, 2, 3, 4]),
    ("Evidence", "Both sides", &[8]),
    ("Evidence", "For only", &[1, 3, 4, 5, 6, 7, 9]),
    ("Evidence", "Against only", &[2]),
    ("Freshness", "All current", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("Importance", "Critical", &[1]),
    ("Scope", "Us", &[9]),
    ("Scope", "The field and us", &[8]),
    ("Specificity", "Specific to this work", &[2]),
    ("Basis", "Compared with an alternative", &[2, 7, 9]),
    ("Basis", "Absolute", &[1, 3, 4, 5, 6, 8]),
    ("Reliance", "Believed, not relied on", &[9]),
    ("Modality", "True now, not necessarily", &[1]),
    ("Modality", "Conditional", &[4, 8]),
    ("Modality", "May turn out true", &[7]),
    ("Origin", "Own research", &[2]),
    ("Visibility of evidence", "Private", &[6, 7]),
    ("Kind of evidence", "Rival explanation", &[5]),
    ("Position of", "Commenter B", &[8]),
    ("Follow-up", "Owed", &[1, 8]),
    ("Follow-up", "Awaited", &[1]),
    ("Has", "Conditions", &[1, 4, 8]),
    (
        "Has",
        "An implication for the work",
        &[1, 2, 3, 4, 5, 6, 7, 8],
    ),
    ("Has", "A number assigned by us", &[5]),
    ("Has", "Rival explanations", &[5, 6]),
    ("Has", "Separate arguments", &[1, 3, 5, 6, 7, 9]),
    ("Has", "Been split", &[1, 2, 7, 9]),
    ("Our wording is", "Confirmed", &[1]),
    ("Our wording is", "Corrected", &[7, 9]),
    ("Others' view", "Does not endorse it", &[7]),
    ("Others' view", "Believes it, does not rely on it", &[9]),
    ("Source says it", "suggests", &[5, 6]),
    ("Source says it", "indicates", &[6, 7]),
    ("Has", "A concern that hits the alternative too", &[7]),
    ("Has", "Evidence with exceptions or answers", &[5, 8]),
    ("Has", "A hedge, verbatim", &[4, 5, 6, 8]),
    ("Has", "A named alternative", &[2, 7, 9]),
    ("Has", "Evidence of one origin", &[6]),
    (
        "Has",
        "A credence of the red team",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9],
    ),
    ("Kind of follow-up", "Reply", &[1, 8]),
    ("Source of evidence", "Commenter B", &[8]),
];

#[test]
fn every_filter_gives_the_rows_of_the_table_and_says_how_many_there_are() {
    let page = Page::with_example();
    let panel = page.fold("Filter…");
    panel.open();
    for (facet, value, expected) in FILTERS {
        let choice = panel
            .group(facet)
            .checkbox(&format!("{value} ({})", expected.len()));
        choice.tick(true);
        page.wait_shown(expected, &format!("{facet}: {value}"));
        assert!(page.fragment().contains('?'), "{}", page.fragment());
        choice.tick(false);
    }
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "none selected");
}

#[test]
fn chosen_filters_narrow_together_live_in_the_address_and_can_be_taken_back() {
    let page = Page::with_example();
    page.fold("Filter…").open();
    let bearing = page.group("Bearing");
    bearing.checkbox("Net-negative (4)").tick(true);
    bearing.checkbox("Useless (3)").tick(true);
    page.wait_shown(&[1, 2, 3, 5, 6, 8], "either bearing");
    page.group("Owner").checkbox("Red-teamer (4)").tick(true);
    page.wait_shown(&[1, 2, 3, 8], "and the owner");
    page.field("Sort").choose("Disagreement");
    page.press(Key::Escape);
    let address = page.fragment();
    let other = page.new_tab();
    other.go(&address);
    other.wait_shown(&[1, 2, 3, 8], "in another tab");
    assert_eq!(other.field("Sort").chosen(), "Disagreement");
    let chips = other.role("list", "Filters chosen");
    other.eventually("three chips", || {
        (chips.all("button").count() == 4).then_some(())
    });
    chips.button("Owner: Red-teamer, remove").click();
    other.wait_shown(&[5, 6, 1, 2, 3, 8], "without the owner");
    chips.button("Clear filters").click();
    other.wait_shown(&[5, 6, 1, 2, 3, 8, 4, 7, 9], "without any");
    assert!(
        other.fragment().ends_with("?sort=disagreement"),
        "{}",
        other.fragment()
    );
}

#[test]
fn cruxes_are_put_in_order_by_keyboard() {
    let page = Page::with_example();
    let handle =
        |title: &str, place: usize| format!("Move {title}, now number {place}: arrow up or down");
    page.button(&handle(c(3), 3)).focus();
    page.press(Key::Up);
    page.wait_shown(&[1, 3, 2, 4, 5, 6, 7, 8, 9], "one up");
    page.wait_focus("button", &handle(c(3), 2));
    page.press(Key::Up);
    page.wait_shown(&[3, 1, 2, 4, 5, 6, 7, 8, 9], "two up");
    page.wait_focus("button", &handle(c(3), 1));
    page.press(Key::Down);
    page.wait_shown(&[1, 3, 2, 4, 5, 6, 7, 8, 9], "and down");
    page.wait_saved();
    page.reload();
    page.wait_shown(&[1, 3, 2, 4, 5, 6, 7, 8, 9], "after a reload");
    for _ in 0..3 {
        page.undo();
    }
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "taken back");
    page.field("Sort").choose("Due");
    page.button("Move …").wait_gone();
}

#[test]
fn cruxes_are_put_in_order_by_a_finger_where_each_stands() {
    let page = Setup::phone().start().open_example();
    page.open_crux(c(2));
    page.fold("Settings").open();
    let place = page.group("Place on the board");
    place.wait_text("Number 2 of 9");
    for number in [3, 4] {
        place.button("Move down").click();
        place.wait_text(&format!("Number {number} of 9"));
    }
    page.tab("Cruxes");
    page.wait_shown(&[1, 3, 4, 2, 5, 6, 7, 8, 9], "two down");
    page.open_crux(c(1));
    let up = place.button("Move up");
    assert_eq!(up.attr("aria-disabled").as_deref(), Some("true"));
    up.click();
    place.wait_text("Number 1 of 9");
}

#[test]
fn among_filtered_cruxes_the_first_place_is_before_the_first_one_shown() {
    let page = Page::with_example();
    page.fold("Filter…").open();
    page.group("Owner").checkbox("Researcher (3)").tick(true);
    page.wait_shown(&[5, 6, 7], "of one owner");
    page.press(Key::Escape);
    let handle = format!("Move {}, now number 2: arrow up or down", c(6));
    page.button(&handle).focus();
    page.press(Key::Up);
    page.wait_shown(&[6, 5, 7], "one up");
    page.role("list", "Filters chosen")
        .button("Clear filters")
        .click();
    page.wait_shown(
        &[1, 2, 3, 4, 6, 5, 7, 8, 9],
        "before the fifth, not at the top",
    );
}

#[test]
fn cruxes_are_put_in_order_by_dragging() {
    let page = Page::with_example();
    let handle = |number: usize| page.row(c(number)).button("Move …");
    page.drag(&handle(5), &page.row(c(2)));
    page.wait_shown(&[1, 5, 2, 3, 4, 6, 7, 8, 9], "dragged up it lands before");
    page.drag(&handle(1), &page.row(c(4)));
    page.wait_shown(&[5, 2, 3, 4, 1, 6, 7, 8, 9], "dragged down it lands behind");
    page.wait_saved();
    page.reload();
    page.wait_shown(&[5, 2, 3, 4, 1, 6, 7, 8, 9], "after a reload");
}

#[test]
fn a_credence_stated_elsewhere_draws_one_row_anew_and_no_other() {
    let page = Page::with_example();
    let other = page.new_tab();
    other.go(&page.fragment());
    other.be("Red-teamer");
    other.open_crux(c(4));
    page.js(
        "window.__drawn = new Set();
         const rows = [...document.querySelectorAll('[role=row]')];
         new MutationObserver((changes) => {
             for (const { target } of changes) {
                 const at = rows.findIndex((row) => row.contains(target));
                 if (at >= 0) window.__drawn.add(at);
             }
         }).observe(document.querySelector('[role=table]'), { subtree: true, childList: true, characterData: true, attributes: true });",
        &[],
    );
    other.field("Your credence, in percent").fill("77");
    other.wait_saved();
    page.row(c(4)).role("img", "Red-teamer 77%…").wait();
    assert_eq!(
        page.js("return [...window.__drawn]", &[]),
        serde_json::json!([4])
    );
}

#[test]
fn the_list_of_filters_scrolls_downwards_and_never_sideways() {
    for (width, height) in [(390, 844), (1_280, 700)] {
        let page = Page::with_example();
        page.resize(width, height);
        for screen in ["Cruxes", "Evidence", "Follow-ups"] {
            page.tab(screen);
            page.fold("Filter…").open();
            page.fold("Filter…").all("checkbox").at(3).wait();
            let widths = page.js(
                "const panel = document.querySelector('.filters .panel');
                 return [panel.scrollWidth, panel.clientWidth]",
                &[],
            );
            assert_eq!(widths[0], widths[1], "{screen} at {width} pixels");
        }
    }
}

#[test]
fn a_list_that_is_searched_and_shown_whole_again_leaves_the_page_where_it_was() {
    let page = Page::with_example();
    page.resize(1000, 600);
    page.row(c(9)).wait();
    let top = "return scrollY";
    let scrolled = page.js(
        "const search = document.getElementById('search');
         scrollTo(0, search.getBoundingClientRect().top + scrollY - 100);
         search.focus({ preventScroll: true });
         return scrollY",
        &[],
    );
    assert!(scrolled.as_f64() > Some(0.0), "{scrolled}");
    page.press("tacit");
    page.wait_shown(&[8], "found by a word of its claim");
    assert_eq!(page.js(top, &[]), scrolled, "while it is searched");
    page.role("searchbox", "Search cruxes").retype("");
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "all again");
    assert_eq!(page.js(top, &[]), scrolled, "when all are shown again");
}

/// Counts the rows that each task adds to the board: the page’s script sees the changes of one task together.
const COUNT_ROWS: &str = "
    window.__added = [];
    new MutationObserver((changes) => {
        const added = changes.flatMap((change) => [...change.addedNodes]);
        const rows = added.filter((node) => node.matches?.('.crux-row.is-row'));
        if (rows.length) window.__added.push(rows.length);
    }).observe(document.querySelector('.board'), { childList: true });";

#[test]
fn a_search_that_is_emptied_builds_no_row_again_and_no_task_more_than_a_batch() {
    let page = Page::start();
    let (mut written, ..) = Written::new();
    for number in 0..200 {
        written.crux(&format!("Crux {number}"));
    }
    written.open(&page);
    let shows = |wanted: u64| {
        page.eventually("the rows", || {
            let count = page.js(
                "return document.querySelectorAll('.crux-row.is-row:not([hidden])').length",
                &[],
            );
            (count == wanted).then_some(())
        });
    };
    let added = || {
        let added = page.js("return window.__added", &[]);
        serde_json::from_value::<Vec<u64>>(added).expect("counts")
    };
    let search = || page.role("searchbox", "Search cruxes");
    shows(200);
    search().retype("Crux 199");
    shows(1);
    page.js(COUNT_ROWS, &[]);
    // Emptied at once, as by the cross in the field.
    search().retype("");
    shows(200);
    assert_eq!(added(), [0_u64; 0]);

    search().retype("Crux 199");
    shows(1);
    page.reload();
    shows(1);
    page.js(COUNT_ROWS, &[]);
    search().retype("");
    shows(200);
    let added = added();
    assert!(added.iter().sum::<u64>() >= 199, "{added:?}");
    assert!(added.iter().all(|rows| *rows <= 100), "{added:?}");
}

#[test]
fn rows_that_a_search_left_out_come_back_in_the_order_that_holds_then() {
    let page = Page::with_example();
    let search = page.role("searchbox", "Search cruxes");
    search.retype("tacit");
    page.wait_shown(&[8], "found by a word of its claim");
    page.field("Sort").choose("Recently updated");
    page.wait_shown(&[8], "in another order");
    search.retype("");
    page.wait_shown(&[9, 8, 7, 6, 5, 4, 3, 2, 1], "all again");
}

/// Number of rows that are built whole: those with a scale of credences.
const WHOLE_ROWS: &str =
    "return document.querySelectorAll('.crux-row.is-row [role=cell].where').length";

#[test]
fn rows_far_below_are_found_by_title_and_built_whole_when_they_come_near_or_are_printed() {
    let page = Page::start();
    let (mut written, ..) = Written::new();
    for number in 0..200 {
        written.crux(&format!("Crux {number}"));
    }
    written.open(&page);
    page.link("Crux 199").wait();
    let whole = || page.js(WHOLE_ROWS, &[]).as_u64().expect("a count");
    page.eventually("the rows of the window", || (whole() >= 16).then_some(()));
    assert!(whole() < 100, "{} rows are whole", whole());
    page.link("Crux 199").focus();
    page.button("Move Crux 199, now number 200: arrow up or down")
        .wait();
    assert!(whole() < 150, "{} rows are whole", whole());
    page.js("dispatchEvent(new Event('beforeprint'))", &[]);
    page.eventually("all rows", || (whole() == 200).then_some(()));
}

#[test]
fn going_on_to_the_next_row_reaches_rows_that_were_not_built() {
    let page = Page::start();
    let (mut written, ..) = Written::new();
    for number in 0..60 {
        written.crux(&format!("Crux {number}"));
    }
    written.open(&page);
    page.link("Crux 59").wait();
    page.be("Ann");
    page.button("Fill in my credences").click();
    for number in 0..59 {
        page.wait_focus("slider", &format!("Your credence: Crux {number}"));
        page.press("55");
        page.press(Key::Tab);
    }
    page.wait_focus("slider", "Your credence: Crux 59");
    page.with_text("status", "59 credences updated").wait();
}

/// Returns the least distance between two dots of a scale in sight, or a dot and the handle, in pixels.
fn closest_dots(page: &Page, scale: &str) -> f64 {
    let least = page.js(
        "const scale = [...document.querySelectorAll(arguments[0])].find((scale) => scale.checkVisibility() && scale.querySelector('.dot'));
         const dots = [...scale.querySelectorAll('.dot circle, .thumb')].map((dot) => dot.getBoundingClientRect());
         const middles = dots.map(({ left, top, width, height }) => [left + width / 2, top + height / 2]);
         if (middles.length < 3) return 0;
         return Math.min(...middles.flatMap(([x, y], at) => middles.slice(at + 1).map(([a, b]) => Math.hypot(a - x, b - y))))",
        &[scale.into()],
    );
    least.as_f64().unwrap_or_default()
}

#[test]
fn dots_of_equal_credences_fan_out_on_the_board_and_on_a_crux_at_every_width() {
    let page = Page::with_example();
    for (person, percent) in [
        ("Area lead", "40"),
        ("Researcher", "41"),
        ("Red-teamer", "40"),
    ] {
        page.tab("Cruxes");
        page.be(person);
        page.open_crux(c(1));
        page.field("Your credence, in percent").retype(percent);
        page.press(Key::Enter);
        page.wait_notice("Credence updated");
    }
    for width in [1280, 1000, 390, 320] {
        page.resize(width, 844);
        page.eventually(&format!("dots apart on a crux at {width} pixels"), || {
            (closest_dots(&page, ".scale.large") >= 13.0).then_some(())
        });
    }
    page.tab("Cruxes");
    page.row(c(1)).wait();
    for width in [320, 390, 880, 1280] {
        page.resize(width, 844);
        page.eventually(&format!("dots apart in a row at {width} pixels"), || {
            (closest_dots(&page, ".crux-row .scale") >= 13.0).then_some(())
        });
    }
}
