//! Commands that are refused: empty fields, missing records, no change, texts and addresses.

use crate::desk::{DEVICE, Desk, NOW, edited, full_trigger, judge};
use cruxboard_domain::change::Edited;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError, Issuer, NewBoard, found_board};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::limits::{Excess, TEXT_LIMIT, limit_of};
use cruxboard_domain::record::*;
use cruxboard_domain::web_address::WebAddressError;
use cruxboard_domain::{ChangeId, Millis};

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
            "text, quote or link",
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
        found_board(&NewBoard::of(" ", &[]), &mut issuer),
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
    let nowhere = ChangeId::new(Millis(7), 7, Replica::new(7, 7));
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
        Command::Trash(ChangeId::new(Millis(7), 7, Replica::default())),
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
        found_board(&NewBoard::of(&long, &[]), &mut issuer),
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
fn an_address_without_its_scheme_is_stored_as_https() {
    let mut desk = Desk::new();
    let url = || Some(" www.example.org/a?b=1 ".to_owned());
    let evidence = EvidenceId(desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            url: url(),
            ..Default::default()
        },
        bears_on: vec![],
        moves: vec![],
    }));
    let other = desk.files("Seen", &[]);
    desk.does(Command::EditEvidence(edited(
        other,
        EvidenceEdit {
            url: url(),
            ..Default::default()
        },
    )));
    let follow_up = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("a".into()),
        url: url(),
        ..Default::default()
    })));
    let completed = "https://www.example.org/a?b=1";
    for id in [evidence, other] {
        assert_eq!(desk.board.evidence(id).unwrap().url, completed);
    }
    assert_eq!(desk.board.follow_up(follow_up).unwrap().url, completed);
}

#[test]
fn two_people_of_one_name_are_refused_whatever_its_case_and_width() {
    let named = |name: &str| PersonEdit {
        name: Some(name.into()),
        ..PersonEdit::default()
    };
    for (people, taken) in [
        (&["Ann", "Bob", "Ann"][..], Some("Ann")),
        (&["Ann", " ann "], Some(" ann ")),
        (&["Ann", "ＡＮＮ"], Some("ＡＮＮ")),
        (&["Ann", "Anne"], None),
    ] {
        let mut issuer = Issuer {
            by: None,
            now: Now::utc(NOW),
            clock: &mut Clock::new(Replica::new(DEVICE, 1)),
        };
        let refused = found_board(&NewBoard::of("Go on?", people), &mut issuer).err();
        let expected = taken.map(|name| CommandError::NameTaken(name.into()));
        assert_eq!(refused, expected, "{people:?}");
    }
    let mut desk = Desk::new();
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    let taken = CommandError::NameTaken("Ann".into());
    assert_eq!(taken.field(), Some("name"));
    assert_eq!(desk.refuses(Command::AddPerson(named("aNN"))), taken);
    assert_eq!(
        desk.refuses(Command::EditPerson(edited(bob, named("Ａnn")))),
        taken
    );
    // A person's own name may get another spelling, and the name of a person in the trash may be taken.
    desk.does(Command::EditPerson(edited(ann, named("ANN"))));
    desk.does(Command::Trash(ann.0));
    desk.does(Command::EditPerson(edited(bob, named("Ann"))));
    assert_eq!(
        desk.refuses(Command::EditPerson(edited(bob, named(" ")))),
        CommandError::Empty("name")
    );
}

#[test]
fn two_options_or_terms_of_one_name_are_refused_whatever_its_case_and_width() {
    let option = |name: &str| BoardOptionEdit {
        name: Some(name.into()),
        ..BoardOptionEdit::default()
    };
    let term = |term: &str| TermEdit {
        term: Some(term.into()),
        ..TermEdit::default()
    };
    let mut desk = Desk::new();
    desk.does(Command::AddOption(option("Go slower")));
    desk.does(Command::AddOption(option("Go faster")));
    desk.does(Command::DefineTerm(term("Coercive")));
    desk.does(Command::DefineTerm(term("Aligned")));
    let named = |name: &str| {
        let found = desk.board.options().find(|option| option.name == name);
        found.unwrap().id
    };
    let (slower, faster) = (named("Go slower"), named("Go faster"));
    let aligned = desk.board.terms().find(|term| term.term == "Aligned");
    let aligned = aligned.unwrap().id;
    for name in ["go  SLOWER", " Ｇo slower"] {
        let taken = CommandError::OptionTaken("Go slower".into());
        assert_eq!(taken.field(), Some("name"));
        assert_eq!(desk.refuses(Command::AddOption(option(name))), taken);
        let renamed = Command::EditOption(edited(faster, option(name)));
        assert_eq!(desk.refuses(renamed), taken);
    }
    for word in ["coercive", "ＣＯＥＲＣＩＶＥ"] {
        let taken = CommandError::TermTaken("Coercive".into());
        assert_eq!(taken.field(), Some("term"));
        assert_eq!(desk.refuses(Command::DefineTerm(term(word))), taken);
        let renamed = Command::EditTerm(edited(aligned, term(word)));
        assert_eq!(desk.refuses(renamed), taken);
    }
    assert_eq!(
        desk.refuses(Command::EditOption(edited(slower, option(" ")))),
        CommandError::Empty("name of the option")
    );
    assert_eq!(
        desk.refuses(Command::EditTerm(edited(aligned, term("")))),
        CommandError::Empty("term")
    );
    // An option's own name may get another spelling, and the name of an option in the trash may be taken.
    desk.does(Command::EditOption(edited(slower, option("GO SLOWER"))));
    desk.does(Command::Trash(slower.0));
    desk.does(Command::EditOption(edited(faster, option("Go slower"))));
    desk.does(Command::EditTerm(edited(aligned, term("ALIGNED"))));
}
