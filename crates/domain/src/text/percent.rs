//! Formats percentages and percentage points. Every text that shows one uses these functions.
//!
//! A stated credence is shown exactly. A computed figure is rounded to whole percent, with one or two decimal
//! places if the rounded number would be misleading: 0% for a probability above zero, or the threshold itself
//! for a figure beside it.

use crate::Credence;
use crate::estimate::Estimate;
use crate::record::{CredenceRule, Measure};
use crate::text::translation::{number, percent};
use crate::{t, tn};

/// Hundredths of a percent in 1%.
const ONE: u16 = 100;
/// Hundredths of a percent in 100%.
const WHOLE: u16 = 100 * ONE;

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
                let rounded = rounded(Credence::clamped(spread), &values);
                (points(spread, &values), number(rounded))
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

/// Formats a distance between credences in percentage points, rounded as [`Credence::rounded`] does: "1
/// point".
#[must_use]
pub fn points(distance: f64, thresholds: &[Credence]) -> String {
    match rounded(Credence::clamped(distance), thresholds) {
        one if one == "1" => t!("1 point").to_owned(),
        points => t!("{points} points", points = number(points)),
    }
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
    for step in [ONE, ONE / 10] {
        let near = (hundredths + step / 2) / step * step;
        let hides = |bound: u16| near.cmp(&bound) != hundredths.cmp(&bound);
        let mut bounds = thresholds.iter().map(|threshold| threshold.hundredths());
        if hides(0) || hides(WHOLE) || bounds.any(hides) {
            continue;
        }
        return Credence::from_hundredths(near).to_string();
    }
    figure.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn points_are_told_in_the_singular_and_in_the_plural() {
        for (distance, text) in [
            (0.0, "0 points"),
            (0.4, "0.4 points"),
            (1.0, "1 point"),
            (2.0, "2 points"),
            (39.96, "40 points"),
        ] {
            assert_eq!(points(distance, &[]), text);
        }
        assert_eq!(points(39.96, &[of(40.0)]), "39.96 points");
    }
}
