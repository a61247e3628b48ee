//! The entry point of the chunk that all other chunks depend on.

#![allow(
    unsafe_code,
    reason = "the macro that marks an entry point declares it as foreign"
)]

use cruxboard_platform::style::load_style_of_boards;
use futures::future::join;
use wasm_split_helpers::SplitLoaderError;

use super::board_app::{BoardApp, BoardChunk};
use super::lazy_chunk::{LazyChunk, entry};

entry!(board: BoardChunk = BoardChunk {
    start: BoardApp::start,
    run: BoardApp::run,
    board_list: BoardApp::view_board_list,
    screens: BoardApp::view,
});

/// Returns the chunk, not loaded yet.
pub(super) fn board_chunk() -> LazyChunk<BoardChunk> {
    LazyChunk::new(|| {
        Box::pin(async {
            let (chunk, style) = join(board(), load_style_of_boards()).await;
            style.ok().and(chunk.ok())
        })
    })
}
