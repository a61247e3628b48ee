//! Texts in the language of the reader.
//!
//! The code has the English texts, and each is the key of its translations: `t!("Save evidence")`. A file for
//! each other language in `lang/` maps them. The language is set once, before anything is shown, and holds
//! until the page is loaded anew. Texts that are stored on a board or in a file that programs read are not
//! translated.
//!
//! | | |
//! | --- | --- |
//! | [`t!`](crate::t)`("Save evidence")` | a text, as `&'static str` |
//! | `t!("Delete “{name}”?", name)`, `t!("Due on {day}", day = spelled(day))` | a text with values, as `String` |
//! | `t!("state" => "Open")` | a text whose translation depends on what it is said of |
//! | [`tn!`](crate::tn)`(count, "{count} crux", "{count} cruxes")` | a text for one and for many |
//! | [`translatable!`](crate::translatable)`("Claim")` | a text in a table, for [`translated`] |

use std::collections::HashMap;
use std::fmt::{Display, Write};
use std::sync::OnceLock;

use crate::t;

static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();

/// The texts of a language.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// The translation of each English text; of a text for one and many, that of the many.
    pub texts: HashMap<String, String>,
    /// The translation for one, by the English text for many.
    pub singulars: HashMap<String, String>,
    /// The sign between a number and its decimal places; `None` for a full stop.
    pub decimal_separator: Option<char>,
}

/// Sets the language of all texts. Does nothing if it was set before.
pub fn set(catalogue: Catalogue) {
    // A second language on the same page would mix both.
    drop(CATALOGUE.set(catalogue));
}

/// Returns whether texts are in English.
pub(crate) fn is_english() -> bool {
    CATALOGUE.get().is_none()
}

/// Returns the translation of a text, or the text itself where there is none.
#[must_use]
pub fn translated(text: &'static str) -> &'static str {
    let catalogue = CATALOGUE.get();
    catalogue
        .and_then(|catalogue| catalogue.texts.get(text))
        .map_or(text, String::as_str)
}

/// Returns the translation of a text where it is said of `context`.
#[must_use]
pub fn translated_in(context: &str, text: &'static str) -> &'static str {
    let key = |catalogue: &'static Catalogue| catalogue.texts.get(&format!("{context}|{text}"));
    CATALOGUE.get().and_then(key).map_or(text, String::as_str)
}

/// Returns the translation for a count: that of `one` for 1, and that of `many` otherwise.
#[must_use]
pub fn counted_text(count: usize, one: &'static str, many: &'static str) -> &'static str {
    if count != 1 {
        return translated(many);
    }
    let catalogue = CATALOGUE.get();
    catalogue
        .and_then(|catalogue| catalogue.singulars.get(many))
        .map_or(one, String::as_str)
}

/// Writes the values into the places of a text: "{name}" becomes the value called "name".
#[must_use]
pub fn filled(text: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Value(name) => match values.iter().find(|(it, _)| *it == name) {
                // Writing to a string cannot fail.
                Some((_, value)) => drop(write!(filled, "{value}")),
                None => filled.push_str(name),
            },
        }
    }
    filled
}

/// A piece of a text with places for values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// The name of a value.
    Value(&'a str),
}

/// Splits a text at its places for values.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find('{').unwrap_or(rest.len());
        if start > 0 {
            let (text, after) = rest.split_at(start);
            rest = after;
            return Some(Piece::Text(text));
        }
        // A brace that stays open ends with the text.
        let (name, after) = rest[1..].split_once('}').unwrap_or((&rest[1..], ""));
        rest = after;
        Some(Piece::Value(name))
    })
}

/// Writes a number as the language does: "3.5", in German "3,5".
#[must_use]
pub fn number(number: impl Display) -> String {
    let number = number.to_string();
    match CATALOGUE.get().and_then(|it| it.decimal_separator) {
        Some(separator) => number.replace('.', separator.encode_utf8(&mut [0; 4])),
        None => number,
    }
}

/// Writes a count with a comma at each thousand, in German with a full stop: "12,000".
#[must_use]
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    // A language that writes decimals with a comma groups thousands with a full stop.
    let separator = if number("1.5") == "1.5" { ',' } else { '.' };
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Writes a percentage as the language does: "3.5%", in German "3,5 %".
#[must_use]
pub fn percent(number: impl Display) -> String {
    t!("{number}%", number = self::number(number))
}

/// Returns a label as it continues a sentence: in English in lower case. Other languages keep the capital
/// letters of their nouns.
#[must_use]
pub fn in_sentence(label: impl AsRef<str>) -> String {
    let label = label.as_ref();
    if is_english() {
        label.to_lowercase()
    } else {
        label.to_owned()
    }
}

/// Fails to compile where a text has a place without a value, or, if `all` are needed, a value without a
/// place.
#[doc(hidden)]
pub const fn check(text: &str, names: &[&str], all: bool) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'{' {
            let mut is_known = false;
            let mut i = 0;
            while i < names.len() {
                is_known |= is_place(bytes, at, names[i].as_bytes());
                i += 1;
            }
            assert!(is_known, "a place of the text has no value");
        }
        at += 1;
    }
    let mut i = 0;
    while all && i < names.len() {
        let mut is_used = false;
        let mut at = 0;
        while at < bytes.len() {
            is_used |= is_place(bytes, at, names[i].as_bytes());
            at += 1;
        }
        assert!(is_used, "a value has no place in the text");
        i += 1;
    }
}

/// Returns whether the place of `name` begins at a position of a text.
const fn is_place(text: &[u8], at: usize, name: &[u8]) -> bool {
    let end = at + name.len() + 1;
    if end >= text.len() || text[at] != b'{' || text[end] != b'}' {
        return false;
    }
    let mut i = 0;
    while i < name.len() {
        if text[at + 1 + i] != name[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// A text in the language of the reader; see [`translation`](crate::text::translation).
#[macro_export]
macro_rules! t {
    ($text:literal $(,)?) => {{
        const { $crate::text::translation::check($text, &[], true) };
        $crate::text::translation::translated($text)
    }};
    ($context:literal => $text:literal $(,)?) => {{
        const { $crate::text::translation::check($text, &[], true) };
        $crate::text::translation::translated_in($context, $text)
    }};
    ($text:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        const { $crate::text::translation::check($text, &[$(stringify!($name)),+], true) };
        $crate::text::translation::filled(
            $crate::text::translation::translated($text),
            &[$((stringify!($name), &$crate::text_value!($name $(= $value)?))),+],
        )
    }};
}

/// A text that depends on a count, in the language of the reader; the count is the value "count". See
/// [`translation`](crate::text::translation).
#[macro_export]
macro_rules! tn {
    ($count:expr, $one:literal, $many:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const NAMES: &[&str] = &["count" $(, stringify!($name))*];
        const { $crate::text::translation::check($one, NAMES, false) };
        const { $crate::text::translation::check($many, NAMES, false) };
        let count: usize = $count;
        $crate::text::translation::filled(
            $crate::text::translation::counted_text(count, $one, $many),
            &[("count", &count) $(, (stringify!($name), &$crate::text_value!($name $(= $value)?)))*],
        )
    }};
}

/// Marks a text of a table, to be shown by [`translated`].
#[macro_export]
macro_rules! translatable {
    ($text:literal) => {
        $text
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! text_value {
    ($name:ident) => {
        $name
    };
    ($name:ident = $value:expr) => {
        $value
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_the_text_says() {
        let name = "Ann";
        assert_eq!(t!("Save"), "Save");
        assert_eq!(t!("state" => "Open"), "Open");
        assert_eq!(
            t!("{name} and {other}: {name}", name, other = 3),
            "Ann and 3: Ann"
        );
        assert_eq!(tn!(1, "One crux", "{count} cruxes"), "One crux");
        assert_eq!(
            tn!(2, "One crux of {name}", "{count} cruxes of {name}", name),
            "2 cruxes of Ann"
        );
    }

    #[test]
    fn a_text_with_a_brace_that_is_left_open_ends_there() {
        for (text, expected) in [
            ("a {b", vec![Piece::Text("a "), Piece::Value("b")]),
            ("{", vec![Piece::Value("")]),
            ("{}x", vec![Piece::Value(""), Piece::Text("x")]),
        ] {
            assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
