//! Labels of fields, from the tables of their records.

use crate::ChangeId;
use crate::board::Board;
use crate::change::RecordKind;
use crate::record::table::Field;
use crate::record::{
    BoardInfo, BoardOption, BriefRead, Crux, Decision, Evidence, FollowUp, Message, Person,
    Position, Review, Round, Term, Trigger,
};
use crate::t;

/// Returns the label of a field of changes that is no field of a record.
fn of_changes(name: &str) -> Option<&'static str> {
    match name {
        "of" => Some(t!("Record")),
        "at" => Some(t!("Held since")),
        _ => None,
    }
}

/// Returns the label of a field of a record, by its stored name.
pub(super) fn field_label(board: &Board, record: ChangeId, name: &str) -> String {
    let first = board.log().change(record);
    let kind = first.and_then(|first| first.payload.adds());
    let mut fields = kind.map_or(BoardInfo::FORM, fields_of).iter();
    let field = fields.find(|field| field.name == name);
    let label = field.map(Field::label).or_else(|| of_changes(name));
    label.map_or_else(|| capitalized(&name.replace('_', " ")), str::to_owned)
}

/// Returns the fields of a kind of record.
fn fields_of(kind: RecordKind) -> &'static [Field] {
    match kind {
        RecordKind::Option => BoardOption::FORM,
        RecordKind::Person => Person::FORM,
        RecordKind::Crux => Crux::FORM,
        RecordKind::Trigger => Trigger::FORM,
        RecordKind::Evidence => Evidence::FORM,
        RecordKind::Position => Position::FORM,
        RecordKind::FollowUp => FollowUp::FORM,
        RecordKind::Term => Term::FORM,
        RecordKind::Decision => Decision::FORM,
        RecordKind::Review => Review::FORM,
        RecordKind::Round => Round::FORM,
        RecordKind::Message => Message::FORM,
        RecordKind::BriefRead => BriefRead::FORM,
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
