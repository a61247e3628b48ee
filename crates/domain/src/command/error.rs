//! Why a command is not carried out.

use crate::limits::Excess;
use crate::web_address::WebAddressError;

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
    /// Only event triggers take recorded outcomes.
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
    /// The answers to be published differ from the sealed ones.
    #[error("These answers do not match the sealed ones.")]
    NotWhatWasSealed,
    /// A part of a blind round would be taken back.
    #[error(
        "People have answered this blind round, so its opening, seals, closing and numbers stay. Reasons can be erased: erase the credence that holds one."
    )]
    RoundStays,
    /// Another person of the board has this name, letter case and width aside.
    #[error("There is a “{0}” already: two people of one name cannot be told apart.")]
    NameTaken(String),
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
            Self::NameTaken(_) => "name",
            _ => return None,
        })
    }
}
