//! Packs a snapshot into bytes: all numbers, and all texts, each text once.
//!
//! Columns, entity by entity: for each record one bit per present field, then the first field of all records,
//! then the second, since similar values compress better together. A record is referred to by its index, a
//! word of a vocabulary by its number, a day by its distance from the day of the snapshot. Reading is
//! bounded: see the constants.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::redact::minutes_from;
use super::table::{ENTITIES, Fields, HEAD, PACKED, entity};
use super::varint::write_number;
use super::{Snapshot, minutes};
use crate::record::table::{SharedField, ValueKind};
use crate::{ChangeId, Millis, VagueDate};

/// Maximum number of records of a packed snapshot.
pub(super) const MOST_RECORDS: usize = 20_000;

/// The packed bytes of a snapshot.
pub(super) struct Packed {
    pub(super) numbers: Vec<u8>,
    pub(super) texts: Vec<u8>,
}

/// Packs a snapshot. Fields that are not in the table are not written.
pub(super) fn pack(snapshot: &Snapshot) -> Packed {
    let mut writer = Writer {
        base: snapshot.taken_at,
        ..Writer::default()
    };
    writer.number(minutes(snapshot.taken_at));
    let mut rows: Vec<Vec<(ChangeId, Fields)>> = ENTITIES.iter().map(|_| Vec::new()).collect();
    for change in &snapshot.changes {
        let json = serde_json::from_str(&change.to_json()).unwrap_or_default();
        let Value::Object(mut parts) = json else {
            continue;
        };
        let by = parts.remove("by");
        let Some(Value::Object(payload)) = parts.remove("fact") else {
            continue;
        };
        for (tag, fields) in payload {
            if let (Some((place, _)), Value::Object(mut fields)) = (entity(&tag), fields) {
                fields.extend(by.clone().map(|by| ("by".into(), by)));
                rows[place].push((change.id, fields));
            }
        }
    }
    rows.truncate(PACKED);
    for rows in &rows {
        writer.number(rows.len() as u64);
        let mut last = minutes(snapshot.taken_at);
        for (place, (id, _)) in rows.iter().enumerate() {
            let minute = minutes(id.millis());
            writer.signed(minute as i64 - last as i64);
            last = minute;
            writer.places.insert(id.to_string(), place as u64);
        }
    }
    writer.rows(HEAD, &[(ChangeId::MIN, head(snapshot))]);
    for (entity, rows) in ENTITIES.iter().zip(&rows) {
        writer.rows(entity.fields, rows);
    }
    Packed {
        numbers: writer.numbers,
        texts: writer.texts,
    }
}

/// Returns the snapshot's own fields, without those that are written at the front.
pub(super) fn head(snapshot: &Snapshot) -> Fields {
    let bare = Snapshot {
        changes: Vec::new(),
        ..snapshot.clone()
    };
    let json = serde_json::to_string(&bare).unwrap_or_default();
    let Ok(Value::Object(mut fields)) = serde_json::from_str(&json) else {
        return Fields::new();
    };
    fields.remove("taken_at");
    fields.retain(|_, value| !is_nothing(value));
    fields
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is) => !is,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[derive(Default)]
struct Writer {
    numbers: Vec<u8>,
    texts: Vec<u8>,
    known: BTreeMap<String, u64>,
    places: BTreeMap<String, u64>,
    /// Time at which the snapshot was taken.
    base: Millis,
}

impl Writer {
    fn number(&mut self, number: u64) {
        write_number(&mut self.numbers, number);
    }

    /// Writes a signed number; small absolute values take few bytes.
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }

    fn text(&mut self, text: &str) {
        if let Some(place) = self.known.get(text) {
            let place = *place;
            self.number(place);
            return;
        }
        self.number(0);
        self.known
            .insert(text.to_owned(), self.known.len() as u64 + 1);
        self.texts
            .extend(text.bytes().map(|byte| if byte == 0 { b' ' } else { byte }));
        self.texts.push(0);
    }

    fn day(&mut self, day: NaiveDate) {
        self.signed((day - self.base.day()).num_days());
    }

    fn rows(&mut self, table: &[SharedField], rows: &[(ChangeId, Fields)]) {
        for (_, fields) in rows {
            let mut mask = 0;
            for (place, field) in table.iter().enumerate() {
                mask |= u64::from(self.writable(field, fields).is_some()) << place;
            }
            self.number(mask);
        }
        for field in table {
            for (id, fields) in rows {
                if let Some(value) = self.writable(field, fields) {
                    self.value(&field.kind, value, *id);
                }
            }
        }
    }

    /// Returns the value of a field if it has the form in the table; other values are left out.
    fn writable<'a>(&self, field: &SharedField, fields: &'a Fields) -> Option<&'a Value> {
        let value = fields.get(field.name)?;
        self.can_write(&field.kind, value).then_some(value)
    }

    fn can_write(&self, form: &ValueKind, value: &Value) -> bool {
        match form {
            ValueKind::Text | ValueKind::Name => value.is_string(),
            ValueKind::Texts | ValueKind::Names | ValueKind::Refs(_) | ValueKind::List(_) => {
                value.is_array()
            }
            ValueKind::Flag => value.is_boolean(),
            ValueKind::Number | ValueKind::Moment => value.is_u64(),
            ValueKind::Percent => value
                .as_f64()
                .is_some_and(|percent| (0.0..=100.0).contains(&percent)),
            ValueKind::Day => parsed::<NaiveDate>(value).is_some(),
            ValueKind::VagueDay => vague_day(value).is_some(),
            ValueKind::Word(keys) => value.as_str().is_some_and(|key| keys.contains(&key)),
            ValueKind::Ref(_) => value
                .as_str()
                .is_some_and(|id| self.places.contains_key(id)),
            ValueKind::One(_) => value.is_object(),
        }
    }

    fn value(&mut self, form: &ValueKind, value: &Value, id: ChangeId) {
        let text = value.as_str().unwrap_or_default();
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        match form {
            ValueKind::Text | ValueKind::Name => self.text(text),
            ValueKind::Texts | ValueKind::Names => {
                self.number(items.len() as u64);
                for item in items {
                    self.text(item.as_str().unwrap_or_default());
                }
            }
            ValueKind::Flag => self.number(u64::from(value == &Value::Bool(true))),
            ValueKind::Number => self.number(value.as_u64().unwrap_or_default()),
            ValueKind::Moment => {
                self.signed(minutes_from(id, Millis::in_json(value).unwrap_or_default()))
            }
            ValueKind::Percent => {
                let hundredths = (value.as_f64().unwrap_or_default() * 100.0).round() as u64;
                self.number(if hundredths.is_multiple_of(100) {
                    hundredths / 100
                } else {
                    101 + hundredths
                });
            }
            ValueKind::Day => self.day(parsed(value).unwrap_or_default()),
            ValueKind::VagueDay => match vague_day(value).unwrap_or_default() {
                VagueDate::Unknown => self.number(0),
                VagueDate::Year(year) => {
                    self.number(1);
                    self.number(u64::from(year.unsigned_abs()));
                }
                VagueDate::Month(day) => {
                    self.number(2);
                    self.day(day);
                }
                VagueDate::Day(day) => {
                    self.number(3);
                    self.day(day);
                }
            },
            ValueKind::Word(keys) => {
                let place = keys.iter().position(|key| *key == text);
                self.number(place.unwrap_or_default() as u64);
            }
            ValueKind::Ref(_) => self.number(self.places.get(text).copied().unwrap_or_default()),
            ValueKind::Refs(_) => {
                let places = items
                    .iter()
                    .filter_map(|id| self.places.get(id.as_str()?).copied());
                let places: Vec<u64> = places.collect();
                self.number(places.len() as u64);
                for place in places {
                    self.number(place);
                }
            }
            ValueKind::List(table) => {
                self.number(items.len() as u64);
                for item in items {
                    self.rows(
                        table,
                        &[(id, item.as_object().cloned().unwrap_or_default())],
                    );
                }
            }
            ValueKind::One(table) => {
                self.rows(
                    table,
                    &[(id, value.as_object().cloned().unwrap_or_default())],
                );
            }
        }
    }
}

/// Parses a date as it is stored, without the forms that people type.
fn vague_day(value: &Value) -> Option<VagueDate> {
    VagueDate::from_stored(value.as_str()?)
}

fn parsed<T: std::str::FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}
