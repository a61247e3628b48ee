//! Updates records after a change.

use std::collections::BTreeSet;

use super::Board;
use super::materialize::{Entity, apply_edit};
use super::tables::Tables;
use super::touched::{RecordRef, Touched};
use crate::ChangeId;
use crate::change::{Change, Payload, RecordKind, ReviewHeld};
use crate::log::Log;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, Crux, Decision, Evidence, FollowUp, JointCredence, Message,
    OptionCredence, Person, Position, Record, Review, Round, Statement, Term, Trigger,
};

impl Board {
    pub(super) fn refold_everything(&mut self) {
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

    /// Updates one record. `latest` is set if it is the only change since the last update, and the latest one
    /// of the record.
    pub(super) fn refresh(
        &mut self,
        record: ChangeId,
        latest: Option<ChangeId>,
        touched: &mut Touched,
    ) {
        if record == ChangeId::MIN {
            self.refresh_info(latest);
            touched.records.push(RecordRef::Board);
            return;
        }
        let first = self.log.change(record);
        let Some(kind) = first.and_then(|first| first.payload.adds()) else {
            return;
        };
        match kind {
            RecordKind::Option => self.refresh_in::<BoardOption>(record, latest, touched),
            RecordKind::Person => self.refresh_in::<Person>(record, latest, touched),
            RecordKind::Crux => self.refresh_in::<Crux>(record, latest, touched),
            RecordKind::Trigger => self.refresh_in::<Trigger>(record, latest, touched),
            RecordKind::Evidence => self.refresh_in::<Evidence>(record, latest, touched),
            RecordKind::Statement => self.refresh_in::<Statement>(record, latest, touched),
            RecordKind::OptionCredence => {
                self.refresh_in::<OptionCredence>(record, latest, touched)
            }
            RecordKind::JointCredence => self.refresh_in::<JointCredence>(record, latest, touched),
            RecordKind::Position => self.refresh_in::<Position>(record, latest, touched),
            RecordKind::FollowUp => self.refresh_in::<FollowUp>(record, latest, touched),
            RecordKind::Term => self.refresh_in::<Term>(record, latest, touched),
            RecordKind::RecordedReview => self.refresh_in::<ReviewHeld>(record, latest, touched),
            RecordKind::Decision => self.refresh_in::<Decision>(record, latest, touched),
            RecordKind::Review => self.refresh_in::<Review>(record, latest, touched),
            RecordKind::Round => self.refresh_in::<Round>(record, latest, touched),
            RecordKind::Message => self.refresh_in::<Message>(record, latest, touched),
            RecordKind::BriefRead => self.refresh_in::<BriefRead>(record, latest, touched),
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
        // A record that was just added cannot exist yet. Most changes add one, so the lookup is skipped.
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

pub(super) fn fold<T: Entity>(
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

/// Calls `take` with each edit of a record that counts, oldest first. One function for all entities, to save
/// code.
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

/// Returns whether a change edits its record, and does not add it. The board always exists, so every change
/// about it is an edit, even one with an id that no clock can make.
pub(super) fn is_edit(change: &Change) -> bool {
    let record = change.payload.record(change.id);
    record != Some(change.id) || record == Some(ChangeId::MIN)
}

fn take<T: Entity>(record: &mut Record<T::Id, T>, change: &Change) {
    record.changed = record.changed.max(change.id);
    match change.payload {
        Payload::Trashed(_) => record.trashed = Some(change.id),
        Payload::Restored(_) => record.trashed = None,
        _ => apply_edit(&mut record.value, change),
    }
}
