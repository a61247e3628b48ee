use super::*;
use crate::record::table::entity::{DECISION, FOLLOW_UP, STATEMENT};

#[test]
fn references_point_at_the_nouns_they_name() {
    for (place, tag) in [
        (OPTION, "option-added"),
        (PERSON, "person-added"),
        (CRUX, "crux-added"),
        (TRIGGER, "trigger-added"),
        (JUDGEMENT, "trigger-judged"),
        (EVIDENCE, "evidence-filed"),
        (STATEMENT, "credence-stated"),
        (FOLLOW_UP, "follow-up-added"),
        (DECISION, "decision-recorded"),
        (PACKED, "decision-recorded"),
    ] {
        assert_eq!(ENTITIES[place].kind.tag(), tag);
    }
    for (place, entity) in ENTITIES.iter().enumerate() {
        assert_eq!(entity.kind as usize, place, "{:?}", entity.kind);
        // A number has one bit for each field, which tells whether it is present.
        assert!(entity.fields.len() <= 64, "{}", entity.kind.tag());
    }
}
