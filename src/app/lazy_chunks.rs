//! The chunks of the app that are loaded on demand. In a release build each chunk is a file of its own; a
//! development build is one file.
//!
//! `wasm_split` puts into a chunk what its entry point reaches and the rest of the app does not. So code
//! stays out of the first visit only while it is named nowhere but here.

#![allow(
    unsafe_code,
    reason = "the macro that marks an entry point declares it as foreign"
)]

use std::future::Future;
use std::pin::Pin;

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Change;
use cruxboard_domain::date::Now;
use cruxboard_domain::record::Direction;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::{Snapshot, template};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use super::StartAction;
use super::board_admin::{BoardAction, BoardAdmin, carry_out};
use super::board_app::BoardApp;
use super::disk_backup::{self, DiskBackup};
use super::endpoints::SyncChunk;
use super::services::{exchange, fetch_hosted, secrets, unseal};
use crate::component::live;
use crate::edge::persistence::Persistence;
use crate::edge::sealed;
use crate::page::{
    Asking, Compared, CruxPage, DecidePage, DecisionsPage, DuePage, EvidenceItemPage, EvidencePage,
    FollowUpsPage, HistoryPage, MinutesPage, NewCruxPage, NewEvidencePage, Opening, ReadingPage,
    ReviewPage, ReviewsPage, RoundPage, ScoresPage, SetupPage, SharePage, SincePage, SnapshotPage,
    Source, TablesPage, WalkPage,
};
use crate::route::Screen;
use crate::session::Session;

/// Renders the screens of a board that are in one chunk; nothing for other screens.
pub(super) type Screens = fn(Session, Persistence, Screen) -> AnyView;

/// Renders a snapshot.
type ViewSnapshot = fn(Source, Now, Asking) -> AnyView;

/// Everything but the first screen. All other chunks depend on it.
#[derive(Clone, Copy)]
pub(super) struct BoardChunk {
    /// Starts the app under the current owner. It keeps the signal up to date: whether the address is that
    /// of the first screen.
    pub(super) start: fn(RwSignal<bool>, LazyChunks) -> BoardApp,
    pub(super) run: fn(BoardApp, StartAction),
    /// Renders the boards of this browser, for the first screen.
    pub(super) board_list: fn(BoardApp) -> AnyView,
    /// Renders all other screens.
    pub(super) screens: fn(BoardApp) -> AnyView,
}

/// Export, import and comparison.
#[derive(Clone, Copy)]
pub(super) struct SharingChunk {
    screens: Screens,
    snapshot: ViewSnapshot,
    /// Reads a snapshot file.
    pub(super) read_file: fn(&str) -> Result<SnapshotFile, String>,
    /// Compares a snapshot with the user's copy of its board, given the id of the copy.
    pub(super) compare: fn(&Snapshot, &Board, ChangeId, Now) -> Compared,
    /// Returns the changes that the copy lacks; `true`: also those that move credences.
    pub(super) missing: fn(&Snapshot, &Board, bool) -> Vec<Change>,
    /// Returns the first changes of a board with the same content.
    pub(super) template: fn(&Board, u64) -> Vec<Change>,
}

/// Reviews, decisions and blind rounds.
#[derive(Clone, Copy)]
pub(super) struct ReviewChunk {
    screens: Screens,
    /// Publishes the answers of this device to blind rounds, once they are closed.
    pub(super) reveal: fn(Session, Persistence),
}

/// Backups, and actions on whole boards.
#[derive(Clone, Copy)]
pub(super) struct BackupChunk {
    /// Starts to keep the backup file up to date, if one was chosen.
    pub(super) start: fn(Session, Persistence) -> DiskBackup,
    /// Renders the screen for backups.
    pub(super) page: fn(Session, Persistence, DiskBackup) -> AnyView,
    /// Carries out an action on a whole board.
    pub(super) carry_out: fn(BoardAdmin, BoardAction),
}

/// Resolves to the functions of a chunk. They are in the chunk, so they are passed as pointers.
type Loading<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// Declares the entry point of a chunk.
macro_rules! entry {
    ($name:ident: $kind:ty = $what:expr) => {
        #[cfg(not(debug_assertions))]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn $name() -> Result<$kind, SplitLoaderError> {
            Ok($what)
        }

        #[cfg(debug_assertions)]
        async fn $name() -> Result<$kind, SplitLoaderError> {
            Ok($what)
        }
    };
}

entry!(board: BoardChunk = BoardChunk {
    start: BoardApp::start,
    run: BoardApp::run,
    board_list: BoardApp::view_board_list,
    screens: BoardApp::view,
});
entry!(editing: Screens = view_editing);
entry!(reviews: ReviewChunk = ReviewChunk {
    screens: view_meeting,
    reveal: sealed::reveal_when_closed,
});
entry!(sync: SyncChunk = SyncChunk::new());
entry!(sharing: SharingChunk = SharingChunk {
    screens: view_sharing,
    snapshot: view_snapshot,
    read_file,
    compare,
    missing,
    template,
});

entry!(backups: BackupChunk = BackupChunk {
    start: disk_backup::start,
    page: disk_backup::page,
    carry_out,
});

/// All chunks, loaded or not.
#[derive(Clone, Copy)]
pub(super) struct LazyChunks {
    pub(super) board: LazyChunk<BoardChunk>,
    editing: LazyChunk<Screens>,
    pub(super) reviews: LazyChunk<ReviewChunk>,
    pub(super) sync: LazyChunk<SyncChunk>,
    pub(super) sharing: LazyChunk<SharingChunk>,
    pub(super) backups: LazyChunk<BackupChunk>,
}

impl LazyChunks {
    pub(super) fn new() -> Self {
        Self {
            board: LazyChunk::new(|| Box::pin(board())),
            editing: LazyChunk::new(|| Box::pin(editing())),
            reviews: LazyChunk::new(|| Box::pin(reviews())),
            sync: LazyChunk::new(|| Box::pin(sync())),
            sharing: LazyChunk::new(|| Box::pin(sharing())),
            backups: LazyChunk::new(|| Box::pin(backups())),
        }
    }

    /// Loads all chunks, so that they are there without a network.
    pub(super) fn fetch(self) {
        self.editing.fetch();
        self.reviews.fetch();
        self.sync.fetch();
        self.sharing.fetch();
        self.backups.fetch();
    }

    /// Renders a screen of a board, once its chunk is loaded.
    pub(super) fn view(
        self,
        session: Session,
        persistence: Persistence,
        screen: Screen,
    ) -> AnyView {
        match screen {
            Screen::Share(..) | Screen::Tables | Screen::Reading => {
                let make = move |chunk: SharingChunk| {
                    (chunk.screens)(session, persistence, screen.clone())
                };
                self.sharing.view(make)
            }
            Screen::Due
            | Screen::Since(..)
            | Screen::Decisions
            | Screen::Decide(..)
            | Screen::Reviews
            | Screen::Review(..)
            | Screen::Walk(..)
            | Screen::Minutes(..)
            | Screen::Scores
            | Screen::Round(..) => {
                let make =
                    move |chunk: ReviewChunk| (chunk.screens)(session, persistence, screen.clone());
                self.reviews.view(make)
            }
            Screen::Crux(_)
            | Screen::NewCrux
            | Screen::Evidence(_)
            | Screen::NewEvidence(_)
            | Screen::NewEvidenceOn(..)
            | Screen::EvidenceItem(_)
            | Screen::FollowUps(_)
            | Screen::Setup
            | Screen::History
            | Screen::Cruxes(..)
            | Screen::Unknown => {
                let make = move |screens: Screens| screens(session, persistence, screen.clone());
                self.editing.view(make)
            }
        }
    }

    /// Renders a snapshot for its reader.
    pub(super) fn view_snapshot(self, source: Source, now: Now, ask: Asking) -> AnyView {
        self.sharing
            .view(move |sharing| (sharing.snapshot)(source.clone(), now, ask))
    }
}

fn view_editing(session: Session, _: Persistence, screen: Screen) -> AnyView {
    match screen {
        Screen::Crux(id) => view! { <CruxPage session id /> }.into_any(),
        Screen::NewCrux => view! { <NewCruxPage session /> }.into_any(),
        Screen::Evidence(_) => view! { <EvidencePage session /> }.into_any(),
        Screen::NewEvidence(crux) => {
            view! { <NewEvidencePage session crux side=Direction::For /> }.into_any()
        }
        Screen::NewEvidenceOn(crux, side) => {
            view! { <NewEvidencePage session crux=Some(crux) side /> }.into_any()
        }
        Screen::EvidenceItem(id) => view! { <EvidenceItemPage session id /> }.into_any(),
        Screen::FollowUps(_) => view! { <FollowUpsPage session /> }.into_any(),
        Screen::Setup => view! { <SetupPage session /> }.into_any(),
        Screen::History => view! { <HistoryPage session /> }.into_any(),
        // Screens of other parts. They are listed, so that a new screen does not compile until it
        // has a part.
        Screen::Due
        | Screen::Since(..)
        | Screen::Decisions
        | Screen::Decide(_)
        | Screen::Reviews
        | Screen::Review(_)
        | Screen::Walk(..)
        | Screen::Minutes(_)
        | Screen::Scores
        | Screen::Round(_)
        | Screen::Share(_)
        | Screen::Tables
        | Screen::Reading
        | Screen::Cruxes(..)
        | Screen::Unknown => ().into_any(),
    }
}

fn view_meeting(session: Session, persistence: Persistence, screen: Screen) -> AnyView {
    provide_context(secrets(session, persistence));
    match screen {
        Screen::Due => view! { <DuePage session /> }.into_any(),
        Screen::Since(from, to) => view! { <SincePage session from to /> }.into_any(),
        Screen::Decisions => view! { <DecisionsPage session /> }.into_any(),
        Screen::Decide(trigger) => view! { <DecidePage session trigger /> }.into_any(),
        Screen::Reviews => view! { <ReviewsPage session /> }.into_any(),
        Screen::Review(id) => view! { <ReviewPage session id /> }.into_any(),
        Screen::Walk(id, crux) => view! { <WalkPage session id crux /> }.into_any(),
        Screen::Minutes(id) => view! { <MinutesPage session id /> }.into_any(),
        Screen::Scores => view! { <ScoresPage session /> }.into_any(),
        Screen::Round(id) => view! { <RoundPage session id /> }.into_any(),
        // Screens of other parts. They are listed, so that a new screen does not compile until it
        // has a part.
        Screen::Crux(_)
        | Screen::NewCrux
        | Screen::Evidence(_)
        | Screen::NewEvidence(_)
        | Screen::NewEvidenceOn(..)
        | Screen::EvidenceItem(_)
        | Screen::FollowUps(_)
        | Screen::Setup
        | Screen::History
        | Screen::Share(_)
        | Screen::Tables
        | Screen::Reading
        | Screen::Cruxes(..)
        | Screen::Unknown => ().into_any(),
    }
}

fn view_sharing(session: Session, _: Persistence, screen: Screen) -> AnyView {
    provide_context(exchange(session));
    match screen {
        Screen::Share(crux) => view! { <SharePage session crux /> }.into_any(),
        Screen::Tables => view! { <TablesPage session /> }.into_any(),
        Screen::Reading => view! { <ReadingPage session /> }.into_any(),
        // Screens of other parts. They are listed, so that a new screen does not compile until it
        // has a part.
        Screen::Crux(_)
        | Screen::NewCrux
        | Screen::Evidence(_)
        | Screen::NewEvidence(_)
        | Screen::NewEvidenceOn(..)
        | Screen::EvidenceItem(_)
        | Screen::FollowUps(_)
        | Screen::Setup
        | Screen::History
        | Screen::Due
        | Screen::Since(..)
        | Screen::Decisions
        | Screen::Decide(_)
        | Screen::Reviews
        | Screen::Review(_)
        | Screen::Walk(..)
        | Screen::Minutes(_)
        | Screen::Scores
        | Screen::Round(_)
        | Screen::Cruxes(..)
        | Screen::Unknown => ().into_any(),
    }
}

fn view_snapshot(source: Source, now: Now, ask: Asking) -> AnyView {
    let open = Opening {
        unseal,
        fetch: fetch_hosted,
    };
    view! { <SnapshotPage source now ask open /> }.into_any()
}

fn read_file(text: &str) -> Result<SnapshotFile, String> {
    SnapshotFile::from_json(text).map_err(|problem| problem.to_string())
}

fn compare(snapshot: &Snapshot, own: &Board, id: ChangeId, now: Now) -> Compared {
    Compared {
        question: own.info().question.clone(),
        since: snapshot.since(own, id, now.millis),
        merge: snapshot.merge(own).map_err(|problem| problem.to_string()),
    }
}

fn missing(snapshot: &Snapshot, own: &Board, with_latest: bool) -> Vec<Change> {
    let merge = snapshot.merge(own);
    merge
        .map(|merge| merge.changes(with_latest))
        .unwrap_or_default()
}

/// The functions of a chunk, loaded on demand. Cheap to copy.
pub(super) struct LazyChunk<T: Copy + Send + Sync + 'static> {
    load: fn() -> Loading<T>,
    state: RwSignal<State<T>>,
}

#[derive(Clone, Copy)]
enum State<T> {
    NotLoaded,
    Loading,
    Loaded(T),
    /// Loading failed. Another try may succeed.
    Failed,
}

impl<T: Copy + Send + Sync + 'static> Clone for LazyChunk<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy + Send + Sync + 'static> Copy for LazyChunk<T> {}

impl<T: Copy + Send + Sync + 'static> LazyChunk<T> {
    fn new(load: fn() -> Loading<T>) -> Self {
        Self {
            load,
            state: RwSignal::new(State::NotLoaded),
        }
    }

    /// Loads the chunk ahead of its use. Does nothing after a failure: the use itself tries again.
    pub(super) fn fetch_early(self) {
        if matches!(self.state.get_untracked(), State::NotLoaded) {
            self.fetch();
        }
    }

    /// Whether the chunk is loaded. Reactive.
    pub(super) fn is_loaded(self) -> bool {
        matches!(self.state.get(), State::Loaded(_))
    }

    /// Loads the chunk, unless it is loaded or being loaded.
    fn fetch(self) {
        if matches!(
            self.state.get_untracked(),
            State::Loading | State::Loaded(_)
        ) {
            return;
        }
        self.state.set(State::Loading);
        let loading = (self.load)();
        spawn_local(async move {
            self.set_state(match loading.await {
                Ok(what) => State::Loaded(what),
                Err(_) => State::Failed,
            });
        });
    }

    /// Sets the state, unless the chunk is loaded: its views would be rendered again.
    fn set_state(self, state: State<T>) {
        if !matches!(self.state.get_untracked(), State::Loaded(_)) {
            self.state.set(state);
        }
    }

    /// Returns the functions once the chunk is loaded.
    ///
    /// # Errors
    /// A message for the user, if loading fails.
    pub(super) async fn get(self) -> Result<T, &'static str> {
        if let State::Loaded(what) = self.state.get_untracked() {
            return Ok(what);
        }
        let what = (self.load)().await.or({
            Err("A part of Cruxboard could not be loaded. Nothing was changed. There may be no connection, or a new version is out: reload the page to get it.")
        })?;
        self.set_state(State::Loaded(what));
        Ok(what)
    }

    /// Renders `make` once the chunk is loaded; a notice until then.
    pub(super) fn view(self, make: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        self.view_within(|waiting| waiting, make)
    }

    /// Like [`Self::view`], with `around` wrapped around the notice.
    pub(super) fn view_within(
        self,
        around: impl Fn(AnyView) -> AnyView + Send + Sync + 'static,
        make: impl Fn(T) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        self.fetch();
        live(move || match self.state.get() {
            State::Loaded(what) => make(what),
            State::NotLoaded | State::Loading => {
                let waiting = view! { <p class="awaited" role="status">"Loading…"</p> };
                around(waiting.into_any())
            }
            State::Failed => {
                let failed = view! {
                    <div class="unloaded" role="alert">
                        <p>"This part of Cruxboard could not be loaded. Your boards are safe. There may be no connection, or a new version is out: reload the page to get it."</p>
                        <button on:click=move |_| self.fetch()>"Try again"</button>
                    </div>
                };
                around(failed.into_any())
            }
        })
        .into_any()
    }
}
