//! Unpacks a snapshot from bytes. Reading is bounded: see the constants.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::pack::{MOST_RECORDS, Packed};
use super::redact::{change, new_id};
use super::table::{ENTITIES, Fields, HEAD, PACKED};
use super::varint::read_number;
use super::{Snapshot, from_minutes, minutes};
use crate::record::table::{SharedField, ValueKind};
use crate::{ChangeId, Millis, VagueDate};

/// Maximum amount that is unpacked: bytes of text, and some for every value. Repeated texts count each time,
/// so that a few bytes cannot expand to gigabytes.
const MOST_READ: usize = 4 << 20;
const VALUE_COST: usize = 16;

/// Unpacks the bytes of [`pack`](super::pack::pack). `None` if they are invalid.
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
        base: Millis(0),
    };
    let minute = reader.number()?;
    reader.base = from_minutes(minute).filter(|at| at.0 < 1 << 48)?;
    let mut records = 0;
    for _ in &ENTITIES[..PACKED] {
        let count = usize::try_from(reader.number()?).ok()?;
        let mut last = i64::try_from(minute).ok()?;
        let mut ids = Vec::new();
        for _ in 0..count {
            last = last.checked_add(reader.signed()?)?;
            let millis = from_minutes(u64::try_from(last).ok()?)?;
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
    head.insert("taken_at".into(), reader.base.0.into());
    head.insert("changes".into(), Value::Array(Vec::new()));
    let mut snapshot: Snapshot = serde_json::from_str(&Value::Object(head).to_string()).ok()?;
    for (place, entity) in ENTITIES[..PACKED].iter().enumerate() {
        let ids = reader.ids[place].clone();
        for (id, fields) in ids.iter().zip(reader.rows(entity.fields, &ids)?) {
            snapshot.changes.push(change(*id, entity.kind, fields)?);
        }
    }
    (reader.numbers.is_empty() && reader.used == reader.texts.len()).then_some(snapshot)
}

struct Reader<'a> {
    numbers: &'a [u8],
    texts: Vec<&'a str>,
    /// Number of texts used so far.
    used: usize,
    budget: usize,
    /// The ids of each entity.
    ids: Vec<Vec<ChangeId>>,
    base: Millis,
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
        let base = self.base.day();
        if days < 0 {
            base.checked_sub_days(distance)
        } else {
            base.checked_add_days(distance)
        }
    }

    fn rows(&mut self, table: &[SharedField], ids: &[ChangeId]) -> Option<Vec<Fields>> {
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
                    row.insert(field.name.into(), self.value(&field.kind, *id)?);
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

    fn value(&mut self, form: &ValueKind, id: ChangeId) -> Option<Value> {
        self.spend(VALUE_COST)?;
        Some(match form {
            ValueKind::Text | ValueKind::Name => self.text()?,
            ValueKind::Texts | ValueKind::Names => self.many(Self::text)?,
            ValueKind::Flag => Value::Bool(self.number()? == 1),
            ValueKind::Number => self.number()?.into(),
            ValueKind::Moment => {
                let minute = minutes(id.millis()) as i64;
                let at = u64::try_from(minute.checked_add(self.signed()?)?).ok()?;
                from_minutes(at)?.0.into()
            }
            ValueKind::Percent => match self.number()? {
                whole @ 0..=100 => whole.into(),
                hundredths => (hundredths.checked_sub(101)? as f64 / 100.0).into(),
            },
            ValueKind::Day => self.day()?.to_string().into(),
            ValueKind::VagueDay => {
                let date = match self.number()? {
                    0 => VagueDate::Unknown,
                    1 => VagueDate::Year(i32::try_from(self.number()?).ok()?),
                    2 => VagueDate::Month(self.day()?),
                    3 => VagueDate::Day(self.day()?),
                    _ => return None,
                };
                date.to_string().into()
            }
            ValueKind::Word(keys) => (*keys.get(usize::try_from(self.number()?).ok()?)?).into(),
            ValueKind::Ref(entity) => self.reference(*entity)?,
            ValueKind::Refs(entity) => self.many(|reader| {
                reader.spend(VALUE_COST)?;
                reader.reference(*entity)
            })?,
            ValueKind::List(table) => self.many(|reader| {
                reader.spend(VALUE_COST)?;
                reader.rows(table, &[id])?.pop().map(Value::Object)
            })?,
            ValueKind::One(table) => Value::Object(self.rows(table, &[id])?.pop()?),
        })
    }

    fn reference(&mut self, entity: usize) -> Option<Value> {
        let place = usize::try_from(self.number()?).ok()?;
        Some(self.ids.get(entity)?.get(place)?.to_string().into())
    }
}
