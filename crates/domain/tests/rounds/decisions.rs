//! Decisions, and what waits for one.

use super::*;

fn decision(desk: &Desk, option: &str) -> DecisionEdit {
    DecisionEdit {
        option: Some(Some(desk.option(option))),
        why: Some("nothing speaks against it".into()),
        until: Some("2027-03-31".parse().ok()),
        ..DecisionEdit::default()
    }
}

#[test]
fn a_decision_names_an_option_that_is_there_a_reason_and_a_day_to_come() {
    let mut desk = Desk::new();
    let ann = desk.person("Ann");
    let whole = decision(&desk, "Continue");
    let silent = Voice {
        person: ann,
        agrees: false,
        reason: " ".into(),
    };
    for (wrong, refusal) in [
        (
            DecisionEdit {
                option: None,
                ..whole.clone()
            },
            CommandError::Empty("choice of an option"),
        ),
        (
            DecisionEdit {
                why: Some(" ".into()),
                ..whole.clone()
            },
            CommandError::Empty("reason"),
        ),
        (
            DecisionEdit {
                until: Some("2026-11-22".parse().ok()),
                ..whole.clone()
            },
            CommandError::PastDay,
        ),
        (
            DecisionEdit {
                voices: Some(vec![silent]),
                ..whole.clone()
            },
            CommandError::DissentNeedsReason,
        ),
    ] {
        assert_eq!(
            desk.refuses(Command::RecordDecision {
                decision: wrong,
                actions: Vec::new()
            }),
            refusal
        );
    }
    let changes = desk.board.log().len();
    let id = DecisionId(desk.does(Command::RecordDecision {
        decision: whole.clone(),
        actions: Vec::new(),
    }));
    assert_eq!(
        desk.board.standing_decision().unwrap().known as usize,
        changes
    );
    desk.does(Command::EditDecision(Edited {
        of: id,
        set: DecisionEdit {
            reversal: Some("a study".into()),
            ..DecisionEdit::default()
        },
        reason: String::new(),
    }));
    desk.does(Command::Trash(desk.option("Wind down").0));
    let retired = DecisionEdit {
        option: Some(
            desk.board
                .option(OptionId(desk.board.trash()[0].0))
                .map(|o| o.id),
        ),
        ..whole
    };
    assert_eq!(
        desk.refuses(Command::RecordDecision {
            decision: retired,
            actions: Vec::new()
        }),
        CommandError::OptionRetired
    );
}

#[test]
fn a_met_trigger_waits_until_a_decision_answers_it_and_again_when_it_is_judged_anew() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    desk.judges(trigger, Verdict::Met);
    let waits = |desk: &Desk| {
        due(&desk.board, Now::utc(desk.now))
            .iter()
            .any(|d| d.kind == DueKind::Met)
    };
    assert!(waits(&desk));
    let spite = DecisionEdit {
        answers: Some(vec![trigger]),
        ..decision(&desk, "Continue")
    };
    desk.does(Command::RecordDecision {
        decision: spite,
        actions: Vec::new(),
    });
    assert!(!waits(&desk));
    desk.judges(trigger, Verdict::Met);
    assert!(waits(&desk));
}

#[test]
fn the_decision_that_stands_waits_to_be_revisited_and_a_newer_one_takes_its_place() {
    let mut desk = Desk::new();
    desk.does(Command::RecordDecision {
        decision: decision(&desk, "Continue"),
        actions: Vec::new(),
    });
    let waits = |desk: &Desk| {
        let items = due(&desk.board, Now::utc(desk.now));
        let found = items.iter().find(|item| item.kind == DueKind::Decision);
        found.and_then(|item| item.date)
    };
    assert_eq!(waits(&desk), "2027-03-31".parse().ok());
    desk.days_pass(200);
    assert!(due(&desk.board, Now::utc(desk.now))[0].is_due("2027-06-11".parse().unwrap()));
    // The decision still stands: it is neither prolonged nor reversed by itself.
    let option = desk.board.standing_decision().unwrap().option;
    assert_eq!(option, Some(desk.option("Continue")));
    desk.does(Command::RecordDecision {
        decision: DecisionEdit {
            until: None,
            ..decision(&desk, "Wind down")
        },
        actions: Vec::new(),
    });
    assert_eq!(waits(&desk), None);
}
