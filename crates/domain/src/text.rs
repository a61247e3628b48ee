//! Small text functions for counts and lists in sentences.

pub mod format;
pub mod markdown;
pub mod percent;
pub mod translation;
pub mod web_address;

use std::cmp::Ordering;

use crate::t;

/// Formats a count with its noun: "0 cruxes", "1 crux", "2 cruxes".
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", plural(count, one, many))
}

/// Returns the word that agrees with a count: `one` for 1, `many` for 0 and for 2 or more.
#[must_use]
pub const fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// Joins the parts that are not empty, with `between` between them.
#[must_use]
pub fn joined<T: AsRef<str>>(parts: &[T], between: &str) -> String {
    let parts = parts.iter().map(T::as_ref).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}

/// Ends a text with a full stop, unless it is empty or ends as a sentence already.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim_end();
    let is_ended = text.is_empty() || text.ends_with(['.', '!', '?', '…']);
    format!("{text}{}", if is_ended { "" } else { "." })
}

/// Returns a text without its full stop, for a sentence that goes on or adds its own.
#[must_use]
pub fn without_full_stop(text: &str) -> &str {
    let text = text.trim_end();
    text.strip_suffix('.')
        .filter(|rest| !rest.ends_with('.'))
        .unwrap_or(text)
}

/// Joins words in a sentence: "A, B and C".
#[must_use]
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => t!("{others} and {last}", others = others.join(", "), last),
    }
}

/// Returns a name in the form used for comparison: without letter case, character width, and the spaces
/// around and between words.
#[must_use]
pub fn folded_name(name: &str) -> String {
    let narrow = name.chars().map(|letter| match letter {
        // Fullwidth forms of ASCII, which are 0xFEE0 above it.
        '！'..='～' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        _ => letter,
    });
    let narrow: String = narrow.collect();
    let words: Vec<&str> = narrow.split_whitespace().collect();
    folded(&words.join(" "))
}

/// Compares two texts in the order in which people sort: without case and the marks of Latin letters, and
/// numbers by value, so that "C2" precedes "C10". Equal texts are ordered by their characters.
#[must_use]
pub fn in_order(one: &str, other: &str) -> Ordering {
    let (mut a, mut b) = (Pieces(one.trim_start()), Pieces(other.trim_start()));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return one.cmp(other),
            (one, other) => one.cmp(&other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// A piece of a text for comparison; numbers precede letters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(u64),
    Letter(char),
}

struct Pieces<'a>(&'a str);

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let first = self.0.chars().next()?;
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let length = digits.max(first.len_utf8());
        let (piece, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(match piece.parse() {
            Ok(number) => Piece::Number(number),
            Err(_) => Piece::Letter(base_letter(first)),
        })
    }
}

/// Returns a Latin letter in lower case without its marks, and any other character unchanged.
fn base_letter(letter: char) -> char {
    let small = folded(&letter.to_string());
    let small = small.chars().next().unwrap_or(letter);
    match small {
        'à'..='æ' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' | 'ľ' | 'ĺ' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'œ' => 'o',
        'ŕ' | 'ř' => 'r',
        'ß' | 'ś' | 'ş' | 'š' => 's',
        'ţ' | 'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

/// Returns a text in the form used for comparison: lower case, and one letter for both small sigmas, whose
/// form depends on their position in the word.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_alike_are_one() {
        for name in ["Ann Ö", " ann  ö ", "ANN Ö", "Ａｎｎ\u{3000}Ö"] {
            assert_eq!(folded_name(name), "ann ö", "{name}");
        }
        assert_ne!(folded_name("Ann"), folded_name("Anne"));
    }

    #[test]
    fn only_one_is_in_the_singular() {
        for (count, text) in [
            (0, "0 changes were made"),
            (1, "1 change was made"),
            (2, "2 changes were made"),
            (5, "5 changes were made"),
        ] {
            assert_eq!(counted(count, "change was made", "changes were made"), text);
        }
    }

    #[test]
    fn names_are_sorted_as_people_sort_them() {
        let mut names = [
            "zoo",
            "Zebra",
            "C10",
            "Äpfel",
            "c2",
            "C2",
            "apple",
            "Ökonomie",
            "2027",
            "9",
        ];
        names.sort_by(|one, other| in_order(one, other));
        assert_eq!(
            names,
            [
                "9",
                "2027",
                "Äpfel",
                "apple",
                "C2",
                "c2",
                "C10",
                "Ökonomie",
                "Zebra",
                "zoo"
            ]
        );
        assert_eq!(in_order("a", "a"), Ordering::Equal);
        assert_eq!(in_order("99999999999999999999999", "1"), Ordering::Greater);
    }

    #[test]
    fn words_are_listed_with_an_and_before_the_last() {
        for (words, text) in [
            (&[][..], ""),
            (&["A"], "A"),
            (&["A", "B"], "A and B"),
            (&["A", "B", "C"], "A, B and C"),
        ] {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            assert_eq!(listed(&words), text);
        }
    }

    #[test]
    fn parts_that_are_empty_leave_no_separator() {
        for (parts, text) in [
            (["", "", ""], ""),
            (["", "b", ""], "b"),
            (["a", "", "c"], "a · c"),
            (["a", "b", "c"], "a · b · c"),
        ] {
            assert_eq!(joined(&parts, " · "), text);
        }
    }

    #[test]
    fn a_text_is_found_whatever_its_case() {
        for (text, found) in [
            ("ÉCOLE", "école"),
            ("Straße", "straße"),
            ("ΟΔΟΣ οδός", "οδοσ οδόσ"),
            ("МОСКВА", "москва"),
            ("ԵՐԵՎԱՆ", "երեվան"),
            ("Ꮳꮃꭹ", "ꮳꮃꭹ"),
        ] {
            assert_eq!(folded(text), found);
        }
    }
}
