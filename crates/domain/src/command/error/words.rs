//! The fields and records that errors name, as parts of sentences.

use crate::t;

/// Says that a field is still empty.
pub(super) fn empty_words(field: &str) -> String {
    let known = match field {
        "choice of an option" => t!("The choice of an option is still empty."),
        "claim" => t!("The claim is still empty."),
        "claim that is split off" => t!("The claim that is split off is still empty."),
        "claim that stays" => t!("The claim that stays is still empty."),
        "decision question" => t!("The decision question is still empty."),
        "description" => t!("The description is still empty."),
        "name" => t!("The name is still empty."),
        "name of the option" => t!("The name of the option is still empty."),
        "name of who holds it" => t!("The name of who holds it is still empty."),
        "observable" => t!("The observable is still empty."),
        "question" => t!("The question is still empty."),
        "reason" => t!("The reason is still empty."),
        "term" => t!("The term is still empty."),
        "text, quote or link" => t!("The text, quote or link is still empty."),
        other => return t!("The {field} is still empty.", field = other),
    };
    known.to_owned()
}

/// Says that a record is no longer on the board.
pub(super) fn gone_words(record: &str) -> String {
    let known = match record {
        "credence" => t!("That credence is not on this board any more."),
        "crux" => t!("That crux is not on this board any more."),
        "decision" => t!("That decision is not on this board any more."),
        "follow-up" => t!("That follow-up is not on this board any more."),
        "item of evidence" => t!("That item of evidence is not on this board any more."),
        "message" => t!("That message is not on this board any more."),
        "note" => t!("That note is not on this board any more."),
        "option" => t!("That option is not on this board any more."),
        "person" => t!("That person is not on this board any more."),
        "position" => t!("That position is not on this board any more."),
        "review" => t!("That review is not on this board any more."),
        "round" => t!("That round is not on this board any more."),
        "term" => t!("That term is not on this board any more."),
        "trigger" => t!("That trigger is not on this board any more."),
        other => {
            return t!(
                "That {record} is not on this board any more.",
                record = other
            );
        }
    };
    known.to_owned()
}

/// Returns the name of a field in a sentence, by its stored name.
pub(super) fn field_words(field: &str) -> &str {
    match field {
        "about" => t!("field" => "about"),
        "action" => t!("field" => "action"),
        "alternative" => t!("field" => "alternative"),
        "author" => t!("field" => "author"),
        "claim" => t!("field" => "claim"),
        "conditions" => t!("field" => "conditions"),
        "definition" => t!("field" => "definition"),
        "degree" => t!("field" => "degree"),
        "due to" => t!("field" => "due to"),
        "exceptions" => t!("field" => "exceptions"),
        "hedge" => t!("field" => "hedge"),
        "hits alternative" => t!("field" => "hits alternative"),
        "holder" => t!("field" => "holder"),
        "if true note" => t!("field" => "if true note"),
        "implication" => t!("field" => "implication"),
        "initials" => t!("field" => "initials"),
        "judge" => t!("field" => "judge"),
        "meaning" => t!("field" => "meaning"),
        "means" => t!("field" => "means"),
        "message" => t!("field" => "message"),
        "mitigations" => t!("field" => "mitigations"),
        "name" => t!("field" => "name"),
        "note" => t!("field" => "note"),
        "notice" => t!("field" => "notice"),
        "observable" => t!("field" => "observable"),
        "one liner" => t!("field" => "one liner"),
        "outcome" => t!("field" => "outcome"),
        "owner" => t!("field" => "owner"),
        "page" => t!("field" => "page"),
        "passed on by" => t!("field" => "passed on by"),
        "question" => t!("field" => "question"),
        "quote" => t!("field" => "quote"),
        "reason" => t!("field" => "reason"),
        "reference class" => t!("field" => "reference class"),
        "resolution" => t!("field" => "resolution"),
        "reversal" => t!("field" => "reversal"),
        "rivals" => t!("field" => "rivals"),
        "role" => t!("field" => "role"),
        "scope note" => t!("field" => "scope note"),
        "seen by" => t!("field" => "seen by"),
        "source" => t!("field" => "source"),
        "sourced from" => t!("field" => "sourced from"),
        "stage reason" => t!("field" => "stage reason"),
        "tags" => t!("field" => "tags"),
        "term" => t!("field" => "term"),
        "test cost" => t!("field" => "test cost"),
        "text" => t!("field" => "text"),
        "threshold" => t!("field" => "threshold"),
        "title" => t!("field" => "title"),
        "url" => t!("field" => "url"),
        "weight" => t!("field" => "weight"),
        "what" => t!("field" => "what"),
        "who" => t!("field" => "who"),
        "whom" => t!("field" => "whom"),
        "why" => t!("field" => "why"),
        "wider class" => t!("field" => "wider class"),
        other => other,
    }
}
