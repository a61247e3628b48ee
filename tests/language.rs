//! The app in other languages: every text is translated, and numbers and dates are written as there.

use std::fs;

use serde_json::{Map, Value, json};

use super::{
    accessibility::{each_screen, strings, too_wide},
    example::c,
    harness::{Find as _, Key, Page, Setup},
};

/// Stand before and after each piece of a marked text. Nobody sees them, and the harness ignores them.
const MARKS: [char; 2] = ['\u{2061}', '\u{2062}'];

/// Words that are no texts of a language: names, and what the tests type.
const NAMES: &str = "Cruxboard; English; Deutsch; Sprache: Deutsch; Language: English; Markdown; HTML; CSV; JSON; \
    SVG; PNG; QR; IBIS; Ada; Ben; Keep the line?; Users come back; growth; Director; Ann Smith; One sentence.; \
    Another one.; nothing is met; Aggregate from; Brier; no room; cut off; https; title,probability; Anna";

fn german_texts() -> Map<String, Value> {
    let file = fs::read_to_string("../lang/de.json").unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    file["texts"].as_object().unwrap().clone()
}

/// Returns the German of an English text.
fn german(english: &str) -> String {
    let text = &german_texts()[english];
    text.as_str().unwrap().to_owned()
}

/// Puts marks around each piece of a text between its values.
fn marked(text: &str) -> String {
    let [start, end] = MARKS;
    let mut marked = String::new();
    for part in text.split_inclusive('}') {
        let (words, place) = part.split_at(part.find('{').unwrap_or(part.len()));
        // The first letter stays in front, where the app may make it a capital.
        let mut rest = words.chars();
        if let Some(first) = rest.next() {
            marked += &format!("{first}{start}{}{end}", rest.as_str());
        }
        marked += place;
    }
    marked
}

/// Returns a language that has the English texts, marked, and a comma in numbers.
fn marked_language() -> String {
    let texts = german_texts().into_iter().map(|(key, translation)| {
        // A context stands before the text: "state|Open".
        let context = key
            .split_once('|')
            .filter(|(context, _)| !context.contains([' ', '{']));
        let english = context.map_or(&*key, |(_, text)| text);
        // The English for one is in the code alone.
        let text = match translation.get("one") {
            None => json!(marked(english)),
            Some(_) => json!({ "other": marked(english) }),
        };
        (key, text)
    });
    let texts: Map<String, Value> = texts.collect();
    json!({ "decimalSeparator": ",", "texts": texts }).to_string()
}

/// Returns the texts of the page that went through no translation, and numbers with a full stop.
fn unmarked(page: &Page, content: &str) -> Vec<String> {
    let found = page.js(
        r"const [content, start, end] = arguments;
          const ours = new RegExp(`${start}[^${start}${end}]*${end}`, 'g');
          const skipped = 'script, style, code, kbd, pre, textarea, noscript, [lang=en]';
          const texts = [document.title];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(skipped)) texts.push(walker.currentNode.data);
          for (const element of document.querySelectorAll('body *'))
              for (const name of ['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'data-label', 'aria-valuetext'])
                  if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
          const found = new Set();
          for (const text of texts) {
              for (let piece of text.replace(ours, '\0').split('\0')) {
                  piece = piece.replace(/\s+/g, ' ').trim();
                  if (/^\d+\.\d+$/.test(piece)) found.add(`with a full stop: ${text}`);
                  // The English for one is in the code alone, and comes without marks.
                  if (/(^|[\s(:])(1|[Oo]ne)\s/.test(piece) || content.includes(piece.replace(/[.…]+$/, ''))) continue;
                  for (let word of piece.split(/[\d·:,;()%“”\x22–→]+/)) {
                      word = word.replace(/^[^\p{L}]+|[^\p{L}?.]+$/gu, '').replace(/[.…]+$/, '');
                      if (/\p{L}{2}/u.test(word) && !content.includes(word)) found.add(word);
                  }
              }
          }
          return [...found]",
        &[json!(content), json!(MARKS[0]), json!(MARKS[1])],
    );
    strings(&found)
}

/// Returns all texts in a JSON document.
fn texts_in(value: &Value, texts: &mut String) {
    match value {
        Value::String(text) => {
            *texts += &format!(
                "{}\n",
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            )
        }
        Value::Array(values) => values.iter().for_each(|value| texts_in(value, texts)),
        Value::Object(values) => values.values().for_each(|value| texts_in(value, texts)),
        _ => {}
    }
}

#[test]
fn no_text_of_any_screen_is_left_in_english() {
    let example = fs::read_to_string("../public/example.cruxboard.json").unwrap();
    let mut content = NAMES.to_owned();
    texts_in(&serde_json::from_str(&example).unwrap(), &mut content);
    let script = format!("window.cruxboardTexts = {};", marked_language());
    let mut found = Vec::new();
    each_screen(
        Setup::default().before_load(&script).start(),
        |page, screen| {
            for text in unmarked(page, &content) {
                let line = format!("{text} ({screen})");
                if !found
                    .iter()
                    .any(|it: &String| it.starts_with(&format!("{text} (")))
                {
                    found.push(line);
                }
            }
        },
    );
    assert!(
        found.is_empty(),
        "{} texts:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn german_is_chosen_once_and_numbers_and_dates_are_written_as_there() {
    let page = Page::with_example();
    page.be("Red-teamer");
    page.tab("Setup");
    page.field("Language").choose("Deutsch");
    page.heading(&german("Setup")).wait();
    assert_eq!(page.js("return document.documentElement.lang", &[]), "de");
    page.reload();
    page.heading(&german("Setup")).wait();
    assert_eq!(page.field(&german("Language")).chosen(), "Deutsch");

    page.tab(&german("Cruxes"));
    page.link(c(1)).at(0).click();
    let own = page
        .field(&format!("{}, in Prozent", german("Your credence")))
        .at(0);
    own.retype("35,5");
    page.press(Key::Enter);
    page.wait_body("35,5\u{a0}%");
    own.wait_value("35,5");
    own.retype("36.5");
    page.press(Key::Enter);
    page.wait_body("36,5\u{a0}%");
    let date = page.js(
        "return [...document.querySelectorAll('time')].every(({ textContent }) => !/^\\d+ [A-Z]/.test(textContent.trim()))",
        &[],
    );
    assert_eq!(date, true, "dates are German");

    let other = page.new_tab();
    other.go("");
    other.heading(&german("Boards in this browser")).wait();
    other.field(&german("Language")).choose("English");
    other.heading("Boards in this browser").wait();
    assert_eq!(other.js("return document.documentElement.lang", &[]), "en");
}

#[test]
fn the_worked_example_is_in_the_language_of_its_reader_and_a_board_of_its_own_in_each() {
    let question = |file: &str| {
        let board = fs::read_to_string(format!("../public/{file}")).unwrap();
        let board: Value = serde_json::from_str(&board).unwrap();
        let described = &board["changes"][0]["fact"]["board-described"];
        described["question"].as_str().unwrap().to_owned()
    };
    let in_english = question("example.cruxboard.json");
    let in_german = question("example.de.cruxboard.json");
    let page = Page::with_example();
    page.wait_body(&in_english);
    page.go("");
    page.heading("Boards in this browser").wait();
    page.field("Language").choose("Deutsch");
    page.heading(&german("Boards in this browser")).wait();
    page.button(&format!("{}…", german("Open the worked example")))
        .click();
    page.wait_body(&in_german);
    page.wait_body("Zwang als Normalfall");
    // The English board is still there, beside the German one.
    page.go("");
    page.heading(&german("Boards in this browser")).wait();
    page.wait_body(&in_english);
    page.wait_body(&in_german);
}

#[test]
fn the_language_of_the_browser_is_the_first_one() {
    let german_browser = "Object.defineProperty(Navigator.prototype, 'languages', { get: () => ['fr', 'de-AT', 'en'] });";
    let page = Setup::default().before_load(german_browser).start();
    page.link(&format!("{}…", german("Start with your question")))
        .wait();
    assert_eq!(page.js("return document.documentElement.lang", &[]), "de");
}

#[test]
fn without_the_file_of_its_language_the_app_starts_in_english() {
    let no_texts = "localStorage.setItem('cruxboard/language', '\"de\"');
        const asked = window.fetch;
        window.fetch = (input, init) => String(input).includes('lang/de.json')
            ? Promise.reject(new TypeError('no network')) : asked(input, init);";
    let page = Setup::default().before_load(no_texts).start();
    page.expect_in_console("did not load");
    page.link("Start with your question…").wait();
}

#[test]
fn screens_of_a_language_from_right_to_left_fit_the_window() {
    let page = Page::with_example();
    page.be("Red-teamer");
    let mut found = Vec::new();
    for width in [1280, 390] {
        page.resize(width, 900);
        for tab in [
            "Cruxes",
            "Evidence",
            "Due",
            "Decisions",
            "Reviews",
            "Setup",
            "Share",
        ] {
            page.tab(tab);
            page.js("document.documentElement.dir = 'rtl'", &[]);
            let wide = page.js(
                "const width = document.documentElement.clientWidth;
                 const holds = (element) => { for (let up = element.parentElement; up; up = up.parentElement)
                     if (getComputedStyle(up).overflowX !== 'visible') return true; return false; };
                 return [...document.querySelectorAll('main *, header *')]
                     .filter((element) => element.getBoundingClientRect().left < -1 && !element.closest('.visually-hidden, .skip') && !holds(element))
                     .slice(0, 3).map((element) => element.outerHTML.slice(0, 120))",
                &[],
            );
            let wide = strings(&wide).into_iter().chain(too_wide(&page, width));
            found.extend(wide.map(|one| format!("{tab} at {width}: {one}")));
            page.js("document.documentElement.dir = 'ltr'", &[]);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
