//! What becomes of a board when changes are offered: the rules, the same for every database.

use cruxboard_domain::{
    Stamp,
    change::{Change, Fact},
    log::{Entry, Log},
};
use tokio::sync::oneshot;

use super::{Cursor, StoreLimits, WriteError};
use crate::changes_body::{ChangeRow, ChangesBody};

/// Changes that somebody wants to be kept.
pub(super) struct AppendRequest {
    pub(super) body: ChangesBody,
    pub(super) condition: Precondition,
    pub(super) may_create: bool,
    /// The token with which it came.
    pub(super) by: String,
    pub(super) reply: oneshot::Sender<Result<Result<AppendOutcome, AppendError>, WriteError>>,
}

/// What must be so for an offer to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    Any,
    /// There is no such board yet.
    Absent,
    /// There is one.
    Present,
    /// Its log ends at one of these.
    At(Vec<Cursor>),
}

/// What became of an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppendOutcome {
    /// Where the log ends now.
    pub cursor: Cursor,
    /// Changes that were not there before.
    pub added: usize,
    /// Changes that now have other content, mostly none.
    pub erased: usize,
    /// Ids that were there with other content, which has stayed.
    pub conflicts: Vec<Stamp>,
    /// Whether the board was not there before.
    pub created: bool,
    /// Whether the board now holds exactly what was offered.
    pub is_whole: bool,
    /// Why only the erasures in the offer were taken, when there was no room for all of it.
    pub left_out: Option<AppendError>,
}

/// Why an offer was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendError {
    /// The condition is not met; this is where the log ends, if there is one.
    PreconditionFailed(Option<Cursor>),
    /// There is no such board, and whoever offers may not make it.
    CreationForbidden,
    /// The board would become larger than one may be.
    BoardFull,
    /// The disk is nearly full, and what is left is for erasures.
    DiskLow,
    /// The board was deleted.
    Deleted,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub changes: i64,
    pub bytes: i64,
}

/// How far a board has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LogExtent {
    pub(super) cursor: Cursor,
    pub(super) counts: Counts,
    /// Bytes of what was erased or dropped and is kept aside.
    pub(super) kept: i64,
}

impl LogExtent {
    /// Whether so much more fits: as a document, together with what is kept aside.
    fn has_room_for(self, new: Counts, limits: StoreLimits) -> bool {
        /// The heading of a document, and what stands between two changes.
        const HEADING: i64 = 84;
        const BETWEEN: i64 = 2;
        let changes = self.counts.changes.saturating_add(new.changes);
        let bytes = self.counts.bytes.saturating_add(new.bytes);
        let bytes = bytes.saturating_add(HEADING + BETWEEN * changes + self.kept);
        changes <= limits.board_changes && bytes <= limits.board_bytes
    }
}

/// One board's changes in a transaction.
pub(super) trait BoardRows {
    type Error;

    /// Makes the board, which is not there yet, and returns the cursor at which its log begins.
    fn create(&mut self) -> Result<Cursor, Self::Error>;

    /// The text of a change that is there.
    fn stored(&self, id: Stamp) -> Result<Option<String>, Self::Error>;

    /// Whether an erasure has named this change, which may be yet to come.
    fn is_to_be_erased(&self, id: Stamp) -> Result<bool, Self::Error>;

    /// Whether going back to an earlier version has taken this change out, or has put its content back.
    fn is_refused(&self, id: Stamp) -> Result<bool, Self::Error>;

    fn insert(&mut self, id: Stamp, seq: Cursor, json: String) -> Result<(), Self::Error>;

    /// Puts other content in the place of a change, as a new row for those who follow. What was there
    /// is kept for a while, where the limits say so. Returns how many bytes are kept.
    fn rewrite(&mut self, id: Stamp, seq: Cursor, json: String) -> Result<i64, Self::Error>;

    /// Remembers that a change is to be erased, whenever it comes.
    fn note_erasure(&mut self, target: Stamp) -> Result<(), Self::Error>;
}

/// Adds what is new of an offer to a board, all of it or nothing, and says how far that is then. Where
/// there is no room for all of it, its erasures are taken alone.
pub(super) fn append<R: BoardRows>(
    rows: &mut R,
    present: Option<LogExtent>,
    request: &AppendRequest,
    limits: StoreLimits,
    is_disk_low: bool,
) -> Result<Result<(AppendOutcome, LogExtent), AppendError>, R::Error> {
    let cursor = present.map(|extent| extent.cursor);
    let is_met = match &request.condition {
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
    let mut offered: Vec<&ChangeRow> = request.body.rows.iter().collect();
    let mut left_out = None;
    if let Some(refusal) = lacks_room(rows, present, &request.body, limits, is_disk_low)? {
        let (mut taken, mut erasures) = (Vec::new(), 0);
        for row in &request.body.rows {
            let is_erasure = is_mere_erasure(rows, row)?;
            erasures += usize::from(is_erasure);
            // A change that is stored already needs no room.
            if is_erasure || rows.stored(row.entry.id())?.is_some() {
                taken.push(row);
            }
        }
        if erasures == 0 {
            return Ok(Err(refusal));
        }
        left_out = (taken.len() < offered.len()).then_some(refusal);
        offered = taken;
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
    for row in offered {
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

/// Why there is no room for what is new of an offer; `None` when there is.
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
    // Mostly there is room for twice of everything, and looking each change up is dear.
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

/// Whether a row takes content away that is there, and adds hardly anything itself.
///
/// Such a row is taken by a full board too. A change can be erased once, so there are at most as many of
/// them as changes with content, and a full board comes to less than twice its limits by them.
fn is_mere_erasure<R: BoardRows>(rows: &R, row: &ChangeRow) -> Result<bool, R::Error> {
    /// Bytes of an erasure, besides the ids that it names.
    const OWN_BYTES: usize = 256;
    const BYTES_PER_ID: usize = 32;
    if let Some(Fact::Blank) = row.entry.known().map(|change| &change.fact) {
        return has_content(rows, row.entry.id());
    }
    let mut erased = 0;
    for target in row.erased_ids() {
        erased += usize::from(has_content(rows, *target)?);
    }
    let is_small = row.json.len() <= OWN_BYTES + BYTES_PER_ID * erased;
    Ok(erased > 0 && is_small && rows.stored(row.entry.id())?.is_none())
}

fn has_content<R: BoardRows>(rows: &R, id: Stamp) -> Result<bool, R::Error> {
    Ok(rows.stored(id)?.is_some_and(|json| {
        Entry::from_json(&json).is_ok_and(|entry| erased(entry).to_json() != json)
    }))
}

/// One offer being added to one board.
struct Appender<'a, R> {
    rows: &'a mut R,
    extent: LogExtent,
    /// Whether something is stored otherwise than it was offered.
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
                // Devices that took an erasure in send it on for ever, after it was undone here too.
                Merged::Erased(_) if self.rows.is_refused(id)? => {
                    self.outcome.conflicts.push(id);
                    return Ok(());
                }
                Merged::Erased(erased) => self.rewrite(id, &json, erased)?,
                Merged::Conflict => {
                    self.outcome.conflicts.push(id);
                    // What did not get in must not erase anything either.
                    return Ok(());
                }
            },
        }
        for target in row.erased_ids() {
            self.erase(*target)?;
        }
        Ok(())
    }

    fn insert(&mut self, id: Stamp, json: String) -> Result<(), R::Error> {
        self.extent.cursor += 1;
        self.extent.counts.changes += 1;
        self.extent.counts.bytes += json.len() as i64;
        self.outcome.added += 1;
        self.rows.insert(id, self.extent.cursor, json)
    }

    fn rewrite(&mut self, id: Stamp, before: &str, json: String) -> Result<(), R::Error> {
        self.differs = true;
        self.outcome.erased += 1;
        self.extent.cursor += 1;
        self.extent.counts.bytes += json.len() as i64 - before.len() as i64;
        self.extent.kept += self.rows.rewrite(id, self.extent.cursor, json)?;
        Ok(())
    }

    /// Takes the content of a change away, now or when it comes.
    fn erase(&mut self, target: Stamp) -> Result<(), R::Error> {
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

/// What comes of two texts with one id.
enum Merged {
    Same,
    Erased(String),
    Conflict,
}

/// The first one stays, except for what either of them erases; that the domain decides.
fn merge(stored: &str, offered: &Entry) -> Merged {
    let Ok(present) = Entry::from_json(stored) else {
        return Merged::Conflict;
    };
    if present == *offered {
        return Merged::Same;
    }
    let names_targets = |entry: &Entry| {
        let fact = entry.known().map(|change| &change.fact);
        matches!(fact, Some(Fact::Redacted(_)))
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

/// The change without its content.
pub(super) fn erased(entry: Entry) -> Entry {
    let id = entry.id();
    let by_another = if id == Stamp::MAX {
        Stamp::MIN
    } else {
        Stamp::MAX
    };
    let mut log = Log::default();
    log.add(Entry::Known(Change {
        id: by_another,
        by: None,
        part_of: None,
        fact: Fact::Redacted(vec![id]),
    }));
    log.add(entry.clone());
    log.entry(id).cloned().unwrap_or(entry)
}
