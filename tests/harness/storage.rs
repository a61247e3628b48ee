//! Reads and writes the browser's storage without the app.

use serde_json::{Value, json};

use super::Page;

const READ: &str = r#"
    return new Promise((resolve, reject) => {
        const open = indexedDB.open("cruxboard");
        open.onerror = () => reject(open.error);
        open.onupgradeneeded = () => { open.transaction.abort(); };
        open.onsuccess = () => {
            const database = open.result;
            const names = [...database.objectStoreNames];
            const transaction = database.transaction(names, "readonly");
            const found = {};
            for (const name of names) {
                const store = transaction.objectStore(name);
                const keys = store.getAllKeys(), values = store.getAll();
                values.onsuccess = () => { found[name] = keys.result.map((key, at) => [key, values.result[at]]); };
            }
            transaction.oncomplete = () => { database.close(); resolve(found); };
            transaction.onabort = () => reject(transaction.error);
        };
    }).catch((error) => ({ error: String(error) }));
"#;

/// Writes rows of a store in one transaction; `null` deletes a row.
const WRITE: &str = r#"
    const [store, rows] = arguments;
    return new Promise((resolve, reject) => {
        const open = indexedDB.open("cruxboard");
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
            const database = open.result;
            const transaction = database.transaction([store], "readwrite");
            for (const [key, value] of rows) {
                if (value === null) transaction.objectStore(store).delete(key);
                else transaction.objectStore(store).put(value, key);
            }
            transaction.oncomplete = () => { database.close(); resolve(rows.length); };
            transaction.onabort = () => reject(transaction.error);
        };
    });
"#;

impl Page {
    /// Returns the rows of a store of the journal, as `(key, value)`.
    #[track_caller]
    pub(crate) fn stored(&self, store: &str) -> Vec<(String, Value)> {
        let all = self.js(READ, &[]);
        let rows = all.get(store).and_then(Value::as_array);
        let Some(rows) = rows else {
            return Vec::new();
        };
        rows.iter()
            .map(|row| {
                let key = row[0]
                    .as_str()
                    .map_or_else(|| row[0].to_string(), str::to_owned);
                (key, row[1].clone())
            })
            .collect()
    }

    /// Returns the ids of all stored changes.
    #[track_caller]
    pub(crate) fn stored_ids(&self) -> Vec<String> {
        let rows = self.stored("changes").into_iter();
        rows.filter_map(|(key, _)| key.split('/').nth(1).map(str::to_owned))
            .collect()
    }

    /// Returns the number of stored changes.
    #[track_caller]
    pub(crate) fn stored_count(&self) -> usize {
        self.stored("changes").len()
    }

    /// Writes rows of a store without the app; `Null` deletes a row.
    #[track_caller]
    pub(crate) fn write_stored(&self, store: &str, rows: &[(String, Value)]) {
        self.js(WRITE, &[json!(store), json!(rows)]);
    }

    /// Returns everything in local storage.
    #[track_caller]
    pub(crate) fn local_storage(&self) -> serde_json::Map<String, Value> {
        let all = self.js("return { ...localStorage }", &[]);
        all.as_object().cloned().unwrap_or_default()
    }
}
