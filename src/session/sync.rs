use cruxboard_domain::record::PersonId;

use leptos::prelude::*;

/// How the open board and its endpoint stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SyncState {
    /// There is no endpoint.
    #[default]
    Off,
    /// It is being asked for the first time.
    Connecting,
    /// So many changes are on their way.
    Sending(usize),
    /// So many bytes of a long answer have come.
    Receiving(usize),
    /// Both have the same, as seen at this time in Unix milliseconds.
    Synced(u64),
    /// The credential may only read; so many changes stay here.
    ReadOnly(usize),
    /// It does not answer; so many changes wait.
    Offline(usize),
    /// It answers, but does not keep what it is sent; so many changes wait.
    Struggling(usize),
    /// Both have the same but for so many changes that cannot be sent, for this reason.
    LeftOut(usize, String),
    /// It refuses, for this reason, and is asked again ever more rarely.
    Refused(String),
}

/// One exchange with the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRecord {
    /// When it ended, in Unix milliseconds.
    pub at: u64,
    /// What was done, and what came of it.
    pub what: String,
    /// Bytes sent and received, before compression.
    pub bytes: (usize, usize),
}

/// So many exchanges are remembered.
const MOST_RECORDS: usize = 20;

/// What is known of the way to the endpoint of the open board.
#[derive(Clone, Copy)]
pub struct SyncStatus {
    /// How things stand.
    pub state: RwSignal<SyncState>,
    /// The endpoint's address, while there is one.
    pub address: RwSignal<Option<String>>,
    /// The last exchanges, latest first.
    pub records: RwSignal<Vec<SyncRecord>>,
    /// Problems with the clocks here or at the endpoint, in sentences.
    pub clock: RwSignal<Vec<String>>,
    /// Who else has the board open now, where the endpoint tells; `None`: somebody who has not said
    /// who they are.
    pub present: RwSignal<Vec<Option<PersonId>>>,
    /// Whether they are told of this device too; if not, nobody is shown here either.
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

/// An endpoint as a person puts it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointDraft {
    /// The board's own address there.
    pub address: String,
    /// The header that says who is asking; empty for none.
    pub header: String,
    /// Its value.
    pub value: String,
}

/// What was found at an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// Sentences.
    pub words: Vec<String>,
    /// Whether connecting makes sense.
    pub can_connect: bool,
}
