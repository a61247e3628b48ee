//! Merges the records of a snapshot one by one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::known::{Known, marks};
use super::{Addition, Merge};
use crate::board::Board;
use crate::change::Change;
use crate::date::spelled;
use crate::format::{person_name, short};
use crate::id::Replica;
use crate::record::table::ValueKind;
use crate::record::table::entity::PERSON;
use crate::record::{CruxId, PersonId, Verdict};
use crate::snapshot::redact::change;
use crate::snapshot::shared_kind::SharedKind;
use crate::snapshot::table::{ENTITIES, Fields, SharedEntity, stated_at};
use crate::snapshot::to_minute;
use crate::t;
use crate::translation::{in_sentence, is_english, percent};
use crate::view::rank_between;
use crate::{ChangeId, Millis};

pub(super) struct Merging<'a> {
    pub(super) own: &'a Board,
    /// Whether the snapshot contains only the answers of a reader.
    pub(super) is_answer: bool,
    /// The matching cruxes: from the snapshot's to one's own.
    pub(super) cruxes: BTreeMap<ChangeId, ChangeId>,
    pub(super) trashed: BTreeSet<ChangeId>,
    pub(super) known: Known,
    pub(super) erased: BTreeSet<Millis>,
    /// From ids in the snapshot to those of one's own records, or of added ones.
    pub(super) ids: BTreeMap<(SharedKind, String), ChangeId>,
    /// The ids of added records.
    pub(super) made: BTreeSet<ChangeId>,
    /// The rank of the last crux.
    pub(super) rank: String,
    pub(super) merge: Merge,
}

impl Merging<'_> {
    pub(super) fn take(
        &mut self,
        entity: &'static SharedEntity,
        place: usize,
        theirs: &Change,
        fields: Fields,
        taken_at: Millis,
    ) {
        let (mut kept, hangs_on_trash) = self.own_fields(entity, &fields);
        let mut marks_before = marks(entity, &kept, theirs.id);
        if !self.adjust(entity, theirs, &mut kept, taken_at) {
            return;
        }
        // A credence whose author's clock was ahead is also matched by its stated time.
        let mut marks = marks(entity, &kept, theirs.id);
        marks.append(&mut marks_before);
        let id = self.fresh_id(entity, place, theirs.id);
        let is_answer = self.is_answer && entity.kind == SharedKind::Position;
        let known = if is_answer {
            // An answer is matched with earlier answers only: see `take_answer`.
            None
        } else if entity.kind == SharedKind::Crux {
            self.cruxes.get(&theirs.id).copied()
        } else {
            self.known.find(&marks, theirs.id)
        };
        let minute = to_minute(theirs.id.millis());
        let is_of_that_minute = |known: ChangeId| to_minute(known.millis()) == minute;
        if self.erased.contains(&minute) && !known.is_some_and(is_of_that_minute) {
            self.merge.erased += 1;
            return;
        }
        if let Some(known) = known {
            self.ids.insert((entity.kind, theirs.id.to_string()), known);
            self.merge.known += 1;
            return;
        }
        // Without a mark the record could not be matched again. A record that belongs to one in the trash is
        // left out with it.
        let is_nowhere = needs_crux(entity) && !kept.contains_key("crux");
        let is_nameless = marks.is_empty() && entity.kind != SharedKind::Judgement;
        if hangs_on_trash || is_nowhere || is_nameless {
            return;
        }
        if is_answer {
            match self.take_answer(entity, id, &mut kept, to_minute(taken_at)) {
                Some(answer) => {
                    self.made.insert(id);
                    self.merge.added.push(answer);
                }
                None => self.merge.known += 1,
            }
            return;
        }
        if entity.kind == SharedKind::Crux {
            self.rank = rank_between(&self.rank, "");
            kept.insert("rank".into(), self.rank.clone().into());
        }
        let Some(payload) = change(id, entity.kind, kept.clone()) else {
            return;
        };
        let addition = Addition {
            says: self.says(entity, &kept),
            change: payload,
        };
        self.known.note(marks, id);
        self.known.taken.insert(id);
        self.ids.insert((entity.kind, theirs.id.to_string()), id);
        self.made.insert(id);
        if entity.kind == SharedKind::Credence && self.is_latest(&kept) {
            self.merge.latest.push(addition);
        } else {
            self.merge.added.push(addition);
        }
    }

    /// Returns the fields with references to one's own records, without references that match none, and
    /// whether the record belongs to one in the trash.
    fn own_fields(&self, entity: &SharedEntity, fields: &Fields) -> (Fields, bool) {
        let mut kept = Fields::new();
        let mut hangs_on_trash = false;
        for field in entity.fields {
            let Some(value) = fields.get(field.name) else {
                continue;
            };
            let value = match &field.kind {
                ValueKind::Ref(of) => {
                    let Some(id) = self.own_id(*of, value) else {
                        continue;
                    };
                    let hangs = matches!(field.name, "crux" | "evidence" | "trigger");
                    hangs_on_trash |= hangs && self.trashed.contains(&id);
                    id.to_string().into()
                }
                ValueKind::Refs(of) => {
                    let ids = value.as_array().into_iter().flatten();
                    let ids = ids.filter_map(|id| self.own_id(*of, id));
                    ids.map(|id| Value::from(id.to_string())).collect()
                }
                _ => value.clone(),
            };
            kept.insert(field.name.into(), value);
        }
        (kept, hangs_on_trash)
    }

    /// Adjusts the fields of a record to one's own board. Returns whether the record is merged at all.
    fn adjust(
        &mut self,
        entity: &SharedEntity,
        theirs: &Change,
        kept: &mut Fields,
        taken_at: Millis,
    ) -> bool {
        match entity.kind {
            // A credence in an option is the latest by its id, which a merge cannot set.
            SharedKind::Board | SharedKind::Review | SharedKind::OptionCredence => return false,
            // A board with decisions keeps its own, which may be later.
            SharedKind::Decision if self.own.standing_decision().is_some() => return false,
            SharedKind::Decision => {
                let day = theirs.id.day();
                kept.insert("taken_on".into(), day.to_string().into());
            }
            // A credence stated after the snapshot was taken is forged.
            SharedKind::Credence => {
                let at = stated_at(kept, theirs.id).min(taken_at);
                kept.insert("at".into(), at.0.into());
            }
            // An existing trigger keeps its outcomes.
            SharedKind::Judgement => {
                let trigger = kept.get("trigger").and_then(|id| id.as_str()?.parse().ok());
                if !trigger.is_some_and(|trigger| self.made.contains(&trigger)) {
                    self.merge.known += 1;
                    return false;
                }
                let by = theirs.by.map(|by| Value::from(by.to_string()));
                if let Some(by) = by.and_then(|by| self.own_id(PERSON, &by)) {
                    kept.insert("by".into(), by.to_string().into());
                }
            }
            SharedKind::Option
            | SharedKind::Person
            | SharedKind::Crux
            | SharedKind::Trigger
            | SharedKind::Evidence
            | SharedKind::Weight
            | SharedKind::Position
            | SharedKind::FollowUp
            | SharedKind::Term => {}
        }
        true
    }

    /// Returns the id on one's own board for a reference in the snapshot.
    fn own_id(&self, entity: usize, theirs: &Value) -> Option<ChangeId> {
        let key = (ENTITIES[entity].kind, theirs.as_str()?.to_owned());
        self.ids.get(&key).copied()
    }

    /// Returns an unused id: the ids in a snapshot could be forged to equal those of one's own records.
    fn fresh_id(&self, entity: &SharedEntity, place: usize, theirs: ChangeId) -> ChangeId {
        let device = u32::MAX - entity.kind as u32;
        let mut tab = 0;
        loop {
            let id = ChangeId::new(
                to_minute(theirs.millis()),
                place as u32,
                Replica::new(device, tab),
            );
            if self.own.log().entry(id).is_none() && !self.made.contains(&id) {
                return id;
            }
            tab += 1;
        }
    }

    /// Returns whether a credence would become its person's latest in a crux that exists here.
    fn is_latest(&self, stated: &Fields) -> bool {
        let id = |name: &str| {
            stated
                .get(name)
                .and_then(|id| id.as_str()?.parse::<ChangeId>().ok())
        };
        let (Some(crux), Some(person)) = (id("crux"), id("person")) else {
            return false;
        };
        let at = stated
            .get("at")
            .and_then(Millis::in_json)
            .unwrap_or_default();
        let statements = self.own.statements_on(CruxId(crux));
        let of_person = statements
            .iter()
            .filter(|own| own.person == PersonId(person));
        let latest = of_person.map(|own| own.at).max();
        !self.made.contains(&crux) && latest.is_none_or(|latest| at >= latest)
    }

    /// Describes a record in one line.
    fn says(&self, entity: &SharedEntity, fields: &Fields) -> String {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let first = |names: &[&str]| {
            let texts = names.iter().map(|name| text(name));
            let text = texts.into_iter().find(|text| !text.is_empty());
            short(text.unwrap_or_default(), 120).into_owned()
        };
        let name_of = |name: &str| {
            let id = text(name).parse().unwrap_or(ChangeId::MIN);
            match self.own.crux(CruxId(id)) {
                Some(crux) => crux.name().into_owned(),
                None => self.added_name(id),
            }
        };
        let person = || {
            let id = text("person").parse().unwrap_or(ChangeId::MIN);
            match self.own.person(PersonId(id)) {
                Some(_) => person_name(self.own, PersonId(id)),
                None => self.added_name(id),
            }
        };
        match entity.kind {
            SharedKind::Option => t!("Option: {name}", name = text("name")),
            SharedKind::Person => t!("Person: {name}", name = text("name")),
            SharedKind::Crux => t!("Crux: {name}", name = first(&["title", "claim"])),
            SharedKind::Trigger => {
                let what = first(&["observable"]);
                let what = if what.is_empty() {
                    t!("a credence trigger").into()
                } else {
                    what
                };
                t!("Trigger on {crux}: {what}", crux = name_of("crux"), what)
            }
            SharedKind::Judgement => {
                let key = text("verdict");
                let verdict = match Verdict::from_key(key) {
                    Some(verdict) if !is_english() => in_sentence(verdict.label()),
                    _ => key.to_owned(),
                };
                let reason = first(&["reason"]);
                t!("Its judgement: {verdict} {reason}", verdict, reason)
            }
            SharedKind::Evidence => t!("Evidence: {item}", item = first(&["text", "quote"])),
            SharedKind::Weight => t!("How evidence bears on {crux}", crux = name_of("crux")),
            SharedKind::Credence => {
                let at = fields
                    .get("at")
                    .and_then(Millis::in_json)
                    .unwrap_or_default();
                let credence = fields.get("credence").map(Value::to_string);
                let credence = credence.unwrap_or_default();
                t!(
                    "Credence: {person} on {crux}, {credence} on {day}",
                    person = person(),
                    crux = name_of("crux"),
                    credence = percent(credence),
                    day = spelled(at.day())
                )
            }
            SharedKind::Position => {
                let crux = name_of("crux");
                t!(
                    "Position of {holder} on {crux}",
                    holder = text("holder"),
                    crux
                )
            }
            SharedKind::FollowUp => t!("Follow-up: {task}", task = first(&["what"])),
            SharedKind::Decision => t!("Decision: {reason}", reason = first(&["why"])),
            SharedKind::Term => t!("Term: {term}", term = text("term")),
            // None of these is merged.
            SharedKind::Board | SharedKind::Review | SharedKind::OptionCredence => String::new(),
        }
    }

    /// Returns the name of an added record.
    pub(super) fn added_name(&self, id: ChangeId) -> String {
        let mut added = self.merge.added.iter();
        let of = added.find(|addition| addition.change.id == id);
        let says = of.map(|addition| addition.says.as_str());
        says.and_then(|says| Some(says.split_once(": ")?.1.trim_end_matches('.').to_owned()))
            .unwrap_or_default()
    }
}

fn needs_crux(entity: &SharedEntity) -> bool {
    match entity.kind {
        SharedKind::Trigger | SharedKind::Weight | SharedKind::Credence | SharedKind::Position => {
            true
        }
        SharedKind::Board
        | SharedKind::Option
        | SharedKind::Person
        | SharedKind::Crux
        | SharedKind::Judgement
        | SharedKind::Evidence
        | SharedKind::FollowUp
        | SharedKind::Term
        | SharedKind::Review
        | SharedKind::Decision
        | SharedKind::OptionCredence => false,
    }
}
