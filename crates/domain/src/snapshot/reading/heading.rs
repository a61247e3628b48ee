//! The heading of a crux, and the line below it.

use super::CruxReading;
use super::crux::ONE_LINER;
use crate::translation::translated;

impl CruxReading {
    /// Returns the title, or else the whole claim.
    #[must_use]
    pub fn heading(&self) -> &str {
        if self.has_title {
            &self.name
        } else {
            &self.claim
        }
    }

    /// Returns the line below the heading: the plain line, or else the claim unless that is the heading.
    #[must_use]
    pub fn below_heading(&self) -> Option<&str> {
        let claim = self.has_title.then_some(&*self.claim);
        self.plain_line().or(claim)
    }

    /// Returns whether several people have stated credences, so that there is a spread.
    #[must_use]
    pub fn has_spread(&self) -> bool {
        self.estimate.is_some_and(|all| all.spread().is_some())
    }

    fn plain_line(&self) -> Option<&str> {
        let mut plain = self.payloads.iter();
        let (_, line) = plain.find(|(what, _)| *what == translated(ONE_LINER))?;
        Some(line)
    }
}
