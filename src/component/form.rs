//! Forms as tables: a row for each field, with the name that its value has where it is stored.
//!
//! A form that reads and writes each field by code of its own weighs half a kilobyte a field, and
//! there are seventy.

use chrono::NaiveDate;
use cruxboard_domain::format::short;
use cruxboard_domain::limits::{TEXT_LIMIT, limit_of};
use cruxboard_domain::record::Fields;
use cruxboard_domain::web_address::check_address;
use cruxboard_domain::{ChangeId, Credence, VagueDate};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::field::{Says, no_day, unusual_date, unusual_day};
use super::{Check, Choice, TextArea, TextField};
use leptos::prelude::*;

/// Keys with their labels.
pub type Words = &'static [(&'static str, &'static str)];

/// A field of a form.
#[derive(Clone, Copy)]
pub struct Field {
    /// The name of its value where it is stored.
    pub key: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What to write in it; may be empty.
    pub hint: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A row of a form.
#[must_use]
pub const fn field(
    key: &'static str,
    label: &'static str,
    kind: Kind,
    hint: &'static str,
) -> Field {
    Field {
        key,
        label,
        hint,
        kind,
    }
}

/// What a field holds.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A line of text.
    Line,
    /// A text of several lines.
    Area,
    /// The same, set in the serif of claims.
    Claim,
    /// Texts, one a line.
    Lines,
    /// Pairs of texts under these two names, one a line with a bar between.
    Pairs(&'static str, &'static str),
    /// A word, or none.
    Word(Words),
    /// A word; this one while none is set.
    WordOr(Words, &'static str),
    /// The same, where none cannot be chosen.
    OneOf(Words, &'static str),
    /// An option of the board; none is called so.
    Option(&'static str),
    /// A person of the board, or none.
    Person,
    /// A day, or none.
    Day,
    /// A day, a month or a year, or none.
    VagueDate,
    /// An address to link to.
    Link,
    /// A credence, or none.
    Credence,
    /// A whole number; this while it is 0.
    Number(&'static str),
    /// Yes or no.
    Yes,
}

/// The fields of one record, as it is stored or being written.
#[derive(Clone, Copy)]
pub struct Form {
    read: Callback<&'static str, Value>,
    /// With no value where what was typed is none that could be stored.
    write: Callback<(&'static str, Option<Value>)>,
    options: Signal<Vec<(String, String)>>,
    people: Signal<Vec<(String, String)>>,
}

impl Form {
    /// A form for what `record` holds; `set` is called with one field set anew.
    #[must_use]
    pub fn of<R, E>(record: Signal<R>, set: Callback<E>) -> Self
    where
        R: Fields + Send + Sync + 'static,
        E: DeserializeOwned + Default + 'static,
    {
        Self::new(
            Callback::new(move |key| record.with(|record| record.field(key))),
            set,
        )
    }

    /// A form that asks for the stored value of each field by its name.
    #[must_use]
    pub fn new<E>(read: Callback<&'static str, Value>, set: Callback<E>) -> Self
    where
        E: DeserializeOwned + Default + 'static,
    {
        let write = Callback::new(move |(key, value): (&'static str, Option<Value>)| {
            set.run(edit_of(key, value));
        });
        Self {
            read,
            write,
            options: Signal::default(),
            people: Signal::default(),
        }
    }

    /// With the options of the board to choose from.
    #[must_use]
    pub fn with_options(self, options: impl Into<Signal<Vec<(String, String)>>>) -> Self {
        Self {
            options: options.into(),
            ..self
        }
    }

    /// With the people of the board to choose from.
    #[must_use]
    pub fn with_people(self, people: impl Into<Signal<Vec<(String, String)>>>) -> Self {
        Self {
            people: people.into(),
            ..self
        }
    }

    /// The fields of a table, one after the other.
    pub fn fields(self, fields: &'static [Field]) -> AnyView {
        let fields = fields.iter().map(|field| self.field(field));
        fields.collect_view().into_any()
    }

    fn field(self, field: &'static Field) -> AnyView {
        let Field {
            key,
            label,
            hint,
            kind,
        } = *field;
        let value = Signal::derive(move || kind.shown(self.read.run(key)));
        let most = match kind {
            // Of each line by itself, which the domain looks at.
            Kind::Lines | Kind::Pairs(..) => TEXT_LIMIT,
            _ => limit_of(key),
        };
        let on_commit =
            Callback::new(move |typed: String| self.write.run((key, kind.stored(&typed))));
        let spelled = Some(Callback::new(move |text: String| {
            format!("\"{key}\":{}", kind.stored(&text).unwrap_or_default())
        }));
        let choices = |words: Words| {
            let owned = |(key, label): &(&str, &str)| ((*key).to_owned(), (*label).to_owned());
            Signal::stored(words.iter().map(owned).collect())
        };
        let (options, none) = match kind {
            Kind::Yes => {
                let value = Signal::derive(move || self.read.run(key) == Value::Bool(true));
                let on_commit = Callback::new(move |is_on: bool| {
                    self.write.run((key, Some(Value::Bool(is_on))))
                });
                return view! { <Check label value on_commit /> }.into_any();
            }
            Kind::Area | Kind::Claim | Kind::Lines | Kind::Pairs(..) => {
                let is_claim = matches!(kind, Kind::Claim);
                let hint = match kind {
                    Kind::Lines if hint.is_empty() => "One per line.",
                    _ => hint,
                };
                return view! { <TextArea label hint value on_commit is_claim most spelled name=key /> }
                    .into_any();
            }
            Kind::Word(words) | Kind::WordOr(words, _) => (choices(words), "—"),
            Kind::OneOf(words, _) => (choices(words), ""),
            Kind::Option(none) => (self.options, none),
            Kind::Person => (self.people, "—"),
            _ => {
                let input = match kind {
                    Kind::Day => "date",
                    Kind::Number(_) => "number",
                    _ => "text",
                };
                let (check, doubt) = (kind.check(), kind.doubt());
                return view! { <TextField label hint value on_commit kind=input most check doubt spelled name=key /> }
                    .into_any();
            }
        };
        view! { <Choice label hint options value on_commit none name=key /> }.into_any()
    }
}

/// An edit that sets one field; with no value it sets nothing, and the domain says so.
fn edit_of<E: DeserializeOwned + Default>(key: &str, value: Option<Value>) -> E {
    let mut fields = Map::new();
    if let Some(value) = value {
        fields.insert(key.to_owned(), value);
    }
    E::deserialize(Value::Object(fields)).unwrap_or_default()
}

impl Kind {
    /// As people read it.
    fn shown(self, value: Value) -> String {
        let text = match (self, value) {
            (Self::WordOr(_, unset) | Self::OneOf(_, unset), Value::Null) => unset.to_owned(),
            (Self::Number(zero), Value::Number(number)) if number.as_u64() == Some(0) => {
                zero.to_owned()
            }
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
        if matches!(self, Self::VagueDate) && text == "unknown" {
            return String::new();
        }
        text
    }

    /// As a record stores what was typed; `None` when it is nothing that could be stored.
    fn stored(self, typed: &str) -> Option<Value> {
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
                let mut words = words.iter();
                text_or_null(words.find(|(key, _)| *key == typed).map(|(key, _)| key))
            }
            Self::Option(_) | Self::Person => text_or_null(typed.parse::<ChangeId>().ok()),
            Self::Day => text_or_null(typed.parse::<NaiveDate>().ok()),
            Self::VagueDate => typed.parse::<VagueDate>().ok()?.to_string().into(),
            Self::Credence if typed.trim().is_empty() => Value::Null,
            Self::Credence => {
                let credence = typed.parse::<Credence>().ok()?;
                serde_json::from_str(&credence.to_string()).ok()?
            }
            Self::Number(_) => typed.parse::<u32>().ok()?.into(),
            Self::Yes => Value::Bool(typed == "true"),
        })
    }

    /// What says what is wrong with what was typed.
    fn check(self) -> Option<Says> {
        match self {
            Self::Link => Some(|text| check_address(text).err().map(|problem| problem.to_string())),
            Self::Credence => Some(|text| {
                let problem = text.parse::<Credence>().err();
                let problem = problem.filter(|_| !text.trim().is_empty());
                problem.map(|problem| format!("“{}”: {problem}.", short(text, 20)))
            }),
            Self::VagueDate => Some(|text| {
                let problem = text.parse::<VagueDate>().err();
                problem.map(|problem| format!("{problem}."))
            }),
            Self::Day => Some(no_day),
            Self::Number(_) => Some(|text| {
                let is_number = text.parse::<u32>().is_ok();
                (!is_number).then(|| "Not stored: enter a whole number.".to_owned())
            }),
            _ => None,
        }
    }

    /// What asks about a text that is probably a slip.
    fn doubt(self) -> Option<Says> {
        match self {
            Self::Day => Some(unusual_day),
            Self::VagueDate => Some(unusual_date),
            Self::Credence => Some(Credence::reading_in_words),
            _ => None,
        }
    }
}

fn text_or_null(value: Option<impl ToString>) -> Value {
    value.map_or(Value::Null, |value| value.to_string().into())
}

fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Fails when a table names a field that the edit does not have, or holds of another kind.
#[cfg(test)]
pub(crate) fn check_table<E: DeserializeOwned>(fields: &[Field]) {
    for field in fields {
        for typed in ["", "true", "2026-11-23", "35", "a | b\nc", "public", "stop"] {
            if let Some(value) = field.kind.stored(typed) {
                let edit = serde_json::json!({ field.key: value });
                assert!(E::deserialize(&edit).is_ok(), "{}: {edit}", field.label);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORDS: Words = &[("near", "Near"), ("met", "Met")];

    #[test]
    fn what_is_typed_is_stored_and_shown_as_it_was() {
        for (kind, typed, value) in [
            (Kind::Line, "a \"b\"", json!("a \"b\"")),
            (Kind::Lines, "a\nb", json!(["a", "b"])),
            (
                Kind::Pairs("what", "cost"),
                "a | b\nc",
                json!([{ "what": "a", "cost": "b" }, { "what": "c", "cost": "" }]),
            ),
            (Kind::Word(WORDS), "met", json!("met")),
            (Kind::Word(WORDS), "", json!(null)),
            (
                Kind::Option("—"),
                "01M83T4CM00001000000000001",
                json!("01M83T4CM00001000000000001"),
            ),
            (Kind::Day, "2026-11-23", json!("2026-11-23")),
            (Kind::Day, "", json!(null)),
            (Kind::VagueDate, "2026-11", json!("2026-11")),
            (Kind::VagueDate, "", json!("unknown")),
            (Kind::Credence, "12.5", json!(12.5)),
            (Kind::Credence, "35", json!(35)),
            (Kind::Credence, "", json!(null)),
            (Kind::Number("90"), "30", json!(30)),
        ] {
            assert_eq!(kind.stored(typed), Some(value.clone()), "{typed:?}");
            assert_eq!(kind.shown(value), typed);
        }
    }

    #[test]
    fn what_is_not_set_shows_what_holds_then() {
        assert_eq!(Kind::Number("90").shown(json!(0)), "90");
        assert_eq!(Kind::OneOf(WORDS, "near").shown(json!(null)), "near");
    }

    #[test]
    fn what_cannot_be_stored_sets_nothing() {
        assert_eq!(Kind::Word(WORDS).stored("other"), Some(Value::Null));
        assert_eq!(Kind::VagueDate.stored("yesterday"), None);
        assert_eq!(Kind::Number("90").stored("many"), None);
        assert_eq!(Kind::Credence.stored("likely"), None);
        assert!(
            Kind::Credence
                .check()
                .is_some_and(|check| check("101").is_some())
        );
        assert_eq!(Kind::Yes.stored("true"), Some(Value::Bool(true)));
    }
}
