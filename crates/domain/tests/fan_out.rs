//! The places of dots on the axis of credences.

use cruxboard_domain::fan_out::{Place, STEP, fan_out};
use proptest::prelude::*;

/// The distance between two dots.
fn distance(one: Place, other: Place) -> f64 {
    (one.along - other.along).hypot(one.across - other.across)
}

/// The narrowest axis, in dots: that of a board beside other columns.
const NARROW: f64 = 9.0;

/// Credences that often meet, also at the ends.
fn credences(most: usize) -> impl Strategy<Value = Vec<f64>> {
    let one = prop_oneof![
        0.0..=100.0,
        (0_u32..=20).prop_map(|step| f64::from(step) * 5.0),
        Just(0.0),
        Just(100.0),
        Just(50.0),
        40.0..=44.0,
    ];
    prop::collection::vec(one, 0..=most)
}

/// Checks that dots overlap by a third at most, keep their order and stay on the axis.
fn check(percents: &[f64], places: &[Place], length: f64) -> Result<(), TestCaseError> {
    prop_assert_eq!(places.len(), percents.len());
    for (one, place) in places.iter().enumerate() {
        prop_assert!((0.0..=length).contains(&place.along), "{:?}", place);
        for (other, beside) in places.iter().enumerate().skip(one + 1) {
            let apart = distance(*place, *beside);
            prop_assert!(apart >= STEP - 1e-9, "{} and {}: {}", one, other, apart);
            let order = percents[one].total_cmp(&percents[other]);
            let is_kept = match order.is_lt() {
                true => place.along <= beside.along + 1e-9,
                false => order.is_eq() || place.along >= beside.along - 1e-9,
            };
            prop_assert!(is_kept, "{} and {}", one, other);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_dot_hides_another_and_all_keep_their_order_on_the_axis(
        percents in credences(14),
        length in NARROW..40.0,
    ) {
        check(&percents, &fan_out(&percents, length, None), length)?;
    }

    #[test]
    fn no_dot_hides_the_handle(
        percents in credences(6),
        handle in prop_oneof![0.0..=100.0, Just(0.0), Just(100.0), Just(42.0)],
        length in NARROW..40.0,
    ) {
        let places = fan_out(&percents, length, Some(handle));
        check(&percents, &places, length)?;
        let own = Place { along: handle / 100.0 * length, across: 0.0 };
        for place in places {
            // The handle is 1.2 dots wide.
            let covered = (0.6 + 0.5) - distance(place, own);
            prop_assert!(covered <= 1.0 / 3.0 + 1e-6, "{:?} covers {}", place, covered);
        }
    }
}

#[test]
fn dots_that_do_not_meet_stay_where_they_are_on_the_axis() {
    let places = fan_out(&[80.0, 20.0, 50.0], 10.0, None);
    let along = places.iter().map(|place| place.along);
    assert_eq!(along.collect::<Vec<_>>(), [8.0, 2.0, 5.0]);
    assert!(places.iter().all(|place| place.across == 0.0));
}

#[test]
fn three_people_of_one_credence_stand_above_each_other_and_four_around_it() {
    let three = fan_out(&[50.0; 3], 10.0, None);
    assert!(three.iter().all(|place| place.along == 5.0), "{three:?}");
    let four = fan_out(&[50.0; 4], 10.0, None);
    let middle = four.iter().map(|place| place.along).sum::<f64>() / 4.0;
    assert!((middle - 5.0).abs() < 0.2, "{four:?}");
}
