//! Settings of the device, in local storage, and of the tab, in session storage.
//!
//! None of it matters enough to trouble anybody: where local storage is blocked or full, a setting
//! lasts as long as the page.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::str::FromStr;

use cruxboard_domain::ChangeId;
use cruxboard_domain::record::{PersonId, RoundId};
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use leptos::prelude::window;

use super::sync::Endpoint;
use crate::session::BackupRecord;

/// Local storage, where there is any. gloo-storage panics where there is none, so everything goes
/// through here.
#[must_use]
pub fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn session_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

thread_local! {
    /// Keys and values that local storage did not take.
    static UNTIL_RELOAD: RefCell<Vec<(String, String)>> = RefCell::default();
}

/// Where a setting is remembered.
#[derive(Clone, Copy)]
enum Area {
    /// In local storage, for all tabs.
    Device,
    /// In session storage, for one tab until it is closed.
    Tab,
}

/// One thing that is remembered, as text, which is what weighs least.
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

    /// Whether local storage knows it by this key.
    #[must_use]
    pub fn is_at(&self, key: &str) -> bool {
        self.key == key
    }

    /// What was set; `None` too where it cannot be read.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        let text = match self.area {
            Area::Device => get(&self.key),
            Area::Tab => session_storage().and_then(|_| SessionStorage::get(&self.key).ok()),
        };
        text?.parse().ok()
    }

    /// Remembers a value.
    pub fn set(&self, value: &T) {
        match self.area {
            Area::Device => set(&self.key, value.to_string()),
            Area::Tab if session_storage().is_some() => {
                drop(SessionStorage::set(&self.key, value.to_string()));
            }
            Area::Tab => {}
        }
    }

    /// Forgets the value.
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

/// Which device this is: the same for all its tabs.
#[must_use]
pub fn device() -> Setting<u32> {
    Setting::named("cruxboard/device")
}

/// Which tab this is, also after a reload. A copied tab begins with the id of the other.
#[must_use]
pub fn tab() -> Setting<u32> {
    Setting::of_tab("cruxboard/tab")
}

/// Which person of the board was chosen last on this device: a new tab begins with them.
#[must_use]
pub fn me(board: ChangeId) -> Setting<PersonId> {
    Setting::named(format!("cruxboard/me/{board}"))
}

/// Which person of the board edits in this tab, also after a reload.
#[must_use]
pub fn me_in_tab(board: ChangeId) -> Setting<PersonId> {
    Setting::of_tab(format!("cruxboard/me/{board}"))
}

/// Where a board is kept in step. It holds what proves who is asking, and is in no file or link.
#[must_use]
pub fn endpoint(board: ChangeId) -> Setting<Endpoint> {
    Setting::named(format!("cruxboard/endpoint/{board}"))
}

/// The snapshots of a board that were put on a server here, with their keys: see
/// [`super::sync::server_features`].
#[must_use]
pub fn hosted(board: ChangeId) -> Setting<String> {
    Setting::named(format!("cruxboard/hosted/{board}"))
}

/// When there was a backup, what was done since, and when to remind of it.
#[must_use]
pub fn backup() -> Setting<BackupRecord> {
    Setting::named("cruxboard/backup")
}

/// The name of the file on the disk that is kept up to date, if there is one.
#[must_use]
pub fn backup_file() -> Setting<String> {
    Setting::named("cruxboard/backup-file")
}

/// The board that was open last.
#[must_use]
pub fn last_board() -> Setting<ChangeId> {
    Setting::named("cruxboard/last-board")
}

/// Whether a section of a form or page was left open.
#[must_use]
pub fn section_open(section: &str) -> Setting<bool> {
    Setting::named(format!("cruxboard/open/{section}"))
}

/// What somebody answered in a blind round that is not published yet: a copy to read at once of what
/// the journal keeps.
#[must_use]
pub fn sealed(board: ChangeId, round: RoundId, person: PersonId) -> Setting<String> {
    Setting::named(format!("{}{round}/{person}", all_sealed(board)))
}

fn all_sealed(board: ChangeId) -> String {
    format!("cruxboard/sealed/{board}/")
}

/// Forgets what was answered in all rounds of a board.
pub fn forget_sealed(board: ChangeId) {
    forget(&all_sealed(board));
}

/// Forgets everything whose key begins with `start`.
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

/// When a tab began to publish it, in Unix milliseconds, so that two tabs do not do it both.
#[must_use]
pub fn revealing(round: RoundId, person: PersonId) -> Setting<u64> {
    Setting::named(format!("cruxboard/revealing/{round}/{person}"))
}

/// Whether stale statements count in the aggregate.
#[must_use]
pub fn with_stale() -> Setting<bool> {
    Setting::named("cruxboard/with-stale")
}

/// Whether others are told that this device has a board open.
#[must_use]
pub fn shows_presence() -> Setting<bool> {
    Setting::named("cruxboard/shows-presence")
}
