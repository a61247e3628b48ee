//! Statements of credences: confirmations, stale statements, reasons added later.

use crate::desk::{DAY, Desk, NOW};
use cruxboard_domain::Credence;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::estimate::{estimate, steps};
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;

#[test]
fn a_view_keeps_the_move_before_it_in_sight_through_reaffirmations() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let view = |desk: &Desk| {
        let view = desk.board.current_views(crux, desk.now).remove(0);
        (
            view.previous.map(Credence::percent),
            view.statement.credence.percent(),
            view.statement.reaffirms,
            view.is_stale,
        )
    };
    desk.states(crux, "Ann", 40.0);
    assert_eq!(view(&desk), (None, 40.0, false, false));
    desk.days_pass(1);
    desk.states(crux, "Ann", 55.0);
    assert_eq!(view(&desk), (Some(40.0), 55.0, false, false));
    desk.days_pass(90);
    assert_eq!(
        view(&desk),
        (Some(40.0), 55.0, false, false),
        "ninety days old is not over ninety"
    );
    desk.days_pass(1);
    assert_eq!(view(&desk), (Some(40.0), 55.0, false, true));
    let person = desk.person("Ann");
    desk.does(Command::Reaffirm { crux, person });
    assert_eq!(view(&desk), (Some(40.0), 55.0, true, false));
    desk.days_pass(1);
    desk.states(crux, "Ann", 60.0);
    assert_eq!(view(&desk), (Some(55.0), 60.0, false, false));
    assert_eq!(
        steps(&desk.board, crux)
            .iter()
            .map(|step| step.credence.percent())
            .collect::<Vec<_>>(),
        [40.0, 55.0, 55.0, 60.0]
    );
}

#[test]
fn stale_views_can_be_left_out_of_the_aggregate() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.does(Command::Describe(BoardInfoEdit {
        stale_after_days: Some(10),
        ..BoardInfoEdit::default()
    }));
    desk.states(crux, "Ann", 90.0);
    desk.days_pass(11);
    desk.states(crux, "Bob", 10.0);
    let views = desk.board.current_views(crux, desk.now);
    let aggregate = |with_stale| {
        estimate(&desk.board, &views, with_stale)
            .unwrap()
            .aggregate
            .percent()
    };
    assert_eq!((aggregate(true), aggregate(false)), (50.0, 10.0));
    assert_eq!(summary(&desk.board, Now::utc(desk.now), false).stale, 1);
}

#[test]
fn a_statement_that_was_held_earlier_than_filed_stands_at_its_time() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 50.0);
    let person = desk.person("Ann");
    let stated = cruxboard_domain::change::CredenceStated {
        crux,
        reason_salt: String::new(),
        person,
        credence: Credence::clamped(20.0),
        reason: String::new(),
        evidence: vec![],
        reaffirms: false,
        at: Some(NOW - DAY),
        wall_clock: None,
    };
    let earlier = Change {
        id: desk.clock.tick(NOW),
        by: None,
        part_of: None,
        payload: Payload::CredenceStated(Box::new(stated)),
    };
    desk.take(&[earlier]);
    let view = desk.board.current_views(crux, NOW).remove(0);
    assert_eq!(
        (
            view.statement.credence.percent(),
            view.previous.map(Credence::percent)
        ),
        (50.0, Some(20.0))
    );
}

#[test]
fn a_reason_given_later_is_kept_with_the_statement() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let evidence = desk.files("Seen", &[]);
    let statement = desk.states(crux, "Ann", 50.0);
    desk.does(Command::Explain {
        statement,
        reason: "on reflection".into(),
        evidence: vec![evidence],
    });
    let statement = desk.board.statement(statement).unwrap();
    assert_eq!(
        (statement.reason.as_str(), statement.evidence.as_slice()),
        ("on reflection", [evidence].as_slice())
    );
}

#[test]
fn evidence_in_the_trash_and_evidence_that_bears_neither_way_do_not_weigh() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let pro = desk.files("a", &[(crux, Direction::For)]);
    desk.files("b", &[(crux, Direction::For)]);
    desk.files("c", &[(crux, Direction::Against)]);
    desk.files("d", &[(crux, Direction::Neutral)]);
    assert_eq!(desk.board.evidence_balance(crux), (2, 1));
    desk.does(Command::Trash(pro.0));
    assert_eq!(desk.board.evidence_balance(crux), (1, 1));
    desk.does(Command::Restore(pro.0));
    desk.does(Command::WeighEvidence {
        evidence: pro,
        crux,
        bears_on: None,
    });
    assert_eq!(
        (
            desk.board.evidence_balance(crux),
            desk.board.evidence_on(crux).count()
        ),
        ((1, 1), 3)
    );
}
