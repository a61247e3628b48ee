//! Settings of the device, in local storage, and of the tab, in session storage.
//!
//! Failures are not reported: if local storage is blocked or full, a setting lasts until the page
//! is unloaded.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::str::FromStr;

use cruxboard_domain::record::{PersonId, RoundId};
use cruxboard_domain::{BoardId, Millis};
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use leptos::prelude::window;

use super::sync::Endpoint;
use cruxboard_session::BackupRecord;
use cruxboard_session::ports::{Language, Theme};

/// Returns local storage, if available. gloo-storage panics without it, so all access goes through
/// here.
#[must_use]
pub fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn session_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

thread_local! {
    /// Keys and values that local storage did not accept.
    static UNTIL_RELOAD: RefCell<Vec<(String, String)>> = RefCell::default();
}

/// The storage of a setting.
#[derive(Clone, Copy)]
enum Area {
    /// Local storage, shared by all tabs.
    Device,
    /// Session storage, for one tab until it is closed.
    Tab,
}

/// A stored setting. It is stored as text, since that adds the least code.
pub struct Setting<T> {
    key: String,
    area: Area,
    value: PhantomData<T>,
}

impl<T: ToString + FromStr> Setting<T> {
    fn named(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            area: Area::Device,
            value: PhantomData,
        }
    }

    fn of_tab(key: impl Into<String>) -> Self {
        Self {
            area: Area::Tab,
            ..Self::named(key)
        }
    }

    /// Returns whether this setting has the key `key` in local storage.
    #[must_use]
    pub fn is_at(&self, key: &str) -> bool {
        self.key == key
    }

    /// Returns the stored value; `None` also if it cannot be parsed.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        let text = match self.area {
            Area::Device => get(&self.key),
            Area::Tab => session_storage().and_then(|_| SessionStorage::get(&self.key).ok()),
        };
        text?.parse().ok()
    }

    /// Stores a value.
    pub fn set(&self, value: &T) {
        match self.area {
            Area::Device => set(&self.key, value.to_string()),
            Area::Tab if session_storage().is_some() => {
                drop(SessionStorage::set(&self.key, value.to_string()));
            }
            Area::Tab => {}
        }
    }

    /// Removes the value.
    pub fn clear(&self) {
        if matches!(self.area, Area::Tab) {
            if session_storage().is_some() {
                SessionStorage::delete(&self.key);
            }
            return;
        }
        UNTIL_RELOAD.with_borrow_mut(|kept| kept.retain(|(key, _)| *key != self.key));
        if local_storage().is_some() {
            LocalStorage::delete(&self.key);
        }
    }
}

fn get(key: &str) -> Option<String> {
    let kept = UNTIL_RELOAD.with_borrow(|kept| {
        let kept = kept.iter().find(|(there, _)| there == key);
        kept.map(|(_, value)| value.clone())
    });
    kept.or_else(|| local_storage().and_then(|_| LocalStorage::get(key).ok()))
}

fn set(key: &str, value: String) {
    let is_stored = local_storage().is_some() && LocalStorage::set(key, &value).is_ok();
    UNTIL_RELOAD.with_borrow_mut(|kept| {
        kept.retain(|(there, _)| there != key);
        if !is_stored {
            kept.push((key.to_owned(), value));
        }
    });
}

/// The number of this device, the same in all its tabs.
#[must_use]
pub fn device() -> Setting<u32> {
    Setting::named("cruxboard/device")
}

/// The id of this tab, also after a reload. A duplicated tab begins with the id of the original.
#[must_use]
pub fn tab() -> Setting<u32> {
    Setting::of_tab("cruxboard/tab")
}

const PLACES: &str = "cruxboard/places";

/// Returns where on its screens the person of this tab was, as text. Unlike the other settings it is not JSON,
/// whose code the first screen does without.
#[must_use]
pub fn places() -> Option<String> {
    session_storage()?.get_item(PLACES).ok().flatten()
}

/// Stores where on its screens the person of this tab was.
pub fn set_places(text: &str) {
    if let Some(storage) = session_storage() {
        drop(storage.set_item(PLACES, text));
    }
}

/// The person of the board that was last chosen on this device. A new tab begins with it.
#[must_use]
pub fn me(board: BoardId) -> Setting<PersonId> {
    Setting::named(format!("cruxboard/me/{board}"))
}

/// The person of the board who edits in this tab, also after a reload.
#[must_use]
pub fn me_in_tab(board: BoardId) -> Setting<PersonId> {
    Setting::of_tab(format!("cruxboard/me/{board}"))
}

/// A reader's answers to the snapshot with this checksum, until the tab is closed: a snapshot leaves nothing
/// else in the browser of its reader.
#[must_use]
pub fn answer_draft(snapshot: u32) -> Setting<String> {
    Setting::of_tab(format!("cruxboard/answer/{snapshot}"))
}

/// The endpoint of a board. It includes the credential, and is never part of a file or link.
#[must_use]
pub fn endpoint(board: BoardId) -> Setting<Endpoint> {
    Setting::named(format!("cruxboard/endpoint/{board}"))
}

/// The snapshots of a board that this browser put on a server, with their keys: see
/// [`super::sync::server_features`].
#[must_use]
pub fn hosted(board: BoardId) -> Setting<String> {
    Setting::named(format!("cruxboard/hosted/{board}"))
}

/// The last backup, the changes made since then, and when to remind the person of the next one.
#[must_use]
pub fn backup() -> Setting<BackupRecord> {
    Setting::named("cruxboard/backup")
}

/// The name of the file on disk that backups are written to, if there is one.
#[must_use]
pub fn backup_file() -> Setting<String> {
    Setting::named("cruxboard/backup-file")
}

/// The board that was opened last.
#[must_use]
pub fn last_board() -> Setting<BoardId> {
    Setting::named("cruxboard/last-board")
}

/// Whether a section of a form or page was left open.
#[must_use]
pub fn section_open(section: &str) -> Setting<bool> {
    Setting::named(format!("cruxboard/open/{section}"))
}

/// A choice on a screen of a board, for this tab.
#[must_use]
pub fn choice(key: &str) -> Setting<String> {
    Setting::of_tab(format!("cruxboard/choice/{key}"))
}

/// A person's unrevealed answers in a blind round: a copy of the journal's, which can be read at
/// once.
#[must_use]
pub fn sealed(board: BoardId, round: RoundId, person: PersonId) -> Setting<String> {
    Setting::named(format!("{}{round}/{person}", all_sealed(board)))
}

fn all_sealed(board: BoardId) -> String {
    format!("cruxboard/sealed/{board}/")
}

/// Removes the answers in all rounds of a board.
pub fn forget_sealed(board: BoardId) {
    forget(&all_sealed(board));
}

/// Removes every value whose key begins with `start`.
pub(super) fn forget(start: &str) {
    UNTIL_RELOAD.with_borrow_mut(|kept| kept.retain(|(key, _)| !key.starts_with(start)));
    let Some(storage) = local_storage() else {
        return;
    };
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|place| storage.key(place).ok().flatten());
    for key in keys.collect::<Vec<_>>() {
        if key.starts_with(start) {
            drop(storage.remove_item(&key));
        }
    }
}

/// Time at which a tab began to reveal answers, so that no second tab does too.
#[must_use]
pub fn revealing(round: RoundId, person: PersonId) -> Setting<Millis> {
    Setting::named(format!("cruxboard/revealing/{round}/{person}"))
}

/// The language. `boot.js` loads its texts.
#[must_use]
pub fn language() -> Setting<Language> {
    Setting::named("cruxboard/language")
}

/// The theme. `theme.js` reads it before the first paint.
#[must_use]
pub fn theme() -> Setting<Theme> {
    Setting::named("cruxboard/theme")
}

/// Whether outdated credences count in the aggregate.
#[must_use]
pub fn with_stale() -> Setting<bool> {
    Setting::named("cruxboard/with-stale")
}

/// Whether the other people are told that this device has a board open.
#[must_use]
pub fn shows_presence() -> Setting<bool> {
    Setting::named("cruxboard/shows-presence")
}
