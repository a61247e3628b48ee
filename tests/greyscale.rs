//! The app without colour: every state has a word and a shape of its own, and all texts stay readable.

use std::collections::BTreeMap;

use cruxboard_domain::{change::Payload, record::*};
use serde_json::{Value, json};

use super::{
    example::c,
    harness::{Find as _, Page},
    meeting::go_to_step,
    written::Written,
};

impl Page {
    /// Removes all colours, as for a person who sees none.
    #[track_caller]
    fn lose_colour(&self) {
        self.cdp(
            "Emulation.setEmulatedVisionDeficiency",
            json!({ "type": "achromatopsia" }),
        );
    }
}

const STATES: [&str; 8] = [
    "draft",
    "armed",
    "near",
    "met",
    "not met",
    "undecided",
    "void",
    "disputed",
];

/// One crux with a trigger in each state, for each of two options.
fn in_every_state() -> Written {
    let (mut written, ann, _) = Written::new();
    let crux = written.crux("The crux");
    written.states(crux, ann, 40.0);
    for (name, mark) in [("Wind down", Mark::Stop), ("Continue", Mark::Continue)] {
        let option = OptionId(written.says(Payload::OptionAdded(Box::new(BoardOptionEdit {
            name: Some(name.into()),
            mark: Some(Some(mark)),
            ..BoardOptionEdit::default()
        }))));
        for state in STATES {
            let trigger = written.says(Payload::TriggerAdded(Box::new(TriggerEdit {
                crux: Some(crux),
                toward: Some(Some(option)),
                armed: Some(state != "draft"),
                observable: Some(format!("{name}, {state}")),
                by_date: (state == "undecided").then(|| "2026-09-01".parse().ok()),
                ..TriggerEdit::default()
            })));
            let verdict = match state {
                "near" => Verdict::Near,
                "met" => Verdict::Met,
                "not met" => Verdict::NotMet,
                "void" => Verdict::Void,
                "disputed" => Verdict::Disputed,
                _ => continue,
            };
            written.judges(TriggerId(trigger), verdict);
        }
    }
    written
}

/// Returns the drawn shapes with all attributes except colours.
const SHAPES: &str = "
    return [...document.querySelectorAll('article.trigger h3 .chip')].map((chip) => {
        const paths = [...chip.querySelectorAll('svg path')].map((path) => {
            const style = getComputedStyle(path);
            return [path.getAttribute('d'), style.fill === 'none', style.stroke === 'none',
                style.strokeDasharray, style.strokeWidth, style.transform].join(' ');
        });
        return [chip.querySelector('.stop') ? 'stop' : 'continue', chip.querySelector('b').innerText, paths.join('; ')];
    });";

#[test]
fn every_state_of_a_trigger_has_a_word_and_a_shape_of_its_own() {
    let page = Page::start();
    in_every_state().open(&page);
    page.role("complementary", "Tour").button("Got it").click();
    page.lose_colour();
    page.open_crux("The crux");
    page.region("Triggers").wait_text("Wind down, disputed");
    page.screenshot("greyscale-states");
    let drawn = page.js(SHAPES, &[]);
    let mut shapes: BTreeMap<String, String> = BTreeMap::new();
    let mut words = Vec::new();
    for chip in drawn.as_array().unwrap() {
        let part = |at: usize| chip[at].as_str().unwrap().to_owned();
        let (mark, word, shape) = (part(0), part(1), part(2));
        let state = format!("{mark}: {word}");
        if let Some(other) = shapes.insert(shape.clone(), state.clone()) {
            panic!("{state} is drawn as {other}: {shape}");
        }
        words.push(word);
    }
    // Each word occurs twice: stopping and continuing differ by shape and by name.
    for state in STATES {
        let count = words.iter().filter(|word| *word == state).count();
        assert_eq!(count, 2, "{state} in {words:?}");
    }
    for option in ["Wind down:", "Continue:"] {
        let chips = page.region("Triggers").all("article").texts();
        let named = chips.iter().filter(|chip| chip.contains(option)).count();
        assert_eq!(named, STATES.len(), "{option}");
    }
}

/// Returns texts whose contrast in grey is too low: WCAG requires 4.5:1, and 3:1 for large text.
const TOO_FAINT: &str = "
    const parts = (colour) => {
        const found = colour.match(/[\\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
        const [r, g, b, a = 1] = found;
        return { grey: 0.2126 * r + 0.7152 * g + 0.0722 * b, a };
    };
    const linear = (grey) => { const x = grey / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; };
    const behind = (element) => {
        const layers = [];
        for (let up = element; up; up = up.parentElement) {
            const layer = parts(getComputedStyle(up).backgroundColor);
            if (layer.a > 0) layers.push(layer);
            if (layer.a === 1) break;
        }
        return layers.reverse().reduce((below, { grey, a }) => grey * a + below * (1 - a), 255);
    };
    const found = [];
    for (const element of document.querySelectorAll('body *')) {
        const has_text = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim());
        if (!has_text || !element.checkVisibility() || element.closest('.visually-hidden, .skip, option, :disabled')) continue;
        const style = getComputedStyle(element);
        const dot = element.closest('.dot')?.querySelector('circle');
        const below = dot ? parts(getComputedStyle(dot).fill).grey : behind(element);
        let opacity = 1;
        for (let up = element; up; up = up.parentElement) opacity *= Number(getComputedStyle(up).opacity);
        const ink = parts(element.ownerSVGElement ? style.fill : style.color);
        const grey = ink.grey * ink.a * opacity + below * (1 - ink.a * opacity);
        const [high, low] = [linear(grey), linear(below)].sort((a, b) => b - a);
        const contrast = (high + 0.05) / (low + 0.05);
        const size = parseFloat(style.fontSize);
        const is_large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (contrast < (is_large ? 3 : 4.5))
            found.push(`${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 140)}`);
    }
    return found;";

fn check_contrast(page: &Page, screen: &str) {
    let faint = page.js(TOO_FAINT, &[]);
    let faint: Vec<String> = faint
        .as_array()
        .map_or_else(Vec::new, |all| all.iter().map(Value::to_string).collect());
    assert!(faint.is_empty(), "{screen}: {}", faint.join("\n"));
}

#[test]
fn everything_can_be_read_in_grey_in_light_and_in_dark() {
    for scheme in ["light", "dark"] {
        let page = Page::start();
        page.prefer_colours(scheme);
        in_every_state().open(&page);
        page.role("complementary", "Tour").button("Got it").click();
        page.lose_colour();
        page.be("Ann");
        let look = |screen: &str| {
            page.screenshot(&format!("greyscale-{screen}-{scheme}"));
            check_contrast(&page, &format!("{screen} in {scheme}"));
        };
        page.row("The crux").wait();
        look("board");
        page.open_crux("The crux");
        page.region("Triggers").wait();
        page.field("Your credence, in percent").fill("x");
        page.with_text("alert", "was not taken").wait();
        look("crux");
        page.tab("Due");
        page.heading("Due").wait();
        look("due");
        page.tab("Reviews");
        page.button("Start a review").click();
        page.heading("Review of …").wait();
        look("review");
        page.button("Blind round on the agenda").click();
        page.region("Who has answered").wait();
        look("round");
        page.link("Back to the review").click();
        go_to_step(&page, "Minutes");
        page.wait_body("What changed up to the first review");
        look("minutes");
        page.tab("Decisions");
        page.link("Record a decision").click();
        page.button("Record the decision").click();
        page.wait_notice("empty");
        look("a-refusal");
    }
}

#[test]
fn where_one_is_and_what_is_wrong_is_told_by_more_than_colour() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.lose_colour();
    // The current tab is announced to screen readers, and drawn bolder, with a line below.
    let tabs = page.js(
        "return [...document.querySelectorAll('.tabs a')].map((tab) => {
            const { webkitTextStrokeWidth, borderBottomColor } = getComputedStyle(tab);
            return [tab.getAttribute('aria-current'), parseFloat(webkitTextStrokeWidth), borderBottomColor];
        });",
        &[],
    );
    let (here, elsewhere): (Vec<_>, Vec<_>) = tabs
        .as_array()
        .unwrap()
        .iter()
        .partition(|tab| !tab[0].is_null());
    assert_eq!(here.len(), 1, "{tabs}");
    for tab in elsewhere {
        assert!(tab[1].as_f64() < here[0][1].as_f64(), "{tabs}");
        assert_ne!(tab[2], here[0][2], "{tabs}");
    }
    // An error is described beside its field in words, and the field is announced as invalid.
    page.open_crux(c(1));
    let number = page.field("Your credence, in percent");
    let border = || number.on_element("return getComputedStyle(arguments[0]).boxShadow", &[]);
    let before = border();
    number.fill("x");
    page.with_text("alert", "was not taken").wait();
    assert_eq!(number.attr("aria-invalid").as_deref(), Some("true"));
    assert_ne!(border(), before, "the field looks as if all were well");
    // The reader's own dot is a handle with a ring, which others' dots do not have.
    page.tab("Cruxes");
    page.row(c(1)).wait();
    page.row(c(1)).slider("Your credence: …").wait();
    let rings = page.js(
        "const row = document.querySelector('.crux-row:has(.thumb)');
         const circles = [...row.querySelectorAll('.scale .dot circle')];
         return [getComputedStyle(row.querySelector('.scale .thumb')).borderTopWidth,
             ...circles.map((circle) => getComputedStyle(circle).strokeWidth)];",
        &[],
    );
    let rings = rings.as_array().unwrap();
    assert_eq!(rings.len(), 3, "{rings:?}");
    for other in &rings[1..] {
        assert_ne!(*other, rings[0], "{rings:?}");
    }
}
