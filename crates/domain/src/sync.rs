//! Keeping a log in step with a document at one URL, without doing any of it: what to ask for next,
//! and what an answer means.
//!
//! Nothing here trusts a write. A change counts as there once it was in an answer to a read, so an
//! endpoint that loses writes, or cannot refuse stale ones, costs time and never a change.
//!
//! Nothing here stops for good either. Each failure is followed by a pause (`backoff`), a part that does not
//! get through is halved (`batch`), and one change that cannot be taken is set aside. `refused` says why, in
//! words.

mod address;
mod backoff;
mod batch;
mod clock_skew;
mod endpoint_error;
mod envelope;
mod unredact;
mod unsynced;
mod wire;

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash as _, Hasher as _};

pub use self::address::{
    AddressError, CredentialError, basic_credential, board_address, check_credential,
};
pub use self::backoff::{Pause, listen_pause_millis, patience_millis};
use self::backoff::{after_conflicts, after_failures, after_retry_after};
use self::batch::Batches;
pub use self::clock_skew::{
    ahead_in_words, clock_skew_in_words, is_too_far_ahead, set_aside_in_words,
};
pub use self::endpoint_error::{EndpointError, refusal};
use self::endpoint_error::{dated_ahead, detail_of, refused_change};
pub use self::envelope::{Envelope, Opened, open};
pub use self::unredact::Unredaction;
use self::unredact::{conflicts_in, unredact};
use self::unsynced::Unsynced;
pub use self::wire::Request;
use crate::ChangeId;
use crate::document::{Document, DocumentError, Integrity};
use crate::log::{Entry, Log};

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

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncRequest {
    /// Read the document. The tag and the cursor are of what was read last.
    Get {
        /// To be sent as `If-None-Match`.
        tag: Option<String>,
        /// To be sent as `?after=`, where the endpoint offers it.
        after: Option<String>,
    },
    /// Store the whole document.
    Put {
        /// What must hold for it.
        condition: Condition,
        /// The document.
        body: String,
        /// How many changes in it the endpoint lacks.
        count: usize,
    },
    /// Add changes to what is there.
    Patch {
        /// A document that holds only these.
        body: String,
        /// How many they are.
        count: usize,
    },
    /// Nothing for a while.
    Pause(Pause),
    /// Both sides have the same: nothing, until something happens on one of them.
    Rest,
}

/// When a document may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// While none is there: `If-None-Match: *`.
    Absent,
    /// While it still has this tag: `If-Match`.
    Unchanged(String),
    /// In any case: the endpoint shows no tag to go by.
    None,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncResponse {
    /// The HTTP status.
    pub status: u16,
    /// `ETag`, if it can be read.
    pub tag: Option<String>,
    /// `Cursor`, if there is one.
    pub cursor: Option<String>,
    /// Whether it offers to take changes one by one (`Accept-Patch`).
    pub takes_patches: bool,
    /// Whether it may be written to, where it says so (`Allow`).
    pub allows_writes: Option<bool>,
    /// `Retry-After`, in milliseconds.
    pub retry_after_millis: Option<u64>,
    /// When it came, by this device's clock, in Unix milliseconds.
    pub now_millis: Option<u64>,
    /// `Date`: the same by the endpoint's clock, if it can be read.
    pub date_millis: Option<u64>,
    /// The body.
    pub body: String,
    /// Whether the body has more than [`MOST_BYTES`] and was not read on.
    pub is_too_long: bool,
}

/// How things stand, for whoever looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was heard yet.
    Unknown,
    /// The last question was answered.
    Reached,
    /// The last question was not answered.
    Unreached,
    /// It is busy, or keeps losing what it is sent.
    Struggling,
    /// It refuses for this reason. It is asked again by itself, ever more rarely.
    Refused(EndpointError),
}

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
    /// [`Refused`] says why it cannot be taken in.
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

    /// What to ask for while there is nothing to do but wait for something new, where the endpoint
    /// tells of it.
    pub fn listen(&mut self) -> Option<SyncRequest> {
        let after = self.cursor()?.to_owned();
        self.asked = Some(Asked::Get {
            by_tag: false,
            after: true,
        });
        Some(SyncRequest::Get {
            tag: None,
            after: Some(after),
        })
    }

    /// What was asked last was called off here.
    pub fn called_off(&mut self) {
        self.asked = None;
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

    /// A write of what `body`, the answer to a read, holds, by a tag that it does not have: who takes
    /// that cannot refuse a stale write, and has lost nothing by it.
    #[must_use]
    pub fn stale_write(body: &str) -> SyncRequest {
        let opened = open(body);
        let (condition, body) = opened.envelope.stale(opened.document);
        SyncRequest::Put {
            condition,
            body,
            count: 0,
        }
    }

    /// A write that shows whether an endpoint with nothing at the address takes any: of a document without
    /// changes, by a tag that cannot be there. Only an endpoint that looks at no tag stores it.
    #[must_use]
    pub fn probe(&self) -> SyncRequest {
        let nothing = Document::of(self.board, std::iter::empty());
        let (condition, body) = self.envelope.stale(&nothing);
        SyncRequest::Put {
            condition,
            body,
            count: 0,
        }
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

    /// What to do now.
    pub fn next(&mut self, log: &Log) -> SyncRequest {
        if let Some(pause) = self.pause.take() {
            return SyncRequest::Pause(pause);
        }
        if self.must_read {
            return self.read_next();
        }
        let unsynced = self.unsynced(log);
        if let Some(pause) = self.judge_write(&unsynced) {
            return SyncRequest::Pause(pause);
        }
        if unsynced.is_empty() {
            self.trouble = None;
            self.tries = 0;
            self.write_failures = 0;
            return SyncRequest::Rest;
        }
        if self.reads_only {
            return SyncRequest::Rest;
        }
        let batch = if self.takes_patches {
            // Only a document with the change that founds the board makes one there.
            let first = Some(self.board).filter(|_| !self.is_there);
            self.batches.next(&unsynced, first)
        } else {
            unsynced
        };
        let count = batch.len();
        let sent = batch.iter().map(|entry| entry.id()).collect();
        let ask = if self.takes_patches && self.is_there {
            self.asked = Some(Asked::Patch);
            SyncRequest::Patch {
                body: Document::of(self.board, batch.into_iter()),
                count,
            }
        } else {
            let condition = match &self.tag {
                _ if !self.is_there => Condition::Absent,
                Some(tag) if tag.starts_with("W/") && self.weak_tags < MOST_WEAK_TAGS => {
                    // A weak tag never matches, so that a write would be refused for certain.
                    self.weak_tags += 1;
                    self.tag = None;
                    self.must_read = true;
                    return SyncRequest::Pause(Pause::of(WEAK_TAG_MILLIS));
                }
                Some(tag) if !tag.starts_with("W/") => {
                    let bare = bare_tag(tag).filter(|_| self.strips_tag);
                    Condition::Unchanged(bare.unwrap_or_else(|| tag.clone()))
                }
                _ => Condition::None,
            };
            self.asked = Some(Asked::Put);
            // Where changes are taken one by one it is begun with a part, and the rest is added: a large
            // board is larger than what some endpoints take at once.
            let document = if self.takes_patches {
                Document::of(self.board, batch.into_iter())
            } else {
                self.whole_document(log)
            };
            let (condition, body) = self.envelope.seal(condition, document);
            SyncRequest::Put {
                condition,
                body,
                count,
            }
        };
        if let SyncRequest::Put { body, .. } | SyncRequest::Patch { body, .. } = &ask {
            self.write = Some(Write {
                sent,
                bytes: body.len(),
                outcome: Outcome::Unanswered,
                changed: false,
            });
        }
        ask
    }

    fn read_next(&mut self) -> SyncRequest {
        if self.ahead.keys().any(|id| !self.is_ahead(*id)) {
            // Its day has come: it is read once more, and taken in.
            self.cursor = None;
            self.tag = None;
        }
        let after = self.cursor().map(str::to_owned);
        // A tag that stays the same over a change would keep us from ever seeing it.
        self.reads = (self.reads + 1) % TRUSTED_TAGS;
        let goes_by_tag = after.is_none()
            && self.reads != 0
            && !self.skips_tag
            && self.tag_silences < MOST_TAG_SILENCES;
        let tag = self.tag.clone().filter(|_| goes_by_tag);
        self.asked = Some(Asked::Get {
            by_tag: tag.is_some(),
            after: after.is_some(),
        });
        SyncRequest::Get { tag, after }
    }

    /// The log as it is to be put there: with what is there and was not taken in, and without what is dated
    /// too far ahead.
    fn whole_document(&self, log: &Log) -> String {
        let ours = log.entries().filter(|entry| !self.is_ahead(entry.id()));
        Document::of(self.board, ours.chain(self.ahead.values()))
    }

    /// After a read: what became of the write before it. A pause where it has failed.
    fn judge_write(&mut self, unsynced: &[&Entry]) -> Option<Pause> {
        let write = self.write.take()?;
        let still_lacking = unsynced
            .iter()
            .filter(|entry| write.sent.contains(&entry.id()));
        if still_lacking.count() < write.sent.len() {
            self.trouble = None;
            self.tries = 0;
            self.write_failures = 0;
            self.rereads = 0;
            self.forbidden = 0;
            self.refuses_all = false;
            self.batches.was_taken();
            if !self.just_set_aside.is_empty() {
                // It was only these.
                self.just_set_aside.clear();
                self.batches = Batches::default();
            }
            return None;
        }
        match (write.outcome, write.changed) {
            (Outcome::Taken, false) if self.rereads < MOST_REREADS => {
                // Some stores show a write only after a while.
                self.rereads += 1;
                self.write = Some(write);
                self.must_read = true;
                return Some(Pause::of(after_failures(self.rereads, self.chance)));
            }
            (Outcome::Taken | Outcome::Conflict, true) => {
                self.rereads = 0;
                self.tries += 1;
                if self.tries < MOST_TRIES {
                    if write.outcome == Outcome::Conflict || self.tries < 2 {
                        // It was read just now: the sooner it is written, the better.
                        return None;
                    }
                    self.must_read = true;
                    return Some(Pause::of(after_conflicts(self.tries, self.chance)));
                }
                self.trouble = Some(Standing::Struggling);
            }
            (Outcome::Taken, false) => self.trouble = Some(Standing::Struggling),
            (Outcome::Conflict, false) => {
                if !self.is_there {
                    // Nothing is there, and nothing can be put there.
                } else if self.tag.as_deref().and_then(bare_tag).is_some() && !self.strips_tag {
                    self.strips_tag = true;
                    self.trouble = Some(Standing::Struggling);
                } else {
                    self.strips_tag = false;
                    self.trouble = Some(Standing::Refused(EndpointError::Conditions));
                }
            }
            (Outcome::Unanswered, _) => {
                if self.takes_patches && write.sent.len() > 1 {
                    self.batches.halve(write.bytes, false);
                }
                // Once or twice may have been the network.
                if self.write_failures > 1 {
                    let bytes = write.bytes;
                    self.trouble =
                        Some(Standing::Refused(EndpointError::NoAnswerToWrites { bytes }));
                }
            }
        }
        self.rereads = 0;
        self.write_failures += 1;
        self.must_read = true;
        Some(Pause::of(after_failures(self.write_failures, self.chance)))
    }

    /// Takes an answer in. Gives the entries that came with it, some of which may be known here.
    /// `chance`, from 0 to 1, keeps those who were refused together from coming back together.
    pub fn answered(&mut self, answer: SyncResponse, chance: f64) -> Vec<Entry> {
        self.chance = chance;
        let Some(asked) = self.asked.take() else {
            return Vec::new();
        };
        self.take_time(&answer);
        match asked {
            Asked::Get { by_tag, after } => {
                if by_tag {
                    self.tag_silences = 0;
                } else if std::mem::take(&mut self.skips_tag) {
                    self.tag_silences += 1;
                }
                self.read(answer, after)
            }
            Asked::Put | Asked::Patch => {
                self.standing = Standing::Reached;
                self.written(asked, &answer);
                Vec::new()
            }
        }
    }

    fn take_time(&mut self, answer: &SyncResponse) {
        let (here, there) = (answer.now_millis, answer.date_millis);
        // Of two clocks the later one: the other may be years behind.
        self.now_millis = here.max(there).or(self.now_millis);
        if let (Some(here), Some(there)) = (here, there) {
            self.clock_skew_millis = Some(there.cast_signed().saturating_sub(here.cast_signed()));
        }
    }

    fn take_rights(&mut self, answer: &SyncResponse) {
        if answer.allows_writes == Some(false) {
            self.reads_only = true;
            self.reads_until_write = 1;
        } else if answer.allows_writes == Some(true) && self.forbidden == 0 {
            self.reads_only = false;
        } else if self.reads_only {
            self.reads_until_write = self.reads_until_write.saturating_sub(1);
            self.reads_only = self.reads_until_write > 0;
        }
    }

    fn is_ahead(&self, id: ChangeId) -> bool {
        self.now_millis.is_some_and(|now| is_too_far_ahead(id, now))
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

    /// There was no answer at all. `chance` as in [`Self::answered`].
    pub fn unanswered(&mut self, chance: f64) {
        self.chance = chance;
        let asked = self.asked.take();
        self.must_read = true;
        match asked {
            // A write may have arrived all the same, and whether the endpoint is there shows when it is read.
            Some(Asked::Put | Asked::Patch) => {
                self.pause = Some(Pause::of(after_failures(1, chance)));
            }
            // Some endpoints let pages send no tag (CORS), which looks like no answer.
            Some(Asked::Get { by_tag: true, .. }) if self.read_failures == 0 => {
                self.skips_tag = true;
                self.pause = Some(Pause::of(after_failures(1, chance)));
            }
            _ => {
                self.skips_tag = matches!(asked, Some(Asked::Get { by_tag: true, .. }));
                self.read_failed(Standing::Unreached, None);
            }
        }
    }

    /// A read has failed: how things stand, and a pause before the next one.
    fn read_failed(&mut self, standing: Standing, retry_after_millis: Option<u64>) {
        self.read_failures += 1;
        self.standing = standing;
        self.must_read = true;
        self.pause = Some(self.pause_after(self.read_failures, retry_after_millis));
    }

    /// A write was refused: how things stand, and a pause before the next read.
    fn write_failed(&mut self, standing: Standing, retry_after_millis: Option<u64>) {
        self.write = None;
        self.write_failures += 1;
        self.trouble = Some(standing);
        self.must_read = true;
        self.pause = Some(self.pause_after(self.write_failures, retry_after_millis));
    }

    fn pause_after(&self, failures: u32, retry_after_millis: Option<u64>) -> Pause {
        match retry_after_millis {
            Some(millis) => {
                // A server that always says “at once” is left alone for longer and longer all the same.
                let kept_to = after_retry_after(millis, self.chance);
                let pause = Pause::of(after_failures(failures, self.chance).max(kept_to));
                Pause {
                    least_millis: pause.least_millis.max(kept_to),
                    ..pause
                }
            }
            None => Pause::of(after_failures(failures, self.chance)),
        }
    }

    fn is_overfull(&mut self) {
        self.overfull += 1;
        self.standing = Standing::Refused(EndpointError::TooLarge);
        self.must_read = true;
        // It costs a lot each time, so that no edit wakes it.
        self.pause = Some(Pause::whole(after_failures(self.overfull + 4, self.chance)));
    }

    /// Takes the answer to a write in.
    fn written(&mut self, asked: Asked, answer: &SyncResponse) {
        let retry_after = answer.retry_after_millis;
        let count = self.write.as_ref().map_or(0, |write| write.sent.len());
        let bytes = self.write.as_ref().map_or(0, |write| write.bytes);
        self.tag = None;
        self.must_read = true;
        match answer.status {
            200..=299 => {
                // The answer's own tag may be of something else, or not readable.
                if let Some(write) = &mut self.write {
                    write.outcome = Outcome::Taken;
                }
                let before = self.unwanted.len();
                if self.takes_patches {
                    self.unwanted.extend(conflicts_in(&answer.body));
                }
                if self.unwanted.len() > before {
                    // What it has instead came long ago, or not at all.
                    self.cursor = None;
                }
            }
            403 | 405 | 501 => {
                self.write = None;
                self.reads_only = true;
                self.must_read = false;
                self.reads_until_write = reads_between(self.forbidden);
                self.forbidden += 1;
            }
            404 | 409 if asked == Asked::Put && self.is_unplaced() => {
                let detail = detail_of(&answer.body);
                self.write_failed(
                    Standing::Refused(EndpointError::NoPlace(detail)),
                    retry_after,
                );
            }
            // Somebody was quicker, or it was deleted between reading and writing.
            404 | 409 | 412 => {
                if let Some(write) = &mut self.write {
                    write.outcome = Outcome::Conflict;
                }
                self.pause = Some(Pause::of(after_conflicts(self.tries + 1, self.chance)));
            }
            408 | 413 if self.takes_patches && count > 1 => {
                self.batches.halve(bytes, answer.status == 413);
                self.send_the_rest(retry_after);
            }
            400 | 413 | 422 if self.takes_patches => self.refuse_some(answer, count, bytes),
            413 => {
                let detail = detail_of(&answer.body);
                let refused = EndpointError::LimitReached { bytes, detail };
                self.write_failed(Standing::Refused(refused), retry_after);
            }
            408 | 423 | 425 | 429 | 500..=506 | 508..=599 => {
                self.write_failed(Standing::Struggling, retry_after);
            }
            status => {
                let refused = refusal(status, &answer.body);
                self.write_failed(Standing::Refused(refused), retry_after);
            }
        }
    }

    /// The endpoint does not take something of what it was sent: what it names, or else a half of it at a
    /// time until only one change is left, is set aside.
    fn refuse_some(&mut self, answer: &SyncResponse, count: usize, bytes: usize) {
        let retry_after = answer.retry_after_millis;
        let refused = match answer.status {
            413 => EndpointError::LimitReached {
                bytes,
                detail: detail_of(&answer.body),
            },
            status => refusal(status, &answer.body),
        };
        let sent = self
            .write
            .take()
            .map(|write| write.sent)
            .unwrap_or_default();
        // A clock that is ahead for one change is so for all that are dated later.
        let named = dated_ahead(&answer.body).filter(|id| sent.contains(id));
        let single = refused_change(&answer.body).filter(|id| sent.contains(id));
        let is_named = named.or(single).is_some();
        let ids: Vec<ChangeId> = match named {
            None if single.is_some() => single.into_iter().collect(),
            Some(named) => {
                let later = sent.into_iter().filter(|id| id.millis() >= named.millis());
                later.collect()
            }
            None if count > 1 => {
                self.batches.halve(bytes, false);
                return self.send_the_rest(retry_after);
            }
            None => sent.into_iter().collect(),
        };
        // Without the change that founds the board there is nothing to add to, and an endpoint that takes
        // none of several changes is not to be asked about each of thousands.
        if !is_named && answer.status != 413 {
            self.just_set_aside.extend(&ids);
            self.refuses_all |= self.just_set_aside.len() >= MOST_SET_ASIDE;
        }
        if self.refuses_all || (!self.is_there && ids.contains(&self.board)) {
            for id in std::mem::take(&mut self.just_set_aside) {
                self.set_aside.remove(&id);
            }
            return self.write_failed(Standing::Refused(refused), retry_after);
        }
        self.reads_until_resent = reads_between(self.times_set_aside);
        self.times_set_aside += 1;
        self.set_aside
            .extend(ids.into_iter().map(|id| (id, refused.clone())));
        self.send_the_rest(retry_after);
    }

    fn send_the_rest(&mut self, retry_after_millis: Option<u64>) {
        self.write = None;
        self.pause = Some(self.pause_after(1, retry_after_millis));
    }

    /// Counts the writes that were refused although nothing was there.
    fn is_unplaced(&mut self) -> bool {
        self.unplaced += 1;
        !self.is_there && self.unplaced >= MOST_UNPLACED
    }

    /// Takes the answer to a read in. `after`: whether only what came after a cursor was asked for.
    fn read(&mut self, answer: SyncResponse, after: bool) -> Vec<Entry> {
        let retry_after = answer.retry_after_millis;
        match answer.status {
            _ if answer.is_too_long => self.is_overfull(),
            200 if !answer.body.is_empty() => {
                let opened = open(&answer.body);
                match document_in(&opened, Some(self.board)) {
                    Ok(document) => {
                        self.read_well();
                        self.take_rights(&answer);
                        self.unplaced = 0;
                        let around = (opened.envelope, opened.revision);
                        return self.take_document(around, document, &answer, after).entries;
                    }
                    Err(EndpointError::TooLarge) => self.is_overfull(),
                    Err(refused) => self.read_failed(Standing::Refused(refused), retry_after),
                }
            }
            200 | 204 | 404 | 410 if self.unsynced.has_seen() && !self.is_missing => {
                // Something was there. A host that is being restarted, or a network to sign in to, may say so.
                self.is_missing = true;
                self.must_read = true;
                self.cursor = None;
                self.tag = None;
                self.pause = Some(Pause::of(after_failures(1, self.chance)));
            }
            200 | 204 | 404 | 410 => {
                self.read_well();
                self.take_rights(&answer);
                self.note_shown(None);
                self.unsynced.saw_nothing();
                self.ahead.clear();
                self.cursor = None;
                // Some endpoints answer with an empty document while there is nothing.
                self.is_there = answer.status == 200;
                self.tag = answer.tag.filter(|_| self.is_there);
                self.takes_patches = answer.takes_patches;
                self.envelope = Envelope::of_nothing(&answer.body);
                self.is_whole = true;
                self.must_read = false;
            }
            304 => {
                self.read_well();
                self.take_rights(&answer);
                self.must_read = false;
            }
            408 | 423 | 425 | 429 | 500..=506 | 508..=599 => {
                self.read_failed(Standing::Struggling, retry_after);
            }
            status => {
                let refused = refusal(status, &answer.body);
                self.read_failed(Standing::Refused(refused), retry_after);
            }
        }
        Vec::new()
    }

    fn read_well(&mut self) {
        self.standing = Standing::Reached;
        self.read_failures = 0;
        self.is_missing = false;
        self.reads_until_resent = self.reads_until_resent.saturating_sub(1);
        if self.reads_until_resent == 0 {
            self.set_aside.clear();
        }
    }

    /// Notes the hash of the whole document that was read and its tag; `None`: there is none.
    fn note_shown(&mut self, shown: Option<u64>) {
        if let Some(write) = &mut self.write {
            write.changed |= self.shown != shown;
        }
        self.shown = shown;
    }

    /// Takes a document in, as it stood in an envelope with a revision. Gives it back without what is dated
    /// too far ahead.
    fn take_document(
        &mut self,
        (envelope, revision): (Envelope, Option<String>),
        mut document: Document,
        answer: &SyncResponse,
        after: bool,
    ) -> Document {
        let founds = |entry: &Entry| entry.id() == self.board;
        self.must_read = false;
        self.is_whole = !after;
        if after && document.entries.iter().any(founds) {
            // An endpoint that does not know the cursor answers with everything, but the change that founds
            // the board may also be among the news: erased, or sent after older ones.
            self.cursor = None;
            self.must_read = true;
        }
        if self.is_whole {
            self.unsynced.saw_nothing();
            self.ahead.clear();
            let mut hasher = DefaultHasher::new();
            (&answer.body, &answer.tag).hash(&mut hasher);
            self.note_shown(Some(hasher.finish()));
        } else if let Some(write) = &mut self.write {
            write.changed |= !document.entries.is_empty();
        }
        for entry in &document.entries {
            self.unsynced.saw(entry.id(), entry.is_erased());
        }
        let (ahead, entries) = std::mem::take(&mut document.entries)
            .into_iter()
            .partition(|entry| self.is_ahead(entry.id()));
        document.entries = entries;
        let ahead: Vec<Entry> = ahead;
        self.ahead
            .extend(ahead.into_iter().map(|entry| (entry.id(), entry)));
        if !answer.tag.as_ref().is_some_and(|tag| tag.starts_with("W/")) {
            self.weak_tags = 0;
        }
        self.envelope = envelope;
        self.tag = revision.or_else(|| answer.tag.clone());
        self.takes_patches = answer.takes_patches;
        if document.integrity == Integrity::Whole && !self.must_read {
            self.cursor = answer.cursor.clone().or(self.cursor.take());
        }
        self.is_there = true;
        document
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
/// [`Refused`] says why it cannot be taken in.
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
