//! What the tabs of one browser tell each other.
//!
//! A message carries the changes themselves: it arrives before the other tab could read them from
//! storage. A tab that was frozen misses messages, so it reads the journal again when it is seen.

use cruxboard_domain::Stamp;
use cruxboard_domain::log::Entry;
use leptos::ev;
use leptos::prelude::{document, window_event_listener};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::clock;
use super::settings::local_storage;

const CHANNEL: &str = "cruxboard";
/// Where browsers without channels leave word; what it says does not matter.
const PING: &str = "cruxboard/ping";

/// What another tab says.
#[derive(Debug, PartialEq)]
pub enum News {
    /// These changes are new on a board.
    Changed(Stamp, Vec<Entry>),
    /// The list of boards, or something else in the journal, is another one.
    Shelved,
    /// A board was deleted.
    Forgotten(Stamp),
    /// Something may have been missed.
    LookAgain,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Message {
    Changed {
        board: Stamp,
        rows: Vec<Box<RawValue>>,
    },
    Shelved,
    Forgotten {
        board: Stamp,
    },
}

/// This tab's end of the line to the others.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
}

impl Tabs {
    /// Joins the others. `on_news` is called with what they say for as long as the page is there.
    #[must_use]
    pub fn join(on_news: impl Fn(News) + Clone + 'static) -> Self {
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            let on_news = on_news.clone();
            let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(news) = event.data().as_string().and_then(|text| read(&text)) {
                    on_news(news);
                }
            });
            channel.set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        } else {
            let on_news = on_news.clone();
            let listener = window_event_listener(ev::storage, move |event| {
                if event.key().as_deref() == Some(PING) {
                    on_news(News::LookAgain);
                }
            });
            std::mem::forget(listener);
        }
        on_return(move || on_news(News::LookAgain));
        Self { channel }
    }

    /// Tells the others of changes that are stored, or that cannot be.
    pub fn tell_changes<'a>(&self, board: Stamp, rows: impl Iterator<Item = &'a str>) {
        let rows = rows
            .filter_map(|json| RawValue::from_string(json.to_owned()).ok())
            .collect();
        self.tell(&Message::Changed { board, rows });
    }

    /// Tells the others that the list of boards is another one.
    pub fn tell_shelved(&self) {
        self.tell(&Message::Shelved);
    }

    /// Tells the others that a board was deleted.
    pub fn tell_forgotten(&self, board: Stamp) {
        self.tell(&Message::Forgotten { board });
    }

    fn tell(&self, message: &Message) {
        let text = serde_json::to_string(message).unwrap_or_default();
        if let Some(channel) = &self.channel {
            // It fails only when the channel is closed, which nobody does.
            drop(channel.post_message(&text.into()));
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
fn read(text: &str) -> Option<News> {
    Some(match serde_json::from_str(text).ok()? {
        Message::Changed { board, rows } => News::Changed(
            board,
            rows.iter()
                .filter_map(|row| Entry::from_json(row.get()).ok())
                .collect(),
        ),
        Message::Shelved => News::Shelved,
        Message::Forgotten { board } => News::Forgotten(board),
    })
}
