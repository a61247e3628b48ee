//! Undo and redo: the actions of this device, newest last, computed from the log alone, so that they survive
//! a reload.

mod summary;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use crate::change::{Change, Payload};
use crate::log::Log;
use crate::record::RoundId;
use crate::translation::translated;
use crate::{ChangeId, t, translatable};

pub use self::summary::describe;

/// The actions of one device that can be undone or redone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UndoStack {
    device: u32,
    /// The actions that can be undone.
    done: Vec<Action>,
    /// The actions that can be redone, with the retractions that undid them: several if one would be too long
    /// for an endpoint.
    undone: Vec<(BTreeSet<ChangeId>, Action)>,
    /// The retractions of one action so far, and their targets.
    retracting: Retracting,
    /// Changes that undo must not retract, by the change that needs them. An action with any of these changes
    /// is skipped as a whole.
    pinned: BTreeMap<ChangeId, Vec<ChangeId>>,
    /// The blind round that each of these changes belongs to.
    round_of: BTreeMap<ChangeId, RoundId>,
    /// The blind rounds whose answers were revealed.
    closed_rounds: BTreeSet<RoundId>,
}

/// The parts of a retraction, which arrive one after another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Retracting {
    action: Option<ChangeId>,
    by: BTreeSet<ChangeId>,
    targets: BTreeSet<ChangeId>,
}

/// An action of this device: its id, and its changes that were not erased.
#[derive(Clone, Debug, PartialEq)]
struct Action {
    id: ChangeId,
    changes: Vec<ChangeId>,
    /// Whether the action revealed sealed answers, which a device does automatically.
    is_reveal: bool,
}

/// Why nothing can be undone once only revealed blind rounds, and what they build on, are left.
const ALL_KEPT: &str = translatable!(
    "Nothing more can be undone: revealed blind rounds, and what they build on, stay."
);

impl UndoStack {
    /// Computes the stack from a log.
    #[must_use]
    pub fn of(log: &Log, device: u32) -> Self {
        let mut stack = Self {
            device,
            ..Self::default()
        };
        for change in log.changes() {
            match &change.payload {
                // An erased change was an ordinary action before, which cleared the redo stack.
                Payload::Blank if stack.is_own(change) => stack.undone.clear(),
                _ => stack.note(change),
            }
        }
        stack
    }

    /// Adds a change, which must be later than the ones before. Changes of other devices are ignored, except
    /// for redactions and for the records that they build on.
    pub fn note(&mut self, change: &Change) {
        self.pin(change);
        match &change.payload {
            // A redaction cannot be undone.
            Payload::Redacted(targets) => self.forget(targets),
            Payload::Blank => self.forget(&[change.id]),
            _ if !self.is_own(change) => {}
            Payload::Retracted(targets) => self.note_retraction(change, targets),
            _ => {
                // Two tabs of one device may act at the same time, so that their changes alternate.
                let is_reveal = matches!(change.payload, Payload::RoundRevealed(_));
                let mut recent = self.done.iter_mut().rev().take(4);
                match recent.find(|action| action.id == change.action()) {
                    Some(action) => {
                        action.changes.push(change.id);
                        action.is_reveal |= is_reveal;
                    }
                    None => self.done.push(Action {
                        id: change.action(),
                        changes: vec![change.id],
                        is_reveal,
                    }),
                }
                self.undone.clear();
            }
        }
    }

    fn is_own(&self, change: &Change) -> bool {
        change.id.replica().device() == self.device
    }

    /// Protects the changes that this change builds on from being undone.
    fn pin(&mut self, change: &Change) {
        let round = match &change.payload {
            Payload::RoundOpened(_) => Some(RoundId(change.id)),
            Payload::RoundSealed(sealed) => Some(sealed.round),
            Payload::RoundRevealed(revealed) => Some(revealed.round),
            Payload::RoundClosed(closed) => {
                self.closed_rounds.insert(closed.round);
                Some(closed.round)
            }
            _ => None,
        };
        self.round_of.extend(round.map(|round| (change.id, round)));
        let needed = match &change.payload {
            // Everybody asked may be typing an answer on any device, which the log does not show.
            Payload::RoundOpened(round) => {
                let cruxes = round.cruxes.iter().flatten().map(|crux| crux.0);
                let in_options = round.in_options.iter().flatten();
                let in_options = in_options.flat_map(|question| {
                    let crux = question.if_true.map(|crux| crux.0);
                    iter::once(question.option.0).chain(crux)
                });
                let people = round.people.iter().flatten().map(|person| person.0);
                let review = round.held_at.flatten().map(|review| review.0);
                iter::once(change.id)
                    .chain(cruxes)
                    .chain(in_options)
                    .chain(people)
                    .chain(review)
                    .collect()
            }
            Payload::RoundSealed(sealed) => vec![change.id, sealed.person.0],
            payload if payload.is_for_good() => vec![change.id],
            // The device's own edit of a review is undone before its start; somebody else's edit protects the
            // start.
            Payload::ReviewEdited(edited) if !self.is_own(change) => vec![edited.of.0],
            Payload::ReviewNoted(noted) if !self.is_own(change) => {
                vec![noted.review.0, noted.crux.0]
            }
            Payload::ReviewClosed(review) if !self.is_own(change) => vec![review.0],
            _ => return,
        };
        self.pinned.insert(change.id, needed);
    }

    /// Returns whether undo may retract an action: all of it, and nothing that another change builds on.
    fn can_be_undone(&self, action: &Action) -> bool {
        let mut pinned = self.pinned.values().flatten();
        !pinned.any(|id| action.changes.contains(id))
    }

    /// Returns whether an action is kept by revealed blind rounds alone. Undo passes over such an action, so
    /// that it reaches earlier ones. While a round is open, nothing before it is undone.
    fn is_passed_over(&self, action: &Action) -> bool {
        let pins = self.pinned.iter();
        let mut keep = pins
            .filter(|(_, needed)| needed.iter().any(|id| action.changes.contains(id)))
            .map(|(by, _)| by)
            .peekable();
        let is_revealed = |by: &ChangeId| {
            let round = self.round_of.get(by);
            round.is_some_and(|round| self.closed_rounds.contains(round))
        };
        keep.peek().is_some() && keep.all(is_revealed)
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
        // The retraction may also name changes of the action that were erased since.
        let is_taken_back =
            |action: &Action| action.changes.iter().all(|change| targets.contains(change));
        if let Some(at) = self.done.iter().rposition(is_taken_back) {
            let action = self.done.remove(at);
            self.undone.push((by.clone(), action));
        }
    }

    /// Removes erased changes, which can be neither undone nor redone.
    fn forget(&mut self, erased: &[ChangeId]) {
        let undone = self.undone.iter_mut().map(|(_, action)| action);
        self.pinned.retain(|by, _| !erased.contains(by));
        for action in self.done.iter_mut().chain(undone) {
            action.changes.retain(|change| !erased.contains(change));
        }
        self.done.retain(|action| !action.changes.is_empty());
        self.undone.retain(|(_, action)| !action.changes.is_empty());
    }

    /// Returns the latest action of the person on this device.
    fn latest(&self) -> Option<&Action> {
        let mut done = self.done.iter().rev();
        done.find(|action| !action.is_reveal && !self.is_passed_over(action))
    }

    /// Returns the changes that the next undo retracts: those of the latest action; `None` if it cannot be
    /// undone.
    #[must_use]
    pub fn next_undo(&self) -> Option<&[ChangeId]> {
        let latest = self.latest()?;
        self.can_be_undone(latest).then_some(&latest.changes)
    }

    /// Returns why the latest action cannot be undone, as a sentence; `None` if it can be, or if there is
    /// none.
    #[must_use]
    pub fn why_not(&self, log: &Log) -> Option<String> {
        let Some(latest) = self.latest() else {
            let is_any_kept = self.done.iter().any(|action| self.is_passed_over(action));
            return is_any_kept.then(|| translated(ALL_KEPT).to_owned());
        };
        if self.can_be_undone(latest) {
            return None;
        }
        let changes = latest.changes.iter().filter_map(|id| log.change(*id));
        let payloads = changes.clone().map(|change| &change.payload);
        let sentence = payloads.into_iter().find_map(|payload| match payload {
            Payload::RoundSealed(_) => Some(
                t!("A sealed answer cannot be undone. It can be changed until answers are revealed, and then earlier changes can be undone again."),
            ),
            Payload::RoundOpened(_) => Some(
                t!("A blind round cannot be undone: somebody may be answering. Once its answers are revealed, earlier changes can be undone again."),
            ),
            _ => None,
        });
        Some(match sentence {
            Some(sentence) => sentence.to_owned(),
            None => t!(
                "“{change}” cannot be undone: a blind round or a review builds on it.",
                change = describe(changes)
            ),
        })
    }

    /// Returns the retractions that the next redo retracts, and the changes that then count again.
    #[must_use]
    pub fn next_redo(&self) -> Option<(Vec<ChangeId>, &[ChangeId])> {
        self.undone
            .last()
            .map(|(by, action)| (by.iter().copied().collect(), action.changes.as_slice()))
    }
}
