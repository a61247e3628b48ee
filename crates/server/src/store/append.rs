//! The rules for appending changes to a board, the same for both databases.

use cruxboard_domain::{
    ChangeId,
    change::{Change, Payload},
    log::{Entry, Log},
};
use tokio::sync::oneshot;

use super::{Cursor, StoreLimits, WriteError};
use crate::changes_body::{ChangeRow, ChangesBody};

/// A request to append changes to a board.
pub(super) struct AppendRequest {
    pub(super) body: ChangesBody,
    pub(super) precondition: Precondition,
    pub(super) may_create: bool,
    /// The id of the token that it was sent with.
    pub(super) by: String,
}

/// The channel for the answer to a request, from the writer to the waiting task.
pub(super) type AppendReply =
    oneshot::Sender<Result<Result<AppendOutcome, AppendError>, WriteError>>;

/// A precondition of a write (compare-and-swap), from `If-Match` and `If-None-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// No precondition.
    Any,
    /// The board does not exist yet.
    Absent,
    /// The board exists.
    Present,
    /// The cursor of the board is one of these.
    At(Vec<Cursor>),
}

/// The result of appending changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppendOutcome {
    /// The cursor of the board afterwards.
    pub cursor: Cursor,
    /// Number of changes that were new.
    pub added: usize,
    /// Number of stored changes that were rewritten, mostly by an erasure.
    pub erased: usize,
    /// Ids that are stored with other content, which was kept, or are refused after a rewind.
    pub conflicts: Vec<ChangeId>,
    /// Whether the board was created.
    pub created: bool,
    /// Whether the board now holds exactly the changes of the request.
    pub is_whole: bool,
    /// The reason why only the erasures of the request were stored: there was no room for the rest.
    pub left_out: Option<AppendError>,
}

/// The reason why changes were not appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendError {
    /// The precondition does not hold; with the cursor of the board, if it exists.
    PreconditionFailed(Option<Cursor>),
    /// The board does not exist, and the token may not create it.
    CreationForbidden,
    /// The board would exceed its limits.
    BoardFull,
    /// The disk is nearly full; the rest is reserved for erasures.
    DiskLow,
    /// The board was deleted.
    Deleted,
}

/// Number and total size of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub changes: i64,
    pub bytes: i64,
}

/// The cursor and the size of a board's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LogExtent {
    pub(super) cursor: Cursor,
    pub(super) counts: Counts,
    /// Bytes of the archive of erased and removed texts.
    pub(super) kept: i64,
}

impl LogExtent {
    /// Returns whether `new` changes fit within the limits, counting the document and the archive.
    fn has_room_for(self, new: Counts, limits: StoreLimits) -> bool {
        /// Bytes of a document's heading, and between two changes.
        const HEADING: i64 = 84;
        const BETWEEN: i64 = 2;
        let changes = self.counts.changes.saturating_add(new.changes);
        let bytes = self.counts.bytes.saturating_add(new.bytes);
        let bytes = bytes.saturating_add(HEADING + BETWEEN * changes + self.kept);
        changes <= limits.board_changes && bytes <= limits.board_bytes
    }
}

/// The rows of one board in a transaction, implemented by both databases.
pub(super) trait BoardRows {
    type Error;

    /// Creates the board, and returns its first cursor.
    fn create(&mut self) -> Result<Cursor, Self::Error>;

    /// Returns the JSON of a stored change.
    fn stored(&self, id: ChangeId) -> Result<Option<String>, Self::Error>;

    /// Returns whether an erasure names this change, which may not have arrived yet.
    fn is_to_be_erased(&self, id: ChangeId) -> Result<bool, Self::Error>;

    /// Returns whether a rewind has removed this change, or restored its content.
    fn is_refused(&self, id: ChangeId) -> Result<bool, Self::Error>;

    /// Inserts a new change.
    fn insert(&mut self, id: ChangeId, seq: Cursor, json: String) -> Result<(), Self::Error>;

    /// Replaces the content of a change, under a new sequence number. Archives the old content if the limits
    /// say so, and returns its bytes.
    fn rewrite(&mut self, id: ChangeId, seq: Cursor, json: String) -> Result<i64, Self::Error>;

    /// Notes that a change is erased, even if it has not arrived yet.
    fn note_erasure(&mut self, target: ChangeId) -> Result<(), Self::Error>;
}

/// Appends the new changes of a request to a board, and returns the new extent of its log.
///
/// All changes are appended or none. If there is no room for all of them, only the erasures are stored.
pub(super) fn append<R: BoardRows>(
    rows: &mut R,
    present: Option<LogExtent>,
    request: &AppendRequest,
    limits: StoreLimits,
    is_disk_low: bool,
) -> Result<Result<(AppendOutcome, LogExtent), AppendError>, R::Error> {
    let cursor = present.map(|extent| extent.cursor);
    let is_met = match &request.precondition {
        Precondition::Any => true,
        Precondition::Absent => cursor.is_none(),
        Precondition::Present => cursor.is_some(),
        Precondition::At(cursors) => cursor.is_some_and(|cursor| cursors.contains(&cursor)),
    };
    if !is_met {
        return Ok(Err(AppendError::PreconditionFailed(cursor)));
    }
    if present.is_none() && !request.may_create {
        return Ok(Err(AppendError::CreationForbidden));
    }
    let mut accepted: Vec<&ChangeRow> = request.body.rows.iter().collect();
    let mut left_out = None;
    if let Some(refusal) = lacks_room(rows, present, &request.body, limits, is_disk_low)? {
        let (mut taken, mut erasures) = (Vec::new(), 0);
        for row in &request.body.rows {
            let is_erasure = is_small_erasure(rows, row)?;
            erasures += usize::from(is_erasure);
            // A change that is stored already needs no room.
            if is_erasure || rows.stored(row.entry.id())?.is_some() {
                taken.push(row);
            }
        }
        if erasures == 0 {
            return Ok(Err(refusal));
        }
        left_out = (taken.len() < accepted.len()).then_some(refusal);
        accepted = taken;
    }

    let extent = match present {
        Some(extent) => extent,
        None => LogExtent {
            cursor: rows.create()?,
            ..LogExtent::default()
        },
    };
    let mut appender = Appender {
        rows,
        extent,
        differs: left_out.is_some(),
        outcome: AppendOutcome {
            created: present.is_none(),
            left_out,
            ..AppendOutcome::default()
        },
    };
    for row in accepted {
        appender.add(row)?;
    }
    let Appender {
        extent,
        mut outcome,
        differs,
        ..
    } = appender;
    outcome.cursor = extent.cursor;
    outcome.is_whole = outcome.conflicts.is_empty()
        && !differs
        && extent.counts.changes == request.body.rows.len() as i64;
    Ok(Ok((outcome, extent)))
}

/// Returns why there is no room for the new changes of a request; `None` when there is.
fn lacks_room<R: BoardRows>(
    rows: &R,
    present: Option<LogExtent>,
    body: &ChangesBody,
    limits: StoreLimits,
    is_disk_low: bool,
) -> Result<Option<AppendError>, R::Error> {
    let extent = present.unwrap_or_default();
    let mut new = Counts {
        changes: body.rows.len() as i64,
        bytes: body.rows.iter().map(|row| row.json.len() as i64).sum(),
    };
    // Fast path: there is room even if all changes are new, so none need be looked up.
    if !is_disk_low && extent.has_room_for(new, limits) {
        return Ok(None);
    }
    if present.is_some() {
        new = Counts::default();
        for row in &body.rows {
            if rows.stored(row.entry.id())?.is_none() {
                new.changes += 1;
                new.bytes += row.json.len() as i64;
            }
        }
    }
    Ok(if new == Counts::default() {
        None
    } else if is_disk_low {
        Some(AppendError::DiskLow)
    } else if extent.has_room_for(new, limits) {
        None
    } else {
        Some(AppendError::BoardFull)
    })
}

/// Returns whether a row erases stored content, and adds only a few bytes itself.
///
/// A full board accepts such a row too. Each change can be erased once, so erasures can at most double the
/// number of changes of a full board.
fn is_small_erasure<R: BoardRows>(rows: &R, row: &ChangeRow) -> Result<bool, R::Error> {
    /// Bytes of an erasure, besides the ids that it names.
    const OWN_BYTES: usize = 256;
    const BYTES_PER_ID: usize = 32;
    if let Some(Payload::Blank) = row.entry.known().map(|change| &change.payload) {
        return has_content(rows, row.entry.id());
    }
    let mut erased = 0;
    for target in row.erased_ids() {
        erased += usize::from(has_content(rows, *target)?);
    }
    let is_small = row.json.len() <= OWN_BYTES + BYTES_PER_ID * erased;
    Ok(erased > 0 && is_small && rows.stored(row.entry.id())?.is_none())
}

fn has_content<R: BoardRows>(rows: &R, id: ChangeId) -> Result<bool, R::Error> {
    Ok(rows.stored(id)?.is_some_and(|json| {
        Entry::from_json(&json).is_ok_and(|entry| erased(entry).to_json() != json)
    }))
}

/// Appends the changes of one request to one board.
struct Appender<'a, R> {
    rows: &'a mut R,
    extent: LogExtent,
    /// Whether a stored change differs from the one in the request.
    differs: bool,
    outcome: AppendOutcome,
}

impl<R: BoardRows> Appender<'_, R> {
    fn add(&mut self, row: &ChangeRow) -> Result<(), R::Error> {
        let id = row.entry.id();
        match self.rows.stored(id)? {
            None if self.rows.is_refused(id)? => {
                self.outcome.conflicts.push(id);
                return Ok(());
            }
            None if self.rows.is_to_be_erased(id)? => {
                self.differs = true;
                self.insert(id, erased(row.entry.clone()).to_json())?;
            }
            None => self.insert(id, row.json.clone())?,
            Some(json) if json == row.json => {}
            Some(json) => match merge(&json, &row.entry) {
                Merged::Same => self.differs = true,
                // Devices that have received an erasure keep sending it after a rewind has undone it.
                Merged::Erased(_) if self.rows.is_refused(id)? => {
                    self.outcome.conflicts.push(id);
                    return Ok(());
                }
                Merged::Erased(erased) => self.rewrite(id, &json, erased)?,
                Merged::Conflict => {
                    self.outcome.conflicts.push(id);
                    // A refused change must not erase anything.
                    return Ok(());
                }
            },
        }
        for target in row.erased_ids() {
            self.erase(*target)?;
        }
        Ok(())
    }

    fn insert(&mut self, id: ChangeId, json: String) -> Result<(), R::Error> {
        self.extent.cursor += 1;
        self.extent.counts.changes += 1;
        self.extent.counts.bytes += json.len() as i64;
        self.outcome.added += 1;
        self.rows.insert(id, self.extent.cursor, json)
    }

    fn rewrite(&mut self, id: ChangeId, before: &str, json: String) -> Result<(), R::Error> {
        self.differs = true;
        self.outcome.erased += 1;
        self.extent.cursor += 1;
        self.extent.counts.bytes += json.len() as i64 - before.len() as i64;
        self.extent.kept += self.rows.rewrite(id, self.extent.cursor, json)?;
        Ok(())
    }

    /// Erases the content of a change, now or when it arrives.
    fn erase(&mut self, target: ChangeId) -> Result<(), R::Error> {
        self.rows.note_erasure(target)?;
        if let Some(before) = self.rows.stored(target)?
            && let Ok(entry) = Entry::from_json(&before)
        {
            let after = erased(entry).to_json();
            if after != before {
                self.rewrite(target, &before, after)?;
            }
        }
        Ok(())
    }
}

/// The result of merging two changes with the same id.
enum Merged {
    Same,
    Erased(String),
    Conflict,
}

/// Merges a stored change with another one of the same id.
///
/// Keeps the stored change, unless either side is an erasure; the domain decides that.
fn merge(stored: &str, offered: &Entry) -> Merged {
    let Ok(present) = Entry::from_json(stored) else {
        return Merged::Conflict;
    };
    if present == *offered {
        return Merged::Same;
    }
    let names_targets = |entry: &Entry| {
        let payload = entry.known().map(|change| &change.payload);
        matches!(payload, Some(Payload::Redacted(_)))
    };
    let erases =
        present.differs_by_erasure(offered) || (names_targets(&present) && names_targets(offered));
    if !erases {
        return Merged::Conflict;
    }
    let id = present.id();
    let mut log = Log::default();
    log.add(present);
    log.add(offered.clone());
    match log.entry(id).map(Entry::to_json) {
        Some(json) if json != stored => Merged::Erased(json),
        _ => Merged::Same,
    }
}

/// Returns the change without its content, as an erasure leaves it (tombstone).
pub(super) fn erased(entry: Entry) -> Entry {
    let id = entry.id();
    let by_another = if id == ChangeId::MAX {
        ChangeId::MIN
    } else {
        ChangeId::MAX
    };
    let mut log = Log::default();
    log.add(Entry::Known(Change {
        id: by_another,
        by: None,
        part_of: None,
        payload: Payload::Redacted(vec![id]),
    }));
    log.add(entry.clone());
    log.entry(id).cloned().unwrap_or(entry)
}
