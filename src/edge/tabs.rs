//! What the tabs of one browser tell each other.
//!
//! A message carries the changes themselves: it arrives before the other tab could read them from
//! storage. A tab that was frozen misses messages, so it reads the journal again when it is seen.

use std::rc::Rc;

use cruxboard_domain::ChangeId;
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
/// Where browsers without channels leave word; what it says does not matter.
const PING: &str = "cruxboard/ping";
/// What a message is about: its first word.
const CHANGED: &str = "changed";
const BOARD_LIST_CHANGED: &str = "shelved";
const FORGOTTEN: &str = "forgotten";

/// What another tab says.
#[derive(Debug, PartialEq)]
pub enum News {
    /// These changes are new on a board.
    Changed(ChangeId, Vec<Entry>),
    /// The list of boards, or something else in the journal, is another one.
    BoardListChanged,
    /// A board was deleted.
    Forgotten(ChangeId),
    /// Something may have been missed.
    LookAgain,
}

/// This tab's end of the line to the others.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
}

impl Tabs {
    /// Joins the others. `on_news` is called with what they say for as long as the page is there.
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

    /// Tells the others of changes that are stored, or that cannot be.
    pub fn tell_changes<'a>(&self, board: ChangeId, rows: impl Iterator<Item = &'a str>) {
        let message = Array::of2(&CHANGED.into(), &board.to_string().into());
        for row in rows {
            message.push(&row.into());
        }
        self.tell(&message);
    }

    /// Tells the others that the list of boards is another one.
    pub fn tell_board_list_changed(&self) {
        self.tell(&Array::of1(&BOARD_LIST_CHANGED.into()));
    }

    /// Tells the others that a board was deleted.
    pub fn tell_forgotten(&self, board: ChangeId) {
        self.tell(&Array::of2(&FORGOTTEN.into(), &board.to_string().into()));
    }

    fn tell(&self, message: &Array) {
        if let Some(channel) = &self.channel {
            // It fails only when the channel is closed, which nobody does.
            drop(channel.post_message(message));
        } else if let Some(storage) = local_storage() {
            // Full storage leaves the others to look when they are seen again.
            drop(storage.set_item(PING, &clock::random_u32().to_string()));
        }
    }
}

/// Calls back when the person comes back to this tab, also by the browser's back button.
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

/// What a tab of this or another version said; what cannot be read says nothing.
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
