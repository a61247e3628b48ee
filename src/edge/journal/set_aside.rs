//! Rows that cannot be read: kept apart as they are, never deleted.

use js_sys::{Array, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbTransaction;

use super::request::{Access, answer, completion};
use super::row::{self, Damage};
use super::{CHANGES, Journal, SET_ASIDE, StorageProblem};
use crate::edge::clock;

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetAside {
    /// The key it had, `<board>/<change>`.
    pub key: String,
    /// The row as it was; as JSON when it was no text.
    pub raw: String,
    /// When it was found, in Unix milliseconds.
    pub found_at: u64,
    /// What was wrong with it.
    pub why: String,
}

impl Journal {
    /// All rows that were set aside, oldest first.
    ///
    /// # Errors
    /// [`StorageProblem`] when they could not be read.
    pub async fn set_aside(&self) -> Result<Vec<SetAside>, StorageProblem> {
        let transaction = self.connection.begin(&[SET_ASIDE], Access::Read).await?;
        let rows = answer(transaction.object_store(SET_ASIDE)?.get_all()?).await?;
        Ok(rows
            .unchecked_into::<Array>()
            .iter()
            .map(|row| read(&row))
            .collect())
    }

    /// Erases what was set aside under these keys, since its content was erased from the board.
    ///
    /// # Errors
    /// [`StorageProblem`] when nothing was erased.
    pub async fn erase_set_aside(
        &self,
        rows: &[crate::session::Row],
    ) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[SET_ASIDE], Access::Write).await?;
        let complete = completion(&transaction);
        erase(&transaction, |key| {
            rows.iter()
                .any(|row| key == super::key::row(row.board, row.id))
        })
        .await?;
        complete.await
    }

    /// Moves unreadable rows, in one transaction. Says how many there were.
    pub(super) async fn set_damaged_aside(
        &self,
        keys: Vec<JsValue>,
    ) -> Result<usize, StorageProblem> {
        let transaction = self
            .connection
            .begin(&[CHANGES, SET_ASIDE], Access::Write)
            .await?;
        let complete = completion(&transaction);
        let changes = transaction.object_store(CHANGES)?;
        let aside = transaction.object_store(SET_ASIDE)?;
        let mut count = 0;
        for key in keys {
            // Read again here, since another tab may have mended or moved it by now.
            let value = answer(changes.get(&key)?).await?;
            let text = value.as_string().ok_or(Damage::TextError);
            let Err(damage) = text.and_then(|text| row::read(&text)) else {
                continue;
            };
            if !value.is_undefined() {
                let record = Object::new();
                Reflect::set(&record, &"key".into(), &key)?;
                Reflect::set(&record, &"raw".into(), &value)?;
                Reflect::set(
                    &record,
                    &"found_at".into(),
                    &(clock::now_millis() as f64).into(),
                )?;
                Reflect::set(&record, &"why".into(), &damage.to_string().into())?;
                aside.add(&record)?;
                changes.delete(&key)?;
                count += 1;
            }
        }
        complete.await?;
        Ok(count)
    }
}

/// Erases the rows whose key is meant. The transaction must have the store and may write.
pub(super) async fn erase(
    transaction: &IdbTransaction,
    is_meant: impl Fn(&str) -> bool,
) -> Result<(), StorageProblem> {
    let aside = transaction.object_store(SET_ASIDE)?;
    let rows = aside.get_all()?;
    let keys = aside.get_all_keys()?;
    let rows: Array = answer(rows).await?.unchecked_into();
    let keys: Array = answer(keys).await?.unchecked_into();
    for (key, row) in keys.iter().zip(rows.iter()) {
        if is_meant(&read(&row).key) {
            aside.delete(&key)?;
        }
    }
    Ok(())
}

/// Whatever stands there is handed out, even where it was not written by us.
fn read(row: &JsValue) -> SetAside {
    let field = |name: &str| Reflect::get(row, &name.into()).unwrap_or_default();
    let text = |value: &JsValue| {
        value.as_string().or_else(|| {
            // Of what has no JSON, such as a missing field, no text comes but nothing at all.
            let json = JSON::stringify(value).ok()?;
            json.as_string()
        })
    };
    SetAside {
        key: text(&field("key")).unwrap_or_default(),
        raw: text(&field("raw"))
            .or_else(|| text(row))
            .unwrap_or_default(),
        found_at: field("found_at").as_f64().unwrap_or_default() as u64,
        why: text(&field("why")).unwrap_or_default(),
    }
}
