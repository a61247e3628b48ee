//! The status line over the board, the options that cruxes point to, dates ahead, and decisions with their
//! actions.

use chrono::{Duration, NaiveDate};
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::due::{Due, DueCount, DueKind, Subject, Who, due};
use cruxboard_domain::minutes::{Audience, minutes};
use cruxboard_domain::pointing::Pull;
use cruxboard_domain::record::*;
use cruxboard_domain::status::{decision_words, status_words};
use cruxboard_domain::summary::summary;
use cruxboard_domain::timeline::timeline;
use cruxboard_domain::undo::describe;
use cruxboard_domain::view::{Facet, Filter, Sort, shown};
use proptest::prelude::*;

use crate::desk::{Desk, full_trigger};

fn adds(desk: &mut Desk, claim: &str, option: &str) -> CruxId {
    let crux = desk.adds_crux(claim);
    let if_true = Some(Some(desk.option(option)));
    let edit = CruxEdit {
        if_true,
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, edit);
    crux
}

fn settles(desk: &mut Desk, crux: CruxId, stage: Stage) {
    let edit = CruxEdit {
        stage: Some(Some(stage)),
        stage_reason: Some("it came out".into()),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, edit);
}

/// Records a decision until 31 Mar 2027 that answers these triggers.
fn decides(desk: &mut Desk, option: &str, answers: &[TriggerId], actions: Vec<FollowUpEdit>) {
    let decision = DecisionEdit {
        option: Some(Some(desk.option(option))),
        why: Some("it pays".into()),
        until: Some("2027-03-31".parse().ok()),
        answers: Some(answers.to_vec()),
        ..DecisionEdit::default()
    };
    desk.does(Command::RecordDecision { decision, actions });
}

fn words_at(desk: &Desk, with_stale: bool) -> String {
    let now = Now::utc(desk.now);
    let viewpoint = Viewpoint { now, with_stale };
    status_words(
        &desk.board,
        &summary(&desk.board, now, with_stale),
        viewpoint,
    )
}

fn words(desk: &Desk) -> String {
    words_at(desk, true)
}

/// Returns two cruxes that speak for winding down, with credences of Ann and Bob at these percentages.
fn two_cruxes(first: f64, second: f64) -> (Desk, [CruxId; 2]) {
    let mut desk = Desk::new();
    let cruxes = ["It is so", "It is so, too"].map(|claim| adds(&mut desk, claim, "Wind down"));
    for person in ["Ann", "Bob"] {
        desk.states(cruxes[0], person, first);
        desk.states(cruxes[1], person, second);
    }
    (desk, cruxes)
}

#[test]
fn the_words_over_the_board_are_true_while_nothing_or_little_is_there() {
    let mut desk = Desk::new();
    assert_eq!(words(&desk), "No cruxes yet.");
    let first = adds(&mut desk, "It is so", "Wind down");
    assert_eq!(
        words(&desk),
        "No triggers yet. Nobody has stated a credence yet."
    );
    desk.adds_trigger(first, "Wind down");
    assert_eq!(
        words(&desk),
        "No trigger met. Nobody has stated a credence yet."
    );
    desk.states(first, "Ann", 20.0);
    assert_eq!(
        words(&desk),
        "No trigger met. The only crux points to Continue. Only Ann has stated credences."
    );
    let second = adds(&mut desk, "It is so, too", "Wind down");
    assert_eq!(
        words(&desk),
        "No trigger met. 1 of 2 cruxes points to Continue, 1 is without credences. Only Ann has stated credences."
    );
    desk.states(second, "Bob", 51.0);
    assert_eq!(
        words(&desk),
        "No trigger met. 1 of 2 cruxes points to Continue, 1 is in between."
    );
    settles(&mut desk, first, Stage::Retired);
    settles(&mut desk, second, Stage::Retired);
    assert_eq!(words(&desk), "No open cruxes: all are retired.");
}

#[test]
fn the_words_over_the_board_say_where_the_cruxes_point() {
    for (first, second, expected) in [
        (20.0, 10.0, "All 2 cruxes point to Continue."),
        (
            80.0,
            10.0,
            "1 of 2 cruxes points to Continue, 1 to Wind down.",
        ),
        (
            66.0,
            33.0,
            "None of 2 cruxes points to an option: 2 are in between.",
        ),
    ] {
        let (desk, _) = two_cruxes(first, second);
        assert_eq!(words(&desk), format!("No triggers yet. {expected}"));
    }
    // A settled claim counts as certain, whatever credences people had.
    let (mut desk, [first, _]) = two_cruxes(20.0, 20.0);
    settles(&mut desk, first, Stage::SettledTrue);
    assert_eq!(
        words(&desk),
        "No triggers yet. 1 of 2 cruxes points to Continue, 1 to Wind down (1 settled)."
    );
    // Outdated credences count only if the reader wants that.
    desk.days_pass(100);
    assert_eq!(
        words_at(&desk, false),
        "No triggers yet. 1 of 2 cruxes points to Wind down, 1 is without current credences (1 settled)."
    );
    settles(&mut desk, first, Stage::Open);
    assert_eq!(
        words_at(&desk, false),
        "No triggers yet. All credences are outdated and hidden."
    );
}

#[test]
fn the_words_over_the_board_count_every_crux() {
    // Each group counts once: towards Continue, in between, without credences, at an end without an option.
    for (groups, expected) in [
        (
            [0, 1, 2, 1],
            "None of 4 cruxes points to an option: 1 is in between, 2 are without credences, 1 has no option at its end.",
        ),
        (
            [0, 1, 0, 2],
            "None of 3 cruxes points to an option: 1 is in between, 2 have no option at their end.",
        ),
        (
            [0, 0, 2, 1],
            "None of 3 cruxes points to an option: 2 are without credences, 1 has no option at its end.",
        ),
        ([0, 0, 0, 2], "None of 2 cruxes points to an option."),
        ([0, 0, 0, 1], "The only crux points to no option."),
        (
            [2, 1, 1, 1],
            "2 of 5 cruxes point to Continue, 1 is in between, 1 is without credences, 1 to no option.",
        ),
        (
            [1, 0, 0, 1],
            "1 of 2 cruxes points to Continue, 1 to no option.",
        ),
    ] {
        let mut desk = Desk::new();
        for (group, count) in groups.into_iter().enumerate() {
            for place in 0..count {
                let crux = adds(&mut desk, &format!("Claim {group} {place}"), "Wind down");
                if group == 3 {
                    let no_option = CruxEdit {
                        if_true: Some(None),
                        ..CruxEdit::default()
                    };
                    desk.edits_crux(crux, no_option);
                }
                let percent = [20.0, 50.0, 0.0, 90.0][group];
                if group != 2 {
                    for person in ["Ann", "Bob"] {
                        desk.states(crux, person, percent);
                    }
                }
            }
        }
        assert_eq!(
            words(&desk),
            format!("No triggers yet. {expected}"),
            "{groups:?}"
        );
    }
}

#[test]
fn the_words_over_the_board_tell_of_triggers_and_decisions() {
    let (mut desk, [first, second]) = two_cruxes(20.0, 10.0);
    let cruxes = "All 2 cruxes point to Continue.";
    let trigger = desk.adds_trigger(first, "Wind down");
    let other = desk.adds_trigger(second, "Wind down");
    let says = |desk: &Desk, begin: &str| {
        assert_eq!(words(desk), format!("{begin} {cruxes}"));
    };
    says(&desk, "No trigger met.");
    desk.judges(trigger, Verdict::Disputed);
    says(&desk, "No trigger met. 1 trigger is disputed.");
    desk.judges(trigger, Verdict::Met);
    says(&desk, "1 trigger is met and calls for a decision.");
    decides(&mut desk, "Continue", &[trigger], Vec::new());
    says(&desk, "1 met trigger is answered by a decision.");
    assert_eq!(
        decision_words(&desk.board).unwrap(),
        "Continue, because it pays · to be looked at again on 31 Mar 2027"
    );
    desk.judges(other, Verdict::Met);
    says(
        &desk,
        "1 trigger is met and calls for a decision. 1 met trigger is answered by a decision.",
    );
    // From the day on which the decision runs out, its triggers are due again.
    decides(&mut desk, "Continue", &[trigger, other], Vec::new());
    let waits = |desk: &Desk| DueCount::of(&due(&desk.board, Now::utc(desk.now)), day(desk)).met;
    desk.days_pass(127);
    assert_eq!(day(&desk).to_string(), "2027-03-30");
    assert_eq!(waits(&desk), 0);
    desk.days_pass(1);
    assert_eq!(waits(&desk), 2);
    says(
        &desk,
        "The decision was to be looked at again on 31 Mar 2027: decide again. 2 triggers are met and call for a decision.",
    );
}

fn day(desk: &Desk) -> NaiveDate {
    Now::utc(desk.now).today()
}

#[test]
fn a_claim_points_by_the_outcome_that_a_judged_trigger_shows_and_not_by_credences() {
    use Shows::{ClaimFalse, ClaimTrue};
    for (if_met, expected) in [
        (Some(ClaimTrue), ("Wind down", Pull::Settled)),
        (Some(ClaimFalse), ("Continue", Pull::Settled)),
        (None, ("Continue", Pull::Likely)),
    ] {
        let mut desk = Desk::new();
        let crux = adds(&mut desk, "It is so", "Wind down");
        desk.states(crux, "Ann", 22.0);
        let trigger = TriggerEdit {
            if_met: Some(if_met),
            ..full_trigger(crux)
        };
        let trigger = TriggerId(desk.does(Command::AddTrigger(trigger)));
        desk.judges(trigger, Verdict::Met);
        let pointing = summary(&desk.board, Now::utc(desk.now), true).pointing;
        let found = pointing.ranked()[0];
        let (name, pull) = expected;
        assert_eq!(
            desk.board.option(found.option).unwrap().name,
            name,
            "{if_met:?}"
        );
        assert_eq!(found.of(pull), 1, "{if_met:?}");
        assert_eq!(pointing.total(), 1, "{if_met:?}");
    }
}

#[test]
fn a_crux_counts_once_for_the_option_at_the_end_that_it_is_near() {
    for (option, percent, expected) in [
        ("Wind down", 95.0, Some(("Wind down", Pull::Strong))),
        ("Wind down", 90.0, Some(("Wind down", Pull::Likely))),
        ("Wind down", 67.0, Some(("Wind down", Pull::Likely))),
        ("Wind down", 66.0, None),
        ("Wind down", 33.0, None),
        ("Wind down", 32.0, Some(("Continue", Pull::Likely))),
        ("Wind down", 9.0, Some(("Continue", Pull::Strong))),
        ("Change direction", 9.0, Some(("Continue", Pull::Strong))),
        ("Continue", 9.0, Some(("Wind down", Pull::Strong))),
        ("Double down", 20.0, Some(("Wind down", Pull::Likely))),
    ] {
        let mut desk = Desk::new();
        let crux = adds(&mut desk, "It is so", option);
        desk.states(crux, "Ann", percent);
        let now = Now::utc(desk.now);
        let pointing = summary(&desk.board, now, true).pointing;
        let found = pointing.ranked().into_iter().next().map(|one| {
            let name = desk.board.option(one.option).unwrap().name.clone();
            let pulls = Pull::ALL.iter().filter(|pull| one.of(**pull) == 1);
            (name, *pulls.into_iter().next().unwrap())
        });
        let expected = expected.map(|(name, pull)| (name.to_owned(), pull));
        assert_eq!(found, expected, "{option} {percent}");
        assert_eq!(pointing.total(), 1, "{option} {percent}");
        // The filter finds the crux under that option only.
        let values = desk.board.options().map(|option| option.id.to_string());
        let values = values.chain(["either".into(), "unstated".into(), "nowhere".into()]);
        let found = values.filter(|value| {
            let mut filter = Filter::default();
            filter.toggle(Facet::PointsTo, value);
            shown(&desk.board, &filter, Sort::Own, now, true) == [crux]
        });
        let wanted = expected.map_or("either".to_owned(), |(name, _)| {
            desk.option(&name).to_string()
        });
        assert_eq!(found.collect::<Vec<_>>(), [wanted], "{option} {percent}");
    }
}

#[test]
fn a_decision_brings_its_actions_and_undo_takes_all_of_it_back() {
    let mut desk = Desk::new();
    let action = |what: &str| FollowUpEdit {
        what: Some(what.into()),
        owner: Some("Bob".into()),
        by_date: Some("2026-12-15".parse().ok()),
        ..FollowUpEdit::default()
    };
    let decision = |desk: &Desk| DecisionEdit {
        option: Some(Some(desk.option("Continue"))),
        why: Some("it pays".into()),
        ..DecisionEdit::default()
    };
    let refused = Command::RecordDecision {
        decision: decision(&desk),
        actions: vec![action("Tell the funder"), action(" ")],
    };
    assert_eq!(desk.refuses(refused), CommandError::Empty("description"));

    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    let recorded = desk.try_do(Command::RecordDecision {
        decision: decision(&desk),
        actions: vec![action("Tell the funder"), action("Hire two")],
    });
    let recorded = recorded.unwrap();
    assert_eq!(describe(&recorded), "Decision recorded; 2 actions added");
    let id = DecisionId(recorded[0].id);
    let actions: Vec<_> = desk
        .board
        .actions_of(id)
        .map(|it| it.what.clone())
        .collect();
    assert_eq!(actions, ["Tell the funder", "Hire two"]);
    let waiting = due(&desk.board, Now::utc(desk.now));
    let owed = waiting.iter().filter(|it| it.kind == DueKind::Owed);
    let bob = Who::Person(desk.person("Bob"));
    assert_eq!(owed.filter(|it| it.who == bob).count(), 2);

    desk.does(Command::CloseReview(review));
    let read = |desk: &Desk, audience| {
        let review = desk.board.review(review).unwrap();
        minutes(&desk.board, review, audience, Now::utc(desk.now))
    };
    let text = read(&desk, Audience::Internal);
    let line = "- Action: Tell the funder (owed, Bob, by 15 Dec 2026)";
    assert!(text.contains(line), "{text}");
    // The action is shown with its decision, and not again among the follow-ups.
    assert!(!text.contains("## Follow-ups"), "{text}");
    assert!(!read(&desk, Audience::Public).contains("Tell the funder"));

    desk.undoes();
    desk.undoes();
    assert_eq!(desk.board.decisions().count(), 0);
    assert_eq!(desk.board.follow_ups().count(), 0);
}

fn on(date: NaiveDate) -> Due {
    Due {
        kind: DueKind::ByDate,
        subject: Subject::Board,
        crux: None,
        date: Some(date),
        who: Who::Anybody,
    }
}

#[test]
fn a_timeline_begins_today_joins_what_is_close_and_gathers_what_is_past() {
    let today: NaiveDate = "2026-11-23".parse().unwrap();
    assert_eq!(timeline(&[], today, 0.1), None);
    let days = [-40, -3, 0, 2, 50, 100];
    let dues: Vec<Due> = days.map(|days| on(today + Duration::days(days))).into();
    let line = timeline(&dues, today, 0.1).unwrap();
    let marks: Vec<_> = line
        .marks
        .iter()
        .map(|it| (it.is_past, it.items.len()))
        .collect();
    assert_eq!(marks, [(true, 2), (false, 2), (false, 1), (false, 1)]);
    let places: Vec<_> = line.marks.iter().map(|it| it.place).collect();
    assert_eq!(places, [0.0, 0.1, 0.55, 1.0]);
    let ticks: Vec<_> = line.ticks.iter().map(|(day, _)| day.to_string()).collect();
    assert_eq!(
        ticks,
        ["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"]
    );
    // If nothing is past, the axis begins today; it is at least a month long.
    let line = timeline(&[on(today)], today, 0.1).unwrap();
    assert_eq!((line.today, line.marks[0].place), (0.0, 0.0));
    assert_eq!(line.last, today + Duration::days(30));
}

proptest! {
    #[test]
    fn marks_of_a_timeline_never_lie_over_each_other_and_hold_everything_once(
        days in prop::collection::vec(-4_000_i64..40_000, 1..60),
        percent in 1_u8..20,
    ) {
        let today: NaiveDate = "2026-11-23".parse().unwrap();
        let gap = f64::from(percent) / 100.0;
        let dues: Vec<Due> = days.iter().map(|days| on(today + Duration::days(*days))).collect();
        let line = timeline(&dues, today, gap).unwrap();
        let held: usize = line.marks.iter().map(|mark| mark.items.len()).sum();
        prop_assert_eq!(held, days.len());
        for pair in line.marks.windows(2) {
            prop_assert!(pair[1].place - pair[0].place >= gap - 1e-9);
        }
        let places = line.marks.iter().map(|mark| mark.place);
        for place in places.chain(line.ticks.iter().map(|(_, place)| *place)) {
            prop_assert!((0.0..=1.0).contains(&place), "{}", place);
        }
        prop_assert!(line.ticks.len() <= 6);
    }
}

#[test]
fn the_ends_of_a_scale_are_called_as_the_board_calls_its_options() {
    let mut desk = Desk::new();
    let ends = |desk: &Desk, crux: CruxId| {
        let crux = desk.board.crux(crux).unwrap();
        let (low, high) =
            cruxboard_domain::pointing::Ends::of(&desk.board, crux).named(&desk.board);
        [low, high].map(|end| end.map(|end| end.name))
    };
    let crux = adds(&mut desk, "It pays", "Continue");
    let named = [Some("Wind down"), Some("Continue")];
    assert_eq!(ends(&desk, crux), named.map(|name| name.map(str::to_owned)));
    let crux = adds(&mut desk, "It fails", "Wind down");
    let named = [Some("Continue"), Some("Wind down")];
    assert_eq!(ends(&desk, crux), named.map(|name| name.map(str::to_owned)));
    let crux = desk.adds_crux("It is so");
    assert_eq!(ends(&desk, crux), [None, None]);
}
