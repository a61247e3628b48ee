//! The known formats of tables exported by other programs.

use crate::record::keyed_enum;
use crate::t;

keyed_enum! {
    /// A known format.
    Format {
        /// The CSV export of Fatebook.
        Fatebook = "fatebook", "Fatebook";
        /// The zip export of Metaculus, as one table.
        Metaculus = "metaculus", "Metaculus";
        /// The CSV export of PredictionBook, or the answer of its API.
        PredictionBook = "prediction-book", "PredictionBook";
        /// Markets from the API of Manifold.
        Manifold = "manifold", "Manifold";
        /// The responses of a Google form.
        GoogleForms = "google-forms", "Google Forms";
        /// Objectives and key results.
        Okr = "okr", "OKR table";
        /// A risk register.
        RiskRegister = "risk-register", "Risk register";
    }
}

impl Format {
    /// Returns a sentence for the preview: the format, and the parts that are treated in an unexpected way.
    pub(super) fn remark(self) -> &'static str {
        match self {
            Self::Fatebook => {
                t!(
                    "Read as an export of Fatebook. Its notes become notes of the crux, and comments go to the reading list."
                )
            }
            Self::Metaculus => {
                t!(
                    "Read as an export of Metaculus. Forecasts of people are taken, and aggregates are left out."
                )
            }
            Self::PredictionBook => {
                t!("Read as an export of PredictionBook. The mean of all estimates is left out.")
            }
            Self::Manifold => {
                t!(
                    "Read as markets of Manifold. The price of a market is nobody’s credence and is left out."
                )
            }
            Self::GoogleForms => {
                t!(
                    "Read as the responses of a Google form: each question with numbers is a crux. People are read from the column with the email address or name."
                )
            }
            Self::Okr => {
                t!(
                    "Read as a table of objectives and key results: each key result is a crux, and its confidence the owner’s credence. Progress is left out."
                )
            }
            Self::RiskRegister => {
                t!(
                    "Read as a risk register: each risk is a crux, and its likelihood your credence unless a column says whose it is."
                )
            }
        }
    }

    /// Returns whether a number without a name beside it belongs to nobody, rather than to the reader.
    pub(super) const fn names_everybody(self) -> bool {
        !matches!(self, Self::Okr | Self::RiskRegister)
    }
}
