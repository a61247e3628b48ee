//! Unreadable rows: set aside in their original form, and deleted only with their board or by a
//! redaction.

use js_sys::{Array, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbTransaction;

use super::request::{Access, answer, completion};
use super::row::{self, Damage};
use super::{CHANGES, Journal, SET_ASIDE, StorageProblem};
use crate::clock;
use cruxboard_domain::Millis;

/// An unreadable row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetAside {
    /// The row's original key, `<board>/<change>`.
    pub key: String,
    /// The row's original content; as JSON if it was not text.
    pub raw: String,
    /// Time at which the damage was found.
    pub found_at: Millis,
    /// A description of the damage.
    pub why: String,
}

impl Journal {
    /// Returns all rows that were set aside, oldest first.
    ///
    /// # Errors
    /// [`StorageProblem`] if the rows could not be read.
    pub async fn set_aside(&self) -> Result<Vec<SetAside>, StorageProblem> {
        let transaction = self.connection.begin(&[SET_ASIDE], Access::Read).await?;
        let rows = answer(transaction.object_store(SET_ASIDE)?.get_all()?).await?;
        Ok(rows
            .unchecked_into::<Array>()
            .iter()
            .map(|row| read(&row))
            .collect())
    }

    /// Deletes the rows that were set aside under the keys of these rows, whose content was
    /// redacted.
    ///
    /// # Errors
    /// [`StorageProblem`] if nothing was deleted.
    pub async fn erase_set_aside(
        &self,
        rows: &[cruxboard_session::Row],
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

    /// Sets unreadable rows aside, in one transaction. Returns their number.
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
            // The row is read again in this transaction, since another tab may have repaired or
            // moved it meanwhile.
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
                    &(clock::now_millis().0 as f64).into(),
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

/// Deletes the rows whose original key satisfies `is_meant`. The transaction needs write access to
/// the store.
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

/// Reads a row that was set aside, also if another program wrote it in another form.
fn read(row: &JsValue) -> SetAside {
    let field = |name: &str| Reflect::get(row, &name.into()).unwrap_or_default();
    let text = |value: &JsValue| {
        value.as_string().or_else(|| {
            // `JSON.stringify` returns undefined for values without JSON, such as a missing field.
            let json = JSON::stringify(value).ok()?;
            json.as_string()
        })
    };
    SetAside {
        key: text(&field("key")).unwrap_or_default(),
        raw: text(&field("raw"))
            .or_else(|| text(row))
            .unwrap_or_default(),
        found_at: Millis(field("found_at").as_f64().unwrap_or_default() as u64),
        why: text(&field("why")).unwrap_or_default(),
    }
}
