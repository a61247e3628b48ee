//! Undo and redo: what this device did, newest last, worked out from the log alone, so that it
//! outlives a reload.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use crate::Stamp;
use crate::change::{Change, Fact};
use crate::log::Log;
use crate::order::sort_by_key;

/// The actions of one device that can be taken back, and those that can be done again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UndoStack {
    device: u32,
    /// What can be taken back.
    done: Vec<Action>,
    /// Each action that can be done again, with the retractions that took it back: several where one
    /// would be too long for an endpoint.
    undone: Vec<(BTreeSet<Stamp>, Action)>,
    /// The retractions of one action so far, and what they name.
    retracting: Retracting,
    /// What undo must not take away, by the change that needs it. An action that holds any of it is
    /// passed over whole.
    pinned: BTreeMap<Stamp, Vec<Stamp>>,
}

/// The parts of a retraction, which come one after another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Retracting {
    action: Option<Stamp>,
    by: BTreeSet<Stamp>,
    targets: BTreeSet<Stamp>,
}

/// One action of this device: its id, and those of its changes that were not erased.
#[derive(Clone, Debug, PartialEq)]
struct Action {
    id: Stamp,
    changes: Vec<Stamp>,
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
            match &change.fact {
                // Before it was erased it was an action like any other.
                Fact::Blank if stack.is_own(change) => stack.undone.clear(),
                _ => stack.note(change),
            }
        }
        stack
    }

    /// Takes note of one change, later than those before it. Changes of other devices are passed
    /// over, except what they erased and the records that they build on.
    pub fn note(&mut self, change: &Change) {
        self.pin(change);
        match &change.fact {
            // Erasing is for good.
            Fact::Redacted(targets) => self.forget(targets),
            Fact::Blank => self.forget(&[change.id]),
            _ if !self.is_own(change) => {}
            Fact::Retracted(targets) => self.note_retraction(change, targets),
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
        let needed = match &change.fact {
            // Everybody asked may be typing an answer, on any device, and no log tells.
            Fact::RoundOpened(round) => {
                let cruxes = round.cruxes.iter().flatten().map(|crux| crux.0);
                let people = round.people.iter().flatten().map(|person| person.0);
                let meeting = round.held_at.flatten().map(|meeting| meeting.0);
                iter::once(change.id)
                    .chain(cruxes)
                    .chain(people)
                    .chain(meeting)
                    .collect()
            }
            Fact::RoundSealed(sealed) => vec![change.id, sealed.person.0],
            fact if fact.is_for_good() => vec![change.id],
            // One's own part in a review is undone before its start; somebody else's is not.
            Fact::MeetingEdited(edited) if !self.is_own(change) => vec![edited.of.0],
            Fact::MeetingNoted(noted) if !self.is_own(change) => {
                vec![noted.meeting.0, noted.crux.0]
            }
            Fact::MeetingClosed(meeting) if !self.is_own(change) => vec![meeting.0],
            _ => return,
        };
        self.pinned.insert(change.id, needed);
    }

    /// Whether undo may take an action back: all of it, and nothing that anybody builds on.
    fn can_be_undone(&self, action: &Action) -> bool {
        let mut pinned = self.pinned.values().flatten();
        !pinned.any(|id| action.changes.contains(id))
    }

    fn note_retraction(&mut self, change: &Change, targets: &[Stamp]) {
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
    fn forget(&mut self, erased: &[Stamp]) {
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
    pub fn next_undo(&self) -> Option<&[Stamp]> {
        let mut latest = self.done.iter().rev();
        let next = latest.find(|action| self.can_be_undone(action))?;
        Some(&next.changes)
    }

    /// What the next redo retracts, and the changes that then count again.
    #[must_use]
    pub fn next_redo(&self) -> Option<(Vec<Stamp>, &[Stamp])> {
        self.undone
            .last()
            .map(|(by, action)| (by.iter().copied().collect(), action.changes.as_slice()))
    }
}

/// What a set of changes did, in a few words: "State a credence", "File evidence and state 2
/// credences".
#[must_use]
pub fn describe<'a>(changes: impl IntoIterator<Item = &'a Change>) -> String {
    // Not named beside the evidence that is weighed, or the review at which triggers are checked.
    const WEIGHED: u8 = 24;
    const CHECKED: u8 = 42;
    let mut counts: Vec<(u8, &'static str, &'static str, usize)> = Vec::new();
    for change in changes {
        let (order, one, many) = match &change.fact {
            Fact::BoardDescribed(_) => (0, "edit the board", "edit the board"),
            Fact::CruxAdded(_) => (1, "add a crux", "add # cruxes"),
            Fact::CruxEdited(_) => (2, "edit a crux", "edit # cruxes"),
            Fact::EvidenceFiled(_) => (3, "file evidence", "file # items of evidence"),
            Fact::EvidenceEdited(_) => (4, "edit evidence", "edit # items of evidence"),
            Fact::CredenceStated(stated) if stated.reaffirms => {
                (5, "reaffirm a credence", "reaffirm # credences")
            }
            Fact::CredenceStated(_) => (6, "state a credence", "state # credences"),
            Fact::StatementExplained(_) => (7, "explain a credence", "explain # credences"),
            Fact::TriggerAdded(_) => (8, "add a trigger", "add # triggers"),
            Fact::TriggerEdited(_) => (9, "edit a trigger", "edit # triggers"),
            Fact::TriggerJudged(_) => (10, "judge a trigger", "judge # triggers"),
            Fact::TriggerChecked(_) => (CHECKED, "check a trigger", "check # triggers"),
            Fact::PositionRecorded(_) => (11, "record a position", "record # positions"),
            Fact::PositionEdited(_) => (12, "edit a position", "edit # positions"),
            Fact::FollowUpAdded(_) => (13, "add a follow-up", "add # follow-ups"),
            Fact::FollowUpEdited(_) => (14, "edit a follow-up", "edit # follow-ups"),
            Fact::OptionAdded(_) => (15, "add an option", "add # options"),
            Fact::OptionEdited(_) => (16, "edit an option", "edit # options"),
            Fact::PersonAdded(_) => (17, "add a person", "add # people"),
            Fact::PersonEdited(_) => (18, "edit a person", "edit # people"),
            Fact::TermDefined(_) => (19, "define a term", "define # terms"),
            Fact::TermEdited(_) => (20, "edit a term", "edit # terms"),
            Fact::ReviewHeld(_) => (21, "record a review", "record # reviews"),
            Fact::DecisionRecorded(_) => (27, "record a decision", "record # decisions"),
            Fact::DecisionEdited(_) => (28, "edit a decision", "edit # decisions"),
            Fact::MeetingStarted(_) => (29, "start a review", "start # reviews"),
            Fact::MeetingEdited(_) => (30, "edit a review", "edit # reviews"),
            Fact::MeetingNoted(_) => (31, "note something", "note # things"),
            Fact::MeetingClosed(_) => (32, "close a review", "close # reviews"),
            Fact::RoundOpened(_) => (33, "open a blind round", "open # blind rounds"),
            Fact::RoundSaid(_) => (34, "ask in a blind round", "ask in a blind round"),
            Fact::RoundSealed(_) => (35, "answer a blind round", "answer # blind rounds"),
            Fact::RoundClosed(_) => (36, "close a blind round", "close # blind rounds"),
            Fact::RoundRevealed(_) => (37, "reveal answers", "reveal # people’s answers"),
            Fact::MessageListed(_) => (38, "list a message", "list # messages"),
            Fact::MessageEdited(_) => (39, "edit a message", "edit # messages"),
            Fact::BriefSeen(_) => (
                40,
                "note a reader of the brief",
                "note # readers of the brief",
            ),
            Fact::BriefSeenEdited(_) => (
                41,
                "edit a reader of the brief",
                "edit # readers of the brief",
            ),
            Fact::Trashed(_) => (22, "move to the trash", "move # records to the trash"),
            Fact::Restored(_) => (23, "restore from the trash", "restore # records"),
            Fact::EvidenceWeighed(_) => (WEIGHED, "weigh evidence", "weigh evidence"),
            Fact::Retracted(_) => (25, "undo", "undo"),
            Fact::Redacted(_) | Fact::Blank => (26, "erase", "erase"),
        };
        match counts.iter_mut().find(|counted| counted.0 == order) {
            Some((.., count)) => *count += 1,
            None => counts.push((order, one, many, 1)),
        }
    }
    sort_by_key(&mut counts, |(order, ..)| *order);
    if counts.len() > 1 {
        counts.retain(|(order, ..)| !matches!(*order, WEIGHED | CHECKED));
    }
    let said = counts.iter().map(|(_, one, many, count)| match count {
        1 => (*one).to_owned(),
        n => many.replace('#', &n.to_string()),
    });
    let text = said.collect::<Vec<_>>().join(" and ");
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
