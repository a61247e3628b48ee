//! A snapshot as bytes: all numbers, and all texts, each text once.
//!
//! Entity by entity: for each record one bit per field that is there, then the first field of all
//! records, then the second: what is alike stands together, which folds smaller. A record is named
//! by its place, a word of a vocabulary by its number, a day by its distance from the day of the
//! snapshot. What is read is bounded: see the constants.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::redact::{change, minutes_from, new_id};
use super::table::{ENTITIES, Field, Fields, Form, HEAD, entity};
use super::{MINUTE, Snapshot};
use crate::date::day_of;
use crate::{ChangeId, VagueDate};

/// How many records a snapshot in bytes may hold.
pub(super) const MOST_RECORDS: usize = 20_000;
/// How much may come of them: bytes of text, and some for every value. Texts that are named again
/// count again, so that a few bytes cannot stand for gigabytes.
const MOST_READ: usize = 4 << 20;
const VALUE_COST: usize = 16;

/// The bytes of a snapshot.
pub(super) struct Packed {
    pub(super) numbers: Vec<u8>,
    pub(super) texts: Vec<u8>,
}

/// Writes a snapshot. What the table does not list is not written.
pub(super) fn pack(snapshot: &Snapshot) -> Packed {
    let mut writer = Writer {
        base: snapshot.taken_at,
        ..Writer::default()
    };
    writer.number(snapshot.taken_at / MINUTE);
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
    for rows in &rows {
        writer.number(rows.len() as u64);
        let mut last = snapshot.taken_at / MINUTE;
        for (place, (id, _)) in rows.iter().enumerate() {
            let minute = id.millis() / MINUTE;
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

/// What the snapshot says of itself, without what is at the front already.
fn head(snapshot: &Snapshot) -> Fields {
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
    /// When the snapshot was taken, in Unix milliseconds.
    base: u64,
}

impl Writer {
    fn number(&mut self, number: u64) {
        write_number(&mut self.numbers, number);
    }

    /// Small numbers of either sign stay small.
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
        self.signed((day - day_of(self.base)).num_days());
    }

    fn rows(&mut self, table: &[Field], rows: &[(ChangeId, Fields)]) {
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
                    self.value(&field.form, value, *id);
                }
            }
        }
    }

    /// The value of a field, if it is what its form says; what is not is left out.
    fn writable<'a>(&self, field: &Field, fields: &'a Fields) -> Option<&'a Value> {
        let value = fields.get(field.name)?;
        self.can_write(&field.form, value).then_some(value)
    }

    fn can_write(&self, form: &Form, value: &Value) -> bool {
        match form {
            Form::Text | Form::Name => value.is_string(),
            Form::Texts | Form::Names | Form::Refs(_) | Form::List(_) => value.is_array(),
            Form::Flag => value.is_boolean(),
            Form::Number | Form::Moment => value.is_u64(),
            Form::Percent => value
                .as_f64()
                .is_some_and(|percent| (0.0..=100.0).contains(&percent)),
            Form::Day => parsed::<NaiveDate>(value).is_some(),
            Form::VagueDay => parsed::<VagueDate>(value).is_some(),
            Form::Word(keys) => value.as_str().is_some_and(|key| keys.contains(&key)),
            Form::Ref(_) => value
                .as_str()
                .is_some_and(|id| self.places.contains_key(id)),
            Form::One(_) => value.is_object(),
        }
    }

    fn value(&mut self, form: &Form, value: &Value, id: ChangeId) {
        let text = value.as_str().unwrap_or_default();
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        match form {
            Form::Text | Form::Name => self.text(text),
            Form::Texts | Form::Names => {
                self.number(items.len() as u64);
                for item in items {
                    self.text(item.as_str().unwrap_or_default());
                }
            }
            Form::Flag => self.number(u64::from(value == &Value::Bool(true))),
            Form::Number => self.number(value.as_u64().unwrap_or_default()),
            Form::Moment => self.signed(minutes_from(id, value.as_u64().unwrap_or_default())),
            Form::Percent => {
                let hundredths = (value.as_f64().unwrap_or_default() * 100.0).round() as u64;
                self.number(if hundredths.is_multiple_of(100) {
                    hundredths / 100
                } else {
                    101 + hundredths
                });
            }
            Form::Day => self.day(parsed(value).unwrap_or_default()),
            Form::VagueDay => match parsed(value).unwrap_or_default() {
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
            Form::Word(keys) => {
                let place = keys.iter().position(|key| *key == text);
                self.number(place.unwrap_or_default() as u64);
            }
            Form::Ref(_) => self.number(self.places.get(text).copied().unwrap_or_default()),
            Form::Refs(_) => {
                let places = items
                    .iter()
                    .filter_map(|id| self.places.get(id.as_str()?).copied());
                let places: Vec<u64> = places.collect();
                self.number(places.len() as u64);
                for place in places {
                    self.number(place);
                }
            }
            Form::List(table) => {
                self.number(items.len() as u64);
                for item in items {
                    self.rows(
                        table,
                        &[(id, item.as_object().cloned().unwrap_or_default())],
                    );
                }
            }
            Form::One(table) => {
                self.rows(
                    table,
                    &[(id, value.as_object().cloned().unwrap_or_default())],
                );
            }
        }
    }
}

fn parsed<T: std::str::FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}

pub(super) fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number off the front.
pub(super) fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Reads what [`pack`] has written. `None`: it was not.
pub(super) fn unpack(packed: &Packed) -> Option<Snapshot> {
    let mut reader = Reader {
        numbers: &packed.numbers,
        texts: std::str::from_utf8(&packed.texts)
            .ok()?
            .split_terminator('\0')
            .collect(),
        used: 0,
        budget: MOST_READ,
        ids: Vec::new(),
        base: 0,
    };
    let minute = reader.number()?;
    reader.base = minute.checked_mul(MINUTE).filter(|at| *at < 1 << 48)?;
    let mut records = 0;
    for _ in ENTITIES {
        let count = usize::try_from(reader.number()?).ok()?;
        let mut last = i64::try_from(minute).ok()?;
        let mut ids = Vec::new();
        for _ in 0..count {
            last = last.checked_add(reader.signed()?)?;
            let millis = u64::try_from(last).ok()?.checked_mul(MINUTE)?;
            ids.push(new_id(
                ChangeId::new(millis, 0, Default::default()),
                records,
            ));
            records += 1;
            if records > MOST_RECORDS {
                return None;
            }
        }
        reader.ids.push(ids);
    }
    let mut head = reader.rows(HEAD, &[ChangeId::MIN])?.pop()?;
    head.insert("taken_at".into(), reader.base.into());
    head.insert("changes".into(), Value::Array(Vec::new()));
    let mut snapshot: Snapshot = serde_json::from_str(&Value::Object(head).to_string()).ok()?;
    for (place, entity) in ENTITIES.iter().enumerate() {
        let ids = reader.ids[place].clone();
        for (id, fields) in ids.iter().zip(reader.rows(entity.fields, &ids)?) {
            snapshot.changes.push(change(*id, entity.tag, fields)?);
        }
    }
    (reader.numbers.is_empty() && reader.used == reader.texts.len()).then_some(snapshot)
}

struct Reader<'a> {
    numbers: &'a [u8],
    texts: Vec<&'a str>,
    /// How many texts have been named so far.
    used: usize,
    budget: usize,
    /// Of each noun.
    ids: Vec<Vec<ChangeId>>,
    base: u64,
}

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        read_number(&mut self.numbers)
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn spend(&mut self, cost: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(cost)?;
        Some(())
    }

    fn text(&mut self) -> Option<Value> {
        let place = match usize::try_from(self.number()?).ok()? {
            0 => {
                self.used += 1;
                self.used
            }
            known if known <= self.used => known,
            _ => return None,
        };
        let text = *self.texts.get(place - 1)?;
        self.spend(text.len() + VALUE_COST)?;
        Some(text.into())
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let days = self.signed()?;
        let distance = Days::new(days.unsigned_abs());
        let base = day_of(self.base);
        if days < 0 {
            base.checked_sub_days(distance)
        } else {
            base.checked_add_days(distance)
        }
    }

    fn rows(&mut self, table: &[Field], ids: &[ChangeId]) -> Option<Vec<Fields>> {
        let mut masks = Vec::new();
        for _ in ids {
            let mask = self.number()?;
            if mask.checked_shr(table.len() as u32).unwrap_or(0) != 0 {
                return None;
            }
            masks.push(mask);
        }
        let mut rows: Vec<Fields> = ids.iter().map(|_| Fields::new()).collect();
        for (place, field) in table.iter().enumerate() {
            for ((row, mask), id) in rows.iter_mut().zip(&masks).zip(ids) {
                if mask >> place & 1 == 1 {
                    row.insert(field.name.into(), self.value(&field.form, *id)?);
                }
            }
        }
        Some(rows)
    }

    fn many(&mut self, mut read: impl FnMut(&mut Self) -> Option<Value>) -> Option<Value> {
        let count = self.number()?;
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(read(self)?);
        }
        Some(Value::Array(items))
    }

    fn value(&mut self, form: &Form, id: ChangeId) -> Option<Value> {
        self.spend(VALUE_COST)?;
        Some(match form {
            Form::Text | Form::Name => self.text()?,
            Form::Texts | Form::Names => self.many(Self::text)?,
            Form::Flag => Value::Bool(self.number()? == 1),
            Form::Number => self.number()?.into(),
            Form::Moment => {
                let minute = (id.millis() / MINUTE) as i64;
                let at = u64::try_from(minute.checked_add(self.signed()?)?).ok()?;
                at.checked_mul(MINUTE)?.into()
            }
            Form::Percent => match self.number()? {
                whole @ 0..=100 => whole.into(),
                hundredths => (hundredths.checked_sub(101)? as f64 / 100.0).into(),
            },
            Form::Day => self.day()?.to_string().into(),
            Form::VagueDay => {
                let date = match self.number()? {
                    0 => VagueDate::Unknown,
                    1 => VagueDate::Year(i32::try_from(self.number()?).ok()?),
                    2 => VagueDate::Month(self.day()?),
                    3 => VagueDate::Day(self.day()?),
                    _ => return None,
                };
                date.to_string().into()
            }
            Form::Word(keys) => (*keys.get(usize::try_from(self.number()?).ok()?)?).into(),
            Form::Ref(entity) => self.reference(*entity)?,
            Form::Refs(entity) => self.many(|reader| {
                reader.spend(VALUE_COST)?;
                reader.reference(*entity)
            })?,
            Form::List(table) => self.many(|reader| {
                reader.spend(VALUE_COST)?;
                reader.rows(table, &[id])?.pop().map(Value::Object)
            })?,
            Form::One(table) => Value::Object(self.rows(table, &[id])?.pop()?),
        })
    }

    fn reference(&mut self, entity: usize) -> Option<Value> {
        let place = usize::try_from(self.number()?).ok()?;
        Some(self.ids.get(entity)?.get(place)?.to_string().into())
    }
}
