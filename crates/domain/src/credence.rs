//! Credences, and their forms in words and odds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::translation;
use crate::{t, translatable};

/// The probability that a person gives to a claim, 0 to 100%, in steps of a hundredth of a percent.
///
/// In JSON it is a number of percent: `35`, `0.5`, `99.95`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Credence(u16);

impl Credence {
    /// 0%.
    pub const ZERO: Self = Self(0);
    /// 50%.
    pub const HALF: Self = Self(5_000);
    /// 100%.
    pub const CERTAIN: Self = Self(10_000);

    /// Converts percent, 0 to 100; `None` outside this range or for NaN.
    #[must_use]
    pub fn from_percent(percent: f64) -> Option<Self> {
        (0.0..=100.0)
            .contains(&percent)
            .then(|| Self((percent * 100.0).round() as u16))
    }

    /// Converts percent, clamped to 0 to 100; NaN becomes 0.
    #[must_use]
    pub fn clamped(percent: f64) -> Self {
        Self((percent.clamp(0.0, 100.0) * 100.0).round() as u16)
    }

    /// Converts hundredths of a percent, at most 10,000.
    pub(crate) const fn from_hundredths(hundredths: u16) -> Self {
        Self(hundredths)
    }

    /// Returns the credence in hundredths of a percent, 0 to 10,000.
    pub(crate) const fn hundredths(self) -> u16 {
        self.0
    }

    /// Returns the credence in percent, 0 to 100.
    #[must_use]
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Returns the credence moved by `points` percentage points, clamped to 0 to 100.
    #[must_use]
    pub fn moved(self, points: f64) -> Self {
        Self::clamped(self.percent() + points)
    }

    /// Returns the distance in percentage points, 0 to 100.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        f64::from(self.0.abs_diff(other.0)) / 100.0
    }

    /// Returns the likelihood word of the IPCC's guidance note on uncertainty (Mastrandrea et al., 2010,
    /// table 1 with its additional terms). Unlike there, "about as likely as not" is kept to 45 to 55%, so
    /// that it never stands beside "about 1 in 3", and 0 and 100% have words of their own.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self.0 {
            0 => t!("impossible"),
            1..100 => t!("exceptionally unlikely"),
            100..1_000 => t!("very unlikely"),
            1_000..3_300 => t!("unlikely"),
            3_300..4_500 => t!("more unlikely than likely"),
            4_500..=5_500 => t!("about as likely as not"),
            5_501..=6_600 => t!("more likely than not"),
            6_601..=9_000 => t!("likely"),
            9_001..=9_900 => t!("very likely"),
            9_901..=9_999 => t!("virtually certain"),
            _ => t!("certain"),
        }
    }

    /// The words for a credence that is neither likely nor unlikely, wherever cruxes are counted by that.
    pub const IN_BETWEEN: &str = translatable!("in between");

    /// Returns whether the likelihood word is "likely" or stronger: above 66%.
    #[must_use]
    pub fn is_likely(self) -> bool {
        self.0 > 6_600
    }

    /// Returns whether the likelihood word is "unlikely" or stronger: below 33%.
    #[must_use]
    pub fn is_unlikely(self) -> bool {
        self.0 < 3_300
    }

    /// Says how a typed number below one was interpreted, since the other interpretation may have been meant:
    /// `0.35` is 0.35%, `.35` is 35%. `None` if there is only one interpretation.
    #[must_use]
    pub fn reading_in_words(typed: &str) -> Option<String> {
        let typed = typed.trim();
        let read = typed.parse::<Self>().ok()?;
        if typed.contains(['%', '/']) || matches!(read, Self::ZERO | Self::CERTAIN) {
            return None;
        }
        let other = if typed.starts_with(['.', ',']) {
            Self((read.0 + 50) / 100)
        } else if read.0 < 100 {
            Self(read.0 * 100)
        } else {
            return None;
        };
        let (read, shown) = (read.shown(), other.shown());
        Some(t!(
            "Read as {read}. For {shown}, type {other}.",
            read,
            shown,
            other = translation::number(other)
        ))
    }

    /// Describes the credence as a frequency: "about 1 in 3", "1 in 4", "19 in 20". The frequency differs
    /// from the credence by less than two percentage points.
    #[must_use]
    pub fn odds(self) -> String {
        let hundredths = u32::from(self.0);
        if self == Self::ZERO {
            return t!("frequency" => "never").into();
        }
        if self == Self::CERTAIN {
            return t!("frequency" => "always").into();
        }
        let rare = hundredths.min(10_000 - hundredths);
        let (part, whole) = if rare < 900 {
            // The nearest fraction of the form 1 in n, or all but 1 in n.
            let whole = (20_000 + rare) / (2 * rare);
            (if rare == hundredths { 1 } else { whole - 1 }, whole)
        } else {
            nearest_fraction(hundredths)
        };
        if part * 10_000 == hundredths * whole {
            t!("{part} in {whole}", part, whole)
        } else {
            t!("about {part} in {whole}", part, whole)
        }
    }
}

/// Returns the nearest fraction with a denominator that people can picture. A smaller denominator is
/// preferred while it is within two points and no larger one is nearer by half a point.
fn nearest_fraction(hundredths: u32) -> (u32, u32) {
    let error = |(part, whole): (u32, u32)| (part * 10_000).abs_diff(hundredths * whole) / whole;
    let mut best = (1, 2);
    for whole in [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15] {
        let next = ((hundredths * whole + 5_000) / 10_000, whole);
        let (known, found) = (error(best), error(next));
        if found + 50 < known || (known >= 200 && found < known) {
            best = next;
        }
    }
    best
}

/// The reason why a text is not a credence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredenceError {
    /// The text contains no number.
    #[error("{}", t!("type a number from 0 to 100, such as 35, 0.5 or 35%"))]
    NotANumber,
    /// The number is not from 0 to 100.
    #[error("{}", t!("a credence lies between 0% and 100%"))]
    OutOfRange,
}

impl FromStr for Credence {
    type Err = CredenceError;

    /// Parses a typed credence: `35`, `35%`, `35 %`, `0.5`, `0,5`, `.35`, `1/3`.
    ///
    /// A number is in percent, with or without the sign: `0.5` is half a percent, as it is shown. Two forms
    /// that are never shown are probabilities: a number that begins with its decimal mark and has no sign
    /// (`.35` is 35%), and a fraction (`1/4` is 25%).
    fn from_str(text: &str) -> Result<Self, CredenceError> {
        let text = text.trim();
        if let Some((part, whole)) = text.split_once('/') {
            let chance = number(part.trim())? / number(whole.trim())?;
            return Self::from_percent(chance * 100.0).ok_or(CredenceError::OutOfRange);
        }
        let percent = match text.strip_suffix('%') {
            Some(signed) => number(signed.trim_end())?,
            None if text.starts_with(['.', ',']) => number(text)? * 100.0,
            None => number(text)?,
        };
        Self::from_percent(percent).ok_or(CredenceError::OutOfRange)
    }
}

/// Parses a typed number: digits with at most one decimal mark, a point or a comma, and optionally a minus
/// sign. Unlike the standard library's parser, it accepts no exponent and no "inf".
///
/// # Errors
///
/// [`CredenceError::NotANumber`] if the text contains anything else, [`CredenceError::OutOfRange`] if the
/// number is below zero.
pub fn number(text: &str) -> Result<f64, CredenceError> {
    if !text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"-.,".contains(&b))
    {
        return Err(CredenceError::NotANumber);
    }
    match text.replace(',', ".").parse::<f64>() {
        Ok(value) if value < 0.0 => Err(CredenceError::OutOfRange),
        Ok(value) => Ok(value.abs()),
        Err(_) => Err(CredenceError::NotANumber),
    }
}

impl fmt::Display for Credence {
    /// Formats the credence in percent without the sign: `35`, `0.5`, `99.95`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.percent())
    }
}

impl Serialize for Credence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u16(self.0 / 100)
        } else {
            serializer.serialize_f64(self.percent())
        }
    }
}

impl<'de> Deserialize<'de> for Credence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = f64::deserialize(deserializer)?;
        Self::from_percent(percent)
            .ok_or_else(|| de::Error::custom("a credence lies between 0 and 100"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_can_be_read_in_two_ways_says_how_it_was_read() {
        for (typed, words) in [
            ("0.35", "Read as 0.35%. For 35%, type 35."),
            ("0,5", "Read as 0.5%. For 50%, type 50."),
            (" 0.05 ", "Read as 0.05%. For 5%, type 5."),
            (".35", "Read as 35%. For 0.35%, type 0.35."),
            (",5", "Read as 50%. For 0.5%, type 0.5."),
        ] {
            let said = Credence::reading_in_words(typed);
            assert_eq!(said.as_deref(), Some(words), "{typed:?}");
            // The advised spelling is interpreted as the message claims.
            let advised = words.trim_end_matches('.').rsplit(' ').next().unwrap();
            let advised: Credence = advised.parse().unwrap();
            assert!(words.contains(&format!("For {},", advised.shown())));
        }
        for typed in [
            "35", "1", "0", "0.0", "100", "1.5", "0.35%", ".35%", "1/3", "likely", "",
        ] {
            assert_eq!(Credence::reading_in_words(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn what_people_type_is_understood() {
        for (typed, percent) in [
            ("35", 35.0),
            (" 35 % ", 35.0),
            ("35%", 35.0),
            (".35", 35.0),
            (",35", 35.0),
            ("0.35", 0.35),
            ("0,35", 0.35),
            ("0.5", 0.5),
            ("0.5%", 0.5),
            ("1/4", 25.0),
            ("0", 0.0),
            ("1", 1.0),
            ("1.0", 1.0),
            (".5%", 0.5),
            ("99.95", 99.95),
            ("100", 100.0),
        ] {
            assert_eq!(
                typed.parse::<Credence>().map(Credence::percent),
                Ok(percent),
                "{typed:?}"
            );
        }
        for (typed, wrong) in [
            ("", CredenceError::NotANumber),
            (".", CredenceError::NotANumber),
            ("likely", CredenceError::NotANumber),
            ("1e1", CredenceError::NotANumber),
            ("inf", CredenceError::NotANumber),
            ("NaN%", CredenceError::NotANumber),
            ("0/0", CredenceError::OutOfRange),
            ("-1", CredenceError::OutOfRange),
            ("101", CredenceError::OutOfRange),
        ] {
            assert_eq!(typed.parse::<Credence>(), Err(wrong), "{typed:?}");
        }
    }

    #[test]
    fn words_and_odds_stand_for_the_number() {
        for (percent, odds, word) in [
            (0.0, "never", "impossible"),
            (0.01, "1 in 10000", "exceptionally unlikely"),
            (0.5, "1 in 200", "exceptionally unlikely"),
            (5.0, "1 in 20", "very unlikely"),
            (14.0, "about 1 in 7", "unlikely"),
            (15.0, "about 1 in 7", "unlikely"),
            (16.0, "about 1 in 6", "unlikely"),
            (20.0, "1 in 5", "unlikely"),
            (25.0, "1 in 4", "unlikely"),
            (30.0, "3 in 10", "unlikely"),
            (32.0, "about 1 in 3", "unlikely"),
            (35.0, "about 1 in 3", "more unlikely than likely"),
            (40.0, "2 in 5", "more unlikely than likely"),
            (45.0, "about 4 in 9", "about as likely as not"),
            (50.0, "1 in 2", "about as likely as not"),
            (60.0, "3 in 5", "more likely than not"),
            (66.0, "about 2 in 3", "more likely than not"),
            (70.0, "7 in 10", "likely"),
            (85.0, "about 6 in 7", "likely"),
            (95.0, "19 in 20", "very likely"),
            (100.0, "always", "certain"),
        ] {
            let credence = Credence::clamped(percent);
            assert_eq!(
                (credence.odds().as_str(), credence.word()),
                (odds, word),
                "{percent}"
            );
        }
    }

    #[test]
    fn odds_in_words_are_never_two_points_off() {
        for hundredths in 1..10_000 {
            let credence = Credence(hundredths);
            let odds = credence.odds();
            let numbers = odds.trim_start_matches("about ").split_once(" in ");
            let (part, whole) = numbers.unwrap();
            let (part, whole): (f64, f64) = (part.parse().unwrap(), whole.parse().unwrap());
            let error = (part / whole * 100.0 - credence.percent()).abs();
            assert!(error < 2.0, "{credence}% is not {odds}");
            assert!(part > 0.0 && part < whole, "{credence}% is not {odds}");
            assert_eq!(odds.starts_with("about"), error > 1e-9, "{credence}%");
        }
    }

    #[test]
    fn every_credence_is_read_back_as_it_is_shown() {
        for hundredths in 0..=10_000 {
            let credence = Credence(hundredths);
            let spaced = format!("{credence} %");
            let comma = credence.to_string().replace('.', ",");
            for text in [credence.to_string(), credence.shown(), spaced, comma] {
                assert_eq!(text.parse(), Ok(credence), "{text:?}");
            }
            let json = serde_json::to_string(&credence).unwrap();
            assert_eq!(serde_json::from_str::<Credence>(&json).unwrap(), credence);
        }
    }

    #[test]
    fn json_holds_a_number_of_percent_and_refuses_others() {
        for text in ["35", "0.5", "99.95", "0", "100"] {
            let credence: Credence = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&credence).unwrap(), text);
        }
        for text in ["-1", "100.1", "\"35\"", "null", "1e400"] {
            assert!(serde_json::from_str::<Credence>(text).is_err(), "{text}");
        }
    }
}
