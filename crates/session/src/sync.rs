use cruxboard_domain::Millis;
use cruxboard_domain::record::PersonId;

use leptos::prelude::*;

/// The state of syncing with the open board's endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SyncState {
    /// No endpoint is connected.
    #[default]
    Off,
    /// The endpoint is being asked for the first time.
    Connecting,
    /// This number of changes is being sent.
    Sending(usize),
    /// This number of bytes of a long answer has arrived.
    Receiving(usize),
    /// Both sides have the same changes, as of this time.
    Synced(Millis),
    /// The credential may only read; this number of changes stays on this device.
    ReadOnly(usize),
    /// The endpoint does not answer; this number of changes waits.
    Offline(usize),
    /// The endpoint answers but does not store changes; this number of them waits.
    Struggling(usize),
    /// Both sides have the same changes, except this number that cannot be sent, for this reason.
    LeftOut(usize, String),
    /// The endpoint refuses, for this reason. It is asked again with back-off.
    Refused(String),
}

/// One exchange with the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRecord {
    /// Time of its end.
    pub at: Millis,
    /// The action and its result, in words.
    pub what: String,
    /// Bytes sent and received, before compression.
    pub bytes: (usize, usize),
}

/// Maximum number of exchanges that are remembered.
const MOST_RECORDS: usize = 20;

/// The connection to the open board's endpoint, as signals.
#[derive(Clone, Copy)]
pub struct SyncStatus {
    /// The state of syncing.
    pub state: RwSignal<SyncState>,
    /// The endpoint's address; `None` while none is connected.
    pub address: RwSignal<Option<String>>,
    /// The last exchanges, latest first.
    pub records: RwSignal<Vec<SyncRecord>>,
    /// Problems with the clock of this device or of the endpoint, as sentences.
    pub clock: RwSignal<Vec<String>>,
    /// The people who have the board open now, if the endpoint reports presence. `None` stands for
    /// somebody who has not chosen a name.
    pub present: RwSignal<Vec<Option<PersonId>>>,
    /// Whether the others see this device too. If not, this device does not see them either.
    pub shows_presence: RwSignal<bool>,
}

impl SyncStatus {
    pub(super) fn new() -> Self {
        Self {
            state: RwSignal::new(SyncState::Off),
            address: RwSignal::new(None),
            records: RwSignal::new(Vec::new()),
            clock: RwSignal::new(Vec::new()),
            present: RwSignal::new(Vec::new()),
            shows_presence: RwSignal::new(true),
        }
    }

    /// Remembers an exchange.
    pub fn record(&self, record: SyncRecord) {
        self.records.update(|records| {
            records.insert(0, record);
            records.truncate(MOST_RECORDS);
        });
    }
}

/// An endpoint as entered in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointDraft {
    /// The address of the board at the endpoint.
    pub address: String,
    /// The name of the HTTP header that carries the credential; empty for none.
    pub header: String,
    /// The header's value.
    pub value: String,
}

/// The result of testing an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// The result, as sentences.
    pub words: Vec<String>,
    /// Whether the endpoint can be connected.
    pub can_connect: bool,
}
