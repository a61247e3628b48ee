//! Links lead where their texts say, also on screens that were loaded by their address.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    example::c,
    harness::{Find as _, Page},
    meeting::{go_to_step, start_review},
};

/// Links whose texts do not name their target's kind, with that target. "…" stands for any text, or for an
/// id.
const TARGETS: &[(&str, &str)] = &[
    ("+ Crux", "/crux/new"),
    ("+ Evidence", "/evidence/new"),
    ("+ Evidence on the other side", "/evidence/new?crux"),
    ("Agenda and changes", "/review/…"),
    ("Answers of the blind round", "/round/…"),
    ("All cruxes", ""),
    ("All evidence", "/evidence"),
    ("All reviews", "/reviews"),
    ("Back to the review", "/review/…"),
    ("Blind round on …", "/round/…"),
    ("Connect it in Setup", "/setup"),
    ("Cruxes", ""),
    ("Decide", "/decisions/new?trigger"),
    ("Decide again", "/decisions/new"),
    ("Decide now", "/decisions/new?trigger"),
    ("Analysis", "/analysis"),
    ("Arguments and holes", "/analysis/arguments"),
    ("Back to the analysis", "/analysis"),
    ("Decisions", "/decisions"),
    ("Due", "/due"),
    ("Due …", "/due"),
    ("Edited board", "/setup"),
    ("Evidence", "/evidence"),
    ("Follow-ups", "/follow-ups"),
    ("History", "/history"),
    ("Leave the review", "/reviews"),
    ("Minutes", "/review/…/minutes"),
    ("Movements", "/analysis/moves"),
    ("Overdue …", "/due"),
    ("New blind round", "/round/…"),
    ("New credence in an option", "/analysis"),
    ("New crux", "/crux/…"),
    ("New decision", "/decisions"),
    ("New evidence", "/evidence/…"),
    ("New follow-up", "/follow-ups"),
    ("New option", "/setup"),
    ("New person", "/setup"),
    ("New position", "/crux/…"),
    ("New review", "/review/…"),
    ("New term", "/setup"),
    ("New trigger", "/crux/…"),
    ("Reading list", "/reading"),
    ("Record a decision", "/decisions/new"),
    ("Reviews", "/reviews"),
    ("Scores on all cruxes", "/scores"),
    ("Setup", "/setup"),
    ("To the round", "/round/…"),
    ("Share", "/share"),
    ("State your credence in the crux", "/crux/…"),
    ("Export / import", "/tables"),
    ("The case for and against …on one page", "/analysis/…"),
    ("To the open blind round", "/round/…"),
    ("What changed since this decision", "/changes-since?from"),
    ("What changed since…", "/changes-since"),
    ("… follow-ups owed", "/follow-ups"),
    // Statements in lists of changes.
    ("… judged: met", "/crux/…"),
    ("Trigger: armed → met", "/crux/…"),
    ("…%", "/crux/…"),
];

/// Screens that the walk must have visited.
const SCREENS: &[&str] = &[
    "",
    "/analysis",
    "/analysis/arguments",
    "/analysis/moves",
    "/analysis/…",
    "/changes-since",
    "/crux/new",
    "/crux/…",
    "/decisions",
    "/decisions/new",
    "/decisions/new?trigger",
    "/due",
    "/evidence",
    "/evidence/new",
    "/evidence/new?crux",
    "/evidence/…",
    "/follow-ups",
    "/history",
    "/reading",
    "/review/…",
    "/review/…/minutes",
    "/review/…/actions",
    "/review/…/decision",
    "/review/…/triggers",
    "/review/…/…",
    "/reviews",
    "/round/…",
    "/scores",
    "/setup",
    "/share",
    "/tables",
];

/// Text and address of each link to a place within the app.
type Links = Vec<(String, String)>;

/// Returns the links of the screen once it is rendered; `None` before.
fn links(page: &Page) -> Option<Links> {
    let found = page.js(
        "const main = document.querySelector('main');
         if (!main || !main.querySelector('h1, h2, table')) return null;
         if (/Opening the board…|Loading…/.test(main.innerText)) return null;
         // Marks on a line of time tell what they stand for, with its date: see `met_trigger.rs`.
         // The way on in a review names the next step: see `review_steps.rs`.
         return [...document.querySelectorAll('a[href^=\"#/\"]:not(.timeline a, .pins a, .walk-foot a)')]
             .map((a) => [a.textContent.replace(/\\s+/g, ' ').trim(), a.getAttribute('href')]);",
        &[],
    );
    serde_json::from_value(found).ok()
}

/// Returns the links of the screen once they no longer change.
fn settled(page: &Page) -> Links {
    let mut last = None;
    page.eventually("the links of a screen", || {
        let now = links(page);
        let is_settled = now.is_some() && now == last;
        last.clone_from(&now);
        now.filter(|_| is_settled)
    })
}

/// Shows a screen as a link does, without loading a page.
fn follow(page: &Page, address: &str) {
    page.js("location.hash = arguments[0]", &[json!(address)]);
}

/// Returns the kind of screen of an address: "#/01M8…/crux/01M8…" is "/crux/…".
fn screen(board: &str, address: &str) -> String {
    let rest = address.strip_prefix(board);
    let rest = rest.unwrap_or_else(|| panic!("{address} is not of this board"));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_id = |part: &str| part.len() == 26;
    let parts = path
        .split('/')
        .map(|part| if is_id(part) { "…" } else { part });
    let parts = parts.collect::<Vec<_>>().join("/");
    let about = ["crux", "trigger", "from"];
    let about = about
        .iter()
        .find(|key| query.starts_with(&format!("{key}=")));
    about.map_or(parts.clone(), |key| format!("{parts}?{key}"))
}

/// The worked example with content on each screen.
fn full_board() -> Page {
    let page = Page::with_example();
    page.be("Red-teamer");
    start_review(&page);
    let review = page.fragment();
    page.button("Blind round on the agenda").click();
    page.heading("Blind round").wait();
    follow(&page, &review);
    go_to_step(&page, "Decision");
    page.field("Chosen option").choose("Wind down");
    page.field("Reason").fill("nobody can say what it brings");
    page.button("Record the decision").click();
    page.heading("More actions").wait();
    // Judged after the decision, the trigger calls for another one.
    page.tab("Cruxes");
    page.open_crux(c(1));
    let trigger = page.region("Triggers").all("article").at(0);
    trigger.fold("Record outcome").open();
    trigger.field("Status").choose("Met");
    trigger.field("Reason").fill("two groups have reported");
    trigger.button("Save outcome").click();
    trigger.link("Decide").wait();
    page.wait_saved();
    page
}

#[test]
fn every_link_of_every_screen_leads_where_its_text_says_after_a_direct_load() {
    let page = full_board();
    let board = page.fragment().split("/crux").next().unwrap().to_owned();
    // One screen of each kind, reached within the app.
    let mut walked = BTreeMap::new();
    let mut waiting = vec![board.clone()];
    while let Some(address) = waiting.pop() {
        let screen = screen(&board, &address);
        if walked.contains_key(&screen) {
            continue;
        }
        follow(&page, &address);
        let links = settled(&page);
        let own = links.iter().filter(|(_, to)| to.starts_with(&board));
        waiting.extend(own.map(|(_, to)| to.clone()));
        walked.insert(screen, (address, links));
    }
    let missing: Vec<_> = SCREENS
        .iter()
        .filter(|screen| !walked.contains_key(**screen))
        .collect();
    assert!(missing.is_empty(), "no link leads to {missing:?}");

    // These screens again, each loaded by its address.
    for (screen, (address, links_within)) in &walked {
        page.go_to("about:blank");
        page.go(address);
        let mut seen = None;
        let same = super::harness::within_patience(|| {
            seen = links(&page);
            (seen.as_ref() == Some(links_within)).then_some(())
        });
        if same.is_none() {
            page.fail(&format!(
                "{screen:?} has {seen:?} when it is loaded, and {links_within:?} within the app"
            ));
        }
    }

    // A link's text names its target, or the target's content.
    let mut found = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    let all = walked.values().flat_map(|(_, links)| links);
    for (text, to) in all.collect::<BTreeSet<_>>() {
        if !to.starts_with(&board) {
            if !["Cruxboard", "To backups", "Start one"].contains(&text.as_str()) {
                wrong.insert(format!("{text:?} leads to {to}"));
            }
            continue;
        }
        let led = screen(&board, to);
        let is_called = |name: &str| match name.split_once('…') {
            Some((from, to)) if name.len() > 3 => text.starts_with(from) && text.ends_with(to),
            _ => text == name,
        };
        if let Some((_, target)) = TARGETS.iter().find(|(known, _)| is_called(known)) {
            if led != *target && !led.starts_with(&format!("{target}?")) {
                wrong.insert(format!("{text:?} leads to {led:?}"));
            }
            continue;
        }
        let there = found.entry(to.clone()).or_insert_with(|| {
            follow(&page, to);
            settled(&page);
            let text = page.js(
                "const fields = [...document.querySelectorAll('main input, main textarea')];
                 const texts = [document.body.textContent, ...fields.map((field) => field.value)];
                 return texts.join(' ').replace(/\\s+/g, ' ')",
                &[],
            );
            text.as_str().unwrap_or_default().to_owned()
        });
        let name: String = text.trim_end_matches('…').chars().take(30).collect();
        if !there.contains(name.trim()) {
            wrong.insert(format!("{text:?} leads to {led:?}, which does not say so"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_first_crux_of_a_board_is_written_after_a_reload() {
    let page = Page::start();
    page.start_board("Keep the line?", "Ada, Ben");
    page.role("complementary", "Tour").button("Got it").click();
    page.wait_saved();
    for (link, heading) in [
        ("Write the first crux", "New crux"),
        ("+ Crux", "New crux"),
        ("+ Evidence", "New evidence"),
    ] {
        page.reload();
        page.link(link).click();
        page.heading(heading).wait();
        page.back();
    }
}
