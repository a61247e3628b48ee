//! The chunks of the app that are loaded on demand. In a release build each chunk is a file of its
//! own; a development build is one file.
//!
//! `wasm_split` moves into a chunk the code that only its entry point reaches. Code therefore stays
//! out of the first visit only if nothing outside this module names it.

#![allow(
    unsafe_code,
    reason = "the macro that marks an entry point declares it as foreign"
)]

mod entry_points;

use self::entry_points::{
    compare, missing, read_file, view_new_board, view_palette, view_save, view_snapshot,
};
use super::board_admin::BackupChunk;
use super::chunk_screens::{ChunkScreen, view_analysis, view_editing, view_meeting, view_sharing};
use super::chunks::{EditingChunk, ReviewChunk, SharingChunk, ViewAnalysis};
use super::lazy_chunk::{LazyChunk, entry};

use cruxboard_domain::date::Now;
use cruxboard_domain::snapshot::template;
use leptos::prelude::*;
use wasm_split_helpers::SplitLoaderError;

use super::board_admin::carry_out;
use super::disk_backup::{self};
use super::endpoints::SyncChunk;
use crate::page::{Asking, Source};
use crate::route::Screen;
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::sealed;
use cruxboard_session::Session;

entry!(editing: EditingChunk = EditingChunk {
    screens: view_editing,
    save: view_save,
    new_board: view_new_board,
    palette: view_palette,
});
entry!(reviews: ReviewChunk = ReviewChunk {
    screens: view_meeting,
    reveal: sealed::reveal_when_closed,
});
entry!(analysis: ViewAnalysis = view_analysis);
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
    pub(super) editing: LazyChunk<EditingChunk>,
    pub(super) reviews: LazyChunk<ReviewChunk>,
    analysis: LazyChunk<ViewAnalysis>,
    pub(super) sync: LazyChunk<SyncChunk>,
    pub(super) sharing: LazyChunk<SharingChunk>,
    pub(super) backups: LazyChunk<BackupChunk>,
}

impl LazyChunks {
    pub(super) fn new() -> Self {
        Self {
            editing: LazyChunk::new(|| Box::pin(async { editing().await.ok() })),
            reviews: LazyChunk::new(|| Box::pin(async { reviews().await.ok() })),
            analysis: LazyChunk::new(|| Box::pin(async { analysis().await.ok() })),
            sync: LazyChunk::new(|| Box::pin(async { sync().await.ok() })),
            sharing: LazyChunk::new(|| Box::pin(async { sharing().await.ok() })),
            backups: LazyChunk::new(|| Box::pin(async { backups().await.ok() })),
        }
    }

    /// Loads all chunks, so that they are available without a network.
    pub(super) fn fetch(self) {
        self.editing.fetch();
        self.reviews.fetch();
        self.analysis.fetch();
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
        match ChunkScreen::of(screen) {
            ChunkScreen::Editing(screen) => {
                let make = move |chunk: EditingChunk| (chunk.screens)(session, screen.clone());
                self.editing.view(make)
            }
            ChunkScreen::Meeting(screen) => {
                let make = move |chunk: ReviewChunk| (chunk.screens)(session, persistence, screen);
                self.reviews.view(make)
            }
            ChunkScreen::Sharing(screen) => {
                let make = move |chunk: SharingChunk| (chunk.screens)(session, screen);
                self.sharing.view(make)
            }
            ChunkScreen::Analysis(part) => {
                let make = move |view: ViewAnalysis| view(session, part);
                self.analysis.view(make)
            }
            ChunkScreen::Board => ().into_any(),
        }
    }

    /// Renders a snapshot for its reader.
    pub(super) fn view_snapshot(self, source: Source, now: Now, ask: Asking) -> AnyView {
        self.sharing
            .view(move |sharing| (sharing.snapshot)(source.clone(), now, ask))
    }
}
