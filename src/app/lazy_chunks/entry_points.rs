//! The functions of the chunks. Nothing else may name the functions that they call: those would
//! move out of the chunk.

use super::super::chunk_services::{fetch_hosted, unseal};
use crate::page::{
    Asking, Compared, NewBoardPage, Opening, Palette, PaletteAsks, SavePage, SnapshotPage, Source,
};
use crate::route::{NewBoardStep, Route};
use cruxboard_domain::BoardId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::answer::member_called;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_session::Session;
use cruxboard_session::ports::PortError;
use leptos::prelude::*;

pub(super) fn view_save(session: Session, clipping: Clipping) -> AnyView {
    view! { <SavePage session clipping /> }.into_any()
}

pub(super) fn view_new_board(session: Session, step: Signal<NewBoardStep>) -> AnyView {
    view! { <NewBoardPage session step /> }.into_any()
}

pub(super) fn view_palette(session: Session, route: Signal<Route>, asks: PaletteAsks) -> AnyView {
    view! { <Palette session route asks /> }.into_any()
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
