//! Fuzzes boards in files and on endpoints.
#![no_main]

use cruxboard_domain::board::Board;
use cruxboard_domain::document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Ok(document) = Document::from_json(&text) else {
        return;
    };
    let id = document.board;
    let board: Board = document.entries.into_iter().collect();
    let written = Document::to_json(id, board.log());
    let again = Document::from_json(&written).expect("what was read can be read again");
    let again: Board = again.entries.into_iter().collect();
    assert!(again == board, "nothing is lost on the way");
    assert_eq!(Document::to_json(id, again.log()), written);
});
