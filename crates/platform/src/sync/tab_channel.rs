//! Messages between the tabs of one browser about a board's endpoint: one tab asks the endpoint,
//! and the others show what that tab reports.

use std::rc::Rc;

use cruxboard_domain::log::Entry;
use cruxboard_domain::sync::Unredaction;
use cruxboard_domain::{BoardId, ChangeId};
use js_sys::Array;
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _, WithUntracked as _};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use cruxboard_session::{SyncRecord, SyncState, SyncStatus};

const CHANNEL: &str = "cruxboard/sync";
/// The kinds of messages. The kind is the first word, the board the second. Tabs of older versions
/// read these words too.
const TELLS: &str = "tells";
const ASKS: &str = "asks";
const PARDONS: &str = "pardons";

/// A message from another tab.
pub(super) enum TabMessage {
    /// The state of syncing.
    Status(TabStatus),
    /// A tab that shows the board wants the state of syncing; with `at_once`, the endpoint is asked
    /// first.
    StatusWanted { at_once: bool },
    /// Redactions were undone at the endpoint.
    Unredacted(Unredaction),
}

/// The state of syncing, as reported by the tab that asks the endpoint.
pub(super) struct TabStatus {
    state: SyncState,
    present: String,
    records: Vec<SyncRecord>,
    clock: Vec<String>,
}

/// The prefix of sentences about clocks, which are listed among the exchanges. Older versions skip
/// them.
const CLOCK: &str = "clock ";

impl TabStatus {
    /// Shows this state in this tab.
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

/// The channel to the other tabs. In a browser without channels, each tab asks the endpoint by
/// itself.
pub(super) struct TabChannel(Option<BroadcastChannel>);

impl TabChannel {
    /// Opens the channel. `on_message` is called with each message until the page is unloaded.
    pub(super) fn open(on_message: Rc<dyn Fn(BoardId, TabMessage)>) -> Self {
        let channel = BroadcastChannel::new(CHANNEL).ok();
        if let Some(channel) = &channel {
            let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some((board, message)) = read(&event.data()) {
                    on_message(board, message);
                }
            });
            channel.set_onmessage(Some(listen.into_js_value().unchecked_ref()));
        }
        Self(channel)
    }

    /// Reports the state of syncing to the other tabs.
    pub(super) fn send_status(&self, board: BoardId, status: SyncStatus) {
        let state = status.state.with_untracked(written);
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
        self.send(TELLS, board, words);
    }

    /// Asks the leading tab for the state of syncing; with `at_once`, also to ask the endpoint now.
    pub(super) fn want_status(&self, board: BoardId, at_once: bool) {
        self.send(ASKS, board, at_once.then(|| "at once".to_owned()));
    }

    /// Tells the other tabs of undone redactions.
    pub(super) fn send_unredacted(&self, board: BoardId, pardon: &Unredaction) {
        let undone: Vec<String> = pardon.undone.iter().map(ChangeId::to_string).collect();
        let restored = pardon.restored.iter().map(Entry::to_json);
        self.send(
            PARDONS,
            board,
            [undone.join(" ")].into_iter().chain(restored),
        );
    }

    fn send(&self, kind: &str, board: BoardId, words: impl IntoIterator<Item = String>) {
        let Some(channel) = &self.0 else { return };
        let message = Array::of2(&kind.into(), &board.to_string().into());
        for word in words {
            message.push(&word.into());
        }
        // Posting fails only on a closed channel; this one is never closed.
        drop(channel.post_message(&message));
    }
}

/// Parses a message of a tab of this or another version. `None` if it cannot be read.
fn read(message: &JsValue) -> Option<(BoardId, TabMessage)> {
    let words = message.dyn_ref::<Array>()?;
    let mut words = words.iter().filter_map(|word| word.as_string());
    let kind = words.next()?;
    let board = words.next()?.parse().ok()?;
    let message = match kind.as_str() {
        TELLS => {
            let state = parsed(&words.next()?)?;
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
            TabMessage::Status(TabStatus {
                state,
                present,
                records: records.collect(),
                clock,
            })
        }
        PARDONS => {
            let undone = words.next()?;
            let undone = undone.split(' ').filter_map(|id| id.parse().ok());
            TabMessage::Unredacted(Unredaction {
                undone: undone.collect(),
                restored: words
                    .filter_map(|row| Entry::from_json(&row).ok())
                    .collect(),
            })
        }
        ASKS => TabMessage::StatusWanted {
            at_once: words.next().is_some(),
        },
        _ => return None,
    };
    Some((board, message))
}

/// Formats a state as text: its name and its value.
fn written(state: &SyncState) -> String {
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

fn parsed(text: &str) -> Option<SyncState> {
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
    use cruxboard_domain::Millis;

    #[test]
    fn every_state_is_read_as_it_was_written() {
        for state in [
            SyncState::Off,
            SyncState::Connecting,
            SyncState::Sending(3),
            SyncState::Receiving(700_000),
            SyncState::Synced(Millis(1_795_510_800_000)),
            SyncState::ReadOnly(0),
            SyncState::Offline(12),
            SyncState::Struggling(1),
            SyncState::LeftOut(2, "They are dated far ahead.".to_owned()),
            SyncState::Refused("No room there. Make some.".to_owned()),
        ] {
            assert_eq!(parsed(&written(&state)), Some(state));
        }
        assert_eq!(parsed("sending many"), None);
        assert_eq!(parsed("of a newer version"), None);
    }
}
