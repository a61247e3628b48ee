//! Value of information and value of discrimination, compared with figures computed elsewhere, and their
//! laws.

use cruxboard_domain::Credence;
use cruxboard_domain::value_of_information::{ConditionalView, level_vod, log_vod, lower_median};
use proptest::prelude::*;

fn credence(percent: f64) -> Credence {
    Credence::from_percent(percent).unwrap()
}

fn view(question: f64, crux: f64, if_true: f64) -> ConditionalView {
    ConditionalView::new(credence(question), credence(crux), credence(if_true)).unwrap()
}

#[track_caller]
fn assert_close(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() < tolerance, "{found}, not {wanted}");
}

/// The examples that the Institute publishes with its calculator, which gives log VOI in hartleys.
#[test]
fn published_examples_come_out_as_published() {
    let ai_writes_ai = view(9.0, 75.0, 10.0);
    assert_close(ai_writes_ai.if_false().unwrap(), 0.06, 1e-12);
    assert_close(ai_writes_ai.level_voi(), 1.5, 1e-12);
    assert_close(ai_writes_ai.log_voi(), 0.00286, 5e-6);
    assert_close(ai_writes_ai.voi_share(), 0.00656, 5e-6);
    let other = view(20.0, 50.0, 23.0);
    assert_close(other.if_false().unwrap(), 0.17, 1e-12);
    assert_close(other.level_voi(), 3.0, 1e-12);
}

/// The expected values were computed with the formulas in another language, at full precision.
#[test]
fn values_of_two_people_agree_with_an_independent_computation() {
    let a = view(30.0, 40.0, 60.0);
    let b = view(10.0, 60.0, 12.0);
    assert_close(level_vod(&a, &b).unwrap(), -5.5, 1e-9);
    assert_close(log_vod(&a, &b).unwrap(), -0.449_185_255_765_900_2, 1e-12);
    // Learning the answer can only drive two people apart who agree.
    let c = view(30.0, 40.0, 30.0);
    assert_close(level_vod(&a, &c).unwrap(), -24.0, 1e-9);
}

#[test]
fn a_crux_that_is_the_question_itself_tells_one_bit() {
    let same = view(50.0, 50.0, 100.0);
    assert_close(same.log_voi(), 1.0, 1e-12);
    assert_close(same.voi_share(), 1.0, 1e-12);
    assert_close(same.level_voi(), 50.0, 1e-12);
}

#[test]
fn certainty_divides_nothing_by_zero() {
    for (question, crux, if_true) in [
        (0.0, 50.0, 0.0),
        (100.0, 50.0, 100.0),
        (30.0, 0.0, 80.0),
        (30.0, 100.0, 30.0),
        (0.0, 0.0, 50.0),
    ] {
        let view = view(question, crux, if_true);
        assert_close(view.level_voi(), 0.0, 1e-12);
        assert_close(view.log_voi(), 0.0, 1e-12);
        assert_close(view.voi_share(), 0.0, 1e-12);
    }
    // P(U|¬C) of a person certain of C may be anything, so that person cannot be compared.
    let certain = view(30.0, 100.0, 30.0);
    assert_eq!(certain.if_false(), None);
    assert_eq!(level_vod(&certain, &view(30.0, 50.0, 30.0)), None);
    // Certainty and doubt are infinitely far apart.
    assert_eq!(
        log_vod(&view(0.0, 50.0, 0.0), &view(50.0, 50.0, 50.0)),
        None
    );
}

#[test]
fn credences_that_contradict_each_other_are_refused_with_the_range_that_holds() {
    let new = |question, crux, if_true| {
        ConditionalView::new(credence(question), credence(crux), credence(if_true))
    };
    let refused = new(20.0, 50.0, 50.0).unwrap_err();
    assert_eq!(
        (refused.lowest, refused.highest),
        (credence(0.0), credence(40.0))
    );
    assert!(
        refused.to_string().contains("between 0% and 40% likely"),
        "{refused}"
    );
    let refused = new(90.0, 50.0, 70.0).unwrap_err();
    assert_eq!(
        (refused.lowest, refused.highest),
        (credence(80.0), credence(100.0))
    );
    assert!(new(30.0, 100.0, 31.0).is_err());
    for limit in [0.0, 40.0] {
        assert!(
            new(20.0, 50.0, limit).is_ok(),
            "{limit} is within the range"
        );
    }
}

#[test]
fn the_figure_of_a_group_is_that_of_a_member() {
    assert_eq!(lower_median(vec![]), None);
    assert_eq!(lower_median(vec![3.0]), Some(3.0));
    assert_eq!(lower_median(vec![4.0, 1.0]), Some(1.0));
    assert_eq!(lower_median(vec![4.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(lower_median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.0));
}

/// Generates `P(C)`, `P(U|C)` and `P(U|¬C)` in percent, and the view that follows from them.
fn coherent() -> impl Strategy<Value = (f64, f64, f64)> {
    (0.0..=100.0, 0.0..=100.0, 0.0..=100.0)
}

fn from_parts((crux, if_true, if_false): (f64, f64, f64)) -> ConditionalView {
    let question = (crux * if_true + (100.0 - crux) * if_false) / 100.0;
    let [question, crux, if_true] = [question, crux, if_true].map(Credence::clamped);
    // Stated credences are rounded, which may put the three out of range by one step.
    ConditionalView::new(question, crux, if_true).unwrap_or_else(|range| {
        let if_true = if_true
            .percent()
            .clamp(range.lowest.percent(), range.highest.percent());
        ConditionalView::new(question, crux, Credence::clamped(if_true))
            .unwrap_or_else(|_| ConditionalView::new(question, crux, question).unwrap())
    })
}

/// Returns the mutual information of `U` and `C` from their joint distribution, in bits.
fn mutual_information(view: &ConditionalView, crux: f64, question: f64, if_true: f64) -> f64 {
    let if_false = view.if_false().unwrap_or(question);
    let cells = [
        (crux * if_true, crux * question),
        (crux * (1.0 - if_true), crux * (1.0 - question)),
        ((1.0 - crux) * if_false, (1.0 - crux) * question),
        (
            (1.0 - crux) * (1.0 - if_false),
            (1.0 - crux) * (1.0 - question),
        ),
    ];
    let part = |(joint, product): (f64, f64)| match joint {
        0.0 => 0.0,
        joint => joint * (joint / product).log2(),
    };
    cells.into_iter().map(part).sum()
}

proptest! {
    #[test]
    fn voi_is_never_negative_and_at_most_what_there_is_to_learn(parts in coherent()) {
        let view = from_parts(parts);
        prop_assert!((0.0..=50.0 + 1e-9).contains(&view.level_voi()));
        prop_assert!(view.log_voi() >= 0.0);
        prop_assert!(view.log_voi() <= view.entropy() + 1e-9);
        prop_assert!((0.0..=1.0).contains(&view.voi_share()));
    }

    #[test]
    fn a_crux_that_tells_nothing_of_the_question_is_worth_nothing(
        crux in 0.0..=100.0, question in 0.0..=100.0,
    ) {
        let [crux, question] = [crux, question].map(Credence::clamped);
        let view = ConditionalView::new(question, crux, question).unwrap();
        prop_assert!(view.level_voi() < 1e-6);
        prop_assert!(view.log_voi() < 1e-6);
    }

    #[test]
    fn log_voi_is_the_mutual_information(
        crux in 1.0..=99.0, question in 1.0..=99.0, share in 0.0..=1.0,
    ) {
        let [question, crux] = [question, crux].map(Credence::clamped);
        let [u, c] = [question, crux].map(|it| it.percent() / 100.0);
        let (low, high) = (((u - (1.0 - c)) / c).max(0.0), (u / c).min(1.0));
        let if_true = Credence::clamped((low + share * (high - low)) * 100.0);
        prop_assume!(ConditionalView::new(question, crux, if_true).is_ok());
        let view = ConditionalView::new(question, crux, if_true).unwrap();
        let wanted = mutual_information(&view, c, u, if_true.percent() / 100.0);
        prop_assert!((view.log_voi() - wanted).abs() < 1e-9, "{} {wanted}", view.log_voi());
    }

    #[test]
    fn nothing_changes_when_true_and_false_change_places(
        crux in 1.0..=99.0, if_true in 0.0..=100.0, if_false in 0.0..=100.0,
    ) {
        let [crux, if_true, if_false] = [crux, if_true, if_false].map(f64::round);
        let question = (crux * if_true + (100.0 - crux) * if_false) / 100.0;
        let [question, crux, other, if_true, if_false] =
            [question, crux, 100.0 - crux, if_true, if_false].map(Credence::clamped);
        let one = ConditionalView::new(question, crux, if_true);
        let same = ConditionalView::new(question, other, if_false);
        if let (Ok(one), Ok(same)) = (one, same) {
            prop_assert!((one.level_voi() - same.level_voi()).abs() < 1e-2);
            prop_assert!((one.log_voi() - same.log_voi()).abs() < 1e-3);
        }
    }

    #[test]
    fn the_order_of_two_people_does_not_matter(a in coherent(), b in coherent()) {
        let (a, b) = (from_parts(a), from_parts(b));
        let same = |x: Option<f64>, y: Option<f64>| match (x, y) {
            (Some(x), Some(y)) => (x - y).abs() < 1e-9,
            (x, y) => x == y,
        };
        prop_assert!(same(level_vod(&a, &b), level_vod(&b, &a)));
        prop_assert!(same(log_vod(&a, &b), log_vod(&b, &a)));
    }

    #[test]
    fn nothing_is_gained_where_two_people_hold_the_same(parts in coherent()) {
        let view = from_parts(parts);
        if let Some(vod) = level_vod(&view, &view) {
            prop_assert!(vod.abs() < 1e-9);
        }
    }
}
