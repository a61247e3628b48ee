//! Formats numbers. The standard library's formatting of floats covers far more cases, and would be
//! a tenth of the download.

use cruxboard_domain::translation::number;

/// Rounds to the nearest whole number.
#[must_use]
pub fn rounded(value: f64) -> i64 {
    value.round() as i64
}

/// Formats a number with two decimal places, so that columns line up, as the language writes it.
#[must_use]
pub fn hundredths(value: f64) -> String {
    let count = rounded(value * 100.0);
    let sign = if count < 0 { "−" } else { "" };
    let count = count.unsigned_abs();
    number(format_args!("{sign}{}.{:02}", count / 100, count % 100))
}

/// Formats a number with at most two decimal places, as few as needed.
#[must_use]
pub fn plain(value: f64) -> String {
    let hundredths = rounded(value * 100.0);
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (
        hundredths.unsigned_abs() / 100,
        hundredths.unsigned_abs() % 100,
    );
    match (part, part % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", part / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_two_places_whatever_it_is() {
        for (value, text) in [
            (0.0, "0.00"),
            (0.098, "0.10"),
            (0.6, "0.60"),
            (-1.5, "−1.50"),
            (-0.001, "0.00"),
            (12.345, "12.35"),
        ] {
            assert_eq!(hundredths(value), text);
        }
    }

    #[test]
    fn a_number_has_as_many_places_as_it_needs() {
        for (value, text) in [
            (0.0, "0"),
            (35.0, "35"),
            (-0.5, "-0.5"),
            (99.95, "99.95"),
            (1.0 / 3.0, "0.33"),
            (2.0 / 3.0, "0.67"),
            (0.05, "0.05"),
            (-0.001, "0"),
            (640.0, "640"),
        ] {
            assert_eq!(plain(value), text);
        }
    }
}
