//! Queries for the records of a crux.

use std::collections::BTreeSet;

use super::present;
use crate::board::Board;
use crate::board::tables::Linked;
use crate::record::{
    CredenceRule, Crux, CruxId, Direction, Evidence, EvidenceId, FollowUp, FollowUpId, Position,
    PositionId, Record, Trigger, TriggerId,
};

impl Board {
    pub(super) fn linked(&self, crux: CruxId) -> Option<&Linked> {
        self.tables.by_crux.get(&crux)
    }

    /// Returns the cruxes that were split from this one.
    pub fn parts_of(&self, crux: CruxId) -> impl Iterator<Item = &Record<CruxId, Crux>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.parts);
        present(ids.filter_map(|id| self.crux(*id)))
    }

    /// Returns a crux's triggers, in the order in which they were added.
    pub fn triggers_of(&self, crux: CruxId) -> impl Iterator<Item = &Record<TriggerId, Trigger>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.triggers);
        present(ids.filter_map(|id| self.trigger(*id)))
    }

    /// Returns the rules of a crux's credence triggers, in the order in which they were added.
    #[must_use]
    pub fn credence_rules(&self, crux: CruxId) -> Vec<CredenceRule> {
        self.triggers_of(crux)
            .filter_map(|trigger| trigger.rule)
            .collect()
    }

    /// Returns the evidence on a crux, oldest first.
    pub fn evidence_on(&self, crux: CruxId) -> impl Iterator<Item = &Record<EvidenceId, Evidence>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.evidence);
        present(ids.filter_map(|id| self.evidence(*id)))
    }

    /// Returns the number of items for a crux, and the number against it.
    #[must_use]
    pub fn evidence_balance(&self, crux: CruxId) -> (usize, usize) {
        self.evidence_on(crux)
            .filter_map(|evidence| evidence.bears_on.get(&crux))
            .fold((0, 0), |(pro, con), bears_on| match bears_on.direction {
                Direction::For => (pro + 1, con),
                Direction::Against => (pro, con + 1),
                Direction::Neutral => (pro, con),
            })
    }

    /// Returns the number of items on a crux that share an origin with another item on it: one of the two
    /// says so, or both name the same third item.
    #[must_use]
    pub fn of_one_origin(&self, crux: CruxId) -> usize {
        let items: Vec<_> = self.evidence_on(crux).collect();
        let shares = |one: &&&Record<EvidenceId, Evidence>| {
            let others = items.iter().filter(|other| other.id != one.id);
            others.into_iter().any(|other| {
                other.same_origin_as.contains(&one.id)
                    || one.same_origin_as.contains(&other.id)
                    || one
                        .same_origin_as
                        .iter()
                        .any(|third| other.same_origin_as.contains(third))
            })
        };
        items.iter().filter(shares).count()
    }

    /// Returns the items of evidence that share an origin with another item, whichever of the two says so.
    #[must_use]
    pub fn sharing_origin(&self) -> BTreeSet<EvidenceId> {
        let mut sharing = BTreeSet::new();
        for one in self.all_evidence() {
            for other in &one.same_origin_as {
                let other = self.evidence(*other);
                if let Some(other) = other.filter(|other| other.trashed.is_none()) {
                    sharing.extend([one.id, other.id]);
                }
            }
        }
        sharing
    }

    /// Returns the positions of people outside the board on a crux, in the order in which they were recorded.
    pub fn positions_on(
        &self,
        crux: CruxId,
    ) -> impl Iterator<Item = &Record<PositionId, Position>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.positions);
        present(ids.filter_map(|id| self.position(*id)))
    }

    /// Returns the follow-ups of a crux.
    pub fn follow_ups_on(
        &self,
        crux: CruxId,
    ) -> impl Iterator<Item = &Record<FollowUpId, FollowUp>> {
        let ids = self
            .linked(crux)
            .into_iter()
            .flat_map(|linked| &linked.follow_ups);
        present(ids.filter_map(|id| self.follow_up(*id)))
    }
}
