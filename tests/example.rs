//! The worked example, as its tables have it.

use super::harness::{Find as _, Found, Page};

/// The cruxes in their own order; C1 is the first.
pub(crate) const TITLES: [&str; 9] = [
    "Coercive by default",
    "Worse than other post-training",
    "Grows with capability",
    "A non-coercive route exists",
    "Nobody can reproduce the good case",
    "Pre-training decides",
    "Select-and-scale is better",
    "Specs lose tacit goodness",
    "Pauses are the better use",
];

/// What red-teamer, area lead and researcher said first, and what it comes to, in percent.
pub(crate) const CREDENCES: [([u32; 3], u32); 9] = [
    ([35, 15, 20], 22),
    ([40, 20, 30], 29),
    ([50, 30, 35], 38),
    ([45, 60, 55], 53),
    ([55, 30, 45], 43),
    ([50, 25, 40], 38),
    ([25, 10, 15], 16),
    ([45, 25, 35], 35),
    ([30, 15, 20], 21),
];

/// How many changes it has.
pub(crate) const CHANGES: usize = 139;

/// The title of a crux by its number in the tables.
pub(crate) fn c(number: usize) -> &'static str {
    TITLES[number - 1]
}

impl Page {
    /// The board's table.
    pub(crate) fn table(&self) -> Found {
        self.role("table", "Cruxes")
    }

    /// One row of it.
    pub(crate) fn row(&self, title: &str) -> Found {
        self.table().with_text("row", title)
    }

    /// The numbers of the cruxes shown, in order.
    pub(crate) fn shown(&self) -> Vec<usize> {
        let names = self.table().all("row").all("link").names();
        names
            .iter()
            .filter_map(|name| TITLES.iter().position(|title| title == name))
            .map(|at| at + 1)
            .collect()
    }

    /// Waits until exactly these cruxes are shown, in this order.
    #[track_caller]
    pub(crate) fn wait_shown(&self, expected: &[usize], why: &str) {
        let found = super::harness::within_patience(|| (self.shown() == expected).then_some(()));
        if found.is_none() {
            self.fail(&format!(
                "{why}: {:?} instead of {expected:?}",
                self.shown()
            ));
        }
    }

    /// Opens a crux from the board.
    #[track_caller]
    pub(crate) fn open_crux(&self, title: &str) {
        self.table().link(title).click();
        self.role("heading", title).wait();
    }

    /// Goes to one of the board's screens.
    #[track_caller]
    pub(crate) fn tab(&self, name: &str) {
        self.role("navigation", "Board").link(name).click();
    }

    #[track_caller]
    pub(crate) fn undo(&self) {
        self.group("Undo and redo").button("Undo").click();
    }

    #[track_caller]
    pub(crate) fn redo(&self) {
        self.group("Undo and redo").button("Redo").click();
    }

    /// What notices say.
    pub(crate) fn notices(&self) -> String {
        let text = self.js(
            "return [...document.querySelectorAll('[aria-live]')].map((e) => e.innerText).join('\\n')",
            &[],
        );
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a notice says this.
    #[track_caller]
    pub(crate) fn wait_notice(&self, part: &str) -> String {
        self.eventually(&format!("a notice that says “{part}”"), || {
            Some(self.notices()).filter(|text| text.contains(part))
        })
    }

    /// The text of the whole page as one sees it.
    pub(crate) fn body(&self) -> String {
        let text = self.js("return document.body.innerText", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says this.
    #[track_caller]
    pub(crate) fn wait_body(&self, part: &str) {
        self.eventually(&format!("the page to say “{part}”"), || {
            self.body().contains(part).then_some(())
        });
    }
}
