//! Rewinds a board to a version, as after a hostile write.
//!
//! [`RewindPlan`] computes a rewind. Later changes are retracted by a new change, which reaches every device;
//! with [`RewindOptions::drops`] they also leave the log. Later erasures leave the log, since an erasure wins
//! in every copy that has it, and their targets get their content back. Changes that left the log are refused
//! from then on. Devices that send them again learn so, and undo the erasures too.

use std::collections::{BTreeMap, BTreeSet};

use cruxboard_domain::Millis;
use cruxboard_domain::{
    ChangeId,
    change::{Change, Payload},
    id::{Clock, Replica},
    log::Entry,
};

use super::{
    Cursor, RewindOptions, RewindReport,
    append::erased,
    versions::{History, LogRow},
};
use crate::token::{RandomnessError, random_name};

/// Largest number of changes that one retraction names; it keeps the retraction far below its size limit.
const RETRACTION_CHUNK: usize = 4_000;

/// The database updates that a rewind takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RewindPlan {
    /// Changes to insert or replace in the log, with their sequence numbers.
    pub(super) rows: BTreeMap<ChangeId, (Cursor, String)>,
    /// The changes in `rows` that are not in the log, with the cursor since which they are absent.
    pub(super) absent_since: BTreeMap<ChangeId, Cursor>,
    /// Changes to delete from the log.
    pub(super) taken_out: BTreeSet<ChangeId>,
    /// Changes that are refused from now on: the removed ones, and blank copies of those with restored
    /// content.
    pub(super) refused: BTreeSet<ChangeId>,
    pub(super) no_longer_refused: BTreeSet<ChangeId>,
    pub(super) erased: BTreeSet<ChangeId>,
    /// Changes that no remaining erasure names.
    pub(super) no_longer_erased: BTreeSet<ChangeId>,
    /// Retractions to append.
    pub(super) new: Vec<(ChangeId, String)>,
    pub(super) rewound: RewindReport,
}

impl RewindPlan {
    /// Computes the rewind of a board to the version `to`.
    pub(super) fn of(
        history: &History,
        to: Cursor,
        options: &RewindOptions,
        clock: &mut Clock,
        at: Millis,
    ) -> Self {
        let now: BTreeMap<ChangeId, &LogRow> =
            history.log.iter().map(|row| (row.id, row)).collect();
        let then = history.log_at(to, options);
        let named_then: BTreeSet<ChangeId> = then
            .values()
            .flat_map(|(_, json)| erased_by(json))
            .collect();
        let named_now: BTreeSet<ChangeId> =
            now.values().flat_map(|row| erased_by(&row.json)).collect();
        // After a restored backup, erasures may be noted whose changes are not in the log. They stay.
        let mut stay_erased: BTreeSet<ChangeId> =
            history.erasures.difference(&named_now).copied().collect();
        stay_erased.extend(&named_then);
        let mut plan = Self {
            erased: named_then.difference(&history.erasures).copied().collect(),
            no_longer_erased: named_now.difference(&stay_erased).copied().collect(),
            ..Self::default()
        };
        plan.restore_rows(history, &now, &then, &stay_erased);
        let later = now.values().filter(|row| !then.contains_key(&row.id));
        let to_retract = plan.undo_later(later.copied(), &named_then, options);
        plan.refused.extend(&plan.taken_out);

        for present in &history.log {
            clock.observe(present.id);
        }
        for kept in &history.kept {
            clock.observe(kept.id);
        }
        for ids in to_retract.chunks(RETRACTION_CHUNK) {
            let id = clock.tick(at);
            let change = Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Retracted(ids.to_vec()),
            };
            plan.new.push((id, change.to_json()));
        }
        plan.rewound.retracted = to_retract.len();
        plan
    }

    /// Gives the changes of the version their content of then, and brings back those that left the log.
    fn restore_rows(
        &mut self,
        history: &History,
        now: &BTreeMap<ChangeId, &LogRow>,
        then: &BTreeMap<ChangeId, (Cursor, &str)>,
        stay_erased: &BTreeSet<ChangeId>,
    ) {
        let mut last_ends: BTreeMap<ChangeId, Cursor> = BTreeMap::new();
        for kept in &history.kept {
            let end = last_ends.entry(kept.id).or_default();
            *end = kept.erased_in.max(*end);
        }
        for (id, (seq, json)) in then {
            let json = if stay_erased.contains(id) {
                without_content(json)
            } else {
                (*json).to_owned()
            };
            match now.get(id) {
                Some(row) if row.json == json => continue,
                // An erasure that was merged with a larger one gets its own targets back.
                Some(_) if without_content(&json) != json || !erased_by(&json).is_empty() => {
                    self.rewound.put_back += 1;
                    self.refused.insert(*id);
                }
                _ => {
                    self.rewound.brought_back += 1;
                    self.no_longer_refused.insert(*id);
                }
            }
            if !now.contains_key(id) {
                let since = last_ends.get(id);
                self.absent_since.extend(since.map(|since| (*id, *since)));
            }
            self.rows.insert(*id, (*seq, json));
        }
    }

    /// Undoes the changes after the version, and returns those to be retracted.
    fn undo_later<'a>(
        &mut self,
        later: impl Iterator<Item = &'a LogRow>,
        named_then: &BTreeSet<ChangeId>,
        options: &RewindOptions,
    ) -> Vec<ChangeId> {
        let mut to_retract = Vec::new();
        for row in later {
            let id = row.id;
            let entry = Entry::from_json(&row.json).ok();
            let payload = entry
                .as_ref()
                .and_then(Entry::known)
                .map(|change| &change.payload);
            // The answers of a blind round have been revealed; a retraction would hide that.
            let is_for_good = payload.is_some_and(Payload::is_for_good);
            let is_blank = matches!(payload, Some(Payload::Blank));
            if matches!(payload, Some(Payload::Redacted(_))) {
                self.taken_out.insert(id);
                self.rewound.taken_out += 1;
                continue;
            }
            if !is_for_good && !is_blank {
                to_retract.push(id);
            }
            if options.drops {
                self.taken_out.insert(id);
                self.rewound.dropped += 1;
            } else if is_blank {
                // The content was erased later and is no longer archived, or the change arrived without
                // content.
                self.rewound.lost += 1;
            } else if named_then.contains(&id) {
                self.rows.insert(id, (row.seq, without_content(&row.json)));
            }
        }
        to_retract
    }
}

fn without_content(json: &str) -> String {
    Entry::from_json(json).map_or_else(|_| json.to_owned(), |entry| erased(entry).to_json())
}

/// Returns the ids that a change erases.
fn erased_by(json: &str) -> Vec<ChangeId> {
    match Entry::from_json(json) {
        Ok(Entry::Known(Change {
            payload: Payload::Redacted(targets),
            ..
        })) => targets,
        _ => Vec::new(),
    }
}

/// Returns a clock with a random replica id.
pub(super) fn clock() -> Result<Clock, RandomnessError> {
    let device = u32::from_str_radix(&random_name::<4>()?, 16).unwrap_or_default();
    Ok(Clock::new(Replica::new(device, 0)))
}
