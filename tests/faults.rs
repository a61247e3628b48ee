//! What must not lose work: a killed browser, tabs at odds, storage that fails, damage, odd clocks.

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

/// A few numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn roll(&mut self, end: usize) -> usize {
        // Xorshift, by Marsaglia.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }
}

impl Page {
    /// States a credence on the crux that is shown, and leaves the field.
    #[track_caller]
    fn state(&self, percent: usize) {
        self.field(NUMBER).fill(&percent.to_string());
    }

    /// States one credence after the other on the crux that is shown, as fast as the page takes
    /// them, and goes on with the test meanwhile.
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

    /// Waits for the last of many edits, for as long as they go on.
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

    /// Leaves the app for a page of the same site that runs nothing, where storage can be read and
    /// altered behind the app's back.
    #[track_caller]
    fn leave(&self) {
        // Asked for by the browser itself, since a picture names no icon.
        self.expect_in_console("favicon.ico");
        self.go("favicon.svg");
    }

    /// Removes the copies that would heal what is about to be damaged.
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

    /// Waits until so many changes are stored.
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

    /// Whether leaving the page would be asked about.
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

/// The crux again, by a person who may have to say who they are: that is remembered in local
/// storage, which a kill or a clearing may take away.
fn again_on(page: &Page, crux: &str, person: &str) {
    page.go(crux);
    page.be(person);
    page.field(NUMBER).wait();
}

/// The worked example as a person of it sees it, on its first crux.
fn on_first_crux(page: Page, person: &str) -> Page {
    let page = page.open_example();
    page.be(person);
    page.open_crux(c(1));
    page.field(NUMBER).wait();
    assert_eq!(page.stored_count(), CHANGES);
    page
}
