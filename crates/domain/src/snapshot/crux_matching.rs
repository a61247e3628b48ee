//! Which crux of a snapshot is which of one's own, where several say the same.
//!
//! Cruxes that share a claim or a title may be one, or two that were made apart. A snapshot says of
//! each in which minute it was made: those of one minute are one, before any others. Where that
//! leaves a choice, what they say besides, and what hangs on them, decides. Each has one counterpart
//! at most; who has none is new.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::merge::stated_at;
use super::table::{Fields, SharedEntity};
use super::to_minute;
use crate::ChangeId;

/// With how many of its like a crux is compared. Whoever writes a snapshot could make thousands.
const MOST_ALIKE: usize = 32;

/// A crux by what tells it from others.
#[derive(Default)]
pub(super) struct Told {
    /// Its claim and title; of one's own also those that it had before. One that is shared is enough
    /// for a counterpart.
    pub(super) marks: Vec<String>,
    /// What else it says, and what hangs on it.
    words: BTreeSet<String>,
    /// Where it stands among the others.
    place: usize,
}

/// What tells cruxes apart, out of the facts of a board, beside a snapshot that was taken at this
/// moment: nobody states a credence after it was handed on.
pub(super) fn told<'a>(
    payloads: impl Iterator<Item = (ChangeId, &'static SharedEntity, &'a Fields)> + Clone,
    taken_at: u64,
) -> BTreeMap<ChangeId, Told> {
    // People and evidence go by their words: ids differ.
    let mut words: BTreeMap<ChangeId, String> = BTreeMap::new();
    for (id, entity, fields) in payloads.clone() {
        let name = match entity.tag {
            "person-added" => text(fields, "name"),
            "evidence-filed" => text(fields, "text"),
            _ => continue,
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
        let (of, words) = match entity.tag {
            "crux-added" => (Some(id), words_of(entity, fields)),
            "trigger-added" => (
                id_in(fields, "crux"),
                vec![text(fields, "observable"), text(fields, "rule")],
            ),
            "position-recorded" => (id_in(fields, "crux"), vec![text(fields, "holder")]),
            "evidence-weighed" => (id_in(fields, "crux"), vec![named(fields, "evidence")]),
            "credence-stated" => {
                let minute = to_minute(stated_at(fields, id).min(taken_at));
                let word = format!(
                    "{}: {} at {minute}",
                    named(fields, "person"),
                    text(fields, "credence")
                );
                (id_in(fields, "crux"), vec![word])
            }
            _ => (None, Vec::new()),
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

/// What a crux says, but for what names records by ids, which differ, and its place on the board.
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
    /// How much of what the two say is said by both, in thousandths.
    fn likeness(&self, other: &Self) -> usize {
        let shared = self.words.intersection(&other.words).count();
        let all = self.words.len() + other.words.len() - shared;
        shared * 1_000 / all.max(1)
    }
}

/// From each crux of a snapshot to its counterpart among one's own. Those that are left out unless
/// one of their minute is there take nobody's counterpart away.
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
    // First those of one minute, whoever else says the same.
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
        // The most alike first; among equals, in the order in which they would be added.
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
