//! The screens of a board, by the chunk that they are in, and the function of each chunk that renders them.
//!
//! Only `lazy_chunks` may name these functions: code that something else reaches would move out of the chunk.

use super::chunk_services::{drawing, exchange, secrets};
use crate::page::{
    AnalysisPage, ArgumentsPage, CopyCruxesPage, CruxPage, DecidePage, DecisionsPage, DuePage,
    EvidenceItemPage, EvidencePage, FollowUpsPage, HistoryPage, MergeBoardPage, MinutesPage,
    MovesPage, NewCruxPage, NewEvidenceFromPage, NewEvidencePage, OptionBriefPage, ReadingPage,
    ReviewPage, ReviewStepPage, ReviewsPage, RoundPage, ScoresPage, SetupPage, SharePage,
    SincePage, TablesPage, WalkPage,
};
use crate::route::{AnalysisPart, ReviewStep, Screen};
use cruxboard_domain::ChangeId;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::{CruxId, Direction, EvidenceId, ReviewId, RoundId, TriggerId};
use cruxboard_platform::persistence::Persistence;
use cruxboard_session::Session;
use leptos::prelude::*;

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

pub(super) fn view_editing(session: Session, screen: EditingScreen) -> AnyView {
    provide_context(drawing(session));
    match screen {
        EditingScreen::Crux(id) => view! { <CruxPage session id /> }.into_any(),
        EditingScreen::NewCrux => view! { <NewCruxPage session /> }.into_any(),
        EditingScreen::Evidence => view! { <EvidencePage session /> }.into_any(),
        EditingScreen::NewEvidence(crux, side) => {
            view! { <NewEvidencePage session crux side /> }.into_any()
        }
        EditingScreen::NewEvidenceFrom(crux, clipping) => {
            view! { <NewEvidenceFromPage session crux clipping /> }.into_any()
        }
        EditingScreen::EvidenceItem(id) => view! { <EvidenceItemPage session id /> }.into_any(),
        EditingScreen::FollowUps => view! { <FollowUpsPage session /> }.into_any(),
        EditingScreen::Setup => view! { <SetupPage session /> }.into_any(),
        EditingScreen::History => view! { <HistoryPage session /> }.into_any(),
    }
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

pub(super) fn view_meeting(
    session: Session,
    persistence: Persistence,
    screen: MeetingScreen,
) -> AnyView {
    provide_context(secrets(session, persistence));
    match screen {
        MeetingScreen::Due => view! { <DuePage session /> }.into_any(),
        MeetingScreen::Since(from, to) => view! { <SincePage session from to /> }.into_any(),
        MeetingScreen::Decisions => view! { <DecisionsPage session /> }.into_any(),
        MeetingScreen::Decide(trigger) => view! { <DecidePage session trigger /> }.into_any(),
        MeetingScreen::Reviews => view! { <ReviewsPage session /> }.into_any(),
        MeetingScreen::Review(id) => view! { <ReviewPage session id /> }.into_any(),
        MeetingScreen::ReviewStep(id, step) => {
            view! { <ReviewStepPage session id step /> }.into_any()
        }
        MeetingScreen::Walk(id, crux) => view! { <WalkPage session id crux /> }.into_any(),
        MeetingScreen::Minutes(id) => view! { <MinutesPage session id /> }.into_any(),
        MeetingScreen::Scores => view! { <ScoresPage session /> }.into_any(),
        MeetingScreen::Round(id) => view! { <RoundPage session id /> }.into_any(),
    }
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

pub(super) fn view_sharing(session: Session, screen: SharingScreen) -> AnyView {
    provide_context(exchange(session));
    provide_context(drawing(session));
    match screen {
        SharingScreen::Share(crux) => view! { <SharePage session crux /> }.into_any(),
        SharingScreen::MergeBoard => view! { <MergeBoardPage session /> }.into_any(),
        SharingScreen::CopyCruxes(crux) => view! { <CopyCruxesPage session crux /> }.into_any(),
        SharingScreen::Tables => view! { <TablesPage session /> }.into_any(),
        SharingScreen::Reading => view! { <ReadingPage session /> }.into_any(),
    }
}

pub(super) fn view_analysis(session: Session, part: AnalysisPart) -> AnyView {
    provide_context(drawing(session));
    match part {
        AnalysisPart::Overview => view! { <AnalysisPage session /> }.into_any(),
        AnalysisPart::Arguments => view! { <ArgumentsPage session /> }.into_any(),
        AnalysisPart::Moves => view! { <MovesPage session /> }.into_any(),
        AnalysisPart::Brief(option) => view! { <OptionBriefPage session option /> }.into_any(),
    }
}
