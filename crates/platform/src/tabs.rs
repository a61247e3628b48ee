//! Messages between the tabs of one browser.
//!
//! A message carries the changes themselves, since it arrives before the other tab could read them
//! from storage. A tab that was frozen misses messages, so it reads the journal again when it is
//! shown.

use std::rc::Rc;

use cruxboard_domain::BoardId;
use cruxboard_domain::log::Entry;
use js_sys::Array;
use leptos::ev;
use leptos::prelude::{document, window_event_listener};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::clock;
use super::settings::local_storage;

const CHANNEL: &str = "cruxboard";
/// The local storage key that notifies tabs in browsers without channels; its value has no meaning.
const PING: &str = "cruxboard/ping";
/// The kinds of messages: the first word of each.
const CHANGED: &str = "changed";
const BOARD_LIST_CHANGED: &str = "shelved";
const FORGOTTEN: &str = "forgotten";

/// A message from another tab.
#[derive(Debug, PartialEq)]
pub enum News {
    /// A board has these new changes.
    Changed(BoardId, Vec<Entry>),
    /// The list of boards, or something else in the journal, has changed.
    BoardListChanged,
    /// A board was deleted.
    Forgotten(BoardId),
    /// Messages may have been missed.
    LookAgain,
}

/// This tab's connection to the other tabs.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
}

impl Tabs {
    /// Connects to the other tabs. `on_news` is called with their messages until the page is
    /// unloaded.
    #[must_use]
    pub fn join(on_news: Rc<dyn Fn(News)>) -> Self {
        let channel = BroadcastChannel::new(CHANNEL).ok();
        let look_again = {
            let on_news = on_news.clone();
            move || on_news(News::LookAgain)
        };
        if let Some(channel) = &channel {
            let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(news) = read(&event.data()) {
                    on_news(news);
                }
            });
            channel.set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        } else {
            let look_again = look_again.clone();
            std::mem::forget(window_event_listener(ev::storage, move |event| {
                if event.key().as_deref() == Some(PING) {
                    look_again();
                }
            }));
        }
        on_return(look_again);
        Self { channel }
    }

    /// Tells the other tabs of changes that are stored, or that cannot be stored.
    pub fn tell_changes<'a>(&self, board: BoardId, rows: impl Iterator<Item = &'a str>) {
        let message = Array::of2(&CHANGED.into(), &board.to_string().into());
        for row in rows {
            message.push(&row.into());
        }
        self.tell(&message);
    }

    /// Tells the other tabs that the list of boards has changed.
    pub fn tell_board_list_changed(&self) {
        self.tell(&Array::of1(&BOARD_LIST_CHANGED.into()));
    }

    /// Tells the other tabs that a board was deleted.
    pub fn tell_forgotten(&self, board: BoardId) {
        self.tell(&Array::of2(&FORGOTTEN.into(), &board.to_string().into()));
    }

    fn tell(&self, message: &Array) {
        if let Some(channel) = &self.channel {
            // Posting fails only on a closed channel; this one is never closed.
            drop(channel.post_message(message));
        } else if let Some(storage) = local_storage() {
            // If storage is full, the other tabs read the journal when they are shown again.
            drop(storage.set_item(PING, &clock::random_u32().to_string()));
        }
    }
}

/// Calls back when the person returns to this tab, also by the browser's back button.
fn on_return(callback: impl Fn() + Clone + 'static) {
    let on_seen = callback.clone();
    std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            on_seen();
        }
    }));
    std::mem::forget(window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            callback();
        }
    }));
}

/// Parses a message of a tab of this or another version; `None` if it cannot be read.
fn read(message: &JsValue) -> Option<News> {
    let words = message.dyn_ref::<Array>()?;
    let mut words = words.iter().filter_map(|word| word.as_string());
    let about = words.next()?;
    if about == BOARD_LIST_CHANGED {
        return Some(News::BoardListChanged);
    }
    let board = words.next()?.parse().ok()?;
    match about.as_str() {
        CHANGED => {
            let entries = words.filter_map(|row| Entry::from_json(&row).ok());
            Some(News::Changed(board, entries.collect()))
        }
        FORGOTTEN => Some(News::Forgotten(board)),
        _ => None,
    }
}
