//! Errors of commands.

mod words;

use self::words::{empty_words, field_words, gone_words};
use crate::joint_effect::IncoherentJointError;
use crate::limits::Excess;
use crate::t;
use crate::value_of_information::IncoherentError;
use crate::web_address::WebAddressError;

/// The reason why a command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A text exceeds the limit of its field: see [`crate::limits`].
    #[error("{}", t!(
        "The {field} is too long: {excess}. Keep the start, or link to the whole text.",
        field = field_words(.field),
        excess
    ))]
    TooLong {
        /// The field.
        field: String,
        /// The exceeded limit.
        excess: Excess,
    },
    /// A required field is empty.
    #[error("{}", empty_words(.0))]
    Empty(&'static str),
    /// An address that cannot become a link.
    #[error(transparent)]
    Address(#[from] WebAddressError),
    /// The record does not exist on this board, or no longer.
    #[error("{}", gone_words(.0))]
    Gone(&'static str),
    /// The person has no credence to confirm.
    #[error("{}", t!("You have no credence to confirm: state one first."))]
    NothingToReaffirm,
    /// A conditional credence contradicts the person's other credences.
    #[error(transparent)]
    Incoherent(#[from] IncoherentError),
    /// A joint effect contradicts the person's other credences.
    #[error(transparent)]
    IncoherentJoint(#[from] IncoherentJointError),
    /// A joint effect was stated of a crux with itself.
    #[error("{}", t!("Choose two different cruxes."))]
    SameCrux,
    /// The terms of an armed trigger were changed without a reason.
    #[error("{}", t!("This trigger has been armed: give the reason why its terms change."))]
    GoalpostNeedsReason,
    /// An outcome was recorded without an author.
    #[error("{}", t!("Choose your name (“You are”, at the top) first: an outcome names the person who recorded it."))]
    JudgementNeedsPerson,
    /// An outcome was recorded without a reason.
    #[error("{}", t!("Give a reason."))]
    JudgementNeedsReason,
    /// A crux was settled or retired without a reason.
    #[error("{}", t!("Give a reason: it is kept with a settled or retired crux."))]
    StageNeedsReason,
    /// A claim with credences was reworded without a reason.
    #[error("{}", t!("Credences have been stated on this claim: give the reason why its words change."))]
    RewordingNeedsReason,
    /// An outcome was recorded for a draft of a trigger, on which nobody has agreed.
    #[error("{}", t!("This trigger is a draft: arm it before you record an outcome."))]
    DraftJudged,
    /// An outcome was recorded for a computed trigger, which takes none.
    #[error("{}", t!("A credence trigger is computed: its only manual outcome is “void”."))]
    Computed,
    /// The option was removed from the board.
    #[error("{}", t!("That option is in the trash: choose another, or restore it first."))]
    OptionRetired,
    /// Somebody dissented without a reason.
    #[error("{}", t!("Add each dissenter’s reason. It is kept with the decision."))]
    DissentNeedsReason,
    /// The date is in the past.
    #[error("{}", t!("The day to decide again is in the past: choose a later day."))]
    PastDay,
    /// The date of a next review is not in the future.
    #[error("{}", t!("The next review is a later day than today."))]
    PastReview,
    /// The review is closed.
    #[error("{}", t!("This review is closed. Reopen it, or start another one."))]
    ReviewClosed,
    /// The round is closed.
    #[error("{}", t!("This round is closed. Open another round."))]
    RoundClosed,
    /// The round is still open.
    #[error("{}", t!("This round is still open: answers are published when it is closed."))]
    RoundOpen,
    /// The answers to be revealed differ from the sealed ones.
    #[error("{}", t!("These answers do not match the sealed ones."))]
    NotWhatWasSealed,
    /// A part of a blind round would be undone.
    #[error("{}", t!("People have answered this blind round, so its opening, seals, closing and numbers stay. Reasons can be erased: erase the credence that holds one."))]
    RoundStays,
    /// Another person of the board has this name, ignoring case and character width.
    #[error("{}", t!("There is a “{name}” already: two people of one name cannot be told apart.", name = .0))]
    NameTaken(String),
    /// Another option of the board has this name, ignoring case and character width.
    #[error("{}", t!(
        "There is an option “{name}” already: two options of one name cannot be told apart.",
        name = .0
    ))]
    OptionTaken(String),
    /// Another term of the board is this word, ignoring case and character width.
    #[error("{}", t!("“{term}” is defined already: change that definition instead.", term = .0))]
    TermTaken(String),
    /// The command has no effect.
    #[error("{}", t!("Nothing has changed."))]
    NothingToDo,
}

impl CommandError {
    /// Returns the field that the error is about, by its stored name, or "me", the field that selects the
    /// author. `None` if it is about no field.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        Some(match self {
            Self::TooLong { field, .. } => field,
            Self::Empty(lacking) => match *lacking {
                "decision question" => "question",
                "name of the option" => "name",
                "claim that stays" => "keep",
                "claim that is split off" => "claim",
                "text, quote or link" => "text",
                "name of who holds it" => "holder",
                "description" => "what",
                "choice of an option" => "option",
                lacking => lacking,
            },
            Self::Address(_) => "url",
            Self::GoalpostNeedsReason | Self::RewordingNeedsReason | Self::JudgementNeedsReason => {
                "reason"
            }
            Self::JudgementNeedsPerson => "me",
            Self::StageNeedsReason => "stage_reason",
            Self::Incoherent(_) => "if_true",
            Self::IncoherentJoint(_) | Self::SameCrux => "joint",
            Self::OptionRetired => "option",
            Self::DissentNeedsReason => "voices",
            Self::PastDay => "until",
            Self::PastReview => "next",
            Self::NameTaken(_) | Self::OptionTaken(_) => "name",
            Self::TermTaken(_) => "term",
            _ => return None,
        })
    }
}
