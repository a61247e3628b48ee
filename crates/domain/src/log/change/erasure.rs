//! Erases the content of a change.

use super::Payload;

impl Payload {
    /// Returns whether it is a seal, a closing or a reveal of a blind round. A retraction of it has no
    /// effect: it would reopen a round whose answers have been seen, or restore an earlier answer.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        match self {
            Self::RoundSealed(_) => self.is_erased(),
            _ => matches!(self, Self::RoundClosed(_) | Self::RoundRevealed(_)),
        }
    }

    /// Returns whether it is about other changes, and so cannot be erased itself.
    #[must_use]
    pub fn is_about_changes(&self) -> bool {
        matches!(self, Self::Retracted(_) | Self::Redacted(_))
    }

    /// Returns whether an erasure would change nothing. A blind round keeps its opening, seals, closings and
    /// revealed numbers, since it would be reopened without them; only texts are erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        match self {
            Self::Blank | Self::RoundOpened(_) | Self::RoundClosed(_) => true,
            Self::RoundSealed(sealed) => is_hash(&sealed.seal),
            Self::RoundRevealed(revealed) => {
                is_hash(&revealed.salt)
                    && revealed
                        .answers
                        .iter()
                        .all(|answer| answer.reason.is_empty() && is_hash(&answer.reason_seal))
            }
            _ => self.is_about_changes(),
        }
    }

    /// Returns the content after an erasure. Idempotent.
    #[must_use]
    pub(crate) fn erased(self) -> Self {
        if self.is_erased() {
            return self;
        }
        let Self::RoundRevealed(mut revealed) = self else {
            return Self::Blank;
        };
        // An older version hashed the reasons with this salt, so they could be guessed with it.
        revealed.salt.clear();
        for answer in &mut revealed.answers {
            answer.reason.clear();
            if !is_hash(&answer.reason_seal) {
                answer.reason_seal.clear();
            }
        }
        Self::RoundRevealed(revealed)
    }
}

/// Returns whether a text can be a hash or a salt in hexadecimal, or is empty. Any other text in their place
/// can be erased.
fn is_hash(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
