//! Undo and redo: what this device did, newest last, worked out from the log alone, so that it
//! outlives a reload.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use crate::ChangeId;
use crate::change::{Change, Payload};
use crate::log::Log;

/// The actions of one device that can be taken back, and those that can be done again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UndoStack {
    device: u32,
    /// What can be taken back.
    done: Vec<Action>,
    /// Each action that can be done again, with the retractions that took it back: several where one
    /// would be too long for an endpoint.
    undone: Vec<(BTreeSet<ChangeId>, Action)>,
    /// The retractions of one action so far, and what they name.
    retracting: Retracting,
    /// What undo must not take away, by the change that needs it. An action that holds any of it is
    /// passed over whole.
    pinned: BTreeMap<ChangeId, Vec<ChangeId>>,
}

/// The parts of a retraction, which come one after another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Retracting {
    action: Option<ChangeId>,
    by: BTreeSet<ChangeId>,
    targets: BTreeSet<ChangeId>,
}

/// One action of this device: its id, and those of its changes that were not erased.
#[derive(Clone, Debug, PartialEq)]
struct Action {
    id: ChangeId,
    changes: Vec<ChangeId>,
}

impl UndoStack {
    /// As the log has it.
    #[must_use]
    pub fn of(log: &Log, device: u32) -> Self {
        let mut stack = Self {
            device,
            ..Self::default()
        };
        for change in log.changes() {
            match &change.payload {
                // Before it was erased it was an action like any other.
                Payload::Blank if stack.is_own(change) => stack.undone.clear(),
                _ => stack.note(change),
            }
        }
        stack
    }

    /// Takes note of one change, later than those before it. Changes of other devices are passed
    /// over, except what they erased and the records that they build on.
    pub fn note(&mut self, change: &Change) {
        self.pin(change);
        match &change.payload {
            // Erasing is for good.
            Payload::Redacted(targets) => self.forget(targets),
            Payload::Blank => self.forget(&[change.id]),
            _ if !self.is_own(change) => {}
            Payload::Retracted(targets) => self.note_retraction(change, targets),
            _ => {
                // Two tabs of one device may act at the same moment, so that their changes alternate.
                let mut recent = self.done.iter_mut().rev().take(4);
                match recent.find(|action| action.id == change.action()) {
                    Some(action) => action.changes.push(change.id),
                    None => self.done.push(Action {
                        id: change.action(),
                        changes: vec![change.id],
                    }),
                }
                self.undone.clear();
            }
        }
    }

    fn is_own(&self, change: &Change) -> bool {
        change.id.replica().device() == self.device
    }

    /// Keeps what this change builds on from being undone.
    fn pin(&mut self, change: &Change) {
        let needed = match &change.payload {
            // Everybody asked may be typing an answer, on any device, and no log tells.
            Payload::RoundOpened(round) => {
                let cruxes = round.cruxes.iter().flatten().map(|crux| crux.0);
                let people = round.people.iter().flatten().map(|person| person.0);
                let review = round.held_at.flatten().map(|review| review.0);
                iter::once(change.id)
                    .chain(cruxes)
                    .chain(people)
                    .chain(review)
                    .collect()
            }
            Payload::RoundSealed(sealed) => vec![change.id, sealed.person.0],
            payload if payload.is_for_good() => vec![change.id],
            // One's own part in a review is undone before its start; somebody else's is not.
            Payload::ReviewEdited(edited) if !self.is_own(change) => vec![edited.of.0],
            Payload::ReviewNoted(noted) if !self.is_own(change) => {
                vec![noted.review.0, noted.crux.0]
            }
            Payload::ReviewClosed(review) if !self.is_own(change) => vec![review.0],
            _ => return,
        };
        self.pinned.insert(change.id, needed);
    }

    /// Whether undo may take an action back: all of it, and nothing that anybody builds on.
    fn can_be_undone(&self, action: &Action) -> bool {
        let mut pinned = self.pinned.values().flatten();
        !pinned.any(|id| action.changes.contains(id))
    }

    fn note_retraction(&mut self, change: &Change, targets: &[ChangeId]) {
        if self.retracting.action != Some(change.action()) {
            self.retracting = Retracting {
                action: Some(change.action()),
                ..Retracting::default()
            };
        }
        self.retracting.by.insert(change.id);
        self.retracting.targets.extend(targets);
        let Retracting { by, targets, .. } = &self.retracting;
        if let Some(at) = self
            .undone
            .iter()
            .rposition(|(undone, _)| targets == undone)
        {
            let (_, action) = self.undone.remove(at);
            self.done.push(action);
            return;
        }
        // It may also name changes of the action that were erased since.
        let is_taken_back =
            |action: &Action| action.changes.iter().all(|change| targets.contains(change));
        if let Some(at) = self.done.iter().rposition(is_taken_back) {
            let action = self.done.remove(at);
            self.undone.push((by.clone(), action));
        }
    }

    /// What was erased can neither be taken back nor done again.
    fn forget(&mut self, erased: &[ChangeId]) {
        let undone = self.undone.iter_mut().map(|(_, action)| action);
        self.pinned.retain(|by, _| !erased.contains(by));
        for action in self.done.iter_mut().chain(undone) {
            action.changes.retain(|change| !erased.contains(change));
        }
        self.done.retain(|action| !action.changes.is_empty());
        self.undone.retain(|(_, action)| !action.changes.is_empty());
    }

    /// What the next undo takes back.
    #[must_use]
    pub fn next_undo(&self) -> Option<&[ChangeId]> {
        let mut latest = self.done.iter().rev();
        let next = latest.find(|action| self.can_be_undone(action))?;
        Some(&next.changes)
    }

    /// What the next redo retracts, and the changes that then count again.
    #[must_use]
    pub fn next_redo(&self) -> Option<(Vec<ChangeId>, &[ChangeId])> {
        self.undone
            .last()
            .map(|(by, action)| (by.iter().copied().collect(), action.changes.as_slice()))
    }
}

/// Summarises a set of changes: "Credence updated", "Evidence saved; 2 credences updated".
#[must_use]
pub fn describe<'a>(changes: impl IntoIterator<Item = &'a Change>) -> String {
    // Not named beside the evidence that is weighed, or the review at which triggers are checked.
    const WEIGHED: u8 = 24;
    const CHECKED: u8 = 42;
    let mut counts: Vec<(u8, &'static str, &'static str, usize)> = Vec::new();
    for change in changes {
        let (order, one, many) = match &change.payload {
            Payload::BoardDescribed(_) => (0, "board edited", "board edited"),
            Payload::CruxAdded(_) => (1, "crux added", "# cruxes added"),
            Payload::CruxEdited(_) => (2, "crux edited", "# cruxes edited"),
            Payload::EvidenceFiled(_) => (3, "evidence saved", "# items of evidence saved"),
            Payload::EvidenceEdited(_) => (4, "evidence edited", "# items of evidence edited"),
            Payload::CredenceStated(stated) if stated.reaffirms => {
                (5, "credence confirmed", "# credences confirmed")
            }
            Payload::CredenceStated(_) => (6, "credence updated", "# credences updated"),
            Payload::StatementExplained(_) => (7, "reason added", "# reasons added"),
            Payload::TriggerAdded(_) => (8, "trigger added", "# triggers added"),
            Payload::TriggerEdited(_) => (9, "trigger edited", "# triggers edited"),
            Payload::TriggerJudged(_) => (
                10,
                "trigger outcome recorded",
                "# trigger outcomes recorded",
            ),
            Payload::TriggerChecked(_) => (CHECKED, "trigger checked", "# triggers checked"),
            Payload::PositionRecorded(_) => (11, "position recorded", "# positions recorded"),
            Payload::PositionEdited(_) => (12, "position edited", "# positions edited"),
            Payload::FollowUpAdded(_) => (13, "follow-up added", "# follow-ups added"),
            Payload::FollowUpEdited(_) => (14, "follow-up edited", "# follow-ups edited"),
            Payload::OptionAdded(_) => (15, "option added", "# options added"),
            Payload::OptionEdited(_) => (16, "option edited", "# options edited"),
            Payload::PersonAdded(_) => (17, "person added", "# people added"),
            Payload::PersonEdited(_) => (18, "person edited", "# people edited"),
            Payload::TermDefined(_) => (19, "term defined", "# terms defined"),
            Payload::TermEdited(_) => (20, "term edited", "# terms edited"),
            Payload::ReviewHeld(_) => (21, "review recorded", "# reviews recorded"),
            Payload::DecisionRecorded(_) => (27, "decision recorded", "# decisions recorded"),
            Payload::DecisionEdited(_) => (28, "decision edited", "# decisions edited"),
            Payload::ReviewStarted(_) => (29, "review started", "# reviews started"),
            Payload::ReviewEdited(_) => (30, "review edited", "# reviews edited"),
            Payload::ReviewNoted(_) => (31, "note added", "# notes added"),
            Payload::ReviewClosed(_) => (32, "review closed", "# reviews closed"),
            Payload::RoundOpened(_) => (33, "blind round opened", "# blind rounds opened"),
            Payload::RoundSaid(_) => (
                34,
                "question added to a blind round",
                "question added to a blind round",
            ),
            Payload::RoundSealed(_) => (35, "blind round answered", "# blind rounds answered"),
            Payload::RoundClosed(_) => (36, "blind round closed", "# blind rounds closed"),
            Payload::RoundRevealed(_) => (37, "answers revealed", "answers of # people revealed"),
            Payload::MessageListed(_) => (38, "message listed", "# messages listed"),
            Payload::MessageEdited(_) => (39, "message edited", "# messages edited"),
            Payload::BriefSeen(_) => (
                40,
                "reader of the brief added",
                "# readers of the brief added",
            ),
            Payload::BriefSeenEdited(_) => (
                41,
                "reader of the brief edited",
                "# readers of the brief edited",
            ),
            Payload::Trashed(_) => (22, "moved to the trash", "# records moved to the trash"),
            Payload::Restored(_) => (23, "restored from the trash", "# records restored"),
            Payload::EvidenceWeighed(_) => (WEIGHED, "evidence weighed", "evidence weighed"),
            Payload::Retracted(_) => (25, "undone", "undone"),
            Payload::Redacted(_) | Payload::Blank => (26, "erased", "erased"),
        };
        match counts.iter_mut().find(|counted| counted.0 == order) {
            Some((.., count)) => *count += 1,
            None => counts.push((order, one, many, 1)),
        }
    }
    counts.sort_by_key(|(order, ..)| *order);
    if counts.len() > 1 {
        counts.retain(|(order, ..)| !matches!(*order, WEIGHED | CHECKED));
    }
    let said = counts.iter().map(|(_, one, many, count)| match count {
        1 => (*one).to_owned(),
        n => many.replace('#', &n.to_string()),
    });
    let text = said.collect::<Vec<_>>().join("; ");
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| {
            iter::once(first.to_ascii_uppercase())
                .chain(letters)
                .collect()
        })
        .unwrap_or_default()
}
