//! Texts that were cut off, garbled or made up: none makes the parser fail, and every intact part loads.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::world::{NOW, visible};
use cruxboard_domain::board::Board;
use cruxboard_domain::completeness::lacks;
use cruxboard_domain::date::Now;
use cruxboard_domain::document::{Document, DocumentError};
use cruxboard_domain::log::Entry;
use cruxboard_domain::summary::summary;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::view::{Filter, Sort, facets, next_date, shown};
use cruxboard_domain::{BoardId, ChangeId};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

const EVERY_FACT: &str = include_str!("golden/v1-every-fact.json");
const FOREIGN: &str = include_str!("golden/v1-foreign.json");

/// Every document that version 1 is known to have written, and the example as it is shipped, by name.
static DOCUMENTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = std::fs::read_dir(here.join("tests/golden")).unwrap();
    let golden = golden.map(|file| file.unwrap().path());
    let mut paths: Vec<PathBuf> = golden
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("v1-"))
        })
        .collect();
    paths.sort();
    paths.push(here.join("../../public/example.cruxboard.json"));
    let documents = paths.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.display().to_string(), text)
    });
    documents.collect()
});

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

fn ids(entries: &[Entry]) -> BTreeSet<ChangeId> {
    entries.iter().map(Entry::id).collect()
}

/// Computes everything that can be computed from a board, and reads the board again from its own document.
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
    let text = Document::to_json(BoardId::default(), board.log());
    let read = Document::from_json(&text).unwrap();
    assert_eq!(read.damaged, Vec::<String>::new());
    let again: Board = read.entries.into_iter().collect();
    assert_eq!(again, board);
}

/// Returns the start and end of each row of a document, in bytes.
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
            // An inserted line break makes two rows of one, which does no harm either.
            garbled.replace_range(at..after, with.encode_utf8(&mut [0; 4]));
        }
        let garbled = format!("{}{garbled}{}", &text[..start], &text[end..]);
        let whole = Document::from_json(text).unwrap();
        let document = Document::from_json(&garbled).unwrap();
        let lost: Vec<ChangeId> = ids(&whole.entries).difference(&ids(&document.entries)).copied().collect();
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
        // Each place that holds a value is found by putting a mark there.
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

/// Unexpected values to put in place of an expected one: JSON, or almost JSON.
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

/// Puts a mark in place of value number `left`, in depth-first order. Returns the number of values.
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
fn of_every_document_each_number_of_whole_rows_loads_and_can_be_looked_at() {
    for (name, text) in DOCUMENTS.iter() {
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
    for (name, text) in DOCUMENTS.iter() {
        let whole = Document::from_json(text).unwrap().entries;
        let rows = rows(text);
        // All rows of the short documents, and some rows of the two long ones, whose prefixes take longest.
        let is_short = rows.len() < 50;
        let step = if is_long || is_short { 1 } else { 19 };
        for (at, (start, end)) in rows.iter().enumerate().step_by(step) {
            for cut in *start..*end {
                // A file can also end within a character.
                let cut_off = String::from_utf8_lossy(&text.as_bytes()[..cut]);
                let Ok(document) = Document::from_json(&cut_off) else {
                    assert_eq!(at, 0, "{name}, cut off at byte {cut}: nothing loads");
                    continue;
                };
                // If only the separator after a row is missing, the row itself is complete. So either the
                // rows before it are read or it too; both beginnings are tested row by row.
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
fn what_is_no_board_is_refused_by_its_name_and_in_no_words_of_a_parser() {
    let id = "01M83T4CM00001000000000001";
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let (program, text, page) = ("This is JSON", "This is a text", "This is a web page");
    let list = "damaged: it holds no list of changes";
    for (given, said) in [
        (String::new(), "This is an empty file"),
        ("\u{feff}".into(), "This is an empty file"),
        ("hello".into(), text),
        ("\0".into(), text),
        ("{".into(), text),
        ("<html></html>".into(), page),
        ("title,chance\nA,1\n".into(), "This is a table"),
        ("null".into(), text),
        ("[]".into(), program),
        ("{}".into(), program),
        ("\"cruxboard\"".into(), text),
        ("{\"format\":1}".into(), program),
        ("{\"format\":\"other\"}".into(), program),
        ("[{\"format\":\"cruxboard\"}]".into(), program),
        (deep, program),
        ("{\"format\":\"cruxboard\"".into(), "This file is cut off"),
        (
            "{\"format\":\"cruxboard-boards\",\"boards\":[]}".into(),
            "This is a backup of Cruxboard",
        ),
        (
            EVERY_FACT.split_once('\n').unwrap().1.into(),
            "damaged: its beginning is missing",
        ),
        (r#"{"format":"cruxboard"}"#.into(), "the board has no id"),
        (
            r#"{"format":"cruxboard","board":"x","changes":[]}"#.into(),
            "the board has no id",
        ),
        (format!(r#"{{"format":"cruxboard","board":"{id}"}}"#), list),
        (
            format!(r#"{{"format":"cruxboard","board":"{id}","changes":{{}}}}"#),
            list,
        ),
        (
            format!(r#"{{"format":"cruxboard","board":"{id}","changes":[],"changes":[]}}"#),
            list,
        ),
    ] {
        let found = Document::from_json(&given).unwrap_err().to_string();
        assert!(found.contains(said), "{given:.60}: {found}");
        for word in ["EOF", "expected", "column", "parsing"] {
            assert!(!found.contains(word), "{given:.60}: {found}");
        }
    }
}

#[test]
fn a_file_of_a_newer_format_says_so_and_is_not_read() {
    let newer = EVERY_FACT.replacen("\"version\":1", "\"version\":7", 1);
    // The document is also tested when cut off in the middle.
    for text in [&newer[..], &newer[..newer.len() / 2]] {
        let refused = Document::from_json(text);
        assert_eq!(refused, Err(DocumentError::Newer(7)));
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("newer version of Cruxboard (file format 7; this version reads 1)"));
    }
}

#[test]
fn odd_rows_and_an_unknown_heading_are_no_obstacle() {
    let id = "01M83T4CM00001000000000001";
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = format!(
        "\u{feff}{{\"made_by\":{deep},\"format\":\"cruxboard\",\"version\":1,\"board\":\"{id}\",\"changes\":[1,null,\"a\",{deep},\
         {{\"id\":\"{id}\",\"fact\":\"blank\"}},{{\"fact\":\"blank\"}},{{\"id\":\"nonsense\"}},{{\"id\":\"{id}\",\"n\":1e400}}]}}"
    );
    let document = Document::from_json(&text).unwrap();
    assert_eq!((document.entries.len(), document.damaged.len()), (1, 7));
    assert_eq!(document.damaged[3], deep);
    assert_eq!(
        document.faults(),
        ["7 changes in it are damaged and cannot be read."]
    );
}

#[test]
fn a_file_that_is_cut_off_or_altered_says_so_wherever_it_happened() {
    for (name, text) in DOCUMENTS.iter() {
        assert_eq!(
            Document::from_json(text).unwrap().faults(),
            [""; 0],
            "{name}"
        );
        // Losing the last bracket, or the line break after it, loses no content.
        let end = text.trim_end().len() - 1;
        for at in (1..=60).map(|n| text.floor_char_boundary(n * end / 60)) {
            let zeros = format!("{}{}", &text[..at], "\0".repeat(text.len() - at));
            for cut in [&text[..at], &zeros] {
                let said = match Document::from_json(cut) {
                    Ok(document) => document.faults().join(" "),
                    Err(problem) => problem.to_string(),
                };
                let is_short = at < 25;
                assert!(
                    said.contains("This file is cut off: its end is missing") || is_short,
                    "{name}, cut off at {at}: {said}"
                );
                assert!(!said.contains("newer"), "{name}, cut off at {at}: {said}");
            }
            let altered = format!("{}\u{1}]{}", &text[..at], &text[at..]);
            let said = match Document::from_json(&altered) {
                Ok(document) => document.faults().join(" "),
                Err(problem) => problem.to_string(),
            };
            assert!(!said.is_empty(), "{name}, altered at {at}");
        }
    }
}

#[test]
fn an_id_that_stands_in_a_file_twice_with_other_content_is_reported() {
    let row = |id: u8, payload: &str| {
        format!(r#"{{"id":"01M83T4CM000010000000000{id:02}","fact":{payload}}}"#)
    };
    let person = |name: &str| format!(r#"{{"person-added":{{"name":"{name}"}}}}"#);
    let text = |rows: &[String]| {
        let rows = rows.join(",\n");
        format!(
            r#"{{"format":"cruxboard","version":1,"board":"01M83T4CM00001000000000001","changes":[{rows}]}}"#
        )
    };
    let twice = "1 change stands in it twice, with different content.";
    for (other, faults) in [
        (row(1, &person("Ann")), &[][..]),
        (row(1, &person("Bob")), &[twice]),
        (row(1, r#"{"unknown":1}"#), &[twice]),
        // Erased by one copy of the app, and not yet by another.
        (row(1, r#""blank""#), &[]),
        (row(2, &person("Bob")), &[]),
    ] {
        let text = text(&[row(1, &person("Ann")), other]);
        let document = Document::from_json(&text).unwrap();
        assert_eq!(document.faults(), faults, "{text}");
    }
    // If the board is on this device already, the content on this device stays.
    let here: Board = Document::from_json(&text(&[row(1, &person("Ann")), row(2, &person("Bob"))]))
        .unwrap()
        .entries
        .into_iter()
        .collect();
    let rows = [
        row(1, &person("Eve")),
        row(2, r#""blank""#),
        row(3, &person("Cy")),
    ];
    let mut document = Document::from_json(&text(&rows)).unwrap();
    assert_eq!(document.leave_out_clashes(here.log()), 1);
    assert_eq!(document.entries.len(), 2);
}

#[test]
fn a_file_without_a_change_that_can_be_read_makes_no_board() {
    let text = |rows: &str| {
        format!(
            r#"{{"format":"cruxboard","version":1,"board":"01M83T4CM00001000000000001","changes":[{rows}]}}"#
        )
    };
    for (rows, is_readable) in [
        ("", false),
        ("1,null,{}", false),
        (r#"{"id":"01M83T4CM00001000000000001","x":1}"#, false),
        (
            r#"{"id":"01M83T4CM00001000000000001","fact":"blank"}"#,
            true,
        ),
    ] {
        let document = Document::from_json(&text(rows)).unwrap();
        assert_eq!(document.is_readable(), is_readable, "{rows}");
    }
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
