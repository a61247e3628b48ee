//! Differences as the public may read them.

use serde_json::Value;

use crate::ChangeId;
use crate::board::Board;
use crate::diff::{About, FieldChange, Line, What};
use crate::format::{in_words, short, tell};
use crate::record::Fields as _;
use crate::record::{
    DecisionId, EvidenceId, FollowUpId, JointCredenceId, Judgement, OptionCredenceId, ReviewId,
    RoundId, StatementId, field_words,
};
use crate::snapshot::secrets::{Secrets, Telling, public_telling};
use crate::snapshot::shared_kind::SharedKind;
use crate::t;

/// Describes a difference for the public, and returns the record of which something was left out.
pub(super) fn publicly(
    board: &Board,
    secrets: &Secrets<'_>,
    line: &Line,
) -> (Option<ChangeId>, Option<(String, String)>) {
    let (id, kind) = match line.about {
        About::Board => (ChangeId::MIN, SharedKind::Board),
        About::Option(id) => (id.0, SharedKind::Option),
        About::Person(id) => (id.0, SharedKind::Person),
        About::Crux(id) => (id.0, SharedKind::Crux),
        About::Trigger(id) => (id.0, SharedKind::Trigger),
        About::Evidence(id) => (id.0, SharedKind::Evidence),
        About::Statement(id) => (id.0, SharedKind::Credence),
        About::Position(id) => (id.0, SharedKind::Position),
        About::Term(id) => (id.0, SharedKind::Term),
        // The decisions of the review have a section of their own.
        About::Decision(_) if line.what == What::Added => return (None, None),
        About::FollowUp(FollowUpId(id)) | About::Decision(DecisionId(id)) => {
            return (Some(id), None);
        }
        About::RecordedReview(id)
        | About::Review(ReviewId(id))
        | About::Round(RoundId(id))
        | About::OptionCredence(OptionCredenceId(id))
        | About::JointCredence(JointCredenceId(id)) => {
            return (Some(id), None);
        }
    };
    // A record that is in the trash by now stays hidden, even if the review is long over.
    if secrets.is_in_trash(id) || matches!(line.about, About::Evidence(id) if secrets.is_secret(id))
    {
        return (Some(id), None);
    }
    if !is_on_the_board(board, line.about) {
        return (Some(id), None);
    }
    let without = |what| {
        let about = line.about;
        tell(board, &Line { about, what })
    };
    match &line.what {
        // A removed record is in the trash or was undone, and an earlier wording is history.
        What::Gone | What::Goalpost(_) => (Some(id), None),
        What::Edited(fields) => {
            let told = fields
                .iter()
                .filter_map(|field| told_field(board, secrets, (line.about, kind), field));
            let told: Vec<String> = told.collect();
            let is_less = told.len() < fields.len();
            let (what, name) = without(What::Edited(Vec::new()));
            let whole = (!told.is_empty()).then(|| (what, format!("{name}{}", told.join("; "))));
            (is_less.then_some(id), whole)
        }
        What::Moved { person, .. } | What::Unmoved { person, .. } => {
            let (what, reason) = tell(board, line);
            let statement = board.statement(StatementId(id));
            let said_by = board
                .person(*person)
                .filter(|said_by| said_by.trashed.is_none());
            let is_there = !matches!(line.what, What::Moved { after: None, .. })
                && said_by.is_some()
                && statement.is_some_and(|said| said.trashed.is_none());
            // A confirmation has the reason of the statement that it confirms.
            let basis = board.basis_of(StatementId(id));
            let evidence = basis.map(|basis| basis.evidence.as_slice());
            let is_secret = !is_there || secrets.cites_secret(evidence.unwrap_or_default());
            let is_less = is_secret && !reason.is_empty();
            let reason = if is_less { String::new() } else { reason };
            (is_less.then_some(id), Some((what, reason)))
        }
        What::Judged(judged) if secrets.cites_secret(&judged.evidence) => {
            let bare = Judgement {
                reason: String::new(),
                ..judged.clone()
            };
            let told = without(What::Judged(bare));
            ((!judged.reason.is_empty()).then_some(judged.id), Some(told))
        }
        What::Added | What::Stands(..) | What::Judged(_) | What::Weighed(..) => {
            (None, Some(tell(board, line)))
        }
    }
}

/// Returns whether a trigger or a position belongs to a crux that is not in the trash, and the name of a trigger is
/// a field that everybody may read. Other records stand by themselves.
fn is_on_the_board(board: &Board, about: About) -> bool {
    let is_there = |crux| board.crux(crux).is_some_and(|crux| crux.trashed.is_none());
    match about {
        About::Trigger(id) => board.trigger(id).is_some_and(|trigger| {
            is_there(trigger.crux) && (trigger.rule.is_some() || !trigger.observable.is_empty())
        }),
        About::Position(id) => board
            .position(id)
            .is_some_and(|position| is_there(position.crux)),
        _ => true,
    }
}

/// Describes a changed field, if the public may read it.
fn told_field(
    board: &Board,
    secrets: &Secrets<'_>,
    (about, kind): (About, SharedKind),
    field: &FieldChange,
) -> Option<String> {
    if names_secret(secrets, &field.after) {
        return None;
    }
    let name = field_words(&field.name);
    let words = |value| short(&in_words(board, value), 160).into_owned();
    match public_telling(kind, &field.name) {
        Telling::RedactionReason => None,
        // If it was edited again since the review, the value is an earlier wording.
        Telling::Now if reads_now(board, about, &field.name) != field.after => Some(name),
        Telling::Now => Some(t!(
            "{field}: “{text}”",
            field = name,
            text = words(&field.after)
        )),
        Telling::BeforeAndNow => {
            let (before, after) = (words(&field.before), words(&field.after));
            Some(t!(
                "{field}: “{before}” → “{after}”",
                field = name,
                before,
                after
            ))
        }
    }
}

/// Returns the present value of a field of a record; null if the record has no shared fields.
fn reads_now(board: &Board, about: About, name: &str) -> Value {
    let value = match about {
        About::Board => Some(board.info().field(name)),
        About::Option(id) => board.option(id).map(|record| record.field(name)),
        About::Person(id) => board.person(id).map(|record| record.field(name)),
        About::Crux(id) => board.crux(id).map(|record| record.field(name)),
        About::Trigger(id) => board.trigger(id).map(|record| record.field(name)),
        About::Evidence(id) => board.evidence(id).map(|record| record.field(name)),
        About::Position(id) => board.position(id).map(|record| record.field(name)),
        About::Term(id) => board.term(id).map(|record| record.field(name)),
        About::Decision(_)
        | About::FollowUp(_)
        | About::OptionCredence(_)
        | About::JointCredence(_)
        | About::RecordedReview(_)
        | About::Review(_)
        | About::Round(_)
        | About::Statement(_) => None,
    };
    value.unwrap_or_default()
}

/// Returns whether a value names evidence of the board that is secret.
fn names_secret(secrets: &Secrets<'_>, value: &Value) -> bool {
    match value {
        Value::String(text) => text
            .parse()
            .is_ok_and(|id| secrets.is_in_trash(id) || secrets.hides(EvidenceId(id))),
        Value::Array(items) => items.iter().any(|item| names_secret(secrets, item)),
        Value::Object(inner) => inner.values().any(|value| names_secret(secrets, value)),
        _ => false,
    }
}
