//! Collects what is added, kind by kind, in the order in which records refer to each other.

use std::collections::{BTreeMap, BTreeSet};

use super::joining::{Fields, Translation, fields, filling};
use super::known::Known;
use super::matching::{Matched, by_claim, by_name, evidence_key, name_of, named};
use super::{Apart, BoardMerge, LeftOut, MergeKind, Pair};
use crate::board::Board;
use crate::change::{Change, EvidenceWeighed, Payload, TriggerJudged};
use crate::format::short;
use crate::id::Replica;
use crate::outcome::outcome;
use crate::record::{Crux, CruxId, Evidence, EvidenceId, PersonId, Record, Trigger, TriggerId};
use crate::text::folded_name;
use crate::view::rank_between;
use crate::{ChangeId, Millis};

/// A change before its ids are translated.
struct Row {
    kind: MergeKind,
    name: String,
    change: Change,
}

/// A pair before its fields are compared.
struct Joined {
    pair: Pair,
    theirs: Fields,
    own: Fields,
}

/// A merge in progress.
pub(super) struct Adding<'a> {
    pub(super) theirs: &'a Board,
    pub(super) own: &'a Board,
    pub(super) apart: &'a Apart,
    pub(super) translation: Translation<'a>,
    joined: Vec<Joined>,
    rows: Vec<Row>,
    pub(super) left_out: BTreeMap<LeftOut, usize>,
    next: u64,
}

impl<'a> Adding<'a> {
    pub(super) fn new(theirs: &'a Board, own: &'a Board, apart: &'a Apart) -> Self {
        Self {
            theirs,
            own,
            apart,
            translation: Translation {
                theirs,
                ids: BTreeMap::new(),
            },
            joined: Vec::new(),
            rows: Vec::new(),
            left_out: BTreeMap::new(),
            next: 0,
        }
    }

    pub(super) fn merge(mut self) -> BoardMerge {
        self.add_named();
        self.add_cruxes();
        self.add_evidence();
        self.add_credences();
        self.add_option_credences();
        self.add_joint_credences();
        self.add_triggers();
        self.add_positions();
        self.add_decisions();
        self.add_follow_ups();
        self.add_messages();
        self.count_what_stays();
        self.finish()
    }

    fn finish(mut self) -> BoardMerge {
        let mut merge = BoardMerge {
            left_out: std::mem::take(&mut self.left_out),
            ..BoardMerge::default()
        };
        for row in std::mem::take(&mut self.rows) {
            if let Some(change) = self.translation.change(&row.change) {
                merge.changes.push(change);
                merge.coming.entry(row.kind).or_default().push(row.name);
            }
        }
        for mut joined in std::mem::take(&mut self.joined) {
            let Joined { pair, theirs, own } = &mut joined;
            let set = self.translation.fill(pair, std::mem::take(theirs), own);
            if !set.is_empty() {
                let id = self.fresh_id();
                merge.changes.extend(filling(id, pair.kind, pair.own, set));
            }
            merge.pairs.push(joined.pair);
        }
        merge
    }

    /// Returns a temporary id that neither board has.
    fn fresh_id(&mut self) -> ChangeId {
        loop {
            self.next += 1;
            let id = ChangeId::new(Millis(self.next), 0, Replica::default());
            if self.own.log().entry(id).is_none() && self.theirs.log().entry(id).is_none() {
                return id;
            }
        }
    }

    /// Adds a record, to which others may refer by its id on the other board.
    pub(super) fn add(
        &mut self,
        theirs: ChangeId,
        kind: MergeKind,
        name: String,
        payload: Payload,
    ) {
        let id = self.fresh_id();
        self.translation.ids.insert(theirs, id);
        self.push(id, kind, name, None, payload);
    }

    pub(super) fn push(
        &mut self,
        id: ChangeId,
        kind: MergeKind,
        name: String,
        by: Option<PersonId>,
        payload: Payload,
    ) {
        let part_of = None;
        let change = Change {
            id,
            by,
            part_of,
            payload,
        };
        self.rows.push(Row { kind, name, change });
    }

    /// Joins a record with one of one's own.
    fn join(&mut self, kind: MergeKind, ids: (ChangeId, ChangeId), both: (Fields, Fields)) {
        let (theirs, own) = ids;
        self.translation.ids.insert(theirs, own);
        let pair = Pair {
            kind,
            theirs,
            own,
            their_name: name_of(self.theirs, kind, theirs),
            own_name: name_of(self.own, kind, own),
            filled: Vec::new(),
            kept: Vec::new(),
        };
        let (theirs, own) = both;
        self.joined.push(Joined { pair, theirs, own });
    }

    /// Notes that a record is on one's own board already, and stays as it is there.
    pub(super) fn is_known(&mut self, theirs: ChangeId, own: Option<ChangeId>) -> bool {
        if let Some(own) = own {
            self.translation.ids.insert(theirs, own);
        }
        own.is_some()
    }

    pub(super) fn leave_out(&mut self, what: LeftOut) {
        *self.left_out.entry(what).or_default() += 1;
    }

    /// Returns the id on one's own board, or the temporary one, for an id on the other board.
    pub(super) fn new_id(&self, theirs: ChangeId) -> Option<ChangeId> {
        self.translation.ids.get(&theirs).copied()
    }

    fn add_named(&mut self) {
        for kind in [MergeKind::Option, MergeKind::Person, MergeKind::Term] {
            let own = named(self.own, kind);
            for matched in by_name(named(self.theirs, kind), &own, self.apart) {
                self.add_or_join_named(kind, matched);
            }
        }
    }

    fn add_or_join_named(&mut self, kind: MergeKind, (record, found): Matched) {
        let name = match found {
            Ok(own) => {
                let of_own = named(self.own, kind).into_iter().find(|it| it.id == own);
                let of_own = of_own.map(|it| it.fields).unwrap_or_default();
                return self.join(kind, (record.id, own), (record.fields, of_own));
            }
            Err(name) => name,
        };
        let mut fields = record.fields;
        let (tag, field) = match kind {
            MergeKind::Option => ("option-added", "name"),
            MergeKind::Person => ("person-added", "name"),
            _ => ("term-defined", "term"),
        };
        fields.insert(field.to_owned(), name.clone().into());
        let json = serde_json::Value::Object(fields);
        // Through text, so that changes are parsed in only one way.
        if let Ok(payload) = serde_json::from_str(&format!(r#"{{"{tag}":{json}}}"#)) {
            self.add(record.id, kind, name, payload);
        }
    }

    fn add_cruxes(&mut self) {
        let pairs = by_claim(self.theirs, self.own, self.apart);
        let last = self.own.cruxes().last().map(|crux| crux.rank.clone());
        let mut rank = last.unwrap_or_default();
        for crux in self.theirs.cruxes() {
            if let Some(own) = pairs.get(&crux.id.0) {
                let there = fields(&Crux::default().json_to(crux));
                let here = self
                    .own
                    .crux(CruxId(*own))
                    .map(|it| Crux::default().json_to(it));
                let here = here.map(|json| fields(&json));
                let both = (there, here.unwrap_or_default());
                self.join(MergeKind::Crux, (crux.id.0, *own), both);
                continue;
            }
            rank = rank_between(&rank, "");
            let mut edit = Crux::default().edit_to(crux);
            edit.rank = Some(rank.clone());
            if let Ok(outcome) = outcome(self.theirs, crux) {
                // The crux is settled on this board only now, but its outcome was clear then.
                edit.scored_until = Some(Some(outcome.scored_until));
            }
            let payload = Payload::CruxAdded(Box::new(edit));
            self.add(
                crux.id.0,
                MergeKind::Crux,
                crux.name().into_owned(),
                payload,
            );
        }
    }

    fn add_evidence(&mut self) {
        let own = self.own.all_evidence();
        let known = Known::of(own.map(|item| (evidence_key(item), item.id.0)));
        let mut taken = BTreeSet::new();
        let mut weights = Vec::new();
        for item in self.theirs.all_evidence() {
            let found = known.take(&evidence_key(item), item.id.0, &mut taken, self.apart);
            let of_own = found.and_then(|own| self.own.evidence(EvidenceId(own)));
            let weighed = of_own.map(|item| item.bears_on.clone()).unwrap_or_default();
            if let Some(of_own) = of_own {
                let both = (
                    fields(&Evidence::default().json_to(item)),
                    fields(&Evidence::default().json_to(of_own)),
                );
                self.join(MergeKind::Evidence, (item.id.0, of_own.id.0), both);
            } else {
                let edit = Evidence::default().edit_to(item);
                let name = short(item.headline(), 120).into_owned();
                let payload = Payload::EvidenceFiled(Box::new(edit));
                self.add(item.id.0, MergeKind::Evidence, name, payload);
            }
            for (crux, bears_on) in &item.bears_on {
                let is_weighed = |crux: ChangeId| weighed.contains_key(&CruxId(crux));
                let new = self.new_id(crux.0);
                if new.is_some_and(|crux| !is_weighed(crux)) {
                    weights.push(EvidenceWeighed {
                        evidence: item.id,
                        crux: *crux,
                        bears_on: Some(*bears_on),
                    });
                }
            }
        }
        for weighed in weights {
            let id = self.fresh_id();
            let name = name_of(self.theirs, MergeKind::Crux, weighed.crux.0);
            let payload = Payload::EvidenceWeighed(weighed);
            self.push(id, MergeKind::Weight, name, None, payload);
        }
    }

    fn add_triggers(&mut self) {
        let key = |crux: Option<ChangeId>, toward: Option<ChangeId>, it: &Trigger| {
            (
                (
                    crux,
                    toward,
                    it.rule.map(|rule| rule.to_string()),
                    it.by_date,
                ),
                [&it.observable, &it.threshold].map(|text| folded_name(text)),
            )
        };
        let own = self.own.triggers();
        let known = Known::of(own.map(|it| {
            let toward = it.toward.map(|toward| toward.0);
            (key(Some(it.crux.0), toward, it), it.id.0)
        }));
        let mut taken = BTreeSet::new();
        for crux in self.theirs.cruxes() {
            for trigger in self.theirs.triggers_of(crux.id) {
                let toward = trigger.toward.and_then(|option| self.new_id(option.0));
                let key = key(self.new_id(crux.id.0), toward, trigger);
                let found = known.take(&key, trigger.id.0, &mut taken, self.apart);
                let outcomes = trigger.judgements.iter().filter(|one| !one.of_draft);
                if self.is_known(trigger.id.0, found) {
                    outcomes.for_each(|_| self.leave_out(LeftOut::Judgement));
                    continue;
                }
                let edit = Trigger::default().edit_to(trigger);
                let payload = Payload::TriggerAdded(Box::new(edit));
                self.add(
                    trigger.id.0,
                    MergeKind::Trigger,
                    trigger.headline(),
                    payload,
                );
                self.add_outcomes(trigger);
            }
        }
    }

    fn add_outcomes(&mut self, trigger: &Record<TriggerId, Trigger>) {
        for judgement in trigger.judgements.iter().filter(|one| !one.of_draft) {
            let judged = TriggerJudged {
                trigger: trigger.id,
                verdict: judgement.verdict,
                reason: judgement.reason.clone(),
                evidence: judgement.evidence.clone(),
                settles: judgement.settles.clone(),
            };
            let id = self.fresh_id();
            self.translation.ids.insert(judgement.id, id);
            let payload = Payload::TriggerJudged(Box::new(judged));
            self.push(
                id,
                MergeKind::Judgement,
                trigger.headline(),
                judgement.by,
                payload,
            );
        }
    }
}
