//! Scales of probabilities.

use crate::record::keyed_enum;

keyed_enum! {
    /// A scale of probabilities.
    Scale {
        /// Percent.
        Percent = "percent", "Percent, from 0 to 100";
        /// Probabilities.
        Fraction = "fraction", "Chances, from 0 to 1";
        /// Tenths; also used for "1 to 10".
        Ten = "ten", "Points, from 0 to 10";
        /// Five steps, each standing for the middle of a fifth.
        FiveMiddles = "five-middles", "Points, from 1 to 5, as 10, 30, 50, 70 and 90%";
        /// Five steps from impossible to certain.
        FiveEnds = "five-ends", "Points, from 1 to 5, as 0, 25, 50, 75 and 100%";
    }
}

impl Scale {
    /// Returns the percentage for a number on this scale; `None` beyond the scale.
    #[must_use]
    pub fn percent(self, number: f64) -> Option<f64> {
        let (least, most) = match self {
            Self::Percent => (0.0, 100.0),
            Self::Fraction => (0.0, 1.0),
            Self::Ten => (0.0, 10.0),
            Self::FiveMiddles | Self::FiveEnds => (1.0, 5.0),
        };
        let percent = match self {
            Self::Percent => number,
            Self::Fraction => number * 100.0,
            Self::Ten => number * 10.0,
            Self::FiveMiddles => (number - 0.5) * 20.0,
            Self::FiveEnds => (number - 1.0) * 25.0,
        };
        (least..=most).contains(&number).then_some(percent)
    }
}
