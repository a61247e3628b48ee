//! The records of one's own board, by the marks that identify them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::board::Board;
use crate::change::Change;
use crate::snapshot::crux_matching::{Told, told};
use crate::snapshot::shared_kind::SharedKind;
use crate::snapshot::table::{ENTITIES, Fields, SharedEntity, entity, stated_at};
use crate::snapshot::to_minute;
use crate::{ChangeId, Millis};

/// The records of one's own board by each mark, present or earlier; records with the present mark first.
#[derive(Default)]
pub(super) struct Known {
    by_mark: BTreeMap<String, Vec<ChangeId>>,
    /// Records that are matched already, so that of two similar ones each has its own counterpart.
    pub(super) taken: BTreeSet<ChangeId>,
}

impl Known {
    /// Collects the records of a board, and its cruxes with their features.
    pub(super) fn of(own: &Board, taken_at: Millis) -> (Self, BTreeMap<ChangeId, Told>) {
        // For each record: its entity, its present fields, and its marks.
        let mut records: BTreeMap<ChangeId, (&'static SharedEntity, Fields, Vec<String>)> =
            BTreeMap::new();
        let log = own.log();
        for change in log.changes().filter(|change| log.counts(change.id)) {
            if let Some((place, fields)) = fact_of(change) {
                records.insert(change.id, (&ENTITIES[place], fields, Vec::new()));
            } else if let Some((of, set)) = edit_of(change)
                && let Some((entity, fields, told)) = records.get_mut(&of)
            {
                told.extend(marks(entity, fields, of));
                fields.extend(set);
            }
        }
        let mut known = Self::default();
        for (id, (entity, fields, _)) in &records {
            known.note(marks(entity, fields, *id), *id);
        }
        let payloads = records.iter();
        let payloads = payloads.map(|(id, (entity, fields, _))| (*id, *entity, fields));
        let mut cruxes = told(payloads, taken_at);
        for (id, (entity, fields, before)) in records {
            if let Some(crux) = cruxes.get_mut(&id) {
                crux.marks = marks(entity, &fields, id);
                crux.marks.extend(before.iter().cloned());
            }
            known.note(before, id);
        }
        (known, cruxes)
    }

    pub(super) fn note(&mut self, marks: Vec<String>, id: ChangeId) {
        for mark in marks {
            self.by_mark.entry(mark).or_default().push(id);
        }
    }

    /// Returns the records with one of these marks.
    pub(super) fn all(&self, marks: &[String]) -> impl Iterator<Item = ChangeId> {
        let found = marks.iter().filter_map(|mark| self.by_mark.get(mark));
        found.flatten().copied()
    }

    /// Finds the counterpart of a record that was created at about the time of `theirs`.
    pub(super) fn find(&mut self, marks: &[String], theirs: ChangeId) -> Option<ChangeId> {
        let found: Vec<ChangeId> = marks
            .iter()
            .filter_map(|mark| self.by_mark.get(mark))
            .flatten()
            .copied()
            .collect();
        let is_free = |id: &&ChangeId| !self.taken.contains(id);
        let is_of_that_minute =
            |id: &&ChangeId| to_minute(id.millis()) == to_minute(theirs.millis());
        let mut free = found.iter().filter(is_free);
        let best = free.clone().find(is_of_that_minute).or_else(|| free.next());
        let best = *best.or(found.first())?;
        self.taken.insert(best);
        Some(best)
    }
}

/// Returns the index of a fact's entity, and its fields; `None` for facts that no snapshot contains.
pub(super) fn fact_of(change: &Change) -> Option<(usize, Fields)> {
    let Value::Object(mut json) = serde_json::from_str(&change.to_json()).ok()? else {
        return None;
    };
    let Value::Object(payload) = json.remove("fact")? else {
        return None;
    };
    let (tag, fields) = payload.into_iter().next()?;
    let (place, _) = entity(&tag)?;
    match fields {
        Value::Object(fields) => Some((place, fields)),
        _ => None,
    }
}

/// Returns the record that a change edits, and the fields it sets.
fn edit_of(change: &Change) -> Option<(ChangeId, Fields)> {
    let mut json: Value = serde_json::from_str(&change.to_json()).ok()?;
    let (_, edited) = json.get_mut("fact")?.as_object_mut()?.iter_mut().next()?;
    let of = edited.get("of")?.as_str()?.parse().ok()?;
    match edited.get_mut("set")?.take() {
        Value::Object(set) => Some((of, set)),
        _ => None,
    }
}

/// Returns the marks of a record, each of which is enough to match it. A record without marks cannot be
/// matched.
pub(super) fn marks(entity: &SharedEntity, fields: &Fields, id: ChangeId) -> Vec<String> {
    let text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.replace('\0', " ").trim().to_owned(),
        Some(other) => other.to_string(),
    };
    let texts = |scope: &[&str], names: &[&str]| -> Vec<String> {
        let scope: Vec<String> = scope.iter().map(|name| text(name)).collect();
        let own = names.iter().map(|name| text(name));
        let own = own.filter(|text| !text.is_empty());
        own.map(|text| format!("{}\0{}\0{text}", entity.kind.tag(), scope.join("\0")))
            .collect()
    };
    match entity.kind {
        SharedKind::Option | SharedKind::Person => texts(&[], &["name"]),
        SharedKind::Crux => texts(&[], &["claim", "title"]),
        SharedKind::Trigger => texts(&["crux"], &["observable", "rule"]),
        SharedKind::Evidence => texts(&[], &["text", "quote"]),
        SharedKind::Weight => texts(&["evidence"], &["crux"]),
        SharedKind::Position => texts(&["crux"], &["holder"]),
        SharedKind::FollowUp => texts(&[], &["what"]),
        SharedKind::Term => texts(&[], &["term"]),
        SharedKind::Decision => texts(&["option"], &["why"]),
        SharedKind::Credence => {
            let at = to_minute(stated_at(fields, id));
            let marks = texts(&["crux", "person"], &["credence"]);
            marks
                .into_iter()
                .map(|mark| format!("{mark}\0{at}"))
                .collect()
        }
        // An outcome comes with its trigger. The board's description, its reviews and the credences in options
        // of a snapshot are not merged.
        SharedKind::Board
        | SharedKind::Judgement
        | SharedKind::Review
        | SharedKind::OptionCredence => Vec::new(),
    }
}
