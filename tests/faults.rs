//! Faults that must not lose work: a killed browser, diverged tabs, failing storage, damaged rows, wrong
//! clocks.

mod clock;
mod damaged;
mod killed;
mod storage;
mod tabs;

use serde_json::{Value, json};

use super::{
    example::{CHANGES, c},
    harness::{Find as _, Page},
};

const NUMBER: &str = "Your credence, in percent";

/// Pseudo-random numbers, the same in each run.
struct Dice(u64);

impl Dice {
    /// Returns a number below `end`.
    fn roll(&mut self, end: usize) -> usize {
        // Xorshift, by Marsaglia.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }
}

impl Page {
    /// States a credence in the crux on the screen, and leaves the field.
    #[track_caller]
    fn state(&self, percent: usize) {
        self.field(NUMBER).fill(&percent.to_string());
    }

    /// Starts to state credences in the crux on the screen one after the other, as fast as the page accepts
    /// them. Returns at once.
    #[track_caller]
    fn begin_storm(&self, count: usize) {
        self.field(NUMBER).on_element(
            "const [input, count] = arguments;
             window.__storm = 0;
             (async () => {
                 for (let i = 0; i < count; i++) {
                     input.value = String(1 + i % 97);
                     input.dispatchEvent(new Event('input', { bubbles: true }));
                     input.dispatchEvent(new Event('change', { bubbles: true }));
                     window.__storm = i + 1;
                     await new Promise((next) => setTimeout(next, 2));
                 }
             })();",
            &[json!(count)],
        );
    }

    /// Waits for the last of many edits, as long as they continue.
    #[track_caller]
    fn wait_storm(&self, count: usize) {
        let so_far = || self.js("return window.__storm", &[]);
        loop {
            let seen = so_far();
            if seen == json!(count) {
                return;
            }
            self.eventually("the next of many edits", || {
                (so_far() != seen).then_some(())
            });
        }
    }

    /// Leaves the app for a page of the same site that runs no scripts, where storage can be read and altered
    /// without the app.
    #[track_caller]
    fn leave(&self) {
        // The browser itself requests the icon, since a picture names none.
        self.expect_in_console("favicon.ico");
        self.go("favicon.svg");
    }

    /// Removes the copies from which the app would repair the damage to come.
    #[track_caller]
    fn forget_mirror(&self) {
        self.js(
            "for (const key of Object.keys(localStorage)) {
                 if (key.startsWith('cruxboard/mirror')) localStorage.removeItem(key);
             }",
            &[],
        );
    }

    #[track_caller]
    fn delete_journal(&self) {
        let result = self.js(
            "return new Promise((resolve) => {
                 const request = indexedDB.deleteDatabase('cruxboard');
                 request.onsuccess = () => resolve('deleted');
                 request.onerror = () => resolve(String(request.error));
             })",
            &[],
        );
        assert_eq!(result, "deleted");
    }

    /// Waits until this number of changes is stored.
    #[track_caller]
    fn wait_stored(&self, count: usize) {
        self.wait_saved();
        let stored =
            super::harness::within_patience(|| (self.stored_count() == count).then_some(()));
        if stored.is_none() {
            self.fail(&format!(
                "{} changes are stored instead of {count}",
                self.stored_count()
            ));
        }
    }

    /// Waits until the whole board is shown.
    #[track_caller]
    fn wait_example(&self) {
        self.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the cruxes in their order");
    }

    /// Returns whether leaving the page would ask for confirmation.
    pub(crate) fn is_guarded(&self) -> bool {
        let asked = self.js(
            "const event = new Event('beforeunload', { cancelable: true });
             window.dispatchEvent(event);
             return event.defaultPrevented",
            &[],
        );
        asked == Value::Bool(true)
    }
}

/// Opens the crux again as a person. Their name may have to be chosen again, since it is stored in local
/// storage, which a kill or a clearing may remove.
fn again_on(page: &Page, crux: &str, person: &str) {
    page.go(crux);
    page.be(person);
    page.field(NUMBER).wait();
}

/// Opens the first crux of the worked example as one of its people.
fn on_first_crux(page: Page, person: &str) -> Page {
    let page = page.open_example();
    page.be(person);
    page.open_crux(c(1));
    page.field(NUMBER).wait();
    assert_eq!(page.stored_count(), CHANGES);
    page
}
