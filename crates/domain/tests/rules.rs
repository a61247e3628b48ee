//! The rules of a board, by example: what is refused and why, how triggers stand, what a crux lacks,
//! what people hold, and where cruxes stand.

use std::collections::BTreeSet;

use crate::desk::{DAY, DEVICE, Desk, NOW, at_least, full_trigger, judge};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Edited, Payload};
use cruxboard_domain::completeness::{Lack, lacks, trigger_lacks};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError, Issuer, decide, found_board};
use cruxboard_domain::estimate::{estimate, steps};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::limits::{Excess, TEXT_LIMIT, limit_of};
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::undo::{UndoStack, describe};
use cruxboard_domain::view::{
    Facet, Filter, Sort, facet_label, next_date, rank_between, shown, shown_evidence,
    shown_follow_ups,
};
use cruxboard_domain::web_address::WebAddressError;
use cruxboard_domain::{ChangeId, Credence, VagueDate};

fn edited<Id, Edit>(of: Id, set: Edit) -> Edited<Id, Edit> {
    Edited {
        of,
        set,
        reason: String::new(),
    }
}

// What is refused

#[test]
fn what_names_nothing_is_refused() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    for (command, field) in [
        (
            Command::Describe(BoardInfoEdit {
                question: Some(" ".into()),
                ..Default::default()
            }),
            "decision question",
        ),
        (
            Command::AddOption(BoardOptionEdit::default()),
            "name of the option",
        ),
        (
            Command::AddPerson(PersonEdit {
                name: Some("\t".into()),
                ..Default::default()
            }),
            "name",
        ),
        (
            Command::AddCrux {
                crux: CruxEdit::default(),
                triggers: vec![],
            },
            "claim",
        ),
        (
            Command::EditCrux(edited(
                crux,
                CruxEdit {
                    claim: Some(String::new()),
                    ..Default::default()
                },
            )),
            "claim",
        ),
        (
            Command::SplitCrux {
                crux,
                keep: String::new(),
                part: CruxEdit::default(),
            },
            "claim that stays",
        ),
        (
            Command::SplitCrux {
                crux,
                keep: "It".into(),
                part: CruxEdit::default(),
            },
            "claim that is split off",
        ),
        (
            Command::AddTrigger(TriggerEdit {
                crux: Some(crux),
                ..Default::default()
            }),
            "observable",
        ),
        (
            Command::FileEvidence {
                evidence: EvidenceEdit::default(),
                bears_on: vec![],
                moves: vec![],
            },
            "text or quote",
        ),
        (
            Command::RecordPosition(PositionEdit {
                crux: Some(crux),
                ..Default::default()
            }),
            "name of who holds it",
        ),
        (Command::AddFollowUp(FollowUpEdit::default()), "description"),
        (Command::DefineTerm(TermEdit::default()), "term"),
    ] {
        assert_eq!(desk.refuses(command), CommandError::Empty(field));
    }
    assert!(desk.board.trigger(trigger).is_some());
    let mut clock = Clock::new(Replica::default());
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut clock,
    };
    assert_eq!(
        found_board(" ", &[], &mut issuer),
        Err(CommandError::Empty("decision question"))
    );
}

#[test]
fn a_quote_alone_is_enough_to_file_evidence() {
    let mut desk = Desk::new();
    let quote = EvidenceEdit {
        quote: Some("“So it is.”".into()),
        ..EvidenceEdit::default()
    };
    desk.does(Command::FileEvidence {
        evidence: quote,
        bears_on: vec![],
        moves: vec![],
    });
    assert_eq!(
        desk.board.all_evidence().next().unwrap().headline(),
        "“So it is.”"
    );
}

#[test]
fn what_is_about_something_that_is_not_on_the_board_is_refused() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let evidence = desk.files("Seen", &[]);
    let nowhere = ChangeId::new(7, 7, Replica::new(7, 7));
    let gone = CruxId(nowhere);
    let bears_on = BearsOn {
        direction: Direction::For,
        strength: Strength::Slight,
    };
    let item = || EvidenceEdit {
        text: Some("Seen".into()),
        ..EvidenceEdit::default()
    };
    let moved = |desk: &Desk, crux| desk.moved(crux, "Ann", 50.0);
    let stranger = |desk: &Desk| cruxboard_domain::decide::Move {
        person: PersonId(nowhere),
        ..moved(desk, crux)
    };
    for (command, noun) in [
        (
            Command::EditOption(edited(OptionId(nowhere), BoardOptionEdit::default())),
            "option",
        ),
        (
            Command::EditPerson(edited(PersonId(nowhere), PersonEdit::default())),
            "person",
        ),
        (Command::EditCrux(edited(gone, CruxEdit::default())), "crux"),
        (
            Command::MoveCrux {
                crux: gone,
                after: None,
            },
            "crux",
        ),
        (
            Command::MoveCrux {
                crux,
                after: Some(gone),
            },
            "crux",
        ),
        (
            Command::SplitCrux {
                crux: gone,
                keep: "a".into(),
                part: CruxEdit::default(),
            },
            "crux",
        ),
        (
            Command::AddTrigger(TriggerEdit {
                crux: None,
                ..full_trigger(crux)
            }),
            "crux",
        ),
        (Command::AddTrigger(full_trigger(gone)), "crux"),
        (
            Command::EditTrigger(edited(TriggerId(nowhere), TriggerEdit::default())),
            "trigger",
        ),
        (judge(TriggerId(nowhere), Verdict::Met, "so"), "trigger"),
        (
            Command::FileEvidence {
                evidence: item(),
                bears_on: vec![(gone, bears_on)],
                moves: vec![],
            },
            "crux",
        ),
        (
            Command::FileEvidence {
                evidence: item(),
                bears_on: vec![],
                moves: vec![moved(&desk, gone)],
            },
            "crux",
        ),
        (
            Command::EditEvidence(edited(EvidenceId(nowhere), EvidenceEdit::default())),
            "item of evidence",
        ),
        (
            Command::WeighEvidence {
                evidence: EvidenceId(nowhere),
                crux,
                bears_on: None,
            },
            "item of evidence",
        ),
        (
            Command::WeighEvidence {
                evidence,
                crux: gone,
                bears_on: None,
            },
            "crux",
        ),
        (
            Command::StateCredence {
                moved: moved(&desk, gone),
                evidence: vec![],
            },
            "crux",
        ),
        (
            Command::StateCredence {
                moved: stranger(&desk),
                evidence: vec![],
            },
            "person",
        ),
        (
            Command::Explain {
                statement: StatementId(nowhere),
                reason: "a".into(),
                evidence: vec![],
            },
            "credence",
        ),
        (
            Command::EditPosition(edited(PositionId(nowhere), PositionEdit::default())),
            "position",
        ),
        (
            Command::EditFollowUp(edited(FollowUpId(nowhere), FollowUpEdit::default())),
            "follow-up",
        ),
        (
            Command::EditTerm(edited(TermId(nowhere), TermEdit::default())),
            "term",
        ),
    ] {
        let asked = format!("{command:?}");
        assert_eq!(desk.refuses(command), CommandError::Gone(noun), "{asked}");
    }
}

#[test]
fn what_would_change_nothing_is_refused() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let evidence = desk.files("Seen", &[(crux, Direction::For)]);
    let statement = desk.states(crux, "Ann", 50.0);
    let bears_on = Some(BearsOn {
        direction: Direction::For,
        strength: Strength::Moderate,
    });
    for command in [
        Command::Describe(BoardInfoEdit::default()),
        Command::EditCrux(edited(crux, CruxEdit::default())),
        Command::MoveCrux {
            crux,
            after: Some(crux),
        },
        Command::MoveCrux { crux, after: None },
        Command::WeighEvidence {
            evidence,
            crux,
            bears_on,
        },
        Command::Explain {
            statement,
            reason: String::new(),
            evidence: vec![],
        },
        Command::Trash(ChangeId::new(7, 7, Replica::default())),
        Command::Restore(ChangeId::MIN),
        Command::Retract(vec![]),
        Command::Redact(vec![]),
    ] {
        let asked = format!("{command:?}");
        assert_eq!(desk.refuses(command), CommandError::NothingToDo, "{asked}");
    }
}

#[test]
fn a_text_over_the_limit_is_refused_with_its_length_whichever_field_it_is_in() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let fits = "é".repeat(TEXT_LIMIT);
    let long = "é".repeat(TEXT_LIMIT + 1);
    desk.edits_crux(
        crux,
        CruxEdit {
            implication: Some(fits.clone()),
            ..CruxEdit::default()
        },
    );
    let rivals = vec![Rival {
        text: "luck".into(),
        weight: long.clone(),
    }];
    for (command, field, limit) in [
        (
            Command::EditCrux(edited(
                crux,
                CruxEdit {
                    implication: Some(long.clone()),
                    ..Default::default()
                },
            )),
            "implication",
            TEXT_LIMIT,
        ),
        (
            Command::EditCrux(edited(
                crux,
                CruxEdit {
                    tags: Some(vec!["é".repeat(limit_of("tags")), long.clone()]),
                    ..Default::default()
                },
            )),
            "tags",
            limit_of("tags"),
        ),
        (
            Command::FileEvidence {
                evidence: EvidenceEdit {
                    text: Some("a".into()),
                    rivals: Some(rivals),
                    ..Default::default()
                },
                bears_on: vec![],
                moves: vec![],
            },
            "weight",
            limit_of("weight"),
        ),
        (
            Command::EditCrux(Edited {
                of: crux,
                set: CruxEdit {
                    title: Some("a".into()),
                    ..Default::default()
                },
                reason: long.clone(),
            }),
            "reason",
            TEXT_LIMIT,
        ),
    ] {
        assert_eq!(
            desk.refuses(command),
            CommandError::TooLong {
                field: field.into(),
                excess: Excess::Length {
                    length: TEXT_LIMIT + 1,
                    limit
                }
            }
        );
    }
    let mut clock = Clock::new(Replica::default());
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut clock,
    };
    assert!(matches!(
        found_board(&long, &[], &mut issuer),
        Err(CommandError::TooLong { .. })
    ));
}

#[test]
fn an_address_that_would_run_something_is_refused() {
    let mut desk = Desk::new();
    let evidence = desk.files("Seen", &[]);
    let follow_up = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("a".into()),
        ..Default::default()
    })));
    let url = || Some("javascript:alert(1)".to_owned());
    for command in [
        Command::FileEvidence {
            evidence: EvidenceEdit {
                text: Some("a".into()),
                url: url(),
                ..Default::default()
            },
            bears_on: vec![],
            moves: vec![],
        },
        Command::EditEvidence(edited(
            evidence,
            EvidenceEdit {
                url: url(),
                ..Default::default()
            },
        )),
        Command::AddFollowUp(FollowUpEdit {
            what: Some("a".into()),
            url: url(),
            ..Default::default()
        }),
        Command::EditFollowUp(edited(
            follow_up,
            FollowUpEdit {
                url: url(),
                ..Default::default()
            },
        )),
    ] {
        assert_eq!(
            desk.refuses(command),
            CommandError::Address(WebAddressError::Scheme)
        );
    }
}

#[test]
fn judging_retiring_and_moving_goalposts_ask_for_a_reason() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    assert_eq!(
        desk.refuses(judge(trigger, Verdict::Met, " ")),
        CommandError::JudgementNeedsReason
    );

    let retire = |reason: &str| {
        Command::EditCrux(edited(
            crux,
            CruxEdit {
                stage: Some(Some(Stage::Retired)),
                stage_reason: Some(reason.into()),
                ..CruxEdit::default()
            },
        ))
    };
    assert_eq!(desk.refuses(retire(" ")), CommandError::StageNeedsReason);
    desk.does(retire("overtaken"));
    // Nor can it be taken away afterwards.
    assert_eq!(desk.refuses(retire("")), CommandError::StageNeedsReason);
    // What is retired already may be edited, and opening it again needs no reason.
    desk.edits_crux(
        crux,
        CruxEdit {
            title: Some("Old".into()),
            ..CruxEdit::default()
        },
    );
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(Stage::Open)),
            ..CruxEdit::default()
        },
    );

    for set in [
        TriggerEdit {
            threshold: Some("thrice".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            observable: Some("it is heard".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            by_date: Some(None),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            rule: Some(Some(at_least(70.0, 0))),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            quorum: Some(Some(1)),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            toward: Some(Some(desk.option("Continue"))),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            judge: Some("Bob".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            source: Some("elsewhere".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            action: Some("nothing".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            threshold: Some("thrice".into()),
            armed: Some(false),
            ..TriggerEdit::default()
        },
    ] {
        assert_eq!(
            desk.edits_trigger(trigger, set, ""),
            Err(CommandError::GoalpostNeedsReason)
        );
    }
    // What does not move what it asks for needs none.
    for set in [
        TriggerEdit {
            review_on: Some("2027-01-15".parse().ok()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            threshold: Some("twice".into()),
            ..TriggerEdit::default()
        },
    ] {
        assert!(desk.edits_trigger(trigger, set, "").is_ok());
    }
}

#[test]
fn nobody_judges_without_saying_who_they_are() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut desk.clock,
    };
    let judged = decide(
        &desk.board,
        judge(trigger, Verdict::Met, "seen"),
        &mut issuer,
    );
    assert_eq!(judged, Err(CommandError::JudgementNeedsPerson));
}

#[test]
fn a_trigger_can_be_added_before_it_is_known_what_would_be_seen() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = TriggerEdit {
        observable: None,
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(trigger)));
    let added = desk.board.trigger(trigger).unwrap();
    assert_eq!(added.headline(), "twice");
    let lacks: Vec<_> = trigger_lacks(added);
    assert_eq!(lacks, [Lack::Observable]);
}

#[test]
fn a_credence_trigger_takes_no_verdict_but_void_and_open() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 0));
    for verdict in [
        Verdict::Near,
        Verdict::Met,
        Verdict::NotMet,
        Verdict::Disputed,
    ] {
        assert_eq!(
            desk.refuses(judge(trigger, verdict, "so")),
            CommandError::Computed
        );
    }
    desk.judges(trigger, Verdict::Void);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Void);
    desk.judges(trigger, Verdict::Open);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Armed);
}

#[test]
fn who_has_said_nothing_has_nothing_to_reaffirm() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Bob", 50.0);
    let person = desk.person("Ann");
    assert_eq!(
        desk.refuses(Command::Reaffirm { crux, person }),
        CommandError::NothingToReaffirm
    );
}

#[test]
fn what_is_refused_halfway_leaves_nothing_behind() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let command = Command::FileEvidence {
        evidence: EvidenceEdit {
            text: Some("a".into()),
            ..EvidenceEdit::default()
        },
        bears_on: vec![],
        moves: vec![
            desk.moved(crux, "Ann", 50.0),
            desk.moved(CruxId(ChangeId::MIN), "Ann", 50.0),
        ],
    };
    assert_eq!(desk.refuses(command), CommandError::Gone("crux"));
}

// What one action is

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

// Triggers

#[test]
fn an_event_trigger_stands_as_it_was_judged_last() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let draft = TriggerId(desk.does(Command::AddTrigger(draft)));
    assert_eq!(
        desk.refuses(judge(draft, Verdict::Met, "so it is")),
        CommandError::DraftJudged
    );
    let trigger = desk.adds_trigger(crux, "Wind down");
    let (before, on, after) = ("2026-11-23", "2027-06-30", "2027-07-01");
    for (trigger, verdict, states) in [
        (draft, None, [TriggerState::Draft; 3]),
        (
            trigger,
            None,
            [
                TriggerState::Armed,
                TriggerState::Armed,
                TriggerState::Undecided,
            ],
        ),
        // Nearly is not met, and a passed date speaks for no side.
        (
            trigger,
            Some(Verdict::Near),
            [
                TriggerState::Near,
                TriggerState::Near,
                TriggerState::Undecided,
            ],
        ),
        (trigger, Some(Verdict::Met), [TriggerState::Met; 3]),
        (
            trigger,
            Some(Verdict::Disputed),
            [TriggerState::Disputed; 3],
        ),
        (trigger, Some(Verdict::NotMet), [TriggerState::NotMet; 3]),
        (trigger, Some(Verdict::Void), [TriggerState::Void; 3]),
        (
            trigger,
            Some(Verdict::Open),
            [
                TriggerState::Armed,
                TriggerState::Armed,
                TriggerState::Undecided,
            ],
        ),
    ] {
        if let Some(verdict) = verdict {
            desk.judges(trigger, verdict);
        }
        assert_eq!(
            [before, on, after].map(|day| desk.state_on(trigger, day)),
            states,
            "{verdict:?}"
        );
    }
    assert_eq!(desk.board.trigger(trigger).unwrap().judgements.len(), 6);
}

#[test]
fn a_crux_is_found_by_each_state_that_one_of_its_triggers_is_in() {
    let mut desk = Desk::new();
    let mut found = Vec::new();
    for (state, verdict) in [
        (TriggerState::Draft, None),
        (TriggerState::Armed, None),
        (TriggerState::Near, Some(Verdict::Near)),
        (TriggerState::Met, Some(Verdict::Met)),
        (TriggerState::NotMet, Some(Verdict::NotMet)),
        (TriggerState::Undecided, None),
        (TriggerState::Void, Some(Verdict::Void)),
        (TriggerState::Disputed, Some(Verdict::Disputed)),
    ] {
        let crux = desk.adds_crux(state.label());
        let trigger = TriggerEdit {
            armed: Some(state != TriggerState::Draft),
            // The desk is set to 23 November: the day before has passed.
            by_date: (state == TriggerState::Undecided).then(|| "2026-11-22".parse().ok()),
            ..full_trigger(crux)
        };
        let trigger = TriggerId(desk.does(Command::AddTrigger(trigger)));
        if let Some(verdict) = verdict {
            desk.judges(trigger, verdict);
        }
        found.push((state, crux));
    }
    assert_eq!(found.len(), TriggerState::ALL.len());
    for (state, crux) in found {
        let mut filter = Filter::default();
        filter.toggle(cruxboard_domain::view::Facet::Trigger, state.key());
        let shown = shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true);
        assert_eq!(shown, [crux], "{}", state.label());
    }
}

#[test]
fn a_trigger_without_a_date_never_passes_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = TriggerEdit {
        by_date: None,
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(trigger)));
    assert_eq!(desk.state_on(trigger, "2999-01-01"), TriggerState::Armed);
}

#[test]
fn what_is_undecided_stays_open_until_somebody_voids_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Continue");
    let after = "2028-01-01";
    assert!(desk.state_on(trigger, after).is_open());
    let today: chrono::NaiveDate = after.parse().unwrap();
    let next = |desk: &Desk| next_date(&desk.board, desk.board.crux(crux).unwrap(), today);
    assert_eq!(
        next(&desk),
        Some(("2027-06-30".parse().unwrap(), "by-date"))
    );
    desk.judges(trigger, Verdict::Void);
    assert!(!desk.state_on(trigger, after).is_open());
    assert_eq!(next(&desk), None);
}

#[test]
fn a_credence_trigger_without_reviews_follows_the_numbers_at_once() {
    for (measure, comparison, value, credences, state) in [
        (
            Measure::Aggregate,
            Comparison::AtLeast,
            70.0,
            [70.0, 70.0],
            TriggerState::Met,
        ),
        (
            Measure::Aggregate,
            Comparison::AtLeast,
            70.0,
            [65.0, 65.0],
            TriggerState::Near,
        ),
        (
            Measure::Aggregate,
            Comparison::AtLeast,
            70.0,
            [64.99, 64.99],
            TriggerState::Armed,
        ),
        // Where a low credence is the stopping side.
        (
            Measure::Aggregate,
            Comparison::AtMost,
            30.0,
            [30.0, 30.0],
            TriggerState::Met,
        ),
        (
            Measure::Aggregate,
            Comparison::AtMost,
            30.0,
            [35.0, 35.0],
            TriggerState::Near,
        ),
        (
            Measure::Aggregate,
            Comparison::AtMost,
            30.0,
            [90.0, 90.0],
            TriggerState::Armed,
        ),
        (
            Measure::Spread,
            Comparison::AtLeast,
            40.0,
            [30.0, 70.0],
            TriggerState::Met,
        ),
        (
            Measure::Spread,
            Comparison::AtLeast,
            40.0,
            [30.0, 65.0],
            TriggerState::Near,
        ),
        (
            Measure::Spread,
            Comparison::AtLeast,
            40.0,
            [30.0, 30.0],
            TriggerState::Armed,
        ),
        (
            Measure::Spread,
            Comparison::AtMost,
            10.0,
            [30.0, 30.0],
            TriggerState::Met,
        ),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let rule = CredenceRule {
            measure,
            comparison,
            value: Credence::clamped(value),
            reviews: 0,
        };
        let trigger = desk.adds_rule(crux, rule);
        assert_eq!(
            desk.state_on(trigger, "2026-11-23"),
            TriggerState::Armed,
            "nobody has said anything"
        );
        desk.states(crux, "Ann", credences[0]);
        desk.states(crux, "Bob", credences[1]);
        assert_eq!(
            desk.state_on(trigger, "2026-11-23"),
            state,
            "{rule} {credences:?}"
        );
    }
}

#[test]
fn two_reviews_running_are_the_last_two_and_both_must_hold() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 2));
    let state = |desk: &Desk| desk.state_on(trigger, "2026-11-23");
    desk.reviews();
    desk.days_pass(1);
    desk.states(crux, "Bob", 80.0);
    desk.states(crux, "Ann", 80.0);
    assert_eq!(
        state(&desk),
        TriggerState::Near,
        "it holds, but no review has seen it"
    );
    desk.days_pass(1);
    desk.reviews();
    assert_eq!(state(&desk), TriggerState::Near, "one review has");
    desk.days_pass(1);
    desk.states(crux, "Ann", 10.0);
    desk.days_pass(1);
    desk.reviews();
    assert_eq!(state(&desk), TriggerState::Armed, "the run is broken");
    desk.days_pass(1);
    desk.states(crux, "Ann", 90.0);
    desk.days_pass(1);
    desk.reviews();
    desk.days_pass(1);
    let last = desk.reviews();
    assert_eq!(state(&desk), TriggerState::Met);
    desk.states(crux, "Ann", 10.0);
    assert_eq!(
        state(&desk),
        TriggerState::Met,
        "a meeting is called, whatever is said since"
    );
    desk.does(Command::Trash(last));
    assert_eq!(
        state(&desk),
        TriggerState::Armed,
        "a review in the trash was none"
    );
}

#[test]
fn a_credence_of_somebody_who_left_no_longer_counts() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 0));
    desk.does(Command::AddPerson(PersonEdit {
        name: Some("Carol".into()),
        ..PersonEdit::default()
    }));
    desk.states(crux, "Ann", 90.0);
    desk.states(crux, "Carol", 90.0);
    desk.states(crux, "Bob", 1.0);
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Armed);
    let bob = desk.person("Bob");
    desk.does(Command::Trash(bob.0));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
}

#[test]
fn a_moved_goalpost_stays_in_sight_with_who_moved_it_and_why() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let ann = desk.person("Ann");
    let set = TriggerEdit {
        threshold: Some("thrice".into()),
        by_date: Some(None),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "twice is chance").unwrap();
    let back = TriggerEdit {
        threshold: Some("twice".into()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, back, "thrice was too much")
        .unwrap();
    let goalposts = &desk.board.trigger(trigger).unwrap().goalposts;
    assert_eq!(goalposts.len(), 2, "moving it back is a move too");
    assert_eq!(
        (goalposts[0].by, goalposts[0].reason.as_str()),
        (Some(ann), "twice is chance")
    );
    assert_eq!(
        goalposts[0].fields,
        [
            ("threshold", "twice".to_owned(), "thrice".to_owned()),
            ("by-date", "2027-06-30".to_owned(), "none".to_owned()),
        ]
    );
}

#[test]
fn disarming_a_trigger_first_hides_no_moved_goalpost() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    for set in [
        TriggerEdit {
            armed: Some(false),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            threshold: Some("thrice".into()),
            ..TriggerEdit::default()
        },
        TriggerEdit {
            armed: Some(true),
            ..TriggerEdit::default()
        },
    ] {
        let moves = set.threshold.is_some();
        if moves {
            let refused = desk.edits_trigger(trigger, set.clone(), "");
            assert_eq!(refused, Err(CommandError::GoalpostNeedsReason));
        }
        let why = if moves { "twice is chance" } else { "" };
        desk.edits_trigger(trigger, set, why).unwrap();
    }
    let goalposts = &desk.board.trigger(trigger).unwrap().goalposts;
    assert_eq!(goalposts.len(), 1);
    assert_eq!(goalposts[0].reason, "twice is chance");

    // Nor does it for one that was a draft first.
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    let edit = |armed, threshold: &str| TriggerEdit {
        armed: Some(armed),
        threshold: Some(threshold.into()),
        ..TriggerEdit::default()
    };
    for set in [
        edit(true, "once"),
        edit(false, "once"),
        edit(false, "never"),
    ] {
        desk.edits_trigger(trigger, set, "so it is").unwrap();
    }
    assert_eq!(desk.board.trigger(trigger).unwrap().goalposts.len(), 1);
}

#[test]
fn a_draft_has_no_goalposts_to_move() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    let set = TriggerEdit {
        threshold: Some("thrice".into()),
        armed: Some(true),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "").unwrap();
    assert!(desk.board.trigger(trigger).unwrap().goalposts.is_empty());
}

#[test]
fn an_earlier_edit_that_arrives_late_is_judged_by_what_stood_at_its_time() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    let late = Change {
        id: desk.clock.tick(desk.now),
        by: None,
        part_of: None,
        payload: Payload::TriggerEdited(Box::new(edited(
            trigger,
            TriggerEdit {
                threshold: Some("once".into()),
                ..Default::default()
            },
        ))),
    };
    desk.edits_trigger(
        trigger,
        TriggerEdit {
            armed: Some(true),
            ..Default::default()
        },
        "",
    )
    .unwrap();
    desk.take(&[late]);
    let trigger = desk.board.trigger(trigger).unwrap();
    assert_eq!(
        (
            trigger.threshold.as_str(),
            trigger.goalposts.len(),
            trigger.armed
        ),
        ("once", 0, true)
    );
}

// Concreteness

/// A crux with nothing lacking.
fn concrete() -> (Desk, CruxId) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so.");
    let set = CruxEdit {
        if_true: Some(Some(desk.option("Wind down"))),
        bearings: Some(vec![Bearing {
            kind: BearingKind::DirectionChange,
            degree: "elsewhere".into(),
        }]),
        basis: Some(Some(Basis::Compared)),
        alternative: Some("nothing".into()),
        owner: Some(Some(desk.person("Ann"))),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, set);
    desk.adds_trigger(crux, "Wind down");
    desk.adds_trigger(crux, "Continue");
    desk.files("Seen", &[(crux, Direction::For)]);
    desk.files("Not seen", &[(crux, Direction::Against)]);
    desk.states(crux, "Ann", 50.0);
    (desk, crux)
}

#[test]
fn a_concrete_crux_lacks_nothing_and_each_lack_shows_when_its_part_is_missing() {
    let (desk, crux) = concrete();
    assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), []);
    let bearing = |degree: &str| {
        vec![Bearing {
            kind: BearingKind::DirectionChange,
            degree: degree.into(),
        }]
    };
    for (set, lack) in [
        (
            CruxEdit {
                claim: Some("It is so, and it is more so.".into()),
                ..Default::default()
            },
            Lack::TwoClaims,
        ),
        (
            CruxEdit {
                claim: Some("Is it so?".into()),
                ..Default::default()
            },
            Lack::Question,
        ),
        (
            CruxEdit {
                if_true: Some(None),
                ..Default::default()
            },
            Lack::Option,
        ),
        (
            CruxEdit {
                if_true: Some(Some(OptionId(ChangeId::MIN))),
                ..Default::default()
            },
            Lack::Option,
        ),
        (
            CruxEdit {
                bearings: Some(vec![]),
                ..Default::default()
            },
            Lack::Bearing,
        ),
        (
            CruxEdit {
                bearings: Some(bearing("")),
                ..Default::default()
            },
            Lack::Direction,
        ),
        (
            CruxEdit {
                alternative: Some(String::new()),
                ..Default::default()
            },
            Lack::Alternative,
        ),
        (
            CruxEdit {
                owner: Some(None),
                ..Default::default()
            },
            Lack::Owner,
        ),
    ] {
        let (mut desk, crux) = concrete();
        desk.edits_crux(crux, set);
        assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), [lack]);
    }
    for (set, lack) in [
        (
            TriggerEdit {
                observable: Some(" ".into()),
                ..Default::default()
            },
            Lack::Observable,
        ),
        (
            TriggerEdit {
                threshold: Some(String::new()),
                ..Default::default()
            },
            Lack::Threshold,
        ),
        (
            TriggerEdit {
                by_date: Some(None),
                ..Default::default()
            },
            Lack::Date,
        ),
        (
            TriggerEdit {
                judge: Some(String::new()),
                ..Default::default()
            },
            Lack::Judge,
        ),
        (
            TriggerEdit {
                action: Some(String::new()),
                ..Default::default()
            },
            Lack::Action,
        ),
        (
            TriggerEdit {
                armed: Some(false),
                ..Default::default()
            },
            Lack::Armed,
        ),
    ] {
        let (mut desk, crux) = concrete();
        let trigger = desk.board.triggers_of(crux).next().unwrap().id;
        desk.edits_trigger(trigger, set, "why not").unwrap();
        assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), [lack]);
        let of_trigger = trigger_lacks(desk.board.trigger(trigger).unwrap());
        assert_eq!(
            of_trigger,
            if lack == Lack::Armed {
                vec![]
            } else {
                vec![lack]
            }
        );
    }
    type Trashed = fn(&Board, CruxId) -> Vec<ChangeId>;
    let of_crux: [(Trashed, Lack); 7] = [
        (
            |board, crux| board.triggers_of(crux).map(|t| t.id.0).collect(),
            Lack::Trigger,
        ),
        (
            |board, crux| board.triggers_of(crux).skip(1).map(|t| t.id.0).collect(),
            Lack::ContinueTrigger,
        ),
        (
            |board, crux| board.triggers_of(crux).take(1).map(|t| t.id.0).collect(),
            Lack::StopTrigger,
        ),
        (
            |board, _| board.all_evidence().map(|e| e.id.0).collect(),
            Lack::Evidence,
        ),
        (
            |board, _| board.all_evidence().skip(1).map(|e| e.id.0).collect(),
            Lack::EvidenceAgainst,
        ),
        (
            |board, _| board.all_evidence().take(1).map(|e| e.id.0).collect(),
            Lack::EvidenceFor,
        ),
        (
            |board, crux| {
                board
                    .statements_on(crux)
                    .into_iter()
                    .map(|s| s.id.0)
                    .collect()
            },
            Lack::Credence,
        ),
    ];
    for (trashed, lack) in of_crux {
        let (mut desk, crux) = concrete();
        for record in trashed(&desk.board, crux) {
            desk.does(Command::Trash(record));
        }
        assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), [lack]);
    }
}

#[test]
fn triggers_have_two_sides_when_they_speak_for_two_ways_to_go() {
    for (toward, lack) in [
        (vec!["Wind down"], Some(Lack::ContinueTrigger)),
        (vec!["Continue"], Some(Lack::StopTrigger)),
        (vec!["Double down", "Continue"], Some(Lack::StopTrigger)),
        (vec!["Change direction"], Some(Lack::StopTrigger)),
        (vec!["Wind down", "Continue"], None),
        (vec!["Wind down", "Change direction"], None),
        (vec!["Change direction", "Continue"], None),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so.");
        for option in &toward {
            desk.adds_trigger(crux, option);
        }
        let mut found = lacks(&desk.board, desk.board.crux(crux).unwrap());
        found.retain(|lack| matches!(lack, Lack::ContinueTrigger | Lack::StopTrigger));
        assert_eq!(found.first().copied(), lack, "{toward:?}");
    }
}

#[test]
fn an_option_in_the_trash_is_as_good_as_none() {
    let (mut desk, crux) = concrete();
    let option = desk.option("Wind down");
    desk.does(Command::Trash(option.0));
    let found = lacks(&desk.board, desk.board.crux(crux).unwrap());
    assert!(found.contains(&Lack::Option), "{found:?}");
}

#[test]
fn a_crux_that_only_has_a_credence_trigger_lacks_an_event_and_a_claim_can_only_be_lacking_in_a_file()
 {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 2));
    let found = lacks(&desk.board, desk.board.crux(crux).unwrap());
    assert!(found.contains(&Lack::Trigger) && !found.contains(&Lack::Threshold));
    assert_eq!(trigger_lacks(desk.board.trigger(trigger).unwrap()), []);
    let bare = Change {
        id: desk.clock.tick(NOW),
        by: None,
        part_of: None,
        payload: Payload::CruxAdded(Box::default()),
    };
    desk.take(std::slice::from_ref(&bare));
    assert_eq!(
        lacks(&desk.board, desk.board.crux(CruxId(bare.id)).unwrap())[0],
        Lack::Claim
    );
}

// What people hold

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
    let aggregate = |with_stale| estimate(&views, with_stale).unwrap().aggregate.percent();
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

// Order

fn order(desk: &Desk) -> String {
    desk.board
        .cruxes()
        .iter()
        .map(|crux| crux.claim.as_str())
        .collect()
}

#[test]
fn a_crux_can_be_put_anywhere_and_back_again() {
    let mut desk = Desk::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|claim| desk.adds_crux(claim));
    for (crux, after, expected) in [
        (d, None, "dabc"),
        (d, Some(c), "abcd"),
        (a, Some(b), "bacd"),
        (c, Some(b), "bcad"),
        (b, Some(d), "cadb"),
        (b, None, "bcad"),
    ] {
        desk.does(Command::MoveCrux { crux, after });
        assert_eq!(order(&desk), expected);
    }
    let targets = desk.undo.next_undo().unwrap().to_vec();
    desk.does(Command::Retract(targets));
    assert_eq!(order(&desk), "cadb");
    assert_eq!(
        desk.refuses(Command::MoveCrux {
            crux: a,
            after: Some(c)
        }),
        CommandError::NothingToDo
    );
}

/// Three cruxes that were added at the same moment on devices that did not know of each other.
fn of_one_rank() -> (Desk, Vec<CruxId>) {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    for (claim, rank) in [("a", "n"), ("b", "n"), ("c", "n"), ("d", "t")] {
        let crux = CruxEdit {
            claim: Some(claim.into()),
            rank: Some(rank.into()),
            ..CruxEdit::default()
        };
        ids.push(CruxId(desk.does(Command::AddCrux {
            crux,
            triggers: vec![],
        })));
    }
    (desk, ids)
}

#[test]
fn cruxes_of_one_rank_are_passed_as_a_group() {
    let (mut desk, ids) = of_one_rank();
    desk.does(Command::MoveCrux {
        crux: ids[3],
        after: Some(ids[0]),
    });
    assert_eq!(order(&desk), "abcd");
    desk.does(Command::MoveCrux {
        crux: ids[1],
        after: None,
    });
    assert_eq!(order(&desk), "bacd");
}

#[test]
fn a_part_split_off_a_crux_stays_before_what_follows_it() {
    let (mut desk, ids) = of_one_rank();
    let part = CruxEdit {
        claim: Some("x".into()),
        ..CruxEdit::default()
    };
    desk.does(Command::SplitCrux {
        crux: ids[0],
        keep: "a".into(),
        part,
    });
    assert_eq!(
        order(&desk),
        "abcxd",
        "behind the group, but before the rest"
    );
}

#[test]
fn a_split_keeps_both_halves_linked_and_says_that_the_claim_was_narrowed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so, and it is more so");
    desk.adds_crux("next");
    let part = CruxEdit {
        claim: Some("It is more so".into()),
        ..CruxEdit::default()
    };
    let changes = desk
        .try_do(Command::SplitCrux {
            crux,
            keep: "It is so".into(),
            part,
        })
        .unwrap();
    assert_eq!(changes.len(), 2);
    let claims: Vec<&str> = desk
        .board
        .cruxes()
        .iter()
        .map(|crux| crux.claim.as_str())
        .collect();
    assert_eq!(claims, ["It is so", "It is more so", "next"]);
    let part = desk.board.parts_of(crux).next().unwrap();
    assert_eq!(part.split_from, Some(crux));
    // Each change of the claim is history.
    assert_eq!(desk.board.history(crux.0).count(), 2);
    desk.does(Command::Retract(
        changes.iter().map(|change| change.id).collect(),
    ));
    assert_eq!(desk.board.parts_of(crux).count(), 0);
    assert_eq!(
        desk.board.crux(crux).unwrap().claim,
        "It is so, and it is more so"
    );
    let history: Vec<bool> = desk
        .board
        .history(crux.0)
        .map(|(_, counts)| counts)
        .collect();
    assert_eq!(history, [true, false]);
}

#[test]
fn an_order_by_something_falls_back_on_the_boards_own() {
    let mut desk = Desk::new();
    let [a, b, c] = ["a", "b", "c"].map(|claim| desk.adds_crux(claim));
    let ordered = |desk: &Desk, sort| {
        let shown = shown(
            &desk.board,
            &Filter::default(),
            sort,
            Now::utc(desk.now),
            true,
        );
        shown
            .iter()
            .map(|id| desk.board.crux(*id).unwrap().claim.as_str())
            .collect::<String>()
    };
    for sort in Sort::ALL {
        assert_eq!(ordered(&desk, *sort), "abc", "{sort:?}");
    }
    desk.edits_crux(
        c,
        CruxEdit {
            importance: Some(Some(Importance::Low)),
            ..CruxEdit::default()
        },
    );
    desk.edits_crux(
        b,
        CruxEdit {
            importance: Some(Some(Importance::Critical)),
            ..CruxEdit::default()
        },
    );
    assert_eq!(
        ordered(&desk, Sort::Importance),
        "bca",
        "what nobody has weighed comes last"
    );
    desk.states(b, "Ann", 50.0);
    desk.states(c, "Ann", 10.0);
    desk.states(c, "Bob", 50.0);
    assert_eq!(
        ordered(&desk, Sort::Disagreement),
        "cab",
        "one person cannot disagree"
    );
    desk.days_pass(1);
    desk.states(a, "Ann", 50.0);
    assert_eq!(ordered(&desk, Sort::Moved), "acb");
    desk.edits_crux(
        b,
        CruxEdit {
            review_on: Some("2027-01-15".parse().ok()),
            ..CruxEdit::default()
        },
    );
    desk.adds_trigger(c, "Wind down");
    assert_eq!(ordered(&desk, Sort::Due), "bca");
}

#[test]
fn the_smallest_disagreement_orders_and_the_end_of_time_is_no_obstacle() {
    let mut desk = Desk::new();
    let cruxes = ["a", "b", "c"].map(|claim| desk.adds_crux(claim));
    for (crux, percent) in cruxes.into_iter().zip([24.98, 24.99, 25.0]) {
        desk.states(crux, "Ann", 0.0);
        desk.states(crux, "Bob", percent);
    }
    let [a, b, c] = cruxes;
    let ordered = |desk: &Desk, sort| {
        shown(
            &desk.board,
            &Filter::default(),
            sort,
            Now::utc(desk.now),
            true,
        )
    };
    assert_eq!(ordered(&desk, Sort::Disagreement), [c, b, a]);
    let stated = cruxboard_domain::change::CredenceStated {
        crux: a,
        reason_salt: String::new(),
        person: desk.person("Ann"),
        credence: Credence::HALF,
        reason: String::new(),
        evidence: vec![],
        reaffirms: false,
        at: Some(u64::MAX),
        wall_clock: None,
    };
    let late = Change {
        id: desk.clock.tick(NOW),
        by: None,
        part_of: None,
        payload: Payload::CredenceStated(Box::new(stated)),
    };
    desk.take(&[late]);
    assert_eq!(ordered(&desk, Sort::Moved), [a, c, b]);
}

#[test]
fn a_crux_without_any_evidence_is_not_one_sided() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let one_sided = |desk: &Desk| summary(&desk.board, Now::utc(NOW), true).one_sided;
    assert_eq!(one_sided(&desk), 0);
    desk.files("Seen", &[(crux, Direction::For)]);
    assert_eq!(one_sided(&desk), 1);
    desk.files("Not seen", &[(crux, Direction::Against)]);
    assert_eq!(one_sided(&desk), 0);
}

#[test]
fn the_next_date_is_the_earliest_that_still_waits() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let next = |desk: &Desk| {
        let next = next_date(
            &desk.board,
            desk.board.crux(crux).unwrap(),
            "2026-11-23".parse::<chrono::NaiveDate>().unwrap(),
        );
        next.map(|(day, what)| (day.to_string(), what))
    };
    let set = |date: &str, what| Some((date.to_owned(), what));
    assert_eq!(next(&desk), None);
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    desk.does(Command::AddTrigger(draft));
    assert_eq!(next(&desk), None, "nobody waits for a draft");
    let trigger = desk.adds_trigger(crux, "Wind down");
    assert_eq!(next(&desk), set("2027-06-30", "by-date"));
    desk.edits_crux(
        crux,
        CruxEdit {
            review_on: Some("2027-05-01".parse().ok()),
            ..CruxEdit::default()
        },
    );
    assert_eq!(next(&desk), set("2027-05-01", "review"));
    let soon = TriggerEdit {
        review_on: Some("2027-01-15".parse().ok()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, soon, "").unwrap();
    assert_eq!(next(&desk), set("2027-01-15", "trigger review"));
    for verdict in [Verdict::Met, Verdict::NotMet, Verdict::Void] {
        desk.judges(trigger, verdict);
        assert_eq!(next(&desk), set("2027-05-01", "review"), "{verdict:?}");
    }
    desk.judges(trigger, Verdict::Near);
    assert_eq!(next(&desk), set("2027-01-15", "trigger review"));
}

#[test]
fn a_facet_with_nothing_chosen_hides_nothing() {
    let mut desk = Desk::new();
    desk.adds_crux("a");
    let mut filter = Filter::default();
    filter
        .chosen
        .entry(cruxboard_domain::view::Facet::Tag)
        .or_default();
    assert!(filter.is_empty());
    filter.search = "a".into();
    assert_eq!(
        shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true).len(),
        1
    );
}

#[test]
fn items_of_one_origin_are_found_whichever_of_them_says_so() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is more so");
    let on = |crux| [(crux, Direction::For)];
    let first = desk.files("Seen", &on(crux));
    let second = desk.files("Seen again", &on(crux));
    let third = desk.files("Seen elsewhere", &on(other));
    let same = |desk: &mut Desk, item, as_item| {
        desk.does(Command::EditEvidence(edited(
            item,
            EvidenceEdit {
                same_origin_as: Some(vec![as_item]),
                ..EvidenceEdit::default()
            },
        )));
    };
    let sharing = |desk: &Desk| desk.board.sharing_origin();
    // Each with an item that does not bear on the crux: nothing counts twice there.
    same(&mut desk, first, third);
    assert_eq!(desk.board.of_one_origin(crux), 0);
    assert_eq!(sharing(&desk), BTreeSet::from([first, third]));
    // Both of the same third.
    same(&mut desk, second, third);
    assert_eq!(desk.board.of_one_origin(crux), 2);
    // The later names the earlier, and the earlier nothing.
    desk.undoes();
    same(&mut desk, second, first);
    assert_eq!(desk.board.of_one_origin(crux), 2);
    let filter = |value: &str| {
        let mut filter = Filter::default();
        filter.toggle(Facet::Has, value);
        filter
    };
    let now = Now::utc(NOW);
    let shown = shown(&desk.board, &filter("same-origin"), Sort::Own, now, true);
    assert_eq!(shown, [crux]);
    assert_eq!(
        shown_evidence(&desk.board, &filter("same-origin")),
        [third, second, first]
    );
    desk.does(Command::Trash(third.0));
    assert_eq!(sharing(&desk), BTreeSet::from([first, second]));
}

#[test]
fn evidence_and_follow_ups_are_found_by_what_was_recorded_of_them() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let plain = desk.files("Seen", &[(crux, Direction::For)]);
    let item = EvidenceId(desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            quote: Some("It was".into()),
            message: Some("A-7".into()),
            source: Some("Commenter A".into()),
            kind: Some(Some(Kind::Study)),
            reliability: Some(Some(Reliability::Low)),
            visibility: Some(Some(Visibility::Private)),
            origin: Some(Some(Origin::Own)),
            passed_on_by: Some(vec!["Colleague 1".into()]),
            seen_by: Some(vec!["Ann".into()]),
            not_in_hand: Some(true),
            already_read: Some(true),
            event_date: Some(VagueDate::Year(2025)),
            tags: Some(vec!["prior".into()]),
            ..EvidenceEdit::default()
        },
        bears_on: Vec::new(),
        moves: Vec::new(),
    }));
    let shown = |desk: &Desk, facet, value: &str| {
        let mut filter = Filter::default();
        filter.toggle(facet, value);
        shown_evidence(&desk.board, &filter)
    };
    for (facet, value) in [
        (Facet::Kind, "study"),
        (Facet::Reliability, "low"),
        (Facet::Visibility, "private"),
        (Facet::Source, "Commenter A"),
        (Facet::Origin, "own"),
        (Facet::Tag, "prior"),
        (Facet::Has, "second-hand"),
        (Facet::Has, "seen-by"),
        (Facet::Has, "not-in-hand"),
        (Facet::Has, "already-read"),
        (Facet::Has, "idle"),
    ] {
        assert_eq!(shown(&desk, facet, value), [item], "{facet:?} {value}");
        assert_ne!(facet_label(&desk.board, facet, value), "");
    }
    assert_eq!(shown(&desk, Facet::Has, "undated"), [plain]);
    for words in ["a-7", "colleague 1", "prior was", "ANN"] {
        let filter = Filter {
            search: words.into(),
            ..Filter::default()
        };
        assert_eq!(shown_evidence(&desk.board, &filter), [item], "{words}");
    }

    let owed = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Answer the first point".into()),
        kind: Some(Some(FollowUpKind::Reply)),
        owner: Some("Ann".into()),
        whom: Some("Commenter A".into()),
        crux: Some(Some(crux)),
        ..FollowUpEdit::default()
    })));
    let loose = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Read it".into()),
        state: Some(Some(FollowUpState::Optional)),
        ..FollowUpEdit::default()
    })));
    let shown = |facet, value: &str| {
        let mut filter = Filter::default();
        filter.toggle(facet, value);
        shown_follow_ups(&desk.board, &filter)
    };
    for (facet, value, expected) in [
        (Facet::FollowUpKind, "reply", owed),
        (Facet::Who, "Ann", owed),
        (Facet::Whom, "Commenter A", owed),
        (Facet::FollowUp, "owed", owed),
        (Facet::FollowUp, "optional", loose),
        (Facet::Has, "no-crux", loose),
    ] {
        assert_eq!(shown(facet, value), [expected], "{facet:?} {value}");
    }
}

#[test]
fn a_crux_is_found_by_any_text_of_its_own_and_of_what_hangs_on_it() {
    let mut desk = Desk::new();
    desk.adds_crux("Something else");
    let crux = desk.adds_crux("It is so");
    // Each text holds a word of its own.
    let mut words = Vec::new();
    let mut text = || {
        words.push(format!("w{}x", words.len()));
        words.last().cloned()
    };
    desk.edits_crux(
        crux,
        CruxEdit {
            title: text(),
            claim: text(),
            if_true_note: text(),
            stage_reason: text(),
            tags: text().map(|it| vec![it]),
            bearings: text().map(|degree| {
                let kind = BearingKind::NetNegative;
                vec![Bearing { kind, degree }]
            }),
            scope_note: text(),
            wider_class: text(),
            alternative: text(),
            hits_alternative: text(),
            due_to: text(),
            conditions: text().map(|it| vec![it]),
            hedge: text(),
            sourced_from: text(),
            one_liner: text(),
            implication: text(),
            mitigations: text()
                .zip(text())
                .map(|(what, cost)| vec![Mitigation { what, cost }]),
            test_cost: text(),
            note: text(),
            ..CruxEdit::default()
        },
    );
    desk.does(Command::AddTrigger(TriggerEdit {
        crux: Some(crux),
        observable: text(),
        source: text(),
        threshold: text(),
        judge: text(),
        action: text(),
        ..TriggerEdit::default()
    }));
    desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            text: text(),
            quote: text(),
            url: text().map(|it| format!("https://{it}.example")),
            source: text(),
            message: text(),
            passed_on_by: text().map(|it| vec![it]),
            seen_by: text().map(|it| vec![it]),
            exceptions: text().map(|it| vec![it]),
            tags: text().map(|it| vec![it]),
            rivals: text().map(|text| {
                let weight = String::new();
                vec![Rival { text, weight }]
            }),
            ..EvidenceEdit::default()
        },
        bears_on: vec![(
            crux,
            BearsOn {
                direction: Direction::For,
                strength: Strength::Slight,
            },
        )],
        moves: Vec::new(),
    });
    desk.does(Command::RecordPosition(PositionEdit {
        crux: Some(crux),
        holder: text(),
        message: text(),
        quote: text(),
        hedge: text(),
        note: text(),
        ..PositionEdit::default()
    }));
    desk.does(Command::AddFollowUp(FollowUpEdit {
        crux: Some(Some(crux)),
        what: text(),
        owner: text(),
        whom: text(),
        outcome: text(),
        ..FollowUpEdit::default()
    }));
    assert!(words.len() > 40);
    for word in words {
        let filter = Filter {
            search: word.clone(),
            ..Filter::default()
        };
        let found = shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true);
        assert_eq!(found, [crux], "{word}");
    }
}

#[test]
fn what_the_red_team_has_not_looked_at_yet_is_a_filter_where_there_is_one() {
    let mut desk = Desk::new();
    let first = desk.adds_crux("It is so");
    let second = desk.adds_crux("It is more so");
    desk.states(first, "Ann", 10.0);
    desk.states(second, "Bob", 90.0);
    let with = |desk: &Desk, key: &str| {
        let mut filter = Filter::default();
        filter.toggle(Facet::Has, key);
        shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true)
    };
    assert_eq!(with(&desk, "no-red-team"), [], "nobody is on one");
    let ann = desk.person("Ann");
    desk.does(Command::EditPerson(edited(
        ann,
        PersonEdit {
            red_team: Some(true),
            ..PersonEdit::default()
        },
    )));
    assert_eq!(with(&desk, "red-team"), [first]);
    assert_eq!(with(&desk, "no-red-team"), [second]);
}

#[test]
fn standing_by_a_view_is_no_move_and_the_switch_for_stale_ones_decides_what_a_spread_is() {
    let mut desk = Desk::new();
    let first = desk.adds_crux("It is so");
    let second = desk.adds_crux("It is more so");
    desk.states(first, "Ann", 10.0);
    desk.states(first, "Bob", 90.0);
    desk.days_pass(100);
    desk.states(first, "Bob", 80.0);
    desk.states(second, "Ann", 40.0);
    desk.states(second, "Bob", 60.0);
    let order = |desk: &Desk, sort, with_stale| {
        let now = Now::utc(desk.now);
        shown(&desk.board, &Filter::default(), sort, now, with_stale)
    };
    assert_eq!(order(&desk, Sort::Disagreement, true), [first, second]);
    // Ann's old word on the first one is left out: nobody disagrees there.
    assert_eq!(order(&desk, Sort::Disagreement, false), [second, first]);
    let person = desk.person("Ann");
    desk.days_pass(1);
    desk.does(Command::Reaffirm {
        crux: first,
        person,
    });
    assert_eq!(order(&desk, Sort::Moved, true), [second, first]);
}

#[test]
fn a_rank_is_found_even_between_texts_that_are_none() {
    for (before, after) in [
        ("", ""),
        ("z", ""),
        ("é", ""),
        ("N", "n"),
        ("", "a"),
        ("b", "a"),
        ("n", "n"),
        ("🙂", "é"),
    ] {
        assert!(
            !rank_between(before, after).is_empty(),
            "{before:?} {after:?}"
        );
    }
}

// The trash

#[test]
fn what_lies_in_the_trash_is_listed_by_name_and_comes_back_whole() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let evidence = desk.files("Seen", &[(crux, Direction::For)]);
    let statement = desk.states(crux, "Ann", 35.5);
    let review = desk.reviews();
    let before = desk.board.cruxes().len();
    for (id, kind, name) in [
        (crux.0, "Crux", "It is so"),
        (trigger.0, "Trigger", "it is seen"),
        (evidence.0, "Evidence", "Seen"),
        (statement.0, "Credence", "35.5%"),
        (review, "Review", "2026-11-23"),
        (desk.person("Bob").0, "Person", "Bob"),
        (desk.option("Double down").0, "Option", "Double down"),
    ] {
        desk.does(Command::Trash(id));
        assert_eq!(
            desk.board.trash()[0],
            (id, kind, name.to_owned()),
            "the latest comes first"
        );
        assert!(desk.board.is_trashed(id));
    }
    assert_eq!(
        (desk.board.cruxes().len(), desk.board.triggers().count()),
        (before - 1, 0)
    );
    for (id, ..) in desk.board.trash() {
        desk.does(Command::Restore(id));
    }
    assert_eq!(
        (desk.board.cruxes().len(), desk.board.triggers().count()),
        (before, 1)
    );
    assert_eq!(desk.board.trash(), []);
}

#[test]
fn triggers_of_a_crux_in_the_trash_are_not_counted() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.adds_trigger(crux, "Wind down");
    assert_eq!(
        summary(&desk.board, Now::utc(NOW), true).triggers.total(),
        1
    );
    desk.does(Command::Trash(crux.0));
    assert_eq!(
        summary(&desk.board, Now::utc(NOW), true).triggers.total(),
        0
    );
}

#[test]
fn triggers_of_a_settled_or_retired_crux_are_neither_counted_nor_due() {
    for stage in [Stage::SettledTrue, Stage::SettledFalse, Stage::Retired] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        desk.adds_trigger(crux, "Wind down");
        let due = |desk: &Desk| {
            let crux = desk.board.crux(crux).cloned().unwrap();
            next_date(&desk.board, &crux, cruxboard_domain::date::day_of(NOW))
        };
        assert!(due(&desk).is_some());
        let before = summary(&desk.board, Now::utc(NOW), true);
        assert_eq!(before.triggers.total(), 1);
        assert_eq!(
            before
                .options
                .iter()
                .map(|o| o.triggers.total())
                .sum::<usize>(),
            1
        );
        desk.does(Command::EditCrux(edited(
            crux,
            CruxEdit {
                stage: Some(Some(stage)),
                stage_reason: Some("it is done".into()),
                ..CruxEdit::default()
            },
        )));
        let after = summary(&desk.board, Now::utc(NOW), true);
        assert_eq!(after.triggers.total(), 0);
        assert_eq!(
            after
                .options
                .iter()
                .map(|o| o.triggers.total())
                .sum::<usize>(),
            0
        );
        assert_eq!(due(&desk), None);
    }
}

// Who wrote what stands there

#[test]
fn the_author_of_a_text_is_the_person_who_stored_it_last() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    let mut writes = |by: Option<PersonId>, set: CruxEdit| {
        let mut issuer = Issuer {
            by,
            now: Now::utc(NOW),
            clock: &mut desk.clock,
        };
        let changes = decide(
            &desk.board,
            Command::EditCrux(edited(crux, set)),
            &mut issuer,
        );
        for change in changes.unwrap() {
            desk.board.apply(change);
        }
    };
    let title = |text: &str| CruxEdit {
        title: Some(text.into()),
        ..CruxEdit::default()
    };
    writes(Some(bob), title("Re\"ach"));
    writes(Some(ann), title("Depth"));
    writes(None, title("Width"));
    writes(
        Some(ann),
        CruxEdit {
            tags: Some(vec!["Re\"ach".into()]),
            review_on: Some("2027-12-31".parse().ok()),
            ..CruxEdit::default()
        },
    );
    for (part, author) in [
        (r#""title":"Re\"ach""#, Some(bob)),
        (r#""tags":["Re\"ach"]"#, Some(ann)),
        (r#""review_on":"2027-12-31""#, Some(ann)),
        (r#""title":"Depth""#, Some(ann)),
        (r#""title":"Width""#, None),
        (r#""title":"Height""#, None),
    ] {
        assert_eq!(desk.board.author_of(part), author, "{part}");
    }
}
