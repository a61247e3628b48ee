//! Selects the content of a snapshot.
//!
//! Only entities and fields of the table are included, of records that are in the snapshot. If a record cites
//! something that is withheld, the text that may quote it is left out.

mod cleaning;
mod collecting;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::cleaning::Cleaning;
use super::alias::{Aliases, hash};
use super::secrets::Secrets;
use super::shared_kind::SharedKind;
use super::table::{ENTITIES, Fields};
use super::{
    FrozenState, Gap, RedactionReason, Snapshot, SnapshotRequest, Taken, board_key, minutes,
    to_minute,
};
use crate::board::Board;
use crate::change::Change;
use crate::checksum::crc32;
use crate::date::{Now, Viewpoint};
use crate::id::Replica;
use crate::record::table::ValueKind;
use crate::record::table::entity::{PERSON, STATEMENT, TRIGGER};
use crate::record::{PersonId, StatementId, TriggerId, field_words};
use crate::rewording::{other_words_in, wordings};
use crate::trigger_state::trigger_state;
use crate::{BoardId, ChangeId, Millis};

/// Freezes the board `id` as of `now`, as far as `wish` allows.
#[must_use]
pub fn take(board: &Board, id: BoardId, wish: &SnapshotRequest, now: Millis) -> Taken {
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

/// A record of the snapshot before its ids and names are replaced.
struct Row {
    entity: usize,
    id: ChangeId,
    /// The record's date, if it differs from that of its id.
    dated: Option<Millis>,
    by: Option<PersonId>,
    fields: Fields,
}

impl Row {
    fn new_id(&self, place: usize) -> ChangeId {
        match self.dated {
            Some(millis) => new_id(ChangeId::new(millis, 0, Replica::default()), place),
            None => new_id(self.id, place),
        }
    }
}

struct Taking<'a> {
    board: &'a Board,
    id: BoardId,
    wish: &'a SnapshotRequest,
    rows: Vec<Row>,
    withheld: Vec<(RedactionReason, String)>,
    secrets: Secrets<'a>,
}

impl Taking<'_> {
    /// Returns the rows grouped by entity, otherwise in the order found. A snapshot of some cruxes contains
    /// only the people who appear in it. Under aliases, people come in the order of their aliases and of one
    /// time, since the order in which they joined could name them.
    fn sorted_rows(&mut self, now: Millis) -> Vec<Row> {
        let (mut rows, found) = (Vec::new(), std::mem::take(&mut self.rows));
        // Grouped by entity, otherwise in the order found. Without a sort, which would add more code.
        let mut entities: Vec<Vec<Row>> = ENTITIES.iter().map(|_| Vec::new()).collect();
        for row in found {
            entities[row.entity].push(row);
        }
        if self.wish.aliases {
            let salt = self.salt(now);
            let people = &mut entities[PERSON];
            people.sort_by_cached_key(|row| {
                let name = row.fields.get("name").and_then(Value::as_str);
                hash(&[&salt, name.unwrap_or_default().trim()])
            });
            for person in people {
                person.dated = Some(self.id.0.millis());
            }
        }
        entities.into_iter().for_each(|entity| rows.extend(entity));
        if self.wish.cruxes.is_some() {
            let appearing = appearing(&rows);
            rows.retain(|row| row.entity != PERSON || appearing.contains(&row.id.to_string()));
        }
        rows
    }

    /// Returns the withheld records sorted by reason, and their number for each reason.
    fn gaps(&self) -> (Vec<(RedactionReason, String)>, Vec<Gap>) {
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
        (withheld, gaps)
    }

    /// Returns a text that nobody without the board knows, the same for a day.
    fn salt(&self, now: Millis) -> String {
        format!("{} {}", self.id, now.day())
    }

    /// Returns the title and the note, with names replaced.
    fn headed(&self, names: &Aliases) -> (String, String) {
        (
            names.in_text(&self.wish.title),
            names.in_text(&self.wish.note),
        )
    }

    /// Returns the rows as changes with new ids and names, and what was dropped of them.
    fn cleaned(
        &self,
        rows: &[Row],
        ids: &BTreeMap<(usize, String), ChangeId>,
        names: &Aliases,
    ) -> (Vec<Change>, Vec<(RedactionReason, &'static str)>) {
        let mut cleaning = Cleaning {
            wish: self.wish,
            ids,
            names,
            dropped: Vec::new(),
        };
        let mut changes = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let (entity, id) = (&ENTITIES[row.entity], row.new_id(place));
            let mut fields = row.fields.clone();
            if let Some(by) = row.by {
                fields.insert("by".into(), by.to_string().into());
            }
            let fields = cleaning.fields(entity.fields, fields);
            changes.extend(change(id, entity.kind, fields));
        }
        (changes, cleaning.dropped)
    }

    fn finish(mut self, now: Millis) -> Taken {
        let board = self.board;
        let rows = self.sorted_rows(now);
        let ids: BTreeMap<(usize, String), ChangeId> = rows
            .iter()
            .enumerate()
            .map(|(place, row)| ((row.entity, row.id.to_string()), row.new_id(place)))
            .collect();
        let made_by = self.wish.made_by.and_then(|me| board.person(me));
        // An alias of the sender would tell their readers, who know the sender, whose credences are whose.
        let made_by = made_by.filter(|_| !self.wish.aliases);
        let made_by = made_by.map(|me| me.name.clone()).unwrap_or_default();
        let mut names = Aliases::default();
        if self.wish.aliases {
            names = Aliases::of(board, &self.salt(now), &self.wish.switched);
            // Once only to see which names occur.
            self.cleaned(&rows, &ids, &names);
            self.headed(&names);
            names.number_occurring();
        }
        let (changes, dropped) = self.cleaned(&rows, &ids, &names);
        let (title, note) = self.headed(&names);
        let dropped = dropped.into_iter();
        let dropped = dropped.map(|(what, name)| (what, field_words(name)));
        self.withheld.extend(dropped);
        let (withheld, gaps) = self.gaps();
        let mut snapshot = Snapshot {
            title,
            note,
            made_by,
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
            other_words: Vec::new(),
            changes,
        };
        snapshot.states = frozen_states(board, &snapshot, &ids, now);
        snapshot.other_words = on_other_words(board, &ids);
        let aliases = names.met();
        Taken {
            snapshot,
            withheld,
            aliases,
        }
    }
}

/// Returns the states of triggers that would differ on the board made from the snapshot.
fn frozen_states(
    board: &Board,
    snapshot: &Snapshot,
    ids: &BTreeMap<(usize, String), ChangeId>,
    now: Millis,
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

/// Returns the credences, by their ids in the snapshot, that were stated on other words than the claim has
/// now. The earlier words themselves stay on the board.
fn on_other_words(board: &Board, ids: &BTreeMap<(usize, String), ChangeId>) -> Vec<StatementId> {
    let mut found = Vec::new();
    for crux in board.cruxes() {
        let wordings = wordings(board, crux.id);
        for said in board.statements_on(crux.id) {
            if let Some(new) = ids.get(&(STATEMENT, said.id.to_string()))
                && other_words_in(board, &wordings, said.id).is_some()
            {
                found.push(StatementId(*new));
            }
        }
    }
    found.sort();
    found
}

/// Returns a fact as a change. `None` if the fields are invalid.
pub(super) fn change(id: ChangeId, kind: SharedKind, mut fields: Fields) -> Option<Change> {
    let by = match fields.remove("by") {
        Some(Value::String(by)) => format!(r#""by":"{by}","#),
        _ => String::new(),
    };
    let (tag, fields) = (kind.tag(), Value::Object(fields));
    // Through text, so that facts are parsed in only one way.
    serde_json::from_str(&format!(
        r#"{{"id":"{id}",{by}"fact":{{"{tag}":{fields}}}}}"#
    ))
    .ok()
}

/// Returns an id to the minute and without a replica. The index keeps ids unique and in order.
pub(super) fn new_id(id: ChangeId, place: usize) -> ChangeId {
    ChangeId::new(to_minute(id.millis()), place as u32, Replica::default())
}

/// Returns the people to whom rows refer by id.
fn appearing(rows: &[Row]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in rows {
        let fields = ENTITIES[row.entity].fields.iter();
        for field in fields.filter(|field| matches!(field.kind, ValueKind::Ref(PERSON))) {
            if field.name == "by" {
                found.extend(row.by.map(|by| by.to_string()));
            }
            let id = row.fields.get(field.name).and_then(Value::as_str);
            found.extend(id.map(str::to_owned));
        }
    }
    found
}

/// Returns a key for a snapshot with aliases. It differs for each snapshot, so that two snapshots of one
/// board cannot be linked.
fn unlinkable_key(changes: &[Change], now: Millis) -> u32 {
    let text: String = changes.iter().map(Change::to_json).collect();
    crc32(format!("{now} {text}").as_bytes())
}

/// Returns the distance of `at` from the time at which its record was added, in minutes.
pub(super) fn minutes_from(id: ChangeId, at: Millis) -> i64 {
    minutes(at) as i64 - minutes(id.millis()) as i64
}
