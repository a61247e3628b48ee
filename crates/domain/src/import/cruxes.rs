//! Copies of cruxes for another board.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::claims_of;
use crate::board::Board;
use crate::change::{Change, CredenceStated, EvidenceWeighed, Payload};
use crate::id::Replica;
use crate::record::{
    BearsOn, Crux, CruxEdit, CruxId, Evidence, EvidenceEdit, EvidenceId, Mark, OptionId, Person,
    PersonEdit, PersonId, Trigger, TriggerEdit, TriggerId,
};
use crate::text::folded_name;
use crate::view::rank_between;
use crate::{ChangeId, Millis};

/// The parts that go along with copied cruxes, besides their triggers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyParts {
    /// The items of evidence, with their weights on the copied cruxes.
    pub evidence: bool,
    /// Everybody's credences, with their dates. People who are not on the other board are added to it.
    pub credences: bool,
}

/// Cruxes copied from a board: their fields and triggers, and what was asked for besides. They are open on the
/// other board, and their triggers have no outcomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopiedCruxes {
    cruxes: Vec<(CruxId, CruxEdit)>,
    triggers: Vec<(TriggerId, TriggerEdit)>,
    evidence: Vec<(EvidenceId, EvidenceEdit, BTreeMap<CruxId, BearsOn>)>,
    statements: Vec<(ChangeId, CredenceStated)>,
    /// Name and kind of each option that the cruxes or triggers name.
    options: BTreeMap<OptionId, (String, Mark)>,
    people: BTreeMap<PersonId, PersonEdit>,
}

impl CopiedCruxes {
    /// Copies these cruxes of a board, in the board's order.
    #[must_use]
    pub fn of(board: &Board, chosen: &BTreeSet<CruxId>, parts: CopyParts) -> Self {
        let options = board.options();
        let people = board.people();
        let mut copied = Self {
            options: options
                .map(|option| (option.id, (option.name.clone(), option.mark())))
                .collect(),
            people: people
                .map(|person| (person.id, Person::default().edit_to(person)))
                .collect(),
            ..Self::default()
        };
        let cruxes = board.cruxes().into_iter();
        for crux in cruxes.filter(|crux| chosen.contains(&crux.id)) {
            copied.cruxes.push((crux.id, Crux::default().edit_to(crux)));
            for trigger in board.triggers_of(crux.id) {
                let edit = Trigger::default().edit_to(trigger);
                copied.triggers.push((trigger.id, edit));
            }
            if parts.credences {
                for statement in board.statements_on(crux.id) {
                    let stated = CredenceStated {
                        crux: statement.crux,
                        person: statement.person,
                        credence: statement.credence,
                        reason: statement.reason.clone(),
                        reason_salt: String::new(),
                        evidence: statement.evidence.clone(),
                        reaffirms: statement.reaffirms,
                        at: Some(statement.at),
                        wall_clock: None,
                    };
                    copied.statements.push((statement.id.0, stated));
                }
            }
        }
        if parts.evidence {
            for item in board.all_evidence() {
                if item.bears_on.keys().any(|crux| chosen.contains(crux)) {
                    let edit = Evidence::default().edit_to(item);
                    copied.evidence.push((item.id, edit, item.bears_on.clone()));
                }
            }
        }
        copied
    }

    /// Returns the changes that add the copies to another board, for
    /// [`Command::TakeIn`](crate::command::Command::TakeIn). Leaves out cruxes whose claim is there already.
    ///
    /// An option or a person is the one of the same name there; an option without a namesake is the one of the
    /// same kind.
    #[must_use]
    pub fn onto(&self, board: &Board) -> Vec<Change> {
        let there = claims_of(board);
        let is_new = |edit: &CruxEdit| {
            let claim = edit.claim.as_deref().unwrap_or_default();
            !there.contains(&folded_name(claim))
        };
        let cruxes: Vec<_> = self
            .cruxes
            .iter()
            .filter(|(_, edit)| is_new(edit))
            .collect();
        let ids: BTreeSet<CruxId> = cruxes.iter().map(|(id, _)| *id).collect();
        let mut changes = Vec::new();
        let people = self.people_onto(board, &ids, &mut changes);
        let option = |id: OptionId| self.option_onto(board, id);
        let last = board.cruxes().last().map(|crux| crux.rank.clone());
        let mut rank = last.unwrap_or_default();
        for (id, edit) in cruxes {
            rank = rank_between(&rank, "");
            let mut edit = edit.clone();
            edit.rank = Some(rank.clone());
            edit.if_true = edit.if_true.map(|if_true| if_true.and_then(option));
            edit.owner = edit.owner.map(|owner| people.get(&owner?).copied());
            edit.split_from = edit
                .split_from
                .map(|whole| whole.filter(|whole| ids.contains(whole)));
            if let Some(others) = &mut edit.separate_from {
                others.retain(|other| ids.contains(other));
            }
            (edit.stage, edit.stage_reason, edit.scored_until) = (None, None, None);
            add(&mut changes, id.0, Payload::CruxAdded(Box::new(edit)));
        }
        let of_these = |trigger: &TriggerEdit| trigger.crux.is_some_and(|crux| ids.contains(&crux));
        for (id, edit) in self.triggers.iter().filter(|(_, edit)| of_these(edit)) {
            let mut edit = edit.clone();
            edit.toward = edit.toward.map(|toward| toward.and_then(option));
            add(&mut changes, id.0, Payload::TriggerAdded(Box::new(edit)));
        }
        let items = self.add_evidence(&ids, &mut changes);
        for (id, stated) in &self.statements {
            if let Some(person) = people
                .get(&stated.person)
                .filter(|_| ids.contains(&stated.crux))
            {
                let mut stated = stated.clone();
                stated.person = *person;
                stated.evidence.retain(|item| items.contains(item));
                add(&mut changes, *id, Payload::CredenceStated(Box::new(stated)));
            }
        }
        changes
    }

    /// Adds the items that bear on these cruxes, and returns their ids.
    fn add_evidence(
        &self,
        cruxes: &BTreeSet<CruxId>,
        changes: &mut Vec<Change>,
    ) -> BTreeSet<EvidenceId> {
        let bears_on_these =
            |weights: &BTreeMap<CruxId, BearsOn>| weights.keys().any(|crux| cruxes.contains(crux));
        let items = self.evidence.iter();
        let items: Vec<_> = items
            .filter(|(.., weights)| bears_on_these(weights))
            .collect();
        let ids: BTreeSet<EvidenceId> = items.iter().map(|(id, ..)| *id).collect();
        for (id, edit, _) in &items {
            let mut edit = edit.clone();
            edit.answers = edit
                .answers
                .map(|item| item.filter(|item| ids.contains(item)));
            if let Some(others) = &mut edit.same_origin_as {
                others.retain(|item| ids.contains(item));
            }
            add(changes, id.0, Payload::EvidenceFiled(Box::new(edit)));
        }
        let weights = items.iter().flat_map(|(id, _, weights)| {
            let weights = weights.iter().filter(|(crux, _)| cruxes.contains(crux));
            weights.map(|(crux, bears_on)| EvidenceWeighed {
                evidence: *id,
                crux: *crux,
                bears_on: Some(*bears_on),
            })
        });
        for (number, weighed) in (1..).zip(weights) {
            // Nothing refers to a weight, so any id of its own will do.
            let id = ChangeId::new(Millis(0), number, Replica::default());
            add(changes, id, Payload::EvidenceWeighed(weighed));
        }
        ids
    }

    /// Returns the person of the other board for each person of this one. Adds those who stated a credence on
    /// one of these cruxes and are not there.
    fn people_onto(
        &self,
        board: &Board,
        cruxes: &BTreeSet<CruxId>,
        changes: &mut Vec<Change>,
    ) -> BTreeMap<PersonId, PersonId> {
        let mut people = BTreeMap::new();
        for (id, edit) in &self.people {
            let there = edit
                .name
                .as_deref()
                .and_then(|name| board.person_named(name));
            let mut stated = self.statements.iter().map(|(_, stated)| stated);
            let has_stated =
                stated.any(|stated| stated.person == *id && cruxes.contains(&stated.crux));
            if let Some(there) = there {
                people.insert(*id, there);
            } else if has_stated {
                add(changes, id.0, Payload::PersonAdded(Box::new(edit.clone())));
                people.insert(*id, *id);
            }
        }
        people
    }

    fn option_onto(&self, board: &Board, id: OptionId) -> Option<OptionId> {
        let (name, mark) = self.options.get(&id)?;
        let wanted = folded_name(name);
        let mut named = board.options();
        let named = named.find(|option| folded_name(&option.name) == wanted);
        let of_kind = || {
            let mut options = board.options();
            options.find(|option| option.mark() == *mark && *mark != Mark::Other)
        };
        named.or_else(of_kind).map(|option| option.id)
    }
}

fn add(changes: &mut Vec<Change>, id: ChangeId, payload: Payload) {
    changes.push(Change {
        id,
        by: None,
        part_of: None,
        payload,
    });
}
