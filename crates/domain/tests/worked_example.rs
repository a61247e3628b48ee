//! The worked example that the app ships: it is what its generator makes, and it holds all that a
//! newcomer is to see.

#![allow(clippy::unwrap_used)]

#[path = "../examples/worked_example/mod.rs"]
mod worked_example;

use cruxboard_domain::board::Board;
use cruxboard_domain::document::Document;
use worked_example::worked_example;

const SHIPPED: &str = include_str!("../../../public/example.cruxboard.json");

#[test]
fn the_shipped_file_is_what_the_generator_makes() {
    assert!(
        SHIPPED == worked_example(),
        "run: cargo run -p cruxboard-domain --example make_example > public/example.cruxboard.json"
    );
}

#[test]
fn the_shipped_file_loads_whole_and_comes_back_byte_for_byte() {
    let document = Document::from_json(SHIPPED).unwrap();
    assert_eq!(document.damaged, Vec::<String>::new());
    let id = document.board;
    let board: Board = document.entries.into_iter().collect();
    assert_eq!(board.log().foreign_count(), 0);
    assert!(Document::to_json(id, board.log()) == SHIPPED);
}
