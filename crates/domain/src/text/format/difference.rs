//! Describes differences between two states of a board.

use serde_json::Value;

use super::label::{field_label, with_labels};
use super::trigger::{goalpost_fields, verdict_words};
use super::{in_words, person_name, record_name, short};
use crate::board::Board;
use crate::change::Payload;
use crate::diff::{About, FieldChange, Line, Since, What};
use crate::record::{BearsOn, Direction, GoalpostMove, PersonId, Strength};
use crate::text::sentence;
use crate::translation::translated;
use crate::{ChangeId, Credence, t, tn, translatable};

/// Explains a change of the rule by which several credences become one.
pub const POOLING_NOTE: &str = translatable!(
    "Aggregates before and after are made by different rules: they can differ although nobody changed a credence."
);

/// Returns [`POOLING_NOTE`] for a change of that rule.
#[must_use]
pub fn pooling_note(payload: &Payload) -> Option<&'static str> {
    let Payload::BoardDescribed(set) = payload else {
        return None;
    };
    let is_rule = set.pooling.is_some() || set.weighting.is_some() || set.extremising.is_some();
    is_rule.then(|| translated(POOLING_NOTE))
}

/// Describes the numbers of differences: "1 item of evidence, 2 moves, 0 triggers met, 2 follow-ups owed
/// now". First estimates are no moves: they are counted separately, and replace "0 moves" if there are no
/// others.
#[must_use]
pub fn tally_words(since: &Since, owed: usize) -> String {
    let tally = since.tally();
    let mut parts = vec![tn!(
        tally.evidence,
        "{count} item of evidence",
        "{count} items of evidence"
    )];
    if tally.moves > 0 || tally.first_estimates == 0 {
        parts.push(tn!(tally.moves, "{count} move", "{count} moves"));
    }
    if tally.first_estimates > 0 {
        parts.push(tn!(
            tally.first_estimates,
            "{count} first estimate",
            "{count} first estimates"
        ));
    }
    parts.push(tn!(
        tally.met,
        "{count} trigger met",
        "{count} triggers met"
    ));
    if tally.goalposts > 0 {
        parts.push(tn!(
            tally.goalposts,
            "{count} goalpost moved",
            "{count} goalposts moved"
        ));
    }
    if tally.closed > 0 {
        parts.push(tn!(
            tally.closed,
            "{count} follow-up closed",
            "{count} follow-ups closed"
        ));
    }
    parts.push(tn!(
        owed,
        "{count} follow-up owed now",
        "{count} follow-ups owed now"
    ));
    parts.join(", ")
}

/// Describes a difference: its subject, and what happened or why.
#[must_use]
pub fn tell(board: &Board, line: &Line) -> (String, String) {
    let (noun, id) = noun_and_id(line.about);
    let name = record_name(board, id).unwrap_or_default();
    let name = short(&name, 120).into_owned();
    match &line.what {
        What::Added => (t!("New {noun}", noun), name),
        What::Gone => (t!("Gone: {noun}", noun), name),
        What::Edited(fields) => {
            let fields = edited_words(board, id, fields);
            let name = if name.is_empty() {
                name
            } else {
                format!("{} ", sentence(&name))
            };
            let note = match line.changes_pooling() {
                true => format!(". {}", translated(POOLING_NOTE)),
                false => String::new(),
            };
            (t!("Edited {noun}", noun), format!("{name}{fields}{note}"))
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
            let still = t!(
                "{name}: still {credence}",
                name = who,
                credence = credence.shown()
            );
            (still, reason_of(board, line.about))
        }
        What::Stands(before, after) => {
            let what = t!(
                "Trigger: {before} → {after}",
                before = before.label(),
                after = after.label()
            );
            (what, name)
        }
        What::Judged(judged) => {
            let by = author_name(board, judged.by);
            let verdict = verdict_words(judged.verdict);
            (
                t!("{name} judged: {verdict}", name = by, verdict),
                format!("{} {}", sentence(&name), judged.reason),
            )
        }
        What::Goalpost(moved) => (
            t!("Goalpost moved").to_owned(),
            goalpost_words(board, moved),
        ),
        What::Weighed(before, after) => {
            let rest = format!("{name}: {} → {}", weight(before), weight(after));
            (t!("Evidence weighed").to_owned(), rest)
        }
    }
}

/// Returns the name of the kind of record, and the record's id.
fn noun_and_id(about: About) -> (&'static str, ChangeId) {
    match about {
        About::Board => (t!("board"), ChangeId::MIN),
        About::Option(id) => (t!("option"), id.0),
        About::Person(id) => (t!("person"), id.0),
        About::Crux(id) => (t!("crux"), id.0),
        About::Trigger(id) => (t!("trigger"), id.0),
        About::Evidence(id) => (t!("evidence"), id.0),
        About::Statement(id) => (t!("credence"), id.0),
        About::OptionCredence(id) => (t!("credence in an option"), id.0),
        About::JointCredence(id) => (t!("joint effect of two cruxes"), id.0),
        About::Position(id) => (t!("position"), id.0),
        About::FollowUp(id) => (t!("follow-up"), id.0),
        About::Term(id) => (t!("term"), id.0),
        About::RecordedReview(id) => (t!("meeting" => "review"), id),
        About::Decision(id) => (t!("decision"), id.0),
        About::Review(id) => (t!("meeting" => "review"), id.0),
        About::Round(id) => (t!("blind round"), id.0),
    }
}

fn author_name(board: &Board, author: Option<PersonId>) -> String {
    author.map_or_else(
        || t!("somebody").into(),
        |person| person_name(board, person),
    )
}

/// Describes fields with their texts before and after: "Title: “Old” → “New”".
fn before_and_after(fields: impl Iterator<Item = (String, String, String)>) -> String {
    let fields = fields.map(|(field, before, after)| {
        t!(
            "{field}: “{before}” → “{after}”",
            field,
            before = short(&before, 160),
            after = short(&after, 160)
        )
    });
    fields.collect::<Vec<_>>().join("; ")
}

fn edited_words(board: &Board, record: ChangeId, fields: &[FieldChange]) -> String {
    before_and_after(fields.iter().map(|field| {
        (
            field_label(board, record, &field.name),
            value_words(board, record, field, &field.before),
            value_words(board, record, field, &field.after),
        )
    }))
}

/// Describes the value of a field. A rule of pooling that was never chosen is named too.
fn value_words(board: &Board, record: ChangeId, field: &FieldChange, value: &Value) -> String {
    match (value, field.name.as_str()) {
        (Value::Null, "pooling") => t!("geometric mean of odds").to_owned(),
        (Value::Null, "weighting") => t!("all the same").to_owned(),
        (Value::Null, "extremising") => t!("off").to_owned(),
        _ => in_words(board, &with_labels(board, record, &field.name, value)),
    }
}

/// Describes a move: "first estimate 35%", or "35% → 50%".
fn moved_words(
    board: &Board,
    about: About,
    before: Option<Credence>,
    after: Option<Credence>,
) -> String {
    let percent =
        |credence: Option<Credence>| credence.map_or_else(|| t!("nothing").into(), Credence::shown);
    match (before, after) {
        (None, Some(after)) => match first_estimate(board, about) {
            Some(first) if first != after => {
                t!(
                    "first estimate {first}, then {latest}",
                    first = first.shown(),
                    latest = after.shown()
                )
            }
            _ => t!("first estimate {credence}", credence = after.shown()),
        },
        _ => format!("{} → {}", percent(before), percent(after)),
    }
}

fn goalpost_words(board: &Board, moved: &GoalpostMove) -> String {
    let by = author_name(board, moved.by);
    let fields = before_and_after(goalpost_fields(board, moved).into_iter());
    match moved.reason.as_str() {
        "" => t!("by {name}. {fields}.", name = by, fields),
        reason => t!(
            "by {name}. {fields}. Why: {reason}",
            name = by,
            fields,
            reason
        ),
    }
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
    let Some(bears_on) = bears_on else {
        return t!("not bearing on it").to_owned();
    };
    let direction = match bears_on.direction {
        Direction::For => t!("weight" => "for"),
        Direction::Against => t!("weight" => "against"),
        Direction::Neutral => t!("weight" => "neutral"),
    };
    let strength = match bears_on.strength {
        Strength::Slight => t!("weight" => "slight"),
        Strength::Moderate => t!("weight" => "moderate"),
        Strength::Strong => t!("weight" => "strong"),
    };
    format!("{direction}, {strength}")
}
