//! Backups of all boards in one file: a round trip, damaged files, and files from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::world::{Manners, NOW, World, steps};
use cruxboard_domain::backup::Backup;
use cruxboard_domain::board::Board;
use cruxboard_domain::document::Document;
use cruxboard_domain::id::Replica;
use cruxboard_domain::{BoardId, ChangeId};
use proptest::prelude::*;

fn example() -> (BoardId, Board) {
    let text = include_str!("../../../public/example.cruxboard.json");
    let document = Document::from_json(text).unwrap();
    (document.board, document.entries.into_iter().collect())
}

/// Returns the worked example three times, under three ids, and which ids are archived and in the trash.
fn three() -> (
    BTreeMap<BoardId, Board>,
    BTreeSet<BoardId>,
    BTreeSet<BoardId>,
) {
    let (_, board) = example();
    let ids = [1, 2, 3].map(|n| BoardId(ChangeId::new(NOW, n, Replica::new(1, 1))));
    let boards = ids.iter().map(|id| (*id, board.clone())).collect();
    (boards, [ids[1]].into(), [ids[2]].into())
}

fn boards_of(backup: &Backup) -> BTreeMap<BoardId, Board> {
    let boards = backup.boards.iter().cloned();
    boards
        .map(|document| (document.board, document.entries.into_iter().collect()))
        .collect()
}

#[test]
fn what_was_taken_out_and_brought_in_is_taken_out_again_to_the_byte() {
    let (boards, archived, trashed) = three();
    let text = Backup::to_json(&boards, &archived, &trashed);
    let backup = Backup::from_json(&text).unwrap();
    assert_eq!((&backup.archived, &backup.trashed), (&archived, &trashed));
    let again = Backup::to_json(&boards_of(&backup), &backup.archived, &backup.trashed);
    assert_eq!(again, text);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["boards"][2]["format"], "cruxboard");
}

#[test]
fn a_text_cut_anywhere_gives_what_is_whole_of_it_or_a_reason() {
    let (boards, archived, trashed) = three();
    let text = Backup::to_json(&boards, &archived, &trashed);
    let (_, board) = example();
    let per_board = text.len() / 3;
    for cut in (0..text.len()).step_by(997) {
        // A browser never cuts a text within a character.
        let cut = text.floor_char_boundary(cut);
        let Ok(backup) = Backup::from_json(&text[..cut]) else {
            // A file without a complete change has nothing to import.
            assert!(cut < 1_000, "{cut}");
            continue;
        };
        let whole = backup
            .boards
            .iter()
            .filter(|document| document.entries.len() == board.log().len())
            .count();
        assert!(
            whole >= (cut / per_board).saturating_sub(1),
            "{cut}: {whole}"
        );
        for document in &backup.boards {
            assert!(
                document
                    .entries
                    .iter()
                    .all(|entry| board.log().entry(entry.id()) == Some(entry))
            );
        }
    }
}

#[test]
fn what_is_no_backup_is_told_from_a_damaged_one() {
    for (text, said) in [
        ("", "This is an empty file, not a board."),
        ("[]", "This is JSON"),
        (
            "hello",
            "This is a text, not a board. Import tables on a board, under “Export / import”; paste texts into its reading list.",
        ),
        (
            "{\"format\":\"cruxboard-snapshot\"}",
            "This is a snapshot of Cruxboard, not a board. Open it with “Open a file” on the first screen",
        ),
        (
            "{\"format\":\"cruxboard\",\"board\":\"\"}",
            "This Cruxboard file is damaged: the board has no id.",
        ),
        (
            "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00001000000000001\",\"changes\":[]}",
            "This Cruxboard file is damaged: none of its changes can be read.",
        ),
        (
            "{\"format\":\"cruxboard-boards\",\"boards\":[{\"format\":\"cruxboard\",\"board\":\"x\"}]}",
            "none of its boards can be read",
        ),
        (
            "{\"format\":\"cruxboard-boards\",\"boards\":[{\"format\":\"crux",
            "This file is cut off",
        ),
        (
            "{\"format\":\"cruxboard-boards\",\"version\":2,\"boards\":[]}",
            "newer version of Cruxboard (file format 2",
        ),
    ] {
        let problem = Backup::from_json(text).unwrap_err().to_string();
        assert!(problem.contains(said), "{text}: {problem}");
    }
    let empty = Backup::from_json("{\"format\":\"cruxboard-boards\",\"boards\":[]}").unwrap();
    assert!(empty.boards.is_empty() && empty.faults().is_empty());
}

#[test]
fn the_file_of_a_single_board_is_imported_as_a_backup_of_that_board() {
    let text = include_str!("../../../public/example.cruxboard.json");
    let (id, board) = example();
    let backup = Backup::from_json(text).unwrap();
    assert_eq!(backup.faults(), [""; 0]);
    assert_eq!(boards_of(&backup), [(id, board)].into());
    assert!(backup.archived.is_empty() && backup.trashed.is_empty());
    let end = text.floor_char_boundary(text.len() / 2);
    let cut = Backup::from_json(&text[..end]).unwrap();
    assert_eq!(cut.faults(), ["This file is cut off: its end is missing."]);
    assert_eq!(cut.boards[0].board, id);
}

#[test]
fn a_backup_says_what_is_wrong_with_it_before_it_is_brought_in() {
    let (boards, archived, trashed) = three();
    let text = Backup::to_json(&boards, &archived, &trashed);
    let faults = |text: &str| Backup::from_json(text).unwrap().faults();
    assert_eq!(faults(&text), [""; 0]);
    let cut = "This file is cut off: its end is missing, and perhaps more boards with it.";
    let part = "1 board in it can be read in part only.";
    let end = text.len() / 2;
    assert_eq!(faults(&text[..end]), [cut, part]);
    let zeros = format!("{}{}", &text[..end], "\0".repeat(100));
    assert_eq!(faults(&zeros), [cut, part]);
    let altered = format!("{}\u{1}]{}", &text[..end], &text[end..]);
    assert_eq!(
        faults(&altered),
        ["This file is damaged: something in it was altered.", part]
    );
    let junk = "{\"format\":\"cruxboard\",\"version\":1,\"board\":\"01M83T4CM00001000000000001\",\"changes\":[]},\n{\"format\":\"cruxboard\",";
    let ghost = text.replacen("{\"format\":\"cruxboard\",", junk, 1);
    assert_eq!(faults(&ghost), ["1 board in it cannot be read."]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_log_comes_back_as_it_was_also_what_nobody_here_can_read(steps in steps(Manners::Hostile)) {
        let world = World::play(&steps);
        let boards: BTreeMap<BoardId, Board> = world
            .devices
            .into_iter()
            .enumerate()
            .map(|(n, device)| (BoardId(ChangeId::new(NOW, n as u32, Replica::new(9, 9))), device.board))
            .collect();
        let text = Backup::to_json(&boards, &BTreeSet::new(), &BTreeSet::new());
        let backup = Backup::from_json(&text).unwrap();
        prop_assert_eq!(backup.unread, 0);
        let again = Backup::to_json(&boards_of(&backup), &backup.archived, &backup.trashed);
        prop_assert_eq!(again, text);
    }
}
