//! The board: what the changes of a log add up to.

mod materialize;
mod query;
pub mod view;

use std::collections::{BTreeMap, BTreeSet};

use self::materialize::Entity;
pub(crate) use self::query::DAY_MILLIS;
pub use self::query::{CurrentView, WithBasis};
use crate::ChangeId;
use crate::change::{Change, Payload, ReviewHeld};
use crate::log::{DigestKey, Entry, Log};
use crate::record::{
    BoardInfo, BoardOption, BriefRead, BriefReadId, Crux, CruxId, Decision, DecisionId, Evidence,
    EvidenceId, FollowUp, FollowUpId, Message, MessageId, OptionId, Person, PersonId, Position,
    PositionId, Record, Review, ReviewId, Round, RoundId, Statement, StatementId, Term, TermId,
    Trigger, TriggerId,
};

/// A decision question with everything about it, folded from its log.
///
/// A record is the fold, oldest first, of those of its changes that count; so boards with the same
/// set of changes are equal, in whatever order and however often the changes came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    log: Log,
    /// (record, change that edits it), whether or not the record is there or the change counts.
    edits: BTreeSet<(ChangeId, ChangeId)>,
    tables: Tables,
}

/// Boxed, so that the code that keeps a map in order is the same for every noun, once.
type Table<Id, T> = BTreeMap<Id, Box<Record<Id, T>>>;

#[derive(Clone, Debug, Default, PartialEq)]
struct Tables {
    info: BoardInfo,
    options: Table<OptionId, BoardOption>,
    people: Table<PersonId, Person>,
    cruxes: Table<CruxId, Crux>,
    triggers: Table<TriggerId, Trigger>,
    evidence: Table<EvidenceId, Evidence>,
    statements: Table<StatementId, Statement>,
    positions: Table<PositionId, Position>,
    follow_ups: Table<FollowUpId, FollowUp>,
    terms: Table<TermId, Term>,
    recorded_reviews: Table<ChangeId, ReviewHeld>,
    decisions: Table<DecisionId, Decision>,
    reviews: Table<ReviewId, Review>,
    rounds: Table<RoundId, Round>,
    messages: Table<MessageId, Message>,
    brief_reads: Table<BriefReadId, BriefRead>,
    by_crux: BTreeMap<CruxId, Linked>,
}

/// What belongs to one crux, whether or not the crux itself is there.
#[derive(Clone, Debug, Default, PartialEq)]
struct Linked {
    statements: BTreeSet<StatementId>,
    triggers: BTreeSet<TriggerId>,
    evidence: BTreeSet<EvidenceId>,
    positions: BTreeSet<PositionId>,
    follow_ups: BTreeSet<FollowUpId>,
    parts: BTreeSet<CruxId>,
}

/// A record that reads otherwise than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordRef {
    /// What is said of the board as a whole, its options, people, terms, reviews, rounds,
    /// decisions and who has seen the brief.
    Board,
    /// A crux, or something that belongs to it.
    Crux(CruxId),
    /// An item of evidence.
    Evidence(EvidenceId),
    /// A follow-up.
    FollowUp(FollowUpId),
    /// The reading list.
    Reading,
}

/// What applying a change did.
#[derive(Debug, Default, PartialEq)]
pub struct Touched {
    /// Whether the log is another one than before; if not, nothing else is.
    pub is_new: bool,
    /// Records that may read otherwise than before, in no order, perhaps repeated.
    pub records: Vec<RecordRef>,
    /// Whether any record may read otherwise than before.
    pub everything: bool,
    /// Changes whose stored text must be written again, since their content was erased.
    pub rewritten: Vec<ChangeId>,
    /// Whether another content was seen under the id of a change.
    pub clashes: bool,
}

impl FromIterator<Entry> for Board {
    fn from_iter<T: IntoIterator<Item = Entry>>(entries: T) -> Self {
        let mut board = Self::default();
        board.receive(entries);
        board
    }
}

impl Board {
    /// An empty board whose log keeps digests, so that boards in memory merge quickly.
    #[must_use]
    pub fn with_digests(key: DigestKey) -> Self {
        Self {
            log: Log::with_digests(key),
            ..Self::default()
        }
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Applies one change. Commutative, associative and idempotent; cannot fail.
    pub fn apply(&mut self, change: Change) -> Touched {
        self.apply_entry(Entry::Known(change))
    }

    /// Applies many entries. Oldest first is quickest, so they are sorted.
    pub fn receive(&mut self, entries: impl IntoIterator<Item = Entry>) -> Touched {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_by_key(Entry::id);
        let mut touched = Touched::default();
        for entry in entries {
            self.take_in(entry, &mut touched);
        }
        touched
    }

    /// Takes in what another log has. Only what is not here yet is copied and applied.
    pub fn merge(&mut self, other: &Log) -> Touched {
        let lacking: Vec<Entry> = self.log.lacks_of(other).into_iter().cloned().collect();
        self.receive(lacking)
    }

    /// Applies one entry, of this version or a newer one.
    pub fn apply_entry(&mut self, entry: Entry) -> Touched {
        let mut touched = Touched::default();
        self.take_in(entry, &mut touched);
        touched
    }

    fn take_in(&mut self, entry: Entry, touched: &mut Touched) {
        let id = entry.id();
        let added = self.log.add(entry);
        touched.is_new |= added.is_new;
        touched.clashes |= added.clashes;
        if !added.is_new {
            return;
        }
        if !added.rewritten.is_empty() {
            // What was erased no longer says which record it was about; it is rare enough to fold
            // the whole log again.
            touched.rewritten.extend(added.rewritten);
            touched.everything = true;
            self.refold_everything();
            return;
        }
        for turned in added.turned {
            // Asked of the log, and not of what came: that may have been erased at once.
            let Some(change) = self.log.change(turned) else {
                continue;
            };
            let Some(record) = change.payload.record(turned) else {
                continue;
            };
            if turned == id && is_edit(change) {
                self.edits.insert((record, id));
            }
            let is_latest = turned == id
                && !self.log.is_retracted(id)
                && self
                    .edits
                    .range((record, id)..=(record, ChangeId::MAX))
                    .all(|(_, edit)| *edit == id);
            self.refresh(record, is_latest.then_some(id), touched);
        }
    }

    fn refold_everything(&mut self) {
        self.edits.clear();
        self.tables = Tables::default();
        let mut records = BTreeSet::new();
        for change in self.log.changes() {
            if let Some(record) = change.payload.record(change.id) {
                records.insert(record);
                if is_edit(change) {
                    self.edits.insert((record, change.id));
                }
            }
        }
        let mut touched = Touched::default();
        for record in records {
            self.refresh(record, None, &mut touched);
        }
    }

    /// Brings one record up to date. `latest`: the only change since it was, and the latest one
    /// of the record.
    fn refresh(&mut self, record: ChangeId, latest: Option<ChangeId>, touched: &mut Touched) {
        if record == ChangeId::MIN {
            self.refresh_info(latest);
            touched.records.push(RecordRef::Board);
            return;
        }
        let Some(first) = self.log.change(record) else {
            return;
        };
        match first.payload {
            Payload::OptionAdded(_) => self.refresh_in::<BoardOption>(record, latest, touched),
            Payload::PersonAdded(_) => self.refresh_in::<Person>(record, latest, touched),
            Payload::CruxAdded(_) => self.refresh_in::<Crux>(record, latest, touched),
            Payload::TriggerAdded(_) => self.refresh_in::<Trigger>(record, latest, touched),
            Payload::EvidenceFiled(_) => self.refresh_in::<Evidence>(record, latest, touched),
            Payload::CredenceStated(_) => self.refresh_in::<Statement>(record, latest, touched),
            Payload::PositionRecorded(_) => self.refresh_in::<Position>(record, latest, touched),
            Payload::FollowUpAdded(_) => self.refresh_in::<FollowUp>(record, latest, touched),
            Payload::TermDefined(_) => self.refresh_in::<Term>(record, latest, touched),
            Payload::ReviewHeld(_) => self.refresh_in::<ReviewHeld>(record, latest, touched),
            Payload::DecisionRecorded(_) => self.refresh_in::<Decision>(record, latest, touched),
            Payload::ReviewStarted(_) => self.refresh_in::<Review>(record, latest, touched),
            Payload::RoundOpened(_) => self.refresh_in::<Round>(record, latest, touched),
            Payload::MessageListed(_) => self.refresh_in::<Message>(record, latest, touched),
            Payload::BriefSeen(_) => self.refresh_in::<BriefRead>(record, latest, touched),
            // None of these adds a record. They are listed, so that a new kind of change does not
            // compile until it is handled here.
            Payload::BoardDescribed(_)
            | Payload::OptionEdited(_)
            | Payload::PersonEdited(_)
            | Payload::CruxEdited(_)
            | Payload::TriggerEdited(_)
            | Payload::TriggerJudged(_)
            | Payload::TriggerChecked(_)
            | Payload::EvidenceEdited(_)
            | Payload::EvidenceWeighed(_)
            | Payload::StatementExplained(_)
            | Payload::PositionEdited(_)
            | Payload::FollowUpEdited(_)
            | Payload::TermEdited(_)
            | Payload::DecisionEdited(_)
            | Payload::ReviewEdited(_)
            | Payload::ReviewNoted(_)
            | Payload::ReviewClosed(_)
            | Payload::RoundSaid(_)
            | Payload::RoundSealed(_)
            | Payload::RoundClosed(_)
            | Payload::RoundRevealed(_)
            | Payload::MessageEdited(_)
            | Payload::BriefSeenEdited(_)
            | Payload::Trashed(_)
            | Payload::Restored(_)
            | Payload::Retracted(_)
            | Payload::Redacted(_)
            | Payload::Blank => {}
        }
    }

    fn refresh_info(&mut self, latest: Option<ChangeId>) {
        let described = |id| match self.log.change(id).map(|change| &change.payload) {
            Some(Payload::BoardDescribed(edit)) if !self.log.is_retracted(id) => Some(edit),
            _ => None,
        };
        if let Some(edit) = latest.and_then(described) {
            self.tables.info.overlay(edit);
            return;
        }
        let mut info = BoardInfo::default();
        let edits = self
            .edits
            .range((ChangeId::MIN, ChangeId::MIN)..=(ChangeId::MIN, ChangeId::MAX));
        for edit in edits.filter_map(|(_, id)| described(*id)) {
            info.overlay(edit);
        }
        self.tables.info = info;
    }

    fn refresh_in<T: Entity>(
        &mut self,
        id: ChangeId,
        latest: Option<ChangeId>,
        touched: &mut Touched,
    ) {
        let Self { log, edits, tables } = self;
        let key = T::id(id);
        // What was added just now is not there yet: most changes are such, and need no look.
        let before = match latest {
            Some(latest) if latest == id => None,
            _ => T::table(tables).remove(&key),
        };
        let cruxes_before = before
            .as_ref()
            .map(|record| record.value.cruxes())
            .unwrap_or_default();
        let folded = match (before, latest.and_then(|latest| log.change(latest))) {
            (Some(mut record), Some(change)) if change.id != id => {
                take(&mut record, change);
                Some(record)
            }
            _ => fold::<T>(log, edits, id).map(Box::new),
        };
        let cruxes = folded
            .as_ref()
            .map(|record| record.value.cruxes())
            .unwrap_or_default();
        for gone in cruxes_before.iter().filter(|crux| !cruxes.contains(crux)) {
            tables.link::<T>(*gone, key, false);
        }
        for new in cruxes.iter().filter(|crux| !cruxes_before.contains(crux)) {
            tables.link::<T>(*new, key, true);
        }
        touched.records.extend(T::touches(key));
        touched
            .records
            .extend(cruxes_before.into_iter().chain(cruxes).map(RecordRef::Crux));
        if let Some(record) = folded {
            T::table(tables).insert(key, record);
        }
    }
}

impl Tables {
    fn link<T: Entity>(&mut self, crux: CruxId, key: T::Id, is_linked: bool) {
        let linked = self.by_crux.entry(crux).or_default();
        let Some(keys) = T::linked(linked) else {
            return;
        };
        if is_linked {
            keys.insert(key);
            return;
        }
        keys.remove(&key);
        if *linked == Linked::default() {
            self.by_crux.remove(&crux);
        }
    }
}

fn fold<T: Entity>(
    log: &Log,
    edits: &BTreeSet<(ChangeId, ChangeId)>,
    id: ChangeId,
) -> Option<Record<T::Id, T>> {
    let first = counting(log, id)?;
    let mut record = Record {
        id: T::id(id),
        by: first.by,
        trashed: None,
        changed: id,
        value: T::begin(first)?,
    };
    for_each_edit(log, edits, id, &mut |change| take(&mut record, change));
    Some(record)
}

/// Goes through the edits of a record that count, oldest first; the same code for every noun.
#[inline(never)]
fn for_each_edit(
    log: &Log,
    edits: &BTreeSet<(ChangeId, ChangeId)>,
    record: ChangeId,
    take: &mut dyn FnMut(&Change),
) {
    for (_, edit) in edits.range((record, ChangeId::MIN)..=(record, ChangeId::MAX)) {
        if let Some(change) = counting(log, *edit) {
            take(change);
        }
    }
}

fn counting(log: &Log, id: ChangeId) -> Option<&Change> {
    log.change(id).filter(|_| !log.is_retracted(id))
}

/// Whether a change edits the record it is about, and does not add it. The board is there from the
/// start, so whatever is about it edits it, even a change with an id that no clock can give.
fn is_edit(change: &Change) -> bool {
    let record = change.payload.record(change.id);
    record != Some(change.id) || record == Some(ChangeId::MIN)
}

fn take<T: Entity>(record: &mut Record<T::Id, T>, change: &Change) {
    record.changed = record.changed.max(change.id);
    match change.payload {
        Payload::Trashed(_) => record.trashed = Some(change.id),
        Payload::Restored(_) => record.trashed = None,
        // The entity's `take` in `materialize` handles these. A new kind of change belongs here and
        // there, or below.
        Payload::OptionEdited(_)
        | Payload::PersonEdited(_)
        | Payload::CruxEdited(_)
        | Payload::TriggerEdited(_)
        | Payload::TriggerJudged(_)
        | Payload::TriggerChecked(_)
        | Payload::EvidenceEdited(_)
        | Payload::EvidenceWeighed(_)
        | Payload::StatementExplained(_)
        | Payload::PositionEdited(_)
        | Payload::FollowUpEdited(_)
        | Payload::TermEdited(_)
        | Payload::DecisionEdited(_)
        | Payload::ReviewEdited(_)
        | Payload::ReviewNoted(_)
        | Payload::ReviewClosed(_)
        | Payload::RoundSaid(_)
        | Payload::RoundSealed(_)
        | Payload::RoundClosed(_)
        | Payload::RoundRevealed(_)
        | Payload::MessageEdited(_)
        | Payload::BriefSeenEdited(_) => record.value.take(change),
        Payload::BoardDescribed(_)
        | Payload::OptionAdded(_)
        | Payload::PersonAdded(_)
        | Payload::CruxAdded(_)
        | Payload::TriggerAdded(_)
        | Payload::EvidenceFiled(_)
        | Payload::CredenceStated(_)
        | Payload::PositionRecorded(_)
        | Payload::FollowUpAdded(_)
        | Payload::TermDefined(_)
        | Payload::ReviewHeld(_)
        | Payload::DecisionRecorded(_)
        | Payload::ReviewStarted(_)
        | Payload::RoundOpened(_)
        | Payload::MessageListed(_)
        | Payload::BriefSeen(_)
        | Payload::Retracted(_)
        | Payload::Redacted(_)
        | Payload::Blank => {}
    }
}
