//! Pooling of credences. The expected values were computed independently, in Python.

use std::time::Duration;

use crate::desk::{DAY, Desk, NOW, at_least};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::diff::{About, Since, What};
use cruxboard_domain::estimate::{Estimate, estimate, steps};
use cruxboard_domain::format::{POOLING_NOTE, changed_states_words, pooling_note, tell};
use cruxboard_domain::pooling::{Pool, dominating, leaving_each_out};
use cruxboard_domain::record::*;
use cruxboard_domain::trigger_changes::credence_trigger_states;
use cruxboard_domain::trigger_state::{TriggerState, measured};
use cruxboard_domain::what_if::{Assumed, option_models};
use cruxboard_domain::{ChangeId, Credence};
use proptest::prelude::*;

const HALF_LIFE: Duration = Duration::from_secs(90 * 86_400);

fn pool(pooling: Pooling) -> Pool {
    Pool {
        pooling,
        ..Pool::default()
    }
}

fn percent(pool: Pool, held: &[(f64, u32)]) -> f64 {
    let held: Vec<_> = held
        .iter()
        .map(|(percent, days)| (Credence::clamped(*percent), NOW + DAY * *days))
        .collect();
    pool.pooled(&held).unwrap().percent()
}

#[test]
fn each_rule_gives_the_values_computed_independently() {
    use Pooling::{GeometricOdds, Mean, Median, TrimmedMean};
    let five = [3.0, 20.0, 35.0, 50.0, 90.0].map(|percent| (percent, 0));
    let three = [60.0, 10.0, 20.0].map(|percent| (percent, 0));
    let aged = [(10.0, 0), (20.0, 90), (60.0, 180)];
    let by_age = |pooling| Pool {
        half_life: Some(HALF_LIFE),
        ..pool(pooling)
    };
    let extremised = |pooling, factor| Pool {
        factor,
        ..pool(pooling)
    };
    for (pool, held, expected) in [
        (pool(GeometricOdds), &five[..], 34.144_947),
        (pool(Median), &five, 35.0),
        (pool(Mean), &five, 39.6),
        (pool(TrimmedMean), &five, 35.0),
        (pool(GeometricOdds), &three, 25.743_345),
        // A fifth of three people is three fifths of one person.
        (pool(TrimmedMean), &three, 26.666_667),
        (pool(Median), &five[..2], 11.5),
        (pool(TrimmedMean), &five[..1], 3.0),
        (by_age(GeometricOdds), &aged, 38.265_860),
        (by_age(Mean), &aged, 41.428_571),
        // The newest credence has more than half of the weight.
        (by_age(Median), &aged, 60.0),
        (extremised(GeometricOdds, 2.0), &three, 10.729_227),
        (extremised(Median, 1.5), &three, 11.111_111),
        (
            pool(GeometricOdds),
            &[(0.0, 0), (50.0, 0), (50.0, 0)],
            9.093_666,
        ),
    ] {
        let found = percent(pool, held);
        assert!(
            (found - expected).abs() < 0.005,
            "{pool:?} {held:?}: {found}"
        );
    }
}

proptest! {
    #[test]
    fn every_rule_stays_between_the_lowest_and_the_highest_and_ignores_the_order(
        held in prop::collection::vec((1.0..99.0_f64, 0..400_u32), 1..9),
        pooling in prop::sample::select(Pooling::ALL),
        is_by_age: bool,
    ) {
        let pool = Pool { half_life: is_by_age.then_some(HALF_LIFE), ..pool(pooling) };
        let found = percent(pool, &held);
        let low = held.iter().map(|one| one.0).fold(100.0, f64::min);
        let high = held.iter().map(|one| one.0).fold(0.0, f64::max);
        prop_assert!(low - 0.01 <= found && found <= high + 0.01, "{} {} {}", low, found, high);
        let mut other = held.clone();
        other.reverse();
        prop_assert!((percent(pool, &other) - found).abs() < 0.011);
        // Credences age alike, so the aggregate does not change with time.
        let later: Vec<_> = held.iter().map(|(one, days)| (*one, days + 50)).collect();
        prop_assert!((percent(pool, &later) - found).abs() < 0.011);
    }

    #[test]
    fn true_and_false_can_be_swapped(
        held in prop::collection::vec((1.0..99.0_f64, 0..400_u32), 1..9),
        pooling in prop::sample::select(Pooling::ALL),
        factor in 1.0..3.0_f64,
    ) {
        let pool = Pool { factor, ..pool(pooling) };
        let other: Vec<_> = held.iter().map(|(one, days)| (100.0 - one, *days)).collect();
        let sum = percent(pool, &held) + percent(pool, &other);
        prop_assert!((sum - 100.0).abs() < 0.05, "{}", sum);
    }
}

fn pools_by(desk: &mut Desk, pooling: Pooling) {
    desk.does(Command::Describe(BoardInfoEdit {
        pooling: Some(Some(pooling)),
        ..BoardInfoEdit::default()
    }));
}

#[test]
fn triggers_history_and_options_use_the_aggregate_that_is_on_the_screen() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(45.0, 0));
    desk.states(crux, "Ann", 5.0);
    desk.states(crux, "Bob", 90.0);
    let option = desk.option("Wind down");
    for (person, percent) in [("Ann", 5.0), ("Bob", 90.0)] {
        let moved = cruxboard_domain::decide::OptionMove {
            option,
            if_true: None,
            person: desk.person(person),
            credence: Credence::clamped(percent),
            reason: String::new(),
        };
        desk.does(Command::StateOptionCredence {
            moved,
            evidence: Vec::new(),
        });
    }
    for (pooling, aggregate, state) in [
        (Pooling::GeometricOdds, 40.77, TriggerState::Near),
        (Pooling::Mean, 47.5, TriggerState::Met),
        (Pooling::Median, 47.5, TriggerState::Met),
    ] {
        pools_by(&mut desk, pooling);
        let views = desk.board.current_views(crux, desk.now);
        let shown = estimate(&desk.board, &views, true).unwrap().aggregate;
        assert!(
            (shown.percent() - aggregate).abs() < 0.01,
            "{pooling:?} {shown}"
        );
        let record = desk.board.trigger(trigger).unwrap();
        let found = measured(&desk.board, record, Now::utc(desk.now)).unwrap();
        assert_eq!(found.figure, Some(shown), "{pooling:?}");
        assert_eq!(desk.state_on(trigger, "2026-11-24"), state, "{pooling:?}");
        let last = steps(&desk.board, crux).pop().unwrap();
        assert_eq!(last.estimate.aggregate, shown, "{pooling:?}");
        let models = option_models(&desk.board, Now::utc(desk.now));
        let model = models.iter().find(|model| model.option == option).unwrap();
        assert_eq!(model.of_group(&Assumed::new()), Some(shown), "{pooling:?}");
    }
}

#[test]
fn an_aggregate_is_told_without_each_person_and_one_certainty_is_named() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let views = |desk: &Desk| desk.board.current_views(crux, desk.now);
    desk.states(crux, "Ann", 0.0);
    assert_eq!(leaving_each_out(desk.board.pool(), &views(&desk), true), []);
    assert_eq!(dominating(desk.board.pool(), &views(&desk), true), None);
    desk.states(crux, "Bob", 50.0);
    let without = leaving_each_out(desk.board.pool(), &views(&desk), true);
    let figures: Vec<_> = without
        .iter()
        .map(|one| (one.person, one.aggregate.percent()))
        .collect();
    // Certainty counts as 0.1% in a geometric mean of odds, even for a single person.
    assert_eq!(
        figures,
        [(desk.person("Ann"), 50.0), (desk.person("Bob"), 0.1)]
    );
    let found = dominating(desk.board.pool(), &views(&desk), true).unwrap();
    assert_eq!(found.person, desk.person("Ann"));
    // One certain person does not dominate a median.
    pools_by(&mut desk, Pooling::Median);
    for name in ["Cy", "Dee", "Eve"] {
        let person = PersonEdit {
            name: Some(name.into()),
            ..PersonEdit::default()
        };
        desk.does(Command::AddPerson(person));
        desk.states(crux, name, 52.0);
    }
    assert_eq!(dominating(desk.board.pool(), &views(&desk), true), None);
    pools_by(&mut desk, Pooling::GeometricOdds);
    assert!(dominating(desk.board.pool(), &views(&desk), true).is_some());
    // A person who is only nearly certain is not reported.
    desk.states(crux, "Ann", 0.5);
    assert_eq!(dominating(desk.board.pool(), &views(&desk), true), None);
}

#[test]
fn leaving_out_nobody_is_the_aggregate() {
    let held = [20.0, 30.0, 80.0].map(|percent| (Credence::clamped(percent), NOW));
    let all = Pool::default().pooled(&held);
    assert_eq!(
        Estimate::pooled(Pool::default(), &held).map(|it| it.aggregate),
        all
    );
    assert_eq!(Pool::default().pooled(&[]), None);
}

#[test]
fn no_credence_trigger_is_met_on_fewer_than_two_people() {
    for quorum in [0, 1, 2] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_rule(crux, at_least(50.0, 0));
        let set = TriggerEdit {
            quorum: Some(Some(quorum)),
            ..TriggerEdit::default()
        };
        desk.edits_trigger(trigger, set, "to try").unwrap();
        desk.states(crux, "Ann", 90.0);
        assert_ne!(
            desk.state_on(trigger, "2026-11-24"),
            TriggerState::Met,
            "{quorum}"
        );
        desk.states(crux, "Bob", 90.0);
        assert_eq!(
            desk.state_on(trigger, "2026-11-24"),
            TriggerState::Met,
            "{quorum}"
        );
    }
}

#[test]
fn a_rule_of_pooling_that_unmeets_a_trigger_says_so_where_it_is_changed_and_in_what_changed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    for (person, percent) in [("Ann", 40.0), ("Bob", 99.0)] {
        desk.states(crux, person, percent);
    }
    let trigger = desk.adds_rule(crux, at_least(80.0, 0));
    let now = Now::utc(desk.now);
    let before = credence_trigger_states(&desk.board, now);
    assert_eq!(before[&trigger], TriggerState::Met);
    let review = desk.reviews();
    desk.days_pass(1);
    desk.does(Command::Describe(BoardInfoEdit {
        pooling: Some(Some(Pooling::Mean)),
        ..BoardInfoEdit::default()
    }));
    let now = Now::utc(desk.now);
    let after = credence_trigger_states(&desk.board, now);
    assert_ne!(after[&trigger], TriggerState::Met);
    let words = changed_states_words(&desk.board, &before, &after).unwrap();
    assert!(
        words.starts_with("1 credence trigger now stands otherwise: "),
        "{words}"
    );
    assert!(words.contains("on “It is so”: met → "), "{words}");
    assert_eq!(changed_states_words(&desk.board, &after, &after), None);
    let since = Since::between(&desk.board, review, ChangeId::MAX, now);
    let lines = since.groups.iter().flat_map(|group| &group.lines);
    let stands: Vec<_> = lines
        .filter(|line| matches!(line.what, What::Stands(TriggerState::Met, _)))
        .map(|line| line.about)
        .collect();
    assert_eq!(stands, [About::Trigger(trigger)]);
}

#[test]
fn a_changed_rule_of_pooling_is_explained_in_what_changed_and_in_history() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    for (person, percent) in [("Ann", 40.0), ("Bob", 99.0)] {
        desk.states(crux, person, percent);
    }
    let before = desk.reviews();
    desk.days_pass(1);
    let between = |desk: &Desk| {
        let now = Now::utc(desk.now);
        Since::between(&desk.board, before, ChangeId::MAX, now)
    };
    desk.does(Command::Describe(BoardInfoEdit {
        about: Some("Background".into()),
        ..BoardInfoEdit::default()
    }));
    assert!(!between(&desk).changes_pooling());
    desk.does(Command::Describe(BoardInfoEdit {
        pooling: Some(Some(Pooling::Mean)),
        ..BoardInfoEdit::default()
    }));
    let since = between(&desk);
    assert!(since.changes_pooling());
    let lines = since.groups.iter().flat_map(|group| &group.lines);
    let told: Vec<String> = lines.map(|line| tell(&desk.board, line).1).collect();
    let expected = format!("Aggregate: “geometric mean of odds” → “mean”. {POOLING_NOTE}");
    assert!(told.iter().any(|line| line.contains(&expected)), "{told:?}");
    let changes = desk.board.log().entries();
    let changes = changes.filter_map(|entry| desk.board.log().change(entry.id()));
    let notes = changes.filter_map(|change| pooling_note(&change.payload));
    assert_eq!(notes.collect::<Vec<_>>(), [POOLING_NOTE]);
}
