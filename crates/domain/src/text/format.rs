//! Describes records, values and differences for people.

mod crux_value;
mod difference;
mod fields;
mod holder;
mod label;
pub mod option_brief;
mod outcome;
mod trigger;

use std::borrow::Cow;

use serde_json::Value;

use crate::ChangeId;
use crate::board::Board;
use crate::change::{Payload, RecordKind};
use crate::date::{Now, spelled};
use crate::record::{
    BriefReadId, Closing, CruxId, Decision, DecisionId, EvidenceId, FollowUpId, Given,
    JointCredence, JointCredenceId, MessageId, OptionCredence, OptionCredenceId, OptionId,
    OptionQuestion, PersonId, PositionId, ReviewId, RoundId, StatementId, TermId, Topic, TriggerId,
};
use crate::text::joined;
use crate::undo::describe;

pub use self::crux_value::{
    bits_words, cause_words, contradictory_words, discrimination_words, first_words, share_words,
    tenth_points,
};
pub use self::difference::{POOLING_NOTE, pooling_note, tally_words, tell};
pub use self::fields::{SetField, set_fields};
pub use self::holder::Holder;
pub use self::outcome::outcome_words;
pub use self::trigger::{
    NO_OPTION, changed_states_words, dispute_words, finding_words, goalpost_fields, measured_words,
    trigger_words,
};

/// Returns the name of a person.
#[must_use]
pub fn person_name(board: &Board, person: PersonId) -> String {
    board
        .person(person)
        .map_or_else(|| "somebody".into(), |person| person.name.clone())
}

/// Returns the beginning of a text, at most `most` characters; "…" marks the cut.
#[must_use]
pub fn short(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        // A text that was cut before already ends in "…".
        Some((end, _)) => {
            Cow::Owned(text[..end].trim_end_matches(['…', ' ', '\n']).to_owned() + "…")
        }
    }
}

/// Returns the name of a record in one line; `None` if its kind has no names.
#[must_use]
pub fn record_name(board: &Board, id: ChangeId) -> Option<String> {
    let first = board.log().change(id)?;
    match first.payload.adds()? {
        RecordKind::Option => Some(board.option(OptionId(id))?.name.clone()),
        RecordKind::Person => Some(board.person(PersonId(id))?.name.clone()),
        RecordKind::Crux => Some(board.crux(CruxId(id))?.name().into_owned()),
        RecordKind::Trigger => Some(board.trigger(TriggerId(id))?.headline()),
        RecordKind::Evidence => Some(board.evidence(EvidenceId(id))?.headline().to_owned()),
        RecordKind::OptionCredence => {
            let said = board.option_credence(OptionCredenceId(id))?;
            Some(option_credence_words(board, said))
        }
        RecordKind::JointCredence => {
            let said = board.joint_credence(JointCredenceId(id))?;
            Some(joint_credence_words(board, said))
        }
        RecordKind::Position => Some(board.position(PositionId(id))?.holder.clone()),
        RecordKind::FollowUp => Some(board.follow_up(FollowUpId(id))?.what.clone()),
        RecordKind::Term => Some(board.term(TermId(id))?.term.clone()),
        RecordKind::Decision => {
            let decision = board.decision(DecisionId(id))?;
            Some(decision_headline(board, decision))
        }
        RecordKind::Message => Some(board.message(MessageId(id))?.text.clone()),
        RecordKind::BriefRead => Some(board.brief_read(BriefReadId(id))?.who.clone()),
        RecordKind::Statement
        | RecordKind::RecordedReview
        | RecordKind::Review
        | RecordKind::Round => None,
    }
}

/// Describes a credence in an option: "Ann: 30% that “Wind down” is right", and the crux that is assumed to
/// be true.
#[must_use]
pub fn option_credence_words(board: &Board, said: &OptionCredence) -> String {
    let option = board.option(said.option);
    let option = option.map_or("Deleted option", |option| option.name.as_str());
    let given = said.if_true.map(|crux| {
        let crux = board.crux(crux);
        let crux = crux.map_or_else(|| "a deleted crux".into(), |crux| crux.name());
        format!(", if “{crux}” is true")
    });
    format!(
        "{}: {} that “{option}” is right{}",
        person_name(board, said.person),
        said.credence.shown(),
        given.unwrap_or_default()
    )
}

/// Describes a joint effect: "Ann: 70% that “Wind down” is right, if “A” is true and “B” is false".
#[must_use]
pub fn joint_credence_words(board: &Board, said: &JointCredence) -> String {
    let option = board.option(said.option);
    let option = option.map_or("Deleted option", |option| option.name.as_str());
    format!(
        "{}: {} that “{option}” is right, if {}",
        person_name(board, said.person),
        said.credence.shown(),
        given_words(board, &said.given)
    )
}

/// Returns the name of a question of a blind round: that of a crux, or "“Wind down” is right if “A” is true".
#[must_use]
pub fn topic_name(board: &Board, topic: Topic) -> String {
    let crux_name = |crux: CruxId| {
        let crux = board.crux(crux);
        crux.map_or_else(|| "Deleted crux".into(), |crux| crux.name().into_owned())
    };
    match topic {
        Topic::Crux(crux) => crux_name(crux),
        Topic::Option(OptionQuestion { option, if_true }) => {
            let option = board.option(option);
            let option = option.map_or("Deleted option", |option| option.name.as_str());
            match if_true {
                Some(crux) => format!("“{option}” is right if “{}” is true", crux_name(crux)),
                None => format!("“{option}” is right"),
            }
        }
    }
}

/// Describes cruxes that are assumed to be true or false: "“A” is true and “B” is false".
#[must_use]
pub fn given_words(board: &Board, given: &[Given]) -> String {
    let words = given.iter().map(|one| {
        let crux = board.crux(one.crux);
        let crux = crux.map_or_else(|| "a deleted crux".into(), |crux| crux.name());
        let truth = if one.is_true { "true" } else { "false" };
        format!("“{crux}” is {truth}")
    });
    words.collect::<Vec<_>>().join(" and ")
}

/// Describes a decision: "Continue, until 31 Mar 2027".
#[must_use]
pub fn decision_headline(board: &Board, decision: &Decision) -> String {
    decision_sentence(board, decision, "")
}

/// A decision with the reason given for it: "Wind down, because it pays · to be looked at again on 1 Mar
/// 2027".
#[must_use]
pub fn decision_sentence(board: &Board, decision: &Decision, why: &str) -> String {
    let option = decision.option.and_then(|option| board.option(option));
    let name = option.map_or("Deleted option", |option| &option.name);
    let because = match why.trim() {
        "" => name.to_owned(),
        why => format!("{name}, because {why}"),
    };
    let again = decision
        .until
        .map(|day| format!("to be looked at again on {}", spelled(day)));
    joined(&[because, again.unwrap_or_default()], " · ")
}

/// Describes a closing: by whom, and without whose answers.
#[must_use]
pub fn closing_words(board: &Board, closing: &Closing) -> String {
    let who = closing
        .by
        .map_or("somebody".into(), |by| person_name(board, by));
    let others = closing.without.iter();
    let others = others.filter(|person| Some(**person) != closing.by);
    let others: Vec<String> = others.map(|person| person_name(board, *person)).collect();
    let has_not_answered = closing.by.is_some_and(|by| closing.without.contains(&by));
    match (has_not_answered, others.join(", ")) {
        (false, others) if others.is_empty() => format!("Closed by {who}."),
        (true, others) if others.is_empty() => {
            format!("Closed by {who}, who had not answered.")
        }
        (false, others) => format!("Closed by {who} without waiting for {others}."),
        (true, others) => {
            format!("Closed by {who}, who had not answered, without waiting for {others} either.")
        }
    }
}

/// Returns the day of a review, with the time of day if another review began on that day: "30 Nov 2026",
/// "30 Nov 2026, 14:05".
#[must_use]
pub fn review_day(board: &Board, review: ReviewId, now: Now) -> String {
    let began = |id: ReviewId| now.day_of(id.0.millis());
    let day = began(review);
    let others = board.reviews().filter(|it| it.id != review);
    match others.map(|it| began(it.id)).any(|other| other == day) {
        true => format!("{}, {}", spelled(day), now.clock_of(review.0.millis())),
        false => spelled(day),
    }
}

/// Describes the record or change of an id. Never shows the id.
fn reference_words(board: &Board, id: ChangeId) -> String {
    if id == ChangeId::MIN {
        return "the board".into();
    }
    if let Some(name) = record_name(board, id).filter(|name| !name.is_empty()) {
        return name;
    }
    if let Some(said) = board.statement(StatementId(id)) {
        let crux = board.crux(said.crux);
        let crux = crux.map_or_else(|| "a deleted crux".into(), |crux| crux.name());
        return format!("{}’s credence on {crux}", person_name(board, said.person));
    }
    let day = spelled(id.day());
    if board.review(ReviewId(id)).is_some() {
        return format!("the review of {day}");
    }
    if board.round(RoundId(id)).is_some() {
        return format!("the blind round of {day}");
    }
    match board.log().change(id) {
        Some(change) if change.payload != Payload::Blank => {
            format!("“{}” of {day}", describe([change]))
        }
        Some(_) => format!("what was erased of {day}"),
        None => "something that is not on this board".into(),
    }
}

/// Describes a stored value; ids become names.
#[must_use]
pub fn in_words(board: &Board, value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(is_so) => if *is_so { "yes" } else { "no" }.into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match text.parse::<ChangeId>() {
            Ok(id) => reference_words(board, id),
            Err(_) if text.is_empty() => "nothing".into(),
            Err(_) => text.clone(),
        },
        Value::Array(items) if items.is_empty() => "nothing".into(),
        Value::Array(items) => items
            .iter()
            .map(|item| in_words(board, item))
            .collect::<Vec<_>>()
            .join("; "),
        Value::Object(inner) => {
            let said = inner.iter().filter(|(name, _)| *name != "reason_seal");
            let words = said.map(|(_, value)| in_words(board, value));
            words.collect::<Vec<_>>().join(", ")
        }
    }
}
