//! The evidence matrix: which items bear on which cruxes, and how well each item discriminates between
//! cruxes.
//!
//! Items with the same origin form one row and count once. Diagnosticity follows the analysis of competing
//! hypotheses (Heuer, *Psychology of Intelligence Analysis*, 1999, chapter 8): an item that bears equally on
//! all claims supports none of them in particular.

use std::collections::{BTreeMap, BTreeSet};

use crate::board::Board;
use crate::record::{
    BearsOn, CruxId, Direction, Evidence, EvidenceId, Record, Strength, Visibility,
};

/// A row: an item, or several with the same origin.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// The items, oldest first.
    pub items: Vec<EvidenceId>,
    /// The weights on cruxes. Among items with the same origin, the strongest weight counts; among equally
    /// strong ones, that of the older item.
    pub bears_on: BTreeMap<CruxId, BearsOn>,
    /// The distance between the highest and the lowest weight, 0 to 6. Weights are from −3 (strongly against)
    /// to 3 (strongly for); 0 on a crux that the item does not bear on.
    pub diagnosticity: u8,
}

/// Returns the evidence of a board by origin, sorted by the oldest item.
#[must_use]
pub fn evidence_matrix(board: &Board) -> Vec<EvidenceRow> {
    let cruxes: BTreeSet<CruxId> = board.cruxes().iter().map(|crux| crux.id).collect();
    let rows = by_origin(board).into_iter().map(|items| {
        let mut bears_on: BTreeMap<CruxId, BearsOn> = BTreeMap::new();
        for item in items.iter().filter_map(|id| board.evidence(*id)) {
            for (crux, one) in item
                .bears_on
                .iter()
                .filter(|(crux, _)| cruxes.contains(crux))
            {
                let known = bears_on.entry(*crux).or_insert(*one);
                if signed(*one).abs() > signed(*known).abs() {
                    *known = *one;
                }
            }
        }
        let mut bearings: Vec<i8> = bears_on.values().map(|one| signed(*one)).collect();
        if bearings.len() < cruxes.len() {
            bearings.push(0);
        }
        let spread = bearings.iter().max().zip(bearings.iter().min());
        EvidenceRow {
            diagnosticity: spread.map_or(0, |(high, low)| high.abs_diff(*low)),
            bears_on,
            items,
        }
    });
    rows.collect()
}

/// Returns the items of evidence grouped by origin, oldest first within a group and among groups.
fn by_origin(board: &Board) -> Vec<Vec<EvidenceId>> {
    // Union-find: each item points to an older one with the same origin, and the oldest one to itself.
    let mut leads_to: BTreeMap<EvidenceId, EvidenceId> = board
        .all_evidence()
        .map(|item| (item.id, item.id))
        .collect();
    for item in board.all_evidence() {
        for same in &item.same_origin_as {
            if leads_to.contains_key(same) {
                let (one, other) = (oldest(&leads_to, item.id), oldest(&leads_to, *same));
                leads_to.insert(one.max(other), one.min(other));
            }
        }
    }
    let mut groups: BTreeMap<EvidenceId, Vec<EvidenceId>> = BTreeMap::new();
    for id in leads_to.keys() {
        groups.entry(oldest(&leads_to, *id)).or_default().push(*id);
    }
    groups.into_values().collect()
}

fn oldest(leads_to: &BTreeMap<EvidenceId, EvidenceId>, mut id: EvidenceId) -> EvidenceId {
    while let Some(next) = leads_to.get(&id).filter(|next| **next != id) {
        id = *next;
    }
    id
}

/// Returns the cruxes that have evidence, all of which is private or second-hand.
#[must_use]
pub fn weakly_supported(board: &Board) -> Vec<CruxId> {
    let is_weak = |item: &Record<EvidenceId, Evidence>| {
        item.visibility() == Visibility::Private || !item.passed_on_by.is_empty()
    };
    let cruxes = board.cruxes().into_iter().filter(|crux| {
        let mut items = board.evidence_on(crux.id).peekable();
        items.peek().is_some() && items.all(is_weak)
    });
    cruxes.map(|crux| crux.id).collect()
}

/// Returns the weight as a number from −3 (strongly against) to 3 (strongly for).
fn signed(bears_on: BearsOn) -> i8 {
    let strength = match bears_on.strength {
        Strength::Slight => 1,
        Strength::Moderate => 2,
        Strength::Strong => 3,
    };
    match bears_on.direction {
        Direction::For => strength,
        Direction::Against => -strength,
        Direction::Neutral => 0,
    }
}
