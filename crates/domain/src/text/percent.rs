//! Formats percentages and percentage points. Every text that shows one uses these functions.
//!
//! A stated credence is shown exactly. A computed figure is rounded to whole percent, with one or two decimal
//! places if the rounded number would be misleading: 0% for a probability above zero, or the threshold itself
//! for a figure beside it. A difference is rounded to whole points, and below 10 points to a tenth.

use crate::Credence;
use crate::estimate::Estimate;
use crate::record::{CredenceRule, Measure};
use crate::text::translation::{number, percent};
use crate::{t, tn};

/// Hundredths of a percent in 1%.
const ONE: u16 = 100;
/// Hundredths of a point from which differences are rounded to whole points.
const TEN_POINTS: u16 = 10 * ONE;
/// Bound of rounding errors, in points.
const NOTHING: f64 = 1e-9;

impl Credence {
    /// Formats the credence exactly, with the percent sign: "35%", "0.5%". Parsing it gives the same
    /// credence.
    #[must_use]
    pub fn shown(self) -> String {
        percent(self)
    }

    /// Rounds to whole percent, with as many decimal places as needed to tell the figure apart from 0%, 100%
    /// and `thresholds`. A figure that equals a threshold has no more places than the threshold: "70%".
    #[must_use]
    pub fn rounded(self, thresholds: &[Self]) -> String {
        percent(rounded(self, thresholds))
    }
}

/// Rounds two figures as [`Credence::rounded`] does; shows them exactly if rounding would make two different
/// ones equal.
#[must_use]
pub fn rounded_apart(one: Credence, other: Credence, thresholds: &[Credence]) -> (String, String) {
    let texts = (one.rounded(thresholds), other.rounded(thresholds));
    if one != other && texts.0 == texts.1 {
        (one.shown(), other.shown())
    } else {
        texts
    }
}

/// The figures of an estimate as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The aggregate: "38%".
    pub aggregate: String,
    /// The median: "35%".
    pub median: String,
    /// The spread: "20 points".
    pub spread: String,
    /// The spread without its noun, for columns: "20".
    pub spread_number: String,
    /// The number of people: "3 people".
    pub people: String,
}

impl Estimate {
    /// Formats the figures, each told apart from the values that `rules` compare it with.
    #[must_use]
    pub fn figures(&self, rules: &[CredenceRule]) -> Figures {
        let values = |measure| thresholds(rules, measure);
        let (spread, spread_number) = match self.spread() {
            Some(spread) => {
                let values = values(Measure::Spread);
                (points(spread, &values), points_number(spread, &values))
            }
            None => (t!("none (1 person)").to_owned(), "–".to_owned()),
        };
        Figures {
            aggregate: self.aggregate.rounded(&values(Measure::Aggregate)),
            median: self.median.rounded(&[]),
            spread,
            spread_number,
            people: tn!(self.count, "{count} person", "{count} people"),
        }
    }
}

impl Estimate {
    /// Formats the aggregate, told apart from `other` as well if that differs.
    #[must_use]
    pub fn aggregate_beside(&self, other: Option<Self>, rules: &[CredenceRule]) -> String {
        let other = other.map_or(self.aggregate, |other| other.aggregate);
        rounded_apart(
            self.aggregate,
            other,
            &thresholds(rules, Measure::Aggregate),
        )
        .0
    }
}

/// Returns the values that rules compare this measure with.
#[must_use]
pub fn thresholds(rules: &[CredenceRule], measure: Measure) -> Vec<Credence> {
    let rules = rules.iter().filter(|rule| rule.measure == measure);
    rules.map(|rule| rule.value).collect()
}

/// Formats a difference in percentage points: "21 points", "2.4 points", "1 point", "−2 points".
///
/// It is rounded to whole points, and below 10 points to a tenth, with more decimal places if it would
/// otherwise read as 0 or hide on which side of a threshold it lies.
#[must_use]
pub fn points(difference: f64, thresholds: &[Credence]) -> String {
    match points_number(difference, thresholds) {
        one if one == "1" => t!("1 point").to_owned(),
        points => t!("{points} points", points),
    }
}

/// Formats a difference in percentage points as [`points`] does, with its sign and without the noun: "+21",
/// "−0.4", "0".
#[must_use]
pub fn signed_points(difference: f64) -> String {
    match points_number(difference, &[]) {
        number if difference > 0.0 && number != "0" => format!("+{number}"),
        number => number,
    }
}

fn points_number(difference: f64, thresholds: &[Credence]) -> String {
    let size = difference.abs();
    if size < NOTHING {
        return "0".to_owned();
    }
    let sign = if difference < 0.0 { "−" } else { "" };
    let exact = Credence::clamped(size).hundredths();
    if exact == 0 {
        let least = format!("{sign}{}", number(0.01));
        return t!("less than {number}", number = least);
    }
    let steps = [ONE, ONE / 10].into_iter();
    let near = steps
        .skip_while(|step| *step == ONE && exact < TEN_POINTS)
        .map(|step| nearest(exact, step))
        .find(|near| *near > 0 && !hides_side(exact, *near, thresholds));
    let shown = Credence::from_hundredths(near.unwrap_or(exact));
    format!("{sign}{}", number(shown))
}

impl Credence {
    /// Returns the noun after this number of points: "point" for 1, "points" otherwise.
    pub(crate) fn points_noun(self) -> &'static str {
        if self.hundredths() == ONE {
            t!("point")
        } else {
            t!("points")
        }
    }
}

fn rounded(figure: Credence, thresholds: &[Credence]) -> String {
    let hundredths = figure.hundredths();
    let ends = [Credence::ZERO, Credence::CERTAIN];
    let near = [ONE, ONE / 10]
        .map(|step| nearest(hundredths, step))
        .into_iter()
        .find(|near| {
            !hides_side(hundredths, *near, &ends) && !hides_side(hundredths, *near, thresholds)
        });
    near.map_or(figure, Credence::from_hundredths).to_string()
}

/// Rounds to the nearest multiple of `step`.
fn nearest(hundredths: u16, step: u16) -> u16 {
    (hundredths + step / 2) / step * step
}

/// Returns whether a rounded figure lies on another side of a threshold than the exact one.
fn hides_side(exact: u16, near: u16, thresholds: &[Credence]) -> bool {
    let mut bounds = thresholds.iter().map(|threshold| threshold.hundredths());
    bounds.any(|bound| near.cmp(&bound) != exact.cmp(&bound))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hundredths of a percent in 100%.
    const WHOLE: u16 = 100 * ONE;

    fn of(percent: f64) -> Credence {
        Credence::clamped(percent)
    }

    #[test]
    fn a_stated_credence_is_shown_exactly_and_without_a_space() {
        for (percent, text) in [
            (0.0, "0%"),
            (0.01, "0.01%"),
            (0.5, "0.5%"),
            (22.0, "22%"),
            (99.95, "99.95%"),
            (100.0, "100%"),
        ] {
            assert_eq!(of(percent).shown(), text);
        }
    }

    #[test]
    fn a_figure_is_rounded_but_never_to_a_certainty_that_does_not_hold() {
        for (percent, text) in [
            (0.0, "0%"),
            (0.04, "0.04%"),
            (0.05, "0.1%"),
            (0.3, "0.3%"),
            (0.5, "1%"),
            (1.2, "1%"),
            (38.49, "38%"),
            (38.5, "39%"),
            (99.4, "99%"),
            (99.6, "99.6%"),
            (99.94, "99.9%"),
            (99.96, "99.96%"),
            (100.0, "100%"),
        ] {
            assert_eq!(of(percent).rounded(&[]), text, "{percent}");
        }
    }

    #[test]
    fn a_figure_beside_a_threshold_has_the_digits_that_tell_them_apart() {
        for (percent, threshold, text) in [
            (69.96, 70.0, "69.96%"),
            (70.0, 70.0, "70%"),
            (33.33, 33.33, "33.33%"),
            (69.996, 70.0, "70%"),
            (70.04, 70.0, "70.04%"),
            (69.9, 70.0, "69.9%"),
            (69.7, 70.0, "69.7%"),
            (69.4, 70.0, "69%"),
            (69.6, 69.8, "69.6%"),
            (69.6, 69.5, "70%"),
            (12.0, 70.0, "12%"),
        ] {
            assert_eq!(of(percent).rounded(&[of(threshold)]), text, "{percent}");
        }
        assert_eq!(of(69.96).rounded(&[of(20.0), of(70.0)]), "69.96%");
    }

    #[test]
    fn no_rounded_figure_is_on_the_wrong_side_of_a_threshold() {
        for threshold in [0, 1, 4_950, 6_999, 7_000, 7_001, 9_999, 10_000] {
            let threshold = Credence::from_hundredths(threshold);
            for hundredths in 0..=WHOLE {
                let figure = Credence::from_hundredths(hundredths);
                let text = figure.rounded(&[threshold]);
                let read: Credence = text.parse().unwrap();
                assert_eq!(
                    read.cmp(&threshold),
                    figure.cmp(&threshold),
                    "{figure} beside {threshold} reads {text}"
                );
            }
        }
    }

    #[test]
    fn figures_are_told_apart_from_the_values_that_decide() {
        use crate::record::Comparison;
        let rule = |measure, value| CredenceRule {
            measure,
            comparison: Comparison::AtLeast,
            value: of(value),
            reviews: 0,
        };
        let estimate = Estimate::of([60.0, 70.0, 78.3].map(of)).unwrap();
        let plain = estimate.figures(&[]);
        assert_eq!(
            (&*plain.aggregate, &*plain.median, &*plain.spread),
            ("70%", "70%", "18 points")
        );
        let judged =
            estimate.figures(&[rule(Measure::Aggregate, 70.0), rule(Measure::Spread, 18.0)]);
        assert_eq!(
            (&*judged.aggregate, &*judged.median, &*judged.spread),
            ("69.96%", "70%", "18.3 points")
        );
        let met = Estimate::of([60.0, 70.0, 78.4].map(of)).unwrap();
        let met = met.figures(&[rule(Measure::Aggregate, 70.0)]);
        assert_eq!(met.aggregate, "70%");
    }

    #[test]
    fn two_figures_that_differ_are_never_shown_as_one() {
        for (one, other, text) in [
            (22.4, 38.4, ("22%", "38%")),
            (69.96, 70.04, ("69.96%", "70.04%")),
            (70.0, 70.3, ("70%", "70.3%")),
            (70.0, 70.0, ("70%", "70%")),
        ] {
            let texts = rounded_apart(of(one), of(other), &[]);
            assert_eq!((texts.0.as_str(), texts.1.as_str()), text);
        }
    }

    #[test]
    fn points_are_whole_from_10_on_and_told_to_a_tenth_below() {
        for (difference, text) in [
            (0.0, "0 points"),
            (1e-12, "0 points"),
            (0.001, "less than 0.01 points"),
            (0.04, "0.04 points"),
            (0.4, "0.4 points"),
            (1.0, "1 point"),
            (1.04, "1 point"),
            (-1.6, "−1.6 points"),
            (2.0, "2 points"),
            (9.5, "9.5 points"),
            (9.96, "10 points"),
            (10.4, "10 points"),
            (20.5, "21 points"),
            (-20.5, "−21 points"),
            (39.96, "40 points"),
            (99.6, "100 points"),
        ] {
            assert_eq!(points(difference, &[]), text, "{difference}");
        }
        for (difference, text) in [
            (0.0, "0"),
            (1e-12, "0"),
            (5.0, "+5"),
            (0.4, "+0.4"),
            (-0.4, "−0.4"),
            (20.5, "+21"),
            (-20.0, "−20"),
        ] {
            assert_eq!(signed_points(difference), text, "{difference}");
        }
    }

    #[test]
    fn points_beside_a_threshold_have_the_digits_that_tell_them_apart() {
        for (difference, threshold, text) in [
            (39.96, 40.0, "39.96 points"),
            (39.6, 40.0, "39.6 points"),
            (20.5, 20.5, "20.5 points"),
            (20.5, 20.0, "21 points"),
            (5.04, 5.0, "5.04 points"),
        ] {
            assert_eq!(points(difference, &[of(threshold)]), text, "{difference}");
        }
    }
}
