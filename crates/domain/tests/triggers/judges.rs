//! Outcomes that people record.

use super::*;

#[test]
fn judges_who_disagree_make_a_trigger_disputed_until_somebody_settles_it() {
    use Verdict::{Met, Near, NotMet, Open, Void};
    for (verdicts, expected) in [
        // A verdict that is not final, or that its judge took back, makes no disagreement.
        (&[("Ann", Near), ("Bob", Met)][..], TriggerState::Met),
        (&[("Ann", Open), ("Bob", NotMet)], TriggerState::NotMet),
        (&[("Ann", Void), ("Bob", Open)], TriggerState::Armed),
        (&[("Ann", Met), ("Bob", Met)], TriggerState::Met),
        (&[("Ann", Met), ("Ann", NotMet)], TriggerState::NotMet),
        (&[("Ann", Met), ("Bob", NotMet)], TriggerState::Disputed),
        (&[("Ann", Met), ("Bob", Near)], TriggerState::Disputed),
        (&[("Ann", NotMet), ("Bob", Open)], TriggerState::Disputed),
        (&[("Ann", Met), ("Bob", Void)], TriggerState::Disputed),
        (
            &[("Ann", Met), ("Bob", NotMet), ("Bob", Met)],
            TriggerState::Met,
        ),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_trigger(crux, "Wind down");
        for (hour, (by, verdict)) in verdicts.iter().enumerate() {
            let at = desk.now + HOUR * hour as u32;
            arrives(&mut desk, at, by, judged(trigger, *verdict, Vec::new()));
        }
        desk.days_pass(1);
        assert_eq!(state(&desk, trigger), expected, "{verdicts:?}");
        let words = dispute_words(&desk.board, desk.board.trigger(trigger).unwrap());
        assert_eq!(
            words.is_some(),
            expected == TriggerState::Disputed,
            "{verdicts:?}"
        );
        if expected != TriggerState::Disputed {
            continue;
        }
        assert!(words.unwrap().contains("Ann: "), "both are named");
        // A judge who gives a verdict after that has seen the dispute, and settles it.
        for verdict in [Met, NotMet, Void, Near] {
            let mut settled = Desk::new();
            settled.board = desk.board.clone();
            settled.now = desk.now;
            settled.judges(trigger, verdict);
            let record = settled.board.trigger(trigger).unwrap();
            assert_eq!(record.dispute(), None, "{verdicts:?} {verdict:?}");
            assert_eq!(record.verdict(), Some(verdict), "{verdicts:?}");
            assert_eq!(record.judgements.len(), verdicts.len() + 1);
        }
    }
}

#[test]
fn two_devices_that_settle_a_dispute_differently_leave_it_disputed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let at = desk.now;
    let first = arrives(&mut desk, at, "Ann", judged(trigger, Verdict::Met, vec![]));
    let second = judged(trigger, Verdict::NotMet, vec![]);
    let second = arrives(&mut desk, at + HOUR, "Bob", second);
    let both = vec![first, second];
    let ann = judged(trigger, Verdict::Met, both.clone());
    arrives(&mut desk, at + 2 * HOUR, "Ann", ann);
    assert_eq!(state(&desk, trigger), TriggerState::Met);
    let bob = judged(trigger, Verdict::NotMet, both);
    arrives(&mut desk, at + 3 * HOUR, "Bob", bob);
    assert_eq!(state(&desk, trigger), TriggerState::Disputed);
    desk.days_pass(1);
    desk.judges(trigger, Verdict::NotMet);
    assert_eq!(state(&desk, trigger), TriggerState::NotMet);
}

#[test]
fn a_verdict_on_earlier_terms_is_disputed_until_somebody_settles_it() {
    let threshold = TriggerEdit {
        threshold: Some("thrice".into()),
        ..TriggerEdit::default()
    };
    let date = TriggerEdit {
        by_date: Some("2028-06-30".parse().ok()),
        ..TriggerEdit::default()
    };
    let observable = TriggerEdit {
        observable: Some("it is heard".into()),
        ..TriggerEdit::default()
    };
    let action = TriggerEdit {
        action: Some("wait".into()),
        ..TriggerEdit::default()
    };
    for (set, verdict, expected) in [
        (&threshold, Verdict::Met, TriggerState::Disputed),
        (&date, Verdict::NotMet, TriggerState::Disputed),
        (&observable, Verdict::Met, TriggerState::Disputed),
        // Only the action was edited, so the event was still seen.
        (&action, Verdict::Met, TriggerState::Met),
        // "Near" is no verdict on the terms.
        (&threshold, Verdict::Near, TriggerState::Near),
        (&threshold, Verdict::Void, TriggerState::Void),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_trigger(crux, "Wind down");
        desk.judges(trigger, verdict);
        desk.edits_trigger(trigger, set.clone(), "we agreed")
            .unwrap();
        assert_eq!(state(&desk, trigger), expected, "{set:?} {verdict:?}");
        if expected == TriggerState::Disputed {
            let record = desk.board.trigger(trigger).unwrap();
            assert_eq!(record.dispute(), Some(Dispute::Terms));
            let shows = outcome(&desk.board, desk.board.crux(crux).unwrap());
            assert_eq!(
                shows,
                Err(OutcomeError::Open),
                "nothing rests on it meanwhile"
            );
            // Once the edit is undone, the terms are again those that were judged.
            desk.undoes();
            assert_eq!(desk.board.trigger(trigger).unwrap().dispute(), None);
            desk.edits_trigger(trigger, set.clone(), "we agreed")
                .unwrap();
            desk.judges(trigger, verdict);
            assert_eq!(desk.board.trigger(trigger).unwrap().dispute(), None);
            // Another judge of the new terms has no dispute to settle, even with an older version of the app.
            desk.edits_trigger(trigger, action.clone(), "we agreed")
                .unwrap();
        }
    }
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    desk.judges(trigger, Verdict::Met);
    desk.edits_trigger(trigger, threshold, "we agreed").unwrap();
    let at = desk.now + HOUR;
    let other = judged(trigger, Verdict::NotMet, Vec::new());
    arrives(&mut desk, at, "Bob", other);
    assert_eq!(state(&desk, trigger), TriggerState::NotMet);
}

#[test]
fn what_was_said_of_a_draft_does_not_count_once_it_is_armed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerEdit {
        armed: Some(false),
        if_met: Some(Some(Shows::ClaimTrue)),
        ..full_trigger(crux)
    };
    let trigger = TriggerId(desk.does(Command::AddTrigger(draft)));
    assert_eq!(
        desk.refuses(judge(trigger, Verdict::Met, "so it is")),
        CommandError::DraftJudged
    );
    // An older version allowed a verdict on a draft.
    let at = desk.now + MILLI;
    arrives(&mut desk, at, "Ann", judged(trigger, Verdict::Met, vec![]));
    assert_eq!(state(&desk, trigger), TriggerState::Draft);
    desk.days_pass(1);
    let armed = |armed| TriggerEdit {
        armed: Some(armed),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, armed(true), "").unwrap();
    assert_eq!(state(&desk, trigger), TriggerState::Armed);
    let shows = outcome(&desk.board, desk.board.crux(crux).unwrap());
    assert_eq!(shows, Err(OutcomeError::Open));
    assert_eq!(desk.board.trigger(trigger).unwrap().judgements.len(), 1);
    // A verdict on an armed trigger is kept, even if the trigger is disarmed and armed again.
    desk.judges(trigger, Verdict::Met);
    desk.edits_trigger(trigger, armed(false), "").unwrap();
    desk.edits_trigger(trigger, armed(true), "").unwrap();
    assert_eq!(state(&desk, trigger), TriggerState::Met);
}

#[test]
fn a_moved_option_is_told_by_its_name() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let set = TriggerEdit {
        toward: Some(Some(desk.option("Continue"))),
        judge: Some("Bob".into()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, set, "it says more for it")
        .unwrap();
    let moved = &desk.board.trigger(trigger).unwrap().goalposts[0];
    let text = |text: &str| text.to_owned();
    assert_eq!(
        goalpost_fields(&desk.board, moved),
        [
            (text("option"), text("Wind down"), text("Continue")),
            (text("judge"), text("Ann"), text("Bob")),
        ]
    );
}
