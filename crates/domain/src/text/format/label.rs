//! Labels of fields, from the tables of their records.

use serde_json::Value;

use crate::board::Board;
use crate::change::RecordKind;
use crate::record::table::Field;
use crate::record::{
    BearingKind, BoardInfo, BoardOption, BriefRead, Crux, Decision, Direction, Evidence, FollowUp,
    Input, Message, Person, Position, Review, Round, Strength, Term, Trigger, Verdict,
};
use crate::t;
use crate::{ChangeId, VagueDate};

/// Returns the label of a field of changes that is no field of a record.
fn of_changes(name: &str) -> Option<&'static str> {
    Some(match name {
        "answers" => t!("Answers"),
        "at" => t!("Held since"),
        "bears_on" => t!("Bears on"),
        "credence" => t!("Credence"),
        "crux" => t!("Crux"),
        "evidence" => t!("Evidence"),
        "given" => t!("Given"),
        "if_true" => t!("If true"),
        "meeting" => t!("Meeting"),
        "of" => t!("Record"),
        "option" => t!("Option"),
        "people" => t!("People"),
        "person" => t!("Person"),
        "reaffirms" => t!("Reaffirms"),
        "reason" => t!("Reason"),
        "review" => t!("Review"),
        "round" => t!("Round"),
        "settles" => t!("Settles"),
        "statement" => t!("Statement"),
        "trigger" => t!("Trigger"),
        "verdict" => t!("Verdict"),
        "wall_clock" => t!("Wall clock"),
        "without" => t!("Without"),
        _ => return None,
    })
}

/// Returns the label of a field of a record, by its stored name.
pub(super) fn field_label(board: &Board, record: ChangeId, name: &str) -> String {
    let field = field_of(board, record, name);
    let label = field.map(Field::label).or_else(|| of_changes(name));
    label.map_or_else(|| capitalized(&name.replace('_', " ")), str::to_owned)
}

/// Returns a stored value with the labels of words in place of their keys, in the language of the reader, and
/// with dates as people write them. In English, keys stay: they are words that people read.
pub(super) fn with_labels(board: &Board, record: ChangeId, name: &str, value: &Value) -> Value {
    match value {
        Value::String(key) => match word_label(board, record, name, key) {
            Some(label) => label.into(),
            None => match date_words(board, record, name, key) {
                Some(date) => date.into(),
                None => value.clone(),
            },
        },
        Value::Array(items) => {
            let items = items.iter();
            let items = items.map(|item| with_labels(board, record, name, item));
            Value::Array(items.collect())
        }
        Value::Object(inner) => {
            let inner = inner.iter();
            let inner =
                inner.map(|(name, value)| (name.clone(), with_labels(board, record, name, value)));
            Value::Object(inner.collect())
        }
        _ => value.clone(),
    }
}

/// Returns the translated label of a word in a field, by its key; `None` if it has none.
fn word_label(board: &Board, record: ChangeId, name: &str, key: &str) -> Option<&'static str> {
    let input = field_of(board, record, name).map(|field| field.input);
    let words = match (name, input) {
        (_, Some(Input::Word(words) | Input::WordOr(words, _) | Input::OneOf(words, _))) => words,
        ("verdict", None) => Verdict::CHOICES,
        ("direction", None) => Direction::CHOICES,
        ("strength", None) => Strength::CHOICES,
        ("kind", None) => BearingKind::CHOICES,
        _ => return None,
    };
    let label = words.iter().find(|word| word.key == key)?.label;
    Some(label.text()).filter(|text| *text != label.english())
}

/// Dates whose fields have views of their own.
const OWN_DATES: &[&str] = &["date", "on", "scored_until", "taken_on", "until"];

/// Returns a stored date as people write it; `None` if the field contains no date.
fn date_words(board: &Board, record: ChangeId, name: &str, text: &str) -> Option<String> {
    let is_date = match field_of(board, record, name)?.input {
        Input::Day | Input::DueDay | Input::VagueDate => true,
        Input::Own => OWN_DATES.contains(&name),
        _ => false,
    };
    let date = VagueDate::from_stored(text).filter(|_| is_date && !text.is_empty());
    date.map(VagueDate::spelled)
}

/// Returns the field of a record with a stored name.
fn field_of(board: &Board, record: ChangeId, name: &str) -> Option<&'static Field> {
    let first = board.log().change(record);
    let kind = first.and_then(|first| first.payload.adds());
    let mut fields = kind.map_or(BoardInfo::FORM, fields_of).iter();
    fields.find(|field| field.name == name)
}

/// Returns the fields of a kind of record.
fn fields_of(kind: RecordKind) -> &'static [Field] {
    match kind {
        RecordKind::Option => BoardOption::FORM,
        RecordKind::Person => Person::FORM,
        RecordKind::Crux => Crux::FORM,
        RecordKind::Trigger => Trigger::FORM,
        RecordKind::Evidence => Evidence::FORM,
        RecordKind::Position => Position::FORM,
        RecordKind::FollowUp => FollowUp::FORM,
        RecordKind::Term => Term::FORM,
        RecordKind::Decision => Decision::FORM,
        RecordKind::Review => Review::FORM,
        RecordKind::Round => Round::FORM,
        RecordKind::Message => Message::FORM,
        RecordKind::BriefRead => BriefRead::FORM,
        // These are stated once, and have no fields that are edited one by one.
        RecordKind::Statement
        | RecordKind::OptionCredence
        | RecordKind::JointCredence
        | RecordKind::RecordedReview => &[],
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
