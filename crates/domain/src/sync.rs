//! Sync without I/O (sans-IO): keeps a log and a document at one URL the same, by choosing requests and
//! interpreting responses.
//!
//! A write is never trusted. A change counts as stored once a read has returned it, so an endpoint that loses
//! writes, or cannot refuse stale ones, costs time but never a change.
//!
//! Syncing never stops for good either. Each failure is followed by a pause (`backoff`). A batch that is not
//! accepted is halved (`batch`), and a single change that cannot be sent is set aside. `endpoint_error` has
//! the reasons in words.

mod address;
mod backoff;
mod batch;
mod clock_skew;
mod endpoint_error;
mod envelope;
mod failure;
mod limits;
mod protocol;
mod response;
mod turn;
mod unredact;
mod unsynced;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use self::batch::Batches;
use self::unredact::unredact;
use self::unsynced::Unsynced;
use crate::document::{Document, DocumentError, Integrity};
use crate::log::{Entry, Log};
use crate::t;
use crate::{BoardId, ChangeId, Millis};

pub use self::address::{
    AddressError, CredentialError, basic_credential, board_address, check_credential,
};
pub use self::backoff::{Pause, listen_pause, patience};
pub use self::clock_skew::{
    ahead_in_words, clock_skew_in_words, is_too_far_ahead, set_aside_in_words,
};
pub use self::endpoint_error::{EndpointError, refusal};
pub use self::envelope::{Envelope, Opened, open};
pub use self::limits::{MOST_AHEAD, MOST_BYTES, MOST_CHANGES};
pub use self::protocol::{Condition, Standing, SyncRequest, SyncResponse};
pub use self::unredact::Unredaction;
pub use self::wire::Request;

/// Suffixes that compressing proxies append to ETags (Apache's bug 39727).
const PACKED_SUFFIXES: [&str; 4] = ["-gzip\"", ";gzip\"", "-br\"", "-zstd\""];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Whether the request had a tag, and whether it had a cursor.
    Get {
        by_tag: bool,
        after: bool,
    },
    Put,
    Patch,
}

/// A write whose changes were not yet seen at the endpoint.
#[derive(Clone, Debug)]
struct Write {
    sent: BTreeSet<ChangeId>,
    bytes: usize,
    outcome: Outcome,
    /// Whether the endpoint's content was seen to differ from that before the write.
    changed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// There is no response so far.
    Unanswered,
    /// The endpoint reported that the write is stored.
    Taken,
    /// The endpoint reported that its content differs from what was read.
    Conflict,
}

/// The state of syncing one board with one endpoint.
#[derive(Clone, Debug)]
pub struct Sync {
    board: BoardId,
    unsynced: Unsynced,
    /// Changes that the endpoint has refused by name. They are not sent again.
    unwanted: BTreeSet<ChangeId>,
    /// Changes that cannot be sent, each with the reason. The others are still synced.
    set_aside: BTreeMap<ChangeId, EndpointError>,
    /// Changes set aside since the last successful write.
    just_set_aside: Vec<ChangeId>,
    /// Number of times that something was set aside, and of reads until it is sent again.
    times_set_aside: u32,
    /// Whether the endpoint refused several changes one by one, and has accepted none since.
    refuses_all: bool,
    reads_until_resent: u32,
    /// Changes at the endpoint that are dated too far ahead. They are not taken in, but stay in every
    /// document written there.
    ahead: BTreeMap<ChangeId, Entry>,
    tag: Option<String>,
    envelope: Envelope,
    cursor: Option<String>,
    takes_patches: bool,
    is_there: bool,
    unplaced: u32,
    must_read: bool,
    pause: Option<Pause>,
    /// Whether a write was forbidden. The board is still read.
    reads_only: bool,
    /// Number of consecutive writes that were forbidden, and of reads until the next try.
    forbidden: u32,
    reads_until_write: u32,
    /// The result of the last read.
    standing: Standing,
    /// The reason why writing fails, until a write succeeds.
    trouble: Option<Standing>,
    asked: Option<Asked>,
    write: Option<Write>,
    batches: Batches,
    /// Number of consecutive writes that somebody else overwrote or preceded.
    tries: u32,
    /// Number of consecutive writes that failed in another way.
    write_failures: u32,
    /// Number of consecutive reads that failed.
    read_failures: u32,
    /// Number of reads since the last write that returned the content from before it.
    rereads: u32,
    weak_tags: u32,
    /// Whether a proxy's suffix is removed from the tag of a write.
    strips_tag: bool,
    /// Whether the next read has no tag, since the last one with a tag got no response.
    skips_tag: bool,
    tag_silences: u32,
    /// Number of reads since the last one without a tag.
    reads: u32,
    /// Whether the last read returned the whole document.
    is_whole: bool,
    /// A hash of the last whole document and its tag.
    shown: Option<u64>,
    /// Whether the endpoint has reported once that nothing is there, where something was.
    is_missing: bool,
    /// Number of consecutive responses with more changes than a log accepts.
    overfull: u32,
    now: Option<Millis>,
    clock_skew_millis: Option<i64>,
    /// The last random number that was passed in.
    chance: f64,
}

impl Sync {
    /// Creates the state for an endpoint of which nothing is known.
    #[must_use]
    pub fn new(board: BoardId) -> Self {
        Self {
            board,
            unsynced: Unsynced::default(),
            unwanted: BTreeSet::new(),
            set_aside: BTreeMap::new(),
            just_set_aside: Vec::new(),
            times_set_aside: 0,
            refuses_all: false,
            reads_until_resent: 0,
            ahead: BTreeMap::new(),
            tag: None,
            envelope: Envelope::Plain,
            cursor: None,
            takes_patches: false,
            is_there: false,
            unplaced: 0,
            must_read: true,
            pause: None,
            reads_only: false,
            forbidden: 0,
            reads_until_write: 0,
            standing: Standing::Unknown,
            trouble: None,
            asked: None,
            write: None,
            batches: Batches::default(),
            tries: 0,
            write_failures: 0,
            read_failures: 0,
            rereads: 0,
            weak_tags: 0,
            strips_tag: false,
            skips_tag: false,
            tag_silences: 0,
            reads: 0,
            is_whole: false,
            shown: None,
            is_missing: false,
            overfull: 0,
            now: None,
            clock_skew_millis: None,
            chance: 0.5,
        }
    }

    /// Creates the state for somebody who joins a board, from a response with the whole document. Returns it
    /// with that document, without changes dated too far ahead. The document need not be read again.
    ///
    /// # Errors
    /// [`EndpointError`] if the document cannot be taken in.
    pub fn joined(answer: SyncResponse) -> Result<(Self, Document), EndpointError> {
        if answer.is_too_long {
            return Err(EndpointError::TooLarge);
        }
        let opened = open(&answer.body);
        let document = document_in(&opened, None)?;
        let mut sync = Self::new(document.board);
        sync.standing = Standing::Reached;
        sync.take_time(&answer);
        sync.take_rights(&answer);
        let (envelope, revision) = (opened.envelope, opened.revision);
        let document = sync.take_document((envelope, revision), document, &answer, false);
        Ok((sync, document))
    }

    /// Returns the number of changes that the endpoint has not yet acknowledged and may accept.
    pub fn waiting(&mut self, log: &Log) -> usize {
        self.unsynced(log).len()
    }

    /// Returns the changes that the endpoint lacks and that are not sent, each with the reason.
    pub fn left_out(&mut self, log: &Log) -> Vec<(ChangeId, EndpointError)> {
        let unsynced = self.unsynced.of(log);
        let ids = unsynced.into_iter().map(Entry::id);
        let left_out = ids.filter_map(|id| {
            let refused = self.set_aside.get(&id).cloned();
            let ahead = || {
                self.is_ahead(id)
                    .then(|| EndpointError::Ahead(id, ".".to_owned()))
            };
            Some((id, refused.or_else(ahead)?))
        });
        left_out.collect()
    }

    /// Returns the number of changes at the endpoint that are dated too far ahead to be taken in.
    #[must_use]
    pub fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// Returns how far the endpoint's clock is ahead of this device's, in milliseconds, if it reports its
    /// time.
    #[must_use]
    pub fn clock_skew_millis(&self) -> Option<i64> {
        self.clock_skew_millis
    }

    /// Returns the state for display.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        match (&self.standing, &self.trouble) {
            (Standing::Reached, Some(trouble)) => trouble,
            (standing, _) => standing,
        }
    }

    /// Returns whether the endpoint may be read but not written.
    #[must_use]
    pub fn reads_only(&self) -> bool {
        self.reads_only
    }

    /// Returns whether the endpoint accepts single changes, and supports long polling.
    #[must_use]
    pub fn takes_patches(&self) -> bool {
        self.takes_patches
    }

    /// Returns the cursor from which reading continues, for long polling.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|_| self.takes_patches)
    }

    /// Returns the envelope of the document at the endpoint.
    #[must_use]
    pub fn envelope(&self) -> Envelope {
        self.envelope
    }

    /// Resumes syncing, since it is time or a change was made here. Back-off after failures continues.
    pub fn wake(&mut self) {
        self.unsynced.look_at_all();
        self.must_read = true;
        self.pause = None;
    }

    /// Resumes syncing as if nothing had failed, since a person asked for it or the network came back.
    pub fn try_again(&mut self) {
        self.wake();
        self.reads_only = false;
        self.forbidden = 0;
        self.tries = 0;
        self.write_failures = 0;
        self.read_failures = 0;
        self.rereads = 0;
        self.unplaced = 0;
        self.overfull = 0;
        self.skips_tag = false;
        self.tag_silences = 0;
        self.write = None;
        self.trouble = None;
        self.set_aside.clear();
        self.just_set_aside.clear();
        self.refuses_all = false;
        self.batches = Batches::default();
    }

    /// Returns the unredactions that follow from `theirs`, the entries of a response to a read; `None` if
    /// there are none.
    pub fn unredact(&mut self, log: &Log, theirs: &[Entry]) -> Option<Unredaction> {
        // Entries after a cursor tell nothing about those that are missing.
        let is_whole = self.is_whole && theirs.iter().any(|entry| entry.id() == self.board.0);
        let unredact = unredact(log, theirs, &self.unwanted).filter(|_| is_whole)?;
        // The log is replaced, so the whole of it must be compared again.
        self.unsynced.look_at_all();
        Some(unredact)
    }

    /// Returns the entries that the endpoint has not yet acknowledged and may accept, oldest first.
    fn unsynced<'log>(&mut self, log: &'log Log) -> Vec<&'log Entry> {
        let mut unsynced = self.unsynced.of(log);
        unsynced.retain(|entry| {
            let id = entry.id();
            !self.unwanted.contains(&id) && !self.set_aside.contains_key(&id) && !self.is_ahead(id)
        });
        unsynced
    }

    /// Returns whether the log can take in `new` more changes; if not, nothing more is requested. An endpoint
    /// that returns other changes every time would never end.
    pub fn has_room(&mut self, log: &Log, new: usize) -> bool {
        let has_room = new == 0 || log.len() + new <= MOST_CHANGES;
        if !has_room {
            self.is_overfull();
        }
        has_room
    }
}

/// Returns a tag without the suffix of a compressing proxy; `None` if it has none.
fn bare_tag(tag: &str) -> Option<String> {
    let mut suffixes = PACKED_SUFFIXES.iter();
    let bare = suffixes.find_map(|suffix| tag.strip_suffix(suffix))?;
    Some(format!("{bare}\""))
}

/// Parses the document in the response to a read, for a board that is not known yet.
///
/// # Errors
/// [`EndpointError`] if the document cannot be taken in.
pub fn document_of(answer: &SyncResponse) -> Result<Document, EndpointError> {
    if answer.is_too_long {
        return Err(EndpointError::TooLarge);
    }
    let document = document_in(&open(&answer.body), None)?;
    let not_a_board = |why: &str| Err(EndpointError::NotABoard(why.to_owned()));
    if document.integrity != Integrity::Whole {
        return not_a_board(t!("it is cut off or damaged."));
    }
    if !document.is_readable() {
        return not_a_board(t!("there is no change in it that this version can read."));
    }
    Ok(document)
}

/// Parses the document of an endpoint, of the board `board` if that is given.
fn document_in(opened: &Opened<'_>, board: Option<BoardId>) -> Result<Document, EndpointError> {
    let document = Document::from_json_within(opened.document, MOST_CHANGES);
    let document = document.map_err(|problem| match problem {
        DocumentError::TooMany(_) => EndpointError::TooLarge,
        DocumentError::Newer(_) => EndpointError::Newer,
        other => EndpointError::NotABoard(other.to_string()),
    })?;
    if board.is_some_and(|board| board != document.board) {
        return Err(EndpointError::AnotherBoard);
    }
    Ok(document)
}
