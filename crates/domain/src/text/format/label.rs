//! Labels of fields, from the tables of their records.

use crate::ChangeId;
use crate::board::Board;
use crate::change::RecordKind;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, Crux, Decision, Evidence, FollowUp, Message, Person,
    Position, Review, Round, Term, Trigger,
};

/// The fields of changes that are no fields of a record.
const OF_CHANGES: &[(&str, &str)] = &[("of", "Record"), ("at", "Held since")];

/// Returns the label of a field of a record, by its stored name.
pub(super) fn field_label(board: &Board, record: ChangeId, name: &str) -> String {
    let first = board.log().change(record);
    let kind = first.and_then(|first| first.payload.adds());
    let labels = kind.map_or(BoardInfo::LABELS, labels_of).iter();
    let mut labels = labels.chain(OF_CHANGES);
    let found = labels.find(|(known, _)| *known == name);
    found.map_or_else(
        || capitalized(&name.replace('_', " ")),
        |(_, label)| (*label).to_owned(),
    )
}

/// Returns the names and labels of the fields of a kind of record.
fn labels_of(kind: RecordKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        RecordKind::Option => BoardOption::LABELS,
        RecordKind::Person => Person::LABELS,
        RecordKind::Crux => Crux::LABELS,
        RecordKind::Trigger => Trigger::LABELS,
        RecordKind::Evidence => Evidence::LABELS,
        RecordKind::Position => Position::LABELS,
        RecordKind::FollowUp => FollowUp::LABELS,
        RecordKind::Term => Term::LABELS,
        RecordKind::Decision => Decision::LABELS,
        RecordKind::Review => Review::LABELS,
        RecordKind::Round => Round::LABELS,
        RecordKind::Message => Message::LABELS,
        RecordKind::BriefRead => BriefRead::LABELS,
        // These are stated once, and have no fields that are edited one by one.
        RecordKind::Statement
        | RecordKind::OptionCredence
        | RecordKind::JointCredence
        | RecordKind::RecordedReview => &[],
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
