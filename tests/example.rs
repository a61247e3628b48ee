//! The worked example, as in its tables.

use super::harness::{Find as _, Found, Page};

/// The titles of the cruxes in the manual order; C1 is the first.
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

/// The first credences of red-teamer, area lead and researcher, and their aggregate, in percent.
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

/// Number of changes of the example.
pub(crate) const CHANGES: usize = 211;

/// Returns the title of a crux by its number in the tables.
pub(crate) fn c(number: usize) -> &'static str {
    TITLES[number - 1]
}

impl Page {
    /// Finds the board's table.
    pub(crate) fn table(&self) -> Found {
        self.role("table", "Cruxes")
    }

    /// Finds a step of the scale for the weight of new evidence on a crux.
    pub(crate) fn radio_on(&self, title: &str, step: &str) -> Found {
        let scale = format!("Weight on {title}");
        self.role("radiogroup", &scale).role("radio", step)
    }

    /// Finds a row of the board's table.
    pub(crate) fn row(&self, title: &str) -> Found {
        self.table().with_text("row", title)
    }

    /// Returns the numbers of the cruxes shown, in order.
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

    /// Shows one of the board's screens. A review fills the screen, so it is left first.
    #[track_caller]
    pub(crate) fn tab(&self, name: &str) {
        let (tabs, way_out) = (
            self.role("navigation", "Board"),
            self.link("Leave the review"),
        );
        self.eventually("the tabs, or a review", || {
            (tabs.is_there() || way_out.is_there()).then_some(())
        });
        if !tabs.is_there() {
            way_out.click();
        }
        tabs.link(name).click();
    }

    #[track_caller]
    pub(crate) fn undo(&self) {
        self.group("Undo and redo").button("Undo").click();
    }

    #[track_caller]
    pub(crate) fn redo(&self) {
        self.group("Undo and redo").button("Redo").click();
    }

    /// Returns the texts of the notices.
    pub(crate) fn notices(&self) -> String {
        let text = self.js(
            "return [...document.querySelectorAll('[aria-live]')].map((e) => e.innerText).join('\\n').replace(/[\\u2061\\u2062]/g, '')",
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

    /// Returns the visible text of the whole page.
    pub(crate) fn body(&self) -> String {
        // Without the marks of tests of languages.
        let text = self.js(
            "return document.body.innerText.replace(/[\\u2061\\u2062]/g, '')",
            &[],
        );
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
