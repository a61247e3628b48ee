//! Round numbers on an axis.

use crate::translation;

/// An axis of numbers, from the first tick to the last.
pub(super) struct Scale {
    /// The distance between two ticks.
    step: f64,
    /// The first and the last tick, in steps from 0.
    ends: (i32, i32),
}

impl Scale {
    /// Creates an axis that includes all values and 0, with three to seven ticks at round numbers.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((0.0_f64, 0.0_f64), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        // Without a span there would be no distance between two ticks.
        let high = if high - low < 1e-3 { low + 1.0 } else { high };
        let least = (high - low) / 5.0;
        let magnitude = 10_f64.powf(least.log10().floor());
        let steps = [1.0, 2.0, 5.0].map(|times| times * magnitude);
        let step = steps.into_iter().find(|step| *step >= least);
        let step = step.unwrap_or(10.0 * magnitude);
        Self {
            step,
            ends: ((low / step).floor() as i32, (high / step).ceil() as i32),
        }
    }

    /// Returns the position of a value, from 0 to 1.
    pub(super) fn place(&self, value: f64) -> f64 {
        let (first, last) = (f64::from(self.ends.0), f64::from(self.ends.1));
        (value / self.step - first) / (last - first)
    }

    /// Returns the values of all ticks.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.ends.0..=self.ends.1).map(|tick| f64::from(tick) * self.step)
    }

    /// Formats the value of a tick, with as many decimal places as the ticks need.
    pub(super) fn label(&self, value: f64, unit: &str, is_signed: bool) -> String {
        let places = (-self.step.log10().floor()).max(0.0) as usize;
        let number = format!("{:.places$}", value.abs());
        let sign = match value {
            value if value < 0.0 => "−",
            value if value > 0.0 && is_signed => "+",
            _ => "",
        };
        match unit {
            "%" => format!("{sign}{}", translation::percent(number)),
            unit => format!("{sign}{}{unit}", translation::number(number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_few_round_numbers_and_holds_every_value() {
        for (values, unit, is_signed, labels) in [
            (
                &[12.0, 55.0][..],
                "%",
                false,
                &["0%", "20%", "40%", "60%"][..],
            ),
            (
                &[99.9],
                "%",
                false,
                &["0%", "20%", "40%", "60%", "80%", "100%"],
            ),
            (&[-1.5, 2.2], "", true, &["−2", "−1", "0", "+1", "+2", "+3"]),
            (&[0.13], "", true, &["0.00", "+0.05", "+0.10", "+0.15"]),
            (
                &[],
                "%",
                false,
                &["0.0%", "0.2%", "0.4%", "0.6%", "0.8%", "1.0%"],
            ),
            (
                &[f64::NAN, f64::INFINITY, 4.0],
                "",
                false,
                &["0", "1", "2", "3", "4"],
            ),
        ] {
            let scale = Scale::around(values.iter().copied());
            let ticks: Vec<f64> = scale.ticks().collect();
            let shown = ticks.iter().map(|tick| scale.label(*tick, unit, is_signed));
            assert_eq!(shown.collect::<Vec<_>>(), labels, "{values:?}");
            for value in values.iter().filter(|value| value.is_finite()) {
                assert!((0.0..=1.0).contains(&scale.place(*value)), "{value}");
            }
            assert!((3..=7).contains(&ticks.len()), "{values:?}: {ticks:?}");
        }
    }
}
