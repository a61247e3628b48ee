//! The journal: the changes in IndexedDB. A change in the journal is safe.
//!
//! Only IndexedDB loses nothing when the browser is killed or several tabs write at once. Each
//! change is a row of its own. Storing one therefore costs the same on every board, and no tab
//! overwrites the changes of another.

mod boards;
mod connection;
mod key;
mod problem;
mod request;
mod row;
mod sealed;
mod set_aside;
mod space;
mod write_lock;

use std::future::Future;

use cruxboard_domain::log::Entry;
use cruxboard_domain::{BoardId, ChangeId};
use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbKeyRange, IdbObjectStore, IdbTransaction};

use self::connection::Connection;
pub use self::problem::StorageProblem;
use self::request::{Access, answer, completion};
pub use self::set_aside::SetAside;
pub use self::space::{Usage, estimate, persist};
use cruxboard_session::{BoardListing, BoardSize, Row};

/// Changes: key `<board>/<change>`, value checksum and JSON.
const CHANGES: &str = "changes";
/// Board listings: key board id, value [`BoardListing`] as JSON.
const BOARDS: &str = "boards";
/// Unreadable rows, for the person to download.
const SET_ASIDE: &str = "set_aside";
/// Single values by name, as JSON; among them answers of blind rounds that are not revealed yet.
const META: &str = "meta";
/// Number of rows requested at once: few round trips, and no task longer than a frame or two.
const ROWS_AT_ONCE: u32 = 2_000;

/// The journal's API. Cheap to clone; all clones share one connection.
#[derive(Clone)]
pub struct Journal {
    connection: Connection,
}

/// A board as stored in the journal.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The board's changes, oldest first.
    pub entries: Vec<Entry>,
    /// The length of the changes in characters.
    pub length: usize,
    /// Number of unreadable rows that this read set aside.
    pub set_aside: usize,
    /// Whether the person deleted the board, so that no tab that still has it may store it again.
    pub is_forgotten: bool,
}

impl Journal {
    /// Creates the journal of this browser. The database is opened on first use, and again after
    /// the browser closed it; `on_lost` is called when that happens.
    #[must_use]
    pub fn new(on_lost: impl Fn() + 'static) -> Self {
        Self {
            connection: Connection::new(on_lost),
        }
    }

    /// Stores rows, and optionally the listing of their board, in one transaction. When this
    /// returns, either everything or nothing is stored.
    ///
    /// # Errors
    /// [`StorageProblem`] if nothing was stored.
    pub async fn append(
        &self,
        rows: &[Row],
        listing: Option<&BoardListing>,
    ) -> Result<(), StorageProblem> {
        let transaction = self
            .connection
            .begin(&[CHANGES, BOARDS], Access::Write)
            .await?;
        let complete = completion(&transaction);
        if let Err(problem) = write(&transaction, rows, listing) {
            // Without aborting, the rows put before the failure would be stored.
            transaction.abort()?;
            // The abort is expected, but an unawaited rejection would be reported in the console.
            drop(complete.await);
            return Err(problem);
        }
        complete.await
    }

    /// Reads a board. Unreadable rows are set aside and do not affect the others.
    ///
    /// # Errors
    /// [`StorageProblem`] if nothing could be read.
    pub async fn load(&self, board: BoardId) -> Result<Loaded, StorageProblem> {
        let transaction = self
            .connection
            .begin(&[CHANGES, META], Access::Read)
            .await?;
        let meta = transaction.object_store(META)?;
        let mut loaded = Loaded {
            is_forgotten: is_there(&meta, &key::forgotten(board)).await?,
            ..Loaded::default()
        };
        let changes = transaction.object_store(CHANGES)?;
        let mut damaged = Vec::new();
        let mut asked = Some(rows(&changes, &key::rows_of(board)?)?);
        while let Some(answers) = asked.take() {
            let (keys, values) = answers.await?;
            // Requests the next rows before these are parsed, so that both overlap.
            if keys.length() == ROWS_AT_ONCE {
                asked = Some(rows(
                    &changes,
                    &key::rows_after(board, &keys.get(ROWS_AT_ONCE - 1))?,
                )?);
            }
            for (key, value) in keys.iter().zip(values.iter()) {
                let text = value.as_string().unwrap_or_default();
                match row::read(&text) {
                    Ok(entry) => {
                        loaded.length += text.len();
                        loaded.entries.push(entry);
                    }
                    Err(_) => damaged.push(key),
                }
            }
        }
        if !damaged.is_empty() {
            loaded.set_aside = self.set_damaged_aside(damaged).await?;
        }
        Ok(loaded)
    }

    /// Returns the ids of a board's stored changes, oldest first; `None` if the board was deleted.
    ///
    /// # Errors
    /// [`StorageProblem`] if the ids could not be read.
    pub async fn ids(&self, board: BoardId) -> Result<Option<Vec<ChangeId>>, StorageProblem> {
        let transaction = self
            .connection
            .begin(&[CHANGES, META], Access::Read)
            .await?;
        let meta = transaction.object_store(META)?;
        if is_there(&meta, &key::forgotten(board)).await? {
            return Ok(None);
        }
        let keys = transaction
            .object_store(CHANGES)?
            .get_all_keys_with_key(&key::rows_of(board)?.into())?;
        let keys: Array = answer(keys).await?.unchecked_into();
        let skip = key::start(board).len();
        Ok(Some(
            keys.iter()
                .filter_map(|key| key.as_string()?.get(skip..)?.parse().ok())
                .collect(),
        ))
    }

    /// Returns the size of a board. Returns `before` if the number of changes is the same: a stored
    /// row is only rewritten by a redaction.
    ///
    /// # Errors
    /// [`StorageProblem`] if the rows could not be read.
    pub async fn size(
        &self,
        board: BoardId,
        before: Option<BoardSize>,
    ) -> Result<BoardSize, StorageProblem> {
        let transaction = self.connection.begin(&[CHANGES], Access::Read).await?;
        let changes = transaction.object_store(CHANGES)?;
        let count = answer(changes.count_with_key(&key::rows_of(board)?.into())?).await?;
        let count = count.as_f64().unwrap_or_default() as usize;
        if let Some(before) = before.filter(|before| before.changes == count) {
            return Ok(before);
        }
        let mut size = BoardSize::default();
        let mut range = key::rows_of(board)?;
        loop {
            let (keys, values) = rows(&changes, &range)?.await?;
            size.changes += keys.length() as usize;
            for text in keys.iter().chain(values.iter()) {
                size.bytes += text.as_string().map_or(0, |text| text.len());
            }
            if keys.length() < ROWS_AT_ONCE {
                return Ok(size);
            }
            range = key::rows_after(board, &keys.get(ROWS_AT_ONCE - 1))?;
        }
    }

    /// Returns a stored value that is not text, such as a file handle; undefined if there is none.
    ///
    /// # Errors
    /// [`StorageProblem`] if the value could not be read.
    pub async fn kept(&self, name: &str) -> Result<JsValue, StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Read).await?;
        answer(transaction.object_store(META)?.get(&name.into())?).await
    }

    /// Stores a value that is not text; `None` deletes it.
    ///
    /// # Errors
    /// [`StorageProblem`] if the value was not stored.
    pub async fn keep(&self, name: &str, what: Option<&JsValue>) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Write).await?;
        let complete = completion(&transaction);
        let meta = transaction.object_store(META)?;
        match what {
            Some(what) => meta.put_with_key(what, &name.into())?,
            None => meta.delete(&name.into())?,
        };
        complete.await
    }

    /// Deletes rows of a board.
    ///
    /// # Errors
    /// [`StorageProblem`] if none was deleted.
    pub async fn take_out(&self, board: BoardId, ids: &[ChangeId]) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[CHANGES], Access::Write).await?;
        let complete = completion(&transaction);
        let changes = transaction.object_store(CHANGES)?;
        for id in ids {
            changes.delete(&key::row(board, *id).into())?;
        }
        complete.await
    }

    /// Returns a single value; `None` also if it cannot be parsed.
    ///
    /// # Errors
    /// [`StorageProblem`] if the value could not be read.
    pub async fn meta<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Read).await?;
        let value = answer(transaction.object_store(META)?.get(&name.into())?).await?;
        Ok(from_json(&value))
    }

    /// Stores a single value.
    ///
    /// # Errors
    /// [`StorageProblem`] if the value was not stored.
    pub async fn set_meta<T: Serialize>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Write).await?;
        let complete = completion(&transaction);
        put(&transaction.object_store(META)?, name, &to_json(value))?;
        complete.await
    }
}

fn write(
    transaction: &IdbTransaction,
    rows: &[Row],
    listing: Option<&BoardListing>,
) -> Result<(), StorageProblem> {
    let changes = transaction.object_store(CHANGES)?;
    for row in rows {
        let key = key::row(row.board, row.id);
        put(&changes, &key, &row::write(&row.json))?;
    }
    if let Some(listing) = listing {
        let boards = transaction.object_store(BOARDS)?;
        put(&boards, &listing.id.to_string(), &to_json(listing))?;
    }
    Ok(())
}

/// Requests the first [`ROWS_AT_ONCE`] rows of a range: the keys and, in the same order, the
/// values.
fn rows(
    changes: &IdbObjectStore,
    range: &IdbKeyRange,
) -> Result<impl Future<Output = Result<(Array, Array), StorageProblem>> + use<>, StorageProblem> {
    let keys = changes.get_all_keys_with_key_and_limit(range, ROWS_AT_ONCE)?;
    let values = changes.get_all_with_key_and_limit(range, ROWS_AT_ONCE)?;
    let (keys, values) = (answer(keys), answer(values));
    Ok(async move { Ok((keys.await?.unchecked_into(), values.await?.unchecked_into())) })
}

fn put(store: &IdbObjectStore, key: &str, value: &str) -> Result<(), StorageProblem> {
    store.put_with_key(&value.into(), &key.into())?;
    Ok(())
}

fn to_json<T: Serialize>(value: &T) -> String {
    // Serializing plain data with text keys cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

fn from_json<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    serde_json::from_str(&value.as_string()?).ok()
}

async fn is_there(store: &IdbObjectStore, key: &str) -> Result<bool, StorageProblem> {
    Ok(!answer(store.get_key(&key.into())?).await?.is_undefined())
}

async fn first_key_from(
    store: &IdbObjectStore,
    from: &str,
) -> Result<Option<String>, StorageProblem> {
    let range = IdbKeyRange::bound(&from.into(), &"\u{ffff}".into())?;
    Ok(answer(store.get_key(&range)?).await?.as_string())
}
