//! Cruxes copied from one board to another.

use std::collections::BTreeSet;

use cruxboard_domain::board::Board;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::import::cruxes::{CopiedCruxes, CopyParts};
use cruxboard_domain::record::*;

use super::desk::{Desk, edited};

const NOTHING_ELSE: CopyParts = CopyParts {
    evidence: false,
    credences: false,
};
const EVERYTHING: CopyParts = CopyParts {
    evidence: true,
    credences: true,
};

/// Returns a board with two settled cruxes, each with a trigger, credences and evidence.
fn source() -> (Desk, CruxId, CruxId) {
    let mut desk = Desk::new();
    let (first, second) = (desk.adds_crux("It works"), desk.adds_crux("It pays"));
    let (stop, bob) = (desk.option("Wind down"), desk.person("Bob"));
    desk.edits_crux(
        first,
        CruxEdit {
            if_true: Some(Some(stop)),
            owner: Some(Some(bob)),
            tags: Some(vec!["cost".into()]),
            resolution: Some("Two audits agree".into()),
            separate_from: Some(vec![second]),
            ..CruxEdit::default()
        },
    );
    let trigger = desk.adds_trigger(first, "Wind down");
    desk.judges(trigger, Verdict::Met);
    desk.states(first, "Ann", 20.0);
    desk.states(first, "Bob", 30.0);
    desk.files(
        "An audit",
        &[(first, Direction::For), (second, Direction::For)],
    );
    desk.does(Command::EditCrux(Edited {
        of: first,
        set: CruxEdit {
            stage: Some(Some(Stage::SettledTrue)),
            stage_reason: Some("Seen".into()),
            ..CruxEdit::default()
        },
        reason: "Seen".into(),
    }));
    (desk, first, second)
}

fn copy(from: &Board, cruxes: &[CruxId], parts: CopyParts, onto: &mut Desk) -> usize {
    let chosen: BTreeSet<CruxId> = cruxes.iter().copied().collect();
    let changes = CopiedCruxes::of(from, &chosen, parts).onto(&onto.board);
    let count = changes.len();
    onto.does(Command::TakeIn(changes));
    count
}

#[test]
fn a_copied_crux_has_its_fields_and_triggers_and_neither_credences_nor_evidence() {
    let (source, first, _) = source();
    let mut desk = Desk::new();
    desk.adds_crux("Already here");
    let (stop, bob) = (desk.option("Wind down"), desk.person("Bob"));
    assert_eq!(copy(&source.board, &[first], NOTHING_ELSE, &mut desk), 2);
    let cruxes = desk.board.cruxes();
    let claims: Vec<_> = cruxes.iter().map(|crux| crux.claim.as_str()).collect();
    assert_eq!(claims, ["Already here", "It works"]);
    let copied = cruxes[1];
    assert_eq!((copied.if_true, copied.owner), (Some(stop), Some(bob)));
    assert_eq!(copied.tags, ["cost"]);
    assert_eq!(copied.resolution, "Two audits agree");
    assert_eq!(copied.stage(), Stage::Open);
    assert!(
        copied.separate_from.is_empty(),
        "the other crux is not there"
    );
    let triggers: Vec<_> = desk.board.triggers_of(copied.id).collect();
    assert_eq!(triggers.len(), 1);
    assert_eq!(triggers[0].toward, Some(stop));
    assert_eq!(triggers[0].verdict(), None);
    assert!(desk.board.statements_on(copied.id).is_empty());
    assert_eq!(desk.board.all_evidence().count(), 0);
    let id = copied.id;
    desk.undoes();
    assert!(desk.board.crux(id).is_none(), "one undo takes it back");
    assert_eq!(desk.board.triggers().count(), 0);
}

#[test]
fn credences_and_evidence_go_along_when_asked_for_with_people_who_are_not_there() {
    let (mut source, first, second) = source();
    source.does(Command::AddPerson(PersonEdit {
        name: Some("Cleo".into()),
        ..PersonEdit::default()
    }));
    source.states(first, "Cleo", 90.0);
    source.states(second, "Ann", 50.0);
    let mut desk = Desk::new();
    copy(&source.board, &[first], EVERYTHING, &mut desk);
    let copied = desk.board.cruxes()[0];
    let stated = desk.board.statements_on(copied.id);
    let before = source.board.statements_on(first);
    let seen = |board: &Board, all: &[&Record<StatementId, Statement>]| {
        let seen = all.iter().map(|one| {
            let person = board.person(one.person).map(|person| person.name.clone());
            (person, one.credence.shown(), one.at)
        });
        seen.collect::<Vec<_>>()
    };
    assert_eq!(seen(&desk.board, &stated), seen(&source.board, &before));
    let names: Vec<_> = desk.board.people().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["Ann", "Bob", "Cleo"]);
    let items: Vec<_> = desk.board.all_evidence().collect();
    assert_eq!(items.len(), 1);
    let weighed: Vec<_> = items[0].bears_on.keys().copied().collect();
    assert_eq!(weighed, [copied.id]);
}

#[test]
fn a_claim_that_is_there_is_left_out_and_an_option_without_a_namesake_is_the_one_of_its_kind() {
    let (source, first, second) = source();
    let mut desk = Desk::new();
    desk.adds_crux("IT PAYS");
    let stop = desk.option("Wind down");
    desk.does(Command::EditOption(edited(
        stop,
        BoardOptionEdit {
            name: Some("Close it".into()),
            ..BoardOptionEdit::default()
        },
    )));
    copy(&source.board, &[first, second], NOTHING_ELSE, &mut desk);
    assert_eq!(desk.board.cruxes().len(), 2);
    assert_eq!(desk.board.cruxes()[1].if_true, Some(stop));
    let chosen = BTreeSet::from([first, second]);
    let again = CopiedCruxes::of(&source.board, &chosen, EVERYTHING).onto(&desk.board);
    assert_eq!(again, []);
    assert_eq!(
        desk.refuses(Command::TakeIn(again)),
        CommandError::NothingToDo
    );
}
