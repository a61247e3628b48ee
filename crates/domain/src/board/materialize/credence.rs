//! Credences: on cruxes, in options, and the joint effects of two cruxes.

use std::collections::BTreeSet;

use super::Entity;
use crate::ChangeId;
use crate::board::RecordRef;
use crate::board::tables::{Linked, Table, Tables};
use crate::change::{Change, Payload, StatementExplained};
use crate::record::{
    CruxId, JointCredence, JointCredenceId, OptionCredence, OptionCredenceId, Statement,
    StatementId,
};

impl Entity for Statement {
    type Id = StatementId;

    fn id(id: ChangeId) -> StatementId {
        StatementId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<StatementId, Self> {
        &mut tables.statements
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::CredenceStated(stated) = &change.payload else {
            return None;
        };
        Some(Self {
            crux: stated.crux,
            person: stated.person,
            credence: stated.credence,
            reason: stated.reason.clone(),
            evidence: stated.evidence.clone(),
            reaffirms: stated.reaffirms,
            at: stated.held_at(change.id),
            filed: stated.filed_at(change.id),
            order: stated.at.unwrap_or(change.id.millis()),
        })
    }
    fn cruxes(&self) -> Vec<CruxId> {
        vec![self.crux]
    }
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<StatementId>> {
        Some(&mut linked.statements)
    }
}

impl Statement {
    pub(super) fn explain(&mut self, explained: &StatementExplained) {
        self.reason.clone_from(&explained.reason);
        self.evidence.clone_from(&explained.evidence);
    }
}

impl Entity for OptionCredence {
    type Id = OptionCredenceId;

    fn id(id: ChangeId) -> OptionCredenceId {
        OptionCredenceId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<OptionCredenceId, Self> {
        &mut tables.option_credences
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::OptionCredenceStated(stated) = &change.payload else {
            return None;
        };
        Some(Self {
            option: stated.option,
            if_true: stated.if_true,
            person: stated.person,
            credence: stated.credence,
            reason: stated.reason.clone(),
            evidence: stated.evidence.clone(),
            at: stated.stated_at(change.id),
        })
    }
    fn touches(_: OptionCredenceId) -> Option<RecordRef> {
        Some(RecordRef::OptionCredences)
    }
}

impl OptionCredence {
    pub(super) fn explain(&mut self, explained: &StatementExplained) {
        self.reason.clone_from(&explained.reason);
        self.evidence.clone_from(&explained.evidence);
    }
}

impl Entity for JointCredence {
    type Id = JointCredenceId;

    fn id(id: ChangeId) -> JointCredenceId {
        JointCredenceId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<JointCredenceId, Self> {
        &mut tables.joint_credences
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::JointCredenceStated(stated) = &change.payload else {
            return None;
        };
        let mut given = stated.given;
        given.sort();
        // A crux has no joint effect with itself.
        (given[0].crux != given[1].crux).then(|| Self {
            option: stated.option,
            given,
            person: stated.person,
            credence: stated.credence,
            reason: stated.reason.clone(),
            evidence: stated.evidence.clone(),
            at: stated.stated_at(change.id),
        })
    }
    fn touches(_: JointCredenceId) -> Option<RecordRef> {
        Some(RecordRef::OptionCredences)
    }
}

impl JointCredence {
    pub(super) fn explain(&mut self, explained: &StatementExplained) {
        self.reason.clone_from(&explained.reason);
        self.evidence.clone_from(&explained.evidence);
    }
}
