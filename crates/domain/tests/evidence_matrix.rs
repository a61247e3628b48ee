//! The matrix of evidence and cruxes: items of one origin count once, and evidence that distinguishes the
//! cruxes comes first.

use crate::desk::{Desk, edited};
use cruxboard_domain::decide::Command;
use cruxboard_domain::evidence_matrix::{evidence_matrix, weakly_supported};
use cruxboard_domain::record::*;

#[test]
fn items_of_one_origin_are_one_row_and_count_once() {
    let mut desk = Desk::new();
    let [a, b] = ["A", "B"].map(|claim| desk.adds_crux(claim));
    let first = desk.files("first", &[(a, Direction::For)]);
    let other = desk.files("other", &[(a, Direction::For), (b, Direction::For)]);
    let again = desk.files("again", &[(a, Direction::For), (b, Direction::Against)]);
    let set = EvidenceEdit {
        same_origin_as: Some(vec![first]),
        ..EvidenceEdit::default()
    };
    desk.does(Command::EditEvidence(edited(again, set)));
    let rows = evidence_matrix(&desk.board);
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row.items.clone(), row.bears_on.len(), row.diagnosticity))
        .collect();
    // Evidence for both cruxes alike does not distinguish them.
    assert_eq!(found, [(vec![first, again], 2, 4), (vec![other], 2, 0)]);
}

#[test]
fn an_item_that_bears_on_one_of_two_cruxes_tells_them_apart_and_one_on_none_does_not() {
    let mut desk = Desk::new();
    let [a, _] = ["A", "B"].map(|claim| desk.adds_crux(claim));
    desk.files("one", &[(a, Direction::For)]);
    desk.files("none", &[]);
    let found: Vec<_> = evidence_matrix(&desk.board)
        .iter()
        .map(|row| (row.bears_on.len(), row.diagnosticity))
        .collect();
    assert_eq!(found, [(1, 2), (0, 0)]);
}

#[test]
fn a_claim_that_only_private_or_passed_on_items_hold_up_is_named() {
    let mut desk = Desk::new();
    let [a, b, c] = ["A", "B", "C"].map(|claim| desk.adds_crux(claim));
    let private = desk.files("private", &[(a, Direction::For), (b, Direction::For)]);
    let set = EvidenceEdit {
        visibility: Some(Some(Visibility::Private)),
        ..EvidenceEdit::default()
    };
    desk.does(Command::EditEvidence(edited(private, set)));
    desk.files("public", &[(b, Direction::For)]);
    assert_eq!(weakly_supported(&desk.board), [a]);
    let heard = desk.files("heard", &[(c, Direction::For)]);
    let set = EvidenceEdit {
        passed_on_by: Some(vec!["somebody".into()]),
        ..EvidenceEdit::default()
    };
    desk.does(Command::EditEvidence(edited(heard, set)));
    assert_eq!(weakly_supported(&desk.board), [a, c]);
}
