//! The journal: what is in it is safe.
//!
//! IndexedDB, since it alone loses nothing when the browser is killed or several tabs write at
//! once. Each change is one row of its own, so that storing one costs the same on every board and
//! no tab ever overwrites what another one wrote.

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

use cruxboard_domain::ChangeId;
use cruxboard_domain::log::Entry;
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
use crate::session::{BoardListing, BoardSize, Row};

/// The rows: `<board>/<change>` to checksum and JSON.
const CHANGES: &str = "changes";
/// What is known of each board: its id to a [`BoardListing`] as JSON.
const BOARDS: &str = "boards";
/// Rows that could not be read, for the person to download.
const SET_ASIDE: &str = "set_aside";
/// Single values by name, as JSON; among them answers of blind rounds, until they are published.
const META: &str = "meta";
/// So many rows are asked for at once: few round trips, and no block of work longer than a frame or two.
const ROWS_AT_ONCE: u32 = 2_000;

/// Cheap to clone; all clones share one connection.
#[derive(Clone)]
pub struct Journal {
    connection: Connection,
}

/// A board as the journal has it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Its changes, oldest first.
    pub entries: Vec<Entry>,
    /// How many characters they take.
    pub length: usize,
    /// How many rows could not be read and were set aside just now.
    pub set_aside: usize,
    /// Whether the board was deleted on purpose, so that no tab that still has it may bring it back.
    pub is_forgotten: bool,
}

impl Journal {
    /// The journal of this browser. It is opened when it is first used, and again after the browser
    /// took it away, of which `on_lost` is told.
    #[must_use]
    pub fn new(on_lost: impl Fn() + 'static) -> Self {
        Self {
            connection: Connection::new(on_lost),
        }
    }

    /// Stores rows, and what is known of their board, in one transaction. All of it is safe when
    /// this returns, or none is there.
    ///
    /// # Errors
    /// [`StorageProblem`] when nothing was stored.
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
            // Otherwise what was handed over before would be stored.
            transaction.abort()?;
            // That it was aborted is no news, but an answer nobody awaits is a complaint in the console.
            drop(complete.await);
            return Err(problem);
        }
        complete.await
    }

    /// Reads a board. Rows that cannot be read are set aside, and do not spoil the rest.
    ///
    /// # Errors
    /// [`StorageProblem`] when nothing could be read.
    pub async fn load(&self, board: ChangeId) -> Result<Loaded, StorageProblem> {
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
            // The next rows are asked for before these are read, so that they come meanwhile.
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

    /// The ids of the changes it has of a board, oldest first; `None`: the board was deleted.
    ///
    /// # Errors
    /// [`StorageProblem`] when they could not be read.
    pub async fn ids(&self, board: ChangeId) -> Result<Option<Vec<ChangeId>>, StorageProblem> {
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

    /// How much room a board takes. Where it has as many changes as `before`, that is the answer
    /// still: a row is written anew only when something is erased.
    ///
    /// # Errors
    /// [`StorageProblem`] when it could not be read.
    pub async fn size(
        &self,
        board: ChangeId,
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

    /// What is known of every board, last opened first. A board whose listing was lost is there
    /// without a title, at the end.
    ///
    /// # Errors
    /// [`StorageProblem`] when it could not be read.
    pub async fn boards(&self) -> Result<Vec<BoardListing>, StorageProblem> {
        let transaction = self
            .connection
            .begin(&[CHANGES, BOARDS, META], Access::Read)
            .await?;
        let listings: Array = answer(transaction.object_store(BOARDS)?.get_all()?)
            .await?
            .unchecked_into();
        let mut boards: Vec<BoardListing> = Vec::new();
        for listing in listings.iter() {
            let Some(listing) = from_json::<BoardListing>(&listing) else {
                continue;
            };
            let later = boards.partition_point(|other| other.opened_at > listing.opened_at);
            boards.insert(later, listing);
        }
        let changes = transaction.object_store(CHANGES)?;
        let meta = transaction.object_store(META)?;
        let mut from = String::new();
        // From the first row of one board to the first row of the next, without reading what is between.
        while let Some(key) = first_key_from(&changes, &from).await? {
            let board = key.split('/').next().unwrap_or_default();
            from = format!("{board}0");
            let Ok(id) = board.parse() else { continue };
            let is_listed = boards.iter().any(|listing| listing.id == id);
            // A tab may have stored a last change while another one deleted the board.
            if !is_listed && !is_there(&meta, &key::forgotten(id)).await? {
                boards.push(BoardListing::unknown(id));
            }
        }
        Ok(boards)
    }

    /// Remembers what is known of a board.
    ///
    /// # Errors
    /// [`StorageProblem`] when it was not stored.
    pub async fn remember_board(&self, listing: &BoardListing) -> Result<(), StorageProblem> {
        self.append(&[], Some(listing)).await
    }

    /// Deletes a board for good: its rows, its listing and what was set aside of it.
    ///
    /// # Errors
    /// [`StorageProblem`] when nothing was deleted.
    pub async fn forget_board(
        &self,
        board: ChangeId,
        now_millis: u64,
    ) -> Result<(), StorageProblem> {
        let stores = [CHANGES, BOARDS, SET_ASIDE, META];
        let transaction = self.connection.begin(&stores, Access::Write).await?;
        let complete = completion(&transaction);
        transaction
            .object_store(CHANGES)?
            .delete(&key::rows_of(board)?.into())?;
        transaction
            .object_store(BOARDS)?
            .delete(&board.to_string().into())?;
        transaction
            .object_store(META)?
            .delete(&key::all_sealed(board)?.into())?;
        put(
            &transaction.object_store(META)?,
            &key::forgotten(board),
            &to_json(&now_millis),
        )?;
        set_aside::erase(&transaction, |key| key.starts_with(&key::start(board))).await?;
        complete.await
    }

    /// Lets a deleted board come back, since the person brings it in again.
    ///
    /// # Errors
    /// [`StorageProblem`] when it could not be noted.
    pub async fn recall_board(&self, board: ChangeId) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Write).await?;
        let complete = completion(&transaction);
        transaction
            .object_store(META)?
            .delete(&key::forgotten(board).into())?;
        complete.await
    }

    /// Something that is no text, such as a file on the disk; undefined where there is none.
    ///
    /// # Errors
    /// [`StorageProblem`] when it could not be read.
    pub async fn kept(&self, name: &str) -> Result<JsValue, StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Read).await?;
        answer(transaction.object_store(META)?.get(&name.into())?).await
    }

    /// Keeps something that is no text; `None` keeps it no more.
    ///
    /// # Errors
    /// [`StorageProblem`] when it was not stored.
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

    /// Takes rows out of a board.
    ///
    /// # Errors
    /// [`StorageProblem`] when all of them are still there.
    pub async fn take_out(&self, board: ChangeId, ids: &[ChangeId]) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[CHANGES], Access::Write).await?;
        let complete = completion(&transaction);
        let changes = transaction.object_store(CHANGES)?;
        for id in ids {
            changes.delete(&key::row(board, *id).into())?;
        }
        complete.await
    }

    /// A single value.
    ///
    /// # Errors
    /// [`StorageProblem`] when it could not be read. One that makes no sense is as good as none.
    pub async fn meta<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Read).await?;
        let value = answer(transaction.object_store(META)?.get(&name.into())?).await?;
        Ok(from_json(&value))
    }

    /// Stores a single value.
    ///
    /// # Errors
    /// [`StorageProblem`] when it was not stored.
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

/// The first rows of a range: their keys and, in the same order, their values.
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
    // Plain data with text keys: it cannot fail.
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
