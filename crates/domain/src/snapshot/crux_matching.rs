//! Matches the cruxes of a snapshot with those of one's own board if several say the same.
//!
//! Cruxes that share a claim or a title may be the same, or may have been created independently. A snapshot
//! states the minute in which each was created: cruxes of the same minute are matched first. Where several
//! remain, the similarity of their other texts and records decides. Each crux has at most one counterpart;
//! one without a counterpart is new.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::shared_kind::SharedKind;
use super::table::{Fields, SharedEntity, stated_at};
use super::to_minute;
use crate::{ChangeId, Millis};

/// Maximum number of similar cruxes that a crux is compared with, since a forged snapshot could have
/// thousands.
const MOST_ALIKE: usize = 32;

/// The features of a crux that identify it.
#[derive(Default)]
pub(super) struct Told {
    /// The claim and title; for one's own crux also earlier ones. A single match is enough for a counterpart.
    pub(super) marks: Vec<String>,
    /// The other texts of the crux and of its records.
    words: BTreeSet<String>,
    /// The position among the other cruxes.
    place: usize,
}

/// Returns the features of each crux, from the facts of a board. Credences stated after the snapshot was
/// taken are left out.
pub(super) fn told<'a>(
    payloads: impl Iterator<Item = (ChangeId, &'static SharedEntity, &'a Fields)> + Clone,
    taken_at: Millis,
) -> BTreeMap<ChangeId, Told> {
    // People and evidence are identified by their texts, since ids differ.
    let mut words: BTreeMap<ChangeId, String> = BTreeMap::new();
    for (id, entity, fields) in payloads.clone() {
        let name = match entity.kind {
            SharedKind::Person => text(fields, "name"),
            SharedKind::Evidence => text(fields, "text"),
            SharedKind::Board
            | SharedKind::Option
            | SharedKind::Crux
            | SharedKind::Trigger
            | SharedKind::Judgement
            | SharedKind::Weight
            | SharedKind::Credence
            | SharedKind::Position
            | SharedKind::FollowUp
            | SharedKind::Term
            | SharedKind::Review
            | SharedKind::Decision
            | SharedKind::OptionCredence => continue,
        };
        words.insert(id, name);
    }
    let named = |fields: &Fields, name: &str| {
        let id = id_in(fields, name);
        id.and_then(|id| words.get(&id).cloned())
            .unwrap_or_default()
    };
    let mut cruxes: BTreeMap<ChangeId, Told> = BTreeMap::new();
    for (id, entity, fields) in payloads {
        let (of, words) = match entity.kind {
            SharedKind::Crux => (Some(id), words_of(entity, fields)),
            SharedKind::Trigger => (
                id_in(fields, "crux"),
                vec![text(fields, "observable"), text(fields, "rule")],
            ),
            SharedKind::Position => (id_in(fields, "crux"), vec![text(fields, "holder")]),
            SharedKind::Weight => (id_in(fields, "crux"), vec![named(fields, "evidence")]),
            SharedKind::Credence => {
                let minute = to_minute(stated_at(fields, id).min(taken_at));
                let word = format!(
                    "{}: {} at {minute}",
                    named(fields, "person"),
                    text(fields, "credence")
                );
                (id_in(fields, "crux"), vec![word])
            }
            SharedKind::Board
            | SharedKind::Option
            | SharedKind::Person
            | SharedKind::Judgement
            | SharedKind::Evidence
            | SharedKind::FollowUp
            | SharedKind::Term
            | SharedKind::Review
            | SharedKind::Decision
            | SharedKind::OptionCredence => (None, Vec::new()),
        };
        if let Some(of) = of {
            let place = cruxes.len();
            let told = cruxes.entry(of).or_insert_with(|| Told {
                place,
                ..Told::default()
            });
            told.words.extend(words);
        }
    }
    cruxes
}

/// Returns the texts of an entity, without references by id, which differ, and without its position on the
/// board.
fn words_of(entity: &SharedEntity, fields: &Fields) -> Vec<String> {
    let told = entity.fields.iter().filter(|field| {
        !matches!(
            field.name,
            "rank" | "if_true" | "owner" | "split_from" | "separate_from"
        )
    });
    told.filter_map(|field| Some(format!("{}: {}", field.name, fields.get(field.name)?)))
        .collect()
}

fn text(fields: &Fields, name: &str) -> String {
    fields
        .get(name)
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn id_in(fields: &Fields, name: &str) -> Option<ChangeId> {
    fields.get(name)?.as_str()?.parse().ok()
}

impl Told {
    /// Returns the share of texts that both have in common, in thousandths.
    fn likeness(&self, other: &Self) -> usize {
        let shared = self.words.intersection(&other.words).count();
        let all = self.words.len() + other.words.len() - shared;
        shared * 1_000 / all.max(1)
    }
}

/// Maps each crux of a snapshot to its counterpart among one's own. Cruxes that are only included if one of
/// the same minute exists do not take the counterpart of another crux.
pub(super) fn pairs(
    theirs: &BTreeMap<ChangeId, Told>,
    own: &BTreeMap<ChangeId, Told>,
    is_left_out: impl Fn(ChangeId) -> bool,
) -> BTreeMap<ChangeId, ChangeId> {
    let mut by_mark: BTreeMap<&str, Vec<ChangeId>> = BTreeMap::new();
    for (id, told) in own {
        for mark in &told.marks {
            by_mark.entry(mark).or_default().push(*id);
        }
    }
    let mut pairs = BTreeMap::new();
    let mut taken: BTreeSet<ChangeId> = BTreeSet::new();
    // First the cruxes of the same minute, even if others say the same.
    for of_one_minute in [true, false] {
        let mut alike: Vec<(usize, ChangeId, ChangeId)> = Vec::new();
        for (id, told) in theirs {
            if pairs.contains_key(id) || (!of_one_minute && is_left_out(*id)) {
                continue;
            }
            let marks = told.marks.iter();
            let candidates: BTreeSet<ChangeId> = marks
                .filter_map(|mark| by_mark.get(mark.as_str()))
                .flatten()
                .copied()
                .filter(|other| is_of_minute(*other, *id) == of_one_minute)
                .filter(|other| !taken.contains(other))
                .take(MOST_ALIKE)
                .collect();
            for other in candidates {
                alike.push((told.likeness(&own[&other]), *id, other));
            }
        }
        // Most similar first; ties in the order in which they would be added.
        alike.sort_by_key(|(likeness, id, other)| (Reverse(*likeness), theirs[id].place, *other));
        for (_, id, other) in alike {
            if !pairs.contains_key(&id) && taken.insert(other) {
                pairs.insert(id, other);
            }
        }
    }
    pairs
}

fn is_of_minute(one: ChangeId, other: ChangeId) -> bool {
    to_minute(one.millis()) == to_minute(other.millis())
}
