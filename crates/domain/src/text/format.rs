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
use crate::t;
use crate::text::{joined, listed};
use crate::undo::describe;

pub use self::crux_value::{
    bits_words, cause_words, contradictory_words, discrimination_words, first_words, share_words,
};
pub use self::difference::{POOLING_NOTE, pooling_note, tally_words, tell};
pub use self::fields::{SetField, set_fields};
pub use self::holder::Holder;
pub use self::outcome::outcome_words;
pub use self::trigger::{
    NO_OPTION, changed_states_words, dispute_words, finding_words, goalpost_fields, measured_words,
    trigger_words, verdict_words,
};

/// Returns the name of a person.
#[must_use]
pub fn person_name(board: &Board, person: PersonId) -> String {
    board
        .person(person)
        .map_or_else(|| t!("somebody").into(), |person| person.name.clone())
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
    let option = option.map_or(t!("Deleted option"), |option| option.name.as_str());
    let (name, credence) = (person_name(board, said.person), said.credence.shown());
    match said.if_true {
        None => t!(
            "{name}: {credence} that “{option}” is right",
            name,
            credence,
            option
        ),
        Some(crux) => t!(
            "{name}: {credence} that “{option}” is right, if “{crux}” is true",
            name,
            credence,
            option,
            crux = crux_name(board, crux)
        ),
    }
}

/// Describes a joint effect: "Ann: 70% that “Wind down” is right, if “A” is true and “B” is false".
#[must_use]
pub fn joint_credence_words(board: &Board, said: &JointCredence) -> String {
    let option = board.option(said.option);
    let option = option.map_or(t!("Deleted option"), |option| option.name.as_str());
    t!(
        "{name}: {credence} that “{option}” is right, if {given}",
        name = person_name(board, said.person),
        credence = said.credence.shown(),
        option,
        given = given_words(board, &said.given)
    )
}

/// Returns the name of a question of a blind round: that of a crux, or "“Wind down” is right if “A” is true".
#[must_use]
pub fn topic_name(board: &Board, topic: Topic) -> String {
    let crux_name = |crux: CruxId| {
        let crux = board.crux(crux);
        crux.map_or_else(
            || t!("Deleted crux").into(),
            |crux| crux.name().into_owned(),
        )
    };
    match topic {
        Topic::Crux(crux) => crux_name(crux),
        Topic::Option(OptionQuestion { option, if_true }) => {
            let option = board.option(option);
            let option = option.map_or(t!("Deleted option"), |option| option.name.as_str());
            match if_true {
                Some(crux) => t!(
                    "“{option}” is right if “{crux}” is true",
                    option,
                    crux = crux_name(crux)
                ),
                None => t!("“{option}” is right", option),
            }
        }
    }
}

/// Describes cruxes that are assumed to be true or false: "“A” is true and “B” is false".
#[must_use]
pub fn given_words(board: &Board, given: &[Given]) -> String {
    let words = given.iter().map(|one| {
        let crux = crux_name(board, one.crux);
        match one.is_true {
            true => t!("“{crux}” is true", crux),
            false => t!("“{crux}” is false", crux),
        }
    });
    listed(&words.collect::<Vec<_>>())
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
    let name = option.map_or(t!("Deleted option"), |option| &option.name);
    let because = match why.trim() {
        "" => name.to_owned(),
        why => t!("{name}, because {why}", name, why),
    };
    let again = decision
        .until
        .map(|day| t!("to be looked at again on {day}", day = spelled(day)));
    joined(&[because, again.unwrap_or_default()], " · ")
}

/// Describes a closing: by whom, and without whose answers.
#[must_use]
pub fn closing_words(board: &Board, closing: &Closing) -> String {
    let who = closing
        .by
        .map_or_else(|| t!("somebody").into(), |by| person_name(board, by));
    let others = closing.without.iter();
    let others = others.filter(|person| Some(**person) != closing.by);
    let others: Vec<String> = others.map(|person| person_name(board, *person)).collect();
    let has_not_answered = closing.by.is_some_and(|by| closing.without.contains(&by));
    match (has_not_answered, others.join(", ")) {
        (false, others) if others.is_empty() => t!("Closed by {who}.", who),
        (true, others) if others.is_empty() => t!("Closed by {who}, who had not answered.", who),
        (false, others) => t!("Closed by {who} without waiting for {others}.", who, others),
        (true, others) => t!(
            "Closed by {who}, who had not answered, without waiting for {others} either.",
            who,
            others
        ),
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
        true => t!(
            "{day}, {time}",
            day = spelled(day),
            time = now.clock_of(review.0.millis())
        ),
        false => spelled(day),
    }
}

/// Returns the name of a crux in a sentence.
fn crux_name(board: &Board, crux: CruxId) -> Cow<'_, str> {
    let crux = board.crux(crux);
    crux.map_or_else(|| t!("a deleted crux").into(), |crux| crux.name())
}

/// Describes the record or change of an id. Never shows the id.
fn reference_words(board: &Board, id: ChangeId) -> String {
    if id == ChangeId::MIN {
        return t!("the board").into();
    }
    if let Some(name) = record_name(board, id).filter(|name| !name.is_empty()) {
        return name;
    }
    if let Some(said) = board.statement(StatementId(id)) {
        return t!(
            "{name}’s credence on {crux}",
            name = person_name(board, said.person),
            crux = crux_name(board, said.crux)
        );
    }
    let day = spelled(id.day());
    if board.review(ReviewId(id)).is_some() {
        return t!("the review of {day}", day);
    }
    if board.round(RoundId(id)).is_some() {
        return t!("the blind round of {day}", day);
    }
    match board.log().change(id) {
        Some(change) if change.payload != Payload::Blank => {
            t!("“{change}” of {day}", change = describe([change]), day)
        }
        Some(_) => t!("what was erased of {day}", day),
        None => t!("something that is not on this board").into(),
    }
}

/// Describes a stored value; ids become names.
#[must_use]
pub fn in_words(board: &Board, value: &Value) -> String {
    match value {
        Value::Null => t!("nothing").into(),
        Value::Bool(is_so) => if *is_so { t!("yes") } else { t!("no") }.into(),
        Value::Number(number) => crate::translation::number(number),
        Value::String(text) => match text.parse::<ChangeId>() {
            Ok(id) => reference_words(board, id),
            Err(_) if text.is_empty() => t!("nothing").into(),
            Err(_) => text.clone(),
        },
        Value::Array(items) if items.is_empty() => t!("nothing").into(),
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
