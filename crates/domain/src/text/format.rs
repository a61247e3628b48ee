//! Records, values and differences in the words that people read.

mod fields;

use std::borrow::Cow;

use serde_json::Value;

use crate::board::Board;
use crate::change::Payload;
use crate::date::{Now, Viewpoint, spelled};
use crate::diff::{About, Line, Since, What};
use crate::outcome::{OutcomeError, ShownBy, outcome};
use crate::record::{
    BearsOn, BriefReadId, Closing, CredenceRule, Crux, CruxId, Decision, DecisionId, Dispute,
    EvidenceId, FollowUpId, GOALPOST_OPTION, GoalpostMove, Measure, MessageId, OptionId, PersonId,
    PositionId, Record, ReviewId, RoundId, StatementId, TermId, Trigger, TriggerId,
};
use crate::text::counted;
use crate::trigger_state::{Measured, ReviewFinding, dispute, measured};
use crate::undo::describe;
use crate::{ChangeId, Credence};

pub use self::fields::{SetField, set_fields};

/// Who a person is called.
#[must_use]
pub fn person_name(board: &Board, person: PersonId) -> String {
    board
        .person(person)
        .map_or_else(|| "somebody".into(), |person| person.name.clone())
}

/// The beginning of a text, at most `most` characters of it; "…" says that there is more.
#[must_use]
pub fn short(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        // What was cut before ends in one already.
        Some((end, _)) => {
            Cow::Owned(text[..end].trim_end_matches(['…', ' ', '\n']).to_owned() + "…")
        }
    }
}

/// What a record of the board is called, in one line.
#[must_use]
pub fn record_name(board: &Board, id: ChangeId) -> Option<String> {
    board
        .person(PersonId(id))
        .map(|person| person.name.clone())
        .or_else(|| board.crux(CruxId(id)).map(|crux| crux.name().into_owned()))
        .or_else(|| board.option(OptionId(id)).map(|option| option.name.clone()))
        .or_else(|| {
            board
                .evidence(EvidenceId(id))
                .map(|evidence| evidence.headline().to_owned())
        })
        .or_else(|| {
            board
                .trigger(TriggerId(id))
                .map(|trigger| trigger.headline())
        })
        .or_else(|| board.follow_up(FollowUpId(id)).map(|f| f.what.clone()))
        .or_else(|| board.position(PositionId(id)).map(|p| p.holder.clone()))
        .or_else(|| {
            board
                .decision(DecisionId(id))
                .map(|d| decision_headline(board, d))
        })
        .or_else(|| board.term(TermId(id)).map(|term| term.term.clone()))
        .or_else(|| board.message(MessageId(id)).map(|m| m.text.clone()))
        .or_else(|| {
            board
                .brief_read(BriefReadId(id))
                .map(|brief_read| brief_read.who.clone())
        })
}

/// "Continue, until 31 Mar 2027".
#[must_use]
pub fn decision_headline(board: &Board, decision: &Decision) -> String {
    let option = decision.option.and_then(|option| board.option(option));
    let name = option.map_or_else(|| "Deleted option".into(), |o| o.name.clone());
    match decision.until {
        Some(until) => format!("{name}, until {}", spelled(until)),
        None => name,
    }
}

/// Who closed a round, and without whose answers.
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

/// What an id stands for, in words: the name of its record, or what its change did. Never the id.
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

/// The heading of a trigger that speaks for no option: when it is met, the crux is reviewed.
pub const NO_OPTION: &str = "Look again";

/// A stored value in words; ids become names.
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

/// "1 item of evidence, 2 moves, 0 triggers met, 2 follow-ups owed now".
#[must_use]
pub fn tally_words(since: &Since, owed: usize) -> String {
    let tally = since.tally();
    let mut parts = vec![
        counted(tally.evidence, "item of evidence", "items of evidence"),
        counted(tally.moves, "move", "moves"),
    ];
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

/// A difference in words: what happened, and to what or why.
#[must_use]
pub fn tell(board: &Board, line: &Line) -> (String, String) {
    let (noun, id) = match line.about {
        About::Board => ("board", ChangeId::MIN),
        About::Option(id) => ("option", id.0),
        About::Person(id) => ("person", id.0),
        About::Crux(id) => ("crux", id.0),
        About::Trigger(id) => ("trigger", id.0),
        About::Evidence(id) => ("evidence", id.0),
        About::Statement(id) => ("credence", id.0),
        About::Position(id) => ("position", id.0),
        About::FollowUp(id) => ("follow-up", id.0),
        About::Term(id) => ("term", id.0),
        About::RecordedReview(id) => ("review", id),
        About::Decision(id) => ("decision", id.0),
        About::Review(id) => ("review", id.0),
        About::Round(id) => ("blind round", id.0),
    };
    let name = record_name(board, id).unwrap_or_default();
    let name = short(&name, 120).into_owned();
    let by = |person: Option<_>| person.map_or("somebody".into(), |p| person_name(board, p));
    let moves = |fields: &mut dyn Iterator<Item = (String, String, String)>| {
        let fields = fields.map(|(field, before, after)| {
            format!(
                "{field}: “{}” → “{}”",
                short(&before, 160),
                short(&after, 160)
            )
        });
        fields.collect::<Vec<_>>().join("; ")
    };
    match &line.what {
        What::Added => (format!("New {noun}"), name),
        What::Gone => (format!("Gone: {noun}"), name),
        What::Edited(fields) => {
            let fields = moves(&mut fields.iter().map(|field| {
                let words = |value| in_words(board, value);
                (
                    field.name.replace('_', " "),
                    words(&field.before),
                    words(&field.after),
                )
            }));
            let name = if name.is_empty() {
                name
            } else {
                format!("{name}. ")
            };
            (format!("Edited {noun}"), format!("{name}{fields}"))
        }
        What::Moved {
            person,
            before,
            after,
        } => {
            let percent =
                |credence: &Option<Credence>| credence.map_or("nothing".into(), Credence::shown);
            let who = person_name(board, *person);
            let moved = match (before, after) {
                (None, Some(after)) => match first_estimate(board, line.about) {
                    Some(first) if first != *after => {
                        format!(
                            "{who}: first estimate {}, then {}",
                            first.shown(),
                            after.shown()
                        )
                    }
                    _ => format!("{who}: first estimate {}", after.shown()),
                },
                _ => format!("{who}: {} → {}", percent(before), percent(after)),
            };
            (moved, reason_of(board, line.about))
        }
        What::Unmoved { person, credence } => {
            let still = format!(
                "{}: still {}",
                person_name(board, *person),
                credence.shown()
            );
            (still, reason_of(board, line.about))
        }
        What::Stands(before, after) => {
            let what = format!("Trigger: {} → {}", before.label(), after.label());
            (what, name)
        }
        What::Judged(judged) => {
            let verdict = judged.verdict.label().to_ascii_lowercase();
            let what = format!("{} judged: {verdict}", by(judged.by));
            (what, format!("{name}. {}", judged.reason))
        }
        What::Goalpost(moved) => {
            let fields = moves(&mut goalpost_fields(board, moved).into_iter());
            let why = match moved.reason.as_str() {
                "" => String::new(),
                reason => format!(" Why: {reason}"),
            };
            let rest = format!("by {}. {fields}.{why}", by(moved.by));
            ("Goalpost moved".to_owned(), rest)
        }
        What::Weighed(before, after) => {
            let rest = format!("{name}: {} → {}", weight(before), weight(after));
            ("Evidence weighed".to_owned(), rest)
        }
    }
}

/// The reason that holds for the statement a line is about.
fn reason_of(board: &Board, about: About) -> String {
    let About::Statement(id) = about else {
        return String::new();
    };
    let basis = board.basis_of(id);
    basis.map_or_else(String::new, |basis| basis.reason.clone())
}

/// The fields that a moved goalpost changed: name, text before, text after. Options have their names.
#[must_use]
pub fn goalpost_fields(board: &Board, moved: &GoalpostMove) -> Vec<(String, String, String)> {
    let fields = moved.fields.iter().map(|(field, before, after)| {
        let text = |text: &String| match text.parse().ok().filter(|_| *field == GOALPOST_OPTION) {
            Some(id) => board.option(id).map_or_else(
                || "a deleted option".to_owned(),
                |option| option.name.clone(),
            ),
            None => text.clone(),
        };
        ((*field).to_owned(), text(before), text(after))
    });
    fields.collect()
}

/// The first credence of the person whose statement this is about on its crux.
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

/// With as many digits as tell the figure apart from the value of the rule.
fn figure_words(rule: CredenceRule, figure: Credence) -> String {
    match rule.measure {
        Measure::Aggregate => figure.rounded(&[rule.value]),
        Measure::Spread => format!("{figure} {}", figure.points_noun()),
    }
}

/// The figure of a credence trigger and how many people it rests on: "90% from 1 of 3 people; at
/// least 2 are needed".
#[must_use]
pub fn measured_words(measured: &Measured, with_stale: bool) -> String {
    let Measured {
        people, of, quorum, ..
    } = *measured;
    let figure = measured.figure.map_or_else(
        || "no figure yet".to_owned(),
        |figure| figure_words(measured.rule, figure),
    );
    let stale = if with_stale {
        ""
    } else {
        ", stale credences left out"
    };
    let verb = if quorum == 1 { "is" } else { "are" };
    format!("{figure} from {people} of {of} people{stale}; at least {quorum} {verb} needed")
}

/// A trigger in one line, a computed one with its present figure: "aggregate at or above 70%: now 65%
/// from 2 of 3 people; at least 2 are needed".
#[must_use]
pub fn trigger_words(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: Viewpoint,
) -> String {
    let headline = trigger.headline();
    let Some(found) = measured(board, trigger, viewpoint) else {
        return headline;
    };
    let rule = found.rule.to_string();
    let now = measured_words(&found, viewpoint.with_stale);
    if headline == rule {
        format!("{rule}: now {now}")
    } else {
        format!("{headline} ({rule}): now {now}")
    }
}

/// What a review found of a credence trigger; `None` for an event trigger.
#[must_use]
pub fn finding_words(trigger: &Trigger, found: &ReviewFinding, now: Now) -> Option<String> {
    let rule = trigger.rule?;
    let figure = found.figure.map_or_else(
        || "no figure".to_owned(),
        |figure| figure_words(rule, figure),
    );
    let held = if found.held {
        "it held"
    } else {
        "it did not hold"
    };
    let late = match found.late {
        0 => String::new(),
        late => format!(
            ". {} dated before it came later, not counted in it",
            counted(late, "credence", "credences")
        ),
    };
    let day = spelled(now.day_of(found.review.millis()));
    let (people, of) = (found.people, found.of);
    Some(format!(
        "{day}: {figure} from {people} of {of} people: {held}{late}"
    ))
}

/// How a trigger is disputed, in a sentence; nothing while it is not.
#[must_use]
pub fn dispute_words(board: &Board, trigger: &Record<TriggerId, Trigger>) -> Option<String> {
    let standing = trigger.standing();
    let said = standing.iter().map(|judged| {
        let by = judged
            .by
            .map_or_else(|| "somebody".into(), |by| person_name(board, by));
        format!("{by}: {}", judged.verdict.label().to_ascii_lowercase())
    });
    let said = said.collect::<Vec<_>>().join("; ");
    Some(match dispute(board, trigger)? {
        Dispute::Declared => format!("It is judged disputed ({said})."),
        Dispute::Judges => format!("Its judges disagree ({said})."),
        Dispute::Rule => "It was met before its rule was changed.".to_owned(),
        Dispute::Terms => {
            format!("It was judged before its observable, threshold or date was changed ({said}).")
        }
    })
}

/// What came of a claim and how that became clear, or why it is not; nothing while nothing was
/// settled or judged.
#[must_use]
pub fn outcome_words(board: &Board, crux: &Record<CruxId, Crux>) -> Option<String> {
    let quoted = |id: TriggerId| {
        let headline = board.trigger(id).map(|trigger| trigger.headline());
        format!("“{}”", short(&headline.unwrap_or_default(), 120))
    };
    Some(match outcome(board, crux) {
        Ok(outcome) => {
            let until = format!(
                " Credences up to {} are scored.",
                spelled(outcome.scored_until)
            );
            let truth = if outcome.came_true { "true" } else { "false" };
            let day = spelled(outcome.at.day());
            match outcome.shown_by {
                ShownBy::Settling => format!("It is settled as {truth}, since {day}.{until}"),
                ShownBy::Trigger {
                    id,
                    verdict,
                    was_said_afterwards,
                } => {
                    let later = if was_said_afterwards {
                        " The terms came to say so only after it was judged."
                    } else {
                        ""
                    };
                    let verdict = verdict.label().to_lowercase();
                    format!(
                        "It counts as {truth}, since {day}: the trigger {} was judged {verdict}, and its terms say what that shows.{later}{until}",
                        quoted(id)
                    )
                }
            }
        }
        Err(OutcomeError::Open) => return None,
        Err(OutcomeError::NotSaid(triggers)) => format!(
            "Judged, but nobody is scored by it: the terms of {} do not say what the verdict shows of the claim.",
            quoted_all(&triggers, quoted)
        ),
        Err(OutcomeError::Contradiction(triggers)) => format!(
            "Nobody is scored by it: {} were judged, and they show opposite things. Settling the crux decides.",
            quoted_all(&triggers, quoted)
        ),
    })
}

fn quoted_all(triggers: &[TriggerId], quoted: impl Fn(TriggerId) -> String) -> String {
    let quoted = triggers.iter().map(|id| quoted(*id));
    quoted.collect::<Vec<_>>().join(" and ")
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
