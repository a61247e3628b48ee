//! Describes differences between two states of a board.

use serde_json::Value;

use super::label::field_label;
use super::trigger::goalpost_fields;
use super::{in_words, person_name, record_name, short};
use crate::board::Board;
use crate::change::Payload;
use crate::diff::{About, FieldChange, Line, Since, What};
use crate::record::{BearsOn, GoalpostMove, PersonId, Pooling, Weighting};
use crate::text::counted;
use crate::{ChangeId, Credence};

/// Explains a change of the rule by which several credences become one.
pub const POOLING_NOTE: &str = "Aggregates before and after are made by different rules: they can differ although nobody changed a credence.";

/// Returns [`POOLING_NOTE`] for a change of that rule.
#[must_use]
pub fn pooling_note(payload: &Payload) -> Option<&'static str> {
    let Payload::BoardDescribed(set) = payload else {
        return None;
    };
    let is_rule = set.pooling.is_some() || set.weighting.is_some() || set.extremising.is_some();
    is_rule.then_some(POOLING_NOTE)
}

/// Describes the numbers of differences: "1 item of evidence, 2 moves, 0 triggers met, 2 follow-ups owed
/// now". First estimates are no moves: they are counted separately, and replace "0 moves" if there are no
/// others.
#[must_use]
pub fn tally_words(since: &Since, owed: usize) -> String {
    let tally = since.tally();
    let mut parts = vec![counted(
        tally.evidence,
        "item of evidence",
        "items of evidence",
    )];
    if tally.moves > 0 || tally.first_estimates == 0 {
        parts.push(counted(tally.moves, "move", "moves"));
    }
    if tally.first_estimates > 0 {
        parts.push(counted(
            tally.first_estimates,
            "first estimate",
            "first estimates",
        ));
    }
    parts.push(counted(tally.met, "trigger met", "triggers met"));
    if tally.goalposts > 0 {
        parts.push(counted(
            tally.goalposts,
            "goalpost moved",
            "goalposts moved",
        ));
    }
    if tally.closed > 0 {
        parts.push(counted(
            tally.closed,
            "follow-up closed",
            "follow-ups closed",
        ));
    }
    parts.push(counted(owed, "follow-up owed now", "follow-ups owed now"));
    parts.join(", ")
}

/// Describes a difference: its subject, and what happened or why.
#[must_use]
pub fn tell(board: &Board, line: &Line) -> (String, String) {
    let (noun, id) = noun_and_id(line.about);
    let name = record_name(board, id).unwrap_or_default();
    let name = short(&name, 120).into_owned();
    match &line.what {
        What::Added => (format!("New {noun}"), name),
        What::Gone => (format!("Gone: {noun}"), name),
        What::Edited(fields) => {
            let fields = edited_words(board, id, fields);
            let name = if name.is_empty() {
                name
            } else {
                format!("{name}. ")
            };
            let note = match line.changes_pooling() {
                true => format!(". {POOLING_NOTE}"),
                false => String::new(),
            };
            (format!("Edited {noun}"), format!("{name}{fields}{note}"))
        }
        What::Moved {
            person,
            before,
            after,
        } => {
            let who = person_name(board, *person);
            let moved = moved_words(board, line.about, *before, *after);
            (format!("{who}: {moved}"), reason_of(board, line.about))
        }
        What::Unmoved { person, credence } => {
            let who = person_name(board, *person);
            let still = format!("{who}: still {}", credence.shown());
            (still, reason_of(board, line.about))
        }
        What::Stands(before, after) => {
            let what = format!("Trigger: {} → {}", before.label(), after.label());
            (what, name)
        }
        What::Judged(judged) => {
            let by = author_name(board, judged.by);
            let verdict = judged.verdict.label().to_ascii_lowercase();
            (
                format!("{by} judged: {verdict}"),
                format!("{name}. {}", judged.reason),
            )
        }
        What::Goalpost(moved) => ("Goalpost moved".to_owned(), goalpost_words(board, moved)),
        What::Weighed(before, after) => {
            let rest = format!("{name}: {} → {}", weight(before), weight(after));
            ("Evidence weighed".to_owned(), rest)
        }
    }
}

/// Returns the name of the kind of record, and the record's id.
fn noun_and_id(about: About) -> (&'static str, ChangeId) {
    match about {
        About::Board => ("board", ChangeId::MIN),
        About::Option(id) => ("option", id.0),
        About::Person(id) => ("person", id.0),
        About::Crux(id) => ("crux", id.0),
        About::Trigger(id) => ("trigger", id.0),
        About::Evidence(id) => ("evidence", id.0),
        About::Statement(id) => ("credence", id.0),
        About::OptionCredence(id) => ("credence in an option", id.0),
        About::JointCredence(id) => ("joint effect of two cruxes", id.0),
        About::Position(id) => ("position", id.0),
        About::FollowUp(id) => ("follow-up", id.0),
        About::Term(id) => ("term", id.0),
        About::RecordedReview(id) => ("review", id),
        About::Decision(id) => ("decision", id.0),
        About::Review(id) => ("review", id.0),
        About::Round(id) => ("blind round", id.0),
    }
}

fn author_name(board: &Board, author: Option<PersonId>) -> String {
    author.map_or("somebody".into(), |person| person_name(board, person))
}

/// Describes fields with their texts before and after: "Title: “Old” → “New”".
fn before_and_after(fields: impl Iterator<Item = (String, String, String)>) -> String {
    let fields = fields.map(|(field, before, after)| {
        format!(
            "{field}: “{}” → “{}”",
            short(&before, 160),
            short(&after, 160)
        )
    });
    fields.collect::<Vec<_>>().join("; ")
}

fn edited_words(board: &Board, record: ChangeId, fields: &[FieldChange]) -> String {
    before_and_after(fields.iter().map(|field| {
        (
            field_label(board, record, &field.name),
            value_words(board, field, &field.before),
            value_words(board, field, &field.after),
        )
    }))
}

/// Describes the value of a field. A rule of pooling that was never chosen is named too.
fn value_words(board: &Board, field: &FieldChange, value: &Value) -> String {
    match (value, field.name.as_str()) {
        (Value::Null, "pooling") => Pooling::GeometricOdds.label().to_lowercase(),
        (Value::Null, "weighting") => Weighting::Equal.label().to_lowercase(),
        (Value::Null, "extremising") => "off".to_owned(),
        _ => in_words(board, value),
    }
}

/// Describes a move: "first estimate 35%", or "35% → 50%".
fn moved_words(
    board: &Board,
    about: About,
    before: Option<Credence>,
    after: Option<Credence>,
) -> String {
    let percent = |credence: Option<Credence>| credence.map_or("nothing".into(), Credence::shown);
    match (before, after) {
        (None, Some(after)) => match first_estimate(board, about) {
            Some(first) if first != after => {
                format!("first estimate {}, then {}", first.shown(), after.shown())
            }
            _ => format!("first estimate {}", after.shown()),
        },
        _ => format!("{} → {}", percent(before), percent(after)),
    }
}

fn goalpost_words(board: &Board, moved: &GoalpostMove) -> String {
    let by = author_name(board, moved.by);
    let fields = before_and_after(goalpost_fields(board, moved).into_iter());
    let why = match moved.reason.as_str() {
        "" => String::new(),
        reason => format!(" Why: {reason}"),
    };
    format!("by {by}. {fields}.{why}")
}

/// Returns the reason that applies to the statement of a line.
fn reason_of(board: &Board, about: About) -> String {
    let About::Statement(id) = about else {
        return String::new();
    };
    let basis = board.basis_of(id);
    basis.map_or_else(String::new, |basis| basis.reason.clone())
}

/// Returns the first credence of the statement's person in its crux.
fn first_estimate(board: &Board, about: About) -> Option<Credence> {
    let About::Statement(id) = about else {
        return None;
    };
    let latest = board.statement(id)?;
    let statements = board.statements_on(latest.crux);
    let first = statements
        .iter()
        .find(|said| said.person == latest.person)?;
    Some(first.credence)
}

fn weight(bears_on: &Option<BearsOn>) -> String {
    bears_on.map_or("not bearing on it".into(), |bears_on| {
        let strength = bears_on.strength.label().to_ascii_lowercase();
        format!(
            "{}, {strength}",
            bears_on.direction.label().to_ascii_lowercase()
        )
    })
}
