//! Opens boards, and measures how long that takes.

use serde_json::{Value, json};

use super::harness::{Find as _, Page, Setup, eventually, within_patience};
use super::made::Made;

/// Records when the first rows of a board are painted, counted from navigation, and which tasks blocked
/// the page for more than 50 ms.
pub(crate) const WATCH: &str = "
    window.__usable = null;
    window.__long = [];
    new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) window.__long.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
    const look = () => {
        if (document.querySelectorAll('[role=row]').length > 10 && document.querySelector('#search')) {
            requestAnimationFrame(() => setTimeout(() => { window.__usable = performance.now(); }));
        } else {
            setTimeout(look, 1);
        }
    };
    look();
    // When a transaction that writes changes began and was complete.
    window.__stored = [];
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
        const made = transaction.call(this, stores, mode, ...rest);
        if (mode === 'readwrite' && [...stores].includes('changes')) {
            made.addEventListener('complete', () => window.__stored.push(performance.now()));
        }
        return made;
    };
";

pub(crate) fn opened(made: &Made) -> Page {
    filled(
        Setup::default().in_new_browser().before_load(WATCH).start(),
        made,
    )
}

/// Returns the page with the board stored.
pub(crate) fn filled(page: Page, made: &Made) -> Page {
    page.region("Begin").wait();
    page.drop_file("board.json", &made.text);
    page.role("complementary", "Tour").button("Got it").click();
    wait_stored(&page);
    page.js(
        "localStorage.setItem(`cruxboard/me/${arguments[0]}`, JSON.stringify(arguments[1]))",
        &[json!(made.board), json!(made.person)],
    );
    page
}

/// Waits until everything is stored. Asks the page's own selectors: looking at each element of a large board
/// would keep it from storing.
pub(crate) fn wait_stored(page: &Page) {
    let is_stored = || {
        let says = page.js(
            "return [...document.querySelectorAll('[role=status]')]
                 .some(({ textContent }) => textContent.includes('Saved in this browser'))",
            &[],
        );
        (says == true).then_some(())
    };
    let stored = (0..6).find_map(|_| within_patience(is_stored));
    assert!(
        stored.is_some(),
        "the board was not stored within two minutes"
    );
}

pub(crate) fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers
}

pub(crate) fn share(numbers: &[f64], share: usize) -> f64 {
    numbers[(numbers.len() - 1) * share / 100]
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    let all = value.as_array().cloned().unwrap_or_default();
    all.iter().filter_map(Value::as_f64).collect()
}

/// Returns the times from navigation until the board can be used, in milliseconds.
pub(crate) fn usable(page: &Page, board: &str) -> Vec<f64> {
    page.go_to("about:blank");
    let once = || {
        page.go_to("about:blank");
        page.go(&format!("#/{board}"));
        eventually("a usable board", || {
            page.js("return window.__usable", &[]).as_f64()
        })
    };
    sorted((0..9).map(|_| once()).collect())
}
