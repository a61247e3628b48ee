//! Keeping a log in step with a document at one URL, without doing any of it: what to ask for next,
//! and what an answer means.
//!
//! Nothing here trusts a write. A change counts as there once it was in an answer to a read, so an
//! endpoint that loses writes, or cannot refuse stale ones, costs time and never a change.
//!
//! Nothing here stops for good either. Each failure is followed by a pause (`backoff`), a part that does not
//! get through is halved (`batch`), and one change that cannot be taken is set aside. `endpoint_error` says why, in
//! words.

mod address;
mod backoff;
mod batch;
mod clock_skew;
mod endpoint_error;
mod envelope;
mod failure;
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
use crate::ChangeId;
use crate::document::{Document, DocumentError, Integrity};
use crate::log::{Entry, Log};

pub use self::address::{
    AddressError, CredentialError, basic_credential, board_address, check_credential,
};
pub use self::backoff::{Pause, listen_pause_millis, patience_millis};
pub use self::clock_skew::{
    ahead_in_words, clock_skew_in_words, is_too_far_ahead, set_aside_in_words,
};
pub use self::endpoint_error::{EndpointError, refusal};
pub use self::envelope::{Envelope, Opened, open};
pub use self::protocol::{Condition, Standing, SyncRequest, SyncResponse};
pub use self::unredact::Unredaction;
pub use self::wire::Request;

/// So many bytes of an answer are read and no more: twice as much as our server keeps of one board.
pub const MOST_BYTES: usize = 64 << 20;
/// So many changes are taken from an endpoint and no more; ten times what a board of many years has.
/// Whoever has filled it, a page that drowns in it could not even say so.
pub const MOST_CHANGES: usize = 200_000;
/// A change that is dated further ahead than this is neither taken in nor sent: clocks would follow it.
pub const MOST_AHEAD_MILLIS: u64 = 30 * 86_400_000;
/// So many writes in a row may be overwritten before the endpoint is left alone for a while.
const MOST_TRIES: u32 = 8;
/// So many times a store that shows its writes late is read again before they are sent again.
const MOST_REREADS: u32 = 3;
/// Apache's tags are weak for a second after a write.
const WEAK_TAG_MILLIS: u64 = 1_100;
const MOST_WEAK_TAGS: u32 = 3;
/// So many reads go by the tag until one does not.
const TRUSTED_TAGS: u32 = 8;
/// So many times reads with a tag get no answer, and reads without one do, before no tag is sent any more.
const MOST_TAG_SILENCES: u32 = 3;
/// So many changes are set aside one by one until the endpoint is taken to refuse all of them.
const MOST_SET_ASIDE: usize = 4;
/// So many times in a row it says that nothing is there and lets nothing be put there.
const MOST_UNPLACED: u32 = 3;
/// What proxies that compress answers append to their tags (Apache's bug 39727).
const PACKED_SUFFIXES: [&str; 4] = ["-gzip\"", ";gzip\"", "-br\"", "-zstd\""];
/// What an endpoint does not take, or does not allow, is tried again after so many reads, then after twice as
/// many, up to about an hour.
const FIRST_READS_BETWEEN: u32 = 4;
const MOST_READS_BETWEEN: u32 = 240;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Whether it went with a tag, and after a cursor.
    Get {
        by_tag: bool,
        after: bool,
    },
    Put,
    Patch,
}

/// A write whose changes were not seen at the endpoint yet.
#[derive(Clone, Debug)]
struct Write {
    sent: BTreeSet<ChangeId>,
    bytes: usize,
    outcome: Outcome,
    /// Whether the endpoint was seen to hold something else than before the write.
    changed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// There was no answer, so far.
    Unanswered,
    /// The endpoint said that it has stored it.
    Taken,
    /// The endpoint said that something else is there than was read.
    Conflict,
}

/// One board's way to and from one endpoint.
#[derive(Clone, Debug)]
pub struct Sync {
    board: ChangeId,
    unsynced: Unsynced,
    /// What it was sent and said it does not take: it is not sent again.
    unwanted: BTreeSet<ChangeId>,
    /// What cannot be sent, and why: the rest goes on without it.
    set_aside: BTreeMap<ChangeId, EndpointError>,
    /// Changes set aside since the last successful write.
    just_set_aside: Vec<ChangeId>,
    /// How often something was set aside, and the reads until it is sent once more.
    times_set_aside: u32,
    /// Whether it refused several changes one by one, and took none since.
    refuses_all: bool,
    reads_until_resent: u32,
    /// What it has that is dated too far ahead: not taken in, but kept in every document that is put there.
    ahead: BTreeMap<ChangeId, Entry>,
    tag: Option<String>,
    envelope: Envelope,
    cursor: Option<String>,
    takes_patches: bool,
    is_there: bool,
    unplaced: u32,
    must_read: bool,
    pause: Option<Pause>,
    /// Whether a write was forbidden: then it is read all the same.
    reads_only: bool,
    /// Writes in a row that were forbidden, and the reads until the next try.
    forbidden: u32,
    reads_until_write: u32,
    /// What became of the last read.
    standing: Standing,
    /// The reason why writing fails, until a write succeeds.
    trouble: Option<Standing>,
    asked: Option<Asked>,
    write: Option<Write>,
    batches: Batches,
    /// Writes in a row that somebody else overwrote, or was quicker than.
    tries: u32,
    /// Writes in a row that failed in another way.
    write_failures: u32,
    /// Reads in a row that failed.
    read_failures: u32,
    /// Reads since the last write that showed what was there before it.
    rereads: u32,
    weak_tags: u32,
    /// Whether a suffix is taken off the tag that a write goes by.
    strips_tag: bool,
    /// Whether the next read goes without a tag, since the last one got no answer with it.
    skips_tag: bool,
    tag_silences: u32,
    /// Reads since the document was last asked for whatever its tag is.
    reads: u32,
    /// Whether the last read brought all that is there.
    is_whole: bool,
    /// A hash of the last whole document and its tag.
    shown: Option<u64>,
    /// Whether it has said once that nothing is there, where something was.
    is_missing: bool,
    /// Answers in a row that hold more than a log can take in.
    overfull: u32,
    now_millis: Option<u64>,
    clock_skew_millis: Option<i64>,
    /// The last chance that was passed in.
    chance: f64,
}

impl Sync {
    /// For an endpoint of which nothing is known.
    #[must_use]
    pub fn new(board: ChangeId) -> Self {
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
            now_millis: None,
            clock_skew_millis: None,
            chance: 0.5,
        }
    }

    /// For somebody who joins a board: what is known of the endpoint after `answer`, a whole document, and
    /// that document, without what is dated too far ahead. It need not be read again.
    ///
    /// # Errors
    /// [`EndpointError`] says why it cannot be taken in.
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

    /// How many changes the endpoint was not seen to have, and may take.
    pub fn waiting(&mut self, log: &Log) -> usize {
        self.unsynced(log).len()
    }

    /// What is lacking there and is not sent, with the reason for each; the rest goes on without it.
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

    /// What the endpoint has that is dated too far ahead to be taken in.
    #[must_use]
    pub fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// How far the endpoint's clock is ahead of this device's, in milliseconds, where it says.
    #[must_use]
    pub fn clock_skew_millis(&self) -> Option<i64> {
        self.clock_skew_millis
    }

    /// How things stand.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        match (&self.standing, &self.trouble) {
            (Standing::Reached, Some(trouble)) => trouble,
            (standing, _) => standing,
        }
    }

    /// Whether the endpoint lets itself be read and not be written.
    #[must_use]
    pub fn reads_only(&self) -> bool {
        self.reads_only
    }

    /// Whether the endpoint takes changes one by one, and can say when something comes.
    #[must_use]
    pub fn takes_patches(&self) -> bool {
        self.takes_patches
    }

    /// Where reading goes on, for an endpoint that is asked to wait for something new.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|_| self.takes_patches)
    }

    /// What stands around the document there.
    #[must_use]
    pub fn envelope(&self) -> Envelope {
        self.envelope
    }

    /// Look again, since it is time, or something was done here. What is known of failures stays.
    pub fn wake(&mut self) {
        self.unsynced.look_at_all();
        self.must_read = true;
        self.pause = None;
    }

    /// Look again as if nothing had failed: a person asked for it, or the network came back.
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

    /// What an answer to a read, `theirs`, says of erasures that were undone at the endpoint; `None`:
    /// nothing.
    pub fn unredact(&mut self, log: &Log, theirs: &[Entry]) -> Option<Unredaction> {
        // What came after a cursor says nothing of what is not in it.
        let is_whole = self.is_whole && theirs.iter().any(|entry| entry.id() == self.board);
        let unredact = unredact(log, theirs, &self.unwanted).filter(|_| is_whole)?;
        // Whoever follows it has another log from now on.
        self.unsynced.look_at_all();
        Some(unredact)
    }

    /// What the endpoint was not seen to have and may take, oldest first.
    fn unsynced<'log>(&mut self, log: &'log Log) -> Vec<&'log Entry> {
        let mut unsynced = self.unsynced.of(log);
        unsynced.retain(|entry| {
            let id = entry.id();
            !self.unwanted.contains(&id) && !self.set_aside.contains_key(&id) && !self.is_ahead(id)
        });
        unsynced
    }

    /// Whether the log can take in so many changes more; otherwise nothing more is asked for. An
    /// endpoint that has other changes every time is an endless one.
    pub fn has_room(&mut self, log: &Log, new: usize) -> bool {
        let has_room = new == 0 || log.len() + new <= MOST_CHANGES;
        if !has_room {
            self.is_overfull();
        }
        has_room
    }
}

/// How many reads go by before something is tried again that failed `times` times before.
fn reads_between(times: u32) -> u32 {
    (FIRST_READS_BETWEEN << times.min(8)).min(MOST_READS_BETWEEN)
}

/// A tag without what a proxy that compresses has appended to it; `None`: nothing was.
fn bare_tag(tag: &str) -> Option<String> {
    let mut suffixes = PACKED_SUFFIXES.iter();
    let bare = suffixes.find_map(|suffix| tag.strip_suffix(suffix))?;
    Some(format!("{bare}\""))
}

/// The document in the answer to a read by somebody who knows no board yet.
///
/// # Errors
/// [`EndpointError`] says why it cannot be taken in.
pub fn document_of(answer: &SyncResponse) -> Result<Document, EndpointError> {
    if answer.is_too_long {
        return Err(EndpointError::TooLarge);
    }
    let document = document_in(&open(&answer.body), None)?;
    let not_a_board = |why: &str| Err(EndpointError::NotABoard(why.to_owned()));
    if document.integrity != Integrity::Whole {
        return not_a_board("it is cut off or damaged.");
    }
    if !document.is_readable() {
        return not_a_board("there is no change in it that this version can read.");
    }
    Ok(document)
}

/// The document that an endpoint has, of `board` if that is given.
fn document_in(opened: &Opened<'_>, board: Option<ChangeId>) -> Result<Document, EndpointError> {
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
