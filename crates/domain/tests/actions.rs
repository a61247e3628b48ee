//! Actions: what one undo covers, and how an action is described.

use crate::desk::{DEVICE, Desk, NOW, edited, full_trigger, judge};
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::record::*;
use cruxboard_domain::undo::{UndoStack, describe};
use cruxboard_domain::{ChangeId, Credence};

#[test]
fn filing_evidence_and_moving_credences_is_one_action_and_one_undo() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 40.0);
    let before = desk.board.clone();
    let command = Command::FileEvidence {
        evidence: EvidenceEdit {
            text: Some("A study".into()),
            ..EvidenceEdit::default()
        },
        bears_on: vec![(
            crux,
            BearsOn {
                direction: Direction::For,
                strength: Strength::Strong,
            },
        )],
        moves: vec![desk.moved(crux, "Ann", 55.0), desk.moved(crux, "Bob", 60.0)],
    };
    let changes = desk.try_do(command).unwrap();
    assert_eq!(
        changes.iter().map(Change::action).collect::<Vec<_>>(),
        vec![changes[0].id; 4]
    );
    assert_eq!(describe(&changes), "Evidence saved; 2 credences updated");
    let view = &desk.board.current_views(crux, NOW)[0];
    assert_eq!(
        (view.previous, view.statement.credence),
        (Credence::from_percent(40.0), Credence::clamped(55.0))
    );
    assert_eq!(view.statement.evidence, [EvidenceId(changes[0].id)]);

    let targets = desk.undo.next_undo().unwrap().to_vec();
    assert_eq!(
        targets,
        changes.iter().map(|change| change.id).collect::<Vec<_>>()
    );
    desk.does(Command::Retract(targets));
    assert_eq!(
        desk.board.current_views(crux, NOW),
        before.current_views(crux, NOW)
    );
    assert_eq!(desk.board.all_evidence().count(), 0);
    assert_eq!(desk.undo, UndoStack::of(desk.board.log(), DEVICE));
    let (by, again) = desk
        .undo
        .next_redo()
        .map(|(by, again)| (by, again.to_vec()))
        .unwrap();
    assert_eq!(again.len(), 4);
    desk.does(Command::Retract(by));
    assert_eq!(desk.board.all_evidence().count(), 1);
    assert_eq!(desk.undo.next_redo(), None);
}

#[test]
fn a_large_import_is_taken_back_in_parts_that_endpoints_take_and_redone_whole() {
    let mut desk = Desk::new();
    let first = desk.clock.tick(desk.now);
    let changes: Vec<Change> = (0..9_000)
        .map(|at| Change {
            id: if at == 0 {
                first
            } else {
                desk.clock.tick(desk.now)
            },
            by: None,
            part_of: (at > 0).then_some(first),
            payload: Payload::CruxAdded(Box::default()),
        })
        .collect();
    desk.take(&changes);
    let before = desk.board.clone();
    let undone = desk.undo.next_undo().unwrap().to_vec();
    assert_eq!(undone.len(), 9_000);
    let retractions = desk.try_do(Command::Retract(undone)).unwrap();
    assert_eq!(retractions.len(), 3);
    for retraction in &retractions {
        assert!(retraction.to_json().len() < 128 << 10);
        assert_eq!(retraction.action(), retractions[0].id);
    }
    assert_eq!(desk.undo, UndoStack::of(desk.board.log(), DEVICE));
    let (by, again) = desk.undo.next_redo().unwrap();
    assert_eq!((by.len(), again.len()), (3, 9_000));
    desk.does(Command::Retract(by));
    assert_eq!(desk.undo.next_undo().unwrap().len(), 9_000);
    assert_eq!(desk.board.cruxes().len(), before.cruxes().len());
}

#[test]
fn a_new_action_ends_what_could_be_redone() {
    let mut desk = Desk::new();
    desk.adds_crux("It is so");
    let targets = desk.undo.next_undo().unwrap().to_vec();
    desk.does(Command::Retract(targets));
    assert!(desk.undo.next_redo().is_some());
    desk.adds_crux("It is not so");
    assert_eq!(desk.undo.next_redo(), None);
}

#[test]
fn what_was_erased_can_be_neither_undone_nor_redone() {
    let mut desk = Desk::new();
    let whole = desk.undo.next_undo().map(<[ChangeId]>::to_vec);
    let crux = desk.adds_crux("A secret");
    desk.does(Command::Redact(vec![crux.0]));
    assert_eq!(desk.undo.next_undo().map(<[ChangeId]>::to_vec), whole);
    assert_eq!(desk.undo, UndoStack::of(desk.board.log(), DEVICE));
}

#[test]
fn what_another_device_did_is_not_ours_to_undo() {
    let mut desk = Desk::new();
    let ours = desk.undo.next_undo().map(<[ChangeId]>::to_vec);
    let mut clock = Clock::new(Replica::new(DEVICE + 1, 0));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut clock,
    };
    let term = TermEdit {
        term: Some("so".into()),
        ..TermEdit::default()
    };
    let changes = decide(&desk.board, Command::DefineTerm(term), &mut issuer).unwrap();
    desk.take(&changes);
    assert_eq!(desk.undo.next_undo().map(<[ChangeId]>::to_vec), ours);
}

#[test]
fn an_action_is_described_by_what_it_did() {
    let mut desk = Desk::new();
    let crux = CruxEdit {
        claim: Some("It is so".into()),
        ..CruxEdit::default()
    };
    let two = vec![
        full_trigger(CruxId::default()),
        full_trigger(CruxId::default()),
    ];
    let changes = desk
        .try_do(Command::AddCrux {
            crux,
            triggers: two,
        })
        .unwrap();
    assert_eq!(describe(&changes), "Crux added; 2 triggers added");
    let crux = CruxId(changes[0].id);
    let trigger = TriggerId(changes[1].id);
    let evidence = desk.files("Seen", &[]);
    let statement = desk.states(crux, "Ann", 50.0);
    let person = desk.person("Ann");
    let position = PositionEdit {
        crux: Some(crux),
        holder: Some("B".into()),
        ..Default::default()
    };
    let follow_up = FollowUpEdit {
        what: Some("reply".into()),
        ..Default::default()
    };
    let bears_on = Some(BearsOn {
        direction: Direction::For,
        strength: Strength::Slight,
    });
    for (command, words) in [
        (
            Command::Describe(BoardInfoEdit {
                about: Some("a".into()),
                ..Default::default()
            }),
            "Board edited",
        ),
        (
            Command::EditCrux(edited(
                crux,
                CruxEdit {
                    title: Some("a".into()),
                    ..Default::default()
                },
            )),
            "Crux edited",
        ),
        (
            Command::WeighEvidence {
                evidence,
                crux,
                bears_on,
            },
            "Evidence weighed",
        ),
        (
            judge(trigger, Verdict::Near, "so"),
            "Trigger outcome recorded",
        ),
        (Command::Reaffirm { crux, person }, "Credence confirmed"),
        (
            Command::Explain {
                statement,
                reason: "a".into(),
                evidence: vec![],
            },
            "Reason added",
        ),
        (Command::RecordPosition(position), "Position recorded"),
        (Command::AddFollowUp(follow_up), "Follow-up added"),
        (Command::HoldReview(Default::default()), "Review recorded"),
        (Command::Trash(crux.0), "Moved to the trash"),
        (Command::Restore(crux.0), "Restored from the trash"),
        (Command::Retract(vec![statement.0]), "Undone"),
        (Command::Redact(vec![statement.0]), "Erased"),
    ] {
        assert_eq!(describe(&desk.try_do(command).unwrap()), words);
    }
    assert_eq!(describe(&[]), "");
}

#[test]
fn a_founded_board_has_its_question_the_four_options_and_its_people() {
    let desk = Desk::new();
    assert_eq!(desk.board.info().question, "Go on?");
    let options: Vec<_> = desk
        .board
        .options()
        .map(|option| (option.name.as_str(), option.mark()))
        .collect();
    assert_eq!(
        options,
        [
            ("Continue", Mark::Continue),
            ("Change direction", Mark::Change),
            ("Wind down", Mark::Stop),
            ("Double down", Mark::DoubleDown),
        ]
    );
    assert_eq!(
        desk.board
            .people()
            .map(|person| person.name.as_str())
            .collect::<Vec<_>>(),
        ["Ann", "Bob"]
    );
}
