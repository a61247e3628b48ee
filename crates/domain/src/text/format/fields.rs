//! Describes the fields that a change sets, with their previous values.

use serde::Deserialize;
use serde_json::Value;

use super::in_words;
use super::label::{field_label, with_labels};
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::date::spelled;
use crate::record::CredenceRule;
use crate::{ChangeId, Credence, Millis};

/// A field that a change sets, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetField {
    /// The field's label.
    pub label: String,
    /// The value before, according to the changes that count; `None` if it is set for the first time.
    pub before: Option<String>,
    /// The value that the change sets.
    pub after: String,
}

/// Returns every field that a change sets. The previous values are, for a credence, those of its person's
/// previous statement, for an edit, those of the record, and for an outcome or a weight, those of the one
/// before it.
#[must_use]
pub fn set_fields(board: &Board, change: &Change) -> Vec<SetField> {
    let earlier: Vec<_> = earlier(board, change)
        .into_iter()
        .map(|change| fields_of(board, change))
        .collect();
    let record = change.payload.record(change.id).unwrap_or(change.id);
    let fields = fields_of(board, change).into_iter();
    let fields = fields.map(|(name, after)| {
        let before = earlier.iter().rev().find_map(|fields| {
            let same = fields.iter().find(|(other, _)| *other == name)?;
            Some(same.1.clone())
        });
        let before = before.filter(|before| *before != after && compares(&change.payload, &name));
        SetField {
            label: field_label(board, record, &name),
            before,
            after,
        }
    });
    fields.collect()
}

/// Returns whether the field has a previous value in the previous fact of the same kind. A reason has none:
/// it belongs to its own credence or outcome.
fn compares(payload: &Payload, name: &str) -> bool {
    match payload {
        Payload::CredenceStated(_) => name == "credence",
        Payload::TriggerJudged(_) => name == "verdict",
        _ => true,
    }
}

/// Returns the changes that count whose fields this one may replace, oldest first.
fn earlier<'a>(board: &'a Board, change: &Change) -> Vec<&'a Change> {
    if let Payload::CredenceStated(said) = &change.payload {
        let statements = board.statements_on(said.crux).into_iter();
        let before = statements.take_while(|statement| statement.id.0 != change.id);
        let own = before.filter(|statement| statement.person == said.person);
        return own
            .filter_map(|statement| board.log().change(statement.id.0))
            .collect();
    }
    let Some(record) = change.payload.record(change.id) else {
        return Vec::new();
    };
    let is_edit = content_of(change).get("set").is_some();
    let history = board.history(record).filter(|(earlier, counts)| {
        let is_alike = match (&change.payload, &earlier.payload) {
            (Payload::EvidenceWeighed(now), Payload::EvidenceWeighed(then)) => {
                now.crux == then.crux
            }
            (Payload::ReviewNoted(now), Payload::ReviewNoted(then)) => now.crux == then.crux,
            (now, then) => {
                std::mem::discriminant(now) == std::mem::discriminant(then)
                    || (is_edit && earlier.id == record)
            }
        };
        *counts && earlier.id < change.id && is_alike
    });
    history.map(|(earlier, _)| earlier).collect()
}

fn content_of(change: &Change) -> Value {
    // Through text, the stored form: a second serialization would add as much code again.
    let mut whole: Value = serde_json::from_str(&change.to_json()).unwrap_or_default();
    match whole.get_mut("fact").map(Value::take) {
        Some(Value::Object(kinds)) => kinds.into_values().next().unwrap_or_default(),
        _ => Value::Null,
    }
}

fn fields_of(board: &Board, change: &Change) -> Vec<(String, String)> {
    let record = change.payload.record(change.id).unwrap_or(change.id);
    let mut fields = Vec::new();
    flatten(board, record, "", content_of(change), &mut fields);
    fields
}

/// Describes a value: percentages, times and rules as people write them, other values as [`in_words`] does.
fn value_words(board: &Board, record: ChangeId, name: &str, value: &Value) -> String {
    let said = match (name, value) {
        ("credence", Value::Number(_)) => Credence::deserialize(value).ok().map(Credence::shown),
        ("at", Value::Number(millis)) => {
            millis.as_u64().map(|millis| spelled(Millis(millis).day()))
        }
        ("rule", Value::Object(_)) => {
            let rule = CredenceRule::deserialize(value).ok();
            rule.map(|rule| rule.to_string())
        }
        _ => None,
    };
    said.unwrap_or_else(|| in_words(board, &with_labels(board, record, name, value)))
}

/// Collects every field, by its stored name, with its value as text; ids become names.
fn flatten(
    board: &Board,
    record: ChangeId,
    name: &str,
    value: Value,
    fields: &mut Vec<(String, String)>,
) {
    match value {
        Value::Object(inner) if name.is_empty() || name == "set" => {
            for (name, value) in inner {
                flatten(board, record, &name, value, fields);
            }
        }
        // A fact that contains only a reference to its record has no fields.
        Value::Null if name.is_empty() => {}
        // Hashes and salts of blind rounds mean nothing to a reader.
        _ if matches!(name, "salt" | "seal" | "seals" | "reason_salt") => {}
        value => fields.push((name.to_owned(), value_words(board, record, name, &value))),
    }
}
