//! The endpoint with its boards in an SQLite file.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

mod story;
mod support;

use std::{fs, path::Path, time::Duration};

use cruxboard_server::store::Place;
use story::{board, forgetful, options, server::Server};
use support::{option, redaction, stamp};
use tokio::time::Instant;

/// Where the story's servers keep their boards.
async fn place(folder: &Path) -> Place {
    Place::File(folder.join("boards.sqlite"))
}

fn file_of(place: &Place) -> &Path {
    match place {
        Place::File(file) => file,
        Place::Postgres(_) => panic!("not a file"),
    }
}

/// What the database's files hold.
async fn stored_bytes(place: &Place) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in fs::read_dir(file_of(place).parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            bytes.extend(fs::read(path).unwrap());
        }
    }
    bytes
}

#[tokio::test]
async fn somebody_who_reads_for_long_delays_the_scrubbing_and_not_the_writers() {
    let server = Server::start_with(forgetful()).await;
    let secret = option(stamp(7, 1), "Utterly-private-name");
    server
        .patch(board(), &[options(0..1), vec![secret]].concat())
        .await;
    let holds = async || {
        let bytes = server.stored_bytes().await;
        bytes
            .windows(20)
            .any(|window| window == b"Utterly-private-name")
    };
    // As a check or a backup does.
    let reader = rusqlite::Connection::open(file_of(&server.place)).unwrap();
    reader
        .execute_batch("BEGIN; SELECT * FROM changes")
        .unwrap();
    let count = |_: &rusqlite::Row<'_>| Ok(());
    reader
        .query_row("SELECT count(*) FROM changes", [], count)
        .unwrap();
    server
        .patch(board(), &[redaction(stamp(7, 5), &[stamp(7, 1)])])
        .await;
    let begun = Instant::now();
    for n in 10..15 {
        server.patch(board(), &options(n..n + 1)).await;
    }
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert!(holds().await, "the reader was not in the way");
    reader.execute_batch("COMMIT").unwrap();
    server.patch(board(), &options(20..21)).await;
    assert!(!holds().await);
}
