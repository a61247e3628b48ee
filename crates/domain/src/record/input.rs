//! The kinds of input of fields: how a stored value is shown as text, and typed text stored.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::Label;
use crate::{ChangeId, Credence, VagueDate, translation};

/// A word of a vocabulary: its key and its label.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The key, as it is stored.
    pub key: &'static str,
    /// The label.
    pub label: Label,
}

/// The words of a vocabulary.
pub type Words = &'static [Word];

/// The kind of input of a field.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// One line of text.
    Line,
    /// Several lines of text.
    Area,
    /// Several lines of text, in the serif font of claims.
    Claim,
    /// A list of texts, one per line.
    Lines,
    /// A list of pairs of texts, stored under these two names. One pair per line, with a bar between.
    Pairs(&'static str, &'static str),
    /// A word of a vocabulary, or none.
    Word(Words),
    /// A word of a vocabulary; while none is set, the second value is the label for none.
    WordOr(Words, &'static str),
    /// A word of a vocabulary; while none is set, the second value is shown. None cannot be chosen.
    OneOf(Words, &'static str),
    /// One of the records that the form offers, or none, with this English label for none.
    Option(&'static str),
    /// A person of the board, or none.
    Person,
    /// A date, or none.
    Day,
    /// A date on which something is to be done, or none. Passed ones are allowed, and said to be.
    DueDay,
    /// A date, month or year, or none.
    VagueDate,
    /// The address of a link.
    Link,
    /// A credence, or none.
    Credence,
    /// A whole number; the text is shown while it is 0.
    Number(&'static str),
    /// A checkbox.
    Yes,
    /// A view of its own, or none.
    Own,
}

impl Input {
    /// Returns a stored value as the field's text.
    #[must_use]
    pub fn shown(self, value: Value) -> String {
        let text = match (self, value) {
            (Self::WordOr(_, unset) | Self::OneOf(_, unset), Value::Null) => unset.to_owned(),
            (Self::Number(zero), Value::Number(number)) if number.as_u64() == Some(0) => {
                zero.to_owned()
            }
            (Self::Credence, Value::Number(number)) => translation::number(number),
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::String(text)) => text,
            (Self::Pairs(first, second), Value::Array(items)) => {
                let text = |item: &Value, name| {
                    let text = item.get(name).and_then(Value::as_str);
                    text.unwrap_or_default().to_owned()
                };
                let line = |item| match (text(item, first), text(item, second)) {
                    (first, second) if second.is_empty() => first,
                    (first, second) => format!("{first} | {second}"),
                };
                items.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            (_, Value::Array(items)) => {
                let lines = items.iter().filter_map(Value::as_str);
                lines.collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        };
        // As everywhere else on the screen; `stored` reads it again.
        match VagueDate::from_stored(&text).filter(|_| matches!(self, Self::VagueDate)) {
            Some(VagueDate::Unknown) => String::new(),
            Some(date) => date.spelled(),
            None => text,
        }
    }

    /// Returns a typed text as a stored value; `None` if it cannot be stored.
    #[must_use]
    pub fn stored(self, typed: &str) -> Option<Value> {
        Some(match self {
            Self::Line | Self::Area | Self::Claim | Self::Link => typed.into(),
            Self::Lines => lines_of(typed).collect(),
            Self::Pairs(first, second) => {
                let pairs = lines_of(typed).map(|line| {
                    let (one, other) = line.rsplit_once('|').unwrap_or((line, ""));
                    let mut pair = Map::new();
                    pair.insert(first.to_owned(), one.trim().into());
                    pair.insert(second.to_owned(), other.trim().into());
                    Value::Object(pair)
                });
                pairs.collect()
            }
            Self::Word(words) | Self::WordOr(words, _) | Self::OneOf(words, _) => {
                let mut words = words.iter().map(|word| word.key);
                text_or_null(words.find(|key| *key == typed))
            }
            Self::Option(_) | Self::Person => text_or_null(typed.parse::<ChangeId>().ok()),
            Self::Day | Self::DueDay => text_or_null(typed.parse::<NaiveDate>().ok()),
            Self::VagueDate => typed.parse::<VagueDate>().ok()?.to_string().into(),
            Self::Credence if typed.trim().is_empty() => Value::Null,
            Self::Credence => {
                let credence = typed.parse::<Credence>().ok()?;
                serde_json::from_str(&credence.to_string()).ok()?
            }
            Self::Number(_) => typed.parse::<u32>().ok()?.into(),
            Self::Yes => Value::Bool(typed == "true"),
            Self::Own => return None,
        })
    }
}

fn text_or_null(value: Option<impl ToString>) -> Value {
    value.map_or(Value::Null, |value| value.to_string().into())
}

fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORDS: Words = &[word("near", "Near"), word("met", "Met")];

    const fn word(key: &'static str, label: &'static str) -> Word {
        let label = Label::of(&[label]);
        Word { key, label }
    }

    #[test]
    fn what_is_typed_is_stored_and_shown_as_it_was() {
        for (input, typed, value) in [
            (Input::Line, "a \"b\"", json!("a \"b\"")),
            (Input::Lines, "a\nb", json!(["a", "b"])),
            (
                Input::Pairs("what", "cost"),
                "a | b\nc",
                json!([{ "what": "a", "cost": "b" }, { "what": "c", "cost": "" }]),
            ),
            (Input::Word(WORDS), "met", json!("met")),
            (Input::Word(WORDS), "", json!(null)),
            (
                Input::Option("—"),
                "01M83T4CM00001000000000001",
                json!("01M83T4CM00001000000000001"),
            ),
            (Input::Day, "2026-11-23", json!("2026-11-23")),
            (Input::Day, "", json!(null)),
            (Input::DueDay, "2020-02-29", json!("2020-02-29")),
            (Input::VagueDate, "30 Nov 2026", json!("2026-11-30")),
            (Input::VagueDate, "Nov 2026", json!("2026-11")),
            (Input::VagueDate, "2026", json!("2026")),
            (Input::VagueDate, "", json!("unknown")),
            (Input::Credence, "12.5", json!(12.5)),
            (Input::Credence, "35", json!(35)),
            (Input::Credence, "", json!(null)),
            (Input::Number("90"), "30", json!(30)),
        ] {
            assert_eq!(input.stored(typed), Some(value.clone()), "{typed:?}");
            assert_eq!(input.shown(value), typed);
        }
    }

    #[test]
    fn a_date_is_shown_in_one_form_however_it_is_typed() {
        for typed in ["2026-11-30", "30.11.2026", "30. Nov. 2026", "Nov 30, 2026"] {
            let stored = Input::VagueDate.stored(typed);
            assert_eq!(stored, Some(json!("2026-11-30")), "{typed}");
            assert_eq!(Input::VagueDate.shown(json!("2026-11-30")), "30 Nov 2026");
        }
    }

    #[test]
    fn what_is_not_set_shows_what_holds_then() {
        assert_eq!(Input::Number("90").shown(json!(0)), "90");
        assert_eq!(Input::OneOf(WORDS, "near").shown(json!(null)), "near");
    }

    #[test]
    fn what_cannot_be_stored_sets_nothing() {
        assert_eq!(Input::Word(WORDS).stored("other"), Some(Value::Null));
        assert_eq!(Input::VagueDate.stored("yesterday"), None);
        assert_eq!(Input::Number("90").stored("many"), None);
        assert_eq!(Input::Credence.stored("likely"), None);
        assert_eq!(Input::Yes.stored("true"), Some(Value::Bool(true)));
    }
}
