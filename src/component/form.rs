//! Forms from the tables of records: one row per field.
//!
//! Separate code to read and write a field takes half a kilobyte, and there are seventy fields.

use cruxboard_domain::format::short;
use cruxboard_domain::limits::{TEXT_LIMIT, limit_of};
use cruxboard_domain::record::table::Field;
use cruxboard_domain::record::{Fields, Input, Word, Words};
use cruxboard_domain::t;
use cruxboard_domain::translation::translated;
use cruxboard_domain::web_address::check_address;
use cruxboard_domain::{Credence, VagueDate};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::date_field::{Says, as_shown, no_day, unusual_date, unusual_day};
use super::{Check, Choice, TextArea, TextField};
use leptos::prelude::*;

/// The fields of one record, stored or being written.
#[derive(Clone, Copy)]
pub struct Form {
    read: Callback<&'static str, Value>,
    /// Writes one field; the value is `None` if the typed text cannot be stored.
    write: Callback<(&'static str, Option<Value>)>,
    options: Signal<Vec<(String, String)>>,
    people: Signal<Vec<(String, String)>>,
}

impl Form {
    /// Creates a form of `record`. `set` is called with an edit that sets one field.
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

    /// Creates a form that asks for the stored value of each field by its name.
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

    /// Adds the board's options for the fields that choose one.
    #[must_use]
    pub fn with_options(self, options: impl Into<Signal<Vec<(String, String)>>>) -> Self {
        Self {
            options: options.into(),
            ..self
        }
    }

    /// Adds the board's people for the fields that choose one.
    #[must_use]
    pub fn with_people(self, people: impl Into<Signal<Vec<(String, String)>>>) -> Self {
        Self {
            people: people.into(),
            ..self
        }
    }

    /// Renders the fields of a table, in order.
    pub fn fields(self, fields: &'static [Field]) -> AnyView {
        let fields = fields.iter().map(|field| self.field(field));
        fields.collect_view().into_any()
    }

    fn field(self, field: &'static Field) -> AnyView {
        let Field { name, input, .. } = *field;
        let (label, hint) = (field.label(), field.hint());
        let value = Signal::derive(move || input.shown(self.read.run(name)));
        let most = match input {
            // The limit is for each line, which the domain checks.
            Input::Lines | Input::Pairs(..) => TEXT_LIMIT,
            _ => limit_of(name),
        };
        let on_commit =
            Callback::new(move |typed: String| self.write.run((name, input.stored(&typed))));
        let spelled = Some(Callback::new(move |text: String| {
            format!("\"{name}\":{}", input.stored(&text).unwrap_or_default())
        }));
        let choices = |words: Words| {
            let owned = |word: &Word| (word.key.to_owned(), word.label.text().to_owned());
            Signal::stored(words.iter().map(owned).collect())
        };
        let (options, none) = match input {
            Input::Own => return ().into_any(),
            Input::Yes => {
                let value = Signal::derive(move || self.read.run(name) == Value::Bool(true));
                let on_commit = Callback::new(move |is_on: bool| {
                    self.write.run((name, Some(Value::Bool(is_on))))
                });
                return view! { <Check label value on_commit /> }.into_any();
            }
            Input::Area | Input::Claim | Input::Lines | Input::Pairs(..) => {
                let is_claim = matches!(input, Input::Claim);
                let hint = match input {
                    Input::Lines if hint.is_empty() => t!("One per line."),
                    _ => hint,
                };
                return view! { <TextArea label hint value on_commit is_claim most spelled name /> }
                    .into_any();
            }
            Input::Word(words) | Input::WordOr(words, _) => (choices(words), "—"),
            Input::OneOf(words, _) => (choices(words), ""),
            Input::Option(none) => (self.options, translated(none)),
            Input::Person => (self.people, "—"),
            _ => {
                let kind = match input {
                    Input::Day | Input::DueDay => "date",
                    Input::Number(_) => "number",
                    _ => "text",
                };
                let (check, doubt) = (check(input), doubt(input));
                let rewrite =
                    matches!(input, Input::VagueDate).then_some(as_shown as fn(&str) -> _);
                let is_due = matches!(input, Input::DueDay);
                return view! { <TextField label hint value on_commit kind most check doubt rewrite spelled name is_due /> }
                    .into_any();
            }
        };
        view! { <Choice label hint options value on_commit none name /> }.into_any()
    }
}

/// Returns an edit that sets one field. Without a value it sets nothing, which the domain refuses
/// with a message.
fn edit_of<E: DeserializeOwned + Default>(key: &str, value: Option<Value>) -> E {
    let mut fields = Map::new();
    if let Some(value) = value {
        fields.insert(key.to_owned(), value);
    }
    E::deserialize(Value::Object(fields)).unwrap_or_default()
}

/// Returns the function that checks a typed text.
fn check(input: Input) -> Option<Says> {
    match input {
        Input::Link => Some(|text| check_address(text).err().map(|problem| problem.to_string())),
        Input::Credence => Some(|text| {
            let problem = text.parse::<Credence>().err();
            let problem = problem.filter(|_| !text.trim().is_empty());
            problem.map(|problem| t!("“{text}”: {problem}.", text = short(text, 20), problem))
        }),
        Input::VagueDate => Some(|text| {
            let problem = text.parse::<VagueDate>().err();
            problem.map(|problem| problem.to_string())
        }),
        Input::Day | Input::DueDay => Some(no_day),
        Input::Number(_) => Some(|text| {
            let is_number = text.parse::<u32>().is_ok();
            (!is_number).then(|| t!("Not stored: enter a whole number.").to_owned())
        }),
        _ => None,
    }
}

/// Returns the function that asks about a text that is probably a slip.
fn doubt(input: Input) -> Option<Says> {
    match input {
        Input::Day | Input::DueDay => Some(unusual_day),
        Input::VagueDate => Some(unusual_date),
        Input::Credence => Some(Credence::reading_in_words),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_credence_is_told() {
        let told = check(Input::Credence).map(|check| check("101").is_some());
        assert_eq!(told, Some(true));
    }
}
