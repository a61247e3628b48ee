//! The tables of records: what an input stores, and the golden file of each field.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use cruxboard_domain::board::Board;
use cruxboard_domain::document::Document;
use cruxboard_domain::record::table::Field;
use cruxboard_domain::record::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn golden() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"))
}

/// Checks that whatever the inputs of a form store can be read as an edit of its record.
fn check_inputs<Edit: DeserializeOwned>(form: &[Field]) {
    for field in form {
        for typed in ["", "true", "2026-11-23", "35", "a | b\nc", "public", "stop"] {
            if let Some(value) = field.input.stored(typed) {
                let edit = json!({ field.name: value });
                assert!(
                    Edit::deserialize(&edit).is_ok(),
                    "{}: {edit}",
                    field.label()
                );
            }
        }
    }
}

#[test]
fn every_input_stores_what_its_field_can_hold() {
    check_inputs::<BoardInfoEdit>(BoardInfo::FORM);
    check_inputs::<BoardOptionEdit>(BoardOption::FORM);
    check_inputs::<PersonEdit>(Person::FORM);
    check_inputs::<CruxEdit>(Crux::FORM);
    check_inputs::<TriggerEdit>(Trigger::FORM);
    check_inputs::<EvidenceEdit>(Evidence::FORM);
    check_inputs::<PositionEdit>(Position::FORM);
    check_inputs::<FollowUpEdit>(FollowUp::FORM);
    check_inputs::<TermEdit>(Term::FORM);
    check_inputs::<DecisionEdit>(Decision::FORM);
    check_inputs::<ReviewEdit>(Review::FORM);
    check_inputs::<RoundEdit>(Round::FORM);
    check_inputs::<MessageEdit>(Message::FORM);
    check_inputs::<BriefReadEdit>(BriefRead::FORM);
}

/// Returns the fields that the changes of these kinds set in a golden file.
fn fields_in(file: &str, kinds: &[&str]) -> BTreeSet<String> {
    let text = fs::read_to_string(golden().join(format!("v1-{file}.json"))).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let changes = document["changes"].as_array().unwrap();
    let edits = changes.iter().flat_map(|change| {
        kinds.iter().filter_map(|kind| {
            let content = change["fact"].get(kind)?;
            content.get("set").unwrap_or(content).as_object()
        })
    });
    edits.flat_map(|edit| edit.keys().cloned()).collect()
}

#[test]
fn every_field_is_in_the_golden_file_that_its_table_names() {
    for (since, kinds) in [
        (BoardInfo::SINCE, ["board-described", ""]),
        (BoardOption::SINCE, ["option-added", "option-edited"]),
        (Person::SINCE, ["person-added", "person-edited"]),
        (Crux::SINCE, ["crux-added", "crux-edited"]),
        (Trigger::SINCE, ["trigger-added", "trigger-edited"]),
        (Evidence::SINCE, ["evidence-filed", "evidence-edited"]),
        (Position::SINCE, ["position-recorded", "position-edited"]),
        (FollowUp::SINCE, ["follow-up-added", "follow-up-edited"]),
        (Term::SINCE, ["term-defined", "term-edited"]),
        (Decision::SINCE, ["decision-recorded", "decision-edited"]),
        (Review::SINCE, ["meeting-started", "meeting-edited"]),
        (Round::SINCE, ["round-opened", ""]),
        (Message::SINCE, ["message-listed", "message-edited"]),
        (BriefRead::SINCE, ["brief-seen", "brief-seen-edited"]),
    ] {
        for (field, file) in since {
            let found = fields_in(file, &kinds);
            assert!(
                found.contains(*field),
                "{field} of {} in v1-{file}.json",
                kinds[0]
            );
        }
    }
}

#[test]
fn every_golden_file_of_a_board_is_written_again_byte_for_byte() {
    let mut count = 0;
    for file in fs::read_dir(golden()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("v1-") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let document = Document::from_json(&text).unwrap();
        assert_eq!(document.damaged, [] as [String; 0], "{name}");
        let board: Board = document.entries.into_iter().collect();
        assert!(
            Document::to_json(document.board, board.log()) == text,
            "{name}"
        );
        count += 1;
    }
    assert!(count >= 16, "{count}");
}
