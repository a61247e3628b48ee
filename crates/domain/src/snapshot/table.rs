//! What may leave a board: each noun, and those of its fields that go into a snapshot.
//!
//! A noun or field that does not stand here stays at home, whoever adds it. The order is the order
//! in links: a new field goes last, and a new noun too.

use serde_json::{Map, Value};

use super::{Audience, Depth, RedactionReason};
use crate::record::{
    Basis, BearingKind, Comparison, Direction, FollowUpKind, FollowUpState, Grounds, Holding,
    Importance, Inference, Kind as EvidenceKind, Mark, Measure, Modality, Origin, Reliability,
    Reliance, Restatement, Scope, Shows, Specificity, Stage, Strength, Verdict, Visibility,
};
use crate::trigger_state::TriggerState;

/// The fields of a record, by name.
pub(super) type Fields = Map<String, Value>;

/// One sort of fact that may go.
pub(super) struct SharedEntity {
    /// As the fact is called in JSON.
    pub(super) tag: &'static str,
    pub(super) fields: &'static [Field],
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) goes: Goes,
}

/// When a field goes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Goes {
    Always,
    /// With everything, but not with the argument alone.
    WithDetails,
    /// To readers inside, and with everything.
    Inside,
    /// Not under aliases: it would lead to the person.
    WithNames,
}

/// What a field holds, which decides how it is redacted and packed.
pub(super) enum Form {
    Text,
    /// The name of somebody.
    Name,
    Texts,
    Names,
    Flag,
    Number,
    /// Credence, in percent.
    Percent,
    Day,
    VagueDay,
    /// Unix milliseconds, told in minutes from when the record was added.
    Moment,
    Word(&'static [&'static str]),
    /// One record of the noun at this place of [`ENTITIES`].
    Ref(usize),
    Refs(usize),
    /// Several values, each with fields of its own.
    List(&'static [Field]),
    /// One value with fields of its own.
    One(&'static [Field]),
}

use Form::{
    Day, Flag, List, Moment, Name, Names, Number, One, Percent, Ref, Refs, Text, Texts, VagueDay,
    Word,
};
use Goes::{Always, Inside, WithDetails, WithNames};

const fn field(name: &'static str, form: Form, goes: Goes) -> Field {
    Field { name, form, goes }
}

const OPTION: usize = 1;
pub(super) const PERSON: usize = 2;
const CRUX: usize = 3;
pub(super) const TRIGGER: usize = 4;
const JUDGEMENT: usize = 5;
const EVIDENCE: usize = 6;

/// What goes, in the order in which links hold it.
pub(super) const ENTITIES: &[SharedEntity] = &[
    SharedEntity {
        tag: "board-described",
        fields: &[
            field("question", Text, Always),
            field("about", Text, WithDetails),
            field("notice", Text, Always),
            field("stale_after_days", Number, Always),
            field("next_review", Day, Always),
        ],
    },
    SharedEntity {
        tag: "option-added",
        fields: &[
            field("name", Text, Always),
            field("mark", Word(Mark::KEYS), Always),
            field("means", Text, WithDetails),
        ],
    },
    SharedEntity {
        tag: "person-added",
        fields: &[
            field("name", Name, Always),
            field("initials", Text, WithNames),
            field("role", Text, WithNames),
            field("red_team", Flag, Always),
        ],
    },
    SharedEntity {
        tag: "crux-added",
        fields: &[
            field("title", Text, Always),
            field("claim", Text, Always),
            field("if_true", Ref(OPTION), Always),
            field("if_true_note", Text, Always),
            field("stage", Word(Stage::KEYS), Always),
            field("stage_reason", Text, Always),
            field("importance", Word(Importance::KEYS), Always),
            field("rank", Text, Always),
            field("owner", Ref(PERSON), Always),
            field("review_on", Day, Always),
            field("tags", Texts, WithDetails),
            field(
                "bearings",
                List(&[
                    field("kind", Word(BearingKind::KEYS), Always),
                    field("degree", Text, WithDetails),
                ]),
                Always,
            ),
            field("scope", Word(Scope::KEYS), Always),
            field("scope_note", Text, WithDetails),
            field("specificity", Word(Specificity::KEYS), Always),
            field("wider_class", Text, WithDetails),
            field("basis", Word(Basis::KEYS), Always),
            field("alternative", Text, WithDetails),
            field("hits_alternative", Text, WithDetails),
            field("reliance", Word(Reliance::KEYS), Always),
            field("modality", Word(Modality::KEYS), Always),
            field("due_to", Text, WithDetails),
            field("conditions", Texts, WithDetails),
            field("hedge", Text, WithDetails),
            field("origin", Word(Origin::KEYS), Always),
            field("sourced_from", Name, WithDetails),
            field("one_liner", Text, Always),
            field("implication", Text, WithDetails),
            field(
                "mitigations",
                List(&[field("what", Text, Always), field("cost", Text, Always)]),
                WithDetails,
            ),
            field("test_cost", Text, WithDetails),
            field("usually_missed", Flag, Always),
            field("split_from", Ref(CRUX), Always),
            field("separate_from", Refs(CRUX), Always),
            field("scored_until", Day, Always),
            field("note", Text, Inside),
        ],
    },
    SharedEntity {
        tag: "trigger-added",
        fields: &[
            field("crux", Ref(CRUX), Always),
            field("toward", Ref(OPTION), Always),
            field("armed", Flag, Always),
            field("observable", Text, Always),
            field("source", Text, WithDetails),
            field("threshold", Text, WithDetails),
            field("by_date", Day, Always),
            field("judge", Name, Always),
            field("action", Text, WithDetails),
            field("review_on", Day, WithDetails),
            field(
                "rule",
                One(&[
                    field("measure", Word(Measure::KEYS), Always),
                    field("comparison", Word(Comparison::KEYS), Always),
                    field("value", Percent, Always),
                    field("reviews", Number, Always),
                ]),
                Always,
            ),
            field("if_met", Word(Shows::KEYS), Always),
            field("if_not_met", Word(Shows::KEYS), Always),
            field("quorum", Number, Always),
        ],
    },
    SharedEntity {
        tag: "trigger-judged",
        fields: &[
            field("trigger", Ref(TRIGGER), Always),
            field("verdict", Word(Verdict::KEYS), Always),
            field("reason", Text, Always),
            field("evidence", Refs(EVIDENCE), Always),
            field("by", Ref(PERSON), Always),
            field("settles", Refs(JUDGEMENT), Always),
        ],
    },
    SharedEntity {
        tag: "evidence-filed",
        fields: &[
            field("text", Text, Always),
            field("quote", Text, WithDetails),
            field("url", Text, WithNames),
            field("kind", Word(EvidenceKind::KEYS), Always),
            field("source", Name, Always),
            field("message", Text, WithDetails),
            field("origin", Word(Origin::KEYS), Always),
            field("passed_on_by", Names, WithDetails),
            field("event_date", VagueDay, Always),
            field("source_date", VagueDay, Always),
            field("visibility", Word(Visibility::KEYS), Inside),
            field("seen_by", Names, Inside),
            field("reliability", Word(Reliability::KEYS), Always),
            field("inference", Word(Inference::KEYS), Always),
            field("same_origin_as", Refs(EVIDENCE), Always),
            field("answers", Ref(EVIDENCE), Always),
            field(
                "rivals",
                List(&[field("text", Text, Always), field("weight", Text, Always)]),
                Always,
            ),
            field("exceptions", Texts, WithDetails),
            field("not_in_hand", Flag, Always),
            field("already_read", Flag, Inside),
            field("tags", Texts, WithDetails),
        ],
    },
    SharedEntity {
        tag: "evidence-weighed",
        fields: &[
            field("evidence", Ref(EVIDENCE), Always),
            field("crux", Ref(CRUX), Always),
            field(
                "bears_on",
                One(&[
                    field("direction", Word(Direction::KEYS), Always),
                    field("strength", Word(Strength::KEYS), Always),
                ]),
                Always,
            ),
        ],
    },
    SharedEntity {
        tag: "credence-stated",
        fields: &[
            field("crux", Ref(CRUX), Always),
            field("person", Ref(PERSON), Always),
            field("credence", Percent, Always),
            field("reason", Text, Always),
            field("evidence", Refs(EVIDENCE), Always),
            field("reaffirms", Flag, Always),
            field("at", Moment, Always),
        ],
    },
    SharedEntity {
        tag: "position-recorded",
        fields: &[
            field("crux", Ref(CRUX), Always),
            field("holder", Name, Always),
            field("message", Text, WithDetails),
            field("grounds", Word(Grounds::KEYS), Always),
            field("holding", Word(Holding::KEYS), Always),
            field("quote", Text, WithDetails),
            field("hedge", Text, WithDetails),
            field("credence", Percent, Always),
            field("assigned", Flag, Always),
            field("restatement", Word(Restatement::KEYS), Always),
            field("note", Text, WithDetails),
        ],
    },
    SharedEntity {
        tag: "follow-up-added",
        fields: &[
            field("what", Text, Always),
            field("kind", Word(FollowUpKind::KEYS), Always),
            field("state", Word(FollowUpState::KEYS), Always),
            field("owner", Name, Always),
            field("whom", Name, Always),
            field("by_date", Day, Always),
            field("outcome", Text, Always),
            field("url", Text, WithNames),
            field("crux", Ref(CRUX), Always),
            field("evidence", Ref(EVIDENCE), Always),
        ],
    },
    SharedEntity {
        tag: "term-defined",
        fields: &[
            field("term", Text, Always),
            field("meaning", Text, Always),
            field("source", Name, WithDetails),
        ],
    },
    // That there was one, and when: credence triggers count reviews.
    SharedEntity {
        tag: "review-held",
        fields: &[],
    },
];

/// What a snapshot says of itself.
pub(super) const HEAD: &[Field] = &[
    field("title", Text, Always),
    field("note", Text, Always),
    field("made_by", Name, Always),
    field("taken_at", Moment, Always),
    field("audience", Word(Audience::KEYS), Always),
    field("depth", Word(Depth::KEYS), Always),
    field("aliases", Flag, Always),
    field("all_cruxes", Number, Always),
    field("board_key", Number, Always),
    field(
        "withheld",
        List(&[
            field("what", Word(RedactionReason::KEYS), Always),
            field("count", Number, Always),
        ]),
        Always,
    ),
    field("without_stale", Flag, Always),
    field(
        "states",
        List(&[
            field("trigger", Ref(TRIGGER), Always),
            field("state", Word(TriggerState::KEYS), Always),
        ]),
        Always,
    ),
];

/// The noun of this fact, and its place.
pub(super) fn entity(tag: &str) -> Option<(usize, &'static SharedEntity)> {
    ENTITIES
        .iter()
        .enumerate()
        .find(|(_, entity)| entity.tag == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_point_at_the_nouns_they_name() {
        for (place, tag) in [
            (OPTION, "option-added"),
            (PERSON, "person-added"),
            (CRUX, "crux-added"),
            (TRIGGER, "trigger-added"),
            (JUDGEMENT, "trigger-judged"),
            (EVIDENCE, "evidence-filed"),
        ] {
            assert_eq!(ENTITIES[place].tag, tag);
        }
        for entity in ENTITIES {
            // One bit of a number says whether a field is there.
            assert!(entity.fields.len() <= 64, "{}", entity.tag);
        }
    }
}
