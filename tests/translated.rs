//! A page that the browser translates: what it shows is what holds.

use super::{
    example::c,
    harness::{Find as _, Key, Page},
};

/// Does to the page what page translators do: each text node becomes `<font><font>TEXT</font></font>`.
const TRANSLATE: &str = "
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
    for (const text of texts) {
        const outer = document.createElement('font');
        const inner = document.createElement('font');
        outer.append(inner);
        text.replaceWith(outer);
        inner.append(text.data.toUpperCase());
    }";

/// What Firefox does besides: it takes all nodes out of an element with a text in it, changes the texts
/// where they are, and puts back all but the comments.
const TRANSLATE_AS_FIREFOX: &str = "
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const parents = new Set();
    while (walker.nextNode()) {
        if (!walker.currentNode.data.trim()) continue;
        walker.currentNode.data = walker.currentNode.data.toUpperCase();
        parents.add(walker.currentNode.parentNode);
    }
    for (const parent of parents) {
        for (const node of [...parent.childNodes]) if (node.nodeType === Node.COMMENT_NODE) node.remove();
    }";

/// Everything that the page says, in lower case: a translation here differs by nothing else.
fn said(page: &Page) -> String {
    let said = page.js(
        "return document.getElementById('main').textContent.replace(/\\s+/g, ' ').toLowerCase()",
        &[],
    );
    said.as_str().unwrap_or_default().to_owned()
}

/// Waits until the page says what the same address says where nobody translates.
#[track_caller]
fn says_what_holds(page: &Page, person: &str) {
    wait_saved(page);
    let fresh = page.new_tab();
    fresh.go(&page.fragment());
    fresh.be(person);
    let mut last = (String::new(), String::new());
    let mut is_same = || {
        last = (said(page), said(&fresh));
        (last.0 == last.1).then_some(())
    };
    let found = super::harness::within_patience(&mut is_same);
    assert!(
        found.is_some(),
        "translated: {}\n\nwhat holds: {}",
        last.0,
        last.1
    );
}

fn wait_saved(page: &Page) {
    page.eventually("everything to be saved", || {
        let status = page.js(
            "return document.querySelector('.masthead [role=status]').textContent",
            &[],
        );
        let status = status.as_str().unwrap_or_default().to_lowercase();
        status.starts_with("saved in this browser").then_some(())
    });
}

fn state(page: &Page, percent: &str) {
    page.field("Your credence, in percent").retype(percent);
    page.press(Key::Enter);
}

fn follows_when_translated(translate: &str) {
    let page = Page::with_example();
    page.be("Area lead");
    let board = page.fragment();
    page.open_crux(c(1));
    page.slider("Your credence").wait();
    state(&page, "40");
    wait_saved(&page);
    page.js(translate, &[]);
    state(&page, "70");
    says_what_holds(&page, "Area lead");
    let other = page.new_tab();
    other.go(&page.fragment());
    other.be("Researcher");
    other.slider("Your credence").wait();
    state(&other, "90");
    wait_saved(&other);
    says_what_holds(&page, "Area lead");
    // The same on the board, where the rows change under somebody who only looks.
    page.go(&board);
    page.row(c(1)).wait();
    page.js(translate, &[]);
    other.be("Researcher");
    state(&other, "10");
    wait_saved(&other);
    says_what_holds(&page, "Area lead");
}

#[test]
fn numbers_follow_on_a_page_whose_texts_a_translator_has_replaced() {
    follows_when_translated(TRANSLATE);
}

#[test]
fn numbers_follow_on_a_page_from_which_a_translator_has_dropped_the_comments() {
    follows_when_translated(TRANSLATE_AS_FIREFOX);
}

#[test]
fn numbers_and_states_ask_not_to_be_translated() {
    let page = Page::with_example();
    let is_kept = |text: &str| {
        page.js(
            "const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
             const found = [];
             while (walker.nextNode()) {
                 const { data, parentElement } = walker.currentNode;
                 if (data.trim().startsWith(arguments[0])) found.push(parentElement.translate);
             }
             return found.length > 0 && !found.includes(true)",
            &[text.into()],
        ) == true
    };
    let row = page.row(c(1)).text();
    let number = row.split_whitespace().find(|word| word.ends_with('%'));
    let number = number.unwrap_or_default().to_owned();
    assert!(!number.is_empty(), "{row}");
    for text in [number.as_str(), "median", "spread", "Saved in this browser"] {
        assert!(is_kept(text), "“{text}” may be translated");
    }
    let states = page.js(
        "return [...document.querySelectorAll('.chip')].map(chip => chip.translate)",
        &[],
    );
    assert!(states.as_array().is_some_and(|states| states.len() > 9));
    assert!(!states.to_string().contains("true"), "{states}");
    page.open_crux(c(1));
    page.with_text("terms", "Aggregate").wait();
    assert!(is_kept(&number), "“{number}” may be translated on the crux");
}
