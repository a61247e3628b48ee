//! The functions of the chunks.

use super::chunk_screens::{EditingScreen, MeetingScreen, SharingScreen};
use crate::page::{Asking, Compared, PaletteAsks, Source};
use crate::route::{AnalysisPart, NewBoardStep, Route};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::snapshot::Snapshot;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::{BoardId, Millis};
use cruxboard_platform::persistence::Persistence;
use cruxboard_session::Session;
use cruxboard_session::ports::PortError;
use leptos::prelude::*;

/// Renders the screen of the analysis.
pub(super) type ViewAnalysis = fn(Session, AnalysisPart) -> AnyView;

/// Renders a snapshot.
pub(super) type ViewSnapshot = fn(Source, Now, Asking) -> AnyView;

/// Screens for cruxes, evidence, follow-ups, history and setup, and the command palette.
#[derive(Clone, Copy)]
pub(super) struct EditingChunk {
    pub(super) screens: fn(Session, EditingScreen) -> AnyView,
    /// Renders the screen on which a shared text or link is added to a board.
    pub(super) save: fn(Session, Clipping) -> AnyView,
    /// Renders the steps of beginning a board.
    pub(super) new_board: fn(Session, Signal<NewBoardStep>) -> AnyView,
    pub(super) palette: fn(Session, Signal<Route>, PaletteAsks) -> AnyView,
}

/// Export, import and comparison.
#[derive(Clone, Copy)]
pub(super) struct SharingChunk {
    pub(super) screens: fn(Session, SharingScreen) -> AnyView,
    pub(super) snapshot: ViewSnapshot,
    /// Reads a snapshot file.
    pub(super) read_file: fn(&str) -> Result<SnapshotFile, PortError>,
    /// Compares a snapshot with the user's copy of its board, given the id of the copy.
    pub(super) compare: fn(&Snapshot, &Board, BoardId, Now) -> Compared,
    /// Returns the changes that the copy lacks; with `true`, also those that move credences.
    pub(super) missing: fn(&Snapshot, &Board, bool) -> Vec<Change>,
    /// Returns the first changes of a board with the same content.
    pub(super) template: fn(&Board, Millis) -> Vec<Change>,
}

/// Reviews, decisions and blind rounds.
#[derive(Clone, Copy)]
pub(super) struct ReviewChunk {
    pub(super) screens: fn(Session, Persistence, MeetingScreen) -> AnyView,
    /// Reveals the answers of this device to blind rounds, once they are closed.
    pub(super) reveal: fn(Session, Persistence),
}
