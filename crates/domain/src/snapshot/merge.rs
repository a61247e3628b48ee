//! Merges a snapshot into the board from which it was taken.
//!
//! A snapshot contains no ids of that board, so its records are matched as a reader would match them: a crux
//! by its title or claim, a person by name, evidence by its text, a credence by person, crux, value and time.
//! Earlier texts count too, so that a record that was reworded since is still matched.
//!
//! Matched records stay as they are, whatever the snapshot says: nothing is edited, judged again, restored or
//! retracted. Only records without a counterpart are added, so merging twice adds nothing more. The exception
//! is a reader's later answer, which edits their earlier one. A snapshot may be forged, so anything that no
//! snapshot contains is ignored.

mod answers;
mod known;
mod merging;

use std::collections::{BTreeMap, BTreeSet};

use self::known::{Known, fact_of, marks};
use self::merging::Merging;
use super::crux_matching::{Told, pairs, told};
use super::shared_kind::SharedKind;
use super::table::{ENTITIES, Fields};
use super::{Snapshot, to_minute};
use crate::board::Board;
use crate::change::{Change, Payload};
use crate::record::table::entity::FOLLOW_UP;
use crate::t;
use crate::{ChangeId, Millis};

/// The additions of a merge to one's own copy of the board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merge {
    /// Records that are missing here.
    pub added: Vec<Addition>,
    /// Credences that are missing here, and would become their person's latest in a crux that exists here, so
    /// that figures change.
    pub latest: Vec<Addition>,
    /// Number of records that exist here already, and stay as they are.
    pub known: usize,
    /// Number of records that are left out since something from the same minute was redacted here: it may
    /// have been them.
    pub erased: usize,
}

/// A record to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// The fact for [`TakeIn`](crate::command::Command::TakeIn).
    pub change: Change,
    /// The description: "Crux: Coercive by default", "Jo: 80% → 40% on Coercive by default".
    pub says: String,
}

/// The reason why a snapshot cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The snapshot has aliases, so its people cannot be matched.
    #[error("{}", t!(
        "People go by aliases in this snapshot, so nobody can tell which of them you have already. It can become a board of its own."
    ))]
    Aliases,
}

impl Merge {
    /// Returns the facts to add. `with_latest` includes the credences that change figures.
    #[must_use]
    pub fn changes(&self, with_latest: bool) -> Vec<Change> {
        let latest = self.latest.iter().filter(|_| with_latest);
        let all = self.added.iter().chain(latest);
        all.map(|addition| addition.change.clone()).collect()
    }
}

impl Snapshot {
    /// Returns the records of the snapshot that one's own copy of the board lacks.
    ///
    /// # Errors
    /// [`MergeError`] if its records cannot be matched.
    pub fn merge(&self, own: &Board) -> Result<Merge, MergeError> {
        if self.aliases {
            return Err(MergeError::Aliases);
        }
        // By entity, so that a record comes after those that it refers to.
        let mut payloads: Vec<Vec<(&Change, Fields)>> =
            ENTITIES.iter().map(|_| Vec::new()).collect();
        for change in &self.changes {
            if let Some((place, fields)) = fact_of(change) {
                payloads[place].push((change, fields));
            }
        }
        let (known, own_cruxes) = Known::of(own, self.taken_at);
        let erased = erased_minutes(own);
        let is_left_out = |id: ChangeId| erased.contains(&to_minute(id.millis()));
        let mut merging = Merging {
            own,
            is_answer: self.is_answer(),
            cruxes: pairs(
                &cruxes_of(&payloads, self.taken_at),
                &own_cruxes,
                is_left_out,
            ),
            trashed: own.trash().into_iter().map(|(id, ..)| id).collect(),
            known,
            erased,
            ids: BTreeMap::new(),
            made: BTreeSet::new(),
            rank: own
                .cruxes()
                .last()
                .map(|last| last.rank.clone())
                .unwrap_or_default(),
            merge: Merge::default(),
        };
        // Decisions come before follow-ups, which may refer to them.
        let order = ENTITIES.iter().zip(payloads).enumerate();
        let mut order: Vec<_> = order.collect();
        order.sort_by_key(|(place, (entity, _))| {
            if entity.kind == SharedKind::Decision {
                2 * FOLLOW_UP - 1
            } else {
                2 * place
            }
        });
        for (_, (entity, payloads)) in order {
            for (place, (theirs, fields)) in payloads.into_iter().enumerate() {
                merging.take(entity, place, theirs, fields, self.taken_at);
            }
        }
        Ok(merging.merge)
    }
}

/// Returns the cruxes of a snapshot with their features.
fn cruxes_of(payloads: &[Vec<(&Change, Fields)>], taken_at: Millis) -> BTreeMap<ChangeId, Told> {
    let of_nouns = ENTITIES.iter().zip(payloads);
    let all = of_nouns.flat_map(|(entity, payloads)| {
        let payloads = payloads.iter();
        payloads.map(move |(change, fields)| (change.id, entity, fields))
    });
    let mut cruxes = told(all.clone(), taken_at);
    for (id, entity, fields) in all.filter(|(_, entity, _)| entity.kind == SharedKind::Crux) {
        cruxes.entry(id).or_default().marks = marks(entity, fields, id);
    }
    cruxes
}

/// Returns the minutes of changes whose content was redacted since.
fn erased_minutes(own: &Board) -> BTreeSet<Millis> {
    let blank = own
        .log()
        .changes()
        .filter(|change| change.payload == Payload::Blank);
    blank.map(|change| to_minute(change.id.millis())).collect()
}
