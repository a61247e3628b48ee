//! Merges a reader's answers. A later answer of the same reader on the same crux becomes an edit of the
//! earlier one, whose text stays in the history. Positions that were recorded on the board stay as they are.

use crate::change::{Change, Edited, Payload};
use crate::format::short;
use crate::record::{CruxId, Position, PositionEdit, PositionId, Record};
use crate::snapshot::redact::change;
use crate::snapshot::table::Fields;
use crate::t;
use crate::{ChangeId, Millis};

use super::known::Known;
use super::merging::Merging;
use super::{Addition, marks};
use crate::snapshot::table::SharedEntity;

impl Merging<'_> {
    /// Takes a position of an answer that was given at `answered_at`. Returns the addition, or `None` if
    /// one's own board has this answer or a later one.
    pub(super) fn take_answer(
        &mut self,
        entity: &'static SharedEntity,
        id: ChangeId,
        kept: &mut Fields,
        answered_at: Millis,
    ) -> Option<Addition> {
        kept.insert("answered_at".into(), answered_at.0.into());
        let said = match change(id, entity.kind, kept.clone())?.payload {
            Payload::PositionRecorded(said) => *said,
            _ => return None,
        };
        let mut wanted = Position::default();
        wanted.overlay(&said);
        let earlier = latest_answer(self.own, &self.known, &marks(entity, kept, id));
        let (payload, before) = match earlier {
            Some(earlier) if earlier.answered_at > wanted.answered_at => return None,
            Some(earlier) if says_same(earlier, &wanted) => return None,
            Some(earlier) if !self.trashed.contains(&earlier.id.0) => {
                let edit = PositionEdit {
                    holder: None,
                    ..Position::clone(earlier).edit_to(&Position {
                        credence: wanted.credence,
                        note: wanted.note.clone(),
                        holding: wanted.holding,
                        answered_at: wanted.answered_at,
                        ..Position::clone(earlier)
                    })
                };
                let edited = Edited {
                    of: earlier.id,
                    set: edit,
                    reason: String::new(),
                };
                let before = earlier.credence.map(|credence| credence.shown());
                (Payload::PositionEdited(Box::new(edited)), before)
            }
            _ => (Payload::PositionRecorded(Box::new(said)), None),
        };
        Some(Addition {
            says: self.says_answer(&wanted, before),
            change: Change {
                id,
                by: None,
                part_of: None,
                payload,
            },
        })
    }

    /// Describes an answer: "Jo: 80% → 40% on Coercive by default. Reason: seen elsewhere".
    fn says_answer(&self, answer: &Position, before: Option<String>) -> String {
        let crux: CruxId = answer.crux;
        let crux = self.own.crux(crux);
        let crux = crux.map(|crux| crux.name().into_owned());
        let crux = crux.unwrap_or_else(|| self.added_name(answer.crux.0));
        let now = answer.credence.map(|credence| credence.shown());
        let now = now.unwrap_or_default();
        let number = before.map_or(now.clone(), |before| format!("{before} → {now}"));
        let name = &answer.holder;
        match answer.note.as_str() {
            "" => t!("{name}: {number} on {crux}", name, number, crux),
            note => t!(
                "{name}: {number} on {crux}. Reason: {reason}",
                name,
                number,
                crux,
                reason = short(note, 400)
            ),
        }
    }
}

/// Returns the latest answer with one of these marks, in the trash or not.
fn latest_answer<'a>(
    own: &'a crate::board::Board,
    known: &Known,
    marks: &[String],
) -> Option<&'a Record<PositionId, Position>> {
    let answers = known
        .all(marks)
        .filter_map(|id| own.position(PositionId(id)));
    answers
        .filter(|position| position.answered_at.is_some())
        .max_by_key(|position| (position.answered_at, position.id))
}

fn says_same(one: &Position, other: &Position) -> bool {
    (one.credence, one.note.trim()) == (other.credence, other.note.trim())
}
