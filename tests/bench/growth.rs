//! How times grow with a board, many boards in one browser, and a very large board.

use serde_json::{Value, json};

use super::harness::{Find as _, Page, Setup, eventually};
use super::made::{made, made_on};
use super::measuring::{WATCH, filled, numbers, opened, share, sorted, usable, wait_stored};

/// Returns by which power of the number of changes a time grows: 1 if it doubles with them.
fn exponent((few, before): (usize, f64), (many, after): (usize, f64)) -> f64 {
    (after / before).ln() / (many as f64 / few as f64).ln()
}

#[test]
fn growth_from_1_000_to_100_000_changes() {
    let mut points = Vec::new();
    println!("\nGrowth with the number of changes, a hundred for each crux");
    for changes in [1_000, 10_000, 100_000] {
        let made = made(changes / 100, changes);
        let page = opened(&made);
        let usable = share(&usable(&page, &made.board), 50);
        println!("  {changes:>7} changes, usable after      {usable:>7.0} ms");
        points.push((changes, usable));
    }
    println!(
        "  exponent from 1,000 to 100,000     {:>7.2}     (from 10,000: {:.2}; wanted: at most 1.05)",
        exponent(points[0], points[2]),
        exponent(points[1], points[2])
    );
}

#[test]
fn fifty_boards_in_one_browser() {
    const BOARDS: u32 = 50;
    let page = Setup::default().in_new_browser().before_load(WATCH).start();
    page.region("Begin").wait();
    for device in 1..=BOARDS {
        let made = made_on(device, 40, 1_000);
        page.drop_file("board.json", &made.text);
        eventually("the board to open", || {
            let question = page.js(
                "return document.querySelector('.masthead .question')?.textContent",
                &[],
            );
            let is_open = question.as_str()?.contains(&format!("line {device}?"));
            is_open.then_some(())
        });
        wait_stored(&page);
    }
    let listed = page_times(
        &page,
        "",
        "document.querySelectorAll('.boards a').length >= 50",
    );
    let last = made_on(BOARDS, 40, 1_000).board;
    let opened = page_times(
        &page,
        &format!("#/{last}"),
        "document.querySelectorAll('[role=row]:not([hidden])').length > 10",
    );
    println!(
        "\n{BOARDS} boards of 40 cruxes and 1,000 changes in one browser\n  navigation to the list of boards  {:>7.0} ms  (worst {:.0})\n  navigation to one of them         {:>7.0} ms  (worst {:.0}; wanted: under 1000)",
        share(&listed, 50),
        share(&listed, 100),
        share(&opened, 50),
        share(&opened, 100)
    );
}

/// Returns the times from navigation until a condition of the page holds, in milliseconds.
fn page_times(page: &Page, address: &str, condition: &str) -> Vec<f64> {
    let once = || {
        page.go_to("about:blank");
        page.go(address);
        eventually(condition, || {
            page.js(
                &format!("return {condition} ? performance.now() : null"),
                &[],
            )
            .as_f64()
        })
    };
    sorted((0..9).map(|_| once()).collect())
}

#[test]
fn a_board_of_5_000_cruxes() {
    let made = made(5_000, 50_000);
    let page = filled(
        Setup::default().in_new_browser().before_load(WATCH).start(),
        &made,
    );
    let usable = usable(&page, &made.board);
    println!(
        "\n5,000 cruxes, 50,000 changes\n  navigation to a usable board      {:>7.0} ms  (worst {:.0})",
        share(&usable, 50),
        share(&usable, 100)
    );
    page.all("searchbox").at(0).wait();
    for (words, text) in [
        ("a search for one crux", "number 4999"),
        ("the search emptied", ""),
    ] {
        let answer: Value = page.js(
            "const [text, other] = arguments;
             const free = () => new Promise((next) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = next; port2.postMessage(0); });
             const search = document.querySelector('#search');
             const type = (text) => { search.value = text; search.dispatchEvent(new Event('input', { bubbles: true })); };
             const count = () => document.querySelectorAll('[role=row]:not([hidden])').length;
             const until = async (is) => { while (!is()) await free(); };
             return (async () => {
                 const took = [];
                 for (let turn = 0; turn < 5; turn++) {
                     type(other);
                     await until(() => other ? count() < 10 : count() > 1000);
                     await new Promise((next) => setTimeout(next, 1000));
                     window.__long.length = 0;
                     const begun = performance.now();
                     type(text);
                     await until(() => text ? count() < 10 : count() > 10);
                     await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
                     took.push(performance.now() - begun);
                     await new Promise((next) => setTimeout(next, 1500));
                     took.push(Math.max(0, ...window.__long.map(([, duration]) => duration)));
                 }
                 return took;
             })()",
            &[json!(text), json!(if text.is_empty() { "number 4999" } else { "" })],
        );
        let (times, tasks): (Vec<f64>, Vec<f64>) = numbers(&answer)
            .chunks(2)
            .map(|pair| (pair[0], pair[1]))
            .unzip();
        println!(
            "  {words:<33} {:>7.1} ms  (longest task {:.0} ms; wanted: none over 50)",
            share(&sorted(times), 50),
            share(&sorted(tasks), 50)
        );
    }
}
