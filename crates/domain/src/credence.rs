//! Credences: how likely somebody thinks a claim is, and the words and odds that say it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Chance that a claim is true, 0 to 100 %, in steps of a hundredth of a percent.
///
/// Written in JSON as a number of percent: `35`, `0.5`, `99.95`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Credence(u16);

impl Credence {
    /// Certainly not.
    pub const ZERO: Self = Self(0);
    /// As likely as not.
    pub const HALF: Self = Self(5_000);
    /// Certainly.
    pub const CERTAIN: Self = Self(10_000);

    /// From percent, 0 to 100; `None` outside of it or when it is not a number.
    #[must_use]
    pub fn from_percent(percent: f64) -> Option<Self> {
        (0.0..=100.0)
            .contains(&percent)
            .then(|| Self((percent * 100.0).round() as u16))
    }

    /// From percent, pulled into 0 to 100; what is not a number becomes 0.
    #[must_use]
    pub fn clamped(percent: f64) -> Self {
        Self((percent.clamp(0.0, 100.0) * 100.0).round() as u16)
    }

    /// In percent, 0 to 100.
    #[must_use]
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Moved by `points` percentage points, staying within 0 to 100.
    #[must_use]
    pub fn moved(self, points: f64) -> Self {
        Self::clamped(self.percent() + points)
    }

    /// Distance in percentage points, 0 to 100.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        f64::from(self.0.abs_diff(other.0)) / 100.0
    }

    /// The likelihood word of the IPCC's guidance note on uncertainty (Mastrandrea et al., 2010,
    /// table 1), the narrowest that holds.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self.0 {
            0..100 => "exceptionally unlikely",
            100..1_000 => "very unlikely",
            1_000..3_300 => "unlikely",
            3_300..=6_600 => "about as likely as not",
            6_601..=9_000 => "likely",
            9_001..=9_900 => "very likely",
            _ => "virtually certain",
        }
    }

    /// As a frequency with a small denominator: "about 1 in 3", "1 in 4", "19 in 20".
    #[must_use]
    pub fn odds(self) -> String {
        let chance = self.percent() / 100.0;
        if self == Self::ZERO {
            return "never".into();
        }
        if self == Self::CERTAIN {
            return "always".into();
        }
        let rare = chance.min(1.0 - chance);
        let (part, whole) = if rare < 0.095 {
            let whole = (1.0 / rare).round();
            (if chance < 0.5 { 1.0 } else { whole - 1.0 }, whole)
        } else {
            nearest_fraction(chance)
        };
        let about = if (part / whole - chance).abs() < 0.000_05 {
            ""
        } else {
            "about "
        };
        format!("{about}{} in {}", part as u32, whole as u32)
    }
}

/// The fraction nearest to `chance` with a denominator of at most 5, or of 10; the smaller
/// denominator wins while it is within two points, since people picture it more easily.
fn nearest_fraction(chance: f64) -> (f64, f64) {
    let error = |&(part, whole): &(f64, f64)| (part / whole - chance).abs();
    [2.0, 3.0, 4.0, 5.0, 10.0]
        .map(|whole: f64| ((chance * whole).round(), whole))
        .into_iter()
        .filter(|&(part, whole)| part > 0.0 && part < whole)
        .reduce(|best, next| {
            if error(&next) + 0.02 < error(&best) {
                next
            } else {
                best
            }
        })
        .unwrap_or((1.0, 2.0))
}

/// What was typed is not a credence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACredence {
    /// There is no number in it.
    #[error("type a number from 0 to 100, such as 35, 35% or .35")]
    NotANumber,
    /// There is, but it is no percentage.
    #[error("a credence lies between 0 and 100 %")]
    OutOfRange,
}

impl FromStr for Credence {
    type Err = NotACredence;

    /// Reads what a person types: `35`, `35%`, `35 %`, `.35`, `0.35`, `0,35`, `1/3`.
    ///
    /// A number below 1 with a decimal mark and no percent sign is a chance, not a percentage:
    /// `.5` is 50 %, `.5%` is half a percent, and `1` is 1 %.
    fn from_str(text: &str) -> Result<Self, NotACredence> {
        let text = text.trim();
        let (number, is_percent) = match text.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (text, false),
        };
        if let Some((part, whole)) = number.split_once('/') {
            let chance = plain_number(part.trim())? / plain_number(whole.trim())?;
            return Self::from_percent(chance * 100.0).ok_or(NotACredence::OutOfRange);
        }
        let value = plain_number(number)?;
        let has_mark = number.contains(['.', ',']);
        let percent = if has_mark && !is_percent && value < 1.0 {
            value * 100.0
        } else {
            value
        };
        Self::from_percent(percent).ok_or(NotACredence::OutOfRange)
    }
}

/// Digits with at most one decimal mark; what else Rust takes for a float ("inf", "1e3") is none.
///
/// By hand, as [`fmt::Display`] below: the standard library's way with floats knows every float
/// there is, and the browser would have to load all of that.
fn plain_number(text: &str) -> Result<f64, NotACredence> {
    let (digits, is_negative) = match text.strip_prefix('-') {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let both = || whole.bytes().chain(part.bytes());
    if both().count() == 0 || !both().all(|digit| digit.is_ascii_digit()) {
        return Err(NotACredence::NotANumber);
    }
    let tenfold = |value, digit: u8| value * 10.0 + f64::from(digit - b'0');
    let scale = part.bytes().fold(1.0, |scale, _| scale * 10.0);
    match both().fold(0.0, tenfold) / scale {
        value if is_negative && value > 0.0 => Err(NotACredence::OutOfRange),
        value => Ok(value),
    }
}

impl fmt::Display for Credence {
    /// In percent without the sign: `35`, `0.5`, `99.95`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match (part, part % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", part / 10),
            _ => write!(f, "{whole}.{part:02}"),
        }
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
    fn what_people_type_is_understood() {
        for (typed, percent) in [
            ("35", 35.0),
            (" 35 % ", 35.0),
            ("35%", 35.0),
            (".35", 35.0),
            ("0.35", 35.0),
            ("0,35", 35.0),
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
            ("", NotACredence::NotANumber),
            (".", NotACredence::NotANumber),
            ("likely", NotACredence::NotANumber),
            ("1e1", NotACredence::NotANumber),
            ("inf", NotACredence::NotANumber),
            ("NaN%", NotACredence::NotANumber),
            ("0/0", NotACredence::OutOfRange),
            ("-1", NotACredence::OutOfRange),
            ("101", NotACredence::OutOfRange),
        ] {
            assert_eq!(typed.parse::<Credence>(), Err(wrong), "{typed:?}");
        }
    }

    #[test]
    fn words_and_odds_stand_for_the_number() {
        for (percent, odds, word) in [
            (0.0, "never", "exceptionally unlikely"),
            (0.5, "1 in 200", "exceptionally unlikely"),
            (5.0, "1 in 20", "very unlikely"),
            (15.0, "about 1 in 5", "unlikely"),
            (25.0, "1 in 4", "unlikely"),
            (32.0, "about 1 in 3", "unlikely"),
            (35.0, "about 1 in 3", "about as likely as not"),
            (40.0, "2 in 5", "about as likely as not"),
            (50.0, "1 in 2", "about as likely as not"),
            (66.0, "about 2 in 3", "about as likely as not"),
            (70.0, "7 in 10", "likely"),
            (95.0, "19 in 20", "very likely"),
            (100.0, "always", "virtually certain"),
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
