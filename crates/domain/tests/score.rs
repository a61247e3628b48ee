//! Scores of credences against outcomes.

use crate::desk::{DAY, Desk, at_least, full_trigger};
use cruxboard_domain::Credence;
use cruxboard_domain::calibration::{ENOUGH, calibrated, calibration, wilson};
use cruxboard_domain::format::outcome_words;
use cruxboard_domain::outcome::{Outcome, OutcomeError, ShownBy, outcome};
use cruxboard_domain::record::*;
use cruxboard_domain::score::{
    Figures, NotScored, brier, log_score, not_scored, scores, scores_on,
};

fn settle(desk: &mut Desk, crux: CruxId, stage: Stage) {
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(stage)),
            stage_reason: Some("clear now".into()),
            ..CruxEdit::default()
        },
    );
}

#[test]
fn the_last_word_and_the_whole_time_are_scored_beside_the_group() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 80.0);
    assert_eq!(scores(&desk.board), []);
    desk.days_pass(30);
    desk.states(crux, "Ann", 70.0);
    desk.days_pass(10);
    settle(&mut desk, crux, Stage::SettledTrue);
    // A credence stated after the crux was settled does not count.
    desk.states(crux, "Ann", 100.0);
    let all = scores(&desk.board);
    let who: Vec<_> = all.iter().map(|score| score.person).collect();
    assert_eq!(
        who,
        [None, Some(desk.person("Ann")), Some(desk.person("Bob"))]
    );
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    near(all[1].last.brier, 0.09);
    // 30 days at 20% (0.64), 10 days at 70% (0.09).
    near(all[1].weighted.brier, (30.0 * 0.64 + 10.0 * 0.09) / 40.0);
    near(all[2].last.brier, 0.04);
    near(all[2].weighted.brier, 0.04);
    near(all[2].last.log, 0.8_f64.ln());
    assert!(all[0].weighted.brier > 0.04 && all[0].weighted.brier < all[1].weighted.brier);
    // A crux that is open again is not scored.
    settle(&mut desk, crux, Stage::Open);
    assert_eq!(scores(&desk.board), []);
}

/// The Brier scores in Wikipedia's article on the Brier score, for a forecast of rain, and the logarithmic
/// scores in its article on scoring rules, rounded as in the articles.
#[test]
fn both_scores_give_the_values_worked_out_in_print() {
    for (percent, came_true, score) in [
        (100.0, true, 0.0),
        (100.0, false, 1.0),
        (70.0, true, 0.09),
        (70.0, false, 0.49),
        (30.0, true, 0.49),
        (50.0, true, 0.25),
        (50.0, false, 0.25),
    ] {
        let ours = brier(Credence::clamped(percent), came_true);
        assert!((ours - score).abs() < 1e-9, "{percent} {came_true}: {ours}");
    }
    for (percent, came_true, score) in [(80.0, true, -0.22), (80.0, false, -1.6)] {
        let ours = log_score(Credence::clamped(percent), came_true);
        let digits = if came_true { 100.0 } else { 10.0 };
        let rounded = (ours * digits).round() / digits;
        assert!((rounded - score).abs() < 1e-9, "{percent}: {ours}");
    }
}

#[test]
fn calibration_waits_for_enough_settled_cruxes_and_says_how_many_are_missing() {
    let mut desk = Desk::new();
    let ann = desk.person("Ann");
    for number in 0..ENOUGH {
        assert_eq!(calibration(&desk.board, Some(ann)), Err(ENOUGH - number));
        let crux = desk.adds_crux(&format!("It is so {number}"));
        let (percent, stage) = match number {
            0 => (10.0, Stage::SettledTrue),
            1..5 => (10.0, Stage::SettledFalse),
            5 => (100.0, Stage::SettledFalse),
            _ => (90.0, Stage::SettledTrue),
        };
        desk.states(crux, "Ann", percent);
        desk.days_pass(1);
        settle(&mut desk, crux, stage);
    }
    let bins = calibration(&desk.board, Some(ann)).unwrap().bins;
    let found: Vec<_> = bins
        .iter()
        .map(|bin| (bin.range, bin.said, bin.came_true, bin.count))
        .collect();
    assert_eq!(
        found,
        [((0, 20), 10.0, 20.0, 5), ((80, 100), 92.0, 80.0, 5)]
    );
    assert_eq!(
        calibration(&desk.board, Some(desk.person("Bob"))),
        Err(ENOUGH)
    );
}

/// Adds a trigger whose terms say what its verdicts show about the claim.
fn adds_telling(
    desk: &mut Desk,
    crux: CruxId,
    if_met: Option<Shows>,
    if_not_met: Option<Shows>,
) -> TriggerId {
    let trigger = TriggerEdit {
        if_met: Some(if_met),
        if_not_met: Some(if_not_met),
        ..full_trigger(crux)
    };
    TriggerId(desk.does(cruxboard_domain::decide::Command::AddTrigger(trigger)))
}

fn came_of(desk: &Desk, crux: CruxId) -> Result<Outcome, OutcomeError> {
    outcome(&desk.board, desk.board.crux(crux).unwrap())
}

#[test]
fn a_judged_trigger_shows_what_its_terms_say_and_nothing_else() {
    use Shows::{ClaimFalse, ClaimTrue};
    use Verdict::{Disputed, Met, Near, NotMet, Open, Void};
    for (if_met, if_not_met, verdicts, shown) in [
        (Some(ClaimTrue), None, &[Met][..], Some(true)),
        (Some(ClaimTrue), None, &[NotMet], None),
        (Some(ClaimFalse), None, &[Met], Some(false)),
        (None, Some(ClaimFalse), &[NotMet], Some(false)),
        (None, Some(ClaimTrue), &[NotMet], Some(true)),
        (None, Some(ClaimTrue), &[Met], None),
        (Some(ClaimTrue), Some(ClaimFalse), &[NotMet], Some(false)),
        (None, None, &[Met], None),
        (None, None, &[NotMet], None),
        // Only a final verdict shows anything, and only the latest one.
        (Some(ClaimTrue), Some(ClaimFalse), &[], None),
        (Some(ClaimTrue), Some(ClaimFalse), &[Near], None),
        (Some(ClaimTrue), Some(ClaimFalse), &[Void], None),
        (Some(ClaimTrue), Some(ClaimFalse), &[Disputed], None),
        (Some(ClaimTrue), Some(ClaimFalse), &[Met, Open], None),
        (
            Some(ClaimTrue),
            Some(ClaimFalse),
            &[Met, NotMet],
            Some(false),
        ),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        desk.states(crux, "Ann", 80.0);
        let trigger = adds_telling(&mut desk, crux, if_met, if_not_met);
        desk.days_pass(1);
        for verdict in verdicts {
            desk.judges(trigger, *verdict);
        }
        let case = format!("{if_met:?} {if_not_met:?} {verdicts:?}");
        let found = came_of(&desk, crux);
        assert_eq!(found.map(|found| found.came_true).ok(), shown, "{case}");
        let brier = shown.map(|came_true| if came_true { 0.04 } else { 0.64 });
        let scored = scores(&desk.board);
        match brier {
            None => assert_eq!(scored, [], "{case}"),
            Some(brier) => {
                assert_eq!(scored.len(), 2, "{case}");
                assert!((scored[1].last.brier - brier).abs() < 1e-9, "{case}");
            }
        }
    }
}

#[test]
fn statements_count_until_the_first_verdict_that_still_stands() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = adds_telling(&mut desk, crux, Some(Shows::ClaimTrue), None);
    desk.states(crux, "Ann", 50.0);
    desk.days_pass(10);
    desk.judges(trigger, Verdict::Near);
    desk.states(crux, "Ann", 70.0);
    desk.days_pass(10);
    desk.judges(trigger, Verdict::Met);
    let judged = desk.board.trigger(trigger).unwrap().judgements[1].id;
    desk.days_pass(1);
    desk.states(crux, "Ann", 99.0);
    desk.states(crux, "Bob", 99.0);
    // A repeated verdict with another reason keeps the date of the first one.
    desk.judges(trigger, Verdict::Met);
    // The crux is settled only after the verdict, so settling it shows nothing new.
    let found = came_of(&desk, crux).unwrap();
    assert_eq!(
        (found.at, found.shown_by),
        (
            judged,
            ShownBy::Trigger {
                id: trigger,
                verdict: Verdict::Met,
                was_said_afterwards: false,
            }
        )
    );
    settle(&mut desk, crux, Stage::SettledTrue);
    let settled = came_of(&desk, crux).unwrap();
    assert_eq!((settled.at, settled.shown_by), (judged, ShownBy::Settling));
    let all = scores(&desk.board);
    assert_eq!(all.len(), 2, "Bob said nothing in time");
    // Ten days at 50% earn 0.25 each, ten at 70% earn 0.09.
    assert!((all[1].weighted.brier - 0.17).abs() < 1e-6, "{all:?}");
    assert!((all[1].last.brier - 0.09).abs() < 1e-9, "{all:?}");
    let on_crux = scores_on(&desk.board, desk.board.crux(crux).unwrap());
    let said: Vec<f64> = on_crux.iter().map(|(last, _)| last.percent()).collect();
    assert_eq!(said, [70.0, 70.0]);
    assert_eq!(on_crux[1].1, all[1]);
}

#[test]
fn what_is_backdated_once_the_outcome_is_clear_counts_for_nothing() {
    use cruxboard_domain::change::{Change, CredenceStated, Payload};
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 30.0);
    desk.days_pass(10);
    settle(&mut desk, crux, Stage::SettledTrue);
    let before = scores(&desk.board);
    let (ann, yesterday) = (desk.person("Ann"), desk.now - DAY);
    let id = desk.clock.tick(desk.now);
    desk.board.apply(Change {
        id,
        by: Some(ann),
        part_of: None,
        payload: Payload::CredenceStated(Box::new(CredenceStated {
            crux,
            reason_salt: String::new(),
            person: ann,
            credence: cruxboard_domain::Credence::CERTAIN,
            reason: String::new(),
            evidence: Vec::new(),
            reaffirms: false,
            at: Some(yesterday),
            wall_clock: None,
        })),
    });
    assert_eq!(desk.board.statements_on(crux).len(), 2);
    assert_eq!(scores(&desk.board), before);
}

/// Returns the Brier scores over time of Ann and Bob on a crux that came true. They stated the credences
/// `said` on the given days; the crux was settled on day `settled`.
fn over_time(said: &[(u32, &str, f64)], settled: u32, until: Option<&str>) -> Vec<(String, f64)> {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let start = desk.now;
    for (day, who, percent) in said {
        desk.now = start + DAY * *day;
        desk.states(crux, who, *percent);
    }
    desk.now = start + DAY * settled;
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(Stage::SettledTrue)),
            stage_reason: Some("clear now".into()),
            scored_until: until.map(|day| day.parse().ok()),
            ..CruxEdit::default()
        },
    );
    let people = scores(&desk.board).into_iter().filter_map(|score| {
        let name = desk.board.person(score.person?)?.name.clone();
        Some((name, score.weighted.brier))
    });
    people.collect()
}

#[test]
fn one_who_is_right_early_scores_better_than_one_who_speaks_on_the_last_day() {
    let early = [(0, "Ann", 60.0), (99, "Ann", 95.0), (99, "Bob", 95.0)];
    let found = over_time(&early, 100, None);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{found:?}");
    // 99 days at 60 % (0.16) and one at 95 % (0.0025); for Bob, 99 days without a credence count as 50 %
    // (0.25).
    near(found[0].1, (99.0 * 0.16 + 0.0025) / 100.0);
    near(found[1].1, (99.0 * 0.25 + 0.0025) / 100.0);
    assert!(found[0].1 < found[1].1);
}

#[test]
fn credences_after_the_day_on_which_the_outcome_could_be_known_are_not_scored() {
    // The crux was added on 23 November 2026; the outcome was known on the 27th and settled on 3 December.
    let said = [(0, "Ann", 60.0), (5, "Ann", 99.0), (5, "Bob", 99.0)];
    for (until, people) in [
        (None, 2),
        (Some("2026-12-24"), 2),
        (Some("2026-11-28"), 2),
        // Bob stated his only credence on the 28th.
        (Some("2026-11-27"), 1),
        (Some("2026-11-23"), 1),
        (Some("2026-11-22"), 0),
    ] {
        let found = over_time(&said, 10, until);
        assert_eq!(found.len(), people, "{until:?}");
        if people == 1 {
            assert!((found[0].1 - 0.16).abs() < 1e-9, "{until:?} {found:?}");
        }
    }
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 60.0);
    desk.days_pass(10);
    settle(&mut desk, crux, Stage::SettledTrue);
    let words = |desk: &Desk| outcome_words(&desk.board, desk.board.crux(crux).unwrap()).unwrap();
    assert!(words(&desk).ends_with("Credences up to 3 Dec 2026 are scored."));
    desk.edits_crux(
        crux,
        CruxEdit {
            scored_until: Some("2026-11-27".parse().ok()),
            ..CruxEdit::default()
        },
    );
    assert!(words(&desk).ends_with("Credences up to 27 Nov 2026 are scored."));
}

#[test]
fn an_answer_sealed_before_the_outcome_is_scored_whenever_it_is_revealed() {
    use cruxboard_domain::change::RoundSealed;
    use cruxboard_domain::decide::Command;
    use cruxboard_domain::round::SealedAnswers;
    for (is_sealed_before, scored) in [(true, true), (false, false)] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let ann = desk.person("Ann");
        let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
            cruxes: Some(vec![crux]),
            people: Some(vec![ann]),
            held_at: None,
            ..RoundEdit::default()
        })));
        let answers = vec![Answer {
            topic: Topic::Crux(crux),
            credence: Credence::clamped(80.0),
            reason: String::new(),
            reason_seal: String::new(),
        }];
        let sealed = SealedAnswers {
            salt: "5a17".into(),
            reason_secret: "5ec2e7".into(),
            answers,
        };
        let sealing = Command::SealAnswers(RoundSealed {
            round,
            person: ann,
            seal: sealed.seal(round, ann),
        });
        if is_sealed_before {
            desk.does(sealing.clone());
            desk.days_pass(1);
        }
        settle(&mut desk, crux, Stage::SettledTrue);
        desk.days_pass(1);
        if !is_sealed_before {
            desk.does(sealing);
        }
        desk.does(Command::CloseRound(round));
        desk.days_pass(1);
        desk.does(Command::RevealAnswers {
            round,
            person: ann,
            sealed,
        });
        let found = scores(&desk.board);
        let own = found.iter().find(|score| score.person == Some(ann));
        assert_eq!(own.is_some(), scored, "{is_sealed_before}");
        if let Some(own) = own {
            assert!((own.last.brier - 0.04).abs() < 1e-9);
        }
    }
}

#[test]
fn a_crux_that_is_settled_twice_the_same_way_was_clear_the_first_time() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 60.0);
    desk.days_pass(1);
    settle(&mut desk, crux, Stage::SettledTrue);
    let first = came_of(&desk, crux).unwrap().at;
    desk.days_pass(1);
    // A device that did not know of the settling states a credence and settles the crux itself.
    desk.states(crux, "Bob", 99.0);
    desk.days_pass(1);
    settle(&mut desk, crux, Stage::SettledTrue);
    assert_eq!(came_of(&desk, crux).unwrap().at, first);
    assert_eq!(scores(&desk.board).len(), 2, "the group and Ann");
    // If the crux was open in between, the later settling counts.
    settle(&mut desk, crux, Stage::Open);
    settle(&mut desk, crux, Stage::SettledTrue);
    assert!(came_of(&desk, crux).unwrap().at > first);
}

#[test]
fn triggers_that_show_opposite_things_show_nothing_until_people_settle_it() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 80.0);
    let stop = adds_telling(&mut desk, crux, Some(Shows::ClaimTrue), None);
    let go_on = adds_telling(&mut desk, crux, Some(Shows::ClaimFalse), None);
    desk.judges(go_on, Verdict::Met);
    assert!(!came_of(&desk, crux).unwrap().came_true);
    desk.judges(stop, Verdict::Met);
    assert_eq!(
        came_of(&desk, crux),
        Err(OutcomeError::Contradiction(vec![stop, go_on]))
    );
    assert_eq!(scores(&desk.board), []);
    desk.days_pass(1);
    settle(&mut desk, crux, Stage::SettledTrue);
    assert!(came_of(&desk, crux).unwrap().came_true);
    // One crux has one outcome, however many triggers show it.
    assert_eq!(scores(&desk.board)[1].cruxes, 1);
}

#[test]
fn a_verdict_whose_terms_say_nothing_is_named_and_terms_that_come_later_are_told_as_later() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 80.0);
    let trigger = adds_telling(&mut desk, crux, None, None);
    assert_eq!(came_of(&desk, crux), Err(OutcomeError::Open));
    desk.judges(trigger, Verdict::Met);
    assert_eq!(
        came_of(&desk, crux),
        Err(OutcomeError::NotSaid(vec![trigger]))
    );
    // The outcome that a verdict shows is one of the trigger's terms: changing it on an armed trigger needs a
    // reason, which is kept.
    let set = TriggerEdit {
        if_met: Some(Some(Shows::ClaimTrue)),
        ..TriggerEdit::default()
    };
    assert_eq!(
        desk.edits_trigger(trigger, set.clone(), ""),
        Err(cruxboard_domain::decide::CommandError::GoalpostNeedsReason)
    );
    desk.edits_trigger(trigger, set, "we had forgotten to say")
        .unwrap();
    let moved = &desk.board.trigger(trigger).unwrap().goalposts[0];
    assert_eq!(
        moved.fields,
        [(
            "if met",
            "says nothing of the claim".to_owned(),
            "the claim is true".to_owned()
        )]
    );
    let shown_by = came_of(&desk, crux).unwrap().shown_by;
    assert_eq!(
        shown_by,
        ShownBy::Trigger {
            id: trigger,
            verdict: Verdict::Met,
            was_said_afterwards: true,
        }
    );
    desk.undoes();
    assert_eq!(
        came_of(&desk, crux),
        Err(OutcomeError::NotSaid(vec![trigger]))
    );
}

#[test]
fn computed_drafted_thrown_away_and_retired_things_show_nothing() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 80.0);
    // A met credence trigger shows no outcome, since the credences would then confirm themselves.
    let computed = desk.adds_rule(crux, at_least(70.0, 0));
    let set = TriggerEdit {
        if_met: Some(Some(Shows::ClaimTrue)),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(computed, set, "a try").unwrap();
    assert_eq!(came_of(&desk, crux), Err(OutcomeError::Open));
    let trigger = adds_telling(&mut desk, crux, Some(Shows::ClaimTrue), None);
    desk.judges(trigger, Verdict::Met);
    assert!(came_of(&desk, crux).is_ok());
    let disarmed = TriggerEdit {
        armed: Some(false),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, disarmed, "").unwrap();
    assert_eq!(came_of(&desk, crux), Err(OutcomeError::Open));
    desk.undoes();
    desk.does(cruxboard_domain::decide::Command::Trash(trigger.0));
    assert_eq!(came_of(&desk, crux), Err(OutcomeError::Open));
    desk.undoes();
    assert!(came_of(&desk, crux).is_ok());
    settle(&mut desk, crux, Stage::Retired);
    assert_eq!(came_of(&desk, crux), Err(OutcomeError::Open));
    assert_eq!(scores(&desk.board), []);
}

#[test]
fn a_credence_that_is_brought_in_with_an_earlier_day_earns_nothing_for_days_before_it_was_written()
{
    use cruxboard_domain::change::{Change, CredenceStated, Payload};
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Bob", 50.0);
    let begun = desk.now;
    desk.days_pass(9);
    let (ann, id) = (desk.person("Ann"), desk.clock.tick(desk.now));
    desk.board.apply(Change {
        id,
        by: Some(ann),
        part_of: None,
        payload: Payload::CredenceStated(Box::new(CredenceStated {
            crux,
            reason_salt: String::new(),
            person: ann,
            credence: Credence::CERTAIN,
            reason: String::new(),
            evidence: Vec::new(),
            reaffirms: false,
            at: Some(begun),
            wall_clock: None,
        })),
    });
    desk.days_pass(1);
    settle(&mut desk, crux, Stage::SettledTrue);
    let all = scores(&desk.board);
    let own = all.iter().find(|score| score.person == Some(ann)).unwrap();
    // Nine days without a credence count as 50%, and one day at 100%.
    assert!((own.weighted.brier - 0.9 * 0.25).abs() < 1e-6, "{own:?}");
    assert!(own.own_days.brier.abs() < 1e-6, "{own:?}");
}

#[test]
fn the_group_is_compared_on_the_same_days_of_the_same_claims() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Bob", 20.0);
    desk.days_pass(10);
    desk.states(crux, "Ann", 80.0);
    desk.days_pass(10);
    settle(&mut desk, crux, Stage::SettledTrue);
    // Only Bob has stated a credence on the other claim, so nobody is compared with him there.
    let other = desk.adds_crux("So is this");
    desk.states(other, "Bob", 100.0);
    desk.days_pass(1);
    settle(&mut desk, other, Stage::SettledTrue);
    let all = scores(&desk.board);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    let ann = &all[1];
    near(ann.own_days.brier, 0.04);
    // While Ann had a credence too, the group was at 50%.
    near(ann.group_same_days.brier, 0.25);
    near(ann.group_same_days.log, Figures::OF_HALF.log);
    let bob = &all[2];
    near(bob.own_days.brier, 0.64 / 2.0);
    // Ten days at 20% and ten at 50%; on the other claim, Bob alone was the group.
    near(bob.group_same_days.brier, (0.64 + 0.25) / 2.0 / 2.0);
}

#[test]
fn who_has_left_is_scored_up_to_that_day_and_the_group_without_them_from_then_on() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 80.0);
    let before = desk.board.clone();
    // The crux was added on 23 November 2026 at nine; Bob leaves on the 27th; it is settled on 3 December.
    desk.does(cruxboard_domain::decide::Command::EditPerson(
        crate::desk::edited(
            desk.person("Bob"),
            PersonEdit {
                left_on: Some("2026-11-27".parse().ok()),
                ..PersonEdit::default()
            },
        ),
    ));
    assert_eq!(
        before.current_views(crux, desk.now).len(),
        desk.board.current_views(crux, desk.now).len()
    );
    desk.days_pass(10);
    settle(&mut desk, crux, Stage::SettledTrue);
    let all = scores(&desk.board);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-3, "{a} {b}");
    near(all[2].weighted.brier, 0.04);
    // 3 days and 15 hours at 50%, the rest at Ann's 20%.
    let both = 3.625;
    near(
        all[0].weighted.brier,
        (both * 0.25 + (10.0 - both) * 0.64) / 10.0,
    );
}

#[test]
fn what_is_over_and_not_scored_is_listed_with_the_reason() {
    let mut desk = Desk::new();
    let retired = desk.adds_crux("One");
    settle(&mut desk, retired, Stage::Retired);
    let void = desk.adds_crux("Two");
    let trigger = desk.adds_trigger(void, "Wind down");
    desk.judges(trigger, Verdict::Void);
    let silent = desk.adds_crux("Three");
    settle(&mut desk, silent, Stage::SettledFalse);
    let unclear = desk.adds_crux("Four");
    let trigger = desk.adds_trigger(unclear, "Wind down");
    desk.judges(trigger, Verdict::Met);
    let scored = desk.adds_crux("Five");
    desk.states(scored, "Ann", 60.0);
    settle(&mut desk, scored, Stage::SettledTrue);
    desk.adds_crux("Six");
    assert_eq!(
        not_scored(&desk.board),
        [
            (retired, NotScored::Retired),
            (void, NotScored::Void),
            (silent, NotScored::NoForecast),
            (unclear, NotScored::Unclear),
        ]
    );
}

/// The intervals for 0 of 10, 1 of 10, 5 of 10, 9 of 10 and 81 of 263, according to R's `prop.test(correct =
/// FALSE)` and Newcombe (1998).
#[test]
fn wilson_intervals_are_the_published_ones() {
    for (successes, trials, low, high) in [
        (0, 10, 0.0, 27.753_28),
        (1, 10, 1.787_621, 40.415_00),
        (5, 10, 23.659_31, 76.340_69),
        (9, 10, 59.585_00, 98.212_38),
        (81, 263, 25.53, 36.62),
    ] {
        let found = wilson(successes, trials);
        let digits = if trials == 263 { 5e-3 } else { 1e-4 };
        let is_near = (found.0 - low).abs() < digits && (found.1 - high).abs() < digits;
        assert!(is_near, "{successes} of {trials}: {found:?}");
    }
    assert_eq!(wilson(0, 0), (0.0, 100.0));
}

#[test]
fn the_parts_of_a_brier_score_add_up_to_it() {
    // Murphy's components, computed by hand: five claims at 10%, one of them true, and five at 90%, four
    // true.
    let said: Vec<(Credence, bool)> = (0..10)
        .map(|place| {
            let percent = if place < 5 { 10.0 } else { 90.0 };
            (Credence::clamped(percent), matches!(place, 0 | 5..9))
        })
        .collect();
    let parts = calibrated(&said).parts;
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{parts:?}");
    near(parts.reliability, 0.01);
    near(parts.resolution, 0.09);
    near(parts.uncertainty, 0.25);
    near(parts.within, 0.0);
    near(parts.brier, 0.17);
    // If credences within a bin differ, the remainder is returned too.
    let said = [(1.0, false), (19.0, true), (70.0, true), (79.0, false)];
    let said = said.map(|(percent, so)| (Credence::clamped(percent), so));
    let parts = calibrated(&said).parts;
    let sum = parts.reliability - parts.resolution + parts.uncertainty + parts.within;
    near(sum, parts.brier);
    assert!(parts.within.abs() > 0.01);
}
