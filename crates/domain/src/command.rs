//! Commands: from what a person wants to the changes that say it, or the reason why not. One file per
//! entity.

mod action;
mod board;
mod brief_read;
mod credence;
mod crux;
mod decision;
mod error;
mod evidence;
mod follow_up;
mod history;
mod message;
mod option;
mod person;
mod position;
mod review;
mod round;
mod term;
mod trigger;

use self::action::{Action, check_texts, refuse_excess};
use self::credence::follow_replaced;
use crate::board::Board;
use crate::change::{Change, Edited, Payload, ReviewHeld, ReviewNoted, RoundSaid, RoundSealed};
use crate::date::Now;
use crate::id::Clock;
use crate::limits::excess_from_elsewhere;
use crate::record::{
    BearsOn, BoardInfoEdit, BoardOptionEdit, BriefReadEdit, BriefReadId, CruxEdit, CruxId,
    DecisionEdit, DecisionId, EvidenceEdit, EvidenceId, FollowUpEdit, FollowUpId, MessageEdit,
    MessageId, OptionId, PersonEdit, PersonId, PositionEdit, PositionId, ReviewEdit, ReviewId,
    RoundEdit, RoundId, StatementId, TermEdit, TermId, TriggerEdit, TriggerId, Verdict,
};
use crate::round::SealedAnswers;
use crate::{ChangeId, Credence};

pub use self::board::found_board;
pub use self::error::CommandError;

/// An action that a person asks for.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "each name says it all; the fields are those of the facts"
)]
pub enum Command {
    Describe(BoardInfoEdit),
    AddOption(BoardOptionEdit),
    EditOption(Edited<OptionId, BoardOptionEdit>),
    AddPerson(PersonEdit),
    EditPerson(Edited<PersonId, PersonEdit>),
    /// A crux with its first triggers; their crux is filled in.
    AddCrux {
        crux: CruxEdit,
        triggers: Vec<TriggerEdit>,
    },
    EditCrux(Edited<CruxId, CruxEdit>),
    /// Puts a crux right after another one in the board's own order; `None`: first.
    MoveCrux {
        crux: CruxId,
        after: Option<CruxId>,
    },
    /// Makes a second crux of a part of a claim; the two stay linked.
    SplitCrux {
        crux: CruxId,
        keep: String,
        part: CruxEdit,
    },
    AddTrigger(TriggerEdit),
    EditTrigger(Edited<TriggerId, TriggerEdit>),
    JudgeTrigger {
        trigger: TriggerId,
        verdict: Verdict,
        reason: String,
        evidence: Vec<EvidenceId>,
    },
    /// Files an item, says how it bears on cruxes, and moves the credences it moves.
    FileEvidence {
        evidence: EvidenceEdit,
        bears_on: Vec<(CruxId, BearsOn)>,
        moves: Vec<Move>,
    },
    EditEvidence(Edited<EvidenceId, EvidenceEdit>),
    WeighEvidence {
        evidence: EvidenceId,
        crux: CruxId,
        bears_on: Option<BearsOn>,
    },
    StateCredence {
        moved: Move,
        evidence: Vec<EvidenceId>,
    },
    /// "Still my view."
    Reaffirm {
        crux: CruxId,
        person: PersonId,
    },
    Explain {
        statement: StatementId,
        reason: String,
        evidence: Vec<EvidenceId>,
    },
    RecordPosition(PositionEdit),
    EditPosition(Edited<PositionId, PositionEdit>),
    AddFollowUp(FollowUpEdit),
    EditFollowUp(Edited<FollowUpId, FollowUpEdit>),
    DefineTerm(TermEdit),
    EditTerm(Edited<TermId, TermEdit>),
    HoldReview(ReviewHeld),
    /// Records a decision; how many changes were at hand is filled in.
    RecordDecision(DecisionEdit),
    EditDecision(Edited<DecisionId, DecisionEdit>),
    StartReview(ReviewEdit),
    EditReview(Edited<ReviewId, ReviewEdit>),
    NoteInReview(ReviewNoted),
    CloseReview(ReviewId),
    OpenRound(RoundEdit),
    SayInRound(RoundSaid),
    /// Answers a round; the answers themselves stay where they were made.
    SealAnswers(RoundSealed),
    /// Ends a round, also before everybody has answered.
    CloseRound(RoundId),
    /// Publishes what was answered, and states it as credences.
    RevealAnswers {
        round: RoundId,
        person: PersonId,
        sealed: SealedAnswers,
    },
    EditMessage(Edited<MessageId, MessageEdit>),
    /// Somebody has seen the brief; the latest change, through which it goes, is filled in.
    NoteBriefSeen(BriefReadEdit),
    EditBriefSeen(Edited<BriefReadId, BriefReadEdit>),
    /// Facts from elsewhere, which get ids of this board; they may name each other by those they had.
    TakeIn(Vec<Change>),
    Trash(ChangeId),
    Restore(ChangeId),
    /// Undo, and redo when what is named are retractions.
    Retract(Vec<ChangeId>),
    /// Erases the content of changes for good.
    Redact(Vec<ChangeId>),
}

/// A credence to state.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// On which crux.
    pub crux: CruxId,
    /// Whose.
    pub person: PersonId,
    /// How likely.
    pub credence: Credence,
    /// Why.
    pub reason: String,
}

/// The author of commands, and the clock that gives their changes ids.
#[derive(Debug)]
pub struct Issuer<'a> {
    /// A person of the board, or nobody yet.
    pub by: Option<PersonId>,
    /// The wall clock.
    pub now: Now,
    /// Mints the ids.
    pub clock: &'a mut Clock,
}

/// The changes that carry a command out.
///
/// # Errors
/// [`CommandError`] when it cannot or should not be carried out; nothing has happened then.
pub fn decide(
    board: &Board,
    command: Command,
    issuer: &mut Issuer<'_>,
) -> Result<Vec<Change>, CommandError> {
    issuer.clock.observe(board.log().last());
    let mut action = Action {
        issuer,
        changes: Vec::new(),
    };
    let is_from_elsewhere = matches!(command, Command::TakeIn(_));
    carry_out(board, command, &mut action)?;
    for change in &mut action.changes {
        if let Payload::CredenceStated(stated) = &mut change.payload {
            follow_replaced(board, change.id, stated);
        }
        if is_from_elsewhere {
            refuse_excess(excess_from_elsewhere(&change.to_json()))?;
        } else {
            check_texts(change)?;
        }
    }
    Ok(action.changes)
}

fn carry_out(
    board: &Board,
    command: Command,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    match command {
        Command::Describe(set) => board::describe(set, action),
        Command::AddOption(option) => option::add(option, action),
        Command::EditOption(edited) => option::edit(board, edited, action),
        Command::AddPerson(person) => person::add(board, person, action),
        Command::EditPerson(edited) => person::edit(board, edited, action),
        Command::AddCrux { crux, triggers } => crux::add(board, crux, triggers, action),
        Command::EditCrux(edited) => crux::edit(board, edited, action),
        Command::MoveCrux { crux, after } => crux::move_after(board, crux, after, action),
        Command::SplitCrux { crux, keep, part } => crux::split(board, crux, keep, part, action),
        Command::AddTrigger(trigger) => trigger::add(board, trigger, action),
        Command::EditTrigger(edited) => trigger::edit(board, edited, action),
        Command::JudgeTrigger {
            trigger,
            verdict,
            reason,
            evidence,
        } => trigger::judge(board, trigger, verdict, reason, evidence, action),
        Command::FileEvidence {
            evidence,
            bears_on,
            moves,
        } => evidence::file(board, evidence, bears_on, moves, action),
        Command::EditEvidence(edited) => evidence::edit(board, edited, action),
        Command::WeighEvidence {
            evidence,
            crux,
            bears_on,
        } => evidence::weigh(board, evidence, crux, bears_on, action),
        Command::StateCredence { moved, evidence } => {
            credence::state(board, moved, evidence, action)
        }
        Command::Reaffirm { crux, person } => credence::reaffirm(board, crux, person, action),
        Command::Explain {
            statement,
            reason,
            evidence,
        } => credence::explain(board, statement, reason, evidence, action),
        Command::RecordPosition(position) => position::record(position, action),
        Command::EditPosition(edited) => position::edit(board, edited, action),
        Command::AddFollowUp(follow_up) => follow_up::add(follow_up, action),
        Command::EditFollowUp(edited) => follow_up::edit(board, edited, action),
        Command::DefineTerm(term) => term::define(term, action),
        Command::EditTerm(edited) => term::edit(board, edited, action),
        Command::HoldReview(review) => review::record(board, review, action),
        Command::RecordDecision(decision) => decision::record(board, decision, action),
        Command::EditDecision(edited) => decision::edit(board, edited, action),
        Command::StartReview(review) => review::start(review, action),
        Command::EditReview(edited) => review::edit(board, edited, action),
        Command::NoteInReview(noted) => review::note(board, noted, action),
        Command::CloseReview(review) => review::close(board, review, action),
        Command::OpenRound(round) => round::open(board, round, action),
        Command::SayInRound(said) => round::say(board, said, action),
        Command::SealAnswers(sealed) => round::seal(board, sealed, action),
        Command::CloseRound(round) => round::close(board, round, action),
        Command::RevealAnswers {
            round,
            person,
            sealed,
        } => round::reveal(board, (round, person), sealed, action),
        Command::EditMessage(edited) => message::edit(board, edited, action),
        Command::NoteBriefSeen(brief_read) => brief_read::note(board, brief_read, action),
        Command::EditBriefSeen(edited) => brief_read::edit(board, edited, action),
        Command::TakeIn(changes) => history::take_in(changes, action),
        Command::Trash(record) => history::trash(board, record, action),
        Command::Restore(record) => history::restore(board, record, action),
        Command::Retract(changes) => history::retract(board, changes, action),
        Command::Redact(changes) => history::redact(board, changes, action),
    }
}
