//! Snapshots: what they contain, what they must not contain, and what happens to damaged links.

#![allow(
    clippy::disallowed_methods,
    reason = "how long a bomb takes is what is tested"
)]

mod aliases;
mod answers;
mod boards;
mod damaged;
mod decision;
mod forms;
mod planted;
mod summary;

use crate::world::{Manners, NOW, World, steps};
use cruxboard_domain::board::Board;
use cruxboard_domain::calendar::calendar;
use cruxboard_domain::change::{Change, Edited, Payload};
use cruxboard_domain::checksum::crc32;
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::{Command, Issuer, Move, decide};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::csv::{credences_csv, evidence_csv};
use cruxboard_domain::log::Entry;
use cruxboard_domain::minutes::{self, minutes};
use cruxboard_domain::record::*;
use cruxboard_domain::round::findings;
use cruxboard_domain::snapshot::file::{SnapshotError, SnapshotFile};
use cruxboard_domain::snapshot::link::{
    Folded, LinkError, Lock, MOST_CHARS, Parcel, bytes_of, fold, to_base64, unfold,
};
use cruxboard_domain::snapshot::{
    Alias, Audience, Depth, RedactionReason, Snapshot, SnapshotRequest, adopted, take, template,
};
use cruxboard_domain::trigger_state::trigger_state;
use cruxboard_domain::{BoardId, ChangeId, Credence};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Instant;

/// The length of the longest likely address of the app, including everything before the payload.
const ADDRESS: usize = 60;

fn example() -> (BoardId, Board) {
    let text = include_str!("../../../public/example.cruxboard.json");
    let document = Document::from_json(text).unwrap();
    (document.board, document.entries.into_iter().collect())
}

fn taken(wish: &SnapshotRequest) -> Snapshot {
    let (id, board) = example();
    take(&board, id, wish, NOW).snapshot
}

fn link(snapshot: &Snapshot) -> String {
    Parcel::open(snapshot).to_text()
}

fn opened(text: &str) -> Result<Snapshot, LinkError> {
    unfold(&Parcel::from_text(text)?.content)
}

fn everything() -> SnapshotRequest {
    SnapshotRequest {
        depth: Depth::Everything,
        ..SnapshotRequest::default()
    }
}

#[test]
fn the_worked_example_fits_in_a_chat_message_and_one_crux_in_a_shorter_one() {
    let whole = link(&taken(&SnapshotRequest::default()));
    assert!(whole.len() + ADDRESS <= 4_000, "{}", whole.len());
    let (_, board) = example();
    for crux in board.cruxes() {
        let wish = SnapshotRequest {
            cruxes: Some([crux.id].into()),
            ..SnapshotRequest::default()
        };
        let one = link(&taken(&wish));
        assert!(
            one.len() + ADDRESS <= 1_000,
            "{}: {}",
            crux.name(),
            one.len()
        );
    }
}

/// Returns the length of a link made by a program that knows nothing of boards: compressed JSON in base64url.
fn as_json_characters(json: &str) -> usize {
    let folded = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 10);
    to_base64(&folded).len()
}

/// The whole example as first listed, with quotes and follow-ups, fits into one message. The example that the
/// app ships has grown since; of that one, the argument fits.
#[test]
fn the_whole_worked_example_as_it_was_listed_fits_in_a_chat_message_with_every_detail() {
    let board = crate::listing::listed(NOW);
    let taken = take(&board, BoardId(ChangeId::MAX), &everything(), NOW);
    assert!(
        !taken
            .withheld
            .iter()
            .any(|(why, _)| matches!(why, RedactionReason::Detail | RedactionReason::Inside)),
        "{:?}",
        taken.withheld
    );
    let gaps: Vec<String> = taken.snapshot.gaps().collect();
    assert_eq!(gaps[0], "3 private items");
    let whole = link(&taken.snapshot);
    let plain: serde_json::Value = serde_json::from_str(crate::listing::LISTING).unwrap();
    let plain = as_json_characters(&plain.to_string());
    assert!((5_100..5_300).contains(&plain), "{plain}");
    assert!(whole.len() + ADDRESS <= 4_000, "{}", whole.len());
    // The link contains everything that was listed and is not private.
    let json = opened(&whole).unwrap().to_json();
    for said in [
        "hand it to whoever owns that question",
        "a desire for vengeance",
        "recover the two lost",
    ] {
        assert!(json.contains(said), "{said}");
    }
}

#[test]
fn the_private_items_of_the_worked_example_are_counted_and_nowhere_to_be_found() {
    let snapshot = taken(&everything());
    let gaps: Vec<String> = snapshot.gaps().collect();
    assert_eq!(gaps[0], "3 private items");
    let forms = snapshot.to_json() + &String::from_utf8_lossy(&bytes_of(&fold(&snapshot)).unwrap());
    for private in [
        "Private evidence",
        "private evidence",
        "characteristic traits",
        "in terms of internals",
        "Unnamed",
        "Notes received privately",
        "useful notes",
        "Colleague 3",
    ] {
        assert!(!forms.contains(private), "{private}");
    }
    assert!(forms.contains("Coercive by default"));
}

#[test]
fn a_snapshot_reads_as_the_board_it_was_taken_of() {
    let (_, board) = example();
    let shown = taken(&everything()).board();
    let names = |board: &Board| -> Vec<String> {
        board
            .cruxes()
            .iter()
            .map(|crux| crux.name().into_owned())
            .collect()
    };
    assert_eq!(names(&shown), names(&board));
    for (one, other) in shown.cruxes().iter().zip(board.cruxes()) {
        let views = |board: &Board, crux| -> Vec<_> {
            let views = board.current_views(crux, NOW);
            views.iter().map(|view| view.statement.credence).collect()
        };
        assert_eq!(
            views(&shown, one.id),
            views(&board, other.id),
            "{}",
            one.name()
        );
        let triggers = |board: &Board, crux| -> Vec<String> {
            board
                .triggers_of(crux)
                .map(|trigger| trigger.headline())
                .collect()
        };
        assert_eq!(triggers(&shown, one.id), triggers(&board, other.id));
        assert_eq!(one.bearings, other.bearings);
        assert_eq!(one.separate_from.len(), other.separate_from.len());
    }
    assert_eq!(shown.all_evidence().count(), 14);
}

/// Returns a parcel with a correct checksum around any content.
fn forged(content: Vec<u8>) -> String {
    Parcel {
        lock: Lock::Open,
        content: content.into(),
    }
    .to_text()
}

fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Returns content made of the given numbers and texts, both compressed.
fn content(numbers: &[u8], texts: &[u8]) -> Vec<u8> {
    let squeezed = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec(bytes, 9);
    [
        number(numbers.len() as u64),
        number(texts.len() as u64),
        squeezed(numbers),
        squeezed(texts),
    ]
    .concat()
}
