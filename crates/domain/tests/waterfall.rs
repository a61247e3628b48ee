//! The causes of a credence's move, in log-odds.

use crate::desk::Desk;
use crate::world::{Manners, World, steps};
use cruxboard_domain::Credence;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::cause_words;
use cruxboard_domain::record::*;
use cruxboard_domain::waterfall::{Cause, waterfall};
use proptest::prelude::*;

fn states(desk: &mut Desk, crux: CruxId, percent: f64, reason: &str, evidence: &[EvidenceId]) {
    let mut moved = desk.moved(crux, "Ann", percent);
    moved.reason = reason.into();
    desk.does(Command::StateCredence {
        moved,
        evidence: evidence.to_vec(),
    });
}

#[test]
fn each_item_has_its_share_of_the_moves_that_cite_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let study = desk.files("A study", &[(crux, Direction::For)]);
    let talk = desk.files("A talk", &[(crux, Direction::For)]);
    states(&mut desk, crux, 50.0, "at first", &[]);
    // From odds of 1 to odds of 4 by two items: one bit for each.
    states(&mut desk, crux, 80.0, "seen", &[study, talk]);
    // To odds of 8 by one of the items, and down to odds of 2 without a reason.
    states(&mut desk, crux, 88.89, "again", &[talk]);
    states(&mut desk, crux, 66.67, "", &[]);
    let ann = desk.person("Ann");
    let found = waterfall(&desk.board, crux, Some(ann)).unwrap();
    let parts: Vec<_> = found
        .parts
        .iter()
        .map(|part| (part.cause, (part.bits * 100.0).round() / 100.0))
        .collect();
    assert_eq!(
        parts,
        [
            (Cause::Evidence(study), 1.0),
            (Cause::Evidence(talk), 2.0),
            (Cause::Unexplained, -2.0)
        ]
    );
    assert_eq!(
        (found.first, found.last),
        (Credence::HALF, Credence::clamped(66.67))
    );
    let bob = desk.person("Bob");
    assert_eq!(waterfall(&desk.board, crux, Some(bob)), None);
}

#[test]
fn a_first_estimate_is_a_start_and_no_move() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 50.0);
    desk.states(crux, "Bob", 80.0);
    let bob = desk.person("Bob");
    let found = waterfall(&desk.board, crux, None).unwrap();
    assert_eq!(found.parts.len(), 1);
    let eighty = Credence::clamped(80.0);
    assert_eq!(found.parts[0].cause, Cause::Joined(bob, eighty));
    assert_eq!(
        cause_words(&desk.board, found.parts[0].cause),
        "Bob joined with 80%"
    );
    // The mean of 0 and 2 bits.
    assert!((found.parts[0].bits - 1.0).abs() < 0.01);
    assert_eq!(found.moved(), 0.0);
    // Only when somebody changes their mind has the group moved.
    desk.states(crux, "Ann", 80.0);
    let found = waterfall(&desk.board, crux, None).unwrap();
    assert!((found.moved() - 1.0).abs() < 0.01, "{found:?}");
    assert!((found.bits() - 2.0).abs() < 0.01, "{found:?}");
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_whole_move(steps in steps(Manners::Hostile)) {
        let board = World::play(&steps).all();
        for crux in board.cruxes() {
            let people = board.people().map(|person| Some(person.id));
            for person in people.chain([None]) {
                let Some(found) = waterfall(&board, crux.id, person) else { continue };
                let sum: f64 = found.parts.iter().map(|part| part.bits).sum();
                prop_assert!((sum - found.bits()).abs() < 1e-9, "{:?}", found);
            }
        }
    }
}
