//! "Confirm unchanged": a confirmation keeps the reason and evidence of the confirmed statement. A move made
//! meanwhile on another device takes precedence over it.

use crate::desk::{DAY, Desk, NOW};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, CredenceStated, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::diff::{Since, What};
use cruxboard_domain::estimate::{estimate, steps};
use cruxboard_domain::format::tell;
use cruxboard_domain::id::Replica;
use cruxboard_domain::import::csv::credences_csv;
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::{SnapshotRequest, take};
use cruxboard_domain::{BoardId, ChangeId, Credence};

/// Returns a board on which Ann moved to 40 with a reason and evidence, and confirmed that a day later.
fn confirmed() -> (Desk, CruxId, EvidenceId) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let evidence = desk.files("The study", &[(crux, Direction::For)]);
    let person = desk.person("Ann");
    desk.does(Command::StateCredence {
        moved: Move {
            crux,
            person,
            credence: Credence::clamped(40.0),
            reason: "the study convinced me".into(),
        },
        evidence: vec![evidence],
    });
    desk.days_pass(1);
    desk.does(Command::Reaffirm { crux, person });
    (desk, crux, evidence)
}

#[test]
fn a_confirmation_keeps_reason_and_evidence_in_every_table_and_snapshot() {
    let (desk, crux, evidence) = confirmed();
    let view = &desk.board.current_views(crux, desk.now)[0];
    assert!(view.statement.reaffirms);
    assert_eq!(view.statement.at, NOW + DAY);
    assert_eq!(view.statement.reason, "the study convinced me");
    assert_eq!(view.statement.evidence, [evidence]);

    let last = *steps(&desk.board, crux).last().unwrap();
    assert_ne!(last.basis, last.statement);
    let basis = desk.board.statement(last.basis).unwrap();
    assert_eq!(basis.reason, "the study convinced me");

    let csv = credences_csv(&desk.board);
    assert_eq!(csv.matches("the study convinced me").count(), 2, "{csv}");

    let wish = SnapshotRequest::default();
    let taken = take(&desk.board, BoardId::default(), &wish, desk.now).snapshot;
    let reading = taken.reading();
    assert_eq!(reading.cruxes[0].views[0].reason, "the study convinced me");
    assert!(taken.to_markdown().contains("the study convinced me"));
}

#[test]
fn a_confirmation_with_a_reason_of_its_own_keeps_its_own() {
    let (mut desk, crux, _) = confirmed();
    let statement = desk.board.current_views(crux, desk.now)[0].id;
    desk.does(Command::Explain {
        statement,
        reason: "looked at it again".into(),
        evidence: Vec::new(),
    });
    let view = &desk.board.current_views(crux, desk.now)[0];
    assert_eq!(view.statement.reason, "looked at it again");
    assert!(view.statement.evidence.is_empty());
}

#[test]
fn a_confirmation_is_no_move_and_says_whose_reason_holds() {
    let (desk, _, _) = confirmed();
    let yesterday = ChangeId::new(NOW + DAY / 2, 0, Replica::default());
    let since = Since::between(&desk.board, yesterday, ChangeId::MAX, Now::utc(desk.now));
    assert_eq!(since.tally().moves, 0);
    let line = &since.groups[0].lines[0];
    assert!(matches!(line.what, What::Unmoved { .. }));
    assert_eq!(
        tell(&desk.board, line),
        (
            "Ann: still 40%".to_owned(),
            "the study convinced me".to_owned()
        )
    );
}

fn stated(id: ChangeId, crux: CruxId, person: PersonId, percent: f64, reaffirms: bool) -> Change {
    Change {
        id,
        by: Some(person),
        part_of: None,
        payload: Payload::CredenceStated(Box::new(CredenceStated {
            crux,
            reason_salt: String::new(),
            person,
            credence: Credence::clamped(percent),
            reason: String::new(),
            evidence: Vec::new(),
            reaffirms,
            at: None,
            wall_clock: None,
        })),
    }
}

/// Returns a board with Ann's credences from two devices that had not synced: the percentage of each, and
/// whether it is a confirmation.
fn on_two_devices(said: &[(f64, bool)]) -> (Board, CruxId) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let person = desk.person("Ann");
    for (place, (percent, reaffirms)) in said.iter().enumerate() {
        let id = ChangeId::new(
            NOW + DAY * (place as u32 + 1),
            0,
            Replica::new(2 + place as u32 % 2, 1),
        );
        desk.board
            .apply(stated(id, crux, person, *percent, *reaffirms));
    }
    (desk.board, crux)
}

#[test]
fn a_move_wins_over_a_confirmation_that_had_not_heard_of_it() {
    for (said, now, shown) in [
        // The confirmation of 20 is later than the move to 50, but was made without knowing of it.
        (&[(20.0, false), (50.0, false), (20.0, true)][..], 50.0, 2),
        // A confirmation of the credence directly before it holds.
        (&[(20.0, false), (20.0, true)], 20.0, 2),
        (&[(20.0, false), (50.0, false), (50.0, true)], 50.0, 3),
        // The credence was confirmed again after both devices had synced.
        (
            &[(20.0, false), (50.0, false), (20.0, true), (50.0, true)],
            50.0,
            3,
        ),
        // A second move counts as a move, even back to the earlier credence.
        (&[(20.0, false), (50.0, false), (20.0, false)], 20.0, 3),
        // If the confirmed statement was erased, the confirmation counts by itself.
        (&[(50.0, false), (20.0, true)], 20.0, 2),
    ] {
        let (board, crux) = on_two_devices(said);
        let views = board.current_views(crux, NOW + 9 * DAY);
        assert_eq!(views[0].statement.credence.percent(), now, "{said:?}");
        assert_eq!(board.statements_on(crux).len(), shown, "{said:?}");
        let all = estimate(&board, &views, true).unwrap();
        assert_eq!(all.aggregate, Credence::clamped(now), "{said:?}");
    }
}

#[test]
fn a_move_dated_back_later_does_not_undo_a_confirmation() {
    let (mut board, crux) = on_two_devices(&[(20.0, false), (20.0, true)]);
    let person = board.people().next().unwrap().id;
    let id = ChangeId::new(NOW + 8 * DAY, 0, Replica::new(7, 1));
    let mut late = stated(id, crux, person, 70.0, false);
    if let Payload::CredenceStated(stated) = &mut late.payload {
        stated.at = Some(NOW + DAY + DAY / 2);
    }
    board.apply(late);
    let views = board.current_views(crux, NOW + 9 * DAY);
    assert_eq!(views[0].statement.credence.percent(), 20.0);
}
