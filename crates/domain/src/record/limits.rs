//! Limits of the lengths of texts, by field. Entered and imported texts, and changes accepted by a server,
//! must meet them. A longer change from elsewhere is kept and shown.

use serde_json::Value;

use crate::change::Change;
use crate::t;
use crate::translation::grouped;

/// Maximum length of any text field, in characters. No version has stored a longer text.
pub const TEXT_LIMIT: usize = 20_000;

/// Maximum number of combining marks on one letter, as in stream-safe text (Unicode Standard Annex 15).
pub const MOST_MARKS: usize = 30;

/// Factor by which texts from elsewhere may exceed the limit of their field. Earlier versions accepted
/// [`TEXT_LIMIT`] in each field, and a person whose name is refused would be missing for everybody else.
const ELSEWHERE_FACTOR: usize = 10;

const NAME: usize = 200;
const LINE: usize = 1_000;
const CLAIM: usize = 5_000;

/// The fields with a lower limit than [`TEXT_LIMIT`], by their stored names.
const LIMITS: &[(&str, usize)] = &[
    ("name", NAME),
    ("initials", NAME),
    ("role", NAME),
    ("holder", NAME),
    ("owner", NAME),
    ("whom", NAME),
    ("who", NAME),
    ("author", NAME),
    ("judge", NAME),
    ("term", NAME),
    ("tags", NAME),
    ("seen_by", NAME),
    ("passed_on_by", NAME),
    ("title", LINE),
    ("question", LINE),
    ("notice", LINE),
    ("page", LINE),
    ("message", LINE),
    ("source", LINE),
    ("sourced_from", LINE),
    ("hedge", LINE),
    ("degree", LINE),
    ("weight", LINE),
    ("one_liner", LINE),
    ("claim", CLAIM),
    ("observable", CLAIM),
    ("threshold", CLAIM),
    ("action", CLAIM),
    ("url", CLAIM),
];

/// A limit that a text exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// The text is too long for its field.
    #[error("{}", t!(
        "{length} characters are too many: {limit} is the most",
        length = grouped(*length),
        limit = grouped(*limit),
    ))]
    Length {
        /// The text's length in characters.
        length: usize,
        /// The field's limit in characters.
        limit: usize,
    },
    /// A letter has more combining marks than any writing system uses.
    #[error("{}", t!("one letter has {marks} marks on it: {limit} is the most", marks = grouped(*marks), limit))]
    Marks {
        /// The number of combining marks.
        marks: usize,
        /// The maximum number of combining marks.
        limit: usize,
    },
}

/// Returns the limit of a field in characters, by its stored name.
#[must_use]
pub fn limit_of(field: &str) -> usize {
    let found = LIMITS.iter().find(|(name, _)| *name == field);
    found.map_or(TEXT_LIMIT, |(_, limit)| *limit)
}

/// Returns the limit that a text exceeds in a field of `limit` characters; `None` if it fits.
#[must_use]
pub fn excess(text: &str, limit: usize) -> Option<Excess> {
    excess_beyond(text, limit, MOST_MARKS)
}

fn excess_beyond(text: &str, limit: usize, most_marks: usize) -> Option<Excess> {
    if text.len() > limit {
        let length = text.chars().count();
        if length > limit {
            return Some(Excess::Length { length, limit });
        }
    }
    let marks = most_marks_in(text);
    let limit = most_marks;
    (marks > limit).then_some(Excess::Marks { marks, limit })
}

/// Returns the first field of a change that exceeds its limit, and the limit.
#[must_use]
pub fn excess_in(change: &Change) -> Option<(String, Excess)> {
    find_in(&change.to_json(), 1)
}

/// Returns the first field that exceeds the limit for servers and for imports from other boards. `json` is a
/// change that this version understands.
#[must_use]
pub fn excess_from_elsewhere(json: &str) -> Option<(String, Excess)> {
    find_in(json, ELSEWHERE_FACTOR)
}

fn find_in(json: &str, factor: usize) -> Option<(String, Excess)> {
    // Most changes contain no text that exceeds any limit, and need not be parsed.
    if json.is_ascii() && !has_long_text(json, NAME * factor) {
        return None;
    }
    let value: Value = serde_json::from_str(json).unwrap_or_default();
    let payload = value.get("fact")?;
    in_value(payload, "text", factor)
}

fn in_value(value: &Value, field: &str, factor: usize) -> Option<(String, Excess)> {
    match value {
        Value::String(text) => {
            let limit = (limit_of(field) * factor).min(TEXT_LIMIT);
            let excess = excess_beyond(text, limit, MOST_MARKS * factor)?;
            Some((field.replace('_', " "), excess))
        }
        Value::Array(items) => items.iter().find_map(|item| in_value(item, field, factor)),
        Value::Object(fields) => {
            let mut fields = fields.iter();
            fields.find_map(|(name, value)| in_value(value, name, factor))
        }
        _ => None,
    }
}

/// Returns whether any text in JSON has more than `most` bytes.
fn has_long_text(json: &str, most: usize) -> bool {
    // Escaped quotation marks split a text too, but a text that is long without any is long enough.
    json.contains('\\') && json.len() > most || json.split('"').any(|text| text.len() > most)
}

/// Returns the largest number of consecutive combining marks in a text.
fn most_marks_in(text: &str) -> usize {
    if text.is_ascii() {
        return 0;
    }
    let (mut most, mut marks) = (0, 0);
    for letter in text.chars() {
        marks = if is_mark(letter) { marks + 1 } else { 0 };
        most = most.max(marks);
    }
    most
}

/// Returns whether a character is drawn above, below or through the one before it: the blocks of combining
/// marks, and marks of scripts that are known to be stacked.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{e31}'
        | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}'
        | '\u{f71}'..='\u{f84}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{a670}'..='\u{a672}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fe20}'..='\u{fe2f}'
        | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Payload;
    use crate::record::{BoardOptionEdit, CruxEdit, PersonEdit};
    use crate::{ChangeId, record::MessageEdit};

    fn change(payload: Payload) -> Change {
        Change {
            id: ChangeId::MIN,
            by: None,
            part_of: None,
            payload,
        }
    }

    #[test]
    fn each_field_takes_what_stands_in_the_table_and_one_character_more_is_told() {
        let person = |name: &str| {
            change(Payload::PersonAdded(Box::new(PersonEdit {
                name: Some(name.into()),
                ..PersonEdit::default()
            })))
        };
        let option = |name: &str| {
            change(Payload::OptionAdded(Box::new(BoardOptionEdit {
                name: Some(name.into()),
                ..BoardOptionEdit::default()
            })))
        };
        let claim = |claim: &str| {
            change(Payload::CruxAdded(Box::new(CruxEdit {
                claim: Some(claim.into()),
                ..CruxEdit::default()
            })))
        };
        let tags = |tag: &str| {
            change(Payload::CruxAdded(Box::new(CruxEdit {
                tags: Some(vec!["a".into(), tag.into()]),
                ..CruxEdit::default()
            })))
        };
        let message = |text: &str| {
            change(Payload::MessageListed(Box::new(MessageEdit {
                text: Some(text.into()),
                ..MessageEdit::default()
            })))
        };
        type Make<'a> = &'a dyn Fn(&str) -> Change;
        let makes: [(&str, usize, Make<'_>); 5] = [
            ("name", 200, &person),
            ("name", 200, &option),
            ("claim", 5_000, &claim),
            ("tags", 200, &tags),
            ("text", 20_000, &message),
        ];
        for (field, limit, make) in makes {
            for letter in ["x", "é", "\"", "🙂"] {
                assert_eq!(excess_in(&make(&letter.repeat(limit))), None, "{field}");
                let length = limit + 1;
                assert_eq!(
                    excess_in(&make(&letter.repeat(length))),
                    Some((field.to_owned(), Excess::Length { length, limit })),
                    "{field} of {letter}"
                );
                // The server accepts more, but never more than any version stored.
                let most = (limit * 10).min(TEXT_LIMIT);
                let json = |count| make(&letter.repeat(count)).to_json();
                assert_eq!(excess_from_elsewhere(&json(most)), None, "{field}");
                assert!(excess_from_elsewhere(&json(most + 1)).is_some(), "{field}");
            }
        }
        let said = excess_in(&claim(&"x".repeat(250_000))).map(|(_, excess)| excess.to_string());
        assert_eq!(
            said.as_deref(),
            Some("250,000 characters are too many: 5,000 is the most")
        );
    }

    #[test]
    fn marks_piled_on_one_letter_are_told_and_those_of_real_writing_are_not() {
        for text in [
            "e\u{301}",
            "Tiê\u{301}ng Viê\u{323}t",
            "ไม่เป็นไร",
            "بِسْمِ ٱللَّهِ",
            "👩\u{200d}👩\u{200d}👧",
            &"a\u{301}".repeat(150),
            &format!("a{}", "\u{301}".repeat(30)),
        ] {
            assert_eq!(excess(text, 1_000), None, "{text}");
        }
        for mark in ['\u{301}', '\u{489}', '\u{e49}', '\u{20dd}'] {
            let text = format!("a{}", mark.to_string().repeat(4_500));
            assert_eq!(
                excess(&text, 20_000),
                Some(Excess::Marks {
                    marks: 4_500,
                    limit: 30
                })
            );
        }
    }
}
