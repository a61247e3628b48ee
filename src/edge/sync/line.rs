//! What the tabs of one browser tell each other about a board's endpoint: one of them asks it, and
//! the others show what that one says.

use std::rc::Rc;

use cruxboard_domain::ChangeId;
use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::Unredaction;
use js_sys::Array;
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _, WithUntracked as _};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::session::{SyncRecord, SyncState, SyncStatus};

const CHANNEL: &str = "cruxboard/sync";
/// What a message is about: its first word. The second is the board.
const TELLS: &str = "tells";
const ASKS: &str = "asks";
const PARDONS: &str = "pardons";

/// What another tab says.
pub(super) enum Said {
    /// How the endpoint and the board stand.
    Tells(Told),
    /// Somebody looks at the board there, and wants to know how it stands; `true`: wants it looked
    /// after at once.
    Asks(bool),
    /// Erasures were undone at the endpoint.
    Pardons(Unredaction),
}

/// How the board and its endpoint stand.
pub(super) struct Told {
    state: SyncState,
    present: String,
    records: Vec<SyncRecord>,
    clock: Vec<String>,
}

/// Begins what is said of clocks, among the exchanges: older versions pass it by.
const CLOCK: &str = "clock ";

impl Told {
    /// Shows it here.
    pub(super) fn show(self, status: SyncStatus) {
        set(status.state, self.state);
        set(status.records, self.records);
        set(status.clock, self.clock);
        let present = self.present.split(' ').filter(|one| !one.is_empty());
        set(
            status.present,
            present.map(|one| one.parse().ok()).collect(),
        );
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|there| *there == value) == Some(false) {
        signal.set(value);
    }
}

/// This tab's end of the line; where browsers have none, each tab asks for itself.
pub(super) struct Line(Option<BroadcastChannel>);

impl Line {
    /// Joins the others. `on_said` is called with what they say for as long as the page is there.
    pub(super) fn join(on_said: Rc<dyn Fn(ChangeId, Said)>) -> Self {
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some((board, said)) = read(&event.data()) {
                    on_said(board, said);
                }
            });
            channel.set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        }
        Self(channel)
    }

    /// Tells the others how it stands.
    pub(super) fn tell(&self, board: ChangeId, status: SyncStatus) {
        let state = status.state.with_untracked(spelled);
        let present = status.present.get_untracked().into_iter();
        let present: Vec<String> = present
            .map(|one| one.map_or_else(|| "-".to_owned(), |one| one.to_string()))
            .collect();
        let mut words = vec![state, present.join(" ")];
        status.records.with_untracked(|records| {
            words.extend(records.iter().map(|record| {
                let (sent, received) = record.bytes;
                format!("{} {sent} {received} {}", record.at, record.what)
            }));
        });
        status.clock.with_untracked(|said| {
            words.extend(said.iter().map(|said| format!("{CLOCK}{said}")));
        });
        self.say(TELLS, board, words);
    }

    /// Asks whoever keeps the board in step; `at_once`: to look at the endpoint.
    pub(super) fn ask(&self, board: ChangeId, at_once: bool) {
        self.say(ASKS, board, at_once.then(|| "at once".to_owned()));
    }

    /// Tells the others of erasures that were undone.
    pub(super) fn unredact(&self, board: ChangeId, pardon: &Unredaction) {
        let undone: Vec<String> = pardon.undone.iter().map(ChangeId::to_string).collect();
        let restored = pardon.restored.iter().map(Entry::to_json);
        self.say(
            PARDONS,
            board,
            [undone.join(" ")].into_iter().chain(restored),
        );
    }

    fn say(&self, about: &str, board: ChangeId, words: impl IntoIterator<Item = String>) {
        let Some(channel) = &self.0 else { return };
        let message = Array::of2(&about.into(), &board.to_string().into());
        for word in words {
            message.push(&word.into());
        }
        // It fails only when the channel is closed, which nobody does.
        drop(channel.post_message(&message));
    }
}

/// What a tab of this or another version said; what cannot be read says nothing.
fn read(message: &JsValue) -> Option<(ChangeId, Said)> {
    let words = message.dyn_ref::<Array>()?;
    let mut words = words.iter().filter_map(|word| word.as_string());
    let about = words.next()?;
    let board = words.next()?.parse().ok()?;
    let said = match about.as_str() {
        TELLS => {
            let state = understood(&words.next()?)?;
            let present = words.next()?;
            let (clock, records): (Vec<String>, Vec<String>) =
                words.partition(|word| word.starts_with(CLOCK));
            let clock = clock.iter().filter_map(|said| said.strip_prefix(CLOCK));
            let clock = clock.map(str::to_owned).collect();
            let records = records.into_iter().filter_map(|record| {
                let mut parts = record.splitn(4, ' ');
                let at = parts.next()?.parse().ok()?;
                let sent = parts.next()?.parse().ok()?;
                let received = parts.next()?.parse().ok()?;
                Some(SyncRecord {
                    at,
                    what: parts.next()?.to_owned(),
                    bytes: (sent, received),
                })
            });
            Said::Tells(Told {
                state,
                present,
                records: records.collect(),
                clock,
            })
        }
        PARDONS => {
            let undone = words.next()?;
            let undone = undone.split(' ').filter_map(|id| id.parse().ok());
            Said::Pardons(Unredaction {
                undone: undone.collect(),
                restored: words
                    .filter_map(|row| Entry::from_json(&row).ok())
                    .collect(),
            })
        }
        ASKS => Said::Asks(words.next().is_some()),
        _ => return None,
    };
    Some((board, said))
}

/// A state as one text: its name and what it carries.
fn spelled(state: &SyncState) -> String {
    match state {
        SyncState::Off => "off ".to_owned(),
        SyncState::Connecting => "connecting ".to_owned(),
        SyncState::Sending(count) => format!("sending {count}"),
        SyncState::Receiving(bytes) => format!("receiving {bytes}"),
        SyncState::Synced(at) => format!("synced {at}"),
        SyncState::ReadOnly(count) => format!("reading {count}"),
        SyncState::Offline(count) => format!("offline {count}"),
        SyncState::Struggling(count) => format!("struggling {count}"),
        SyncState::LeftOut(count, why) => format!("left-out {count} {why}"),
        SyncState::Refused(why) => format!("refused {why}"),
    }
}

fn understood(text: &str) -> Option<SyncState> {
    let (name, rest) = text.split_once(' ')?;
    let count = || rest.parse().ok();
    Some(match name {
        "off" => SyncState::Off,
        "connecting" => SyncState::Connecting,
        "sending" => SyncState::Sending(count()?),
        "receiving" => SyncState::Receiving(count()?),
        "synced" => SyncState::Synced(rest.parse().ok()?),
        "reading" => SyncState::ReadOnly(count()?),
        "offline" => SyncState::Offline(count()?),
        "struggling" => SyncState::Struggling(count()?),
        "left-out" => {
            let (count, why) = rest.split_once(' ')?;
            SyncState::LeftOut(count.parse().ok()?, why.to_owned())
        }
        "refused" => SyncState::Refused(rest.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_understood_as_it_was_said() {
        for state in [
            SyncState::Off,
            SyncState::Connecting,
            SyncState::Sending(3),
            SyncState::Receiving(700_000),
            SyncState::Synced(1_795_510_800_000),
            SyncState::ReadOnly(0),
            SyncState::Offline(12),
            SyncState::Struggling(1),
            SyncState::LeftOut(2, "They are dated far ahead.".to_owned()),
            SyncState::Refused("No room there. Make some.".to_owned()),
        ] {
            assert_eq!(understood(&spelled(&state)), Some(state));
        }
        assert_eq!(understood("sending many"), None);
        assert_eq!(understood("of a newer version"), None);
    }
}
