//! The additions of an import to a board: people, cruxes and changes under temporary ids.

use crate::t;
use std::collections::BTreeMap;

use super::Plan;
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::id::Replica;
use crate::record::{CruxEdit, CruxId, PersonEdit, PersonId, Stage};
use crate::view::rank_between;
use crate::{ChangeId, Millis, text};

pub(super) struct Planning {
    pub(super) plan: Plan,
    pub(super) cruxes: Cruxes,
    pub(super) people: BTreeMap<String, PersonId>,
    /// The stages of the board's cruxes, and of new ones that are not open.
    pub(super) stages: BTreeMap<CruxId, Stage>,
    /// A rank behind the board's cruxes, with which the ranks of new ones begin.
    pub(super) rank: String,
}

/// Cruxes by their texts, in the form used for comparison.
#[derive(Default)]
pub(super) struct Cruxes {
    /// Cruxes by title and claim.
    pub(super) exactly: BTreeMap<(String, String), CruxId>,
    /// Cruxes by title or claim alone; `None` if several match.
    pub(super) by_name: BTreeMap<String, Option<CruxId>>,
    /// The board's cruxes by claim.
    pub(super) by_claim: BTreeMap<String, CruxId>,
}

impl Cruxes {
    pub(super) fn insert(&mut self, title: &str, claim: &str, crux: CruxId) {
        let title = if title.is_empty() { claim } else { title };
        let key = (folded(title), folded(claim));
        self.exactly.entry(key).or_insert(crux);
        self.name(title, crux);
        self.name(claim, crux);
    }

    pub(super) fn name(&mut self, name: &str, crux: CruxId) {
        let known = self.by_name.entry(folded(name)).or_insert(Some(crux));
        if *known != Some(crux) {
            *known = None;
        }
    }

    /// Finds the crux that a row means. The same title with another claim is another crux.
    pub(super) fn find(&self, title: &str, claim: &str) -> Found {
        let (title, claim) = (folded(title), folded(claim));
        let by_name = |name: &String| match self.by_name.get(name) {
            Some(Some(crux)) => Found::One(*crux),
            Some(None) => Found::Several,
            None => Found::None,
        };
        if claim.is_empty() {
            return by_name(&title);
        }
        if title.is_empty() {
            let exact = self.exactly.get(&(claim.clone(), claim.clone()));
            return exact.map_or_else(|| by_name(&claim), |crux| Found::One(*crux));
        }
        let exact = self.exactly.get(&(title, claim.clone()));
        let crux = exact.or_else(|| self.by_claim.get(&claim));
        crux.map_or(Found::None, |crux| Found::One(*crux))
    }
}

pub(super) enum Found {
    One(CruxId),
    Several,
    None,
}

impl Planning {
    pub(super) fn on(board: &Board) -> Self {
        let mut planning = Self {
            plan: Plan::default(),
            cruxes: Cruxes::default(),
            people: BTreeMap::new(),
            stages: BTreeMap::new(),
            rank: String::new(),
        };
        for crux in board.cruxes() {
            planning.rank.clone_from(&crux.rank);
            planning.stages.insert(crux.id, crux.stage());
            planning.cruxes.insert(&crux.title, &crux.claim, crux.id);
            planning.cruxes.name(&crux.name(), crux.id);
            let claim = folded(&crux.claim);
            planning.cruxes.by_claim.entry(claim).or_insert(crux.id);
        }
        planning.rank = rank_between(&planning.rank, "");
        for person in board.people() {
            planning.people.insert(folded(&person.name), person.id);
        }
        planning
    }

    pub(super) fn add(&mut self, payload: Payload) -> ChangeId {
        let id = ChangeId::new(
            Millis(1),
            self.plan.changes.len() as u32,
            Replica::default(),
        );
        self.plan.changes.push(Change {
            id,
            by: None,
            part_of: None,
            payload,
        });
        id
    }

    /// Returns the crux with a title and a claim, after adding it if there is none; `None` if several match.
    /// `edit` has further fields of a new crux.
    pub(super) fn crux(
        &mut self,
        title: &str,
        claim: &str,
        edit: CruxEdit,
        said: &mut Vec<String>,
    ) -> Option<CruxId> {
        match self.cruxes.find(title, claim) {
            Found::One(crux) => return Some(crux),
            Found::Several => return None,
            Found::None => {}
        }
        let claim = if claim.is_empty() { title } else { claim };
        let crux = CruxId(self.add(Payload::CruxAdded(Box::new(CruxEdit {
            title: (!title.is_empty() && title != claim).then(|| title.to_owned()),
            claim: Some(claim.to_owned()),
            rank: Some(self.next_rank()),
            ..edit
        }))));
        self.plan.cruxes += 1;
        said.push(t!("new crux").into());
        self.cruxes.insert(title, claim, crux);
        Some(crux)
    }

    /// Returns a rank behind the new cruxes so far. These ranks have equal length; with [`rank_between`] they
    /// would become longer every few cruxes.
    pub(super) fn next_rank(&self) -> String {
        let mut rest = self.plan.cruxes;
        let mut digits = [b'b'; 4];
        for digit in digits.iter_mut().rev() {
            *digit += (rest % 25) as u8;
            rest /= 25;
        }
        self.rank.chars().chain(digits.map(char::from)).collect()
    }

    /// Returns the person with this name, after adding them if there is none.
    pub(super) fn person(
        &mut self,
        name: &str,
        is_needed: bool,
        said: &mut Vec<String>,
    ) -> Option<PersonId> {
        if let Some(known) = self.people.get(&folded(name)) {
            return Some(*known);
        }
        if !is_needed {
            return None;
        }
        let edit = PersonEdit {
            name: Some(name.to_owned()),
            ..PersonEdit::default()
        };
        let person = PersonId(self.add(Payload::PersonAdded(Box::new(edit))));
        self.plan.people += 1;
        said.push(t!("new person {name}", name));
        self.people.insert(folded(name), person);
        Some(person)
    }
}

/// Returns a name in the form used for comparison: without case and white space.
pub(super) fn folded(text: &str) -> String {
    text::folded(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
