//! Entries: rows of the log, and their form after an erasure.

use crate::ChangeId;
use crate::change::{Change, Payload};
use crate::t;

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Entry {
    /// A change that this version understands.
    Known(Change),
    /// A change of a newer version: kept and passed on in its original form.
    Foreign {
        /// The change's id, the only part that must be readable.
        id: ChangeId,
        /// The change's JSON text.
        json: Box<str>,
    },
}

/// The reason why a row is no change of any version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The row is not JSON, or nested too deeply.
    #[error("{}", t!("it is not readable as JSON"))]
    NotJson,
    /// The row is JSON without an id.
    #[error("{}", t!("it has no id of 26 letters and digits"))]
    NoId,
}

impl Entry {
    /// Returns the change's id.
    #[must_use]
    pub fn id(&self) -> ChangeId {
        match self {
            Self::Known(change) => change.id,
            Self::Foreign { id, .. } => *id,
        }
    }

    /// Returns the change, if this version understands it.
    #[must_use]
    pub fn known(&self) -> Option<&Change> {
        match self {
            Self::Known(change) => Some(change),
            Self::Foreign { .. } => None,
        }
    }

    /// Returns the change's JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Known(change) => change.to_json(),
            Self::Foreign { json, .. } => json.to_string(),
        }
    }

    /// Parses a row.
    ///
    /// # Errors
    /// [`ChangeError`] if no version could have written it.
    pub fn from_json(json: &str) -> Result<Self, ChangeError> {
        if let Ok(change) = serde_json::from_str(json) {
            return Ok(Self::Known(change));
        }
        let value: serde_json::Value = serde_json::from_str(json).or(Err(ChangeError::NotJson))?;
        let id = value
            .get("id")
            .and_then(|id| id.as_str())
            .and_then(|id| id.parse().ok());
        let id = id.ok_or(ChangeError::NoId)?;
        Ok(Self::Foreign {
            id,
            json: json.trim().into(),
        })
    }

    /// Returns the content after an erasure. A change about other changes stays, since an erased retraction
    /// would restore what it retracted. So do the changes that keep a blind round closed.
    pub(super) fn erased(self) -> Self {
        match self {
            Self::Known(change) => Self::Known(Change {
                payload: change.payload.erased(),
                ..change
            }),
            Self::Foreign { id, .. } => Self::Known(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Blank,
            }),
        }
    }

    /// Returns whether an erasure would change nothing.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.known()
            .is_some_and(|change| change.payload.is_erased())
    }

    /// Returns whether one of the two is the other after an erasure.
    #[must_use]
    pub fn differs_by_erasure(&self, other: &Self) -> bool {
        self.is_blank()
            || other.is_blank()
            || self.clone().erased() == *other
            || other.clone().erased() == *self
    }

    /// Returns whether the two have different contents under the same id, and neither is an erasure. One of
    /// them is then damaged or was altered.
    #[must_use]
    pub fn clashes_with(&self, other: &Self) -> bool {
        self != other && !self.differs_by_erasure(other)
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.known()
            .is_some_and(|change| change.payload == Payload::Blank)
    }

    /// Joins two contents with one id, so that all copies of the app keep the same one, in whatever order
    /// they arrive. In honest logs, this happens only with the erased and the unerased content of a change.
    ///
    /// The join must be commutative, associative and idempotent, and commute with erasure.
    pub(super) fn joined(self, other: Self) -> Self {
        let (this, that) = (self.precedence(), other.precedence());
        let (lesser, greater) = if this <= that {
            (self, other)
        } else {
            (other, self)
        };
        match (lesser, greater) {
            // Both redact their targets, so the union is kept.
            (
                Self::Known(Change {
                    id,
                    by,
                    part_of,
                    payload: Payload::Redacted(targets),
                }),
                Self::Known(Change {
                    payload: Payload::Redacted(more),
                    ..
                }),
            ) => {
                let mut targets = [targets, more].concat();
                targets.sort();
                targets.dedup();
                let payload = Payload::Redacted(targets);
                Self::Known(Change {
                    id,
                    by,
                    part_of,
                    payload,
                })
            }
            (lesser, greater) if lesser.is_blank() => {
                let greater = greater.erased();
                if lesser.to_json() <= greater.to_json() {
                    lesser
                } else {
                    greater
                }
            }
            (lesser, _) => lesser,
        }
    }

    /// Returns a key; the entry with the least one is kept. Content that an erasure does not blank precedes a
    /// blank, since an older version may have blanked it, which would reopen a blind round. Erased content
    /// precedes unerased content.
    fn precedence(&self) -> (u8, String, bool, String) {
        let erased = self.clone().erased();
        let rank = match self.known().map(|change| &change.payload) {
            Some(Payload::Redacted(_)) => 0,
            Some(Payload::Retracted(_)) => 1,
            Some(Payload::Blank) => 3,
            _ if erased.is_blank() => 4,
            _ => 2,
        };
        (rank, erased.to_json(), !self.is_erased(), self.to_json())
    }
}

impl From<Change> for Entry {
    fn from(change: Change) -> Self {
        Self::Known(change)
    }
}
