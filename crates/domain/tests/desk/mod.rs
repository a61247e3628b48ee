//! A desk: one person at one device, with a small board.

use std::time::Duration;

use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Edited, ReviewHeld};
pub(crate) use cruxboard_domain::date::DAY;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{
    Command, CommandError, Issuer, Move, NewBoard, decide, found_board,
};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::record::*;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::{ChangeId, Credence, Millis};

/// 2026-11-23T09:00:00Z.
pub(crate) const MILLI: Duration = Duration::from_millis(1);
pub(crate) const NOW: Millis = Millis(1_795_424_400_000);
pub(crate) const DEVICE: u32 = 1;

pub(crate) struct Desk {
    pub(crate) board: Board,
    pub(crate) clock: Clock,
    pub(crate) now: Millis,
    pub(crate) undo: UndoStack,
}

impl Desk {
    /// Returns a desk whose board has the usual options and two people, Ann and Bob.
    pub(crate) fn new() -> Self {
        let mut clock = Clock::new(Replica::new(DEVICE, 0));
        let mut issuer = Issuer {
            by: None,
            now: Now::utc(NOW),
            clock: &mut clock,
        };
        let new = NewBoard::of("Go on?", &["Ann", " ", "Bob "]);
        let changes = found_board(&new, &mut issuer).unwrap();
        let mut desk = Self {
            board: Board::default(),
            clock,
            now: NOW,
            undo: UndoStack::of(&Default::default(), DEVICE),
        };
        desk.take(&changes);
        desk
    }

    pub(crate) fn take(&mut self, changes: &[Change]) {
        for change in changes {
            self.board.apply(change.clone());
            self.undo.note(change);
        }
    }

    pub(crate) fn try_do(&mut self, command: Command) -> Result<Vec<Change>, CommandError> {
        let by = self.board.people().next().map(|person| person.id);
        let mut issuer = Issuer {
            by,
            now: Now::utc(self.now),
            clock: &mut self.clock,
        };
        let changes = decide(&self.board, command, &mut issuer)?;
        self.take(&changes);
        Ok(changes)
    }

    /// Carries out a command, and returns the id of its first change.
    pub(crate) fn does(&mut self, command: Command) -> ChangeId {
        self.try_do(command).unwrap()[0].id
    }

    /// Returns the reason why a command is refused, and asserts that the board is unchanged.
    pub(crate) fn refuses(&mut self, command: Command) -> CommandError {
        let before = self.board.clone();
        let refusal = self.try_do(command).unwrap_err();
        assert_eq!(self.board, before);
        refusal
    }

    /// Undoes the latest action.
    pub(crate) fn undoes(&mut self) {
        let changes = self.undo.next_undo().unwrap().to_vec();
        self.does(Command::Retract(changes));
    }

    pub(crate) fn option(&self, name: &str) -> OptionId {
        self.board
            .options()
            .find(|option| option.name == name)
            .unwrap()
            .id
    }

    pub(crate) fn person(&self, name: &str) -> PersonId {
        self.board
            .people()
            .find(|person| person.name == name)
            .unwrap()
            .id
    }

    pub(crate) fn adds_crux(&mut self, claim: &str) -> CruxId {
        let crux = CruxEdit {
            claim: Some(claim.into()),
            ..CruxEdit::default()
        };
        CruxId(self.does(Command::AddCrux {
            crux,
            triggers: Vec::new(),
        }))
    }

    pub(crate) fn edits_crux(&mut self, of: CruxId, set: CruxEdit) {
        // A new claim needs a reason once somebody has stated a credence.
        let reason = set.claim.as_ref().map_or("", |_| "sharper").into();
        self.does(Command::EditCrux(Edited { of, set, reason }));
    }

    /// Adds a trigger without gaps: armed, with a date.
    pub(crate) fn adds_trigger(&mut self, crux: CruxId, toward: &str) -> TriggerId {
        let trigger = TriggerEdit {
            toward: Some(Some(self.option(toward))),
            ..full_trigger(crux)
        };
        TriggerId(self.does(Command::AddTrigger(trigger)))
    }

    pub(crate) fn adds_rule(&mut self, crux: CruxId, rule: CredenceRule) -> TriggerId {
        let trigger = TriggerEdit {
            crux: Some(crux),
            armed: Some(true),
            rule: Some(Some(rule)),
            ..TriggerEdit::default()
        };
        TriggerId(self.does(Command::AddTrigger(trigger)))
    }

    pub(crate) fn edits_trigger(
        &mut self,
        of: TriggerId,
        set: TriggerEdit,
        reason: &str,
    ) -> Result<Vec<Change>, CommandError> {
        self.try_do(Command::EditTrigger(Edited {
            of,
            set,
            reason: reason.into(),
        }))
    }

    pub(crate) fn judges(&mut self, trigger: TriggerId, verdict: Verdict) {
        self.does(judge(trigger, verdict, "so it is"));
    }

    pub(crate) fn states(&mut self, crux: CruxId, person: &str, percent: f64) -> StatementId {
        let moved = self.moved(crux, person, percent);
        StatementId(self.does(Command::StateCredence {
            moved,
            evidence: Vec::new(),
        }))
    }

    pub(crate) fn moved(&self, crux: CruxId, person: &str, percent: f64) -> Move {
        Move {
            crux,
            person: self.person(person),
            credence: Credence::clamped(percent),
            reason: String::new(),
        }
    }

    pub(crate) fn reviews(&mut self) -> ChangeId {
        self.does(Command::HoldReview(ReviewHeld::default()))
    }

    pub(crate) fn files(&mut self, text: &str, bears_on: &[(CruxId, Direction)]) -> EvidenceId {
        let strength = Strength::Moderate;
        let bears_on = bears_on.iter().map(|(crux, direction)| {
            (
                *crux,
                BearsOn {
                    direction: *direction,
                    strength,
                },
            )
        });
        EvidenceId(self.does(Command::FileEvidence {
            evidence: EvidenceEdit {
                text: Some(text.into()),
                ..EvidenceEdit::default()
            },
            bears_on: bears_on.collect(),
            moves: Vec::new(),
        }))
    }

    pub(crate) fn state_on(&self, trigger: TriggerId, day: &str) -> TriggerState {
        trigger_state(
            &self.board,
            self.board.trigger(trigger).unwrap(),
            day.parse::<chrono::NaiveDate>().unwrap(),
        )
    }

    pub(crate) fn days_pass(&mut self, days: u32) {
        self.now += DAY * days;
    }
}

pub(crate) fn full_trigger(crux: CruxId) -> TriggerEdit {
    TriggerEdit {
        crux: Some(crux),
        armed: Some(true),
        observable: Some("it is seen".into()),
        threshold: Some("twice".into()),
        by_date: Some("2027-06-30".parse().ok()),
        judge: Some("Ann".into()),
        action: Some("meet".into()),
        ..TriggerEdit::default()
    }
}

pub(crate) fn judge(trigger: TriggerId, verdict: Verdict, reason: &str) -> Command {
    Command::JudgeTrigger {
        trigger,
        verdict,
        reason: reason.into(),
        evidence: Vec::new(),
    }
}

/// Returns a rule that is met by an aggregate of at least `percent`.
pub(crate) fn at_least(percent: f64, reviews: u8) -> CredenceRule {
    CredenceRule {
        measure: Measure::Aggregate,
        comparison: Comparison::AtLeast,
        value: Credence::clamped(percent),
        reviews,
    }
}

/// Returns an edit of a record, without a reason.
pub(crate) fn edited<Id, Edit>(of: Id, set: Edit) -> Edited<Id, Edit> {
    Edited {
        of,
        set,
        reason: String::new(),
    }
}
