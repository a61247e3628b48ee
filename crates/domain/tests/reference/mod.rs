//! A board read from its log in the most naive way: sort the changes, find by recursion which of them count,
//! and put the fields of each record into a map. It is slow, and was written without regard to the real code.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::*;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// One record: its noun, its fields, whether it is in the trash, and the counts of its parts.
#[derive(Debug, Default, PartialEq)]
struct Plain {
    noun: String,
    fields: BTreeMap<String, Value>,
    in_trash: bool,
    changed: ChangeId,
    /// The number of judgements, closings or statements of the record.
    judgements: usize,
    bears_on: BTreeMap<String, Value>,
}

pub(crate) fn agrees(board: &Board) -> Result<(), TestCaseError> {
    let changes: Vec<&Change> = board.log().entries().filter_map(Entry::known).collect();
    prop_assert_eq!(of_board(board, &changes), naive(&changes));
    Ok(())
}

/// Returns whether a change can no longer be undone, since a blind round would come undone with it.
fn is_permanent(changes: &[&Change], id: ChangeId) -> bool {
    let is_answered = || {
        let seals = changes.iter().filter_map(|change| match &change.payload {
            Payload::RoundSealed(sealed) if is_hexadecimal(&sealed.seal) => Some(sealed.round.0),
            _ => None,
        });
        seals.into_iter().any(|round| round == id)
    };
    changes.iter().any(|change| {
        change.id == id
            && match &change.payload {
                Payload::RoundOpened(_) => is_answered(),
                Payload::RoundSealed(sealed) => is_hexadecimal(&sealed.seal),
                Payload::RoundClosed(_) | Payload::RoundRevealed(_) => true,
                _ => false,
            }
    })
}

fn is_hexadecimal(text: &str) -> bool {
    text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

fn counts(changes: &[&Change], id: ChangeId) -> bool {
    is_permanent(changes, id) || !changes.iter().any(|by| {
        matches!(&by.payload, Payload::Retracted(targets) if by.id > id && targets.contains(&id))
            && counts(changes, by.id)
    })
}

fn naive(changes: &[&Change]) -> BTreeMap<ChangeId, Plain> {
    let erased: BTreeSet<ChangeId> = changes
        .iter()
        .filter_map(|change| match &change.payload {
            Payload::Redacted(targets) => Some(targets.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    let said: Vec<(ChangeId, String, Value)> = changes
        .iter()
        .filter(|change| {
            counts(changes, change.id)
                && (!erased.contains(&change.id) || change.payload.is_erased())
        })
        .filter_map(|change| {
            let json = serde_json::to_value(&change.payload).ok()?;
            let (kind, content) = json.as_object()?.iter().next()?;
            Some((change.id, kind.clone(), content.clone()))
        })
        .collect();

    let mut records: BTreeMap<ChangeId, Plain> = BTreeMap::new();
    // The board itself is a record that no change adds.
    records.insert(
        ChangeId::MIN,
        Plain {
            noun: "board".into(),
            ..Plain::default()
        },
    );
    for (id, kind, content) in &said {
        let noun = [
            "-added",
            "-filed",
            "-recorded",
            "-defined",
            "-held",
            "-stated",
            "-started",
            "-opened",
        ]
        .iter()
        .find_map(|ending| kind.strip_suffix(ending));
        if let Some(noun) = noun.filter(|_| *id != ChangeId::MIN) {
            let mut plain = Plain {
                noun: noun.into(),
                ..Plain::default()
            };
            plain.note(*id);
            plain.take(content);
            // The salt only serves to check a reason.
            plain.fields.remove("reason_salt");
            // The field only dates the statement.
            plain.fields.remove("wall_clock");
            records.insert(*id, plain);
        }
    }
    for (id, kind, content) in &said {
        let about = ["of", "trigger", "evidence", "statement", "meeting", "round"]
            .iter()
            .find_map(|key| content[*key].as_str());
        let of = if kind == "board-described" {
            Some(ChangeId::MIN)
        } else {
            about.or(content.as_str()).and_then(|of| of.parse().ok())
        };
        let Some(plain) = of.and_then(|of| records.get_mut(&of)) else {
            continue;
        };
        plain.note(*id);
        match (plain.noun.as_str(), kind.as_str()) {
            ("board", "board-described") => plain.take(content),
            ("board", _) => {}
            (_, "trashed") => plain.in_trash = true,
            (_, "restored") => plain.in_trash = false,
            ("trigger", "trigger-judged") | ("meeting", "meeting-closed") => plain.judgements += 1,
            ("round", "round-said" | "round-sealed" | "round-closed" | "round-revealed") => {
                plain.judgements += 1;
            }
            ("meeting", "meeting-noted") => {
                let crux = content["crux"].as_str().unwrap_or_default().to_owned();
                let is_public = content["is_public"] == Value::Bool(true);
                let note = serde_json::json!({ "text": content["text"], "is_public": is_public });
                plain.bears_on.insert(crux, note);
            }
            ("credence" | "option-credence" | "joint-credence", "statement-explained") => {
                for field in ["reason", "evidence"] {
                    plain.fields.insert(field.into(), content[field].clone());
                }
            }
            ("evidence", "evidence-weighed") => {
                let crux = content["crux"].as_str().unwrap_or_default().to_owned();
                match &content["bears_on"] {
                    Value::Null => plain.bears_on.remove(&crux),
                    bears_on => plain.bears_on.insert(crux, bears_on.clone()),
                };
            }
            (noun, kind) if kind.strip_suffix("-edited") == Some(noun) => {
                plain.take(&content["set"])
            }
            _ => {}
        }
    }
    for plain in records.values_mut() {
        plain.drop_empty();
    }
    records
}

impl Plain {
    /// Updates the date of the last change. Boards and reviews have none.
    fn note(&mut self, change: ChangeId) {
        if !matches!(self.noun.as_str(), "board" | "review") {
            self.changed = self.changed.max(change);
        }
    }

    fn take(&mut self, fields: &Value) {
        for (field, value) in fields.as_object().into_iter().flatten() {
            self.fields.insert(field.clone(), value.clone());
        }
    }

    /// Removes empty fields, since an empty field and one that was never set are equal.
    fn drop_empty(&mut self) {
        self.fields.retain(|field, value| {
            let is_empty = match value {
                Value::Null => true,
                Value::Bool(value) => !*value,
                Value::String(text) => {
                    text.is_empty() || text == "unknown" || *text == ChangeId::MIN.to_string()
                }
                Value::Array(items) => items.is_empty(),
                Value::Number(number) => number.as_f64() == Some(0.0),
                Value::Object(_) => false,
            };
            !is_empty && field != "at"
        });
    }
}

fn of_board(board: &Board, changes: &[&Change]) -> BTreeMap<ChangeId, Plain> {
    let plain = |noun: &str, edit: Value, in_trash: bool, changed: ChangeId| {
        let mut plain = Plain {
            noun: noun.into(),
            in_trash,
            changed,
            ..Plain::default()
        };
        plain.take(&edit);
        plain.drop_empty();
        plain
    };
    let json = |edit: &dyn erased::Json| edit.json();
    let mut records = BTreeMap::new();
    let info = BoardInfo::default().edit_to(board.info());
    records.insert(
        ChangeId::MIN,
        plain("board", json(&info), false, ChangeId::MIN),
    );
    for id in changes
        .iter()
        .map(|change| change.id)
        .filter(|id| *id != ChangeId::MIN)
    {
        macro_rules! add {
            ($noun:literal, $find:ident, $id:ident, $type:ident) => {
                if let Some(record) = board.$find($id(id)) {
                    let edit = $type::default().edit_to(record);
                    records.insert(
                        id,
                        plain($noun, json(&edit), record.trashed.is_some(), record.changed),
                    );
                }
            };
        }
        add!("option", option, OptionId, BoardOption);
        add!("person", person, PersonId, Person);
        add!("crux", crux, CruxId, Crux);
        add!("trigger", trigger, TriggerId, Trigger);
        add!("evidence", evidence, EvidenceId, Evidence);
        add!("position", position, PositionId, Position);
        add!("follow-up", follow_up, FollowUpId, FollowUp);
        add!("term", term, TermId, Term);
        add!("decision", decision, DecisionId, Decision);
        add!("meeting", review, ReviewId, Review);
        add!("round", round, RoundId, Round);
        if let Some(review) = board.review(ReviewId(id)) {
            let plain = records.entry(id).or_default();
            plain.judgements = review.closings.len();
            let notes = review.notes.iter();
            plain.bears_on = notes
                .map(|(crux, note)| (crux.to_string(), json(note)))
                .collect();
        }
        if let Some(round) = board.round(RoundId(id)) {
            records.entry(id).or_default().judgements =
                round.said.len() + round.sealed.len() + round.closings.len() + round.revealed.len();
        }
        if let Some(trigger) = board.trigger(TriggerId(id)) {
            records.entry(id).or_default().judgements = trigger.judgements.len();
        }
        if let Some(evidence) = board.evidence(EvidenceId(id)) {
            let bears_on = evidence.bears_on.iter();
            records.entry(id).or_default().bears_on = bears_on
                .map(|(crux, bears_on)| (crux.to_string(), json(bears_on)))
                .collect();
        }
        if let Some(record) = board.option_credence(OptionCredenceId(id)) {
            let fields = Map::from_iter([
                ("option".to_owned(), json(&record.option)),
                ("if_true".to_owned(), json(&record.if_true)),
                ("person".to_owned(), json(&record.person)),
                ("credence".to_owned(), json(&record.credence)),
                ("reason".to_owned(), json(&record.reason)),
                ("evidence".to_owned(), json(&record.evidence)),
            ]);
            records.insert(
                id,
                plain(
                    "option-credence",
                    Value::Object(fields),
                    record.trashed.is_some(),
                    record.changed,
                ),
            );
        }
        if let Some(record) = board.joint_credence(JointCredenceId(id)) {
            let fields = Map::from_iter([
                ("option".to_owned(), json(&record.option)),
                ("given".to_owned(), json(&record.given)),
                ("person".to_owned(), json(&record.person)),
                ("credence".to_owned(), json(&record.credence)),
                ("reason".to_owned(), json(&record.reason)),
                ("evidence".to_owned(), json(&record.evidence)),
            ]);
            records.insert(
                id,
                plain(
                    "joint-credence",
                    Value::Object(fields),
                    record.trashed.is_some(),
                    record.changed,
                ),
            );
        }
        if let Some(record) = board.statement(StatementId(id)) {
            let fields = Map::from_iter([
                ("crux".to_owned(), json(&record.crux)),
                ("person".to_owned(), json(&record.person)),
                ("credence".to_owned(), json(&record.credence)),
                ("reason".to_owned(), json(&record.reason)),
                ("evidence".to_owned(), json(&record.evidence)),
                ("reaffirms".to_owned(), json(&record.reaffirms)),
            ]);
            records.insert(
                id,
                plain(
                    "credence",
                    Value::Object(fields),
                    record.trashed.is_some(),
                    record.changed,
                ),
            );
        }
    }
    let trashed = board
        .trash()
        .into_iter()
        .filter(|(id, kind, _)| *kind == "Review" && board.review(ReviewId(*id)).is_none())
        .map(|(id, ..)| (id, true));
    let reviews = board
        .recorded_reviews()
        .map(|review| (review.id, false))
        .chain(trashed);
    for (id, in_trash) in reviews {
        let content = board
            .log()
            .change(id)
            .and_then(|change| serde_json::to_value(&change.payload).ok());
        let content = content
            .map(|json| json["review-held"].clone())
            .unwrap_or_default();
        records.insert(id, plain("review", content, in_trash, ChangeId::MIN));
    }
    records
}

/// Records that can be written as JSON.
mod erased {
    use serde_json::Value;

    pub(super) trait Json {
        fn json(&self) -> Value;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> Value {
            serde_json::to_value(self).unwrap_or_default()
        }
    }
}
