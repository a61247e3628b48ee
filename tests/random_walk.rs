//! Random walks: a walker presses elements, types parts of texts, reloads, goes back, changes the width and
//! the tab, and checks after each step whether anything is wrong.
//!
//! A walk is determined by a seed. `CRUXBOARD_SEED` walks one seed, `CRUXBOARD_STEPS` sets the number of
//! steps.

use std::{
    collections::{BTreeSet, VecDeque},
    env, thread,
};

use serde_json::{Value, json};

use super::{
    accessibility::violations,
    harness::{Find as _, Key, Page, Place, Setup, is_long},
};

const WATCH: &str = include_str!("random_walk/watch.js");
const CHOOSE: &str = include_str!("random_walk/choose.js");
const KEY: &str = include_str!("random_walk/key.js");
const CHECK: &str = include_str!("random_walk/check.js");

/// Window widths, in pixels.
const WIDTHS: [u32; 8] = [320, 390, 600, 768, 800, 1_024, 1_100, 1_280];

/// Texts to type: numbers, dates, names, and texts that are hard to lay out.
const TEXTS: [&str; 10] = [
    "half a senten",
    "35",
    "0.5",
    "70%",
    "2027-01-31",
    "Ada",
    "Zoë & <b>Ben</b> \"quoted\"",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "مرحبا بالعالم",
    "Two lines:\nthe second one",
];

/// Seeds that once found a fault in their first hundred steps, with their initial board. They are always
/// walked.
const FOUND_FAULTS: &[(u64, Start)] = &[
    // A list of filters that scrolled sideways, on the board and among follow-ups.
    (13, Start::Example),
    (12, Start::Example),
    // The decision question at the top was too low to be pressed.
    (12, Start::EmptyBoard),
    (14, Start::Example),
];

/// Random numbers from a seed (SplitMix64, Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 (inclusive) to 1 (exclusive).
    fn chance(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
        let share = (self.next() >> 32) as f64;
        share / 4_294_967_296.0
    }

    fn is_in(&mut self, share: f64) -> bool {
        self.chance() < share
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let len = u64::try_from(all.len()).unwrap_or(1);
        &all[usize::try_from(self.next() % len).unwrap_or_default()]
    }
}

/// The board on which a walk begins.
#[derive(Clone, Copy, Debug)]
enum Start {
    Example,
    EmptyBoard,
}

impl Start {
    fn page(self) -> Page {
        let page = Setup::default().before_load(WATCH).start();
        match self {
            Self::Example => page.open_example(),
            Self::EmptyBoard => {
                page.start_board("Keep the line?", "Ada, Ben");
                page.role("complementary", "Tour").button("Got it").click();
                page.wait_saved();
                page
            }
        }
    }
}

/// One tab of the browser.
struct Tab {
    page: Page,
    width: u32,
}

struct Walk {
    start: Start,
    seed: u64,
    random: Random,
    tabs: [Tab; 2],
    /// The index of the tab in use.
    at: usize,
    step: u32,
    /// The last actions, oldest first.
    actions: VecDeque<String>,
    /// Kinds of elements that were checked with axe.
    seen_sorts: BTreeSet<i64>,
    times_axe_ran: u32,
    told: BTreeSet<String>,
}

impl Drop for Walk {
    fn drop(&mut self) {
        if thread::panicking() {
            let Self {
                seed, step, start, ..
            } = self;
            let actions: Vec<_> = self.actions.iter().map(String::as_str).collect();
            eprintln!(
                "seed {seed}, step {step}, begun on {start:?}; the last actions:\n{}",
                actions.join("\n")
            );
        }
    }
}

/// The expected result of an action.
#[derive(Default)]
struct Expected {
    is_tab_key: bool,
    /// The address of the link that was pressed.
    address: Option<String>,
    /// The texts of the screen before the reload.
    shown: Option<String>,
}

impl Walk {
    fn new(start: Start, seed: u64) -> Self {
        let page = start.page();
        let board = page.fragment();
        let other = page.new_tab();
        other.go(&board);
        for page in [&page, &other] {
            // Transitions are disabled: a colour within one has the contrast of neither end.
            page.media(&[("prefers-reduced-motion", "reduce")]);
        }
        let tab = |page| Tab { page, width: 1_280 };
        Self {
            start,
            seed,
            random: Random(seed),
            tabs: [tab(page), tab(other)],
            at: 0,
            step: 0,
            actions: VecDeque::new(),
            seen_sorts: BTreeSet::new(),
            times_axe_ran: 0,
            told: BTreeSet::new(),
        }
    }

    fn page(&self) -> &Page {
        &self.tabs[self.at].page
    }

    fn note(&mut self, action: String) {
        if self.actions.len() == 20 {
            self.actions.pop_front();
        }
        let (step, tab) = (self.step, self.at + 1);
        self.actions
            .push_back(format!("{step:>5} tab {tab}: {action}"));
    }

    fn walk(&mut self, steps: u32) {
        self.check(&Expected::default());
        while self.step < steps {
            self.step += 1;
            let expected = self.act();
            self.check(&expected);
        }
        eprintln!(
            "{:?}, seed {}: {} steps, axe ran {} times",
            self.start, self.seed, self.step, self.times_axe_ran
        );
    }

    fn act(&mut self) -> Expected {
        match self.random.chance() {
            ..0.66 => self.press_something(),
            ..0.80 => self.press_key(),
            ..0.84 => self.reload(),
            ..0.89 => self.go_in_history(),
            ..0.94 => {
                let width = *self.random.pick(&WIDTHS);
                self.note(format!("{width} pixels wide"));
                self.page().resize(width, 800);
                self.tabs[self.at].width = width;
                Expected::default()
            }
            _ => {
                self.at = 1 - self.at;
                self.note("this tab".into());
                Expected::default()
            }
        }
    }

    fn press_something(&mut self) -> Expected {
        let chances: Vec<_> = (0..40).map(|_| self.random.chance()).collect();
        let chosen = self.page().js(CHOOSE, &[json!(chances)]);
        let (Some(kind), Some(name)) = (chosen["kind"].as_str(), chosen["name"].as_str()) else {
            // A dialog may cover everything.
            self.note("Escape, since nothing can be pressed".into());
            self.page().press(Key::Escape);
            return Expected::default();
        };
        self.note(format!("{kind} “{name}”"));
        let place = |place: &Value| Place {
            x: place["x"].as_f64().unwrap_or_default(),
            y: place["y"].as_f64().unwrap_or_default(),
        };
        let (at, to) = (place(&chosen), place(&chosen["to"]));
        let is_drag = kind == "slider" && self.random.is_in(0.5);
        if kind != "select" {
            self.page().mouse_down(at);
            if is_drag {
                self.page().mouse_drag(to);
            }
            self.page().mouse_up(if is_drag { to } else { at });
        }
        match kind {
            "text" => self.type_something(),
            "date" => {
                let day = *self.random.pick(&["31012027", "0102", "15111999"]);
                self.note(format!("types {day}"));
                self.page().press(day);
            }
            _ => {}
        }
        let href = chosen["href"].as_str();
        Expected {
            address: href.map(str::to_owned),
            ..Expected::default()
        }
    }

    fn type_something(&mut self) {
        let text = *self.random.pick(&TEXTS);
        if self.random.is_in(0.5) {
            self.page().press_with(&[Key::Control], "a");
        }
        self.note(format!("types {text:?}"));
        self.page().paste(text);
        // Half of the typed texts stay unfinished.
        let end = match self.random.chance() {
            ..0.15 => Key::Enter,
            ..0.4 => Key::Tab,
            ..0.5 => Key::Escape,
            _ => return,
        };
        self.note(format!("then {end:?}"));
        self.page().press(end);
    }

    fn press_key(&mut self) -> Expected {
        let place = self.page().js(KEY, &[]);
        let place = place.as_str().unwrap_or_default();
        let mut expected = Expected::default();
        let is_safe = place != "list" && place != "out";
        let chance = self.random.chance();
        if !is_safe || chance < 0.35 {
            let is_back = self.random.is_in(0.25);
            self.note(if is_back { "Shift+Tab" } else { "Tab" }.into());
            let held: &[Key] = if is_back { &[Key::Shift] } else { &[] };
            self.page().press_with(held, Key::Tab);
            expected.is_tab_key = true;
        } else if chance < 0.55 {
            let letter = *self.random.pick(&["z", "z", "y"]);
            self.note(format!("Ctrl+{letter}"));
            self.page().press_with(&[Key::Control], letter);
        } else if chance < 0.75 {
            let letter = *self
                .random
                .pick(&["e", "c", "j", "k", "?", "/", "0", "5", "9", " "]);
            self.note(format!("{letter:?}"));
            self.page().press(letter);
        } else {
            let keys = [
                Key::Enter,
                Key::Escape,
                Key::Left,
                Key::Right,
                Key::Up,
                Key::Down,
                Key::Home,
                Key::End,
                Key::Delete,
                Key::Backspace,
            ];
            let key = self.random.pick(&keys).clone();
            self.note(format!("{key:?}"));
            self.page().press(key);
        }
        expected
    }

    fn reload(&mut self) -> Expected {
        self.note("reload".into());
        // Leaving a line stores it, which the screen shows; a text area stays unfinished.
        self.page().js(
            "const at = document.activeElement;
             if (at?.localName === 'input' && at.id !== 'search') at.blur();",
            &[],
        );
        let before = self.look(&Expected {
            shown: Some(String::new()),
            ..Expected::default()
        });
        // Another tab may have chosen another language, in which a page is shown from its next start.
        let language = || self.page().js("return document.documentElement.lang", &[]);
        let was_in = language();
        self.page().reload();
        let is_same = before["isPassing"] == false && language() == was_in;
        let shown = before["shown"].as_str().map(str::to_owned);
        Expected {
            shown: shown.filter(|_| is_same),
            ..Expected::default()
        }
    }

    fn go_in_history(&mut self) -> Expected {
        let is_back = self.random.is_in(0.7);
        self.note(if is_back { "back" } else { "forward" }.into());
        // Not further back than the app's first page.
        self.page().js(
            "const [isBack] = arguments;
             if (isBack ? !navigation.canGoBack : !navigation.canGoForward) return;
             return new Promise((resolve) => {
                 addEventListener('popstate', () => setTimeout(resolve), { once: true });
                 setTimeout(resolve, 500);
                 if (isBack) history.back(); else history.forward();
             });",
            &[json!(is_back)],
        );
        Expected::default()
    }

    fn look(&self, expected: &Expected) -> Value {
        let wanted = json!({
            "isTab": expected.is_tab_key,
            "isShown": expected.shown.is_some(),
            "before": expected.shown,
            "width": self.tabs[self.at].width,
        });
        self.page().js(CHECK, &[wanted])
    }

    /// Prints the faults that were not printed before.
    fn tell(&mut self, faults: &[String]) {
        for fault in faults {
            if self.told.insert(fault.clone()) {
                let last: Vec<_> = self.actions.iter().rev().take(5).cloned().collect();
                let address = self.page().fragment();
                eprintln!(
                    "FAULT {fault}\n  at {address}, {} pixels\n  {}",
                    self.tabs[self.at].width,
                    last.join("\n  ")
                );
            }
        }
    }

    fn check(&mut self, expected: &Expected) {
        let found = self.look(expected);
        let faults = found["faults"].as_array().cloned().unwrap_or_default();
        let mut faults: Vec<String> = faults
            .iter()
            .map(|fault| fault.as_str().unwrap_or_default().to_owned())
            .collect();
        let address = found["address"].as_str().unwrap_or_default();
        if let Some(wanted) = &expected.address {
            if found["nowhere"] == true {
                faults.push(format!("the link to {wanted} leads to nothing"));
            }
            let board = |address: &str| address.get(..28).unwrap_or(address).to_owned();
            if wanted.len() > 28 && board(wanted) != board(address) {
                faults.push(format!("the link to {wanted} leads to {address}"));
            }
        }
        let shown = found["shown"].as_str().unwrap_or_default();
        if let Some(before) = &expected.shown
            && parts(before, &self.page().address()) != parts(shown, &self.page().address())
        {
            faults.push(difference(before, shown));
        }
        let sorts = found["sorts"].as_array().cloned().unwrap_or_default();
        let sorts: Vec<_> = sorts.iter().filter_map(Value::as_i64).collect();
        if sorts.iter().any(|sort| !self.seen_sorts.contains(sort)) {
            self.seen_sorts.extend(sorts);
            self.times_axe_ran += 1;
            // An element under a notice or the bar at the top comes into view by scrolling.
            let is_fault = |violation: &String| !violation.contains("partially obscured");
            faults.extend(violations(self.page()).into_iter().filter(is_fault));
        }
        if !faults.is_empty() {
            if env::var_os("CRUXBOARD_GO_ON").is_none() {
                self.page().fail(&faults.join("\n"));
            }
            self.tell(&faults);
        }
    }
}

/// Returns the parts of a screen to compare. An agenda is compared without its order: ticking moves no row
/// while it is shown, and a reload puts the ticked ones first.
fn parts<'a>(shown: &'a str, address: &str) -> Vec<&'a str> {
    let mut parts: Vec<&str> = shown.split(" | ").collect();
    let is_agenda = address
        .split_once("/review/")
        .is_some_and(|(_, rest)| !rest.contains('/'));
    if is_agenda {
        parts.sort_unstable();
    }
    parts
}

/// Describes where two texts begin to differ.
fn difference(before: &str, after: &str) -> String {
    let same = before.chars().zip(after.chars());
    let same = same.take_while(|(one, other)| one == other).count();
    let from = same.saturating_sub(60);
    let part = |text: &str| text.chars().skip(from).take(240).collect::<String>();
    format!(
        "a reload shows something else:\nbefore: …{}\nafter:  …{}",
        part(before),
        part(after)
    )
}

fn number_of(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

/// Walks each seed, or only the requested one.
fn walk(start: Start, seeds: &[u64], steps: u32) {
    let asked = number_of("CRUXBOARD_SEED").map(|seed| vec![seed]);
    let steps = number_of("CRUXBOARD_STEPS")
        .and_then(|steps| u32::try_from(steps).ok())
        .unwrap_or(steps);
    for seed in asked.as_deref().unwrap_or(seeds) {
        Walk::new(start, *seed).walk(steps);
    }
}

/// Returns the number of steps of one seed; a long run has 20,000 in all seeds together.
fn steps(ordinary: u32) -> u32 {
    if is_long() { 2_500 } else { ordinary }
}

/// Returns the seeds for one board.
fn seeds() -> &'static [u64] {
    if is_long() { &[1, 2, 3, 4] } else { &[1] }
}

#[test]
fn a_random_walk_on_the_worked_example_finds_no_fault() {
    walk(Start::Example, seeds(), steps(600));
}

#[test]
fn a_random_walk_on_an_empty_board_finds_no_fault() {
    walk(Start::EmptyBoard, seeds(), steps(500));
}

#[test]
fn random_walks_that_once_found_a_fault_find_none_now() {
    for (seed, start) in FOUND_FAULTS {
        walk(*start, &[*seed], steps(100));
    }
}
