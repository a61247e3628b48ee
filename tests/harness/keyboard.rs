//! Keys and typing.

use std::time::Duration;

use serde_json::json;

pub(crate) use thirtyfour::Key;

use super::{Page, site::RUNTIME};

/// No delay between keys. People are slower, but a test only waits for the page.
const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

impl Page {
    /// Presses keys one after the other, in the element that has the keyboard.
    #[track_caller]
    pub(crate) fn press(&self, keys: impl Into<thirtyfour::TypingData>) {
        let session = self.session();
        let chain = session.action_chain_with_delay(AT_ONCE, AT_ONCE);
        self.expect_done(
            "press keys",
            RUNTIME.block_on(chain.send_keys(keys).perform()),
        );
    }

    /// Holds a key while pressing another.
    #[track_caller]
    pub(crate) fn press_with(&self, held: &[Key], key: impl Into<thirtyfour::TypingData>) {
        let session = self.session();
        let mut chain = session.action_chain_with_delay(AT_ONCE, AT_ONCE);
        for held in held {
            chain = chain.key_down(held.clone());
        }
        chain = chain.send_keys(key);
        for held in held {
            chain = chain.key_up(held.clone());
        }
        self.expect_done("press keys", RUNTIME.block_on(chain.perform()));
    }

    /// Inserts a text at once where the keyboard is, as pasting does.
    #[track_caller]
    pub(crate) fn paste(&self, text: &str) {
        self.cdp("Input.insertText", json!({ "text": text }));
    }

    /// Takes the keyboard away from the field that has it.
    #[track_caller]
    pub(crate) fn leave_field(&self) {
        self.js("document.activeElement.blur()", &[]);
    }

    /// Presses Tab until the element with this role and name has the keyboard.
    #[track_caller]
    pub(crate) fn tab_to(&self, role: &str, name: &str) {
        for _ in 0..300 {
            if self.focus_is(role, name) {
                return;
            }
            self.press(Key::Tab);
        }
        panic!("the Tab key never reached the {role} “{name}”");
    }

    /// Waits until the element with this role and name has the keyboard.
    #[track_caller]
    pub(crate) fn wait_focus(&self, role: &str, name: &str) {
        self.eventually(&format!("the keyboard on the {role} “{name}”"), || {
            self.focus_is(role, name).then_some(())
        });
    }

    /// Returns whether the element that has the keyboard has this role and name.
    pub(crate) fn focus_is(&self, role: &str, name: &str) -> bool {
        self.find_script("focused", &[super::find::Step::new(role, name)])
            .as_bool()
            == Some(true)
    }
}
