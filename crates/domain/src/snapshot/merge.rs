//! A snapshot brought into the very board it was taken of.
//!
//! A snapshot holds no ids of that board, so its records are told by what a reader would tell them
//! by: a crux by its name or claim, a person by name, evidence by its words, a credence by whose it
//! is, on what, how high and when. What once stood there counts as well, so that a record which was
//! reworded since is still known.
//!
//! What is known stays as it is, whatever the snapshot says of it: nothing is edited, judged anew,
//! restored or taken back. Only what has no counterpart is added, so merging twice adds nothing.
//! Whoever made a snapshot may have written anything in it; what no snapshot holds is passed over.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::crux_matching::{Told, pairs, told};
use super::redact::change;
use super::table::{ENTITIES, Fields, Form, PERSON, SharedEntity, entity};
use super::{Snapshot, to_minute};
use crate::ChangeId;
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::date::{day_of, spelled};
use crate::format::{person_name, short};
use crate::id::Replica;
use crate::record::{CruxId, PersonId};
use crate::view::rank_between;

/// What taking a snapshot into one's own copy of its board would add.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merge {
    /// Records that are not there yet.
    pub added: Vec<Addition>,
    /// Credences that are not there yet, and would be their person's latest on a crux that is: with
    /// them the numbers move.
    pub latest: Vec<Addition>,
    /// How many of its records are there already, and stay as they are.
    pub known: usize,
    /// How many records stay out since something of the very minute they were made in was erased
    /// here: nobody can tell any more whether it was them.
    pub erased: usize,
}

/// A record that would be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// As a fact for [`TakeIn`](crate::command::Command::TakeIn).
    pub change: Change,
    /// In words: "Crux: Coercive by default".
    pub says: String,
}

/// Why a snapshot cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Nobody can tell whose its credences are.
    #[error(
        "People go by aliases in this snapshot, so nobody can tell which of them you have already. It can become a board of its own."
    )]
    Aliases,
}

impl Merge {
    /// The facts to take in; `with_latest`: also the credences that move numbers.
    #[must_use]
    pub fn changes(&self, with_latest: bool) -> Vec<Change> {
        let latest = self.latest.iter().filter(|_| with_latest);
        let all = self.added.iter().chain(latest);
        all.map(|addition| addition.change.clone()).collect()
    }
}

impl Snapshot {
    /// What of it one's own copy of the board does not have.
    ///
    /// # Errors
    /// [`MergeError`] when its records cannot be told from one's own.
    pub fn merge(&self, own: &Board) -> Result<Merge, MergeError> {
        if self.aliases {
            return Err(MergeError::Aliases);
        }
        // Entity by entity: what a record names stands before it.
        let mut payloads: Vec<Vec<(&Change, Fields)>> =
            ENTITIES.iter().map(|_| Vec::new()).collect();
        for change in &self.changes {
            if let Some((place, fields)) = fact_of(change) {
                payloads[place].push((change, fields));
            }
        }
        let (known, own_cruxes) = Known::of(own, self.taken_at);
        let erased = erased_minutes(own);
        let is_left_out = |id: ChangeId| erased.contains(&to_minute(id.millis()));
        let mut merging = Merging {
            own,
            cruxes: pairs(
                &cruxes_of(&payloads, self.taken_at),
                &own_cruxes,
                is_left_out,
            ),
            trashed: own.trash().into_iter().map(|(id, ..)| id).collect(),
            known,
            erased,
            ids: BTreeMap::new(),
            made: BTreeSet::new(),
            rank: own
                .cruxes()
                .last()
                .map(|last| last.rank.clone())
                .unwrap_or_default(),
            merge: Merge::default(),
        };
        for (entity, payloads) in ENTITIES.iter().zip(payloads) {
            for (place, (theirs, fields)) in payloads.into_iter().enumerate() {
                merging.take(entity, place, theirs, fields, self.taken_at);
            }
        }
        Ok(merging.merge)
    }
}

/// The place of a fact's noun, and its fields; `None` for what no snapshot holds.
fn fact_of(change: &Change) -> Option<(usize, Fields)> {
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

/// The cruxes of a snapshot, each with what tells it from others.
fn cruxes_of(payloads: &[Vec<(&Change, Fields)>], taken_at: u64) -> BTreeMap<ChangeId, Told> {
    let of_nouns = ENTITIES.iter().zip(payloads);
    let all = of_nouns.flat_map(|(entity, payloads)| {
        let payloads = payloads.iter();
        payloads.map(move |(change, fields)| (change.id, entity, fields))
    });
    let mut cruxes = told(all.clone(), taken_at);
    for (id, entity, fields) in all.filter(|(_, entity, _)| entity.tag == "crux-added") {
        cruxes.entry(id).or_default().marks = marks(entity, fields, id);
    }
    cruxes
}

/// What one's own board has: by each thing that a record is or ever was told by, those records; as
/// it is told now first.
#[derive(Default)]
struct Known {
    by_mark: BTreeMap<String, Vec<ChangeId>>,
    /// Those that have a counterpart already: of two alike, each has its own.
    taken: BTreeSet<ChangeId>,
}

impl Known {
    /// And the cruxes among it, with what tells them from each other.
    fn of(own: &Board, taken_at: u64) -> (Self, BTreeMap<ChangeId, Told>) {
        // Each record's noun, its fields as they stand at the time, and what it was told by.
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

    fn note(&mut self, marks: Vec<String>, id: ChangeId) {
        for mark in marks {
            self.by_mark.entry(mark).or_default().push(id);
        }
    }

    /// The counterpart of a record that was made at about the time of `theirs`.
    fn find(&mut self, marks: &[String], theirs: ChangeId) -> Option<ChangeId> {
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

/// The record that a change edits, and the fields it sets.
fn edit_of(change: &Change) -> Option<(ChangeId, Fields)> {
    let mut json: Value = serde_json::from_str(&change.to_json()).ok()?;
    let (_, edited) = json.get_mut("fact")?.as_object_mut()?.iter_mut().next()?;
    let of = edited.get("of")?.as_str()?.parse().ok()?;
    match edited.get_mut("set")?.take() {
        Value::Object(set) => Some((of, set)),
        _ => None,
    }
}

/// What a record is told by; each of them is enough. None: it says nothing by which to know it.
fn marks(entity: &SharedEntity, fields: &Fields, id: ChangeId) -> Vec<String> {
    let text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.replace('\0', " ").trim().to_owned(),
        Some(other) => other.to_string(),
    };
    let texts = |scope: &[&str], names: &[&str]| -> Vec<String> {
        let scope: Vec<String> = scope.iter().map(|name| text(name)).collect();
        let own = names.iter().map(|name| text(name));
        let own = own.filter(|text| !text.is_empty());
        own.map(|text| format!("{}\0{}\0{text}", entity.tag, scope.join("\0")))
            .collect()
    };
    match entity.tag {
        "option-added" | "person-added" => texts(&[], &["name"]),
        "crux-added" => texts(&[], &["claim", "title"]),
        "trigger-added" => texts(&["crux"], &["observable", "rule"]),
        "evidence-filed" => texts(&[], &["text", "quote"]),
        "evidence-weighed" => texts(&["evidence"], &["crux"]),
        "position-recorded" => texts(&["crux"], &["holder"]),
        "follow-up-added" => texts(&[], &["what"]),
        "term-defined" => texts(&[], &["term"]),
        "credence-stated" => {
            let at = to_minute(stated_at(fields, id));
            let marks = texts(&["crux", "person"], &["credence"]);
            marks
                .into_iter()
                .map(|mark| format!("{mark}\0{at}"))
                .collect()
        }
        // The board itself, judgements and reviews stay one's own.
        _ => Vec::new(),
    }
}

fn needs_crux(entity: &SharedEntity) -> bool {
    matches!(
        entity.tag,
        "trigger-added" | "evidence-weighed" | "credence-stated" | "position-recorded"
    )
}

/// The minutes in which something was made whose content was erased since.
fn erased_minutes(own: &Board) -> BTreeSet<u64> {
    let blank = own
        .log()
        .changes()
        .filter(|change| change.payload == Payload::Blank);
    blank.map(|change| to_minute(change.id.millis())).collect()
}

/// When a credence was held, in Unix milliseconds.
pub(super) fn stated_at(fields: &Fields, id: ChangeId) -> u64 {
    let time = |name: &str| fields.get(name).and_then(Value::as_u64);
    let at = time("at").unwrap_or(id.millis());
    time("wall_clock").map_or(at, |clock| clock.min(at))
}

struct Merging<'a> {
    own: &'a Board,
    /// From the snapshot's cruxes to those of one's own that are the same.
    cruxes: BTreeMap<ChangeId, ChangeId>,
    trashed: BTreeSet<ChangeId>,
    known: Known,
    erased: BTreeSet<u64>,
    /// From the snapshot's ids to those of one's own records, or of what is added.
    ids: BTreeMap<(&'static str, String), ChangeId>,
    /// The ids of what is added.
    made: BTreeSet<ChangeId>,
    /// Of the last crux.
    rank: String,
    merge: Merge,
}

impl Merging<'_> {
    fn take(
        &mut self,
        entity: &'static SharedEntity,
        place: usize,
        theirs: &Change,
        fields: Fields,
        taken_at: u64,
    ) {
        let mut kept = Fields::new();
        let mut hangs_on_trash = false;
        for field in entity.fields {
            let Some(value) = fields.get(field.name) else {
                continue;
            };
            let value = match &field.form {
                Form::Ref(of) => {
                    let Some(id) = self.own_id(*of, value) else {
                        continue;
                    };
                    let hangs = matches!(field.name, "crux" | "evidence" | "trigger");
                    hangs_on_trash |= hangs && self.trashed.contains(&id);
                    id.to_string().into()
                }
                Form::Refs(of) => {
                    let ids = value.as_array().into_iter().flatten();
                    let ids = ids.filter_map(|id| self.own_id(*of, id));
                    ids.map(|id| Value::from(id.to_string())).collect()
                }
                _ => value.clone(),
            };
            kept.insert(field.name.into(), value);
        }
        let mut marks_before = marks(entity, &kept, theirs.id);
        match entity.tag {
            "board-described" | "review-held" => return,
            // Nobody states a credence after it was handed on.
            "credence-stated" => {
                let at = stated_at(&kept, theirs.id).min(taken_at);
                kept.insert("at".into(), at.into());
            }
            // A trigger that is known keeps the judgements it has.
            "trigger-judged" => {
                let trigger = kept.get("trigger").and_then(|id| id.as_str()?.parse().ok());
                if !trigger.is_some_and(|trigger| self.made.contains(&trigger)) {
                    self.merge.known += 1;
                    return;
                }
                let by = theirs.by.map(|by| Value::from(by.to_string()));
                if let Some(by) = by.and_then(|by| self.own_id(PERSON, &by)) {
                    kept.insert("by".into(), by.to_string().into());
                }
            }
            _ => {}
        }
        // One whose maker's clock ran ahead is known by the time it says as well.
        let mut marks = marks(entity, &kept, theirs.id);
        marks.append(&mut marks_before);
        let id = self.fresh_id(entity, place, theirs.id);
        let known = match entity.tag {
            "crux-added" => self.cruxes.get(&theirs.id).copied(),
            _ => self.known.find(&marks, theirs.id),
        };
        let minute = to_minute(theirs.id.millis());
        let is_of_that_minute = |known: ChangeId| to_minute(known.millis()) == minute;
        if self.erased.contains(&minute) && !known.is_some_and(is_of_that_minute) {
            self.merge.erased += 1;
            return;
        }
        if let Some(known) = known {
            self.ids.insert((entity.tag, theirs.id.to_string()), known);
            self.merge.known += 1;
            return;
        }
        // Without a mark it could not be known again; what hangs on something in the trash stays out
        // with it.
        let is_nowhere = needs_crux(entity) && !kept.contains_key("crux");
        let is_nameless = marks.is_empty() && entity.tag != "trigger-judged";
        if hangs_on_trash || is_nowhere || is_nameless {
            return;
        }
        if entity.tag == "crux-added" {
            self.rank = rank_between(&self.rank, "");
            kept.insert("rank".into(), self.rank.clone().into());
        }
        let Some(payload) = change(id, entity.tag, kept.clone()) else {
            return;
        };
        let addition = Addition {
            says: self.says(entity, &kept),
            change: payload,
        };
        self.known.note(marks, id);
        self.known.taken.insert(id);
        self.ids.insert((entity.tag, theirs.id.to_string()), id);
        self.made.insert(id);
        if entity.tag == "credence-stated" && self.is_latest(&kept) {
            self.merge.latest.push(addition);
        } else {
            self.merge.added.push(addition);
        }
    }

    /// The id on one's own board of what the snapshot names.
    fn own_id(&self, entity: usize, theirs: &Value) -> Option<ChangeId> {
        let key = (ENTITIES[entity].tag, theirs.as_str()?.to_owned());
        self.ids.get(&key).copied()
    }

    /// An id that nothing has: those in a snapshot could be chosen to be those of one's own records.
    fn fresh_id(&self, entity: &SharedEntity, place: usize, theirs: ChangeId) -> ChangeId {
        let nth = ENTITIES.iter().position(|other| other.tag == entity.tag);
        let device = u32::MAX - nth.unwrap_or_default() as u32;
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

    /// Whether a credence would count for its person on a crux that one has already.
    fn is_latest(&self, stated: &Fields) -> bool {
        let id = |name: &str| {
            stated
                .get(name)
                .and_then(|id| id.as_str()?.parse::<ChangeId>().ok())
        };
        let (Some(crux), Some(person)) = (id("crux"), id("person")) else {
            return false;
        };
        let at = stated.get("at").and_then(Value::as_u64).unwrap_or_default();
        let statements = self.own.statements_on(CruxId(crux));
        let of_person = statements
            .iter()
            .filter(|own| own.person == PersonId(person));
        let latest = of_person.map(|own| own.at).max();
        !self.made.contains(&crux) && latest.is_none_or(|latest| at >= latest)
    }

    /// What a record is, in one line.
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
        match entity.tag {
            "option-added" => format!("Option: {}", text("name")),
            "person-added" => format!("Person: {}", text("name")),
            "crux-added" => format!("Crux: {}", first(&["title", "claim"])),
            "trigger-added" => {
                let what = first(&["observable"]);
                let what = if what.is_empty() {
                    "a credence trigger".into()
                } else {
                    what
                };
                format!("Trigger on {}: {what}", name_of("crux"))
            }
            "trigger-judged" => {
                format!("Its judgement: {} {}", text("verdict"), first(&["reason"]))
            }
            "evidence-filed" => format!("Evidence: {}", first(&["text", "quote"])),
            "evidence-weighed" => format!("How evidence bears on {}", name_of("crux")),
            "credence-stated" => {
                let at = fields.get("at").and_then(Value::as_u64).unwrap_or_default();
                let credence = fields.get("credence").map(Value::to_string);
                let credence = credence.unwrap_or_default();
                let on = name_of("crux");
                let day = spelled(day_of(at));
                format!("Credence: {} on {on}, {credence}% on {day}", person())
            }
            "position-recorded" => format!("Position of {} on {}", text("holder"), name_of("crux")),
            "follow-up-added" => format!("Follow-up: {}", first(&["what"])),
            _ => format!("Term: {}", text("term")),
        }
    }

    /// The name of what is added itself.
    fn added_name(&self, id: ChangeId) -> String {
        let mut added = self.merge.added.iter();
        let of = added.find(|addition| addition.change.id == id);
        let says = of.map(|addition| addition.says.as_str());
        says.and_then(|says| Some(says.split_once(": ")?.1.trim_end_matches('.').to_owned()))
            .unwrap_or_default()
    }
}
