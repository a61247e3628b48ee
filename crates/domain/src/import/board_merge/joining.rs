//! Translates records of the other board, and fills in the empty fields of joined ones.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{MergeKind, Pair};
use crate::ChangeId;
use crate::board::Board;
use crate::change::Change;
use crate::record::table::Field;
use crate::record::{BoardOption, Crux, Evidence, Person, Term};

/// The fields of a record, by name.
pub(super) type Fields = Map<String, Value>;

/// Fields that are neither filled in nor named as different: they place a record among the others of its board.
pub(super) const PLACES: &[&str] = &["rank", "split_from", "separate_from", "scored_until"];

/// Fields that are not filled in: how somebody's board stands on a record is for its people to say.
const STANDINGS: &[&str] = &["stage", "stage_reason", "left_on", "red_team", "visibility"];

/// Fields by which records are matched, and which the names of a pair show.
const NAMES: &[&str] = &["claim", "name", "term", "text", "quote", "url"];

/// Replaces ids of the other board.
pub(super) struct Translation<'a> {
    pub(super) theirs: &'a Board,
    pub(super) ids: BTreeMap<ChangeId, ChangeId>,
}

impl Translation<'_> {
    /// Returns the change with the ids of one's own board. References to records that do not come are left out;
    /// `None` if the change makes no sense without them.
    pub(super) fn change(&self, change: &Change) -> Option<Change> {
        let mut json: Value = serde_json::from_str(&change.to_json()).ok()?;
        let fields = json.as_object_mut()?;
        // The id is new already, and must not be mistaken for one of the other board.
        let id = fields.remove("id")?;
        self.replace_in(fields);
        fields.insert("id".to_owned(), id);
        serde_json::from_str(&json.to_string()).ok()
    }

    /// Replaces the ids in an object. Returns whether one of them had to be left out.
    pub(super) fn replace_in(&self, fields: &mut Fields) -> bool {
        let before = fields.len();
        let mut is_short = false;
        fields.retain(|_, value| self.replace(value, &mut is_short));
        is_short || fields.len() < before
    }

    /// Replaces the ids in a value. Returns whether the value stays.
    fn replace(&self, value: &mut Value, is_short: &mut bool) -> bool {
        match value {
            // In stored values, an id is always a whole text.
            Value::String(text) => match text.parse::<ChangeId>() {
                Ok(id) => match self.ids.get(&id) {
                    Some(own) => {
                        *text = own.to_string();
                        true
                    }
                    None => self.theirs.log().entry(id).is_none(),
                },
                Err(_) => true,
            },
            Value::Array(items) => {
                // An item that lost its person or crux, such as somebody's agreement, says nothing any more.
                items.retain_mut(|item| match item {
                    Value::Object(fields) => !self.replace_in(fields),
                    other => self.replace(other, is_short),
                });
                true
            }
            Value::Object(fields) => {
                *is_short |= self.replace_in(fields);
                true
            }
            _ => true,
        }
    }

    /// Returns the fields of the other record that are empty on one's own, and completes the pair.
    pub(super) fn fill(&self, pair: &mut Pair, mut theirs: Fields, own: &Fields) -> Fields {
        self.replace_in(&mut theirs);
        let label = |name: &str| {
            let found = form_of(pair.kind).iter().find(|it| it.name == name);
            found.map(Field::label)
        };
        let (mut set, mut filled, mut kept) = (Fields::new(), Vec::new(), Vec::new());
        for (name, value) in theirs {
            let name_text = name.as_str();
            let is_shown = !PLACES.contains(&name_text) && !NAMES.contains(&name_text);
            if !is_shown || own.get(name_text) == Some(&value) {
                continue;
            }
            if own.contains_key(name_text) || STANDINGS.contains(&name_text) {
                kept.extend(label(name_text));
            } else {
                filled.extend(label(name_text));
                set.insert(name, value);
            }
        }
        (pair.filled, pair.kept) = (filled, kept);
        set
    }
}

/// Returns the change that fills in fields of one's own record.
pub(super) fn filling(id: ChangeId, kind: MergeKind, own: ChangeId, set: Fields) -> Option<Change> {
    let tag = match kind {
        MergeKind::Option => "option-edited",
        MergeKind::Person => "person-edited",
        MergeKind::Term => "term-edited",
        MergeKind::Crux => "crux-edited",
        MergeKind::Evidence => "evidence-edited",
        _ => return None,
    };
    let set = Value::Object(set);
    // Through text, so that changes are parsed in only one way.
    serde_json::from_str(&format!(
        r#"{{"id":"{id}","fact":{{"{tag}":{{"of":"{own}","set":{set}}}}}}}"#
    ))
    .ok()
}

fn form_of(kind: MergeKind) -> &'static [Field] {
    match kind {
        MergeKind::Option => BoardOption::FORM,
        MergeKind::Person => Person::FORM,
        MergeKind::Term => Term::FORM,
        MergeKind::Crux => Crux::FORM,
        MergeKind::Evidence => Evidence::FORM,
        _ => &[],
    }
}

/// Parses the fields of an edit.
pub(super) fn fields(json: &str) -> Fields {
    serde_json::from_str(json).unwrap_or_default()
}
