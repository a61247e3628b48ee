//! Commands that need a reason, a person or an agreed trigger.

use crate::desk::{Desk, NOW, at_least, edited, full_trigger, judge};
use cruxboard_domain::ChangeId;
use cruxboard_domain::completeness::{Lack, trigger_lacks};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError, Issuer, decide};
use cruxboard_domain::record::*;
use cruxboard_domain::trigger_state::TriggerState;

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
    // The reason cannot be removed afterwards either.
    assert_eq!(desk.refuses(retire("")), CommandError::StageNeedsReason);
    // A retired crux may be edited, and reopening it needs no reason.
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
    // An edit that keeps the terms needs no reason.
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
