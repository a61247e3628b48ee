//! The entities and fields that may be in a snapshot.
//!
//! An entity that is not listed here stays on the board, and so does a field that the table of its record
//! includes [`Never`](crate::record::table::Inclusion). The order is that in links, whose version 1 is fixed:
//! see [`PACKED`].

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use super::shared_kind::SharedKind;
use super::{Audience, Depth, RedactionReason};
use crate::record::table::Inclusion::Always;
use crate::record::table::ValueKind::{
    Flag, List, Moment, Name, Number, One, Percent, Ref, Refs, Text, Word,
};
use crate::record::table::entity::{CRUX, EVIDENCE, JUDGEMENT, OPTION, PERSON, TRIGGER};
use crate::record::table::{SharedField, shared};
use crate::record::{
    BoardInfo, BoardOption, Crux, Decision, Direction, Evidence, FollowUp, Person, Position,
    Strength, Term, Trigger, Verdict,
};
use crate::trigger_state::TriggerState;
use crate::{ChangeId, Millis};

/// The fields of a record, by name.
pub(super) type Fields = Map<String, Value>;

/// Returns the time since which a credence was held.
pub(super) fn stated_at(fields: &Fields, id: ChangeId) -> Millis {
    let time = |name: &str| fields.get(name).and_then(Millis::in_json);
    let at = time("at").unwrap_or(id.millis());
    time("wall_clock").map_or(at, |clock| clock.min(at))
}

/// One kind of fact that may be in a snapshot.
pub(super) struct SharedEntity {
    pub(super) kind: SharedKind,
    pub(super) fields: &'static [SharedField],
}

/// Number of [`ENTITIES`], from the first, that version 1 of links stores. The others are in its extension.
pub(super) const PACKED: usize = 13;

/// The entities, in the order in which links store them.
pub(super) const ENTITIES: &[SharedEntity] = &[
    SharedEntity {
        kind: SharedKind::Board,
        fields: BoardInfo::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Option,
        fields: BoardOption::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Person,
        fields: Person::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Crux,
        fields: Crux::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Trigger,
        fields: Trigger::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Judgement,
        fields: &[
            shared("trigger", Ref(TRIGGER), Always),
            shared("verdict", Word(Verdict::KEYS), Always),
            shared("reason", Text, Always),
            shared("evidence", Refs(EVIDENCE), Always),
            shared("by", Ref(PERSON), Always),
            shared("settles", Refs(JUDGEMENT), Always),
        ],
    },
    SharedEntity {
        kind: SharedKind::Evidence,
        fields: Evidence::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Weight,
        fields: &[
            shared("evidence", Ref(EVIDENCE), Always),
            shared("crux", Ref(CRUX), Always),
            shared(
                "bears_on",
                One(&[
                    shared("direction", Word(Direction::KEYS), Always),
                    shared("strength", Word(Strength::KEYS), Always),
                ]),
                Always,
            ),
        ],
    },
    SharedEntity {
        kind: SharedKind::Credence,
        fields: &[
            shared("crux", Ref(CRUX), Always),
            shared("person", Ref(PERSON), Always),
            shared("credence", Percent, Always),
            shared("reason", Text, Always),
            shared("evidence", Refs(EVIDENCE), Always),
            shared("reaffirms", Flag, Always),
            shared("at", Moment, Always),
        ],
    },
    SharedEntity {
        kind: SharedKind::Position,
        fields: Position::SHARED,
    },
    SharedEntity {
        kind: SharedKind::FollowUp,
        fields: FollowUp::SHARED,
    },
    SharedEntity {
        kind: SharedKind::Term,
        fields: Term::SHARED,
    },
    // Only the fact and time of a review, since credence triggers count reviews.
    SharedEntity {
        kind: SharedKind::Review,
        fields: &[],
    },
    // The standing decision.
    SharedEntity {
        kind: SharedKind::Decision,
        fields: Decision::SHARED,
    },
    // Stored in the extension of links.
    SharedEntity {
        kind: SharedKind::OptionCredence,
        fields: &[
            shared("option", Ref(OPTION), Always),
            shared("if_true", Ref(CRUX), Always),
            shared("person", Ref(PERSON), Always),
            shared("credence", Percent, Always),
            shared("reason", Text, Always),
            shared("evidence", Refs(EVIDENCE), Always),
        ],
    },
];

/// The snapshot's own fields.
pub(super) const HEAD: &[SharedField] = &[
    shared("title", Text, Always),
    shared("note", Text, Always),
    shared("made_by", Name, Always),
    shared("taken_at", Moment, Always),
    shared("audience", Word(Audience::KEYS), Always),
    shared("depth", Word(Depth::KEYS), Always),
    shared("aliases", Flag, Always),
    shared("all_cruxes", Number, Always),
    shared("board_key", Number, Always),
    shared(
        "withheld",
        List(&[
            shared("what", Word(RedactionReason::KEYS), Always),
            shared("count", Number, Always),
        ]),
        Always,
    ),
    shared("without_stale", Flag, Always),
    shared(
        "states",
        List(&[
            shared("trigger", Ref(TRIGGER), Always),
            shared("state", Word(TriggerState::KEYS), Always),
        ]),
        Always,
    ),
];

/// Returns the entity of this fact, and its index.
pub(super) fn entity(tag: &str) -> Option<(usize, &'static SharedEntity)> {
    ENTITIES
        .iter()
        .enumerate()
        .find(|(_, entity)| entity.kind.tag() == tag)
}
