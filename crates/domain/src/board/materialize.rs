//! Folds each entity from the changes about it.

mod credence;
mod evidence;
mod review;
mod round;
mod trigger;

use std::any::Any;
use std::collections::BTreeSet;

use super::RecordRef;
use super::tables::{Linked, Table, Tables};
use crate::ChangeId;
use crate::change::{Change, Payload};
use crate::record::{
    BoardOption, BriefRead, BriefReadId, Crux, CruxId, Decision, DecisionId, Evidence, FollowUp,
    FollowUpId, JointCredence, Message, MessageId, OptionCredence, OptionId, Person, PersonId,
    Position, PositionId, Review, Round, Statement, Term, TermId, Trigger,
};

pub(super) trait Entity: Sized + 'static {
    type Id: Copy + Ord;

    fn id(id: ChangeId) -> Self::Id;
    fn table(tables: &mut Tables) -> &mut Table<Self::Id, Self>;
    /// Returns the entity as the change that adds it describes it, or `None` for any other change.
    fn begin(change: &Change) -> Option<Self>;
    /// Returns the record that shows the entity, besides the cruxes it belongs to.
    fn touches(_: Self::Id) -> Option<RecordRef> {
        None
    }
    /// Returns the cruxes that the entity belongs to, each once.
    fn cruxes(&self) -> Vec<CruxId> {
        Vec::new()
    }
    /// Returns the list of a crux that contains entities of this type.
    fn linked(_: &mut Linked) -> Option<&mut BTreeSet<Self::Id>> {
        None
    }
}

impl Tables {
    /// Adds an entity to the list of a crux, or removes it from there.
    pub(super) fn link<T: Entity>(&mut self, crux: CruxId, key: T::Id, is_linked: bool) {
        let linked = self.by_crux.entry(crux).or_default();
        let Some(keys) = T::linked(linked) else {
            return;
        };
        if is_linked {
            keys.insert(key);
            return;
        }
        keys.remove(&key);
        if *linked == Linked::default() {
            self.by_crux.remove(&crux);
        }
    }
}

macro_rules! plain_entity {
    ($entity:ident, $id:ident, $table:ident, $added:ident, $touches:expr $(, $extra:item)*) => {
        impl Entity for $entity {
            type Id = $id;

            fn id(id: ChangeId) -> $id {
                $id(id)
            }
            fn table(tables: &mut Tables) -> &mut Table<$id, Self> {
                &mut tables.$table
            }
            fn begin(change: &Change) -> Option<Self> {
                let Payload::$added(first) = &change.payload else { return None };
                let mut entity = Self::default();
                entity.overlay(first);
                Some(entity)
            }
            fn touches(id: $id) -> Option<RecordRef> {
                $touches(id)
            }
            $($extra)*
        }
    };
}

plain_entity!(BoardOption, OptionId, options, OptionAdded, |_| Some(
    RecordRef::Board
));

plain_entity!(Person, PersonId, people, PersonAdded, |_| {
    Some(RecordRef::Board)
});

plain_entity!(
    Crux,
    CruxId,
    cruxes,
    CruxAdded,
    |id| Some(RecordRef::Crux(id)),
    fn cruxes(&self) -> Vec<CruxId> {
        self.split_from.into_iter().collect()
    },
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<CruxId>> {
        Some(&mut linked.parts)
    }
);

plain_entity!(Term, TermId, terms, TermDefined, |_| Some(RecordRef::Board));

plain_entity!(
    Position,
    PositionId,
    positions,
    PositionRecorded,
    |_| None,
    fn cruxes(&self) -> Vec<CruxId> {
        vec![self.crux]
    },
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<PositionId>> {
        Some(&mut linked.positions)
    }
);

plain_entity!(
    FollowUp,
    FollowUpId,
    follow_ups,
    FollowUpAdded,
    |id| Some(RecordRef::FollowUp(id)),
    fn cruxes(&self) -> Vec<CruxId> {
        self.crux.into_iter().collect()
    },
    fn linked(linked: &mut Linked) -> Option<&mut BTreeSet<FollowUpId>> {
        Some(&mut linked.follow_ups)
    }
);

plain_entity!(Decision, DecisionId, decisions, DecisionRecorded, |_| Some(
    RecordRef::Board
));

plain_entity!(Message, MessageId, messages, MessageListed, |_| Some(
    RecordRef::Reading
));

plain_entity!(BriefRead, BriefReadId, brief_reads, BriefSeen, |_| Some(
    RecordRef::Board
));

/// Applies a later change to its entity. An entity of another type stays as it is.
///
/// The match lists every kind of change: a new kind does not compile until it is handled here.
pub(super) fn apply_edit(entity: &mut dyn Any, change: &Change) {
    match &change.payload {
        Payload::OptionEdited(edited) => {
            with(entity, |it: &mut BoardOption| it.overlay(&edited.set))
        }
        Payload::PersonEdited(edited) => with(entity, |it: &mut Person| it.overlay(&edited.set)),
        Payload::CruxEdited(edited) => with(entity, |it: &mut Crux| it.overlay(&edited.set)),
        Payload::TermEdited(edited) => with(entity, |it: &mut Term| it.overlay(&edited.set)),
        Payload::PositionEdited(edited) => {
            with(entity, |it: &mut Position| it.overlay(&edited.set))
        }
        Payload::FollowUpEdited(edited) => {
            with(entity, |it: &mut FollowUp| it.overlay(&edited.set))
        }
        Payload::DecisionEdited(edited) => {
            with(entity, |it: &mut Decision| it.overlay(&edited.set))
        }
        Payload::MessageEdited(edited) => with(entity, |it: &mut Message| it.overlay(&edited.set)),
        Payload::BriefSeenEdited(edited) => {
            with(entity, |it: &mut BriefRead| it.overlay(&edited.set))
        }
        Payload::EvidenceEdited(edited) => {
            with(entity, |it: &mut Evidence| it.overlay(&edited.set))
        }
        Payload::EvidenceWeighed(weighed) => with(entity, |it: &mut Evidence| it.weigh(weighed)),
        Payload::TriggerEdited(edited) => with(entity, |it: &mut Trigger| it.edit(edited, change)),
        Payload::TriggerJudged(judged) => with(entity, |it: &mut Trigger| it.judge(judged, change)),
        Payload::TriggerChecked(checked) => {
            with(entity, |it: &mut Trigger| {
                it.checks.push(checked.as_ref().clone())
            });
        }
        Payload::StatementExplained(explained) => {
            with(entity, |it: &mut Statement| it.explain(explained));
            with(entity, |it: &mut OptionCredence| it.explain(explained));
            with(entity, |it: &mut JointCredence| it.explain(explained));
        }
        Payload::ReviewEdited(edited) => with(entity, |it: &mut Review| it.overlay(&edited.set)),
        Payload::ReviewNoted(noted) => with(entity, |it: &mut Review| it.note(noted)),
        Payload::ReviewClosed(_) => with(entity, |it: &mut Review| it.close(change)),
        Payload::RoundSaid(said) => with(entity, |it: &mut Round| it.say(said, change)),
        Payload::RoundSealed(sealed) => with(entity, |it: &mut Round| it.seal(sealed, change)),
        Payload::RoundClosed(closed) => with(entity, |it: &mut Round| it.close(closed, change)),
        Payload::RoundRevealed(revealed) => {
            with(entity, |it: &mut Round| it.reveal(revealed, change))
        }
        // These changes add a record, or apply to any record or to other changes.
        Payload::BoardDescribed(_)
        | Payload::OptionAdded(_)
        | Payload::PersonAdded(_)
        | Payload::CruxAdded(_)
        | Payload::TriggerAdded(_)
        | Payload::EvidenceFiled(_)
        | Payload::CredenceStated(_)
        | Payload::OptionCredenceStated(_)
        | Payload::JointCredenceStated(_)
        | Payload::PositionRecorded(_)
        | Payload::FollowUpAdded(_)
        | Payload::TermDefined(_)
        | Payload::ReviewHeld(_)
        | Payload::DecisionRecorded(_)
        | Payload::ReviewStarted(_)
        | Payload::RoundOpened(_)
        | Payload::MessageListed(_)
        | Payload::BriefSeen(_)
        | Payload::Trashed(_)
        | Payload::Restored(_)
        | Payload::Retracted(_)
        | Payload::Redacted(_)
        | Payload::Blank => {}
    }
}

fn with<T: 'static>(entity: &mut dyn Any, take: impl FnOnce(&mut T)) {
    if let Some(entity) = entity.downcast_mut() {
        take(entity);
    }
}
