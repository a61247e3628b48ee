//! Accessibility of every screen: axe-core's rules for WCAG 2.2 AA in light and dark, on a desk and on a
//! phone, and checks that no rule covers.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use super::{
    example::c,
    harness::{Find as _, Page, Setup, named},
    meeting::go_to_step,
};

/// Visits every screen with all its folds open, one after the other.
pub(crate) fn each_screen(page: Page, mut look: impl FnMut(&Page, &str)) {
    let page = &page;
    begin_a_board(page, &mut look);
    page.go("");
    page.button("Open the worked example…").click();
    page.role("complementary", "Tour").wait();
    page.row(c(9)).wait();
    look(page, "tour");
    page.role("complementary", "Tour").button("Got it").click();
    page.be("Red-teamer");
    page.fold("Filter…").open();
    page.group("Bearing")
        .checkbox("Net-negative (4)")
        .tick(true);
    look(page, "board with filters");
    page.fold("Filter…").set_open(false);
    look(page, "board");
    page.press("?");
    let keys = page.role("dialog", "Keys");
    keys.wait();
    look(page, "keys");
    page.press(super::harness::Key::Escape);
    keys.wait_gone();

    page.open_crux(c(1));
    unfold(page);
    look(page, "crux");
    page.field("Your credence, in percent").at(0).retype("36");
    page.press(super::harness::Key::Enter);
    page.field("Why? (kept with this move)").wait();
    page.field("Your credence, in percent").at(0).fill("x");
    page.with_text("alert", "was not taken").wait();
    look(page, "crux with a credence just stated");
    page.tab("Cruxes");
    page.link("+ Crux").click();
    page.heading("New crux").wait();
    look(page, "new crux");
    page.tab("Evidence");
    page.heading("Evidence").wait();
    look(page, "evidence");
    page.with_text("link", "Self-integrity").at(0).click();
    page.heading("Self-integrity…").wait();
    unfold(page);
    look(page, "item of evidence");
    page.tab("Evidence");
    page.link("+ Evidence").click();
    page.checkbox(c(1)).tick(true);
    page.checkbox(c(4)).tick(true);
    unfold(page);
    look(page, "new evidence");
    page.button("Save evidence").click();
    page.wait_notice("empty");
    look(page, "a refusal");
    page.tab("Follow-ups");
    page.heading("Follow-ups").wait();
    page.fold("Edit").at(0).open();
    look(page, "follow-ups");
    meet(page, &mut look);
    page.tab("Setup");
    page.heading("Setup").wait();
    look(page, "setup");
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    page.field("Lock link and file").choose("With a passphrase");
    page.field("Passphrase").wait();
    unfold(page);
    look(page, "share");
    page.link("Export / import").click();
    page.field("Paste a table with its header row")
        .fill("title,probability\nA,30\n");
    page.with_text("status", "It would add 1 crux").wait();
    look(page, "tables");
    page.tab("Evidence");
    page.link("Reading list").click();
    page.field("A page, copied as a whole: a thread, comments, a chat")
        .fill("Ann Smith wrote:\nOne sentence. Another one.\n");
    page.with_text("status", "It would add 1 message").wait();
    look(page, "pasted page");
    page.button("Add to the list").click();
    page.button("One sentence.").click();
    page.wait_notice("Evidence saved");
    look(page, "reading list");
    page.tab("Share");
    page.heading("Share a snapshot").wait();
    page.region("Readers and content").checkbox(c(1)).tick(true);
    page.field("HTML to embed this crux").wait();
    let readers = page.region("Who has seen the brief");
    readers.field("Who").retype("Director");
    page.press(super::harness::Key::Enter);
    readers.button("Add reader").click();
    readers.button("Remove Director").wait();
    look(page, "share one crux");
    page.field("Lock link and file").choose("With a random key");
    let link_now = || page.field("Link").value();
    let locked = page.eventually("a locked link", || {
        let link = link_now();
        link.contains("#/s/").then_some(link)
    });
    page.field("Lock link and file").choose("Not locked");
    let link = page.eventually("a link", || {
        let link = link_now();
        (link.contains("#/s/") && link != locked).then_some(link)
    });
    page.go_to(&link);
    page.with_text("note", "Snapshot of").wait();
    look(page, "snapshot");
    unfold(page);
    look(page, "snapshot unfolded");
    page.button("Compare with my copy").click();
    page.region("Changes on your copy since this snapshot")
        .wait();
    unfold(page);
    look(page, "snapshot compared with one's own copy");
    page.go_to(&link[..link.len() - 9]);
    page.heading("This snapshot cannot be shown").wait();
    look(page, "damaged snapshot");
    let (without_key, _) = locked.rsplit_once('/').unwrap_or_default();
    page.go_to(without_key);
    page.heading("This snapshot is locked").wait();
    look(page, "locked snapshot");
    page.back();
    page.back();
    page.back();
    page.heading("Share a snapshot").wait();
    page.tab("Setup");
    page.heading("Setup").wait();
    page.group("Double down").button("Move …").click();
    page.wait_notice("trash");
    page.tab("History");
    page.heading("History").wait();
    look(page, "history");
    fail_to_store(page, &mut look);
    page.go("#/nowhere");
    page.heading("There is no page at this address").wait();
    look(page, "nowhere");
    page.link("To the start page").click();
    page.region("Boards in this browser").wait();
    let boards = page.region("Boards in this browser");
    boards.button("Manage “Keep, change…").click();
    boards.field("Decision question").wait();
    look(page, "a board to manage");
    boards.button("Move to the trash").click();
    let trash = page.region("In the trash");
    trash.button("Delete “Keep, change…").click();
    look(page, "a board to delete");
    page.go("#/backups");
    page.button("Choose a file").wait();
    look(page, "backups");
    page.go("#/join");
    page.heading("Join a board").wait();
    page.button("Join").wait();
    look(page, "join without an invitation");
    page.expect_in_console("404");
    page.go("#/h/gone/key");
    page.heading("This snapshot cannot be shown").wait();
    look(page, "snapshot that no server keeps any more");
}

/// Shows the messages for full storage and for damaged rows.
fn fail_to_store(page: &Page, look: &mut dyn FnMut(&Page, &str)) {
    page.js(
        "window.__put = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };",
        &[],
    );
    page.undo();
    page.with_text("status", "Not saved").wait();
    page.wait_body("storage is full");
    look(page, "storage full");
    page.js("IDBObjectStore.prototype.put = window.__put", &[]);
    page.redo();
    page.wait_saved();
    let row = json!({ "key": "board/row", "raw": "cut o", "found_at": 1, "why": "it was cut off" });
    page.write_stored("set_aside", &[("row".to_owned(), row)]);
    page.go("");
    page.region("Set aside").wait();
    look(page, "something set aside");
}

/// Visits the first screen and the steps of a new board.
fn begin_a_board(page: &Page, look: &mut dyn FnMut(&Page, &str)) {
    page.region("Begin").wait();
    look(page, "bare start");
    page.link("Start with your question…").click();
    page.field("Decision question").wait();
    look(page, "new board, question");
    page.button("Next").click();
    page.with_text("alert", "still empty").wait();
    look(page, "new board, question refused");
    page.field("Decision question").fill("Keep the line?");
    page.button("Next").click();
    page.field("People: names or roles, separated by commas")
        .fill("Ada, Ben");
    page.field("You are").wait();
    look(page, "new board, people");
    page.button("Next").click();
    page.field("Claims, one per line")
        .fill("Users come back 70% #growth");
    look(page, "new board, first cruxes");
}

/// Visits due items, changes, a review with a blind round, and a decision.
fn meet(page: &Page, look: &mut dyn FnMut(&Page, &str)) {
    page.tab("Due");
    page.heading("Due").wait();
    unfold(page);
    look(page, "due");
    page.link("What changed since…").click();
    page.heading("What changed").wait();
    page.field("Since").choose("the beginning");
    page.wait_body("New crux");
    look(page, "what changed");
    page.tab("Reviews");
    page.button("Start a review").click();
    page.heading("Review of …").wait();
    unfold(page);
    look(page, "review");
    page.link("Next: …").click();
    page.region("Reasons").wait();
    unfold(page);
    look(page, "walk-through");
    page.button("Blind round on this crux").click();
    page.region("Who has answered").wait();
    look(page, "blind round");
    for (person, percent) in [("Red-teamer", "80"), ("Area lead", "20")] {
        page.button(&format!("Answer: {person}")).click();
        page.field("Credence: …, in percent").retype(percent);
        page.press(super::harness::Key::Enter);
        page.field("Why? …").wait();
        look(page, "answers");
        page.button("Seal my answers").click();
        page.region("Hand over").wait();
        look(page, "hand over");
        page.button("Back to the round").click();
    }
    super::rounds::reveal_without(page, "1 answer");
    page.region("What would change your mind?").wait();
    look(page, "revealed");
    page.link("Back to the review").click();
    page.region("Reasons").wait();
    go_to_step(page, "Triggers");
    page.region("Triggers of the agenda").wait();
    page.fold("Armed…").open();
    page.group("Record outcome: …").button("Met").click();
    unfold(page);
    look(page, "outcomes of triggers");
    page.group("Record outcome: …").button("Met").click();
    go_to_step(page, "Decision");
    page.field("Chosen option").wait();
    unfold(page);
    look(page, "decision of a review");
    go_to_step(page, "Actions");
    page.heading("More actions").wait();
    look(page, "actions of a review");
    go_to_step(page, "Minutes");
    page.button("Copy").wait();
    look(page, "minutes");
    page.tab("Reviews");
    look(page, "reviews");
    page.link("Outcomes and calibration").click();
    page.heading("Outcomes and calibration").wait();
    look(page, "scores");
    page.tab("Analysis");
    page.region("What each crux would tell").wait();
    unfold(page);
    look(page, "analysis");
    page.tab("Decisions");
    page.link("Record a decision").click();
    page.heading("Record a decision").wait();
    unfold(page);
    page.field("Chosen option").choose("Continue");
    page.field("Reason").fill("nothing is met");
    look(page, "deciding");
    page.button("Record the decision").click();
    page.wait_body("nothing is met");
    page.tab("Decisions");
    page.heading("Decisions").wait();
    unfold(page);
    look(page, "decisions");
    page.tab("Cruxes");
    page.region("Standing decision").wait();
    look(page, "board with a decision");
}

fn unfold(page: &Page) {
    page.js(
        "for (const fold of document.querySelectorAll('main details')) fold.open = true;",
        &[],
    );
    // The content of a fold is built when it is first opened, and may contain further folds.
    page.eventually("all folds to open", || {
        let closed = page.js(
            "const closed = [...document.querySelectorAll('main details:not([open])')];
             for (const fold of closed) fold.open = true;
             return closed.length",
            &[],
        );
        (closed == 0).then_some(())
    });
}

const RUN_AXE: &str = "
    if (!window.axe) throw new Error('axe is not here');
    return axe.run(document, {
        runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'] },
        resultTypes: ['violations'],
    }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, any, all, none }) => {
        const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
        return `${id}: ${target.join(' ')} | ${html.slice(0, 160)} | ${why}`;
    })));
";

pub(crate) fn violations(page: &Page) -> Vec<String> {
    if page.js("return Boolean(window.axe)", &[]) == json!(false) {
        let rules = fs::read_to_string(named(
            "CRUXBOARD_AXE",
            "../node_modules/axe-core/axe.min.js",
        ));
        let rules = rules.expect("axe-core; `cargo xtask test browser` installs it");
        page.js(&format!("{rules}\nwindow.axe = axe;"), &[]);
    }
    strings(&page.js(RUN_AXE, &[]))
}

pub(crate) fn strings(value: &Value) -> Vec<String> {
    let all = value.as_array().cloned().unwrap_or_default();
    all.iter()
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Returns the faults of a screen, given the page and the screen's name.
type Look<'a> = &'a mut dyn FnMut(&Page, &str) -> Vec<String>;

/// Visits every screen once for all of these checks, since reaching a screen takes longer than checking it.
fn find_faults(setup: Setup, looks: &mut [Look]) {
    let mut found = Vec::new();
    each_screen(setup.start(), |page, screen| {
        for look in &mut *looks {
            let faults = look(page, screen).into_iter();
            found.extend(faults.map(|fault| format!("{screen}: {fault}")));
        }
    });
    assert!(
        found.is_empty(),
        "{} faults:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// Returns the violations of axe-core's rules, in light and in dark.
fn violations_in_both(page: &Page, _screen: &str) -> Vec<String> {
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        page.prefer_colours(scheme);
        // An element under a bar at the edge comes into view by scrolling.
        let of_scheme = violations(page).into_iter();
        let of_scheme = of_scheme.filter(|one| !one.contains("partially obscured"));
        found.extend(of_scheme.map(|one| format!("in {scheme}: {one}")));
    }
    found
}

/// Returns the elements that make the page wider than the screen, which is `most` pixels wide.
pub(crate) fn too_wide(page: &Page, most: u32) -> Vec<String> {
    let wide = page.js(
        "const width = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
         if (whole <= width && whole <= arguments[0]) return [];
         const holds = (element) => { for (let up = element.parentElement; up; up = up.parentElement)
             if (getComputedStyle(up).overflowX !== 'visible') return true; return false; };
         const wide = [...document.querySelectorAll('main *, header *')]
             .filter((element) => element.getBoundingClientRect().right > width + 1 && !holds(element));
         return [`${whole} px wide`, ...wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120))];",
        &[most.into()],
    );
    strings(&wide)
}

/// Returns the texts in columns so narrow that a word takes many lines.
fn squeezed(page: &Page, _screen: &str) -> Vec<String> {
    let squeezed = page.js(
        "return [...document.querySelectorAll('main :is(a, b, button, dd, dt, h1, h2, h3, label, p, span)')]
            .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden') && e.textContent.trim().length > 8)
            .filter((e) => { const { width, height } = e.getBoundingClientRect(); const size = parseFloat(getComputedStyle(e).fontSize);
                return width < 3 * size && height > 5 * size; })
            .slice(0, 3)
            .map((e) => `squeezed: ${e.outerHTML.slice(0, 120)}`)",
        &[],
    );
    strings(&squeezed)
}

/// Returns the targets that are too small for a finger.
fn small_targets(page: &Page, _screen: &str) -> Vec<String> {
    let small = page.js(
        "return [...document.querySelectorAll('button, summary, select, input, textarea, a.button')]
            .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden'))
            .map((e) => [e.closest('label') ?? e, e])
            .filter(([area]) => { const { width, height } = area.getBoundingClientRect(); return width < 24 || height < 44; })
            .map(([area, e]) => { const { width, height } = area.getBoundingClientRect();
                return `too small: ${Math.round(width)}×${Math.round(height)} ${e.outerHTML.slice(0, 100)}`; })",
        &[],
    );
    strings(&small)
}

/// Returns the controls without a name, or with a name that differs from the one the browser tells a screen
/// reader.
fn misnamed(page: &Page, screen: &str, asked: &mut BTreeSet<(&str, String)>) -> Vec<String> {
    // While the list of shortcuts is open, nothing behind it is accessible.
    if screen == "keys" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for role in [
        "button", "link", "checkbox", "slider", "combobox", "textbox",
    ] {
        let all = page.all(role);
        let mut asked_here = 0;
        for (at, name) in all.names().into_iter().enumerate() {
            if name.is_empty() {
                found.push(format!("{role} {at} has no name"));
            }
            // Asking the browser is slow, so it is asked once per name and for a few controls of a screen.
            if asked_here < 2 && asked.insert((role, name.clone())) {
                asked_here += 1;
                let control = all.clone().at(at);
                let (told_role, told) = control.computed();
                // A mark that the stylesheet adds is part of the browser's name, but not in the page.
                let mark = control.on_element(
                    "const mark = getComputedStyle(arguments[0], '::after').content;
                     return [...mark.matchAll(/\"([^\"]*)\"/g)].map(([, text]) => text).join('')",
                    &[],
                );
                let name = format!("{name}{}", mark.as_str().unwrap_or_default());
                let plain = |text: &str| text.replace([' ', '\u{a0}'], "");
                if plain(&told) != plain(&name) {
                    found.push(format!("{role} “{name}” is told as {told_role} “{told}”"));
                }
            }
        }
    }
    found
}

#[test]
fn on_a_desk_no_screen_violates_the_rules_and_every_control_is_told_by_its_name() {
    let mut asked = BTreeSet::new();
    find_faults(
        Setup::default(),
        &mut [&mut violations_in_both, &mut |page, screen| {
            misnamed(page, screen, &mut asked)
        }],
    );
    assert!(asked.len() > 100, "only {} controls", asked.len());
}

#[test]
fn on_a_phone_no_screen_violates_the_rules_or_scrolls_sideways_or_has_a_target_too_small() {
    find_faults(
        Setup::phone(),
        &mut [
            &mut violations_in_both,
            &mut |page, _| too_wide(page, 390),
            &mut squeezed,
            &mut small_targets,
        ],
    );
}

#[test]
fn on_a_phone_the_tab_of_the_screen_is_in_sight() {
    let page = Setup::phone().start().open_example();
    let board = page.fragment();
    for (path, name) in [
        ("setup", "Setup"),
        ("follow-ups", "Follow-ups"),
        ("", "Cruxes"),
    ] {
        page.go(&format!("{board}/{path}"));
        if path == "setup" {
            page.reload();
        }
        // Also after turning the phone, and turning it back.
        for (width, height) in [(390, 844), (844, 390), (390, 844)] {
            page.resize(width, height);
            page.eventually("the tab to be in sight", || {
                let places = page.link(name).on_element(
                    "const { left, right } = arguments[0].getBoundingClientRect();
                     return left >= 0 && right <= document.documentElement.clientWidth",
                    &[],
                );
                (places == true).then_some(())
            });
        }
    }
}

#[test]
fn the_tour_covers_nothing_of_the_board() {
    for (width, height) in [(1280, 800), (1600, 900), (2560, 1200)] {
        let page = Setup::default().start();
        page.resize(width, height);
        page.button("Open the worked example…").click();
        page.role("complementary", "Tour").wait();
        page.row("Coercive by default").wait();
        let covered = page.js(
            "const tour = document.querySelector('.tour').getBoundingClientRect();
             const cells = [...document.querySelectorAll('main td, main li, main h1, main button')];
             return cells.filter((cell) => !cell.closest('.tour')).map((cell) => {
               const box = cell.getBoundingClientRect();
               const meets = box.width && box.right > tour.left && box.left < tour.right
                 && box.bottom > tour.top && box.top < tour.bottom;
               return meets ? cell.textContent.trim().slice(0, 40) : '';
             }).filter(Boolean);",
            &[],
        );
        assert_eq!(covered, json!([]), "at {width} pixels");
    }
}

#[test]
fn on_a_tablet_no_screen_scrolls_sideways_or_squeezes_a_text() {
    find_faults(
        Setup::tablet(),
        &mut [&mut |page, _| too_wide(page, 768), &mut squeezed],
    );
}

#[test]
fn at_every_width_the_links_at_the_top_are_high_enough_to_press() {
    let page = Page::with_example();
    for width in [320, 768, 1_280] {
        page.resize(width, 800);
        for name in ["Cruxboard", "Keep, change or wind down…"] {
            let [_, _, _, height] = page.link(name).at(0).area();
            assert!(height >= 24.0, "{name} is {height} px high at {width} px");
        }
    }
}

#[test]
fn no_two_items_that_are_due_have_the_same_id() {
    let page = Page::with_example();
    page.tab("Due");
    page.fold("Later…").open();
    page.fold("Later…").all("article").at(5).wait();
    let doubled = page.js(
        "const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
         return ids.filter((id, at) => ids.indexOf(id) !== at)",
        &[],
    );
    assert_eq!(strings(&doubled), Vec::<String>::new());
}

#[test]
fn every_state_is_said_in_words_and_not_by_colour_alone() {
    let page = Page::start();
    page.media(&[("forced-colors", "active")]);
    let page = page.open_example();
    for number in 1..=9 {
        let chips = page.row(c(number)).all("cell").texts()[5].clone();
        assert!(chips.contains("armed"), "{chips}");
    }
    page.move_clock(300 * 86_400_000);
    page.reload();
    page.row(c(1)).with_text("cell", "undecided").wait();
    page.row(c(1)).role("img", "…(outdated)…").wait();
    // Shapes drawn in the page's own colours would vanish on a forced background.
    let kept = page.js(
        "return [...document.querySelectorAll('.glyph .outline')].filter((e) => {
            const { stroke, fill } = getComputedStyle(e);
            return stroke === 'none' && fill === 'none';
        }).length",
        &[],
    );
    assert_eq!(kept, 0, "shapes without a line");
    page.screenshot("forced-colors");
}

#[test]
fn in_forced_colours_the_screen_one_is_on_and_a_notice_stand_out() {
    let page = Page::start();
    page.media(&[("forced-colors", "active")]);
    let page = page.open_example();
    page.be("Red-teamer");
    let lined = page.js(
        "const ground = getComputedStyle(document.documentElement).backgroundColor;
         return [...document.querySelectorAll('nav a')]
             .filter((link) => getComputedStyle(link).borderBottomColor !== ground)
             .map((link) => link.textContent.trim())",
        &[],
    );
    assert_eq!(strings(&lined), ["Cruxes"], "tabs with a line below them");
    page.tab("Reviews");
    page.button("Start a review").click();
    page.wait_notice("Review started");
    // With forced colours, the notice has the page's background, so only a line marks its edge.
    let line = page.js(
        "const { borderTopStyle, borderTopWidth } = getComputedStyle(document.querySelector('.notice'));
         return `${borderTopStyle} ${borderTopWidth}`",
        &[],
    );
    assert_eq!(line, "solid 1px");
}

#[test]
fn who_wants_no_motion_gets_none() {
    let page = Page::start();
    page.media(&[("prefers-reduced-motion", "reduce")]);
    let page = page.open_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    unfold(&page);
    let moving = page.js(
        "return [...document.querySelectorAll('*')].filter((element) => {
            const { transitionDuration, animationDuration, animationName, scrollBehavior } = getComputedStyle(element);
            const longest = Math.max(...transitionDuration.split(',').map(parseFloat));
            return longest > 0.01 || (animationName !== 'none' && parseFloat(animationDuration) > 0.01) || scrollBehavior === 'smooth';
        }).map((element) => element.outerHTML.slice(0, 100))",
        &[],
    );
    assert_eq!(strings(&moving), Vec::<String>::new());
}

#[test]
fn the_keyboard_is_always_seen() {
    let page = Page::with_example();
    let mut seen = 0;
    for _ in 0..60 {
        page.press(super::harness::Key::Tab);
        let is_seen = page.js(
            "const e = document.activeElement;
             if (!e || e === document.body) return null;
             const style = getComputedStyle(e), { width, height, bottom, top } = e.getBoundingClientRect();
             const inView = bottom > 0 && top < innerHeight && width > 0 && height > 0;
             const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
             return inView && (outlined || style.boxShadow !== 'none') ? true : e.outerHTML.slice(0, 150);",
            &[],
        );
        match is_seen {
            Value::Bool(true) => seen += 1,
            Value::Null => {}
            hidden => panic!("the keyboard is here and cannot be seen: {hidden}"),
        }
    }
    assert!(seen > 40, "only {seen} places");
}
