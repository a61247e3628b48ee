//! A page that the browser translates must keep showing the present state.

use super::{
    example::c,
    harness::{Find as _, Key, Page},
};

/// Translates like Chrome and most extensions: each text node becomes `<font><font>TEXT</font></font>`.
/// Browsers skip elements with `translate="no"`; here they are translated too, since some extensions do so.
const REPLACE: &str = "
    document.documentElement.classList.add('translated-ltr');
    window.replaced ??= [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        if (data.trim() && !parentElement.closest('font')) texts.push(walker.currentNode);
    }
    for (const text of texts) {
        const outer = document.createElement('font');
        const inner = document.createElement('font');
        outer.append(inner);
        inner.append(text.data.toUpperCase());
        text.replaceWith(outer);
        window.replaced.push([outer, text]);
    }";

/// Restores the original like Chrome.
const SHOW_ORIGINAL: &str = "
    document.documentElement.classList.remove('translated-ltr');
    for (const [outer, text] of window.replaced) outer.replaceWith(text);";

/// Translates like Firefox: it takes all nodes out of an element with a text in it, writes the translation
/// into as many of its text nodes as needed, from the first, and puts those and the elements back. Adjacent
/// texts are joined. Firefox skips elements that contain comments; here they are translated too.
const REWRITE: &str = "
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const parents = new Set();
    while (walker.nextNode()) if (walker.currentNode.data.trim()) parents.add(walker.currentNode.parentNode);
    for (const parent of parents) {
        const nodes = [...parent.childNodes];
        for (const node of nodes) node.remove();
        const texts = nodes.filter((node) => node.nodeType === Node.TEXT_NODE);
        const translated = [];
        for (const node of nodes) {
            if (node.nodeType === Node.ELEMENT_NODE) translated.push(node);
            if (node.nodeType !== Node.TEXT_NODE) continue;
            const words = node.data.toUpperCase();
            if (typeof translated.at(-1) === 'string') translated.push(translated.pop() + words);
            else translated.push(words);
        }
        for (const part of translated) {
            if (typeof part === 'string') {
                const text = texts.shift();
                text.data = part;
                parent.append(text);
            } else {
                parent.append(part);
            }
        }
    }";

/// Translates texts in place, and drops the comments beside them.
const CHANGE_IN_PLACE: &str = "
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

/// Returns all texts of the page in lower case, since a translation here only changes the case.
fn said(page: &Page) -> String {
    let said = page.js(
        "return document.getElementById('main').textContent.replace(/\\s+/g, ' ').toLowerCase()",
        &[],
    );
    said.as_str().unwrap_or_default().to_owned()
}

/// Waits until the page shows the same texts as a page at the same address without translation.
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
    // Also on the board, where rows change for a person who only watches.
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
    follows_when_translated(REPLACE);
}

#[test]
fn numbers_follow_on_a_page_whose_texts_a_translator_has_joined() {
    follows_when_translated(REWRITE);
}

#[test]
fn numbers_follow_on_a_page_from_which_a_translator_has_dropped_the_comments() {
    follows_when_translated(CHANGE_IN_PLACE);
}

/// The text nodes are the app's own, so it updates them in place.
#[test]
fn a_page_reads_as_before_once_the_original_is_shown_again() {
    let page = Page::with_example();
    page.be("Area lead");
    page.open_crux(c(1));
    page.slider("Your credence").wait();
    let before = said(&page);
    page.js(REPLACE, &[]);
    assert_eq!(said(&page), before, "a translation differs only in case");
    page.js(SHOW_ORIGINAL, &[]);
    assert_eq!(said(&page), before);
    let fonts = page.js("return document.getElementsByTagName('font').length", &[]);
    assert_eq!(fonts, 0);
    state(&page, "70");
    says_what_holds(&page, "Area lead");
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
