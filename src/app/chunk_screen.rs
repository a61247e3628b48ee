//! The chunk of each screen.

use crate::route::{AnalysisPart, ReviewStep, Screen};
use cruxboard_domain::ChangeId;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::{CruxId, Direction, EvidenceId, ReviewId, RoundId, TriggerId};

/// A screen of a board, by the chunk that it is in.
pub(super) enum ChunkScreen {
    /// In the board chunk, which is there already.
    Board,
    Editing(EditingScreen),
    Meeting(MeetingScreen),
    Sharing(SharingScreen),
    Analysis(AnalysisPart),
}

impl ChunkScreen {
    pub(super) fn of(screen: Screen) -> Self {
        match screen {
            Screen::Cruxes(..) | Screen::Unknown => Self::Board,
            Screen::Crux(id) => Self::Editing(EditingScreen::Crux(id)),
            Screen::NewCrux => Self::Editing(EditingScreen::NewCrux),
            Screen::Evidence(_) => Self::Editing(EditingScreen::Evidence),
            Screen::NewEvidence(crux) => {
                Self::Editing(EditingScreen::NewEvidence(crux, Direction::For))
            }
            Screen::NewEvidenceOn(crux, side) => {
                Self::Editing(EditingScreen::NewEvidence(Some(crux), side))
            }
            Screen::NewEvidenceFrom(crux, clipping) => {
                Self::Editing(EditingScreen::NewEvidenceFrom(crux, clipping))
            }
            Screen::EvidenceItem(id) => Self::Editing(EditingScreen::EvidenceItem(id)),
            Screen::FollowUps(_) => Self::Editing(EditingScreen::FollowUps),
            Screen::Setup => Self::Editing(EditingScreen::Setup),
            Screen::History => Self::Editing(EditingScreen::History),
            Screen::Due => Self::Meeting(MeetingScreen::Due),
            Screen::Since(from, to) => Self::Meeting(MeetingScreen::Since(from, to)),
            Screen::Decisions => Self::Meeting(MeetingScreen::Decisions),
            Screen::Decide(trigger) => Self::Meeting(MeetingScreen::Decide(trigger)),
            Screen::Reviews => Self::Meeting(MeetingScreen::Reviews),
            Screen::Review(id) => Self::Meeting(MeetingScreen::Review(id)),
            Screen::ReviewStep(id, step) => Self::Meeting(MeetingScreen::ReviewStep(id, step)),
            Screen::Walk(id, crux) => Self::Meeting(MeetingScreen::Walk(id, crux)),
            Screen::Minutes(id) => Self::Meeting(MeetingScreen::Minutes(id)),
            Screen::Scores => Self::Meeting(MeetingScreen::Scores),
            Screen::Round(id) => Self::Meeting(MeetingScreen::Round(id)),
            Screen::Share(crux) => Self::Sharing(SharingScreen::Share(crux)),
            Screen::MergeBoard => Self::Sharing(SharingScreen::MergeBoard),
            Screen::CopyCruxes(crux) => Self::Sharing(SharingScreen::CopyCruxes(crux)),
            Screen::Tables => Self::Sharing(SharingScreen::Tables),
            Screen::Reading => Self::Sharing(SharingScreen::Reading),
            Screen::Analysis(part) => Self::Analysis(part),
        }
    }
}

/// The screens of the editing chunk.
#[derive(Clone)]
pub(super) enum EditingScreen {
    Crux(CruxId),
    NewCrux,
    Evidence,
    NewEvidence(Option<CruxId>, Direction),
    NewEvidenceFrom(Option<CruxId>, Clipping),
    EvidenceItem(EvidenceId),
    FollowUps,
    Setup,
    History,
}

/// The screens of the review chunk.
#[derive(Clone, Copy)]
pub(super) enum MeetingScreen {
    Due,
    Since(Option<ChangeId>, Option<ChangeId>),
    Decisions,
    Decide(Option<TriggerId>),
    Reviews,
    Review(ReviewId),
    ReviewStep(ReviewId, ReviewStep),
    Walk(ReviewId, CruxId),
    Minutes(ReviewId),
    Scores,
    Round(RoundId),
}

/// The screens of the sharing chunk.
#[derive(Clone, Copy)]
pub(super) enum SharingScreen {
    Share(Option<CruxId>),
    CopyCruxes(Option<CruxId>),
    MergeBoard,
    Tables,
    Reading,
}
