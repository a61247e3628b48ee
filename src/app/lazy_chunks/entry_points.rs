//! The functions of the chunks. Nothing else may name the functions that they call: those would
//! move out of the chunk.

use super::super::chunk_screen::{EditingScreen, MeetingScreen, SharingScreen};
use super::super::chunk_services::{drawing, exchange, fetch_hosted, secrets, unseal};
use crate::page::{
    AnalysisPage, ArgumentsPage, Asking, Compared, CopyCruxesPage, CruxPage, DecidePage,
    DecisionsPage, DuePage, EvidenceItemPage, EvidencePage, FollowUpsPage, HistoryPage,
    MergeBoardPage, MinutesPage, MovesPage, NewBoardPage, NewCruxPage, NewEvidenceFromPage,
    NewEvidencePage, Opening, OptionBriefPage, Palette, PaletteAsks, ReadingPage, ReviewPage,
    ReviewStepPage, ReviewsPage, RoundPage, SavePage, ScoresPage, SetupPage, SharePage, SincePage,
    SnapshotPage, Source, TablesPage, WalkPage,
};
use crate::route::{AnalysisPart, NewBoardStep, Route};
use cruxboard_domain::BoardId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::answer::member_called;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_platform::persistence::Persistence;
use cruxboard_session::Session;
use cruxboard_session::ports::PortError;
use leptos::prelude::*;

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

pub(super) fn view_save(session: Session, clipping: Clipping) -> AnyView {
    view! { <SavePage session clipping /> }.into_any()
}

pub(super) fn view_new_board(session: Session, step: Signal<NewBoardStep>) -> AnyView {
    view! { <NewBoardPage session step /> }.into_any()
}

pub(super) fn view_palette(session: Session, route: Signal<Route>, asks: PaletteAsks) -> AnyView {
    view! { <Palette session route asks /> }.into_any()
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

pub(super) fn view_analysis(session: Session, part: AnalysisPart) -> AnyView {
    provide_context(drawing(session));
    match part {
        AnalysisPart::Overview => view! { <AnalysisPage session /> }.into_any(),
        AnalysisPart::Arguments => view! { <ArgumentsPage session /> }.into_any(),
        AnalysisPart::Moves => view! { <MovesPage session /> }.into_any(),
        AnalysisPart::Brief(option) => view! { <OptionBriefPage session option /> }.into_any(),
    }
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

pub(super) fn view_snapshot(source: Source, now: Now, ask: Asking) -> AnyView {
    let open = Opening {
        unseal,
        fetch: fetch_hosted,
    };
    view! { <SnapshotPage source now ask open /> }.into_any()
}

pub(super) fn read_file(text: &str) -> Result<SnapshotFile, PortError> {
    SnapshotFile::from_json(text).map_err(|problem| problem.to_string().into())
}

pub(super) fn compare(snapshot: &Snapshot, own: &Board, id: BoardId, now: Now) -> Compared {
    let member = member_called(own, &snapshot.made_by).filter(|_| snapshot.is_answer());
    let as_member = member.and_then(|member| {
        let merge = snapshot.as_stated_by(member).merge(own).ok()?;
        Some((member.to_owned(), merge))
    });
    Compared {
        as_member,
        question: own.info().question.clone(),
        since: snapshot.since(own, id, now.millis),
        merge: snapshot
            .merge(own)
            .map_err(|problem| problem.to_string().into()),
    }
}

pub(super) fn missing(snapshot: &Snapshot, own: &Board, with_latest: bool) -> Vec<Change> {
    let merge = snapshot.merge(own);
    merge
        .map(|merge| merge.changes(with_latest))
        .unwrap_or_default()
}
