//! Answers of readers: a snapshot that contains a reader's credences as positions of somebody outside the
//! board. Owners of the board open it like any other snapshot and merge it.

use serde_json::Value;

use super::redact::{change, new_id};
use super::shared_kind::SharedKind;
use super::table::Fields;
use super::{Depth, Snapshot, to_minute};
use crate::board::Board;
use crate::change::{Change, CredenceStated, Payload};
use crate::id::Replica;
use crate::record::{CruxId, Grounds, PersonId};
use crate::text::folded_name;
use crate::{ChangeId, Credence, Millis};

/// A reader's answer on one crux.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CruxAnswer {
    /// The reader's credence in the claim; `None` for no answer.
    pub credence: Option<Credence>,
    /// The reason; may be empty.
    pub reason: String,
}

/// Returns the name of the member that is the same as `name`, apart from case and spaces.
#[must_use]
pub fn member_called<'a>(board: &'a Board, name: &str) -> Option<&'a str> {
    let name = folded_name(name);
    let mut names = board.people().map(|person| person.name.as_str());
    names.find(|member| !name.is_empty() && folded_name(member) == name)
}

impl Snapshot {
    /// Returns whether the snapshot contains only the answers of a reader.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        let is_of_answer = |change: &Change| match &change.payload {
            Payload::BoardDescribed(_) | Payload::OptionAdded(_) | Payload::CruxAdded(_) => true,
            Payload::PositionRecorded(position) => {
                position.holder.as_ref() == Some(&self.made_by)
                    && position.credence.flatten().is_some()
            }
            _ => false,
        };
        let is_position = |change: &Change| matches!(change.payload, Payload::PositionRecorded(_));
        !self.made_by.is_empty()
            && self.changes.iter().all(is_of_answer)
            && self.changes.iter().any(is_position)
    }

    /// Returns the answers of a reader as credences that `member`, a person of the board, stated then.
    #[must_use]
    pub fn as_stated_by(&self, member: &str) -> Self {
        let at = ChangeId::new(to_minute(self.taken_at), 0, Replica::default());
        let person = new_id(at, self.changes.len());
        let mut name = Fields::new();
        name.insert("name".into(), member.into());
        let mut changes: Vec<Change> = change(person, SharedKind::Person, name)
            .into_iter()
            .collect();
        for said in &self.changes {
            let Payload::PositionRecorded(position) = &said.payload else {
                changes.push(said.clone());
                continue;
            };
            if let (Some(crux), Some(Some(credence))) = (position.crux, position.credence) {
                let stated = CredenceStated {
                    crux,
                    reason_salt: String::new(),
                    person: PersonId(person),
                    credence,
                    reason: position.note.clone().unwrap_or_default(),
                    evidence: Vec::new(),
                    reaffirms: false,
                    at: None,
                    wall_clock: None,
                };
                changes.push(Change {
                    payload: Payload::CredenceStated(Box::new(stated)),
                    ..said.clone()
                });
            }
        }
        Self {
            changes,
            ..self.clone()
        }
    }

    /// Returns a snapshot of the same board with what a reader answered, and of the rest only the question
    /// and the cruxes that were answered. `None` where the reader has no name, answered nothing, or could not
    /// be told from other people since they go by aliases.
    #[must_use]
    pub fn answered(
        &self,
        reader: &str,
        answers: &[(CruxId, CruxAnswer)],
        now: Millis,
    ) -> Option<Self> {
        let reader = reader.trim();
        if reader.is_empty() || self.aliases {
            return None;
        }
        let given = |id: ChangeId| {
            let mut given = answers
                .iter()
                .filter(|(_, answer)| answer.credence.is_some());
            given
                .find(|(crux, _)| crux.0 == id)
                .map(|(_, answer)| answer)
        };
        let mut changes = Vec::new();
        let mut positions = Vec::new();
        for said in &self.changes {
            match &said.payload {
                Payload::BoardDescribed(_) | Payload::OptionAdded(_) => changes.push(said.clone()),
                Payload::CruxAdded(_) => {
                    if let Some(answer) = given(said.id) {
                        changes.push(said.clone());
                        positions.push((said.id, answer));
                    }
                }
                _ => {}
            }
        }
        if positions.is_empty() {
            return None;
        }
        let at = ChangeId::new(to_minute(now), 0, Replica::default());
        // After all positions of the snapshot, so that every id is unique.
        let places = self.changes.len()..;
        for (place, (crux, answer)) in places.zip(positions) {
            let mut fields = Fields::new();
            let percent = answer.credence.map(Credence::percent);
            for (name, value) in [
                ("crux", Value::from(crux.to_string())),
                ("holder", reader.into()),
                ("grounds", Grounds::Stated.key().into()),
                ("credence", percent.into()),
                ("note", answer.reason.trim().into()),
            ] {
                fields.insert(name.into(), value);
            }
            changes.extend(change(new_id(at, place), SharedKind::Position, fields));
        }
        Some(Self {
            title: format!("Answers of {reader}"),
            note: String::new(),
            made_by: reader.to_owned(),
            taken_at: to_minute(now),
            depth: Depth::Everything,
            withheld: Vec::new(),
            states: Vec::new(),
            other_words: Vec::new(),
            changes,
            ..self.clone()
        })
    }
}
