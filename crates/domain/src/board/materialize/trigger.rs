//! Triggers, with their outcomes and moved goalposts.

use std::collections::BTreeSet;

use super::Entity;
use crate::ChangeId;
use crate::board::tables::{Linked, Table, Tables};
use crate::change::{Change, Edited, Payload, TriggerJudged};
use crate::record::{CruxId, GoalpostMove, Judgement, RuleMove, Trigger, TriggerEdit, TriggerId};

impl Entity for Trigger {
    type Id = TriggerId;

    fn id(id: ChangeId) -> TriggerId {
        TriggerId(id)
    }
    fn table(tables: &mut Tables) -> &mut Table<TriggerId, Self> {
        &mut tables.triggers
    }
    fn begin(change: &Change) -> Option<Self> {
        let Payload::TriggerAdded(first) = &change.payload else {
            return None;
        };
        let mut trigger = Self::default();
        trigger.overlay(first);
        trigger.counts_from = trigger.armed.then_some(change.id);
        Some(trigger)
    }
    fn cruxes(&self) -> Vec<CruxId> {
        vec![self.crux]
    }
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<TriggerId>> {
        Some(&mut linked.triggers)
    }
}

impl Trigger {
    /// Sets fields. Once the trigger was armed, changed terms move its goalposts, and after a changed rule
    /// reviews count anew.
    pub(super) fn edit(&mut self, edited: &Edited<TriggerId, TriggerEdit>, change: &Change) {
        let fields = self.goalposts_moved_by(&edited.set);
        let was_armed = self.ever_armed();
        if was_armed && !fields.is_empty() {
            self.goalposts.push(GoalpostMove {
                id: change.id,
                by: change.by,
                reason: edited.reason.clone(),
                fields,
            });
        }
        let counted = (self.crux, self.rule, self.quorum);
        self.overlay(&edited.set);
        let is_counted_anew = counted != (self.crux, self.rule, self.quorum);
        if let (true, (crux, Some(rule), quorum), Some(counts_from)) =
            (is_counted_anew, counted, self.counts_from)
        {
            self.rule_moves.push(RuleMove {
                id: change.id,
                crux,
                rule,
                quorum,
                counts_from,
            });
        }
        if (was_armed && is_counted_anew) || (!was_armed && self.armed) {
            self.counts_from = Some(change.id);
        }
    }

    pub(super) fn judge(&mut self, judged: &TriggerJudged, change: &Change) {
        self.judgements.push(Judgement {
            id: change.id,
            by: change.by,
            verdict: judged.verdict,
            reason: judged.reason.clone(),
            evidence: judged.evidence.clone(),
            settles: judged.settles.clone(),
            of_draft: !self.armed,
        });
    }
}
