//! Deciding: from what a person wants to the changes that say it, or the reason why not.

use crate::board::{Board, DAY_MILLIS};
use crate::change::{
    Change, CredenceStated, Edited, EvidenceWeighed, Payload, ReviewHeld, ReviewNoted, RoundClosed,
    RoundRevealed, RoundSaid, RoundSealed, StatementExplained, TriggerJudged,
};
use crate::date::{Now, day_of};
use crate::id::Clock;
use crate::limits::{Excess, excess_from_elsewhere, excess_in};
use crate::record::{
    BearsOn, BoardInfoEdit, BoardOptionEdit, BriefReadEdit, BriefReadId, Crux, CruxEdit, CruxId,
    DecisionEdit, DecisionId, EvidenceEdit, EvidenceId, FollowUpEdit, FollowUpId, Mark,
    MessageEdit, MessageId, OptionId, PersonEdit, PersonId, PositionEdit, PositionId, Record,
    Review, ReviewEdit, ReviewId, Round, RoundEdit, RoundId, Stage, StatementId, TermEdit, TermId,
    Trigger, TriggerEdit, TriggerId, Verdict,
};
use crate::round::{SealedAnswers, is_published, standing, waiting_for};
use crate::trigger_state::check;
use crate::view::rank_between;
use crate::web_address::{WebAddressError, check_address};
use crate::{ChangeId, Credence};

/// So many changes are named by one retraction, which then has about 120 kB: some endpoints take no change
/// that is much longer. Taking back a large import makes several, of one action.
const MOST_RETRACTED: usize = 4_000;

/// What a person wants done.
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

/// Why a command is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A field holds more than it takes: see [`crate::limits`].
    #[error("The {field} is too long: {excess}. Keep the start, or link to the whole text.")]
    TooLong {
        /// Which field.
        field: String,
        /// The limit that it exceeds.
        excess: Excess,
    },
    /// A field that must hold something is empty.
    #[error("The {0} is still empty.")]
    Empty(&'static str),
    /// An address that cannot become a link.
    #[error(transparent)]
    Address(#[from] WebAddressError),
    /// The record is not on this board, or no longer.
    #[error("That {0} is not on this board any more.")]
    Gone(&'static str),
    /// The person has nothing to reaffirm.
    #[error("You have no credence to confirm: state one first.")]
    NothingToReaffirm,
    /// An armed trigger's terms were changed without saying why.
    #[error("This trigger has been armed: give the reason why its terms change.")]
    GoalpostNeedsReason,
    /// A judgement by nobody.
    #[error(
        "Choose your name (“You are”, at the top) first: an outcome names the person who recorded it."
    )]
    JudgementNeedsPerson,
    /// A judgement without a reason.
    #[error("Give a reason.")]
    JudgementNeedsReason,
    /// Retiring a crux without a reason.
    #[error("Give a reason: it is kept with a settled or retired crux.")]
    StageNeedsReason,
    /// A judgement of a trigger that nobody has agreed to yet.
    #[error("This trigger is a draft: arm it before you record an outcome.")]
    DraftJudged,
    /// What judges say is said of event triggers.
    #[error("A credence trigger is computed: its only manual outcome is “void”.")]
    Computed,
    /// An option that was taken off the board.
    #[error("That option is in the trash: choose another, or restore it first.")]
    OptionRetired,
    /// Somebody did not agree, and it is not said why.
    #[error("Add each dissenter’s reason. It is kept with the decision.")]
    DissentNeedsReason,
    /// A day that has passed already.
    #[error("The day to decide again is in the past: choose a later day.")]
    PastDay,
    /// The review is closed.
    #[error("This review is closed. Start another one.")]
    ReviewClosed,
    /// The round is closed.
    #[error("This round is closed. Open another round.")]
    RoundClosed,
    /// The round is still open.
    #[error("This round is still open: answers are published when it is closed.")]
    RoundOpen,
    /// What is to be published is not what was sealed.
    #[error("These answers do not match the sealed ones.")]
    NotWhatWasSealed,
    /// A part of a blind round would be taken back.
    #[error(
        "People have answered this blind round, so its opening, seals, closing and numbers stay. Reasons can be erased: erase the credence that holds one."
    )]
    RoundStays,
    /// There is nothing to do.
    #[error("Nothing has changed.")]
    NothingToDo,
}

impl CommandError {
    /// The name of the field that lacks something or holds what is refused, as its record stores it; of
    /// "me", the field that says who edits. `None` when the refusal is about no field.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        Some(match self {
            Self::TooLong { field, .. } => field,
            Self::Empty(lacking) => match *lacking {
                "decision question" => "question",
                "name of the option" => "name",
                "claim that stays" => "keep",
                "claim that is split off" => "claim",
                "text or quote" => "text",
                "name of who holds it" => "holder",
                "description" => "what",
                "choice of an option" => "option",
                lacking => lacking,
            },
            Self::Address(_) => "url",
            Self::GoalpostNeedsReason | Self::JudgementNeedsReason => "reason",
            Self::JudgementNeedsPerson => "me",
            Self::StageNeedsReason => "stage_reason",
            Self::OptionRetired => "option",
            Self::DissentNeedsReason => "voices",
            Self::PastDay => "until",
            _ => return None,
        })
    }
}

/// Who issues commands, and the clock that stamps what comes of them.
#[derive(Debug)]
pub struct Issuer<'a> {
    /// A person of the board, or nobody yet.
    pub by: Option<PersonId>,
    /// The wall clock.
    pub now: Now,
    /// Mints the ids.
    pub clock: &'a mut Clock,
}

/// The changes of one action.
struct Action<'a, 'b> {
    issuer: &'a mut Issuer<'b>,
    changes: Vec<Change>,
}

impl Action<'_, '_> {
    fn say(&mut self, mut payload: Payload) -> ChangeId {
        let now_millis = self.issuer.now.millis;
        let id = self.issuer.clock.tick(now_millis);
        if let Payload::CredenceStated(stated) = &mut payload {
            stated.wall_clock = CredenceStated::wall_clock_beside(id, now_millis);
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

    fn state(&mut self, moved: Move, evidence: Vec<EvidenceId>, reaffirms: bool) {
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

/// The first changes of a new board: its question, the four usual options, and its people.
///
/// # Errors
/// [`CommandError`] when the question is empty or a text too long.
pub fn found_board(
    question: &str,
    people: &[String],
    issuer: &mut Issuer<'_>,
) -> Result<Vec<Change>, CommandError> {
    let question = filled(question, "decision question")?;
    let mut action = Action {
        issuer,
        changes: Vec::new(),
    };
    action.say(Payload::BoardDescribed(Box::new(BoardInfoEdit {
        question: Some(question),
        ..BoardInfoEdit::default()
    })));
    for (name, mark) in [
        ("Continue", Mark::Continue),
        ("Change direction", Mark::Change),
        ("Wind down", Mark::Stop),
        ("Double down", Mark::DoubleDown),
    ] {
        action.say(Payload::OptionAdded(Box::new(BoardOptionEdit {
            name: Some(name.into()),
            mark: Some(Some(mark)),
            means: None,
        })));
    }
    for name in people
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
    {
        action.say(Payload::PersonAdded(Box::new(PersonEdit {
            name: Some(name.into()),
            ..PersonEdit::default()
        })));
    }
    for change in &action.changes {
        check_texts(change)?;
    }
    Ok(action.changes)
}

fn carry_out(
    board: &Board,
    command: Command,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    match command {
        Command::Describe(set) => {
            ensure_changed(set.is_empty())?;
            if let Some(question) = &set.question {
                filled(question, "decision question")?;
            }
            action.say(Payload::BoardDescribed(Box::new(set)));
        }
        Command::AddOption(option) => {
            filled(
                option.name.as_deref().unwrap_or_default(),
                "name of the option",
            )?;
            action.say(Payload::OptionAdded(Box::new(option)));
        }
        Command::EditOption(edited) => {
            board
                .option(edited.of)
                .ok_or(CommandError::Gone("option"))?;
            ensure_changed(edited.set.is_empty())?;
            action.say(Payload::OptionEdited(Box::new(edited)));
        }
        Command::AddPerson(person) => {
            filled(person.name.as_deref().unwrap_or_default(), "name")?;
            action.say(Payload::PersonAdded(Box::new(person)));
        }
        Command::EditPerson(edited) => {
            board
                .person(edited.of)
                .ok_or(CommandError::Gone("person"))?;
            ensure_changed(edited.set.is_empty())?;
            action.say(Payload::PersonEdited(Box::new(edited)));
        }
        Command::AddCrux { mut crux, triggers } => {
            filled(crux.claim.as_deref().unwrap_or_default(), "claim")?;
            if crux.rank.is_none() {
                let last = board
                    .cruxes()
                    .last()
                    .map(|last| last.rank.clone())
                    .unwrap_or_default();
                crux.rank = Some(rank_between(&last, ""));
            }
            let id = CruxId(action.say(Payload::CruxAdded(Box::new(crux))));
            for trigger in triggers {
                let trigger = TriggerEdit {
                    crux: Some(id),
                    ..trigger
                };
                action.say(Payload::TriggerAdded(Box::new(trigger)));
            }
        }
        Command::EditCrux(mut edited) => {
            let crux = board.crux(edited.of).ok_or(CommandError::Gone("crux"))?;
            ensure_changed(edited.set.is_empty())?;
            if let Some(claim) = &edited.set.claim {
                filled(claim, "claim")?;
            }
            let mut after = crux.value.clone();
            after.overlay(&edited.set);
            let is_closed = after.stage() != Stage::Open;
            let is_explained_anew =
                after.stage() != crux.stage() || after.stage_reason != crux.stage_reason;
            if is_explained_anew && is_closed && after.stage_reason.trim().is_empty() {
                return Err(CommandError::StageNeedsReason);
            }
            let is_settled = matches!(after.stage(), Stage::SettledTrue | Stage::SettledFalse);
            let now = action.issuer.now.millis;
            let is_stamped_ahead =
                CredenceStated::wall_clock_beside(board.log().last(), now).is_some();
            if is_settled && after.stage() != crux.stage() && is_stamped_ahead {
                // The day of the stamp has not come yet.
                edited.set.scored_until.get_or_insert(Some(day_of(now)));
            }
            action.say(Payload::CruxEdited(Box::new(edited)));
        }
        Command::MoveCrux { crux, after } => move_crux(board, crux, after, action)?,
        Command::SplitCrux { crux, keep, part } => {
            let whole = board.crux(crux).ok_or(CommandError::Gone("crux"))?;
            let keep = filled(&keep, "claim that stays")?;
            filled(
                part.claim.as_deref().unwrap_or_default(),
                "claim that is split off",
            )?;
            let rank = rank_after(&whole.rank, &board.cruxes());
            if keep != whole.claim {
                action.say(Payload::CruxEdited(Box::new(Edited {
                    of: crux,
                    set: CruxEdit {
                        claim: Some(keep),
                        ..CruxEdit::default()
                    },
                    reason: "split".into(),
                })));
            }
            action.say(Payload::CruxAdded(Box::new(CruxEdit {
                split_from: Some(Some(crux)),
                rank: Some(rank),
                ..part
            })));
        }
        Command::AddTrigger(trigger) => {
            let crux = trigger.crux.ok_or(CommandError::Gone("crux"))?;
            board.crux(crux).ok_or(CommandError::Gone("crux"))?;
            if trigger.rule.flatten().is_none() {
                // What is still lacking is said as advice; of a trigger that says nothing it could not be.
                let texts = [&trigger.observable, &trigger.threshold, &trigger.action];
                let is_silent =
                    |text: &&Option<String>| text.as_deref().unwrap_or_default().trim().is_empty();
                if texts.iter().all(is_silent) {
                    return Err(CommandError::Empty("observable"));
                }
            }
            action.say(Payload::TriggerAdded(Box::new(trigger)));
        }
        Command::EditTrigger(edited) => {
            let trigger = board
                .trigger(edited.of)
                .ok_or(CommandError::Gone("trigger"))?;
            ensure_changed(edited.set.is_empty())?;
            let moves_goalposts = !trigger.goalposts_moved_by(&edited.set).is_empty();
            // Disarming it first is no way around the reason.
            if trigger.ever_armed() && moves_goalposts && edited.reason.trim().is_empty() {
                return Err(CommandError::GoalpostNeedsReason);
            }
            action.say(Payload::TriggerEdited(Box::new(edited)));
        }
        Command::JudgeTrigger {
            trigger,
            verdict,
            reason,
            evidence,
        } => {
            let judged = board
                .trigger(trigger)
                .ok_or(CommandError::Gone("trigger"))?;
            if !judged.armed {
                return Err(CommandError::DraftJudged);
            }
            if judged.rule.is_some() && !matches!(verdict, Verdict::Void | Verdict::Open) {
                return Err(CommandError::Computed);
            }
            if action.issuer.by.is_none() {
                return Err(CommandError::JudgementNeedsPerson);
            }
            if reason.trim().is_empty() {
                return Err(CommandError::JudgementNeedsReason);
            }
            let settles = match judged.dispute() {
                Some(_) => judged.standing().into_iter().map(|one| one.id).collect(),
                None => Vec::new(),
            };
            let judged = TriggerJudged {
                trigger,
                verdict,
                reason,
                evidence,
                settles,
            };
            action.say(Payload::TriggerJudged(Box::new(judged)));
        }
        Command::FileEvidence {
            evidence,
            bears_on,
            moves,
        } => {
            let text = evidence.text.as_deref().unwrap_or_default();
            let quote = evidence.quote.as_deref().unwrap_or_default();
            filled(
                if text.trim().is_empty() { quote } else { text },
                "text or quote",
            )?;
            check_address(evidence.url.as_deref().unwrap_or_default())?;
            let id = EvidenceId(action.say(Payload::EvidenceFiled(Box::new(evidence))));
            for (crux, bears_on) in bears_on {
                board.crux(crux).ok_or(CommandError::Gone("crux"))?;
                let bears_on = Some(bears_on);
                action.say(Payload::EvidenceWeighed(EvidenceWeighed {
                    evidence: id,
                    crux,
                    bears_on,
                }));
            }
            for moved in moves {
                check_move(board, &moved)?;
                action.state(moved, vec![id], false);
            }
        }
        Command::EditEvidence(edited) => {
            board
                .evidence(edited.of)
                .ok_or(CommandError::Gone("item of evidence"))?;
            ensure_changed(edited.set.is_empty())?;
            check_address(edited.set.url.as_deref().unwrap_or_default())?;
            action.say(Payload::EvidenceEdited(Box::new(edited)));
        }
        Command::WeighEvidence {
            evidence,
            crux,
            bears_on,
        } => {
            let item = board
                .evidence(evidence)
                .ok_or(CommandError::Gone("item of evidence"))?;
            board.crux(crux).ok_or(CommandError::Gone("crux"))?;
            ensure_changed(item.bears_on.get(&crux) == bears_on.as_ref())?;
            action.say(Payload::EvidenceWeighed(EvidenceWeighed {
                evidence,
                crux,
                bears_on,
            }));
        }
        Command::StateCredence { moved, evidence } => {
            check_move(board, &moved)?;
            action.state(moved, evidence, false);
        }
        Command::Reaffirm { crux, person } => {
            let statements = board.statements_on(crux);
            let latest = statements
                .iter()
                .rev()
                .find(|statement| statement.person == person);
            let credence = latest.ok_or(CommandError::NothingToReaffirm)?.credence;
            let moved = Move {
                crux,
                person,
                credence,
                reason: String::new(),
            };
            check_move(board, &moved)?;
            action.state(moved, Vec::new(), true);
        }
        Command::Explain {
            statement,
            reason,
            evidence,
        } => {
            let explained = board
                .statement(statement)
                .ok_or(CommandError::Gone("credence"))?;
            ensure_changed(explained.reason == reason && explained.evidence == evidence)?;
            let explained = StatementExplained {
                statement,
                reason,
                evidence,
            };
            action.say(Payload::StatementExplained(Box::new(explained)));
        }
        Command::RecordPosition(position) => {
            filled(
                position.holder.as_deref().unwrap_or_default(),
                "name of who holds it",
            )?;
            action.say(Payload::PositionRecorded(Box::new(position)));
        }
        Command::EditPosition(edited) => {
            board
                .position(edited.of)
                .ok_or(CommandError::Gone("position"))?;
            ensure_changed(edited.set.is_empty())?;
            action.say(Payload::PositionEdited(Box::new(edited)));
        }
        Command::AddFollowUp(follow_up) => {
            filled(follow_up.what.as_deref().unwrap_or_default(), "description")?;
            check_address(follow_up.url.as_deref().unwrap_or_default())?;
            action.say(Payload::FollowUpAdded(Box::new(follow_up)));
        }
        Command::EditFollowUp(edited) => {
            board
                .follow_up(edited.of)
                .ok_or(CommandError::Gone("follow-up"))?;
            ensure_changed(edited.set.is_empty())?;
            check_address(edited.set.url.as_deref().unwrap_or_default())?;
            action.say(Payload::FollowUpEdited(Box::new(edited)));
        }
        Command::DefineTerm(term) => {
            filled(term.term.as_deref().unwrap_or_default(), "term")?;
            action.say(Payload::TermDefined(Box::new(term)));
        }
        Command::EditTerm(edited) => {
            board.term(edited.of).ok_or(CommandError::Gone("term"))?;
            ensure_changed(edited.set.is_empty())?;
            action.say(Payload::TermEdited(Box::new(edited)));
        }
        Command::HoldReview(review) => {
            let review = action.say(Payload::ReviewHeld(Box::new(review)));
            // Within a day of another review it is that review, which has found what it found.
            let is_another = |trigger: &Trigger| {
                let after = trigger.counts_from.unwrap_or_default();
                let last = board.reviews_on(trigger.crux, after).pop();
                last.is_none_or(|last| last.millis().saturating_add(DAY_MILLIS) <= review.millis())
            };
            check_triggers(board, review, is_another, action);
        }
        Command::RecordDecision(decision) => {
            check_decision(board, &decision, action.issuer.now)?;
            let option = decision.option.flatten();
            option.ok_or(CommandError::Empty("choice of an option"))?;
            filled(decision.why.as_deref().unwrap_or_default(), "reason")?;
            let known = u32::try_from(board.log().len()).unwrap_or(u32::MAX);
            action.say(Payload::DecisionRecorded(Box::new(DecisionEdit {
                known: Some(known),
                ..decision
            })));
        }
        Command::EditDecision(edited) => {
            board
                .decision(edited.of)
                .ok_or(CommandError::Gone("decision"))?;
            ensure_changed(edited.set.is_empty())?;
            check_decision(board, &edited.set, action.issuer.now)?;
            action.say(Payload::DecisionEdited(Box::new(edited)));
        }
        Command::StartReview(review) => {
            action.say(Payload::ReviewStarted(Box::new(review)));
        }
        Command::EditReview(mut edited) => {
            ensure_changed(edited.set.is_empty())?;
            let review = board
                .review(edited.of)
                .ok_or(CommandError::Gone("review"))?;
            let is_mark_alone = edited.set
                == ReviewEdit {
                    note_is_public: edited.set.note_is_public,
                    ..ReviewEdit::default()
                };
            // Who may read a note is often asked only when the minutes go out.
            if !is_mark_alone {
                open_review(board, edited.of)?;
            }
            // Note and mark go together, so that the mark can never come to stand by another note
            // that somebody wrote at the same time.
            if is_mark_alone {
                edited.set.note = Some(review.note.clone());
            } else if edited.set.note.is_some() {
                edited.set.note_is_public.get_or_insert(false);
            }
            action.say(Payload::ReviewEdited(Box::new(edited)));
        }
        Command::NoteInReview(noted) => {
            let review = board
                .review(noted.review)
                .ok_or(CommandError::Gone("review"))?;
            let there = review.notes.get(&noted.crux);
            if there.is_none_or(|note| note.text != noted.text) {
                open_review(board, noted.review)?;
            }
            ensure_changed(
                there.is_some_and(|note| {
                    note.text == noted.text && note.is_public == noted.is_public
                }),
            )?;
            action.say(Payload::ReviewNoted(Box::new(noted)));
        }
        Command::CloseReview(review) => {
            let agenda = &open_review(board, review)?.agenda;
            let review = action.say(Payload::ReviewClosed(review));
            let is_on_agenda =
                |trigger: &Trigger| agenda.iter().any(|item| item.crux == trigger.crux);
            check_triggers(board, review, is_on_agenda, action);
        }
        Command::OpenRound(round) => {
            let cruxes = round.cruxes.as_deref().unwrap_or_default();
            ensure_changed(cruxes.is_empty())?;
            for crux in cruxes {
                board.crux(*crux).ok_or(CommandError::Gone("crux"))?;
            }
            action.say(Payload::RoundOpened(Box::new(round)));
        }
        Command::SayInRound(said) => {
            open_round(board, said.round)?;
            filled(&said.text, "question")?;
            action.say(Payload::RoundSaid(Box::new(said)));
        }
        Command::SealAnswers(sealed) => {
            open_round(board, sealed.round)?;
            board
                .person(sealed.person)
                .ok_or(CommandError::Gone("person"))?;
            action.say(Payload::RoundSealed(Box::new(sealed)));
        }
        Command::CloseRound(round) => {
            let open = open_round(board, round)?;
            let seals = open.everybody().into_iter();
            let seals = seals.filter_map(|person| Some(open.seal_of(person)?.0.id));
            action.say(Payload::RoundClosed(Box::new(RoundClosed {
                round,
                without: waiting_for(board, open),
                seals: Some(seals.collect()),
            })));
        }
        Command::RevealAnswers {
            round,
            person,
            sealed,
        } => reveal(board, (round, person), sealed, action)?,
        Command::EditMessage(edited) => {
            board
                .message(edited.of)
                .ok_or(CommandError::Gone("message"))?;
            ensure_changed(edited.set.is_empty())?;
            action.say(Payload::MessageEdited(Box::new(edited)));
        }
        Command::NoteBriefSeen(brief_read) => {
            filled(brief_read.who.as_deref().unwrap_or_default(), "name")?;
            action.say(Payload::BriefSeen(Box::new(BriefReadEdit {
                through: Some(Some(board.log().last())),
                ..brief_read
            })));
        }
        Command::EditBriefSeen(edited) => {
            board
                .brief_read(edited.of)
                .ok_or(CommandError::Gone("note"))?;
            ensure_changed(edited.set.is_empty())?;
            action.say(Payload::BriefSeenEdited(Box::new(edited)));
        }
        Command::TakeIn(changes) => {
            ensure_changed(changes.is_empty())?;
            let taken = crate::snapshot::adopted(&changes, action.issuer);
            action.changes.extend(taken);
        }
        Command::Trash(record) => {
            ensure_changed(!board.is_record(record))?;
            takes_back(board, &[record])?;
            action.say(Payload::Trashed(record));
        }
        Command::Restore(record) => {
            ensure_changed(!board.is_record(record))?;
            action.say(Payload::Restored(record));
        }
        Command::Retract(changes) => {
            takes_back(board, &changes)?;
            for part in changes.chunks(MOST_RETRACTED) {
                action.say(Payload::Retracted(part.to_vec()));
            }
        }
        Command::Redact(changes) => {
            ensure_changed(changes.is_empty())?;
            let is_bare = |id: &ChangeId| {
                let change = board.log().change(*id);
                change.is_some_and(|change| {
                    let is_opening = matches!(change.payload, Payload::RoundOpened(_));
                    change.payload.is_erased() && (is_opening || change.payload.is_for_good())
                })
            };
            if changes.iter().any(is_bare) {
                return Err(CommandError::RoundStays);
            }
            action.say(Payload::Redacted(changes));
        }
    }
    Ok(())
}

/// Lets a statement be held no earlier than the one that it replaces, which may come from a device whose
/// clock is right while the clock here is behind.
fn follow_replaced(board: &Board, id: ChangeId, stated: &mut CredenceStated) {
    let Some(clock) = stated.wall_clock else {
        return;
    };
    let statements = board.statements_on(stated.crux).into_iter().rev();
    let mut of_person = statements.filter(|said| said.person == stated.person);
    let replaced = of_person.next().map_or(0, |said| said.at);
    stated.wall_clock = Some(clock.max(replaced)).filter(|clock| *clock < id.millis());
}

/// A day that has passed and an option in the trash are mistakes; what a dissenter meant is not to
/// be guessed later.
fn check_decision(board: &Board, set: &DecisionEdit, now: Now) -> Result<(), CommandError> {
    if let Some(option) = set.option.flatten() {
        let option = board.option(option).ok_or(CommandError::Gone("option"))?;
        if option.trashed.is_some() {
            return Err(CommandError::OptionRetired);
        }
    }
    let silent = |voice: &crate::record::Voice| !voice.agrees && voice.reason.trim().is_empty();
    if set.voices.iter().flatten().any(silent) {
        return Err(CommandError::DissentNeedsReason);
    }
    match set.until.flatten() {
        Some(until) if until < now.today() => Err(CommandError::PastDay),
        _ => Ok(()),
    }
}

fn open_review(board: &Board, id: ReviewId) -> Result<&Record<ReviewId, Review>, CommandError> {
    let review = board.review(id).ok_or(CommandError::Gone("review"))?;
    match review.closed() {
        Some(_) => Err(CommandError::ReviewClosed),
        None => Ok(review),
    }
}

fn open_round(board: &Board, id: RoundId) -> Result<&Record<RoundId, Round>, CommandError> {
    let round = board.round(id).ok_or(CommandError::Gone("round"))?;
    match round.closing() {
        Some(_) => Err(CommandError::RoundClosed),
        None => Ok(round),
    }
}

/// Writes down how the computed triggers of these cruxes stand at a review.
fn check_triggers(
    board: &Board,
    review: ChangeId,
    is_reviewed: impl Fn(&Trigger) -> bool,
    action: &mut Action<'_, '_>,
) {
    for trigger in board.triggers().filter(|one| is_reviewed(one)) {
        let checked = check(board, trigger, action.issuer.now, review);
        if let Some(checked) = checked {
            action.say(Payload::TriggerChecked(Box::new(checked)));
        }
    }
}

/// Publishes answers, and states them as the credences they were when they were sealed.
fn reveal(
    board: &Board,
    (round, person): (RoundId, PersonId),
    sealed: SealedAnswers,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    let round = board.round(round).ok_or(CommandError::Gone("round"))?;
    round.closing().ok_or(CommandError::RoundOpen)?;
    if is_published(&standing(round, person)) {
        return Err(CommandError::NothingToDo);
    }
    let (own, _) = round
        .seal_of(person)
        .ok_or(CommandError::NotWhatWasSealed)?;
    if own.seal != sealed.seal(round.id, person) {
        return Err(CommandError::NotWhatWasSealed);
    }
    action.say(Payload::RoundRevealed(Box::new(RoundRevealed {
        round: round.id,
        person,
        salt: sealed.salt.clone(),
        answers: sealed.published(),
    })));
    for answer in &sealed.answers {
        if board.crux(answer.crux).is_some() {
            action.say(Payload::CredenceStated(Box::new(CredenceStated {
                crux: answer.crux,
                person,
                credence: answer.credence,
                reason: answer.reason.clone(),
                reason_salt: sealed.reason_salt(answer),
                evidence: Vec::new(),
                reaffirms: false,
                at: Some(own.id.millis()),
                wall_clock: None,
            })));
        }
    }
    Ok(())
}

/// Refuses to take back what keeps a blind round closed.
fn takes_back(board: &Board, changes: &[ChangeId]) -> Result<(), CommandError> {
    ensure_changed(changes.is_empty())?;
    if changes.iter().any(|id| board.log().is_permanent(*id)) {
        return Err(CommandError::RoundStays);
    }
    Ok(())
}

fn move_crux(
    board: &Board,
    crux: CruxId,
    after: Option<CruxId>,
    action: &mut Action<'_, '_>,
) -> Result<(), CommandError> {
    board.crux(crux).ok_or(CommandError::Gone("crux"))?;
    ensure_changed(after == Some(crux))?;
    let mut order = board.cruxes();
    let from = order.iter().position(|other| other.id == crux);
    order.retain(|other| other.id != crux);
    let at = match after {
        None => 0,
        Some(after) => {
            let before = order.iter().position(|other| other.id == after);
            before.ok_or(CommandError::Gone("crux"))? + 1
        }
    };
    ensure_changed(from == Some(at))?;
    let low = at.checked_sub(1).map_or("", |i| &order[i].rank).to_owned();
    let rank = rank_after(&low, &order[at..]);
    action.say(Payload::CruxEdited(Box::new(Edited {
        of: crux,
        set: CruxEdit {
            rank: Some(rank),
            ..CruxEdit::default()
        },
        reason: String::new(),
    })));
    Ok(())
}

/// A rank right after `low`, before what follows it in `order`. Cruxes added at the same moment on
/// two devices can share a rank: the next different one bounds the place then, and the crux lands
/// behind the whole group.
fn rank_after(low: &str, order: &[&Record<CruxId, Crux>]) -> String {
    let mut ranks = order.iter().map(|crux| crux.rank.as_str());
    rank_between(low, ranks.find(|rank| *rank > low).unwrap_or_default())
}

fn check_move(board: &Board, moved: &Move) -> Result<(), CommandError> {
    board.crux(moved.crux).ok_or(CommandError::Gone("crux"))?;
    board
        .person(moved.person)
        .ok_or(CommandError::Gone("person"))?;
    Ok(())
}

fn ensure_changed(is_nothing: bool) -> Result<(), CommandError> {
    if is_nothing {
        Err(CommandError::NothingToDo)
    } else {
        Ok(())
    }
}

fn filled(text: &str, field: &'static str) -> Result<String, CommandError> {
    let text = text.trim();
    if text.is_empty() {
        Err(CommandError::Empty(field))
    } else {
        Ok(text.to_owned())
    }
}

/// Refuses a change with a text that is over the limit of its field.
fn check_texts(change: &Change) -> Result<(), CommandError> {
    refuse_excess(excess_in(change))
}

fn refuse_excess(found: Option<(String, Excess)>) -> Result<(), CommandError> {
    match found {
        Some((field, excess)) => Err(CommandError::TooLong { field, excess }),
        None => Ok(()),
    }
}
