//! The changes of one action, and checks that several commands share.

use super::{CommandError, Issuer, Move};
use crate::ChangeId;
use crate::change::{Change, CredenceStated, Payload};
use crate::limits::{Excess, excess_in};
use crate::record::EvidenceId;
use crate::text::folded_name;

/// The changes of one action.
pub(super) struct Action<'a, 'b> {
    pub(super) issuer: &'a mut Issuer<'b>,
    pub(super) changes: Vec<Change>,
}

impl Action<'_, '_> {
    /// Adds a change and returns its id.
    pub(super) fn say(&mut self, mut payload: Payload) -> ChangeId {
        let now = self.issuer.now.millis;
        let id = self.issuer.clock.tick(now);
        if let Payload::CredenceStated(stated) = &mut payload {
            stated.wall_clock = CredenceStated::wall_clock_beside(id, now);
        }
        if let Payload::OptionCredenceStated(stated) = &mut payload {
            let beside = CredenceStated::wall_clock_beside(id, now);
            // An answer of a blind round brings the moment of its seal along.
            stated.wall_clock = stated.wall_clock.into_iter().chain(beside).min();
        }
        if let Payload::JointCredenceStated(stated) = &mut payload {
            stated.wall_clock = CredenceStated::wall_clock_beside(id, now);
        }
        let part_of = self.changes.first().map(|first| first.id);
        self.changes.push(Change {
            id,
            by: self.issuer.by,
            part_of,
            payload,
        });
        id
    }

    /// Adds a statement of a credence.
    pub(super) fn state(&mut self, moved: Move, evidence: Vec<EvidenceId>, reaffirms: bool) {
        self.say(Payload::CredenceStated(Box::new(CredenceStated {
            crux: moved.crux,
            person: moved.person,
            credence: moved.credence,
            reason: moved.reason,
            reason_salt: String::new(),
            evidence,
            reaffirms,
            at: None,
            wall_clock: None,
        })));
    }
}

pub(super) fn ensure_changed(is_nothing: bool) -> Result<(), CommandError> {
    if is_nothing {
        Err(CommandError::NothingToDo)
    } else {
        Ok(())
    }
}

pub(super) fn filled(text: &str, field: &'static str) -> Result<String, CommandError> {
    let text = text.trim();
    if text.is_empty() {
        Err(CommandError::Empty(field))
    } else {
        Ok(text.to_owned())
    }
}

/// Returns the name among `others` that equals `name`, ignoring case and character width. A record may keep
/// its present name (`own`), since two devices can add the same name at the same time.
pub(super) fn taken_name<'a>(
    name: &str,
    own: Option<&str>,
    mut others: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let wanted = folded_name(name);
    if own.is_some_and(|own| folded_name(own) == wanted) {
        return None;
    }
    let other = others.find(|other| folded_name(other) == wanted)?;
    Some(other.to_owned())
}

/// Refuses a change with a text that exceeds the limit of its field.
pub(super) fn check_texts(change: &Change) -> Result<(), CommandError> {
    refuse_excess(excess_in(change))
}

pub(super) fn refuse_excess(found: Option<(String, Excess)>) -> Result<(), CommandError> {
    match found {
        Some((field, excess)) => Err(CommandError::TooLong { field, excess }),
        None => Ok(()),
    }
}
