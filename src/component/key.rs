//! The key of a keyboard event, for shortcuts and fields.

use leptos::ev;
use leptos::web_sys::HtmlInputElement;

/// A key pressed in a field, with the field as its target.
pub type KeyInField = ev::Targeted<ev::KeyboardEvent, HtmlInputElement>;

/// The key code that browsers report while an input method handles the key.
const HANDLED_BY_INPUT_METHOD: u32 = 229;

/// Returns the name of the key: "Enter", "Escape", "z". Letters are in lower case.
///
/// While an input method composes a text, Enter accepts a suggestion and Escape drops it. The name
/// is then empty, since neither is meant for the field.
#[must_use]
pub fn key_of(event: &ev::KeyboardEvent) -> String {
    // Safari ends the composition before it reports the Enter that ended it.
    if event.is_composing() || event.key_code() == HANDLED_BY_INPUT_METHOD {
        return String::new();
    }
    key_name(&event.key(), &event.code(), is_command(event))
}

/// Returns whether Ctrl, or Cmd on a Mac, is held.
#[must_use]
pub fn is_command(event: &ev::KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key()
}

/// Returns whether a click on a link opens it here: without a key that opens another tab or window.
#[must_use]
pub fn is_plain(event: &ev::MouseEvent) -> bool {
    !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
}

/// Returns the name of a key by the letter on it, or by its position if that letter is not Latin:
/// Ctrl+Я is Ctrl+Z on a Russian keyboard.
fn key_name(key: &str, code: &str, is_command: bool) -> String {
    let place = code.strip_prefix("Key").filter(|place| place.len() == 1);
    match place {
        Some(place) if is_command && !key.is_ascii() => place.to_lowercase(),
        _ if key.chars().count() == 1 => key.to_lowercase(),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_goes_by_the_letter_where_it_is_latin_and_else_by_the_place_of_the_key() {
        for (key, code, name) in [
            ("z", "KeyZ", "z"),
            ("Z", "KeyZ", "z"),
            ("я", "KeyZ", "z"),
            ("Я", "KeyZ", "z"),
            ("ζ", "KeyZ", "z"),
            ("ז", "KeyZ", "z"),
            ("н", "KeyY", "y"),
            // German: the two letters are swapped.
            ("z", "KeyY", "z"),
            ("y", "KeyZ", "y"),
            // French: W is at the position of the English Z.
            ("w", "KeyZ", "w"),
            ("z", "KeyW", "z"),
            ("ü", "BracketLeft", "ü"),
            ("Enter", "Enter", "Enter"),
        ] {
            assert_eq!(key_name(key, code, true), name, "{key} on {code}");
        }
    }

    #[test]
    fn without_ctrl_a_key_is_the_letter_on_it() {
        for (key, code, name) in [("я", "KeyZ", "я"), ("?", "Slash", "?"), ("/", "KeyQ", "/")] {
            assert_eq!(key_name(key, code, false), name);
        }
    }
}
