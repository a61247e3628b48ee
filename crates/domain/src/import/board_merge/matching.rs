//! Matches records of the other board with those of one's own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::joining::{Fields, PLACES, fields};
use super::known::{Known, MOST_ALIKE};
use super::{Apart, MergeKind};
use crate::ChangeId;
use crate::board::Board;
use crate::record::{
    BoardOption, Crux, CruxId, Evidence, EvidenceId, Mark, OptionId, Person, PersonId, Record, Term,
};
use crate::text::folded_name;

/// A record that is matched by its name, claim or texts.
pub(super) struct Named {
    pub(super) id: ChangeId,
    /// The name, or the words that stand for it.
    pub(super) name: String,
    /// The fields that are not empty.
    pub(super) fields: Fields,
    pub(super) mark: Mark,
}

/// A record of the other board with its counterpart, or the name under which it is added.
pub(super) type Matched = (Named, Result<ChangeId, String>);

/// Returns the records of a kind that go by their names.
pub(super) fn named(board: &Board, kind: MergeKind) -> Vec<Named> {
    let named = |id: ChangeId, name: &str, json: String, mark| Named {
        id,
        name: name.to_owned(),
        fields: fields(&json),
        mark,
    };
    match kind {
        MergeKind::Option => {
            let all = board.options().map(|it| {
                let json = BoardOption::default().json_to(it);
                named(it.id.0, &it.name, json, it.mark())
            });
            all.collect()
        }
        MergeKind::Person => {
            let all = board.people().map(|it| {
                let json = Person::default().json_to(it);
                named(it.id.0, &it.name, json, Mark::Other)
            });
            all.collect()
        }
        MergeKind::Term => {
            let all = board.terms().map(|it| {
                let json = Term::default().json_to(it);
                named(it.id.0, &it.term, json, Mark::Other)
            });
            all.collect()
        }
        _ => Vec::new(),
    }
}

/// Matches records by their names, and options of a kind that only one of each board has by that kind.
///
/// Names stay different: a record that is kept apart from the one of its name is called "Ann (2)", and is found
/// under that name by the next merge.
pub(super) fn by_name(theirs: Vec<Named>, own: &[Named], apart: &Apart) -> Vec<Matched> {
    let known = Known::of(own.iter().map(|it| (folded_name(&it.name), it.id)));
    let mut taken = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut matched: Vec<Matched> = Vec::new();
    for record in theirs {
        let mut number = 1;
        let found = loop {
            let name = match number {
                1 => record.name.clone(),
                number => format!("{} ({number})", record.name),
            };
            let key = folded_name(&name);
            if let Some(found) = known.take(&key, record.id, &mut taken, apart) {
                break Ok(found);
            }
            if known.all(&key).is_empty() && used.insert(key) {
                break Err(name);
            }
            number += 1;
        };
        matched.push((record, found));
    }
    for (record, found) in &mut matched {
        if record.mark == Mark::Other || found.is_ok() {
            continue;
        }
        let free = |own: &&Named| {
            own.mark == record.mark
                && !taken.contains(&own.id)
                && !apart.contains(&(record.id, own.id))
        };
        if let Some(one) = own.iter().find(free) {
            taken.insert(one.id);
            *found = Ok(one.id);
        }
    }
    matched
}

/// Matches cruxes by their claims. Of several with one claim, those with the most records in common are matched
/// first, then those with the most fields in common.
pub(super) fn by_claim(theirs: &Board, own: &Board, apart: &Apart) -> BTreeMap<ChangeId, ChangeId> {
    let cruxes = own.cruxes();
    let known = Known::of(cruxes.iter().map(|it| (claim_of(it), it.id.0)));
    let mut alike = Vec::new();
    for (place, crux) in theirs.cruxes().into_iter().enumerate() {
        let candidates = known.all(&claim_of(crux)).iter().take(MOST_ALIKE);
        let candidates: Vec<_> = candidates
            .filter(|own| !apart.contains(&(crux.id.0, **own)))
            .collect();
        for candidate in &candidates {
            let likeness = likeness(theirs, crux, own, CruxId(**candidate));
            alike.push((Reverse(likeness), place, **candidate, crux.id.0));
        }
    }
    alike.sort();
    let (mut pairs, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (_, _, own, theirs) in alike {
        if !pairs.contains_key(&theirs) && taken.insert(own) {
            pairs.insert(theirs, own);
        }
    }
    pairs
}

/// Returns the text by which a crux is matched. A crux without a claim is matched by its title.
fn claim_of(crux: &Crux) -> (bool, String) {
    match crux.claim.trim().is_empty() {
        false => (true, folded_name(&crux.claim)),
        true => (false, folded_name(&crux.title)),
    }
}

/// Returns the numbers of records and of fields that two cruxes have in common.
fn likeness(
    theirs: &Board,
    crux: &Record<CruxId, Crux>,
    own: &Board,
    candidate: CruxId,
) -> (usize, usize) {
    let records = records_of(theirs, crux.id);
    let shared = records.intersection(&records_of(own, candidate)).count();
    let own = own.crux(candidate).map(|it| Crux::default().json_to(it));
    let own = own.map(|json| fields(&json)).unwrap_or_default();
    let theirs = fields(&Crux::default().json_to(crux));
    // The place among other cruxes says nothing, and ids are those of each board.
    let is_own = |name: &str| PLACES.contains(&name) || matches!(name, "if_true" | "owner");
    let same = theirs
        .iter()
        .filter(|(name, value)| !is_own(name) && own.get(*name) == Some(*value));
    (shared, same.count())
}

/// Returns the words of the records of a crux.
fn records_of(board: &Board, crux: CruxId) -> BTreeSet<String> {
    let said = board.statements_on(crux).into_iter().map(|said| {
        let person = board.person(said.person).map(|it| folded_name(&it.name));
        let person = person.unwrap_or_default();
        format!("{person} {} {}", said.credence.shown(), said.at)
    });
    let triggers = board
        .triggers_of(crux)
        .map(|it| folded_name(&it.headline()));
    let evidence = board.evidence_on(crux).map(|it| folded_name(it.headline()));
    let positions = board.positions_on(crux).map(|it| folded_name(&it.holder));
    let follow_ups = board.follow_ups_on(crux).map(|it| folded_name(&it.what));
    said.chain(triggers)
        .chain(evidence)
        .chain(positions)
        .chain(follow_ups)
        .collect()
}

/// Returns the texts by which an item of evidence is matched.
pub(super) fn evidence_key(item: &Evidence) -> [String; 3] {
    [&item.text, &item.quote, &item.url].map(|text| folded_name(text))
}

/// Returns the name of a record on a board, for people.
pub(super) fn name_of(board: &Board, kind: MergeKind, id: ChangeId) -> String {
    let name = match kind {
        MergeKind::Option => board.option(OptionId(id)).map(|it| it.name.clone()),
        MergeKind::Person => board.person(PersonId(id)).map(|it| it.name.clone()),
        MergeKind::Term => board
            .term(crate::record::TermId(id))
            .map(|it| it.term.clone()),
        MergeKind::Crux => board.crux(CruxId(id)).map(|it| it.name().into_owned()),
        MergeKind::Evidence => board
            .evidence(EvidenceId(id))
            .map(|it| it.headline().to_owned()),
        _ => None,
    };
    name.unwrap_or_default()
}
