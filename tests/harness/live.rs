//! Measures how long a change in one browser takes to appear in another.

use serde_json::json;

use super::{Find as _, Page, eventually};

const NUMBER: &str = "Your credence, in percent";

/// Returns the times from stating a credence in one browser until it is in the other's page, in milliseconds,
/// `count` times. Both browsers show the same crux, and share the clock of this machine.
pub(crate) fn until_it_shows(here: &Page, there: &Page, count: u32) -> Vec<f64> {
    there.js(
        "window.__shown = {};
         const look = () => {
             const now = performance.timeOrigin + performance.now();
             for (const [, number] of document.querySelector('main').textContent.matchAll(/(\\d+)%/g)) window.__shown[number] ??= now;
         };
         look();
         new MutationObserver(look).observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });",
        &[],
    );
    let taken = there.js("return Object.keys(window.__shown)", &[]);
    let taken: Vec<String> = serde_json::from_value(taken).expect("numbers");
    let numbers = (3..97).filter(|number: &u32| !taken.contains(&number.to_string()));
    let numbers: Vec<u32> = numbers.take(count as usize).collect();
    let times = numbers.iter().map(|number| {
        let said = here.field(NUMBER).on_element(
            "const [input, number] = arguments;
             const now = performance.timeOrigin + performance.now();
             input.value = String(number);
             input.dispatchEvent(new Event('input', { bubbles: true }));
             input.dispatchEvent(new Event('change', { bubbles: true }));
             return now;",
            &[json!(number)],
        );
        let shown = eventually("the other's credence", || {
            there
                .js("return window.__shown[arguments[0]]", &[json!(number)])
                .as_f64()
        });
        shown - said.as_f64().expect("a time")
    });
    times.collect()
}
