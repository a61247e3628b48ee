//! What goes and what does not.
//!
//! Only what is asked for by name goes: the nouns and fields of the table, of records that are in
//! the snapshot. Whatever cites something withheld loses what it says of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::alias::Aliases;
use super::secrets::Secrets;
use super::table::{ENTITIES, Field, Fields, Form, Goes, PERSON, TRIGGER, entity};
use super::{
    Audience, Depth, FrozenState, Gap, MINUTE, RedactionReason, Snapshot, Taken, Wish, board_key,
    to_minute,
};
use crate::ChangeId;
use crate::board::Board;
use crate::change::{Change, CredenceStated, EvidenceWeighed, Payload, TriggerJudged};
use crate::checksum::crc32;
use crate::date::{Now, Viewpoint, spelled};
use crate::format::{decision_headline, short};
use crate::id::Replica;
use crate::record::{
    BoardInfo, BoardOption, Crux, CruxId, Evidence, EvidenceId, FollowUp, Person, PersonId,
    Position, Term, Trigger, TriggerId,
};
use crate::trigger_state::trigger_state;

/// Freezes a board as it stands at `now` (Unix milliseconds), as far as `wish` lets it be seen.
/// `id`: of the board.
#[must_use]
pub fn take(board: &Board, id: ChangeId, wish: &Wish, now: u64) -> Taken {
    let mut taking = Taking {
        board,
        id,
        wish,
        rows: Vec::new(),
        withheld: Vec::new(),
        secrets: Secrets::of(board, wish.audience),
    };
    taking.collect();
    taking.finish(now)
}

/// One record on its way out.
struct Row {
    entity: usize,
    id: ChangeId,
    by: Option<PersonId>,
    fields: Fields,
}

struct Taking<'a> {
    board: &'a Board,
    id: ChangeId,
    wish: &'a Wish,
    rows: Vec<Row>,
    withheld: Vec<(RedactionReason, String)>,
    secrets: Secrets<'a>,
}

impl Taking<'_> {
    fn has_crux(&self, crux: CruxId) -> bool {
        let is_wanted = |wanted: &BTreeSet<CruxId>| wanted.contains(&crux);
        let is_there = |id| {
            self.board
                .crux(id)
                .is_some_and(|crux| crux.trashed.is_none())
        };
        self.wish.cruxes.as_ref().is_none_or(is_wanted) && is_there(crux)
    }

    /// Whether it belongs to what is asked for.
    fn concerns(&self, evidence: &Evidence) -> bool {
        self.wish.cruxes.is_none() || evidence.bears_on.keys().any(|crux| self.has_crux(*crux))
    }

    fn withhold(&mut self, what: RedactionReason, name: impl Into<String>) {
        self.withheld.push((what, name.into()));
    }

    fn add(&mut self, id: impl Into<ChangeId>, by: Option<PersonId>, payload: Payload) {
        let id = id.into();
        // Read back from the canonical JSON, which costs no second way of writing each record.
        let json = Change {
            id,
            by,
            part_of: None,
            payload,
        }
        .to_json();
        let Ok(Value::Object(mut change)) = serde_json::from_str(&json) else {
            return;
        };
        let Some(Value::Object(payload)) = change.remove("fact") else {
            return;
        };
        for (tag, fields) in payload {
            if let (Some((entity, _)), Value::Object(fields)) = (entity(&tag), fields) {
                self.rows.push(Row {
                    entity,
                    id,
                    by,
                    fields,
                });
            }
        }
    }

    /// Every record that goes, noun by noun.
    fn collect(&mut self) {
        let board = self.board;
        self.add(
            self.id,
            None,
            Payload::BoardDescribed(Box::new(BoardInfo::default().edit_to(board.info()))),
        );
        for option in board.options() {
            let edit = BoardOption::default().edit_to(option);
            self.add(option.id, None, Payload::OptionAdded(Box::new(edit)));
        }
        for person in board.people() {
            let edit = Person::default().edit_to(person);
            self.add(person.id, None, Payload::PersonAdded(Box::new(edit)));
        }
        let cruxes = board.cruxes();
        let cruxes: Vec<_> = cruxes.into_iter().filter(|c| self.has_crux(c.id)).collect();
        for (place, crux) in cruxes.iter().enumerate() {
            let mut edit = Crux::default().edit_to(crux);
            edit.rank = Some(short_rank(place, cruxes.len()));
            self.add(crux.id, None, Payload::CruxAdded(Box::new(edit)));
        }
        for crux in &cruxes {
            for trigger in board.triggers_of(crux.id) {
                let edit = Trigger::default().edit_to(trigger);
                self.add(trigger.id, None, Payload::TriggerAdded(Box::new(edit)));
                for judgement in trigger.judgements.iter().filter(|one| !one.of_draft) {
                    let mut judged = TriggerJudged {
                        trigger: trigger.id,
                        verdict: judgement.verdict,
                        reason: judgement.reason.clone(),
                        evidence: judgement.evidence.clone(),
                        settles: judgement.settles.clone(),
                    };
                    self.clear_reason(&mut judged.reason, &mut judged.evidence, || {
                        format!("a judgement on {}", trigger.headline())
                    });
                    self.add(
                        judgement.id,
                        judgement.by,
                        Payload::TriggerJudged(Box::new(judged)),
                    );
                }
                for _ in &trigger.goalposts {
                    self.withhold(RedactionReason::Wording, trigger.headline());
                }
            }
        }
        self.collect_evidence();
        for crux in &cruxes {
            for statement in board.statements_on(crux.id) {
                let mut stated = CredenceStated {
                    crux: statement.crux,
                    reason_salt: String::new(),
                    person: statement.person,
                    credence: statement.credence,
                    reason: statement.reason.clone(),
                    evidence: statement.evidence.clone(),
                    reaffirms: statement.reaffirms,
                    at: Some(to_minute(statement.at))
                        .filter(|at| *at != to_minute(statement.id.0.millis())),
                    wall_clock: None,
                };
                self.clear_reason(&mut stated.reason, &mut stated.evidence, || {
                    format!("{} on {}", statement.credence.shown(), crux.name())
                });
                self.add(
                    statement.id,
                    None,
                    Payload::CredenceStated(Box::new(stated)),
                );
            }
            for position in board.positions_on(crux.id) {
                let edit = Position::default().edit_to(position);
                self.add(position.id, None, Payload::PositionRecorded(Box::new(edit)));
            }
        }
        self.collect_follow_ups();
        if self.wish.cruxes.is_none() {
            for term in board.terms() {
                let edit = Term::default().edit_to(term);
                self.add(term.id, None, Payload::TermDefined(Box::new(edit)));
            }
        }
        for review in board.review_moments() {
            self.add(review, None, Payload::ReviewHeld(Box::default()));
        }
        self.count_what_stays();
        for entry in board
            .log()
            .entries()
            .filter(|entry| entry.known().is_none())
        {
            self.withhold(RedactionReason::Unknown, entry.id().to_string());
        }
    }

    /// What belongs to the board as a whole and stays with its people. A snapshot of some cruxes
    /// was never to hold it, so there is nothing to count.
    fn count_what_stays(&mut self) {
        let board = self.board;
        if self.wish.cruxes.is_some() {
            return;
        }
        for decision in board.decisions() {
            self.withhold(
                RedactionReason::Decision,
                decision_headline(board, decision),
            );
        }
        for review in board.reviews() {
            self.withhold(
                RedactionReason::Review,
                format!("of {}", spelled(review.id.0.day())),
            );
        }
        for round in board.rounds() {
            self.withhold(
                RedactionReason::Round,
                format!("of {}", spelled(round.id.0.day())),
            );
        }
        for message in board.messages() {
            let name = format!("{}: {}", message.author, short(&message.text, 80));
            self.withhold(RedactionReason::Reading, name);
        }
        for brief_read in board.brief_reads() {
            self.withhold(RedactionReason::Reader, brief_read.who.clone());
        }
    }

    fn collect_evidence(&mut self) {
        let board = self.board;
        for evidence in board.all_evidence() {
            if !self.concerns(evidence) {
                continue;
            }
            if let Some(why) = self.secrets.why_hidden(evidence.id) {
                self.withhold(why, evidence.headline());
                continue;
            }
            let mut edit = Evidence::default().edit_to(evidence);
            if evidence.text.is_empty() {
                // Without words of ours, the quote is what it says.
                edit.text = edit.quote.take();
            }
            self.add(evidence.id, None, Payload::EvidenceFiled(Box::new(edit)));
            for (crux, bears_on) in &evidence.bears_on {
                if self.has_crux(*crux) {
                    let weighed = EvidenceWeighed {
                        evidence: evidence.id,
                        crux: *crux,
                        bears_on: Some(*bears_on),
                    };
                    // Under the item's id, so that it stands beside it.
                    self.add(evidence.id, None, Payload::EvidenceWeighed(weighed));
                }
            }
        }
    }

    fn collect_follow_ups(&mut self) {
        let board = self.board;
        for follow_up in board.follow_ups() {
            let concerns = match (follow_up.crux, &self.wish.cruxes) {
                (_, None) => true,
                (Some(crux), Some(_)) => self.has_crux(crux),
                (None, Some(_)) => false,
            };
            if !concerns {
                continue;
            }
            let is_short = self.wish.depth == Depth::Argument;
            let why_not = self.secrets.why_hidden_follow_up(follow_up);
            let why_not = why_not.or(is_short.then_some(RedactionReason::FollowUp));
            if let Some(why) = why_not {
                self.withhold(why, &follow_up.what);
            } else {
                let edit = FollowUp::default().edit_to(follow_up);
                self.add(follow_up.id, None, Payload::FollowUpAdded(Box::new(edit)));
            }
        }
    }

    /// A reason that cites what must not be seen may quote it, so it goes as a whole.
    fn clear_reason(
        &mut self,
        reason: &mut String,
        evidence: &mut Vec<EvidenceId>,
        name: impl FnOnce() -> String,
    ) {
        if self.secrets.cites_secret(evidence) {
            evidence.retain(|id| !self.secrets.is_secret(*id));
            if !reason.is_empty() {
                reason.clear();
                self.withhold(RedactionReason::Reason, name());
            }
        }
    }

    fn finish(mut self, now: u64) -> Taken {
        let board = self.board;
        let (mut rows, found) = (Vec::new(), std::mem::take(&mut self.rows));
        // Entity by entity, otherwise as they were found; without a sort, which would weigh more.
        let mut entities: Vec<Vec<Row>> = ENTITIES.iter().map(|_| Vec::new()).collect();
        for row in found {
            entities[row.entity].push(row);
        }
        entities.into_iter().for_each(|entity| rows.extend(entity));
        if self.wish.cruxes.is_some() {
            let appearing = appearing(&rows);
            rows.retain(|row| row.entity != PERSON || appearing.contains(&row.id.to_string()));
        }
        let ids: BTreeMap<(usize, String), ChangeId> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| ((row.entity, row.id.to_string()), new_id(row.id, place)))
            .collect();
        let made_by = self.wish.made_by.and_then(|me| board.person(me));
        let made_by = made_by.map(|me| me.name.clone()).unwrap_or_default();
        let names = if self.wish.aliases {
            Aliases::of(board, &made_by, &self.wish.switched)
        } else {
            Aliases::default()
        };
        let mut cleaning = Cleaning {
            wish: self.wish,
            ids: &ids,
            names: &names,
            dropped: Vec::new(),
        };
        let mut changes = Vec::new();
        for (place, row) in rows.into_iter().enumerate() {
            let entity = &ENTITIES[row.entity];
            let mut fields = row.fields;
            if let Some(by) = row.by {
                fields.insert("by".into(), by.to_string().into());
            }
            let fields = cleaning.fields(entity.fields, fields);
            changes.extend(change(new_id(row.id, place), entity.tag, fields));
        }
        let dropped = cleaning.dropped.iter();
        let dropped = dropped.map(|(what, name)| (*what, name.replace('_', " ")));
        self.withheld.extend(dropped);
        let mut withheld = Vec::new();
        let mut gaps = Vec::new();
        for what in RedactionReason::ALL {
            let same = self.withheld.iter().filter(|(why, _)| why == what);
            let before = withheld.len();
            withheld.extend(same.cloned());
            if withheld.len() > before {
                gaps.push(Gap {
                    what: *what,
                    count: withheld.len() - before,
                });
            }
        }
        let mut snapshot = Snapshot {
            title: names.in_text(&self.wish.title),
            note: names.in_text(&self.wish.note),
            made_by: names.in_name(&made_by),
            taken_at: to_minute(now),
            audience: self.wish.audience,
            depth: self.wish.depth,
            aliases: self.wish.aliases,
            all_cruxes: board.cruxes().len(),
            board_key: if self.wish.aliases {
                unlinkable_key(&changes, now)
            } else {
                board_key(self.id)
            },
            withheld: gaps,
            without_stale: !self.wish.with_stale,
            states: Vec::new(),
            changes,
        };
        snapshot.states = frozen_states(board, &snapshot, &ids, now);
        let aliases = names.met();
        Taken {
            snapshot,
            withheld,
            aliases,
        }
    }
}

/// How those triggers stand that would stand otherwise on the board that the snapshot makes.
fn frozen_states(
    board: &Board,
    snapshot: &Snapshot,
    ids: &BTreeMap<(usize, String), ChangeId>,
    now: u64,
) -> Vec<FrozenState> {
    let shown = snapshot.board();
    let viewpoint = Viewpoint {
        now: Now::utc(now),
        with_stale: !snapshot.without_stale,
    };
    let frozen = board.triggers().filter_map(|trigger| {
        let new = ids.get(&(TRIGGER, trigger.id.to_string()))?;
        let shown_as = snapshot.state(&shown, shown.trigger(TriggerId(*new))?);
        let state = trigger_state(board, trigger, viewpoint);
        (state != shown_as).then_some(FrozenState {
            trigger: TriggerId(*new),
            state,
        })
    });
    frozen.collect()
}

/// The fact of a noun as a change. `None` where the fields make none.
pub(super) fn change(id: ChangeId, tag: &str, mut fields: Fields) -> Option<Change> {
    let by = match fields.remove("by") {
        Some(Value::String(by)) => format!(r#""by":"{by}","#),
        _ => String::new(),
    };
    let fields = Value::Object(fields);
    // As text, since there is one way only of reading a fact.
    serde_json::from_str(&format!(
        r#"{{"id":"{id}",{by}"fact":{{"{tag}":{fields}}}}}"#
    ))
    .ok()
}

/// To the minute, and by nobody: the place keeps ids apart and in order.
pub(super) fn new_id(id: ChangeId, place: usize) -> ChangeId {
    ChangeId::new(to_minute(id.millis()), place as u32, Replica::default())
}

/// The place in the board's order, as few letters as keep it.
fn short_rank(place: usize, count: usize) -> String {
    let mut letters = Vec::new();
    let (mut rest, mut count) = (place, count.saturating_sub(1));
    loop {
        letters.push(b'a' + (rest % 26) as u8);
        rest /= 26;
        count /= 26;
        if count == 0 {
            break;
        }
    }
    letters
        .iter()
        .rev()
        .map(|letter| char::from(*letter))
        .collect()
}

struct Cleaning<'a> {
    wish: &'a Wish,
    ids: &'a BTreeMap<(usize, String), ChangeId>,
    names: &'a Aliases,
    dropped: Vec<(RedactionReason, &'static str)>,
}

impl Cleaning<'_> {
    /// Those of the fields that go, as they go.
    fn fields(&mut self, table: &'static [Field], mut fields: Fields) -> Fields {
        let mut kept = Fields::new();
        for field in table {
            let Some(value) = fields.remove(field.name) else {
                continue;
            };
            let is_short = self.wish.depth == Depth::Argument;
            let why_not = match field.goes {
                Goes::WithNames if self.wish.aliases => Some(RedactionReason::Trace),
                Goes::Inside if self.wish.audience == Audience::Public => {
                    Some(RedactionReason::Inside)
                }
                Goes::WithDetails | Goes::Inside if is_short => Some(RedactionReason::Detail),
                _ => None,
            };
            match why_not {
                Some(why) => self.dropped.push((why, field.name)),
                None => {
                    if let Some(value) = self.value(&field.form, value) {
                        kept.insert(field.name.into(), value);
                    }
                }
            }
        }
        kept
    }

    fn value(&mut self, form: &'static Form, value: Value) -> Option<Value> {
        Some(match (form, value) {
            (Form::Text, Value::String(text)) => self.names.in_text(&text).into(),
            (Form::Name, Value::String(text)) => self.names.in_name(&text).into(),
            (Form::Texts, Value::Array(texts)) => {
                let texts = texts.iter().filter_map(Value::as_str);
                texts.map(|text| self.names.in_text(text)).collect()
            }
            (Form::Names, Value::Array(texts)) => {
                let texts = texts.iter().filter_map(Value::as_str);
                texts.map(|text| self.names.in_name(text)).collect()
            }
            (Form::Ref(entity), value) => self.reference(*entity, &value)?,
            (Form::Refs(entity), Value::Array(ids)) => ids
                .iter()
                .filter_map(|id| self.reference(*entity, id))
                .collect(),
            (Form::List(table), Value::Array(items)) => items
                .into_iter()
                .filter_map(|item| self.value_of(table, item))
                .collect(),
            (Form::One(table), item) => self.value_of(table, item)?,
            (
                Form::Text | Form::Name | Form::Texts | Form::Names | Form::Refs(_) | Form::List(_),
                _,
            ) => {
                return None;
            }
            // Words, numbers and days say nothing but themselves.
            (_, value) => value,
        })
    }

    fn value_of(&mut self, table: &'static [Field], value: Value) -> Option<Value> {
        match value {
            Value::Object(fields) => Some(Value::Object(self.fields(table, fields))),
            _ => None,
        }
    }

    /// The new id of a record, if it goes.
    fn reference(&self, entity: usize, value: &Value) -> Option<Value> {
        let id = self.ids.get(&(entity, value.as_str()?.to_owned()))?;
        Some(id.to_string().into())
    }
}

/// The people whom rows name by their ids.
fn appearing(rows: &[Row]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in rows {
        let fields = ENTITIES[row.entity].fields.iter();
        for field in fields.filter(|field| matches!(field.form, Form::Ref(PERSON))) {
            if field.name == "by" {
                found.extend(row.by.map(|by| by.to_string()));
            }
            let id = row.fields.get(field.name).and_then(Value::as_str);
            found.extend(id.map(str::to_owned));
        }
    }
    found
}

/// A key for a snapshot under aliases: another one for each, so that two of one board cannot be told by
/// it to be of one board.
fn unlinkable_key(changes: &[Change], now: u64) -> u32 {
    let text: String = changes.iter().map(Change::to_json).collect();
    crc32(format!("{now} {text}").as_bytes())
}

/// How far `at` lies from when its record was added, in minutes.
pub(super) fn minutes_from(id: ChangeId, at: u64) -> i64 {
    (at / MINUTE) as i64 - (id.millis() / MINUTE) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_sort_as_places_do() {
        for count in [1, 9, 26, 27, 700] {
            let ranks: Vec<String> = (0..count).map(|place| short_rank(place, count)).collect();
            assert!(ranks.is_sorted() && ranks.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
}
