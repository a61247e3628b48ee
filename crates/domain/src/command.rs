//! Commands: turns what a person wants to do into changes, or refuses it with a reason. One file per entity.

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
mod issuer;
mod joint_credence;
mod message;
mod new_board;
mod option;
mod option_credence;
mod person;
mod position;
mod review;
mod round;
mod starting_point;
mod term;
mod trigger;

use self::action::{Action, check_texts, refuse_excess};
use self::credence::follow_replaced;
use crate::board::Board;
use crate::change::{Change, Edited, Payload, ReviewHeld, ReviewNoted, RoundSaid, RoundSealed};
use crate::import::claims::ListedClaim;
use crate::limits::excess_from_elsewhere;
use crate::record::{
    BearsOn, BoardInfoEdit, BoardOptionEdit, BriefReadEdit, BriefReadId, CruxEdit, CruxId,
    DecisionEdit, DecisionId, EvidenceEdit, EvidenceId, FollowUpEdit, FollowUpId, Given,
    MessageEdit, MessageId, OptionId, PersonEdit, PersonId, PositionEdit, PositionId, ReviewEdit,
    ReviewId, RoundEdit, RoundId, StatementId, TermEdit, TermId, TriggerEdit, TriggerId, Verdict,
};
use crate::round::SealedAnswers;
use crate::snapshot::Moments;
use crate::trigger_review::TriggersToReview;
use crate::{ChangeId, Credence};

pub use self::error::CommandError;
pub use self::issuer::Issuer;
pub use self::new_board::{NewBoard, NewCrux, USUAL_OPTIONS, found_board};
pub use self::starting_point::{ExampleCrux, STARTING_POINTS, StartingPoint};

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
    /// Adds a crux with its first triggers; their crux is filled in.
    AddCrux {
        crux: CruxEdit,
        triggers: Vec<TriggerEdit>,
    },
    /// Adds cruxes from a list of claims, with the person's credences. Claims that are on the board already
    /// are skipped.
    AddCruxes {
        claims: Vec<ListedClaim>,
        person: Option<PersonId>,
    },
    EditCrux(Edited<CruxId, CruxEdit>),
    /// Moves a crux right after another one in the manual order; `None` moves it to the front.
    MoveCrux {
        crux: CruxId,
        after: Option<CruxId>,
    },
    /// Splits a part of a claim off into a second crux. The two stay linked.
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
    /// Saves an item of evidence with its weights, and states the credences that it moves.
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
    /// States a credence in an option, as things stand or if a crux is true.
    StateOptionCredence {
        moved: OptionMove,
        evidence: Vec<EvidenceId>,
    },
    /// States a credence in an option if two cruxes turn out in a certain way.
    StateJointCredence {
        moved: JointMove,
        evidence: Vec<EvidenceId>,
    },
    /// Confirms the latest credence.
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
    /// Records a decision. The number of changes known at the time is filled in.
    RecordDecision {
        /// The decision, with its reason.
        decision: DecisionEdit,
        /// The actions, each of which becomes a follow-up.
        actions: Vec<FollowUpEdit>,
    },
    EditDecision(Edited<DecisionId, DecisionEdit>),
    StartReview(ReviewEdit),
    EditReview(Edited<ReviewId, ReviewEdit>),
    NoteInReview(ReviewNoted),
    CloseReview(ReviewId),
    /// Closes a review, and sets the next review date of armed triggers that it went through.
    CloseReviewOfTriggers {
        review: ReviewId,
        put_off: TriggersToReview,
    },
    /// Sets the next review date of triggers that stay armed. An earlier date replaces no later one.
    ReviewTriggers(TriggersToReview),
    /// Reopens a review: retracts its closing, with the results for computed triggers.
    ReopenReview(ReviewId),
    OpenRound(RoundEdit),
    SayInRound(RoundSaid),
    /// Stores the seal of a person's answers in a round. The answers themselves stay on the device.
    SealAnswers(RoundSealed),
    /// Closes a round, also before everybody has answered.
    CloseRound(RoundId),
    /// Reveals answers, and states them as credences.
    RevealAnswers {
        round: RoundId,
        person: PersonId,
        sealed: SealedAnswers,
    },
    EditMessage(Edited<MessageId, MessageEdit>),
    /// Records that somebody has read the brief. The latest change, up to which they read, is filled in.
    NoteBriefSeen(BriefReadEdit),
    EditBriefSeen(Edited<BriefReadId, BriefReadEdit>),
    /// Imports facts from elsewhere under new ids. The facts may refer to each other by their old ids.
    TakeIn(Vec<Change>),
    /// Imports facts of another board of one's own under new ids, as [`TakeIn`](Self::TakeIn) does. Credences keep
    /// the moments of their recording.
    MergeBoard(Vec<Change>),
    Trash(ChangeId),
    Restore(ChangeId),
    /// Retracts changes: undo, or redo if the changes are retractions.
    Retract(Vec<ChangeId>),
    /// Redacts changes: erases their content for good.
    Redact(Vec<ChangeId>),
}

/// A credence to state.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The crux.
    pub crux: CruxId,
    /// The person.
    pub person: PersonId,
    /// The credence.
    pub credence: Credence,
    /// The reason.
    pub reason: String,
}

/// A credence in an option to state.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionMove {
    /// The option.
    pub option: OptionId,
    /// The crux that is assumed to be true; `None` for the credence as things stand.
    pub if_true: Option<CruxId>,
    /// The person.
    pub person: PersonId,
    /// The credence.
    pub credence: Credence,
    /// The reason.
    pub reason: String,
}

/// A joint effect of two cruxes to state.
#[derive(Clone, Debug, PartialEq)]
pub struct JointMove {
    /// The option.
    pub option: OptionId,
    /// Two different cruxes, each assumed to be true or false.
    pub given: [Given; 2],
    /// The person.
    pub person: PersonId,
    /// The credence.
    pub credence: Credence,
    /// The reason.
    pub reason: String,
}

/// Returns the changes that carry out a command.
///
/// # Errors
/// [`CommandError`] if the command is refused.
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
    let is_merge = matches!(command, Command::MergeBoard(_));
    let is_from_elsewhere = is_merge || matches!(command, Command::TakeIn(_));
    carry_out(board, command, &mut action)?;
    for change in &mut action.changes {
        // The moments of merged credences are those of another board.
        if let Payload::CredenceStated(stated) = &mut change.payload
            && !is_merge
        {
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

#[expect(clippy::too_many_lines, reason = "one arm for each command")]
fn carry_out(
    board: &Board,
    command: Command,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    match command {
        Command::Describe(set) => board::describe(set, action),
        Command::AddOption(option) => option::add(board, option, action),
        Command::EditOption(edited) => option::edit(board, edited, action),
        Command::AddPerson(person) => person::add(board, person, action),
        Command::EditPerson(edited) => person::edit(board, edited, action),
        Command::AddCrux { crux, triggers } => crux::add(board, crux, triggers, action),
        Command::AddCruxes { claims, person } => crux::add_listed(board, claims, person, action),
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
        Command::StateOptionCredence { moved, evidence } => {
            option_credence::state(board, moved, evidence, action)
        }
        Command::StateJointCredence { moved, evidence } => {
            joint_credence::state(board, moved, evidence, action)
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
        Command::DefineTerm(term) => term::define(board, term, action),
        Command::EditTerm(edited) => term::edit(board, edited, action),
        Command::HoldReview(review) => review::record(board, review, action),
        Command::RecordDecision { decision, actions } => {
            decision::record(board, decision, actions, action)
        }
        Command::EditDecision(edited) => decision::edit(board, edited, action),
        Command::StartReview(review) => review::start(review, action),
        Command::EditReview(edited) => review::edit(board, edited, action),
        Command::NoteInReview(noted) => review::note(board, noted, action),
        Command::CloseReview(review) => review::close(board, review, action),
        Command::CloseReviewOfTriggers { review, put_off } => {
            review::close_of_triggers(board, review, &put_off, action)
        }
        Command::ReviewTriggers(put_off) => trigger::review(board, &put_off, action),
        Command::ReopenReview(review) => review::reopen(board, review, action),
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
        Command::TakeIn(changes) => history::take_in(changes, Moments::Held, action),
        Command::MergeBoard(changes) => history::take_in(changes, Moments::HeldAndFiled, action),
        Command::Trash(record) => history::trash(board, record, action),
        Command::Restore(record) => history::restore(board, record, action),
        Command::Retract(changes) => history::retract(board, changes, action),
        Command::Redact(changes) => history::redact(board, changes, action),
    }
}
