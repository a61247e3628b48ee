//! Cleans the fields of records for a snapshot: replaces names and ids.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ChangeId;
use crate::record::table::{Inclusion, SharedField, ValueKind};
use crate::snapshot::alias::Aliases;
use crate::snapshot::table::Fields;
use crate::snapshot::{Audience, Depth, RedactionReason, SnapshotRequest};

pub(super) struct Cleaning<'a> {
    pub(super) wish: &'a SnapshotRequest,
    pub(super) ids: &'a BTreeMap<(usize, String), ChangeId>,
    pub(super) names: &'a Aliases,
    pub(super) dropped: Vec<(RedactionReason, &'static str)>,
}

impl Cleaning<'_> {
    /// Returns the fields that are included, in their new form.
    pub(super) fn fields(&mut self, table: &'static [SharedField], mut fields: Fields) -> Fields {
        let mut kept = Fields::new();
        for field in table {
            let Some(value) = fields.remove(field.name) else {
                continue;
            };
            let is_short = self.wish.depth == Depth::Argument;
            let why_not = match field.goes {
                Inclusion::Never => continue,
                Inclusion::WithNames if self.wish.aliases => Some(RedactionReason::Trace),
                Inclusion::Inside if self.wish.audience == Audience::Public => {
                    Some(RedactionReason::Inside)
                }
                Inclusion::WithDetails | Inclusion::Inside if is_short => {
                    Some(RedactionReason::Detail)
                }
                Inclusion::Always
                | Inclusion::WithDetails
                | Inclusion::Inside
                | Inclusion::WithNames => None,
            };
            match why_not {
                Some(why) => self.dropped.push((why, field.name)),
                None => {
                    if let Some(value) = self.value(&field.kind, value) {
                        kept.insert(field.name.into(), value);
                    }
                }
            }
        }
        kept
    }

    fn value(&mut self, form: &'static ValueKind, value: Value) -> Option<Value> {
        Some(match (form, value) {
            (ValueKind::Text, Value::String(text)) => self.names.in_text(&text).into(),
            (ValueKind::Name, Value::String(text)) => self.names.in_name(&text).into(),
            (ValueKind::Texts, Value::Array(texts)) => {
                let texts = texts.iter().filter_map(Value::as_str);
                texts.map(|text| self.names.in_text(text)).collect()
            }
            (ValueKind::Names, Value::Array(texts)) => {
                let texts = texts.iter().filter_map(Value::as_str);
                texts.map(|text| self.names.in_name(text)).collect()
            }
            (ValueKind::Ref(entity), value) => self.reference(*entity, &value)?,
            (ValueKind::Refs(entity), Value::Array(ids)) => ids
                .iter()
                .filter_map(|id| self.reference(*entity, id))
                .collect(),
            (ValueKind::List(table), Value::Array(items)) => items
                .into_iter()
                .filter_map(|item| self.value_of(table, item))
                .collect(),
            (ValueKind::One(table), item) => self.value_of(table, item)?,
            (
                ValueKind::Text
                | ValueKind::Name
                | ValueKind::Texts
                | ValueKind::Names
                | ValueKind::Refs(_)
                | ValueKind::List(_),
                _,
            ) => {
                return None;
            }
            // Words, numbers and days reveal nothing else.
            (_, value) => value,
        })
    }

    fn value_of(&mut self, table: &'static [SharedField], value: Value) -> Option<Value> {
        match value {
            Value::Object(fields) => Some(Value::Object(self.fields(table, fields))),
            _ => None,
        }
    }

    /// Returns the new id of a record, if it is included.
    fn reference(&self, entity: usize, value: &Value) -> Option<Value> {
        let id = self.ids.get(&(entity, value.as_str()?.to_owned()))?;
        Some(id.to_string().into())
    }
}
