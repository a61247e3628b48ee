//! Outcomes and calibration: scores on the page, and minutes for external readers.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use cruxboard_domain::{
    Credence,
    change::{Payload, ReviewNoted},
    record::*,
};
use serde_json::{Value, json};

use super::{
    example::c,
    harness::{Find as _, Page},
    meeting::go_to_step,
    written::{DAY, Written},
};

/// Ten resolved claims, and two unresolved ones.
fn scored() -> (Written, Vec<CruxId>) {
    let (mut written, ann, bob) = Written::new();
    let mut cruxes = Vec::new();
    let mut telling = Vec::new();
    for number in 1..=12 {
        let crux = written.crux(&format!("Claim {number}"));
        if number >= 10 {
            let shows = (number != 11).then_some(Shows::ClaimTrue);
            telling.push(written.trigger(crux, &format!("Event {number}"), shows));
        }
        cruxes.push(crux);
    }
    let against = written.trigger(cruxes[11], "Event against 12", Some(Shows::ClaimFalse));
    written.states(cruxes[0], ann, 20.0);
    for crux in &cruxes[1..] {
        written.states(*crux, ann, 90.0);
    }
    for crux in &cruxes[..8] {
        written.states(*crux, bob, 50.0);
    }
    written.now += 30 * DAY;
    written.states(cruxes[0], ann, 70.0);
    written.now += 10 * DAY;
    for (place, crux) in cruxes[..9].iter().enumerate() {
        let stage = if place == 8 {
            Stage::SettledFalse
        } else {
            Stage::SettledTrue
        };
        written.settles(*crux, stage);
    }
    for trigger in telling.into_iter().chain([against]) {
        written.judges(trigger, Verdict::Met);
    }
    (written, cruxes)
}

#[test]
fn scores_say_what_they_rest_on_and_calibration_says_how_many_are_missing() {
    let page = Page::start();
    scored().0.open(&page);
    page.tab("Reviews");
    page.link("Outcomes and calibration").click();
    page.heading("Outcomes and calibration").wait();

    page.wait_body("Claim 1. It is settled as true");
    page.wait_body("It counts as true");
    page.wait_body("“Event 10” was judged met");
    page.wait_body("the terms of “Event 11” do not say what the verdict shows");
    page.wait_body("“Event 12” and “Event against 12” were judged, and they show opposite things");

    let scores = page.region("Scores");
    assert_eq!(
        scores.all("row").count(),
        5,
        "a heading, three scores and 50%"
    );
    // Ann: 0.09 once, 0.01 eight times, 0.81 once, which is 0.098; over time 0.5025 instead of 0.09.
    let ann = scores.with_text("row", "Ann").wait_text("0.14");
    assert!(ann.contains("10 0.10 0.14"), "{ann}");
    scores.with_text("row", "Bob").wait_text("0.25");
    scores.with_text("row", "Always 50%").wait_text("0.25");
    page.region("Log scores")
        .with_text("row", "Always 50%")
        .wait_text("−0.69");
    // Only people with ten resolved claims get a verdict in words.
    page.with_text("listitem", "Ann: better than always saying 50%")
        .wait();
    assert!(!page.with_text("listitem", "Bob:").is_there());
    page.with_text("listitem", "its judged triggers do not settle it")
        .wait();
    scores.with_text("row", "The group").wait();

    // For the group there is a chart, and a table with the same figures.
    page.role("img", "What was said against what came true…")
        .wait();
    let table = page.region("Calibration");
    table.with_text("row", "80 to 100%").wait();
    let dots = page.js(
        "return document.querySelectorAll('svg.calibration circle').length",
        &[],
    );
    assert_eq!(dots, json!(table.all("row").count() - 1));
    page.field("Of").choose("Ann");
    let high = table.with_text("row", "80 to 100%").wait_text("9");
    assert!(high.contains("90%") && high.contains("89%"), "{high}");
    table.with_text("row", "60 to 80%").wait_text("100%");
    page.field("Of").choose("Bob…");
    page.wait_body("2 more such cruxes are needed before calibration says anything.");

    // Each line leads to its crux, which shows the same scores.
    page.link("Claim 1").click();
    page.heading("Claim 1").wait();
    let own = page.region("Outcomes and calibration");
    own.wait_text("It is settled as true");
    let ann = own.with_text("row", "Ann").wait_text("70%");
    assert!(ann.contains("0.09") && ann.contains("0.50"), "{ann}");
}

#[test]
fn a_trigger_says_in_its_terms_what_it_shows_and_only_then_scores_anybody() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(1));
    let came_of_it = page.region("Outcomes and calibration");
    assert!(!came_of_it.is_there());
    let stop = page
        .region("Triggers")
        .with_text("article", "two independent groups report");
    stop.wait_text("the claim counts as true");
    stop.fold("Record outcome").open();
    stop.field("Status").choose("Not met");
    stop.wait_text("nobody is scored by it");
    stop.field("Status").choose("Met");
    stop.wait_text("By its terms the claim then counts as true");
    stop.field("Status").choose("Not met");
    stop.field("Reason").fill("nobody has by now");
    stop.button("Save outcome").click();
    came_of_it.wait_text("do not say what the verdict shows of the claim");
    assert!(!page.region("Scores on this crux").is_there());

    // The terms are stated afterwards: that takes a reason, stays visible, and counts as stated late.
    stop.fold("Edit its terms").open();
    stop.field("If it is judged not met, the claim is")
        .choose("false");
    stop.field("This trigger has been armed. Why are its terms changed?")
        .fill("all would have looked by now");
    stop.button("Change the terms").click();
    came_of_it.wait_text("It counts as false");
    came_of_it.wait_text("only after it was judged");
    stop.wait_text("Goalpost moved");
    let scores = page.region("Scores on this crux");
    // 35% and false: 0.35 squared.
    let own = scores.with_text("row", "Red-teamer").wait_text("0.12");
    assert!(own.contains("35%"), "{own}");
    scores.with_text("row", "The group").wait();

    // An undone outcome is not scored.
    page.undo();
    came_of_it.wait_text("do not say what the verdict shows of the claim");
    page.undo();
    came_of_it.wait_gone();
}

#[test]
fn the_day_up_to_which_credences_are_scored_is_shown_and_set_when_settling() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.open_crux(c(9));
    page.fold("Settings").open();
    let fold = page.fold("Settings");
    assert!(!fold.field("Score credences up to").is_there());
    fold.field("State").choose("Settled: false");
    // By default the day on which the crux is settled.
    let today = fold.field("Score credences up to").value();
    assert!(today.starts_with("2026-11-2"), "{today}");
    fold.field("Why is it settled or retired?")
        .fill("it was looked into");
    let came_of_it = page.region("Outcomes and calibration");
    came_of_it.wait_text("Nov 2026 are scored.");
    page.region("Scores on this crux")
        .with_text("row", "Red-teamer")
        .wait();
    // All credences were stated after that day.
    fold.field("Score credences up to").set_date("2026-11-01");
    came_of_it.wait_text("Credences up to 1 Nov 2026 are scored.");
    page.region("Scores on this crux").wait_gone();
}

/// A closed review whose minutes have every long or unusual content.
fn held() -> (Written, ReviewId) {
    let (mut written, ann, bob) = Written::new();
    let crux = written.crux("Commas, \"quotes\", | bars and 🙂");
    written.states(crux, ann, 40.0);
    let meeting = ReviewId(written.says(Payload::ReviewStarted(Box::new(ReviewEdit {
        here: Some(vec![ann, bob]),
        note: Some(format!("inside: {} end", "Donaudampfschiff".repeat(60))),
        ..ReviewEdit::default()
    }))));
    // The minutes of a first review list what came in during it.
    written.says(Payload::EvidenceFiled(Box::new(EvidenceEdit {
        text: Some("An item to be found elsewhere".into()),
        url: Some(format!(
            "https://example.org/{}?q=a_b&c",
            "deep/".repeat(40)
        )),
        ..EvidenceEdit::default()
    })));
    written.says(Payload::ReviewNoted(Box::new(ReviewNoted {
        review: meeting,
        crux,
        text: "inside: a note\nof two lines".into(),
        is_public: false,
    })));
    let round = RoundId(written.says(Payload::RoundOpened(Box::new(RoundEdit {
        cruxes: Some(vec![crux]),
        people: Some(vec![ann, bob]),
        held_at: Some(Some(meeting)),
        ..RoundEdit::default()
    }))));
    let answers = [(ann, 35.0), (bob, 85.0)].map(|(person, percent)| {
        let answers = vec![Answer {
            topic: Topic::Crux(crux),
            credence: Credence::clamped(percent),
            reason: format!("because | of {}", "reasons_and_".repeat(40)),
            reason_seal: String::new(),
        }];
        let seal = cruxboard_domain::round::seal(round, person, "salt", &answers);
        (person, answers, seal)
    });
    for (person, _, seal) in &answers {
        written.says(Payload::RoundSealed(Box::new(
            cruxboard_domain::change::RoundSealed {
                round,
                person: *person,
                seal: seal.clone(),
            },
        )));
    }
    written.says(Payload::RoundClosed(Box::new(
        cruxboard_domain::change::RoundClosed {
            round,
            without: Vec::new(),
            seals: None,
        },
    )));
    for (person, answers, _) in answers {
        written.says(Payload::RoundRevealed(Box::new(
            cruxboard_domain::change::RoundRevealed {
                round,
                person,
                salt: "salt".into(),
                answers,
            },
        )));
    }
    written.says(Payload::ReviewClosed(meeting));
    (written, meeting)
}

/// Opens the minutes of the only review.
fn open_minutes(page: &Page) {
    page.tab("Reviews");
    page.link("Review of …").click();
    go_to_step(page, "Minutes");
    page.wait_body("Blind round 1");
}

/// Width and height of a sheet in inches.
pub(crate) const SHEETS: [(&str, f64, f64); 2] = [("A4", 8.27, 11.69), ("Letter", 8.5, 11.0)];
/// Chromium's own margin, in inches.
const MARGIN: f64 = 0.4;

/// Returns the elements that would be cut off or scrolled away on a sheet of this width.
fn clipped(page: &Page, width: f64) -> Vec<String> {
    let inside = ((width - 2.0 * MARGIN) * 96.0).floor() as u32;
    page.resize(inside.max(600), 1000);
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let found = page.js(
        "const width = document.documentElement.clientWidth;
         return [...document.querySelectorAll('main, main *')]
             .filter((e) => e.checkVisibility())
             .filter((e) => {
                 const { overflowX, overflowY } = getComputedStyle(e);
                 const hides = overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
                     || overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1;
                 return hides || e.getBoundingClientRect().right > width + 1;
             })
             .filter((e) => !e.closest('svg'))
             .map((e) => e.outerHTML.slice(0, 120));",
        &[],
    );
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "" }));
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().map(Value::to_string).collect()
}

/// Prints the page. Returns the number of sheets, and the file as far as it is text.
pub(crate) fn printed(page: &Page, width: f64, height: f64) -> (usize, String) {
    let answer = page.cdp(
        "Page.printToPDF",
        json!({ "paperWidth": width, "paperHeight": height, "printBackground": false }),
    );
    let file = BASE64.decode(answer["data"].as_str().expect("a file"));
    let file = file.expect("base64");
    let text = String::from_utf8_lossy(&file).into_owned();
    let sheets = text.matches("/MediaBox").count();
    (sheets, text)
}

#[test]
fn minutes_and_scores_fit_on_a_sheet_with_nothing_cut_off_and_addresses_to_read() {
    let page = Page::start();
    let (written, _) = held();
    written.open(&page);
    open_minutes(&page);
    // In full, as needed on paper.
    let link = page.link("https://example.org/…");
    assert_eq!(Some(link.text()), link.attr("href"));
    assert!(link.text().ends_with("?q=a_b&c"), "{}", link.text());
    let table = page.all("table").texts();
    assert!(
        table.len() == 1 && table[0].contains("85%") && table[0].contains("because | of"),
        "{table:?}"
    );
    for (name, width, height) in SHEETS {
        let lost = clipped(&page, width);
        assert!(lost.is_empty(), "{name}: {}", lost.join("\n"));
        let (sheets, file) = printed(&page, width, height);
        assert!((1..=3).contains(&sheets), "{name}: {sheets} sheets");
        let size = format!("/MediaBox [0 0 {}", (width * 72.0).floor() as u32);
        assert!(file.contains(&size), "{name}: no {size}");
        assert!(file.contains("/URI (https://example.org/deep/"), "{name}");
    }
    // Controls are not printed.
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let controls = page.js(
        "return [...document.querySelectorAll('button, select, input, textarea')]
             .filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 100))",
        &[],
    );
    page.cdp("Emulation.setEmulatedMedia", json!({ "media": "" }));
    assert_eq!(controls, json!([]));

    let page = Page::start();
    scored().0.open(&page);
    page.tab("Reviews");
    page.link("Outcomes and calibration").click();
    page.region("Scores").wait();
    for (name, width, _) in SHEETS {
        let lost = clipped(&page, width);
        assert!(lost.is_empty(), "scores on {name}: {}", lost.join("\n"));
    }
}

#[test]
fn minutes_for_anybody_hold_no_note_that_was_not_let_in() {
    let page = Page::start();
    let (written, _) = held();
    written.open(&page);
    open_minutes(&page);
    page.wait_body("inside: a note");
    page.field("For").choose("Anybody…");
    page.wait_body("Not public, and not shown here: 2 notes.");
    let saved = || {
        page.button("Download").at(1).click();
        page.downloaded().1
    };
    let text = saved();
    assert!(!text.contains("inside"), "{text}");
    let notes = page.group("Notes to include");
    let note = notes.checkbox("Commas, \"quotes\", | bars and 🙂: “inside: a note…");
    note.tick(true);
    page.wait_body("Not public, and not shown here: 1 note.");
    // The keyboard stays where it was, to continue with the next one.
    page.wait_focus(
        "checkbox",
        "Commas, \"quotes\", | bars and 🙂: “inside: a note…",
    );
    let text = saved();
    assert!(text.contains("inside: a note"), "{text}");
    assert!(!text.contains("Donau"), "{text}");
    page.undo();
    page.wait_body("Not public, and not shown here: 2 notes.");
}
