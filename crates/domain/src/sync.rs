//! Keeping a log in step with a document at one URL, without doing any of it: what to ask for next,
//! and what an answer means.
//!
//! Nothing here trusts a write. A change counts as there once it was in an answer to a read, so an
//! endpoint that loses writes, or cannot refuse stale ones, costs time and never a change.

mod ahead;
mod envelope;
mod lacking;
mod pardon;
mod wire;

use std::collections::BTreeSet;

pub use self::ahead::ahead_in_words;
pub use self::envelope::{Envelope, Opened, open};
use self::lacking::Lacking;
pub use self::pardon::Pardon;
use self::pardon::{conflicts_in, pardon};
pub use self::wire::Request;
use crate::Stamp;
use crate::document::{Document, NotADocument};
use crate::log::{Entry, Log};

/// So many bytes of an answer are read and no more: twice as much as our server keeps of one board.
pub const MOST_BYTES: usize = 64 << 20;
/// So many changes are taken from an endpoint and no more; ten times what a board of many years has.
/// Whoever has filled it, a page that drowns in it could not even say so.
pub const MOST_CHANGES: usize = 200_000;
/// The most changes sent at once where an endpoint takes them one by one.
const MOST_AT_ONCE: usize = 2_000;
/// So many writes in a row may be refused or lost before the endpoint is left alone for a while.
const MOST_TRIES: u32 = 8;
const FIRST_PAUSE_MILLIS: u64 = 200;
const LONGEST_PAUSE_MILLIS: u64 = 10_000;
const LONG_PAUSE_MILLIS: u64 = 60_000;
/// Apache's tags are weak for a second after a write.
const WEAK_TAG_MILLIS: u64 = 1_100;
const MOST_WEAK_TAGS: u32 = 3;
/// So many reads go by the tag until one does not.
const TRUSTED_TAGS: u32 = 8;
/// So many times in a row it says that nothing is there and lets nothing be put there.
const MOST_UNPLACED: u32 = 3;

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
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
    /// Nothing for so many milliseconds, unless something happens here.
    Pause(u64),
    /// Both sides have the same: nothing, until something happens on one of them.
    Rest,
    /// Nothing at all, until a person has done something about this.
    Stop(Refused),
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
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `ETag`, if it can be read.
    pub tag: Option<String>,
    /// `Cursor`, if there is one.
    pub cursor: Option<String>,
    /// Whether it offers to take changes one by one (`Accept-Patch`).
    pub takes_patches: bool,
    /// `Retry-After`, in milliseconds.
    pub retry_after_millis: Option<u64>,
    /// The body.
    pub body: String,
    /// Whether the body has more than [`MOST_BYTES`] and was not read on.
    pub is_too_long: bool,
}

/// Why an endpoint cannot be used as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It wants to know who is asking.
    #[error("The endpoint wants a valid token. Put in another one in Setup.")]
    Unauthorized,
    /// Who is asking may not do this.
    #[error("The endpoint does not allow this with your token{0}")]
    Forbidden(String),
    /// What it holds is something else.
    #[error("What is at that address is not a board: {0} Nothing was changed there.")]
    NotABoard(String),
    /// It holds another board.
    #[error("Another board is at that address. Nothing was changed there; choose another address.")]
    AnotherBoard,
    /// It holds a document of a version that this app cannot read.
    #[error("A newer version of Cruxboard has written there. Load this page anew to update it.")]
    Newer,
    /// It holds more than anybody's board.
    #[error(
        "What is at that address is too large for a board: more than 64 MB or 200,000 changes. Nothing of it was taken in, and nothing was changed there."
    )]
    TooLarge,
    /// It points to another address, where what was sent along must not follow.
    #[error("The address leads on to another one. Put in the one that it leads to.")]
    Elsewhere,
    /// Nothing is at that address, and nothing can be put there.
    #[error(
        "Nothing can be put at that address. The folder, bucket or database that it names may have to be made first{0}"
    )]
    NoPlace(String),
    /// It has no room, or takes nothing so large.
    #[error("The endpoint has no room for the board{0}")]
    NoRoom(String),
    /// This change is dated too far ahead for it; [`ahead_in_words`] says what to do.
    #[error("The endpoint takes no change that is dated so far ahead{1}")]
    Ahead(Stamp, String),
    /// It stored nothing, for a reason of its own.
    #[error("The endpoint refused with the status {0}{1}")]
    Other(u16, String),
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
    /// It keeps refusing or losing what it is sent, and is left alone for a while.
    Struggling,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Get,
    Put,
    Patch,
}

/// One board's way to and from one endpoint.
#[derive(Clone, Debug)]
pub struct Sync {
    board: Stamp,
    lacking: Lacking,
    /// What it was sent and said it does not take: it is not sent again.
    unwanted: BTreeSet<Stamp>,
    tag: Option<String>,
    envelope: Envelope,
    cursor: Option<String>,
    takes_patches: bool,
    is_there: bool,
    unplaced: u32,
    must_read: bool,
    pause: Option<u64>,
    refused: Option<Refused>,
    /// Whether a write was forbidden: then it is read all the same.
    reads_only: bool,
    standing: Standing,
    asked: Option<Asked>,
    /// Writes in a row after which no less was lacking.
    tries: u32,
    /// How much was lacking when something was last to be written.
    lacked: usize,
    weak_tags: u32,
    /// Questions in a row without an answer.
    silences: u32,
    /// Reads since the document was last asked for whatever its tag is.
    reads: u32,
}

impl Sync {
    /// For an endpoint of which nothing is known.
    #[must_use]
    pub fn new(board: Stamp) -> Self {
        Self {
            board,
            lacking: Lacking::default(),
            unwanted: BTreeSet::new(),
            tag: None,
            envelope: Envelope::Plain,
            cursor: None,
            takes_patches: false,
            is_there: false,
            unplaced: 0,
            must_read: true,
            pause: None,
            refused: None,
            reads_only: false,
            standing: Standing::Unknown,
            asked: None,
            tries: 0,
            lacked: 0,
            weak_tags: 0,
            silences: 0,
            reads: 0,
        }
    }

    /// How many changes the endpoint was not seen to have.
    pub fn waiting(&mut self, log: &Log) -> usize {
        self.lacking(log).len()
    }

    /// What to ask for while there is nothing to do but wait for something new, where the endpoint
    /// tells of it.
    pub fn listen(&mut self) -> Option<Ask> {
        let after = self.cursor()?.to_owned();
        self.asked = Some(Asked::Get);
        Some(Ask::Get {
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
        &self.standing
    }

    /// Whether the endpoint lets itself be read and not be written.
    #[must_use]
    pub fn reads_only(&self) -> bool {
        self.reads_only
    }

    /// Another try at writing, since rights may have changed.
    pub fn write_again(&mut self) {
        self.reads_only = false;
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
    pub fn stale_write(body: &str) -> Ask {
        let opened = open(body);
        let (condition, body) = opened.envelope.stale(opened.document);
        Ask::Put {
            condition,
            body,
            count: 0,
        }
    }

    /// Look again: a person asked for it, the network came back, or it is time.
    pub fn wake(&mut self) {
        self.lacking.look_at_all();
        self.must_read = true;
        self.pause = None;
        self.refused = None;
        self.tries = 0;
        self.silences = 0;
    }

    /// What to do now.
    pub fn next(&mut self, log: &Log) -> Ask {
        if let Some(refused) = &self.refused {
            return Ask::Stop(refused.clone());
        }
        if let Some(millis) = self.pause.take() {
            return Ask::Pause(millis);
        }
        if self.must_read {
            self.asked = Some(Asked::Get);
            let after = self.cursor().map(str::to_owned);
            // A tag that stays the same over a change would keep us from ever seeing it.
            self.reads = (self.reads + 1) % TRUSTED_TAGS;
            let tag = self
                .tag
                .clone()
                .filter(|_| after.is_none() && self.reads != 0);
            return Ask::Get { tag, after };
        }
        let lacking = self.lacking(log);
        if lacking.is_empty() || self.reads_only {
            self.tries = 0;
            return Ask::Rest;
        }
        if lacking.len() < self.lacked {
            self.tries = 0;
        }
        self.lacked = lacking.len();
        if self.tries >= MOST_TRIES {
            self.tries = 0;
            self.standing = Standing::Struggling;
            self.must_read = true;
            return Ask::Pause(LONG_PAUSE_MILLIS);
        }
        if self.takes_patches && self.is_there {
            self.asked = Some(Asked::Patch);
            let some = &lacking[..lacking.len().min(MOST_AT_ONCE)];
            return Ask::Patch {
                body: Document::of(self.board, some.iter().copied()),
                count: some.len(),
            };
        }
        let count = lacking.len();
        let condition = match &self.tag {
            _ if !self.is_there => Condition::Absent,
            Some(tag) if tag.starts_with("W/") && self.weak_tags < MOST_WEAK_TAGS => {
                // A weak tag never matches, so that a write would be refused for certain.
                self.weak_tags += 1;
                self.tag = None;
                self.must_read = true;
                return Ask::Pause(WEAK_TAG_MILLIS);
            }
            Some(tag) if !tag.starts_with("W/") => Condition::Unchanged(tag.clone()),
            _ => Condition::None,
        };
        self.asked = Some(Asked::Put);
        // Where changes are taken one by one it is begun with a part, and the rest is added: a large
        // board is larger than what some endpoints take at once.
        let (document, count) = if self.takes_patches {
            let some = &lacking[..count.min(MOST_AT_ONCE)];
            (Document::of(self.board, some.iter().copied()), some.len())
        } else {
            (Document::to_json(self.board, log), count)
        };
        let (condition, body) = self.envelope.seal(condition, document);
        Ask::Put {
            condition,
            body,
            count,
        }
    }

    /// Takes an answer in. Gives the entries that came with it, some of which may be known here.
    /// `chance`, from 0 to 1, keeps those who were refused together from coming back together.
    pub fn answered(&mut self, answer: Answer, chance: f64) -> Vec<Entry> {
        let Some(asked) = self.asked.take() else {
            return Vec::new();
        };
        self.silences = 0;
        self.standing = Standing::Reached;
        match (asked, answer.status) {
            _ if answer.is_too_long => self.refused = Some(Refused::TooLarge),
            (Asked::Get, 200) => return self.read(answer),
            (Asked::Get, 404 | 410) => {
                self.lacking.saw_nothing();
                self.tag = None;
                self.cursor = None;
                self.is_there = false;
                self.takes_patches = answer.takes_patches;
                self.envelope = Envelope::of_nothing(&answer.body);
                self.must_read = false;
            }
            (Asked::Get, 304) => self.must_read = false,
            (Asked::Put | Asked::Patch, 200..=299) => {
                // The answer's own tag may be of something else, or not readable.
                self.tries += 1;
                self.tag = None;
                self.must_read = true;
                let before = self.unwanted.len();
                if self.takes_patches {
                    self.unwanted.extend(conflicts_in(&answer.body));
                }
                if self.unwanted.len() > before {
                    // What it has instead came long ago, or not at all.
                    self.cursor = None;
                }
            }
            (Asked::Put | Asked::Patch, 403) => self.reads_only = true,
            (Asked::Put, 404 | 409) if self.is_unplaced() => {
                self.refused = Some(Refused::NoPlace(detail_of(&answer.body)));
            }
            // Somebody was quicker, or it was deleted between reading and writing.
            (Asked::Put | Asked::Patch, 404 | 409 | 412) => {
                self.tries += 1;
                self.tag = None;
                self.must_read = true;
                self.pause = Some(pause_millis(self.tries, chance));
            }
            (_, 429 | 500..=506 | 508..=599) => {
                self.tries += 1;
                self.must_read = true;
                let millis = answer.retry_after_millis.map_or_else(
                    || pause_millis(self.tries, chance),
                    |millis| millis.min(LONG_PAUSE_MILLIS),
                );
                self.pause = Some(millis);
                self.standing = Standing::Struggling;
            }
            (_, status) => self.refused = Some(refusal(status, &answer.body)),
        }
        Vec::new()
    }

    /// What an answer to a read, `theirs`, says of erasures that were undone at the endpoint; `None`:
    /// nothing.
    pub fn pardon(&mut self, log: &Log, theirs: &[Entry]) -> Option<Pardon> {
        // What came after a cursor says nothing of what is not in it.
        let is_whole = theirs.iter().any(|entry| entry.id() == self.board);
        let pardon = pardon(log, theirs, &self.unwanted).filter(|_| is_whole)?;
        // Whoever follows it has another log from now on.
        self.lacking.look_at_all();
        Some(pardon)
    }

    /// What the endpoint was not seen to have and may take, oldest first.
    fn lacking<'log>(&mut self, log: &'log Log) -> Vec<&'log Entry> {
        let mut lacking = self.lacking.of(log);
        lacking.retain(|entry| !self.unwanted.contains(&entry.id()));
        lacking
    }

    /// Whether the log can take in so many changes more; otherwise nothing more is asked for. An
    /// endpoint that has other changes every time is an endless one.
    pub fn has_room(&mut self, log: &Log, new: usize) -> bool {
        let has_room = new == 0 || log.len() + new <= MOST_CHANGES;
        if !has_room {
            self.refused = Some(Refused::TooLarge);
        }
        has_room
    }

    /// There was no answer at all. `chance` as in [`Self::answered`].
    pub fn unanswered(&mut self, chance: f64) {
        self.asked = None;
        self.silences += 1;
        self.must_read = true;
        self.standing = Standing::Unreached;
        self.pause = Some(pause_millis(self.silences + 2, chance).max(1_000));
    }

    /// Counts the writes that were refused although nothing was there.
    fn is_unplaced(&mut self) -> bool {
        self.unplaced += 1;
        !self.is_there && self.unplaced >= MOST_UNPLACED
    }

    fn read(&mut self, answer: Answer) -> Vec<Entry> {
        self.unplaced = 0;
        if answer.body.is_empty() {
            // Some endpoints answer so while there is nothing.
            self.is_there = true;
            self.must_read = false;
            self.lacking.saw_nothing();
            self.tag = answer.tag;
            return Vec::new();
        }
        let opened = open(&answer.body);
        let document = match document_in(&opened, Some(self.board)) {
            Ok(document) => document,
            Err(refused) => {
                self.refused = Some(refused);
                return Vec::new();
            }
        };
        // Only what came after a cursor lacks the change that founded the board.
        let is_whole = self.cursor().is_none()
            || document
                .entries
                .iter()
                .any(|entry| entry.id() == self.board);
        if is_whole {
            self.lacking.saw_nothing();
        }
        for entry in &document.entries {
            self.lacking.saw(entry.id(), entry.is_blank());
        }
        if !answer.tag.as_ref().is_some_and(|tag| tag.starts_with("W/")) {
            self.weak_tags = 0;
        }
        self.envelope = opened.envelope;
        self.tag = opened.revision.or(answer.tag);
        self.takes_patches = answer.takes_patches;
        if document.is_whole {
            self.cursor = answer.cursor.or(self.cursor.take());
        }
        self.is_there = true;
        self.must_read = false;
        document.entries
    }
}

/// The document in the answer to a read by somebody who knows no board yet.
///
/// # Errors
/// [`Refused`] says why it cannot be taken in.
pub fn document_of(answer: &Answer) -> Result<Document, Refused> {
    if answer.is_too_long {
        return Err(Refused::TooLarge);
    }
    document_in(&open(&answer.body), None)
}

/// The document that an endpoint has, of `board` if that is given.
fn document_in(opened: &Opened<'_>, board: Option<Stamp>) -> Result<Document, Refused> {
    let document = Document::from_json_within(opened.document, MOST_CHANGES);
    let document = document.map_err(|problem| match problem {
        NotADocument::TooMany(_) => Refused::TooLarge,
        other => Refused::NotABoard(other.to_string()),
    })?;
    if board.is_some_and(|board| board != document.board) {
        return Err(Refused::AnotherBoard);
    }
    if document.version > crate::document::VERSION {
        return Err(Refused::Newer);
    }
    Ok(document)
}

/// Full jitter: anything up to twice the pause before, so that many who collide come apart.
fn pause_millis(tries: u32, chance: f64) -> u64 {
    let longest = (FIRST_PAUSE_MILLIS << tries.min(10)).min(LONGEST_PAUSE_MILLIS);
    let share = (longest as f64 * chance.clamp(0.0, 1.0)) as u64;
    share.max(FIRST_PAUSE_MILLIS / 2)
}

/// Why an endpoint said no, by the status and body of its answer.
#[must_use]
pub fn refusal(status: u16, body: &str) -> Refused {
    let detail = detail_of(body);
    if let Some(change) = dated_ahead(body).filter(|_| status == 422) {
        return Refused::Ahead(change, detail);
    }
    match status {
        300..=399 => Refused::Elsewhere,
        401 => Refused::Unauthorized,
        403 => Refused::Forbidden(detail),
        413 | 507 => Refused::NoRoom(detail),
        _ => Refused::Other(status, detail),
    }
}

/// The change that our server names when it is dated too far ahead.
fn dated_ahead(body: &str) -> Option<Stamp> {
    let problem: serde_json::Value = serde_json::from_str(body).ok()?;
    problem.get("dated_ahead")?.as_str()?.parse().ok()
}

fn detail_of(body: &str) -> String {
    // The text of somebody else's server: as much of it as fits on a line, and only if it is a
    // problem document (RFC 9457), which is meant to be read.
    let problem: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let detail = problem
        .as_ref()
        .and_then(|problem| problem.get("detail")?.as_str());
    let detail: String = detail.unwrap_or_default().chars().take(200).collect();
    if detail.is_empty() {
        ".".to_owned()
    } else {
        format!(": {detail}")
    }
}
