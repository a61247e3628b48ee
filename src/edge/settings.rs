//! What a device remembers besides boards, in local storage.
//!
//! None of it matters enough to trouble anybody: where local storage is blocked or full, a setting
//! lasts as long as the page.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use cruxboard_domain::Stamp;
use cruxboard_domain::record::PersonId;
use gloo_storage::{LocalStorage, Storage};
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Local storage, where there is any. gloo-storage panics where there is none, so everything goes
/// through here.
#[must_use]
pub fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

thread_local! {
    /// What local storage did not take, as JSON.
    static UNTIL_RELOAD: RefCell<BTreeMap<Cow<'static, str>, String>> = RefCell::default();
}

/// One thing that is remembered.
pub struct Setting<T> {
    key: Cow<'static, str>,
    value: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Setting<T> {
    fn named(key: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key: key.into(),
            value: PhantomData,
        }
    }

    /// What was set; `None` too where it cannot be read.
    #[must_use]
    pub fn get(&self) -> Option<T> {
        let kept = UNTIL_RELOAD.with_borrow(|kept| kept.get(&self.key).cloned());
        match kept {
            Some(json) => serde_json::from_str(&json).ok(),
            None => local_storage().and_then(|_| LocalStorage::get(&self.key).ok()),
        }
    }

    /// Remembers a value.
    pub fn set(&self, value: &T) {
        let is_stored = local_storage().is_some() && LocalStorage::set(&self.key, value).is_ok();
        UNTIL_RELOAD.with_borrow_mut(|kept| {
            if is_stored {
                kept.remove(&self.key);
            } else if let Ok(json) = serde_json::to_string(value) {
                kept.insert(self.key.clone(), json);
            }
        });
    }

    /// Forgets the value.
    pub fn clear(&self) {
        UNTIL_RELOAD.with_borrow_mut(|kept| kept.remove(&self.key));
        if local_storage().is_some() {
            LocalStorage::delete(&self.key);
        }
    }
}

/// How the app is to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system does.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Which device this is: the same for all its tabs.
#[must_use]
pub fn device() -> Setting<u32> {
    Setting::named("cruxboard/device")
}

/// Which person of the board edits on this device.
#[must_use]
pub fn me(board: Stamp) -> Setting<PersonId> {
    Setting::named(format!("cruxboard/me/{board}"))
}

/// Whether the tour was seen or dismissed.
#[must_use]
pub fn tour_seen() -> Setting<bool> {
    Setting::named("cruxboard/tour-seen")
}

/// The board that was open last.
#[must_use]
pub fn last_board() -> Setting<Stamp> {
    Setting::named("cruxboard/last-board")
}

/// Whether a section of a form or page was left open.
#[must_use]
pub fn section_open(section: &str) -> Setting<bool> {
    Setting::named(format!("cruxboard/open/{section}"))
}

/// Whether stale statements count in the aggregate.
#[must_use]
pub fn with_stale() -> Setting<bool> {
    Setting::named("cruxboard/with-stale")
}

/// How the app is to look.
#[must_use]
pub fn theme() -> Setting<Theme> {
    Setting::named("cruxboard/theme")
}
