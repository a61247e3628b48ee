//! Figures, and rules that were moved.

use super::*;

#[test]
fn a_computed_trigger_is_told_with_its_figure_beside_its_threshold() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let event = desk.adds_trigger(crux, "Wind down");
    let plain = desk.adds_rule(crux, at_least(70.0, 0));
    let named = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
        crux: Some(crux),
        armed: Some(true),
        observable: Some("we lean to yes".into()),
        rule: Some(Some(spread_of(30.0, Comparison::AtLeast))),
        ..TriggerEdit::default()
    })));
    let words = |desk: &Desk, trigger: TriggerId| {
        let record = desk.board.trigger(trigger).unwrap();
        trigger_words(&desk.board, record, view(desk, true))
    };
    assert!(words(&desk, plain).contains("now no figure yet from 0 of 2 people"));
    desk.states(crux, "Ann", 60.0);
    desk.states(crux, "Bob", 70.0);
    let needed = "from 2 of 2 people; at least 2 are needed";
    let rule = "aggregate at or above 70%";
    assert_eq!(words(&desk, plain), format!("{rule}: now 65% {needed}"));
    let rule = "spread at or above 30 points";
    let expected = format!("we lean to yes ({rule}): now 10 points {needed}");
    assert_eq!(words(&desk, named), expected);
    assert_eq!(words(&desk, event), "it is seen");
}

#[test]
fn a_met_computed_trigger_whose_rule_is_moved_is_disputed_until_settled() {
    let rule = |rule: CredenceRule| TriggerEdit {
        rule: Some(Some(rule)),
        ..TriggerEdit::default()
    };
    let below = CredenceRule {
        comparison: Comparison::AtMost,
        ..at_least(70.0, 0)
    };
    for reviews in [0, 1] {
        let moves = [
            rule(at_least(90.0, reviews)),
            rule(CredenceRule { reviews, ..below }),
            TriggerEdit {
                quorum: Some(Some(3)),
                ..TriggerEdit::default()
            },
        ];
        for set in moves {
            for (percent, disarms_first, is_answered) in [
                (80.0, false, false),
                (80.0, true, false),
                (80.0, false, true),
                (60.0, false, false),
            ] {
                let case = format!("{reviews} {set:?} {percent} {disarms_first} {is_answered}");
                let mut desk = Desk::new();
                let crux = desk.adds_crux("It is so");
                let trigger = desk.adds_rule(crux, at_least(70.0, reviews));
                for person in ["Ann", "Bob"] {
                    desk.states(crux, person, percent);
                }
                holds_review(&mut desk, &[crux]);
                let was_met = percent > 70.0;
                assert_eq!(
                    state(&desk, trigger) == TriggerState::Met,
                    was_met,
                    "{case}"
                );
                if is_answered {
                    desk.does(Command::RecordDecision {
                        decision: DecisionEdit {
                            option: Some(Some(desk.option("Continue"))),
                            why: Some("so".into()),
                            answers: Some(vec![trigger]),
                            ..DecisionEdit::default()
                        },
                        actions: Vec::new(),
                    });
                }
                if disarms_first {
                    let armed = TriggerEdit {
                        armed: Some(false),
                        ..TriggerEdit::default()
                    };
                    desk.edits_trigger(trigger, armed, "").unwrap();
                }
                let armed = TriggerEdit {
                    armed: Some(true),
                    ..set.clone()
                };
                desk.edits_trigger(trigger, armed, "we agreed").unwrap();
                let is_disputed = was_met && !is_answered;
                let after = state(&desk, trigger);
                assert_eq!(
                    after == TriggerState::Disputed,
                    is_disputed,
                    "{case}: {after:?}"
                );
                let record = desk.board.trigger(trigger).unwrap();
                let words = dispute_words(&desk.board, record);
                assert_eq!(words.is_some(), is_disputed, "{case}: {words:?}");
                // Another board gets the changes in reverse order.
                let changes: Vec<_> = desk.board.log().changes().cloned().collect();
                let mut other = Board::default();
                for change in changes.into_iter().rev() {
                    other.apply(change);
                }
                assert_eq!(other, desk.board, "{case}");
                if is_disputed {
                    desk.judges(trigger, Verdict::Open);
                    assert_ne!(state(&desk, trigger), TriggerState::Disputed, "{case}");
                }
            }
        }
    }
}
