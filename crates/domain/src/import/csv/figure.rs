//! Numbers and ranges in cells.

use super::scale::Scale;
use crate::Credence;

/// A number in a cell, or the middle of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) number: f64,
    /// Whether the cell itself says that the number is in percent, or out of what.
    pub(super) is_percent: bool,
    /// Whether it is a whole number, or a range between two whole numbers.
    pub(super) is_whole: bool,
    /// Whether it is the middle of a range.
    pub(super) is_range: bool,
}

impl Figure {
    /// Parses "35", "27,5", "35 %", "35 Prozent", "1e-7", "4/5", "4 of 5", "4 von 5", "30-50%", "30 bis 50 %".
    /// Nothing else is a figure.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::single(text).or_else(|| Self::part(text)).or_else(|| {
            let marks = ["-", "–", "—", "‒", " to ", " bis ", "..", "…"];
            marks.into_iter().find_map(|mark| Self::range(text, mark))
        })
    }

    fn single(text: &str) -> Option<Self> {
        let without_sign = ["%", "％", "percent", "per cent", "prozent"]
            .into_iter()
            .find_map(|sign| without_suffix(text, sign));
        let (number, is_percent) = match without_sign {
            Some(number) => (number.trim_end(), true),
            None => (text, false),
        };
        let number = plain_number(number)?;
        Some(Self {
            number,
            is_percent,
            is_whole: number.fract() == 0.0,
            is_range: false,
        })
    }

    /// Parses a part of a whole: "4/5", "4 of 5".
    fn part(text: &str) -> Option<Self> {
        let (part, whole) = ["/", " of ", " out of ", " in ", " von ", " aus "]
            .into_iter()
            .find_map(|mark| text.split_once(mark))?;
        let (part, whole) = (plain_number(part.trim())?, plain_number(whole.trim())?);
        let number = part / whole * 100.0;
        number.is_finite().then_some(Self {
            number,
            is_percent: true,
            is_whole: false,
            is_range: false,
        })
    }

    fn range(text: &str, mark: &str) -> Option<Self> {
        let (low, high) = text.split_once(mark)?;
        let (low, high) = (Self::single(low.trim())?, Self::single(high.trim())?);
        // A percent sign on the second number applies to both; one on the first alone is a slip.
        let fits = low.number <= high.number && (!low.is_percent || high.is_percent);
        fits.then_some(Self {
            number: low.number.midpoint(high.number),
            is_percent: high.is_percent,
            is_whole: low.is_whole && high.is_whole,
            is_range: true,
        })
    }

    /// Returns the credence for the number on a scale. A number above 0 stays above 0%, and one below the
    /// maximum stays below 100%, since both ends are certainties.
    pub(super) fn credence(self, scale: Scale) -> Option<Credence> {
        let scale = if self.is_percent {
            Scale::Percent
        } else {
            scale
        };
        let percent = scale.percent(self.number)?;
        let credence = Credence::from_percent(percent)?;
        Some(match credence {
            Credence::ZERO if percent > 0.0 => Credence::clamped(0.01),
            Credence::CERTAIN if percent < 100.0 => Credence::clamped(99.99),
            credence => credence,
        })
    }
}

/// Removes a suffix, whatever the case of its ASCII letters.
fn without_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}

/// Returns whether a cell contains a figure.
pub(super) fn is_figure(cell: &str) -> bool {
    Figure::read(cell).is_some()
}

/// Parses digits with at most one decimal mark, a point or a comma, and optionally an exponent.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = are_digits(whole)
        && are_digits(part)
        && !(whole.is_empty() && part.is_empty())
        && !exponent.is_empty()
        && are_digits(exponent);
    fits.then(|| text.replace(',', ".").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_people_write_them_in_english_and_german() {
        for (cell, number, is_percent) in [
            ("35", 35.0, false),
            ("27,5", 27.5, false),
            ("35 %", 35.0, true),
            ("35 percent", 35.0, true),
            ("35 Prozent", 35.0, true),
            ("27,5 prozent", 27.5, true),
            ("4 of 5", 80.0, true),
            ("4 von 5", 80.0, true),
            ("30 to 50", 40.0, false),
            ("30 bis 50 %", 40.0, true),
            ("30 bis 50 Prozent", 40.0, true),
        ] {
            let figure = Figure::read(cell).expect(cell);
            assert_eq!(
                (figure.number, figure.is_percent),
                (number, is_percent),
                "{cell}"
            );
        }
        for cell in [
            "",
            "Prozent",
            "percent",
            "von 5",
            "unter 5",
            "bis",
            "ungefähr 35",
            "%",
        ] {
            assert_eq!(Figure::read(cell), None, "{cell}");
        }
    }
}
