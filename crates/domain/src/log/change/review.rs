//! Reviews and the notes taken at them.

use serde::{Deserialize, Serialize};

use crate::record::strict::objects_only;
use crate::record::{CruxId, PersonId, ReviewId};

/// A review that was recorded after it was held.
#[derive(Clone, Debug, Default, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct ReviewHeld {
    /// The people who were present.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// The note on the review.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A note on one crux of a review. A later note replaces an earlier one.
#[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct ReviewNoted {
    /// The review.
    #[serde(rename = "meeting")]
    pub review: ReviewId,
    /// The crux.
    pub crux: CruxId,
    /// The note.
    pub text: String,
    /// Whether anybody may read this text. Stored together with the text, so that the mark can never apply to
    /// another text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_public: bool,
}

objects_only! {
    ReviewHeld,
    ReviewNoted,
}
