//! Texts that were cut, garbled or made up: none is a reason to fail, and what is whole in them loads.

use std::collections::BTreeSet;
use std::hint::black_box;

use crate::world::{NOW, visible};
use cruxboard_domain::Stamp;
use cruxboard_domain::board::Board;
use cruxboard_domain::concreteness::lacks;
use cruxboard_domain::date::Now;
use cruxboard_domain::document::{Document, NotADocument};
use cruxboard_domain::log::Entry;
use cruxboard_domain::summary::summary;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::view::{Filter, Sort, facets, next_date, shown};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

const EVERY_FACT: &str = include_str!("golden/v1-every-fact.json");
const FOREIGN: &str = include_str!("golden/v1-foreign.json");

/// Every document that version 1 is known to have written, and the example as it is shipped.
const DOCUMENTS: [(&str, &str); 12] = [
    ("every fact", EVERY_FACT),
    ("foreign", FOREIGN),
    (
        "the example of version 1",
        include_str!("golden/v1-example.json"),
    ),
    ("learning", include_str!("golden/v1-learning.json")),
    ("meeting", include_str!("golden/v1-meeting.json")),
    ("reading", include_str!("golden/v1-reading.json")),
    ("triggers", include_str!("golden/v1-triggers.json")),
    ("rounds", include_str!("golden/v1-rounds.json")),
    ("settled", include_str!("golden/v1-settled.json")),
    ("note", include_str!("golden/v1-note.json")),
    ("wall clock", include_str!("golden/v1-wall-clock.json")),
    (
        "the example",
        include_str!("../../../public/example.cruxboard.json"),
    ),
];

fn mutations() -> ProptestConfig {
    let cases = if std::env::var_os("CRUXBOARD_LONG").is_some() {
        50_000
    } else {
        2_000
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn ids(entries: &[Entry]) -> BTreeSet<Stamp> {
    entries.iter().map(Entry::id).collect()
}

/// Looks at everything one can ask of a board, and reads it again from what it writes.
fn look_everywhere(entries: Vec<Entry>) {
    let board: Board = entries.into_iter().collect();
    black_box(visible(&board));
    black_box(summary(&board, Now::utc(NOW), false));
    let today: chrono::NaiveDate = "2027-01-15".parse().unwrap();
    for crux in board.cruxes() {
        black_box((
            facets(&board, crux, Now::utc(NOW)),
            lacks(&board, crux),
            next_date(&board, crux, today),
        ));
        black_box((crux.name().len(), crux.clause()));
    }
    for sort in Sort::ALL {
        let filter = Filter {
            search: "so".into(),
            ..Filter::default()
        };
        black_box(shown(&board, &filter, *sort, Now::utc(NOW), true));
    }
    black_box(UndoStack::of(board.log(), 0));
    let text = Document::to_json(Stamp::MIN, board.log());
    let read = Document::from_json(&text).unwrap();
    assert_eq!(read.damaged, Vec::<String>::new());
    let again: Board = read.entries.into_iter().collect();
    assert_eq!(again, board);
}

/// Where each row of a document begins and ends.
fn rows(text: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut rows = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at + line.find("{\"id\"").or(line.find("{\"signed\"")).unwrap();
        at += line.len();
        rows.push((start, at));
    }
    rows
}

proptest! {
    #![proptest_config(mutations())]

    #[test]
    fn a_document_cut_off_anywhere_keeps_every_row_before_the_cut(cut: Index, foreign: bool) {
        let text = if foreign { FOREIGN } else { EVERY_FACT };
        let cut = text.floor_char_boundary(cut.index(text.len()));
        let whole = Document::from_json(text).unwrap();
        let kept = rows(text).iter().filter(|(_, end)| *end <= cut).count();
        match Document::from_json(&text[..cut]) {
            Ok(document) => {
                prop_assert_eq!(ids(&document.entries), ids(&whole.entries[..document.entries.len()]));
                prop_assert!(document.entries.len() >= kept);
                look_everywhere(document.entries);
            }
            Err(_) => prop_assert_eq!(kept, 0),
        }
    }

    #[test]
    fn a_garbled_row_does_not_spoil_the_others(
        row: Index, places in prop::collection::vec((any::<Index>(), any::<char>()), 1..4), foreign: bool,
    ) {
        let text = if foreign { FOREIGN } else { EVERY_FACT };
        let rows = rows(text);
        let (start, end) = rows[row.index(rows.len())];
        let end = end - usize::from(text[..end].ends_with('\n')) - 1;
        let mut garbled = text[start..end].to_owned();
        for (place, with) in places {
            let at = garbled.floor_char_boundary(place.index(garbled.len()));
            let after = garbled.ceil_char_boundary(at + 1);
            // A line break of its own would make two rows of it, which is no less harmless.
            garbled.replace_range(at..after, with.encode_utf8(&mut [0; 4]));
        }
        let garbled = format!("{}{garbled}{}", &text[..start], &text[end..]);
        let whole = Document::from_json(text).unwrap();
        let document = Document::from_json(&garbled).unwrap();
        let lost: Vec<Stamp> = ids(&whole.entries).difference(&ids(&document.entries)).copied().collect();
        prop_assert!(lost.len() <= 1, "{lost:?}");
        look_everywhere(document.entries);
    }

    #[test]
    fn garbling_anything_anywhere_is_survived(
        places in prop::collection::vec((any::<Index>(), any::<u8>()), 1..20),
    ) {
        let mut bytes = EVERY_FACT.as_bytes().to_vec();
        for (place, with) in places {
            let at = place.index(bytes.len());
            match with % 3 {
                0 => bytes[at] ^= 1 << (with % 8),
                1 => drop(bytes.drain(at..(at + usize::from(with)).min(bytes.len()))),
                _ => bytes[at] = 0,
            }
        }
        if let Ok(document) = Document::from_json(&String::from_utf8_lossy(&bytes)) {
            look_everywhere(document.entries);
        }
    }

    #[test]
    fn a_row_with_anything_anywhere_is_a_change_a_foreign_one_or_set_aside(
        row: Index, place: Index, with in 0..ODDITIES.len(),
    ) {
        let document = Document::from_json(EVERY_FACT).unwrap();
        let mut entries = document.entries;
        let text = entries[row.index(entries.len())].to_json();
        // Every place where a value stands, found by marking it.
        let mut value: Value = serde_json::from_str(&text).unwrap();
        let count = mark(&mut value.clone(), &mut usize::MAX.clone());
        mark(&mut value, &mut place.index(count).clone());
        let odd = value.to_string().replacen("\"\u{1}marked\"", "MARK", 1).replacen("\"\\u0001marked\"", "MARK", 1);
        let odd = odd.replacen("MARK", ODDITIES[with], 1);
        if let Ok(entry) = Entry::from_json(&odd) {
            prop_assert_eq!(Entry::from_json(&entry.to_json()).unwrap(), entry.clone());
            entries.push(entry);
        }
        look_everywhere(entries);
    }
}

/// What nobody expects where a value should stand, as JSON or nearly.
const ODDITIES: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "1e400",
    "-1e400",
    "1e-400",
    "99999999999999999999999",
    "0.1",
    "\"\"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "{\"__proto__\":{\"claim\":1}}",
    "{\"id\":1,\"id\":2}",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"\\udc00\\ud800\"",
    "NaN",
    "Infinity",
    "undefined",
    "'a'",
    "\"unknown\"",
    "\"0000-00-00\"",
    "\"9999-12-31\"",
    "\"+262142-12-31\"",
    "\"-262143-01-01\"",
    "\"2026-13\"",
    "\"00000000000000000000000000\"",
    "\"7ZZZZZZZZZZZZZZZZZZZZZZZZZ\"",
    "\"8ZZZZZZZZZZZZZZZZZZZZZZZZZ\"",
    "\"01m83t4cm00000000000000001\"",
    "\"blank\"",
    "{\"blank\":null}",
    "{\"redacted\":[\"01M83T4CM00007000000000001\"]}",
    "18446744073709551615",
    "18446744073709551616",
    "4294967296",
    "\"\u{202e}abc\"",
    "\"\u{feff}\"",
    "// comment\n1",
];

/// Puts a mark in place of the value that `left` counts down to. Gives how many there are.
fn mark(value: &mut Value, left: &mut usize) -> usize {
    if *left == 0 {
        *value = Value::String("\u{1}marked".into());
    }
    *left = left.wrapping_sub(1);
    1 + match value {
        Value::Array(items) => items.iter_mut().map(|item| mark(item, left)).sum(),
        Value::Object(fields) => fields
            .values_mut()
            .map(|field| mark(field, left))
            .sum::<usize>(),
        _ => 0,
    }
}

#[test]
fn every_golden_file_of_version_1_is_among_the_documents() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("v1-") {
            let text = std::fs::read_to_string(path).unwrap();
            let is_among = DOCUMENTS.iter().any(|(_, document)| *document == text);
            assert!(is_among, "{name} is cut off nowhere");
        }
    }
}

#[test]
fn of_every_document_each_number_of_whole_rows_loads_and_can_be_looked_at() {
    for (name, text) in DOCUMENTS {
        let whole = Document::from_json(text).unwrap();
        let rows = rows(text);
        assert_eq!(whole.entries.len(), rows.len(), "{name}");
        for (at, (_, end)) in rows.iter().enumerate() {
            let count = at + 1;
            let document = Document::from_json(&text[..*end]).unwrap();
            assert_eq!(document.board, whole.board, "{name}, {count} rows");
            assert!(
                document.entries == whole.entries[..count],
                "{name}, {count} rows: {} are there",
                document.entries.len()
            );
            assert_eq!(document.damaged, Vec::<String>::new());
            look_everywhere(document.entries);
        }
    }
}

#[test]
fn a_row_cut_off_at_any_of_its_bytes_takes_no_other_with_it() {
    let is_long = std::env::var_os("CRUXBOARD_LONG").is_some();
    for (name, text) in DOCUMENTS {
        let whole = Document::from_json(text).unwrap().entries;
        let rows = rows(text);
        // All rows of the short documents; of the two long ones, where each prefix takes longest, some.
        let is_short = rows.len() < 50;
        let step = if is_long || is_short { 1 } else { 19 };
        for (at, (start, end)) in rows.iter().enumerate().step_by(step) {
            for cut in *start..*end {
                // A file may as well end in the middle of a character.
                let cut_off = String::from_utf8_lossy(&text.as_bytes()[..cut]);
                let Ok(document) = Document::from_json(&cut_off) else {
                    assert_eq!(at, 0, "{name}, cut off at byte {cut}: nothing loads");
                    continue;
                };
                // The row itself may be whole already where only what divides rows is missing. All
                // that can come of it are these two beginnings, which are looked at row by row.
                assert!(
                    document.entries == whole[..at] || document.entries == whole[..=at],
                    "{name}, cut off at byte {cut}: {} of {at} rows are there",
                    document.entries.len()
                );
            }
        }
    }
}

#[test]
fn what_is_no_board_is_refused_with_the_reason() {
    let not_json = |text: &str| matches!(Document::from_json(text), Err(NotADocument::NotJson(_)));
    for text in [
        "",
        "{",
        "hello",
        "\0",
        "{\"format\":\"cruxboard\"",
        "<html></html>",
        "\u{feff}",
    ] {
        assert!(not_json(text), "{text:?}");
    }
    for text in [
        "null",
        "1",
        "[]",
        "{}",
        "\"cruxboard\"",
        "{\"format\":1}",
        "{\"format\":\"other\"}",
        "[{\"format\":\"cruxboard\"}]",
    ] {
        assert_eq!(
            Document::from_json(text),
            Err(NotADocument::NotOurs),
            "{text}"
        );
    }
    let id = "01M83T4CM00001000000000001";
    for (text, why) in [
        (
            r#"{"format":"cruxboard"}"#.to_owned(),
            "the board has no id",
        ),
        (
            r#"{"format":"cruxboard","board":"x","changes":[]}"#.to_owned(),
            "the board has no id",
        ),
        (
            format!(r#"{{"format":"cruxboard","board":"{id}"}}"#),
            "it holds no list of changes",
        ),
        (
            format!(r#"{{"format":"cruxboard","board":"{id}","changes":{{}}}}"#),
            "it holds no list of changes",
        ),
        (
            format!(r#"{{"format":"cruxboard","board":"{id}","changes":[],"changes":[]}}"#),
            "it holds no list of changes",
        ),
    ] {
        assert_eq!(
            Document::from_json(&text),
            Err(NotADocument::Damaged(why)),
            "{text}"
        );
    }
}

#[test]
fn a_newer_heading_and_odd_rows_are_no_obstacle() {
    let id = "01M83T4CM00001000000000001";
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = format!(
        "\u{feff}{{\"made_by\":{deep},\"format\":\"cruxboard\",\"version\":7,\"board\":\"{id}\",\"changes\":[1,null,\"a\",{deep},\
         {{\"id\":\"{id}\",\"fact\":\"blank\"}},{{\"fact\":\"blank\"}},{{\"id\":\"nonsense\"}},{{\"id\":\"{id}\",\"n\":1e400}}]}}"
    );
    let document = Document::from_json(&text).unwrap();
    assert_eq!(
        (
            document.version,
            document.entries.len(),
            document.damaged.len()
        ),
        (7, 1, 7)
    );
    assert_eq!(document.damaged[3], deep);
}

#[test]
fn a_pretty_printed_document_is_the_same_document() {
    let value: Value = serde_json::from_str(EVERY_FACT).unwrap();
    let pretty = Document::from_json(&serde_json::to_string_pretty(&value).unwrap()).unwrap();
    assert_eq!(pretty, Document::from_json(EVERY_FACT).unwrap());
}

#[test]
fn importing_twice_doubles_nothing() {
    let entries = Document::from_json(EVERY_FACT).unwrap().entries;
    let mut board: Board = entries.iter().cloned().collect();
    let once = board.clone();
    let touched = board.receive(entries);
    assert!(!touched.is_new && touched.records.is_empty());
    assert_eq!(board, once);
}
